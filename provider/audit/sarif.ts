import { documentationOf } from "../contract/documentation";
import { RULES } from "../contract/rules";
import type { FindingKey } from "./difference";
import type { AuditedRole, AuditFinding, AuditReport } from "./report";

/** The program that wrote a report. */
export interface SarifTool {
    /** Name of the program. */
    readonly name: string;
    /** Version of the program, for example `1.2.3`. */
    readonly version: string;
}

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** A report as a SARIF log. Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0". */
export function sarifOf(
    { roles, difference }: Pick<AuditReport, "roles" | "difference">,
    { name, version }: SarifTool,
): object {
    const added = difference && new Set(difference.new.map(fingerprintOf));
    const ids = [...new Set(roles.flatMap(({ findings }) => findings.map(({ id }) => id)))].sort();
    return {
        $schema: SCHEMA,
        version: "2.1.0",
        runs: [
            {
                tool: { driver: { name, semanticVersion: version, rules: ids.map(ruleOf) } },
                columnKind: "utf16CodeUnits",
                results: roles.flatMap((role) =>
                    role.findings.map((finding) => ({
                        ...resultOf(role, finding, ids.indexOf(finding.id)),
                        ...(added && {
                            baselineState: added.has(fingerprintOf({ role: role.arn, ...finding }))
                                ? "new"
                                : "unchanged",
                        }),
                    })),
                ),
            },
        ],
    };
}

function ruleOf(id: string): object {
    const severity = (RULES as Readonly<Record<string, string>>)[id];
    return {
        id,
        helpUri: documentationOf(id),
        ...(severity !== undefined && { defaultConfiguration: { level: severity } }),
    };
}

function resultOf(role: AuditedRole, finding: AuditFinding, ruleIndex: number): object {
    const { id, severity, path, message, fix, accepted } = finding;
    const place = path === "" ? "" : `${path}: `;
    return {
        ruleId: id,
        ruleIndex,
        level: severity,
        message: { text: `${role.arn}: ${place}${message} ${fix}` },
        locations: [
            {
                ...physicalLocation(role),
                logicalLocations: [
                    {
                        name: role.name,
                        fullyQualifiedName: path === "" ? role.arn : `${role.arn}#${path}`,
                        kind: "resource",
                    },
                ],
            },
        ],
        partialFingerprints: { "roleRulePath/v1": fingerprintOf({ role: role.arn, id, path }) },
        ...(accepted && { suppressions: [{ kind: "external", status: "accepted" }] }),
    };
}

/** The same text for the same finding. Its message does not matter. */
function fingerprintOf({ role, id, path }: FindingKey): string {
    return `${role} ${id} ${path}`;
}

/** The first file that has the role; the audit can have it from standard input only. */
function physicalLocation({ sources }: AuditedRole): object {
    const file = sources.find((source) => source !== "-");
    return file === undefined ? {} : { physicalLocation: { artifactLocation: { uri: uriOf(file) } } };
}

/** The name of a file as a URI reference: no character of it can begin a scheme, a query or a host. */
function uriOf(file: string): string {
    const segments = file.replaceAll("\\", "/").split("/");
    const encoded = segments
        .map((segment) => encodeURIComponent(segment.replace(/[\ud800-\udfff]/gu, "\ufffd")))
        .join("/");
    return encoded.startsWith("/") ? `file://${encoded.replace(/^\/+/, "/")}` : encoded;
}
