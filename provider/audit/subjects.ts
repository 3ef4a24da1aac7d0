import type { Subject } from "../contract/types";
import { componentsOf, meantSubs, parseSub } from "../gitlab/sub-claim";
import { isPattern, unescapeDollar } from "../iam/policy-text";
import { limitsPresent, listedValues } from "../trust/conditions";
import type { ConditionTest, Statement } from "../trust/document";
import { matchesPrincipal } from "../trust/evaluate";
import { coversWebIdentity, pathOfValue, testsOf } from "../trust/statement";
import type { SubjectScope } from "./report";
import { canBeginSub } from "./token-subs";

/** Jobs that one statement allows: one value of its condition on `sub`, or all jobs if there is no such condition. */
export interface TrustSubject {
    readonly statement: Statement;
    readonly issuer: string;
    /** Property path of the value, or of the statement's conditions. */
    readonly path: string;
    readonly test: ConditionTest | undefined;
    readonly value: string | undefined;
}

/** Whether a statement allows the call of a job with a token of the issuer, given without its scheme, if its conditions are met. */
export function isAboutIssuer(statement: Statement, issuer: string): boolean {
    return statement.effect === "Allow" && matchesPrincipal(statement, issuer) && coversWebIdentity(statement);
}

/** The subjects of an issuer, in the order of the policy. */
export function subjectsOf(statements: readonly Statement[], issuer: string): readonly TrustSubject[] {
    return statements
        .filter((statement) => isAboutIssuer(statement, issuer))
        .flatMap((statement): TrustSubject[] => {
            const test = testsOf(statement, issuer, "sub").find(limitsPresent);
            return test === undefined
                ? [{ statement, issuer, path: `${statement.path}.Condition`, test, value: undefined }]
                : test.values.map((value, i) => ({ statement, issuer, path: pathOfValue(test, i), test, value }));
        });
}

/** The value of `sub` as fields of a subject; undefined if GitLab's claim never has its shape. */
export function subFieldsOf({ test, value }: TrustSubject): Subject | undefined {
    if (value === undefined || test === undefined) {
        return undefined;
    }
    const text = unescapeDollar(value);
    const components = componentsOf(text);
    const fields = parseSub(text, components);
    if (!("why" in fields)) {
        return fields;
    }
    const readings = test.operator.includes("Like") ? meantSubs(text, components).readings : [];
    const read = readings.map((reading) => parseSub(reading, components)).filter((f) => !("why" in f));
    const [first, second] = read as [Subject?, Subject?];
    // Readings for branches and for tags differ in the ref only.
    return first === undefined ? undefined : second === undefined ? first : { ...first, ...second };
}

/** The projects of a subject. */
export function scopeOf(subject: TrustSubject): SubjectScope {
    const { statement, issuer, test, value } = subject;
    const fields = subFieldsOf(subject);
    const inSub = fields?.projectId !== undefined && !isPattern(fields.projectId) ? [fields.projectId] : undefined;
    const tests = testsOf(statement, issuer, "project_id");
    const projectIds = inSub ?? listedValues(tests) ?? [];
    const isLiteral = test !== undefined && !test.operator.includes("Like");
    const written = /^project_path:([^:]+)/.exec(value ?? "")?.[1];
    const path = fields?.project ?? fields?.group ?? written ?? "";
    const isProject = fields?.group === undefined && path !== "" && (isLiteral || !isPattern(path));
    const kind = isProject || projectIds.length > 0 ? "project" : kindOfPattern(fields, path, value);
    return { kind, path: kind === "instance" ? "" : path, projectIds: [...projectIds].sort() };
}

function kindOfPattern(fields: Subject | undefined, path: string, value: string | undefined): SubjectScope["kind"] {
    if (value === undefined || /^(?:project_(?:path|id):)?\*+/.test(value)) {
        return "instance";
    }
    if (fields?.group !== undefined) {
        return "group";
    }
    return path !== ""
        ? path.startsWith("*")
            ? "instance"
            : "pattern"
        : fields === undefined
          ? "unknown"
          : "instance";
}

/** The branches and tags of a subject. */
export function refsOf(subject: TrustSubject): "one" | "some" | "any" | "unknown" {
    const fields = subFieldsOf(subject);
    if (subject.value === undefined || /^\*+$/.test(subject.value)) {
        return "any";
    }
    const ref = fields?.branch ?? fields?.tag;
    const isLiteral = subject.test?.operator.includes("Like") === false;
    return ref === undefined ? "unknown" : /^\*+$/.test(ref) ? "any" : isPattern(ref) && !isLiteral ? "some" : "one";
}

/** Whether a value of `sub` is a pattern whose wildcards can match several components: the search for examples tries only some of them. */
export function isUnusual({ test, value }: TrustSubject): boolean {
    const isLiteral = test?.operator.includes("Like") === false;
    if (value === undefined || isLiteral || !isPattern(value) || !canBeginSub(value)) {
        return false;
    }
    return "why" in parseSub(unescapeDollar(value), componentsOf(value));
}
