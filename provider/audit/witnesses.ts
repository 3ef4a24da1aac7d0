import type { Claims } from "../contract/types";
import { GITLAB_COM, issuerOf } from "../gitlab/issuer-url";
import { claimOf, CLAIM_KEYS, conditionKeyFault, GITLAB_COM_KEYS, isUnknownKey } from "../iam/condition-keys";
import { hasVariable, isPattern } from "../iam/policy-text";
import { isMet, parseOperator } from "../iam/operators";
import { claimFault } from "../trust/claims";
import type { ConditionTest, Statement } from "../trust/document";
import { evaluate } from "../trust/evaluate";
import { requestContext } from "../trust/explain";
import { testsOf } from "../trust/statement";
import type { WitnessClaims } from "./report";
import type { TrustSubject } from "./subjects";
import { EXAMPLE, type Filling, mixedSubs, STRANGER, subsMeeting, textOfSub, type TokenSub } from "./token-subs";

/** A token that a trust policy lets in. */
export interface Witness {
    readonly claims: WitnessClaims;
    /** Condition keys that the token does not decide, such as `aws:SourceIp`, with values that the policy needs; empty if it needs none. */
    readonly context: Readonly<Record<string, string>>;
}

/** The time of all witnesses, in seconds since 1970: 2026-01-01T00:00:00Z. Equal policies have equal witnesses. */
const NOW = Date.UTC(2026, 0, 1) / 1000;
const LIFETIME = 3600;
/** Seconds by which GitLab dates `nbf` back. */
const LEEWAY = 5;

/** Evaluations for one witness, and for all witnesses of a role. */
const MOST_TRIES = 300;
const MOST_TRIES_OF_ROLE = 5_000;

/** A request for a witness. */
export interface Wanted {
    /** The statement that must allow it. */
    readonly statement: Statement;
    readonly issuer: string;
    /** The `sub` claims to try, the best first; the usual ones if it is left out. */
    readonly subs: readonly TokenSub[];
    /** Values of claims to try before others. */
    readonly claims?: Readonly<Record<string, readonly string[]>>;
}

/** Finds tokens that a trust policy lets in. */
export class WitnessFinder {
    /** Enough for all accounts of a company, and a limit for a hostile document. */
    private readonly budget = { costly: 1_000 };
    private left = MOST_TRIES_OF_ROLE;
    private readonly subsByValue = new Map<string, readonly TokenSub[]>();

    /** Begins with the next role. */
    begin(): void {
        this.left = MOST_TRIES_OF_ROLE;
    }

    /** Whether further searches for the role are cut off. */
    get isExhausted(): boolean {
        return this.left <= 0;
    }

    /** A token that the policy lets in by the statement; undefined if none was found. Every one is checked by `evaluate`. */
    find(statements: readonly Statement[], wanted: Wanted): Witness | undefined {
        const { statement, issuer } = wanted;
        const tests = statement.conditions.filter((test) => claimOf(test.key, issuer) !== "sub");
        const denying = statements.filter(({ effect }) => effect === "Deny");
        const keys = [...tests, ...denying.flatMap((s) => s.conditions)]
            .map(({ key }) => key)
            .filter((key) => claimOf(key, issuer) !== "sub");
        const written = new Map(keys.map((key) => [key.toLowerCase(), key]));
        const names = [
            ...new Set([
                ...written.keys(),
                ...Object.keys(wanted.claims ?? {}).map((claim) => `${issuer}:${claim}`.toLowerCase()),
            ]),
        ];
        let tries = 0;
        for (const sub of wanted.subs) {
            const base = claimsOf(sub, issuer);
            const choices = names.map((name) => ({
                name,
                values: valuesFor(name, { tests, denying, sub, wanted, base }),
            }));
            for (const chosen of combinations(choices)) {
                const witness = witnessOf(base, chosen, issuer, written);
                if (isLetIn(statements, statement, witness)) {
                    return witness;
                }
                tries += 1;
                this.left -= 1;
                if (tries >= MOST_TRIES || this.isExhausted) {
                    return undefined;
                }
            }
        }
        return undefined;
    }

    /** `sub` claims for one value of a condition, or for any. */
    subsFor(
        test: ConditionTest | undefined,
        value: string | undefined,
        filling: Filling = EXAMPLE,
    ): readonly TokenSub[] {
        return test === undefined || value === undefined
            ? this.cached("StringLike", "*", filling)
            : this.cached(test.operator, value, filling);
    }

    /**
     * Further `sub` claims that meet the subject: mixtures of the given ones with all values of the policy. They help if other
     * conditions must be met too, of the statement or of a Deny. Empty if there are none.
     */
    subsBeside(
        subs: readonly TokenSub[],
        { statement, issuer, test, value }: TrustSubject,
        statements: readonly Statement[],
        filling: Filling = EXAMPLE,
    ): readonly TokenSub[] {
        const isAlone =
            statements.every(({ effect }) => effect === "Allow") && testsOf(statement, issuer, "sub").length < 2;
        if (isAlone && test !== undefined) {
            return [];
        }
        const others = this.subsIn(statements, issuer, filling);
        return [...others, ...mixedSubs(subs, others)].filter(
            (sub) => test === undefined || value === undefined || meetsValue(test, value, sub),
        );
    }

    /** `sub` claims of all values of the policy. */
    private subsIn(statements: readonly Statement[], issuer: string, filling: Filling = EXAMPLE): readonly TokenSub[] {
        return statements
            .flatMap((s) => testsOf(s, issuer, "sub"))
            .flatMap((test) => test.values.slice(0, MOST_VALUES).flatMap((v) => this.cached("StringLike", v, filling)));
    }

    private cached(operator: string, value: string, filling: Filling): readonly TokenSub[] {
        const key = `${operator} ${filling === STRANGER ? "1" : "0"} ${value}`;
        let subs = this.subsByValue.get(key);
        if (subs === undefined) {
            subs = subsMeeting(operator, value, filling, this.budget);
            this.subsByValue.set(key, subs);
        }
        return subs;
    }
}

/** Values of one condition whose `sub` claims are tried for another one. */
const MOST_VALUES = 20;

/** Whether a `sub` claim meets a condition's value. */
function meetsValue(test: ConditionTest, value: string, sub: TokenSub): boolean {
    return isMet({ ...test, values: [value] }, new Map([[test.key.toLowerCase(), [textOfSub(sub)]]]));
}

function isLetIn(statements: readonly Statement[], statement: Statement, { claims, context }: Witness): boolean {
    const request = { issuer: claims.iss, context: requestContext(claims, NOW, context) };
    const { allowed, statements: results } = evaluate(statements, request);
    return allowed && results.some((r) => r.statement === statement && r.applies);
}

/** The claims of a job, as far as they can matter or help a reader; the time is the same for all. */
function claimsOf(sub: TokenSub, issuer: string): WitnessClaims {
    const path = sub.get("project_path") ?? `${EXAMPLE.firstSegment}/${EXAMPLE.lastSegment}`;
    const type = sub.get("ref_type") ?? "branch";
    const ref = sub.get("ref") ?? "main";
    const tier = sub.get("deployment_tier");
    const environmentProtected = sub.get("environment_protected");
    return {
        iss: `https://${issuer}`,
        sub: textOfSub(sub),
        aud: `https://${issuer}`,
        iat: NOW,
        nbf: NOW - LEEWAY,
        exp: NOW + LIFETIME,
        namespace_id: "72",
        namespace_path: path.slice(0, path.lastIndexOf("/")),
        project_id: sub.get("project_id") ?? EXAMPLE.projectId,
        project_path: path,
        user_id: "1",
        user_login: "my-user",
        user_email: "my-user@example.com",
        user_access_level: "developer",
        pipeline_source: "push",
        ref,
        ref_type: type,
        ref_path: `refs/${type === "tag" ? "tags" : "heads"}/${ref}`,
        ref_protected: sub.get("ref_protected") ?? "true",
        runner_environment: issuer === issuerOf(GITLAB_COM) ? "gitlab-hosted" : "self-hosted",
        ...(tier !== undefined || environmentProtected !== undefined
            ? {
                  environment: tier ?? "my-environment",
                  environment_protected: environmentProtected ?? "true",
                  deployment_tier: tier ?? "production",
              }
            : {}),
    };
}

type Chosen = readonly (readonly [name: string, value: string | undefined])[];

/** The token with the chosen values; `written` has the names of condition keys as the policy has them. */
function witnessOf(base: WitnessClaims, chosen: Chosen, issuer: string, written: ReadonlyMap<string, string>): Witness {
    const claims: Record<string, string | number> = { ...base };
    const context: Record<string, string> = {};
    for (const [name, value] of chosen) {
        const claim = claimOf(name, issuer);
        if (value !== undefined && claim !== undefined) {
            claims[claim] = value;
        } else if (value !== undefined && !FIXED.has(name)) {
            context[written.get(name) ?? name] = value;
        }
    }
    return { claims: claims as WitnessClaims, context };
}

interface ValueContext {
    readonly tests: readonly ConditionTest[];
    readonly denying: readonly Statement[];
    readonly sub: TokenSub;
    readonly wanted: Wanted;
    readonly base: WitnessClaims;
}

/** Values of a condition key that meet all conditions of the statement on it; undefined for a request without the key. */
function valuesFor(name: string, { tests, denying, sub, wanted, base }: ValueContext): readonly (string | undefined)[] {
    const { issuer } = wanted;
    const claim = claimOf(name, issuer);
    const own = tests.filter((test) => test.key.toLowerCase() === name);
    const others = denying.flatMap((s) => s.conditions).filter((test) => test.key.toLowerCase() === name);
    const written = [...own, ...others].flatMap((test) => examplesOf(test));
    const given = wanted.claims?.[claim ?? ""] ?? [];
    const candidates =
        claim === undefined
            ? contextValues(name, issuer, written)
            : claimValues(claim, {
                  sub,
                  issuer,
                  values: [...given, ...(own.some(isExact) ? written : []), String(base[claim] ?? ""), ...written],
              });
    return [...new Set(candidates)].filter((value) =>
        own.every((test) => isMet(test, value === undefined ? NOTHING : new Map([...NOTHING, [name, [value]]]))),
    );
}

const NOTHING: ReadonlyMap<string, readonly string[]> = new Map();

function isExact({ operator }: ConditionTest): boolean {
    return parseOperator(operator)?.negated === false;
}

/** Values that a claim of a GitLab token can have. */
function claimValues(
    claim: string,
    { sub, issuer, values }: { readonly sub: TokenSub; readonly issuer: string; readonly values: readonly string[] },
): readonly (string | undefined)[] {
    if (claim === "aud") {
        return [...values, `https://${issuer}`, "sts.amazonaws.com"].filter((v) => v !== "");
    }
    if (issuer !== issuerOf(GITLAB_COM) || !GITLAB_COM_KEYS.includes(claim)) {
        return [undefined]; // GitLab has no such claim, or AWS does not look at it
    }
    const inSub = claim === "project_id" || claim === "ref_protected" ? sub.get(claim) : undefined;
    return inSub === undefined
        ? [...values, ...(OTHER_VALUES[claim] ?? optionsOf(claim))].filter((v) => claimFault(claim, v) === undefined)
        : [inSub];
}

/** Values for the case that a policy excludes the usual one. */
const OTHER_VALUES: Readonly<Record<string, readonly string[]>> = {
    namespace_id: ["72", "73"],
    project_id: ["4711", "4712"],
    user_id: ["1", "2"],
    user_login: ["my-user", "other-user"],
    user_email: ["my-user@example.com", "other-user@example.com"],
    ref_protected: ["true", "false"],
};

function optionsOf(claim: string): readonly string[] {
    const keys = Object.values(CLAIM_KEYS) as readonly (typeof CLAIM_KEYS)[keyof Claims][];
    return keys.find(({ key }) => key === claim)?.options ?? [];
}

/** Values of keys that every request has. */
const DEFAULTS: ReadonlyMap<string, readonly string[]> = new Map([
    ["aws:currenttime", [new Date(NOW * 1000).toISOString()]],
    ["aws:epochtime", [String(NOW)]],
    ["aws:securetransport", ["true"]],
    ["aws:sourceip", ["203.0.113.10", "198.51.100.10"]],
    ["sts:rolesessionname", ["my-session", "other-session"]],
]);

/** Keys of which every request has the same value. */
const FIXED = new Set(["aws:currenttime", "aws:epochtime", "aws:securetransport"]);

/** Values of a condition key that does not come from the token. */
function contextValues(name: string, issuer: string, written: readonly string[]): readonly (string | undefined)[] {
    if (conditionKeyFault(name, issuer) !== undefined || isUnknownKey(name)) {
        return [undefined]; // the request cannot have it
    }
    const usual = DEFAULTS.get(name) ?? [];
    if (FIXED.has(name)) {
        return usual;
    }
    return usual.length > 0 ? [...written, ...usual] : [undefined, ...written];
}

/** Values that meet a condition, or do not meet a negative one; a wildcard, range or limit becomes one of its values. */
function examplesOf({ operator, values }: ConditionTest): readonly string[] {
    const base = parseOperator(operator)?.base ?? "";
    return values
        .slice(0, MOST_VALUES)
        .filter((value) => !hasVariable(value))
        .flatMap((value) => {
            if (base === "Null") {
                return [];
            }
            if (base === "IpAddress") {
                const address = value.replace(/\/.*/, "");
                return [address.replace(/\d+$/, (octet) => String(Number(octet) + 1)), address];
            }
            if (/^Numeric/.test(base) && /^\d{1,9}$/.test(value)) {
                return [value, String(Number(value) + 1), String(Math.max(Number(value) - 1, 0))];
            }
            const text =
                isPattern(value) && /Like$|^Arn/.test(base) ? value.replace(/\*+/g, "1").replace(/\?/g, "1") : value;
            return [text.replace(/\$\{([*?$])\}/g, "$1")];
        });
}

interface ChoiceOf {
    readonly name: string;
    readonly values: readonly (string | undefined)[];
}

/** All combinations of the choices, first with the first of each. */
function* combinations(choices: readonly ChoiceOf[]): Iterable<Chosen> {
    const [first, ...rest] = choices;
    if (first === undefined) {
        yield [];
        return;
    }
    for (const others of combinations(rest)) {
        for (const value of first.values) {
            yield [[first.name, value], ...others];
        }
    }
}
