/** Partitions whose ARNs are recognised: commercial, China, GovCloud, European Sovereign Cloud, isolated regions. */
const PARTITION = "aws(?:-cn|-us-gov|-eusc|-iso(?:-[a-z])?)?";

const PROVIDER_ARN = new RegExp(`^arn:(${PARTITION}):iam::(\\d{12}):oidc-provider/([!-~]+)$`);
const POLICY_ARN = new RegExp(`^arn:(${PARTITION}):iam::(\\d{12}|aws):policy/[!-~]+$`);
/** With wildcards, and without `$`, which begins a policy variable. */
const ROLE_PATTERN = new RegExp(`^arn:${PARTITION}:iam::[\\d*?]{1,12}:role/[!-#%-~]+$`);
const PRINCIPAL_ARN = new RegExp(
    `^arn:(${PARTITION}):(?:iam::(\\d{12}):(root|(?:user|role)/[!-#%-)+->@-~]+)|sts::(\\d{12}):(?:assumed-role/[\\w+=,.@-]+|federated-user)/[\\w+=,.@-]+)$`,
);
/** Also without the random suffix. Source: AWS, "GetSecretValue". */
const SECRET_ARN = new RegExp(`^arn:${PARTITION}:secretsmanager:([a-z0-9-]+):\\d{12}:secret:[\\w/+=.@-]{1,519}$`);
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

/** The region of the ARN of a secret; undefined if it is none. */
export function regionOfSecret(arn: string): string | undefined {
    return SECRET_ARN.exec(arn)?.[1];
}

/** Whether the text is the ARN of a role, or of several roles by wildcards behind the partition. */
export function isRolePattern(text: string): boolean {
    return ROLE_PATTERN.test(text);
}
