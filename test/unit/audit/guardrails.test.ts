import Ajv from "ajv";
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { auditTrust, type AuditArgs } from "../../../provider/audit/audit";
import type { AuditedRole, AuditReport } from "../../../provider/audit/report";
import { InvalidInputsError } from "../../../provider/contract/findings";
import { statementAgainst } from "../../../provider/guardrail/jobs";
import { readGuardrails } from "../../../provider/guardrail/document";
import { Findings } from "../../../provider/contract/findings";
import { isMet } from "../../../provider/iam/operators";
import { buildOrganizationGuardrail, explainTrust } from "../../../provider/operations/trust";
import { Random } from "../../../tools/fuzz/random";
import { eventOf } from "../../support/events";
import { trustPolicy } from "../../support/policies";
import { SEED } from "../../support/random";

const roleArn = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;
const AUD = { "gitlab.com:aud": "https://gitlab.com" };

function role(name: string, condition: object): object {
    return {
        Path: "/",
        RoleName: name,
        Arn: roleArn(name),
        AssumeRolePolicyDocument: trustPolicy(condition),
        RolePolicyList: [],
        AttachedManagedPolicies: [],
    };
}

const equals = (sub: string, aud = AUD): object => role("deploy", { StringEquals: { ...aud, "gitlab.com:sub": sub } });
const like = (...sub: readonly string[]): object =>
    role("deploy", { StringEquals: AUD, StringLike: { "gitlab.com:sub": sub } });

const OURS = buildOrganizationGuardrail({ groups: ["ours"] }).json;
const MAIN = ":ref_type:branch:ref:main";

function audited(
    roles: readonly object[],
    guardrails: AuditArgs["guardrails"],
    ...events: readonly object[]
): AuditReport {
    return auditTrust({
        documents: [
            { name: "details.json", content: { RoleDetailList: roles } },
            ...(events.length > 0 ? [{ name: "events.json", content: { Records: events } }] : []),
        ],
        ...(guardrails !== undefined && { guardrails }),
    });
}

/** What is left of each subject of the one role: whether it is reachable, by which job, and what denies it. */
function subjectsOf(one: object, guardrails: readonly unknown[]): readonly unknown[] {
    const { roles } = audited([one], guardrails);
    return roles[0]!.subjects.map(({ reachable, witness, deniedBy }) => [
        reachable,
        witness === null ? null : roles[0]!.witnesses[witness]!.sub,
        deniedBy,
    ]);
}

const FIRST = "guardrails[0].Statement[0]";

const ROWS: Readonly<
    Record<string, readonly [role: object, guardrails: readonly unknown[], ...subjects: readonly unknown[]]>
> = {
    "a project of the group": [
        equals(`project_path:ours/p${MAIN}`),
        [OURS],
        [true, `project_path:ours/p${MAIN}`, undefined],
    ],
    "a project of another group": [equals(`project_path:theirs/p${MAIN}`), [OURS], [false, null, FIRST]],
    "all projects of another group, and of one whose name begins like it": [
        like(`project_path:theirs/*${MAIN}`, `project_path:ours-too/*${MAIN}`),
        [OURS],
        [false, null, FIRST],
        [false, null, FIRST],
    ],
    "all projects of the instance: those of the group are left": [
        like(`project_path:*${MAIN}`),
        [OURS],
        [true, `project_path:ours/my-project${MAIN}`, undefined],
    ],
    "every job: those of the group are left": [
        role("deploy", { StringEquals: AUD }),
        [OURS],
        [true, "project_path:ours/my-project:ref_type:branch:ref:my-branch", undefined],
    ],
    "a pattern of which a job of the group may be left": [
        like(`project_path:*/infra${MAIN}`),
        [OURS],
        ["unknown", null, undefined],
    ],
    "a project by ID under a guardrail of groups": [equals(`project_id:20${MAIN}`), [OURS], [false, null, FIRST]],
    "an audience that the guardrail does not have": [
        equals(`project_path:ours/p${MAIN}`),
        [buildOrganizationGuardrail({ groups: ["ours"], audiences: ["sts.amazonaws.com"] }).json],
        [false, null, "guardrails[0].Statement[1]"],
    ],
    "an issuer that the guardrail does not have": [
        equals(`project_path:ours/p${MAIN}`),
        [OURS, buildOrganizationGuardrail({ url: "https://gitlab.example.com", trustedIssuers: [] }).json],
        [false, null, "guardrails[1].Statement[0]"],
    ],
    "a role that is left alone": [
        equals(`project_path:theirs/p${MAIN}`),
        [buildOrganizationGuardrail({ groups: ["ours"], exceptRoles: [roleArn("de*")] }).json],
        [true, `project_path:theirs/p${MAIN}`, undefined],
    ],
    "a statement on the network, which a job can meet": [
        equals(`project_path:ours/p${MAIN}`),
        [
            {
                Version: "2012-10-17",
                Statement: [
                    {
                        Effect: "Deny",
                        Principal: "*",
                        Action: "sts:*",
                        Resource: "*",
                        Condition: { NotIpAddressIfExists: { "aws:SourceIp": "192.0.2.0/24" } },
                    },
                ],
            },
        ],
        [true, `project_path:ours/p${MAIN}`, undefined],
    ],
};

describe("an audit under guardrails", () => {
    for (const [what, [one, guardrails, ...subjects]] of Object.entries(ROWS)) {
        it(`shows what stays reachable: ${what}`, () => {
            expect(subjectsOf(one, guardrails)).to.deep.equal(subjects);
        });
    }

    it("leaves out what is denied of the projects, and shows no denied job as an example of a finding", () => {
        const roles = [like(`project_path:theirs/*${MAIN}`, `project_path:ours/*${MAIN}`)];
        const examples = ({ findings, witnesses }: AuditedRole): readonly (string | null)[] =>
            findings.map(({ witness }) => (witness === null ? null : witnesses[witness]!.sub));
        const [before, after] = [audited(roles, undefined), audited(roles, [OURS])];
        expect(before.projects.map(({ path }) => path)).to.deep.equal(["ours", "theirs"]);
        expect(after.projects.map(({ path }) => path)).to.deep.equal(["ours"]);
        expect(after.roles[0]!.findings.map(({ id }) => id)).to.deep.equal(
            before.roles[0]!.findings.map(({ id }) => id),
        );
        expect(examples(before.roles[0]!)).to.deep.equal([
            `project_path:theirs/unexpected-project${MAIN}`,
            `project_path:ours/unexpected-project${MAIN}`,
        ]);
        expect(examples(after.roles[0]!)).to.deep.equal([null, `project_path:ours/unexpected-project${MAIN}`]);
    });

    it("shows which recorded calls the guardrail would have denied", () => {
        const event = (sub: string): object => eventOf({ sub, roleArn: roleArn("deploy") });
        const calls = [
            event(`project_path:ours/p${MAIN}`),
            event(`project_path:theirs/p${MAIN}`),
            event(`project_path:theirs/p${MAIN}`),
        ];
        const roles = [like(`project_path:*${MAIN}`)];
        const reported = (report: AuditReport): readonly unknown[] =>
            report.roles[0]!.events!.allowed.map(({ sub, count, underGuardrails }) => [sub, count, underGuardrails]);
        expect(reported(audited(roles, [OURS], ...calls))).to.have.deep.members([
            [`project_path:ours/p${MAIN}`, 1, "allowed"],
            [`project_path:theirs/p${MAIN}`, 2, "denied"],
        ]);
        const excepted = buildOrganizationGuardrail({ groups: ["ours"], exceptRoles: [roleArn("deploy")] }).json;
        expect(reported(audited(roles, [excepted], ...calls)).map((row) => (row as unknown[])[2])).to.deep.equal([
            "allowed",
            "allowed",
        ]);
        expect(reported(audited(roles, undefined, ...calls)).map((row) => (row as unknown[])[2])).to.deep.equal([
            undefined,
            undefined,
        ]);
        const ip = {
            Version: "2012-10-17",
            Statement: {
                Effect: "Deny",
                Principal: "*",
                Action: "*",
                Resource: "*",
                Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } },
            },
        };
        // Events do not record the organization of the role.
        const organization = {
            Version: "2012-10-17",
            Statement: { ...ip.Statement, Condition: { StringNotEquals: { "aws:ResourceOrgID": "o-1234567890" } } },
        };
        for (const unknown of [ip, organization]) {
            expect(reported(audited(roles, [unknown], ...calls)).map((row) => (row as unknown[])[2])).to.deep.equal([
                "unknown",
                "unknown",
            ]);
        }
    });

    it("names the guardrail as the cause of a call that it denied, and no other cause", () => {
        const denied = eventOf({
            sub: `project_path:theirs/p${MAIN}`,
            roleArn: roleArn("deploy"),
            errorCode: "AccessDenied",
        });
        const causes = (guardrails: AuditArgs["guardrails"]): readonly string[] =>
            audited([like(`project_path:*${MAIN}`)], guardrails, denied).roles[0]!.events!.denied.map(
                ({ verdict, cause }) => `${verdict}: ${cause}`,
            );
        expect(causes([OURS])).to.deep.equal([
            `denied: The resource control policy denies it, although the trust policy allows it. Its statement "GitLabSubjects" (${FIRST}) applies: "gitlab.com:sub" is "project_path:theirs/p${MAIN}", which meets StringNotLike "project_path:ours/*".`,
        ]);
        expect(causes(undefined)[0]).to.match(/^allowed: The trust policy allows this sub claim/);
    });

    it("has the form of the schema, and notes to which accounts the policies must apply", () => {
        const report = audited([like(`project_path:theirs/*${MAIN}`)], [OURS], eventOf({ roleArn: roleArn("deploy") }));
        const schema = JSON.parse(readFileSync("provider/audit/report.schema.json", "utf8")) as object;
        const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
        validate(JSON.parse(JSON.stringify(report)));
        expect(validate.errors).to.equal(null);
        expect(report.notes.at(-1)).to.contain("management account");
        expect(audited([], undefined).notes).to.deep.equal([]);
    });

    it("rejects what is no resource control policy", () => {
        expect(() => audited([], [{ Version: "2012-10-17" }])).to.throw(InvalidInputsError, "guardrails[0].Statement");
    });
});

describe("a statement that denies all jobs of a subject", () => {
    it("denies every one of random jobs that the subject allows", () => {
        const random = new Random(SEED);
        const [groups, ids] = [
            ["a", "b", "ab", "a/b"],
            ["1", "12", "2"],
        ];
        const refs = ["main", "a", "b/p"];
        let [denied, jobs] = [0, 0];
        for (let i = 0; i < 3_000; i++) {
            const { json } = buildOrganizationGuardrail({
                ...(random.chance(70) ? { groups: [random.pick(groups)] } : { projectIds: [random.pick(ids)] }),
                ...(random.chance(40) && { audiences: [random.pick(["x", "y"])] }),
                ...(random.chance(20) && { trustedIssuers: [] }),
            });
            const path = random.pick(["*", "a/*", "b/p", "ab/*", "a*/p", "*/p", "a/b/?"]);
            const value = random.pick([
                `project_path:${path}:ref_type:branch:ref:${random.pick(["*", ...refs])}`,
                `project_id:${random.pick(["*", ...ids])}:*`,
                "*",
            ]);
            const sub = { operator: "StringLike", key: "gitlab.com:sub", values: [value] };
            const aud = { operator: "StringEquals", key: "gitlab.com:aud", values: [random.pick(["x", "y"])] };
            const against = statementAgainst(readGuardrails([json], new Findings()), {
                issuer: "gitlab.com",
                sub,
                aud: random.chance(80) ? aud : undefined,
            });
            denied += Number(against !== undefined);
            for (const token of random.list(10, () => tokenOf(random, { groups, ids, refs }))) {
                if (against !== undefined && isMet(sub, new Map([["gitlab.com:sub", [token]]]))) {
                    jobs += 1;
                    const trustPolicy = {
                        Statement: { Effect: "Allow", Principal: "*", Action: "sts:AssumeRoleWithWebIdentity" },
                    };
                    const claims = { iss: "https://gitlab.com", sub: token, aud: aud.values[0]! };
                    expect(
                        explainTrust({ trustPolicy, claims, guardrails: [json] }).allowed,
                        `${json} ${value} ${token}`,
                    ).to.equal(false);
                }
            }
        }
        // Otherwise nothing was compared.
        expect(denied).to.be.greaterThan(500);
        expect(jobs).to.be.greaterThan(200);
    });
});

interface Names {
    readonly groups: readonly string[];
    readonly ids: readonly string[];
    readonly refs: readonly string[];
}

function tokenOf(random: Random, { groups, ids, refs }: Names): string {
    const scope = random.chance(70)
        ? `project_path:${random.pick(groups)}/${random.pick(["p", "b"])}`
        : `project_id:${random.pick(ids)}`;
    return `${scope}:ref_type:branch:ref:${random.pick(refs)}`;
}
