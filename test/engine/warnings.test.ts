import { Policy } from "@pulumi/aws/iam/policy";
import { expect } from "chai";
import { emptyAccount, engine, type Program } from "./engine";
import { routes } from "./routes";

const READ = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';
const ANY_BRANCH =
    "Every branch is admitted, and with it merge requests from the same project: whoever can push any branch gets the role. " +
    'Name the branch, or a pattern of branches that are protected. If it is meant, add "any-branch" to `accept`. [any-branch]';
const GROUP_WIDE =
    'Every project below "mygroup" is admitted, nested ones and future ones too: whoever can make a project there gets the role. ' +
    'Name the projects one by one. If it is meant, add "group-wide" to `accept`. [group-wide]';
const REDUNDANT =
    "thumbprints: AWS trusts the authority of gitlab.com by itself and ignores thumbprints; they only go stale. Leave them out. [redundant-thumbprints]";

describe("engine: warnings", () => {
    emptyAccount();

    for (const { name, GitLabOidc, PipelineRole } of routes) {
        it(`${name}: are said once each, on their resource, with the id that accepts them`, async () => {
            const program =
                (accept: readonly string[]): Program =>
                () => {
                    GitLabOidc("gitlab", {
                        thumbprints: ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"],
                        roles: {
                            plan: {
                                subjects: [
                                    { group: "mygroup", branch: "*" },
                                    { group: "other", branch: "main" },
                                ],
                                accept,
                            },
                            fine: { subjects: [{ project: "mygroup/myproject", projectId: "4711", branch: "main" }] },
                        },
                    });
                    PipelineRole("alone", {
                        providerArn: "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com",
                        subjects: [{ project: "mygroup/myproject", branch: "*" }],
                        accept,
                    });
                    return undefined;
                };
            const stack = await (await engine()).program(program([]));
            expect((await stack.up()).warnings).to.have.members([
                `IdentityProvider gitlab: ${REDUNDANT}`,
                `PipelineRole gitlab-plan: roles["plan"].subjects[0].group, roles["plan"].subjects[1].group: ${GROUP_WIDE}`,
                `PipelineRole gitlab-plan: roles["plan"].subjects[0].branch: ${ANY_BRANCH}`,
                `PipelineRole alone: subjects[0].branch: ${ANY_BRANCH}`,
            ]);
            expect((await stack.edit(program(["group-wide", "any-branch"])).up()).warnings).to.have.members([
                `IdentityProvider gitlab: ${REDUNDANT}`,
                'PipelineRole alone: accept: "group-wide" does not occur. Leave it out. [unused-accept]',
            ]);
        });

        it(`${name}: are said of values that are known only during up, and only then`, async () => {
            const program =
                (accept: readonly string[]): Program =>
                () => {
                    const { arn } = new Policy("shared", { policy: READ });
                    const subjects = [{ project: "mygroup/myproject", branch: arn.apply(() => "*") }];
                    GitLabOidc("gitlab", { url: "https://gitlab.example.com", roles: { plan: { subjects, accept } } });
                    const providerArn = "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com";
                    PipelineRole("alone", { providerArn, subjects, accept });
                    return undefined;
                };
            const stack = await (await engine()).program(program([]));
            expect((await stack.preview()).warnings).to.deep.equal([]);
            expect((await stack.up()).warnings).to.have.members([
                `PipelineRole gitlab-plan: roles["plan"].subjects[0].branch: ${ANY_BRANCH}`,
                `PipelineRole alone: subjects[0].branch: ${ANY_BRANCH}`,
            ]);
            expect((await stack.edit(program(["any-branch"])).up()).warnings).to.deep.equal([]);
        });
    }
});
