import type { AuditedRole, AuditReport, RoleChain } from "../report";
import { worstFirst } from "../worst-first";

/** The report, with what the page looks up in it. */
export interface Model {
    readonly report: AuditReport;
    /** The worst first. */
    readonly roles: readonly AuditedRole[];
    readonly byArn: ReadonlyMap<string, AuditedRole>;
    readonly chains: ReadonlyMap<string, RoleChain>;
    /** GitLab instances without their scheme, the most frequent first. */
    readonly issuers: readonly string[];
}

export function modelOf(report: AuditReport): Model {
    const { roles, chains } = report;
    return {
        report,
        roles: [...roles].sort(worstFirst),
        byArn: new Map(roles.map((role) => [role.arn, role])),
        chains: new Map(chains.map((chain) => [chain.role, chain])),
        issuers: countsOf(roles.flatMap(({ trusts }) => trusts.map(({ issuer }) => issuer))).map(({ value }) => value),
    };
}

/** A value, and how often it occurs. */
export interface ValueCount {
    readonly value: string;
    readonly count: number;
}

/** The values, the most frequent first. */
export function countsOf(values: readonly string[]): readonly ValueCount[] {
    const counts = new Map<string, number>();
    for (const value of values) {
        counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return [...counts]
        .map(([value, count]) => ({ value, count }))
        .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}
