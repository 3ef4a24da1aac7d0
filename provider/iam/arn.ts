/** Partitions whose ARNs are recognised: commercial, China, GovCloud, European Sovereign Cloud, isolated regions. */
const PARTITION = "aws(?:-cn|-us-gov|-eusc|-iso(?:-[a-z])?)?";

const PROVIDER_ARN = new RegExp(`^arn:(${PARTITION}):iam::(\\d{12}):oidc-provider/([!-~]+)$`);
const POLICY_ARN = new RegExp(`^arn:(${PARTITION}):iam::(\\d{12}|aws):policy/[!-~]+$`);
/** With wildcards, and without `$`, which begins a policy variable. */
const ROLE_PATTERN = new RegExp(`^arn:${PARTITION}:iam::(?:\\d{12}|(?=\\d*[*?])[\\d*?]{1,12}):role/[!-#%-~]+$`);
const PRINCIPAL_ARN = new RegExp(
    `^arn:(${PARTITION}):(?:iam::(\\d{12}):(root|(?:user|role)/(?:[!-#%-)+->@-~]+/)?[\\w+=,.@-]{1,64})|sts::(\\d{12}):(?:assumed-role/[\\w+=,.@-]+|federated-user)/[\\w+=,.@-]+)$`,
);
/** The start of a resource's ARN in a region of an account. */
const REGIONAL = (service: string): string => `^arn:${PARTITION}:${service}:([a-z]+(?:-[a-z]+)+-\\d+):\\d{12}:`;
/** Secrets of other services have `!` in their names. */
const SECRET_NAME_CLASS = "[\\w/+=.@!-]";
const SECRET_NAME = new RegExp(`^${SECRET_NAME_CLASS}{1,512}$`);
/** Also without the six random characters that Secrets Manager adds to a name. Source: AWS, "GetSecretValue". */
const REQUESTED_SECRET = new RegExp(`${REGIONAL("secretsmanager")}secret:${SECRET_NAME_CLASS}{1,519}$`);
/** With the six random characters, or a wildcard for each. */
const SECRET_ARN = new RegExp(
    `${REGIONAL("secretsmanager")}secret:${SECRET_NAME_CLASS}{1,512}-(?:[A-Za-z0-9]{6}|\\?{6})$`,
);
const KMS_KEY_ARN = new RegExp(`${REGIONAL("kms")}key/[A-Za-z0-9-]+$`);
const ROLE_ARN = new RegExp(`^arn:(${PARTITION}):iam::(\\d{12}):role/((?:[!-~]+/)?[\\w+=,.@-]{1,64})$`);

interface ProviderArn {
    readonly partition: string;
    readonly account: string;
    /** The provider's url without its scheme. */
    readonly issuer: string;
}

/** The parts of an identity provider's ARN; undefined if it is not one. */
export function parseProviderArn(arn: string): ProviderArn | undefined {
    const match = PROVIDER_ARN.exec(arn);
    return match === null ? undefined : { partition: match[1]!, account: match[2]!, issuer: match[3]! };
}

/** The partition of an identity provider's ARN; undefined if that is not known, or is none. */
export function providerPartition(arn: string | undefined): string | undefined {
    return arn === undefined ? undefined : parseProviderArn(arn)?.partition;
}

/** The partition that an ARN names. */
export function partitionOf(arn: string): string | undefined {
    return arn.split(":")[1];
}

/** An example of the principal of a trust policy that trusts an issuer, in JSON. */
export function examplePrincipal(issuer: string): string {
    return `{ "Federated": "${exampleProviderArn(issuer)}" }`;
}

/** An example of the ARN of an issuer's identity provider. */
export function exampleProviderArn(
    issuer: string,
    { partition = "aws", account = "ACCOUNT" }: Partial<Omit<ProviderArn, "issuer">> = {},
): string {
    return `arn:${partition}:iam::${account}:oidc-provider/${issuer}`;
}

interface PrincipalArn {
    readonly partition: string;
    readonly account: string;
    /** Whether it is the whole account. */
    readonly isAccount: boolean;
}

/** The parts of the ARN of an account, a user, a role or a session; undefined if it is another one, or has wildcards. */
export function parsePrincipalArn(arn: string): PrincipalArn | undefined {
    const [, partition, iamAccount, resource, stsAccount] = PRINCIPAL_ARN.exec(arn) ?? [];
    return partition === undefined
        ? undefined
        : { partition, account: (iamAccount ?? stsAccount)!, isAccount: resource === "root" };
}

/** The partition of a managed policy's ARN; undefined if it is not one. */
export function policyPartition(arn: string): string | undefined {
    return POLICY_ARN.exec(arn)?.[1];
}

/** A managed policy's ARN from the account on, `aws:policy/ReadOnlyAccess`, which identifies it in its partition. */
export function policyInPartition(arn: string): string {
    return arn.replace(/^arn:[^:]*:iam::/, "");
}

export function isRoleArn(arn: string): boolean {
    return ROLE_ARN.test(arn);
}

/** Whether the text is the ARN of a role, or of several roles by wildcards behind the partition. */
export function isRolePattern(text: string): boolean {
    return ROLE_PATTERN.test(text);
}

/** Whether a secret can be requested with the text: its name or its ARN. */
export function isSecretId(text: string): boolean {
    return SECRET_NAME.test(text) || REQUESTED_SECRET.test(text);
}

/** The region of the ARN with which a secret is requested; undefined if it is none. */
export function regionOfSecret(arn: string): string | undefined {
    return REQUESTED_SECRET.exec(arn)?.[1];
}

/** Whether the text is the ARN of a secret in a policy: of one secret, or of any secret with its name. */
export function isSecretArn(text: string): boolean {
    return SECRET_ARN.test(text);
}

export function isKmsKeyArn(text: string): boolean {
    return KMS_KEY_ARN.test(text);
}
