import { expect } from "chai";
import fc from "fast-check";
import { parse } from "yaml";
import { InvalidInputsError } from "../../../provider/contract/findings";
import { buildGitLabCi, type GetGitlabCiArgs, type GitLabCiOptions } from "../../../provider/operations/gitlab-ci";
import type { Subject } from "../../../provider/contract/types";
import { documentsOf } from "../../pipeline/job";
import { SAYS } from "../../support/wording";

const DEPLOY = "arn:aws:iam::111122223333:role/deploy";
const MAIN: Subject = { project: "mygroup/myproject", branch: "main" };

interface Given {
    readonly gitlabCi?: GitLabCiOptions;
    readonly roleArn?: string;
    readonly subjects?: readonly Subject[];
    readonly own?: GitLabCiOptions;
}

function argsOf({ gitlabCi, roleArn = DEPLOY, subjects, own }: Given): GetGitlabCiArgs {
    return {
        roleArns: { deploy: roleArn },
        ...(gitlabCi !== undefined && { gitlabCi }),
        roles: { deploy: { ...(subjects !== undefined && { subjects }), ...(own !== undefined && { gitlabCi: own }) } },
    };
}

function textOf(args: GetGitlabCiArgs): string {
    const { yaml, files } = buildGitLabCi(args);
    return [yaml, ...Object.values(files)].join("");
}

/** The lines that the one text has and the other has not. */
function linesBeside(text: string, other: string): string[] {
    const left = other.split("\n");
    return text.split("\n").filter((line) => {
        const at = left.indexOf(line);
        if (at >= 0) {
            left.splice(at, 1);
        }
        return at < 0;
    });
}

type Row = readonly [title: string, given: Given, added: readonly string[], removed?: readonly string[]];

/** Shows that the options change these lines of the text, and no others. */
function changes(title: string, base: GitLabCiOptions, rows: readonly Row[]): void {
    describe(title, () => {
        for (const [name, given, added, removed = []] of rows) {
            it(name, () => {
                const plain = textOf(
                    argsOf({ gitlabCi: base, ...(given.roleArn !== undefined && { roleArn: given.roleArn }) }),
                );
                const text = textOf(argsOf({ ...given, gitlabCi: { ...base, ...given.gitlabCi } }));
                expect(linesBeside(text, plain)).to.deep.equal(added);
                expect(linesBeside(plain, text)).to.deep.equal(removed);
            });
        }
    });
}

const IS_TOKEN = (name: string): readonly string[] => [
    `      case \${${name}-} in`,
    `        "") echo "${name} is empty: ${SAYS.lacksIdTokens}" >&2; exit 1 ;;`,
    `        *) echo "${name} is not an ID token: ${SAYS.overridden}" >&2; exit 1 ;;`,
];
const TOKEN_TO_CLI = (name: string, indent: string): string =>
    `${indent}printf %s "$${name}" | command aws sts assume-role-with-web-identity --no-sign-request \\`;
const TOKEN_TO_FILE = (name: string): string =>
    `      (umask 077 && printf %s "$${name}" >| "$aws_oidc_folder/token") || exit 1`;
const NO_ARN: readonly string[] = [
    "      case ${DEPLOY_ROLE-} in",
    "        arn:*:iam::[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]:role/*[A-Za-z0-9_+=,.@-]) ;;",
    `        "") echo "DEPLOY_ROLE is empty: ${SAYS.setToRole}" >&2; exit 1 ;;`,
    `        *) echo "DEPLOY_ROLE ${SAYS.notAnArn}" >&2; exit 1 ;;`,
    "      esac",
];
const SESSION = (word: string): string =>
    `      aws_oidc_session=$(printf %s "${word}" | LC_ALL=C tr -c 'A-Za-z0-9_+=,.@-' '-' | cut -c 1-64) # characters that STS accepts`;
const DEFAULT_SESSION = '"GitLabRunner-$CI_PROJECT_ID-$CI_PIPELINE_ID-$CI_JOB_ID"';
const NEEDS_ENVIRONMENT =
    "  # The role allows only jobs with an `environment` of the tier and protection that its subjects name.";

changes("option of a job", {}, [
    ["stage", { gitlabCi: { stage: "deploy" } }, ["  stage: deploy"]],
    ["stage with a dot", { gitlabCi: { stage: ".pre" } }, ["  stage: .pre"]],
    ["stage that is a truth value to YAML", { gitlabCi: { stage: "on" } }, ['  stage: "on"']],
    ["stage that is a number", { gitlabCi: { stage: "12" } }, ['  stage: "12"']],
    ["stage with a colon and a quote", { gitlabCi: { stage: 'a: "b" #c' } }, [String.raw`  stage: "a: \"b\" #c"`]],
    ["image", { gitlabCi: { image: "alpine" } }, ["  image: alpine"]],
    ["image with a tag", { gitlabCi: { image: "alpine:3" } }, ['  image: "alpine:3"']],
    [
        "image by a variable",
        { gitlabCi: { image: "$CI_REGISTRY_IMAGE/aws:latest" } },
        ['  image: "$CI_REGISTRY_IMAGE/aws:latest"'],
    ],
    [
        "entrypoint",
        { gitlabCi: { image: "alpine", entrypoint: [""] } },
        ["  image:", "    name: alpine", '    entrypoint: [""]'],
    ],
    [
        "entrypoint of an image that is known",
        { gitlabCi: { image: "hashicorp/terraform:1.13", entrypoint: ["/bin/sh", '-c "x"'] } },
        ["  image:", '    name: "hashicorp/terraform:1.13"', String.raw`    entrypoint: ["/bin/sh", "-c \"x\""]`],
    ],
    ["environment", { gitlabCi: { environment: "production" } }, ["  environment:", "    name: production"]],
    [
        "environment with variables",
        { gitlabCi: { environment: "review/$CI_COMMIT_REF_SLUG" } },
        ["  environment:", '    name: "review/$CI_COMMIT_REF_SLUG"'],
    ],
    [
        "environment, of the tier of all subjects",
        {
            gitlabCi: { environment: "live", rules: false },
            subjects: [
                { ...MAIN, deploymentTier: "production" },
                { ...MAIN, branch: "hotfix", deploymentTier: "production" },
            ],
        },
        ["  environment:", "    name: live", "    deployment_tier: production"],
    ],
    [
        "environment, of the tier of a raw sub",
        {
            gitlabCi: { environment: "live", rules: false },
            subjects: [{ sub: "project_path:a/b:ref_type:branch:ref:main:deployment_tier:staging" }],
        },
        ["  environment:", "    name: live", "    deployment_tier: staging"],
    ],
    [
        "environment, of different tiers",
        {
            gitlabCi: { environment: "live", rules: false },
            subjects: [
                { ...MAIN, deploymentTier: "production" },
                { ...MAIN, deploymentTier: "staging" },
            ],
        },
        ["  environment:", "    name: live"],
    ],
    [
        "environment, of any tier",
        { gitlabCi: { environment: "live", rules: false }, subjects: [{ ...MAIN, deploymentTier: "*" }] },
        ["  environment:", "    name: live"],
    ],
    [
        "environment that one of two subjects names a tier for",
        {
            gitlabCi: { environment: "live", rules: false },
            subjects: [MAIN, { ...MAIN, deploymentTier: "production" }],
        },
        ["  environment:", "    name: live"],
    ],
    [
        "environment with tier, URL and action",
        {
            gitlabCi: {
                environment: {
                    name: "review/$CI_COMMIT_REF_SLUG",
                    tier: "development",
                    url: "https://$CI_ENVIRONMENT_SLUG.example.com",
                    action: "stop",
                },
            },
        },
        [
            "  environment:",
            '    name: "review/$CI_COMMIT_REF_SLUG"',
            "    deployment_tier: development",
            '    url: "https://$CI_ENVIRONMENT_SLUG.example.com"',
            "    action: stop",
        ],
    ],
    [
        "environment of one of the tiers of the subjects",
        {
            gitlabCi: { environment: { name: "blue", tier: "staging" }, rules: false },
            subjects: [
                { ...MAIN, deploymentTier: "production" },
                { ...MAIN, deploymentTier: "staging" },
            ],
        },
        ["  environment:", "    name: blue", "    deployment_tier: staging"],
    ],
    [
        "no environment where the subjects name a tier",
        { gitlabCi: { rules: false }, subjects: [{ ...MAIN, deploymentTier: "production" }] },
        [NEEDS_ENVIRONMENT],
    ],
    [
        "no environment where the subjects ask for a protected one",
        { gitlabCi: { rules: false }, subjects: [{ ...MAIN, environmentProtected: true }] },
        [NEEDS_ENVIRONMENT],
    ],
    [
        "no environment where one of two subjects names a tier",
        { gitlabCi: { rules: false }, subjects: [MAIN, { ...MAIN, deploymentTier: "production" }] },
        [],
    ],
    [
        "tokenVariable",
        { gitlabCi: { tokenVariable: "AWS_ID_TOKEN" } },
        ["    AWS_ID_TOKEN:", ...IS_TOKEN("AWS_ID_TOKEN"), TOKEN_TO_CLI("AWS_ID_TOKEN", "        ")],
        ["    GITLAB_OIDC_TOKEN:", ...IS_TOKEN("GITLAB_OIDC_TOKEN"), TOKEN_TO_CLI("GITLAB_OIDC_TOKEN", "        ")],
    ],
    [
        "roleArnVariable",
        { gitlabCi: { roleArnVariable: "DEPLOY_ROLE" } },
        ["# Role deploy", ...NO_ARN, '          --role-arn "$DEPLOY_ROLE" \\'],
        [`# Role deploy: ${DEPLOY}`, `          --role-arn '${DEPLOY}' \\`],
    ],
    [
        "region",
        { gitlabCi: { region: "eu-central-1" } },
        ["      export AWS_REGION=eu-central-1 AWS_DEFAULT_REGION=eu-central-1"],
    ],
    [
        "region of another partition than aws",
        { roleArn: "arn:aws-cn:iam::111122223333:role/deploy", gitlabCi: { region: "cn-northwest-1" } },
        ["      export AWS_REGION=cn-northwest-1 AWS_DEFAULT_REGION=cn-northwest-1"],
        [
            "      AWS_REGION=${AWS_REGION:-${AWS_DEFAULT_REGION-}}",
            "      case $AWS_REGION in cn-*) ;; *) AWS_REGION=cn-north-1 ;; esac # STS of aws-cn",
            "      AWS_DEFAULT_REGION=$AWS_REGION",
            "      export AWS_REGION AWS_DEFAULT_REGION",
        ],
    ],
    [
        "duration",
        { gitlabCi: { duration: 900 } },
        ["          --duration-seconds 900 \\"],
        ["          --duration-seconds 3600 \\"],
    ],
    [
        "sessionName",
        { gitlabCi: { sessionName: "deploy@example.com" } },
        ['          --role-session-name="deploy@example.com" \\'],
        [`          --role-session-name=${DEFAULT_SESSION} \\`],
    ],
    [
        "sessionName with a variable",
        { gitlabCi: { sessionName: "deploy-${CI_COMMIT_REF_NAME}" } },
        [SESSION("deploy-${CI_COMMIT_REF_NAME}"), '          --role-session-name="$aws_oidc_session" \\'],
        [`          --role-session-name=${DEFAULT_SESSION} \\`],
    ],
    [
        "subjects",
        { subjects: [MAIN] },
        [
            "  rules: # run only if the role trusts the job; AWS would deny it otherwise",
            `    - if: '$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH == "main"'`,
        ],
    ],
    [
        "rules: true",
        { gitlabCi: { rules: true }, subjects: [MAIN] },
        [
            "  rules: # run only if the role trusts the job; AWS would deny it otherwise",
            `    - if: '$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH == "main"'`,
        ],
    ],
    ["rules: false", { gitlabCi: { rules: false }, subjects: [MAIN] }, []],
    ["rules of subjects that are not known", { gitlabCi: { rules: true } }, []],
    ["a role's own option", { gitlabCi: { stage: "test" }, own: { stage: "deploy" } }, ["  stage: deploy"]],
    [
        "a role without an option of its own",
        { gitlabCi: { stage: "test" }, own: { image: "alpine" } },
        ["  stage: test", "  image: alpine"],
    ],
    ["a role that turns the rules off", { gitlabCi: { rules: true }, own: { rules: false }, subjects: [MAIN] }, []],
]);

changes("option of a job with a web identity", { credentials: "web-identity" }, [
    [
        "tokenVariable",
        { gitlabCi: { tokenVariable: "AWS_ID_TOKEN" } },
        [
            "    AWS_ID_TOKEN:",
            ...IS_TOKEN("AWS_ID_TOKEN"),
            TOKEN_TO_FILE("AWS_ID_TOKEN"),
            TOKEN_TO_CLI("AWS_ID_TOKEN", "          "),
        ],
        [
            "    GITLAB_OIDC_TOKEN:",
            ...IS_TOKEN("GITLAB_OIDC_TOKEN"),
            TOKEN_TO_FILE("GITLAB_OIDC_TOKEN"),
            TOKEN_TO_CLI("GITLAB_OIDC_TOKEN", "          "),
        ],
    ],
    [
        "roleArnVariable",
        { gitlabCi: { roleArnVariable: "DEPLOY_ROLE" } },
        ["# Role deploy", ...NO_ARN, '      AWS_ROLE_ARN="$DEPLOY_ROLE"', '            --role-arn "$DEPLOY_ROLE" \\'],
        [`# Role deploy: ${DEPLOY}`, `      AWS_ROLE_ARN='${DEPLOY}'`, `            --role-arn '${DEPLOY}' \\`],
    ],
    [
        "region",
        { gitlabCi: { region: "eu-central-1" } },
        ["      export AWS_REGION=eu-central-1 AWS_DEFAULT_REGION=eu-central-1"],
    ],
    [
        "sessionName with a variable",
        { gitlabCi: { sessionName: "$GITLAB_USER_LOGIN" } },
        [
            SESSION("$GITLAB_USER_LOGIN"),
            '      AWS_ROLE_SESSION_NAME="$aws_oidc_session"',
            '            --role-session-name="$aws_oidc_session" \\',
        ],
        [`      AWS_ROLE_SESSION_NAME=${DEFAULT_SESSION}`, `            --role-session-name=${DEFAULT_SESSION} \\`],
    ],
]);

changes("option of a job with a profile", { credentials: "profile" }, [
    [
        "tokenVariable",
        { gitlabCi: { tokenVariable: "AWS_ID_TOKEN" } },
        [
            "    AWS_ID_TOKEN:",
            ...IS_TOKEN("AWS_ID_TOKEN"),
            TOKEN_TO_FILE("AWS_ID_TOKEN"),
            TOKEN_TO_CLI("AWS_ID_TOKEN", "          "),
        ],
        [
            "    GITLAB_OIDC_TOKEN:",
            ...IS_TOKEN("GITLAB_OIDC_TOKEN"),
            TOKEN_TO_FILE("GITLAB_OIDC_TOKEN"),
            TOKEN_TO_CLI("GITLAB_OIDC_TOKEN", "          "),
        ],
    ],
    [
        "roleArnVariable",
        { gitlabCi: { roleArnVariable: "DEPLOY_ROLE" } },
        [
            "# Role deploy",
            ...NO_ARN,
            '            --role-arn "$DEPLOY_ROLE" \\',
            `          'deploy' "$DEPLOY_ROLE" ${DEFAULT_SESSION} "$aws_oidc_folder/token" >> "$AWS_CONFIG_FILE" || exit 1`,
        ],
        [
            `# Role deploy: ${DEPLOY}`,
            `            --role-arn '${DEPLOY}' \\`,
            `          'deploy' '${DEPLOY}' ${DEFAULT_SESSION} "$aws_oidc_folder/token" >> "$AWS_CONFIG_FILE" || exit 1`,
        ],
    ],
    [
        "sessionName",
        { gitlabCi: { sessionName: "deploy" } },
        [
            '            --role-session-name="deploy" \\',
            `          'deploy' '${DEPLOY}' "deploy" "$aws_oidc_folder/token" >> "$AWS_CONFIG_FILE" || exit 1`,
        ],
        [
            `            --role-session-name=${DEFAULT_SESSION} \\`,
            `          'deploy' '${DEPLOY}' ${DEFAULT_SESSION} "$aws_oidc_folder/token" >> "$AWS_CONFIG_FILE" || exit 1`,
        ],
    ],
]);

changes("option of a template", { form: "template" }, [
    ["stage", { gitlabCi: { stage: "deploy" } }, ["  stage: deploy"]],
    [
        "jobName",
        { gitlabCi: { jobName: ".aws" } },
        [
            "#     extends: .aws",
            "#       - !reference [.aws, before_script]",
            "#       - !reference [.aws, before_script]",
            ".aws:",
        ],
        [
            "#     extends: .aws-deploy",
            "#       - !reference [.aws-deploy, before_script]",
            "#       - !reference [.aws-deploy, before_script]",
            ".aws-deploy:",
        ],
    ],
    [
        "jobName that YAML would read as a number",
        { gitlabCi: { jobName: ".5" } },
        [
            '#     extends: ".5"',
            '#       - !reference [".5", before_script]',
            '#       - !reference [".5", before_script]',
            '".5":',
        ],
        [
            "#     extends: .aws-deploy",
            "#       - !reference [.aws-deploy, before_script]",
            "#       - !reference [.aws-deploy, before_script]",
            ".aws-deploy:",
        ],
    ],
    ["script", { gitlabCi: { script: ["make deploy"] } }, ["  script:", "    - make deploy"]],
]);

const COMPONENT = { form: "component", componentProject: "mygroup/aws-roles" } as const;

changes("option of a component", COMPONENT, [
    [
        "componentVersion",
        { gitlabCi: { componentVersion: "~latest" } },
        Array.from({ length: 3 }, () => "  - component: $CI_SERVER_FQDN/mygroup/aws-roles/deploy@~latest"),
        Array.from({ length: 3 }, () => "  - component: $CI_SERVER_FQDN/mygroup/aws-roles/deploy@1.0.0"),
    ],
    [
        "stage",
        { gitlabCi: { stage: "deploy" } },
        ['| `stage` | Stage of the job. | `"deploy"` |', '      default: "deploy"'],
        ['| `stage` | Stage of the job. | `"test"` |', '      default: "test"'],
    ],
    [
        "script",
        { gitlabCi: { script: ["a: b", "c|d\ne"] } },
        [
            String.raw`| ${"`script`"} | Commands that run with the role. | ${"`"}["a: b", "c\|d\ne"]${"`"} |`,
            String.raw`      default: ["a: b", "c|d\ne"]`,
        ],
        [
            '| `script` | Commands that run with the role. | `["aws sts get-caller-identity"]` |',
            '      default: ["aws sts get-caller-identity"]',
        ],
    ],
    [
        "duration",
        { gitlabCi: { duration: 900 } },
        [
            "| `duration` | Length of the session in seconds, at most the role's maximum session duration. | `900` |",
            "      default: 900",
        ],
        [
            "| `duration` | Length of the session in seconds, at most the role's maximum session duration. | `3600` |",
            "      default: 3600",
        ],
    ],
    [
        "sessionName",
        { gitlabCi: { sessionName: "deploy-$CI_JOB_ID" } },
        [
            '| `session-name` | Name of the session in CloudTrail, with CI/CD variables. | `"deploy-$CI_JOB_ID"` |',
            '      default: "deploy-$CI_JOB_ID"',
        ],
        [
            `| \`session-name\` | Name of the session in CloudTrail, with CI/CD variables. | \`${DEFAULT_SESSION}\` |`,
            `      default: ${DEFAULT_SESSION}`,
        ],
    ],
    [
        "region",
        { gitlabCi: { region: "eu-central-1" } },
        [
            '| `region` | AWS region of the job. Empty: the region of the runner. | `"eu-central-1"` |',
            '      default: "eu-central-1"',
        ],
        ['| `region` | AWS region of the job. Empty: the region of the runner. | `""` |', '      default: ""'],
    ],
    [
        "roleArnVariable",
        { gitlabCi: { roleArnVariable: "DEPLOY_ROLE" } },
        [
            "The ARN of the role comes from the CI/CD variable `DEPLOY_ROLE`.",
            "# Role deploy",
            ...NO_ARN,
            '          --role-arn "$DEPLOY_ROLE" \\',
        ],
        [`Role \`${DEPLOY}\`.`, `# Role deploy: ${DEPLOY}`, `          --role-arn '${DEPLOY}' \\`],
    ],
]);

describe("inputs of a component", () => {
    const INPUTS = ["job", "stage", "script", "region", "session-name"];
    for (const [credentials, inputs] of [
        ["export", [...INPUTS, "duration"]],
        ["web-identity", INPUTS],
        ["profile", INPUTS],
    ] as const) {
        it(`are these with ${credentials}`, () => {
            const { files } = buildGitLabCi(argsOf({ gitlabCi: { ...COMPONENT, credentials } }));
            const [header, body] = documentsOf(files["templates/deploy.yml"]!);
            const { spec } = parse(header) as { spec: { inputs: object } };
            expect(Object.keys(spec.inputs)).to.deep.equal(inputs);
            expect(new Set(Array.from(body.matchAll(/inputs\.([\w-]+)/g), ([, name]) => name))).to.have.keys(inputs);
            const rows = Array.from(files["README.md"]!.matchAll(/^\| `([\w-]+)` \|/gm), ([, name]) => name);
            expect(rows).to.deep.equal(inputs);
        });
    }
});

describe("role ARN by variable", () => {
    for (const form of ["job", "template", "component"] as const) {
        for (const credentials of ["export", "web-identity", "profile"] as const) {
            it(`stands nowhere in ${form} with ${credentials}`, () => {
                const project = form === "component" ? { componentProject: "mygroup/aws-roles" } : {};
                const gitlabCi = { form, credentials, roleArnVariable: "DEPLOY_ROLE", ...project };
                const text = textOf(argsOf({ gitlabCi, roleArn: "arn:aws-cn:iam::111122223333:role/ci/deploy" }));
                expect(text).not.to.match(/arn:aws|111122223333|role\/ci/);
                expect(text).to.contain('"$DEPLOY_ROLE"');
            });
        }
    }
});

const KNOWN_IMAGES = [
    "amazon/aws-cli",
    "amazon/aws-cli:2.31.0",
    "public.ecr.aws/aws-cli/aws-cli:2.31.0",
    "public.ecr.aws/aws-cli/aws-cli@sha256:0123",
    "hashicorp/terraform:1.13",
    "registry.example.com:5000/hashicorp/terraform",
    "ghcr.io/opentofu/opentofu:1.10",
    "pulumi/pulumi:3.200.0",
    "pulumi/pulumi-nodejs-22:latest",
    "hashicorp/packer:1.14",
    "gcr.io/kaniko-project/executor:v1.23.2-debug",
];
const OTHER_IMAGES = [
    "alpine:3",
    "amazon/aws-sam-cli-build-image",
    "example/aws-cli:1",
    "hashicorp/vault",
    "hashicorp/terraform-mcp-server",
    "my-hashicorp/terraform",
    "example/opentofu",
    "node:22",
];

describe("entrypoint", () => {
    for (const image of KNOWN_IMAGES) {
        it(`is that of a shell for ${image}`, () => {
            expect(jobOf({ image }).image).to.deep.equal({ name: image, entrypoint: [""] });
        });
    }
    for (const image of OTHER_IMAGES) {
        it(`is that of the image for ${image}`, () => {
            expect(jobOf({ image }).image).to.equal(image);
        });
    }
});

const PARTITIONS: readonly [partition: string, prefix: string, region: string][] = [
    ["aws-cn", "cn-", "cn-north-1"],
    ["aws-us-gov", "us-gov-", "us-gov-west-1"],
    ["aws-eusc", "eusc-", "eusc-de-east-1"],
    ["aws-iso", "us-iso-", "us-iso-east-1"],
    ["aws-iso-b", "us-isob-", "us-isob-east-1"],
    ["aws-iso-e", "eu-isoe-", "eu-isoe-west-1"],
    ["aws-iso-f", "us-isof-", "us-isof-south-1"],
];

describe("partition", () => {
    for (const [partition, prefix, region] of PARTITIONS) {
        it(`${partition}: STS is that of its regions`, () => {
            const roleArn = `arn:${partition}:iam::111122223333:role/deploy`;
            const added = linesBeside(textOf(argsOf({ roleArn })), textOf(argsOf({})));
            expect(added).to.deep.equal([
                `# Role deploy: ${roleArn}`,
                "      AWS_REGION=${AWS_REGION:-${AWS_DEFAULT_REGION-}}",
                `      case $AWS_REGION in ${prefix}*) ;; *) AWS_REGION=${region} ;; esac # STS of ${partition}`,
                "      AWS_DEFAULT_REGION=$AWS_REGION",
                "      export AWS_REGION AWS_DEFAULT_REGION",
                `          --role-arn '${roleArn}' \\`,
            ]);
            expect(problemsOf(argsOf({ roleArn, gitlabCi: { region } }))).to.deep.equal([]);
        });
    }
});

const JOB_NAMES: readonly [name: string, line: string][] = [
    ["deploy", "deploy:"],
    ["deploy to production", "deploy to production:"],
    ["deploy/prod.v1", "deploy/prod.v1:"],
    ["on", '"on":'],
    ["Yes", '"Yes":'],
    ["n", '"n":'],
    ["null", '"null":'],
    ["~", '"~":'],
    ["1", '"1":'],
    ["1e3", '"1e3":'],
    ["0x1F", '"0x1F":'],
    ["12:30:00", '"12:30:00":'],
    ["2026-01-01", '"2026-01-01":'],
    ["a: b", '"a: b":'],
    ["a #b", '"a #b":'],
    ["- a", '"- a":'],
    ["-", '"-":'],
    ["? a", '"? a":'],
    ["&a", '"&a":'],
    ["*a", '"*a":'],
    ["!reference [a]", '"!reference [a]":'],
    ["[a]", '"[a]":'],
    ["{a}", '"{a}":'],
    ["<<", '"<<":'],
    ["%a", '"%a":'],
    ["@a", '"@a":'],
    ["`a`", '"`a`":'],
    ["a  b", '"a  b":'],
    [`it's "quoted"`, String.raw`"it's \"quoted\"":`],
    ["back\\slash", String.raw`"back\\slash":`],
    ["$CI_JOB_NAME", '"$CI_JOB_NAME":'],
    ["déploiement 🚀", '"déploiement 🚀":'],
    ["a\ufeffb\uffff", String.raw`"a\ufeffb\uffff":`],
];

describe("job name", () => {
    for (const [name, line] of JOB_NAMES) {
        it(name, () => {
            const { yaml } = buildGitLabCi(argsOf({ gitlabCi: { jobName: name } }));
            expect(yaml.split("\n")).to.include(line);
            expect(readings(yaml).map((file) => Object.keys(file))).to.deep.equal([[name], [name]]);
        });
    }
});

const SCRIPTS: readonly [title: string, command: string, lines: readonly string[]][] = [
    ["one line", "make deploy", ["    - make deploy"]],
    ["quotes", `echo "it's"`, [String.raw`    - "echo \"it's\""`]],
    ["colon", "echo a: b", ['    - "echo a: b"']],
    ["number sign", "echo a # b", ['    - "echo a # b"']],
    ["nothing but a comment", "# b", ['    - "# b"']],
    ["leading dash", "- a", ['    - "- a"']],
    ["leading space", " a", ['    - " a"']],
    ["trailing spaces", "a  ", ['    - "a  "']],
    ["truth value", "true", ['    - "true"']],
    ["number", "1", ['    - "1"']],
    ["reference", "!reference [.a, script]", ['    - "!reference [.a, script]"']],
    ["backslash", "a\\nb", [String.raw`    - "a\\nb"`]],
    ["unicode", "echo é🚀", ['    - "echo é🚀"']],
    [
        "several lines",
        "if true; then\n  a\n\n  b: c # d\nfi",
        ["    - |-", "      if true; then", "        a", "", "        b: c # d", "      fi"],
    ],
    ["several lines with a tab", "a\n\tb", ["    - |-", "      a", "      \tb"]],
    ["several lines, trailing spaces", "a  \nb", ["    - |-", "      a  ", "      b"]],
    [
        "several lines that look like YAML",
        "a: |\n- b\n---\n...",
        ["    - |-", "      a: |", "      - b", "      ---", "      ..."],
    ],
    ["several lines, a space first", " a\nb", [String.raw`    - " a\nb"`]],
    ["several lines, an empty one last", "a\nb\n", [String.raw`    - "a\nb\n"`]],
    ["several lines, a comment first", "#!/bin/sh\nb", [String.raw`    - "#!/bin/sh\nb"`]],
    ["several lines with line ends of Unicode", "a\nb\u2028c\u0085d", [String.raw`    - "a\nb\u2028c\u0085d"`]],
];

describe("script line", () => {
    for (const [title, command, lines] of SCRIPTS) {
        it(title, () => {
            const { yaml } = buildGitLabCi(argsOf({ gitlabCi: { script: ["first", command] } }));
            expect(yaml.slice(yaml.indexOf("    - first\n")).trimEnd().split("\n")).to.deep.equal([
                "    - first",
                ...lines,
            ]);
            for (const file of readings(yaml)) {
                expect(file["assume role deploy"]!.script!.slice(1)).to.deep.equal(["first", command]);
            }
        });
    }
});

describe("names and commands", () => {
    it("brings names and commands through YAML as they are, or refuses them", () => {
        const text = fc.oneof(
            fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }),
            fc.string({
                unit: fc.constantFrom(...Array.from("\n\t -:#'\"\\!&*?|>%@`{}[],~.019eEonyNu\u0085\u2028\u2029\ufeff")),
                minLength: 1,
            }),
            fc.stringMatching(/^[.]?[\w./@+ -]{1,12}$/),
        );
        let accepted = 0;
        fc.assert(
            fc.property(text, text, fc.array(text, { minLength: 1, maxLength: 3 }), (jobName, stage, script) => {
                const options: GitLabCiOptions = { jobName, stage, script };
                const refused = problemsOf(argsOf({ gitlabCi: options }));
                const gitlabCi = Object.fromEntries(
                    Object.entries(options).filter(
                        ([name]) => !refused.some(([path]) => path.startsWith(`gitlabCi.${name}`)),
                    ),
                );
                for (const file of readings(buildGitLabCi(argsOf({ gitlabCi })).yaml)) {
                    const [[name, job]] = Object.entries(file) as [[string, Job]];
                    accepted += Object.keys(gitlabCi).length;
                    expect({ jobName: name, stage: job.stage, script: job.script!.slice(1) }).to.deep.equal({
                        jobName: "assume role deploy",
                        stage: undefined,
                        script: ["aws sts get-caller-identity"],
                        ...gitlabCi,
                    });
                }
            }),
            { numRuns: 300, examples: [["E_1", "e9", ["e-5"]]] },
        );
        expect(accepted).to.be.greaterThan(400);
    });
});

/* How GitLab takes the parts. */

interface Job {
    readonly stage?: string;
    readonly image?: unknown;
    readonly script?: readonly string[];
}

/** The file as YAML 1.2 has it and as 1.1 has it, which GitLab's reader is of. */
function readings(yaml: string): Record<string, Job>[] {
    return (["1.2", "1.1"] as const).map((version) => parse(yaml, { version }) as Record<string, Job>);
}

function jobOf(gitlabCi: GitLabCiOptions): Job {
    return readings(buildGitLabCi(argsOf({ gitlabCi })).yaml)[0]!["assume role deploy"]!;
}

function problemsOf(args: GetGitlabCiArgs): [path: string, id: string][] {
    try {
        buildGitLabCi(args);
    } catch (error) {
        if (error instanceof InvalidInputsError) {
            return error.findings.map(({ path, id }) => [path, id]);
        }
        throw error;
    }
    return [];
}
