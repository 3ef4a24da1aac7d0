import { Policy } from "@pulumi/aws/iam/policy";
import { expect } from "chai";
import { expectFindings, type Printed } from "../support/findings";
import { emptyAccount, engine, type Program } from "./engine";
import { routes } from "./routes";

const READ = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';
/** The warning that `id` in `accept` takes away. */
const acceptable = (path: string, id: string, ...values: readonly string[]): Printed => [
    path,
    id,
    `"${id}"`,
    "`accept`",
    ...values,
];
const REDUNDANT = acceptable("GitLabOidc gitlab: thumbprints", "redundant-thumbprints", "gitlab.com");

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
            expectFindings((await stack.up()).warnings, [
                REDUNDANT,
                acceptable(
                    'PipelineRole gitlab-plan: roles["plan"].subjects[0].group, roles["plan"].subjects[1].group',
                    "group-wide",
                    '"mygroup"',
                ),
                acceptable('PipelineRole gitlab-plan: roles["plan"].subjects[0].branch', "any-branch"),
                acceptable("PipelineRole alone: subjects[0].branch", "any-branch"),
            ]);
            expectFindings((await stack.edit(program(["group-wide", "any-branch"])).up()).warnings, [
                REDUNDANT,
                ["PipelineRole alone: accept", "unused-accept", '"group-wide"'],
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
            expectFindings((await stack.up()).warnings, [
                acceptable("GitLabOidc own: gitlabVersion", "self-managed-version"),
            ]);
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
            expectFindings((await stack.up()).warnings, [
                acceptable('PipelineRole gitlab-plan: roles["plan"].subjects[0].branch', "any-branch"),
                acceptable("PipelineRole alone: subjects[0].branch", "any-branch"),
            ]);
            expect((await stack.edit(program(["any-branch"])).up()).warnings).to.deep.equal([]);
        });
    }
});
