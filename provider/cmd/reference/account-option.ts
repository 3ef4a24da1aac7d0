/** `--aws-cli` of the commands that read accounts. */
export const AWS_CLI_OPTION = {
    help: "Also read the account of the AWS CLI on PATH. Its profile and region come from AWS_PROFILE and AWS_REGION",
} as const;

/** The effect of the option, for the description of a command. */
export const AWS_CLI_CALLS =
    "With --aws-cli, no file is necessary: the command runs `aws iam get-account-authorization-details`, `list-roles`, `list-open-id-connect-providers` and `get-open-id-connect-provider`, which only read. Without this option, nothing is sent over the network.";
