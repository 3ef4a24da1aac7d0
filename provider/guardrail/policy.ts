import type { Findings } from "../contract/findings";
import { quote } from "../contract/quote";
import type { GetOrganizationGuardrailArgs } from "../contract/types";
import { isComplete, known, UNKNOWN, type MaybeUnknown } from "../contract/unknown";
import { anyIssuerUrlFindings, issuerUrlFindings, GITLAB_COM, issuerOf } from "../gitlab/issuer-url";
import { gitLabPathFindings } from "../gitlab/paths";
import { checkAudiences } from "../iam/audiences";
import { otherIssuer } from "../iam/other-issuers";
import { oneOrMany } from "../iam/policy-text";
import { checkRolePattern } from "../iam/role-arn";
import { projectIdFault } from "../trust/claims";
import { VERSION } from "../trust/document";
import { WEB_IDENTITY } from "../trust/statement";

/** The tokens that a guardrail does not deny, and the roles that it does not apply to. */
export type GuardrailInputs = Omit<GetOrganizationGuardrailArgs, "accept">;

/** The inputs of a guardrail as far as they are known. */
export type GuardrailView = Exclude<MaybeUnknown<GuardrailInputs>, symbol>;

/** Most characters of a resource control policy, white space included. Source: AWS, "Quotas and service limits for AWS Organizations". */
const LARGEST = 5120;

/**
 * Reports everything that is wrong with the inputs of a guardrail, or risky but valid.
 *
 * @returns The resource control policy; undefined if there are errors or something is not known yet.
 */
export function checkGuardrail(inputs: GuardrailView, findings: Findings): string | undefined {
    const before = findings.errors.length;
    const url = known(inputs.url ?? GITLAB_COM);
    if (url !== undefined) {
        findings.addAll(issuerUrlFindings(url, "url"));
    }
    checkScope(inputs, url, findings);
    checkEach(inputs, "groups", findings, (group, at) => findings.addAll(gitLabPathFindings("group", group, at)));
    checkEach(inputs, "projectIds", findings, (id, at) => {
        const fault = projectIdFault(id);
        if (fault !== undefined) {
            findings.add(fault.id, at, fault.message, fault.fix);
        }
    });
    if (known(inputs.audiences)?.length === 0) {
        const fix = "List the audiences that the jobs request, or leave it out to allow every audience.";
        findings.add("guardrail-scope", "audiences", "is empty.", fix);
    } else {
        checkAudiences(inputs.audiences, url, "audiences", findings);
    }
    checkEach(inputs, "trustedIssuers", findings, (issuer, at) => checkTrustedIssuer(issuer, at, findings));
    checkEach(inputs, "exceptRoles", findings, (pattern, at) => checkRolePattern(pattern, at, findings));
    if (findings.errors.length > before) {
        return undefined;
    }
    warn(inputs, findings);
    if (!isComplete<GuardrailInputs>(inputs)) {
        return undefined;
    }
    const json = compileGuardrail(inputs);
    checkSize(json, inputs, findings);
    return json;
}

type ListName = "groups" | "projectIds" | "trustedIssuers" | "exceptRoles";

/** Checks the known values of a list. */
function checkEach(
    inputs: GuardrailView,
    name: ListName,
    findings: Findings,
    check: (value: string, at: string) => void,
): void {
    const values = known(inputs[name]) ?? [];
    const seen = new Set<string>();
    values.forEach((maybe, i) => {
        const value = known(maybe);
        if (value === undefined) {
            return;
        }
        const at = `${name}[${String(i)}]`;
        if (seen.has(value)) {
            findings.add("guardrail-scope", at, `${quote(value)} appears twice.`, "Remove one.");
        }
        seen.add(value);
        check(value, at);
    });
}

const ALTERNATIVES = 'Write groups: ["mygroup"], or projectIds: ["1234"].';

/** Reports lists that limit nothing. */
function checkScope(inputs: GuardrailView, url: string | undefined, findings: Findings): void {
    const empty = (["groups", "projectIds"] as const).filter((name) => known(inputs[name])?.length === 0);
    for (const name of empty) {
        findings.add("guardrail-scope", name, "is empty.", `${ALTERNATIVES} Leave it out if the other one is enough.`);
    }
    if (empty.length > 0 || inputs.groups !== undefined || inputs.projectIds !== undefined) {
        return;
    }
    if (url === GITLAB_COM) {
        findings.add(
            "guardrail-scope",
            "groups",
            "is missing, and so is `projectIds`: the guardrail would let in tokens of everyone who has an account on gitlab.com.",
            ALTERNATIVES,
        );
    } else if (inputs.audiences === undefined && inputs.trustedIssuers === undefined) {
        findings.add(
            "guardrail-scope",
            "groups",
            "is missing, and so are `projectIds`, `audiences` and `trustedIssuers`: the guardrail would deny nothing.",
            ALTERNATIVES,
        );
    }
}

/** Identity providers whose tokens have other condition keys than `sub`. Source: AWS, "IAM and AWS STS condition context keys". */
const WITHOUT_SUB = ["Login with Amazon", "Facebook"];

function checkTrustedIssuer(url: string, path: string, findings: Findings): void {
    const before = findings.errors.length;
    findings.addAll(anyIssuerUrlFindings(url, path));
    const withoutSlash = url.replace(/\/$/, "");
    const name = withoutSlash === GITLAB_COM ? "GitLab.com" : otherIssuer(issuerOf(withoutSlash));
    if (findings.errors.length === before && name !== undefined && url !== withoutSlash) {
        const message = `${quote(url)} ends with a slash, but the \`iss\` claim of ${name} does not: the guardrail would deny its tokens.`;
        findings.add("issuer-url", path, message, `Write "${withoutSlash}".`);
    } else if (findings.errors.length === before && name !== undefined && WITHOUT_SUB.includes(name)) {
        findings.add(
            "guardrail-issuer",
            path,
            `${quote(url)} is ${name}, whose tokens have no condition key \`sub\`: the guardrail would deny them.`,
            "Remove it. If such tokens are needed, list their roles in exceptRoles.",
        );
    }
}

const EKS = "Amazon EKS";

function warn({ groups, projectIds, trustedIssuers }: GuardrailView, findings: Findings): void {
    if (projectIds !== undefined && groups === undefined) {
        findings.add(
            "guardrail-project-ids",
            "projectIds",
            "AWS denies every token whose `sub` leads with `project_path`, which is GitLab's default.",
            "Use it only if all projects lead with `project_id`, or add groups.",
        );
    }
    const issuers = known(trustedIssuers);
    if (issuers?.every((issuer) => issuer !== UNKNOWN && otherIssuer(issuerOf(issuer)) !== EKS) === true) {
        findings.add(
            "guardrail-issuers",
            "trustedIssuers",
            "has no issuer of an EKS cluster. Pods that assume roles with the tokens of their service accounts are denied.",
            'Add the issuer of each cluster: "https://oidc.eks.REGION.amazonaws.com/id/ID".',
        );
    }
}

function checkSize(json: string, inputs: GuardrailInputs, findings: Findings): void {
    if (json.length <= LARGEST) {
        return;
    }
    const sizes = (["groups", "projectIds", "audiences", "trustedIssuers", "exceptRoles"] as const)
        .map((name) => [name, compileGuardrail({ ...inputs, [name]: inputs[name]?.slice(0, 1) }).length] as const)
        .sort(([, a], [, b]) => a - b);
    const [name] = sizes[0]!;
    findings.add(
        "guardrail-size",
        name,
        `The policy has ${String(json.length)} characters, but AWS accepts at most ${String(LARGEST)}. This list has most of them.`,
        name === "groups"
            ? "Name the groups above them, which cover their subgroups."
            : name === "exceptRoles"
              ? "Use wildcards, or attach the guardrail to fewer accounts."
              : "Use fewer values.",
    );
}

/** The resource control policy of inputs that are known to be right. The order of their lists does not matter. */
export function compileGuardrail({
    url = GITLAB_COM,
    groups = [],
    projectIds = [],
    audiences = [],
    trustedIssuers,
    exceptRoles = [],
}: GuardrailInputs): string {
    const issuer = issuerOf(url);
    const sub = `${issuer}:sub`;
    const aud = `${issuer}:aud`;
    const resource = exceptRoles.length > 0 ? { NotResource: oneOrMany(exceptRoles) } : { Resource: "*" };
    const deny = (Sid: string, Condition: object): object => ({
        Sid,
        Effect: "Deny",
        Principal: "*",
        Action: WEB_IDENTITY,
        ...resource,
        Condition,
    });
    const subs = [...groups.map((group) => `project_path:${group}/*`), ...projectIds.map((id) => `project_id:${id}:*`)];
    const issuers = [url, ...(trustedIssuers ?? [])].map((each) => `${issuerOf(each)}:sub`);
    // Conditions of one statement are ANDed, so a token with one wrong value needs a statement of its own.
    const statements = [
        ...(subs.length > 0
            ? [deny("GitLabSubjects", { Null: { [sub]: "false" }, StringNotLike: { [sub]: oneOrMany(subs) } })]
            : []),
        ...(audiences.length > 0
            ? [deny("GitLabAudiences", { Null: { [aud]: "false" }, StringNotEquals: { [aud]: oneOrMany(audiences) } })]
            : []),
        ...(trustedIssuers !== undefined
            ? [
                  deny("OtherIssuers", {
                      Null: Object.fromEntries([...new Set(issuers)].sort().map((each) => [each, "true"])),
                  }),
              ]
            : []),
    ];
    return JSON.stringify({ Version: VERSION, Statement: statements });
}
