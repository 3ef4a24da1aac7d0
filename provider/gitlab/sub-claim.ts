import { Findings } from "../contract/findings";
import { quote } from "../contract/quote";
import type { SubClaimComponent, Subject } from "../contract/types";
import { UNKNOWN, type MaybeUnknown, known } from "../contract/unknown";
import { isPattern } from "../iam/policy-text";

/** What GitLab puts into `sub` unless the project's setting says otherwise. */
export const DEFAULT_COMPONENTS: readonly SubClaimComponent[] = ["project_path", "ref_type", "ref"];

/** Every component that GitLab's setting takes. */
export const COMPONENTS: readonly SubClaimComponent[] = [
    "project_path",
    "project_id",
    "ref_type",
    "ref",
    "ref_protected",
    "environment_protected",
    "deployment_tier",
];

/** Reports declared sub claim components that GitLab's setting does not take. */
export function checkComponents(
    late: MaybeUnknown<readonly string[] | undefined>,
    path: string,
    findings: Findings,
): void {
    const components = known(late)?.filter((c) => c !== UNKNOWN);
    if (components === undefined || components.length !== known(late)!.length) {
        return;
    }
    const fault = (message: string, cure: string): void => findings.add("sub-components", path, message, cure);
    const first = components[0];
    if (first !== "project_path" && first !== "project_id") {
        fault(
            first === undefined ? "is empty." : `begins with ${quote(first)}.`,
            "GitLab wants `project_path` or `project_id` first: copy the project's setting `ci_id_token_sub_claim_components`.",
        );
    }
    const unknown = components.filter((c) => !COMPONENTS.includes(c as SubClaimComponent));
    if (unknown.length > 0) {
        fault(
            `has ${unknown.map(quote).join(", ")}, which GitLab does not offer.`,
            `Use some of ${COMPONENTS.join(", ")}.`,
        );
    }
    const twice = components.filter((c, i) => components.indexOf(c) < i);
    if (twice.length > 0) {
        fault(
            `has ${twice.map(quote).join(", ")} more than once.`,
            "Name each component once, in the setting's order.",
        );
    }
}

interface SubFault {
    readonly id: "sub-shape" | "ref-type";
    readonly why: string;
}

/** A `sub` value as the fields it is made of, or what is wrong with its shape. */
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
                    ? "ends with a wildcard that stands for whole components, so that it admits branches and tags alike"
                    : `has no value after ${quote(name)}`,
            );
        }
        const found = components.indexOf(name as SubClaimComponent, position);
        if (found < 0) {
            const expected = components[position];
            return fault(
                isPattern(name)
                    ? `has the wildcard ${quote(name)} where the name of a component belongs`
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
            why: `has ref_type ${quote(refType)}: it is literally "branch" or "tag" (a merge request's is "branch"; a wildcard lets a tag named like the branch in)`,
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

function isOptional(component: SubClaimComponent): boolean {
    return component === "environment_protected" || component === "deployment_tier";
}

const EXAMPLES: Record<SubClaimComponent, string> = {
    project_path: "mygroup/myproject",
    project_id: "4711",
    ref_type: "branch",
    ref: "main",
    ref_protected: "true",
    environment_protected: "true",
    deployment_tier: "production",
};

/** An example of a `sub` claim of the components. */
export function shapeOf(components: readonly SubClaimComponent[]): string {
    return components.map((c) => `${c}:${EXAMPLES[c]}`).join(":");
}
