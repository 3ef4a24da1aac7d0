import { variablesOf } from "../iam/glob";
import { parseOperator, isMet, type KeyTest } from "../iam/operators";
import type { RequestContext } from "../iam/request-context";
import type { Truth } from "../iam/truth";

/** The known condition keys of requests that use credentials from AssumeRoleWithWebIdentity. */
export interface Facts {
    /** Keys that have the same values in every request. Names are in lower case. */
    readonly known: RequestContext;
    /** Keys that no request has. */
    readonly absent: ReadonlySet<string>;
    /** Whether the caller chooses the value of a key, because it is a parameter of the request. */
    readonly isFree: (key: string) => boolean;
}

/** Keys that are parameters of requests. Source: AWS, "Service Authorization Reference", condition keys. */
const PARAMETERS =
    /^(?:aws:requesttag\/.*|aws:tagkeys|iam:passedtoservice|iam:awsservicename|s3:(?:prefix|delimiter|max-keys|x-amz-.*))$/;

/** Parameters that limit what a change of IAM can grant, such as the policy that is attached. */
const LIMITS = /^iam:(?:policyarn|permissionsboundary)$/;

/** Decides access levels: one allowed call is enough, so the caller may choose any parameter. */
export function isParameter(key: string): boolean {
    return PARAMETERS.test(key) || LIMITS.test(key);
}

/** Decides escalation paths: a limit on what a change of IAM can grant may close the path. */
export function isHarmlessParameter(key: string): boolean {
    return PARAMETERS.test(key);
}

/**
 * The known condition keys of a role's requests. `more` has keys that the caller chose.
 * Sources: AWS, "AWS global condition context keys" (each key's availability), "IAM and AWS STS condition context keys".
 */
export function factsOf(arn: string | undefined, more: Readonly<Record<string, string>> = {}): Facts {
    const known = new Map(ALWAYS);
    if (arn !== undefined) {
        const account = arn.split(":", 5)[4] ?? "";
        known.set("aws:principalarn", [arn]).set("aws:principalaccount", [account]);
        // The audit is about resources in the role's own account.
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
    // GitLab's ID tokens have no second factor.
    ["aws:multifactorauthpresent", ["false"]],
]);

/** Keys of IAM users, of sessions with a second factor, and of requests of a service on behalf of a caller that may use the service. */
const ABSENT: ReadonlySet<string> = new Set(["aws:username", "aws:multifactorauthage", "kms:viaservice"]);

/** Whether all conditions of a statement are met. The caller chooses free keys to meet an Allow and to avoid a Deny. */
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
