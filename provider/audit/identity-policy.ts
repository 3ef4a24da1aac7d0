import { readJsonObject, takeJsonObject } from "../contract/json-document";
import { isObject } from "../contract/object";
import { literalGlob, matchesGlob, parsePattern, variablesOf } from "../iam/glob";
import type { KeyTest } from "../iam/operators";
import { escapeDollar } from "../iam/policy-text";
import type { Truth } from "../iam/truth";
import { conditionsIn, LARGEST, statementsIn, supportsVariables, textsOf } from "../trust/document";
import { OTHER } from "./access-levels";
import type { Facts } from "./facts";

/** A statement of an identity policy or a permissions boundary. */
export interface PermissionStatement {
    /** `Statement[0]` */
    readonly path: string;
    readonly effect: "Allow" | "Deny";
    readonly actions: Actions;
    readonly resources: Resources;
    readonly conditions: readonly KeyTest[];
}

/** The `Action` or `NotAction` of a statement. */
export interface Actions {
    /** In lower case, because IAM ignores the case of actions. */
    readonly patterns: readonly string[];
    /** The text of the policy. */
    readonly written: readonly string[];
    /** Whether the statement covers all other actions. */
    readonly isNot: boolean;
}

/** The `Resource` or `NotResource` of a statement. */
export interface Resources {
    readonly patterns: readonly string[];
    /** Whether the statement covers all other resources. */
    readonly isNot: boolean;
}

/**
 * The statements of an identity policy or a permissions boundary, from JSON text or an object. Undefined if IAM would not store the
 * document.
 * Source: AWS, "Grammar of the IAM JSON policy language".
 */
export function readIdentityPolicy(document: unknown): readonly PermissionStatement[] | undefined {
    const { object } =
        typeof document === "string" ? readJsonObject(document, LARGEST) : takeJsonObject(document, LARGEST);
    if (object === undefined) {
        return undefined;
    }
    const hasVariables = supportsVariables(object);
    const statements = statementsIn(object).map(([statement, path]) => readStatement(statement, path, hasVariables));
    return statements.length > 0 && statements.every((s) => s !== undefined) ? statements : undefined;
}

function readStatement(statement: unknown, path: string, hasVariables: boolean): PermissionStatement | undefined {
    if (!isObject(statement)) {
        return undefined;
    }
    const { Effect: effect } = statement;
    const { tests, faults } = conditionsIn(statement, path, hasVariables);
    const action = listOrAllBut(statement, "Action");
    const resource = listOrAllBut(statement, "Resource");
    if ((effect !== "Allow" && effect !== "Deny") || !action || !resource || faults.length > 0) {
        return undefined;
    }
    return {
        path,
        effect,
        actions: {
            patterns: action.texts.map((a) => a.toLowerCase()),
            written: action.texts,
            isNot: action.isNot,
        },
        resources: {
            patterns: hasVariables ? resource.texts : resource.texts.map(escapeDollar),
            isNot: resource.isNot,
        },
        conditions: tests,
    };
}

/** The values of an element or of its opposite: `Action` or `NotAction`. Undefined if the statement does not have exactly one of the two. */
function listOrAllBut(
    statement: Readonly<Record<string, unknown>>,
    name: "Action" | "Resource",
): { readonly texts: readonly string[]; readonly isNot: boolean } | undefined {
    const { [name]: list, [`Not${name}`]: allBut } = statement;
    const texts = textsOf(list ?? allBut);
    return texts.length === 0 || (list !== undefined && allBut !== undefined)
        ? undefined
        : { texts, isNot: list === undefined };
}

/** Whether a statement covers an action, in lower case. */
export function coversAction({ patterns, isNot }: Actions, action: string): boolean {
    return patterns.some((pattern) => pattern === action || matchesPattern(pattern, action)) !== isNot;
}

/** Whether a pattern without variables matches the text. */
export function matchesPattern(pattern: string, text: string): boolean {
    if (pattern === "*") {
        return true;
    }
    const wildcard = pattern.search(/[*?]/);
    if (wildcard < 0 || !text.startsWith(pattern.slice(0, wildcard))) {
        return pattern === text;
    }
    return wildcard === pattern.length - 1 && pattern.endsWith("*") ? true : matchesGlob(literalGlob(pattern), text);
}

/** Whether a statement covers a resource. Undefined if that depends on a policy variable without a known value. */
export function coversResource({ patterns, isNot }: Resources, resource: string, facts: Facts): Truth {
    let truth: Truth = false;
    for (const pattern of patterns) {
        const matches = matchesResource(pattern, resource, facts);
        if (matches === true) {
            return !isNot;
        }
        truth = matches === undefined ? undefined : truth;
    }
    return truth === undefined ? undefined : isNot;
}

function matchesResource(pattern: string, resource: string, facts: Facts): Truth {
    if (!pattern.includes("${")) {
        return matchesPattern(pattern, resource);
    }
    const glob = parsePattern(pattern, facts.known);
    if (glob !== undefined) {
        return matchesGlob(glob, resource);
    }
    const unknown = variablesOf(pattern).some((name) => !facts.known.has(name) && !facts.absent.has(name));
    return unknown && matchesPattern(pattern.replaceAll(/\$\{[^}]*\}/g, "*"), resource) ? undefined : false;
}

/** A resource that matches the pattern, and as few other patterns as possible. */
export function exampleResource(pattern: string, { known }: Facts): string {
    if (pattern === "*") {
        return ANY_RESOURCE;
    }
    if (!/[*?$]/.test(pattern)) {
        return pattern;
    }
    return pattern.replaceAll(/\$\{([^}]*)\}|[*?]/g, (_, name: string | undefined) =>
        name === undefined ? OTHER : /^[*?$]$/.test(name) ? name : (known.get(name.trim().toLowerCase())?.[0] ?? OTHER),
    );
}

/** A resource that only a pattern for all resources matches. */
export const ANY_RESOURCE = `arn:aws:${[OTHER, OTHER, OTHER, OTHER].join(":")}`;
