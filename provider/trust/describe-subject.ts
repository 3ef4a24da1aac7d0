import { quote } from "../contract/quote";
import type { Claims, SubClaimComponent, Subject } from "../contract/types";
import { claimLike, componentsOf, meantSubs, parseSub } from "../gitlab/sub-claim";
import { hasVariable, isPattern, unescapeDollar } from "../iam/policy-text";
import { parseOperator } from "../iam/operators";

/** Other conditions of the statement of a `sub` value, as fields of a subject. */
export type Beside = Pick<Subject, "projectId" | "refProtected" | "claims">;

/** The jobs of a subject in words: "Jobs of the project mygroup/myproject (ID 4711) on the branch main, protected refs only". */
export function describeSubject(subject: Subject, components: readonly SubClaimComponent[]): string {
    return [`Jobs of ${scopeOf(subject)}${refOf(subject, components)}`, ...limitsOf(subject, components)].join(", ");
}

/** The test of a `sub` value in a policy. */
interface SubContext {
    /** The condition operator; without one, the value is a pattern. */
    readonly operator?: string;
    /** The components of the sub claim; without them, they are derived from the value. */
    readonly components?: readonly SubClaimComponent[] | undefined;
    readonly beside?: Beside;
}

/** The jobs of any `sub` value in words, also if it does not have the shape of GitLab's sub claim. */
export function describeSub(
    sub: string,
    { operator = "StringLike", components = componentsOf(sub), beside = {} }: SubContext = {},
): string {
    const base = parseOperator(operator)?.base;
    const isLike = base === "StringLike";
    const text = unescapeDollar(sub);
    const generic = `Jobs whose sub claim ${isPattern(sub) && isLike ? "matches" : isLike || base === "StringEquals" ? "is" : `meets ${operator}`} ${quote(sub)}`;
    const limited = (jobs: string): string => [jobs, ...projectOf(beside), ...besideOf(beside)].join(", ");
    if (hasVariable(sub) || /\$\{[*?]\}/.test(sub) || !/^String(?:Equals|Like)$/.test(base ?? "")) {
        return limited(generic);
    }
    if (isPattern(sub) && !isLike) {
        return limited(`Jobs whose sub claim is literally ${quote(sub)}, with the wildcard as a character`);
    }
    if (/^(?:project_(?:path|id):)?\*+$/.test(sub)) {
        return limited("Jobs of every project of the instance on any branch or tag");
    }
    const fields = parseSub(text, components);
    if (!("why" in fields)) {
        return describeSubject({ ...fields, ...beside }, components);
    }
    const readings = isPattern(sub) && claimLike(sub) === "sub" ? meantSubs(text, components).readings : [];
    const among = readings.flatMap((reading) => {
        const read = parseSub(reading, components);
        return "why" in read ? [] : [`${scopeOf(read)}${refOf(read, components)}`];
    });
    return limited(among.length === 0 ? generic : `${generic}, among them jobs of ${among.join(" and ")}`);
}

function projectOf({ projectId }: Beside): readonly string[] {
    return projectId === undefined ? [] : [`in the project with the ID ${plain(projectId)}`];
}

function scopeOf({ project, group, projectId }: Subject): string {
    const hasId = projectId !== undefined && projectId !== "*";
    if (group !== undefined && hasId) {
        return `the project with the ID ${plain(projectId)} in the group ${plain(group)} or its subgroups`;
    }
    if (group !== undefined) {
        return `every project in the group ${plain(group)} and its subgroups`;
    }
    if (project === undefined) {
        return hasId ? `the project with the ID ${plain(projectId)}` : "every project of the instance";
    }
    const id = hasId ? ` (ID ${plain(projectId)})` : "";
    if (!isPattern(project)) {
        return `the project ${plain(project)}${id}`;
    }
    return hasId
        ? `the project with the ID ${plain(projectId)}, if its path matches ${plain(project)},`
        : `every project whose path matches ${plain(project)}`;
}

function refOf(subject: Subject, components: readonly SubClaimComponent[]): string {
    const name = subject.branch ?? subject.tag;
    const kind = components.includes("ref_type") ? (subject.tag === undefined ? "branch" : "tag") : undefined;
    if (name === undefined || (kind === undefined && isEverything(name))) {
        return " on any branch or tag";
    }
    if (isEverything(name)) {
        return ` on any ${kind!}`;
    }
    return isPattern(name)
        ? ` on ${{ branch: "branches", tag: "tags", any: "branches and tags" }[kind ?? "any"]} that match ${plain(name)}`
        : ` on the ${kind ?? "branch or tag"} ${plain(name)}`;
}

function isEverything(pattern: string): boolean {
    return /^\*+$/.test(pattern);
}

/** Requirements of a subject in addition to project and ref. */
function limitsOf(subject: Subject, components: readonly SubClaimComponent[]): readonly string[] {
    const { refProtected, claims } = subject;
    const environment = environmentOf(subject, components);
    return [...besideOf({ refProtected, claims }), ...(environment === undefined ? [] : [environment])];
}

function environmentOf(
    { environmentProtected, deploymentTier }: Subject,
    components: readonly SubClaimComponent[],
): string | undefined {
    if (environmentProtected === undefined && deploymentTier === undefined) {
        const isDeclared = components.includes("environment_protected") || components.includes("deployment_tier");
        return isDeclared ? "without an environment" : undefined;
    }
    const state = { true: "a protected", false: "an unprotected" }[String(environmentProtected)] ?? "an";
    const tier =
        deploymentTier === undefined || deploymentTier === "*"
            ? ""
            : ` of the deployment tier ${plain(deploymentTier)}`;
    return `with ${state} environment${tier}`;
}

const CLAIM_WORDS: { readonly [K in keyof Required<Claims>]: (values: string) => string } = {
    namespaceId: (values) => `in the namespace with the ID ${values}`,
    userId: (values) => `started by the user with the ID ${values}`,
    userLogin: (values) => `started by the user ${values}`,
    userEmail: (values) => `started by the user with the email address ${values}`,
    userAccessLevel: (values) => `started by a user with the role ${values}`,
    pipelineSource: (values) => `in pipelines with the source ${values}`,
    runnerEnvironment: (values) => `on ${values} runners`,
};

function besideOf({ refProtected, claims = {} }: Beside): readonly string[] {
    const refs = { true: ["protected refs only"], false: ["unprotected refs only"] }[String(refProtected)] ?? [];
    const names = Object.keys(CLAIM_WORDS) as readonly (keyof Claims)[];
    return [
        ...refs,
        ...names.flatMap((name) => {
            const values = claims[name];
            return values === undefined ? [] : [CLAIM_WORDS[name](alternatives(values))];
        }),
    ];
}

const MOST = 10;

/** Alternative values in words. A long list is cut. */
export function alternatives(values: readonly string[]): string {
    const shown = values.slice(0, MOST).map(plain);
    const more = values.length - shown.length;
    const all = more > 0 ? [...shown, `${String(more)} more`] : shown;
    return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} or ${all.at(-1)!}`;
}

/** A value within a sentence: in quotes, unless it is short and has only plain characters. */
export function plain(value: string): string {
    return /^[\w./:@+*?=-]{1,100}$/.test(value) && !value.includes("eyJ") ? value : quote(value);
}
