import { checkAccept } from "../contract/accept";
import { Findings, throwErrors } from "../contract/findings";
import { quote } from "../contract/quote";
import type { Finding } from "../contract/types";
import { checkIssuerUrl, GITLAB_COM, issuerOf } from "../gitlab/issuer-url";
import { readGuardrails, type GuardrailStatement } from "../guardrail/document";
import { statementsFor } from "../guardrail/evaluate";
import { statementAgainst, type TestedJobs } from "../guardrail/jobs";
import { isMet } from "../iam/operators";
import { isPositive } from "../trust/conditions";
import { parseTrustPolicy, type Statement } from "../trust/document";
import { GitLabIssuers, issuersOf, mayBeGitLab } from "../trust/gitlab-issuers";
import { lintPolicy } from "../trust/lint";
import { isForEverybody, providersOf, testsOf } from "../trust/statement";
import { type DocumentFacts, joinFacts } from "./account-facts";
import { type Account, compareText, type JoinedRole, joinAccounts } from "./accounts";
import { count } from "./iam-output";
import { type AuditDocument, readDocument } from "./documents";
import type {
    AuditedRole,
    AuditedSubject,
    AuditFinding,
    AuditReport,
    ProjectAccess,
    TrustedIssuer,
    WitnessClaims,
} from "./report";
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
    checkOptions(options, findings);
    const facts = readAuditDocuments(documents, findings);
    throwErrors(findings);
    const seen = gitLabEvents();
    facts.events.forEach((event) => {
        seen.add(event);
    });
    return auditFacts(facts, seen, options);
}

/**
 * The report about documents that were read before. Their events are in `seen`.
 *
 * @throws InvalidInputsError if an argument cannot be used.
 */
export function auditFacts(facts: DocumentFacts, seen: SeenEvents, options: AuditOptions): AuditReport {
    const findings = new Findings();
    const guardrails = checkOptions(options, findings);
    throwErrors(findings);
    return new Audit(facts, seen, options, guardrails).report();
}

/** Collects the events of identity providers that may be GitLab instances. */
export function gitLabEvents(): SeenEvents {
    return new SeenEvents({ isWanted: mayBeGitLab });
}

/** Reports options that cannot be used, and returns the statements of the guardrails. */
function checkOptions(
    { urls = [], accept = [], guardrails = [] }: AuditOptions,
    findings: Findings,
): readonly GuardrailStatement[] {
    checkAccept(accept, "accept", findings);
    urls.forEach((url, i) => checkIssuerUrl(url, `urls[${String(i)}]`, findings));
    return readGuardrails(guardrails, findings);
}

/** Reads all documents, and reports those that cannot be used. */
export function readAuditDocuments(documents: readonly AuditDocument[], findings: Findings): DocumentFacts {
    const read: DocumentFacts[] = [];
    documents.forEach((document, i) => {
        const facts = readDocument(document);
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
    private readonly urls: readonly string[];
    private readonly accept: readonly string[];
    private readonly hasGuardrails: boolean;

    constructor(
        facts: DocumentFacts,
        private readonly seen: SeenEvents,
        { urls = [], accept = [], guardrails = [] }: AuditOptions,
        private readonly guarding: readonly GuardrailStatement[],
    ) {
        this.hasGuardrails = guardrails.length > 0;
        this.urls = urls;
        this.accept = accept;
        const { accounts, managedPolicies, notes } = joinAccounts(facts);
        this.issuers = new GitLabIssuers(urls);
        this.notes = [...notes];
        const roles = accounts.flatMap((account) => account.roles);
        this.chains = new Chains(
            roles.map((role) => chainRole(role, managedPolicies)),
            new PowerJudge(),
        );
        const read = accounts.map((account) => ({ account, roles: account.roles.map(readRole) }));
        for (const { statements } of read.flatMap(({ roles }) => roles)) {
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
        if (this.hasGuardrails) {
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
            events:
                this.seen.total === 0
                    ? null
                    : reportedEvents(
                          this.seen,
                          roles.map(({ arn }) => arn),
                      ),
            notes: this.notes,
        };
    }

    private issuersIn({ providers, hasAllProviders }: Account, roles: readonly ReadRole[]): readonly string[] {
        const known = [
            ...[...providers.values()].map(({ issuer }) => issuer),
            ...roles.flatMap(({ statements }) => statements.flatMap(issuersOf)),
        ].filter((issuer) => this.issuers.evidenceOf(issuer) !== undefined);
        const possible = hasAllProviders ? [] : [GITLAB_COM, ...this.urls].map(issuerOf);
        return [...new Set(known.length > 0 ? known : possible)].sort();
    }

    private auditRole({ role, statements }: ReadRole, { account, issuers }: ReadAccount): readonly AuditedRole[] {
        const allowing = statements.filter(({ effect }) => effect === "Allow");
        const named = allowing.flatMap(issuersOf).filter((issuer) => this.issuers.evidenceOf(issuer) !== undefined);
        const open = issuers.filter((issuer) => allowing.some((s) => isAboutIssuer(s, issuer)));
        const trusted = [...new Set([...named, ...open])];
        const [issuer] = trusted;
        if (issuer === undefined) {
            return [];
        }
        const trusts = trusted.map((each) => this.trustOf(each, role, allowing, account));
        const witnesses = new Witnesses();
        this.finder.begin();
        const all = trusted.flatMap((each) => subjectsOf(statements, each));
        const guards = statementsFor(this.guarding, role.arn);
        const effective = [...statements, ...guards];
        const subjects = all.map((subject, i) =>
            this.auditSubject(subject, i < MOST_SEARCHED ? { statements, guards } : undefined, witnesses),
        );
        const findings = this.findingsOf(role, statements).map((finding): AuditFinding => ({
            ...finding,
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
                trustPolicy: parseTrustPolicy(role.trustPolicy).found?.document ?? null,
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
        const seen = this.seen.role(arn);
        const isUnknown = this.seen.total === 0 || (seen === undefined && this.seen.omitted > 0);
        return isUnknown
            ? null
            : roleEvents(
                  trustPolicy,
                  seen,
                  this.hasGuardrails ? { roleArn: arn, statements: this.guarding } : undefined,
              );
    }

    /** The findings about the parts of the policy that are about GitLab. */
    private findingsOf({ trustPolicy }: JoinedRole, statements: readonly Statement[]): readonly Finding[] {
        const others = statements.filter((s) => !this.isAboutGitLab(s)).map(({ path }) => path);
        return lintPolicy({ trustPolicy }).findings.filter(
            ({ id, severity, path }) =>
                !(severity === "warning" && this.accept.includes(id)) && !others.some((other) => isWithin(path, other)),
        );
    }

    private isAboutGitLab(statement: Statement): boolean {
        return (
            issuersOf(statement).some((issuer) => this.issuers.evidenceOf(issuer) !== undefined) ||
            isForEverybody(statement)
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
        if (this.seen.omitted > 0) {
            this.notes.push(
                `The events have too many roles: ${count(this.seen.omitted, "call")} are not in the report.`,
            );
        }
        const unreadable = roles.filter(({ role }) => role.trustPolicy === undefined).length;
        if (unreadable > 0) {
            this.notes.push(
                `No document has the trust policy of ${count(unreadable, "role")}, which the report leaves out.`,
            );
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
    return { role, statements: parseTrustPolicy(role.trustPolicy).statements };
}

/** Whether a property path is another one or a part of it. */
function isWithin(path: string, outer: string): boolean {
    return outer !== "" && path.startsWith(outer) && /^(?:[.[]|$)/.test(path.slice(outer.length));
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
function chainRole(role: JoinedRole, managedPolicies: ReadonlyMap<string, unknown>): AccountRole {
    return {
        arn: role.arn,
        trustPolicy: role.trustPolicy,
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

/** The projects and groups with the roles that their jobs get. */
function projectsOf(roles: readonly AuditedRole[]): readonly ProjectAccess[] {
    const found = new Map<string, Omit<ProjectAccess, "roles"> & { readonly roles: Set<string> }>();
    for (const { arn, subjects } of roles) {
        for (const { issuer, scope, reachable } of subjects) {
            const key = JSON.stringify([issuer, scope.path, scope.kind, scope.projectIds]);
            const entry = found.get(key) ?? { issuer, ...scope, roles: new Set<string>() };
            if (reachable !== false) {
                entry.roles.add(arn);
                found.set(key, entry);
            }
        }
    }
    return [...found]
        .sort(([a], [b]) => compareText(a, b))
        .map(([, { roles: arns, ...entry }]) => ({ ...entry, roles: [...arns].sort() }));
}
