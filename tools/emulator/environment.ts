/** What an AWS SDK or the AWS CLI needs to talk to the emulator at `endpoint` as the account's root user. */
export function awsEnvironment(endpoint: string): Record<string, string> {
    return {
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: "us-east-1",
        AWS_DEFAULT_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: "testing",
        AWS_SECRET_ACCESS_KEY: "testing",
        AWS_EC2_METADATA_DISABLED: "true",
        AWS_CONFIG_FILE: "/dev/null",
        AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
        AWS_PAGER: "",
    };
}

/**
 * The environment for a child process: `base` with `variables`, and without any other AWS_ variable, so that a
 * developer's own profile, session or endpoint takes no part. The emulator is never reached through a proxy.
 */
export function environmentWith(
    variables: Readonly<Record<string, string>>,
    base: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
    const kept = Object.entries(base).flatMap(([name, value]) =>
        value === undefined || name.startsWith("AWS_") ? [] : [[name, value] as const],
    );
    const noProxy = [base.NO_PROXY ?? base.no_proxy, "127.0.0.1"].filter(Boolean).join(",");
    return { ...Object.fromEntries(kept), NO_PROXY: noProxy, no_proxy: noProxy, ...variables };
}
