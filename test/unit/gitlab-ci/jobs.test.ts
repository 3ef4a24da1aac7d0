import { expect } from "chai";
import { checkGitLabOidc } from "../../../provider/components/gitlab-oidc-check";
import { checkPipelineRole } from "../../../provider/components/pipeline-role-check";
import { type InputsView } from "../../../provider/components/checked";
import { InvalidInputsError } from "../../../provider/contract/findings";
import type { Finding } from "../../../provider/contract/types";
import { UNKNOWN } from "../../../provider/contract/unknown";
import { buildGitLabCi, type GetGitlabCiArgs } from "../../../provider/operations/gitlab-ci";

const MAIN = { project: "g/p", projectId: "4711", branch: "main" };
const TIER = ["project_path", "ref_type", "ref", "deployment_tier"];
const BOTH = [...TIER, "environment_protected"];
const PRODUCTION = { ...MAIN, deploymentTier: "production" };
const STAGING = { ...MAIN, deploymentTier: "staging" };
const PROTECTED = { ...MAIN, deploymentTier: "*", environmentProtected: true };
const RAW = { sub: "project_path:g/p:ref_type:branch:ref:main:deployment_tier:staging", projectId: "4711" };

type Said = readonly [id: string, path: string, message: string, fix: string];

const MISSING = "is missing, but the subjects trust only jobs with an environment: AWS denies the generated job.";

const missing = (tier: string): Said => [
    "ci-environment",
    "gitlabCi.environment",
    MISSING,
    `Add environment: "${tier}". Ignore this if you write the job yourself.`,
];

const other = (tier: string, listed: string): Said => [
    "ci-conflict",
    "gitlabCi.environment.tier",
    `is "${tier}", but \`subjects\` trust only jobs with an environment of the tier ${listed}: AWS would deny every job.`,
    `Write one of the tiers in \`subjects\`, or add a subject with deploymentTier: "${tier}".`,
];

const guessed = (name: string, guess: string, listed: string): Said => [
    "ci-environment",
    "gitlabCi.environment",
    `is "${name}", which means the tier "${guess}" to GitLab, but \`subjects\` trust only ${listed}: AWS denies the job, unless the environment has another tier already.`,
    `Write environment: { name: "${name}", tier: ${listed.split(",")[0]!} }.`,
];

const PRIVATE =
    "is in a private ECR registry. The runner pulls the image before the job runs, so before the job has the role.";
const PULL =
    "Let the runner pull it: install the ECR credential helper on the runner, or set the CI/CD variable `DOCKER_AUTH_CONFIG`. Or use an image of a public registry.";

interface Row {
    readonly title: string;
    readonly subjects?: unknown;
    readonly components?: readonly string[];
    readonly gitlabCi: unknown;
    readonly said: readonly Said[];
}

const ROWS: readonly Row[] = [
    {
        title: "a tier and no environment",
        subjects: [PRODUCTION],
        components: TIER,
        gitlabCi: {},
        said: [missing("production")],
    },
    {
        title: "a tier of a raw sub and no environment",
        subjects: [RAW],
        components: TIER,
        gitlabCi: {},
        said: [missing("staging")],
    },
    {
        title: "a protected environment and none",
        subjects: [PROTECTED],
        components: BOTH,
        gitlabCi: {},
        said: [missing("production")],
    },
    {
        title: "two tiers and no environment",
        subjects: [PRODUCTION, STAGING],
        components: TIER,
        gitlabCi: {},
        said: [missing("production")],
    },
    {
        title: "a subject without a tier beside one with it, and no environment",
        subjects: [MAIN, PRODUCTION],
        components: TIER,
        gitlabCi: {},
        said: [],
    },
    {
        title: "a template without an environment, which its jobs can have",
        subjects: [PRODUCTION],
        components: TIER,
        gitlabCi: { form: "template" },
        said: [],
    },
    {
        title: "a tier and its environment",
        subjects: [PRODUCTION],
        components: TIER,
        gitlabCi: { environment: "production" },
        said: [],
    },
    {
        title: "a tier and an environment of another name, which gets that tier",
        subjects: [PRODUCTION],
        components: TIER,
        gitlabCi: { environment: "staging" },
        said: [],
    },
    {
        title: "the tier of the subjects",
        subjects: [PRODUCTION],
        components: TIER,
        gitlabCi: { environment: { name: "blue", tier: "production" } },
        said: [],
    },
    {
        title: "any tier",
        subjects: [PROTECTED],
        components: BOTH,
        gitlabCi: { environment: { name: "blue", tier: "other" } },
        said: [],
    },
    {
        title: "a tier that no subject has",
        subjects: [PRODUCTION],
        components: TIER,
        gitlabCi: { environment: { name: "blue", tier: "staging" } },
        said: [other("staging", '"production"')],
    },
    {
        title: "a tier that none of two subjects has",
        subjects: [PRODUCTION, STAGING],
        components: TIER,
        gitlabCi: { environment: { name: "blue", tier: "other" } },
        said: [other("other", '"production", "staging"')],
    },
    {
        title: "a tier that a raw sub has not",
        subjects: [RAW],
        components: TIER,
        gitlabCi: { environment: { name: "blue", tier: "production" } },
        said: [other("production", '"staging"')],
    },
    {
        title: "a name of a tier that no subject has",
        subjects: [PRODUCTION, STAGING],
        components: TIER,
        gitlabCi: { environment: "qa" },
        said: [guessed("qa", "testing", '"production", "staging"')],
    },
    {
        title: "a name that means nothing",
        subjects: [PRODUCTION, STAGING],
        components: TIER,
        gitlabCi: { environment: "blue" },
        said: [guessed("blue", "other", '"production", "staging"')],
    },
    {
        title: "a name of one of the tiers",
        subjects: [PRODUCTION, STAGING],
        components: TIER,
        gitlabCi: { environment: "stg" },
        said: [],
    },
    {
        title: "a name that a variable decides",
        subjects: [PRODUCTION, STAGING],
        components: TIER,
        gitlabCi: { environment: "$NAME" },
        said: [],
    },
    {
        title: "an environment, and subjects that trust only jobs without one",
        subjects: [MAIN],
        components: TIER,
        gitlabCi: { environment: "production" },
        said: [
            [
                "ci-conflict",
                "gitlabCi.environment",
                'is "production", but `subjects` trust only jobs without an environment: GitLab adds `deployment_tier` to the `sub` of a job with one, and no subject has that.',
                'Add deploymentTier: "production" to a subject, or remove the environment.',
            ],
        ],
    },
    {
        title: "an environment, and subjects that trust only jobs without one, of two components",
        subjects: [MAIN],
        components: BOTH,
        gitlabCi: { environment: "production" },
        said: [
            [
                "ci-conflict",
                "gitlabCi.environment",
                'is "production", but `subjects` trust only jobs without an environment: GitLab adds `deployment_tier` and `environment_protected` to the `sub` of a job with one, and no subject has that.',
                'Add deploymentTier: "production" and environmentProtected: true to a subject, or remove the environment.',
            ],
        ],
    },
    {
        title: "an environment that the sub does not have",
        subjects: [MAIN],
        gitlabCi: { environment: { name: "qa", tier: "testing" } },
        said: [],
    },
    { title: "subjects that are not known yet", subjects: UNKNOWN, components: TIER, gitlabCi: {}, said: [] },
    {
        title: "a tier that is not known yet",
        subjects: [{ ...MAIN, deploymentTier: UNKNOWN }],
        components: TIER,
        gitlabCi: {},
        said: [],
    },
    {
        title: "components that are not known yet",
        subjects: [MAIN],
        components: UNKNOWN as never,
        gitlabCi: { environment: "production" },
        said: [],
    },
    {
        title: "an environment that is not known yet",
        subjects: [PRODUCTION],
        components: TIER,
        gitlabCi: { environment: UNKNOWN },
        said: [],
    },
    { title: "options that are not known yet", subjects: [PRODUCTION], components: TIER, gitlabCi: UNKNOWN, said: [] },
    ...[
        "111122223333.dkr.ecr.eu-central-1.amazonaws.com/tools/aws:1.0",
        "111122223333.dkr.ecr-fips.us-east-1.amazonaws.com/aws",
        "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/aws@sha256:0",
        "111122223333.dkr-ecr.eu-central-1.on.aws/aws",
        "$ACCOUNT.dkr.ecr.$AWS_REGION.amazonaws.com/aws",
    ].map((image): Row => ({
        title: `the image ${image}`,
        gitlabCi: { image },
        said: [["ci-private-image", "gitlabCi.image", `"${image}" ${PRIVATE}`, PULL]],
    })),
    ...[
        "public.ecr.aws/aws-cli/aws-cli:2.31.0",
        "registry.example.com/x.dkr.ecr.y.com/aws",
        "$CI_REGISTRY_IMAGE/aws",
    ].map((image): Row => ({ title: `the image ${image}`, gitlabCi: { image }, said: [] })),
];

const asRows = (findings: readonly Finding[]): readonly Said[] =>
    findings.map(({ id, path, message, fix }) => [id, path, message, fix]);

describe("jobs that AWS denies or that cannot start", () => {
    for (const { title, subjects = [MAIN], components, gitlabCi, said } of ROWS) {
        const inputs: InputsView = {
            subjects,
            gitlabCi,
            ...(components !== undefined && { subClaimComponents: components }),
        };

        it(`PipelineRole, ${title}: ${said.map(([id]) => id).join(", ") || "nothing to report"}`, () => {
            const providerArn = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
            const { errors, warnings } = checkPipelineRole("role", { providerArn, ...inputs });
            expect(asRows([...errors, ...warnings])).to.deep.equal(said);
        });

        it(`GitLabOidc, ${title}, for all roles and for one`, () => {
            const inRole = (text: string): string => text.replace("`subjects`", '`roles["a"].subjects`');
            const form = (gitlabCi as { form?: unknown }).form === undefined;
            for (const [at, own] of [["", {}], ...(form ? ([['roles["a"].', { gitlabCi }]] as const) : [])] as const) {
                const role = { ...inputs, gitlabCi: undefined, ...own };
                const checked = checkGitLabOidc("gitlab", {
                    roles: { a: role },
                    ...(at === "" && { gitlabCi }),
                });
                const found = [...checked.errors, ...checked.warnings, ...checked.roleWarnings.get("a")!];
                expect(asRows(found)).to.deep.equal(
                    said.map(([id, path, message, fix]) => [
                        id,
                        message === MISSING ? `roles["a"].${path}` : `${at}${path}`,
                        inRole(message),
                        inRole(fix),
                    ]),
                );
            }
        });
    }

    it("accept suppresses them for one role", () => {
        const checked = checkGitLabOidc("gitlab", {
            roles: {
                a: {
                    subjects: [PRODUCTION],
                    subClaimComponents: TIER,
                    gitlabCi: { image: "111122223333.dkr.ecr.eu-central-1.amazonaws.com/aws" },
                    accept: ["ci-environment", "ci-private-image"],
                },
            },
        });
        expect([...checked.errors, ...checked.warnings, ...checked.roleWarnings.get("a")!]).to.deep.equal([]);
    });

    const build = (args: Partial<GetGitlabCiArgs>) =>
        buildGitLabCi({ roleArns: { a: "arn:aws:iam::111122223333:role/a" }, ...args });

    it("getGitlabCi returns them as warnings, and throws the errors", () => {
        const image = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/aws";
        const { warnings } = build({ gitlabCi: { image }, roles: { a: { subjects: [PRODUCTION] } } });
        expect(warnings.map(({ id, path }) => [id, path])).to.deep.equal([
            ["ci-private-image", "gitlabCi.image"],
            ["ci-environment", 'roles["a"].gitlabCi.environment'],
        ]);
        expect(build({ roles: { a: { subjects: [MAIN] } } }).warnings).to.deep.equal([]);
        const environment = { name: "blue", tier: "staging" };
        expect(() => build({ roles: { a: { subjects: [PRODUCTION], gitlabCi: { environment } } } }))
            .to.throw(InvalidInputsError)
            .with.nested.property("findings[0].path", 'roles["a"].gitlabCi.environment.tier');
    });

    const FAULTS: readonly (readonly [environment: object, path: string, id: string])[] = [
        [{ tier: "production" }, "gitlabCi.environment.name", "required"],
        [{ name: "a:b" }, "gitlabCi.environment.name", "ci-option"],
        [{ name: "a", tier: "prod" }, "gitlabCi.environment.tier", "ci-option"],
        [{ name: "a", tier: "*" }, "gitlabCi.environment.tier", "ci-option"],
        [{ name: "a", action: "deploy" }, "gitlabCi.environment.action", "ci-option"],
        [{ name: "a", url: "example.com" }, "gitlabCi.environment.url", "ci-option"],
        [{ name: "a", url: "javascript://x" }, "gitlabCi.environment.url", "ci-option"],
        [{ name: "a", url: "https://" }, "gitlabCi.environment.url", "ci-option"],
        [{ name: "a", url: "https://a b" }, "gitlabCi.environment.url", "ci-option"],
        [{ name: "a", url: "https://$[[ inputs.x ]]" }, "gitlabCi.environment.url", "ci-option"],
        [{ name: "a", url: `https://${"a".repeat(248)}` }, "gitlabCi.environment.url", "ci-option"],
        [{ name: "a", deployment_tier: "production" }, "gitlabCi.environment.deployment_tier", "unknown-property"],
    ];
    for (const [environment, path, id] of FAULTS) {
        it(`rejects the environment ${JSON.stringify(environment).slice(0, 80)}`, () => {
            expect(() => build({ gitlabCi: { environment: environment as never } }))
                .to.throw(InvalidInputsError)
                .with.property("findings")
                .that.satisfies((f: readonly Finding[]) => f.length === 1 && f[0]!.path === path && f[0]!.id === id);
        });
    }

    it("rejects an environment of another type, and names both", () => {
        expect(() => build({ gitlabCi: { environment: 1 as never } })).to.throw(
            InvalidInputsError,
            "gitlabCi.environment: is 1. Use a string, or an object. [wrong-type]",
        );
    });
});
