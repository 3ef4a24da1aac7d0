import { quote } from "../contract/quote";
import type {
    GitLabEnvironment,
    GitLabProtectedBranch,
    GitLabProtectedTag,
    ProjectCheck,
    SubClaimComponent,
    Subject,
} from "../contract/types";
import { literalGlob, matchesGlob } from "../iam/glob";
import { isPattern } from "../iam/policy-text";
import { coversRefs, mayMatchBoth } from "./protected-refs";
import type { ProjectAnswer, RefAnswer, Seen } from "./rest";
import { COMPONENTS, parseSub } from "./sub-claim";

/** Every check of a project, in order, with what it requires. The IDs are public: they appear in results and in docs/reference/checks.md. */
export const PROJECT_CHECKS = {
    "rest-api": "Every request to the REST API returns a complete JSON response",
    "instance-issuer": "The role trusts the `issuer` of the instance",
    "instance-version": "The version of the instance has no known hole",
    "trust-policy": "The whole trust policy can be compared with the project",
    "project-access": "The project exists, and the token may read it",
    "project-subject": "A subject of the role is about the project",
    "project-path": "The path of the subject is the path of the project, in the same case",
    "project-ids": "The `projectId` of the subject is the ID of the project",
    "project-components": "The sub claim components of the role are those of the project",
    "branch-exists": "The branch exists",
    "branch-protected": "The branch is protected, as far as the role needs it",
    "tag-exists": "The tag exists",
    "tag-protected": "The tag is protected, as far as the role needs it",
    "environment-tier": "An environment has the deployment tier",
    "environment-protected": "An environment of the tier is protected, as far as the role needs it",
} as const;

/** The ID of a check of a project. */
export type ProjectCheckId = keyof typeof PROJECT_CHECKS;

/** A check before it has its project. */
export type ProjectOutcome = Omit<ProjectCheck, "id" | "project"> & { readonly id: ProjectCheckId };

/** The trust of a role, as far as a project's settings decide about it. */
export interface ExpectedTrust {
    readonly subjects: readonly SubjectView[];
    readonly components: readonly SubClaimComponent[];
}

/** A subject, and its property path. */
export interface SubjectView extends Omit<Subject, "refProtected" | "environmentProtected" | "claims" | "sub"> {
    readonly at: string;
    readonly refProtected?: boolean;
    readonly environmentProtected?: boolean;
}

/** A project as far as the token may read it. */
export interface ProjectView {
    readonly answer: ProjectAnswer;
    /** Whether it was asked for by its own path. */
    readonly isNamed: boolean;
    /** The right that the token needs to read the sub claim components. */
    readonly settingNeeds: string;
    /** Paths that GitLab redirects to this project. */
    readonly formerPaths: readonly string[];
    readonly protectedBranches: Seen<readonly GitLabProtectedBranch[]>;
    readonly protectedTags: Seen<readonly GitLabProtectedTag[]>;
    readonly environments: Seen<readonly GitLabEnvironment[]>;
    /** Why the environments do not have their protection. */
    readonly protectionHidden?: string;
    /** The branches and tags that subjects name, by `refKey`. Undefined if there is none. */
    readonly refs: ReadonlyMap<string, Seen<RefAnswer | undefined>>;
}

type RefKind = "branch" | "tag";

/** The name of a branch or tag in `ProjectView.refs`. */
export function refKey(kind: RefKind, name: string): string {
    return `${kind} ${name}`;
}

/** A subject with the fields of its raw `sub` claim. */
export function subjectView(subject: Subject, at: string, components: readonly SubClaimComponent[]): SubjectView {
    const parsed = subject.sub === undefined ? {} : parseSub(subject.sub, components);
    const { project, group, projectId, branch, tag, deploymentTier, refProtected, environmentProtected } = {
        ...subject,
        ...("why" in parsed ? {} : parsed),
    };
    return {
        at,
        ...(project !== undefined && { project }),
        ...(group !== undefined && { group }),
        ...(projectId !== undefined && { projectId }),
        ...(branch !== undefined && { branch }),
        ...(tag !== undefined && { tag }),
        ...(deploymentTier !== undefined && { deploymentTier }),
        ...(isEither(refProtected) && { refProtected: String(refProtected) === "true" }),
        ...(isEither(environmentProtected) && { environmentProtected: String(environmentProtected) === "true" }),
    };
}

function isEither(value: boolean | string | undefined): value is boolean | string {
    return value !== undefined && value !== "*";
}

/** The exact branches and tags that subjects name. */
export function namedRefs(subjects: readonly SubjectView[]): readonly (readonly [RefKind, string])[] {
    const refs = subjects.flatMap((s) => refsOf(s)).filter(([, name]) => !isPattern(name));
    return [...new Map(refs.map((ref) => [refKey(...ref), ref])).values()];
}

function refsOf({ branch, tag }: SubjectView): readonly (readonly [RefKind, string])[] {
    return [
        ...(branch === undefined ? [] : [["branch", branch] as const]),
        ...(tag === undefined ? [] : [["tag", tag] as const]),
    ];
}

/** The subjects that are meant for the project, also if their path or ID is wrong. */
export function subjectsAbout(subjects: readonly SubjectView[], view: MeantProject): readonly SubjectView[] {
    return subjects.filter((s) => pathFit(s, view) !== "other" || s.projectId === view.answer.projectId);
}

type MeantProject = Pick<ProjectView, "answer" | "formerPaths">;

/** How the path of a subject fits a project. */
type PathFit = "exact" | "case" | "moved" | "other";

function pathFit({ project, group, projectId }: SubjectView, { answer, formerPaths }: MeantProject): PathFit {
    const isIn = (path: string, [p, g]: readonly [string | undefined, string | undefined]): boolean =>
        p === undefined ? path.startsWith(`${g!}/`) : matchesGlob(literalGlob(p), path);
    if (project === undefined && group === undefined) {
        return projectId === "*" ? "exact" : "other";
    }
    const lower = [project?.toLowerCase(), group?.toLowerCase()] as const;
    if (isIn(answer.project, [project, group])) {
        return "exact";
    }
    if (isIn(answer.project.toLowerCase(), lower)) {
        return "case";
    }
    return formerPaths.some((path) => isIn(path.toLowerCase(), lower)) ? "moved" : "other";
}

/** The results of the checks of a project against the role. */
export function projectOutcomes(view: ProjectView, role: ExpectedTrust): readonly ProjectOutcome[] {
    const subjects = subjectsAbout(role.subjects, view);
    const { project, projectId } = view.answer;
    if (subjects.length === 0) {
        const message = `No subject of the role is about ${quote(project)}. AWS denies every job of the project.`;
        const fix = `Add a subject with project: ${quote(project)} and projectId: ${quote(projectId)}, or check another project.`;
        return [
            view.isNamed
                ? { id: "project-subject", status: "fail", message, fix }
                : { id: "project-subject", status: "skipped", message },
        ];
    }
    return [
        {
            id: "project-subject",
            status: "pass",
            message: `About the project: ${listed(subjects.map(({ at }) => at))}.`,
        },
        ...together("project-path", subjects, (s) => pathFault(s, view), `${quote(project)} is the exact path.`),
        ...together(
            "project-ids",
            subjects.filter(({ projectId }) => projectId !== undefined),
            (s) => idFault(s, view.answer),
            `${quote(projectId)} is the ID of the project.`,
        ),
        componentsOutcome(view, role.components),
        ...subjects.flatMap((s) => refsOf(s).flatMap(([kind, name]) => refOutcomes(s, view, { kind, name }))),
        ...subjects.flatMap((s) => environmentOutcomes(s, view)),
    ];
}

type Fault = Pick<ProjectOutcome, "path" | "message" | "fix">;

/** A failure for each subject with a fault. If there is none, one check that passes. */
function together(
    id: ProjectCheckId,
    subjects: readonly SubjectView[],
    faultOf: (subject: SubjectView) => Fault | undefined,
    passed: string,
): readonly ProjectOutcome[] {
    const faults = subjects.flatMap((s) => faultOf(s) ?? []);
    const pass: readonly ProjectOutcome[] = subjects.length === 0 ? [] : [{ id, status: "pass", message: passed }];
    return faults.length === 0 ? pass : faults.map((fault) => ({ id, status: "fail", ...fault }));
}

function pathFault(subject: SubjectView, view: MeantProject): Fault | undefined {
    const { project } = view.answer;
    const fit = pathFit(subject, view);
    const field = subject.project === undefined ? "group" : "project";
    const written = subject[field];
    if (fit === "exact" || written === undefined) {
        return undefined;
    }
    return fit === "case"
        ? {
              path: `${subject.at}.${field}`,
              message: `${quote(written)} is written in another case than ${quote(project)}. AWS compares exactly and denies every job of the project.`,
              fix: `Write ${field}: ${quote(inCaseOf(project, written))}.`,
          }
        : {
              path: `${subject.at}.${field}`,
              message: `The project moved from ${quote(written)} to ${quote(project)}. Its tokens have the new path, so AWS denies every job.`,
              fix: `Write project: ${quote(project)}. Anyone who can create a project at the old path can get the role until then, unless the subject has a projectId.`,
          };
}

/** The written path in the case of the project. Wildcards remain, if each matches one segment. */
function inCaseOf(project: string, written: string): string {
    const [exact, segments] = [project.split("/"), written.split("/")];
    return segments.every((s, i) => s === "*" || s.toLowerCase() === exact[i]?.toLowerCase())
        ? segments.map((s, i) => (s === "*" ? s : exact[i]!)).join("/")
        : project;
}

function idFault({ at, projectId }: SubjectView, { project, projectId: id }: ProjectAnswer): Fault | undefined {
    return projectId === "*" || projectId === id
        ? undefined
        : {
              path: `${at}.projectId`,
              message: `${quote(projectId)} is not the ID of ${quote(project)}, which is ${quote(id)}. AWS denies every job of the project.`,
              fix: `Write projectId: ${quote(id)}, if this is the project that you mean. A project that was deleted and created again has a new ID.`,
          };
}

function componentsOutcome(
    { answer, settingNeeds }: ProjectView,
    expected: readonly SubClaimComponent[],
): ProjectOutcome {
    const id = "project-components";
    const { subClaimComponents: actual, projectId } = answer;
    if (actual === undefined) {
        return {
            id,
            status: "skipped",
            message: `Skipped: the setting of the project is not visible. ${settingNeeds}`,
        };
    }
    if (actual.join() === expected.join()) {
        return { id, status: "pass", message: `The project's sub claim components are ${actual.join(", ")}.` };
    }
    const change = `change the project's setting: PUT /projects/${projectId} with ci_id_token_sub_claim_components`;
    const isUsable = actual.every((c) => COMPONENTS.includes(c as SubClaimComponent));
    return {
        id,
        status: "fail",
        path: "subClaimComponents",
        message: `The project's sub claim components are ${listed(actual)}, but the role expects ${expected.join(", ")}. AWS denies every job of the project.`,
        fix: isUsable
            ? `Set subClaimComponents: ${JSON.stringify(actual)} and adapt the subjects, or ${change}=${expected.join()}.`
            : `C${change.slice(1)}=${expected.join()}.`,
    };
}

/** A branch or tag, or a pattern, of a subject. */
interface NamedRef {
    readonly kind: RefKind;
    readonly name: string;
}

/** Who can start jobs on refs that no rule protects. Source: GitLab, "Roles and permissions: Repository". */
const EVERYONE: Readonly<Record<RefKind | "newBranch", string>> = {
    newBranch: "Everyone with the role Developer or higher can create it and gets the role",
    branch: "Everyone with the role Developer or higher can push to it and gets the role",
    tag: "Everyone with the role Developer or higher can create it and gets the role",
};

function refOutcomes(subject: SubjectView, view: ProjectView, ref: NamedRef): readonly ProjectOutcome[] {
    const { kind, name } = ref;
    const path = `${subject.at}.${kind}`;
    if (isPattern(name)) {
        return [{ path, ...patternOutcome(subject, ref, view) }];
    }
    const seen = view.refs.get(refKey(kind, name))!;
    if (seen.hidden !== undefined) {
        const message = `Skipped: the ${kind} ${quote(name)} is not visible. ${seen.hidden}`;
        return [
            { id: `${kind}-exists`, status: "skipped", path, message },
            { id: `${kind}-protected`, status: "skipped", path, message },
        ];
    }
    return [
        { path, ...existsOutcome(ref, seen.value !== undefined, view.answer) },
        { path, ...protectedOutcome(subject, ref, { found: seen.value, rules: rulesFor(ref, view) }) },
    ];
}

function existsOutcome(
    { kind, name }: NamedRef,
    exists: boolean,
    { defaultBranch }: ProjectAnswer,
): Omit<ProjectOutcome, "path"> {
    const id = `${kind}-exists` as const;
    return exists
        ? { id, status: "pass", message: `The ${kind} ${quote(name)} exists.` }
        : {
              id,
              status: "warn",
              message: `The project has no ${kind} ${quote(name)}, so no job can use the role yet.${kind === "branch" && defaultBranch !== undefined ? ` Its default branch is ${quote(defaultBranch)}.` : ""}`,
              fix: `Check the name, or create the ${kind}.`,
          };
}

/** A rule for protected branches or tags, and those whom it allows to start jobs. */
interface Rule {
    readonly name: string;
    readonly who: string;
}

function rulesFor({ kind, name }: NamedRef, view: ProjectView): Seen<readonly Rule[]> {
    const rules = kind === "branch" ? view.protectedBranches : view.protectedTags;
    return rules.hidden !== undefined
        ? rules
        : {
              value: rules.value
                  .filter((rule) => mayMatchBoth(rule.name, name))
                  .map((rule) => ({
                      name: rule.name,
                      who:
                          "push" in rule
                              ? `push: ${people(rule.push)}; merge: ${people(rule.merge)}`
                              : `create: ${people(rule.create)}`,
                  })),
          };
}

interface FoundRef {
    readonly found: RefAnswer | undefined;
    readonly rules: Seen<readonly Rule[]>;
}

/** The protection of one branch or tag. A rule can also cover one that does not exist yet. */
function protectedOutcome(
    { refProtected }: SubjectView,
    { kind, name }: NamedRef,
    { found, rules }: FoundRef,
): Omit<ProjectOutcome, "path"> {
    const id = `${kind}-protected` as const;
    if (found === undefined && rules.hidden !== undefined) {
        return { id, status: "skipped", message: `Skipped: the rules for protection are not visible. ${rules.hidden}` };
    }
    const isProtected = found?.isProtected ?? (rules.hidden === undefined && rules.value.length > 0);
    const what = `The ${kind} ${quote(name)}`;
    const everyone = found === undefined && kind === "branch" ? EVERYONE.newBranch : EVERYONE[kind];
    if (refProtected !== undefined && refProtected !== isProtected) {
        return contradiction(id, kind, `${what} is ${isProtected ? "" : "not "}protected`);
    }
    if (isProtected) {
        return { id, status: "pass", message: `${what} is protected. ${whoGets(rules)}` };
    }
    return refProtected === false
        ? { id, status: "pass", message: `${what} is not protected, as the subject requires. ${everyone}.` }
        : { id, status: "warn", message: `${what} is not protected. ${everyone}.`, fix: protectFix(kind, name) };
}

function patternOutcome(
    { refProtected }: SubjectView,
    { kind, name }: NamedRef,
    view: ProjectView,
): Omit<ProjectOutcome, "path"> {
    const id = `${kind}-protected` as const;
    const rules = rulesFor({ kind, name }, view);
    if (rules.hidden !== undefined) {
        return { id, status: "skipped", message: `Skipped: the rules for protection are not visible. ${rules.hidden}` };
    }
    const isCovered = rules.value.some((rule) => coversRefs(rule.name, name));
    if (refProtected === true && rules.value.length === 0) {
        return contradiction(id, kind, `No ${kind} that matches ${quote(name)} is protected`);
    }
    if (refProtected === false && isCovered) {
        return contradiction(id, kind, `Every ${kind} that matches ${quote(name)} is protected`);
    }
    if (refProtected === true || isCovered) {
        const every = isCovered ? `Every ${kind} that matches ${quote(name)} is protected.` : "";
        return { id, status: "pass", message: `${every} ${whoGets(rules)}`.trim() };
    }
    return {
        id,
        status: refProtected === false ? "pass" : "warn",
        message: `${quote(name)} also matches a ${kind} that is not protected. ${EVERYONE[kind]}.`,
        ...(refProtected === undefined && { fix: protectFix(kind, name) }),
    };
}

function contradiction(id: ProjectCheckId, kind: RefKind, fact: string): Omit<ProjectOutcome, "path"> {
    return {
        id,
        status: "fail",
        message: `${fact}, but the subject requires the opposite. AWS denies every job that the subject is about.`,
        fix: `Change the protection in GitLab (Settings > Repository > Protected ${kind === "branch" ? "branches" : "tags"}), or the \`refProtected\` of the subject.`,
    };
}

function protectFix(kind: RefKind, name: string): string {
    return `Protect ${quote(name)} in GitLab: Settings > Repository > Protected ${kind === "branch" ? "branches" : "tags"}.`;
}

function whoGets(rules: Seen<readonly Rule[]>): string {
    return rules.hidden !== undefined
        ? `The token may not read who can change it. ${rules.hidden}`
        : `These get the role: ${rules.value.map(({ name, who }) => `${quote(name)} (${who})`).join(", ") || "those whom a rule of the group allows"}.`;
}

function environmentOutcomes(subject: SubjectView, view: ProjectView): readonly ProjectOutcome[] {
    const { at, deploymentTier: tier, environmentProtected } = subject;
    const exactTier = tier === undefined || tier === "*" ? undefined : tier;
    if (exactTier === undefined && environmentProtected === undefined) {
        return [];
    }
    const { environments, protectionHidden } = view;
    const ids = [
        ...(exactTier === undefined ? [] : [["environment-tier", `${at}.deploymentTier`] as const]),
        ...(environmentProtected === undefined
            ? []
            : [["environment-protected", `${at}.environmentProtected`] as const]),
    ];
    if (environments.hidden !== undefined) {
        const message = `Skipped: the environments are not visible. ${environments.hidden}`;
        return ids.map(([id, path]) => ({ id, status: "skipped", path, message }));
    }
    const own = environments.value.filter((e) => exactTier === undefined || e.tier === exactTier);
    return ids.map(([id, path]) => ({
        path,
        ...(id === "environment-tier"
            ? tierOutcome(exactTier!, own, environments.value)
            : protectionOutcome(environmentProtected!, own, protectionHidden)),
    }));
}

function tierOutcome(
    tier: string,
    own: readonly GitLabEnvironment[],
    all: readonly GitLabEnvironment[],
): Omit<ProjectOutcome, "path"> {
    const id = "environment-tier";
    if (own.length > 0) {
        return { id, status: "pass", message: `Environments of the tier ${quote(tier)}: ${names(own)}.` };
    }
    const tiers = [...new Set(all.map((e) => e.tier))];
    return {
        id,
        status: "warn",
        message: `No environment has the tier ${quote(tier)}. ${all.length === 0 ? "The project has no environments." : `Their tiers are ${listed(tiers.map((t) => quote(t)))}.`} AWS denies jobs of these environments.`,
        fix: `Use one of these tiers, or set \`environment: deployment_tier: ${tier}\` in the job.`,
    };
}

function protectionOutcome(
    expected: boolean,
    own: readonly GitLabEnvironment[],
    hidden: string | undefined,
): Omit<ProjectOutcome, "path"> {
    const id = "environment-protected";
    if (hidden !== undefined) {
        return { id, status: "skipped", message: `Skipped: protected environments are not visible. ${hidden}` };
    }
    const matching = own.filter((e) => e.protected === expected);
    const word = expected ? "protected" : "not protected";
    return matching.length > 0
        ? {
              id,
              status: "pass",
              message: `Environments that are ${word}: ${matching.map((e) => `${e.name}${e.deploy === undefined ? "" : ` (deploy: ${people(e.deploy)})`}`).join(", ")}.`,
          }
        : {
              id,
              status: "warn",
              message: `No environment of the project that the subject is about is ${word}. Unless a group ${expected ? "protects" : "leaves out"} their tier, AWS denies every job.`,
              fix: "Change the protection in GitLab (Settings > CI/CD > Protected environments), or the `environmentProtected` of the subject.",
          };
}

function names(environments: readonly GitLabEnvironment[]): string {
    return listed(environments.map(({ name }) => name));
}

const MOST = 10;

/** The first names of a list, and the number of the others. */
function listed(values: readonly string[]): string {
    const shown = values.slice(0, MOST).join(", ");
    const more = values.length - MOST;
    return more > 0 ? `${shown} and ${String(more)} more` : shown;
}

function people(values: readonly string[]): string {
    return values.length === 0 ? "nobody" : listed(values);
}
