import {
    buildOrganizationGuardrail,
    explainTrust,
    type GetOrganizationGuardrailArgs,
} from "../../provider/operations/trust";
import { allows, denies, type Truth } from "./oracle";
import { Random } from "./random";
import { providerArn, scenario, type Case } from "./scenario";

export interface GuardrailOptions {
    /** How many pairs of trust policy and call to compare, each under a guardrail. */
    readonly pairs: number;
    readonly seed: number;
    /** The document of a guardrail, by what is compared. Default: `getOrganizationGuardrail`. */
    readonly documentOf?: (inputs: GetOrganizationGuardrailArgs) => string;
}

export interface GuardrailResult {
    readonly compared: number;
    /** Pairs that the trust policy allows, and of these those that the guardrail lets through. */
    readonly trusted: number;
    readonly allowed: number;
    readonly seconds: number;
    readonly differences: readonly GuardrailDifference[];
}

/** A pair under a guardrail, with what is expected and what two evaluators make of the document. */
export interface GuardrailDifference {
    readonly inputs: GetOrganizationGuardrailArgs;
    readonly roleArn: string;
    readonly case: Case;
    readonly isWithin: boolean;
    readonly trusted: Truth;
    readonly oracle: Truth;
    readonly ours: boolean | string;
}

const MOST_DIFFERENCES = 10;

/**
 * Asks the oracle and `explainTrust` about random trust policies and calls under random guardrails. What a guardrail lets through is
 * read off its inputs here, without any policy: outside it nothing gets in, inside it the trust policy alone decides.
 */
export function compareGuardrails({
    pairs,
    seed,
    documentOf = (inputs) => buildOrganizationGuardrail(inputs).json,
}: GuardrailOptions): GuardrailResult {
    const begin = performance.now();
    const random = new Random(seed);
    const differences: GuardrailDifference[] = [];
    let [compared, trusted, allowed] = [0, 0, 0];
    while (compared < pairs && differences.length < MOST_DIFFERENCES) {
        const cases = scenario(random).map((made) => withToken(random, made));
        const inputs = guardrail(random, cases[0]!.claims.iss);
        const document = documentOf(inputs);
        const roleArn = random.pick(ROLES);
        for (const made of cases) {
            const pair = compare({ inputs, roleArn, case: made }, document);
            compared += Number(pair.trusted !== undefined);
            trusted += Number(pair.trusted === true);
            allowed += Number(pair.oracle === true);
            if (differs(pair)) {
                differences.push(pair);
            }
        }
    }
    return { compared, trusted, allowed, seconds: (performance.now() - begin) / 1000, differences };
}

function compare(
    pair: Pick<GuardrailDifference, "inputs" | "roleArn" | "case">,
    document: string,
): GuardrailDifference {
    const { roleArn, case: made } = pair;
    const issuer = made.claims.iss.slice("https://".length);
    const request = { ...made, issuer, providerArn: providerArn(issuer) };
    const trusted = allows(made.trustPolicy, request);
    const denied = denies(JSON.parse(document) as object, roleArn, request);
    const oracle = denied === true || trusted === false ? false : denied === undefined ? undefined : trusted;
    const isWithin = isLetThrough(pair);
    try {
        const { allowed: ours } = explainTrust({ ...made, guardrails: [document], roleArn });
        return { ...pair, isWithin, trusted, oracle, ours };
    } catch (error) {
        return { ...pair, isWithin, trusted, oracle, ours: String(error) };
    }
}

function differs({ isWithin, trusted, oracle, ours }: GuardrailDifference): boolean {
    const expected = isWithin ? trusted : false;
    return oracle !== expected || typeof ours === "string" || (expected !== undefined && ours !== expected);
}

/** Whether the guardrail is to let a call through, by its inputs. */
function isLetThrough({
    inputs,
    roleArn,
    case: { claims },
}: Pick<GuardrailDifference, "inputs" | "roleArn" | "case">): boolean {
    const {
        url = "https://gitlab.com",
        groups = [],
        projectIds = [],
        audiences,
        trustedIssuers,
        exceptRoles = [],
    } = inputs;
    if (exceptRoles.some((pattern) => EXCEPTED[pattern]!.includes(roleArn))) {
        return true;
    }
    if (claims.iss !== url) {
        return trustedIssuers === undefined || trustedIssuers.includes(claims.iss);
    }
    const [sub, aud] = [String(claims["sub"]), String(claims["aud"])];
    const isNamed =
        (groups.length === 0 && projectIds.length === 0) ||
        groups.some((group) => sub.startsWith(`project_path:${group}/`)) ||
        projectIds.some((id) => sub.startsWith(`project_id:${id}:`));
    return isNamed && (audiences === undefined || audiences.includes(aud));
}

/* Guardrails, and tokens that are close to them. */

const URLS = ["https://gitlab.com", "https://gitlab.example.com", "https://example.com/gitlab"];
const GROUPS = ["a", "b", "A", "ab", "main", "Main", "release", "a/b", "v1.0"];
const IDS = ["1", "42", "4711"];
const AUDIENCES = ["https://gitlab.com", "sts.amazonaws.com", "STS.amazonaws.com"];
const ROLES = ["deploy", "legacy-1", "legacy-22", "app/deploy"].map((name) => `arn:aws:iam::111122223333:role/${name}`);

/** Patterns of roles, with the roles that each matches. */
const EXCEPTED: Readonly<Record<string, readonly string[]>> = {
    "arn:aws:iam::111122223333:role/legacy-*": [ROLES[1]!, ROLES[2]!],
    "arn:aws:iam::*:role/legacy-?": [ROLES[1]!],
    "arn:aws:iam::111122223333:role/deploy": [ROLES[0]!],
    "arn:aws:iam::111122223333:role/*/deploy": [ROLES[3]!],
    "arn:aws:iam::999999999999:role/*": [],
};

function guardrail(random: Random, issuer: string): GetOrganizationGuardrailArgs {
    const url = random.chance(80) ? issuer : random.pick(URLS);
    const some = <T>(choices: readonly T[]): T[] => [
        ...new Set(random.list(1 + random.int(3), () => random.pick(choices))),
    ];
    const isNeeded = url === URLS[0];
    const lists = random.weighted<readonly string[]>([
        [5, ["groups"]],
        [2, ["projectIds"]],
        [3, ["groups", "projectIds"]],
        [isNeeded ? 0 : 2, []],
    ]);
    const hasAudiences = random.chance(30);
    return {
        url,
        ...(lists.includes("groups") && { groups: some(GROUPS) }),
        ...(lists.includes("projectIds") && { projectIds: some(IDS) }),
        ...(hasAudiences && { audiences: some(AUDIENCES) }),
        ...((random.chance(30) || (lists.length === 0 && !hasAudiences)) && {
            trustedIssuers: random.chance(30) ? [] : some(URLS),
        }),
        ...(random.chance(30) && { exceptRoles: some(Object.keys(EXCEPTED)) }),
    };
}

/** The call with another token. No identity provider has an empty audience. */
function withToken(random: Random, made: Case): Case {
    const aud = made.claims["aud"] === "" ? random.pick(AUDIENCES) : made.claims["aud"]!;
    return { ...made, claims: { ...made.claims, aud, ...tokenClaims(random) } };
}

/** A `sub` claim in place of the usual one, now and then: what a guardrail knows, and what only looks like it. */
function tokenClaims(random: Random): Readonly<Record<string, string>> {
    const [group, id, ref] = [random.pick(GROUPS), random.pick(IDS), "ref_type:branch:ref:main"];
    return random.weighted<Readonly<Record<string, string>>>([
        [6, {}],
        [
            2,
            {
                sub: random.pick([
                    `project_path:${group}/p:${ref}`,
                    `project_path:${group}/sub/p:${ref}`,
                    `project_path:${group}-evil/p:${ref}`,
                    `project_path:x/${group}/p:${ref}`,
                    `project_path:${group}:${ref}`,
                    `project_path:${group.toUpperCase()}/p:${ref}`,
                    `xproject_path:${group}/p:${ref}`,
                ]),
            },
        ],
        [
            2,
            {
                sub: random.pick([
                    `project_id:${id}:${ref}`,
                    `project_id:${id}9:${ref}`,
                    `project_id:${id}`,
                    `project_path:${group}x/p:project_id:${id}:${ref}`,
                    `ref:project_id:${id}:${ref}`,
                ]),
            },
        ],
    ]);
}
