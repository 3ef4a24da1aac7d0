import { expect } from "chai";
import { InvalidInputsError } from "../../../provider/contract/findings";
import type { Finding } from "../../../provider/contract/types";
import { buildGitLabCi, type GetGitlabCiArgs, type GitLabCiOptions } from "../../../provider/operations/gitlab-ci";
import { checkGitLabOidc } from "../../../provider/components/gitlab-oidc-check";
import { checkPipelineRole } from "../../../provider/components/pipeline-role-check";
import { type InputsView } from "../../../provider/components/checked";
import { UNKNOWN } from "../../../provider/contract/unknown";

const DEPLOY = "arn:aws:iam::111122223333:role/deploy";
const CHINA = "arn:aws-cn:iam::111122223333:role/deploy";

type Problem = readonly [path: string, id: string];

function role(roleArn = DEPLOY, name = "deploy"): GetGitlabCiArgs {
    return { roleArns: Object.fromEntries([[name, roleArn]]) };
}

/** Two roles, `a` and `b`, with options of their own. */
function two(gitlabCi: GitLabCiOptions, a: GitLabCiOptions = {}, b: GitLabCiOptions = {}): GetGitlabCiArgs {
    return { roleArns: { a: DEPLOY, b: DEPLOY }, gitlabCi, roles: { a: { gitlabCi: a }, b: { gitlabCi: b } } };
}

const COMPONENT = { form: "component", componentProject: "mygroup/aws-roles" } as const;

/** An option that is refused by itself. */
type Fault = readonly [name: string, value: unknown, id: string, at?: string];

const VARIABLES_TAKEN = [
    "_",
    "PATH",
    "IFS",
    "UID",
    "RANDOM",
    "BASH_ENV",
    "HOME",
    "LC_ALL",
    "LD_PRELOAD",
    "CI",
    "CI_JOB_ID",
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "aws_oidc_folder",
];
const KEYWORDS = [
    "image",
    "services",
    "stages",
    "types",
    "before_script",
    "after_script",
    "variables",
    "cache",
    "include",
    "default",
    "workflow",
    "spec",
    "true",
    "false",
    "nil",
    "pages",
    "pages:deploy",
];

const FAULTS: readonly Fault[] = [
    ["form", "jobs", "ci-option"],
    ["form", "", "ci-option"],
    ["credentials", "keys", "ci-option"],
    ["jobName", "", "ci-option"],
    ["jobName", " deploy", "ci-option"],
    ["jobName", "deploy ", "ci-option"],
    ["jobName", "a\nb", "ci-option"],
    ["jobName", "a\tb", "ci-option"],
    ["jobName", "a\u0085b", "ci-option"],
    ["jobName", "a\u2028b", "ci-option"],
    ["jobName", "j".repeat(256), "ci-option"],
    ...KEYWORDS.map((name): Fault => ["jobName", name, "ci-option"]),
    ["jobName", ".deploy", "ci-conflict"],
    ["stage", "", "ci-option"],
    ["stage", "a\nb", "ci-option"],
    ["stage", " a", "ci-option"],
    ["stage", "s".repeat(256), "ci-option"],
    ["image", "", "ci-option"],
    ["image", "alpine 3", "ci-option"],
    ["image", "alpine:3\n", "ci-option"],
    ["image", "$[[inputs.image]]", "ci-option"],
    ["entrypoint", ["sh"], "ci-conflict"],
    ["environment", "", "ci-option"],
    ["environment", "   ", "ci-option"],
    ["environment", "/production", "ci-option"],
    ["environment", "production/", "ci-option"],
    ["environment", "a:b", "ci-option"],
    ["environment", "a\nb", "ci-option"],
    ["environment", "e".repeat(256), "ci-option"],
    ["tokenVariable", "", "ci-option"],
    ["tokenVariable", "1TOKEN", "ci-option"],
    ["tokenVariable", "ID-TOKEN", "ci-option"],
    ["tokenVariable", "$TOKEN", "ci-option"],
    ["tokenVariable", "TOKEN\n", "ci-option"],
    ["tokenVariable", "TÖKEN", "ci-option"],
    ["tokenVariable", "AWS_ROLE_ARN", "ci-option"],
    ...VARIABLES_TAKEN.map((name): Fault => ["tokenVariable", name, "ci-option"]),
    ["roleArnVariable", "role-arn", "ci-option"],
    ["roleArnVariable", "${ROLE}", "ci-option"],
    ...VARIABLES_TAKEN.map((name): Fault => ["roleArnVariable", name, "ci-option"]),
    ["region", "", "ci-region"],
    ["region", "Frankfurt", "ci-region"],
    ["region", "EU-CENTRAL-1", "ci-region"],
    ["region", "eu-central-1a", "ci-region"],
    ["region", "eu-central-1; id", "ci-region"],
    ["region", "cn-north-1", "ci-region"],
    ["region", "us-gov-west-1", "ci-region"],
    ["duration", 0, "ci-duration"],
    ["duration", 899, "ci-duration"],
    ["duration", 43_201, "ci-duration"],
    ["sessionName", "", "ci-session-name"],
    ["sessionName", "a", "ci-session-name"],
    ["sessionName", "a b", "ci-session-name"],
    ["sessionName", "a/b", "ci-session-name"],
    ["sessionName", "a:b", "ci-session-name"],
    ["sessionName", "é-deploy", "ci-session-name"],
    ["sessionName", "$(id)", "ci-session-name"],
    ["sessionName", "`id`", "ci-session-name"],
    ["sessionName", '"; id; "', "ci-session-name"],
    ["sessionName", "cost-$", "ci-session-name"],
    ["sessionName", "$1-deploy", "ci-session-name"],
    ["sessionName", "${CI_JOB_ID:-1}", "ci-session-name"],
    ["sessionName", "deploy\n", "ci-session-name"],
    ["sessionName", "s".repeat(65), "ci-session-name"],
    ["sessionName", `${"s".repeat(65)}$CI_JOB_ID`, "ci-session-name"],
    ["script", [], "ci-option"],
    ["script", [""], "ci-option", "gitlabCi.script[0]"],
    ["script", ["make", " \n\t"], "ci-option", "gitlabCi.script[1]"],
    ["script", ["a\0b"], "ci-option", "gitlabCi.script[0]"],
    ["script", ["a\rb"], "ci-option", "gitlabCi.script[0]"],
    ["script", ["a\u001b[1m"], "ci-option", "gitlabCi.script[0]"],
    ["componentProject", "mygroup/aws-roles", "ci-conflict"],
    ["componentVersion", "1.0.0", "ci-conflict"],
];

/** The same beside the form `component`. */
const COMPONENT_FAULTS: readonly Fault[] = [
    ["componentProject", undefined, "ci-conflict"],
    ["componentProject", "", "gitlab-path"],
    ["componentProject", "aws-roles", "gitlab-path"],
    ["componentProject", "/mygroup/aws-roles", "gitlab-path"],
    ["componentProject", "https://gitlab.com/mygroup/aws-roles", "gitlab-path"],
    ["componentProject", "mygroup/aws roles", "gitlab-path"],
    ["componentProject", "mygroup/*", "ci-option"],
    ["componentProject", "mygroup/aws-*", "path-wildcard"],
    ["componentVersion", "", "ci-option"],
    ["componentVersion", "1.0.0 ", "ci-option"],
    ["componentVersion", "~newest", "ci-option"],
    ["componentVersion", "1\n", "ci-option"],
    ["jobName", "deploy", "ci-conflict"],
    ["jobName", '.a"b', "ci-conflict"],
    ["jobName", ".déploiement", "ci-conflict"],
    ["stage", "déploiement", "ci-conflict"],
    ["stage", "a:b", "ci-conflict"],
];

const REFUSED: readonly [title: string, args: GetGitlabCiArgs, problems: readonly Problem[]][] = [
    ["no role", { roleArns: {} }, [["roleArns", "required"]]],
    ["a key with a space", role(DEPLOY, "a b"), [['roleArns["a b"]', "key"]]],
    ["a key that is YAML", role(DEPLOY, "a: b #"), [['roleArns["a: b #"]', "key"]]],
    ["a key of several lines", role(DEPLOY, "a\nb"), [['roleArns["a\\nb"]', "key"]]],
    ["an empty key", role(DEPLOY, ""), [['roleArns[""]', "key"]]],
    ["a key of 129 characters", role(DEPLOY, "k".repeat(129)), [[`roleArns["${"k".repeat(115)}…"]`, "key"]]],
    ["the key __proto__", role(DEPLOY, "__proto__"), [['roleArns["__proto__"]', "key"]]],
    ["an empty ARN", role(""), [['roleArns["deploy"]', "role-arn"]]],
    ["a role's name", role("deploy"), [['roleArns["deploy"]', "role-arn"]]],
    ["a user", role("arn:aws:iam::111122223333:user/deploy"), [['roleArns["deploy"]', "role-arn"]]],
    ["an account of 11 digits", role("arn:aws:iam::11112222333:role/x"), [['roleArns["deploy"]', "role-arn"]]],
    ["an unknown partition", role("arn:aws-moon:iam::111122223333:role/x"), [['roleArns["deploy"]', "role-arn"]]],
    ["a pattern of roles", role("arn:aws:iam::111122223333:role/*"), [['roleArns["deploy"]', "role-arn"]]],
    ["a path without name", role("arn:aws:iam::111122223333:role/ci/"), [['roleArns["deploy"]', "role-arn"]]],
    ["an ARN with a space", role(`${DEPLOY} --debug`), [['roleArns["deploy"]', "role-arn"]]],
    ["an ARN with a line end", role(`${DEPLOY}\n`), [['roleArns["deploy"]', "role-arn"]]],
    ["an ARN outside ASCII", role(`${DEPLOY}é`), [['roleArns["deploy"]', "role-arn"]]],
    ["an empty audience", { ...role(), audience: "" }, [["audience", "audience"]]],
    ["an audience that GitLab would expand", { ...role(), audience: "$CI_SERVER_URL" }, [["audience", "audience"]]],
    ["an audience with a line end", { ...role(), audience: "a\n      b: c" }, [["audience", "audience"]]],
    ["an audience of 256 characters", { ...role(), audience: "a".repeat(256) }, [["audience", "audience"]]],
    ["an audience that is nearly the url", { ...role(), audience: "https://gitlab.com/" }, [["audience", "audience"]]],
    ["http", { ...role(), url: "http://gitlab.example.com" }, [["url", "issuer-url"]]],
    ["options of a role that has no ARN", { ...role(), roles: { deplyo: {} } }, [['roles["deplyo"]', "key"]]],
    [
        "everything about the role at once",
        { url: "https://gitlab.example.com/", audience: "*", roleArns: { "a b": "x", c: "y" } },
        [
            ["url", "issuer-url"],
            ["audience", "audience"],
            ['roleArns["a b"]', "key"],
            ['roleArns["a b"]', "role-arn"],
            ['roleArns["c"]', "role-arn"],
        ],
    ],
    [
        "several options at once",
        { ...role(), gitlabCi: { jobName: "", stage: "", duration: 1, region: "x", script: ["", "\0"] } },
        [
            ["gitlabCi.jobName", "ci-option"],
            ["gitlabCi.stage", "ci-option"],
            ["gitlabCi.region", "ci-region"],
            ["gitlabCi.duration", "ci-duration"],
            ["gitlabCi.script[0]", "ci-option"],
            ["gitlabCi.script[1]", "ci-option"],
        ],
    ],
    [
        "options of a role",
        two({}, { stage: "" }, { duration: 1 }),
        [
            ['roles["a"].gitlabCi.stage', "ci-option"],
            ['roles["b"].gitlabCi.duration', "ci-duration"],
        ],
    ],
    [
        "a form of one role",
        two({}, { form: "template", componentProject: "mygroup/aws-roles", componentVersion: "1.0.0" }),
        [
            ['roles["a"].gitlabCi.form', "ci-conflict"],
            ['roles["a"].gitlabCi.componentProject', "ci-conflict"],
            ['roles["a"].gitlabCi.componentVersion', "ci-conflict"],
        ],
    ],
    ["the same job name for all", two({ jobName: "deploy" }), [["gitlabCi.jobName", "ci-conflict"]]],
    [
        "the same job name for all of a template",
        two({ form: "template", jobName: ".aws" }),
        [["gitlabCi.jobName", "ci-conflict"]],
    ],
    [
        "the same job name of two",
        two({}, { jobName: "deploy" }, { jobName: "deploy" }),
        [['roles["b"].gitlabCi.jobName', "ci-conflict"]],
    ],
    [
        "the job name that another has by default",
        two({}, {}, { jobName: "assume role a" }),
        [['roles["b"].gitlabCi.jobName', "ci-conflict"]],
    ],
    [
        "the template name that another has by default",
        two({ form: "template" }, {}, { jobName: ".aws-a" }),
        [['roles["b"].gitlabCi.jobName', "ci-conflict"]],
    ],
    [
        "one variable for ARN and token",
        { ...role(), gitlabCi: { tokenVariable: "X", roleArnVariable: "X" } },
        [["gitlabCi.roleArnVariable", "ci-conflict"]],
    ],
    [
        "the token's default variable for the ARN",
        two({}, { roleArnVariable: "GITLAB_OIDC_TOKEN" }),
        [['roles["a"].gitlabCi.roleArnVariable', "ci-conflict"]],
    ],
    ["one variable for all ARNs", two({ roleArnVariable: "ROLE_ARN" }), [["gitlabCi.roleArnVariable", "ci-conflict"]]],
    [
        "one variable for two ARNs",
        two({}, { roleArnVariable: "ROLE_ARN" }, { roleArnVariable: "ROLE_ARN" }),
        [['roles["b"].gitlabCi.roleArnVariable', "ci-conflict"]],
    ],
    [
        "a template that would run as a job",
        { ...role(), gitlabCi: { form: "template", jobName: "deploy" } },
        [["gitlabCi.jobName", "ci-conflict"]],
    ],
    [
        "a list that is no entrypoint",
        { ...role(), gitlabCi: { image: "alpine", entrypoint: [] } },
        [["gitlabCi.entrypoint", "ci-option"]],
    ],
    [
        "an entrypoint of two lines",
        { ...role(), gitlabCi: { image: "alpine", entrypoint: ["sh", "-c\n"] } },
        [["gitlabCi.entrypoint", "ci-option"]],
    ],
    [
        "an entrypoint that GitLab would read as an input",
        { ...role(), gitlabCi: { image: "alpine", entrypoint: ["$[[ inputs.job ]]"] } },
        [["gitlabCi.entrypoint", "ci-option"]],
    ],
    [
        "an entrypoint of one role, whose image is that of the other",
        two({}, { entrypoint: [""] }, { image: "alpine" }),
        [['roles["a"].gitlabCi.entrypoint', "ci-conflict"]],
    ],
    [
        "a duration that the SDK would not ask for",
        { ...role(), gitlabCi: { credentials: "web-identity", duration: 900 } },
        [["gitlabCi.duration", "ci-conflict"]],
    ],
    [
        "a duration for all, where they have profiles: told once",
        two({ credentials: "profile", duration: 900 }),
        [["gitlabCi.duration", "ci-conflict"]],
    ],
    [
        "a duration beside the credentials of one role",
        two({}, { credentials: "profile", duration: 900 }),
        [['roles["a"].gitlabCi.duration', "ci-conflict"]],
    ],
    [
        "a duration over the role's longest",
        { ...role(), gitlabCi: { duration: 3601 }, roles: { deploy: { maxSessionDuration: 3600 } } },
        [["gitlabCi.duration", "ci-duration"]],
    ],
    [
        "a duration for all over the longest of both: told once",
        {
            roleArns: { a: DEPLOY, b: DEPLOY },
            gitlabCi: { duration: 7200 },
            roles: { a: { maxSessionDuration: 3600 }, b: { maxSessionDuration: 3600 } },
        },
        [["gitlabCi.duration", "ci-duration"]],
    ],
    [
        "a region of aws for a role in China",
        { ...role(CHINA), gitlabCi: { region: "eu-central-1" } },
        [["gitlabCi.region", "ci-region"]],
    ],
    [
        "a region for roles of two partitions",
        { roleArns: { a: DEPLOY, b: CHINA }, gitlabCi: { region: "eu-central-1" } },
        [["gitlabCi.region", "ci-region"]],
    ],
    [
        "a region in China for the role beside that in China",
        { roleArns: { a: DEPLOY, b: CHINA }, roles: { a: { gitlabCi: { region: "cn-north-1" } } } },
        [['roles["a"].gitlabCi.region', "ci-region"]],
    ],
];

const TAKEN: readonly [title: string, args: GetGitlabCiArgs][] = [
    ["a job name of 255 characters", { ...role(), gitlabCi: { jobName: "j".repeat(255) } }],
    ["the shortest and longest duration", two({}, { duration: 900 }, { duration: 43_200 })],
    [
        "the role's longest duration",
        { ...role(), gitlabCi: { duration: 7200 }, roles: { deploy: { maxSessionDuration: 7200 } } },
    ],
    ["session names of 2 and of 64 characters", two({}, { sessionName: "ab" }, { sessionName: "s".repeat(64) })],
    ["a session name of one variable", two({}, { sessionName: "$A" }, { sessionName: "${A}" })],
    ["the ARN in AWS_ROLE_ARN", { ...role(), gitlabCi: { roleArnVariable: "AWS_ROLE_ARN" } }],
    ["a name of their own for each", two({}, { jobName: "plan" }, { jobName: "deploy" })],
    ["one image for all, an entrypoint for one", two({ image: "alpine" }, { entrypoint: [""] })],
    ["a duration beside the credentials of the other role", two({}, { credentials: "profile" }, { duration: 900 })],
    ["a duration for all, and one role whose SDK renews it", two({ duration: 900 }, { credentials: "profile" })],
    [
        "a region of each partition",
        {
            roleArns: { a: DEPLOY, b: CHINA },
            gitlabCi: { region: "eu-central-1" },
            roles: { b: { gitlabCi: { region: "cn-northwest-1" } } },
        },
    ],
    ["components by commit, branch and newest", { ...role(), gitlabCi: { ...COMPONENT, componentVersion: "~latest" } }],
];

describe("refused CI configuration", () => {
    for (const [name, value, id, at = `gitlabCi.${name}`] of FAULTS) {
        it(`${name} ${shown(value)}`, () => {
            expect(problemsOf({ ...role(), gitlabCi: { [name]: value } })).to.deep.equal([[at, id]]);
            // Of one role, the same.
            const expected = `roles["deploy"].${at}`;
            const own = problemsOf({ ...role(), roles: { deploy: { gitlabCi: { [name]: value } } } });
            expect(own.filter(([, found]) => found === id).map(([path]) => path)).to.include(expected);
        });
    }

    for (const [name, value, id] of COMPONENT_FAULTS) {
        it(`${name} ${shown(value)} of a component`, () => {
            expect(problemsOf({ ...role(), gitlabCi: { ...COMPONENT, [name]: value } })).to.deep.equal([
                [`gitlabCi.${name}`, id],
            ]);
        });
    }

    for (const [title, args, problems] of REFUSED) {
        it(title, () => expect(problemsOf(args)).to.deep.equal(problems));
    }

    for (const [title, args] of TAKEN) {
        it(`not: ${title}`, () => expect(problemsOf(args)).to.deep.equal([]));
    }

    it("says what and why, and what to write instead", () => {
        const args = {
            ...two({ duration: 7200, jobName: "deploy" }, { roleArnVariable: "CI_ROLE" }),
            roles: { a: { maxSessionDuration: 3600, gitlabCi: { roleArnVariable: "CI_ROLE" } } },
        };
        expect(() => buildGitLabCi(args)).to.throw(
            InvalidInputsError,
            `3 problems with the inputs:
  - roles["a"].gitlabCi.roleArnVariable: "CI_ROLE" is a variable that the shell, the runner or AWS uses. Choose another name: "DEPLOY_ROLE_ARN". [ci-option]
      https://github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc/blob/main/docs/reference/rules.md#ci-option
  - gitlabCi.duration: 7200 seconds is longer than the role's \`maxSessionDuration\` of 3600, so STS would deny every job. Write at most 3600, or raise \`maxSessionDuration\`. [ci-duration]
      https://github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc/blob/main/docs/reference/rules.md#ci-duration
  - gitlabCi.jobName: "deploy" is used by the roles "a" and "b", but the later job would replace the earlier one. Set a different \`jobName\` for each role. [ci-conflict]
      https://github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc/blob/main/docs/reference/rules.md#ci-conflict`,
        );
    });
});

/* The same options in the inputs of components, where values may come later. */

const SUBJECTS = [{ project: "mygroup/myproject", branch: "main" }];
const PROVIDER = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
const CHINESE_PROVIDER = "arn:aws-cn:iam::111122223333:oidc-provider/gitlab.com";

const OF_PIPELINE_ROLE: readonly [title: string, inputs: InputsView, problems: readonly Problem[]][] = [
    ["no options", {}, []],
    ["an option", { gitlabCi: { stage: "" } }, [["gitlabCi.stage", "ci-option"]]],
    ["an option that is none", { gitlabCi: { stages: ["a"] } }, [["gitlabCi.stages", "unknown-property"]]],
    ["an option of another type", { gitlabCi: { duration: "3600" } }, [["gitlabCi.duration", "wrong-type"]]],
    ["a duration over 3600", { gitlabCi: { duration: 3601 } }, [["gitlabCi.duration", "ci-duration"]]],
    ["the role's longest duration", { maxSessionDuration: 7200, gitlabCi: { duration: 7200 } }, []],
    [
        "a duration over the role's longest",
        { maxSessionDuration: 7200, gitlabCi: { duration: 7201 } },
        [["gitlabCi.duration", "ci-duration"]],
    ],
    ["a longest duration that comes later", { maxSessionDuration: UNKNOWN, gitlabCi: { duration: 43_200 } }, []],
    ["a duration that comes later", { gitlabCi: { duration: UNKNOWN } }, []],
    [
        "a duration that comes later, of a profile",
        { gitlabCi: { credentials: "profile", duration: UNKNOWN } },
        [["gitlabCi.duration", "ci-conflict"]],
    ],
    ["credentials that come later", { gitlabCi: { credentials: UNKNOWN, duration: 900 } }, []],
    [
        "a region of another partition",
        { providerArn: CHINESE_PROVIDER, gitlabCi: { region: "eu-central-1" } },
        [["gitlabCi.region", "ci-region"]],
    ],
    ["a region of the provider's partition", { providerArn: CHINESE_PROVIDER, gitlabCi: { region: "cn-north-1" } }, []],
    [
        "a region of any partition where the provider comes later",
        { providerArn: UNKNOWN, url: "https://gitlab.com", gitlabCi: { region: "cn-north-1" } },
        [],
    ],
    ["a region that comes later", { providerArn: CHINESE_PROVIDER, gitlabCi: { region: UNKNOWN } }, []],
    ["a form that comes later", { gitlabCi: { form: UNKNOWN, jobName: ".aws", componentProject: "mygroup/p" } }, []],
    ["all options later", { gitlabCi: UNKNOWN }, []],
    [
        "a component without a project",
        { gitlabCi: { form: "component" } },
        [["gitlabCi.componentProject", "ci-conflict"]],
    ],
    ["a component whose project comes later", { gitlabCi: { form: "component", componentProject: UNKNOWN } }, []],
    ["a command that comes later", { gitlabCi: { script: ["", UNKNOWN] } }, []],
    ["an image that comes later", { gitlabCi: { image: UNKNOWN, entrypoint: [""] } }, []],
];

const a = (gitlabCi: unknown, inputs: InputsView = {}): InputsView => ({
    roles: { a: { subjects: SUBJECTS, gitlabCi, ...inputs } },
});
const both = (inputs: InputsView, ofA: unknown = {}, ofB: unknown = {}): InputsView => ({
    roles: { a: { subjects: SUBJECTS, gitlabCi: ofA }, b: { subjects: SUBJECTS, gitlabCi: ofB } },
    ...inputs,
});

const OF_GITLAB_OIDC: readonly [title: string, inputs: InputsView, problems: readonly Problem[]][] = [
    ["no options", both({}), []],
    ["an option for all", both({ gitlabCi: { stage: "" } }), [["gitlabCi.stage", "ci-option"]]],
    ["an option of one role", a({ stage: "" }), [['roles["a"].gitlabCi.stage', "ci-option"]]],
    ["an option that is none", a({ stages: [] }), [['roles["a"].gitlabCi.stages', "unknown-property"]]],
    ["a form of one role", a({ form: "job" }), [['roles["a"].gitlabCi.form', "ci-conflict"]]],
    ["a duration over 3600", a({ duration: 3601 }), [['roles["a"].gitlabCi.duration', "ci-duration"]]],
    [
        "a duration over the role's longest",
        { maxSessionDuration: 43_200, ...a({ duration: 7201 }, { maxSessionDuration: 7200 }) },
        [['roles["a"].gitlabCi.duration', "ci-duration"]],
    ],
    [
        "a duration for all over the package's longest: told once",
        both({ maxSessionDuration: 7200, gitlabCi: { duration: 7201 } }),
        [["gitlabCi.duration", "ci-duration"]],
    ],
    ["a longest duration that comes later", both({ maxSessionDuration: UNKNOWN, gitlabCi: { duration: 43_200 } }), []],
    [
        "a region of another partition: told once",
        both({ existingProviderArn: CHINESE_PROVIDER, gitlabCi: { region: "eu-central-1" } }),
        [["gitlabCi.region", "ci-region"]],
    ],
    [
        "a region of a provider that comes later",
        both({ existingProviderArn: UNKNOWN, gitlabCi: { region: "cn-north-1" } }),
        [],
    ],
    ["a region of a provider that is made", both({ gitlabCi: { region: "cn-north-1" } }), []],
    ["one job name for all", both({ gitlabCi: { jobName: "deploy" } }), [["gitlabCi.jobName", "ci-conflict"]]],
    ["a job name that comes later", both({ gitlabCi: { jobName: UNKNOWN } }), []],
    [
        "the job name that another has",
        both({}, { jobName: "assume role b" }),
        [['roles["a"].gitlabCi.jobName', "ci-conflict"]],
    ],
    ["a form that comes later", both({ gitlabCi: { form: UNKNOWN } }, { jobName: "assume role b" }), []],
    ["all options later", both({ gitlabCi: UNKNOWN }, UNKNOWN, { jobName: "assume role a" }), []],
    ["options of a role that come later", a(UNKNOWN), []],
];

describe("CI options of components", () => {
    for (const [title, inputs, problems] of OF_PIPELINE_ROLE) {
        it(`PipelineRole: ${title}`, () => {
            const whole = { providerArn: PROVIDER, subjects: SUBJECTS, ...inputs };
            expect(pairs(checkPipelineRole("role", whole).errors)).to.deep.equal(problems);
        });
    }
    for (const [title, inputs, problems] of OF_GITLAB_OIDC) {
        it(`GitLabOidc: ${title}`, () => {
            expect(pairs(checkGitLabOidc("gitlab", inputs).errors)).to.deep.equal(problems);
        });
    }
});

function shown(value: unknown): string {
    const text = JSON.stringify(value ?? null);
    return text.length > 40 ? `of ${text.length - 2} characters` : text;
}

function pairs(findings: readonly Finding[]): Problem[] {
    return findings.map(({ path, id }) => [path, id]);
}

function problemsOf(args: GetGitlabCiArgs): Problem[] {
    try {
        buildGitLabCi(args);
    } catch (error) {
        if (error instanceof InvalidInputsError) {
            return pairs(error.findings);
        }
        throw error;
    }
    return [];
}
