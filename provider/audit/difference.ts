/** Identifies a finding across reports. The texts and witnesses of a finding may change from version to version. */
export interface FindingKey {
    /** ARN of the role. */
    readonly role: string;
    /** ID of the rule. */
    readonly id: string;
    /** Property path in the trust policy. */
    readonly path: string;
}

/** How the findings of a report differ from those of an older one. */
export interface ReportDifference {
    /** By role, path and ID. */
    readonly new: readonly FindingKey[];
    /** By role, path and ID. */
    readonly gone: readonly FindingKey[];
}

/** One text for each finding, for comparing and sorting. */
export function findingKeyText({ role, id, path }: FindingKey): string {
    return JSON.stringify([role, path, id]);
}
