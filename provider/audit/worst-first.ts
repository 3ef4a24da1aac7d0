import { POWERS } from "./power";
import type { AuditedRole } from "./report";

/** Order of roles: by the severity of their findings, by power, by the number of findings, by ARN. */
export function worstFirst(a: AuditedRole, b: AuditedRole): number {
    const [x, y] = [placeOf(a), placeOf(b)];
    return x[0] - y[0] || x[1] - y[1] || x[2] - y[2] || (a.arn < b.arn ? -1 : 1);
}

type Place = readonly [severity: number, power: number, findings: number];

function placeOf({ findings, power }: AuditedRole): Place {
    const severities = ["error", "warning"] as const;
    const worst = severities.findIndex((severity) => findings.some((f) => f.severity === severity));
    return [worst < 0 ? severities.length : worst, POWERS.indexOf(power), -findings.length];
}
