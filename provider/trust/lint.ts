import { Findings, quote, type Finding } from "../findings";
import type { SubClaimComponent } from "../types";
import { parseProviderArn } from "./arn";
import { checkAudience } from "./audiences";
import { conditionKeyFault } from "./conditions";
import { parseTrustPolicy, type ConditionTest, type Statement } from "./document";
import { literalGlob, matchesGlob, parseOperator } from "./evaluate";
import { issuerOf } from "./issuer-url";
import { isPattern } from "./names";
import { policySize, TRUST_POLICY_MAXIMUM, TRUST_POLICY_QUOTA } from "./policy";
import { checkSubject, COMPONENTS, DEFAULT_COMPONENTS } from "./subject";

/** What `lintTrustPolicy` is given. */
export interface LintInputs {
    /** The trust policy, as JSON text or as an object. */
    readonly trustPolicy: unknown;
    /** Url of the GitLab instance that the role is for. Default: whichever the policy trusts. */
    readonly url?: string;
    /** The sub claim as the projects' setting declares it. Default: as each value reads. */
    readonly subClaimComponents?: readonly SubClaimComponent[];
    /** Ids of warnings that are known and accepted. */
    readonly accept?: readonly string[];
}

/** Issuers of others, whose tokens have subjects of other shapes. */
const NOT_GITLAB =
    /^(?:token\.actions\.githubusercontent\.com|accounts\.google\.com|oidc\.eks\.|app\.terraform\.io|api\.pulumi\.com|cognito-identity\.amazonaws\.com)/;

/** Everything that is wrong with a trust policy for GitLab, or allowed but worth knowing, whoever wrote it. */
export function lintTrustPolicy({ trustPolicy, url, subClaimComponents, accept = [] }: LintInputs): readonly Finding[] {
    const findings = new Findings();
    const statements = parseTrustPolicy(trustPolicy, findings);
    for (const statement of statements.filter((s) => s.effect === "Allow")) {
        lintStatement(statement, url, subClaimComponents, findings);
    }
    if (statements.length > 0 && !statements.some((s) => s.effect === "Allow")) {
        findings.add(
            "no-subject",
            "",
            "No statement allows anything.",
            "Add an Allow statement for the jobs that are meant.",
        );
    }
    lintSize(trustPolicy, findings);
    return [...findings.errors, ...findings.warnings].filter((f) => f.severity === "error" || !accept.includes(f.id));
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
    if (principals.some((p) => (p.type === "*" || p.type === "AWS") && p.values.includes("*"))) {
        findings.add(
            "principal",
            `${path}.Principal`,
            'is "*": everybody, with or without an ID token.',
            'Write { "Federated": "arn:aws:iam::ACCOUNT:oidc-provider/ISSUER" }.',
        );
    }
    const federated = principals.filter((p) => p.type === "Federated").flatMap((p) => p.values);
    if (federated.length === 0) {
        if (allowsWebIdentity) {
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
            `${path}.Action`,
            `is ${statement.actions.map(quote).join(", ") || "missing"}; a job calls sts:AssumeRoleWithWebIdentity.`,
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
    const issuer = parseProviderArn(arn)?.issuer;
    const at = `${statement.path}.Principal.Federated`;
    if (issuer === undefined) {
        findings.add(
            "provider-arn",
            at,
            `${quote(arn)} is not the ARN of an IAM OIDC identity provider.`,
            `It looks like "arn:aws:iam::111122223333:oidc-provider/${url === undefined ? "gitlab.com" : issuerOf(url)}".`,
        );
        return;
    }
    if (url !== undefined && issuer !== issuerOf(url)) {
        findings.add(
            "provider-arn",
            at,
            `${quote(arn)} is the provider of "https://${issuer}", not of ${quote(url)}.`,
            "Name the provider of the instance that signs the tokens.",
        );
        return;
    }
    if (NOT_GITLAB.test(issuer)) {
        return;
    }
    for (const test of statement.conditions) {
        lintCondition(test, issuer, findings);
    }
    lintSub(statement, issuer, components, findings);
    lintAudience(statement, issuer, findings);
}

function lintCondition({ operator, key, values, path }: ConditionTest, issuer: string, findings: Findings): void {
    const parsed = parseOperator(operator);
    if (parsed === undefined) {
        findings.add(
            "condition-operator",
            path,
            `${quote(operator)} is no condition operator of IAM.`,
            "Write for example StringEquals or StringLike.",
        );
        return;
    }
    const fault = conditionKeyFault(key, issuer);
    if (fault !== undefined) {
        findings.add("condition-key", path, `${quote(key)} ${fault.why}.`, fault.cure);
    }
    if (parsed.set === "ForAllValues") {
        findings.add(
            "for-all-values",
            path,
            "`ForAllValues` is met where the key is missing altogether.",
            `Use ${quote(operator.slice("ForAllValues:".length))}.`,
        );
    }
    if (parsed.ifExists && !parsed.negated) {
        findings.add(
            "if-exists",
            path,
            `${quote(operator)} is met where the key is missing.`,
            `Use ${quote(operator.replace(/IfExists$/, ""))}.`,
        );
    }
    const wildcard = values.find(isPattern);
    if (/^String(Equals|EqualsIgnoreCase)$/.test(parsed.base) && wildcard !== undefined) {
        findings.add(
            "literal-wildcard",
            path,
            `${quote(wildcard)} has a wildcard, which ${operator} takes literally: no job matches.`,
            `Use ${operator.replace(/Equals(IgnoreCase)?/, "Like")}.`,
        );
    }
    const variable = values.find((v) => /\$\{(?![*?$]\})/.test(v));
    if (variable !== undefined) {
        findings.add(
            "policy-variable",
            path,
            `${quote(variable)} has a policy variable.`,
            "Write the value itself; a dollar sign before a brace is `${$}`.",
        );
    }
}

function testsOf(statement: Statement, issuer: string, claim: string): readonly ConditionTest[] {
    return statement.conditions.filter((t) => t.key.toLowerCase() === `${issuer}:${claim}`.toLowerCase());
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
                : `tests "${issuer}:sub" only by what it is not: every other job on the instance gets the role.`,
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
    const others = statement.conditions.filter((t) => !tests.includes(t));
    for (const test of positive) {
        test.values.forEach((sub, i) => {
            const at = test.values.length === 1 ? test.path : `${test.path}[${String(i)}]`;
            lintSubValue(sub, issuer, components, others, at, findings);
        });
    }
}

function lintSubValue(
    sub: string,
    issuer: string,
    components: readonly SubClaimComponent[] | undefined,
    others: readonly ConditionTest[],
    at: string,
    findings: Findings,
): void {
    if (/^\*+$/.test(sub) || /^project_(path|id):\*+$/.test(sub)) {
        findings.add(
            "no-subject",
            at,
            `${quote(sub)} admits every job of every project on the instance.`,
            'Name the project and the branch: "project_path:mygroup/myproject:ref_type:branch:ref:main".',
        );
        return;
    }
    const named = sub.split(":").filter((_, i) => i % 2 === 0) as SubClaimComponent[];
    const own = components ?? (named.every((n) => COMPONENTS.includes(n)) ? named : DEFAULT_COMPONENTS);
    const claim = (name: string): readonly string[] | undefined =>
        others.find((t) => isPositive(t) && t.key.toLowerCase() === `${issuer}:${name}`.toLowerCase())?.values;
    const projectId = claim("project_id");
    const refProtected = claim("ref_protected");
    const subject = {
        sub: sub.replaceAll("${$}{", "$\u0000{"),
        ...(projectId !== undefined && !own.includes("project_id") && { projectId: projectId[0]! }),
        ...(refProtected !== undefined && !own.includes("ref_protected") && { refProtected: refProtected[0]! }),
    };
    const found = new Findings();
    checkSubject(subject, { url: `https://${issuer}`, components: own }, "subject", found);
    for (const f of [...found.errors, ...found.warnings]) {
        findings.add(f.id, at, f.message, f.cure);
    }
}

function lintAudience(statement: Statement, issuer: string, findings: Findings): void {
    const positive = testsOf(statement, issuer, "aud").filter(isPositive);
    if (positive.length === 0) {
        findings.add(
            "no-audience",
            `${statement.path}.Condition`,
            `does not test "${issuer}:aud": a token that a job got for another service opens the role too, if the provider lists its audience.`,
            `Add "StringEquals": { "${issuer}:aud": "https://${issuer}" }.`,
        );
    }
    for (const test of positive) {
        test.values.forEach((audience, i) => {
            checkAudience(
                audience,
                `https://${issuer}`,
                test.values.length === 1 ? test.path : `${test.path}[${String(i)}]`,
                findings,
            );
        });
    }
}

function lintSize(trustPolicy: unknown, findings: Findings): void {
    const size = policySize(typeof trustPolicy === "string" ? trustPolicy : JSON.stringify(trustPolicy ?? ""));
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
