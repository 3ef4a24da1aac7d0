/** Why the look-up of an identity provider by its url gave none. */
export interface LookUpFailure {
    /** The account has none. Otherwise nobody knows: the look-up was denied, or AWS was not reached. */
    readonly isMissing: boolean;
    /** What the aws provider says, in one line. */
    readonly reason: string;
}

/** Tells from the message of a failed `aws.iam.getOpenIdConnectProvider` what it means. */
export function lookUpFailure(message: string): LookUpFailure {
    const reason = reasonIn(message);
    return { isMissing: MISSING.test(reason), reason };
}

/** All of what the aws provider says where the list of the account's providers, or the account, does not have it; `not found` in earlier versions. */
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
