import type { SubClaimComponent } from "../contract/types";
import { gitLabPathFindings } from "../gitlab/paths";
import { refNameFindings } from "../gitlab/refs";
import { componentsOf, meantSubs, namedComponents, parseSub } from "../gitlab/sub-claim";
import { NUMERIC } from "../iam/condition-keys";
import { matchesGlob, patternGlob } from "../iam/glob";
import { hasVariable, isPattern } from "../iam/policy-text";
import { parseOperator } from "../iam/operators";

/** A `sub` claim that GitLab can issue: the components in its order, with their values. */
export type TokenSub = ReadonlyMap<SubClaimComponent, string>;

/** Source: GitLab, "Environments", deployment tiers. */
export const DEPLOYMENT_TIERS = ["production", "staging", "testing", "development", "other"];
const FLAGS = ["true", "false"];

/** The components of a `sub` claim, if GitLab can issue a token with it. */
export function readTokenSub(sub: string): TokenSub | undefined {
    if (isPattern(sub)) {
        return undefined; // GitLab allows `*` and `?` neither in paths nor in refs
    }
    const components = namedComponents(sub);
    if (components === undefined || "why" in parseSub(sub, components)) {
        return undefined;
    }
    const parts = sub.split(":");
    const values = new Map(components.flatMap((name, i) => (parts[2 * i] === name ? [[name, parts[2 * i + 1]!]] : [])));
    const kind = values.get("ref_type") === "tag" ? "tag" : "branch";
    const isValid = [...values].every(([name, value]) => isValue(name, value, kind));
    return isValid ? values : undefined;
}

function isValue(name: SubClaimComponent, value: string, kind: "branch" | "tag"): boolean {
    switch (name) {
        case "project_path":
            return gitLabPathFindings("project", value, "").length === 0;
        case "project_id":
            return NUMERIC.pattern.test(value);
        case "ref":
            return refNameFindings(kind, value, "").length === 0;
        case "ref_type":
            return true; // checked by `parseSub`
        case "ref_protected":
        case "environment_protected":
            return FLAGS.includes(value);
        case "deployment_tier":
            return DEPLOYMENT_TIERS.includes(value);
    }
}

export function textOfSub(sub: TokenSub): string {
    return [...sub].map(([name, value]) => `${name}:${value}`).join(":");
}

/** Most mixtures of two lists. */
const MOST_MIXED = 200;

/** Each `sub` claim of the first list with one component of each claim of the second. */
export function mixedSubs(subs: readonly TokenSub[], others: readonly TokenSub[]): readonly TokenSub[] {
    const mixed = subs.flatMap((sub) =>
        others.flatMap((other) =>
            [...sub.keys()].flatMap((name) => {
                const value = other.get(name);
                return value === undefined || value === sub.get(name) ? [] : [new Map([...sub, [name, value]])];
            }),
        ),
    );
    return mixed.slice(0, MOST_MIXED);
}

/** How wildcards in the parts of a `sub` value are filled in. */
export interface Filling {
    readonly firstSegment: string;
    readonly middleSegment: string;
    readonly lastSegment: string;
    /** Text for a wildcard within a segment or ref. */
    readonly part: string;
    readonly branch: string;
    readonly tag: string;
    readonly projectId: string;
}

/** Names that a reader recognizes as examples. */
export const EXAMPLE: Filling = {
    firstSegment: "my-group",
    middleSegment: "my-subgroup",
    lastSegment: "my-project",
    part: "1",
    branch: "my-branch",
    tag: "v1.0",
    projectId: "4711",
};

/** Names of somebody who should not get in. */
export const STRANGER: Filling = {
    firstSegment: "stranger",
    middleSegment: "stranger",
    lastSegment: "unexpected-project",
    part: "-evil",
    branch: "unexpected-branch",
    tag: "unexpected-tag",
    projectId: "99",
};

/** Examples that are kept for one value. */
const MOST_SUBS = 8;

/**
 * `sub` claims of GitLab that meet a condition on `sub` with one value: some of them if there are many, none if no token can meet it.
 * The budget limits the searches that try many texts.
 */
export function subsMeeting(
    operator: string,
    value: string,
    filling: Filling,
    budget: { costly: number },
): readonly TokenSub[] {
    if (hasVariable(value)) {
        return [];
    }
    const isLike = parseOperator(operator)?.base === "StringLike";
    if (!isLike || !isPattern(value.replace(ESCAPE, ""))) {
        return subsAmong([value.replace(ESCAPE, "$1")]);
    }
    const glob = patternGlob(value);
    const matching = (texts: readonly string[]): readonly TokenSub[] =>
        subsAmong(texts.filter((text) => matchesGlob(glob, text)));
    const inComponents = matching(readingsOf(value).flatMap((reading) => filledReadings(reading, filling)));
    if (inComponents.length > 0 || budget.costly === 0) {
        return inComponents;
    }
    budget.costly -= 1;
    return matching(filledFreely(value, filling));
}

const ESCAPE = /\$\{([*?$])\}/g;

/** The shape of all `sub` claims of GitLab, for a quick no. */
const SHAPE = /^project_(?:path|id):[^:]+(?::[a-z_]+:[^:]+)*$/;

/** Whether some `sub` claim of GitLab can begin like the value, up to its first wildcard or escape. */
export function canBeginSub(value: string): boolean {
    const [beginning] = value.split(/[*?$]/, 1) as [string];
    return ["project_path:", "project_id:"].some((name) => name.startsWith(beginning) || beginning.startsWith(name));
}

/** The texts that are `sub` claims of GitLab, each once. */
function subsAmong(texts: readonly string[]): readonly TokenSub[] {
    const found: TokenSub[] = [];
    for (const text of new Set(texts)) {
        const sub = SHAPE.test(text) ? readTokenSub(text) : undefined;
        if (sub !== undefined && found.push(sub) === MOST_SUBS) {
            break;
        }
    }
    return found;
}

/** Patterns that the pattern matches and whose wildcards stay within components; the ones with a ref first, as in most tokens. */
function readingsOf(pattern: string): readonly string[] {
    const components = componentsOf(pattern);
    return "why" in parseSub(pattern, components) ? [...meantSubs(pattern, components).readings, pattern] : [pattern];
}

/** A pattern with the wildcards within its components filled in. */
function filledReadings(pattern: string, filling: Filling): readonly string[] {
    const parts = pattern.split(":");
    const at = parts.indexOf("ref_type");
    const type = at < 0 ? "branch" : (parts[at + 1] ?? "branch");
    const kinds = (["branch", "tag"] as const).filter((kind) => matchesGlob(patternGlob(type), kind));
    return (kinds.length > 0 ? kinds : (["branch"] as const)).flatMap((kind) =>
        FLAGS.map((flag) =>
            parts
                .map((part, i) => (i % 2 === 0 ? part : filledValue(parts[i - 1]!, part, { kind, flag, filling })))
                .join(":"),
        ),
    );
}

interface Choice {
    readonly kind: "branch" | "tag";
    readonly flag: string;
    readonly filling: Filling;
}

function filledValue(name: string, value: string, { kind, flag, filling }: Choice): string {
    if (!isPattern(value.replace(ESCAPE, ""))) {
        return value.replace(ESCAPE, "$1");
    }
    const isAny = /^\*+$/.test(value);
    switch (name) {
        case "project_path":
            return filledPath(value, filling);
        case "project_id":
            return isAny ? filling.projectId : filledText(value, /^\d*\*$/.test(value) ? filling.projectId : "1");
        case "ref_type":
            return kind;
        case "ref":
            return isAny ? filling[kind] : filledText(value, filling.part);
        case "deployment_tier":
            return DEPLOYMENT_TIERS.find((tier) => matchesGlob(patternGlob(value), tier)) ?? "";
        default:
            return flag;
    }
}

function filledPath(pattern: string, filling: Filling): string {
    const segments = pattern.split("/");
    const last = segments.length - 1;
    const filled = segments
        .map((segment, i) => {
            const whole = i === 0 ? filling.firstSegment : i === last ? filling.lastSegment : filling.middleSegment;
            return /^\*+$/.test(segment) ? whole : filledText(segment, filling.part);
        })
        .join("/");
    return last === 0 && pattern.endsWith("*") ? `${filled}/${filling.lastSegment}` : filled;
}

/** The text with its wildcards filled in; names cannot begin with a hyphen. */
function filledText(pattern: string, part: string): string {
    return pattern.replace(/\$\{([*?$])\}|\*+|\?/g, (wildcard: string, escaped: string | undefined, at: number) =>
        escaped !== undefined ? escaped : wildcard === "?" ? "1" : at === 0 ? part.replace(/^-/, "") : part,
    );
}

/** Combinations that are tried for one pattern. */
const MOST_TRIES = 2_000;

/** A pattern whose wildcards may cross components. */
function filledFreely(pattern: string, filling: Filling): readonly string[] {
    const parts = pattern.split(/(\$\{[*?$]\}|\*+|\?)/);
    const path = `${filling.firstSegment}/${filling.lastSegment}`;
    const whole = ["project_path:", path, ":ref_type:branch:ref:", filling.branch];
    // Every stretch of a whole `sub` claim that ends or begins where one of its parts does.
    const stretches = [
        whole.join(""),
        ...whole.flatMap((_, from) =>
            whole.slice(from).map((__, length) => whole.slice(from, from + length + 1).join("")),
        ),
        `project_id:${filling.projectId}:ref_type:branch:ref:${filling.branch}`,
        `/${filling.lastSegment}`,
        `${filling.part}/${filling.lastSegment}`,
        `/${filling.lastSegment}:ref_type:branch:ref:${filling.branch}`,
        `${filling.part}/${filling.lastSegment}:ref_type:branch:ref:${filling.branch}`,
        `${filling.part}:ref_type:branch:ref:${filling.branch}`,
        `ref_type:branch:ref:${filling.branch}`,
        `branch:ref:${filling.branch}`,
        `ref:${filling.branch}`,
        `project_path:${filling.firstSegment}/`,
        `${filling.firstSegment}/`,
        filling.firstSegment,
        filling.lastSegment,
        "",
        ":ref_type:branch:",
        "branch",
        "ref_type:branch:ref:",
        "ref_type:branch",
    ];
    const stars = parts.filter((part) => /^\*/.test(part)).length;
    const choices = stars < 3 ? stretches : likelyStretches(filling);
    const tries = Math.min(choices.length ** Math.min(stars, 3), MOST_TRIES);
    return Array.from({ length: tries }, (_, n) => {
        let rest = n;
        return parts
            .map((part) => {
                if (/^\*/.test(part)) {
                    const stretch = choices[rest % choices.length]!;
                    rest = Math.floor(rest / choices.length);
                    return stretch;
                }
                return part === "?" ? "1" : part.replace(ESCAPE, "$1");
            })
            .join("");
    });
}

/** The stretches that are tried if there are so many wildcards that not all combinations can be tried. */
function likelyStretches({ part, firstSegment, lastSegment, branch }: Filling): readonly string[] {
    return [
        part,
        ":ref_type:branch:",
        lastSegment,
        "",
        `/${lastSegment}`,
        `${part}/${lastSegment}`,
        `:ref_type:branch:ref:${branch}`,
        `${part}:ref_type:branch:`,
        branch,
        `${firstSegment}/${lastSegment}`,
        "project_path:",
        "branch",
    ];
}
