import { Findings, type Finding } from "../contract/findings";
import { quote } from "../contract/quote";
import { type RuleId } from "../contract/rules";
import { isObject } from "../contract/object";
import type { Claims, LintTrustPolicyArgs, LintTrustPolicyResult, SubClaimComponent } from "../contract/types";
import { parseProviderArn } from "../iam/arn";
import { checkAudience } from "../iam/audiences";
import { CLAIM_KEYS } from "../iam/condition-keys";
import { checkClaims } from "./claims";
import { checkOperator, checkTest, isLiteral } from "./conditions";
import { isKey } from "../iam/condition-keys";
import { parseTrustPolicy, VERSION, type ConditionTest, type Statement } from "./document";
import { literalGlob, matchesGlob } from "../iam/glob";
import { parseOperator } from "../iam/operators";
import { GITLAB_COM, issuerOf } from "../gitlab/issuer-url";
import { isPattern } from "../iam/policy-text";
import { WrittenPaths } from "../gitlab/path-case";
import { checkProviderArn, policySize, TRUST_POLICY_MAXIMUM, TRUST_POLICY_QUOTA } from "./policy";
import { withoutAccepted } from "../contract/accept";
import { checkComponents, DEFAULT_COMPONENTS, parseSub, pathOf, shapeOf } from "../gitlab/sub-claim";
import { checkSubject } from "./subject";

/** Identity providers of others, whose tokens have subjects of other shapes, as ARN or as the name that IAM has for them. */
const NOT_GITLAB =
    /^(?:arn:[\w-]+:iam::\d{12}:(?:saml-provider\/|oidc-provider\/))?(?:token\.actions\.githubusercontent\.com|accounts\.google\.com|oidc\.eks\.|app\.terraform\.io|api\.pulumi\.com|api\.bitbucket\.org|oidc\.circleci\.com|cognito-identity\.amazonaws\.com|graph\.facebook\.com|www\.amazon\.com)|^arn:[\w-]+:iam::\d{12}:saml-provider\//;

/** Everything that is wrong with a trust policy for GitLab, or allowed but worth knowing, whoever wrote it. */
export function lintPolicy({
    trustPolicy,
    url,
    subClaimComponents,
    accept = [],
}: LintTrustPolicyArgs): LintTrustPolicyResult {
    const findings = new Findings();
    const statements = parseTrustPolicy(trustPolicy, findings);
    const isPolicy = findings.errors.length === 0;
    if (isPolicy) {
        lintDocument(trustPolicy, findings);
    }
    const allowing = statements.filter((s) => s.effect === "Allow");
    for (const statement of allowing) {
        lintStatement(statement, url, subClaimComponents, findings);
    }
    lintPathCase(allowing, subClaimComponents, findings);
    if (isPolicy && allowing.length === 0) {
        findings.add(
            "no-subject",
            "",
            "No statement allows anything.",
            "Add an Allow statement for the jobs that are meant.",
        );
    }
    return { findings: [...findings.errors, ...withoutAccepted(findings.warnings, accept, "")] };
}

function lintStatement(
    statement: Statement,
    url: string | undefined,
    components: readonly SubClaimComponent[] | undefined,
    findings: Findings,
): void {
    const { principals, path } = statement;
    const allowsWebIdentity = statement.actions.some((a) =>
        matchesGlob(literalGlob(a.toLowerCase()), "sts:assumerolewithwebidentity"),
    );
    const isForAll = principals.some((p) => (p.type === "*" || p.type === "AWS") && p.values.includes("*"));
    if (isForAll) {
        findings.add(
            "principal",
            `${path}.Principal`,
            'is "*": everybody, with or without an ID token.',
            'Write { "Federated": "arn:aws:iam::ACCOUNT:oidc-provider/ISSUER" }.',
        );
    }
    const named = principals.filter((p) => p.type === "Federated").flatMap((p) => p.values);
    const federated = named.filter((provider) => !NOT_GITLAB.test(provider));
    if (federated.length === 0) {
        if (allowsWebIdentity && !isForAll && named.length === 0) {
            findings.add(
                "principal",
                `${path}.Principal`,
                "names no identity provider, so that no ID token is admitted.",
                'Write { "Federated": "arn:aws:iam::ACCOUNT:oidc-provider/ISSUER" }.',
            );
        }
        return;
    }
    if (!allowsWebIdentity || statement.isNotAction) {
        findings.add(
            "action",
            `${path}.${statement.isNotAction ? "NotAction" : "Action"}`,
            `${statement.isNotAction ? "stands for every action but" : "is"} ${statement.actions.map(quote).join(", ") || "missing"}; a job calls sts:AssumeRoleWithWebIdentity.`,
            'Write "Action": "sts:AssumeRoleWithWebIdentity".',
        );
    }
    for (const arn of federated) {
        lintProvider(arn, statement, url, components, findings);
    }
}

function lintProvider(
    arn: string,
    statement: Statement,
    url: string | undefined,
    components: readonly SubClaimComponent[] | undefined,
    findings: Findings,
): void {
    checkProviderArn(arn, url, `${statement.path}.Principal.Federated`, findings);
    const issuer = parseProviderArn(arn)?.issuer;
    if (issuer === undefined || (url !== undefined && issuer !== issuerOf(url))) {
        return;
    }
    for (const test of statement.conditions) {
        lintCondition(test, issuer, findings);
    }
    lintSub(statement, issuer, components, findings);
    lintClaims(statement, issuer, findings);
    lintAudience(statement, issuer, findings);
}

function lintCondition({ operator, key, values, path }: ConditionTest, issuer: string, findings: Findings): void {
    const parsed = checkOperator(operator, path, findings);
    if (parsed === undefined) {
        return;
    }
    checkTest(key, values, issuer, path, findings);
    if (parsed.ifExists && !parsed.negated) {
        findings.add(
            "if-exists",
            path,
            `${quote(operator)} is met where the key is missing.`,
            `Use ${quote(operator.replace(/IfExists$/, ""))}.`,
        );
    }
    const wildcard = values.find((v) => isPattern(v.replace(/\$\{[^}]*\}/g, "")));
    if (isLiteral(parsed) && wildcard !== undefined) {
        findings.add(
            "literal-wildcard",
            path,
            `${quote(wildcard)} has a wildcard, which ${operator} takes literally: ${parsed.negated ? "every" : "no"} job matches.`,
            `Use ${operator.replace(/Equals(IgnoreCase)?/, "Like")}.`,
        );
    }
    const variable = values.find(hasVariable);
    if (variable !== undefined) {
        findings.add(
            "policy-variable",
            path,
            `${quote(variable)} has a policy variable.`,
            "Write the value itself; a dollar sign before a brace is `${$}`.",
        );
    }
}

/** Whether the value has `${` that is not one of the escapes `${*}`, `${?}`, `${$}`. */
function hasVariable(value: string): boolean {
    return /\$\{(?![*?$]\})/.test(value);
}

function testsOf(statement: Statement, issuer: string, claim: string): readonly ConditionTest[] {
    return statement.conditions.filter((t) => isKey(t.key, issuer, claim));
}

/** Whether a condition is met only by tokens that have one of its values. */
function isPositive({ operator }: ConditionTest): boolean {
    const parsed = parseOperator(operator);
    return (
        parsed !== undefined &&
        parsed.base.startsWith("String") &&
        !parsed.negated &&
        !parsed.ifExists &&
        parsed.set !== "ForAllValues"
    );
}

function lintSub(
    statement: Statement,
    issuer: string,
    components: readonly SubClaimComponent[] | undefined,
    findings: Findings,
): void {
    const tests = testsOf(statement, issuer, "sub");
    const positive = tests.filter(isPositive);
    if (positive.length === 0) {
        findings.add(
            tests.length === 0 ? "no-subject" : "negative-only",
            `${statement.path}.Condition`,
            tests.length === 0
                ? `does not test "${issuer}:sub": every job of every project on the instance gets the role.`
                : `tests "${issuer}:sub" only in a way that jobs of other projects pass too: they get the role.`,
            `Add "StringEquals": { "${issuer}:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main" }.`,
        );
    }
    if (positive.length > 1) {
        findings.add(
            "anded-subjects",
            `${statement.path}.Condition`,
            `has ${String(positive.length)} conditions on "${issuer}:sub", all of which have to be met: exact and wildcard values under two operators are no alternatives.`,
            "Put all values under one StringLike, or make a statement for each operator.",
        );
    }
    const onGitLabCom = (claim: string): string | undefined =>
        issuer === issuerOf(GITLAB_COM) ? valuesOf(statement, issuer, claim)?.[0] : undefined;
    const beside = { projectId: onGitLabCom("project_id"), refProtected: onGitLabCom("ref_protected") };
    for (const test of positive) {
        test.values.forEach((sub, i) => {
            lintSubValue(sub, issuer, components, beside, pathOfValue(test, i), findings);
        });
    }
}

/** What a claim has to be, where a condition says so. */
function valuesOf(statement: Statement, issuer: string, claim: string): readonly string[] | undefined {
    return testsOf(statement, issuer, claim).find(isPositive)?.values;
}

/** Findings about a path with a wildcard that are none where the numeric id says which project it is. */
const ABOUT_PATHS: ReadonlySet<string> = new Set(["several-scopes", "path-wildcard"]);

function lintSubValue(
    sub: string,
    issuer: string,
    declared: readonly SubClaimComponent[] | undefined,
    beside: { readonly projectId: string | undefined; readonly refProtected: string | undefined },
    at: string,
    findings: Findings,
): void {
    if (hasVariable(sub)) {
        return; // told where the condition was looked at
    }
    const components = declared ?? componentsOf(sub);
    const { projectId, refProtected } = beside;
    const isPinned = projectId !== undefined && /^\d+$/.test(projectId) && !components.includes("project_id");
    if (/^\*+$/.test(sub) || (!isPinned && /^project_(path|id):\*+$/.test(sub))) {
        findings.add(
            "no-subject",
            at,
            `${quote(sub)} admits every job of every project on the instance.`,
            'Name the project and the branch: "project_path:mygroup/myproject:ref_type:branch:ref:main".',
        );
        return;
    }
    if (sub.length > 255) {
        findings.add(
            "long-sub",
            at,
            `The sub claim has ${String(sub.length)} characters, and AWS does not document that STS takes more than 255.`,
            "Let the project's sub claim lead with `project_id`, which is shorter.",
        );
    }
    const fields = parseSub(sub.replaceAll("${$}", "$"), components);
    if ("why" in fields) {
        const cure = `Write it as GitLab does: "${shapeOf(components)}".`;
        findings.add(fields.id, at, `${quote(sub)} ${fields.why}.`, cure);
        return;
    }
    const subject = {
        ...fields,
        ...(isPinned && { projectId }),
        ...(isFlag(refProtected) && !components.includes("ref_protected") && { refProtected }),
    };
    const found = new Findings();
    checkSubject(subject, { url: `https://${issuer}`, components }, "subject", found);
    for (const f of [...found.errors, ...found.warnings]) {
        if (!(isPinned && ABOUT_PATHS.has(f.id))) {
            findings.add(f.id, at, f.message, cureInPolicy(f, issuer));
        }
    }
}

/** The cure of a finding about inputs, in the words of a policy. */
function cureInPolicy({ id, cure }: Finding, issuer: string): string {
    const cures: { readonly [K in RuleId]?: string } = {
        "gitlab-path": 'Write the path as GitLab shows it: "project_path:mygroup/myproject:…".',
        "path-wildcard": 'Write "project_path:mygroup/myproject:…" for each project, or "project_path:mygroup/*:…".',
        "group-wide": 'Write "project_path:mygroup/myproject:…" for each project.',
        "ref-name": 'Write the short name: "…:ref_type:branch:ref:main" or "…:ref_type:tag:ref:v1.0".',
        "any-branch": 'Write "…:ref_type:branch:ref:main", or a pattern of branches that are protected.',
        "unprotected-tag":
            issuer === issuerOf(GITLAB_COM)
                ? `Protect them and add "StringEquals": { "${issuer}:ref_protected": "true" }.`
                : "Protect them, and let the project's sub claim end with `ref_protected:true` (GitLab 18.7).",
        "path-only": `Add the project's numeric id: "StringEquals": { "${issuer}:project_id": "4711" }.`,
        "environment-pair":
            'Write both: "…:environment_protected:true:deployment_tier:production", in the setting\'s order.',
        "namespace-only": `Add "${issuer}:project_id".`,
        "user-name-only": `Add "${issuer}:user_id".`,
    };
    return cures[id] ?? cure;
}

/** The paths of groups and projects in one policy, where they are compared exactly. */
function lintPathCase(
    statements: readonly Statement[],
    declared: readonly SubClaimComponent[] | undefined,
    findings: Findings,
): void {
    const tests = statements
        .flatMap((s) => s.conditions)
        .filter((t) => isPositive(t) && !/IgnoreCase/.test(t.operator));
    for (const prefix of new Set(tests.flatMap((t) => /^(.*):sub$/i.exec(t.key)?.[1]?.toLowerCase() ?? []))) {
        const paths = tests
            .filter((t) => isKey(t.key, prefix, "sub"))
            .flatMap((test) =>
                test.values.flatMap((sub, i) => {
                    const path = pathOf({ sub }, declared ?? componentsOf(sub))?.path;
                    return path === undefined ? [] : [{ path, at: pathOfValue(test, i) }];
                }),
            );
        new WrittenPaths().add(paths, findings);
    }
}

function pathOfValue({ path, values }: ConditionTest, i: number): string {
    return values.length === 1 ? path : `${path}[${String(i)}]`;
}

/** The components that a value names, where that can be a project's setting and the value says all of it; else GitLab's default. */
function componentsOf(sub: string): readonly SubClaimComponent[] {
    const named = sub.split(":").filter((_, i) => i % 2 === 0) as SubClaimComponent[];
    const faults = new Findings();
    checkComponents(named, "", faults);
    const isOpen = sub.endsWith("*") && !named.includes("ref");
    return faults.errors.length === 0 && !isOpen ? named : DEFAULT_COMPONENTS;
}

function isFlag(value: string | undefined): value is "true" | "false" {
    return value === "true" || value === "false";
}

/** Checks the values of gitlab.com's further condition keys. */
function lintClaims(statement: Statement, issuer: string, findings: Findings): void {
    if (issuer !== issuerOf(GITLAB_COM)) {
        return;
    }
    for (const test of testsOf(statement, issuer, "project_id").filter(isPositive)) {
        for (const id of test.values.filter((v) => !/^[1-9][0-9]*$/.test(v))) {
            findings.add(
                "project-id",
                test.path,
                isPattern(id)
                    ? `${quote(id)} has a wildcard: \`20*\` also matches project 2099.`
                    : `${quote(id)} is not a numeric project id.`,
                "Write the number that GitLab shows on the project's page, without wildcards.",
            );
        }
    }
    for (const test of testsOf(statement, issuer, "ref_protected").filter(isPositive)) {
        for (const flag of test.values.filter((v) => !isFlag(v))) {
            findings.add("claim-value", test.path, `${quote(flag)} is neither true nor false.`, "Write true or false.");
        }
    }
    const names = Object.keys(CLAIM_KEYS) as (keyof Claims)[];
    const claims = Object.fromEntries(
        names.flatMap((name) => {
            const values = valuesOf(statement, issuer, CLAIM_KEYS[name].key);
            return values === undefined ? [] : [[name, [...values]]];
        }),
    ) as Claims;
    const projectId = valuesOf(statement, issuer, "project_id")?.[0];
    const sub = valuesOf(statement, issuer, "sub")?.[0];
    const found = new Findings();
    checkClaims({ claims, projectId, sub }, GITLAB_COM, "", found);
    for (const f of [...found.errors, ...found.warnings]) {
        const name = /^claims\.(\w+)/.exec(f.path)?.[1] as keyof Claims;
        const [test] = testsOf(statement, issuer, CLAIM_KEYS[name].key).filter(isPositive);
        findings.add(f.id, test!.path, f.message, cureInPolicy(f, issuer));
    }
}

function lintAudience(statement: Statement, issuer: string, findings: Findings): void {
    const tests = testsOf(statement, issuer, "aud");
    const positive = tests.filter(isPositive);
    if (positive.length === 0) {
        findings.add(
            "no-audience",
            `${statement.path}.Condition`,
            `does not ${tests.length === 0 ? "test" : "name the value of"} "${issuer}:aud": a token that a job got for another service opens the role too, if the provider lists its audience.`,
            `Add "StringEquals": { "${issuer}:aud": "https://${issuer}" }.`,
        );
    }
    for (const test of positive) {
        test.values.forEach((audience, i) => {
            checkAudience(audience, `https://${issuer}`, pathOfValue(test, i), findings);
        });
    }
}

function lintDocument(trustPolicy: unknown, findings: Findings): void {
    let text: string;
    try {
        text = typeof trustPolicy === "string" ? trustPolicy : JSON.stringify(trustPolicy);
    } catch {
        findings.add(
            "policy-document",
            "",
            "The trust policy cannot be written as JSON.",
            "Give it as JSON text, or as an object of texts and lists.",
        );
        return;
    }
    const document: unknown = JSON.parse(text);
    if (isObject(document) && document["Version"] !== VERSION) {
        findings.add(
            "policy-document",
            "Version",
            `is not ${VERSION}: older versions take policy variables for text.`,
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
            `The trust policy has ${String(size)} characters without white space; ${String(limit)} is ${id === "trust-policy-size" ? "the most that AWS takes" : 'the quota "Role trust policy length", unless yours was raised'}.`,
            "Put values of one key into a list, or make another role.",
        );
    }
}
