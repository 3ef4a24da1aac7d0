import { expect } from "chai";
import { buildGitLabCi } from "pulumi-aws-gitlab-oidc/gitlab-ci";
import { DENIED, identities, startRunner, type Project, type Run, type Runner } from "./runner";

const DEPLOY = "arn:aws:iam::111122223333:role/ci/deploy";
const PLAN = "arn:aws:iam::111122223333:role/plan";

describe("generated templates and components, run by gitlab-ci-local", function () {
    let runner: Runner | undefined;

    before(async function () {
        runner = await startRunner(this, [{ RoleName: "deploy", Path: "/ci/" }, { RoleName: "plan" }]);
    });

    after(() => runner?.stop());

    describe("template", () => {
        let yaml: string;
        let project: Project;
        let main: Run;
        let feature: Run;

        before(async () => {
            ({ yaml } = buildGitLabCi({
                roleArns: { deploy: DEPLOY, "deploy-web": DEPLOY, "deploy-profile": DEPLOY, "plan-profile": PLAN },
                gitlabCi: { form: "template" },
                roles: {
                    deploy: { subjects: [{ project: "mygroup/myproject", branch: "main" }] },
                    "deploy-web": { gitlabCi: { credentials: "web-identity" } },
                    "deploy-profile": { gitlabCi: { credentials: "profile" } },
                    "plan-profile": { gitlabCi: { credentials: "profile" } },
                },
            }));
            project = runner!.project({ "aws.yml": yaml, ".gitlab-ci.yml": USES_OF_TEMPLATES });
            main = await project.run([], { branch: "main" });
            feature = await project.run(
                ["extends", "extends web", "pieces", "two roles", "after", "after as the role"],
                { branch: "feature" },
            );
        });

        for (const [job, identitiesOfJob] of [
            ["extends", ["deploy"]],
            ["extends web", ["deploy"]],
            ["pieces", ["deploy"]],
            ["two roles", ["deploy", "plan", "plan"]],
        ] as const) {
            it(`${job}: becomes ${identitiesOfJob.join(", then ")} on the allowed branch`, () => {
                expect(main.status, main.log).to.equal(0);
                expect(identities(main.of(job)), main.log).to.deep.equal(
                    identitiesOfJob.map(
                        (role) => `arn:aws:sts::111122223333:assumed-role/${role}/GitLabRunner-PROJECT-PIPELINE-JOB`,
                    ),
                );
            });

            it(`${job}: ends at the exchange on another branch`, () => {
                expect(feature.status, feature.log).to.equal(1);
                expect(feature.of(job)).to.match(/AccessDenied/);
                expect(feature.of(job)).not.to.match(/get-caller-identity|"Arn"/);
            });
        }

        const ROOT = "arn:aws:iam::111122223333:root";
        const DEPLOYED = "arn:aws:sts::111122223333:assumed-role/deploy/GitLabRunner-PROJECT-PIPELINE-JOB";
        for (const [job, admitted, refused] of [
            ["after", [DEPLOYED, ROOT], [ROOT]],
            ["after as the role", [DEPLOYED, DEPLOYED], []],
        ] as const) {
            it(`${job}: after_script is ${job === "after" ? "the runner itself, after a refusal too" : "the role or nobody"}`, () => {
                expect(identities(main.of(job)), main.log).to.deep.equal(admitted);
                expect(identities(feature.of(job)), feature.log).to.deep.equal(refused);
                expect(feature.of(job)).to.match(/AccessDenied/);
            });
        }

        it("the header has the line for after_script", () => {
            expect(yaml).to.contain("#     after_script:\n#       - !reference [.aws-deploy, before_script]\n");
            expect(USES_OF_TEMPLATES).to.contain(
                "  after_script:\n    - !reference [.aws-deploy-web, before_script]\n",
            );
        });

        it("the job's own before_script stands around the exchange", () => {
            expect(main.of("pieces")).to.match(/^\$ echo before\n> before\n[^]*\$ echo after\n> after\n/);
            expect(feature.of("pieces")).to.match(/^\$ echo before\n> before\n/);
            expect(feature.of("pieces")).not.to.contain("after");
        });

        it("the rules come with extends and with !reference", async () => {
            expect(await project.started({ branch: "main" })).to.deep.equal([
                "extends",
                "extends web",
                "pieces",
                "two roles",
                "after",
                "after as the role",
            ]);
            expect(await project.started({ branch: "feature" })).to.deep.equal([
                "extends web",
                "two roles",
                "after",
                "after as the role",
            ]);
        });

        it("no token is left behind", () => {
            expect(main.left).to.deep.equal([]);
            expect(feature.left).to.deep.equal([]);
        });
    });

    describe("component", () => {
        const files = () =>
            buildGitLabCi({
                roleArns: { deploy: DEPLOY, "deploy-web": DEPLOY },
                gitlabCi: { form: "component", componentProject: "mygroup/aws-roles" },
                roles: { "deploy-web": { gitlabCi: { credentials: "web-identity" } } },
            }).files;

        describe("with good inputs", () => {
            let main: Run;
            let feature: Run;

            before(async () => {
                const project = runner!.project({ ...files(), ".gitlab-ci.yml": USES_OF_COMPONENTS });
                main = await project.run([], { branch: "main" });
                feature = await project.run([], { branch: "feature" });
            });

            for (const [job, session, region] of [
                ["deploy", "deploy-main-1217", "eu-central-1"],
                ["short", "GitLabRunner-PROJECT-PIPELINE-JOB", "us-east-1"],
                ["deploy web", "web-main", "eu-west-1"],
                ["own", "GitLabRunner-PROJECT-PIPELINE-JOB", "us-east-1"],
                ["own web", "GitLabRunner-PROJECT-PIPELINE-JOB", "us-east-1"],
            ] as const) {
                it(`${job}: is the session ${session} in ${region} on the allowed branch`, () => {
                    expect(main.status, main.log).to.equal(0);
                    expect(identities(main.of(job)), main.log).to.deep.equal([
                        `arn:aws:sts::111122223333:assumed-role/deploy/${session}`,
                    ]);
                    expect(main.of(job)).to.contain(`> ${region} ${region}\n`);
                });

                it(`${job}: ends at the exchange on another branch`, () => {
                    expect(feature.status, feature.log).to.equal(1);
                    expect(feature.of(job)).to.contain(DENIED);
                    expect(feature.of(job)).not.to.match(/get-caller-identity|"Arn"/);
                });
            }
        });

        for (const [input, why] of [
            ["session-name: deploy-$(id)", "`session-name` input: `deploy-$(id)` does not match required regex"],
            ["session-name: a b", "`session-name` input: `a b` does not match required regex"],
            ['session-name: "a\\";id;\\""', '`session-name` input: `a";id;"` does not match required regex'],
            ["region: somewhere", "`region` input: `somewhere` does not match required regex"],
            ["region: eu-central-1$(id)", "`region` input: `eu-central-1$(id)` does not match required regex"],
            ["duration: an hour", "`duration` input: provided value is not a number"],
            ['duration: "900"', "`duration` input: provided value is not a number"],
            ["script: aws sts get-caller-identity", "`script` input: provided value is not a array"],
            ['job: "deploy: now"', "`job` input: `deploy: now` does not match required regex"],
            ["stage: $(id)", "`stage` input: `$(id)` does not match required regex"],
        ] as const) {
            it(`is refused with ${input}`, async () => {
                const include = `include:\n  - local: templates/deploy.yml\n    inputs:\n      ${input}\n`;
                const job = "deploy:\n  extends: .aws-deploy\n  script: [echo the job ran]\n";
                const project = runner!.project({ ...files(), ".gitlab-ci.yml": `${include}\n${job}` });
                const { status, log } = await project.run([]);
                expect(status, log).to.equal(1);
                expect(log).to.contain(`This GitLab CI configuration is invalid: \`templates/deploy.yml\`: ${why}`);
                expect(log).not.to.contain("the job ran");
            });
        }
    });
});

const USES_OF_TEMPLATES = `include:
  - local: aws.yml

extends:
  extends: .aws-deploy
  script:
    - aws sts get-caller-identity

extends web:
  extends: .aws-deploy-web
  script:
    - aws sts get-caller-identity

pieces:
  id_tokens: !reference [.aws-deploy, id_tokens]
  rules: !reference [.aws-deploy, rules]
  before_script:
    - echo before
    - !reference [.aws-deploy, before_script]
    - echo after
  script:
    - aws sts get-caller-identity

two roles:
  id_tokens: !reference [.aws-deploy-profile, id_tokens]
  before_script:
    - !reference [.aws-deploy-profile, before_script]
    - !reference [.aws-plan-profile, before_script]
  script:
    - aws sts get-caller-identity --profile deploy-profile
    - aws sts get-caller-identity --profile plan-profile
    - aws sts get-caller-identity

after:
  extends: .aws-deploy-web
  script:
    - aws sts get-caller-identity
  after_script:
    - aws sts get-caller-identity

after as the role:
  extends: .aws-deploy-web
  script:
    - aws sts get-caller-identity
  after_script:
    - !reference [.aws-deploy-web, before_script]
    - aws sts get-caller-identity
`;

const USES_OF_COMPONENTS = `include:
  - local: templates/deploy.yml
    inputs:
      job: deploy
      script: ["aws sts get-caller-identity", 'echo "$AWS_REGION $AWS_DEFAULT_REGION"']
      session-name: deploy-$CI_COMMIT_REF_SLUG-\${CI_PROJECT_ID}
      region: eu-central-1
      stage: deploy
  - local: templates/deploy.yml
    inputs:
      job: short
      stage: deploy
      script: ["aws sts get-caller-identity", 'echo "$AWS_REGION $AWS_DEFAULT_REGION"']
      duration: 900
  - local: templates/deploy-web.yml
    inputs:
      job: deploy web
      stage: deploy
      script: ["aws sts get-caller-identity", 'echo "$AWS_REGION $AWS_DEFAULT_REGION"']
      session-name: web-$CI_COMMIT_REF_SLUG
      region: eu-west-1
  - local: templates/deploy.yml
  - local: templates/deploy-web.yml

own:
  extends: .aws-deploy
  stage: deploy
  script:
    - aws sts get-caller-identity
    - echo "$AWS_REGION $AWS_DEFAULT_REGION"

own web:
  extends: .aws-deploy-web
  stage: deploy
  script:
    - aws sts get-caller-identity
    - echo "$AWS_REGION $AWS_DEFAULT_REGION"
`;
