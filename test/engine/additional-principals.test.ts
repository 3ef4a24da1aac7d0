import { expect } from "chai";
import { expectFindings } from "../support/findings";
import { everythingInAws, roleInAws } from "./account";
import { emptyAccount, engine, type Program } from "./engine";
import { problems } from "./refusal";
import { routes } from "./routes";

const VENDOR = "arn:aws:iam::444455556666:root";

for (const { name, GitLabOidc } of routes) {
    describe(`engine: principals besides jobs, ${name}`, () => {
        emptyAccount();

        it("one of another account is rejected when the account of the new provider is known, and then has its statement", async () => {
            const program =
                (conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>): Program =>
                () => {
                    GitLabOidc("gitlab", {
                        roles: {
                            deploy: {
                                name: "deploy",
                                subjects: [{ project: "mygroup/myproject", projectId: "4711", branch: "main" }],
                                additionalPrincipals: [{ arn: VENDOR, conditions }],
                            },
                        },
                    });
                    return undefined;
                };
            const stack = await (await engine()).program(program({}));
            const warning = [
                'PipelineRole gitlab-deploy: roles["deploy"].additionalPrincipals[0].arn',
                "other-principal",
                "whole account 444455556666",
            ] as const;
            expectFindings((await stack.preview()).warnings, [warning]);
            expectFindings(problems(await stack.refused()), [
                ['roles["deploy"].additionalPrincipals[0].conditions', "external-id", "444455556666", "111122223333"],
            ]);
            expect((await everythingInAws()).roles).to.deep.equal([]);

            const up = await stack.edit(program({ StringEquals: { "sts:ExternalId": ["shared"] } })).up();
            expectFindings(up.warnings, [warning]);
            expect((await roleInAws("deploy")).trust).to.deep.equal({
                Version: "2012-10-17",
                Statement: [
                    {
                        Effect: "Allow",
                        Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/gitlab.com" },
                        Action: "sts:AssumeRoleWithWebIdentity",
                        Condition: {
                            StringEquals: {
                                "gitlab.com:aud": "https://gitlab.com",
                                "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main",
                                "gitlab.com:project_id": "4711",
                            },
                        },
                    },
                    {
                        Effect: "Allow",
                        Principal: { AWS: VENDOR },
                        Action: "sts:AssumeRole",
                        Condition: { StringEquals: { "sts:ExternalId": "shared" } },
                    },
                ],
            });
        });
    });
}
