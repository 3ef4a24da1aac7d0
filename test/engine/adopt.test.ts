import { expect } from "chai";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { everythingInAws, iam, nothing } from "./account";
import { emptyAccount, engine, type Program, type TestStack } from "./engine";
import { expectFindings } from "../support/findings";
import { expectRefusal, LEFT_IN_STATE, problems } from "./refusal";
import { routes } from "./routes";

const URL = "https://gitlab.example.com";
const ARN = "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com";
const roles = { deploy: { subjects: [{ project: "mygroup/myproject", branch: "main" }] } };

async function makeByHand(...audiences: string[]): Promise<void> {
    await (
        await iam()
    ).createOpenIDConnectProvider({ Url: URL, ClientIDList: audiences, ThumbprintList: ["a".repeat(40)] });
}

const NOT_LOOKED_UP = `adoptExisting: The identity provider for "${URL}" could not be looked up, so it is unknown whether the account has one (reading IAM OIDC Provider (`;
const WAYS_ON =
    "Allow `iam:ListOpenIDConnectProviders` and `iam:GetOpenIDConnectProvider` if they are denied. Or replace adoptExisting with " +
    '`existingProviderArn: "arn:aws:iam::ACCOUNT:oidc-provider/gitlab.example.com"`, which needs no lookup. [adopt-lookup]';

/** The credentials of a user who may do everything else. */
async function userWithout(action: string): Promise<Readonly<Record<string, string>>> {
    const aws = await iam();
    const UserName = "ci";
    await aws.createUser({ UserName });
    const Statement = [{ Effect: "Allow", NotAction: action, Resource: "*" }];
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
    await aws.putUserPolicy({ UserName, PolicyName: "most", PolicyDocument });
    const { AccessKey: key } = await aws.createAccessKey({ UserName });
    return { AWS_ACCESS_KEY_ID: key!.AccessKeyId!, AWS_SECRET_ACCESS_KEY: key!.SecretAccessKey! };
}

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    return port;
}

for (const { name, GitLabOidc } of routes) {
    describe(`engine: a provider that exists, ${name}`, () => {
        emptyAccount();
        const stackOf = async (program: Program): Promise<TestStack> => (await engine()).program(program);

        it("adoptExisting: is looked up by its url, used, and left alone by destroy", async () => {
            await makeByHand(URL, "sts.amazonaws.com");
            const stack = await stackOf(() => {
                const { providerArn, trustPolicies } = GitLabOidc("gitlab", {
                    url: URL,
                    adoptExisting: true,
                    audiences: ["sts.amazonaws.com"],
                    roles,
                });
                return { providerArn, trustPolicies };
            });
            const up = await stack.up();
            expect(up.changes).to.deep.equal({
                "GitLabOidc gitlab": "create",
                "PipelineRole gitlab-deploy": "create",
                "Role gitlab-deploy": "create",
            });
            expect(stack.outputs()).to.deep.equal({
                providerArn: ARN,
                trustPolicies: {
                    deploy:
                        `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"${ARN}"},"Action":"sts:AssumeRoleWithWebIdentity",` +
                        '"Condition":{"StringEquals":{"gitlab.example.com:aud":"sts.amazonaws.com","gitlab.example.com:sub":"project_path:mygroup/myproject:ref_type:branch:ref:main"}}}]}',
                },
            });
            await stack.destroy();
            expect(await everythingInAws()).to.deep.equal({ ...nothing, providers: [ARN] });
        });

        it("adoptExisting: is refused when it does not list an audience", async () => {
            await makeByHand("https://other.example.com");
            const stack = await stackOf(() => void GitLabOidc("gitlab", { url: URL, adoptExisting: true, roles }));
            for (const operation of ["preview", "up"] as const) {
                expectRefusal(
                    await stack.refused(operation),
                    `audiences: The account's identity provider ${ARN} does not list "${URL}" (it lists "https://other.example.com"). AWS would deny jobs with \`Incorrect token audience\`. ` +
                        `Add it there: aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${ARN} --client-id ${URL} [adopt-audience]`,
                );
            }
            expect(await everythingInAws()).to.deep.equal({ ...nothing, providers: [ARN] });
        });

        it("adoptExisting: is refused when there is none; the next up goes on from what is in the state", async () => {
            const stack = await stackOf(() => void GitLabOidc("gitlab", { url: URL, adoptExisting: true, roles }));
            expect((await stack.refused("preview")).text).not.to.contain(LEFT_IN_STATE);
            const up = await stack.refused();
            expect(up.text).to.contain(LEFT_IN_STATE);
            expectRefusal(
                up,
                `adoptExisting: The account has no identity provider for "${URL}" (reading IAM OIDC Provider (${URL}): couldn't find resource). ` +
                    "Remove adoptExisting to create one. [adopt-missing]",
            );
            expect(await everythingInAws()).to.deep.equal(nothing);
            expect(stack.labels()).to.deep.equal(["GitLabOidc gitlab", "PipelineRole gitlab-deploy"]);
            await stack.edit(() => void GitLabOidc("gitlab", { url: URL, roles })).up();
            expect(await everythingInAws()).to.deep.equal({ ...nothing, providers: [ARN], roles: ["gitlab-deploy"] });
        });

        for (const denied of ["iam:ListOpenIDConnectProviders", "iam:GetOpenIDConnectProvider"]) {
            it(`adoptExisting: is refused where ${denied} is denied, without a word of whether there is one`, async () => {
                await makeByHand(URL);
                const stack = await stackOf(() => void GitLabOidc("gitlab", { url: URL, adoptExisting: true, roles }));
                stack.env = await userWithout(denied);
                for (const operation of ["preview", "up"] as const) {
                    const ran = await stack.refused(operation);
                    expectRefusal(ran, NOT_LOOKED_UP, `is not authorized to perform: ${denied}`, WAYS_ON);
                    expect(ran.errors.join()).not.to.contain("has no identity provider");
                }
                expect(await everythingInAws()).to.deep.equal({ ...nothing, providers: [ARN] });
            });
        }

        it("adoptExisting: is refused where AWS is not reached", async () => {
            const stack = await stackOf(() => void GitLabOidc("gitlab", { url: URL, adoptExisting: true, roles }));
            stack.env = { AWS_ENDPOINT_URL: `http://127.0.0.1:${String(await closedPort())}` };
            const ran = await stack.refused("preview");
            expectRefusal(ran, NOT_LOOKED_UP, "ECONNREFUSED", WAYS_ON);
            expect(ran.errors.join()).not.to.contain("has no identity provider");
        });

        it("existingProviderArn: is used without a look-up, also where it does not exist", async () => {
            const stack = await stackOf(() => {
                const { providerArn } = GitLabOidc("gitlab", { url: URL, existingProviderArn: ARN, roles });
                return { providerArn };
            });
            const up = await stack.up();
            expect(up.changes).to.deep.equal({
                "GitLabOidc gitlab": "create",
                "PipelineRole gitlab-deploy": "create",
                "Role gitlab-deploy": "create",
            });
            expect(stack.outputs()).to.deep.equal({ providerArn: ARN });
        });

        it("existingProviderArn: is refused when it is of another url, before anything is made", async () => {
            const other = { url: "https://other.example.com", existingProviderArn: ARN, roles };
            const stack = await stackOf(() => void GitLabOidc("gitlab", other));
            const ran = await stack.refused();
            expectRefusal(ran);
            expectFindings(problems(ran), [
                ["existingProviderArn", "provider-arn", `"${ARN}"`, `"${URL}"`, "https://other.example.com"],
            ]);
            expect(stack.resources()).to.deep.equal([]);
        });

        it("neither: AWS refuses to make a second one, and the user is told both ways on", async () => {
            await makeByHand(URL);
            const stack = await stackOf(() => void GitLabOidc("gitlab", { url: URL, roles }));
            expectRefusal(
                await stack.refused(),
                "EntityAlreadyExists: ",
                "The account already has an identity provider for gitlab.example.com, and AWS allows one per URL. To use it, set on GitLabOidc either `adoptExisting: true`, which looks it up by URL, " +
                    'or `existingProviderArn: "arn:aws:iam::ACCOUNT:oidc-provider/gitlab.example.com"`, which needs no lookup.',
                LEFT_IN_STATE,
            );
            expect(await everythingInAws()).to.deep.equal({ ...nothing, providers: [ARN] });
        });
    });
}
