import { expect } from "chai";
import { checkGitLabOidc } from "../../../provider/components/gitlab-oidc-check";
import { checkPipelineRole } from "../../../provider/components/pipeline-role-check";
import { InvalidInputsError } from "../../../provider/contract/findings";
import type { Finding, GitLabCiAssumeRole, GitLabCiOptions } from "../../../provider/contract/types";
import { UNKNOWN } from "../../../provider/contract/unknown";
import { buildGitLabCi } from "../../../provider/operations/gitlab-ci";

const HUB = "arn:aws:iam::111122223333:role/hub";
const TARGET = "arn:aws:iam::444455556666:role/target";
const PROVIDER = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
const SUBJECTS = [{ project: "mygroup/myproject", projectId: "4711", branch: "main" }];

type Problem = readonly [id: string, path: string, message: string];

const problem = ({ id, path, message }: Finding): Problem => [id, path, message];

function problemsOf(gitlabCi: GitLabCiOptions, roleArn = HUB, maxSessionDuration?: number): readonly Problem[] {
    const roles = { deploy: maxSessionDuration === undefined ? {} : { maxSessionDuration } };
    try {
        buildGitLabCi({ roleArns: { deploy: roleArn }, gitlabCi, roles });
        return [];
    } catch (error) {
        return (error as InvalidInputsError).findings.map(problem);
    }
}

const AT = "gitlabCi.assumeRole";
const NOT_AN_ID = (id: string): Problem => ["ci-option", `${AT}.externalId`, `"${id}" is not an external ID.`];
const CHAINED = (seconds: number): Problem => [
    "ci-duration",
    `${AT}.duration`,
    `${String(seconds)} seconds is outside the range that STS accepts for a role that is assumed with another role: 900 (15 minutes) to 3600 (1 hour).`,
];

const FAULTS: readonly (readonly [title: string, assumeRole: GitLabCiAssumeRole, problems: readonly Problem[]])[] = [
    ["a role", { roleArn: TARGET }, []],
    ["every option", { roleArn: TARGET, externalId: "a/b:c@d", duration: 3600, sessionName: "x-$CI_JOB_ID" }, []],
    ["no ARN", { roleArn: "target" }, [["role-arn", `${AT}.roleArn`, '"target" is not the ARN of a role.']]],
    [
        "the ARN of a user",
        { roleArn: "arn:aws:iam::444455556666:user/jdoe" },
        [["role-arn", `${AT}.roleArn`, '"arn:aws:iam::444455556666:user/jdoe" is not the ARN of a role.']],
    ],
    ["a short external ID", { roleArn: TARGET, externalId: "a" }, [NOT_AN_ID("a")]],
    ["an external ID with a quote", { roleArn: TARGET, externalId: "a'b" }, [NOT_AN_ID("a'b")]],
    ["an external ID in a variable", { roleArn: TARGET, externalId: "$ID" }, [NOT_AN_ID("$ID")]],
    ["a short session", { roleArn: TARGET, duration: 899 }, [CHAINED(899)]],
    ["a session of more than an hour", { roleArn: TARGET, duration: 3601 }, [CHAINED(3601)]],
    [
        "a bad session name",
        { roleArn: TARGET, sessionName: "a b" },
        [
            [
                "ci-session-name",
                `${AT}.sessionName`,
                '"a b" is not a session name that STS accepts: 2 to 64 letters, digits and + = , . @ - _, and CI/CD variables.',
            ],
        ],
    ],
    [
        "a role of another partition",
        { roleArn: "arn:aws-cn:iam::444455556666:role/target" },
        [
            [
                "ci-conflict",
                `${AT}.roleArn`,
                '"arn:aws-cn:iam::444455556666:role/target" is in the partition aws-cn, but the first role is in aws. Roles cannot be assumed across partitions.',
            ],
        ],
    ],
];

describe("gitlabCi.assumeRole, checks", () => {
    for (const [title, assumeRole, problems] of FAULTS) {
        it(title, () => {
            expect(problemsOf({ assumeRole })).to.deep.equal(problems);
        });
    }

    it("a duration of the job of more than an hour, though the first role allows it", () => {
        expect(problemsOf({ assumeRole: { roleArn: TARGET }, duration: 7200 }, HUB, 7200)).to.deep.equal([
            [
                "ci-duration",
                "gitlabCi.duration",
                "7200 seconds is longer than a session of `assumeRole` can be: AWS limits a role that is assumed with another role to 3600 (1 hour).",
            ],
        ]);
    });

    it("a duration of the second session with an SDK that renews it", () => {
        for (const credentials of ["web-identity", "profile"] as const) {
            expect(problemsOf({ credentials, assumeRole: { roleArn: TARGET, duration: 900 } })).to.deep.equal([]);
        }
    });

    it("components check it at its path, and wait for an ARN that is not known yet", () => {
        const role = (roleArn: unknown): object => ({
            subjects: SUBJECTS,
            gitlabCi: { assumeRole: { roleArn, duration: 7200 } },
        });
        const ofOidc = (roleArn: unknown): readonly Problem[] =>
            checkGitLabOidc("gitlab", { roles: { deploy: role(roleArn) } }).errors.map(problem);
        const ofRole = (roleArn: unknown): readonly Problem[] =>
            checkPipelineRole("deploy", { providerArn: PROVIDER, ...role(roleArn) }).errors.map(problem);
        const [, , message] = CHAINED(7200);
        expect(ofOidc(TARGET)).to.deep.equal([
            ["ci-duration", 'roles["deploy"].gitlabCi.assumeRole.duration', message],
        ]);
        expect(ofRole(TARGET)).to.deep.equal([["ci-duration", "gitlabCi.assumeRole.duration", message]]);
        expect([...ofOidc(UNKNOWN), ...ofRole(UNKNOWN)]).to.deep.equal([]);
    });

    it("the role's own goes before the one for all", () => {
        const { yaml } = buildGitLabCi({
            roleArns: { a: HUB, b: HUB },
            gitlabCi: { assumeRole: { roleArn: TARGET } },
            roles: { b: { gitlabCi: { assumeRole: { roleArn: "arn:aws:iam::444455556666:role/other" } } } },
        });
        expect(yaml.match(/^# Second role: .*$/gm)).to.deep.equal([
            "# Second role: arn:aws:iam::444455556666:role/target",
            "# Second role: arn:aws:iam::444455556666:role/other",
        ]);
    });
});

/** Lines of the script with the lengths of the two sessions. */
const lengthsIn = (text: string): readonly string[] =>
    [...text.matchAll(/--duration-seconds (.*) \\$/gm)].map(([, length]) => length!);

describe("gitlabCi.assumeRole, lengths of the sessions", () => {
    for (const [title, options, lengths] of [
        ["the first is as short as can be, the second an hour", {}, ["900", "3600"]],
        ["the job's duration is that of the second", { duration: 1800 }, ["900", "1800"]],
        [
            "its own duration goes first",
            { duration: 1800, assumeRole: { roleArn: TARGET, duration: 1200 } },
            ["900", "1200"],
        ],
    ] as const) {
        it(title, () => {
            const gitlabCi = { assumeRole: { roleArn: TARGET }, ...options };
            expect(lengthsIn(buildGitLabCi({ roleArns: { deploy: HUB }, gitlabCi }).yaml)).to.deep.equal(lengths);
        });
    }

    it("the input of a component is that of the second", () => {
        const { files } = buildGitLabCi({
            roleArns: { deploy: HUB },
            gitlabCi: {
                form: "component",
                componentProject: "mygroup/aws-roles",
                assumeRole: { roleArn: TARGET, duration: 1200 },
            },
        });
        const template = files["templates/deploy.yml"]!;
        expect(lengthsIn(template)).to.deep.equal(["900", "$[[ inputs.duration ]]"]);
        expect(template).to.contain(
            '    duration:\n      description: "Length of the session in seconds, at most 3600."\n      type: number\n      default: 1200\n',
        );
    });
});
