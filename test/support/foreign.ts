import type { Random } from "../../tools/fuzz/random";

/* Policies that somebody wrote by hand: those of this package with something changed, and calls that come close to them. */

type Values = string | readonly string[];
type Block = Readonly<Record<string, Readonly<Record<string, Values>>>>;

interface Statement {
    readonly Effect: string;
    readonly Condition?: Block;
    readonly [element: string]: unknown;
}

/** A trust policy as JSON has it. */
export interface Policy {
    readonly Version?: string;
    readonly Statement: readonly Statement[];
}

/** The policy with one to three changes. */
export function changedPolicy(random: Random, policy: Policy): Policy {
    let changed = policy;
    for (let left = 1 + random.int(3); left > 0; left--) {
        changed = changedOnce(random, changed);
    }
    return changed;
}

function changedOnce(random: Random, { Version, Statement: statements }: Policy): Policy {
    const at = random.int(statements.length);
    const one = statements[at]!;
    const replaced = (by: readonly Statement[]): Policy => ({
        ...(Version !== undefined && { Version }),
        Statement: statements.flatMap((s, i) => (i === at ? by : [s])),
    });
    return random.weighted<() => Policy>([
        [8, () => replaced([withConditions(random, one)])],
        [1, () => replaced([withAction(random, one)])],
        [1, () => replaced([{ ...one, Principal: principal(random, one) }])],
        [1, () => replaced([{ ...one, Effect: "Deny" }])],
        [1, () => replaced([one, withConditions(random, one)])],
        [1, () => replaced([one, { ...withConditions(random, one), Effect: "Deny" }])],
        [1, () => replaced([without(one, "Condition")])],
        [1, () => ({ Statement: statements })],
        [1, () => ({ Version: "2008-10-17", Statement: statements })],
    ])();
}

function without(statement: Statement, element: string): Statement {
    return Object.fromEntries(Object.entries(statement).filter(([name]) => name !== element)) as unknown as Statement;
}

function withAction(random: Random, statement: Statement): Statement {
    const action = random.pick<object>([
        { Action: ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"] },
        { Action: "sts:*" },
        { Action: "sts:TagSession" },
        { Action: ["STS:assumerolewithwebidentity"] },
        { NotAction: "iam:*" },
        { NotAction: "sts:*" },
    ]);
    return { ...without(statement, "Action"), ...action };
}

function principal(random: Random, { Principal: own }: Statement): unknown {
    const { Federated: arn } = own as { readonly Federated: string };
    return random.pick<unknown>([
        "*",
        { AWS: "*" },
        { AWS: "111122223333" },
        { Federated: [arn, "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"] },
        { Federated: arn, AWS: "arn:aws:iam::111122223333:root" },
        { Federated: "arn:aws:iam::444455556666:oidc-provider/gitlab.example.org" },
        { Federated: "cognito-identity.amazonaws.com" },
    ]);
}

interface Test {
    readonly operator: string;
    readonly key: string;
    readonly values: Values;
}

function testsOf(block: Block): readonly Test[] {
    return Object.entries(block).flatMap(([operator, keys]) =>
        Object.entries(keys).map(([key, values]) => ({ operator, key, values })),
    );
}

function blockOf(tests: readonly Test[]): Block {
    const block: Record<string, Record<string, Values>> = {};
    for (const { operator, key, values } of tests) {
        (block[operator] ??= {})[key] = values;
    }
    return block;
}

function withConditions(random: Random, statement: Statement): Statement {
    const tests = testsOf(statement.Condition ?? {});
    if (tests.length === 0) {
        return statement;
    }
    const at = random.int(tests.length);
    const one = tests[at]!;
    const replaced = (...by: readonly Test[]): Statement => ({
        ...statement,
        Condition: blockOf(tests.flatMap((test, i) => (i === at ? by : [test]))),
    });
    const [prefix = ""] = one.key.split(":");
    return random.weighted<() => Statement>([
        [4, () => replaced({ ...one, operator: random.pick(OPERATORS) })],
        [4, () => replaced({ ...one, values: changedValues(random, one.values) })],
        [1, () => replaced()],
        [1, () => replaced({ ...one, key: one.key.toUpperCase() })],
        [2, () => replaced(one, { operator: "StringNotLike", key: `${prefix}:sub`, values: random.pick(EXCLUDED) })],
        [2, () => replaced(one, { operator: "StringLike", key: `${prefix}:sub`, values: random.pick(SUBS) })],
        [1, () => replaced(one, { operator: "StringEquals", key: `${prefix}:aud`, values: ["aws", "aws*"] })],
        [1, () => replaced(one, { operator: "Null", key: one.key, values: random.pick(["true", "false"]) })],
    ])();
}

const OPERATORS = [
    "StringEquals",
    "StringLike",
    "StringNotEquals",
    "StringNotLike",
    "StringEqualsIgnoreCase",
    "StringEqualsIfExists",
    "StringLikeIfExists",
    "ForAnyValue:StringEquals",
    "ForAnyValue:StringLike",
    "ForAllValues:StringLike",
];

const EXCLUDED: readonly Values[] = [
    "*:deployment_tier:*",
    ["*:deployment_tier:*", "*:environment_protected:*"],
    "*:ref:main",
    "*:ref_type:*",
];

const SUBS: readonly Values[] = [
    "*",
    "project_path:g/*",
    ["project_path:g/*", "project_path:mygroup/myproject:ref_type:branch:ref:main"],
    "project_path:g/p:ref_type:branch:ref:*",
    "project_path:*:ref_type:tag:ref:v1.0",
    "project_id:20:ref_type:branch:ref:main",
    "repo:octo/x:*",
    [],
];

function listOf(values: Values): readonly string[] {
    return typeof values === "string" ? [values] : values;
}

function changedValues(random: Random, values: Values): Values {
    const list = listOf(values);
    const at = random.int(Math.max(list.length, 1));
    const value = list[at] ?? "";
    const cut = random.int(value.length + 1);
    const changed = random.weighted([
        [3, `${value.slice(0, cut)}*`],
        [2, `${value.slice(0, cut)}*${value.slice(cut)}`],
        [1, `${value.slice(0, cut)}?${value.slice(cut + 1)}`],
        [2, `${value}:environment_protected:true:deployment_tier:production`],
        [1, `${value}:deployment_tier:*`],
        [1, value.replace("branch", "*")],
        [1, value.replace("ref_type:branch:", "")],
        [1, `${value}\${*}`],
        [1, `${value}\${aws:PrincipalTag/x}`],
        [1, value.toUpperCase()],
        [1, `${value}x`],
    ]);
    const more = [...list.slice(0, at), changed, ...list.slice(at + 1)];
    return random.chance(50) ? more : [...list, changed];
}

/** Condition keys of a call and their values. */
export type Call = ReadonlyMap<string, readonly string[]>;

const FILLED = [
    "",
    "x",
    "main",
    "v1.0",
    "a/b",
    "x:deployment_tier:production",
    "b:environment_protected:true:deployment_tier:other",
];

/** A call that comes close to a statement of one of the policies; it always has `sub` and `aud`. */
export function callFor(random: Random, issuer: string, policies: readonly Policy[]): Call {
    const statements = policies.flatMap((p) => p.Statement);
    const tests = testsOf(random.pick(statements).Condition ?? {});
    const call = new Map<string, readonly string[]>([
        [`${issuer}:sub`.toLowerCase(), ["project_path:g/p:ref_type:branch:ref:main"]],
        [`${issuer}:aud`.toLowerCase(), [`https://${issuer}`]],
    ]);
    for (const { operator, key, values } of tests) {
        const list = listOf(values);
        if (list.length > 0 && !/Not|Null/.test(operator) && (/:(?:sub|aud)$/i.test(key) || random.chance(90))) {
            call.set(key.toLowerCase(), [filledIn(random, random.pick(list), operator)]);
        }
    }
    return call;
}

/** A value that the policy's value matches, as a rule. */
function filledIn(random: Random, value: string, operator: string): string {
    if (/IpAddress/.test(operator)) {
        return value.startsWith("2001") ? "2001:db8::1" : value.replace(/0\/\d+$/, "1");
    }
    return value
        .replace(/\$\{([*?$])\}/g, "$1")
        .replace(/\*/g, () => random.pick(FILLED))
        .replace(/\?/g, "y");
}
