import { parseOperator, isMet, type KeyTest } from "../iam/operators";
import type { RequestContext } from "../iam/request-context";

/** True, false, or undefined where it depends on what is not known here. */
export type Truth = boolean | undefined;

/** What is known of the requests of a role's session: those that it makes itself, with credentials from AssumeRoleWithWebIdentity. */
export interface Facts {
    /** The values of condition keys that every such request has; names in lower case. */
    readonly known: RequestContext;
    /** Keys that no such request has. */
    readonly absent: ReadonlySet<string>;
    /** Whether the caller writes the value of a key into the request, and so can choose it. */
    readonly isFree: (key: string) => boolean;
}

/** Parameters of requests: the caller writes their values. Source: AWS, "Service Authorization Reference", condition keys. */
const PARAMETERS =
    /^(?:aws:requesttag\/.*|aws:tagkeys|iam:passedtoservice|iam:awsservicename|s3:(?:prefix|delimiter|max-keys|x-amz-.*))$/;

/** Parameters that limit what a change of IAM can give: whoever may choose only among some policies may not make itself an administrator. */
const LIMITS = /^iam:(?:policyarn|permissionsboundary)$/;

/** For the level of an action: one call is enough, so that the caller chooses its parameters. */
export function isParameter(key: string): boolean {
    return PARAMETERS.test(key) || LIMITS.test(key);
}

/** For a path to more power. */
export function isHarmlessParameter(key: string): boolean {
    return PARAMETERS.test(key);
}

/**
 * What is known of each request of a role.
 * Sources: AWS, "AWS global condition context keys" (each key's availability), "IAM and AWS STS condition context keys".
 */
export function factsOf(arn: string | undefined, more: Readonly<Record<string, string>> = {}): Facts {
    const known = new Map(ALWAYS);
    if (arn !== undefined) {
        const account = arn.split(":", 5)[4] ?? "";
        known.set("aws:principalarn", [arn]).set("aws:principalaccount", [account]);
        // Power is about the role's own account.
        known.set("aws:resourceaccount", [account]);
    }
    for (const [key, value] of Object.entries(more)) {
        known.set(key, [value]);
    }
    return { known, absent: ABSENT, isFree: isParameter };
}

const ALWAYS: ReadonlyMap<string, readonly string[]> = new Map([
    ["aws:securetransport", ["true"]],
    ["aws:principalisawsservice", ["false"]],
    ["aws:principaltype", ["AssumedRole"]],
    // A token of GitLab has no second factor.
    ["aws:multifactorauthpresent", ["false"]],
]);

/** Those are of users, and of sessions with a second factor. */
const ABSENT: ReadonlySet<string> = new Set(["aws:username", "aws:multifactorauthage"]);

/** Whether all tests of a statement are met. A caller chooses free values so that an Allow applies and a Deny does not. */
export function truthOfConditions(tests: readonly KeyTest[], effect: "Allow" | "Deny", facts: Facts): Truth {
    let truth: Truth = true;
    for (const test of tests) {
        const met = truthOfTest(test, effect, facts);
        if (met === false) {
            return false;
        }
        truth &&= met;
    }
    return truth;
}

function truthOfTest(test: KeyTest, effect: "Allow" | "Deny", facts: Facts): Truth {
    const key = test.key.toLowerCase();
    if (!facts.known.has(key) && facts.isFree(key)) {
        return effect === "Allow";
    }
    const decided =
        (facts.known.has(key) || facts.absent.has(key)) &&
        parseOperator(test.operator) !== undefined &&
        test.values.every((value) =>
            variablesOf(value).every((name) => facts.known.has(name) || facts.absent.has(name)),
        );
    return decided ? isMet(test, facts.known) : undefined;
}

/** The names of the policy variables in a text, in lower case. */
export function variablesOf(text: string): readonly string[] {
    return text.includes("${")
        ? [...text.matchAll(/\$\{(?![*?$]\})([^},]*)[^}]*\}/g)].map((match) => match[1]!.trim().toLowerCase())
        : [];
}
