import { withoutAccepted } from "../contract/accept";
import { Findings } from "../contract/findings";
import { quote } from "../contract/quote";
import { type RuleId } from "../contract/rules";
import type {
    Finding,
    LintTrustPolicyArgs,
    LintTrustPolicyResult,
    SubClaimComponent,
    Subject,
} from "../contract/types";
import { GITLAB_COM, issuerOf } from "../gitlab/issuer-url";
import { WrittenPaths } from "../gitlab/path-case";
import { meantPath } from "../gitlab/paths";
import { meantRef } from "../gitlab/refs";
import {
    claimLike,
    componentsOf,
    exampleSub,
    meantSubs,
    namesProjectId,
    parseSub,
    pathOf,
    shapeFix,
} from "../gitlab/sub-claim";
import { examplePrincipal, exampleProviderArn, parseProviderArn } from "../iam/arn";
import { audienceFindings } from "../iam/audiences";
import { claimOf, conditionKeyFault, GITLAB_COM_KEYS, isClaimKey } from "../iam/condition-keys";
import { issuerOfProvider, otherIssuer } from "../iam/other-issuers";
import { mayBeGitLab } from "./gitlab-issuers";
import { hasVariable, isPattern, unescapeDollar } from "../iam/policy-text";
import { claimFault, FIND_PROJECT_ID, weakClaims } from "./claims";
import {
    allowedValues,
    checkOperator,
    conditionText,
    excludeEachOther,
    isPositive,
    limitsPresent,
    listedValues,
    testFindings,
} from "./conditions";
import { parseTrustPolicy, VERSION, type ConditionTest, type Statement } from "./document";
import { providerArnFindings, policySize, TRUST_POLICY_MAXIMUM, TRUST_POLICY_QUOTA } from "./policy";
import type { FoundPolicy } from "./role-output";
import { isForEverybody, namesWebIdentity, pathOfValue, providersOf, testsOf, uncheckedParts } from "./statement";
import { checkSubject, longSubFindings, uniqueById } from "./subject";

/**
 * Everything that is wrong with a trust policy for GitLab, or risky but valid, and the statements that were not checked. The policy may
 * come from anywhere.
 */
export function lintPolicy({
    trustPolicy,
    url,
    subClaimComponents,
    accept = [],
}: LintTrustPolicyArgs): LintTrustPolicyResult {
    const findings = new Findings();
    const { statements, findings: rejected, found } = parseTrustPolicy(trustPolicy);
    findings.addAll(rejected);
    const isPolicy = rejected.length === 0;
    if (isPolicy) {
        lintDocument(found!, findings);
    }
    const allowing = statements.filter((s) => s.effect === "Allow");
    const context: Context = { url, components: subClaimComponents };
    for (const statement of allowing) {
        lintStatement(statement, context, findings);
    }
    const unchecked = allowing.flatMap(uncheckedParts);
    const isForUrl = (provider: string): boolean =>
        mayBeGitLab(provider) || (url !== undefined && issuerOfProvider(provider) === issuerOf(url));
    if (url !== undefined && !allowing.some((s) => providersOf(s).some(isForUrl))) {
        // A statement that tests keys of the instance is reported already.
        const testsKeys = (path: string): boolean =>
            allowing.some(
                (s) => s.path === path && s.conditions.some((t) => claimOf(t.key, issuerOf(url)) !== undefined),
            );
        for (const { path } of unchecked.filter((u) => !testsKeys(u.path))) {
            findings.add(
                "provider-arn",
                `${path}.Principal`,
                `is not the identity provider of ${quote(url)}: no job of that instance can assume the role.`,
                `Write ${examplePrincipal(issuerOf(url))}.`,
            );
        }
    }
    lintPathCase(allowing, subClaimComponents, findings);
    if (isPolicy && allowing.length === 0) {
        findings.add("no-subject", "", "No statement allows anything.", "Add an Allow statement for your jobs.");
    }
    return { findings: [...findings.errors, ...withoutAccepted(findings.warnings, accept, "")], unchecked };
}

/** The instance that the policy is for, and its setting. */
interface Context {
    readonly url: string | undefined;
    readonly components: readonly SubClaimComponent[] | undefined;
}

/** Whether the policy allows something, and nothing of it was checked. */
export function isUnchecked(trustPolicy: unknown, { unchecked }: Pick<LintTrustPolicyResult, "unchecked">): boolean {
    const allowing = parseTrustPolicy(trustPolicy).statements.filter((s) => s.effect === "Allow");
    return allowing.length > 0 && allowing.every((s) => unchecked.some(({ path }) => path === s.path));
}

function lintStatement(statement: Statement, context: Context, findings: Findings): void {
    const { path } = statement;
    const isForAll = isForEverybody(statement);
    if (isForAll) {
        findings.add(
            "principal",
            `${path}.Principal`,
            'is "*", which trusts everyone, with or without an ID token.',
            `Write ${examplePrincipal("ISSUER")}.`,
        );
    }
    const providers = providersOf(statement);
    const federated = providers.filter(mayBeGitLab);
    if (federated.length === 0) {
        if (namesWebIdentity(statement) && !isForAll && providers.length === 0) {
            findings.add(
                "principal",
                `${path}.Principal`,
                "names no identity provider, so no ID token is accepted.",
                `Write ${examplePrincipal("ISSUER")}.`,
            );
        }
        lintForeignKeys(statement, providers, findings);
        return;
    }
    if (!namesWebIdentity(statement) || statement.isNotAction) {
        findings.add(
            "action",
            `${path}.${statement.isNotAction ? "NotAction" : "Action"}`,
            `${statement.isNotAction ? "covers every action except" : "is"} ${statement.actions.map(quote).join(", ") || "missing"}, but a job calls sts:AssumeRoleWithWebIdentity.`,
            'Write "Action": "sts:AssumeRoleWithWebIdentity".',
        );
    }
    for (const arn of federated) {
        lintProvider(arn, statement, context, findings);
    }
}

/** Reports conditions on tokens of GitLab under the identity provider of another service. */
function lintForeignKeys(statement: Statement, providers: readonly string[], findings: Findings): void {
    const issuers = providers.map((provider) => issuerOfProvider(provider).toLowerCase());
    const prefixOf = ({ key }: ConditionTest): string => key.slice(0, Math.max(key.lastIndexOf(":"), 0)).toLowerCase();
    const foreign = (providers.length === 0 ? [] : statement.conditions).filter((test) => {
        const prefix = prefixOf(test);
        return prefix.includes(".") && !issuers.includes(prefix) && otherIssuer(prefix) === undefined;
    });
    for (const prefix of new Set(foreign.map(prefixOf))) {
        const tests = foreign.filter((test) => prefixOf(test) === prefix);
        const keys = [...new Set(tests.map(({ key }) => quote(key)))];
        findings.add(
            "condition-key",
            tests[0]!.path,
            `${keys.join(" and ")} ${keys.length === 1 ? "is a key" : "are keys"} of ${quote(prefix)}, but the statement trusts ${quote(providers[0])}. The condition is never met.`,
            `Trust the issuer of the ${keys.length === 1 ? "key" : "keys"}: "Federated": "${exampleProviderArn(prefix, parseProviderArn(providers[0]!))}".`,
        );
    }
}

function lintProvider(arn: string, statement: Statement, { url, components }: Context, findings: Findings): void {
    findings.addAll(providerArnFindings(arn, url, `${statement.path}.Principal.Federated`));
    const issuer = parseProviderArn(arn)?.issuer;
    if (issuer === undefined || (url !== undefined && issuer !== issuerOf(url))) {
        return;
    }
    for (const test of statement.conditions) {
        lintCondition(test, issuer, findings);
    }
    const { beside, findings: ofClaims } = claimFindings(statement, issuer);
    lintSub(statement, { issuer, declared: components, beside }, findings);
    findings.addAll(ofClaims);
    lintAudience(statement, issuer, findings);
}

function lintCondition(test: ConditionTest, issuer: string, findings: Findings): void {
    const parsed = checkOperator(test.operator, test.path, findings);
    if (parsed !== undefined) {
        findings.addAll(testFindings({ test, parsed, issuer, caller: "job", pathOf: (i) => pathOfValue(test, i) }));
    }
}

/** Restrictions by conditions on other claims, which apply in addition to a `sub` value. */
interface Beside {
    /** The project's numeric ID, one of them if several are allowed; undefined if any is. */
    readonly projectId: string | undefined;
    /** Undefined if both are allowed. */
    readonly refProtected: "true" | "false" | undefined;
}

/** Whether the statement tests the claim of another issuer: no job meets that, and the key is reported already. */
function isTestedForOther({ conditions }: Statement, issuer: string, claim: string): boolean {
    return conditions.some(
        (t) =>
            isPositive(t) &&
            t.key.toLowerCase().endsWith(`:${claim}`) &&
            conditionKeyFault(t.key, issuer) !== undefined,
    );
}

interface SubContext {
    readonly issuer: string;
    readonly declared: readonly SubClaimComponent[] | undefined;
    readonly beside: Beside;
}

function lintSub(statement: Statement, context: SubContext, findings: Findings): void {
    const { issuer } = context;
    const tests = testsOf(statement, issuer, "sub");
    const limiting = tests.filter(limitsPresent);
    const isElsewhere = (): boolean =>
        testsOf(statement, issuer, "aud").some((t) => t.values.some((v) => claimLike(v) === "sub"));
    const isNever = tests.some(
        (t) => t.operator === "Null" && t.values.length > 0 && t.values.every((v) => v.toLowerCase() === "true"),
    );
    if (limiting.length === 0 && !isElsewhere() && !isNever && !isTestedForOther(statement, issuer, "sub")) {
        findings.add(
            tests.length === 0 ? "no-subject" : "negative-only",
            `${statement.path}.Condition`,
            tests.length === 0
                ? `does not test "${issuer}:sub": every job of every project on the instance can assume the role.`
                : `tests "${issuer}:sub" only with conditions that jobs of other projects also meet: they can assume the role.`,
            `Add "StringEquals": { "${issuer}:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main" }.`,
        );
    }
    if (limiting.length > 1) {
        findings.add(
            "anded-subjects",
            `${statement.path}.Condition`,
            `has ${String(limiting.length)} conditions on "${issuer}:sub", and a job must meet all of them. Values under two operators are not alternatives.`,
            "Put all values under one StringLike, or write one statement for each operator.",
        );
    }
    for (const test of limiting) {
        test.values.forEach((sub, i) => {
            findings.addAll(subFindings(sub, pathOfValue(test, i), context));
        });
    }
}

/** Findings about a path with a wildcard that do not apply if the numeric ID pins the project. */
const ABOUT_PATHS: ReadonlySet<string> = new Set(["several-scopes", "path-wildcard"]);

/** Findings about one value of `sub`. */
function subFindings(sub: string, at: string, context: SubContext): readonly Finding[] {
    const { issuer, declared, beside } = context;
    const findings = new Findings();
    const kind = claimLike(sub);
    const components = declared ?? componentsOf(sub);
    const isPinned = beside.projectId !== undefined && !components.includes("project_id");
    if (hasVariable(sub)) {
        return []; // already reported for the condition
    }
    if (kind === "aud" || kind === "project_id") {
        const isKeyHere = kind === "aud" || issuer === issuerOf(GITLAB_COM);
        findings.add(
            "sub-shape",
            at,
            `${quote(sub)} is ${kind === "aud" ? "an audience" : "a project's id"}, not a subject: no token has it as \`sub\`.`,
            `${isKeyHere ? `Move it: ${conditionText("StringEquals", `${issuer}:${kind}`, [sub])}. A` : "Leave it out: a"} subject looks like "${exampleSub(components)}".`,
        );
        return findings.errors;
    }
    if (/^\*+$/.test(sub) || (!isPinned && /^project_(path|id):\*+$/.test(sub))) {
        findings.add(
            "no-subject",
            at,
            `${quote(sub)} allows every job of every project on the instance.`,
            'Name the project and the branch: "project_path:mygroup/myproject:ref_type:branch:ref:main".',
        );
        return findings.errors;
    }
    findings.addAll(longSubFindings("The", sub, at));
    const text = unescapeDollar(sub);
    const fields = parseSub(text, components);
    if ("why" in fields) {
        const meant = meantSubs(text, components);
        findings.add(fields.id, at, `${quote(sub)} ${fields.why}.`, shapeFix(meant));
        const readings = meant.readings.map((reading) => parseSub(reading, components) as Subject);
        findings.addAll(uniqueById(readings.flatMap((f) => fieldsFindings(f, at, { ...context, components }))));
    } else {
        findings.addAll(fieldsFindings(fields, at, { ...context, components }));
    }
    return [...findings.errors, ...findings.warnings];
}

/** Findings about the fields of a value of `sub`. */
function fieldsFindings(
    fields: Subject,
    at: string,
    { issuer, components, beside }: SubContext & { readonly components: readonly SubClaimComponent[] },
): readonly Finding[] {
    const { projectId, refProtected } = beside;
    const isPinned = projectId !== undefined && !components.includes("project_id");
    const subject = {
        ...fields,
        ...(isPinned && { projectId }),
        ...(refProtected !== undefined && !components.includes("ref_protected") && { refProtected }),
    };
    const found = new Findings();
    checkSubject(subject, { url: `https://${issuer}`, components }, "subject", found);
    return [...found.errors, ...found.warnings]
        .filter(({ id }) => !(isPinned && ABOUT_PATHS.has(id)))
        .map((f) => ({ ...f, path: at, fix: fixInPolicy(f, fields, issuer) }));
}

/** The fix of a finding about inputs, in the words of a policy. */
function fixInPolicy({ id, fix }: Finding, fields: Subject, issuer: string): string {
    const { group, project, branch, tag, environmentProtected = "true", deploymentTier = "production" } = fields;
    const path = project ?? group ?? "";
    const segments = path.split("/");
    const above = segments.slice(0, Math.max(segments.findIndex(isPattern), 0)).join("/");
    const whole = project === undefined ? undefined : meantPath("project", project);
    const ref = meantRef(branch === undefined ? "tag" : "branch", branch ?? tag ?? "");
    const isProtected =
        issuer === issuerOf(GITLAB_COM)
            ? `add "StringEquals": { "${issuer}:ref_protected": "true" }`
            : "add `ref_protected` to the project's sub claim (GitLab 18.7) and let the value end with `ref_protected:true`";
    const fixes: { readonly [K in RuleId]?: string } = {
        "gitlab-path":
            whole !== undefined
                ? `Write "project_path:${whole}:…".`
                : meantPath("group", path) !== undefined
                  ? `Write "project_path:${path}/myproject:…", or "project_path:${path}/*:…" for every project below it.`
                  : 'Write the path as GitLab shows it: "project_path:mygroup/myproject:…".',
        "path-wildcard":
            meantPath("group", above) === undefined
                ? 'Name the group and the project: "project_path:mygroup/myproject:…".'
                : `Write the whole path of each project, or "project_path:${above}/*:…" for all of the group.`,
        "group-wide": `Write "project_path:${group ?? above}/myproject:…" for each project.`,
        "ref-name":
            ref === undefined
                ? 'Write the short name: "…:ref_type:branch:ref:main" or "…:ref_type:tag:ref:v1.0".'
                : `Write "…:ref_type:${ref.kind}:ref:${ref.name}".`,
        "any-branch": `Write "…:ref_type:branch:ref:main", or protect the branches and ${isProtected}.`,
        "unprotected-branch": `Name the branch, or protect the branches and ${isProtected}.`,
        "unprotected-tag": `Protect the tags and ${isProtected}.`,
        "path-only": `Add "StringEquals": { "${issuer}:project_id": "<project id>" }. ${FIND_PROJECT_ID}`,
        "environment-pair": `Write both: "…:environment_protected:${String(environmentProtected)}:deployment_tier:${deploymentTier}", in the setting's order.`,
        "claim-issuer": "Remove it: AWS cannot check it for this instance.",
    };
    return fixes[id as RuleId] ?? fix;
}

/** Compares the paths of groups and projects in one policy, in conditions that compare exactly. */
function lintPathCase(
    statements: readonly Statement[],
    declared: readonly SubClaimComponent[] | undefined,
    findings: Findings,
): void {
    const tests = statements
        .flatMap((s) => s.conditions)
        .filter((t) => /:sub$/i.test(t.key) && isPositive(t) && !/IgnoreCase/.test(t.operator));
    if (tests.reduce((count, { values }) => count + values.length, 0) < 2) {
        return; // one path has no other to differ from
    }
    for (const prefix of new Set(tests.map(({ key }) => key.slice(0, -":sub".length).toLowerCase()))) {
        const paths = tests
            .filter((t) => isClaimKey(t.key, prefix, "sub"))
            .flatMap((test) =>
                test.values.flatMap((sub, i) => {
                    const path = pathOf({ sub }, declared ?? componentsOf(sub))?.path;
                    return path === undefined ? [] : [{ path, at: pathOfValue(test, i) }];
                }),
            );
        new WrittenPaths().add(paths, findings);
    }
}

/** Restrictions by gitlab.com's other keys, and findings if they exclude each other or restrict less than they seem to. */
function claimFindings(
    statement: Statement,
    issuer: string,
): { readonly beside: Beside; readonly findings: readonly Finding[] } {
    const findings = new Findings();
    const prefix = `${issuer}:`;
    const tests = new Map<string, ConditionTest[]>();
    for (const test of issuer === issuerOf(GITLAB_COM) ? statement.conditions : []) {
        const claim = claimOf(test.key, issuer) ?? "";
        if (GITLAB_COM_KEYS.includes(claim)) {
            tests.set(claim, [...(tests.get(claim) ?? []), test]);
        }
    }
    if (tests.size === 0) {
        return { beside: { projectId: undefined, refProtected: undefined }, findings: [] };
    }
    const of = (claim: string): readonly ConditionTest[] => tests.get(claim) ?? [];
    for (const [claim, together] of [...tests].filter(([, list]) => list.length > 1)) {
        if (excludeEachOther(claim, together)) {
            findings.add(
                "condition-conflict",
                `${statement.path}.Condition`,
                `has ${String(together.length)} conditions on "${prefix}${claim}" that exclude each other: no job can assume the role.`,
                "Put all intended values under one of them.",
            );
        }
    }
    const ids = listedValues(of("project_id")) ?? [];
    const isPinned = ids.length > 0 && ids.every((id) => claimFault("project_id", id) === undefined);
    const subs = testsOf(statement, issuer, "sub")
        .filter(isPositive)
        .flatMap((t) => t.values);
    const namesProject = isPinned || (subs.length > 0 && subs.every(namesProjectId));
    for (const { id, claim, message } of weakClaims((c) => of(c).some(isPositive), namesProject)) {
        const fix = `Add "${prefix}${id === "namespace-only" ? "project_id" : "user_id"}".`;
        findings.add(id, of(claim).find(isPositive)!.path, message, fix);
    }
    const flags = allowedValues(of("ref_protected"), ["true", "false"]);
    const beside: Beside = {
        projectId: isPinned ? ids[0] : undefined,
        refProtected: flags.length === 1 ? (flags[0] as "true" | "false") : undefined,
    };
    return { beside, findings: [...findings.errors, ...findings.warnings] };
}

function lintAudience(statement: Statement, issuer: string, findings: Findings): void {
    const url = `https://${issuer}`;
    const tests = testsOf(statement, issuer, "aud");
    const positive = tests.filter(isPositive);
    const isElsewhere = (): boolean =>
        testsOf(statement, issuer, "sub").some((t) => t.values.some((v) => claimLike(v) === "aud"));
    if (positive.length === 0 && !isElsewhere() && !isTestedForOther(statement, issuer, "aud")) {
        findings.add(
            "no-audience",
            `${statement.path}.Condition`,
            `does not ${tests.length === 0 ? "test" : "name the value of"} "${issuer}:aud": a token issued for another service could also be used to assume this role, if the identity provider lists its audience.`,
            `Add "StringEquals": { "${issuer}:aud": "${url}" }.`,
        );
    }
    for (const test of positive) {
        test.values.forEach((audience, i) => {
            if (claimLike(audience) === "sub") {
                const operator = isPattern(audience) ? "StringLike" : "StringEquals";
                findings.add(
                    "audience",
                    pathOfValue(test, i),
                    `${quote(audience)} is a subject, not an audience: no token has it as \`aud\`.`,
                    `Move it: ${conditionText(operator, `${issuer}:sub`, [audience])}, and write ${conditionText("StringEquals", `${issuer}:aud`, [url])}.`,
                );
            } else {
                findings.addAll(audienceFindings(audience, url, pathOfValue(test, i)));
            }
        });
    }
}

function lintDocument({ document, text: given, path }: FoundPolicy, findings: Findings): void {
    let text: string;
    try {
        text = path === "" && given !== undefined ? given : JSON.stringify(document);
    } catch {
        findings.add(
            "policy-document",
            "",
            "The trust policy cannot be written as JSON.",
            "Pass it as a JSON string, or as an object of strings and arrays.",
        );
        return;
    }
    if ((document as { readonly Version?: unknown }).Version !== VERSION) {
        findings.add(
            "policy-document",
            "Version",
            `is not ${VERSION}: older versions treat policy variables as plain text.`,
            `Write "Version": "${VERSION}".`,
        );
    }
    const size = policySize(text);
    if (size > TRUST_POLICY_QUOTA) {
        const [id, limit] =
            size > TRUST_POLICY_MAXIMUM
                ? (["trust-policy-size", TRUST_POLICY_MAXIMUM] as const)
                : (["trust-policy-quota", TRUST_POLICY_QUOTA] as const);
        findings.add(
            id,
            "",
            `The trust policy has ${String(size)} characters without white space; ${String(limit)} is ${id === "trust-policy-size" ? "the most that AWS accepts" : 'the quota "Role trust policy length", unless yours was raised'}.`,
            "Put values of one key into one array, or create another role.",
        );
    }
}
