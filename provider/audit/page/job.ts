import { Findings } from "../../contract/findings";
import { quote } from "../../contract/quote";
import type { Cause, Finding, SubClaimComponent } from "../../contract/types";
import { GITLAB_COM, issuerOf } from "../../gitlab/issuer-url";
import { gitLabPathFindings } from "../../gitlab/paths";
import { refNameFindings } from "../../gitlab/refs";
import { COMPONENTS, componentsOf, DEFAULT_COMPONENTS, isOptional } from "../../gitlab/sub-claim";
import { conditionKeyFault, GITLAB_COM_KEYS } from "../../iam/condition-keys";
import { claimFault } from "../../trust/claims";
import { parseTrustPolicy, type Statement } from "../../trust/document";
import { evaluatePartly } from "../../trust/evaluate";
import { explainDenied, requestContext } from "../../trust/explain";
import type { AuditedRole, AuditReport, WitnessClaims } from "../report";
import { textOfSub, type TokenSub } from "../token-subs";
import { isForProject } from "./filter";

/** Claims that are condition keys for gitlab.com, and that the form does not need for the `sub` claim. */
export const FURTHER_CLAIMS = [
    "pipeline_source",
    "runner_environment",
    "user_access_level",
    "user_login",
    "user_email",
    "user_id",
    "namespace_id",
] as const;

/** Claims that only jobs with an environment have. */
export const ENVIRONMENT_CLAIMS = ["deployment_tier", "environment_protected"] as const;

/** The fields of the form: `issuer` without its scheme, `components` of the `sub` claim, and claims of the job. */
export const JOB_FIELDS = [
    "issuer",
    "project_path",
    "project_id",
    "ref_type",
    "ref",
    "ref_protected",
    ...ENVIRONMENT_CLAIMS,
    "components",
    "aud",
    ...FURTHER_CLAIMS,
] as const;

export type JobField = (typeof JOB_FIELDS)[number];

/** A job as the form describes it. An empty field is not known, or does not exist. */
export type JobForm = Readonly<Record<JobField, string>>;

/** Whether a trust policy allows a job. */
export interface JobVerdict {
    /** `depends` if that depends on condition keys that are not known. */
    readonly result: "allowed" | "denied" | "depends";
    /** The condition keys that it depends on. */
    readonly keys: readonly string[];
    /** Why it is denied; left out if it is not. */
    readonly cause?: string;
    /** How to allow it; left out if it is not denied. */
    readonly fix?: string;
}

/** Whether AWS would let a job have a role. */
export interface JobAnswer extends JobVerdict {
    readonly role: AuditedRole;
}

/** The components of `sub` claims in the report, GitLab's default first. */
export function subComponentsIn({ roles }: AuditReport): readonly string[] {
    const seen = new Set([textOfComponents(DEFAULT_COMPONENTS)]);
    for (const { sub } of roles.flatMap(({ subjects }) => subjects)) {
        if (sub !== null) {
            seen.add(textOfComponents(componentsOf(sub.value)));
        }
    }
    return [...seen];
}

function textOfComponents(components: readonly string[]): string {
    return components.join(",");
}

/** The form with the usual values in place of empty fields. */
export function completed(form: JobForm, issuers: readonly string[]): JobForm {
    const issuer = form.issuer || (issuers[0] ?? issuerOf(GITLAB_COM));
    return {
        ...form,
        issuer,
        ref_type: form.ref_type || "branch",
        components: form.components || textOfComponents(DEFAULT_COMPONENTS),
        aud: form.aud || `https://${issuer}`,
    };
}

/** The form for a job with the claims of an example. */
export function formOf(claims: WitnessClaims): JobForm {
    const given: Readonly<Record<string, string | number>> = {
        ...claims,
        issuer: issuerOf(claims.iss),
        components: textOfComponents(componentsOf(claims.sub)),
    };
    return Object.fromEntries(JOB_FIELDS.map((field) => [field, String(given[field] ?? "")])) as Record<
        JobField,
        string
    >;
}

/** The faults of a form. The path of each one is its field. */
export function formFaults(form: JobForm): readonly Finding[] {
    const findings = new Findings();
    const isGiven = (field: JobField, fix: string): boolean => {
        if (form[field] === "") {
            findings.add("required", field, "is missing.", fix);
        }
        return form[field] !== "";
    };
    if (isGiven("project_path", "Enter the path of the project, such as mygroup/myproject.")) {
        findings.addAll(gitLabPathFindings("project", form.project_path, "project_path"));
    }
    const kind = form.ref_type === "tag" ? "tag" : "branch";
    if (isGiven("ref", `Enter the name of the ${kind}.`)) {
        findings.addAll(refNameFindings(kind, form.ref, "ref"));
    }
    for (const component of subComponents(form)) {
        if (component === "project_id" || component === "ref_protected") {
            isGiven(component, "Enter it: it is a component of the `sub` claim.");
        }
    }
    for (const claim of ["project_id", ...FURTHER_CLAIMS] as const) {
        const fault = form[claim] === "" ? undefined : claimFault(claim, form[claim]);
        if (fault !== undefined) {
            findings.add(fault.id, claim, fault.message, fault.fix);
        }
    }
    return findings.errors;
}

function subComponents({ components }: JobForm): readonly SubClaimComponent[] {
    return components
        .split(",")
        .filter((name): name is SubClaimComponent => COMPONENTS.includes(name as SubClaimComponent));
}

type JobClaims = Parameters<typeof requestContext>[0];

/** The claims of the job that AWS evaluates, as far as the form has them. */
export function claimsOf(form: JobForm): WitnessClaims {
    const inSub = subComponents(form).filter((component) => !isOptional(component) || form[component] !== "");
    const sub: TokenSub = new Map(inSub.map((component) => [component, form[component]]));
    const names = form.issuer === issuerOf(GITLAB_COM) ? (GITLAB_COM_KEYS as readonly JobField[]) : [];
    return {
        iss: `https://${form.issuer}`,
        sub: textOfSub(sub),
        aud: form.aud,
        ...Object.fromEntries(names.filter((name) => form[name] !== "").map((name) => [name, form[name]])),
    };
}

/** Whether the statements of a trust policy allow a job at a time, in seconds since 1970. Claims that are missing are not known. */
export function verdictOf(statements: readonly Statement[], claims: JobClaims, now: number): JobVerdict {
    const context = requestContext(claims, now, {});
    const issuer = issuerOf(claims.iss);
    const isKnown = (key: string): boolean => context.has(key) || conditionKeyFault(key, issuer) !== undefined;
    const evaluation = evaluatePartly(statements, { issuer: claims.iss, context, isKnown });
    if (evaluation.allowed !== undefined) {
        return evaluation.allowed
            ? { result: "allowed", keys: [] }
            : { result: "denied", keys: [], ...explainDenied(evaluation, claims.iss, context) };
    }
    const open = evaluation.statements
        .filter(({ applies }) => applies === undefined)
        .flatMap(({ conditions }) => conditions.filter(({ met }) => met === undefined));
    return { result: "depends", keys: [...new Set(open.map(({ test }) => test.key))] };
}

/** Policies are read when the first job is checked, and kept for the next one. */
const statementsByRole = new WeakMap<AuditedRole, readonly Statement[]>();

function statementsOf(role: AuditedRole): readonly Statement[] {
    let statements = statementsByRole.get(role);
    if (statements === undefined) {
        ({ statements } = parseTrustPolicy(role.trustPolicy));
        statementsByRole.set(role, statements);
    }
    return statements;
}

/** The answer for each role: those that the job gets, then those for which the form is incomplete, then the others, the nearest first. */
export function answersFor(roles: readonly AuditedRole[], form: JobForm, now: number): readonly JobAnswer[] {
    const claims = claimsOf(form);
    return roles
        .map((role) => {
            const verdict = verdictOf(statementsOf(role), claims, now);
            const fault = verdict.result === "denied" ? undefined : providerFault(role, form.issuer);
            const answer: JobAnswer =
                fault === undefined ? { role, ...verdict } : { role, result: "denied", keys: [], ...fault };
            return { answer, place: 2 * RESULTS.indexOf(answer.result) + (isNear(role, form) ? 0 : 1) };
        })
        .sort((a, b) => a.place - b.place)
        .map(({ answer }) => answer);
}

/** The results, the best first. */
export const RESULTS: readonly JobVerdict["result"][] = ["allowed", "depends", "denied"];

function isNear(role: AuditedRole, form: JobForm): boolean {
    return role.trusts.some(({ issuer }) => issuer === form.issuer) && isForProject(role, form.project_path);
}

/** Why AWS denies the job before it evaluates the trust policy, as far as the report knows. */
function providerFault({ trusts, account }: AuditedRole, issuer: string): Cause | undefined {
    const trust = trusts.find((each) => each.issuer === issuer);
    if (trust?.providerExists === false) {
        return {
            cause: `The account ${account} has no identity provider for ${quote(`https://${issuer}`)}.`,
            fix: "Create the identity provider in the account of the role.",
        };
    }
    return trust?.listsAudience === false
        ? {
              cause: "The identity provider does not list an audience that the trust policy accepts.",
              fix: "Add the audience to the identity provider.",
          }
        : undefined;
}
