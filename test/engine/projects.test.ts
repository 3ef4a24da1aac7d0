import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { checkProjectOutput, lookupProjectOutput, PipelineRole } from "pulumi-aws-gitlab-oidc";
import type { ProjectCheck } from "../../provider/contract/types";
import { authority } from "../support/certificates";
import { MAINTAINERS, startGitLab, type GitLabServer } from "../support/gitlab-server";
import { ISSUER } from "../support/issuer-server";
import { roleInAws } from "./account";
import { emptyAccount, engine, type TestStack } from "./engine";

const TOKEN = "glpat-engineengineengine1";
const ARN = "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com";
const SUB = "project_path:mygroup/App:project_id:4711:ref_type:branch:ref:main";

describe("engine: projects of GitLab", () => {
    emptyAccount();

    let server: GitLabServer;
    let args: { url: string; connectTo: string; certificateAuthorities: string; project: string };
    before(async () => {
        server = await startGitLab({
            tokens: { [TOKEN]: { scopes: ["read_api"], roles: { "*": "maintainer" } } },
            projects: [
                {
                    id: 4711,
                    path: "mygroup/App",
                    components: ["project_path", "project_id", "ref_type", "ref"],
                    branches: ["main"],
                    protectedBranches: { main: { push: [MAINTAINERS], merge: [MAINTAINERS] } },
                },
            ],
        });
        args = {
            url: ISSUER,
            connectTo: `127.0.0.1:${String(server.port)}`,
            certificateAuthorities: (await authority()).root.pem,
            project: "mygroup/app",
        };
    });
    after(() => server.close());

    // Pulumi YAML does not assign an enum of a result to the same enum of an input, so the list goes through a string.
    const yaml = (
        hasToken: boolean,
    ): string => `${hasToken ? "config: { gitlabToken: { type: string } }\n" : ""}variables:
  lookup:
    fn::invoke:
      function: aws-gitlab-oidc:lookupProject
      arguments:
        url: ${JSON.stringify(args.url)}
        connectTo: ${JSON.stringify(args.connectTo)}
        certificateAuthorities: ${JSON.stringify(args.certificateAuthorities)}
        project: mygroup/app
        ${hasToken ? "token: ${gitlabToken}" : ""}
resources:
  deploy:
    type: aws-gitlab-oidc:PipelineRole
    properties:
      providerArn: ${ARN}
      name: deploy
      subClaimComponents: { fn::split: [",", { fn::join: [",", "\${lookup.subClaimComponents}"] }] }
      gitlabVersion: \${lookup.gitlabVersion}
      subjects: [{ project: "\${lookup.project}", projectId: "\${lookup.projectId}", branch: "\${lookup.defaultBranch}" }]
outputs:
  id: \${lookup.projectId}
`;

    /** The stack of that program with a secret in its configuration. */
    async function withToken(token: string): Promise<TestStack> {
        const stack = await (await engine()).yaml(yaml(true));
        const { code } = await stack.command([
            "config",
            "set",
            "--secret",
            "gitlabToken",
            token,
            "--stack",
            stack.name,
        ]);
        expect(code).to.equal(0);
        return stack;
    }

    it("lookupProject: its results are inputs of a role, from a YAML program, with a secret token", async () => {
        const stack = await withToken(TOKEN);
        const { text, warnings } = await stack.up();
        expect(warnings).to.deep.equal([]);
        expect(text).not.to.contain(TOKEN);
        expect(JSON.stringify(stack.state())).not.to.contain(TOKEN);
        expect(JSON.stringify((await roleInAws("deploy")).trust)).to.contain(SUB);
        expect(server.seen.every(({ authorization }) => authorization === `Bearer ${TOKEN}`)).to.equal(true);
        await stack.unchanged();
    });

    it("lookupProject: the same with the token of the environment", async () => {
        const stack = await (await engine()).yaml(yaml(false));
        stack.env = { GITLAB_TOKEN: TOKEN };
        const { text } = await stack.up();
        expect(stack.outputs()).to.deep.equal({ id: "4711" });
        expect(text).not.to.contain(TOKEN);
        expect(JSON.stringify(stack.state())).not.to.contain(TOKEN);
        expect(JSON.stringify((await roleInAws("deploy")).trust)).to.contain(SUB);
    });

    it("lookupProject: the same from the npm package, with a secret token", async () => {
        const stack = await (
            await engine()
        ).program(() => {
            const lookup = lookupProjectOutput({ ...args, token: pulumi.secret(TOKEN) });
            new PipelineRole("deploy", {
                providerArn: ARN,
                name: "deploy",
                subClaimComponents: lookup.apply(({ subClaimComponents }) => subClaimComponents!),
                gitlabVersion: lookup.apply(({ gitlabVersion }) => gitlabVersion!),
                subjects: [{ project: lookup.project, projectId: lookup.projectId, branch: "main" }],
            });
            return { id: lookup.projectId };
        });
        const { text } = await stack.up();
        expect(text).not.to.contain(TOKEN);
        expect(JSON.stringify(stack.state())).not.to.contain(TOKEN);
        expect(JSON.stringify((await roleInAws("deploy")).trust)).to.contain(SUB);
    });

    it("checkProject: the same result from a YAML program and from the npm package", async () => {
        const subjects = [{ project: "mygroup/app", projectId: "4711", branch: "main" }];
        const subClaimComponents = ["project_path", "project_id", "ref_type", "ref"] as const;
        const given = { ...args, project: "mygroup/App", subjects, subClaimComponents, gitlabVersion: "19.1" };
        const byYaml = await (
            await engine()
        ).yaml(`variables:
  checked:
    fn::invoke:
      function: aws-gitlab-oidc:checkProject
      arguments: ${JSON.stringify({ ...given, token: { "fn::secret": TOKEN } })}
outputs: { checked: "\${checked}" }
`);
        const { text } = await byYaml.up();
        const byNpm = await (
            await engine()
        ).program(() => ({ checked: pulumi.unsecret(checkProjectOutput({ ...given, token: pulumi.secret(TOKEN) })) }));
        const npm = await byNpm.up();
        for (const out of [text, npm.text, JSON.stringify(byYaml.state()), JSON.stringify(byNpm.state())]) {
            expect(out).not.to.contain(TOKEN);
        }
        const { checked } = byNpm.outputs() as { checked: { ok: boolean; checks: readonly ProjectCheck[] } };
        expect(checked.ok).to.equal(false);
        expect(checked.checks.filter(({ status }) => status === "fail")).to.deep.equal([
            {
                id: "project-path",
                status: "fail",
                project: "mygroup/App",
                path: "subjects[0].project",
                message:
                    '"mygroup/app" is written in another case than "mygroup/App". AWS compares exactly and denies every job of the project.',
                fix: 'Write project: "mygroup/App".',
            },
        ]);
        const shown = await byYaml.command(["stack", "output", "--json", "--show-secrets", "--stack", byYaml.name]);
        expect((JSON.parse(shown.text) as { checked: unknown }).checked).to.deep.equal(checked);
    });

    it("lookupProject: a project that GitLab does not return stops the program", async () => {
        const stack = await withToken(`${TOKEN}x`);
        const { text } = await stack.refused("preview");
        expect(text).to.contain("[project-lookup]").and.to.contain("GitLab rejects the token (status 401)");
        expect(text).not.to.contain(TOKEN);
    });
});
