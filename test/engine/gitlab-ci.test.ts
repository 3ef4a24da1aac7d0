import { Policy } from "@pulumi/aws/iam/policy";
import { expect } from "chai";
import { parse, parseAllDocuments } from "yaml";
import { expectFindings } from "../support/findings";
import { emptyAccount, engine } from "./engine";
import { problems } from "./refusal";
import { routes } from "./routes";
import { nothing, everythingInAws } from "./account";

const READ_X =
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::x/*"}]}';
const URL = "https://gitlab.example.com";
const SECRETS = "arn:aws:secretsmanager:eu-central-1:111122223333:secret";

interface Job {
    readonly stage?: string;
    readonly rules?: readonly { readonly if: string }[];
    readonly id_tokens: Readonly<Record<string, { readonly aud: string }>>;
    readonly before_script: readonly string[];
}

for (const { name, GitLabOidc, PipelineRole } of routes) {
    describe(`engine: CI configuration, ${name}`, () => {
        emptyAccount();

        it("has the options of the package and of each role, and values that are known only during up", async () => {
            const stack = await (
                await engine()
            ).program(() => {
                const shared = new Policy("shared", { name: "release", policy: READ_X });
                const branch = shared.arn.apply((arn) => arn.split("/").pop()!);
                const gitlab = GitLabOidc("gitlab", {
                    url: URL,
                    gitlabVersion: "19.1",
                    audiences: ["sts.amazonaws.com"],
                    gitlabCi: { form: "template", credentials: "web-identity", stage: branch },
                    roles: {
                        plan: {
                            subjects: [{ project: "mygroup/myproject", branch }],
                            gitlabCi: { stage: "test", tokenVariable: "PLAN_TOKEN" },
                            name: "plan",
                        },
                        deploy: { subjects: [{ project: "mygroup/myproject", branch: "main" }], name: "deploy" },
                    },
                });
                return { yaml: gitlab.gitlabCiYml, files: gitlab.gitlabCiFiles };
            });
            const up = await stack.up();
            expect(up.warnings).to.deep.equal([]);
            const { yaml, files } = stack.outputs() as { yaml: string; files: object };
            expect(files).to.deep.equal({});
            const jobs = parse(yaml) as Record<string, Job>;
            expect(Object.keys(jobs)).to.deep.equal([".aws-deploy", ".aws-plan"]);
            const [deploy, plan] = Object.values(jobs) as [Job, Job];
            expect([deploy.stage, plan.stage]).to.deep.equal(["release", "test"]);
            expect([deploy.id_tokens, plan.id_tokens]).to.deep.equal([
                { GITLAB_OIDC_TOKEN: { aud: "sts.amazonaws.com" } },
                { PLAN_TOKEN: { aud: "sts.amazonaws.com" } },
            ]);
            expect([deploy.rules, plan.rules]).to.deep.equal([
                [{ if: '$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH == "main"' }],
                [{ if: '$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH == "release"' }],
            ]);
            expect(deploy.before_script[0]).to.contain("\nAWS_ROLE_ARN='arn:aws:iam::111122223333:role/deploy'\n");
            expect(plan.before_script[0]).to.contain("\nAWS_ROLE_ARN='arn:aws:iam::111122223333:role/plan'\n");
            await stack.destroy();
        });

        it("of one role as a component has the include and the component's files, and one with secrets has their IDs", async () => {
            const stack = await (
                await engine()
            ).program(() => {
                const role = PipelineRole("release", {
                    providerArn: "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com",
                    gitlabVersion: "19.1",
                    subjects: [{ project: "mygroup/myproject", branch: "main" }],
                    gitlabCi: { form: "component", componentProject: "mygroup/aws-roles", componentVersion: "2.1.0" },
                });
                const reader = PipelineRole("reader", {
                    providerArn: "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com",
                    gitlabVersion: "19.1",
                    audiences: ["sts.amazonaws.com"],
                    subjects: [{ project: "mygroup/myproject", branch: "main" }],
                    name: "reader",
                    gitlabCi: {
                        form: "secrets",
                        secrets: {
                            PASSWORD: {
                                secretId: role.arn.apply(() => `${SECRETS}:app-AbCdEf`),
                                field: "password",
                                file: false,
                            },
                        },
                    },
                });
                return { yaml: role.gitlabCiYml, files: role.gitlabCiFiles, reader: reader.gitlabCiYml };
            });
            await stack.up();
            const { yaml, files, reader } = stack.outputs() as {
                yaml: string;
                files: Record<string, string>;
                reader: string;
            };
            expect(parse(reader)).to.deep.equal({
                "secrets reader": {
                    rules: [{ if: '$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH == "main"' }],
                    id_tokens: { AWS_ID_TOKEN: { aud: "sts.amazonaws.com" } },
                    secrets: {
                        PASSWORD: {
                            aws_secrets_manager: {
                                secret_id: `${SECRETS}:app-AbCdEf`,
                                field: "password",
                                region: "eu-central-1",
                                role_arn: "arn:aws:iam::111122223333:role/reader",
                                role_session_name: "GitLabRunner-$CI_PROJECT_ID-$CI_PIPELINE_ID-$CI_JOB_ID",
                            },
                            token: "$AWS_ID_TOKEN",
                            file: false,
                        },
                    },
                    script: ['test -n "$PASSWORD"'],
                },
            });
            expect(parse(yaml)).to.deep.equal({
                include: [{ component: "$CI_SERVER_FQDN/mygroup/aws-roles/release@2.1.0" }],
            });
            expect(Object.keys(files).sort()).to.deep.equal(["README.md", "templates/release.yml"]);
            expect(parseAllDocuments(files["templates/release.yml"]!)).to.have.lengthOf(2);
            await stack.destroy();
        });

        it("is refused before anything is made, with the places of all that is wrong", async () => {
            const stack = await (
                await engine()
            ).program(
                () =>
                    void GitLabOidc("gitlab", {
                        url: URL,
                        gitlabVersion: "19.1",
                        gitlabCi: { form: "tempalte", duration: 60, sessionName: "it's me" } as never,
                        roles: {
                            deploy: {
                                subjects: [{ project: "mygroup/myproject", branch: "main" }],
                                gitlabCi: { form: "job", duration: 7200 },
                            },
                        },
                    }),
            );
            const refused = await stack.refused("preview");
            expectFindings(problems(refused), [
                ["gitlabCi.form", "ci-option", '"tempalte"', '"template"'],
                ["gitlabCi.duration", "ci-duration", "60 ", "900"],
                ["gitlabCi.sessionName", "ci-session-name", '"it\'s me"'],
                ['roles["deploy"].gitlabCi.form', "ci-conflict", "`gitlabCi`"],
                ['roles["deploy"].gitlabCi.duration', "ci-duration", "7200 ", "3600"],
            ]);
            expect(await everythingInAws()).to.deep.equal(nothing);
        });

        it("with an option that turns out wrong during up makes nothing of the component", async () => {
            const stack = await (
                await engine()
            ).program(() => {
                const shared = new Policy("shared", { name: "a_b", policy: READ_X });
                GitLabOidc("gitlab", {
                    url: URL,
                    gitlabVersion: "19.1",
                    gitlabCi: { sessionName: shared.arn },
                    roles: { deploy: { subjects: [{ project: "mygroup/myproject", branch: "main" }] } },
                });
                return {};
            });
            const refused = await stack.refused("up");
            expectFindings(problems(refused), [
                ["gitlabCi.sessionName", "ci-session-name", '"arn:aws:iam::111122223333:policy/a_b"'],
            ]);
            expect((await everythingInAws()).roles).to.deep.equal([]);
            await stack.destroy();
        });
    });
}
