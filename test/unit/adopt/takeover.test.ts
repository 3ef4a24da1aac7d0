import { expect } from "chai";
import { adoptFacts } from "../../../provider/adopt/adopt";
import { childrenThatStay, movedState } from "../../../provider/adopt/state-file";
import { takeoverOf, type Takeover } from "../../../provider/adopt/takeover";
import { joinFacts } from "../../../provider/audit/account-facts";
import { readDocument } from "../../../provider/audit/documents";
import { policy, statement } from "../../support/policies";

const ACCOUNT = "111122223333";
const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/gitlab.com`;
const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const TRUST = policy(
    statement({
        StringEquals: {
            "gitlab.com:aud": "https://gitlab.com",
            "gitlab.com:sub": "project_path:acme/app:ref_type:branch:ref:main",
        },
    }),
);

const detail = (name: string): object => ({
    Path: "/",
    RoleName: name,
    Arn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
    AssumeRolePolicyDocument: TRUST,
    RolePolicyList: [],
    AttachedManagedPolicies: [{ PolicyName: "ReadOnlyAccess", PolicyArn: READ_ONLY }],
    Tags: [],
    Description: "",
    MaxSessionDuration: 3600,
});

/** Output of AWS for roles that have a managed policy, and their identity provider. */
const ofAws = (...names: readonly string[]): readonly object[] => [
    { RoleDetailList: names.map(detail) },
    { Url: "gitlab.com", ClientIDList: ["https://gitlab.com"], ThumbprintList: [], Tags: [] },
];

function takeover(...documents: readonly object[]): Takeover {
    const facts = documents.map((content, i) => {
        const read = readDocument({ name: `${String(i)}.json`, content }, () => undefined);
        return "fault" in read ? expect.fail(read.fault) : read;
    });
    const { accounts } = adoptFacts(joinFacts(facts));
    expect(accounts).to.have.length(1);
    expect(accounts[0]).to.deep.include({ incomplete: [], left: [] });
    return takeoverOf(accounts[0]!);
}

type Entry = Readonly<Record<string, unknown>>;

const urn = (types: string, name: string, stack = "dev"): string => `urn:pulumi:${stack}::acme::${types}::${name}`;
const ROOT = urn("pulumi:pulumi:Stack", "acme-dev");
const AWS = urn("pulumi:providers:aws", "default_7_48_0");

/** A resource of a state: its type, its name and its outputs. */
const entry = (type: string, name: string, outputs: object, more: Entry = {}): Entry => ({
    urn: urn(type, name),
    custom: true,
    type,
    id: name,
    outputs,
    parent: ROOT,
    provider: `${AWS}::37871362-4ccf-409d-a5f3-bf4b30c0bf77`,
    ...more,
});
const stateOf = (...resources: readonly Entry[]): Entry & { readonly deployment: Entry } => ({
    version: 3,
    deployment: {
        manifest: { version: "v3.256.0" },
        resources: [
            { urn: ROOT, custom: false, type: "pulumi:pulumi:Stack" },
            { urn: AWS, custom: true, type: "pulumi:providers:aws", id: "37871362-4ccf-409d-a5f3-bf4b30c0bf77" },
            ...resources,
        ],
    },
});

const ROLE = "aws:iam/role:Role";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const OIDC = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const idp = entry(OIDC, "idp", { arn: PROVIDER, url: "gitlab.com", clientIdLists: ["https://gitlab.com"] });
const role = (name: string, more: Entry = {}): Entry =>
    entry(ROLE, name, { arn: `arn:aws:iam::${ACCOUNT}:role/${name}`, assumeRolePolicy: TRUST }, more);
const attached = (name: string, roleName: string, more: Entry = {}): Entry =>
    entry(ATTACHMENT, name, { role: roleName, policyArn: READ_ONLY }, more);

const GITLAB = "aws-gitlab-oidc:index:GitLabOidc";
const PIPELINE_ROLE = `${GITLAB}$aws-gitlab-oidc:index:PipelineRole`;
const NEW = {
    gitlab: urn(GITLAB, "gitlab"),
    provider: urn(`${GITLAB}$aws-gitlab-oidc:index:IdentityProvider`, "gitlab"),
    pipelineRole: urn(PIPELINE_ROLE, "gitlab-ci"),
    idp: urn(`${GITLAB}$aws-gitlab-oidc:index:IdentityProvider$${OIDC}`, "gitlab"),
    role: urn(`${PIPELINE_ROLE}$${ROLE}`, "gitlab-ci"),
    attachment: urn(`${PIPELINE_ROLE}$${ROLE}$${ATTACHMENT}`, "gitlab-ci:aws:policy/ReadOnlyAccess"),
};

const urnsOf = (state: Readonly<Record<string, unknown>>): readonly string[] =>
    (state["deployment"] as { resources: readonly { urn: string }[] }).resources.map((each) => each.urn);
const inState = (state: Readonly<Record<string, unknown>>, of: string): Entry =>
    (state["deployment"] as { resources: readonly Entry[] }).resources.find((each) => each["urn"] === of)!;

describe("adopt: what a stack of Pulumi has", () => {
    it("moves, with new URNs and parents in everything that refers to it", () => {
        const state = stateOf(
            // Pulumi has no dependency if the program writes the name of the role.
            attached("read", "ci", { dependencies: [] }),
            idp,
            role("ci", { dependencies: [urn(OIDC, "idp")], propertyDependencies: { name: [urn(OIDC, "idp")] } }),
            entry("aws:s3/bucket:Bucket", "logs", { bucket: "logs" }, { dependencies: [urn(ROLE, "ci")] }),
        );
        const { ofStack, importFile, released } = takeover(state, ...ofAws("ci"));
        expect({ importFile, released }).to.deep.equal({ importFile: undefined, released: [] });
        expect(ofStack!.stack).to.deep.equal({ name: "dev", project: "acme" });
        expect(ofStack!.moves.map(({ from, to }) => [from.address, to])).to.deep.equal([
            [urn(OIDC, "idp"), NEW.idp],
            [urn(ROLE, "ci"), NEW.role],
            [urn(ATTACHMENT, "read"), NEW.attachment],
        ]);
        const moved = movedState(state, ofStack!);
        expect(urnsOf(moved)).to.deep.equal([
            ROOT,
            AWS,
            NEW.gitlab,
            NEW.pipelineRole,
            NEW.provider,
            NEW.idp,
            NEW.role,
            NEW.attachment,
            urn("aws:s3/bucket:Bucket", "logs"),
        ]);
        expect(inState(moved, NEW.role)).to.deep.equal({
            ...role("ci"),
            urn: NEW.role,
            parent: NEW.pipelineRole,
            protect: true,
            dependencies: [NEW.idp],
            propertyDependencies: { name: [NEW.idp] },
        });
        expect(inState(moved, NEW.pipelineRole)).to.deep.equal({
            urn: NEW.pipelineRole,
            custom: false,
            type: "aws-gitlab-oidc:index:PipelineRole",
            parent: NEW.gitlab,
        });
        expect(inState(moved, NEW.gitlab)["parent"]).to.equal(ROOT);
        expect(inState(moved, urn("aws:s3/bucket:Bucket", "logs"))).to.deep.equal(
            entry("aws:s3/bucket:Bucket", "logs", { bucket: "logs" }, { dependencies: [NEW.role] }),
        );
        expect(moved).to.deep.include({ version: 3 });
        expect(moved["deployment"]).to.deep.include({ manifest: { version: "v3.256.0" } });
    });

    it("and what it does not have is imported below parents that it has then", () => {
        const { ofStack, importFile } = takeover(stateOf(role("ci")), ...ofAws("ci"));
        expect(ofStack!.moves.map(({ to }) => to)).to.deep.equal([NEW.role]);
        expect(importFile).to.deep.equal({
            resources: [
                {
                    type: OIDC,
                    name: "OpenIdConnectProvider/gitlab",
                    logicalName: "gitlab",
                    parent: "IdentityProvider/gitlab",
                    id: PROVIDER,
                },
                {
                    type: ATTACHMENT,
                    name: "RolePolicyAttachment/gitlab-ci:aws:policy/ReadOnlyAccess",
                    logicalName: "gitlab-ci:aws:policy/ReadOnlyAccess",
                    parent: "Role/gitlab-ci",
                    id: `ci/${READ_ONLY}`,
                },
            ],
            nameTable: { "IdentityProvider/gitlab": NEW.provider, "Role/gitlab-ci": NEW.role },
        });
    });

    it("leaves its state if another resource replaces it, once for several roles", () => {
        const roles = ["ci", "web"];
        const exclusive = entry(
            "aws:iam/policyAttachment:PolicyAttachment",
            "all",
            { name: "all", roles, policyArn: READ_ONLY },
            { dependencies: roles.map((name) => urn(ROLE, name)) },
        );
        const after = entry("aws:s3/bucket:Bucket", "logs", {}, { dependencies: [exclusive["urn"], urn(ROLE, "ci")] });
        const state = stateOf(idp, ...roles.map((name) => role(name)), exclusive, after);
        const { ofStack, importFile } = takeover(state, ...ofAws(...roles));
        expect(ofStack!.dropped.map(({ address }) => address)).to.deep.equal([exclusive["urn"]]);
        expect(importFile!.resources.map(({ id }) => id)).to.deep.equal(roles.map((name) => `${name}/${READ_ONLY}`));
        const moved = movedState(state, ofStack!);
        expect(urnsOf(moved)).not.to.include(exclusive["urn"]);
        expect(inState(moved, urn("aws:s3/bucket:Bucket", "logs"))["dependencies"]).to.deep.equal([NEW.role]);
    });

    it("is not managed by it if the program only reads it, or if it waits for its deletion", () => {
        const state = stateOf({ ...idp, external: true }, { ...role("ci"), delete: true });
        expect(takeover(state, ...ofAws("ci"))).to.deep.include({ ofStack: undefined, released: [] });
    });

    it("has the Pulumi provider of the program, but not a default one", () => {
        const own = urn("pulumi:providers:aws", "eu");
        const state = stateOf(idp, role("ci", { provider: `${own}::04da6b54-80e4-46f7-96ec-b56ff0331ba9` }));
        const { ofStack } = takeover(state, ...ofAws("ci"));
        expect(ofStack!.moves.map(({ from }) => from.provider)).to.deep.equal([undefined, own]);
    });

    it("stays as it is if it is below the components already, also if more is imported", () => {
        const below = (from: Entry, to: string, parent: string): Entry => ({ ...from, urn: to, parent });
        const state = stateOf(below(idp, NEW.idp, NEW.provider), below(role("ci"), NEW.role, NEW.pipelineRole));
        const { ofStack, importFile } = takeover(state, ...ofAws("ci"));
        expect(ofStack).to.deep.include({ moves: [], dropped: [], source: "0.json" });
        expect(importFile!.resources.map(({ id }) => id)).to.deep.equal([`ci/${READ_ONLY}`]);
    });

    it("cannot move if another resource stays below it", () => {
        const child = entry("aws:s3/bucket:Bucket", "logs", {}, { parent: urn(ROLE, "ci") });
        const state = stateOf(idp, role("ci"), attached("read", "ci", { parent: urn(ROLE, "ci") }), child);
        const { ofStack } = takeover(state, ...ofAws("ci"));
        expect(childrenThatStay(state, ofStack!)).to.deep.equal([child["urn"]]);
    });

    it("is imported if it is in several stacks, and leaves them then: first what depends on others", () => {
        const states = [
            stateOf(idp),
            JSON.parse(
                JSON.stringify(stateOf(role("ci"), attached("read", "ci"))).replaceAll(":dev::", ":prod::"),
            ) as object,
        ];
        const { ofStack, importFile, released } = takeover(...states, ...ofAws("ci"));
        expect(ofStack).to.equal(undefined);
        expect(importFile!.resources).to.have.length(6);
        expect(importFile).not.to.have.property("nameTable");
        expect(released.map(({ source, address }) => [source, address])).to.deep.equal([
            ["1.json", urn(ATTACHMENT, "read", "prod")],
            ["1.json", urn(ROLE, "ci", "prod")],
            ["0.json", urn(OIDC, "idp")],
        ]);
    });
});

describe("adopt: what a state of Terraform has", () => {
    const resource = (address: string, values: object, more: object = {}): object => ({
        address,
        mode: "managed",
        type: /(aws_\w+)\./.exec(address)![1],
        values,
        ...more,
    });
    const state = {
        format_version: "1.0",
        values: {
            root_module: {
                resources: [
                    resource("data.aws_iam_openid_connect_provider.gitlab", { arn: PROVIDER }, { mode: "data" }),
                    resource("aws_iam_policy_attachment.read", {
                        name: "x",
                        roles: ["ci", "other"],
                        policy_arn: READ_ONLY,
                    }),
                ],
                child_modules: [
                    {
                        resources: [
                            resource("module.a.aws_iam_role.this", {
                                arn: `arn:aws:iam::${ACCOUNT}:role/ci`,
                                name: "ci",
                                assume_role_policy: TRUST,
                            }),
                            resource("module.a.aws_iam_role.other", {
                                arn: `arn:aws:iam::${ACCOUNT}:role/other`,
                                name: "other",
                                assume_role_policy: "{}",
                            }),
                        ],
                    },
                ],
            },
        },
    };

    it("is imported, and leaves the state then: no data sources, and nothing of other roles", () => {
        const { ofStack, released } = takeover(state, ...ofAws("ci"));
        expect(ofStack).to.equal(undefined);
        expect(released.map(({ program, address }) => [program, address])).to.deep.equal([
            ["terraform", "aws_iam_policy_attachment.read"],
            ["terraform", "module.a.aws_iam_role.this"],
        ]);
    });

    it("leaves the state with everything that would remove policies of the role", () => {
        const exclusive = (type: string, more: object): object =>
            resource(`aws_iam_${type}_exclusive.ci`, { role_name: "ci", ...more });
        const resources = [
            resource("aws_iam_role_policy.own", { role: "ci", name: "own", policy: "{}" }),
            exclusive("role_policies", { policy_names: ["own"] }),
            exclusive("role_policy_attachments", { policy_arns: [READ_ONLY] }),
            resource("aws_iam_role_policies_exclusive.other", { role_name: "other", policy_names: ["own"] }),
        ];
        const { child_modules } = state.values.root_module;
        const more = { format_version: "1.0", values: { root_module: { resources, child_modules } } };
        const { released } = takeover(more, ...ofAws("ci"));
        expect(released.map(({ address }) => address)).to.deep.equal([
            "aws_iam_role_policies_exclusive.ci",
            "aws_iam_role_policy_attachments_exclusive.ci",
            "aws_iam_role_policy.own",
            "module.a.aws_iam_role.this",
        ]);
    });

    it("leaves the state also if a stack of Pulumi has it", () => {
        const { ofStack, released } = takeover(state, stateOf(idp, role("ci"), attached("read", "ci")), ...ofAws("ci"));
        expect(ofStack!.moves).to.have.length(3);
        expect(released.map(({ address }) => address)).to.deep.equal([
            "aws_iam_policy_attachment.read",
            "module.a.aws_iam_role.this",
        ]);
    });
});
