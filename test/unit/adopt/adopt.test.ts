import { expect } from "chai";
import { format } from "prettier";
import { join } from "node:path";
import { parse } from "yaml";
import { type Adoption, adoptFacts } from "../../../provider/adopt/adopt";
import { takeoverOf } from "../../../provider/adopt/takeover";
import { typescriptProgram } from "../../../provider/adopt/typescript";
import { yamlProgram } from "../../../provider/adopt/yaml-program";
import { checkGitLabOidc } from "../../../provider/components/gitlab-oidc-check";
import { joinFacts } from "../../../provider/audit/account-facts";
import { readDocument } from "../../../provider/audit/documents";
import { policy, statement } from "../../support/policies";
import { typeErrors } from "../../support/type-errors";

const ACCOUNT = "111122223333";
const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/gitlab.com`;
const URL = "https://gitlab.com";
const MAIN = "project_path:acme/app:ref_type:branch:ref:main";
const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;

type Texts = Readonly<Record<string, string>>;

interface HandMade {
    readonly name: string;
    readonly statements?: readonly object[];
    readonly path?: string;
    readonly description?: string;
    readonly session?: number;
    readonly tags?: Texts;
    readonly managed?: readonly string[];
    readonly inline?: Readonly<Record<string, object>>;
    readonly boundary?: string;
}

const exact = (sub: string, aud: unknown = URL): object => ({
    StringEquals: { "gitlab.com:aud": aud, "gitlab.com:sub": sub },
});
const NARROW = [statement(exact(MAIN))];
const allow = (action: string): object => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: action, Resource: "arn:aws:s3:::x/${aws:userid}/*" }],
});
const tagList = (tags: Texts): readonly object[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const trustOf = ({ name, path = "/", statements = NARROW }: HandMade): object => ({
    Path: path,
    RoleName: name,
    Arn: roleArn(path.slice(1) + name),
    AssumeRolePolicyDocument: policy(...statements),
});

/** The output of `aws iam get-account-authorization-details`. */
const details = (...roles: readonly HandMade[]): object => ({
    RoleDetailList: roles.map((role) => ({
        ...trustOf(role),
        RolePolicyList: Object.entries(role.inline ?? {}).map(([PolicyName, PolicyDocument]) => ({
            PolicyName,
            PolicyDocument,
        })),
        AttachedManagedPolicies: (role.managed ?? []).map((PolicyArn) => ({ PolicyName: "x", PolicyArn })),
        ...(role.boundary !== undefined && { PermissionsBoundary: { PermissionsBoundaryArn: role.boundary } }),
        Tags: tagList(role.tags ?? {}),
    })),
    IsTruncated: false,
});

/** The output of `aws iam list-roles`. */
const list = (...roles: readonly HandMade[]): object => ({
    Roles: roles.map((role) => ({
        ...trustOf(role),
        ...(role.description !== undefined && { Description: role.description }),
        MaxSessionDuration: role.session ?? 3600,
    })),
});

/** The output of `aws iam get-open-id-connect-provider`. */
const provider = (audiences: readonly string[] = [URL], tags: Texts = {}): object => ({
    Url: "gitlab.com",
    ClientIDList: audiences,
    ThumbprintList: ["a".repeat(40)],
    Tags: tagList(tags),
});

const whole = (role: HandMade): readonly object[] => [details(role), list(role), provider()];

function adopted(documents: readonly object[], urls: readonly string[] = []): Adoption {
    const facts = documents.map((content, i) => {
        const read = readDocument({ name: `${String(i)}.json`, content }, () => undefined);
        if ("fault" in read) {
            throw new Error(read.fault);
        }
        return read;
    });
    const { accounts, notes } = adoptFacts(joinFacts(facts), urls);
    expect(notes).to.deep.equal([]);
    expect(accounts.map(({ account }) => account)).to.deep.equal([ACCOUNT]);
    return accounts[0]!;
}

/** A role with every property. */
const FULL: HandMade = {
    name: "Deploy.Me",
    path: "/ci/",
    statements: [
        statement({
            StringEquals: { "gitlab.com:aud": URL, "gitlab.com:project_id": "4711" },
            StringLike: { "gitlab.com:sub": "project_path:acme/app:ref_type:tag:ref:v*" },
            IpAddress: { "aws:SourceIp": "192.0.2.0/24" },
        }),
    ],
    description: `It's the "deploy" role with a description that is longer than a line of Prettier's width`,
    session: 43200,
    tags: { team: "platform", "aws:createdBy": "me", "gitlab-oidc:accept": "any-branch" },
    managed: [READ_ONLY, `arn:aws:iam::${ACCOUNT}:policy/own/ReadOnlyAccess`],
    inline: { own: allow("s3:GetObject") },
    boundary: "arn:aws:iam::aws:policy/PowerUserAccess",
};

const FULL_INPUTS = {
    name: "Deploy.Me",
    subjects: [{ project: "acme/app", tag: "v*", projectId: "4711" }],
    conditions: { IpAddress: { "aws:SourceIp": ["192.0.2.0/24"] } },
    path: "/ci/",
    description: FULL.description,
    managedPolicies: {
        ReadOnlyAccess: READ_ONLY,
        "ReadOnlyAccess-2": `arn:aws:iam::${ACCOUNT}:policy/own/ReadOnlyAccess`,
    },
    inlinePolicies: { own: allow("s3:GetObject") },
    permissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess",
    maxSessionDuration: 43200,
    tags: { team: "platform" },
    accept: ["any-branch"],
};

/** A trust policy without a condition on the audience. */
const ANY_AUDIENCE = [statement({ StringEquals: { "gitlab.com:sub": MAIN } })];

describe("adopt: roles", () => {
    it("have every property that differs from IAM's default, and keep their names", () => {
        const { components, incomplete, left } = adopted(whole(FULL));
        expect({ incomplete, left }).to.deep.equal({ incomplete: [], left: [] });
        expect(components).to.deep.equal([
            {
                type: "GitLabOidc",
                name: "gitlab",
                url: URL,
                audiences: [URL],
                tags: {},
                accept: [],
                providerArn: PROVIDER,
                providerOf: undefined,
                roles: { "Deploy-Me": FULL_INPUTS },
                roleArns: { "Deploy-Me": roleArn("ci/Deploy.Me") },
            },
        ]);
    });

    it("with only defaults have their names and subjects", () => {
        const [component] = adopted(whole({ name: "plain" })).components;
        expect(component!.roles).to.deep.equal({
            plain: { name: "plain", subjects: [{ project: "acme/app", branch: "main" }] },
        });
    });

    it("have keys that differ, and that are no input of a role or a subject", () => {
        const roles = [{ name: "a.b" }, { name: "a@b" }, { name: "group" }, { name: "..." }];
        const [component] = adopted([details(...roles), list(...roles), provider()]).components;
        expect(Object.entries(component!.roles).map(([key, { name }]) => [key, name])).to.deep.equal([
            ["other", "..."],
            ["a-b", "a.b"],
            ["a-b-2", "a@b"],
            ["group-role", "group"],
        ]);
    });

    it("keep principals that can assume them without a job", () => {
        const admin = `arn:aws:iam::${ACCOUNT}:role/admin`;
        const condition = { Bool: { "aws:MultiFactorAuthPresent": "true" } };
        const human = { Effect: "Allow", Principal: { AWS: admin }, Action: "sts:AssumeRole", Condition: condition };
        const { components, left } = adopted(whole({ name: "both", statements: [...NARROW, human] }));
        expect(left).to.deep.equal([]);
        expect(components[0]!.roles).to.deep.equal({
            both: {
                name: "both",
                subjects: [{ project: "acme/app", branch: "main" }],
                additionalPrincipals: [
                    { arn: admin, conditions: { Bool: { "aws:MultiFactorAuthPresent": ["true"] } } },
                ],
            },
        });
    });

    it("without a condition on the audience accept those of the identity provider", () => {
        const role: HandMade = { name: "any", statements: ANY_AUDIENCE };
        const audiences = [URL, "sts.amazonaws.com"];
        const { components, left } = adopted([details(role), list(role), provider(audiences)]);
        expect(left).to.deep.equal([]);
        expect(components.map(({ type, ...rest }) => [type, rest.audiences, rest.roles])).to.deep.equal([
            ["GitLabOidc", audiences, { any: { name: "any", subjects: [{ project: "acme/app", branch: "main" }] } }],
        ]);
    });

    it("without a condition on the audience in one of two statements are left, if the identity provider lists others", () => {
        const dev = statement(exact(MAIN.replace("main", "dev")));
        const role: HandMade = { name: "any", statements: [...ANY_AUDIENCE, dev] };
        const documents = (...audiences: readonly string[]): readonly object[] => [
            details(role),
            list(role),
            provider(audiences),
        ];
        expect(adopted(documents(URL)).left).to.deep.equal([]);
        const { components, left } = adopted(documents(URL, "sts.amazonaws.com"));
        expect(components).to.deep.equal([]);
        expect(left[0]!.reasons).to.deep.equal([
            `Statement[1].Condition: Its audience is ${URL}, that of the subjects before is ${URL} or sts.amazonaws.com. All subjects of a role have the same audiences.`,
        ]);
    });

    it("of another issuer, of a service and of people are not mentioned", () => {
        const github = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;
        const others = [
            statement(
                { StringLike: { "token.actions.githubusercontent.com:sub": "repo:a/b:*" } },
                { Principal: { Federated: github } },
            ),
            { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
            { Effect: "Allow", Principal: { AWS: ACCOUNT }, Action: "sts:AssumeRole" },
        ].map((one, i) => ({ name: `other-${String(i)}`, statements: [one] }));
        expect(adopted([details(...others), provider()])).to.deep.equal({
            account: ACCOUNT,
            components: [],
            incomplete: [],
            left: [],
            leftProviders: [],
            managed: [],
        });
    });
});

const DETAILS =
    "aws iam get-account-authorization-details --filter Role LocalManagedPolicy AWSManagedPolicy --output json";
const LIST = "aws iam list-roles --output json";
const GET_PROVIDER = `aws iam get-open-id-connect-provider --open-id-connect-provider-arn ${PROVIDER} --output json`;

describe("adopt: facts that no document has", () => {
    const role = { name: "plain" };
    const rows: readonly (readonly [
        what: string,
        documents: readonly object[],
        missing: readonly (readonly [string, string])[],
    ])[] = [
        [
            "only the details",
            [details(role)],
            [
                ["the description", LIST],
                ["the maximum session duration", LIST],
                ["the audiences of the identity provider", GET_PROVIDER],
                ["the tags of the identity provider", GET_PROVIDER],
            ],
        ],
        [
            "only the list of roles",
            [list(role), provider()],
            [
                ["the tags", DETAILS],
                ["the permissions boundary", DETAILS],
                ["all policies", DETAILS],
            ],
        ],
        [
            "a policy that is not JSON",
            [details({ ...role, inline: { own: "{" as unknown as object } }), list(role), provider()],
            [['the document of the inline policy "own"', DETAILS]],
        ],
    ];
    it("the audiences that a trust policy without a condition on the audience accepts", () => {
        const any = { ...role, statements: ANY_AUDIENCE };
        const { incomplete, left } = adopted([details(any), list(any)]);
        expect(left).to.deep.equal([]);
        expect(incomplete.map(({ missing }) => missing)).to.deep.equal([
            [
                { what: "the audiences of the identity provider", call: GET_PROVIDER },
                { what: "the tags of the identity provider", call: GET_PROVIDER },
            ],
        ]);
    });

    it("the trust policy, which a state can keep secret", () => {
        const values = { arn: roleArn("plain"), name: "plain", assume_role_policy: "secret" };
        const sensitive = { type: "aws_iam_role", values, sensitive_values: { assume_role_policy: true } };
        const state = { format_version: "1.0", values: { root_module: { resources: [sensitive] } } };
        expect(adopted([state]).incomplete).to.deep.equal([
            { kind: "incomplete", arn: roleArn("plain"), missing: [{ what: "the trust policy", call: DETAILS }] },
        ]);
    });

    it("what only a state has, because the account may have changed since", () => {
        const values = {
            arn: roleArn("plain"),
            name: "plain",
            assume_role_policy: JSON.stringify(policy(...NARROW)),
            description: "Old",
            max_session_duration: 7200,
            tags_all: {},
            permissions_boundary: "",
        };
        const idp = { arn: PROVIDER, url: "gitlab.com", client_id_list: ["old"], tags_all: {} };
        const resources = [
            { address: "aws_iam_role.a", mode: "managed", type: "aws_iam_role", values },
            { address: "aws_iam_openid_connect_provider.a", type: "aws_iam_openid_connect_provider", values: idp },
        ];
        const state = { format_version: "1.0", values: { root_module: { resources } } };
        const rest = rows[0]![2].map(([fact, call]) => ({ what: fact, call }));
        expect(adopted([details(role), state]).incomplete.map(({ missing }) => missing)).to.deep.equal([rest]);
    });

    for (const [what, documents, missing] of rows) {
        it(`${what}: the role is left out, and each fact has the call that prints it`, () => {
            expect(adopted(documents)).to.deep.equal({
                account: ACCOUNT,
                components: [],
                managed: [],
                leftProviders: [],
                incomplete: [
                    {
                        kind: "incomplete",
                        arn: roleArn("plain"),
                        missing: missing.map(([fact, call]) => ({ what: fact, call })),
                    },
                ],
                left: [],
            });
        });
    }
});

describe("adopt: roles that are left as they are", () => {
    const other = "arn:aws:iam::444455556666:oidc-provider/gitlab.com";
    const rows: readonly (readonly [
        what: string,
        role: Omit<HandMade, "name">,
        reason: string,
        jobs?: readonly string[],
    ])[] = [
        [
            "open to every job",
            { statements: [statement({ StringEquals: { "gitlab.com:aud": URL } })] },
            'Statement[0].Condition: It does not list values of "gitlab.com:sub". Inputs always do.',
            ["Jobs of every project of the instance on any branch or tag"],
        ],
        [
            "any audience, with a condition that is not a list",
            {
                statements: [
                    statement({
                        StringEquals: { "gitlab.com:sub": MAIN },
                        StringNotEquals: { "gitlab.com:aud": "vault" },
                    }),
                ],
            },
            'It uses StringNotEquals on "gitlab.com:aud". Inputs only list values and patterns.',
            ["Jobs of the project acme/app on the branch main"],
        ],
        [
            "everybody of AWS too",
            { statements: [...NARROW, { Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }] },
            "Statement[1]",
        ],
        [
            "a provider of another account",
            { statements: [statement(exact(MAIN), { Principal: { Federated: other } })] },
            `The trust policy names the identity provider "${other}" of another account.`,
        ],
        [
            "a stack of CloudFormation",
            { tags: { "aws:cloudformation:stack-name": "ci" } },
            'The CloudFormation stack "ci" manages the role.',
        ],
        ["no document of IAM", { statements: [{ ...statement(exact(MAIN)), Effect: "Perhaps" }, ...NARROW] }, "Effect"],
    ];
    for (const [what, parts, reason, jobs = []] of rows) {
        it(what, () => {
            const { components, incomplete, left } = adopted(whole({ name: "role", ...parts }));
            expect({ components, incomplete }).to.deep.equal({ components: [], incomplete: [] });
            expect(left.map(({ arn }) => arn)).to.deep.equal([roleArn("role")]);
            expect(left[0]!.reasons.join("\n")).to.contain(reason);
            expect(left[0]!.jobs).to.deep.equal(jobs);
        });
    }

    it("an identity provider that the account does not have", () => {
        const role = { name: "role" };
        const none = { OpenIDConnectProviderList: [{ Arn: `arn:aws:iam::${ACCOUNT}:oidc-provider/example.com` }] };
        expect(adopted([details(role), list(role), none]).left[0]!.reasons).to.deep.equal([
            `The account has no identity provider "${PROVIDER}", so no job can assume the role.`,
        ]);
    });

    it("with the subjects for the jobs that the inputs express", () => {
        const statements = [...NARROW, statement(exact(MAIN.replace("app", "*"), URL))];
        const { left } = adopted(whole({ name: "role", statements: [...statements, statement(exact("*"))] }));
        expect(left[0]!.subjects).to.deep.include({ project: "acme/app", branch: "main" });
    });
});

describe("adopt: roles that only a state has", () => {
    const stateOf = (arn: string): object => {
        const values = { arn, name: "old", assume_role_policy: JSON.stringify(policy(...NARROW)) };
        const resources = [{ address: "aws_iam_role.a", mode: "managed", type: "aws_iam_role", values }];
        return { format_version: "1.0", values: { root_module: { resources } } };
    };
    const fix = "Refresh the state, and run the command again.";
    const rows: readonly (readonly [what: string, path: string, reason: string])[] = [
        ["was deleted", "/", `"3.json" has this role, but the account does not. ${fix}`],
        [
            "has another path now",
            "/new/",
            `"3.json" has this role, but the account does not: its role of that name is "${roleArn("new/old")}". ${fix}`,
        ],
    ];
    for (const [what, path, reason] of rows) {
        it(`${what}: no call is named, because its output is there`, () => {
            const role: HandMade = { name: path === "/" ? "other" : "old", path };
            const { incomplete, left, components, managed } = adopted([...whole(role), stateOf(roleArn("old"))]);
            expect({ incomplete, managed }).to.deep.equal({ incomplete: [], managed: [] });
            expect(left.map(({ arn, reasons }) => [arn, reasons])).to.deep.equal([[roleArn("old"), [reason]]]);
            expect(Object.keys(components[0]!.roles)).to.deep.equal([role.name]);
        });
    }

    it("without the roles of the account: the calls are named", () => {
        const users = { UserDetailList: [{ Arn: `arn:aws:iam::${ACCOUNT}:user/a` }], RoleDetailList: [] };
        const { incomplete, left } = adopted([users, provider(), stateOf(roleArn("old"))]);
        expect(left).to.deep.equal([]);
        expect(incomplete.map(({ missing }) => missing.map(({ call }) => call).at(-1))).to.deep.equal([DETAILS]);
    });
});

describe("adopt: an identity provider that the inputs cannot express", () => {
    const rows: readonly (readonly [audiences: readonly string[], reason: string])[] = [
        [
            [],
            "audiences: is empty: AWS would reject every token with `Incorrect token audience`. Leave it out to use the URL of the instance, or list the audiences that the jobs request.",
        ],
        [
            [URL, `${URL}/`],
            `audiences[1]: "${URL}/" is almost the URL, but audiences are compared exactly. Write "${URL}".`,
        ],
    ];
    for (const [audiences, reason] of rows) {
        it(`${JSON.stringify(audiences)}: is left as it is, and its roles are taken over`, () => {
            const role: HandMade = { name: "plain" };
            const adoption = adopted([details(role), list(role), provider(audiences)]);
            expect(adoption.left).to.deep.equal([]);
            expect(adoption.leftProviders).to.deep.equal([{ arn: PROVIDER, reasons: [reason] }]);
            const { resources } = takeoverOf(adoption).importFile!;
            expect(resources.map(({ name }) => name)).to.deep.equal([
                "GitLabOidc/gitlab-roles",
                "PipelineRole/gitlab-roles-plain",
                "Role/gitlab-roles-plain",
            ]);
            const program = parse(yamlProgram(adoption.components, "")) as { resources: object };
            expect(program.resources).to.deep.equal({
                "gitlab-roles": {
                    type: "aws-gitlab-oidc:GitLabOidc",
                    properties: {
                        url: URL,
                        audiences: [URL],
                        existingProviderArn: PROVIDER,
                        roles: { plain: { name: "plain", subjects: [{ project: "acme/app", branch: "main" }] } },
                    },
                    options: { protect: true },
                },
            });
        });
    }
});

describe("adopt: components", () => {
    const one = { name: "one", statements: [statement(exact(MAIN, ["a", "b"]))] };
    const two = { name: "two", statements: [statement(exact(MAIN, "a"))] };
    const shapes = (documents: readonly object[]): readonly unknown[] =>
        adopted(documents).components.map(({ type, name, audiences, tags, providerArn, providerOf, roles }) => [
            type,
            name,
            audiences,
            tags,
            providerArn === undefined ? providerOf : "owner",
            Object.fromEntries(Object.entries(roles).map(([key, role]) => [key, role.tags ?? {}])),
        ]);

    it("roles with the audiences of the identity provider share a component with it", () => {
        expect(shapes([details(one), list(one), provider(["b", "a"])])).to.deep.equal([
            ["GitLabOidc", "gitlab", ["b", "a"], {}, "owner", { one: {} }],
        ]);
    });

    it("roles with different audiences have a component for each list of audiences", () => {
        expect(shapes([details(one, two), list(one, two), provider(["a", "b"])])).to.deep.equal([
            ["IdentityProvider", "gitlab", ["a", "b"], {}, "owner", {}],
            ["GitLabOidc", "gitlab-roles", ["a", "b"], {}, "gitlab", { one: {} }],
            ["GitLabOidc", "gitlab-roles-2", ["a"], {}, "gitlab", { two: {} }],
        ]);
    });

    it("no role gets a tag of the identity provider that it does not have", () => {
        const tagged = { ...one, tags: { team: "x", own: "y" } };
        const audiences = ["a", "b"];
        expect(shapes([details(tagged), list(tagged), provider(audiences, { team: "x" })])).to.deep.equal([
            ["GitLabOidc", "gitlab", audiences, { team: "x" }, "owner", { one: { own: "y" } }],
        ]);
        expect(shapes([details(tagged), list(tagged), provider(audiences, { team: "z" })])).to.deep.equal([
            ["IdentityProvider", "gitlab", audiences, { team: "z" }, "owner", {}],
            ["GitLabOidc", "gitlab-roles", audiences, {}, "gitlab", { one: { team: "x", own: "y" } }],
        ]);
    });
});

describe("adopt: files", () => {
    it("the import file has the names and parents of the components", () => {
        const { importFile, ofStack, released } = takeoverOf(adopted(whole(FULL)));
        expect({ ofStack, released }).to.deep.equal({ ofStack: undefined, released: [] });
        const type = (name: string): string => `aws-gitlab-oidc:index:${name}`;
        const [gitlab, role] = ["gitlab", "gitlab-Deploy-Me"];
        expect(importFile).to.deep.equal({
            resources: [
                { type: type("GitLabOidc"), name: "GitLabOidc/gitlab", logicalName: gitlab, component: true },
                {
                    type: type("IdentityProvider"),
                    name: "IdentityProvider/gitlab",
                    logicalName: gitlab,
                    parent: "GitLabOidc/gitlab",
                    component: true,
                },
                {
                    type: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
                    name: "OpenIdConnectProvider/gitlab",
                    logicalName: gitlab,
                    parent: "IdentityProvider/gitlab",
                    id: PROVIDER,
                },
                {
                    type: type("PipelineRole"),
                    name: `PipelineRole/${role}`,
                    logicalName: role,
                    parent: "GitLabOidc/gitlab",
                    component: true,
                },
                {
                    type: "aws:iam/role:Role",
                    name: `Role/${role}`,
                    logicalName: role,
                    parent: `PipelineRole/${role}`,
                    id: "Deploy.Me",
                },
                ...[
                    ["aws:policy/ReadOnlyAccess", READ_ONLY],
                    [`${ACCOUNT}:policy/own/ReadOnlyAccess`, `arn:aws:iam::${ACCOUNT}:policy/own/ReadOnlyAccess`],
                ].map(([name, arn]) => ({
                    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                    name: `RolePolicyAttachment/${role}:${name!}`,
                    logicalName: `${role}:${name!}`,
                    parent: `Role/${role}`,
                    id: `Deploy.Me/${arn!}`,
                })),
                {
                    type: "aws:iam/rolePolicy:RolePolicy",
                    name: `RolePolicy/${role}:own`,
                    logicalName: `${role}:own`,
                    parent: `Role/${role}`,
                    id: "Deploy.Me:own",
                },
            ],
        });
    });

    it("the program in TypeScript has a tag with the name of the prototype", () => {
        const tags = JSON.parse('{"__proto__":"a","constructor":"b"}') as Texts;
        const text = typescriptProgram(adopted(whole({ name: "plain", tags })).components, "Heading.");
        const [, literal] = /tags: (\{[^}]*\})/.exec(text)!;
        // eslint-disable-next-line @typescript-eslint/no-implied-eval
        const read = (new Function(`return (${literal!})`) as () => object)();
        expect(Object.entries(read)).to.deep.equal(Object.entries(tags));
    });

    it("the program in YAML has the inputs, with references only to other components", () => {
        const tagged = [details(FULL), list(FULL), provider([URL], { owner: "it" })];
        const text = yamlProgram(adopted(tagged).components, "Heading.");
        expect(text.split("\n").slice(0, 3)).to.deep.equal(["# Heading.", "name: gitlab-oidc", "runtime: yaml"]);
        const { resources, outputs } = parse(text) as Record<string, object>;
        const inline = {
            own: {
                Version: "2012-10-17",
                Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::x/$${aws:userid}/*" }],
            },
        };
        expect({ resources, outputs }).to.deep.equal({
            resources: {
                gitlab: {
                    type: "aws-gitlab-oidc:IdentityProvider",
                    properties: { url: URL, audiences: [URL], tags: { owner: "it" } },
                    options: { protect: true },
                },
                "gitlab-roles": {
                    type: "aws-gitlab-oidc:GitLabOidc",
                    properties: {
                        url: URL,
                        audiences: [URL],
                        existingProviderArn: "${gitlab.arn}",
                        roles: { "Deploy-Me": { ...FULL_INPUTS, inlinePolicies: inline } },
                    },
                    options: { protect: true },
                },
            },
            outputs: { gitlabRolesRoleArns: "${gitlab-roles.roleArns}" },
        });
    });

    it("a policy that `secretArns` wrote stays an inline policy with its name, which the component accepts", () => {
        const secretArns = {
            Version: "2012-10-17",
            Statement: [
                {
                    Effect: "Allow",
                    Action: "secretsmanager:GetSecretValue",
                    Resource: `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:prod/db-??????`,
                },
            ],
        };
        const adoption = adopted(whole({ name: "plain", inline: { secretArns } }));
        const { resources } = parse(yamlProgram(adoption.components, "Heading.")) as {
            resources: { gitlab: { properties: Readonly<Record<string, unknown>> } };
        };
        const { properties } = resources.gitlab;
        expect(properties["roles"]).to.have.nested.property("plain.inlinePolicies").deep.equal({ secretArns });
        expect(properties["roles"]).not.to.have.nested.property("plain.secretArns");
        expect(checkGitLabOidc("gitlab", properties).errors).to.deep.equal([]);
        expect(takeoverOf(adoption).importFile!.resources.at(-1)).to.deep.include({
            logicalName: "gitlab-plain:secretArns",
            id: "plain:secretArns",
        });
    });

    const texts = [
        "",
        "'",
        '"',
        `"'`,
        "\\",
        "`${x}`",
        "$$ $${x} $$${y} $ {z} $",
        "é\u2028",
        "x".repeat(70),
        `${"a".repeat(40)} "b" ${"c".repeat(40)}`,
    ];

    it("the program in TypeScript compiles with strict settings", () => {
        const human = { Effect: "Allow", Principal: { AWS: roleArn("admin") }, Action: "sts:AssumeRole" };
        const role = { ...FULL, statements: [...FULL.statements!, human] };
        const documents = [details(role), list(role), provider([URL, "b"], { owner: "it" })];
        const text = typescriptProgram(adopted(documents).components, "Heading.");
        const file = join(__dirname, "program.ts");
        expect(text).to.contain("additionalPrincipals: [");
        expect(typeErrors(new Map([[file, text]]))).to.deep.equal([]);
        expect(typeErrors(new Map([[file, text.replace("subjects:", "subject:")]])).join()).to.contain("'subject'");
    });

    it("the program in TypeScript is as Prettier formats it, and is the same as the one in YAML", async () => {
        const roles = texts.map((description, i): HandMade => ({
            ...FULL,
            name: `role-${String(i)}`,
            description,
            inline: {
                s3: {
                    Version: "2012-10-17",
                    Statement: { Effect: "Allow", Action: [description, "s3:Get*"], Resource: [] },
                },
                [`p${"q".repeat(i * 10)}`]: allow(`s3:${"x".repeat(i * 7)}`),
            },
        }));
        const tags = { team: "platform" };
        const { components, left } = adopted([details(...roles), list(...roles), provider([URL], tags)]);
        expect(left.map(({ reasons }) => reasons.join())).to.deep.equal([
            "description: has characters outside Latin-1, which IAM does not accept. Shorten or reword it.",
        ]);
        const text = typescriptProgram(components, "Heading.");
        expect(await format(text, { parser: "typescript" })).to.equal(text);
        expect(text.split("\n").slice(0, 6)).to.deep.equal([
            "// Heading.",
            'import { GitLabOidc } from "pulumi-aws-gitlab-oidc";',
            "",
            "const gitlab = new GitLabOidc(",
            '  "gitlab",',
            "  {",
        ]);
        const args = text.slice(text.indexOf("  {\n"), text.indexOf("  { protect: true }")).trim().replace(/,$/, "");
        // eslint-disable-next-line @typescript-eslint/no-implied-eval
        const inputs = (new Function(`return (${args})`) as () => object)();
        // As Pulumi's YAML reads texts.
        const unescaped = (_: unknown, value: unknown): unknown =>
            typeof value === "string" ? value.replace(/\$\$|\$\{/g, (s) => (s === "$$" ? "$" : "reference")) : value;
        const { resources } = parse(yamlProgram(components, ""), unescaped) as {
            resources: { gitlab: { properties: object } };
        };
        expect(inputs).to.deep.equal(resources.gitlab.properties);
    });
});
