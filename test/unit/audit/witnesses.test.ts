import { expect } from "chai";
import { auditTrust } from "../../../provider/audit/audit";
import type { AuditReport } from "../../../provider/audit/report";
import { explainTrust } from "../../../provider/operations/trust";
import { allows } from "../../../tools/fuzz/oracle";
import { Random } from "../../../tools/fuzz/random";
import { SEED } from "../../support/random";

const ACCOUNT = "111122223333";
const ISSUERS = ["gitlab.com", "git.example.com"];

const providerArn = (issuer: string): string => `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}`;

/** Values of `sub`, right and wrong: patterns that stay within components, and ones that do not. */
function sub(random: Random): string {
    const path = random.pick([
        "g/p",
        "g/*",
        "g/sub/*",
        "g/p*",
        "g*",
        "*/p",
        "*",
        "g/?pp",
        "g/${*}",
        "G/P",
        "g/*/p",
        "grp/a.b-c_d",
    ]);
    const type = random.weighted([
        [6, "branch"],
        [3, "tag"],
        [1, "*"],
        [1, "mr"],
        [1, "b*"],
    ]);
    const ref = random.pick(["main", "*", "release/*", "v?.*", "*-rc", "refs/heads/main", "a${$}{b}", "feature-?"]);
    return random.weighted([
        [8, `project_path:${path}:ref_type:${type}:ref:${ref}`],
        [1, `project_path:${path}`],
        [1, `project_path:${path}:*`],
        [1, `project_id:${random.pick(["20", "2*", "*"])}:ref_type:${type}:ref:${ref}`],
        [1, `project_path:${path}:ref_type:${type}:ref:${ref}:ref_protected:${random.pick(["true", "false", "*"])}`],
        [1, `project_path:${path}:ref:${ref}`],
        [1, "*"],
        [1, `*:ref:${ref}`],
        [1, `project_path:${path}*ref:${ref}`],
        [1, "repo:o/r:*"],
    ]);
}

type Tests = Record<string, Record<string, string | readonly string[]>>;

function conditions(random: Random, issuer: string, isDeny: boolean): Tests {
    const tests: Tests = {};
    const add = (operator: string, key: string, values: string | readonly string[]): void => {
        tests[operator] = { ...tests[operator], [key]: values };
    };
    const subs = (): string | readonly string[] =>
        random.chance(70) ? sub(random) : random.list(1 + random.int(3), () => sub(random));
    if (random.chance(92)) {
        const operator = random.weighted([
            [6, "StringLike"],
            [4, "StringEquals"],
            [1, "StringEqualsIgnoreCase"],
            [isDeny ? 6 : 1, "StringNotLike"],
            [isDeny ? 3 : 1, "StringNotEquals"],
            [1, "ForAnyValue:StringLike"],
            [1, "StringLikeIfExists"],
        ]);
        add(operator, random.chance(95) ? `${issuer}:sub` : `${issuer.toUpperCase()}:SUB`, subs());
    }
    if (random.chance(15)) {
        add("StringLike", `${issuer}:sub`, subs());
    }
    if (!isDeny && random.chance(80)) {
        add("StringEquals", `${issuer}:aud`, random.pick([`https://${issuer}`, "sts.amazonaws.com", ["a", "b"]]));
    }
    if (random.chance(30)) {
        const operator = random.pick(["StringEquals", "StringNotEquals", "StringLike"]);
        add(operator, `${issuer}:project_id`, random.pick(["4711", "20", "2*", ["1", "4711"]]));
    }
    if (random.chance(25)) {
        add(
            random.pick(["StringEquals", "StringNotEquals"]),
            `${issuer}:ref_protected`,
            random.pick(["true", "false"]),
        );
    }
    if (random.chance(15)) {
        add("StringEquals", `${issuer}:pipeline_source`, random.pick(["push", "schedule", ["web", "api"]]));
    }
    if (random.chance(10)) {
        add(random.pick(["StringNotEquals", "StringEquals"]), `${issuer}:user_login`, random.pick(["my-user", "root"]));
    }
    if (random.chance(15)) {
        add(random.pick(["IpAddress", "NotIpAddress"]), "aws:SourceIp", random.pick(["10.0.0.0/8", "203.0.113.0/24"]));
    }
    if (random.chance(10)) {
        add("StringLike", "sts:RoleSessionName", random.pick(["gitlab-*", "x?y"]));
    }
    if (random.chance(5)) {
        add("Null", `${issuer}:sub`, random.pick(["true", "false"]));
    }
    if (random.chance(5)) {
        add("DateGreaterThan", "aws:CurrentTime", random.pick(["2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z"]));
    }
    return tests;
}

function statement(random: Random, isDeny: boolean): object {
    const issuer = random.pick(ISSUERS);
    return {
        Effect: isDeny ? "Deny" : "Allow",
        Principal: isDeny || random.chance(5) ? random.pick(["*", { AWS: "*" }]) : { Federated: providerArn(issuer) },
        Action: random.pick(["sts:AssumeRoleWithWebIdentity", "sts:*", ["sts:TagSession", "sts:AssumeRole*"]]),
        Condition: conditions(random, issuer, isDeny),
    };
}

function policy(random: Random): object {
    return {
        Version: random.chance(90) ? "2012-10-17" : "2008-10-17",
        Statement: [
            ...random.list(1 + random.int(2), () => statement(random, false)),
            ...random.list(
                random.weighted([
                    [6, 0],
                    [3, 1],
                    [1, 2],
                ] as const),
                () => statement(random, true),
            ),
        ],
    };
}

const NOW = 1767225600;
const ALWAYS = {
    "aws:CurrentTime": "2026-01-01T00:00:00.000Z",
    "aws:EpochTime": String(NOW),
    "aws:SecureTransport": "true",
};

/** What both evaluators say of a token. */
function answers(
    trustPolicy: object,
    claims: Readonly<Record<string, string | number>>,
    context: object,
): readonly (boolean | undefined)[] {
    const issuer = String(claims["iss"]).slice("https://".length);
    const texts = Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, String(value)]));
    const request = { issuer, providerArn: providerArn(issuer), claims: texts, context: { ...ALWAYS, ...context } };
    const given = { trustPolicy, claims, context: context as Record<string, string> };
    return [explainTrust(given, NOW).allowed, allows(trustPolicy, request)];
}

/** The report's roles, of those with the policies. */
function auditOf(policies: readonly object[]): AuditReport["roles"] {
    const roles = policies.map((AssumeRolePolicyDocument, i) => ({
        RoleName: `r${String(i)}`,
        Arn: `arn:aws:iam::${ACCOUNT}:role/r${String(i)}`,
        AssumeRolePolicyDocument,
    }));
    const urls = ["https://git.example.com"];
    return auditTrust({ documents: [{ name: "roles.json", content: { Roles: roles } }], urls }).roles;
}

/** Another value for a claim. */
const CHANGED: Readonly<Record<string, (value: string) => string>> = {
    sub: (value) => value.replace(/.$/, "~"),
    aud: (value) => `${value}.example.com`,
    project_id: (value) => `${value}0`,
    ref_protected: (value) => (value === "true" ? "false" : "true"),
    pipeline_source: () => "chat",
    user_login: (value) => `${value}2`,
    user_access_level: () => "guest",
    namespace_id: (value) => `${value}0`,
};

describe(`witnesses of random trust policies, SEED=${String(SEED)}`, () => {
    it("get in, and near misses do not, in the opinion of a second evaluator", function () {
        this.timeout(120_000);
        const random = new Random(SEED);
        let [witnesses, decided, misses] = [0, 0, 0];
        for (let n = 0; n < 20; n++) {
            const policies = random.list(75, () => policy(random));
            for (const audited of auditOf(policies)) {
                const trustPolicy = audited.trustPolicy as object;
                for (const { witness, context } of audited.subjects) {
                    if (witness === null) {
                        continue;
                    }
                    const claims = audited.witnesses[witness]!;
                    const [ours, oracle] = answers(trustPolicy, claims, context);
                    const shown = JSON.stringify({ trustPolicy, claims, context });
                    expect(ours, shown).to.equal(true);
                    expect(oracle, shown).not.to.equal(false);
                    witnesses += 1;
                    decided += Number(oracle === true);
                    for (const [name, change] of Object.entries(CHANGED)) {
                        const near = { ...claims, [name]: change(String(claims[name])) };
                        const [isAllowed, isAllowedToo] = answers(trustPolicy, near, context);
                        if (isAllowedToo !== undefined) {
                            expect(isAllowed, JSON.stringify({ trustPolicy, claims: near, context })).to.equal(
                                isAllowedToo,
                            );
                            misses += Number(!isAllowed);
                        }
                    }
                }
            }
        }
        expect(witnesses, "witnesses").to.be.greaterThan(600);
        expect(decided, "witnesses that the second evaluator decides").to.be.greaterThan(witnesses / 2);
        expect(misses, "near misses").to.be.greaterThan(witnesses);
    });
});
