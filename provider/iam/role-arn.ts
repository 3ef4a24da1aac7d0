import type { Findings } from "../contract/findings";
import { quote } from "../contract/quote";
import { isRoleArn, isRolePattern, partitionOf } from "./arn";
import { literalGlob, matchesGlob } from "./glob";

/** Whether a resource of a policy, which may have wildcards, covers an ARN. */
export function coversArn(resource: string, arn: string): boolean {
    return matchesGlob(literalGlob(resource), arn);
}

/** Roles with nothing in common but what every role has, so a pattern that matches them all matches every role. */
const DIFFERENT_ROLES = ["000000000000:role/Q", `999999999999:role/${"Z".repeat(64)}`, "000000000000:role/9/Q"];

/** Whether the pattern matches every role of its partition. */
function matchesEveryRole(pattern: string): boolean {
    const partition = partitionOf(pattern) ?? "*";
    const own = /^[a-z-]+$/.test(partition) ? partition : "aws";
    return DIFFERENT_ROLES.every((role) => coversArn(pattern, `arn:${own}:iam::${role}`));
}

const EXAMPLE = '"arn:aws:iam::111122223333:role/legacy-*"';

/** Reports a pattern of role ARNs that matches no role, or every role. */
export function checkRolePattern(pattern: string, path: string, findings: Findings): void {
    if (matchesEveryRole(pattern)) {
        findings.add(
            "guardrail-role",
            path,
            `${quote(pattern)} matches every role, so the guardrail would apply to none.`,
            `Name the roles, or their account and the beginning of their names: ${EXAMPLE}.`,
        );
    } else if (!isRolePattern(pattern)) {
        findings.add(
            "guardrail-role",
            path,
            `${quote(pattern)} is not the ARN of a role, or of several roles by wildcards.`,
            `Write it like ${EXAMPLE}.`,
        );
    }
}

/** Reports a text that is not the ARN of one role. */
export function checkRoleArn(arn: string, path: string, findings: Findings): void {
    if (!isRoleArn(arn)) {
        findings.add(
            "role-arn",
            path,
            `${quote(arn)} is not the ARN of a role.`,
            'It looks like "arn:aws:iam::111122223333:role/deploy".',
        );
    }
}
