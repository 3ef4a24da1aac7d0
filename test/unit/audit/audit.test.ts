import Ajv from "ajv";
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { auditTrust } from "../../../provider/audit/audit";
import type { AuditReport } from "../../../provider/audit/report";
import { explainTrust } from "../../../provider/operations/trust";

const ACCOUNT = "111122223333";
const AUD = { "gitlab.com:aud": "https://gitlab.com" };
const P = "project_path:";
const MAIN = "project_path:g/p:ref_type:branch:ref:main";

const providerArn = (issuer: string): string => `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}`;
const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;

/** A statement for the jobs of an instance. */
function trust(condition: object, issuer = "gitlab.com", more: object = {}): object {
    return {
        Effect: "Allow",
        Principal: { Federated: providerArn(issuer) },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: condition,
        ...more,
    };
}

const equals = (sub: unknown, more: object = {}): object =>
    trust({ StringEquals: { ...AUD, "gitlab.com:sub": sub, ...more } });
const like = (sub: unknown, more: object = {}): object =>
    trust({ StringEquals: { ...AUD, ...more }, StringLike: { "gitlab.com:sub": sub } });

function role(name: string, ...statements: readonly object[]): object {
    return {
        Path: "/",
        RoleName: name,
        Arn: roleArn(name),
        AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: statements },
        RolePolicyList: [],
        AttachedManagedPolicies: [],
    };
}

function audit(...roles: readonly object[]): AuditReport {
    return auditTrust({ documents: [{ name: "details.json", content: { RoleDetailList: roles } }] });
}

interface Row {
    readonly statements: readonly object[];
    /** `kind path ids | refs | sub of the witness`; undefined if the role is not in the report. */
    readonly subjects: readonly string[] | undefined;
    /** `id`, and the token that should not get in: its `sub`, and what else matters. */
    readonly findings: readonly string[];
}

const DENY_OTHERS = {
    Effect: "Deny",
    Principal: "*",
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: { StringNotLike: { "gitlab.com:sub": "project_path:g/sub/*" } },
};

const STRANGER = "project_path:stranger/unexpected-project:ref_type:branch:ref:unexpected-branch";
const ANYBODY = "project_path:my-group/my-project:ref_type:branch:ref:my-branch";
const FOREIGN_ID = `path-only ${MAIN} project_id 99999999`;

/** A statement for a principal of AWS, as a component writes it for `additionalPrincipals`. */
const BREAK_GLASS = { Effect: "Allow", Principal: { AWS: roleArn("break-glass") }, Action: "sts:AssumeRole" };

const ROWS: Readonly<Record<string, Row>> = {
    "a branch of a project with its ID, and a principal of AWS": {
        statements: [equals(MAIN, { "gitlab.com:project_id": "4711" }), BREAK_GLASS],
        subjects: [`project g/p 4711 | one | ${MAIN}`],
        findings: [],
    },
    "a branch of a project with its ID": {
        statements: [equals(MAIN, { "gitlab.com:project_id": "4711" })],
        subjects: [`project g/p 4711 | one | ${MAIN}`],
        findings: [],
    },
    "a branch without an ID": {
        statements: [equals(MAIN)],
        subjects: [`project g/p | one | ${MAIN}`],
        findings: [FOREIGN_ID],
    },
    "two branches": {
        statements: [equals([MAIN, `${P}g/q:ref_type:branch:ref:dev`], { "gitlab.com:project_id": ["1", "2"] })],
        subjects: [`project g/p 1,2 | one | ${MAIN}`, `project g/q 1,2 | one | ${P}g/q:ref_type:branch:ref:dev`],
        findings: [],
    },
    "branches that match a pattern": {
        statements: [like(`${P}g/p:ref_type:branch:ref:release/*`, { "gitlab.com:project_id": "4711" })],
        subjects: [`project g/p 4711 | some | ${P}g/p:ref_type:branch:ref:release/1`],
        findings: [`unprotected-branch ${P}g/p:ref_type:branch:ref:release/1 ref_protected false`],
    },
    "protected branches that match a pattern": {
        statements: [
            like(`${P}g/p:ref_type:branch:ref:release/*`, {
                "gitlab.com:project_id": "4711",
                "gitlab.com:ref_protected": "true",
            }),
        ],
        subjects: [`project g/p 4711 | some | ${P}g/p:ref_type:branch:ref:release/1`],
        findings: [],
    },
    "any branch": {
        statements: [like(`${P}g/p:ref_type:branch:ref:*`, { "gitlab.com:project_id": "4711" })],
        subjects: [`project g/p 4711 | any | ${P}g/p:ref_type:branch:ref:my-branch`],
        findings: [`any-branch ${P}g/p:ref_type:branch:ref:unexpected-branch`],
    },
    "tags that match a pattern": {
        statements: [like(`${P}g/p:ref_type:tag:ref:v*`, { "gitlab.com:project_id": "4711" })],
        subjects: [`project g/p 4711 | some | ${P}g/p:ref_type:tag:ref:v1`],
        findings: [`unprotected-tag ${P}g/p:ref_type:tag:ref:v1 ref_protected false`],
    },
    "any tag": {
        statements: [
            like(`${P}g/p:ref_type:tag:ref:*`, { "gitlab.com:project_id": "4711", "gitlab.com:ref_protected": "true" }),
        ],
        subjects: [`project g/p 4711 | any | ${P}g/p:ref_type:tag:ref:v1.0`],
        findings: [],
    },
    "a branch in a group": {
        statements: [like(`${P}g/*:ref_type:branch:ref:main`)],
        subjects: [`group g | one | ${P}g/my-project:ref_type:branch:ref:main`],
        findings: [`group-wide ${P}g/unexpected-project:ref_type:branch:ref:main`],
    },
    "a group whose beginning matches other groups too": {
        statements: [like(`${P}mygroup*:ref_type:branch:ref:main`)],
        subjects: [`pattern mygroup* | one | ${P}mygroup1/my-project:ref_type:branch:ref:main`],
        findings: [`path-wildcard ${P}mygroup-evil/unexpected-project:ref_type:branch:ref:main`],
    },
    "a project whose beginning matches other projects too": {
        statements: [like(`${P}mygroup/app*:ref_type:branch:ref:main`)],
        subjects: [`pattern mygroup/app* | one | ${P}mygroup/app1:ref_type:branch:ref:main`],
        findings: [`path-wildcard ${P}mygroup/app-evil:ref_type:branch:ref:main`],
    },
    "a project name in every group": {
        statements: [like(`${P}*/deploy:ref_type:branch:ref:main`)],
        subjects: [`instance | one | ${P}my-group/deploy:ref_type:branch:ref:main`],
        findings: [`path-wildcard ${P}stranger/deploy:ref_type:branch:ref:main`],
    },
    "every sub claim": {
        statements: [like("*")],
        subjects: [`instance | any | ${ANYBODY}`],
        findings: [`no-subject ${STRANGER}`],
    },
    "every project path": {
        statements: [like("project_path:*")],
        subjects: [`instance | any | ${ANYBODY}`],
        findings: [`no-subject ${STRANGER}`],
    },
    "no condition on sub": {
        statements: [trust({ StringEquals: AUD })],
        subjects: [`instance | any | ${ANYBODY}`],
        findings: [`no-subject ${STRANGER}`],
    },
    "no condition": {
        statements: [trust({})],
        subjects: [`instance | any | ${ANYBODY}`],
        findings: [`no-subject ${STRANGER}`, `no-audience ${ANYBODY} aud https://other-service.example.com`],
    },
    "all of a project": {
        statements: [like(`${P}g/p:*`, { "gitlab.com:project_id": "4711", "gitlab.com:ref_protected": "true" })],
        subjects: [`project g/p 4711 | any | ${P}g/p:ref_type:branch:ref:my-branch`],
        findings: [`sub-shape ${P}g/p:ref_type:tag:ref:my-branch`],
    },
    "a branch or a tag of that name": {
        statements: [like(`${P}g/p:ref_type:*:ref:main`, { "gitlab.com:project_id": "4711" })],
        subjects: [`project g/p 4711 | one | ${MAIN}`],
        findings: [`ref-type ${P}g/p:ref_type:tag:ref:main`, `unprotected-tag ${MAIN} ref_protected false`],
    },
    "a wildcard that is taken literally": {
        statements: [equals(`${P}g/p:ref_type:branch:ref:*`, { "gitlab.com:project_id": "4711" })],
        subjects: [`project g/p 4711 | any | none`],
        findings: ["literal-wildcard", "any-branch"],
    },
    "merge requests, which have no ref_type": {
        statements: [equals(`${P}g/p:ref_type:mr:ref:main`)],
        subjects: ["project g/p | unknown | none"],
        findings: ["ref-type"],
    },
    "the full name of a ref": {
        statements: [equals(`${P}g/p:ref_type:branch:ref:refs/heads/main`, { "gitlab.com:project_id": "4711" })],
        subjects: ["project g/p 4711 | one | none"],
        findings: ["ref-name"],
    },
    "a sub claim of GitHub": {
        statements: [like("repo:o/r:*")],
        subjects: ["unknown | unknown | none"],
        findings: ["sub-shape"],
    },
    "no condition on the audience": {
        statements: [trust({ StringEquals: { "gitlab.com:sub": MAIN, "gitlab.com:project_id": "4711" } })],
        subjects: [`project g/p 4711 | one | ${MAIN}`],
        findings: [`no-audience ${MAIN} aud https://other-service.example.com`],
    },
    "everybody but one group": {
        statements: [trust({ StringEquals: AUD, StringNotLike: { "gitlab.com:sub": `${P}evil/*` } })],
        subjects: [`instance | any | ${ANYBODY}`],
        findings: [`negative-only ${STRANGER}`],
    },
    "a branch, if the token has a sub claim": {
        statements: [trust({ StringEquals: AUD, StringEqualsIfExists: { "gitlab.com:sub": MAIN } })],
        subjects: [`project g/p | one | ${MAIN}`],
        findings: ["if-exists", FOREIGN_ID],
    },
    "a group, for all sub claims of a token": {
        statements: [
            trust({
                StringEquals: AUD,
                "ForAllValues:StringLike": { "gitlab.com:sub": `${P}g/*:ref_type:branch:ref:main` },
            }),
        ],
        subjects: [`group g | one | ${P}g/my-project:ref_type:branch:ref:main`],
        findings: ["for-all-values", `group-wide ${P}g/unexpected-project:ref_type:branch:ref:main`],
    },
    "a project by its ID alone": {
        statements: [like("*", { "gitlab.com:project_id": "20" })],
        subjects: [`project 20 | any | ${ANYBODY}`],
        findings: ["no-subject"],
    },
    "IDs that begin with two digits": {
        statements: [
            trust({ StringEquals: AUD, StringLike: { "gitlab.com:sub": MAIN, "gitlab.com:project_id": "20*" } }),
        ],
        subjects: [`project g/p | one | ${MAIN}`],
        findings: [`project-id ${MAIN} project_id 2099`, "path-only"],
    },
    "a sub claim that leads with the ID": {
        statements: [equals("project_id:20:ref_type:branch:ref:main")],
        subjects: ["project 20 | one | project_id:20:ref_type:branch:ref:main"],
        findings: [],
    },
    "capital letters that do not matter": {
        statements: [
            trust({
                StringEquals: { ...AUD, "gitlab.com:project_id": "4711" },
                StringEqualsIgnoreCase: { "gitlab.com:sub": MAIN },
            }),
        ],
        subjects: [`project g/p 4711 | one | ${MAIN}`],
        findings: [`condition-operator ${P}g/p:ref_type:branch:ref:MAIN`],
    },
    "two conditions on sub": {
        statements: [
            trust({
                StringEquals: { ...AUD, "gitlab.com:sub": `${P}g/p:ref_type:branch:ref:main` },
                StringLike: { "gitlab.com:sub": `${P}g/*:ref_type:branch:ref:*` },
            }),
        ],
        subjects: [`project g/p | one | ${MAIN}`],
        findings: ["anded-subjects", FOREIGN_ID, "group-wide", "any-branch"],
    },
    "two conditions on sub that exclude each other": {
        statements: [
            trust({
                StringEquals: { ...AUD, "gitlab.com:sub": MAIN },
                StringLike: { "gitlab.com:sub": `${P}other/*:ref_type:branch:ref:main` },
            }),
        ],
        subjects: ["project g/p | one | none"],
        findings: ["anded-subjects", "path-only", "group-wide"],
    },
    "a network": {
        statements: [
            trust({
                StringEquals: { ...AUD, "gitlab.com:sub": MAIN, "gitlab.com:project_id": "4711" },
                IpAddress: { "aws:SourceIp": "198.51.100.0/24" },
            }),
        ],
        subjects: [`project g/p 4711 | one | ${MAIN} with aws:SourceIp 198.51.100.1`],
        findings: [],
    },
    "a condition that the request cannot meet": {
        statements: [equals(MAIN, { "gitlab.com:project_id": "4711", "aws:PrincipalOrgID": "o-example" })],
        subjects: ["project g/p 4711 | one | none"],
        findings: ["condition-key"],
    },
    "further claims": {
        statements: [
            equals(MAIN, {
                "gitlab.com:project_id": "4711",
                "gitlab.com:pipeline_source": ["schedule", "web"],
                "gitlab.com:user_access_level": "owner",
            }),
        ],
        subjects: [`project g/p 4711 | one | ${MAIN}`],
        findings: [],
    },
    "a Deny that leaves a subgroup": {
        statements: [like(`${P}g/*:ref_type:branch:ref:main`), DENY_OTHERS],
        subjects: [`group g | one | ${P}g/sub/my-project:ref_type:branch:ref:main`],
        findings: [`group-wide ${P}g/sub/unexpected-project:ref_type:branch:ref:main`],
    },
    "a Deny that leaves nothing": {
        statements: [equals(MAIN, { "gitlab.com:project_id": "4711" }), DENY_OTHERS],
        subjects: ["project g/p 4711 | one | none"],
        findings: [],
    },
    everybody: {
        statements: [{ Effect: "Allow", Principal: "*", Action: "sts:*" }],
        subjects: [`instance | any | ${ANYBODY}`],
        findings: [`principal ${STRANGER}`],
    },
    "an action that no job calls": {
        statements: [
            trust({ StringEquals: { ...AUD, "gitlab.com:sub": MAIN } }, "gitlab.com", { Action: "sts:AssumeRole" }),
        ],
        subjects: [],
        findings: ["action", "path-only"],
    },
    "an environment, in a sub claim of many components": {
        statements: [
            like(`${P}g/p:ref_type:branch:ref:main:environment_protected:true:deployment_tier:production`, {
                "gitlab.com:project_id": "4711",
            }),
        ],
        subjects: [`project g/p 4711 | one | ${MAIN}:environment_protected:true:deployment_tier:production`],
        findings: [],
    },
    "an instance that shows itself by its sub claim": {
        statements: [
            trust(
                {
                    StringEquals: {
                        "git.corp.example:aud": "https://git.corp.example",
                        "git.corp.example:sub": MAIN,
                    },
                },
                "git.corp.example",
            ),
        ],
        subjects: [`project g/p | one | ${MAIN}`],
        findings: [],
    },
    "GitHub Actions": {
        statements: [
            trust(
                { StringLike: { "token.actions.githubusercontent.com:sub": "repo:o/r:*" } },
                "token.actions.githubusercontent.com",
            ),
        ],
        subjects: undefined,
        findings: [],
    },
    "an issuer of which nothing is known": {
        statements: [trust({ StringEquals: { "idp.corp.example:sub": "someone" } }, "idp.corp.example")],
        subjects: undefined,
        findings: [],
    },
    "GitLab's sub claim under the identity provider of GitHub": {
        statements: [trust({ StringEquals: { "gitlab.com:sub": MAIN } }, "token.actions.githubusercontent.com")],
        subjects: undefined,
        findings: [],
    },
    "a service": {
        statements: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
        subjects: undefined,
        findings: [],
    },
    "another account": {
        statements: [
            { Effect: "Allow", Principal: { AWS: "arn:aws:iam::444455556666:root" }, Action: "sts:AssumeRole" },
        ],
        subjects: undefined,
        findings: [],
    },
    "a Deny alone": {
        statements: [DENY_OTHERS],
        subjects: undefined,
        findings: [],
    },
    "two statements, one for GitHub": {
        statements: [
            trust({}, "token.actions.githubusercontent.com"),
            equals(MAIN, { "gitlab.com:project_id": "4711" }),
        ],
        subjects: [`project g/p 4711 | one | ${MAIN}`],
        findings: [],
    },
};

/** A subject in the form of the table. */
function subjectLine(
    { scope, refs, witness, context }: AuditReport["roles"][0]["subjects"][0],
    witnesses: AuditReport["roles"][0]["witnesses"],
): string {
    const needs = Object.entries(context).map(([key, value]) => ` with ${key} ${value}`);
    const scopeText = [scope.kind, scope.path, scope.projectIds.join(",")].filter((text) => text !== "").join(" ");
    return `${scopeText} | ${refs} | ${witness === null ? "none" : witnesses[witness]!.sub}${needs.join("")}`;
}

/** What differs in the tokens of the table. */
const SHOWN: Readonly<Record<string, string>> = {
    "path-only": "project_id",
    "project-id": "project_id",
    "unprotected-branch": "ref_protected",
    "unprotected-tag": "ref_protected",
    "no-audience": "aud",
};

describe("an audit of a role", () => {
    for (const [title, { statements, subjects, findings }] of Object.entries(ROWS)) {
        it(title, () => {
            const report = audit(role("deploy", ...statements));
            const [audited] = report.roles;
            expect(audited?.subjects.map((s) => subjectLine(s, audited.witnesses))).to.deep.equal(subjects);
            const lines = audited?.findings.map(({ id, witness }) => {
                const claims = witness === null ? undefined : audited.witnesses[witness]!;
                const more = SHOWN[id] === undefined ? "" : ` ${SHOWN[id]} ${String(claims?.[SHOWN[id]])}`;
                return claims === undefined ? id : `${id} ${claims.sub}${more}`;
            });
            expect(lines ?? []).to.have.members(findings);
        });
    }

    for (const [sub, reachable] of [
        ["project_path:g/p:ref_type:branch:ref:main", true],
        ["project_path:g/*/p*ref:*-rc", true],
        ["repo:o/r:*", false],
        ["project_path:g/p:ref_type:mr:ref:*", "unknown"],
        ["project_path:g/*/a*b*c*d*e:ref_type:branch:ref:x*y", true],
        ["project_path:g/p:environment:*", "unknown"],
    ] as const) {
        it(`is ${reachable === true ? "reachable" : reachable === false ? "not reachable" : "perhaps reachable"} by ${sub}`, () => {
            const { roles, projects } = audit(role("deploy", like(sub)));
            expect(roles[0]!.subjects.map((s) => s.reachable)).to.deep.equal([reachable]);
            expect(projects.flatMap((p) => p.roles)).to.deep.equal(reachable === false ? [] : [roleArn("deploy")]);
        });
    }

    for (const [title, statement, description] of [
        [
            "with an ID on protected refs",
            like("project_path:g/p:ref_type:branch:ref:*", {
                "gitlab.com:project_id": "4711",
                "gitlab.com:ref_protected": "true",
            }),
            "Jobs of the project g/p (ID 4711) on any branch, protected refs only",
        ],
        [
            "with a network",
            trust({
                StringEquals: { ...AUD, "gitlab.com:sub": MAIN },
                IpAddress: { "aws:SourceIp": "10.0.0.0/8" },
            }),
            "Jobs of the project g/p on the branch main, if aws:SourceIp is in 10.0.0.0/8",
        ],
        [
            "with further claims",
            equals(MAIN, { "gitlab.com:project_id": "4711", "gitlab.com:pipeline_source": ["schedule", "web"] }),
            "Jobs of the project g/p (ID 4711) on the branch main, in pipelines with the source schedule or web",
        ],
        [
            "with a value that no token has",
            equals(MAIN, { "gitlab.com:ref_protected": "yes" }),
            "Jobs of the project g/p on the branch main, if gitlab.com:ref_protected is yes",
        ],
        ["without a limit", trust({ StringEquals: AUD }), "Jobs of every project of the instance on any branch or tag"],
        [
            "with a negative limit",
            trust({ StringEquals: AUD, StringNotLike: { "gitlab.com:sub": "project_path:evil/*" } }),
            "Jobs of every project of the instance on any branch or tag, if gitlab.com:sub does not match project_path:evil/*",
        ],
    ] as const) {
        it(`describes a subject ${title}`, () => {
            expect(audit(role("deploy", statement)).roles[0]!.subjects.map((s) => s.description)).to.deep.equal([
                description,
            ]);
        });
    }

    it("trusts only the instances whose jobs meet the conditions of a statement for everybody", () => {
        const own = trust(
            { StringEquals: { "git.example.com:aud": "x", "git.example.com:sub": MAIN } },
            "git.example.com",
        );
        const open = (condition: object): object => ({
            Effect: "Allow",
            Principal: "*",
            Action: "sts:AssumeRoleWithWebIdentity",
            Condition: condition,
        });
        const issuersOf = (condition: object): readonly string[] =>
            audit(role("a", own), role("b", equals(MAIN)), role("everybody", open(condition))).roles[2]!.trusts.map(
                ({ issuer }) => issuer,
            );
        expect(issuersOf({ StringEquals: { "gitlab.com:sub": MAIN } })).to.deep.equal(["gitlab.com"]);
        expect(issuersOf({ StringEquals: { "git.example.com:sub": MAIN } })).to.deep.equal(["git.example.com"]);
        expect(issuersOf({})).to.deep.equal(["git.example.com", "gitlab.com"]);
        // Nobody's jobs: the role stays in the report for its finding.
        expect(issuersOf({ StringEquals: { "aws:PrincipalOrgID": "o-1" } })).to.have.length(2);
    });

    it("lists the roles of each project and group, and the roles that a role can assume", () => {
        const assume = {
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Resource: roleArn("admin") }],
        };
        const all = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
        const trusting = { Effect: "Allow", Principal: { AWS: roleArn("first") }, Action: "sts:AssumeRole" };
        const report = audit(
            { ...role("first", equals(MAIN)), RolePolicyList: [{ PolicyName: "assume", PolicyDocument: assume }] },
            role("second", equals([MAIN, `${P}g/q:ref_type:branch:ref:main`])),
            role("third", like(`${P}g/*:ref_type:branch:ref:main`)),
            { ...role("admin", trusting), RolePolicyList: [{ PolicyName: "all", PolicyDocument: all }] },
        );
        expect(report.projects).to.deep.equal([
            { issuer: "gitlab.com", kind: "group", path: "g", projectIds: [], roles: [roleArn("third")] },
            {
                issuer: "gitlab.com",
                kind: "project",
                path: "g/p",
                projectIds: [],
                roles: [roleArn("first"), roleArn("second")],
            },
            { issuer: "gitlab.com", kind: "project", path: "g/q", projectIds: [], roles: [roleArn("second")] },
        ]);
        expect(report.chains).to.deep.equal([
            { role: roleArn("first"), assumes: [roleArn("admin")], reaches: [roleArn("admin")] },
        ]);
        expect(report.roles.map(({ name, power }) => `${name} ${power}`)).to.deep.equal([
            "first escalation",
            "second none",
            "third none",
        ]);
        expect(report.accounts).to.deep.equal([{ account: ACCOUNT, roleCount: 4, gitLabRoleCount: 3 }]);
    });

    it("leaves out accepted warnings, and rejects what cannot be accepted", () => {
        const documents = [{ name: "r.json", content: { Roles: [role("deploy", equals(MAIN))] } }];
        expect(auditTrust({ documents, accept: ["path-only", "group-wide"] }).roles[0]!.findings).to.deep.equal([]);
        expect(() => auditTrust({ documents, accept: ["path-onyl"], urls: ["gitlab.example.com"] })).to.throw(
            /accept\[0\]: "path-onyl" is not the ID of a warning\.[^]*urls\[0\]: "gitlab\.example\.com"/,
        );
    });

    it("has witnesses that the trust policy lets in", () => {
        for (const { statements } of Object.values(ROWS)) {
            const [audited] = audit(role("deploy", ...statements)).roles;
            const context = Object.assign({}, ...(audited?.subjects.map((s) => s.context) ?? [])) as Record<
                string,
                string
            >;
            for (const claims of audited?.witnesses ?? []) {
                expect(explainTrust({ trustPolicy: audited!.trustPolicy, claims, context }).allowed).to.equal(true);
            }
        }
    });

    it("has the form of the schema, and the same bytes for the same documents", () => {
        const roles = Object.values(ROWS).map(({ statements }, i) => role(`r${String(i)}`, ...statements));
        const schema = JSON.parse(readFileSync("provider/audit/report.schema.json", "utf8")) as object;
        const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);
        const report = audit(...roles);
        validate(report);
        expect(validate.errors).to.equal(null);
        expect(JSON.stringify(audit(...[...roles].reverse()))).to.equal(JSON.stringify(report));
    });
});

describe("an audit of a hostile trust policy", () => {
    const values = (count: number, valueOf: (i: number) => string): readonly string[] =>
        Array.from({ length: count }, (_, i) => valueOf(i));

    for (const [title, statements] of [
        ["many wildcards", [like(values(3_000, (i) => `*a${String(i)}*b*c*`))]],
        [
            "many values that a Deny takes away",
            [
                like(values(400, (i) => `${P}g${String(i)}/*`)),
                {
                    ...DENY_OTHERS,
                    Condition: { StringNotLike: { "gitlab.com:sub": values(400, (i) => `${P}g${String(i)}/x*:*`) } },
                },
            ],
        ],
    ] as const) {
        it(`ends soon: ${title}`, function () {
            this.timeout(20_000);
            const [audited] = audit(role("deploy", ...statements)).roles;
            expect(audited!.subjects.some((s) => s.reachable === "unknown")).to.equal(true);
        });
    }
});
