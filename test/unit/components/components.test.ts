import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { GitLabOidc, IdentityProvider, PipelineRole } from "pulumi-aws-gitlab-oidc";

interface Registered {
    readonly type: string;
    readonly name: string;
    readonly inputs: Record<string, unknown>;
}

const registered: Registered[] = [];
const calls: pulumi.runtime.MockCallArgs[] = [];

const ACCOUNT = "arn:aws:iam::111122223333";
const PROVIDER = `${ACCOUNT}:oidc-provider/gitlab.example.com`;

const MOCKS: pulumi.runtime.Mocks = {
    newResource: ({ type, name, inputs }) => {
        const given = inputs as Record<string, unknown> & { readonly url?: string; readonly name?: string };
        registered.push({ type, name, inputs: given });
        const { url } = given;
        return {
            id: name,
            state: {
                ...given,
                name: given.name ?? `${name}-1234567`,
                arn: url === undefined ? `${ACCOUNT}:role/${name}-1234567` : `${ACCOUNT}:oidc-provider/${url.slice(8)}`,
            },
        };
    },
    call: (args) => {
        calls.push(args);
        return { arn: PROVIDER, clientIdLists: ["https://gitlab.example.com"], url: "gitlab.example.com" };
    },
};

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
    return new Promise((resolve) => output.apply(resolve));
}

/** Children by type and name, without the components themselves. */
function children(): Registered[] {
    return registered.filter((r) => r.type.startsWith("aws:"));
}

describe("components", () => {
    before(() => pulumi.runtime.setMocks(MOCKS));
    beforeEach(() => {
        registered.length = 0;
        calls.length = 0;
    });

    it("GitLabOidc makes the provider and each role with its policies, with exactly these inputs", async () => {
        const gitlab = new GitLabOidc("gitlab", {
            url: "https://gitlab.example.com",
            path: "/gitlab/",
            maxSessionDuration: 7200,
            tags: { team: "platform", stage: "prod" },
            roles: {
                deploy: {
                    subjects: [{ project: "mygroup/myproject", branch: "main" }],
                    managedPolicies: { s3: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" },
                    inlinePolicies: {
                        own: {
                            Version: "2012-10-17",
                            Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::x" }],
                        },
                    },
                    maxSessionDuration: 3600,
                    tags: { stage: "dev" },
                },
                plan: {
                    subjects: [{ group: "mygroup", branch: "*" }],
                    accept: ["group-wide", "any-branch"],
                    name: "plan",
                },
            },
        });
        const yaml = await valueOf(gitlab.gitlabCiYml);

        expect(children()).to.have.deep.members([
            {
                type: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
                name: "gitlab",
                inputs: {
                    url: "https://gitlab.example.com",
                    clientIdLists: ["https://gitlab.example.com"],
                    tags: { team: "platform", stage: "prod" },
                },
            },
            {
                type: "aws:iam/role:Role",
                name: "gitlab-deploy",
                inputs: {
                    assumeRolePolicy: JSON.stringify({
                        Version: "2012-10-17",
                        Statement: [
                            {
                                Effect: "Allow",
                                Principal: { Federated: PROVIDER },
                                Action: "sts:AssumeRoleWithWebIdentity",
                                Condition: {
                                    StringEquals: {
                                        "gitlab.example.com:aud": "https://gitlab.example.com",
                                        "gitlab.example.com:sub":
                                            "project_path:mygroup/myproject:ref_type:branch:ref:main",
                                    },
                                },
                            },
                        ],
                    }),
                    path: "/gitlab/",
                    maxSessionDuration: 3600,
                    tags: { team: "platform", stage: "dev" },
                },
            },
            {
                type: "aws:iam/role:Role",
                name: "gitlab-plan",
                inputs: {
                    assumeRolePolicy: JSON.stringify({
                        Version: "2012-10-17",
                        Statement: [
                            {
                                Effect: "Allow",
                                Principal: { Federated: PROVIDER },
                                Action: "sts:AssumeRoleWithWebIdentity",
                                Condition: {
                                    StringEquals: { "gitlab.example.com:aud": "https://gitlab.example.com" },
                                    StringLike: {
                                        "gitlab.example.com:sub": "project_path:mygroup/*:ref_type:branch:ref:*",
                                    },
                                },
                            },
                        ],
                    }),
                    name: "plan",
                    path: "/gitlab/",
                    maxSessionDuration: 7200,
                    tags: { team: "platform", stage: "prod", "gitlab-oidc:accept": "any-branch group-wide" },
                },
            },
            {
                type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                name: "gitlab-deploy:aws:policy/AmazonS3ReadOnlyAccess",
                inputs: { role: "gitlab-deploy-1234567", policyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" },
            },
            {
                type: "aws:iam/rolePolicy:RolePolicy",
                name: "gitlab-deploy:own",
                inputs: {
                    role: "gitlab-deploy-1234567",
                    name: "own",
                    policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::x"}]}',
                },
            },
        ]);
        expect(await valueOf(gitlab.roleArns)).to.deep.equal({
            deploy: `${ACCOUNT}:role/gitlab-deploy-1234567`,
            plan: `${ACCOUNT}:role/gitlab-plan-1234567`,
        });
        expect(await valueOf(gitlab.roleNames)).to.deep.equal({ deploy: "gitlab-deploy-1234567", plan: "plan" });
        expect(await valueOf(gitlab.providerArn)).to.equal(PROVIDER);
        expect(await valueOf(gitlab.issuer)).to.equal("gitlab.example.com");
        expect(await valueOf(gitlab.audiences)).to.deep.equal(["https://gitlab.example.com"]);
        expect(Object.keys(await valueOf(gitlab.trustPolicies))).to.deep.equal(["deploy", "plan"]);
        expect(yaml).to.contain("assume role deploy:").and.to.contain("assume role plan:");
    });

    it("a role's secrets are one more inline policy, which waits for ARNs that become known later", async () => {
        const start = "arn:aws:secretsmanager:eu-central-1:111122223333:secret";
        const key = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        const later = <T>(value: T): pulumi.Output<T> =>
            pulumi.output(new Promise<T>((resolve) => setTimeout(() => resolve(value), 20))) as pulumi.Output<T>;
        const api = `${start}:api-??????`;
        const other =
            '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::x"}]}';
        const subjects = [{ project: "mygroup/myproject", branch: "main" }];
        const gitlab = new GitLabOidc("gitlab", {
            url: "https://gitlab.example.com",
            existingProviderArn: PROVIDER,
            roles: {
                text: {
                    subjects,
                    secretArns: [api],
                    secretKmsKeyArns: later(null) as never,
                    inlinePolicies: { other },
                },
                parts: { subjects, secretArns: [api, later(`${start}:db-AbCd3F`)], secretKmsKeyArns: [later(key)] },
                whole: { subjects, secretArns: later([`${start}:db-AbCd3F`, api]), secretKmsKeyArns: later([key]) },
                none: { subjects, secretArns: [], secretKmsKeyArns: [] },
            },
        });
        await valueOf(gitlab.gitlabCiYml);
        const policies = (): Registered[] => children().filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
        while (policies().length < 4) {
            await new Promise((resolve) => setTimeout(resolve, 5));
        }
        const withKey = {
            name: "secretArns",
            policy: JSON.stringify({
                Version: "2012-10-17",
                Statement: [
                    {
                        Effect: "Allow",
                        Action: "secretsmanager:GetSecretValue",
                        Resource: [api, `${start}:db-AbCd3F`],
                    },
                    {
                        Effect: "Allow",
                        Action: "kms:Decrypt",
                        Resource: key,
                        Condition: {
                            StringEquals: { "kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com" },
                            StringLike: { "kms:EncryptionContext:SecretARN": [api, `${start}:db-AbCd3F`] },
                        },
                    },
                ],
            }),
        };
        expect(policies().map(({ name, inputs }) => ({ name, inputs }))).to.have.deep.members([
            {
                name: "gitlab-text:other",
                inputs: { role: "gitlab-text-1234567", name: "other", policy: other },
            },
            {
                name: "gitlab-text:secretArns",
                inputs: {
                    role: "gitlab-text-1234567",
                    name: "secretArns",
                    policy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"${api}"}]}`,
                },
            },
            { name: "gitlab-parts:secretArns", inputs: { role: "gitlab-parts-1234567", ...withKey } },
            { name: "gitlab-whole:secretArns", inputs: { role: "gitlab-whole-1234567", ...withKey } },
        ]);
    });

    it("adopts a known provider without looking it up", async () => {
        const gitlab = new GitLabOidc("gitlab", {
            url: "https://gitlab.example.com",
            existingProviderArn: PROVIDER,
            roles: { deploy: { subjects: [{ project: "mygroup/myproject", branch: "main" }] } },
        });
        await valueOf(gitlab.gitlabCiYml);
        expect(children().map((c) => c.name)).to.deep.equal(["gitlab-deploy"]);
        expect(calls).to.deep.equal([]);
        expect(await valueOf(gitlab.providerArn)).to.equal(PROVIDER);
    });

    it("adopts the account's provider by url", async () => {
        const gitlab = new GitLabOidc("gitlab", {
            url: "https://gitlab.example.com",
            adoptExisting: true,
            roles: { deploy: { subjects: [{ project: "mygroup/myproject", branch: "main" }] } },
        });
        await valueOf(gitlab.gitlabCiYml);
        expect(children().map((c) => c.name)).to.deep.equal(["gitlab-deploy"]);
        expect(calls.map(({ token, inputs }) => [token, inputs as unknown])).to.deep.equal([
            ["aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider", { url: "https://gitlab.example.com" }],
        ]);
        expect(await valueOf(gitlab.providerArn)).to.equal(PROVIDER);
    });

    it("IdentityProvider is for gitlab.com by default, with the url as audience", async () => {
        const provider = new IdentityProvider("gitlab");
        expect(await valueOf(provider.arn)).to.equal(`${ACCOUNT}:oidc-provider/gitlab.com`);
        expect(await valueOf(provider.issuer)).to.equal("gitlab.com");
        expect(await valueOf(provider.url)).to.equal("https://gitlab.com");
        expect(await valueOf(provider.audiences)).to.deep.equal(["https://gitlab.com"]);
        expect(children()).to.deep.equal([
            {
                type: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
                name: "gitlab",
                inputs: { url: "https://gitlab.com", clientIdLists: ["https://gitlab.com"] },
            },
        ]);
    });

    it("PipelineRole takes the instance from the provider's ARN", async () => {
        const role = new PipelineRole("release", {
            providerArn: pulumi.output(PROVIDER),
            audiences: ["sts.amazonaws.com"],
            subjects: [{ project: "mygroup/myproject", tag: "v*" }],
            description: "Releases",
            permissionsBoundary: `${ACCOUNT}:policy/boundary`,
            accept: ["unprotected-tag"],
        });
        const yaml = await valueOf(role.gitlabCiYml);
        expect(children()).to.deep.equal([
            {
                type: "aws:iam/role:Role",
                name: "release",
                inputs: {
                    assumeRolePolicy: JSON.stringify({
                        Version: "2012-10-17",
                        Statement: [
                            {
                                Effect: "Allow",
                                Principal: { Federated: PROVIDER },
                                Action: "sts:AssumeRoleWithWebIdentity",
                                Condition: {
                                    StringEquals: { "gitlab.example.com:aud": "sts.amazonaws.com" },
                                    StringLike: {
                                        "gitlab.example.com:sub": "project_path:mygroup/myproject:ref_type:tag:ref:v*",
                                    },
                                },
                            },
                        ],
                    }),
                    description: "Releases",
                    permissionsBoundary: `${ACCOUNT}:policy/boundary`,
                    tags: { "gitlab-oidc:accept": "unprotected-tag" },
                },
            },
        ]);
        expect(await valueOf(role.arn)).to.equal(`${ACCOUNT}:role/release-1234567`);
        expect(yaml).to.contain("assume role release:").and.to.contain('aud: "sts.amazonaws.com"');
    });

    it("a tag lists what the component and the role accept, on the resource that it is about", async () => {
        const gitlab = new GitLabOidc("gitlab", {
            thumbprints: ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"],
            accept: ["redundant-thumbprints", "group-wide"],
            tags: pulumi.output({ team: "platform" }),
            roles: {
                plan: {
                    subjects: [{ group: "mygroup", branch: "*" }],
                    accept: ["any-branch", "group-wide"],
                },
            },
        });
        await valueOf(gitlab.roleArns);
        const tags = children().flatMap(({ name, inputs }) => [[name, (inputs as { tags?: object }).tags]]);
        expect(Object.fromEntries(tags)).to.deep.equal({
            gitlab: { team: "platform", "gitlab-oidc:accept": "redundant-thumbprints" },
            "gitlab-plan": { team: "platform", "gitlab-oidc:accept": "any-branch group-wide" },
        });
    });

    it("a principal and a second role that are outputs get into the trust policy and the CI file", async () => {
        const breakGlass = `${ACCOUNT}:role/break-glass`;
        const target = "arn:aws:iam::444455556666:role/target";
        const gitlab = new GitLabOidc("gitlab", {
            roles: {
                hub: {
                    subjects: [{ project: "mygroup/myproject", projectId: "4711", branch: "main" }],
                    additionalPrincipals: [
                        {
                            arn: pulumi.output(breakGlass),
                            conditions: { Bool: { "aws:MultiFactorAuthPresent": ["true"] } },
                        },
                    ],
                    accept: ["other-principal"],
                    gitlabCi: { assumeRole: { roleArn: pulumi.output(target), externalId: "mygroup" } },
                },
            },
        });
        const yaml = await valueOf(gitlab.gitlabCiYml);
        const role = children().find(({ type }) => type === "aws:iam/role:Role")!;
        const { Statement } = JSON.parse(role.inputs["assumeRolePolicy"] as string) as {
            readonly Statement: readonly object[];
        };
        expect(Statement.slice(1)).to.deep.equal([
            {
                Effect: "Allow",
                Principal: { AWS: breakGlass },
                Action: "sts:AssumeRole",
                Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
            },
        ]);
        expect(yaml)
            .to.contain(`# Second role: ${target}\n`)
            .and.to.contain('--cli-input-json \'{"ExternalId":"mygroup"}\' \\');
    });

    it("takes outputs within an output as what they hold, and keeps what is secret secret", async () => {
        const project = pulumi.output("mygroup/myproject");
        const role = new PipelineRole("deploy", {
            providerArn: PROVIDER,
            gitlabVersion: "19.1",
            subjects: pulumi.output("main").apply((branch) => [{ project, branch }]),
        });
        const policy = JSON.parse(await valueOf(role.trustPolicy)) as {
            readonly Statement: readonly { readonly Condition: unknown }[];
        };
        expect(policy.Statement[0]!.Condition).to.deep.equal({
            StringEquals: {
                "gitlab.example.com:aud": "https://gitlab.example.com",
                "gitlab.example.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main",
            },
        });
        const secrets = await Promise.all([role.trustPolicy, role.arn].map((output) => pulumi.isSecret(output)));
        expect(secrets).to.deep.equal([false, false]);
        const hidden = new PipelineRole("hidden", {
            providerArn: PROVIDER,
            gitlabVersion: "19.1",
            subjects: [{ project: pulumi.secret("mygroup/secret"), branch: "main" }],
        });
        expect(await pulumi.isSecret(hidden.trustPolicy)).to.equal(true);
        expect(await pulumi.isSecret(hidden.gitlabCiYml)).to.equal(false);
        expect(await valueOf(hidden.gitlabCiYml)).not.to.contain("mygroup/secret");
    });

    const refusals: { title: string; make: () => unknown; error: RegExp }[] = [
        {
            title: "no role",
            make: () => new GitLabOidc("gitlab", { roles: {} }),
            error: /^GitLabOidc "gitlab": 1 problem with the inputs:\n {2}- roles: .+ \[required\]\n {6}https:\S+#required$/,
        },
        {
            title: "a branch and a tag",
            make: () =>
                new PipelineRole("deploy", {
                    providerArn: PROVIDER,
                    subjects: [{ project: "mygroup/myproject", branch: "main", tag: "v1" }],
                }),
            error: /^PipelineRole "deploy": 1 problem with the inputs:\n {2}- subjects\[0\]\.tag: .+ \[several-refs\]\n {6}https:\S+#several-refs$/,
        },
        {
            title: "an http url",
            make: () => new IdentityProvider("gitlab", { url: "http://gitlab.example.com" }),
            error: /^IdentityProvider "gitlab": 1 problem with the inputs:\n {2}- url: "http:\/\/gitlab\.example\.com" .+ \[issuer-url\]\n {6}https:\S+#issuer-url$/,
        },
    ];
    for (const { title, make, error } of refusals) {
        it(`refuses ${title} before anything is made`, () => {
            expect(make)
                .to.throw(error)
                .that.satisfies((e: unknown) => pulumi.RunError.isInstance(e));
            expect(registered).to.deep.equal([]);
        });
    }
});
