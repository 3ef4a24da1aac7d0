import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { trustPolicy } from "../support/policies";
import { roleInAws } from "./account";
import { emptyAccount, engine } from "./engine";
import { routes } from "./routes";

const MAIN = { project: "g/p", projectId: "4711", branch: "main" };

/** What IAM has for a job on branch main of project 4711, however many fields are null beside that. */
const TRUST = trustPolicy({
    StringEquals: {
        "gitlab.com:aud": "https://gitlab.com",
        "gitlab.com:sub": "project_path:g/p:ref_type:branch:ref:main",
        "gitlab.com:project_id": "4711",
    },
});

const nothing = (): never => pulumi.output(Promise.resolve(null)) as never;

describe("engine: null is not given", () => {
    emptyAccount();

    for (const { name, GitLabOidc, PipelineRole } of routes) {
        it(`${name}: in subjects, conditions, policies, options and defaults, plain and as outputs`, async () => {
            const subjects: readonly object[] = [
                { ...MAIN, tag: null, group: null, sub: null },
                {
                    ...MAIN,
                    refProtected: null,
                    environmentProtected: null,
                    deploymentTier: null,
                    claims: { userId: null },
                },
                { ...MAIN, tag: nothing(), group: nothing(), claims: nothing() },
            ];
            const stack = await (
                await engine()
            ).program(() => {
                const gitlab = GitLabOidc("gitlab", {
                    url: nothing(),
                    existingProviderArn: null,
                    gitlabCi: { jobName: null, stage: nothing() },
                    roles: Object.fromEntries(
                        subjects.map((subject, i) => [
                            `r${String(i)}`,
                            {
                                subjects: [subject],
                                name: `r${String(i)}`,
                                description: null,
                                conditions: { StringLike: null },
                                managedPolicies: { gone: null, read: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
                                inlinePolicies: null,
                                gitlabCi: { region: null },
                            },
                        ]),
                    ),
                } as never);
                PipelineRole("alone", {
                    providerArn: gitlab.providerArn,
                    url: null,
                    audiences: nothing(),
                    name: "alone",
                    subjects: [subjects[0]],
                } as never);
                return { yaml: gitlab.gitlabCiYml };
            });
            await stack.up();
            for (const role of ["r0", "r1", "r2", "alone"]) {
                expect((await roleInAws(role)).trust, role).to.deep.equal(TRUST);
            }
            expect(stack.outputs()["yaml"]).not.to.match(/(?<!\/dev\/)null/);
            await stack.unchanged();
        });
    }
});
