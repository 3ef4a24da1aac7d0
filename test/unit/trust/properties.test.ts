import { expect } from "chai";
import fc from "fast-check";
import {
    buildTrustPolicy,
    type Claims,
    type SubClaimComponent,
    type Subject,
} from "../../../provider/operations/trust";

/* The claims of a job, as far as its ID token tells. */

interface Job {
    readonly path: string;
    readonly id: string;
    readonly type: "branch" | "tag";
    readonly ref: string;
    readonly isProtected: boolean;
    readonly environment: { readonly isProtected: boolean; readonly tier: string } | undefined;
    readonly user: string;
    readonly source: string;
}

/** What GitLab writes into `sub`: the components that have a value, as name:value, in the setting's order. */
function subOf(job: Job, components: readonly SubClaimComponent[]): string {
    const values: Record<SubClaimComponent, string | undefined> = {
        project_path: job.path,
        project_id: job.id,
        ref_type: job.type,
        ref: job.ref,
        ref_protected: String(job.isProtected),
        environment_protected: job.environment && String(job.environment.isProtected),
        deployment_tier: job.environment?.tier,
    };
    return components.flatMap((c) => (values[c] === undefined ? [] : [`${c}:${values[c]}`])).join(":");
}

type Context = Readonly<Record<string, string>>;

/** The condition keys that AWS fills from the token: more than `sub` and `aud` on gitlab.com only. */
function contextOf(job: Job, { issuer, components }: Setting, aud = `https://${issuer}`): Context {
    return {
        [`${issuer}:sub`]: subOf(job, components),
        [`${issuer}:aud`]: aud,
        ...(issuer === "gitlab.com" && {
            "gitlab.com:project_id": job.id,
            "gitlab.com:ref_protected": String(job.isProtected),
            "gitlab.com:user_id": job.user,
            "gitlab.com:pipeline_source": job.source,
        }),
    };
}

/* IAM, as "IAM JSON policy elements: Condition operators" and "Variables and tags" describe it. */

interface Document {
    readonly Statement: readonly {
        readonly Effect: string;
        readonly Principal: { readonly Federated: string };
        readonly Action: string;
        readonly Condition: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
    }[];
}

function matcher(value: string, hasWildcards: boolean): RegExp {
    const source = value.replace(/\$\{([*?$])\}|\$\{[^}]*\}?|[^]/gu, (part, escaped: string | undefined) => {
        if (escaped !== undefined) {
            return `\\${escaped}`;
        }
        if (part.startsWith("${")) {
            throw new Error(`policy variable ${part} in ${value}`);
        }
        if (hasWildcards && part === "*") {
            return "[^]*";
        }
        return hasWildcards && part === "?" ? "[^]" : part.replace(/[\\^$.*+?()[\]{}|]/, "\\$&");
    });
    return new RegExp(`^${source}$`, "u");
}

const OPERATORS: Readonly<Record<string, (values: readonly string[], actual: string | undefined) => boolean>> = {
    StringEquals: (values, actual) => actual !== undefined && values.some((v) => matcher(v, false).test(actual)),
    StringLike: (values, actual) => actual !== undefined && values.some((v) => matcher(v, true).test(actual)),
    StringNotLike: (values, actual) => actual === undefined || !values.some((v) => matcher(v, true).test(actual)),
};

function allows(json: string, context: Context): boolean {
    return (JSON.parse(json) as Document).Statement.some(
        ({ Effect, Action, Condition }) =>
            Effect === "Allow" &&
            Action === "sts:AssumeRoleWithWebIdentity" &&
            Object.entries(Condition).every(([operator, keys]) =>
                Object.entries(keys).every(([key, values]) =>
                    OPERATORS[operator]!([values].flat() as readonly string[], context[key]),
                ),
            ),
    );
}

/* What a subject says, field by field, without any joining into one text. */

function glob(pattern: string, text: string): boolean {
    if (pattern === "") {
        return text === "";
    }
    const [first, rest] = [pattern.charAt(0), pattern.slice(1)];
    if (first === "*") {
        return glob(rest, text) || (text !== "" && glob(pattern, text.slice(1)));
    }
    return text !== "" && (first === "?" || first === text.charAt(0)) && glob(rest, text.slice(1));
}

function means(subject: Subject, job: Job, { components }: Setting): boolean {
    const has = (c: SubClaimComponent): boolean => components.includes(c);
    const is = (stated: boolean | string | undefined, actual: boolean | string | undefined): boolean =>
        stated === "*" ? actual !== undefined : String(stated) === String(actual);
    const { branch, tag, claims = {} } = subject;
    return (
        (subject.project === undefined || glob(subject.project, job.path)) &&
        (subject.group === undefined || job.path.startsWith(`${subject.group}/`)) &&
        (subject.projectId === undefined || is(subject.projectId, job.id)) &&
        (!has("ref_type") || job.type === (tag === undefined ? "branch" : "tag")) &&
        (!has("ref") || glob((branch ?? tag)!, job.ref)) &&
        (subject.refProtected === undefined || is(subject.refProtected, job.isProtected)) &&
        (!has("environment_protected") || is(subject.environmentProtected, job.environment?.isProtected)) &&
        (!has("deployment_tier") || is(subject.deploymentTier, job.environment?.tier)) &&
        (claims.userId?.includes(job.user) ?? true) &&
        (claims.pipelineSource?.includes(job.source) ?? true)
    );
}

/* Random jobs, settings and subjects. */

interface Setting {
    readonly issuer: string;
    readonly components: readonly SubClaimComponent[];
    readonly isDeclared: boolean;
}

const segment = fc.constantFrom("g", "g1", "gg", "evil", "deploy", "p", "ref", "G", "a.b-c_d");
/** Names that Git allows, some of which look like parts of a `sub` or of a policy. */
const refName = fc
    .oneof(
        fc.constantFrom(
            "main",
            "main2",
            "Main",
            "release/1",
            "release/1/x",
            "ref",
            "branch",
            "tag",
            "ref_type",
            "true",
        ),
        fc.string({
            unit: fc.constantFrom("a", "b", "/", "-", "$", "{", "}", "${", "'", '"', "é"),
            minLength: 1,
            maxLength: 6,
        }),
    )
    .filter((name) => !/^[-/]|\/$|\/\//.test(name));

const anyJob: fc.Arbitrary<Job> = fc.record({
    path: fc.array(segment, { minLength: 2, maxLength: 4 }).map((s) => s.join("/")),
    id: fc.constantFrom("2", "20", "2099", "7"),
    type: fc.constantFrom("branch", "tag"),
    ref: refName,
    isProtected: fc.boolean(),
    environment: fc.option(
        fc.record({ isProtected: fc.boolean(), tier: fc.constantFrom("production", "staging", "other") }),
        { nil: undefined },
    ),
    user: fc.constantFrom("1", "11"),
    source: fc.constantFrom("push", "web"),
});

const DEFAULT: readonly SubClaimComponent[] = ["project_path", "ref_type", "ref"];

const declared: fc.Arbitrary<readonly SubClaimComponent[]> = fc
    .shuffledSubarray<SubClaimComponent>([
        "project_path",
        "project_id",
        "ref_type",
        "ref",
        "ref_protected",
        "environment_protected",
        "deployment_tier",
    ])
    .map((c): SubClaimComponent[] => {
        const scope = c.find((x) => x === "project_path" || x === "project_id") ?? "project_path";
        return [scope, ...c.filter((x) => x !== scope)];
    });

const anySetting: fc.Arbitrary<Setting> = fc
    .record({
        issuer: fc.constantFrom("gitlab.com", "gitlab.example.com", "www.example.com/GitLab"),
        own: fc.option(declared, { nil: undefined, freq: 3 }),
    })
    .map(({ issuer, own }) => ({ issuer, components: own ?? DEFAULT, isDeclared: own !== undefined }));

/** One of the patterns that fit a ref. */
function patternFor(ref: string): fc.Arbitrary<string> {
    return fc
        .record({ from: fc.nat(ref.length), to: fc.nat(ref.length), wildcard: fc.constantFrom("*", "?") })
        .map(({ from, to, wildcard }) => {
            const [a, b] = [Math.min(from, to), Math.max(from, to)];
            const middle = wildcard === "*" ? "*" : "?".repeat(b - a);
            return ref.slice(0, a) + middle + ref.slice(b);
        })
        .filter((name) => !/^[-/]|\/$|\/\//.test(name));
}

function scopeFor(job: Job, { issuer, components }: Setting, exact: boolean): fc.Arbitrary<Subject> {
    const [path, id] = [components.includes("project_path"), components.includes("project_id")];
    if (!path) {
        return fc.constant({ projectId: job.id });
    }
    const segments = job.path.split("/");
    const project = fc.constant<Subject>({ project: job.path });
    const wide: fc.Arbitrary<Subject> = fc.oneof(
        fc.integer({ min: 1, max: segments.length - 1 }).map((n) => ({ group: segments.slice(0, n).join("/") })),
        fc
            .integer({ min: 1, max: segments.length - 1 })
            .map((n) => ({ project: segments.map((s, i) => (i === n ? "*" : s)).join("/") })),
    );
    const withId = (s: Subject): fc.Arbitrary<Subject> => {
        const ids = s.project === job.path || exact ? [job.id] : [job.id, "*"];
        return fc.constantFrom(...ids).map((projectId) => ({ ...s, projectId }));
    };
    const scope = exact ? project : fc.oneof(project, wide);
    if (id) {
        return scope.chain(withId);
    }
    return issuer === "gitlab.com"
        ? scope.chain((s) =>
              s.group === undefined
                  ? fc.option(fc.constant(job.id), { nil: undefined }).map((projectId) => ({ ...s, projectId }))
                  : fc.constant(s),
          )
        : scope;
}

/** A subject that the job fits. `exact` has no wildcard and says everything that can be said. */
function subjectFor(job: Job, setting: Setting, exact: boolean): fc.Arbitrary<Subject> {
    const has = (c: SubClaimComponent): boolean => setting.components.includes(c);
    const stated = <T>(value: T): fc.Arbitrary<T | string> =>
        exact ? fc.constant(value) : fc.constantFrom<T | string>(value, "*");
    const absent = fc.constant(undefined);
    const ref = exact ? fc.constant(job.ref) : fc.oneof(fc.constant(job.ref), patternFor(job.ref));
    const isGitLabCom = setting.issuer === "gitlab.com";
    const isProtected = has("ref_protected")
        ? stated(job.isProtected)
        : isGitLabCom
          ? fc.constantFrom(job.isProtected, ...(exact ? [] : [undefined]))
          : absent;
    const claims: fc.Arbitrary<Claims | undefined> = isGitLabCom
        ? fc.constantFrom<Claims | undefined>(
              { userId: [job.user], pipelineSource: [job.source] },
              ...(exact ? [] : [undefined, { userId: ["5", job.user] }, { pipelineSource: ["push", "web"] }]),
          )
        : absent;
    const { environment } = job;
    return fc
        .record({
            scope: scopeFor(job, setting, exact),
            ref: has("ref") ? ref : has("ref_type") ? fc.constant("*") : absent,
            refProtected: isProtected,
            environmentProtected:
                environment && has("environment_protected") ? stated(environment.isProtected) : absent,
            deploymentTier: environment && has("deployment_tier") ? stated(environment.tier) : absent,
            claims,
        })
        .map(({ scope, ref: name, ...rest }) => ({ ...scope, [job.type]: name, ...rest }));
}

function build(subjects: readonly Subject[], { issuer, components, isDeclared }: Setting): string {
    return buildTrustPolicy({
        providerArn: `arn:aws:iam::111122223333:oidc-provider/${issuer}`,
        subjects,
        ...(isDeclared && { subClaimComponents: components }),
    }).json;
}

interface Case {
    readonly setting: Setting;
    readonly jobs: readonly Job[];
    readonly subjects: readonly Subject[];
    /** A job that may have anything in common with the others. */
    readonly other: Job;
}

function cases(exact: boolean, count: number): fc.Arbitrary<Case> {
    return fc
        .record({ setting: anySetting, jobs: fc.array(anyJob, { minLength: 1, maxLength: count }), stranger: anyJob })
        .chain(({ setting, jobs, stranger }) =>
            fc
                .record({
                    subjects: fc.tuple(...jobs.map((job) => subjectFor(job, setting, exact))),
                    taken: fc.subarray(Object.keys(stranger) as (keyof Job)[]),
                })
                .map(({ subjects, taken }) => ({
                    setting,
                    jobs,
                    subjects,
                    other: { ...jobs[0]!, ...Object.fromEntries(taken.map((k) => [k, stranger[k]])) },
                })),
        );
}

const RUNS = { numRuns: 500 };

describe("trust policies of random subjects", function () {
    this.timeout(1_200_000);

    it("allow a token that is made to fit", () => {
        fc.assert(
            fc.property(cases(false, 4), ({ setting, jobs, subjects }) => {
                const json = build(subjects, setting);
                for (const job of jobs) {
                    expect(allows(json, contextOf(job, setting)), json).to.equal(true);
                }
            }),
            RUNS,
        );
    });

    it("allow what one of the subjects says, field by field, and nothing else", () => {
        fc.assert(
            fc.property(cases(false, 4), ({ setting, subjects, other }) => {
                const json = build(subjects, setting);
                const context = contextOf(other, setting);
                const expected = subjects.some((s) => means(s, other, setting));
                expect(allows(json, context), `${json}\n${JSON.stringify(context)}`).to.equal(expected);
            }),
            { numRuns: 2000 },
        );
    });

    it("refuse a token that differs in any single component", () => {
        fc.assert(
            fc.property(cases(true, 1), anyJob, ({ setting, jobs: [job], subjects }, stranger) => {
                const json = build(subjects, setting);
                const context = contextOf(job!, setting);
                expect(allows(json, context), json).to.equal(true);
                for (const name of Object.keys(stranger) as (keyof Job)[]) {
                    const changed = contextOf({ ...job!, [name]: stranger[name] }, setting);
                    const differs =
                        JSON.stringify(visible(changed, subjects[0]!, setting)) !==
                        JSON.stringify(visible(context, subjects[0]!, setting));
                    expect(allows(json, changed), `${name}\n${json}\n${JSON.stringify(changed)}`).to.equal(!differs);
                }
                expect(allows(json, contextOf(job!, setting, "https://other.example.com"))).to.equal(false);
                for (const key of Object.keys(context)) {
                    const without = Object.fromEntries(Object.entries(context).filter(([k]) => k !== key));
                    expect(allows(json, without), `without ${key}`).to.equal(!json.includes(`"${key}"`));
                }
            }),
            RUNS,
        );
    });

    it("never allow a token of another project, whatever its project's sub claim is made of", () => {
        fc.assert(
            fc.property(cases(false, 3), anyJob, declared, ({ setting, subjects }, job, components) => {
                const outside = subjects.every(
                    ({ project, group, projectId }) =>
                        (projectId !== undefined && projectId !== "*" && projectId !== job.id) ||
                        (group !== undefined && !job.path.startsWith(`${group}/`)) ||
                        (project !== undefined && !job.path.startsWith(project.replace(/\*.*$/, ""))),
                );
                fc.pre(outside);
                const json = build(subjects, setting);
                const context = contextOf(job, { ...setting, components });
                expect(allows(json, context), `${json}\n${JSON.stringify(context)}`).to.equal(false);
            }),
            RUNS,
        );
    });

    it("are the same bytes for the same subjects in any order", () => {
        fc.assert(
            fc.property(
                cases(false, 4).chain(({ setting, subjects }) =>
                    fc.record({
                        setting: fc.constant(setting),
                        subjects: fc.constant(subjects),
                        reordered: fc.shuffledSubarray([...subjects], { minLength: subjects.length }),
                    }),
                ),
                ({ setting, subjects, reordered }) => {
                    const json = build(subjects, setting);
                    expect(build(subjects, setting)).to.equal(json);
                    expect(build(reordered, setting)).to.equal(json);
                },
            ),
            RUNS,
        );
    });
});

/** Of a token's claims those that a subject without wildcards is about. */
function visible(context: Context, { projectId, refProtected, claims }: Subject, { issuer }: Setting): unknown {
    return [
        context[`${issuer}:sub`],
        projectId && context["gitlab.com:project_id"],
        refProtected !== undefined && context["gitlab.com:ref_protected"],
        claims && [context["gitlab.com:user_id"], context["gitlab.com:pipeline_source"]],
    ];
}
