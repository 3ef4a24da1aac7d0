import { expect } from "chai";
import fc from "fast-check";
import { parse } from "yaml";
import { InvalidInputsError } from "../../../provider/contract/findings";
import { renderGitLabCi } from "../../../provider/gitlab-ci/build";
import { buildGitLabCi } from "../../../provider/operations/gitlab-ci";
import { buildTrustPolicy, explainTrust } from "../../../provider/operations/trust";
import type { SubClaimComponent, Subject } from "../../../provider/contract/types";

const MAIN: Subject = { project: "mygroup/myproject", branch: "main" };
const MR = "merge_request_event";
const NOT_MR = `$CI_PIPELINE_SOURCE != "${MR}"`;

/** The conditions under which the job of a role with these subjects is started; undefined where it always is. */
function conditionsOf(subjects: readonly Subject[], build = renderGitLabCi): readonly string[] | undefined {
    const { yaml } = build({
        roleArns: { deploy: "arn:aws:iam::111122223333:role/deploy" },
        roles: { deploy: { subjects } },
    });
    const jobs = parse(yaml) as { "assume role deploy": { rules?: readonly { if: string }[] } };
    return jobs["assume role deploy"].rules?.map((rule) => rule.if);
}

const RULES: readonly [title: string, subjects: readonly Subject[], conditions: readonly string[] | undefined][] = [
    ["project and branch", [MAIN], ['$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH == "main"']],
    [
        "project and tag",
        [{ project: "mygroup/myproject", tag: "v1.0" }],
        ['$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_TAG == "v1.0"'],
    ],
    ["any branch", [{ ...MAIN, branch: "*" }], ['$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH']],
    [
        "any tag",
        [{ project: "mygroup/myproject", tag: "**" }],
        ['$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_TAG'],
    ],
    [
        "a pattern of branches",
        [{ ...MAIN, branch: "release/*" }],
        [String.raw`$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH =~ /^release\/.*$/`],
    ],
    [
        "a pattern of tags",
        [{ project: "mygroup/myproject", tag: "v?.*" }],
        [String.raw`$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_TAG =~ /^v.\..*$/`],
    ],
    [
        "a group",
        [{ group: "mygroup/sub.group", branch: "main" }],
        [String.raw`$CI_PROJECT_PATH =~ /^mygroup\/sub\.group\/.*$/ && $CI_COMMIT_BRANCH == "main"`],
    ],
    [
        "a pattern of projects",
        [{ project: "mygroup/*/app", branch: "main" }],
        [String.raw`$CI_PROJECT_PATH =~ /^mygroup\/.*\/app$/ && $CI_COMMIT_BRANCH == "main"`],
    ],
    [
        "a project's id",
        [{ projectId: "20", branch: "main" }],
        ['$CI_PROJECT_ID == "20" && $CI_COMMIT_BRANCH == "main"'],
    ],
    [
        "a project by path and id",
        [{ ...MAIN, projectId: "20" }],
        ['$CI_PROJECT_PATH == "mygroup/myproject" && $CI_PROJECT_ID == "20" && $CI_COMMIT_BRANCH == "main"'],
    ],
    [
        "a group, of any id",
        [{ group: "mygroup", projectId: "*", branch: "main" }],
        [String.raw`$CI_PROJECT_PATH =~ /^mygroup\/.*$/ && $CI_COMMIT_BRANCH == "main"`],
    ],
    [
        "protected",
        [{ ...MAIN, refProtected: true }],
        [
            '$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH == "main" && $CI_COMMIT_REF_PROTECTED == "true"',
        ],
    ],
    [
        "not protected",
        [{ ...MAIN, refProtected: "false" }],
        [
            '$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH == "main" && $CI_COMMIT_REF_PROTECTED == "false"',
        ],
    ],
    [
        "protected or not",
        [{ ...MAIN, refProtected: "*" }],
        ['$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH == "main"'],
    ],
    [
        "one pipeline source",
        [{ ...MAIN, claims: { pipelineSource: ["push"] } }],
        ['$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH == "main" && $CI_PIPELINE_SOURCE == "push"'],
    ],
    [
        "pipeline sources",
        [{ ...MAIN, claims: { pipelineSource: ["web", "merge_request_event", "web"] } }],
        [
            '$CI_MERGE_REQUEST_SOURCE_PROJECT_PATH == "mygroup/myproject" && $CI_MERGE_REQUEST_SOURCE_BRANCH_NAME == "main" && $CI_PIPELINE_SOURCE == "merge_request_event"',
            '$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH == "main" && $CI_PIPELINE_SOURCE == "web"',
        ],
    ],
    [
        "merge requests in plain words",
        [{ ...MAIN, projectId: "20", branch: "feature/*", mergeRequests: true }],
        [
            String.raw`$CI_MERGE_REQUEST_SOURCE_PROJECT_PATH == "mygroup/myproject" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == "20" && $CI_MERGE_REQUEST_SOURCE_BRANCH_NAME =~ /^feature\/.*$/ && $CI_PIPELINE_SOURCE == "merge_request_event"`,
        ],
    ],
    [
        "merge requests of a branch, and its other pipelines",
        [MAIN, { ...MAIN, mergeRequests: true }],
        [
            '$CI_MERGE_REQUEST_SOURCE_PROJECT_PATH == "mygroup/myproject" && $CI_MERGE_REQUEST_SOURCE_BRANCH_NAME == "main" && $CI_PIPELINE_SOURCE == "merge_request_event"',
            '$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH == "main"',
        ],
    ],
    [
        "merge requests of a group's projects, by a raw sub",
        [{ sub: "project_path:mygroup/*:ref_type:branch:ref:*", mergeRequests: true }],
        [
            String.raw`$CI_MERGE_REQUEST_SOURCE_PROJECT_PATH =~ /^mygroup\/.*$/ && $CI_MERGE_REQUEST_SOURCE_BRANCH_NAME && $CI_PIPELINE_SOURCE == "merge_request_event"`,
        ],
    ],
    [
        "a tag, which no merge request has",
        [{ project: "mygroup/myproject", tag: "v1", claims: { pipelineSource: ["push", "merge_request_event"] } }],
        [
            '$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_TAG == "v1" && $CI_PIPELINE_SOURCE =~ /^(merge_request_event|push)$/',
        ],
    ],
    [
        "merge requests and no other pipeline source",
        [{ ...MAIN, branch: "feature/*", claims: { pipelineSource: ["merge_request_event"] } }],
        [
            String.raw`$CI_MERGE_REQUEST_SOURCE_PROJECT_PATH == "mygroup/myproject" && $CI_MERGE_REQUEST_SOURCE_BRANCH_NAME =~ /^feature\/.*$/ && $CI_PIPELINE_SOURCE == "merge_request_event"`,
        ],
    ],
    [
        "merge requests of any branch",
        [{ ...MAIN, branch: "*", claims: { pipelineSource: ["merge_request_event"] } }],
        [
            '$CI_MERGE_REQUEST_SOURCE_PROJECT_PATH == "mygroup/myproject" && $CI_MERGE_REQUEST_SOURCE_BRANCH_NAME && $CI_PIPELINE_SOURCE == "merge_request_event"',
        ],
    ],
    [
        "merge requests and no ref",
        [{ sub: "project_id:20", claims: { pipelineSource: ["merge_request_event"] } }],
        ['$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == "20" && $CI_PIPELINE_SOURCE == "merge_request_event"'],
    ],
    [
        "no pipeline source",
        [{ ...MAIN, claims: { pipelineSource: [] } }],
        ['$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH == "main"'],
    ],
    [
        "a namespace",
        [{ ...MAIN, claims: { namespaceId: ["72"] } }],
        ['$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH == "main" && $CI_PROJECT_NAMESPACE_ID == "72"'],
    ],
    [
        "claims of the user, which GitLab does not know before",
        [{ ...MAIN, claims: { userId: ["1"], userAccessLevel: ["owner"], runnerEnvironment: ["self-hosted"] } }],
        ['$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH == "main"'],
    ],
    [
        "an environment, which the job has or has not",
        [{ ...MAIN, deploymentTier: "production", environmentProtected: true }],
        ['$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH == "main"'],
    ],
    [
        "two subjects, in one order",
        [{ project: "mygroup/myproject", tag: "v*" }, MAIN],
        [
            '$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH == "main"',
            String.raw`$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_TAG =~ /^v.*$/`,
        ],
    ],
    [
        "the same subject twice",
        [MAIN, { sub: "project_path:mygroup/myproject:ref_type:branch:ref:main" }],
        ['$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH == "main"'],
    ],
    [
        "a raw sub of any branch",
        [{ sub: "project_path:mygroup/*:ref_type:branch:ref:*" }],
        [String.raw`$CI_PROJECT_PATH =~ /^mygroup\/.*$/ && $CI_COMMIT_BRANCH`],
    ],
    [
        "a raw sub with a protected tag",
        [{ sub: "project_id:20:ref_type:tag:ref:v1:ref_protected:true" }],
        ['$CI_PROJECT_ID == "20" && $CI_COMMIT_TAG == "v1" && $CI_COMMIT_REF_PROTECTED == "true"'],
    ],
    ["a raw sub without a ref", [{ sub: "project_id:20" }], [`$CI_PROJECT_ID == "20" && ${NOT_MR}`]],
    [
        "a project without a ref",
        [{ project: "mygroup/myproject" }],
        [`$CI_PROJECT_PATH == "mygroup/myproject" && ${NOT_MR}`],
    ],
    [
        "a raw sub beside claims",
        [{ sub: "project_path:a/b:ref_type:branch:ref:main", projectId: "20", claims: { pipelineSource: ["push"] } }],
        [
            '$CI_PROJECT_PATH == "a/b" && $CI_PROJECT_ID == "20" && $CI_COMMIT_BRANCH == "main" && $CI_PIPELINE_SOURCE == "push"',
        ],
    ],
    ["a raw sub that is none", [{ sub: "whatever" }], undefined],
    ["a subject without a project", [{ branch: "main" }], undefined],
    ["one of two subjects without a project", [MAIN, { branch: "main" }], undefined],
    ["no subject", [], undefined],
    [
        "quotes",
        [{ ...MAIN, branch: `it's"x"` }],
        [String.raw`$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH =~ /^it\x27s\x22x\x22$/`],
    ],
    [
        "dollar, brace, backtick and parentheses",
        [{ ...MAIN, branch: "a$CI{b}`(c)`" }],
        [
            String.raw`$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH =~ /^a\x24CI\x7Bb\x7D\x60\x28c\x29\x60$/`,
        ],
    ],
    [
        "and, or, comma, number sign and percent",
        [{ ...MAIN, branch: "a&&b||c,#%" }],
        [
            String.raw`$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH =~ /^a\x26\x26b\x7C\x7Cc\x2C\x23\x25$/`,
        ],
    ],
    [
        "backslash",
        [{ ...MAIN, branch: "a\\b" }],
        [String.raw`$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH =~ /^a\x5Cb$/`],
    ],
    [
        "line end",
        [{ ...MAIN, branch: "a\n  b: c" }],
        [String.raw`$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH =~ /^a\x0A\x20\x20b\x3A\x20c$/`],
    ],
    [
        "an input of a component",
        [{ ...MAIN, branch: "$[[inputs.job]]" }],
        [
            String.raw`$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH =~ /^\x24\x5B\x5Binputs\.job\x5D\x5D$/`,
        ],
    ],
    [
        "slash, plus, at and dash",
        [{ ...MAIN, branch: "feature/a+b@c-d" }],
        ['$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH == "feature/a+b@c-d"'],
    ],
    [
        "Latin-1 and one character of more",
        [{ ...MAIN, branch: "é?" }],
        [String.raw`$CI_PROJECT_PATH == "mygroup/myproject" && $CI_COMMIT_BRANCH =~ /^\xE9.$/`],
    ],
];

describe("rules of a job", () => {
    for (const [title, subjects, conditions] of RULES) {
        it(title, () => expect(conditionsOf(subjects)).to.deep.equal(conditions));
    }
});

/* GitLab's conditions, as "CI/CD YAML syntax reference: rules:if" describes them. */

type Variables = Readonly<Record<string, string | undefined>>;

/** One comparison, or a variable that is not empty, and what joins it to the next. */
const TERM = /\$(\w+)(?: (==|!=) "([^"]*)"| =~ \/((?:[^/\\]|\\.)+)\/)?( && |$)/y;

function isMet(condition: string, variables: Variables): boolean {
    const results: boolean[] = [];
    TERM.lastIndex = 0;
    for (let more = true; more;) {
        const [, name, operator, text, pattern, join] = TERM.exec(condition) ?? [];
        if (name === undefined) {
            throw new Error(`no condition of GitLab: ${condition}`);
        }
        const value = variables[name];
        if (pattern !== undefined) {
            results.push(value !== undefined && new RegExp(pattern).test(value));
        } else if (operator === undefined) {
            results.push(value !== undefined && value !== "");
        } else {
            results.push((value === text) === (operator === "=="));
        }
        more = join !== "";
    }
    return results.every(Boolean);
}

const TRUTH: readonly [condition: string, variables: Variables, met: boolean][] = [
    ["$A", { A: "x" }, true],
    ["$A", { A: "" }, false],
    ["$A", {}, false],
    ['$A == "x"', { A: "x" }, true],
    ['$A == "x"', { A: "X" }, false],
    ['$A != "x"', {}, true],
    ['$A != "x" && $B', { A: "x", B: "1" }, false],
    ["$A =~ /^a.c$/ && $B", { A: "abc", B: "1" }, true],
    [String.raw`$A =~ /^\x61\/b$/`, { A: "a/b" }, true],
    ["$A =~ /^a$/", {}, false],
];

/** Path and IDs are those of the ID token: in the pipeline of a merge request, of its source project. */
interface Pipeline {
    /** The project in which a fork's merge request runs. */
    readonly target?: string;
    readonly path: string;
    readonly id: string;
    readonly namespaceId: string;
    readonly type: "branch" | "tag";
    readonly ref: string;
    readonly isProtected: boolean;
    readonly source: string;
}

/** As GitLab, "Predefined CI/CD variables reference" has them. */
function variablesOf({ target, path, id, namespaceId, type, ref, isProtected, source }: Pipeline): Variables {
    return {
        CI_PROJECT_PATH: target ?? path,
        CI_PROJECT_ID: target === undefined ? id : "999",
        CI_PROJECT_NAMESPACE_ID: namespaceId,
        [type === "tag" ? "CI_COMMIT_TAG" : source === MR ? "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME" : "CI_COMMIT_BRANCH"]:
            ref,
        ...(source === MR && {
            CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: path,
            CI_MERGE_REQUEST_SOURCE_PROJECT_ID: id,
            CI_MERGE_REQUEST_PROJECT_PATH: target ?? path,
        }),
        CI_COMMIT_REF_PROTECTED: String(isProtected),
        CI_PIPELINE_SOURCE: source,
    };
}

/** The claims of the pipeline's ID token. */
function claimsOf(pipeline: Pipeline, components: readonly SubClaimComponent[]): Record<string, string> {
    const { path, id, namespaceId, type, ref, isProtected, source } = pipeline;
    const values = { project_path: path, project_id: id, ref_type: type, ref, ref_protected: String(isProtected) };
    const inSub = components as readonly (keyof typeof values)[];
    return {
        iss: "https://gitlab.com",
        aud: "https://gitlab.com",
        sub: inSub.map((name) => `${name}:${values[name]}`).join(":"),
        namespace_id: namespaceId,
        pipeline_source: source,
        ...values,
    };
}

const COMPONENTS: readonly (readonly SubClaimComponent[])[] = [
    ["project_path", "ref_type", "ref"],
    ["project_path", "ref_type", "ref", "ref_protected"],
    ["project_id", "ref_type", "ref"],
    ["project_path", "project_id", "ref_type", "ref"],
    ["project_id", "ref_protected", "ref", "ref_type"],
];

/** Few values, so that subjects and pipelines meet. */
const PATHS = ["a/b", "a/b/c", "a/bc", "a/B", "ab/c", "a.b/c", "aXb/c", "a/b-c"];
const IDS = ["2", "20", "201"];
const REFS = [
    "main",
    "main2",
    "Main",
    "release/1",
    "release/1/x",
    "v1.0",
    "v1x0",
    "it's",
    'a"b',
    "a$b",
    "a${b}",
    "a&b",
    "é",
    "è",
    "日",
    "`a`",
    "(a|b)",
    "a+b",
    "aab",
];
const REF_PATTERNS = ["*", "?", "release/*", "v?.0", "v*", "*a*", "a?b", "a$*", "main?", "(a|b)*"];
const SOURCES = ["push", "web", "schedule", MR];

const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    fc.option(arbitrary, { nil: undefined });

const pipelines: fc.Arbitrary<Pipeline> = fc.record({
    path: fc.constantFrom(...PATHS),
    id: fc.constantFrom(...IDS),
    namespaceId: fc.constantFrom("7", "72"),
    type: fc.constantFrom("branch", "tag"),
    ref: fc.constantFrom(...REFS),
    isProtected: fc.boolean(),
    source: fc.constantFrom(...SOURCES),
});

function subjectsFor(components: readonly SubClaimComponent[]): fc.Arbitrary<Subject> {
    const hasPath = components.includes("project_path");
    const hasId = components.includes("project_id");
    const project = fc.record({ project: fc.constantFrom(...PATHS, "a/*", "a/*/c") });
    const group = fc.record({ group: fc.constantFrom("a", "a/b", "a.b") });
    const ref = fc.oneof(fc.constantFrom(...REFS.filter((name) => name !== "日")), fc.constantFrom(...REF_PATTERNS));
    const id = fc.constantFrom(...IDS);
    const isProtected = fc.constantFrom<boolean | string>(true, false, "true", "*");
    return fc
        .tuple(
            hasPath ? fc.oneof(project, group) : fc.constant({}),
            hasId ? id : optional(id),
            fc.oneof(fc.record({ branch: ref }), fc.record({ tag: ref })),
            components.includes("ref_protected") ? isProtected : optional(fc.boolean()),
            optional(
                fc.record(
                    {
                        pipelineSource: fc.uniqueArray(fc.constantFrom(...SOURCES), { minLength: 1 }),
                        namespaceId: fc.uniqueArray(fc.constantFrom("7", "72"), { minLength: 1 }),
                        userId: fc.constant(["1"]),
                    },
                    { requiredKeys: [] },
                ),
            ),
            fc.boolean(),
        )
        .map(([scope, projectId, where, refProtected, claims, mergeRequests]) => ({
            ...scope,
            ...where,
            ...(mergeRequests && "branch" in where && claims?.pipelineSource === undefined && { mergeRequests }),
            ...(projectId !== undefined && { projectId: hasId && "group" in scope ? "*" : projectId }),
            ...(refProtected !== undefined && { refProtected }),
            ...(claims !== undefined && { claims }),
        }));
}

/** The subject with what stands in its sub claim as text. */
function rawOf(
    { project, group, projectId, branch, tag, refProtected, mergeRequests, claims }: Subject,
    components: readonly SubClaimComponent[],
): Subject {
    const values = {
        project_path: project ?? `${group}/*`,
        project_id: projectId,
        ref_type: tag === undefined ? "branch" : "tag",
        ref: branch ?? tag,
        ref_protected: String(refProtected),
    };
    const inSub = components as readonly (keyof typeof values)[];
    return {
        sub: inSub.map((name) => `${name}:${values[name]}`).join(":"),
        ...(projectId !== undefined && !components.includes("project_id") && { projectId }),
        ...(refProtected !== undefined && !components.includes("ref_protected") && { refProtected }),
        ...(mergeRequests !== undefined && { mergeRequests }),
        ...(claims !== undefined && { claims }),
    };
}

/** The pipeline with the first `fields` of what the subject names: a near hit or a hit. */
function nearTo(subject: Subject, fields: number, pipeline: Pipeline): Pipeline {
    const { project, projectId, branch, tag, refProtected, mergeRequests, claims } = subject;
    const exact = (value: string | undefined): string[] => (value === undefined || /[*?]/.test(value) ? [] : [value]);
    const named: readonly Partial<Pipeline>[] = [
        { type: tag === undefined ? "branch" : "tag" },
        ...exact(project).map((path) => ({ path })),
        ...exact(branch ?? tag).map((ref) => ({ ref })),
        ...exact(projectId).map((id) => ({ id })),
        ...(refProtected === undefined ? [] : [{ isProtected: String(refProtected) === "true" }]),
        ...(mergeRequests === true ? [MR] : (claims?.pipelineSource ?? [])).slice(0, 1).map((source) => ({ source })),
        ...(claims?.namespaceId ?? []).slice(0, 1).map((namespaceId) => ({ namespaceId })),
    ];
    return Object.assign({}, pipeline, ...named.slice(0, fields)) as Pipeline;
}

const cases = fc.constantFrom(...COMPONENTS).chain((components) =>
    fc.array(fc.tuple(subjectsFor(components), fc.boolean()), { minLength: 1, maxLength: 3 }).chain((subjects) =>
        fc.record({
            components: fc.constant(components),
            subjects: fc.constant(subjects.map(([s, isRaw]) => (isRaw ? rawOf(s, components) : s))),
            runs: fc.array(
                fc
                    .tuple(fc.constantFrom(...subjects), fc.nat(8), pipelines)
                    .map(([[subject], fields, pipeline]) => nearTo(subject, fields, pipeline)),
                { minLength: 20, maxLength: 20 },
            ),
        }),
    ),
);

function namesMergeRequests({ mergeRequests, claims }: Subject): boolean {
    return mergeRequests === true || claims?.pipelineSource?.includes(MR) === true;
}

function policyOf(subjects: readonly Subject[], subClaimComponents: readonly SubClaimComponent[]): string | undefined {
    const providerArn = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
    try {
        return buildTrustPolicy({ providerArn, subjects, subClaimComponents }).json;
    } catch (error) {
        if (error instanceof InvalidInputsError) {
            return undefined;
        }
        throw error;
    }
}

describe("rules of a job and the trust policy", () => {
    for (const [condition, variables, met] of TRUTH) {
        it(`${condition} with ${JSON.stringify(variables)} is ${met ? "" : "not "}met`, () => {
            expect(isMet(condition, variables)).to.equal(met);
        });
    }

    const FORKS: readonly (readonly [
        title: string,
        run: Partial<Pipeline>,
        isStarted: boolean,
        isAdmitted: boolean,
    ])[] = [
        ["a merge request of the project", { source: MR }, true, true],
        ["a push to the branch", { source: "push" }, false, false],
        ["a schedule", { source: "schedule" }, false, false],
        ["a merge request of a fork, in the fork", { source: MR, path: "jdoe/myproject" }, false, false],
        [
            "a merge request of a fork, in the project",
            { source: MR, path: "jdoe/myproject", target: "mygroup/myproject" },
            false,
            false,
        ],
        [
            "a merge request of the project to another one, which runs there",
            { source: MR, target: "upstream/myproject" },
            true,
            true,
        ],
        ["a merge request of another branch", { source: MR, ref: "fix/a" }, false, false],
    ];
    for (const given of [{ mergeRequests: true }, { claims: { pipelineSource: [MR] } }]) {
        for (const [title, run, isStarted, isAdmitted] of FORKS) {
            it(`${JSON.stringify(given)}: ${title} is ${isStarted ? "" : "not "}started`, () => {
                const subject: Subject = { ...MAIN, branch: "feature/*", ...given };
                const [condition = "", ...others] = conditionsOf([subject], buildGitLabCi) ?? [];
                expect(others).to.deep.equal([]);
                const whole: Pipeline = {
                    path: "mygroup/myproject",
                    id: "20",
                    namespaceId: "7",
                    type: "branch",
                    ref: "feature/a",
                    isProtected: false,
                    source: MR,
                    ...run,
                };
                expect(isMet(condition, variablesOf(whole))).to.equal(isStarted);
                const trustPolicy = policyOf([subject], ["project_path", "ref_type", "ref"]);
                const claims = claimsOf(whole, ["project_path", "ref_type", "ref"]);
                expect(explainTrust({ trustPolicy, claims }).allowed).to.equal(isAdmitted);
            });
        }
    }

    it("no pipeline that AWS allows is left out, and none is started that AWS denies for its project or ref", () => {
        const seen = { admitted: 0, refused: 0, unknown: 0, policies: 0, mergeRequests: 0 };
        fc.assert(
            fc.property(cases, ({ components, subjects, runs }) => {
                const trustPolicy = policyOf(subjects, components);
                fc.pre(trustPolicy !== undefined);
                seen.policies += 1;
                // What `buildTrustPolicy` takes, `buildGitLabCi` takes too: it does not know the components.
                const conditions = conditionsOf(subjects, buildGitLabCi);
                const forMergeRequests = policyOf(subjects.filter(namesMergeRequests), components);
                const asksForUser = subjects.some((s) => s.claims?.userId !== undefined);
                for (const run of runs) {
                    const isStarted = conditions?.some((c) => isMet(c, variablesOf(run))) ?? true;
                    const claims = { user_id: "1", ...claimsOf(run, components) };
                    const isAdmitted: boolean = explainTrust({ trustPolicy, claims }).allowed;
                    // Pipelines of merge requests are started by subjects that name them, and by no other.
                    const isWanted: boolean =
                        run.source !== MR || run.type === "tag"
                            ? isAdmitted
                            : forMergeRequests !== undefined &&
                              explainTrust({ trustPolicy: forMergeRequests, claims }).allowed;
                    seen.mergeRequests += run.source === MR && isStarted ? 1 : 0;
                    if (isStarted !== isWanted) {
                        expect.fail(JSON.stringify({ run, conditions, trustPolicy, isStarted, isAdmitted }));
                    }
                    seen[isAdmitted ? "admitted" : "refused"] += 1;
                    if (asksForUser && isStarted) {
                        // Who started it is not known before: such a job runs, and AWS refuses.
                        const others = explainTrust({ trustPolicy, claims: { ...claims, user_id: "2" } });
                        seen.unknown += others.allowed ? 0 : 1;
                    }
                }
            }),
            { numRuns: 200 },
        );
        expect(seen.policies).to.be.greaterThan(150);
        expect(seen.admitted).to.be.greaterThan(100);
        expect(seen.refused).to.be.greaterThan(100);
        expect(seen.unknown).to.be.greaterThan(100);
        expect(seen.mergeRequests).to.be.greaterThan(50);
    });
});
