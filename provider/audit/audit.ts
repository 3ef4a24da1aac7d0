import { checkAccept } from "../contract/accept";
import { ACCEPT_TAG, acceptedBy } from "../contract/accept-tag";
import { Findings, throwErrors } from "../contract/findings";
import { quote } from "../contract/quote";
import type { Finding } from "../contract/types";
import { issuerUrlFindings, GITLAB_COM, issuerOf } from "../gitlab/issuer-url";
import { readGuardrails, type GuardrailStatement } from "../guardrail/document";
import { statementsFor } from "../guardrail/evaluate";
import { statementAgainst, type TestedJobs } from "../guardrail/jobs";
import { isMet } from "../iam/operators";
import { isPositive } from "../trust/conditions";
import { parseTrustPolicy, type Statement } from "../trust/document";
import { GitLabIssuers, issuersOf, mayBeGitLab } from "../trust/gitlab-issuers";
import { gitLabFindings, isAboutGitLab, isWithin } from "../trust/gitlab-findings";
import { providersOf, testsOf } from "../trust/statement";
import { type DocumentFacts, joinFacts } from "./account-facts";
import { type Account, compareText, type JoinedRole, joinAccounts } from "./accounts";
import { count } from "./iam-output";
import { type AuditDocument, readDocument } from "./documents";
import { checkPeriod, type Period } from "./period";
import { projectsOf } from "./projects";
import type { AuditedRole, AuditedSubject, AuditFinding, AuditReport, TrustedIssuer, WitnessClaims } from "./report";
import { reportedEvents, roleEvents } from "./role-events";
import { SeenEvents } from "./seen";
import { showsStranger, strangerFor } from "./strangers";
import { isAboutIssuer, isUnusual, refsOf, scopeOf, subjectsOf, type TrustSubject } from "./subjects";
import { describeTrustSubject } from "./subject-words";
import { type AccountRole, Chains } from "./chains";
import { PowerJudge, type PolicyDocument, type RolePermissions } from "./power";
import { type Witness, WitnessFinder } from "./witnesses";

/** Arguments of `auditTrust`. */
export interface AuditArgs extends AuditOptions {
    /** Documents that describe the accounts. The report's `notes` list their contradictions. */
    readonly documents: readonly AuditDocument[];
}

/** Arguments of an audit besides the documents. */
export interface AuditOptions {
    /** URLs of GitLab instances besides gitlab.com, for example `https://gitlab.example.com`. */
    readonly urls?: readonly string[];
    /** IDs of warnings that are left out of the report. */
    readonly accept?: readonly string[];
    /**
     * The period that the CloudTrail events among the documents cover, in UTC. Calls outside of it do not count. Default: unknown, and
     * all calls count. Only the caller can know it: the first event can be much later than the time from which events were collected.
     */
    readonly period?: Period;
    /** Resource control policies that apply to every account of the documents, as JSON text or as objects. */
    readonly guardrails?: readonly unknown[];
}

/**
 * Who can get into the accounts from GitLab: the roles that a GitLab instance can reach, the jobs that get each of them, and how
 * much the role can do. Equal documents in the same order have equal reports.
 *
 * @throws InvalidInputsError if a document cannot be read, or an argument cannot be used.
 */
export function auditTrust({ documents, ...options }: AuditArgs): AuditReport {
    const findings = new Findings();
    const checked = checkOptions(options, findings);
    const facts = readAuditDocuments(documents, checked.seen, findings);
    throwErrors(findings);
    return auditFacts(facts, checked);
}

/**
 * The options for `auditFacts`, and where the events of the documents are collected.
 *
 * @throws InvalidInputsError if an option cannot be used.
 */
export function checkedOptions(options: AuditOptions): CheckedOptions {
    const findings = new Findings();
    const checked = checkOptions(options, findings);
    throwErrors(findings);
    return checked;
}

/**
 * The report about documents that were read before. Their events are in `seen` of the options.
 *
 * @throws InvalidInputsError if there is a period, and no document has events.
 */
export function auditFacts(facts: DocumentFacts, options: CheckedOptions): AuditReport {
    const findings = new Findings();
    if (options.seen.period !== undefined && !facts.hasEvents) {
        findings.add(
            "wrong-type",
            "period",
            "is the period of CloudTrail events, and no document has events.",
            "Add the events, or leave the period out.",
        );
    }
    throwErrors(findings);
    return new Audit(facts, options).report();
}

/** The options of an audit, checked. */
interface CheckedOptions {
    readonly urls: readonly string[];
    readonly accept: readonly string[];
    /** The events of identity providers that may be GitLab instances. */
    readonly seen: SeenEvents;
    /** Whether there is a resource control policy, with or without a statement that denies something. */
    readonly hasGuardrails: boolean;
    readonly guarding: readonly GuardrailStatement[];
}

/** Reports options that cannot be used. */
function checkOptions(
    { urls = [], accept = [], period, guardrails = [] }: AuditOptions,
    findings: Findings,
): CheckedOptions {
    checkAccept(accept, "accept", findings);
    findings.addAll(urls.flatMap((url, i) => issuerUrlFindings(url, `urls[${String(i)}]`)));
    const checked = (period ?? undefined) === undefined ? undefined : checkPeriod(period, "period", findings);
    return {
        urls,
        accept,
        seen: new SeenEvents({ isWanted: mayBeGitLab, ...(checked && { period: checked }) }),
        hasGuardrails: guardrails.length > 0,
        guarding: readGuardrails(guardrails, findings),
    };
}

/** Reads all documents, with their events, and reports those that cannot be used. */
function readAuditDocuments(documents: readonly AuditDocument[], seen: SeenEvents, findings: Findings): DocumentFacts {
    const read: DocumentFacts[] = [];
    documents.forEach((document, i) => {
        const facts = readDocument(document, (event) => {
            seen.add(event);
        });
        if ("fault" in facts) {
            findings.add("wrong-type", `documents[${String(i)}]`, facts.fault, facts.fix);
        } else {
            read.push(facts);
        }
    });
    return joinFacts(read);
}

/** A role with its trust policy. */
interface ReadRole {
    readonly role: JoinedRole;
    readonly statements: readonly Statement[];
    /** The trust policy; null if there is none. */
    readonly document: unknown;
    /** Whether nothing of the trust policy can be read, although a document has it. */
    readonly isUnreadable: boolean;
}

interface ReadAccount {
    readonly account: Account;
    readonly roles: readonly ReadRole[];
    /** GitLab instances that the account has an identity provider for, or that one of its roles trusts. */
    readonly issuers: readonly string[];
}

/** Subjects of a role that have examples: more than a policy of AWS can have. */
const MOST_SEARCHED = 500;

class Audit {
    private readonly issuers: GitLabIssuers;
    private readonly finder = new WitnessFinder();
    private readonly notes: string[];
    private readonly accounts: readonly ReadAccount[];
    private readonly chains: Chains;
    private readonly hasEvents: boolean;

    constructor(
        facts: DocumentFacts,
        private readonly options: CheckedOptions,
    ) {
        this.hasEvents = facts.hasEvents;
        const { accounts, managedPolicies, notes } = joinAccounts(facts);
        this.issuers = new GitLabIssuers(options.urls);
        this.notes = [...notes];
        const read = accounts.map((account) => ({ account, roles: account.roles.map(readRole) }));
        const all = read.flatMap(({ roles }) => roles);
        this.chains = new Chains(
            all.map((role) => chainRole(role, managedPolicies)),
            new PowerJudge(),
        );
        for (const { statements } of all) {
            this.issuers.learnFrom(statements);
        }
        this.accounts = read.map((each) => ({ ...each, issuers: this.issuersIn(each.account, each.roles) }));
    }

    report(): AuditReport {
        const audited = this.accounts.map((each) => ({
            account: each.account,
            roles: each.roles.flatMap((role) => this.auditRole(role, each)),
        }));
        const roles = audited.flatMap((each) => each.roles);
        this.noteOthers();
        if (this.options.hasGuardrails) {
            this.notes.push(
                "The report is for accounts that the given resource control policies apply to. They never apply to the management account of the organization.",
            );
        }
        return {
            version: 1,
            accounts: audited.map(({ account, roles: reached }) => ({
                account: account.id,
                roleCount: account.roles.length,
                gitLabRoleCount: reached.length,
            })),
            roles,
            projects: projectsOf(roles),
            chains: roles.flatMap(({ arn }) => {
                const { assumes, reaches } = this.chains.powerOf(arn);
                return reaches.length === 0 ? [] : [{ role: arn, assumes, reaches }];
            }),
            events: this.hasEvents
                ? reportedEvents(
                      this.options.seen,
                      roles.map(({ arn }) => arn),
                  )
                : null,
            notes: this.notes,
        };
    }

    private issuersIn({ providers, hasAllProviders }: Account, roles: readonly ReadRole[]): readonly string[] {
        const known = [
            ...[...providers.values()].map(({ issuer }) => issuer),
            ...roles.flatMap(({ statements }) => statements.flatMap(issuersOf)),
        ].filter((issuer) => this.issuers.evidenceOf(issuer) !== undefined);
        const possible = hasAllProviders ? [] : [GITLAB_COM, ...this.options.urls].map(issuerOf);
        return [...new Set(known.length > 0 ? known : possible)].sort();
    }

    private auditRole(
        { role, statements, document }: ReadRole,
        { account, issuers }: ReadAccount,
    ): readonly AuditedRole[] {
        const allowing = statements.filter(({ effect }) => effect === "Allow");
        const named = allowing.flatMap(issuersOf).filter((issuer) => this.issuers.evidenceOf(issuer) !== undefined);
        const open = issuers.filter((issuer) => allowing.some((s) => isAboutIssuer(s, issuer)));
        const possible = [...new Set([...named, ...open])];
        const witnesses = new Witnesses();
        const guards = statementsFor(this.options.guarding, role.arn);
        const effective = [...statements, ...guards];
        this.finder.begin();
        const ofPossible = possible.flatMap((each) => subjectsOf(statements, each));
        const judged = ofPossible.map((subject, i) => ({
            subject,
            audited: this.auditSubject(subject, i < MOST_SEARCHED ? { statements, guards } : undefined, witnesses),
        }));
        // A statement for everybody names no issuer. It is about those whose tokens can meet its conditions.
        const reaching = possible.filter(
            (each) =>
                named.includes(each) ||
                judged.some(
                    ({ audited: a }) => a.issuer === each && (a.reachable !== false || a.deniedBy !== undefined),
                ),
        );
        const trusted = reaching.length > 0 ? reaching : possible;
        const [issuer] = trusted;
        if (issuer === undefined) {
            return [];
        }
        const trusts = trusted.map((each) => this.trustOf(each, role, allowing, account));
        const kept = judged.filter(({ audited }) => trusted.includes(audited.issuer));
        const all = kept.map(({ subject }) => subject);
        const subjects = kept.map(({ audited }) => audited);
        const accepted = acceptedBy(role.tags?.get(ACCEPT_TAG));
        const findings = this.findingsOf(role, statements).map((finding): AuditFinding => ({
            ...finding,
            ...(accepted.has(finding.id) && { accepted: true }),
            severity: finding.severity === "error" ? "error" : "warning",
            witness:
                all.length > MOST_SEARCHED
                    ? null
                    : this.strangerOf(finding, all, { statements: effective, account, witnesses }),
        }));
        return [
            {
                arn: role.arn,
                account: role.account,
                name: role.name,
                issuer,
                trusts,
                audiences: audiencesOf(all),
                subjects,
                findings,
                ...this.powerOf(role),
                boundary: role.boundary ?? "unknown",
                maxSessionDuration: role.maxSessionDuration ?? "unknown",
                lastUsed: role.lastUsed ?? "unknown",
                witnesses: witnesses.claims,
                trustPolicy: document,
                events: this.eventsOf(role),
                sources: role.sources,
            },
        ];
    }

    private trustOf(
        issuer: string,
        { arn }: JoinedRole,
        allowing: readonly Statement[],
        { id, providers, hasAllProviders }: Account,
    ): TrustedIssuer {
        const written = allowing.flatMap(providersOf).find((provider) => provider.endsWith(`:oidc-provider/${issuer}`));
        const own = `arn:${arn.split(":")[1]!}:iam::${id}:oidc-provider/${issuer}`;
        const provider = providers.get(written ?? own);
        const isElsewhere = written !== undefined && written !== own;
        if (isElsewhere) {
            this.notes.push(
                `${arn}: the trust policy names ${quote(written)}, which is not in the account of the role.`,
            );
        }
        const accepted = subjectsOf(allowing, issuer).map(({ statement }) => statement);
        return {
            issuer,
            evidence: this.issuers.evidenceOf(issuer) ?? "url",
            providerArn: written ?? null,
            providerExists:
                provider !== undefined && !isElsewhere ? true : hasAllProviders || isElsewhere ? false : "unknown",
            listsAudience:
                provider?.audiences === undefined
                    ? "unknown"
                    : provider.audiences.some((audience) => accepted.some((s) => acceptsAudience(s, issuer, audience))),
        };
    }

    private auditSubject(subject: TrustSubject, among: Among | undefined, witnesses: Witnesses): AuditedSubject {
        const { issuer, path, test, value } = subject;
        const against = among && statementAgainst(among.guards, testedJobs(subject));
        const witness =
            among === undefined || against !== undefined
                ? undefined
                : this.witnessOf(subject, [...among.statements, ...among.guards]);
        const isUndecided =
            against === undefined &&
            witness === undefined &&
            (among === undefined ||
                this.finder.isExhausted ||
                isUnusual(subject) ||
                // The guardrails deny the examples, and may allow other jobs of the subject.
                (among.guards.length > 0 && this.witnessOf(subject, among.statements) !== undefined));
        return {
            description: describeTrustSubject(subject),
            issuer,
            path,
            sub: test === undefined || value === undefined ? null : { operator: test.operator, value },
            scope: scopeOf(subject),
            refs: refsOf(subject),
            reachable: witness !== undefined ? true : isUndecided ? "unknown" : false,
            ...(against !== undefined && { deniedBy: against.path }),
            witness: witness === undefined ? null : witnesses.addOrdinary(witness),
            context: witness?.context ?? {},
        };
    }

    private witnessOf(subject: TrustSubject, statements: readonly Statement[]): Witness | undefined {
        const { statement, issuer, test, value } = subject;
        const own = this.finder.subsFor(test, value);
        const subs = [...own, ...this.finder.subsBeside(own, subject, statements)];
        return this.finder.find(statements, { statement, issuer, subs });
    }

    private powerOf({ arn }: JoinedRole): Pick<AuditedRole, "power" | "powerComplete" | "powerReasons"> {
        const { power, powerComplete, reasons } = this.chains.powerOf(arn);
        return { power, powerComplete, powerReasons: reasons };
    }

    private eventsOf({ arn, trustPolicy }: JoinedRole): AuditedRole["events"] {
        const seen = this.options.seen.role(arn);
        const isUnknown = !this.hasEvents || (seen === undefined && this.options.seen.omitted > 0);
        return isUnknown
            ? null
            : roleEvents(trustPolicy, seen, {
                  period: this.options.seen.period,
                  ...(this.options.hasGuardrails && { guards: { roleArn: arn, statements: this.options.guarding } }),
              });
    }

    /** The findings about the parts of the policy that are about GitLab. */
    private findingsOf({ trustPolicy }: JoinedRole, statements: readonly Statement[]): readonly Finding[] {
        return gitLabFindings({ trustPolicy, statements }, (s) => isAboutGitLab(s, this.issuers)).filter(
            ({ id, severity }) => !(severity === "warning" && this.options.accept.includes(id)),
        );
    }

    private strangerOf(
        { id, path }: Finding,
        subjects: readonly TrustSubject[],
        {
            statements,
            account,
            witnesses,
        }: { statements: readonly Statement[]; account: Account; witnesses: Witnesses },
    ): number | null {
        const exact = subjects.filter((s) => isWithin(s.path, path));
        const sameStatement = subjects.filter((s) => isWithin(path, s.statement.path));
        for (const subject of exact.length > 0 ? exact : sameStatement) {
            const provider = [...account.providers.values()].find(({ issuer }) => issuer === subject.issuer);
            const context = { finder: this.finder, statements, audiences: provider?.audiences };
            const wanted = strangerFor(id, subject, context);
            const witness = wanted === undefined ? undefined : this.finder.find(statements, wanted);
            const isOrdinary = witness !== undefined && witnesses.isOrdinary(witness);
            if (witness !== undefined && !isOrdinary && showsStranger(id, witness.claims, context)) {
                return witnesses.add(witness);
            }
        }
        return null;
    }

    /** Notes what is not in the report and may have to be. */
    private noteOthers(): void {
        const roles = this.accounts.flatMap((each) => each.roles);
        const counts = new Map<string, number>();
        for (const { statements } of roles) {
            const issuers = statements.filter(({ effect }) => effect === "Allow").flatMap(issuersOf);
            for (const issuer of new Set(issuers)) {
                if (mayBeGitLab(issuer) && this.issuers.evidenceOf(issuer) === undefined) {
                    counts.set(issuer, (counts.get(issuer) ?? 0) + 1);
                }
            }
        }
        for (const [issuer, n] of [...counts].sort(([a], [b]) => compareText(a, b))) {
            this.notes.push(
                `${n === 1 ? "1 role trusts" : `${String(n)} roles trust`} the issuer ${quote(issuer)}, and nothing shows whether it is a GitLab instance. If it is, give its URL.`,
            );
        }
        if (this.options.seen.omitted > 0) {
            this.notes.push(
                `The events have too many roles: ${count(this.options.seen.omitted, "call")} are not in the report.`,
            );
        }
        if (this.options.seen.unrecognized > 0) {
            this.notes.push(
                `The events have too many calls to recognize all that several files have: ${count(this.options.seen.unrecognized, "call")} may be counted twice.`,
            );
        }
        const missing = roles.filter(({ role }) => role.trustPolicy === undefined).length;
        if (missing > 0) {
            this.notes.push(
                `No document has the trust policy of ${count(missing, "role")}, which the report leaves out.`,
            );
        }
        for (const { role } of roles.filter(({ isUnreadable }) => isUnreadable)) {
            this.notes.push(`${role.arn}: the trust policy cannot be read, so the report leaves out the role.`);
        }
    }
}

/** Where examples of a subject are looked for: the trust policy, and the guardrails of the role. */
interface Among {
    readonly statements: readonly Statement[];
    readonly guards: readonly GuardrailStatement[];
}

function testedJobs({ statement, issuer, test, value }: TrustSubject): TestedJobs {
    return {
        issuer,
        sub: test === undefined || value === undefined ? undefined : { ...test, values: [value] },
        aud: testsOf(statement, issuer, "aud").find(isPositive),
    };
}

/** Tokens of one role, each once. */
class Witnesses {
    readonly claims: WitnessClaims[] = [];
    private readonly positions = new Map<string, number>();

    private readonly ordinary = new Set<number>();

    /** The position of the claims of a token that the policy means. */
    addOrdinary(witness: Witness): number {
        const position = this.add(witness);
        this.ordinary.add(position);
        return position;
    }

    /** Whether the policy means a token with these claims. */
    isOrdinary({ claims }: Witness): boolean {
        const position = this.positions.get(JSON.stringify(claims));
        return position !== undefined && this.ordinary.has(position);
    }

    /** The position of the token's claims. */
    add({ claims }: Witness): number {
        const text = JSON.stringify(claims);
        const position = this.positions.get(text) ?? this.claims.push(claims) - 1;
        this.positions.set(text, position);
        return position;
    }
}

function readRole(role: JoinedRole): ReadRole {
    const { statements, found, findings } = parseTrustPolicy(role.trustPolicy);
    const isUnreadable = role.trustPolicy !== undefined && statements.length === 0 && findings.length > 0;
    return { role, statements, document: found?.document ?? null, isUnreadable };
}

function acceptsAudience(statement: Statement, issuer: string, audience: string): boolean {
    return testsOf(statement, issuer, "aud").every((test) =>
        isMet(test, new Map([[test.key.toLowerCase(), [audience]]])),
    );
}

function audiencesOf(subjects: readonly TrustSubject[]): readonly string[] | "any" {
    const ofStatements = [...new Set(subjects)].map(({ statement, issuer }) =>
        testsOf(statement, issuer, "aud").filter(isPositive),
    );
    return ofStatements.some((tests) => tests.length === 0)
        ? "any"
        : [...new Set(ofStatements.flatMap((tests) => tests.flatMap(({ values }) => values)))].sort();
}

/** The role for those who judge what it can do. */
function chainRole({ role, statements }: ReadRole, managedPolicies: ReadonlyMap<string, unknown>): AccountRole {
    return {
        arn: role.arn,
        trust: statements,
        permissions: {
            arn: role.arn,
            policies: [
                ...role.policies.map((policy) => withDocument(policy, managedPolicies)),
                ...(role.mayHaveMorePolicies ? [{ name: "Further policies of the role", document: undefined }] : []),
            ],
            boundary: boundaryOf(role.boundary, managedPolicies),
        },
    };
}

function withDocument(policy: PolicyDocument, managedPolicies: ReadonlyMap<string, unknown>): PolicyDocument {
    return policy.arn === undefined ? policy : { ...policy, document: managedPolicies.get(policy.arn) };
}

function boundaryOf(
    boundary: string | undefined,
    managedPolicies: ReadonlyMap<string, unknown>,
): RolePermissions["boundary"] {
    if (boundary === undefined || boundary === "none") {
        return boundary ?? "unknown";
    }
    return { name: "permissions boundary", arn: boundary, document: managedPolicies.get(boundary) };
}
