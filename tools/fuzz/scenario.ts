import type { Random } from "./random";

/** What `explainTrust` is asked: a trust policy, and a token's claims with the call's other condition keys. */
export interface Case {
    readonly trustPolicy: object;
    readonly claims: Claims;
    readonly context: Readonly<Record<string, string>>;
}

export type Claims = Readonly<Record<string, string | readonly string[]>> & { readonly iss: string };

const ACCOUNT = "111122223333";
const ISSUERS = ["gitlab.com", "gitlab.example.com", "example.com/gitlab"] as const;

export const providerArn = (issuer: string): string => `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}`;

/** Random policies and calls that are close to each other: 4 calls a policy, which differ little. */
export function scenario(random: Random): readonly Case[] {
    const issuer = random.weighted([
        [7, ISSUERS[0]],
        [2, ISSUERS[1]],
        [1, ISSUERS[2]],
    ]);
    const first = call(random, issuer);
    const calls = [first, ...random.list(3, () => changedCall(random, issuer, first))];
    const trustPolicy = policy(random, issuer, first);
    return calls.map((made) => ({ trustPolicy, ...made }));
}

type Call = Omit<Case, "trustPolicy">;

/* Calls. Values of one kind are close to each other, so that a policy that was written for one nearly fits another. */

const ARNS = [
    "arn:aws:sns:us-east-1:111122223333:topic",
    "arn:aws:sns:us-east-2:111122223333:topic",
    "arn:aws:sns:us-east-1:111122223333:topic:sub",
    "arn:aws:sns:us-east-1:999999999999:topic/a:111122223333:topic",
    "arn:aws:s3:::bucket/a/b",
    "arn:aws:s3:::Bucket/a/b",
    "arn:aws-cn:s3:::bucket/a/b",
];

const NAMES = [
    "a",
    "b",
    "A",
    "ab",
    "main",
    "Main",
    "release/1",
    "v1.0",
    "é",
    "É",
    "x y",
    "a*",
    "a?b",
    "$x",
    "a:b",
    "😀",
    "line\nbreak",
    "",
];

function sub(random: Random): string {
    if (random.chance(15)) {
        return random.pick(ARNS);
    }
    const project = random.list(1 + random.int(2), () => random.pick(NAMES)).join("/");
    return `project_path:${project}:ref_type:${random.pick(["branch", "tag"])}:ref:${random.pick(NAMES)}`;
}

const NUMBERS = ["0", "-1", "1", "9", "10", "10.5", "10.50", "42", "4711", "4712", "47110", "999999999"];
const BOOLEANS = ["true", "false"];
const ADDRESSES = [
    "10.0.0.1",
    "10.0.0.2",
    "10.0.0.3",
    "10.0.1.1",
    "11.0.0.1",
    "203.0.113.127",
    "203.0.113.128",
    "0.0.0.0",
    "255.255.255.255",
    "2001:db8::1",
    "2001:db8:0:0::2",
    "2001:db8:0:0:8000::",
    "2001:DB8:1::1",
    "2001:db9::1",
    "::1",
];
const DATES = [
    "2026-03-01T00:00:00Z",
    "2026-02-28T23:59:59Z",
    "2026-03-01T01:00:00+01:00",
    "2026-02-28T19:00:00-05:00",
    "2026-03-01T00:00:00.500Z",
    "2026-03-01T00:00Z",
    "2024-02-29T12:00:00Z",
    "2024-03-01T12:00:00Z",
    "1772323200",
    "1772323199",
    "2026-03-01",
    "2026-02-28",
];

type Kind = "string" | "number" | "boolean" | "arn" | "address" | "date" | "list";

/** The condition keys that a call can have, with values of their kind. */
const CLAIM_KINDS: Readonly<Record<string, Kind>> = {
    sub: "string",
    aud: "string",
    amr: "list",
    namespace_id: "number",
    project_id: "number",
    user_id: "number",
    user_login: "string",
    user_email: "string",
    user_access_level: "string",
    ref_protected: "boolean",
    pipeline_source: "string",
    runner_environment: "string",
};

const CONTEXT_KINDS: Readonly<Record<string, Kind>> = {
    "aws:CurrentTime": "date",
    "aws:EpochTime": "date",
    "aws:SecureTransport": "boolean",
    "aws:SourceIp": "address",
    "aws:SourceArn": "arn",
    "aws:MultiFactorAuthAge": "number",
    "sts:RoleSessionName": "string",
};

const ALWAYS = ["sub", "aud", "aws:CurrentTime", "aws:EpochTime", "aws:SecureTransport"];

const VALUES: Readonly<Record<string, (random: Random) => string | readonly string[]>> = {
    sub,
    aud: (random) => random.pick(["https://gitlab.com", "sts.amazonaws.com", "STS.amazonaws.com", ""]),
    amr: (random) => random.list(random.int(4), () => random.pick(["a", "b", "ab", "A", "x"])),
    user_email: (random) => random.pick(["a@example.com", "A@example.com", "b@example.com"]),
    user_access_level: (random) => random.pick(["developer", "maintainer", "owner"]),
    pipeline_source: (random) => random.pick(["push", "web", "merge_request_event", "Push"]),
    runner_environment: (random) => random.pick(["gitlab-hosted", "self-hosted"]),
    "aws:EpochTime": (random) => random.pick(DATES.filter((date) => /^\d+$/.test(date))),
};

const OF_KIND: Readonly<Record<Kind, readonly string[]>> = {
    string: NAMES,
    list: NAMES,
    number: NUMBERS,
    boolean: BOOLEANS,
    arn: ARNS,
    address: ADDRESSES,
    date: DATES,
};

function valueOf(random: Random, key: string, kind: Kind): string | readonly string[] {
    return VALUES[key]?.(random) ?? random.pick(OF_KIND[kind]);
}

function call(random: Random, issuer: string): Call {
    const made = (kinds: Readonly<Record<string, Kind>>): Record<string, string | readonly string[]> =>
        Object.fromEntries(
            Object.entries(kinds)
                .filter(([key]) => ALWAYS.includes(key) || random.chance(70))
                .map(([key, kind]) => [key, valueOf(random, key, kind)]),
        );
    return {
        claims: { iss: `https://${issuer}`, ...made(CLAIM_KINDS), environment: "prod" },
        context: made(CONTEXT_KINDS) as Record<string, string>,
    };
}

/** The same call with one or two values changed, left out or added. */
function changedCall(random: Random, issuer: string, { claims, context }: Call): Call {
    const other = call(random, issuer);
    const changed = <T extends Record<string, unknown>>(from: T, to: T): T => {
        const result: Record<string, unknown> = { ...from };
        for (const key of random.list(1 + random.int(2), () => random.pick(Object.keys({ ...from, ...to })))) {
            if (key in to) {
                result[key] = to[key];
            } else {
                Reflect.deleteProperty(result, key);
            }
        }
        return result as T;
    };
    return random.chance(70)
        ? { claims: changed(claims, other.claims), context }
        : { claims, context: changed(context, other.context) };
}

/* Policies. */

function policy(random: Random, issuer: string, aim: Call): object {
    const version = random.weighted([
        [6, "2012-10-17"],
        [2, "2008-10-17"],
        [2, undefined],
    ]);
    const statements = random.list(1 + random.int(3), () => statement(random, issuer, aim));
    return {
        ...(version !== undefined && { Version: version }),
        Statement: statements.length === 1 && random.chance(50) ? statements[0] : statements,
    };
}

function statement(random: Random, issuer: string, aim: Call): object {
    const block: Record<string, Record<string, unknown>> = {};
    for (const { operator, key, values } of random.list(random.int(4), () => condition(random, issuer, aim))) {
        (block[operator] ??= {})[key] = values;
    }
    return {
        Effect: random.chance(80) ? "Allow" : "Deny",
        Principal: principal(random, issuer),
        ...action(random),
        ...(Object.keys(block).length > 0 && { Condition: block }),
    };
}

function principal(random: Random, issuer: string): unknown {
    const [own, other] = [providerArn(issuer), providerArn(random.pick(ISSUERS.filter((i) => i !== issuer)))];
    return random.weighted<unknown>([
        [14, { Federated: own }],
        [2, { Federated: [other, own] }],
        [1, "*"],
        [1, { AWS: "*" }],
        [1, { AWS: [`arn:aws:iam::${ACCOUNT}:root`, "*"], Service: "ec2.amazonaws.com" }],
        [1, { Federated: [own], Service: "ec2.amazonaws.com" }],
        [1, { Federated: other }],
        [1, { AWS: ACCOUNT, Service: ["ec2.amazonaws.com", "ecs.amazonaws.com"] }],
        [1, { Federated: "cognito-identity.amazonaws.com" }],
    ]);
}

function action(random: Random): object {
    return random.weighted<object>([
        [14, { Action: "sts:AssumeRoleWithWebIdentity" }],
        [1, { Action: ["sts:TagSession", "STS:assumerolewithwebidentity"] }],
        [1, { Action: "sts:AssumeRole*" }],
        [1, { Action: "sts:*" }],
        [1, { Action: "*" }],
        [1, { Action: "sts:AssumeRoleWith???Identity" }],
        [1, { Action: ["sts:AssumeRole", "sts:AssumeRoleWith??Identity"] }],
        [1, { NotAction: ["sts:AssumeRole", "iam:*"] }],
        [1, { NotAction: "sts:AssumeRole*" }],
    ]);
}

interface Condition {
    readonly operator: string;
    readonly key: string;
    readonly values: unknown;
}

const STRINGS = ["String", "StringNot"].flatMap((start) => [
    `${start}Equals`,
    `${start}EqualsIgnoreCase`,
    `${start}Like`,
]);
const ordered = (type: string): string[] =>
    ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"].map((o) => `${type}${o}`);

const OPERATORS: Readonly<Record<Kind, readonly string[]>> = {
    string: STRINGS,
    list: STRINGS,
    number: ordered("Numeric"),
    boolean: ["Bool"],
    arn: ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"],
    address: ["IpAddress", "NotIpAddress"],
    date: ordered("Date"),
};

const EVERY_OPERATOR = [...new Set([...Object.values(OPERATORS).flat(), "BinaryEquals"])];

function condition(random: Random, issuer: string, { claims, context }: Call): Condition {
    const [name, kind] = random.weighted([
        [6, ["sub", "string"] as const],
        [2, ["amr", "list"] as const],
        [6, random.pick(Object.entries(CLAIM_KINDS))],
        [5, random.pick(Object.entries(CONTEXT_KINDS))],
        [1, ["environment", "string"] as const],
    ]);
    const isClaim = !name.includes(":");
    const prefix = random.chance(5) ? random.pick(ISSUERS) : issuer;
    const plain = isClaim ? `${prefix}:${name}` : name;
    const key = random.weighted([
        [9, plain],
        [1, random.pick([plain.toUpperCase(), plain.toLowerCase(), plain.charAt(0).toUpperCase() + plain.slice(1)])],
    ]);
    if (random.chance(8)) {
        return {
            operator: "Null",
            key,
            values: random.pick<unknown>(["true", "false", "false", true, false, ["true"]]),
        };
    }
    const actual = [(isClaim ? claims : context)[name] ?? []].flat();
    const looksLikeArn = actual[0]?.startsWith("arn:") === true;
    const type: Kind = random.chance(15) && kind !== "list" ? "string" : looksLikeArn ? "arn" : kind;
    const base = random.weighted([
        [94, random.pick(OPERATORS[type])],
        [4, random.pick(EVERY_OPERATOR)],
        [2, "BinaryEquals"],
    ]);
    const set =
        kind === "list"
            ? random.pick(["ForAnyValue:", "ForAllValues:"])
            : random.weighted([
                  [8, ""],
                  [1, "ForAnyValue:"],
                  [1, "ForAllValues:"],
              ]);
    const operator = `${set}${base}${random.chance(20) ? "IfExists" : ""}`;
    const known = { ...prefixed(claims, issuer), ...context };
    const one = (): unknown => {
        const value =
            actual.length > 0 && random.chance(70)
                ? random.pick(actual)
                : ([valueOf(random, name, kind)].flat()[0] ?? "a");
        return base === "BinaryEquals"
            ? Buffer.from(random.pick([value, "a"])).toString("base64")
            : near(random, { value, type, known });
    };
    return { operator, key, values: random.chance(60) ? one() : random.list(1 + random.int(3), one) };
}

type Known = Readonly<Record<string, string | readonly string[]>>;

function prefixed(claims: Claims, issuer: string): Known {
    return Object.fromEntries(Object.entries(claims).map(([name, value]) => [`${issuer}:${name}`, value]));
}

interface Near {
    readonly value: string;
    readonly type: Kind;
    /** The call's keys, for variables. */
    readonly known: Known;
}

/** A value as the call has it, or a little different, in the way of its kind. */
function near(random: Random, { value, type, known }: Near): unknown {
    switch (type) {
        case "number":
            return random.weighted<unknown>([
                [6, value],
                [3, random.pick(NUMBERS)],
                [1, Number(value)],
            ]);
        case "boolean":
            return random.weighted<unknown>([
                [6, value],
                [3, random.pick(BOOLEANS)],
                [2, value === "true"],
            ]);
        case "date":
            return random.chance(50) ? value : random.pick(DATES);
        case "address":
            return range(random, random.chance(70) ? value : random.pick(ADDRESSES));
        default:
            return withVariables(random, random.chance(20) ? value : changedText(random, value, type), known);
    }
}

/** The address, alone or as the range of some length that has it. */
function range(random: Random, value: string): string {
    if (value.includes(":")) {
        return random.pick([
            value,
            `${value}/128`,
            "2001:db8::/32",
            "2001:DB8:0:0::/64",
            "2001:db8::/127",
            "2001:db8::/96",
            "2001:db8::/65",
            "::/1",
            "::/0",
            "2001:db8:1::/48",
        ]);
    }
    const length = random.pick([0, 8, 15, 16, 24, 25, 31, 32]);
    const bits = value
        .split(".")
        .map((octet) => Number(octet).toString(2).padStart(8, "0"))
        .join("");
    const masked = bits.slice(0, length).padEnd(32, "0");
    const network = [0, 8, 16, 24].map((at) => parseInt(masked.slice(at, at + 8) || "0", 2)).join(".");
    const neighbour = value.replace(/[0-9]+$/, (octet) => String(Number(octet) ^ 1));
    return random.weighted([
        [2, value],
        [1, neighbour],
        [4, `${network}/${String(length)}`],
    ]);
}

function changedText(random: Random, value: string, type: Kind): string {
    const at = random.int(value.length + 1);
    const to = at + random.int(12);
    const [before, after] = [value.slice(0, at), value.slice(to)];
    return random.weighted([
        [5, value],
        [4, `${before}*${after}`],
        [2, `${before}?${value.slice(at + 1)}`],
        [2, `${before}*`],
        [1, `*${value.slice(at)}`],
        [1, value.toUpperCase()],
        [1, before + value.slice(at + 1)],
        [1, `${value}x`],
        ...(type === "arn"
            ? ([
                  [3, withAnyPart(random, value)],
                  [2, random.pick(ARNS)],
              ] as const)
            : ([
                  [1, "*"],
                  [1, random.pick(NAMES)],
              ] as const)),
    ]);
}

/** The ARN with one of its parts a wildcard; or so many that six are left, which only a string operator takes for the same. */
function withAnyPart(random: Random, arn: string): string {
    const parts = arn.split(":");
    const all = random.chance(50) ? parts.length - 5 : 1;
    parts.splice(1 + random.int(4), all, "*");
    return parts.join(":");
}

/** Some stretch of the value as a variable or an escape that says the same, or nearly. */
function withVariables(random: Random, value: string, known: Known): string {
    if (!random.chance(35)) {
        return value.replaceAll("${", "$");
    }
    const key = random.pick(Object.keys(known));
    const its = [known[key]!].flat()[0] ?? "";
    const reference = random.pick([
        `\${${key}}`,
        `\${${key.toUpperCase()}}`,
        `\${${key.toUpperCase()}}`,
        `\${${key}, 'a'}`,
        `\${${key}x, '${its.replace(/['{}$]/g, "")}'}`,
        `\${${key}x, '${its.replace(/['{}$]/g, "")}'}`,
        `\${${key}x}`,
    ]);
    return random.weighted([
        [3, value.includes(its) && its !== "" ? value.replace(its, () => reference) : reference],
        [3, value.replace(/[*?$]/, (character) => `\${${character}}`)],
        [1, `${value}${reference}`],
        [1, `${value}\${${random.pick(["*", "?", "$"])}}`],
    ]);
}
