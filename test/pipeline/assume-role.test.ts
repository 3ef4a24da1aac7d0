import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { expect } from "chai";
import { buildGitLabCi } from "pulumi-aws-gitlab-oidc/gitlab-ci";
import type { GitLabCiAssumeRole, GitLabCiCredentials } from "../../provider/contract/types";
import { DENIED, identities, startRunner, type Run, type Runner } from "./runner";

const HUB = "arn:aws:iam::111122223333:role/ci/hub";
const TARGET = "arn:aws:iam::444455556666:role/target";
const CLOSED = "arn:aws:iam::444455556666:role/closed";

const WAYS: readonly GitLabCiCredentials[] = ["export", "web-identity", "profile"];

/** The second role of each job. */
const SECOND: Readonly<Record<string, GitLabCiAssumeRole>> = {
    allowed: { roleArn: TARGET, externalId: "https://gitlab.com/mygroup" },
    named: { roleArn: TARGET, externalId: "https://gitlab.com/mygroup", sessionName: "deploy-$REF", duration: 900 },
    "wrong-id": { roleArn: TARGET, externalId: "https://gitlab.com/other" },
    "no-id": { roleArn: TARGET },
    closed: { roleArn: CLOSED, externalId: "https://gitlab.com/mygroup" },
};

const jobOf = (name: string, way: GitLabCiCredentials): string => `assume role ${name}-${way}`;

const FIRST_FAILED = `> Exchange 1 of 2 failed: the ID token gives no session of ${HUB}. Check the trust policy of that role\n`;
const secondFailed = (target: string): string =>
    `> Exchange 2 of 2 failed: ${HUB} gives no session of ${target}. Check that a policy of the first role allows sts:AssumeRole on the second, and that the trust policy of the second allows the first, with the same external ID\n`;
const notAuthorized = (target: string): RegExp =>
    new RegExp(
        `> An error occurred \\(AccessDenied\\) when calling the AssumeRole operation: User: arn:aws:sts::111122223333:assumed-role/hub/GitLabRunner-1217-\\d+-\\d+ is not authorized to perform: sts:AssumeRole on resource: ${target}\n`,
    );

/** Creates a role of the other account, which trusts a role of the first one. */
async function createTarget(endpoint: string, name: string, trusted: string): Promise<void> {
    // An access key of 12 digits is the root user of that account in the emulator.
    const credentials = { accessKeyId: "444455556666", secretAccessKey: "testing" };
    const trust = {
        Effect: "Allow",
        Principal: { AWS: trusted },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": "https://gitlab.com/mygroup" } },
    };
    await new IAMClient({ endpoint, region: "us-east-1", credentials }).send(
        new CreateRoleCommand({
            RoleName: name,
            AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [trust] }),
        }),
    );
}

describe("a second role, by gitlab-ci-local", function () {
    let runner: Runner | undefined;
    let main: Run;
    let feature: Run;

    before(async function () {
        runner = await startRunner(this, [{ RoleName: "hub", Path: "/ci/" }]);
        const { endpoint } = runner.gate;
        const credentials = { accessKeyId: "testing", secretAccessKey: "testing" };
        await new IAMClient({ endpoint, region: "us-east-1", credentials }).send(
            new PutRolePolicyCommand({
                RoleName: "hub",
                PolicyName: "targets",
                PolicyDocument: JSON.stringify({
                    Version: "2012-10-17",
                    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Resource: [TARGET, CLOSED] }],
                }),
            }),
        );
        await createTarget(endpoint, "target", HUB);
        await createTarget(endpoint, "closed", "arn:aws:iam::111122223333:role/other");
        const names = Object.keys(SECOND).flatMap((name) => WAYS.map((way) => [name, way] as const));
        const { yaml } = buildGitLabCi({
            roleArns: Object.fromEntries(names.map(([name, way]) => [`${name}-${way}`, HUB])),
            roles: Object.fromEntries(
                names.map(([name, credentials]) => [
                    `${name}-${credentials}`,
                    { gitlabCi: { credentials, assumeRole: SECOND[name]! } },
                ]),
            ),
        });
        const project = runner.project({ ".gitlab-ci.yml": yaml });
        main = await project.run([], { variables: { REF: "a b" } });
        feature = await project.run(
            WAYS.map((way) => jobOf("allowed", way)),
            { branch: "feature" },
        );
    });

    after(() => runner?.stop());

    for (const way of WAYS) {
        for (const [name, session] of [
            ["allowed", "GitLabRunner-PROJECT-PIPELINE-JOB"],
            ["named", "deploy-a-b"],
        ] as const) {
            it(`${way}, ${name}: the commands run with the second role`, () => {
                expect(identities(main.of(jobOf(name, way))), main.log).to.deep.equal([
                    `arn:aws:sts::444455556666:assumed-role/target/${session}`,
                ]);
            });
        }

        it(`${way}: the first role denies a job of another branch, and the log says so`, () => {
            const text = feature.of(jobOf("allowed", way));
            expect(text, feature.log).to.contain(DENIED).and.to.contain(FIRST_FAILED);
            expect(text).not.to.match(/Exchange 2|get-caller-identity|"Arn"/);
        });

        for (const [name, target] of [
            ["wrong-id", TARGET],
            ["no-id", TARGET],
            ["closed", CLOSED],
        ] as const) {
            it(`${way}, ${name}: the second role denies the first, and the log says so`, () => {
                const text = main.of(jobOf(name, way));
                expect(text, main.log).to.match(notAuthorized(target)).and.to.contain(secondFailed(target));
                expect(text).not.to.match(/Exchange 1|get-caller-identity|"Arn"/);
            });
        }
    }

    it("nothing is left of the jobs", () => {
        expect([...main.left, ...feature.left]).to.deep.equal([]);
    });
});
