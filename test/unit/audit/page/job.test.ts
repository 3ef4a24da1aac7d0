import { expect } from "chai";
import { auditTrust } from "../../../../provider/audit/audit";
import {
    answersFor,
    claimsOf,
    completed,
    formFaults,
    formOf,
    FURTHER_CLAIMS,
    JOB_FIELDS,
    type JobForm,
    subComponentsIn,
    verdictOf,
} from "../../../../provider/audit/page/job";
import { GITLAB_COM_KEYS } from "../../../../provider/iam/condition-keys";
import { parseTrustPolicy } from "../../../../provider/trust/document";
import { allows } from "../../../../tools/fuzz/oracle";
import { Random } from "../../../../tools/fuzz/random";
import { providerArn, scenario } from "../../../../tools/fuzz/scenario";
import { branchOf, detailsOf, roleOf, statement } from "../../../support/example-account";
import { SEED } from "../../../support/random";

const EMPTY = Object.fromEntries(JOB_FIELDS.map((field) => [field, ""])) as JobForm;
const NOW = Date.UTC(2026, 10, 27) / 1000;

function formWith(fields: Partial<JobForm>): JobForm {
    return completed({ ...EMPTY, ...fields }, ["gitlab.com"]);
}

const APP = formWith({ project_path: "acme/app", ref: "main" });

describe("the form for a job", () => {
    it("has a field for each condition key of gitlab.com", () =>
        expect([...FURTHER_CLAIMS, "project_id", "ref_protected"]).to.have.members(GITLAB_COM_KEYS));

    const CLAIMS: Readonly<Record<string, readonly [fields: Partial<JobForm>, claims: object]>> = {
        "a branch": [
            { project_path: "acme/app", ref: "main" },
            {
                iss: "https://gitlab.com",
                aud: "https://gitlab.com",
                sub: "project_path:acme/app:ref_type:branch:ref:main",
            },
        ],
        "a tag, with further claims": [
            {
                project_path: "acme/app",
                ref_type: "tag",
                ref: "v1",
                project_id: "4711",
                ref_protected: "true",
                user_login: "jdoe",
            },
            {
                iss: "https://gitlab.com",
                aud: "https://gitlab.com",
                sub: "project_path:acme/app:ref_type:tag:ref:v1",
                project_id: "4711",
                ref_protected: "true",
                user_login: "jdoe",
            },
        ],
        "other components, without an environment": [
            {
                project_path: "acme/app",
                project_id: "4711",
                ref: "main",
                components: "project_id,ref_type,ref,deployment_tier",
            },
            {
                iss: "https://gitlab.com",
                aud: "https://gitlab.com",
                sub: "project_id:4711:ref_type:branch:ref:main",
                project_id: "4711",
            },
        ],
        "other components, with an environment": [
            {
                project_path: "acme/app",
                ref: "main",
                components: "project_path,ref_type,ref,deployment_tier",
                deployment_tier: "staging",
            },
            {
                iss: "https://gitlab.com",
                aud: "https://gitlab.com",
                sub: "project_path:acme/app:ref_type:branch:ref:main:deployment_tier:staging",
            },
        ],
        "an instance whose other claims AWS does not evaluate": [
            { issuer: "gitlab.example.com", project_path: "acme/app", ref: "main", project_id: "4711", aud: "aws" },
            { iss: "https://gitlab.example.com", aud: "aws", sub: "project_path:acme/app:ref_type:branch:ref:main" },
        ],
    };
    for (const [what, [fields, claims]] of Object.entries(CLAIMS)) {
        it(`gives the claims of ${what}`, () => expect(claimsOf(formWith(fields))).to.deep.equal(claims));
    }

    const FAULTS: Readonly<Record<string, readonly [fields: Partial<JobForm>, faults: readonly string[]]>> = {
        nothing: [{}, ["project_path is missing.", "ref is missing."]],
        "a group": [{ project_path: "acme", ref: "main" }, ['project_path "acme" names a group, not a project.']],
        "a full ref": [
            { project_path: "acme/app", ref: "refs/heads/main" },
            ['ref "refs/heads/main" is a full ref, but the `sub` claim has the short name.'],
        ],
        "values of claims that do not exist": [
            { project_path: "acme/app", ref: "main", project_id: "abc", user_access_level: "boss" },
            [
                'project_id "abc" is not a numeric project ID.',
                'user_access_level "boss" is not an access level of GitLab.',
            ],
        ],
        "no value for a component": [
            { project_path: "acme/app", ref: "main", components: "project_id,ref_type,ref,ref_protected" },
            ["project_id is missing.", "ref_protected is missing."],
        ],
        "a complete form": [{ project_path: "acme/app", ref: "main" }, []],
    };
    for (const [what, [fields, faults]] of Object.entries(FAULTS)) {
        it(`with ${what} has ${faults.length === 0 ? "no fault" : "its faults"}`, () =>
            expect(formFaults(formWith(fields)).map(({ path, message }) => `${path} ${message}`)).to.deep.equal(
                faults,
            ));
    }

    it("is filled with the claims of an example, and has the same claims again", () => {
        const report = auditTrust({
            documents: [
                {
                    name: "account.json",
                    content: detailsOf([
                        roleOf(
                            "deploy",
                            statement({
                                StringEquals: {
                                    "gitlab.com:aud": "https://gitlab.com",
                                    "gitlab.com:sub": `${branchOf("acme/app")}:deployment_tier:production`,
                                },
                            }),
                        ),
                    ]),
                },
            ],
        });
        const [claims] = report.roles[0]!.witnesses;
        const form = formOf(claims!);
        expect(form).to.include({
            issuer: "gitlab.com",
            project_path: "acme/app",
            ref_type: "branch",
            ref: "main",
            components: "project_path,ref_type,ref,deployment_tier",
            deployment_tier: "production",
        });
        expect(claimsOf(form)).to.include({ iss: claims!.iss, sub: claims!.sub, aud: claims!["aud"] });
        expect(subComponentsIn(report)).to.deep.equal([
            "project_path,ref_type,ref",
            "project_path,ref_type,ref,deployment_tier",
        ]);
    });
});

describe("the answers for a job", () => {
    const AUD = { "gitlab.com:aud": "https://gitlab.com" };
    const ROLES = [
        roleOf("app", statement({ StringEquals: { ...AUD, "gitlab.com:sub": branchOf("acme/app") } })),
        roleOf(
            "id",
            statement({
                StringEquals: { ...AUD, "gitlab.com:sub": branchOf("acme/app"), "gitlab.com:project_id": "4711" },
            }),
        ),
        roleOf("dev", statement({ StringEquals: { ...AUD, "gitlab.com:sub": branchOf("acme/app", "dev") } })),
        roleOf(
            "office",
            statement({
                StringEquals: { ...AUD, "gitlab.com:sub": branchOf("acme/app") },
                IpAddress: { "aws:SourceIp": "203.0.113.0/24" },
            }),
        ),
        roleOf("another", statement({ StringEquals: { ...AUD, "gitlab.com:sub": branchOf("acme/other") } })),
        roleOf(
            "own",
            statement(
                {
                    StringEquals: {
                        "gitlab.example.com:aud": "https://gitlab.example.com",
                        "gitlab.example.com:sub": branchOf("acme/app"),
                    },
                },
                "gitlab.example.com",
            ),
        ),
    ];
    const answers = (form: JobForm, ...more: readonly object[]): readonly string[] => {
        const documents = [detailsOf(ROLES), ...more].map((content, i) => ({ name: String(i), content }));
        return answersFor(auditTrust({ documents }).roles, form, NOW).map(({ role, result, keys, cause = "" }) =>
            `${role.name} ${result} ${[...keys, cause].join(" ")}`.trimEnd(),
        );
    };

    it("are those that get in, those that depend, then the others, the nearest first", () =>
        expect(answers(APP)).to.deep.equal([
            "app allowed",
            "id depends gitlab.com:project_id",
            "office depends aws:SourceIp",
            'dev denied The job ran on branch "main", but the role allows "dev".',
            'another denied The job belongs to project "acme/app", but the role allows "acme/other".',
            'own denied The token was issued by "https://gitlab.com", but the statement trusts "https://gitlab.example.com".',
        ]));

    it("change with a further claim", () => {
        expect(answers({ ...APP, project_id: "4711" })).to.include("id allowed");
        expect(answers({ ...APP, project_id: "815" })).to.include(
            'id denied The job belongs to the project with ID "815", but the role allows "4711".',
        );
    });

    it("count an identity provider that is missing, or does not list the audience", () => {
        const list = (...arns: readonly string[]): object => ({
            OpenIDConnectProviderList: arns.map((Arn) => ({ Arn })),
        });
        const cause = 'app denied The account 111122223333 has no identity provider for "https://gitlab.com".';
        expect(answers(APP, list(providerArn("gitlab.example.com")))).to.include(cause);
        const provider = {
            Url: "gitlab.com",
            ClientIDList: ["sts.amazonaws.com"],
            ThumbprintList: [],
            CreateDate: "2026-01-01T00:00:00Z",
            Tags: [],
        };
        expect(answers(APP, list(providerArn("gitlab.com")), provider)).to.include(
            "app denied The identity provider does not list an audience that the trust policy accepts.",
        );
    });

    /** Condition keys of every call at that time. */
    const ALWAYS = {
        "aws:CurrentTime": new Date(NOW * 1000).toISOString(),
        "aws:EpochTime": String(NOW),
        "aws:SecureTransport": "true",
    };

    /** Other condition keys of the random calls that a call of a job can have. */
    const POSSIBLE = new Set(["aws:SourceIp", "sts:RoleSessionName", "sts:DurationSeconds", "aws:RequestedRegion"]);

    it("are those of the second evaluator, whatever the values that are not known", () => {
        const random = new Random(SEED);
        const counts = { allowed: 0, denied: 0, depends: 0 };
        for (let i = 0; i < 1_000; i += 1) {
            for (const { trustPolicy, claims, context } of scenario(random)) {
                const issuer = claims.iss.replace("https://", "");
                const known = Object.fromEntries(
                    Object.entries(claims).filter(([name]) => name === "iss" || !random.chance(20)),
                );
                const { statements, findings } = parseTrustPolicy(trustPolicy);
                if (findings.length === 0) {
                    const { result } = verdictOf(statements, { ...known, iss: claims.iss }, NOW);
                    const whole = {
                        ...Object.fromEntries(Object.entries(context).filter(([key]) => POSSIBLE.has(key))),
                        ...ALWAYS,
                    };
                    const oracle = allows(trustPolicy, {
                        issuer,
                        providerArn: providerArn(issuer),
                        claims,
                        context: whole,
                    });
                    const shown = JSON.stringify({ SEED, trustPolicy, claims, known, context });
                    expect(result === "allowed" && oracle === false, shown).to.equal(false);
                    expect(result === "denied" && oracle === true, shown).to.equal(false);
                    counts[result] += 1;
                }
            }
        }
        expect(Math.min(...Object.values(counts)), JSON.stringify(counts)).to.be.greaterThan(50);
    });
});
