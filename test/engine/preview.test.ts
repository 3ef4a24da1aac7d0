import { Policy } from "@pulumi/aws/iam/policy";
import { expect } from "chai";
import { roleInAws } from "./account";
import { emptyAccount, engine } from "./engine";
import { routes } from "./routes";

const ACCOUNT = "arn:aws:iam::111122223333";

/** What a role may do that reads one bucket. */
const READ_X =
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::x/*"}]}';

describe("engine: preview", () => {
    emptyAccount();

    for (const { name, GitLabOidc } of routes) {
        it(`${name}: shows every child although values come from a resource that is not there yet`, async () => {
            const stack = await (
                await engine()
            ).program(() => {
                const shared = new Policy("shared", { name: "shared", policy: READ_X });
                const project = shared.arn.apply((arn) => `mygroup/${arn.split("/").pop()!}`);
                const gitlab = GitLabOidc("gitlab", {
                    url: "https://gitlab.example.com",
                    roles: {
                        deploy: {
                            subjects: [{ project, branch: "main" }],
                            managedPolicies: { shared: shared.arn },
                            inlinePolicies: {
                                read: {
                                    Version: "2012-10-17",
                                    Statement: [{ Effect: "Allow", Action: "iam:GetPolicy", Resource: shared.arn }],
                                },
                            },
                        },
                    },
                });
                return { trust: gitlab.trustPolicies, issuer: gitlab.issuer };
            });

            const preview = await stack.preview();
            expect(preview.changes).to.deep.equal({
                "GitLabOidc gitlab": "create",
                "IdentityProvider gitlab": "create",
                "OpenIdConnectProvider gitlab": "create",
                "PipelineRole gitlab-deploy": "create",
                "Policy shared": "create",
                "Role gitlab-deploy": "create",
                "RolePolicy gitlab-deploy:read": "create",
                "RolePolicyAttachment gitlab-deploy:shared": "create",
            });

            const up = await stack.up();
            expect(up.changes).to.deep.equal(preview.changes);
            expect(stack.resources().map((r) => r.urn.split("::").slice(2).join("::"))).to.have.members([
                "aws-gitlab-oidc:index:GitLabOidc::gitlab",
                "aws-gitlab-oidc:index:GitLabOidc$aws-gitlab-oidc:index:IdentityProvider::gitlab",
                "aws-gitlab-oidc:index:GitLabOidc$aws-gitlab-oidc:index:IdentityProvider$aws:iam/openIdConnectProvider:OpenIdConnectProvider::gitlab",
                "aws-gitlab-oidc:index:GitLabOidc$aws-gitlab-oidc:index:PipelineRole::gitlab-deploy",
                "aws-gitlab-oidc:index:GitLabOidc$aws-gitlab-oidc:index:PipelineRole$aws:iam/role:Role::gitlab-deploy",
                "aws-gitlab-oidc:index:GitLabOidc$aws-gitlab-oidc:index:PipelineRole$aws:iam/role:Role$aws:iam/rolePolicy:RolePolicy::gitlab-deploy:read",
                "aws-gitlab-oidc:index:GitLabOidc$aws-gitlab-oidc:index:PipelineRole$aws:iam/role:Role$aws:iam/rolePolicyAttachment:RolePolicyAttachment::gitlab-deploy:shared",
                "aws:iam/policy:Policy::shared",
            ]);
            expect(stack.outputs()).to.deep.equal({
                trust: {
                    deploy:
                        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/gitlab.example.com"},' +
                        '"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"gitlab.example.com:aud":"https://gitlab.example.com",' +
                        '"gitlab.example.com:sub":"project_path:mygroup/shared:ref_type:branch:ref:main"}}}]}',
                },
                issuer: "gitlab.example.com",
            });
            const role = await roleInAws(stack.resource("Role gitlab-deploy").id!);
            expect(role.managed).to.deep.equal([`${ACCOUNT}:policy/shared`]);
            expect(role.inline).to.deep.equal({
                read: {
                    Version: "2012-10-17",
                    Statement: [{ Effect: "Allow", Action: "iam:GetPolicy", Resource: `${ACCOUNT}:policy/shared` }],
                },
            });
            await stack.unchanged();
        });
    }
});
