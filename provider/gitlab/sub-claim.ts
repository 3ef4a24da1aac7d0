import { findingOf } from "../contract/findings";
import { quote, quoteUpTo } from "../contract/quote";
import type { Finding, SubClaimComponent, Subject } from "../contract/types";
import { UNKNOWN, type MaybeUnknown, known } from "../contract/unknown";
import { meantPath } from "./paths";
import { literalGlob, matchesGlob } from "../iam/glob";
import { isPattern } from "../iam/policy-text";

/** The components of `sub` by GitLab's default. */
export const DEFAULT_COMPONENTS: readonly SubClaimComponent[] = ["project_path", "ref_type", "ref"];

/** Every component that GitLab's setting accepts. */
export const COMPONENTS: readonly SubClaimComponent[] = [
    "project_path",
    "project_id",
    "ref_type",
    "ref",
    "ref_protected",
    "environment_protected",
    "deployment_tier",
];

/** Findings about declared sub claim components that GitLab's setting does not accept. */
export function componentFindings(
    maybe: MaybeUnknown<readonly string[] | undefined>,
    path: string,
): readonly Finding[] {
    const components = known(maybe)?.filter((c) => c !== UNKNOWN);
    if (components === undefined || components.length !== known(maybe)!.length) {
        return [];
    }
    const found: Finding[] = [];
    const fault = (message: string, fix: string): void =>
        void found.push(findingOf("sub-components", path, message, fix));
    const first = components[0];
    if (first === undefined) {
        fault(
            "is empty.",
            "Copy the project's setting `ci_id_token_sub_claim_components`, or leave it out for GitLab's default. In Java, `lookupProject` returns an empty list if the token may not read the setting.",
        );
    } else if (first !== "project_path" && first !== "project_id") {
        fault(
            `begins with ${quote(first)}.`,
            "GitLab requires `project_path` or `project_id` first. Copy the project's setting `ci_id_token_sub_claim_components`.",
        );
    }
    const unknown = components.filter((c) => !COMPONENTS.includes(c as SubClaimComponent));
    if (unknown.length > 0) {
        fault(
            `has ${unknown.map(quote).join(", ")}, which GitLab does not support.`,
            `Use only ${COMPONENTS.join(", ")}.`,
        );
    }
    const seen = new Set<string>();
    const twice = components.filter((c) => seen.size === seen.add(c).size);
    if (twice.length > 0) {
        fault(
            `has ${twice.map(quote).join(", ")} more than once.`,
            "Name each component once, in the setting's order.",
        );
    }
    return found;
}

/** The components that a `sub` names, if a project's setting can be that. */
export function namedComponents(sub: string): readonly SubClaimComponent[] | undefined {
    const names = sub.split(":").filter((_, i) => i % 2 === 0) as SubClaimComponent[];
    return componentFindings(names, "").length === 0 ? names : undefined;
}

/** The components that a `sub` names, if a project's setting can be that; else GitLab's default. */
export function componentsIn(sub: string): readonly SubClaimComponent[] {
    return namedComponents(sub) ?? DEFAULT_COMPONENTS;
}

/** Whether a value may match more components than it names: it ends with a wildcard and has no ref. */
export function isOpenEnded(sub: string, named: readonly SubClaimComponent[]): boolean {
    return sub.endsWith("*") && !named.includes("ref");
}

/** The components that a value names, if it is complete; else GitLab's default. */
export function componentsOf(sub: string): readonly SubClaimComponent[] {
    const named = componentsIn(sub);
    return isOpenEnded(sub, named) ? DEFAULT_COMPONENTS : named;
}

interface SubFault {
    readonly id: "sub-shape" | "ref-type";
    readonly why: string;
}

/** The fields of a `sub` value, or the fault of its shape. */
export function parseSub(sub: string, components: readonly SubClaimComponent[]): Subject | SubFault {
    const fault = (why: string): SubFault => ({ id: "sub-shape", why });
    const parts = sub.split(":");
    const values = new Map<string, string>();
    let position = 0;
    for (let i = 0; i < parts.length; i += 2) {
        const name = parts[i]!;
        const value = parts[i + 1];
        if (value === undefined) {
            return fault(
                isPattern(name)
                    ? "ends with a wildcard that covers whole components, so it matches branches and tags alike"
                    : `has no value after ${quote(name)}`,
            );
        }
        const found = components.indexOf(name as SubClaimComponent, position);
        if (found < 0) {
            const expected = components[position];
            if (i === 0 && name === "repo") {
                return fault(
                    'looks like a subject of GitHub Actions. A GitLab subject begins with "project_path" or "project_id"',
                );
            }
            return fault(
                isPattern(name)
                    ? `has the wildcard ${quote(name)} in the place of a component's name`
                    : `has ${quote(name)} where ${expected === undefined ? "it should end" : `${quote(expected)} belongs`}`,
            );
        }
        position = found + 1;
        values.set(name, value);
    }
    const refType = values.get("ref_type");
    if (refType !== undefined && refType !== "branch" && refType !== "tag") {
        return {
            id: "ref-type",
            why: `has ref_type ${quote(refType)}. ${isPattern(refType) ? "With a wildcard, a tag named like the branch matches too" : 'GitLab writes only "branch" or "tag", and "branch" for merge requests'}`,
        };
    }
    const missing = components.filter((c) => !values.has(c) && !isOptional(c));
    if (missing.length > 0) {
        return fault(`has no ${missing.map(quote).join(", ")}`);
    }
    const scope = values.get("project_path");
    const ref = values.get("ref") ?? (refType === undefined ? undefined : "*");
    return {
        ...(scope !== undefined && scopeField(scope)),
        ...(values.has("project_id") && { projectId: values.get("project_id")! }),
        ...(ref !== undefined && { [refType ?? "branch"]: ref }),
        ...(values.has("ref_protected") && { refProtected: values.get("ref_protected")! }),
        ...(values.has("environment_protected") && { environmentProtected: values.get("environment_protected")! }),
        ...(values.has("deployment_tier") && { deploymentTier: values.get("deployment_tier")! }),
    };
}

function scopeField(path: string): Subject {
    const group = path.replace(/\/\*$/, "");
    return group === path || isPattern(group) ? { project: path } : { group };
}

/** The path of the group or project that a subject names, and the field that has it. */
export function pathOf(
    subject: MaybeUnknown<Subject>,
    components: readonly SubClaimComponent[] | undefined,
): { readonly path: string; readonly field: keyof Subject } | undefined {
    const given = known(subject);
    const sub = known(given?.sub);
    if (sub !== undefined && components !== undefined) {
        const parsed = parseSub(sub, components);
        const path = "why" in parsed ? undefined : (parsed.project ?? parsed.group);
        return path === undefined ? undefined : { path, field: "sub" };
    }
    const [field] = (["project", "group"] as const).filter((name) => typeof given?.[name] === "string");
    return field === undefined ? undefined : { path: given![field] as string, field };
}

/** Whether the component is missing in the `sub` of jobs without an environment. */
export function isOptional(component: SubClaimComponent): boolean {
    return component === "environment_protected" || component === "deployment_tier";
}

/** Values of the right shape in place of a wrong one. */
interface MeantSubs {
    /** The values to write. */
    readonly subs: readonly string[];
    /** The values that the wrong one matches as a pattern; empty if it matches no token. */
    readonly readings: readonly string[];
}

/** The values that one of a wrong shape most likely means, with all of its components. */
export function meantSubs(sub: string, components: readonly SubClaimComponent[]): MeantSubs {
    const parts = sub.split(":");
    const said = new Map<string, string>();
    let isOfGitLab = parts[0] !== "repo";
    for (let i = 0; i < parts.length; i++) {
        const name = parts[i] === "repo" ? "project_path" : parts[i]!;
        const value = parts[i + 1];
        if (COMPONENTS.includes(name as SubClaimComponent) && value !== undefined && !said.has(name)) {
            said.set(name, value);
            i += 1;
        } else {
            isOfGitLab &&= i === parts.length - 1 && /^\*+$/.test(name);
            if (i === 0 && /^[\w.-]+(?:\/[\w.-]+)+$/.test(name)) {
                said.set("project_path", name);
            }
        }
    }
    const [, folder, shortName] = /^refs\/(heads|tags)\/(.+)$/.exec(said.get("ref") ?? "") ?? [];
    const refType = said.get("ref_type") ?? (folder === "tags" ? "tag" : undefined);
    const isOpen = said.size > 0 && !said.has("ref") && sub.endsWith("*");
    const types = refType === undefined && isOpen ? REF_TYPES : refTypesOf(refType ?? "branch");
    const ref = shortName ?? said.get("ref") ?? (isOpen ? "*" : EXAMPLES.ref);
    const written = said.get("project_path") ?? EXAMPLES.project_path;
    const subsOf = (path: string, projectId: string): readonly string[] => {
        const values = { ...EXAMPLES, project_id: projectId, ...Object.fromEntries(said), project_path: path, ref };
        const subs = types.map((ref_type) => components.map((c) => `${c}:${{ ...values, ref_type }[c]}`).join(":"));
        return [...new Set(subs)];
    };
    const isPart = isOfGitLab && (isOpen || isPattern(refType ?? ""));
    return {
        subs: subsOf(soundPath(written), EXAMPLES.project_id),
        readings: isPart ? subsOf(written, SOUND_PROJECT_ID) : [],
    };
}

/** An ID that has no fault, for values that are checked and not shown. */
const SOUND_PROJECT_ID = "1";

/** The path, or a similar one that matches no other owner's project. */
function soundPath(path: string): string {
    const above = path.split("/").slice(0, path.split("/").findIndex(isPattern));
    const group = meantPath("group", above.join("/"));
    return meantPath("project", path) ?? (group === undefined ? EXAMPLES.project_path : `${group}/myproject`);
}

const REF_TYPES = ["branch", "tag"] as const;

/** The types of refs that a value of `ref_type` matches or is meant to match. */
function refTypesOf(value: string): readonly string[] {
    const matched = REF_TYPES.filter((type) => matchesGlob(literalGlob(value), type));
    return matched.length > 0 ? matched : [/tag/i.test(value) ? "tag" : "branch"];
}

/** Characters of a value that a fix repeats: it is there to be copied. */
const LONGEST = 300;

/** The fix of a `sub` value of a wrong shape, as a sentence. */
export function shapeFix({ subs }: Pick<MeantSubs, "subs">): string {
    const written = subs.map((sub) => quoteUpTo(LONGEST, sub)).join(", ");
    return subs.length === 1 ? `Write it as GitLab does: ${written}.` : `Write the values that it matches: ${written}.`;
}

/** Whether a `sub` value has the component `project_id`. */
export function namesProjectId(sub: string): boolean {
    return /(?:^|:)project_id:/.test(sub);
}

/** The claim that a value most likely belongs to; undefined if unclear. */
export function claimLike(value: string): "sub" | "aud" | "project_id" | undefined {
    if (/^(?:project_path|project_id):|(?:^|:)ref_type:/.test(value)) {
        return "sub";
    }
    if (/^https?:\/\//i.test(value) || value === "sts.amazonaws.com") {
        return "aud";
    }
    return /^\d+$/.test(value) ? "project_id" : undefined;
}

const EXAMPLES: Record<SubClaimComponent, string> = {
    project_path: "mygroup/myproject",
    project_id: "<project id>",
    ref_type: "branch",
    ref: "main",
    ref_protected: "true",
    environment_protected: "true",
    deployment_tier: "production",
};

/** An example of a `sub` claim of the components. */
export function exampleSub(components: readonly SubClaimComponent[]): string {
    return components.map((c) => `${c}:${EXAMPLES[c]}`).join(":");
}
