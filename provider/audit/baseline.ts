import { readJsonObject } from "../contract/json-document";
import { isObject } from "../contract/object";
import { quote } from "../contract/quote";
import { compareText } from "./accounts";
import { findingKeyText, type FindingKey, type ReportDifference } from "./difference";
import type { AuditDocument, DocumentFault } from "./documents";
import type { AuditReport } from "./report";

/** Findings of a report that no tag accepts, each once. */
export function findingKeys({ roles }: Pick<AuditReport, "roles">): readonly FindingKey[] {
    return uniqueKeys(
        roles.flatMap(({ arn, findings }) =>
            findings.filter(({ accepted }) => !accepted).map(({ id, path }) => ({ role: arn, id, path })),
        ),
    );
}

/** Compares the findings of a report with those of a baseline. */
export function compareFindings(baseline: readonly FindingKey[], report: readonly FindingKey[]): ReportDifference {
    const before = new Set(baseline.map(findingKeyText));
    const now = new Set(report.map(findingKeyText));
    return {
        new: uniqueKeys(report.filter((finding) => !before.has(findingKeyText(finding)))),
        gone: uniqueKeys(baseline.filter((finding) => !now.has(findingKeyText(finding)))),
    };
}

/** Characters of a baseline. */
const LARGEST = 500_000_000;

/** Reads the findings of an older report, which may be an output of `--json` of another version of this package. */
export function readBaseline({ name, content }: AuditDocument): readonly FindingKey[] | DocumentFault {
    const { object, fault } =
        typeof content === "string" || content instanceof Uint8Array
            ? readJsonObject(content, LARGEST)
            : { object: content as Readonly<Record<string, unknown>>, fault: undefined };
    const roles = object?.["roles"];
    if (!Array.isArray(roles) || object?.["version"] === undefined) {
        return {
            fault: `${quote(name)} ${fault ?? "is JSON, but not a report of an audit"}.`,
            fix: "Give a report that the audit wrote as JSON.",
        };
    }
    const keys = (roles as unknown[]).flatMap(keysIn);
    return keys.includes(undefined)
        ? { fault: `${quote(name)} has a finding without role, ID or path.`, fix: "Write the baseline again." }
        : uniqueKeys(keys as FindingKey[]);
}

/** The findings of a role; undefined for each one that cannot be read. */
function keysIn(role: unknown): readonly (FindingKey | undefined)[] {
    if (!isObject(role) || typeof role["arn"] !== "string" || !Array.isArray(role["findings"])) {
        return [undefined];
    }
    const arn = role["arn"];
    const findings = (role["findings"] as unknown[]).filter((f) => !isObject(f) || f["accepted"] !== true);
    return findings.map((finding) =>
        isObject(finding) && typeof finding["id"] === "string" && typeof finding["path"] === "string"
            ? { role: arn, id: finding["id"], path: finding["path"] }
            : undefined,
    );
}

function uniqueKeys(keys: readonly FindingKey[]): readonly FindingKey[] {
    return [...new Map(keys.map((key) => [findingKeyText(key), key])).entries()]
        .sort(([a], [b]) => compareText(a, b))
        .map(([, key]) => key);
}
