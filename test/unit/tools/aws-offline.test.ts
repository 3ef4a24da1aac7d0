import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { CloudFront } from "@aws-sdk/client-cloudfront";
import { IAM } from "@aws-sdk/client-iam";
import { S3 } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { ORGANIZATIONS } from "../../../tools/aws-offline/clients";
import { callJson } from "../../../tools/aws-offline/signed-json";
import { normalizePolicy, samePolicy } from "../../../tools/aws-offline/policies";
import { policyDocument } from "../../../tools/aws-offline/policy-document";
import { packageSchema } from "../../../tools/aws-offline/schema";
import { serve } from "../../../tools/aws-offline/server";
import { awsVersion } from "../../../tools/aws-offline/stand-in";
import { startEmulator, type Emulator } from "../../../tools/emulator";
import { pythonTools } from "../../../tools/setup/python";
import { fromStruct, toStruct, UNKNOWN, type Properties } from "../../../tools/aws-offline/values";

const PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const POLICY = "aws:iam/policy:Policy";

const BUCKET = "aws:s3/bucket:Bucket";
const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";
const OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls";
const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const PUBLIC_ACCESS = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const ACCESS_CONTROL = "aws:cloudfront/originAccessControl:OriginAccessControl";
const ORGANIZATIONS_POLICY = "aws:organizations/policy:Policy";
const ORGANIZATIONS_ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment";
const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";

const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const trust = (service: string) =>
    `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"${service}"},"Action":"sts:AssumeRole"}]}`;
const normalTrust = (service: string) =>
    `{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"${service}"}}],"Version":"2012-10-17"}`;
const allow = (action: string) =>
    `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"${action}","Resource":"*"}]}`;

describe("the offline aws provider", () => {
    let emulator: Emulator;
    let iam: IAM;
    let s3: S3;
    let cloudFront: CloudFront;
    let plugin: Plugin;
    let stop: () => void;

    const environment = { ...process.env };

    before(async () => {
        for (const name of Object.keys(process.env).filter((name) => name.startsWith("AWS_"))) {
            Reflect.deleteProperty(process.env, name);
        }
        emulator = await startEmulator({ bin: (await pythonTools()).bin });
        const settings = {
            endpoint: emulator.endpoint,
            region: "us-east-1",
            credentials: { accessKeyId: "testing", secretAccessKey: "testing" },
        };
        iam = new IAM(settings);
        s3 = new S3({ ...settings, region: "eu-central-1" });
        cloudFront = new CloudFront(settings);
    });

    after(async () => {
        iam.destroy();
        s3.destroy();
        cloudFront.destroy();
        await emulator.stop();
        Object.assign(process.env, environment);
    });

    beforeEach(async () => {
        await emulator.reset();
        const { port, server } = await serve();
        plugin = new Plugin(port);
        stop = () => {
            plugin.close();
            server.forceShutdown();
        };
        await plugin.configure(settings());
    });

    afterEach(() => stop());

    const settings = (more: Properties = {}): Properties => ({
        region: "eu-central-1",
        accessKey: "testing",
        secretKey: "testing",
        // As @pulumi/aws sends everything that is not a string.
        endpoints: JSON.stringify([
            Object.fromEntries(
                ["iam", "sts", "s3", "cloudfront", "organizations"].map((service) => [service, emulator.endpoint]),
            ),
        ]),
        skipCredentialsValidation: "true",
        skipRegionValidation: "true",
        ...more,
    });

    describe("configuration", () => {
        it("takes what @pulumi/aws sends", async () => {
            const sent = settings({ defaultTags: '{"tags":{"team":"x"}}', allowedAccountIds: '["111122223333"]' });
            expect(await plugin.checkConfig(sent)).to.deep.equal([]);
            await plugin.configure(sent);
        });

        for (const [setting, value, reason] of [
            ["regoin", "x", /"regoin": unknown setting; the offline aws provider of this repository knows only/],
            ["profile", "x", /"profile": setting that only the real provider has/],
            ["defaultTags", '{"labels":{}}', /"defaultTags": expected {"tags": {…}}/],
            ["endpoints", "nonsense", /"endpoints": expected JSON/],
            ["maxRetries", '"x"', /"maxRetries": expected a whole number/],
        ] as const) {
            it(`refuses ${setting}: ${value}`, async () => {
                const [problem] = await plugin.checkConfig(settings({ [setting]: value }));
                expect(problem).to.match(reason);
            });
        }

        it("refuses an account that is not allowed", async () => {
            await rejects(
                plugin.configure(settings({ allowedAccountIds: '["999999999999"]' })),
                /AWS account ID not allowed: 111122223333/,
            );
        });

        it("talks to no one without an endpoint", async () => {
            await plugin.configure(settings({ endpoints: "[]" }));
            await rejects(plugin.invoke("aws:index/getCallerIdentity:getCallerIdentity", {}), /no endpoint for sts/);
        });
    });

    describe("inputs", () => {
        it("get names, defaults and the provider's tags", async () => {
            await plugin.configure(settings({ defaultTags: '{"tags":{"team":"x","env":"dev"}}' }));
            const { inputs } = await plugin.check(ROLE, { assumeRolePolicy: trust("a"), tags: { env: "prod" } });
            expect(inputs["name"]).to.match(/^res-[0-9a-f]{7}$/);
            expect({ ...inputs, name: "" }).to.deep.equal({
                __defaults: ["maxSessionDuration", "name", "path"],
                assumeRolePolicy: trust("a"),
                maxSessionDuration: 3600,
                name: "",
                path: "/",
                tags: { env: "prod" },
                tagsAll: { env: "prod", team: "x" },
            });
        });

        it("have no tagsAll without a tag, and one that is not known where the tags are not", async () => {
            const tagsAll = async (more: Properties) =>
                (await plugin.check(ROLE, { assumeRolePolicy: trust("a"), ...more })).inputs["tagsAll"];
            expect(await tagsAll({})).to.equal(undefined);
            expect(await tagsAll({ tags: UNKNOWN })).to.equal(UNKNOWN);
            const given = await plugin.check(ROLE, { assumeRolePolicy: trust("a"), tagsAll: { k: "v" } });
            expect(given.problems.join()).to.match(/unknown property "tagsAll"/);
        });

        it("keep the name they were given at first", async () => {
            const { inputs: first } = await plugin.check(ROLE, { assumeRolePolicy: trust("a") });
            const { inputs: second } = await plugin.check(ROLE, { assumeRolePolicy: trust("b") }, { olds: first });
            expect(second["name"]).to.equal(first["name"]);
        });

        it("keep the name that the program gives up, until something else replaces the resource", async () => {
            const {
                id,
                state,
                inputs: first,
            } = await plugin.make(ROLE, { assumeRolePolicy: trust("a"), name: "mine" });
            expect(id).to.equal("mine");
            const given = { assumeRolePolicy: trust("a") };
            const { inputs: second } = await plugin.check(ROLE, given, { olds: first });
            expect(second).not.to.have.property("name");
            expect((await plugin.diff(ROLE, state, second)).changes).to.deep.equal({});
            expect((await plugin.check(ROLE, given, { olds: second })).inputs).not.to.have.property("name");
            const moved = { ...given, path: "/p/" };
            const { inputs: third } = await plugin.check(ROLE, moved, { olds: second });
            expect(await plugin.diff(ROLE, state, third)).to.deep.equal({
                changes: { path: "UPDATE_REPLACE" },
                deleteBeforeReplace: false,
            });
            expect((await plugin.check(ROLE, moved)).inputs["name"]).to.match(/^res-[0-9a-f]{7}$/);
        });

        it("get the same name from the same seed, and the one that the engine proposes", async () => {
            const named = async (more: CheckOptions) =>
                (await plugin.check(ROLE, { assumeRolePolicy: trust("a") }, more)).inputs["name"];
            expect(await named({ seed: "s" })).to.equal(await named({ seed: "s" }));
            expect(await named({ seed: "s" })).not.to.equal(await named({ seed: "t" }));
            expect(await named({ proposedName: "as-proposed" })).to.equal("as-proposed");
        });

        it("get no name beside a prefix", async () => {
            const { inputs } = await plugin.check(ROLE, { assumeRolePolicy: trust("a"), namePrefix: "p-" });
            expect(inputs).not.to.have.property("name");
        });

        it("turn a policy document into text, and one with an unknown leaf into an unknown", async () => {
            const document = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] };
            const text = '{"Statement":[{"Action":"s3:*","Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}';
            const known = await plugin.check(ROLE_POLICY, { role: "r", policy: document });
            expect(known.inputs["policy"]).to.equal(text);
            const unknown = await plugin.check(ROLE_POLICY, {
                role: UNKNOWN,
                policy: { ...document, Statement: [{ ...document.Statement[0], Resource: UNKNOWN }] },
            });
            expect(unknown.problems).to.deep.equal([]);
            expect(unknown.inputs["policy"]).to.equal(UNKNOWN);
        });

        for (const [what, type, inputs, reason] of [
            ["an unknown property", ROLE, { rolename: "x" }, /unknown property "rolename"; .*PULUMI_AWS_PLUGIN=/],
            ["an output", ROLE, { uniqueId: "x" }, /unknown property "uniqueId"/],
            [
                "a deprecated one",
                ROLE,
                { managedPolicyArns: [] },
                /"managedPolicyArns" is deprecated: use aws:iam:RoleP/,
            ],
            [
                "a duration of 60",
                ROLE,
                { maxSessionDuration: 60 },
                /maxSessionDuration to be in the range \(3600 - 43200\), got 60/,
            ],
            ["a duration of 50000", ROLE, { maxSessionDuration: 50000 }, /in the range \(3600 - 43200\), got 50000/],
            ["65 characters", ROLE, { name: "n".repeat(65) }, /expected length of name to be in the range \(1 - 64\)/],
            ["a blank in a name", ROLE, { name: "a b" }, /invalid value for name \(must match/],
            ["name and prefix", ROLE, { name: "a", namePrefix: "b" }, /"name": conflicts with namePrefix/],
            ["broken JSON", ROLE, { assumeRolePolicy: "{" }, /"assumeRolePolicy" contains an invalid JSON policy/],
            ["a list for a text", ROLE, { description: [] }, /expected description to be a string, got \[\]/],
            ["a missing policy", ROLE_POLICY, { role: "r" }, /The argument "policy" is required.*'res\.policy'/],
            [
                "no host, as it is read of one that is imported",
                PROVIDER,
                { url: "gitlab.com" },
                /expected "url" to have a host, got gitlab\.com/,
            ],
            ["http", PROVIDER, { url: "http://x" }, /"url" has to use HTTPS scheme/],
            ["a query", PROVIDER, { url: "https://x?y=z" }, /"url" cannot contain query parameters/],
            [
                "a short thumbprint",
                PROVIDER,
                { thumbprintLists: ["ab"] },
                /thumbprintLists to be in the range \(40 - 40\)/,
            ],
            [
                "skipDestroy",
                ORGANIZATIONS_POLICY,
                { content: "{}", skipDestroy: true },
                /use the resource option retainOnDelete/,
            ],
            ["a type", ORGANIZATIONS_POLICY, { content: "{}", type: "TAG_POLICY" }, /expected type to be one of/],
            [
                "content that is no JSON",
                ORGANIZATIONS_POLICY,
                { content: "{" },
                /"content" contains an invalid JSON policy/,
            ],
            ["no ARN", ATTACHMENT, { policyArn: "x" }, /"policyArn" \(x\) is an invalid ARN/],
        ] as const) {
            it(`are refused: ${what}`, async () => {
                const { problems } = await plugin.check(type, inputs as unknown as Properties);
                expect(problems.join("\n")).to.match(reason);
            });
        }

        it("are refused when the name made from the logical one is too long", async () => {
            const { problems } = await plugin.check(ROLE, { assumeRolePolicy: trust("a") }, { name: "n".repeat(57) });
            expect(problems[0]).to.match(/plus 7 random chars is longer than maximum length 64/);
        });

        it("are refused for an unknown type", async () => {
            await rejects(
                plugin.check("aws:sns/topic:Topic", {}),
                /unknown resource type aws:sns\/topic:Topic; the offline aws provider of this repository knows only/,
            );
        });
    });

    describe("plan", () => {
        const provider = { url: "gitlab.com", clientIdLists: ["a", "b"], thumbprintLists: ["t"], tags: { k: "v" } };
        const role = { name: "n", path: "/", assumeRolePolicy: normalTrust("a"), maxSessionDuration: 3600 };

        for (const [what, type, state, inputs, expected] of [
            [
                "scheme and order are no change",
                PROVIDER,
                provider,
                { ...provider, url: "https://gitlab.com", clientIdLists: ["b", "a"] },
                {},
            ],
            ["thumbprints left out are no change", PROVIDER, provider, { ...provider, thumbprintLists: undefined }, {}],
            [
                "another url replaces",
                PROVIDER,
                provider,
                { ...provider, url: "https://x.org" },
                { url: "UPDATE_REPLACE" },
            ],
            [
                "client ids change in place",
                PROVIDER,
                provider,
                { ...provider, clientIdLists: ["a"] },
                { clientIdLists: "UPDATE" },
            ],
            [
                "tags change key by key",
                PROVIDER,
                provider,
                { ...provider, tags: { k: "w", "a:b": "c" } },
                { "tags.k": "UPDATE", 'tags["a:b"]': "ADD" },
            ],
            ["tags left out are deleted", PROVIDER, provider, { ...provider, tags: undefined }, { tags: "DELETE" }],
            ["layout of a policy is no change", ROLE, role, { ...role, assumeRolePolicy: trust("a") }, {}],
            [
                "another trust policy is an update",
                ROLE,
                role,
                { ...role, assumeRolePolicy: trust("b") },
                { assumeRolePolicy: "UPDATE" },
            ],
            [
                "an unknown trust policy is an update",
                ROLE,
                role,
                { ...role, assumeRolePolicy: UNKNOWN },
                { assumeRolePolicy: "UPDATE" },
            ],
            ["a path replaces", ROLE, role, { ...role, path: "/p/" }, { path: "UPDATE_REPLACE" }],
            [
                "a description is added",
                ROLE,
                { ...role, description: "" },
                { ...role, description: "d" },
                { description: "ADD" },
            ],
            ["a description is removed", ROLE, { ...role, description: "d" }, role, { description: "DELETE" }],
            [
                "an unknown role replaces",
                ROLE_POLICY,
                { role: "r", name: "n" },
                { role: UNKNOWN, name: "n" },
                { role: "UPDATE_REPLACE" },
            ],
        ] as const) {
            it(what, async () => {
                const plan = await plugin.diff(type, state, inputs as unknown as Properties);
                expect(plan.changes).to.deep.equal(expected);
            });
        }

        it("leaves ignored properties alone", async () => {
            const plan = await plugin.diff(ROLE, role, { ...role, assumeRolePolicy: trust("b") }, ["assumeRolePolicy"]);
            expect(plan.changes).to.deep.equal({});
        });

        it("deletes first where a name can exist only once", async () => {
            const moved = (more: Properties) => plugin.diff(ROLE, role, { ...role, path: "/p/", ...more });
            expect((await moved({ __defaults: [] })).deleteBeforeReplace).to.equal(true);
            expect((await moved({ __defaults: ["name"] })).deleteBeforeReplace).to.equal(false);
            expect((await moved({ __defaults: [], name: "other" })).deleteBeforeReplace).to.equal(false);
            const attachment = await plugin.diff(
                ATTACHMENT,
                { role: "a", policyArn: "p" },
                { role: "b", policyArn: "p" },
            );
            expect(attachment.deleteBeforeReplace).to.equal(true);
        });
    });

    describe("preview", () => {
        it("shows what is known, leaves the rest unknown and asks nobody", async () => {
            await plugin.configure(settings({ endpoints: '[{"iam":"http://127.0.0.1:1"}]' }));
            const { inputs } = await plugin.check(ROLE, { assumeRolePolicy: UNKNOWN, name: "n" });
            const { id, state } = await plugin.create(ROLE, inputs, true);
            expect(id).to.equal("");
            expect(state).to.deep.equal({
                arn: UNKNOWN,
                assumeRolePolicy: UNKNOWN,
                createDate: UNKNOWN,
                id: UNKNOWN,
                inlinePolicies: UNKNOWN,
                managedPolicyArns: UNKNOWN,
                maxSessionDuration: 3600,
                name: "n",
                namePrefix: UNKNOWN,
                path: "/",
                tagsAll: {},
                uniqueId: UNKNOWN,
            });
        });

        it("of an update keeps what AWS has decided", async () => {
            const { id, state, inputs } = await plugin.make(ROLE, { assumeRolePolicy: trust("a"), name: "n" });
            const planned = await plugin.update(ROLE, id, state, { ...inputs, description: UNKNOWN }, true);
            expect(planned).to.deep.equal({ ...state, description: UNKNOWN });
        });
    });

    describe("identity provider", () => {
        const arn = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
        const program = { url: "https://gitlab.com", clientIdLists: ["b", "a"], tags: { k: "v" } };

        it("is created, and read back without the scheme", async () => {
            const { id, state } = await plugin.make(PROVIDER, program);
            expect(id).to.equal(arn);
            expect(state).to.deep.equal({
                id: arn,
                arn,
                url: "gitlab.com",
                clientIdLists: ["b", "a"],
                thumbprintLists: [],
                tags: { k: "v" },
                tagsAll: { k: "v" },
            });
        });

        it("is changed in place", async () => {
            const { id, state } = await plugin.make(PROVIDER, program);
            const changed = {
                ...program,
                clientIdLists: ["c", "a"],
                thumbprintLists: ["0".repeat(40)],
                tags: { l: "w" },
            };
            const after = await plugin.change(PROVIDER, id, state, changed);
            expect(after).to.deep.equal({
                id: arn,
                arn,
                url: "gitlab.com",
                clientIdLists: ["c", "a"],
                thumbprintLists: ["0".repeat(40)],
                tags: { l: "w" },
                tagsAll: { l: "w" },
            });
        });

        it("exists once per url, in AWS's words", async () => {
            await plugin.make(PROVIDER, program);
            await rejects(
                plugin.make(PROVIDER, program),
                /^.*creating IAM OIDC Provider: operation error IAM: CreateOpenIDConnectProvider, https response error StatusCode: 409, RequestID: [0-9a-f-]+, EntityAlreadyExists: Provider with url https:\/\/gitlab\.com already exists\.$/,
            );
        });

        it("is imported with all inputs", async () => {
            await plugin.make(PROVIDER, program);
            expect(await plugin.read(PROVIDER, arn)).to.deep.include({
                inputs: {
                    __defaults: [],
                    url: "gitlab.com",
                    clientIdLists: ["b", "a"],
                    tags: { k: "v" },
                    tagsAll: { k: "v" },
                },
            });
        });

        for (const [what, inputs, reason] of [
            ["a port", { url: "https://gitlab.com:8443" }, /ValidationError: Invalid Open ID Connect Provider URL/],
            ["a long url", { url: `https://x.org/${"p".repeat(250)}` }, /'url'.*less than or equal to 255/],
            [
                "101 client ids",
                { clientIdLists: Array.from({ length: 101 }, (_, i) => `c${i}`) },
                /LimitExceeded: Cannot exceed quota for ClientIds/,
            ],
        ] as const) {
            it(`is refused as AWS does: ${what}`, async () => {
                await rejects(plugin.make(PROVIDER, { ...program, ...inputs }), reason);
            });
        }
    });

    describe("role", () => {
        const program = { assumeRolePolicy: trust("a"), name: "n", tags: { k: "v" } };

        it("is created", async () => {
            const { id, state } = await plugin.make(ROLE, { ...program, path: "/p/", description: "d" });
            expect(id).to.equal("n");
            expect(state["createDate"]).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
            expect(state["uniqueId"]).to.match(/^AROA/);
            expect({ ...state, createDate: "", uniqueId: "" }).to.deep.equal({
                arn: "arn:aws:iam::111122223333:role/p/n",
                assumeRolePolicy: normalTrust("a"),
                createDate: "",
                description: "d",
                forceDetachPolicies: false,
                id: "n",
                inlinePolicies: [],
                managedPolicyArns: [],
                maxSessionDuration: 3600,
                name: "n",
                namePrefix: "",
                path: "/p/",
                permissionsBoundary: "",
                tags: { k: "v" },
                tagsAll: { k: "v" },
                uniqueId: "",
            });
        });

        it("gets a unique name from a prefix", async () => {
            const { id, state } = await plugin.make(ROLE, { assumeRolePolicy: trust("a"), namePrefix: "p-" });
            expect(id).to.match(/^p-\d{18}[0-9a-f]{8}$/);
            expect(state["namePrefix"]).to.equal("p-");
        });

        for (const [what, change, expected] of [
            ["trust policy", { assumeRolePolicy: trust("b") }, { assumeRolePolicy: normalTrust("b") }],
            ["description", { description: "e" }, { description: "e" }],
            ["duration", { maxSessionDuration: 7200 }, { maxSessionDuration: 7200 }],
            ["boundary", { permissionsBoundary: READ_ONLY }, { permissionsBoundary: READ_ONLY }],
            ["tags", { tags: { k: "w", l: "x" } }, { tags: { k: "w", l: "x" }, tagsAll: { k: "w", l: "x" } }],
            ["forceDetachPolicies", { forceDetachPolicies: true }, { forceDetachPolicies: true }],
        ] as const) {
            it(`is changed in place and back: ${what}`, async () => {
                const { id, state } = await plugin.make(ROLE, program);
                const changed = await plugin.change(ROLE, id, state, { ...program, ...change });
                expect(changed).to.deep.equal({ ...state, ...expected });
                expect(await plugin.change(ROLE, id, changed, program)).to.deep.equal(state);
            });
        }

        it("that drifted shows it in state and inputs, and the next update puts it right", async () => {
            const { id, state, inputs } = await plugin.make(ROLE, program);
            await iam.updateRole({ RoleName: "n", MaxSessionDuration: 7200, Description: "drift" });
            await iam.untagRole({ RoleName: "n", TagKeys: ["k"] });
            const found = await plugin.read(ROLE, id, state, inputs);
            expect(found.state).to.include({ maxSessionDuration: 7200, description: "drift" });
            expect(found.state).not.to.have.property("tags");
            expect(found.inputs).to.deep.equal({
                __defaults: ["path"],
                assumeRolePolicy: trust("a"),
                description: "drift",
                maxSessionDuration: 7200,
                name: "n",
                path: "/",
            });
            expect(await plugin.change(ROLE, id, found.state, program)).to.deep.equal(state);
        });

        it("has the provider's tags in tagsAll, where their changes show, and those that it has itself in tags", async () => {
            await plugin.configure(settings({ defaultTags: '{"tags":{"team":"x","env":"dev"}}' }));
            const { id, state, inputs } = await plugin.make(ROLE, { ...program, tags: { k: "v", env: "dev" } });
            const all = { k: "v", env: "dev", team: "x" };
            expect(state).to.deep.include({ tags: { k: "v", env: "dev" }, tagsAll: all });
            expect(await plugin.read(ROLE, id, state, inputs)).to.deep.equal({ id, state, inputs });
            expect((await plugin.read(ROLE, id)).inputs).to.deep.include({ tags: { k: "v" }, tagsAll: all });
            await plugin.configure(settings({ defaultTags: '{"tags":{"team":"y"}}' }));
            const { inputs: next } = await plugin.check(ROLE, { ...program, tags: { k: "w", env: "dev" } });
            expect((await plugin.diff(ROLE, state, next)).changes).to.deep.equal({
                "tags.k": "UPDATE",
                "tagsAll.k": "UPDATE",
                "tagsAll.team": "UPDATE",
            });
            await plugin.update(ROLE, id, state, next);
            const { Role: found } = await iam.getRole({ RoleName: "n" });
            expect(found?.Tags).to.have.deep.members([
                { Key: "k", Value: "w" },
                { Key: "env", Value: "dev" },
                { Key: "team", Value: "y" },
            ]);
        });

        it("that did not drift reads as it was", async () => {
            const { id, state, inputs } = await plugin.make(ROLE, program);
            expect(await plugin.read(ROLE, id, state, inputs)).to.deep.equal({ id, state, inputs });
        });

        it("is imported with all inputs", async () => {
            await iam.createRole({ RoleName: "there", AssumeRolePolicyDocument: trust("a"), MaxSessionDuration: 7200 });
            expect((await plugin.read(ROLE, "there")).inputs).to.deep.equal({
                __defaults: [],
                assumeRolePolicy: normalTrust("a"),
                maxSessionDuration: 7200,
                name: "there",
            });
        });

        it("that is gone has no id, and deleting it again is no error", async () => {
            const { id, state, inputs } = await plugin.make(ROLE, program);
            await plugin.delete(ROLE, id, state);
            expect((await plugin.read(ROLE, id, state, inputs)).id).to.equal("");
            await plugin.delete(ROLE, id, state);
        });

        it("with policies is deleted only by force", async () => {
            const { id, state } = await plugin.make(ROLE, program);
            await iam.attachRolePolicy({ RoleName: "n", PolicyArn: READ_ONLY });
            await iam.putRolePolicy({ RoleName: "n", PolicyName: "i", PolicyDocument: allow("s3:*") });
            await rejects(
                plugin.delete(ROLE, id, state),
                /deleting IAM Role \(n\): .*DeleteConflict: Cannot delete entity/,
            );
            await plugin.delete(ROLE, id, { ...state, forceDetachPolicies: true });
        });

        it("exists once", async () => {
            await plugin.make(ROLE, program);
            await rejects(
                plugin.make(ROLE, program),
                /creating IAM Role \(n\): .*409.*, EntityAlreadyExists: Role with name n already exists\.$/,
            );
        });

        const gitlab = (condition: object) =>
            JSON.stringify({
                Statement: [
                    {
                        Effect: "Allow",
                        Action: "sts:AssumeRoleWithWebIdentity",
                        Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/gitlab.com" },
                        Condition: condition,
                    },
                ],
            });

        for (const [what, policy, reason] of [
            [
                "2049 characters of trust policy",
                trust("x".repeat(2049)),
                /LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048/,
            ],
            ["letters outside Latin-1", trust("Ω"), /ValidationError: .*'assumeRolePolicyDocument'/],
            [
                "gitlab.com without sub",
                gitlab({ StringEquals: { "gitlab.com:aud": "a" } }),
                /MalformedPolicyDocument: Trust policy with trusted principal/,
            ],
            ["gitlab.com with any sub", gitlab({ StringLike: { "gitlab.com:sub": "*" } }), /MalformedPolicyDocument/],
        ] as const) {
            it(`is refused as AWS does: ${what}`, async () => {
                await rejects(plugin.make(ROLE, { assumeRolePolicy: policy }), reason);
            });
        }

        it("may trust gitlab.com for a narrower sub", async () => {
            const policy = gitlab({ StringLike: { "gitlab.com:sub": "project_path:g/*" } });
            await plugin.make(ROLE, { assumeRolePolicy: policy });
        });
    });

    describe("role policy", () => {
        beforeEach(() => iam.createRole({ RoleName: "r", AssumeRolePolicyDocument: trust("a") }));
        const program = { role: "r", name: "p", policy: allow("s3:*") };

        it("is created, changed in place, read and deleted", async () => {
            const { id, state, inputs } = await plugin.make(ROLE_POLICY, program);
            expect(id).to.equal("r:p");
            const policy = '{"Version":"2012-10-17","Statement":[{"Action":"s3:*","Effect":"Allow","Resource":"*"}]}';
            expect(state).to.deep.equal({ id, name: "p", namePrefix: "", policy, role: "r" });
            const changed = await plugin.change(ROLE_POLICY, id, state, { ...program, policy: allow("sns:*") });
            expect(changed["policy"]).to.contain("sns:*");
            expect((await plugin.read(ROLE_POLICY, id, state, inputs)).inputs["policy"]).to.contain("sns:*");
            expect((await plugin.read(ROLE_POLICY, id)).inputs).to.include({ name: "p", role: "r" });
            await plugin.delete(ROLE_POLICY, id, state);
            await plugin.delete(ROLE_POLICY, id, state);
            expect((await plugin.read(ROLE_POLICY, id, state, inputs)).id).to.equal("");
        });

        it("needs its role", async () => {
            await rejects(
                plugin.make(ROLE_POLICY, { ...program, role: "none" }),
                /putting IAM Role \(none\) Policy \(p\): .*NoSuchEntity: The role with name none cannot be found\.$/,
            );
        });

        it("may not take the role over 10,240 characters", async () => {
            await plugin.make(ROLE_POLICY, { ...program, policy: allow("x".repeat(6000)) });
            await rejects(
                plugin.make(ROLE_POLICY, { ...program, name: "q", policy: allow("y".repeat(6000)) }),
                /LimitExceeded: Maximum policy size of 10240 bytes exceeded for role r$/,
            );
        });
    });

    describe("attachment", () => {
        beforeEach(() => iam.createRole({ RoleName: "r", AssumeRolePolicyDocument: trust("a") }));
        const program = { role: "r", policyArn: READ_ONLY };

        it("is created, found by import, missed and deleted", async () => {
            const { id, state, inputs } = await plugin.make(ATTACHMENT, program);
            expect(id).to.equal(`r/${READ_ONLY}`);
            expect(state).to.deep.equal({ id, ...program });
            expect((await plugin.read(ATTACHMENT, id)).inputs).to.deep.equal({ __defaults: [], ...program });
            await iam.detachRolePolicy({ RoleName: "r", PolicyArn: READ_ONLY });
            expect((await plugin.read(ATTACHMENT, id, state, inputs)).id).to.equal("");
            await plugin.delete(ATTACHMENT, id, state);
        });

        it("needs an existing policy of the account", async () => {
            const policyArn = "arn:aws:iam::111122223333:policy/none";
            await rejects(
                plugin.make(ATTACHMENT, { role: "r", policyArn }),
                /attaching IAM Policy \(.*\) to IAM Role \(r\): .*NoSuchEntity: Policy .* does not exist or is not attachable\.$/,
            );
        });
    });

    describe("policy", () => {
        const program = { name: "p", path: "/x/", policy: allow("s3:*"), tags: { k: "v" } };

        it("is created, changed through more than five versions and deleted", async () => {
            const { id, state } = await plugin.make(POLICY, program);
            expect(id).to.equal("arn:aws:iam::111122223333:policy/x/p");
            let latest = state;
            for (const action of ["a:*", "b:*", "c:*", "d:*", "e:*", "f:*"]) {
                latest = await plugin.change(POLICY, id, latest, {
                    ...program,
                    policy: allow(action),
                    tags: { l: action },
                });
                expect(latest["policy"]).to.equal(normalizePolicy(allow(action)));
                expect(latest["tags"]).to.deep.equal({ l: action });
            }
            const { Versions = [] } = await iam.listPolicyVersions({ PolicyArn: id });
            expect(Versions.map((version) => version.VersionId).sort()).to.deep.equal(["v3", "v4", "v5", "v6", "v7"]);
            await plugin.delete(POLICY, id, latest);
            expect((await plugin.read(POLICY, id, latest, program)).id).to.equal("");
        });
    });

    describe("AWS Organizations", () => {
        const deny = (action: string) =>
            `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"${action}","Resource":"*"}]}`;
        const program = {
            name: "p",
            type: "RESOURCE_CONTROL_POLICY",
            content: deny("s3:*"),
            description: "first",
            tags: { k: "v" },
        };
        /** A call of its API; an answer of AWS that is none is thrown. */
        const call = (operation: string, input: object = {}) =>
            callJson(ORGANIZATIONS, operation, input, {
                endpoint: emulator.endpoint,
                region: "us-east-1",
                credentials: { accessKeyId: "testing", secretAccessKey: "testing" },
            });
        const rootId = async (): Promise<string> => {
            const { Roots: roots } = (await call("ListRoots")) as { Roots: { Id: string }[] };
            return roots[0]!.Id;
        };
        const unit = async (Name: string): Promise<string> => {
            const made = await call("CreateOrganizationalUnit", { ParentId: await rootId(), Name });
            return (made as { OrganizationalUnit: { Id: string } }).OrganizationalUnit.Id;
        };
        const enable = async (): Promise<unknown> =>
            call("EnablePolicyType", { RootId: await rootId(), PolicyType: "RESOURCE_CONTROL_POLICY" });

        it("a policy is created as it is given, changed in place, imported, missed and deleted", async () => {
            const { id, state } = await plugin.make(ORGANIZATIONS_POLICY, program);
            expect(id).to.match(/^p-[0-9a-f]{8}$/);
            expect(state).to.deep.include({ ...program, tagsAll: program.tags });
            expect(state["arn"]).to.match(
                /^arn:aws:organizations::111122223333:policy\/o-\w+\/resource_control_policy\//,
            );
            const next = { ...program, name: "q", content: deny("a:*"), description: "second", tags: { l: "w" } };
            const changed = await plugin.change(ORGANIZATIONS_POLICY, id, state, next);
            expect(changed).to.deep.include({ ...next, tagsAll: next.tags, arn: state["arn"] });
            const { inputs } = await plugin.read(ORGANIZATIONS_POLICY, id);
            expect(inputs).to.deep.include(next);
            await plugin.delete(ORGANIZATIONS_POLICY, id, changed);
            expect((await plugin.read(ORGANIZATIONS_POLICY, id, changed, inputs)).id).to.equal("");
            await plugin.delete(ORGANIZATIONS_POLICY, id, changed);
        });

        it("an attachment is created, imported, missed and deleted, and holds its policy", async () => {
            await enable();
            const { id: policyId, state: policy } = await plugin.make(ORGANIZATIONS_POLICY, program);
            const targetId = await unit("sandbox");
            const { id, state, inputs } = await plugin.make(ORGANIZATIONS_ATTACHMENT, { policyId, targetId });
            expect(id).to.equal(`${targetId}:${policyId}`);
            expect(state).to.deep.equal({ id, policyId, targetId });
            expect((await plugin.read(ORGANIZATIONS_ATTACHMENT, id)).inputs).to.deep.include({ policyId, targetId });
            await rejects(plugin.delete(ORGANIZATIONS_POLICY, policyId, policy), /PolicyInUseException: /);
            await call("DetachPolicy", { PolicyId: policyId, TargetId: targetId });
            expect((await plugin.read(ORGANIZATIONS_ATTACHMENT, id, state, inputs)).id).to.equal("");
            await plugin.delete(ORGANIZATIONS_ATTACHMENT, id, state);
        });

        it("a policy has its size, and a target its number of policies, RCPFullAWSAccess included", async () => {
            const size = (length: number) => deny("s3:" + "x".repeat(length - deny("s3:").length));
            await plugin.make(ORGANIZATIONS_POLICY, { ...program, name: "fits", content: size(5120) });
            await rejects(
                plugin.make(ORGANIZATIONS_POLICY, { ...program, name: "large", content: size(5121) }),
                /creating Organizations Policy \(large\): operation error Organizations: CreatePolicy, .*ConstraintViolationException: /,
            );
            await enable();
            const targetId = await rootId();
            for (const name of ["a", "b", "c", "d"]) {
                const { id } = await plugin.make(ORGANIZATIONS_POLICY, { ...program, name });
                await plugin.make(ORGANIZATIONS_ATTACHMENT, { policyId: id, targetId });
            }
            const { id: policyId } = await plugin.make(ORGANIZATIONS_POLICY, { ...program, name: "e" });
            await rejects(
                plugin.make(ORGANIZATIONS_ATTACHMENT, { policyId, targetId }),
                /ConstraintViolationException: You have attached the maximum number of policies to the specified target\.$/,
            );
        });

        it("an attachment needs the type to be enabled, and its target", async () => {
            const { id: policyId } = await plugin.make(ORGANIZATIONS_POLICY, program);
            const targetId = await rootId();
            await rejects(
                plugin.make(ORGANIZATIONS_ATTACHMENT, { policyId, targetId }),
                /creating Organizations Policy Attachment \(.*\): .*StatusCode: 400, .*, PolicyTypeNotEnabledException: /,
            );
            await enable();
            await rejects(
                plugin.make(ORGANIZATIONS_ATTACHMENT, { policyId, targetId: "ou-none-12345678" }),
                /TargetNotFoundException: /,
            );
        });
    });

    describe("bucket", () => {
        const program = { bucket: "there", tags: { k: "v" } };

        it("is created with its names, tags and defaults", async () => {
            const { id, inputs, state } = await plugin.make(BUCKET, program);
            expect(inputs).to.deep.equal({
                __defaults: ["forceDestroy"],
                forceDestroy: false,
                ...program,
                tagsAll: { k: "v" },
            });
            expect(id).to.equal("there");
            expect(state).to.deep.equal({
                id,
                arn: "arn:aws:s3:::there",
                bucket: "there",
                bucketDomainName: "there.s3.amazonaws.com",
                bucketRegionalDomainName: "there.s3.eu-central-1.amazonaws.com",
                forceDestroy: false,
                region: "eu-central-1",
                tags: { k: "v" },
                tagsAll: { k: "v" },
            });
            expect((await s3.getBucketTagging({ Bucket: "there" })).TagSet).to.deep.equal([{ Key: "k", Value: "v" }]);
        });

        it("changes its tags in place, and is another one under another name", async () => {
            const { id, state } = await plugin.make(BUCKET, program);
            await plugin.change(BUCKET, id, state, { bucket: "there", tags: { k: "w", l: "x" } });
            expect((await s3.getBucketTagging({ Bucket: "there" })).TagSet).to.have.deep.members([
                { Key: "k", Value: "w" },
                { Key: "l", Value: "x" },
            ]);
            const { inputs } = await plugin.check(BUCKET, { ...program, bucket: "elsewhere" });
            expect(await plugin.diff(BUCKET, state, inputs)).to.deep.equal({
                changes: { bucket: "UPDATE_REPLACE" },
                deleteBeforeReplace: false,
            });
        });

        it("is imported, and found gone", async () => {
            await plugin.make(BUCKET, program);
            expect((await plugin.read(BUCKET, "there")).inputs).to.deep.equal({
                __defaults: [],
                ...program,
                tagsAll: { k: "v" },
            });
            expect((await plugin.read(BUCKET, "nowhere")).id).to.equal("");
        });

        it("goes with objects in it only by force", async () => {
            const { id, state } = await plugin.make(BUCKET, program);
            await s3.putObject({ Bucket: "there", Key: "k", Body: "x" });
            await rejects(plugin.delete(BUCKET, id, state), /deleting S3 Bucket \(there\): .*BucketNotEmpty/);
            await plugin.delete(BUCKET, id, { ...state, forceDestroy: true });
            expect((await s3.listBuckets({})).Buckets).to.deep.equal([]);
            await plugin.delete(BUCKET, id, state);
        });

        for (const [what, inputs, reason] of [
            ["a namespace", { bucketNamespace: "account-regional" }, /"bucketNamespace" is an input that the emulator/],
            ["a region", { region: "eu-central-1" }, /"region" is an input only the real provider has/],
            ["a policy", { policy: "{}" }, /unknown property "policy"/],
            ["capitals", { bucket: "There" }, /invalid value for bucket \(There\)/],
        ] as const) {
            it(`is refused with ${what}`, async () => {
                const { problems } = await plugin.check(BUCKET, { ...program, ...inputs });
                expect(problems.join("\n")).to.match(reason);
            });
        }
    });

    describe("settings of a bucket", () => {
        beforeEach(() => plugin.make(BUCKET, { bucket: "there" }));

        it("ownership controls are made, changed, imported and removed", async () => {
            const program = { bucket: "there", rule: { objectOwnership: "BucketOwnerEnforced" } };
            const { id, state } = await plugin.make(OWNERSHIP, program);
            expect([id, state]).to.deep.equal(["there", { id: "there", ...program, region: "eu-central-1" }]);
            const changed = { bucket: "there", rule: { objectOwnership: "BucketOwnerPreferred" } };
            expect(await plugin.change(OWNERSHIP, id, state, changed)).to.deep.include(changed);
            const { OwnershipControls: controls } = await s3.getBucketOwnershipControls({ Bucket: "there" });
            expect(controls?.Rules).to.deep.equal([{ ObjectOwnership: "BucketOwnerPreferred" }]);
            expect((await plugin.read(OWNERSHIP, id)).inputs).to.deep.equal({ __defaults: [], ...changed });
            await plugin.delete(OWNERSHIP, id, state);
            expect((await plugin.read(OWNERSHIP, id)).id).to.equal("");
            await plugin.delete(OWNERSHIP, id, state);
        });

        it("a block in them is held against its members", async () => {
            const problems = async (rule: unknown): Promise<string> =>
                (await plugin.check(OWNERSHIP, { bucket: "there", rule } as Properties)).problems.join("\n");
            expect(await problems({ ownership: "x" })).to.match(/unknown property "rule\.ownership"/);
            expect(await problems({})).to.match(/The argument "rule\.objectOwnership" is required/);
            expect(await problems({ objectOwnership: "Mine" })).to.match(/expected rule\.objectOwnership to be one of/);
            expect(await problems([])).to.match(/expected rule to be a block, got \[\]/);
            expect(await problems({ objectOwnership: UNKNOWN })).to.equal("");
        });

        it("the block of public access is made, changed, imported and removed", async () => {
            const { id, inputs, state } = await plugin.make(PUBLIC_ACCESS, { bucket: "there", blockPublicAcls: true });
            const settings = {
                bucket: "there",
                blockPublicAcls: true,
                blockPublicPolicy: false,
                ignorePublicAcls: false,
                restrictPublicBuckets: false,
            };
            expect(inputs).to.deep.equal({
                __defaults: ["blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"],
                ...settings,
            });
            expect(state).to.deep.equal({ id, ...settings, region: "eu-central-1" });
            await plugin.change(PUBLIC_ACCESS, id, state, { bucket: "there", blockPublicPolicy: true });
            const { PublicAccessBlockConfiguration: found } = await s3.getPublicAccessBlock({ Bucket: "there" });
            expect(found).to.deep.equal({
                BlockPublicAcls: false,
                BlockPublicPolicy: true,
                IgnorePublicAcls: false,
                RestrictPublicBuckets: false,
            });
            expect((await plugin.read(PUBLIC_ACCESS, id)).inputs).to.deep.equal({
                __defaults: [],
                bucket: "there",
                blockPublicPolicy: true,
            });
            await plugin.delete(PUBLIC_ACCESS, id, state);
            expect((await plugin.read(PUBLIC_ACCESS, id)).id).to.equal("");
        });

        it("a policy is made, changed, imported and removed; a public one is refused where that is blocked", async () => {
            const read = (key: string) =>
                `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::there/${key}"}]}`;
            const program = { bucket: "there", policy: read("a") };
            await rejects(plugin.make(BUCKET_POLICY, program), /creating S3 Bucket Policy \(there\): .*AccessDenied/);
            const { id: block, state: blocked } = await plugin.make(PUBLIC_ACCESS, { bucket: "there" });
            const { id, state } = await plugin.make(BUCKET_POLICY, program);
            await plugin.change(BUCKET_POLICY, id, state, { bucket: "there", policy: read("b") });
            const { Policy: found } = await s3.getBucketPolicy({ Bucket: "there" });
            expect(samePolicy(found!, read("b"))).to.equal(true);
            expect((await plugin.read(BUCKET_POLICY, id)).inputs["policy"]).to.equal(normalizePolicy(read("b")));
            await plugin.delete(BUCKET_POLICY, id, state);
            expect((await plugin.read(BUCKET_POLICY, id)).id).to.equal("");
            await plugin.delete(PUBLIC_ACCESS, block, blocked);
        });
    });

    describe("object", () => {
        const program = {
            bucket: "there",
            key: "a/b",
            content: "{}",
            contentType: "application/json",
            cacheControl: "max-age=5",
        };
        beforeEach(() => plugin.make(BUCKET, { bucket: "there" }));

        it("is created, and changed in place", async () => {
            const { id, state } = await plugin.make(OBJECT, program);
            expect([id, state]).to.deep.equal([
                "there/a/b",
                {
                    ...program,
                    id: "there/a/b",
                    arn: "arn:aws:s3:::there/a/b",
                    etag: "99914b932bd37a50b983c5e7c90ae93b",
                    forceDestroy: false,
                    region: "eu-central-1",
                    versionId: "",
                    tagsAll: {},
                },
            ]);
            const changed = await plugin.change(OBJECT, id, state, { ...program, content: "[]", tags: { k: "v" } });
            const found = await s3.getObject({ Bucket: "there", Key: "a/b" });
            expect([await found.Body!.transformToString(), found.ContentType, found.CacheControl]).to.deep.equal([
                "[]",
                "application/json",
                "max-age=5",
            ]);
            expect(changed).to.deep.include({ content: "[]", tags: { k: "v" } });
            await plugin.change(OBJECT, id, changed, { ...program, content: "[]" });
            expect((await s3.getObjectTagging({ Bucket: "there", Key: "a/b" })).TagSet).to.deep.equal([]);
        });

        it("is another one under another key; read without its content, as the real provider does; and removed", async () => {
            const { id, state } = await plugin.make(OBJECT, program);
            const { inputs } = await plugin.check(OBJECT, { ...program, key: "c" });
            expect((await plugin.diff(OBJECT, state, inputs)).changes).to.deep.equal({ key: "UPDATE_REPLACE" });
            expect((await plugin.read(OBJECT, id)).inputs).to.deep.equal({
                __defaults: [],
                bucket: "there",
                key: "a/b",
                contentType: "application/json",
                cacheControl: "max-age=5",
            });
            await plugin.delete(OBJECT, id, state);
            expect((await plugin.read(OBJECT, id)).id).to.equal("");
            await plugin.delete(OBJECT, id, state);
        });

        it("has at most 10 tags, and no file", async () => {
            const tags = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`k${i}`, "v"]));
            await rejects(plugin.make(OBJECT, { ...program, tags }), /Object tags cannot be greater than 10/);
            const { problems } = await plugin.check(OBJECT, { ...program, source: "x" });
            expect(problems.join()).to.match(/"source" is an input only the real provider has: use content/);
        });
    });

    describe("CloudFront", () => {
        const access = { originAccessControlOriginType: "s3", signingBehavior: "always", signingProtocol: "sigv4" };
        const program = {
            enabled: true,
            origins: [{ originId: "o", domainName: "there.s3.us-east-1.amazonaws.com", originAccessControlId: "E0" }],
            defaultCacheBehavior: {
                targetOriginId: "o",
                viewerProtocolPolicy: "https-only",
                allowedMethods: ["HEAD", "GET"],
                cachedMethods: ["GET", "HEAD"],
                cachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
            },
            restrictions: { geoRestriction: { restrictionType: "none" } },
            viewerCertificate: { cloudfrontDefaultCertificate: true },
            tags: { k: "v" },
        };

        it("an origin access control is made, changed, imported and removed", async () => {
            const { id, state } = await plugin.make(ACCESS_CONTROL, { ...access, name: "n" });
            expect({ ...state, etag: "" }).to.deep.equal({
                ...access,
                id,
                arn: `arn:aws:cloudfront::111122223333:origin-access-control/${id}`,
                description: "Managed by Pulumi",
                etag: "",
                name: "n",
            });
            await plugin.change(ACCESS_CONTROL, id, state, { ...access, name: "n", signingBehavior: "never" });
            const { OriginAccessControlConfig: found } = await cloudFront.getOriginAccessControlConfig({ Id: id });
            expect(found?.SigningBehavior).to.equal("never");
            expect((await plugin.read(ACCESS_CONTROL, id)).inputs).to.deep.equal({
                __defaults: [],
                ...access,
                name: "n",
                signingBehavior: "never",
            });
            await plugin.delete(ACCESS_CONTROL, id, state);
            expect((await plugin.read(ACCESS_CONTROL, id)).id).to.equal("");
        });

        it("a distribution is made with the real provider's defaults", async () => {
            const { inputs, state, id } = await plugin.make(DISTRIBUTION, program);
            expect(inputs["__defaults"]).to.deep.equal([
                "httpVersion",
                "priceClass",
                "retainOnDelete",
                "waitForDeployment",
            ]);
            expect(state).to.deep.include({
                arn: `arn:aws:cloudfront::111122223333:distribution/${id}`,
                hostedZoneId: "Z2FDTNDATAQYW2",
                httpVersion: "http2",
                priceClass: "PriceClass_All",
                status: "Deployed",
                isIpv6Enabled: false,
                tags: { k: "v" },
                viewerCertificate: { cloudfrontDefaultCertificate: true, minimumProtocolVersion: "TLSv1" },
            });
            expect(state["origins"]).to.deep.equal([
                { ...program.origins[0], originPath: "", connectionAttempts: 3, connectionTimeout: 10 },
            ]);
            expect(state["domainName"]).to.match(/^[a-z0-9]+\.cloudfront\.net$/);
            expect((await plugin.diff(DISTRIBUTION, state, inputs)).changes).to.deep.equal({});
        });

        it("a distribution is changed in place, imported, disabled and removed", async () => {
            const { id, state } = await plugin.make(DISTRIBUTION, program);
            const acmCertificateArn = "arn:aws:acm:us-east-1:111122223333:certificate/x";
            const changed = {
                ...program,
                aliases: ["oidc.example.com"],
                viewerCertificate: {
                    acmCertificateArn,
                    sslSupportMethod: "sni-only",
                    minimumProtocolVersion: "TLSv1.2_2021",
                },
                priceClass: "PriceClass_100",
                tags: { l: "w" },
            };
            await plugin.change(DISTRIBUTION, id, state, changed);
            const { Distribution: found } = await cloudFront.getDistribution({ Id: id });
            expect(found?.DistributionConfig?.Aliases?.Items).to.deep.equal(["oidc.example.com"]);
            expect(found?.DistributionConfig?.ViewerCertificate).to.deep.include({
                ACMCertificateArn: acmCertificateArn,
                SSLSupportMethod: "sni-only",
                MinimumProtocolVersion: "TLSv1.2_2021",
            });
            const { Tags: tags } = await cloudFront.listTagsForResource({ Resource: found!.ARN });
            expect(tags?.Items).to.deep.equal([{ Key: "l", Value: "w" }]);
            const { inputs } = await plugin.read(DISTRIBUTION, id);
            expect(inputs).to.deep.include({ enabled: true, aliases: ["oidc.example.com"], tags: { l: "w" } });
            await rejects(
                cloudFront.deleteDistribution({ Id: id, IfMatch: (await cloudFront.getDistribution({ Id: id })).ETag }),
                /has not been disabled/,
            );
            await plugin.delete(DISTRIBUTION, id, state);
            expect((await plugin.read(DISTRIBUTION, id)).id).to.equal("");
            await plugin.delete(DISTRIBUTION, id, state);
        });

        for (const [what, inputs, reason] of [
            [
                "no cache policy",
                { defaultCacheBehavior: { targetOriginId: "o" } },
                /The argument "defaultCacheBehavior\.viewerProtocolPolicy" is required/,
            ],
            [
                "another origin",
                { origins: [{ ...program.origins[0], customOriginConfig: {} }] },
                /unknown property "origins\[0\]\.customOriginConfig"/,
            ],
            ["functions", { orderedCacheBehaviors: [] }, /unknown property "orderedCacheBehaviors"/],
            ["an unknown price", { priceClass: "free" }, /expected priceClass to be one of/],
        ] as const) {
            it(`a distribution is refused with ${what}`, async () => {
                const { problems } = await plugin.check(DISTRIBUTION, {
                    ...program,
                    ...inputs,
                } as unknown as Properties);
                expect(problems.join("\n")).to.match(reason);
            });
        }
    });

    describe("functions", () => {
        it("say who and where we are", async () => {
            expect(await plugin.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})).to.include({
                id: "111122223333",
                accountId: "111122223333",
                arn: "arn:aws:iam::111122223333:root",
            });
            expect(await plugin.invoke("aws:index/getRegion:getRegion", {})).to.deep.equal({
                id: "eu-central-1",
                name: "eu-central-1",
                region: "eu-central-1",
                description: "Europe (Frankfurt)",
                endpoint: "ec2.eu-central-1.amazonaws.com",
            });
            const partition = async (more: Properties) => {
                await plugin.configure(settings({ region: "cn-north-1", ...more }));
                return plugin.invoke("aws:index/getPartition:getPartition", {});
            };
            expect(await partition({})).to.deep.equal({
                id: "aws",
                partition: "aws",
                dnsSuffix: "amazonaws.com",
                reverseDnsPrefix: "com.amazonaws",
            });
            expect(await partition({ skipRequestingAccountId: "true" })).to.deep.equal({
                id: "aws-cn",
                partition: "aws-cn",
                dnsSuffix: "amazonaws.com.cn",
                reverseDnsPrefix: "cn.com.amazonaws",
            });
        });

        it("find a provider by url, with and without scheme, and by ARN", async () => {
            const token = "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider";
            const { id } = await plugin.make(PROVIDER, {
                url: "https://gitlab.com",
                clientIdLists: ["a"],
                tags: { k: "v" },
            });
            const found = {
                id,
                arn: id,
                url: "gitlab.com",
                clientIdLists: ["a"],
                thumbprintLists: [],
                tags: { k: "v" },
            };
            expect(await plugin.invoke(token, { url: "https://gitlab.com" })).to.deep.equal(found);
            expect(await plugin.invoke(token, { url: "gitlab.com" })).to.deep.equal(found);
            expect(await plugin.invoke(token, { arn: id })).to.deep.equal(found);
            await rejects(
                plugin.invoke(token, { url: "https://x.org" }),
                /^\w.*invoking aws:iam\/getOpenIdConnectProvider:getOpenIdConnectProvider: 1 error occurred:\n\t\* reading IAM OIDC Provider \(https:\/\/x\.org\): couldn't find resource\n\n$/,
            );
            await rejects(plugin.invoke(token, {}), /one of `arn,url` must be specified/);
        });

        it("find a role", async () => {
            await plugin.make(ROLE, { assumeRolePolicy: trust("a"), name: "n" });
            const found = await plugin.invoke("aws:iam/getRole:getRole", { name: "n" });
            expect(found).to.include({ id: "n", arn: "arn:aws:iam::111122223333:role/n", maxSessionDuration: 3600 });
            await rejects(
                plugin.invoke("aws:iam/getRole:getRole", { name: "m" }),
                /reading IAM Role \(m\): couldn't find/,
            );
        });

        it("are refused when unknown, and so are unknown arguments", async () => {
            await rejects(
                plugin.invoke("aws:iam/getUser:getUser", {}),
                /unknown function aws:iam\/getUser:getUser; the off/,
            );
            await rejects(plugin.invoke("aws:iam/getRole:getRole", { nmae: "n" }), /unknown argument "nmae"/);
        });

        it("write a policy document as the real provider does", () => {
            const { json, minifiedJson } = policyDocument({
                statements: [
                    {
                        sid: "S",
                        actions: ["s3:A", "s3:B"],
                        resources: ["*"],
                        principals: [{ type: "Federated", identifiers: ["arn"] }],
                        conditions: [
                            { test: "StringEquals", variable: "k", values: ["v"] },
                            { test: "StringLike", variable: "l", values: ["b", "a"] },
                        ],
                    },
                ],
            });
            expect(minifiedJson).to.equal(
                '{"Version":"2012-10-17","Statement":[{"Sid":"S","Effect":"Allow","Action":["s3:B","s3:A"],"Resource":"*",' +
                    '"Principal":{"Federated":"arn"},"Condition":{"StringEquals":{"k":"v"},"StringLike":{"l":["b","a"]}}}]}',
            );
            expect(JSON.parse(json as string)).to.deep.equal(JSON.parse(minifiedJson as string));
        });
    });

    describe("schema", () => {
        it("is of the installed version and says what the code knows", async () => {
            const schema = JSON.parse(await plugin.schema()) as ReturnType<typeof packageSchema>;
            expect(schema).to.deep.include({
                name: "aws",
                version: awsVersion(),
                meta: { moduleFormat: "(.*)(?:/[^/]*)" },
            });
            expect(Object.keys(schema["resources"] as object)).to.have.members([
                PROVIDER,
                POLICY,
                ROLE,
                ROLE_POLICY,
                ATTACHMENT,
                BUCKET,
                OBJECT,
                OWNERSHIP,
                BUCKET_POLICY,
                PUBLIC_ACCESS,
                ACCESS_CONTROL,
                DISTRIBUTION,
                ORGANIZATIONS_POLICY,
                ORGANIZATIONS_ATTACHMENT,
            ]);
        });
    });

    describe("policies", () => {
        for (const [what, a, b, same] of [
            ["white space", trust("a"), JSON.stringify(JSON.parse(trust("a")), undefined, 4), true],
            ["order of keys", trust("a"), normalTrust("a"), true],
            ["one value or a list of one", '{"Statement":{"Action":"a"}}', '{"Statement":[{"Action":["a"]}]}', true],
            ["order of actions", '{"Statement":[{"Action":["a","b"]}]}', '{"Statement":[{"Action":["b","a"]}]}', true],
            ["everyone", '{"Statement":[{"Principal":"*"}]}', '{"Statement":[{"Principal":{"AWS":"*"}}]}', true],
            ["another value", trust("a"), trust("b"), false],
            [
                "another operator",
                '{"Statement":[{"Condition":{"StringLike":{"k":"v"}}}]}',
                '{"Statement":[{"Condition":{"StringEquals":{"k":"v"}}}]}',
                false,
            ],
        ] as const) {
            it(`${same ? "are" : "are not"} the same: ${what}`, () => expect(samePolicy(a, b)).to.equal(same));
        }
    });
});

async function rejects(promise: Promise<unknown>, reason: RegExp): Promise<void> {
    const message = await promise.then(
        () => "nothing was refused",
        (error: unknown) => (error as Error).message,
    );
    expect(message).to.match(reason);
}

interface CheckOptions {
    readonly olds?: Properties;
    readonly seed?: string;
    readonly name?: string;
    readonly proposedName?: string;
}

/** The provider as the engine sees it. */
class Plugin {
    private readonly client: ResourceProviderClient;

    constructor(port: number) {
        this.client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    }

    close(): void {
        this.client.close();
    }

    async schema(): Promise<string> {
        return (
            await call<pb.GetSchemaResponse>((done) => this.client.getSchema(new pb.GetSchemaRequest(), done))
        ).getSchema();
    }

    async checkConfig(inputs: Properties): Promise<string[]> {
        const request = new pb.CheckRequest();
        request.setNews(toStruct(inputs));
        const response = await call<pb.CheckResponse>((done) => this.client.checkConfig(request, done));
        return response.getFailuresList().map((failure) => failure.getReason());
    }

    async configure(inputs: Properties): Promise<void> {
        const request = new pb.ConfigureRequest();
        request.setArgs(toStruct(inputs));
        await call<pb.ConfigureResponse>((done) => this.client.configure(request, done));
    }

    async check(type: string, news: Properties, options: CheckOptions = {}) {
        const request = new pb.CheckRequest();
        request.setUrn(urn(type, options.name));
        request.setOlds(toStruct(options.olds ?? {}));
        request.setNews(toStruct(news));
        if (options.seed) request.setRandomseed(Buffer.from(options.seed));
        if (options.proposedName) {
            const autonaming = new pb.CheckRequest.AutonamingOptions();
            autonaming.setProposedName(options.proposedName);
            request.setAutonaming(autonaming);
        }
        const response = await call<pb.CheckResponse>((done) => this.client.check(request, done));
        return {
            inputs: fromStruct(response.getInputs()),
            problems: response.getFailuresList().map((failure) => failure.getReason()),
        };
    }

    async diff(type: string, state: Properties, inputs: Properties, ignored: string[] = []) {
        const request = new pb.DiffRequest();
        request.setUrn(urn(type));
        request.setOlds(toStruct(state));
        request.setNews(toStruct(inputs));
        request.setIgnorechangesList(ignored);
        const response = await call<pb.DiffResponse>((done) => this.client.diff(request, done));
        const changes: Record<string, string> = {};
        response.getDetaileddiffMap().forEach((change, path) => {
            changes[path] = kindName(change.getKind());
        });
        return { changes, deleteBeforeReplace: response.getDeletebeforereplace() };
    }

    async create(type: string, inputs: Properties, preview = false) {
        const request = new pb.CreateRequest();
        request.setUrn(urn(type));
        request.setProperties(toStruct(inputs));
        request.setPreview(preview);
        const response = await call<pb.CreateResponse>((done) => this.client.create(request, done));
        return { id: response.getId(), state: fromStruct(response.getProperties()) };
    }

    /** Check and create, as the engine does. */
    async make(type: string, program: Properties) {
        const { inputs, problems } = await this.check(type, program);
        expect(problems).to.deep.equal([]);
        return { inputs, ...(await this.create(type, inputs)) };
    }

    /** Check, diff and update, as the engine does; the plan has to be an update in place, and none is due after it. */
    async change(type: string, id: string, state: Properties, program: Properties): Promise<Properties> {
        const { inputs, problems } = await this.check(type, program);
        expect(problems).to.deep.equal([]);
        const { changes } = await this.diff(type, state, inputs);
        expect(Object.values(changes).join()).to.match(/^((ADD|UPDATE|DELETE)(,|$))+$/);
        const updated = await this.update(type, id, state, inputs);
        expect((await this.diff(type, updated, inputs)).changes).to.deep.equal({});
        return updated;
    }

    async update(
        type: string,
        id: string,
        state: Properties,
        inputs: Properties,
        preview = false,
    ): Promise<Properties> {
        const request = new pb.UpdateRequest();
        request.setId(id);
        request.setUrn(urn(type));
        request.setOlds(toStruct(state));
        request.setNews(toStruct(inputs));
        request.setPreview(preview);
        return fromStruct((await call<pb.UpdateResponse>((done) => this.client.update(request, done))).getProperties());
    }

    /** Without state and inputs: an import. */
    async read(type: string, id: string, state: Properties = {}, inputs: Properties = {}) {
        const request = new pb.ReadRequest();
        request.setId(id);
        request.setUrn(urn(type));
        request.setProperties(toStruct(state));
        request.setInputs(toStruct(inputs));
        const response = await call<pb.ReadResponse>((done) => this.client.read(request, done));
        return {
            id: response.getId(),
            state: fromStruct(response.getProperties()),
            inputs: fromStruct(response.getInputs()),
        };
    }

    async delete(type: string, id: string, state: Properties): Promise<void> {
        const request = new pb.DeleteRequest();
        request.setId(id);
        request.setUrn(urn(type));
        request.setProperties(toStruct(state));
        await call((done) => this.client.delete(request, done));
    }

    async invoke(token: string, inputs: Properties): Promise<Properties> {
        const request = new pb.InvokeRequest();
        request.setTok(token);
        request.setArgs(toStruct(inputs));
        const response = await call<pb.InvokeResponse>((done) => this.client.invoke(request, done));
        const problems = response.getFailuresList().map((failure) => failure.getReason());
        if (problems.length > 0) throw new Error(problems.join("\n"));
        return fromStruct(response.getReturn());
    }
}

function kindName(kind: pb.PropertyDiff.Kind): string {
    return Object.entries(pb.PropertyDiff.Kind).find(([, value]) => value === kind)?.[0] ?? "";
}

function urn(type: string, name = "res"): string {
    return `urn:pulumi:stack::project::${type}::${name}`;
}

function call<Response>(
    start: (done: (error: ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
    return new Promise((resolve, reject) => {
        start((error, response) => {
            if (error) reject(error);
            else resolve(response);
        });
    });
}
