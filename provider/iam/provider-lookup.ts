/** Why the look-up of an identity provider by its url failed. */
export interface LookUpFailure {
    /** The account has none. Otherwise nobody knows: the look-up was denied, or AWS was not reached. */
    readonly isMissing: boolean;
    /** The message of the aws provider, in one line. */
    readonly reason: string;
}

/** The meaning of the message of a failed `aws.iam.getOpenIdConnectProvider`. */
export function lookUpFailure(message: string): LookUpFailure {
    const reason = reasonIn(message);
    return { isMissing: MISSING.test(reason), reason };
}

/** The whole message of the aws provider if the account does not have the identity provider; `not found` in earlier versions. */
const MISSING =
    /^(?:reading|finding) IAM OIDC Provider(?: by url)?(?: \(\S+\))?: (?:couldn't find resource|not found)$/;

/** Without the headings that Pulumi, its bridge to Terraform and Terraform put above what happened. */
function reasonIn(message: string): string {
    return message
        .replace(/^invocation of \S+ returned an error: /, "")
        .replace(/^invoking \S+: /, "")
        .replace(/^\d+ errors? occurred:\s/, "")
        .split("\n")
        .map((line) => line.trim().replace(/^\* /, ""))
        .filter((line) => line !== "")
        .join("; ");
}
