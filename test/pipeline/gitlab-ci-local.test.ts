import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { buildGitLabCi } from "pulumi-aws-gitlab-oidc/gitlab-ci";
import type { GitLabCiOptions } from "../../provider/contract/types";
import { DENIED, identities, ROOT_KEYS, startRunner, type Project, type Run, type Runner } from "./runner";
import { SAYS } from "../support/wording";

const DEPLOY = "arn:aws:iam::111122223333:role/ci/deploy";
const PLAN = "arn:aws:iam::111122223333:role/plan";

describe("generated jobs, run by gitlab-ci-local", function () {
    let runner: Runner | undefined;

    before(async function () {
        runner = await startRunner(this, [{ RoleName: "deploy", Path: "/ci/" }, { RoleName: "plan" }]);
    });

    after(() => runner?.stop());

    describe("credentials", () => {
        const JOBS = [
            {
                credentials: "export",
                says: "Exchange the ID token for credentials of the role. The job ends here if AWS denies the request.",
            },
            {
                credentials: "web-identity",
                says: "Give the ID token to the AWS SDKs and the CLI: they exchange it for credentials of the role, and again before",
            },
            {
                credentials: "profile",
                says: "Give the ID token to the AWS SDKs and the CLI in a profile: they exchange it for credentials of the role, and again",
            },
        ] as const;

        let project: Project;

        before(() => {
            const { yaml } = buildGitLabCi({
                roleArns: { export: DEPLOY, "web-identity": DEPLOY, profile: DEPLOY },
                gitlabCi: { script: ["aws sts get-caller-identity", "echo the next command ran"] },
                roles: {
                    "web-identity": { gitlabCi: { credentials: "web-identity" } },
                    profile: { gitlabCi: { credentials: "profile" } },
                },
            });
            const control = "no exchange:\n  script: [aws sts get-caller-identity]\n";
            project = runner!.project({ ".gitlab-ci.yml": `${yaml}\n${control}` });
        });

        const AMBIENT: readonly {
            readonly title: string;
            readonly variables: () => Readonly<Record<string, string>>;
            readonly identity: string;
        }[] = [
            {
                title: "root keys in its environment",
                variables: () => ROOT_KEYS,
                identity: "arn:aws:iam::111122223333:root",
            },
            {
                title: "AWS_PROFILE",
                variables: () => ({ AWS_PROFILE: "somebody" }),
                identity: "arn:aws:iam::111122223333:root",
            },
            {
                title: "a default profile in ~/.aws/credentials",
                variables: () => ({}),
                identity: "arn:aws:iam::111122223333:root",
            },
            {
                title: "the web identity of a pod",
                variables: () => ({
                    AWS_ROLE_ARN: PLAN,
                    AWS_WEB_IDENTITY_TOKEN_FILE: runner!.tokenFile,
                    AWS_ROLE_SESSION_NAME: "pod",
                }),
                identity: "arn:aws:sts::111122223333:assumed-role/plan/pod",
            },
        ];
        for (const { title, variables, identity } of AMBIENT) {
            describe(`on a runner that has ${title}`, () => {
                let main: Run;
                let feature: Run;

                before(async () => {
                    main = await project.run([], { branch: "main", ambient: variables() });
                    feature = await project.run([], { branch: "feature", ambient: variables() });
                });

                it("a job without the exchange is someone else", () => {
                    expect(identities(main.of("no exchange"))).to.deep.equal([identity]);
                    expect(identities(feature.of("no exchange"))).to.deep.equal([identity]);
                });

                for (const { credentials, says } of JOBS) {
                    const job = `assume role ${credentials}`;

                    it(`${credentials}: becomes the role on the allowed branch`, () => {
                        expect(main.status, main.log).to.equal(0);
                        expect(identities(main.of(job)), main.log).to.deep.equal([
                            "arn:aws:sts::111122223333:assumed-role/deploy/GitLabRunner-PROJECT-PIPELINE-JOB",
                        ]);
                        expect(main.of(job)).to.contain("> the next command ran\n");
                    });

                    it(`${credentials}: ends at the exchange on another branch, and its log says why`, () => {
                        expect(feature.status, feature.log).to.equal(1);
                        expect(feature.of(job)).to.equal(`$ # ${says} # collapsed multi-line command\n> \n${DENIED}`);
                    });
                }

                it("no token is left behind, nor in the log", () => {
                    for (const { left, log } of [main, feature]) {
                        expect(left).to.deep.equal([]);
                        expect(log).not.to.contain("eyJ");
                    }
                });
            });
        }
    });

    describe("a later job of another project, by the same user of the same machine", () => {
        const WHO = "aws sts get-caller-identity";
        const JOBS: Readonly<Record<string, GitLabCiOptions>> = {
            export: { credentials: "export", script: [WHO] },
            // Our exchange alone, without a command of the job's own.
            "web-identity": { credentials: "web-identity", script: ["true"] },
            profile: { credentials: "profile", script: ["true"] },
            "web-identity-and-cli": { credentials: "web-identity", script: [WHO] },
        };
        const LATER = 'later:\n  script: [find "$HOME" "$TMPDIR" -type f]\n';
        let home: string;

        beforeEach(() => (home = mkdtempSync(join(tmpdir(), "home-"))));
        afterEach(() => rmSync(home, { recursive: true }));

        for (const [job, left] of [
            ["export", ""],
            ["web-identity", ""],
            ["profile", ""],
            // Commands of the job keep their home: the documentation says so.
            ["web-identity-and-cli", "HOME/.aws/cli/cache/NAME.json"],
        ] as const) {
            it(`finds ${left === "" ? "nothing" : "credentials of the AWS CLI"} after ${job}`, async () => {
                const { yaml } = buildGitLabCi({
                    roleArns: mapValues(JOBS, () => DEPLOY),
                    roles: mapValues(JOBS, (gitlabCi) => ({ gitlabCi })),
                });
                const ambient = { HOME: home };
                const first = await runner!
                    .project({ ".gitlab-ci.yml": yaml })
                    .run([`assume role ${job}`], { ambient });
                expect(first.status, first.log).to.equal(0);
                const later = await runner!
                    .project({ ".gitlab-ci.yml": LATER })
                    .run([], { ambient, path: "mygroup/other", tokenVariables: [] });
                expect(later.status, later.log).to.equal(0);
                const found = later.of("later").replace(/^\$ .*\n/, "");
                expect(found.replaceAll(home, "HOME").replace(/\w+\.json/, "NAME.json")).to.equal(
                    left === "" ? "" : `> ${left}\n`,
                );
            });
        }
    });

    it("a CI/CD variable that overrides the ID token is told apart", async () => {
        const { yaml } = buildGitLabCi({ roleArns: { deploy: DEPLOY } });
        const project = runner!.project({ ".gitlab-ci.yml": yaml });
        const variables = { GITLAB_OIDC_TOKEN: "glpat-of-the-project" };
        const run = await project.run([], { variables });
        expect(run.status, run.log).to.equal(1);
        expect(run.of("assume role deploy")).to.match(
            /^> GITLAB_OIDC_TOKEN is not an ID token: a CI\/CD variable with this name overrides it\. Rename or delete that variable$/m,
        );
        expect(run.log).not.to.contain("glpat");
    });

    describe("options", () => {
        const WHO_AND_WHERE = ["aws sts get-caller-identity", 'echo "$AWS_REGION $AWS_DEFAULT_REGION"'];
        const OPTIONS: Readonly<Record<string, GitLabCiOptions>> = {
            "job-name": { jobName: "deploy to production", stage: "release", environment: "production" },
            "token-variable": { tokenVariable: "AWS_ID_TOKEN" },
            "role-arn-variable": { roleArnVariable: "DEPLOY_ROLE_ARN" },
            region: { region: "eu-central-1", script: WHO_AND_WHERE },
            "session-of-variables": { sessionName: "deploy-$CI_COMMIT_REF_SLUG-${CI_PROJECT_ID}" },
            "session-of-anything": { sessionName: "$WHO" },
            shortest: { duration: 900 },
            "too-long": { duration: 7200 },
            lines: {
                script: [
                    "aws sts get-caller-identity --query Account --output text",
                    'echo "it\'s $CI_COMMIT_REF_NAME: 100%" # done',
                    'for word in one two; do\n  echo "$word"\ndone',
                ],
            },
            "same-session": {
                credentials: "web-identity",
                sessionName: "same",
                script: ["aws sts get-caller-identity", 'ls -l "$AWS_WEB_IDENTITY_TOKEN_FILE"'],
            },
            "same-session-profile": { credentials: "profile", sessionName: "same-profile" },
        };

        let project: Project;
        let admitted: Run;
        let refused: Run;

        before(async () => {
            const { yaml } = buildGitLabCi({
                roleArns: mapValues(OPTIONS, () => DEPLOY),
                roles: mapValues(OPTIONS, (gitlabCi) => ({ gitlabCi })),
            });
            project = runner!.project({ ".gitlab-ci.yml": `${yaml}\nstages: [test, release]\n` });
            const failing = ["assume role token-variable", "assume role role-arn-variable", "assume role too-long"];
            const jobs = (await project.started()).filter((job) => job !== "assume role too-long");
            admitted = await project.run(jobs, {
                tokenVariables: ["GITLAB_OIDC_TOKEN", "AWS_ID_TOKEN"],
                variables: { DEPLOY_ROLE_ARN: DEPLOY, WHO: `Zoë & Co.: ${"x".repeat(70)}` },
            });
            refused = await project.run(failing);
        });

        for (const [job, session] of [
            ["deploy to production", "GitLabRunner-PROJECT-PIPELINE-JOB"],
            ["assume role token-variable", "GitLabRunner-PROJECT-PIPELINE-JOB"],
            ["assume role role-arn-variable", "GitLabRunner-PROJECT-PIPELINE-JOB"],
            ["assume role region", "GitLabRunner-PROJECT-PIPELINE-JOB"],
            ["assume role session-of-variables", "deploy-main-1217"],
            ["assume role session-of-anything", "Zo-----Co.--xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
            ["assume role shortest", "GitLabRunner-PROJECT-PIPELINE-JOB"],
            ["assume role same-session", "same"],
            ["assume role same-session-profile", "same-profile"],
        ] as const) {
            it(`${job}: is the session ${session}`, () => {
                expect(admitted.status, admitted.log).to.equal(0);
                expect(identities(admitted.of(job)), admitted.log).to.deep.equal([
                    `arn:aws:sts::111122223333:assumed-role/deploy/${session}`,
                ]);
            });
        }

        for (const [option, text] of [
            ["stage", "deploy to production             starting shell (release)\n"],
            ["environment", "deploy to production environment: { name: production }\n"],
            ["region", "assume role region               > eu-central-1 eu-central-1\n"],
        ] as const) {
            it(`${option}: ${text.trim()}`, () => {
                expect(admitted.log).to.contain(text);
            });
        }

        it("script: every command runs as it was written", () => {
            expect(admitted.of("assume role lines").replace(/^\$ .*\n/gm, "")).to.equal(
                "> 111122223333\n> it's main: 100%\n> one\n> two\n",
            );
        });

        for (const [job, why] of [
            ["assume role token-variable", `AWS_ID_TOKEN is empty: ${SAYS.lacksIdTokens}`],
            ["assume role role-arn-variable", `DEPLOY_ROLE_ARN is empty: ${SAYS.setToRole}`],
            [
                "assume role too-long",
                "An error occurred (ValidationError) when calling the AssumeRoleWithWebIdentity operation: " +
                    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
            ],
        ] as const) {
            it(`${job}: fails with ${why}`, () => {
                expect(refused.status, refused.log).to.equal(1);
                expect(refused.of(job)).to.contain(`> ${why}\n`);
                expect(refused.of(job)).not.to.match(/get-caller-identity|"Arn"/);
            });
        }

        it("the token is in a private file as long as the job runs", () => {
            expect(admitted.of("assume role same-session")).to.match(/^> -rw------- .*\/tmp\/aws-oidc\.\w{6}\/token$/m);
            expect(admitted.left).to.deep.equal([]);
        });

        // Older AWS CLIs (1.45.11) take what ~/.aws/cli/cache has for the role and session name, whatever the token.
        for (const session of ["same", "same-profile"]) {
            it(`the session ${session} is asked for at AWS before the AWS CLI may take a kept one`, () => {
                const exchanges = runner!.gate.log.filter(({ sessionName }) => sessionName === session);
                expect(exchanges.map(({ outcome }) => outcome)).to.deep.equal(["accepted", "accepted"]);
            });
        }
    });
});

/** The same keys with other values. */
function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Readonly<Record<string, B>> {
    return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
