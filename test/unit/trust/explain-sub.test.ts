import { expect } from "chai";
import { explainTrust } from "../../../provider/operations/trust";
import { explainSub } from "../../../provider/trust/explain-sub";
import { SAYS } from "../../support/wording";

const PROJECT = "project_path:mygroup/myproject:";
const MAIN = `${PROJECT}ref_type:branch:ref:main`;
const DEV = `${PROJECT}ref_type:branch:ref:dev`;
const PROTECTED = "ref_protected:true";
const TIER = "deployment_tier:production";
const STATE = "environment_protected:true";

type Row = readonly [title: string, expected: string | readonly string[], actual: string, cause: string, fix: string];

function table(operator: string, rows: readonly Row[]): void {
    for (const [title, expected, actual, cause, fix] of rows) {
        it(title, () => {
            const explained = explainSub(operator, [expected].flat(), actual);
            expect({ cause: explained.cause, fix: explained.fix }).to.deep.equal({ cause, fix });
        });
    }
}

describe("explainSub, a job without an environment", () => {
    const CAUSE =
        'The job has no `environment`, but the role allows only jobs with one of tier "production" that is protected.';
    const FIX =
        "Add an environment to the job of tier production: `environment: { name: production, deployment_tier: production }`, and protect it in GitLab.";
    table("StringEquals", [
        ["beside ref_protected", `${MAIN}:${PROTECTED}:${TIER}:${STATE}`, `${MAIN}:${PROTECTED}`, CAUSE, FIX],
        ["in the other order", `${MAIN}:${PROTECTED}:${STATE}:${TIER}`, `${MAIN}:${PROTECTED}`, CAUSE, FIX],
        ["beside GitLab's default", `${MAIN}:${TIER}:${STATE}`, MAIN, CAUSE, FIX],
        ["before other components", `project_id:20:${TIER}:${STATE}:ref:main`, "project_id:20:ref:main", CAUSE, FIX],
        ["of a project by its id", `project_id:20:${TIER}:${STATE}`, "project_id:20", CAUSE, FIX],
        [
            "where the setting has the tier alone",
            `${MAIN}:${TIER}`,
            MAIN,
            'The job has no `environment`, but the role allows only jobs with one of tier "production".',
            "Add an environment to the job of tier production: `environment: { name: production, deployment_tier: production }`.",
        ],
        [
            "where the setting has the protection alone",
            `${MAIN}:${STATE}`,
            MAIN,
            "The job has no `environment`, but the role allows only jobs with one that is protected.",
            "Add an environment to the job: `environment: { name: production }`, and protect it in GitLab.",
        ],
        [
            "where it is not to be protected",
            `${MAIN}:environment_protected:false:deployment_tier:testing`,
            MAIN,
            'The job has no `environment`, but the role allows only jobs with one of tier "testing" that is not protected.',
            "Add an environment to the job of tier testing: `environment: { name: testing, deployment_tier: testing }`.",
        ],
        [
            "with several tiers",
            [`${MAIN}:${TIER}:${STATE}`, `${MAIN}:deployment_tier:staging:environment_protected:false`],
            MAIN,
            'The job has no `environment`, but the role allows only jobs with one of tier "production" or "staging".',
            FIX,
        ],
        [
            "on another branch too: the branch comes first",
            `${MAIN}:${TIER}:${STATE}`,
            DEV,
            SAYS.otherRef("branch", "dev", '"main"'),
            SAYS.runThere('$CI_COMMIT_BRANCH == "main"', "branch", "dev"),
        ],
        [
            "a value that is nearer comes first",
            [`${MAIN}:${TIER}:${STATE}`, `${PROJECT}ref_type:branch:ref:prod`],
            DEV,
            SAYS.otherRef("branch", "dev", '"prod"'),
            SAYS.runThere('$CI_COMMIT_BRANCH == "prod"', "branch", "dev"),
        ],
        [
            "another component is missing besides: another shape",
            `${MAIN}:${PROTECTED}:${TIER}:${STATE}`,
            MAIN,
            SAYS.otherComponents(
                "project_path, ref_type, ref",
                "project_path, ref_type, ref, ref_protected, deployment_tier, environment_protected",
            ),
            SAYS.declareComponents,
        ],
    ]);
    table("StringLike", [
        [
            "with any tier",
            `${MAIN}:deployment_tier:*:${STATE}`,
            MAIN,
            "The job has no `environment`, but the role allows only jobs with one that is protected.",
            "Add an environment to the job: `environment: { name: production }`, and protect it in GitLab.",
        ],
        [
            "with any tier and protection",
            `${MAIN}:deployment_tier:*:environment_protected:*`,
            MAIN,
            "The job has no `environment`, but the role allows only jobs with one.",
            "Add an environment to the job: `environment: { name: production }`.",
        ],
        [
            "with a pattern of tiers",
            `${MAIN}:${STATE}:deployment_tier:prod*`,
            MAIN,
            'The job has no `environment`, but the role allows only jobs with one of tier "prod*" that is protected.',
            "Add an environment to the job: `environment: { name: production }`, and protect it in GitLab.",
        ],
        ["with whatever follows", `${MAIN}:${TIER}:${STATE}:*`, MAIN, CAUSE, FIX],
    ]);
});

describe("explainSub, a job with an environment that is not expected", () => {
    const CAUSE = "The job has an `environment`, but the role allows only jobs without one.";
    const FIX =
        'Remove `environment` from the job. Or add a subject with deploymentTier: "production" and environmentProtected: true, and set `subClaimComponents` to the project\'s setting.';
    table("StringEquals", [
        ["beside ref_protected", `${MAIN}:${PROTECTED}`, `${MAIN}:${PROTECTED}:${TIER}:${STATE}`, CAUSE, FIX],
        ["in the other order", `${MAIN}:${PROTECTED}`, `${MAIN}:${PROTECTED}:${STATE}:${TIER}`, CAUSE, FIX],
        ["beside GitLab's default", MAIN, `${MAIN}:${TIER}:${STATE}`, CAUSE, FIX],
        ["before other components", "project_id:20:ref:main", `project_id:20:${TIER}:${STATE}:ref:main`, CAUSE, FIX],
        [
            "where the setting has the tier alone",
            MAIN,
            `${MAIN}:${TIER}`,
            CAUSE,
            'Remove `environment` from the job. Or add a subject with deploymentTier: "production", and set `subClaimComponents` to the project\'s setting.',
        ],
        [
            "where the setting has the protection alone",
            MAIN,
            `${MAIN}:environment_protected:false`,
            CAUSE,
            "Remove `environment` from the job. Or add a subject with environmentProtected: false, and set `subClaimComponents` to the project's setting.",
        ],
        [
            "of another project too: the project comes first",
            `project_path:mygroup/other:ref_type:branch:ref:main`,
            `${MAIN}:${TIER}:${STATE}`,
            SAYS.otherProject("mygroup/myproject", '"mygroup/other"'),
            SAYS.addProject("mygroup/myproject"),
        ],
    ]);
    table("StringLike", [
        [
            "behind a pattern of projects",
            "project_path:mygroup/*:ref_type:branch:ref:main",
            `${MAIN}:${TIER}:${STATE}`,
            CAUSE,
            FIX,
        ],
    ]);
    table("StringEquals", [
        [
            "where both have one, of another tier",
            `${MAIN}:${TIER}:${STATE}`,
            `${MAIN}:deployment_tier:staging:${STATE}`,
            SAYS.otherClaim("deployment_tier", "staging", '"production"'),
            SAYS.addSubject,
        ],
        [
            "where both have one, of other components",
            `${MAIN}:${TIER}`,
            `${MAIN}:${TIER}:${STATE}`,
            SAYS.otherComponents(
                "project_path, ref_type, ref, deployment_tier, environment_protected",
                "project_path, ref_type, ref, deployment_tier",
            ),
            SAYS.declareComponents,
        ],
    ]);
});

describe("explainSub, a ref_type that no job has", () => {
    const FEATURE = `${PROJECT}ref_type:branch:ref:feature`;
    const FIX = SAYS.writeForJob(FEATURE);
    const RUN_ON_MAIN: readonly [string, string] = [
        SAYS.otherRef("branch", "feature", '"main"'),
        SAYS.runThere('$CI_COMMIT_BRANCH == "main"', "branch", "feature"),
    ];
    for (const refType of ["mr", "merge_request", "merge_requests", "m*", ""]) {
        const value = `${PROJECT}ref_type:${refType}:ref:*`;
        table("StringLike", [
            [`${refType} beside another branch`, [MAIN, value], FEATURE, SAYS.noRefType(value, refType), FIX],
            [`${refType} before another branch`, [value, MAIN], FEATURE, SAYS.noRefType(value, refType), FIX],
            [`${refType} alone`, value, FEATURE, SAYS.noRefType(value, refType), FIX],
        ]);
    }
    const tag = `${PROJECT}ref_type:tag:ref:v1`;
    const open = `${PROJECT}ref_type:mr:*`;
    table("StringLike", [
        ["with whatever follows", [MAIN, open], FEATURE, SAYS.noRefType(open, "mr"), FIX],
        [
            "for a tag",
            `${PROJECT}ref_type:tags:ref:v*`,
            tag,
            SAYS.noRefType(`${PROJECT}ref_type:tags:ref:v*`, "tags"),
            SAYS.writeForJob(tag),
        ],
        ["of another branch than the job's", [MAIN, `${PROJECT}ref_type:mr:ref:x`], FEATURE, ...RUN_ON_MAIN],
        ["of another project", [MAIN, "project_path:mygroup/other:ref_type:mr:ref:*"], FEATURE, ...RUN_ON_MAIN],
        [
            "a pattern of branch is possible",
            [MAIN, `${PROJECT}ref_type:br*:ref:x`],
            FEATURE,
            SAYS.otherRef("branch", "feature", '"main", "x"'),
            RUN_ON_MAIN[1],
        ],
    ]);
});

describe("explainTrust, a job without the environment that the role expects", () => {
    it("is told of the environment, not of the components", () => {
        const trustPolicy = {
            Version: "2012-10-17",
            Statement: {
                Effect: "Allow",
                Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/gitlab.com" },
                Action: "sts:AssumeRoleWithWebIdentity",
                Condition: { StringEquals: { "gitlab.com:sub": `${MAIN}:${PROTECTED}:${TIER}:${STATE}` } },
            },
        };
        const claims = { iss: "https://gitlab.com", aud: "https://gitlab.com", sub: `${MAIN}:${PROTECTED}` };
        expect(explainTrust({ trustPolicy, claims }).cause).to.equal(
            'The job has no `environment`, but the role allows only jobs with one of tier "production" that is protected.',
        );
    });
});
