/** Calls of the AWS CLI that print what an account has. All of them only read. */
export const DETAILS_CALL =
    "aws iam get-account-authorization-details --filter Role LocalManagedPolicy AWSManagedPolicy --output json";
/** Descriptions and maximum session durations, which the details do not have. */
export const ROLES_CALL = "aws iam list-roles --output json";
export const PROVIDERS_CALL = "aws iam list-open-id-connect-providers --output json";

/** Audiences and tags of an identity provider. */
export function providerCall(arn: string): string {
    return `aws iam get-open-id-connect-provider --open-id-connect-provider-arn ${arn} --output json`;
}
