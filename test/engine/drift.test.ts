import { expect } from "chai";
import { trustPolicy } from "../support/policies";
import { iam, roleInAws } from "./account";
import { emptyAccount, engine } from "./engine";
import { routes } from "./routes";

const READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const TRUST = trustPolicy(
    {
        StringEquals: {
            "gitlab.example.com:aud": "https://gitlab.example.com",
            "gitlab.example.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main",
        },
    },
    "gitlab.example.com",
);
const OPEN = JSON.stringify(TRUST).replace("myproject", "evil");
const OWN = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }] };

describe("engine: drift", () => {
    emptyAccount();

    for (const { name, GitLabOidc } of routes) {
        it(`${name}: refresh sees what was changed by hand, up repairs that and no more`, async () => {
            const stack = await (
                await engine()
            ).program(() => {
                const subjects = [{ project: "mygroup/myproject", branch: "main" }];
                const policies = { managedPolicies: { s3: READ_ONLY }, inlinePolicies: { own: OWN } };
                GitLabOidc("gitlab", {
                    url: "https://gitlab.example.com",
                    roles: {
                        trust: { subjects, name: "trust", ...policies },
                        tag: { subjects, name: "tag", tags: { team: "platform" }, ...policies },
                        detached: { subjects, name: "detached", ...policies },
                        inline: { subjects, name: "inline", ...policies },
                        gone: { subjects, name: "gone" },
                        same: { subjects, name: "same", ...policies },
                    },
                });
                return undefined;
            });
            await stack.up();
            expect((await stack.refresh()).changes, "refresh without drift").to.deep.equal({});

            const aws = await iam();
            await aws.updateAssumeRolePolicy({ RoleName: "trust", PolicyDocument: OPEN });
            await aws.tagRole({
                RoleName: "tag",
                Tags: [
                    { Key: "team", Value: "pirates" },
                    { Key: "by", Value: "hand" },
                ],
            });
            await aws.detachRolePolicy({ RoleName: "detached", PolicyArn: READ_ONLY });
            await aws.putRolePolicy({
                RoleName: "inline",
                PolicyName: "own",
                PolicyDocument: JSON.stringify(OWN).replace("s3:GetObject", "*"),
            });
            await aws.deleteRole({ RoleName: "gone" });

            expect((await stack.refresh()).changes, "refresh").to.deep.equal({
                "Role gitlab-trust": "update",
                "Role gitlab-tag": "update",
                "RolePolicyAttachment gitlab-detached:aws:policy/AmazonS3ReadOnlyAccess": "delete",
                "RolePolicy gitlab-inline:own": "update",
                "Role gitlab-gone": "delete",
            });
            expect((await stack.up()).changes, "up").to.deep.equal({
                "Role gitlab-trust": "update",
                "Role gitlab-tag": "update",
                "RolePolicyAttachment gitlab-detached:aws:policy/AmazonS3ReadOnlyAccess": "create",
                "RolePolicy gitlab-inline:own": "update",
                "Role gitlab-gone": "create",
            });
            for (const role of ["trust", "tag", "detached", "inline", "same"]) {
                expect(await roleInAws(role), role).to.deep.include({
                    trust: TRUST,
                    tags: role === "tag" ? { team: "platform" } : {},
                    managed: [READ_ONLY],
                    inline: { own: OWN },
                });
            }
            expect((await roleInAws("gone")).trust).to.deep.equal(TRUST);
            await stack.unchanged();
        });
    }
});
