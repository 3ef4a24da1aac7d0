import { findingOf, Findings } from "../contract/findings";
import { property } from "../contract/paths";
import { quote } from "../contract/quote";
import type { Finding, SubClaimComponent, Subject } from "../contract/types";
import { UNKNOWN, type MaybeUnknown, known } from "../contract/unknown";
import { TIERS } from "../gitlab/environments";
import { GITLAB_COM } from "../gitlab/issuer-url";
import { gitLabPathFindings } from "../gitlab/paths";
import { refNameFindings } from "../gitlab/refs";
import { claimLike, meantSubs, parseSub, shapeFix, exampleSub } from "../gitlab/sub-claim";
import { escapeDollar, isPattern } from "../iam/policy-text";
import { checkClaims, claimConditions, FIND_PROJECT_ID, projectIdFault } from "./claims";
import { checkMergeRequests } from "./merge-requests";

/** The end of a fix that asks for the project's ID. */
const ADD_PROJECT_ID = `projectId: "<project id>". ${FIND_PROJECT_ID}`;

/** The issuer of a subject; undefined if not known yet. */
interface SubjectContext {
    readonly url: string | undefined;
    readonly components: readonly SubClaimComponent[] | undefined;
}

/** A subject as conditions: one `sub` value and further keys of the issuer, all of which have to match. */
export interface CompiledSubject {
    readonly sub: string;
    readonly isPattern: boolean;
    /** `sub` patterns that must not match: components that a wildcard would otherwise swallow. */
    readonly except: readonly string[];
    /** Values by claim, compared exactly. */
    readonly claims: Readonly<Record<string, readonly string[]>>;
}

/** Reports everything that is wrong with a subject, or risky but valid. */
export function checkSubject(
    subject: MaybeUnknown<Subject>,
    context: SubjectContext,
    path: string,
    findings: Findings,
): void {
    const given = known(subject);
    if (given === undefined) {
        return;
    }
    if (given.sub === undefined) {
        checkFields({ s: given, context, at: (name) => property(path, name), path }, findings);
    } else {
        checkRaw(given, context, path, findings);
    }
    checkClaims(given, context.url, path, findings);
    checkMergeRequests(given, context, path, findings);
}

/** The same of a list of subjects, which may not be empty. */
export function checkSubjectList(
    subjects: readonly MaybeUnknown<Subject>[],
    contextOf: (subject: MaybeUnknown<Subject>) => SubjectContext,
    path: string,
    findings: Findings,
): void {
    if (subjects.length === 0) {
        findings.add(
            "no-subject",
            path,
            "is empty, so no job could assume the role.",
            'Add a subject: [{ project: "mygroup/myproject", branch: "main" }].',
        );
    }
    subjects.forEach((subject, i) => {
        checkSubject(subject, contextOf(subject), `${path}[${String(i)}]`, findings);
    });
}

type SubjectView = Exclude<MaybeUnknown<Subject>, typeof UNKNOWN>;

const REPLACED_BY_SUB = ["project", "group", "branch", "tag", "environmentProtected", "deploymentTier"] as const;

function checkRaw(subject: SubjectView, context: SubjectContext, path: string, findings: Findings): void {
    const at = property(path, "sub");
    const beside = REPLACED_BY_SUB.filter((name) => subject[name] !== undefined);
    if (beside.length > 0) {
        const others = beside.map((b) => `\`${b}\``).join(", ");
        findings.add(
            "several-scopes",
            at,
            `is set in addition to ${others}, but both define the sub claim.`,
            `Remove \`sub\`, or remove ${others}.`,
        );
        return;
    }
    const sub = known(subject.sub);
    const { components } = context;
    if (sub === undefined || components === undefined) {
        return;
    }
    if (sub.includes("${")) {
        findings.add(
            "policy-variable",
            at,
            `${quote(sub)} has \`\${\`, which IAM reads as the beginning of a policy variable.`,
            "Use `branch` or `tag`, which escape it.",
        );
        return;
    }
    const kind = claimLike(sub);
    if (kind === "aud" || kind === "project_id") {
        const [what, field] = kind === "aud" ? ["an audience", "audiences"] : ["a project's id", "projectId"];
        findings.add(
            "sub-shape",
            at,
            `${quote(sub)} is ${what}, not a subject: no token has it as \`sub\`.`,
            `Write it as \`${field}\`. A subject looks like "${exampleSub(components)}".`,
        );
        return;
    }
    const parsed = parseSub(sub, components);
    if ("why" in parsed) {
        const meant = meantSubs(sub, components);
        findings.add(parsed.id, at, `${quote(sub)} ${parsed.why}.`, shapeFix(meant));
        const found = new Findings();
        meant.readings.forEach((other) => checkRaw({ ...subject, sub: other }, context, path, found));
        findings.addAll(uniqueById([...found.errors, ...found.warnings]));
        return;
    }
    const besideSub = { ...parsed };
    for (const name of ["projectId", "refProtected"] as const) {
        if (subject[name] !== undefined) {
            if (parsed[name] !== undefined) {
                findings.add(
                    "several-scopes",
                    property(path, name),
                    "is already part of `sub`.",
                    `Remove \`${name}\`, or remove it from \`sub\`.`,
                );
            }
            Object.assign(besideSub, { [name]: subject[name] });
        }
    }
    const atField = (name: keyof Subject): string =>
        name in parsed || subject[name] === undefined ? at : property(path, name);
    checkFields({ s: besideSub, context, at: atField, path: at }, findings);
}

/** The first finding of each rule, because several readings of a value can have the same fault. */
export function uniqueById(findings: readonly Finding[]): readonly Finding[] {
    return findings.filter(({ id }, i) => findings.findIndex((f) => f.id === id) === i);
}

/** Characters of a `sub` that STS is known to accept. */
const LONGEST_SUB = 255;

/** Warns of a `sub` claim that may be longer than STS accepts; `whose` begins the sentence about it. */
export function longSubFindings(whose: "Its" | "The", sub: string, at: string): readonly Finding[] {
    return sub.length <= LONGEST_SUB
        ? []
        : [
              findingOf(
                  "long-sub",
                  at,
                  `${whose} sub claim has ${String(sub.length)} characters. AWS does not document that STS accepts more than ${String(LONGEST_SUB)}.`,
                  "Begin the project's sub claim with `project_id` instead of `project_path`: it is shorter.",
              ),
          ];
}

/** The fields of a subject, and the issuer that they are checked against. */
interface Fields {
    readonly s: SubjectView;
    readonly context: SubjectContext;
    /** The path of a field. */
    readonly at: (name: keyof Subject) => string;
    /** The path of the subject. */
    readonly path: string;
}

/** The same, with the components as a question; undefined if not known yet. */
interface FieldsView extends Fields {
    readonly has: (component: SubClaimComponent) => boolean | undefined;
    readonly url: string | undefined;
}

function checkFields(fields: Fields, findings: Findings): void {
    const { s, context, at } = fields;
    const { url, components } = context;
    const view: FieldsView = { ...fields, url, has: (c) => components?.includes(c) };
    checkScope(view, findings);
    checkRef(view, findings);
    checkRefProtected(view, findings);
    checkEnvironment(view, findings);
    if (
        s.project !== undefined &&
        !(typeof s.project === "string" && isPattern(s.project)) &&
        s.projectId === undefined &&
        url === GITLAB_COM
    ) {
        findings.add(
            "path-only",
            at("project"),
            "If the project is deleted, renamed or moved, someone else can create a project with this path.",
            `Add ${ADD_PROJECT_ID}`,
        );
    }
}

function checkScope(view: FieldsView, findings: Findings): void {
    const { s, has, at, path } = view;
    const { project, group, projectId } = s;
    const isBoth = project !== undefined && group !== undefined;
    if (isBoth) {
        findings.add(
            "several-scopes",
            at("group"),
            "is set in addition to `project`, but a subject trusts either one project or one group.",
            "Remove `group` to trust one project, or `project` to trust every project below the group.",
        );
    } else if (namesNoScope(s)) {
        const alsoNoRef = namesNoRef(view);
        findings.add(
            "no-scope",
            path,
            `names no project${alsoNoRef ? ", branch or tag" : ""}, so it would allow jobs of every project on the instance.`,
            `Add project: "mygroup/myproject", or group: "mygroup" for every project below it${alsoNoRef ? ', and branch: "main" or tag: "v*"' : ""}.`,
        );
    }
    for (const kind of ["project", "group"] as const) {
        const value = known(s[kind]);
        if (value === undefined) {
            continue;
        }
        const ofPath = gitLabPathFindings(kind, value, at(kind));
        findings.addAll(ofPath);
        if (has("project_path") === false) {
            findings.add(
                "sub-shape",
                at(kind),
                "`project_path` is not in `subClaimComponents`, so AWS cannot check the path.",
                kind === "project"
                    ? "Remove it and keep projectId."
                    : "Write one subject for each project, with its projectId.",
            );
        } else if (
            ofPath.length === 0 &&
            !isBoth &&
            (kind === "group" || isPattern(value)) &&
            (projectId === undefined || projectId === "*")
        ) {
            findings.add(
                "group-wide",
                at(kind),
                `The role trusts every project below ${quote(value.replace(/\/\*.*/, ""))}, in subgroups and in the future too. Anyone who can create a project there can assume the role.`,
                "Write one subject for each project.",
            );
        }
    }
    if (group === undefined && project === undefined && projectId !== undefined && has("project_path") === true) {
        findings.add(
            "sub-shape",
            at("projectId"),
            "is set without a path, but `subClaimComponents` has `project_path`.",
            has("project_id") === true
                ? 'Add the path: project: "mygroup/myproject".'
                : "Add `project`. Or begin the project's sub claim with `project_id`, and set `subClaimComponents` to match.",
        );
    }
    checkProjectId(view, findings);
}

function checkProjectId({ s, has, url, at, path }: FieldsView, findings: Findings): void {
    const declared = has("project_id");
    const id = known(s.projectId);
    const several = s.group !== undefined || isPattern(known(s.project) ?? "");
    if (s.projectId === undefined) {
        if (declared === true && (s.project !== undefined || (s.group !== undefined && has("project_path") === true))) {
            findings.add(
                "sub-shape",
                path,
                "has no `projectId`, but `subClaimComponents` has `project_id`.",
                several ? 'Add projectId: "*".' : `Add ${ADD_PROJECT_ID}`,
            );
        }
        return;
    }
    if (s.group !== undefined && declared === false) {
        // A project next to a group is reported already.
        if (s.project === undefined) {
            findings.add(
                "several-scopes",
                at("projectId"),
                "is set in addition to `group`, but a subject trusts either one project or one group.",
                "Remove `projectId`, or replace `group` with the `project` that has this ID.",
            );
        }
        return;
    }
    const fault = id === undefined ? undefined : projectIdFault(id);
    if (fault !== undefined && !(id === "*" && several && declared !== false)) {
        findings.add(fault.id, at("projectId"), fault.message, fault.fix);
    }
    if (declared === false && url !== undefined && url !== GITLAB_COM) {
        findings.add(
            "project-id",
            at("projectId"),
            `AWS supports the condition key \`project_id\` only for gitlab.com, so it cannot be checked for ${quote(url)}.`,
            "Add `project_id` to the project's sub claim components and to `subClaimComponents`, or remove projectId.",
        );
    }
}

function namesNoScope({ project, group, projectId }: SubjectView): boolean {
    return project === undefined && group === undefined && projectId === undefined;
}

/** Whether the subject has neither branch nor tag, although the sub claim contains them. */
function namesNoRef({ s: { branch, tag }, has }: FieldsView): boolean {
    return branch === undefined && tag === undefined && (has("ref") === true || has("ref_type") === true);
}

function checkRef(view: FieldsView, findings: Findings): void {
    const { s, has, at, path } = view;
    const { branch, tag } = s;
    const declared = has("ref") === undefined ? undefined : has("ref") === true || has("ref_type") === true;
    if (branch !== undefined && tag !== undefined) {
        findings.add(
            "several-refs",
            at("tag"),
            "is set in addition to `branch`, but no job runs on both, so it would never match.",
            `Write two subjects: ${subjectText(s, "branch")} and ${subjectText(s, "tag")}.`,
        );
    } else if (namesNoRef(view) && !namesNoScope(s)) {
        findings.add(
            "no-ref",
            path,
            "names neither branch nor tag.",
            'Add branch: "main" or tag: "v*". Avoid branch: "*": anyone who can push a branch could assume the role.',
        );
    } else if (branch === undefined && tag === undefined && declared === false) {
        findings.add(
            "any-ref",
            path,
            "`subClaimComponents` has neither `ref_type` nor `ref`, so the role trusts every branch and tag, and merge requests from the same project.",
            "Add `ref_type` and `ref` to the project's sub claim components.",
        );
    }
    for (const kind of ["branch", "tag"] as const) {
        const name = known(s[kind]);
        if (name === undefined) {
            continue;
        }
        findings.addAll(refNameFindings(kind, name, at(kind)));
        if (declared === false || (has("ref") === false && name !== "*")) {
            findings.add(
                "sub-shape",
                at(kind),
                "cannot be checked: `ref` is not in `subClaimComponents`.",
                declared === false ? `Remove ${kind}.` : `Write ${kind}: "*".`,
            );
        } else if (has("ref_type") === false) {
            findings.add(
                "ref-type-undeclared",
                at(kind),
                "`subClaimComponents` has no `ref_type`, so the role trusts a branch and a tag of the same name.",
                "Add `ref_type` to the project's sub claim components.",
            );
        }
        checkProtection(kind, name, { s, at }, findings);
    }
}

/** A subject as its scope and one of its refs, to be copied. */
function subjectText(s: SubjectView, kind: "branch" | "tag"): string {
    const fields = (["project", "group", "projectId", kind] as const).flatMap((name) => {
        const value = known(s[name]);
        return value === undefined ? [] : [`${name}: ${quote(value)}`];
    });
    return `{ ${fields.join(", ")} }`;
}

/** Warns about tags, and about branches that many people can push to, unless they are protected. */
function checkProtection(
    kind: "branch" | "tag",
    name: string,
    { s, at }: Pick<FieldsView, "s" | "at">,
    findings: Findings,
): void {
    if (s.refProtected === true || s.refProtected === "true" || s.refProtected === UNKNOWN) {
        return;
    }
    if (kind === "tag") {
        findings.add(
            "unprotected-tag",
            at(kind),
            "Anyone who can push a tag can assume the role, unless such tags are protected in GitLab.",
            "Protect them and add refProtected: true.",
        );
    } else if (/^[*?]*\*[*?]*$/.test(name)) {
        findings.add(
            "any-branch",
            at(kind),
            "The role trusts every branch, and merge requests from the same project. Anyone who can push a branch can assume the role.",
            "Name the branch, or protect the branches and add refProtected: true.",
        );
    } else if (isPattern(name)) {
        findings.add(
            "unprotected-branch",
            at(kind),
            `Anyone who can push a branch that matches ${quote(name)} can assume the role, unless such branches are protected in GitLab.`,
            "Name the branch, or protect the branches and add refProtected: true.",
        );
    }
}

function checkRefProtected({ s, has, url, at, path }: FieldsView, findings: Findings): void {
    const declared = has("ref_protected");
    const { refProtected } = s;
    if (refProtected === undefined) {
        if (declared === true) {
            findings.add(
                "sub-shape",
                path,
                "has no `refProtected`, but `subClaimComponents` has `ref_protected`.",
                'Add refProtected: true, or "*" for either.',
            );
        }
        return;
    }
    checkFlag(refProtected, at("refProtected"), findings);
    if (declared !== false) {
        return;
    }
    if (refProtected === "*") {
        findings.add("sub-shape", at("refProtected"), "is `*`, which checks nothing.", "Leave it out.");
    } else if (url !== undefined && url !== GITLAB_COM) {
        findings.add(
            "claim-issuer",
            at("refProtected"),
            `AWS supports the condition key \`ref_protected\` only for gitlab.com. For ${quote(url)} it could never match.`,
            "Add `ref_protected` to the project's sub claim components (GitLab 18.7) and to `subClaimComponents`.",
        );
    }
}

function checkEnvironment({ s, has, at, path }: FieldsView, findings: Findings): void {
    const fields = [
        ["environmentProtected", "environment_protected"],
        ["deploymentTier", "deployment_tier"],
    ] as const;
    for (const [name, component] of fields) {
        if (s[name] !== undefined && has(component) === false) {
            findings.add(
                "sub-shape",
                at(name),
                `\`${component}\` is not in \`subClaimComponents\`, and AWS has no condition key for it.`,
                `Add \`${component}\` to the project's sub claim components (GitLab 18.7) and to \`subClaimComponents\`.`,
            );
        }
    }
    checkFlag(s.environmentProtected, at("environmentProtected"), findings);
    const tier = known(s.deploymentTier);
    if (tier !== undefined && tier !== "*" && !TIERS.includes(tier)) {
        findings.add(
            "claim-value",
            at("deploymentTier"),
            `${quote(tier)} is not a deployment tier of GitLab.`,
            `Write one of ${TIERS.join(", ")}, or "*".`,
        );
    }
    const stated = fields.filter(([name]) => s[name] !== undefined);
    if (stated.length === 1 && has("environment_protected") === true && has("deployment_tier") === true) {
        findings.add(
            "environment-pair",
            path,
            `has only \`${stated[0]![0]}\`. A job with an environment has both \`environment_protected\` and \`deployment_tier\` in its sub claim, so no job could match.`,
            `Add ${stated[0]![0] === "deploymentTier" ? 'environmentProtected: true, or "*"' : 'deploymentTier: "production", or "*"'}.`,
        );
    }
}

function checkFlag(value: SubjectView["refProtected"], at: string, findings: Findings): void {
    if (typeof value === "string" && !["true", "false", "*"].includes(value)) {
        findings.add("claim-value", at, `${quote(value)} is neither true nor false.`, 'Write true, false or "*".');
    }
}

/** The conditions of a subject that `checkSubject` found no error in. */
export function compileSubject(subject: Subject, components: readonly SubClaimComponent[]): CompiledSubject {
    const fields =
        subject.sub === undefined ? subject : { ...subject, ...(parseSub(subject.sub, components) as Subject) };
    const stated: (readonly [component: SubClaimComponent, value: string])[] = [];
    const except: string[] = [];
    for (const component of components) {
        const value = componentValue(component, fields);
        if (value !== undefined) {
            stated.push([component, value]);
        } else if (isPattern(stated.at(-1)![1])) {
            except.push(`*:${component}:*`);
        }
    }
    return {
        sub: stated.map(([component, value]) => `${component}:${escapeDollar(value)}`).join(":"),
        isPattern: stated.some(([, value]) => isPattern(value)),
        except,
        claims: claimConditions(fields, new Set(stated.map(([component]) => component))),
    };
}

function componentValue(component: SubClaimComponent, s: Subject): string | undefined {
    switch (component) {
        case "project_path":
            return s.group === undefined ? s.project : `${s.group}/*`;
        case "project_id":
            return s.projectId;
        case "ref_type":
            return s.tag === undefined ? "branch" : "tag";
        case "ref":
            return s.branch ?? s.tag;
        case "ref_protected":
            return String(s.refProtected);
        case "environment_protected":
            return s.environmentProtected === undefined ? undefined : String(s.environmentProtected);
        case "deployment_tier":
            return s.deploymentTier;
    }
}
