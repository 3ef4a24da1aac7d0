import type {
    Claims,
    DescribeTrustPolicyResult,
    GetTrustPolicyArgs,
    SubClaimComponent,
    Subject,
} from "../../provider/operations/trust";
import type { Random } from "../../tools/fuzz/random";

const DEFAULT: readonly SubClaimComponent[] = ["project_path", "ref_type", "ref"];

/** The instance and the sub claim components of the subjects. */
interface Setting {
    readonly issuer: string;
    readonly components: readonly SubClaimComponent[];
}

/** Random inputs of a trust policy. A few of them contradict themselves, which getTrustPolicy rejects. */
export function randomInputs(random: Random): GetTrustPolicyArgs {
    const issuer = random.weighted([
        [6, "gitlab.com"],
        [3, "gitlab.example.com"],
        [1, "www.example.com/GitLab"],
    ]);
    const components = random.chance(50) ? undefined : componentList(random);
    const setting = { issuer, components: components ?? DEFAULT };
    const url = `https://${issuer}`;
    return {
        providerArn: `arn:${random.pick(["aws", "aws-cn"])}:iam::111122223333:oidc-provider/${issuer}`,
        ...(random.chance(30) && { url }),
        ...(random.chance(40) && {
            audiences: some(random, [url, "sts.amazonaws.com", "aws", "https://vault.example.com"]),
        }),
        ...(components !== undefined && { subClaimComponents: components }),
        subjects: random.list(1 + random.int(5), () => subject(random, setting)),
        ...(random.chance(50) && { conditions: conditions(random, setting) }),
    };
}

/** One or more of the choices, in any order. */
function some<T>(random: Random, choices: readonly T[]): T[] {
    return shuffled(random, choices).slice(0, 1 + random.int(choices.length));
}

function shuffled<T>(random: Random, choices: readonly T[]): T[] {
    return choices
        .map((choice) => [random.int(1e9), choice] as const)
        .sort(([a], [b]) => a - b)
        .map(([, choice]) => choice);
}

function componentList(random: Random): readonly SubClaimComponent[] {
    const lead: SubClaimComponent = random.chance(70) ? "project_path" : "project_id";
    const others: readonly SubClaimComponent[] = [
        lead === "project_path" ? "project_id" : "project_path",
        "ref_type",
        "ref",
        "ref_protected",
        "environment_protected",
        "deployment_tier",
    ];
    return [
        lead,
        ...shuffled(
            random,
            others.filter(() => random.chance(60)),
        ),
    ];
}

const REFS = [
    "main",
    "release/1.0",
    "v1.0",
    "branch",
    "tag",
    "ref",
    "a${b}c",
    "a$b",
    "${$}",
    "${user}",
    "x'y",
    "é",
    "true",
];
const REF_PATTERNS = ["*", "release/*", "v?.*", "*-${x}-*", "feature/?", "*main", "m*n"];
const PATHS = ["mygroup/myproject", "MyGroup/sub/My.Project-1", "g/p", "g/sub/p"];
const GROUPS = ["mygroup", "g", "g/sub"];
const PATH_PATTERNS = ["g/*", "g/*/p", "g/sub/*"];
const IDS = ["4711", "20", "2099"];

function subject(random: Random, { issuer, components }: Setting): Subject {
    const has = (c: SubClaimComponent): boolean => components.includes(c);
    const isGitLabCom = issuer === "gitlab.com";
    const flag = (): boolean | string => random.pick([true, false, "*", "true", "false"]);
    const hasEnvironment = random.chance(50);
    const ref = random.pick(random.chance(50) ? REFS : REF_PATTERNS);
    return {
        ...scope(random, { issuer, components }),
        ...(has("ref")
            ? { [random.pick(["branch", "tag"])]: ref }
            : has("ref_type") && { [random.pick(["branch", "tag"])]: "*" }),
        ...(has("ref_protected")
            ? { refProtected: flag() }
            : isGitLabCom && random.chance(40) && { refProtected: random.pick([true, false, "true", "false"]) }),
        ...(hasEnvironment && has("environment_protected") && { environmentProtected: flag() }),
        ...(hasEnvironment &&
            has("deployment_tier") && { deploymentTier: random.pick(["production", "staging", "other", "*"]) }),
        ...(isGitLabCom && random.chance(40) && { claims: claims(random) }),
    };
}

function scope(random: Random, { issuer, components }: Setting): Subject {
    const id = random.pick(IDS);
    if (!components.includes("project_path")) {
        return { projectId: id };
    }
    const hasId = components.includes("project_id");
    if (random.chance(30)) {
        return { group: random.pick(GROUPS), ...(hasId && { projectId: random.chance(70) ? "*" : id }) };
    }
    const isPattern = random.chance(25);
    const project = random.pick(isPattern ? PATH_PATTERNS : PATHS);
    if (hasId) {
        return { project, projectId: isPattern && random.chance(70) ? "*" : id };
    }
    return { project, ...(issuer === "gitlab.com" && random.chance(50) && { projectId: id }) };
}

const CLAIM_VALUES: { readonly [K in keyof Required<Claims>]: readonly string[] } = {
    namespaceId: ["7", "70"],
    userId: ["1", "11", "2"],
    userLogin: ["jdoe", "a.b-c", "B"],
    userEmail: ["a@example.com", "${x}@example.com", "b+c@example.com"],
    userAccessLevel: ["developer", "maintainer", "owner"],
    pipelineSource: ["push", "web", "schedule"],
    runnerEnvironment: ["gitlab-hosted", "self-hosted"],
};

function claims(random: Random): Claims {
    const names = some(random, Object.keys(CLAIM_VALUES) as (keyof Claims)[]).slice(0, 3);
    return Object.fromEntries(names.map((name) => [name, some(random, CLAIM_VALUES[name])]));
}

type Block = Record<string, Record<string, readonly string[]>>;

const GLOBAL: readonly (readonly [operator: string, key: string, values: readonly string[]])[] = [
    ["IpAddress", "aws:SourceIp", ["203.0.113.0/24", "10.0.0.0/8", "2001:db8::/32"]],
    ["NotIpAddress", "aws:VpcSourceIp", ["10.1.0.0/16"]],
    ["StringEquals", "aws:RequestedRegion", ["eu-central-1", "eu-west-1"]],
    ["StringLike", "aws:RequestedRegion", ["eu-*", "us-*"]],
    ["StringNotLike", "aws:UserAgent", ["curl*", "Wget*"]],
    ["StringNotEquals", "aws:SourceVpc", ["vpc-1", "vpc-2"]],
    ["Bool", "aws:SecureTransport", ["true"]],
    ["NumericLessThanEquals", "sts:DurationSeconds", ["3600"]],
    ["DateLessThan", "aws:CurrentTime", ["2030-01-31T00:00:00Z"]],
    ["StringLike", "sts:RoleSessionName", ["GitLabRunner-*", "x"]],
    ["ForAnyValue:StringEquals", "aws:TagKeys", ["a", "b"]],
    ["Null", "aws:Referer", ["false"]],
];

const OF_CLAIMS: readonly (readonly [operator: string, key: string, values: readonly string[]])[] = [
    ["StringEquals", "gitlab.com:project_id", IDS],
    ["StringEquals", "gitlab.com:namespace_id", ["7", "70"]],
    ["StringEquals", "gitlab.com:user_id", ["1", "11"]],
    ["StringEquals", "GitLab.com:User_Id", ["1", "11"]],
    ["StringEquals", "gitlab.com:user_email", ["a@example.com", "${$}{x}@example.com"]],
    ["StringEquals", "gitlab.com:ref_protected", ["true"]],
    ["StringEquals", "gitlab.com:runner_environment", ["gitlab-hosted"]],
    ["StringLike", "gitlab.com:user_login", ["jdoe", "B"]],
    ["StringNotEquals", "gitlab.com:user_login", ["root"]],
    ["StringNotEquals", "gitlab.com:pipeline_source", ["web", "api"]],
    ["StringEqualsIgnoreCase", "gitlab.com:user_login", ["jdoe"]],
];

function conditions(random: Random, { issuer }: Setting): Block {
    const block: Block = {};
    const choices = issuer === "gitlab.com" ? [...GLOBAL, ...OF_CLAIMS] : GLOBAL;
    for (const [operator, key, values] of some(random, choices).slice(0, 1 + random.int(4))) {
        (block[operator] ??= {})[key] = some(random, values);
    }
    return block;
}

/** The result as inputs of `getTrustPolicy`. */
export function inputsOf(described: DescribeTrustPolicyResult): GetTrustPolicyArgs {
    const { providerArn, url, audiences, subjects, conditions, subClaimComponents } = described;
    return {
        providerArn: providerArn!,
        ...(url !== undefined && { url }),
        ...(audiences !== undefined && { audiences }),
        ...(conditions !== undefined && { conditions }),
        ...(subClaimComponents !== undefined && { subClaimComponents }),
        subjects: subjects.map(({ description, ...subject }) => {
            if (!description.startsWith("Jobs of ")) {
                throw new Error(`a subject is described as ${description}`);
            }
            return subject;
        }),
    };
}
