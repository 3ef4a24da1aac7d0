import { expect } from "chai";
import { emptyAccount, engine } from "./engine";
import { npm, plugin, type Route } from "./routes";

const READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const ARN = "arn:aws:iam::111122223333:oidc-provider/alone.example.com";

const program =
    ({ GitLabOidc, IdentityProvider, PipelineRole }: Route) =>
    () => {
        const gitlab = GitLabOidc("gitlab", {
            url: "https://gitlab.example.com",
            audiences: ["https://gitlab.example.com", "sts.amazonaws.com"],
            thumbprints: ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"],
            tags: { team: "platform", stage: "prod" },
            path: "/gitlab/",
            maxSessionDuration: 7200,
            permissionsBoundary: READ_ONLY,
            roles: {
                deploy: {
                    subjects: [
                        { project: "mygroup/myproject", branch: "main" },
                        { project: "mygroup/myproject", tag: "v1.0" },
                    ],
                    description: "Deploys.",
                    managedPolicies: { s3: READ_ONLY },
                    inlinePolicies: {
                        own: {
                            Version: "2012-10-17",
                            Statement: [{ Effect: "Allow", Action: "s3:Put*", Resource: "x" }],
                        },
                    },
                    conditions: { StringEquals: { "aws:RequestedRegion": ["eu-central-1"] } },
                    tags: { stage: "dev" },
                },
                plan: { subjects: [{ group: "mygroup", branch: "*" }], accept: ["group-wide", "any-branch"] },
            },
        });
        const provider = IdentityProvider("alone", { url: "https://alone.example.com", tags: { a: "1" } });
        const role = PipelineRole("alone", {
            providerArn: provider.arn,
            subjects: [{ project: "mygroup/myproject", branch: "main" }],
            inlinePolicies: {
                arn: {
                    Version: "2012-10-17",
                    Statement: [{ Effect: "Allow", Action: "iam:Get*", Resource: provider.arn }],
                },
            },
        });
        return {
            arns: gitlab.roleArns,
            yaml: gitlab.gitlabCiYml,
            trust: gitlab.trustPolicies,
            alone: role.trustPolicy,
        };
    };

const YAML = `resources:
  gitlab:
    type: aws-gitlab-oidc:GitLabOidc
    properties:
      url: https://gitlab.example.com
      audiences: [https://gitlab.example.com, sts.amazonaws.com]
      thumbprints: [9e99a48a9960b14926bb7f3b02e22da2b0ab7280]
      tags: { team: platform, stage: prod }
      path: /gitlab/
      maxSessionDuration: 7200
      permissionsBoundary: ${READ_ONLY}
      roles:
        deploy:
          subjects:
            - { project: mygroup/myproject, branch: main }
            - { project: mygroup/myproject, tag: v1.0 }
          description: Deploys.
          managedPolicies: { s3: "${READ_ONLY}" }
          inlinePolicies:
            own: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:Put*", Resource: x }] }
          conditions: { StringEquals: { "aws:RequestedRegion": [eu-central-1] } }
          tags: { stage: dev }
        plan:
          subjects: [{ group: mygroup, branch: "*" }]
          accept: [group-wide, any-branch]
  alone:
    type: aws-gitlab-oidc:IdentityProvider
    properties: { url: https://alone.example.com, tags: { a: "1" } }
  alone-role:
    type: aws-gitlab-oidc:PipelineRole
    name: alone
    properties:
      providerArn: \${alone.arn}
      subjects: [{ project: mygroup/myproject, branch: main }]
      inlinePolicies:
        arn: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "iam:Get*", Resource: "\${alone.arn}" }] }
outputs:
  arns: \${gitlab.roleArns}
  yaml: \${gitlab.gitlabCiYml}
  trust: \${gitlab.trustPolicies}
  alone: \${alone-role.trustPolicy}
`;

describe("engine: one stack by every route", () => {
    emptyAccount();

    it("npm class, plugin, npm class, YAML, plugin: no change", async () => {
        const stack = await (await engine()).program(program(npm));
        await stack.up();
        const outputs = stack.outputs();
        const { urn, inputs } = stack.resource("Role alone");
        expect(urn.split("::").slice(2)).to.deep.equal([
            "aws-gitlab-oidc:index:PipelineRole$aws:iam/role:Role",
            "alone",
        ]);
        expect(inputs?.["assumeRolePolicy"]).to.contain(`"Federated":"${ARN}"`);

        await stack.edit(program(plugin)).unchanged();
        expect(stack.outputs()).to.deep.equal(outputs);
        await stack.edit(program(npm)).unchanged();
        const yaml = stack.asYaml(YAML);
        await yaml.unchanged();
        expect(yaml.outputs()).to.deep.equal(outputs);
        await stack.edit(program(plugin)).unchanged();
    });

    it("made by the plugin, then the npm class: no change", async () => {
        const stack = await (await engine()).program(program(plugin));
        await stack.up();
        await stack.edit(program(npm)).unchanged();
    });
});
