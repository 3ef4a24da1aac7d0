import { readJson } from "../contract/json-document";
import { property } from "../contract/paths";
import { quote } from "../contract/quote";
import { isObject } from "../contract/object";
import { rolesIn, TRUST_POLICY, trustPolicyPath, type ListedRole } from "../iam/role-list";

/** A trust policy: the document, and the JSON text that it was read from, unless it was given as an object. */
export interface FoundPolicy {
    readonly document: unknown;
    readonly text?: string;
    /** Where in the text the policy is; empty if the text is the policy. */
    readonly path: string;
}

/** Why there is not one trust policy, and what to give instead. */
interface NoPolicy {
    readonly fault: string;
    readonly fix: string;
}

/** A policy in something larger. */
interface Candidate {
    readonly name: string;
    readonly value: unknown;
    readonly path: string;
    readonly isRole: boolean;
}

/** The fix for input that cannot be read. */
export const GIVE = 'Pass { "Version": "2012-10-17", "Statement": [...] } as a JSON string or as an object.';

const MOST_NAMES = 10;

/**
 * The trust policy in a value: the policy itself, a role as IAM's API and the AWS CLI return it, alone or in a list, or a map
 * of policies like the output `trustPolicies`. Every policy may be an object, JSON text or URL-encoded JSON text.
 */
export function trustPolicyIn(given: unknown): FoundPolicy | NoPolicy {
    const whole = parsed(given);
    if ("fault" in whole || hasStatement(whole.document)) {
        return whole;
    }
    const [candidate, ...more] = candidatesIn(whole.document);
    if (candidate === undefined) {
        return whole;
    }
    if (more.length > 0) {
        return several([candidate, ...more]);
    }
    const { value, path } = candidate;
    return typeof value === "string" ? parsed(value) : { ...whole, document: value, path };
}

/** Whether there is one trust policy in the value. */
export function hasTrustPolicy(given: unknown): boolean {
    const found = trustPolicyIn(given);
    return "document" in found && hasStatement(found.document);
}

/** The ARN of the role whose trust policy is in the value; undefined if the value is not one role with its ARN. */
export function roleArnIn(given: unknown): string | undefined {
    const whole = parsed(given);
    const roles = "fault" in whole || hasStatement(whole.document) ? [] : rolesIn(whole.document);
    const arn = roles.length === 1 ? roles[0]!.role["Arn"] : undefined;
    return typeof arn === "string" ? arn : undefined;
}

/** The value, read from its text as often as JSON was put into JSON text. */
function parsed(value: unknown): FoundPolicy | NoPolicy {
    let found: FoundPolicy = { document: value, path: "" };
    while (typeof found.document === "string") {
        const text = decoded(found.document);
        const { value: document, fault } = readJson(text);
        if (fault !== undefined) {
            return found.text === undefined ? { fault: `The trust policy ${fault}.`, fix: GIVE } : found;
        }
        found = { document, text, path: "" };
    }
    return found;
}

/** IAM's API returns policies URL-encoded, as RFC 3986 describes it. */
export function decoded(text: string): string {
    try {
        return isUrlEncoded(text) ? decodeURIComponent(text) : text;
    } catch {
        return text;
    }
}

/** Whether the text begins like an URL-encoded JSON object. */
export function isUrlEncoded(text: string): boolean {
    return /^\s*%7B/i.test(text);
}

function hasStatement(value: unknown): boolean {
    return isObject(value) && value["Statement"] !== undefined;
}

function candidatesIn(value: unknown): readonly Candidate[] {
    const roles = rolesIn(value).map(candidateOf);
    return roles.length > 0 || !isObject(value) ? roles : policiesIn(value);
}

function candidateOf(listed: ListedRole): Candidate {
    const { RoleName: name, [TRUST_POLICY]: value } = listed.role;
    return {
        name: typeof name === "string" ? name : listed.path,
        value,
        path: trustPolicyPath(listed),
        isRole: true,
    };
}

/** The entries of a map that has nothing but policies. */
function policiesIn(map: Readonly<Record<string, unknown>>): readonly Candidate[] {
    const entries = Object.entries(map);
    const isPolicy = (value: unknown): boolean => {
        const found = parsed(value);
        return "document" in found && hasStatement(found.document);
    };
    return entries.every(([, value]) => isPolicy(value))
        ? entries.map(([name, value]) => ({ name, value, path: property("", name), isRole: false }))
        : [];
}

function several(candidates: readonly Candidate[]): NoPolicy {
    const [{ name, isRole }] = candidates as readonly [Candidate];
    const names = candidates.slice(0, MOST_NAMES).map((candidate) => quote(candidate.name));
    const more = candidates.length > MOST_NAMES ? ` and ${String(candidates.length - MOST_NAMES)} more` : "";
    return {
        fault: `There are ${String(candidates.length)} trust policies: those of ${names.join(", ")}${more}.`,
        fix: isRole
            ? `Pass one role, for example the output of: aws iam get-role --role-name ${name}`
            : `Pass one of them, for example the value of ${quote(name)}.`,
    };
}
