/** A call of AssumeRoleWithWebIdentity: whose token it is, as which identity provider of the account, and what the token says. */
export interface WebIdentityRequest {
    readonly issuer: string;
    readonly providerArn: string;
    readonly claims: Readonly<Record<string, string | readonly string[]>>;
    /** Every condition key of the call that does not come from the token, such as `aws:SourceIp`. */
    readonly context: Readonly<Record<string, string>>;
}

/** "IAM and AWS STS condition context keys", AWS OIDC federation: for every provider, and for gitlab.com alone. */
const KEYS = ["sub", "aud", "amr"];
const GITLAB_COM = [
    "namespace_id",
    "project_id",
    "user_id",
    "user_login",
    "user_email",
    "user_access_level",
    "ref_protected",
    "pipeline_source",
    "runner_environment",
];

/** "AWS global condition context keys": "always included". */
const ALWAYS_THERE = ["aws:currenttime", "aws:epochtime"];

export class Context {
    private readonly values: ReadonlyMap<string, readonly string[]>;

    constructor({ issuer, claims, context }: WebIdentityRequest) {
        const keys = issuer === "gitlab.com" ? [...KEYS, ...GITLAB_COM] : KEYS;
        const token = keys.map((key) => [`${issuer}:${key}`, claims[key]] as const);
        this.values = new Map(
            [...token, ...Object.entries(context)].flatMap(([key, value]): [string, readonly string[]][] =>
                value === undefined ? [] : [[key.toLowerCase(), typeof value === "string" ? [value] : value]],
            ),
        );
    }

    /** Null for a key that the request has not, undefined where that cannot be. "Condition": key names are not case-sensitive. */
    valuesOf(key: string): readonly string[] | null | undefined {
        const name = key.toLowerCase();
        const values = this.values.get(name);
        if (values !== undefined) {
            return values;
        }
        return ALWAYS_THERE.includes(name) || !/^[^:]+:[^:]+$/.test(name) ? undefined : null;
    }
}
