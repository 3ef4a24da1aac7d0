import { expect } from "chai";
import { auditTrust } from "../../../provider/audit/audit";
import type { AuditedSubject, AuditReport } from "../../../provider/audit/report";
import { buildTrustPolicy, explainTrust, type Subject } from "../../../provider/operations/trust";
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
    return reportOf(policies).roles;
}

function reportOf(policies: readonly object[]): AuditReport {
    const roles = policies.map((AssumeRolePolicyDocument, i) => ({
        RoleName: `r${String(i)}`,
        Arn: `arn:aws:iam::${ACCOUNT}:role/r${String(i)}`,
        AssumeRolePolicyDocument,
    }));
    const urls = ["https://git.example.com"];
    return auditTrust({ documents: [{ name: "roles.json", content: { Roles: roles } }], urls });
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
        let [witnesses, strangers, decided, misses] = [0, 0, 0, 0];
        for (let n = 0; n < 20; n++) {
            const policies = random.list(75, () => policy(random));
            for (const audited of auditOf(policies)) {
                const trustPolicy = audited.trustPolicy as object;
                const contexts = [{}, ...audited.subjects.map(({ context }) => context)];
                for (const { witness, id } of audited.findings) {
                    if (witness !== null) {
                        const claims = audited.witnesses[witness]!;
                        const isLetIn = contexts.some((context) => {
                            const [ours, oracle] = answers(trustPolicy, claims, context);
                            return ours === true && oracle !== false;
                        });
                        expect(isLetIn, JSON.stringify({ trustPolicy, id, claims })).to.equal(true);
                        strangers += 1;
                    }
                }
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
        expect(strangers, "examples of findings").to.be.greaterThan(200);
    });
});

/** The claims of a job, as its `sub` claim and gitlab.com's other keys have them. */
function jobClaims(issuer: string, job: Job): Record<string, string> {
    const { path, type, ref, ...others } = job;
    return {
        iss: `https://${issuer}`,
        aud: `https://${issuer}`,
        sub: `project_path:${path}:ref_type:${type}:ref:${ref}`,
        namespace_id: "72",
        user_login: "my-user",
        pipeline_source: "push",
        ...others,
    };
}

interface Job {
    readonly path: string;
    readonly type: "branch" | "tag";
    readonly ref: string;
    readonly project_id: string;
    readonly ref_protected: string;
}

describe(`jobs that random trust policies let in, SEED=${String(SEED)}`, () => {
    const CONTEXT = { ...ALWAYS, "aws:SourceIp": "203.0.113.10", "sts:RoleSessionName": "gitlab-job" };

    /** Whether a subject of the report is about the project. */
    function isAbout({ scope, sub: test, reachable }: AuditedSubject, { path, project_id: id }: Job): boolean {
        const fold = (text: string): string => (test?.operator.includes("IgnoreCase") ? text.toLowerCase() : text);
        const inScope = {
            project:
                scope.projectIds.includes(id) || (scope.projectIds.length === 0 && fold(scope.path) === fold(path)),
            group: fold(path).startsWith(fold(`${scope.path}/`)),
            pattern: true,
            instance: true,
            unknown: true,
        }[scope.kind];
        return inScope && reachable !== false;
    }

    it("are in the report: under a subject of the role, and under a project with the role", () => {
        const random = new Random(SEED);
        let letIn = 0;
        for (let n = 0; n < 8; n++) {
            const policies = random.list(60, () => policy(random));
            const report = reportOf(policies);
            const roles = new Map(report.roles.map((role) => [role.name, role]));
            for (const [i, trustPolicy] of policies.entries()) {
                for (let left = 25; left > 0; left--) {
                    const issuer = random.pick(ISSUERS);
                    const job: Job = {
                        path: random.pick(["g/p", "g/pp", "g/sub/x", "g/x/p", "gx/p", "G/P", "grp/a.b-c_d", "o/r"]),
                        type: random.pick(["branch", "branch", "tag"]),
                        ref: random.pick(["main", "release/1", "v1.0", "1-rc", "feature-1", "Main"]),
                        project_id: random.pick(["4711", "20", "21", "1", "5"]),
                        ref_protected: random.pick(["true", "false"]),
                    };
                    const request = { issuer, providerArn: providerArn(issuer), claims: jobClaims(issuer, job) };
                    if (allows(trustPolicy, { ...request, context: CONTEXT }) !== true) {
                        continue;
                    }
                    letIn += 1;
                    const role = roles.get(`r${String(i)}`);
                    const own = role?.subjects.filter((s) => s.issuer === issuer && isAbout(s, job)) ?? [];
                    const what = JSON.stringify({ trustPolicy, job, issuer, subjects: role?.subjects });
                    expect(own, what).not.to.deep.equal([]);
                    const listed = report.projects.some(
                        (p) =>
                            p.issuer === issuer &&
                            p.roles.includes(role!.arn) &&
                            own.some(({ scope }) => scope.kind === p.kind && scope.path === p.path),
                    );
                    expect(listed, what).to.equal(true);
                }
            }
        }
        expect(letIn, "jobs that get in").to.be.greaterThan(200);
    });
});

describe(`near misses of one subject of this package, SEED=${String(SEED)}`, () => {
    const PATTERNS = { "*": ["main", "a/b"], "release/*": ["release/1", "release/a/b"], "v?": ["v1"] } as const;
    const OTHERS = { "*": [], "release/*": ["releases/1", "xrelease/1", "main"], "v?": ["v", "v10", "w1"] } as const;

    interface Made {
        readonly subject: Subject;
        readonly job: Job;
        /** Jobs that differ in one thing that the subject names. */
        readonly others: readonly Job[];
    }

    function made(random: Random): Made {
        const isGroup = random.chance(30);
        const [first, last] = [random.pick(["acme", "a.b", "A-c_d"]), random.pick(["app", "web.1", "x-y"])];
        const scope = isGroup ? { group: `${first}/${last}` } : { project: `${first}/${last}` };
        const path = isGroup ? `${first}/${last}/${random.pick(["p", "sub/p"])}` : `${first}/${last}`;
        const id = !isGroup && random.chance(50) ? "4711" : undefined;
        const type = random.pick(["branch", "tag"] as const);
        const pattern = random.pick(Object.keys(PATTERNS) as (keyof typeof PATTERNS)[]);
        const exact = random.pick(["main", "v1.0", "feature/x"]);
        const [written, ref, otherRefs] = random.chance(50)
            ? [exact, exact, [`${exact}x`, `x${exact}`, exact.toUpperCase(), `refs/heads/${exact}`]]
            : [pattern, random.pick(PATTERNS[pattern]), [...OTHERS[pattern]]];
        const refProtected = random.chance(40) ? random.chance(70) : undefined;
        const job: Job = { path, type, ref, project_id: "4711", ref_protected: String(refProtected ?? true) };
        const otherPaths = isGroup
            ? [`${first}/${last}`, `${first}/${last}x/p`, `x${first}/${last}/p`, `other/${first}/${last}/p`]
            : [`${path}x`, `x${path}`, `${path}/${last}`, `${first}/x`, path.toUpperCase(), `other/${path}`];
        return {
            subject: {
                ...scope,
                [type]: written,
                ...(id !== undefined && { projectId: id }),
                ...(refProtected !== undefined && { refProtected }),
            },
            job,
            others: [
                ...otherPaths.filter((other) => other !== path).map((other) => ({ ...job, path: other })),
                ...otherRefs.filter((other) => other !== ref).map((other) => ({ ...job, ref: other })),
                { ...job, type: type === "tag" ? "branch" : "tag" },
                ...(id === undefined
                    ? []
                    : [
                          { ...job, project_id: "47110" },
                          { ...job, project_id: "471" },
                      ]),
                ...(refProtected === undefined ? [] : [{ ...job, ref_protected: String(!refProtected) }]),
            ],
        };
    }

    it("are denied by the second evaluator, and the example and the job itself are allowed", () => {
        const random = new Random(SEED);
        let misses = 0;
        const all = random.list(400, () => {
            const one = made(random);
            const { json } = buildTrustPolicy({ providerArn: providerArn("gitlab.com"), subjects: [one.subject] });
            return { ...one, json, trustPolicy: JSON.parse(json) as object };
        });
        const roles = new Map(auditOf(all.map((one) => one.trustPolicy)).map((role) => [role.name, role]));
        for (const [i, { job, others, json, trustPolicy }] of all.entries()) {
            const isLetIn = (claims: Readonly<Record<string, string>>): boolean | undefined =>
                allows(trustPolicy, {
                    issuer: "gitlab.com",
                    providerArn: providerArn("gitlab.com"),
                    claims,
                    context: ALWAYS,
                });
            const audited = roles.get(`r${String(i)}`);
            expect(audited!.subjects, json).to.have.length(1);
            const claims = audited!.witnesses[audited!.subjects[0]!.witness!]!;
            const texts = Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, String(value)]));
            expect(isLetIn(texts), `${json} ${JSON.stringify(claims)}`).to.equal(true);
            expect(isLetIn(jobClaims("gitlab.com", job)), `${json} ${JSON.stringify(job)}`).to.equal(true);
            const near = [
                ...others.map((other) => jobClaims("gitlab.com", other)),
                { ...texts, aud: "sts.amazonaws.com" },
                { ...texts, aud: "https://gitlab.com/" },
                { ...texts, sub: `${texts["sub"]!}:deployment_tier:production`.replace(/^project_path/, "project_id") },
            ];
            for (const other of near) {
                expect(isLetIn(other), `${json} ${JSON.stringify(other)}`).to.equal(false);
                misses += 1;
            }
        }
        expect(misses).to.be.greaterThan(2000);
    });
});
