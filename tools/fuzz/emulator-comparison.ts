import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { explainTrust } from "../../provider/operations/trust";
import type { Emulator } from "../emulator";
import { allows } from "./oracle";
import { providerArn, type Claims } from "./scenario";

export interface EmulatorOptions {
    emulator: Emulator;
    /** How many pairs of policy and token to try, at least. */
    pairs: number;
    seed: number;
}

export interface EmulatorResult {
    /** Pairs that all were asked about, without those of shrinking. */
    pairs: number;
    allowed: number;
    policies: number;
    seconds: number;
    /** The smallest pair that was found on which they do not agree, as JSON. */
    difference?: string;
}

const TOKENS_PER_POLICY = 6;
const POLICIES_PER_ROUND = 500;

/**
 * Asks this package, the oracle and the AWS emulator about the same random trust policies and tokens.
 *
 * What is left out, because AWS's documentation decides against the emulator, or decides nothing:
 * - `${`: the emulator takes policy variables and escapes for text. AWS, "IAM policy elements: Variables and tags".
 * - Line breaks: its wildcards do not cross them. AWS, "Condition operators": `*` is any number of characters.
 * - `{"AWS": "*"}`: it looks at `Federated` only. AWS, "AWS JSON policy elements: Principal": the same as `"*"`.
 * - Characters outside the BMP: AWS does not say whether `?` is one of UTF-16's units or a whole character.
 * - Keys with several values under an operator without ForAnyValue or ForAllValues: AWS, "Single-valued vs. multivalued
 *   context keys", asks for one of them and does not say what happens otherwise.
 * - Several values for Null, and lists without values: not in AWS's grammar of policies.
 * - `iss` with a trailing slash, which the emulator cuts off, and gitlab.com's further condition keys, which it has not.
 */
export async function compareWithEmulator({ emulator, pairs, seed }: EmulatorOptions): Promise<EmulatorResult> {
    const begin = performance.now();
    const result: EmulatorResult = { pairs: 0, allowed: 0, policies: 0, seconds: 0 };
    for (let round = 0; result.pairs < pairs && result.difference === undefined; round++) {
        await emulator.reset(); // it looks through all sessions at each new one
        const sts = await openRole(emulator.endpoint);
        const left = Math.ceil((pairs - result.pairs) / TOKENS_PER_POLICY);
        const property = fc.asyncProperty(scenario, async ({ policy, tokens }) => {
            await sts.setPolicy(JSON.stringify(policy));
            const answers = await Promise.all(tokens.map((claims) => sts.assume(claims)));
            answers.forEach((theirs, i) => {
                const claims = tokens[i]!;
                const { allowed: ours } = explainTrust({ trustPolicy: policy, claims });
                const issuer = claims.iss.slice("https://".length);
                const request = { issuer, providerArn: providerArn(issuer), claims, context: {} };
                const oracle = allows(policy, request);
                if (ours !== theirs || (oracle !== undefined && oracle !== theirs)) {
                    throw new Error(
                        JSON.stringify({ case: { trustPolicy: policy, claims }, emulator: theirs, oracle, ours }),
                    );
                }
            });
            result.pairs += tokens.length;
            result.allowed += answers.filter(Boolean).length;
            result.policies++;
        });
        const numRuns = Math.min(left, POLICIES_PER_ROUND);
        const check = await fc.check(property, { numRuns, seed: seed + round });
        sts.close();
        if (check.failed) {
            result.difference = (check.errorInstance as Error).message;
        }
    }
    result.seconds = (performance.now() - begin) / 1000;
    return result;
}

/* Random policies and tokens. */

const ISSUER = "gitlab.com";
const OTHER_ISSUER = "gitlab.example.com";

const name = fc.constantFrom(
    "a",
    "b",
    "A",
    "ab",
    "main",
    "Main",
    "release/1",
    "v1.0",
    "é",
    "x y",
    "a*",
    "a?b",
    "$x",
    "",
);

const sub = fc
    .record({
        project: fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/")),
        type: fc.constantFrom("branch", "tag"),
        ref: name,
    })
    .map(({ project, type, ref }) => `project_path:${project}:ref_type:${type}:ref:${ref}`);

/** Most claims are there, and from a small choice, so that policies and tokens often meet. */
const token: fc.Arbitrary<Claims> = fc
    .record({
        iss: fc.oneof(
            { weight: 9, arbitrary: fc.constant(`https://${ISSUER}`) },
            { weight: 1, arbitrary: fc.constant(`https://${OTHER_ISSUER}`) },
        ),
        sub: fc.option(sub, { freq: 15, nil: undefined }),
        aud: fc.option(fc.constantFrom(`https://${ISSUER}`, "sts.amazonaws.com", "STS.amazonaws.com", "other"), {
            freq: 15,
            nil: undefined,
        }),
        amr: fc.option(fc.array(fc.constantFrom("a", "b", "ab", "A"), { maxLength: 3 }), { freq: 1, nil: undefined }),
    })
    .map((claims) => Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined)) as Claims);

/** A value as it is in a token, or changed a little, or with wildcards. */
function mutated(values: readonly string[]): fc.Arbitrary<string> {
    return fc
        .tuple(
            fc.constantFrom(...values),
            fc.constantFrom("same", "same", "same", "star", "star", "mark", "case", "drop", "append", "prefix", "any"),
            fc.nat(200),
            fc.nat(30),
        )
        .map(([value, how, position, length]) => {
            const at = value.length === 0 ? 0 : position % value.length;
            const [before, after] = [value.slice(0, at), value.slice(at + length)];
            const changed: Record<typeof how, string> = {
                same: value,
                star: `${before}*${after}`,
                mark: `${before}?${value.slice(at + 1)}`,
                case: value.toUpperCase(),
                drop: before + value.slice(at + 1),
                append: `${value}x`,
                prefix: `${before}*`,
                any: length % 2 === 0 ? "*" : "**",
            };
            return changed[how];
        })
        .map((value) => value.replaceAll("${", "$"));
}

const STRING_OPERATORS = ["Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike"].map(
    (o) => `String${o}`,
);

const operator = (sets: readonly string[]): fc.Arbitrary<string> =>
    fc
        .tuple(
            fc.constantFrom(...sets),
            fc.oneof(
                { weight: 4, arbitrary: fc.constantFrom("StringEquals", "StringLike", "StringLike") },
                { weight: 2, arbitrary: fc.constantFrom(...STRING_OPERATORS) },
            ),
            fc.constantFrom("", "", "", "IfExists"),
        )
        .map((parts) => parts.join(""));

interface Condition {
    readonly operator: string;
    readonly key: string;
    readonly values: string | readonly string[];
}

function condition(tokens: readonly Claims[]): fc.Arbitrary<Condition> {
    const texts = (claim: string): readonly string[] => [
        ...tokens.flatMap((t) => (claim in t ? [t[claim]].flat().map(String) : [])),
        "a",
    ];
    const key = (claim: string): fc.Arbitrary<string> =>
        fc.constantFrom(
            ...Array<string>(8).fill(`${ISSUER}:${claim}`),
            `GitLab.com:${claim.toUpperCase()}`,
            `${OTHER_ISSUER}:${claim}`,
        );
    const valuesOf = (claim: string): fc.Arbitrary<string | readonly string[]> =>
        fc.oneof(mutated(texts(claim)), fc.array(mutated(texts(claim)), { minLength: 1, maxLength: 4 }));
    const single = (claim: string): fc.Arbitrary<Condition> =>
        fc.record({
            operator: operator(["", "", "", "", "ForAnyValue:", "ForAllValues:"]),
            key: key(claim),
            values: valuesOf(claim),
        });
    return fc.oneof(
        { weight: 6, arbitrary: single("sub") },
        { weight: 3, arbitrary: single("aud") },
        {
            weight: 1,
            arbitrary: fc.record({
                operator: operator(["ForAnyValue:", "ForAllValues:"]),
                key: key("amr"),
                values: valuesOf("amr"),
            }),
        },
        {
            weight: 1,
            arbitrary: fc.record({
                operator: fc.constant("Null"),
                key: fc.constantFrom("sub", "aud", "amr").chain(key),
                values: fc.constantFrom("true", "false", "false", "false", "True"),
            }),
        },
    );
}

const principal = fc.oneof(
    { weight: 12, arbitrary: fc.constant({ Federated: providerArn(ISSUER) }) },
    {
        weight: 5,
        arbitrary: fc.constantFrom(
            "*",
            { Federated: [providerArn(OTHER_ISSUER), providerArn(ISSUER)] },
            { Federated: providerArn(OTHER_ISSUER) },
            { Service: "ec2.amazonaws.com", Federated: providerArn(ISSUER) },
            { AWS: "arn:aws:iam::111122223333:root" },
            { Federated: "*" },
        ),
    },
);

const action = fc.oneof(
    { weight: 12, arbitrary: fc.constant({ Action: "sts:AssumeRoleWithWebIdentity" }) },
    {
        weight: 5,
        arbitrary: fc.constantFrom(
            { Action: ["sts:TagSession", "STS:assumerolewithwebidentity"] },
            { Action: "sts:AssumeRole" },
            { Action: "sts:AssumeRole*" },
            { Action: "sts:AssumeRoleWith???Identity" },
            { Action: "*" },
            { NotAction: "sts:AssumeRole" },
            { NotAction: ["sts:AssumeRoleWithWebIdentity"] },
            { NotAction: "iam:*" },
        ),
    },
);

function statement(tokens: readonly Claims[]): fc.Arbitrary<object> {
    return fc
        .record({
            effect: fc.constantFrom("Allow", "Allow", "Allow", "Allow", "Deny"),
            principal,
            action,
            conditions: fc.array(condition(tokens), { maxLength: 3 }),
        })
        .map(({ effect, principal, action, conditions }) => {
            const block: Record<string, Record<string, string | readonly string[]>> = {};
            for (const { operator, key, values } of conditions) {
                (block[operator] ??= {})[key] = values;
            }
            return {
                Effect: effect,
                Principal: principal,
                ...action,
                ...(conditions.length > 0 && { Condition: block }),
            };
        });
}

interface Scenario {
    readonly policy: object;
    readonly tokens: readonly Claims[];
}

const scenario: fc.Arbitrary<Scenario> = fc
    .array(token, { minLength: TOKENS_PER_POLICY, maxLength: TOKENS_PER_POLICY })
    .chain((tokens) =>
        fc
            .oneof(
                { weight: 4, arbitrary: fc.array(statement(tokens), { minLength: 1, maxLength: 4 }) },
                { weight: 1, arbitrary: statement(tokens) },
            )
            .map((statements) => ({ policy: { Version: "2012-10-17", Statement: statements }, tokens })),
    );

/* The emulator's IAM and STS by plain HTTP. */

interface Role {
    setPolicy(document: string): Promise<void>;
    /** Whether STS gives credentials for a token with these claims. */
    assume(claims: Claims): Promise<boolean>;
    close(): void;
}

async function openRole(endpoint: string): Promise<Role> {
    const agent = new Agent({ keepAlive: true, maxSockets: TOKENS_PER_POLICY });
    const call = async (service: string, form: Readonly<Record<string, string>>): Promise<string> => {
        const body = new URLSearchParams(form).toString();
        const headers = {
            "content-type": "application/x-www-form-urlencoded",
            "content-length": Buffer.byteLength(body),
            ...(service === "iam" && {
                authorization: "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/iam/aws4_request",
            }),
        };
        return new Promise((resolve, reject) => {
            request(endpoint, { method: "POST", agent, headers }, (response) => {
                text(response).then(resolve, reject);
            })
                .once("error", reject)
                .end(body);
        });
    };
    const succeed = async (service: string, form: Readonly<Record<string, string>>): Promise<void> => {
        const answer = await call(service, form);
        if (answer.includes("<Error>")) {
            throw new Error(`${form["Action"]!}: ${answer}`);
        }
    };
    await succeed("iam", {
        Action: "CreateRole",
        Version: "2010-05-08",
        RoleName: "fuzz",
        AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [] }),
    });
    return {
        setPolicy: (document) =>
            succeed("iam", {
                Action: "UpdateAssumeRolePolicy",
                Version: "2010-05-08",
                RoleName: "fuzz",
                PolicyDocument: document,
            }),
        async assume(claims) {
            const answer = await call("sts", {
                Action: "AssumeRoleWithWebIdentity",
                Version: "2011-06-15",
                RoleArn: "arn:aws:iam::111122223333:role/fuzz",
                RoleSessionName: "fuzz",
                WebIdentityToken: jwt(claims),
            });
            if (answer.includes("<AccessKeyId>")) {
                return true;
            }
            if (answer.includes("Not authorized to perform sts:AssumeRoleWithWebIdentity")) {
                return false;
            }
            throw new Error(answer);
        },
        close: () => agent.destroy(),
    };
}

/** A token with these claims; nobody checks its signature. */
function jwt(claims: Claims): string {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    return `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}.${Buffer.from("unsigned").toString("base64url")}`;
}
