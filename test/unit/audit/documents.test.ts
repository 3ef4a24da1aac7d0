import { expect } from "chai";
import { auditTrust } from "../../../provider/audit/audit";
import type { AuditDocument } from "../../../provider/audit/documents";
import type { AuditedRole, AuditReport } from "../../../provider/audit/report";

const ARN = "arn:aws:iam::111122223333:role/ci/deploy";
const PROVIDER = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
const SUB = "project_path:g/p:ref_type:branch:ref:main";

function policy(sub = SUB, provider = PROVIDER): object {
    return {
        Version: "2012-10-17",
        Statement: [
            {
                Effect: "Allow",
                Principal: { Federated: provider },
                Action: "sts:AssumeRoleWithWebIdentity",
                Condition: {
                    StringEquals: {
                        "gitlab.com:aud": "https://gitlab.com",
                        "gitlab.com:sub": sub,
                        "gitlab.com:project_id": "4711",
                    },
                },
            },
        ],
    };
}

const READ_BUCKET = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" }],
};
const ALL = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
const BOUNDARY = "arn:aws:iam::111122223333:policy/boundary";

const text = (value: unknown): string => JSON.stringify(value);

/** What `aws iam get-account-authorization-details` has of a role. */
const DETAIL = {
    Path: "/ci/",
    RoleName: "deploy",
    RoleId: "AROAEXAMPLE",
    Arn: ARN,
    CreateDate: "2024-01-01T00:00:00+00:00",
    AssumeRolePolicyDocument: policy(),
    InstanceProfileList: [],
    RolePolicyList: [{ PolicyName: "read", PolicyDocument: READ_BUCKET }],
    AttachedManagedPolicies: [],
    PermissionsBoundary: { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: BOUNDARY },
    Tags: [{ Key: "Team", Value: "a" }],
    RoleLastUsed: { LastUsedDate: "2026-05-01T12:00:00+02:00", Region: "eu-west-1" },
};
const DETAILS = { UserDetailList: [], GroupDetailList: [], RoleDetailList: [DETAIL], Policies: [] };

/** What `aws iam get-role` has of it. */
const GET_ROLE = {
    Role: {
        Path: "/ci/",
        RoleName: "deploy",
        RoleId: "AROAEXAMPLE",
        Arn: ARN,
        CreateDate: "2024-01-01T00:00:00+00:00",
        AssumeRolePolicyDocument: policy(),
        Description: "Deploys",
        MaxSessionDuration: 7200,
        RoleLastUsed: {},
    },
};
const LIST_ROLES = {
    Roles: [
        {
            Path: "/ci/",
            RoleName: "deploy",
            RoleId: "AROAEXAMPLE",
            Arn: ARN,
            CreateDate: "2024-01-01T00:00:00+00:00",
            AssumeRolePolicyDocument: policy(),
            MaxSessionDuration: 3600,
        },
    ],
};
const GET_PROVIDER = {
    Url: "gitlab.com",
    ClientIDList: ["https://gitlab.com"],
    ThumbprintList: [],
    CreateDate: "2024-01-01T00:00:00+00:00",
};

const PULUMI = {
    version: 3,
    deployment: {
        manifest: { time: "2026-01-01T00:00:00Z" },
        resources: [
            { urn: "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev", type: "pulumi:pulumi:Stack" },
            {
                urn: "urn:pulumi:dev::p::aws:iam/role:Role::deploy",
                type: "aws:iam/role:Role",
                outputs: {
                    arn: ARN,
                    name: "deploy",
                    path: "/ci/",
                    assumeRolePolicy: text(policy()),
                    maxSessionDuration: 3600,
                    description: "",
                    tagsAll: { Team: "a" },
                },
            },
            {
                urn: "urn:pulumi:dev::p::aws:iam/rolePolicy:RolePolicy::deploy",
                type: "aws:iam/rolePolicy:RolePolicy",
                outputs: { name: "read", role: "deploy", policy: text(READ_BUCKET) },
            },
            {
                urn: "urn:pulumi:dev::p::aws:iam/openIdConnectProvider:OpenIdConnectProvider::gitlab",
                type: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
                outputs: { arn: PROVIDER, url: "gitlab.com", clientIdLists: ["https://gitlab.com"] },
            },
        ],
    },
};

const TERRAFORM = {
    format_version: "1.0",
    terraform_version: "1.9.0",
    values: {
        root_module: {
            child_modules: [
                {
                    address: "module.ci",
                    resources: [
                        {
                            address: "module.ci.aws_iam_role.deploy",
                            mode: "managed",
                            type: "aws_iam_role",
                            name: "deploy",
                            values: {
                                arn: ARN,
                                name: "deploy",
                                path: "/ci/",
                                assume_role_policy: text(policy()),
                                max_session_duration: 3600,
                                permissions_boundary: BOUNDARY,
                                inline_policy: [],
                                managed_policy_arns: ["arn:aws:iam::aws:policy/AdministratorAccess"],
                                tags_all: {},
                            },
                            sensitive_values: { inline_policy: [], managed_policy_arns: [false], tags_all: {} },
                        },
                        {
                            address: "module.ci.aws_iam_openid_connect_provider.gitlab",
                            mode: "managed",
                            type: "aws_iam_openid_connect_provider",
                            values: { arn: PROVIDER, url: "gitlab.com", client_id_list: ["sts.amazonaws.com"] },
                        },
                    ],
                },
            ],
        },
    },
};

const EXISTING = {
    issuer: "gitlab.com",
    evidence: "gitlab.com",
    providerArn: PROVIDER,
};

function document(content: unknown, name = "a.json"): AuditDocument {
    return { name, content: text(content) };
}

function audit(...documents: readonly AuditDocument[]): AuditReport {
    return auditTrust({ documents });
}

/** The only role of the report. */
function roleOf(...documents: readonly AuditDocument[]): AuditedRole {
    const { roles } = audit(...documents);
    expect(roles).to.have.length(1);
    return roles[0]!;
}

/** What the document says about the role, without the trust policy, which is the same for all. */
function shown({ boundary, maxSessionDuration, lastUsed, power, powerComplete, trusts }: AuditedRole): object {
    const [{ providerExists, listsAudience }] = trusts as [AuditedRole["trusts"][0]];
    return { boundary, maxSessionDuration, lastUsed, power, powerComplete, providerExists, listsAudience };
}

const UNKNOWN = {
    boundary: "unknown",
    maxSessionDuration: "unknown",
    lastUsed: "unknown",
    power: "none",
    powerComplete: false,
    providerExists: "unknown",
    listsAudience: "unknown",
};

describe("a document of the audit", () => {
    for (const [title, content, expected] of [
        [
            "authorization details",
            DETAILS,
            { ...UNKNOWN, boundary: BOUNDARY, lastUsed: "2026-05-01T10:00:00Z", power: "read" },
        ],
        ["get-role", GET_ROLE, { ...UNKNOWN, boundary: "none", maxSessionDuration: 7200, lastUsed: "never" }],
        ["list-roles", LIST_ROLES, { ...UNKNOWN, maxSessionDuration: 3600 }],
        ["list-roles --query Roles", LIST_ROLES.Roles, { ...UNKNOWN, maxSessionDuration: 3600 }],
        [
            "authorization details of several accounts",
            { "111122223333": [DETAILS, GET_PROVIDER], "444455556666": DETAILS_OF_NOBODY() },
            {
                ...UNKNOWN,
                boundary: BOUNDARY,
                lastUsed: "2026-05-01T10:00:00Z",
                power: "read",
                providerExists: true,
                listsAudience: true,
            },
        ],
        [
            "pulumi stack export",
            PULUMI,
            {
                ...UNKNOWN,
                boundary: "none",
                maxSessionDuration: 3600,
                power: "read",
                providerExists: true,
                listsAudience: true,
            },
        ],
        [
            "terraform show -json",
            TERRAFORM,
            {
                ...UNKNOWN,
                boundary: BOUNDARY,
                maxSessionDuration: 3600,
                power: "administrator",
                providerExists: true,
                listsAudience: false,
            },
        ],
    ] as const) {
        it(`is ${title}`, () => {
            const role = roleOf(document(content));
            expect(shown(role)).to.deep.equal(expected);
            expect(role).to.deep.include({ arn: ARN, account: "111122223333", name: "deploy", sources: ["a.json"] });
            expect(role.subjects.map(({ scope }) => scope)).to.deep.equal([
                { kind: "project", path: "g/p", projectIds: ["4711"] },
            ]);
        });
    }

    it("is read from bytes, from an object, and from outputs one after the other", () => {
        const expected = text(roleOf(document(GET_ROLE)));
        expect(text(roleOf({ name: "a.json", content: Buffer.from(text(GET_ROLE)) }))).to.equal(expected);
        expect(text(roleOf({ name: "a.json", content: GET_ROLE }))).to.equal(expected);
        const several = `${text(GET_ROLE)}\n${JSON.stringify(GET_PROVIDER, null, 4)}\n`;
        expect(shown(roleOf({ name: "a.json", content: several }))).to.deep.include({
            maxSessionDuration: 7200,
            providerExists: true,
        });
    });

    it("can have its policies URL-encoded, as IAM's API returns them", () => {
        const role = {
            ...DETAIL,
            AssumeRolePolicyDocument: encodeURIComponent(text(policy())),
            RolePolicyList: [{ PolicyName: "all", PolicyDocument: encodeURIComponent(text(ALL)) }],
            PermissionsBoundary: undefined,
        };
        expect(roleOf(document({ RoleDetailList: [role] }))).to.deep.include({
            power: "administrator",
            powerComplete: true,
            trustPolicy: policy(),
        });
    });

    it("can be aws-native's part of a Pulumi state", () => {
        const state = {
            version: 3,
            deployment: {
                resources: [
                    {
                        type: "aws-native:iam:Role",
                        outputs: {
                            arn: ARN,
                            roleName: "deploy",
                            path: "/ci/",
                            assumeRolePolicyDocument: policy(),
                            policies: [{ policyName: "read", policyDocument: READ_BUCKET }],
                            permissionsBoundary: BOUNDARY,
                            tags: [{ key: "Team", value: "a" }],
                        },
                    },
                    {
                        type: "aws-native:iam:OidcProvider",
                        outputs: { arn: PROVIDER, url: "https://gitlab.com", clientIdList: ["https://gitlab.com"] },
                    },
                ],
            },
        };
        expect(shown(roleOf(document(state)))).to.deep.equal({
            ...UNKNOWN,
            boundary: BOUNDARY,
            power: "read",
            providerExists: true,
            listsAudience: true,
        });
    });

    for (const [title, content, message] of [
        ["cut off", text(DETAILS).slice(0, -10), '"a.json" is cut off: it ends in the middle of the JSON.'],
        [
            "cut off within a string",
            text(DETAILS).slice(0, 80),
            '"a.json" is cut off: it ends in the middle of the JSON.',
        ],
        ["empty", "", '"a.json" is empty.'],
        ["a web page", "<!doctype html>", '"a.json" is not JSON, but looks like a web page.'],
        ["not UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), '"a.json" is not valid UTF-8.'],
        ["too deep", "[".repeat(100) + "]".repeat(100), '"a.json" is nested more than 64 levels deep.'],
        ["text", '"x"', '"a.json" is JSON, but not a document that the audit can read.'],
        ["of another kind", text({ a: 1 }), '"a.json" is JSON, but not a document that the audit can read.'],
        [
            "partly of another kind",
            text([GET_ROLE, 1]),
            '"a.json" is JSON, but not a document that the audit can read.',
        ],
        ["a policy", text(policy()), '"a.json" is a policy without its role.'],
        [
            "a Terraform plan",
            text({ format_version: "1.2", planned_values: {} }),
            '"a.json" is a Terraform plan, not a state.',
        ],
        [
            "Terraform's state file",
            text({ version: 4, lineage: "x", resources: [] }),
            '"a.json" is Terraform\'s own state file.',
        ],
        ["a report", text(audit(document(GET_ROLE))), '"a.json" is a report of an audit.'],
    ] as const) {
        it(`is rejected if it is ${title}`, () => {
            expect(() => audit({ name: "a.json", content })).to.throw(message);
        });
    }

    it("is rejected together with the others that cannot be read, each by its name, which is harmless", () => {
        const name = "b\u001b[31m\n<script>.json";
        expect(() => audit({ name: "a.json", content: "{" }, { name, content: "{}" })).to.throw(
            /documents\[0\]: "a\.json" is cut off[^]*documents\[1\]: "b\\u001b\[31m\\n<script>\.json" is JSON, but/,
        );
    });

    it("may have names that mean something to JavaScript", () => {
        const role = { ...DETAIL, Tags: [{ Key: "__proto__", Value: "x" }], ["__proto__x"]: 1 };
        const content = text({ RoleDetailList: [role] }).replace("__proto__x", "__proto__");
        expect(roleOf({ name: "a.json", content }).arn).to.equal(ARN);
    });

    it("may have roles whose trust policy cannot be read, which a note names", () => {
        for (const trustPolicy of ["{", [1], { Version: "2012-10-17" }, encodeURIComponent('{"Statement":')]) {
            const report = audit(document({ Role: { ...GET_ROLE.Role, AssumeRolePolicyDocument: trustPolicy } }));
            expect(report.roles).to.deep.equal([]);
            expect(report.notes).to.deep.equal([
                `${ARN}: the trust policy cannot be read, so the report leaves out the role.`,
            ]);
        }
    });

    it("may have roles without a valid ARN, which are skipped", () => {
        const report = audit(document({ Roles: [{ ...GET_ROLE.Role, Arn: "x" }, GET_ROLE.Role] }));
        expect(report.roles).to.have.length(1);
        expect(report.notes).to.deep.equal(['"a.json" has 1 role without a valid ARN, which the audit skips.']);
    });
});

function DETAILS_OF_NOBODY(): object {
    return { UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [] };
}

describe("secrets of a state", () => {
    const SIGNATURE = "4dabf18193072939515e22adb298388d";
    const secret = (plaintext: string): object => ({
        [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270",
        plaintext: text(plaintext),
    });
    const [, role] = PULUMI.deployment.resources as [unknown, { type: string; outputs: object }];

    it("stay out of the report, encrypted or not", () => {
        const state = {
            version: 3,
            deployment: {
                secrets_providers: { type: "passphrase", state: { salt: "hidden-1" } },
                resources: [
                    {
                        ...role,
                        outputs: {
                            ...role.outputs,
                            description: secret("hidden-2"),
                            permissionsBoundary: secret("hidden-3"),
                            other: "hidden-4",
                        },
                    },
                    { type: "aws:rds/instance:Instance", outputs: { password: "hidden-5", arn: ARN } },
                ],
            },
        };
        const report = audit(document(state));
        expect(report.roles[0]).to.deep.include({ arn: ARN, boundary: "unknown" });
        expect(text(report)).not.to.include("hidden");
    });

    it("leave the role out of the report if they are its trust policy", () => {
        const state = {
            version: 3,
            deployment: { resources: [{ ...role, outputs: { ...role.outputs, assumeRolePolicy: secret("hidden") } }] },
        };
        const report = audit(document(state));
        expect(report.roles).to.deep.equal([]);
        expect(report.notes).to.deep.equal([
            "No document has the trust policy of 1 role, which the report leaves out.",
        ]);
        expect(text(report)).not.to.include("hidden");
    });

    it("are what Terraform marks as sensitive", () => {
        const resource = {
            type: "aws_iam_role",
            values: {
                arn: ARN,
                name: "deploy",
                assume_role_policy: text(policy()),
                description: "hidden",
                permissions_boundary: "hidden",
            },
            sensitive_values: { description: true, permissions_boundary: true },
        };
        const report = audit(document({ format_version: "1.0", values: { root_module: { resources: [resource] } } }));
        expect(report.roles[0]).to.deep.include({ arn: ARN, boundary: "unknown" });
        expect(text(report)).not.to.include("hidden");
    });
});

describe("several documents", () => {
    it("add to each other", () => {
        const role = roleOf(
            document(DETAILS, "details.json"),
            document(GET_ROLE, "role.json"),
            document(GET_PROVIDER, "gitlab.json"),
        );
        expect(shown(role)).to.deep.equal({
            boundary: BOUNDARY,
            maxSessionDuration: 7200,
            lastUsed: "2026-05-01T10:00:00Z",
            power: "read",
            powerComplete: false,
            providerExists: true,
            listsAudience: true,
        });
        expect(role.trusts).to.deep.equal([{ ...EXISTING, providerExists: true, listsAudience: true }]);
        expect(role.sources).to.deep.equal(["details.json", "role.json"]);
    });

    it("have the documents of attached policies and boundaries", () => {
        const attached = { PolicyName: "all", PolicyArn: "arn:aws:iam::111122223333:policy/all" };
        const version = (Document: object): object => ({ Document, VersionId: "v2", IsDefaultVersion: true });
        const managed = (name: string, document: object): object => ({
            PolicyName: name,
            Arn: `arn:aws:iam::111122223333:policy/${name}`,
            DefaultVersionId: "v2",
            PolicyVersionList: [{ Document: READ_BUCKET, VersionId: "v1", IsDefaultVersion: false }, version(document)],
        });
        const details = {
            RoleDetailList: [{ ...DETAIL, AttachedManagedPolicies: [attached] }],
            Policies: [managed("all", ALL), managed("boundary", ALL)],
        };
        expect(roleOf(document(details))).to.deep.include({ power: "administrator", powerComplete: true });
    });

    it("give way to the output of AWS if a state contradicts it", () => {
        const [stack, role, ...others] = PULUMI.deployment.resources as [object, { outputs: object }, ...object[]];
        const old = {
            ...role,
            outputs: { ...role.outputs, assumeRolePolicy: text(policy(`${SUB}-old`)), maxSessionDuration: 43200 },
        };
        const state = { version: 3, deployment: { resources: [stack, old, ...others] } };
        for (const documents of [
            [document(GET_ROLE, "role.json"), document(state, "state.json")],
            [document(state, "state.json"), document(GET_ROLE, "role.json")],
        ]) {
            const report = audit(...documents);
            expect(report.roles[0]).to.deep.include({ maxSessionDuration: 7200, trustPolicy: policy() });
            expect(report.notes).to.deep.equal(
                ["the trust policy", "the description", "the maximum session duration", "the tags"].map(
                    (what) =>
                        `${ARN}: "role.json" and "state.json" have different values for ${what}. The audit uses "role.json".`,
                ),
            );
        }
    });

    it("give way to the later one, if both are of AWS", () => {
        const other = { Role: { ...GET_ROLE.Role, AssumeRolePolicyDocument: policy(`${SUB}-new`) } };
        const report = audit(document(GET_ROLE, "old.json"), document(other, "new.json"));
        expect(report.roles[0]!.trustPolicy).to.deep.equal(policy(`${SUB}-new`));
        expect(report.notes).to.deep.equal([
            `${ARN}: "new.json" and "old.json" have different values for the trust policy. The audit uses "new.json".`,
        ]);
    });

    it("do not contradict each other in how a policy is written", () => {
        const reordered = {
            Statement: (policy() as { Statement: readonly object[] }).Statement[0],
            Version: "2012-10-17",
        };
        const role = { Role: { ...GET_ROLE.Role, AssumeRolePolicyDocument: encodeURIComponent(text(reordered)) } };
        expect(audit(document(GET_ROLE, "a.json"), document(role, "b.json")).notes).to.deep.equal([]);
    });

    it("can be the pages of authorization details", () => {
        const page = { ...DETAILS, IsTruncated: true, Marker: "m" };
        const last = { ...DETAILS, RoleDetailList: [], IsTruncated: false };
        expect(audit(document([page, { ...DETAILS, IsTruncated: false }])).notes).to.deep.equal([]);
        expect(
            audit(document(page, "1.json"), document({ ...DETAILS, IsTruncated: false }, "2.json")).notes,
        ).to.deep.equal([]);
        expect(audit(document(page)).notes).to.deep.equal([
            '"a.json": the last page of the authorization details of account 111122223333 is missing, so roles may be missing.',
        ]);
        expect(audit(document([page, last])).notes).to.deep.equal([]);
    });

    it("can say that there is no identity provider", () => {
        const none = { "111122223333": [GET_ROLE, { OpenIDConnectProviderList: [] }] };
        expect(roleOf(document(none)).trusts).to.deep.equal([
            { ...EXISTING, providerExists: false, listsAudience: "unknown" },
        ]);
        const listed = [GET_ROLE, { OpenIDConnectProviderList: [{ Arn: PROVIDER }] }];
        expect(roleOf(document(listed)).trusts).to.deep.equal([
            { ...EXISTING, providerExists: true, listsAudience: "unknown" },
        ]);
    });

    it("do not say which of several accounts has a provider", () => {
        const elsewhere = { Role: { ...GET_ROLE.Role, Arn: "arn:aws:iam::444455556666:role/x" } };
        const report = audit(document([GET_ROLE, elsewhere], "roles.json"), document(GET_PROVIDER, "gitlab.json"));
        expect(report.notes).to.include(
            '"gitlab.json" has the identity provider "gitlab.com" without its account, so the audit skips it. To include it, write { "ACCOUNT_ID": … } around it.',
        );
        expect(report.roles.map((r) => r.trusts[0]!.providerExists)).to.deep.equal(["unknown", false]);
        expect(report.notes).to.include(
            `arn:aws:iam::444455556666:role/x: the trust policy names "${PROVIDER}", which is not in the account of the role.`,
        );
    });

    it("can add policies to a role by its name", () => {
        const policies = {
            version: 3,
            deployment: {
                resources: [
                    {
                        type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                        outputs: { role: "deploy", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
                    },
                    {
                        type: "aws:iam/rolePolicy:RolePolicy",
                        outputs: { role: "nobody", name: "x", policy: text(ALL) },
                    },
                ],
            },
        };
        const report = audit(document(PULUMI, "platform.json"), document(policies, "app.json"));
        expect(report.roles[0]!.power).to.equal("administrator");
        expect(report.notes).to.deep.equal([
            '"app.json" adds the policy "x" to the role "nobody", and no document has a role of that name. The audit skips this policy.',
        ]);
    });

    it("name issuers that may be GitLab instances", () => {
        const provider = "arn:aws:iam::111122223333:oidc-provider/git.example.com";
        const statement = {
            Effect: "Allow",
            Principal: { Federated: provider },
            Action: "sts:AssumeRoleWithWebIdentity",
            Condition: { StringEquals: { "git.example.com:aud": "https://git.example.com" } },
        };
        const role = {
            Role: { ...GET_ROLE.Role, AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: statement } },
        };
        const report = audit(document(role));
        expect(report.roles).to.deep.equal([]);
        expect(report.notes).to.deep.equal([
            '1 role trusts the issuer "git.example.com", and nothing shows whether it is a GitLab instance. If it is, give its URL.',
        ]);
        const [found] = auditTrust({ documents: [document(role)], urls: ["https://git.example.com"] }).roles;
        expect(found!.trusts[0]).to.deep.include({ issuer: "git.example.com", evidence: "url" });
    });
});
