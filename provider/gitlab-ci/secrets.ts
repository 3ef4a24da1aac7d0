import type { Findings } from "../contract/findings";
import { key, property } from "../contract/paths";
import { quote } from "../contract/quote";
import type { GitLabCiSecret } from "../contract/types";
import { known, type MaybeUnknown } from "../contract/unknown";
import { isSecretId, regionOfSecret } from "../iam/arn";
import { ciFormOf, optionOf, secretsOf, type CiRole, type Conflict, type Given } from "./given";
import { fault, jobVariable, line } from "./look";
import { isRegion } from "./region";

type Secrets = Readonly<Record<string, GitLabCiSecret>>;

/** Reports secrets that the job, GitLab or AWS Secrets Manager would not accept. */
export function checkCiSecrets(given: Given, findings: Findings): void {
    const { names = [], value = {}, at } = secretsOf(given) ?? {};
    if (at !== undefined && names.length === 0) {
        fault(findings, at, "is empty.", `Add a secret: ${EXAMPLE}.`);
    }
    for (const name of names) {
        jobVariable("DATABASE_PASSWORD")(name, key(at!, name), findings);
        if (Object.hasOwn(value, name)) {
            checkSecret(value[name]!, key(at!, name), findings);
        }
    }
}

const EXAMPLE = '{ DATABASE_PASSWORD: { secretId: "app/database", field: "password" } }';

function checkSecret(secret: GitLabCiSecret, at: string, findings: Findings): void {
    const { secretId, field, versionId, versionStage, region } = secret;
    const ofArn = regionOfSecret(secretId);
    if (!isSecretId(secretId)) {
        const message = `${quote(secretId)} is not the name or the ARN of a secret.`;
        const example = '"arn:aws:secretsmanager:eu-central-1:111122223333:secret:app/database-AbCdEf"';
        fault(
            findings,
            property(at, "secretId"),
            message,
            shortFormFix(secretId) ?? `Use, for example, "app/database" or ${example}.`,
        );
    }
    if (field !== undefined) {
        line("the key of a field", '"password"')(field, property(at, "field"), findings);
    }
    if (versionId !== undefined && !/^[A-Za-z0-9-]{32,64}$/.test(versionId)) {
        const fix = 'Use 32 to 64 letters, digits and -: "01234567-89ab-cdef-0123-456789abcdef".';
        fault(findings, property(at, "versionId"), `${quote(versionId)} is not the ID of a version.`, fix);
    }
    if (versionStage !== undefined) {
        line("a staging label", '"AWSPREVIOUS"')(versionStage, property(at, "versionStage"), findings);
        if (versionId !== undefined) {
            const fix = "Keep one of the two.";
            findings.add("ci-conflict", property(at, "versionStage"), "cannot be combined with `versionId`.", fix);
        }
    }
    if (region !== undefined) {
        checkRegion(region, ofArn, property(at, "region"), findings);
    }
}

/** The fix for GitLab's short form of a secret: its ID and the key of a field with `#` between them. */
function shortFormFix(text: string): string | undefined {
    const [, secretId = "", field] = /^([^#]+)#([^#]+)$/.exec(text) ?? [];
    return isSecretId(secretId) ? `Write secretId: ${quote(secretId)}, field: ${quote(field)}.` : undefined;
}

/** AWS Secrets Manager finds a secret only in its own region. */
function checkRegion(region: string, ofArn: string | undefined, at: string, findings: Findings): void {
    if (!isRegion(region)) {
        const message = `${quote(region)} is not the name of an AWS region.`;
        findings.add("ci-region", at, message, 'Use, for example, "eu-central-1".');
    } else if (ofArn !== undefined && region !== ofArn) {
        const message = `${quote(region)} is not the region of the ARN in \`secretId\`, ${quote(ofArn)}.`;
        findings.add("ci-region", at, message, "Leave it out.");
    }
}

/** The region of a secret; undefined if only the CI/CD variable `AWS_REGION` names it. */
export function regionOf({ secretId, region }: GitLabCiSecret, common: string | undefined): string | undefined {
    return region ?? regionOfSecret(secretId) ?? common;
}

/** The regions that secrets have of their own, and where. */
export function regionsOfSecrets(
    secrets: Secrets,
    path: string,
): readonly { readonly value: string; readonly at: string }[] {
    return Object.entries(secrets).flatMap(([name, secret]) => {
        const value = regionOf(secret, undefined);
        const at = property(key(path, name), secret.region === undefined ? "secretId" : "region");
        return value === undefined ? [] : [{ value, at }];
    });
}

/** Options that are about credentials of the job, and why the form `secrets` has no use for them. */
const ABOUT_CREDENTIALS = {
    credentials: "the runner reads the secrets, and the job gets no credentials",
    assumeRole: "the runner assumes only one role. To read a secret of another account, use its ARN in `secretId`",
    duration: "the runner requests the session",
} as const;

/** Reports the form `secrets` without secrets, secrets without that form, and options that do not belong to it. */
export function secretsConflicts({ own }: CiRole, common: Given): readonly Conflict[] {
    const form = ciFormOf(common);
    const secrets = optionOf("secrets", own, common);
    if (form === "secrets") {
        const at = property((own?.options === undefined ? common : own).path, "secrets");
        const message = 'is missing, but form: "secrets" requires the secrets of each role.';
        return [
            ...(secrets === undefined ? [conflict(at, message, `Add secrets: ${EXAMPLE}.`)] : []),
            ...uselessOptions(own, common),
        ];
    }
    return form !== undefined && secrets?.isSet === true
        ? [conflict(secrets.at, 'applies only to form: "secrets".', 'Remove it, or add form: "secrets".')]
        : [];
}

function uselessOptions(own: Given | undefined, common: Given): readonly Conflict[] {
    return (Object.keys(ABOUT_CREDENTIALS) as (keyof typeof ABOUT_CREDENTIALS)[]).flatMap((name) => {
        const option = optionOf(name, own, common);
        const message = `has no effect with form: "secrets": ${ABOUT_CREDENTIALS[name]}.`;
        return option?.isSet === true ? [conflict(option.at, message, "Remove it.")] : [];
    });
}

function conflict(at: string, message: string, fix: string): Conflict {
    return { id: "ci-conflict", at, message, fix };
}

/** Condition keys whose values depend on the network of the caller. Source: AWS, "AWS global condition context keys". */
const NETWORK_KEY = /^aws:(?:SourceIp|SourceVpc(?:Arn|e)?|VpcSourceIp|Vpce(?:Account|OrgID|OrgPaths))$/i;

type Conditions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** A role's conditions and the options of its job. */
interface NetworkView {
    /** Path of the role's inputs. */
    readonly path: string;
    readonly conditions: MaybeUnknown<Conditions | undefined>;
    readonly common: Given;
}

/** Warns about conditions on the network of the job, which the runner manager does not share. */
export function checkSecretsNetwork({ path, conditions, common }: NetworkView, findings: Findings): void {
    if (ciFormOf(common) !== "secrets") {
        return;
    }
    for (const [operator, maybe] of Object.entries(known(conditions) ?? {})) {
        for (const name of Object.keys(known(maybe) ?? {}).filter((k) => NETWORK_KEY.test(k))) {
            findings.add(
                "ci-network",
                key(key(property(path, "conditions"), operator), name),
                'is about the network of the caller. With form: "secrets", that is the network of the runner manager, which reads the secrets, and not the network of the job.',
                "Allow the network of the runner manager.",
            );
        }
    }
}
