import { checkAccept } from "../contract/accept";
import { acceptTags } from "../contract/accept-tag";
import { Findings } from "../contract/findings";
import { property } from "../contract/paths";
import { quote } from "../contract/quote";
import type { Role } from "../contract/types";
import { type MaybeUnknown, known } from "../contract/unknown";
import { providerPartition } from "./arn";
import { checkFormerPolicyKeys, checkInlinePolicies, checkManagedPolicies, checkPolicyArn } from "./policies";
import { checkSecrets } from "./secrets";
import { checkTags } from "./tags";

/** Random characters that the AWS provider adds to a resource's name if `name` is left out, with their hyphen. */
const SUFFIX = 8;

/** Longest session in seconds, if a role sets none. Source: AWS, "CreateRole". */
export const DEFAULT_SESSION = 3600;

/** The surroundings of a role, in addition to its own inputs. */
interface RoleContext {
    /** Name of the resource in Pulumi, with which the role's name in IAM begins if `name` is left out. */
    readonly resourceName: string;
    readonly providerArn: string | undefined;
}

type RoleView = Exclude<MaybeUnknown<Omit<Role, "subjects">>, symbol>;

/** Reports everything that IAM rejects in a role, except for its trust policy. */
export function checkRole(role: RoleView, context: RoleContext, path: string, findings: Findings): void {
    const at = (name: keyof Role): string => property(path, name);
    const partition = providerPartition(context.providerArn);
    checkName(role.name, context.resourceName, at("name"), findings);
    checkPath(known(role.path), at("path"), findings);
    checkDescription(known(role.description), at("description"), findings);
    checkDuration(known(role.maxSessionDuration), at("maxSessionDuration"), findings);
    checkTags(role.tags, at("tags"), findings, acceptTags(known(role.accept) ?? [], "role"));
    const boundary = known(role.permissionsBoundary);
    if (boundary !== undefined) {
        checkPolicyArn(boundary, partition, at("permissionsBoundary"), findings);
    }
    checkManagedPolicies(role.managedPolicies, partition, at("managedPolicies"), findings);
    checkFormerPolicyKeys(role, at("formerPolicyKeys"), findings);
    const secrets = checkSecrets(role, partition, path, findings);
    checkInlinePolicies(role.inlinePolicies, secrets, at("inlinePolicies"), findings);
    checkAccept(role.accept, at("accept"), findings);
}

function checkName(
    maybe: MaybeUnknown<string | undefined>,
    resourceName: string,
    path: string,
    findings: Findings,
): void {
    const name = known(maybe);
    if (name !== undefined) {
        if (name.length < 1 || name.length > 64) {
            findings.add(
                "role-name",
                path,
                `${quote(name)} has ${String(name.length)} characters, but IAM accepts 1 to 64.`,
                "Choose a shorter name, or leave it out.",
            );
        } else if (!/^[\w+=,.@-]+$/.test(name)) {
            findings.add(
                "role-name",
                path,
                `${quote(name)} has characters that IAM does not accept.`,
                "Use letters, digits and + = , . @ - _.",
            );
        }
    } else if (maybe === undefined && (resourceName.length > 64 - SUFFIX || !/^[\w+=,.@-]+$/.test(resourceName))) {
        findings.add(
            "role-name",
            path,
            `is not set, and IAM rejects ${quote(resourceName)} with a random suffix: names have at most 64 letters, digits and + = , . @ - _.`,
            "Set `name`, or choose a shorter name for the resource or a shorter key for the role.",
        );
    }
}

export function checkPath(path: string | undefined, at: string, findings: Findings): void {
    if (path !== undefined && (path.length > 512 || !/^\/(?:[!-~]+\/)?$/.test(path))) {
        findings.add(
            "role-path",
            at,
            `${quote(path)} is not a path that IAM accepts: at most 512 printable characters, beginning and ending with "/".`,
            'Use, for example, "/gitlab/".',
        );
    }
}

function checkDescription(text: string | undefined, at: string, findings: Findings): void {
    if (text !== undefined && (text.length > 1000 || !/^[\t\n\r -~\u00a1-\u00ff]*$/.test(text))) {
        findings.add(
            "role-description",
            at,
            text.length > 1000
                ? `has ${String(text.length)} characters, but IAM accepts at most 1000.`
                : "has characters outside Latin-1, which IAM does not accept.",
            "Shorten or reword it.",
        );
    }
}

export function checkDuration(seconds: number | undefined, at: string, findings: Findings): void {
    if (seconds !== undefined && (seconds < 3600 || seconds > 43200)) {
        findings.add(
            "role-duration",
            at,
            `${String(seconds)} seconds is outside the range that IAM accepts: 3600 (1 hour) to 43200 (12 hours).`,
            seconds < 3600
                ? "Write 3600. A job can request a shorter session from STS, from 900 seconds."
                : "Write at most 43200, the longest session in AWS.",
        );
    }
}
