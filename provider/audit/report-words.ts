import type { AuditedRole, AuditedSubject, AuditFinding, TrustedIssuer } from "./report";

/** A GitLab instance, why it counts as GitLab, and what is wrong with its identity provider. */
export function trustText({ issuer, evidence, providerExists, listsAudience }: TrustedIssuer): string {
    const why = evidence === "sub-claim" ? ["recognized by the shape of its sub claims"] : [];
    const missing = providerExists === false ? ["the account has no such identity provider"] : [];
    const audience =
        providerExists !== false && listsAudience === false
            ? ["the identity provider does not list the audience of the trust policy"]
            : [];
    const remarks = [...why, ...missing, ...audience];
    return remarks.length === 0 ? issuer : `${issuer} (${remarks.join(", ")})`;
}

/** The words for an accepted warning. */
export const ACCEPTED = "Accepted by the tag gitlab-oidc:accept of the role.";

/** The jobs of a subject. */
export function subjectText({ description, reachable, deniedBy }: AuditedSubject): string {
    if (deniedBy !== undefined) {
        return `${description} (a resource control policy denies them)`;
    }
    return reachable === false ? `${description} (another part of the trust policy denies them)` : description;
}

/** The `sub` claim of a job that should not get in, and its other claims if only they differ from those of a job that should. */
export function findingExample({ witnesses, subjects }: AuditedRole, { witness }: AuditFinding): string | undefined {
    const claims = witness === null ? undefined : witnesses[witness];
    if (claims === undefined) {
        return undefined;
    }
    const meant = subjects
        .flatMap((subject) => (subject.witness === null ? [] : witnesses[subject.witness]!))
        .find(({ sub }) => sub === claims.sub);
    const others = Object.entries(claims).filter(([name, value]) => meant !== undefined && meant[name] !== value);
    return [claims.sub, ...others.map(([name, value]) => `${name} ${String(value)}`)].join(", ");
}
