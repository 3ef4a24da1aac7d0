import { Findings } from "../contract/findings";
import { key, property } from "../contract/paths";
import { quote } from "../contract/quote";
import type { RuleId } from "../contract/rules";
import type { Role } from "../contract/types";
import { type MaybeUnknown, known } from "../contract/unknown";
import { isKmsKeyArn, isSecretArn, partitionOf } from "./arn";
import { type ArnFault, INLINE_POLICY_QUOTA, partitionFault } from "./policies";
import { isPattern, oneOrMany } from "./policy-text";

/** Name of the inline policy for `secretArns`, in IAM and in Pulumi. It stays the same, so a change of the secrets is an update. */
export const SECRETS_POLICY = "secretArns";

export type RoleSecrets = Pick<Role, "secretArns" | "secretKmsKeyArns">;

type SecretsView = Exclude<MaybeUnknown<RoleSecrets & Pick<Role, "inlinePolicies">>, symbol>;

/**
 * The policy with which a role can read secrets and do nothing else.
 * Sources: AWS, "Permissions policy examples for AWS Secrets Manager", "Secret encryption and decryption in AWS Secrets Manager".
 */
export function secretsPolicy({ secretArns = [], secretKmsKeyArns = [] }: RoleSecrets): string {
    const regions = [...new Set(secretKmsKeyArns.map(regionOf))].sort();
    const decrypt = regions.map((region) => {
        const isHere = (arn: string): boolean => regionOf(arn) === region;
        const keys = secretKmsKeyArns.filter(isHere);
        return {
            Effect: "Allow",
            Action: "kms:Decrypt",
            Resource: oneOrMany(keys),
            Condition: conditionsOf({
                "kms:ViaService": [viaService(keys[0]!)],
                "kms:EncryptionContext:SecretARN": secretArns.filter(isHere),
            }),
        };
    });
    const read = { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: oneOrMany(secretArns) };
    return JSON.stringify({ Version: "2012-10-17", Statement: [read, ...decrypt] });
}

/** Secrets Manager in the region of a key. AWS names the ending of the host only for these two partitions. */
function viaService(keyArn: string): string {
    const ending = /^aws(?:-us-gov)?$/.test(partitionOf(keyArn)!) ? "amazonaws.com" : "*";
    return `secretsmanager.${regionOf(keyArn)}.${ending}`;
}

function conditionsOf(keys: Readonly<Record<string, readonly string[]>>): object {
    const block: Record<string, Record<string, unknown>> = {};
    for (const [name, values] of Object.entries(keys)) {
        const operator = values.some(isPattern) ? "StringLike" : "StringEquals";
        block[operator] = { ...block[operator], [name]: oneOrMany(values) };
    }
    return block;
}

function regionOf(arn: string): string {
    return arn.split(":")[3]!;
}

/** Checks the secrets of a role and their keys. Returns the policy for them; undefined if there is none, it is too large, or it is not known. */
export function checkSecrets(
    role: SecretsView,
    partition: string | undefined,
    path: string,
    findings: Findings,
): string | undefined {
    const { secretArns: list = [], secretKmsKeyArns: keys = [] } = role;
    const secretArns = checkArns(SECRET, { list, partition, at: property(path, "secretArns") }, findings);
    const atKeys = property(path, "secretKmsKeyArns");
    const secretKmsKeyArns = checkArns(KMS_KEY, { list: keys, partition, at: atKeys }, findings);
    if (known(list)?.length !== 0) {
        checkPolicyName(role.inlinePolicies, property(path, "inlinePolicies"), findings);
    }
    if (secretArns === undefined || secretKmsKeyArns === undefined) {
        return undefined;
    }
    const regions = new Set(secretArns.map(regionOf));
    for (const [i, arn] of secretKmsKeyArns.entries()) {
        if (!regions.has(regionOf(arn))) {
            findings.add(
                KMS_KEY.id,
                `${atKeys}[${String(i)}]`,
                `${quote(arn)} is in the region ${quote(regionOf(arn))}, but no secret in \`secretArns\` is. A secret and its key are in the same region.`,
                "Remove it, or add the secret.",
            );
        }
    }
    const policy = secretArns.length === 0 ? undefined : secretsPolicy({ secretArns, secretKmsKeyArns });
    if (policy === undefined || policy.length <= INLINE_POLICY_QUOTA) {
        return policy;
    }
    findings.add(
        "inline-policy-size",
        property(path, "secretArns"),
        `has ${String(secretArns.length)} secrets, whose policy has ${String(policy.length)} characters, but IAM accepts ${String(INLINE_POLICY_QUOTA)} for all inline policies of a role.`,
        "List fewer secrets, and allow the others with a managed policy of yours.",
    );
    return undefined;
}

/** Reports an inline policy with the name of the one for `secretArns`. */
function checkPolicyName(maybe: SecretsView["inlinePolicies"], at: string, findings: Findings): void {
    const names = Object.keys(known(maybe) ?? {});
    for (const name of names.filter((each) => each.toLowerCase() === SECRETS_POLICY.toLowerCase())) {
        findings.add(
            "key",
            key(at, name),
            `${quote(name)} is the name of the policy that \`secretArns\` creates.`,
            "Use another key, or leave out `secretArns`.",
        );
    }
}

/** A kind of ARN in a list. */
interface Kind {
    readonly id: RuleId;
    readonly isArn: (text: string) => boolean;
    /** The fault of a text that is not such an ARN. */
    readonly fault: (text: string, partition: string) => ArnFault;
}

interface Listed {
    readonly list: MaybeUnknown<readonly string[]>;
    readonly partition: string | undefined;
    readonly at: string;
}

/** Checks the ARNs of a list. Returns them if all of them are known and of the kind. */
function checkArns(
    { id, isArn, fault }: Kind,
    { list: maybeList, partition, at }: Listed,
    findings: Findings,
): readonly string[] | undefined {
    const list = known(maybeList);
    if (list === undefined) {
        return undefined;
    }
    const first = new Map<string, string>();
    for (const [i, maybe] of list.entries()) {
        const arn = known(maybe);
        const here = `${at}[${String(i)}]`;
        if (arn !== undefined) {
            const other = first.get(arn);
            const found =
                other !== undefined
                    ? { message: `${quote(arn)} is also listed as ${other}.`, fix: "Keep only one of them." }
                    : isArn(arn)
                      ? partitionFault(arn, partition)
                      : fault(arn, partition ?? "aws");
            if (found !== undefined) {
                findings.add(id, here, found.message, found.fix);
            } else if (id === SECRET.id && NAME_LIKE.test(arn)) {
                findings.add(
                    "secret-suffix",
                    here,
                    `${quote(arn)} ends with six lowercase letters. If they are part of the secret's name, and not the random characters of its ARN, it matches no secret.`,
                    `For a secret with this name, write "${arn}-??????".`,
                );
            }
            first.set(arn, other ?? here);
        }
    }
    const arns = list.map(known).filter((arn) => arn !== undefined && isArn(arn)) as string[];
    return arns.length === list.length ? arns : undefined;
}

/** The end of an ARN that is more likely the end of a name: `my-secret`. Of 200 random suffixes, one is like that. */
const NAME_LIKE = /-[a-z]{6}$/;

const SECRET: Kind = { id: "secret-arn", isArn: isSecretArn, fault: secretFault };

function secretFault(text: string, partition: string): ArnFault {
    const [, start = "", name = text] = /^(arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:)(.*)$/s.exec(text) ?? [];
    const base = name.replace(/[-*?]+$/, "");
    const isName = /^[\w/+=.@!-]{0,511}[\w+=.@!]$/.test(base);
    const any = `${start}${base}-??????`;
    const isNamed = isName && isSecretArn(any);
    if (isPattern(name)) {
        return {
            message: `${quote(text)} has other wildcards than \`-??????\` in place of the six random characters, so it could match other secrets.`,
            fix: isNamed ? `Write "${any}".` : "List each secret. To allow more, write a policy in `inlinePolicies`.",
        };
    }
    if (isNamed) {
        return {
            message: `${quote(text)} does not end with "-" and the six random characters of a secret's ARN, so it matches no secret.`,
            fix: `Write the whole ARN, or "${any}" for any secret with this name.`,
        };
    }
    return {
        message: `${quote(text)} is not the ARN of a secret.`,
        fix:
            start === "" && isName
                ? `Write "arn:${partition}:secretsmanager:<region>:<account ID>:secret:${any}".`
                : `It looks like "arn:${partition}:secretsmanager:eu-central-1:111122223333:secret:prod/db-??????".`,
    };
}

const KMS_KEY: Kind = { id: "kms-key-arn", isArn: isKmsKeyArn, fault: kmsKeyFault };

function kmsKeyFault(text: string, partition: string): ArnFault {
    const alias = /(?:^|:)(alias\/[\w/-]+)$/.exec(text)?.[1];
    return alias === undefined
        ? {
              message: `${quote(text)} is not the ARN of a KMS key.`,
              fix: `It looks like "arn:${partition}:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab".`,
          }
        : {
              message: `${quote(text)} is an alias. In a policy, only its own ARN identifies a key.`,
              fix: `Write the ARN that \`aws kms describe-key --key-id ${alias}\` prints.`,
          };
}
