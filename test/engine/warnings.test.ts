import { Policy } from "@pulumi/aws/iam/policy";
import { expect } from "chai";
import { emptyAccount, engine, type Program } from "./engine";
import { routes } from "./routes";

const READ = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';
const ANY_BRANCH =
    "Every branch is admitted, and with it merge requests from the same project: whoever can push any branch gets the role. " +
    'Name the branch, or protect the branches and add refProtected: true. If it is meant, add "any-branch" to `accept`. [any-branch]';
const GROUP_WIDE =
    'Every project below "mygroup" is admitted, nested ones and future ones too: whoever can make a project there gets the role. ' +
    'Name the projects one by one. If it is meant, add "group-wide" to `accept`. [group-wide]';
const REDUNDANT =
    "thumbprints: AWS trusts the authority of gitlab.com by itself and ignores thumbprints; they only go stale. " +
    'Leave them out. If it is meant, add "redundant-thumbprints" to `accept`. [redundant-thumbprints]';
const VERSION =
    "gitlabVersion: is not given: before GitLab 18.2.2 a pipeline of a fork that runs in its parent project has the parent's `sub`, and before 19.1 whoever takes over the path of a deleted or renamed project gets its `sub`, and with it the role. " +
    'State the version: gitlabVersion: "19.1". Update an older instance, or from 19.1 on let the sub claim lead with `project_id`. If it is meant, add "self-managed-version" to `accept`. [self-managed-version]';

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
                        gitlabVersion: "19.1",
                        subjects: [{ project: "mygroup/myproject", branch: "*" }],
                        accept,
                    });
                    return undefined;
                };
            const stack = await (await engine()).program(program([]));
            expect((await stack.up()).warnings).to.have.members([
                `GitLabOidc gitlab: ${REDUNDANT}`,
                `PipelineRole gitlab-plan: roles["plan"].subjects[0].group, roles["plan"].subjects[1].group: ${GROUP_WIDE}`,
                `PipelineRole gitlab-plan: roles["plan"].subjects[0].branch: ${ANY_BRANCH}`,
                `PipelineRole alone: subjects[0].branch: ${ANY_BRANCH}`,
            ]);
            expect((await stack.edit(program(["group-wide", "any-branch"])).up()).warnings).to.have.members([
                `GitLabOidc gitlab: ${REDUNDANT}`,
                'PipelineRole alone: accept: "group-wide" does not occur. Leave it out. [unused-accept]',
            ]);
        });

        it(`${name}: about the instance and its provider are said once for all roles, unless the package accepts them`, async () => {
            const program =
                (accept: readonly string[]): Program =>
                () => {
                    const subjects = [{ project: "mygroup/myproject", branch: "*" }];
                    GitLabOidc("own", {
                        url: "https://gitlab.example.com",
                        roles: { plan: { subjects }, deploy: { subjects } },
                        accept: ["any-branch", ...accept],
                    });
                    return undefined;
                };
            const stack = await (await engine()).program(program([]));
            expect((await stack.up()).warnings).to.deep.equal([`GitLabOidc own: ${VERSION}`]);
            expect((await stack.edit(program(["self-managed-version"])).up()).warnings).to.deep.equal([]);
        });

        it(`${name}: are said of values that are known only during up, and only then`, async () => {
            const program =
                (accept: readonly string[]): Program =>
                () => {
                    const { arn } = new Policy("shared", { policy: READ });
                    const subjects = [{ project: "mygroup/myproject", branch: arn.apply(() => "*") }];
                    GitLabOidc("gitlab", {
                        url: "https://gitlab.example.com",
                        gitlabVersion: "19.1",
                        roles: { plan: { subjects, accept } },
                    });
                    const providerArn = "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com";
                    PipelineRole("alone", { providerArn, gitlabVersion: "19.1", subjects, accept });
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
