import * as pulumi from "@pulumi/pulumi";
import { Policy } from "@pulumi/aws/iam/policy";
import { expect } from "chai";
import { PowerJudge } from "../../provider/audit/power";
import type { PipelineRoleArgs } from "../../provider/contract/args";
import { expectFindings } from "../support/findings";
import { everythingInAws, nothing, roleInAws } from "./account";
import { emptyAccount, engine, type Program } from "./engine";
import { problems } from "./refusal";
import { routes, type Route } from "./routes";

const SECRETS = "arn:aws:secretsmanager:eu-central-1:111122223333:secret";
const API = `${SECRETS}:api-??????`;
const KEY = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const DOCUMENT = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "x" }] };

type Secrets = Pick<PipelineRoleArgs, "secretArns" | "secretKmsKeyArns">;

/** Text that is unknown until `up`, because it depends on the ARN of another resource. */
type Late = (text: string) => pulumi.Output<string>;

/** A role with one inline policy of its own, and with these secrets. */
function roleWith(route: Route, secrets: (late: Late) => Secrets): Program {
    return () => {
        const { arn } = new Policy("other", { name: "other", policy: JSON.stringify(DOCUMENT) });
        route.PipelineRole("x", {
            providerArn: "arn:aws:iam::111122223333:oidc-provider/gitlab.com",
            subjects: [{ project: "mygroup/myproject", projectId: "4711", branch: "main" }],
            name: "x",
            inlinePolicies: { own: DOCUMENT },
            ...secrets((text) => arn.apply(() => text)),
        });
        return undefined;
    };
}

/** The expected policy. */
const policyFor = (Resource: string | readonly string[], ...more: readonly object[]): object => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource }, ...more],
});

const DECRYPT = {
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource: KEY,
    Condition: {
        StringEquals: { "kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com" },
        StringLike: { "kms:EncryptionContext:SecretARN": [API, `${SECRETS}:prod/db-AbCd3F`] },
    },
};

/** Of these secrets, those that a role of the account can read. */
async function readable(role: string, ...secrets: readonly string[]): Promise<readonly string[]> {
    const { arn, inline } = await roleInAws(role);
    const policies = Object.entries(inline).map(([name, document]) => ({ name, document }));
    const access = new PowerJudge().allowedOn(
        { arn, policies, boundary: "none" },
        "secretsmanager:GetSecretValue",
        secrets,
    );
    return secrets.filter((secret) => access.get(secret)?.isAllowed === true);
}

for (const route of routes) {
    describe(`engine: secrets of a role, ${route.name}`, () => {
        emptyAccount();

        it("are one more policy, from the preview on, until they are removed", async () => {
            const stack = await (
                await engine()
            ).program(
                roleWith(route, (late) => ({
                    secretArns: [late(`${SECRETS}:prod/db-AbCd3F`), API],
                    secretKmsKeyArns: [late(KEY)],
                })),
            );
            const isPolicy = (label: string): boolean => label.startsWith("RolePolicy ");
            const policies = ["RolePolicy x:own", "RolePolicy x:secretArns"];
            expect((await stack.preview()).shown.filter(isPolicy)).to.deep.equal(policies);
            await stack.up();
            expect(stack.labels().filter(isPolicy)).to.deep.equal(policies);
            expect((await roleInAws("x")).inline).to.deep.equal({
                own: DOCUMENT,
                secretArns: policyFor([API, `${SECRETS}:prod/db-AbCd3F`], DECRYPT),
            });
            const [db, api] = [`${SECRETS}:prod/db-AbCd3F`, `${SECRETS}:api-Zz9Yy8`];
            expect(
                await readable("x", db, api, `${SECRETS}:prod/db-Other1`, `${SECRETS}:api-internal-Zz9Yy8`),
            ).to.deep.equal([db, api]);
            await stack.unchanged();

            // The same secrets, as an output of the whole list and in another order.
            const whole = roleWith(route, (late) => ({
                secretArns: late("").apply(() => [API, `${SECRETS}:prod/db-AbCd3F`]),
                secretKmsKeyArns: [KEY],
            }));
            await stack.edit(whole).unchanged();

            const other = await stack.edit(roleWith(route, () => ({ secretArns: [API] }))).up();
            expect(other.changes).to.deep.equal({ "RolePolicy x:secretArns": "update" });
            expect((await roleInAws("x")).inline).to.deep.equal({ own: DOCUMENT, secretArns: policyFor(API) });

            const none = await stack.edit(roleWith(route, () => ({ secretArns: [] }))).up();
            expect(none.changes).to.deep.equal({ "RolePolicy x:secretArns": "delete" });
            expect((await roleInAws("x")).inline).to.deep.equal({ own: DOCUMENT });
            await stack.edit(roleWith(route, () => ({}))).unchanged();

            await stack.destroy();
            expect(await everythingInAws()).to.deep.equal(nothing);
        });

        it("that are first known during up are rejected before the role exists", async () => {
            const stack = await (
                await engine()
            ).program(
                roleWith(route, (late) => ({
                    secretArns: [late(`${SECRETS}:prod/db`)],
                    secretKmsKeyArns: [late("alias/x")],
                })),
            );
            await stack.preview();
            expectFindings(problems(await stack.refused()), [
                ["secretArns[0]", "secret-arn", `"${SECRETS}:prod/db-??????"`],
                ["secretKmsKeyArns[0]", "kms-key-arn", "describe-key --key-id alias/x"],
            ]);
            expect((await everythingInAws()).roles).to.deep.equal([]);
        });

        it("a list that turns out to be empty is rejected, because the preview showed a policy", async () => {
            const stack = await (
                await engine()
            ).program(roleWith(route, (late) => ({ secretArns: late("").apply(() => []) })));
            await stack.preview();
            expectFindings(problems(await stack.refused()), [["secretArns", "required", "output without a value"]]);
            expect(stack.labels()).not.to.include("RolePolicy x:secretArns");
        });
    });
}
