import { expect } from "chai";
import {
    checkIssuerOutput,
    describeTrustPolicyOutput,
    getGitlabCiOutput,
    getTrustPolicyOutput,
} from "pulumi-aws-gitlab-oidc";
import type { IssuerCheck } from "../../provider/contract/types";
import { authority } from "../support/certificates";
import { expectFindings, type Printed } from "../support/findings";
import { ISSUER, startIssuer } from "../support/issuer-server";
import { emptyAccount, engine, type Program } from "./engine";
import { problems } from "./refusal";

const ARN = "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com";
const TRUST =
    `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"${ARN}"},"Action":"sts:AssumeRoleWithWebIdentity",` +
    '"Condition":{"StringEquals":{"gitlab.example.com:aud":"https://gitlab.example.com"},"StringLike":{"gitlab.example.com:sub":"project_path:mygroup/myproject:ref_type:branch:ref:*"}}}]}';

const GOOD_YAML = `variables:
  trust:
    fn::invoke:
      function: aws-gitlab-oidc:getTrustPolicy
      arguments:
        providerArn: ${ARN}
        subjects: [{ project: mygroup/myproject, branch: "*" }]
  ci:
    fn::invoke:
      function: aws-gitlab-oidc:getGitlabCi
      arguments:
        url: https://gitlab.example.com
        roleArns: { deploy: "arn:aws:iam::111122223333:role/deploy" }
  described:
    fn::invoke:
      function: aws-gitlab-oidc:describeTrustPolicy
      arguments: { trustPolicy: "\${trust.json}" }
outputs:
  json: \${trust.json}
  jobs: \${described.subjects[0].description}
  warnings: \${trust.warnings[0].id}
  yaml: \${ci.yaml}
`;

const GOOD: Program = () => {
    const trust = getTrustPolicyOutput({ providerArn: ARN, subjects: [{ project: "mygroup/myproject", branch: "*" }] });
    const ci = getGitlabCiOutput({
        url: "https://gitlab.example.com",
        roleArns: { deploy: "arn:aws:iam::111122223333:role/deploy" },
    });
    const described = describeTrustPolicyOutput({ trustPolicy: trust.json });
    return {
        json: trust.json,
        jobs: described.subjects.apply((subjects) => subjects[0]!.description),
        warnings: trust.warnings.apply((w) => w[0]!.id),
        yaml: ci.yaml,
    };
};

/** Bad arguments, and what is said about them. */
const BAD = [
    {
        name: "getTrustPolicy",
        args: { providerArn: "x", subjects: [{ project: "mygroup", branch: "refs/heads/main" }] },
        yaml: '{ providerArn: x, subjects: [{ project: mygroup, branch: "refs/heads/main" }] }',
        call: (args: never) => getTrustPolicyOutput(args),
        says: [
            ["providerArn", "provider-arn", '"x"'],
            ["subjects[0].project", "gitlab-path", '"mygroup"', 'project: "mygroup/myproject"'],
            ["subjects[0].branch", "ref-name", '"refs/heads/main"', 'branch: "main"'],
        ],
    },
    {
        name: "getGitlabCi",
        args: { url: "https://gitlab.com/", roleArns: { deploy: "deploy" } },
        yaml: '{ url: "https://gitlab.com/", roleArns: { deploy: deploy } }',
        call: (args: never) => getGitlabCiOutput(args),
        says: [
            ["url", "issuer-url", '"https://gitlab.com/"', '"https://gitlab.com"'],
            ['roleArns["deploy"]', "role-arn", '"deploy"'],
        ],
    },
] as const;

describe("engine: functions", () => {
    emptyAccount();

    it("give the same from a YAML program and from the npm package", async () => {
        const yaml = await (await engine()).yaml(GOOD_YAML);
        await yaml.up();
        const npm = await (await engine()).program(GOOD);
        await npm.up();
        expect(yaml.outputs()).to.deep.equal(npm.outputs());
        expect(yaml.outputs()).to.deep.include({
            json: TRUST,
            jobs: "Jobs of the project mygroup/myproject on any branch",
            warnings: "any-branch",
        });
        expect(yaml.outputs()["yaml"]).to.contain("deploy:").and.to.contain("arn:aws:iam::111122223333:role/deploy");
    });

    it("checkIssuer gives the same from a YAML program and from the npm package", async () => {
        const server = await startIssuer();
        const certificateAuthorities = (await authority()).root.pem;
        const connectTo = `127.0.0.1:${String(server.port)}`;
        const args = { url: ISSUER, connectTo, certificateAuthorities, attempts: 1 };
        try {
            const yaml = await (
                await engine()
            ).yaml(`variables:
  checked:
    fn::invoke:
      function: aws-gitlab-oidc:checkIssuer
      arguments: ${JSON.stringify(args)}
outputs:
  ok: \${checked.ok}
  first: \${checked.checks[0]}
  order: \${checked.checks[9]}
`);
            await yaml.up();
            const npm = await (
                await engine()
            ).program(() => {
                const { ok, checks } = checkIssuerOutput(args);
                return { ok, first: checks.apply((c) => c[0]), order: checks.apply((c) => c[9]) };
            });
            await npm.up();
            expect(yaml.outputs()).to.deep.equal(npm.outputs());
            const { ok, first, order } = npm.outputs() as { ok: boolean; first: IssuerCheck; order: IssuerCheck };
            expect({
                ok,
                first: [first.id, first.status],
                order: [order.id, order.status, order.message.includes('"gitlab.example.com", "Test Intermediate"')],
            }).to.deep.equal({
                ok: true,
                first: ["url", "pass"],
                order: ["chain-order", "pass", true],
            });
        } finally {
            await server.close();
        }
    });

    for (const { name, args, yaml, call, says } of BAD) {
        it(`${name} refuses bad arguments, each with property and reason`, async () => {
            const byYaml = await (
                await engine()
            ).yaml(
                `outputs:\n  out:\n    fn::invoke:\n      function: aws-gitlab-oidc:${name}\n      arguments: ${yaml}\n`,
            );
            const invoked = await byYaml.refused("preview");
            const byNpm = await (await engine()).program(() => ({ out: call(args as never) }));
            const called = await byNpm.refused("preview");
            const expected: readonly Printed[] = says;
            expectFindings(problems(called), expected);
            for (const [property, id, ...values] of expected) {
                for (const part of [property, `[${id}]`, ...values]) {
                    expect(invoked.text).to.contain(part);
                }
            }
        });
    }
});
