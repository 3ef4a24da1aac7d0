import { standInKnows } from "./stand-in";
import { containsUnknown, isObject, Properties, Value } from "./values";

export type ConfigKind = "string" | "boolean" | "integer" | "texts" | "endpoints" | "defaultTags" | "assumeRoles";

interface ConfigProperty {
    readonly kind: ConfigKind;
    readonly description: string;
    readonly secret?: true;
    readonly environment?: readonly string[];
}

/** The settings of the real provider that mean something here. */
export const configProperties: Readonly<Record<string, ConfigProperty>> = {
    accessKey: { kind: "string", secret: true, description: "The access key for API operations." },
    secretKey: { kind: "string", secret: true, description: "The secret key for API operations." },
    token: { kind: "string", secret: true, description: "Session token of temporary credentials." },
    region: {
        kind: "string",
        description: "The region where AWS operations will take place.",
        environment: ["AWS_REGION", "AWS_DEFAULT_REGION"],
    },
    stsRegion: { kind: "string", description: "The region where AWS STS operations will take place." },
    endpoints: { kind: "endpoints", description: "Endpoint URLs by service, in a list of one element." },
    defaultTags: { kind: "defaultTags", description: "Tags to set on every resource (`tags`)." },
    assumeRoles: { kind: "assumeRoles", description: "Roles to assume, one after the other." },
    allowedAccountIds: { kind: "texts", description: "AWS account IDs in which the provider may work." },
    forbiddenAccountIds: { kind: "texts", description: "AWS account IDs in which the provider may not work." },
    maxRetries: { kind: "integer", description: "The maximum number of times an API request is retried." },
    retryMode: { kind: "string", description: "How retries are attempted: `standard` or `adaptive`." },
    skipCredentialsValidation: { kind: "boolean", description: "Skip the credentials validation via STS." },
    skipMetadataApiCheck: { kind: "boolean", description: "Skip the AWS Metadata API check." },
    skipRegionValidation: { kind: "boolean", description: "Skip static validation of region name." },
    skipRequestingAccountId: { kind: "boolean", description: "Skip requesting the account ID." },
    s3UsePathStyle: { kind: "boolean", description: "Use path-style S3 addresses." },
    s3UsEast1RegionalEndpoint: { kind: "string", description: "`legacy` or `regional`." },
};

/** Settings of the real provider that this one would have to ignore: refused, so that nothing pretends. */
const realOnly: ReadonlySet<string> = new Set([
    "assumeRoleWithWebIdentity",
    "customCaBundle",
    "ec2MetadataServiceEndpoint",
    "ec2MetadataServiceEndpointMode",
    "httpProxy",
    "httpsProxy",
    "ignoreTags",
    "insecure",
    "noProxy",
    "profile",
    "sharedConfigFiles",
    "sharedCredentialsFiles",
    "tagPolicyCompliance",
    "tokenBucketRateLimiterCapacity",
    "useDualstackEndpoint",
    "useFipsEndpoint",
    "userAgents",
]);

/** Bookkeeping that the engine stores with a provider's inputs. */
const engineKeys: ReadonlySet<string> = new Set(["version", "pluginDownloadURL", "pluginChecksums", "__internal"]);

export interface AssumedRole {
    readonly roleArn: string;
    readonly sessionName?: string;
    readonly externalId?: string;
}

export interface Config {
    readonly region: string;
    readonly stsRegion: string;
    readonly credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string } | undefined;
    readonly endpoint: (service: string) => string | undefined;
    readonly defaultTags: Properties;
    readonly assumeRoles: readonly AssumedRole[];
    readonly allowedAccountIds: readonly string[];
    readonly forbiddenAccountIds: readonly string[];
    readonly maxAttempts: number;
    /** The caller is asked for by no one, so that the region has to tell the partition. */
    readonly isCallerUnknown: boolean;
    readonly s3UsePathStyle: boolean;
}

export interface ConfigProblem {
    readonly property: string;
    readonly reason: string;
}

export function configProblems(inputs: Properties): ConfigProblem[] {
    const problems: ConfigProblem[] = [];
    for (const [property, value] of Object.entries(inputs)) {
        if (engineKeys.has(property) || value === undefined || containsUnknown(value)) continue;
        const known = configProperties[property];
        try {
            if (known) decode(known.kind, value);
            else if (!realOnly.has(property)) throw new Error(`unknown setting; ${settingsKnown()}`);
            else if (!isOff(value)) throw new Error(`setting that only the real provider has; ${settingsKnown()}`);
        } catch (error) {
            problems.push({ property, reason: `"${property}": ${(error as Error).message}` });
        }
    }
    return problems;
}

export function readConfig(inputs: Properties, environment: NodeJS.ProcessEnv): Config {
    const problems = configProblems(inputs);
    if (problems.length > 0) throw new Error(problems.map((problem) => problem.reason).join("\n"));

    const get = (property: string): Value | undefined => {
        const value = inputs[property];
        const kind = configProperties[property]?.kind;
        return value === undefined || kind === undefined ? undefined : decode(kind, value);
    };
    const string = (property: string): string | undefined => (get(property) as string | undefined) || undefined;
    const list = (property: string): string[] => (get(property) as string[] | undefined) ?? [];
    const region = string("region") ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION;
    if (!region) throw new Error("Missing region configuration: set aws:region, region of the provider or AWS_REGION");

    const accessKeyId = string("accessKey") ?? environment.AWS_ACCESS_KEY_ID;
    const secretAccessKey = string("secretKey") ?? environment.AWS_SECRET_ACCESS_KEY;
    const sessionToken = string("token") ?? (string("accessKey") ? undefined : environment.AWS_SESSION_TOKEN);
    const [endpoints] = (get("endpoints") as Record<string, string>[] | undefined) ?? [];
    const [defaultTags] = [(get("defaultTags") as { tags?: Properties } | undefined)?.tags ?? {}];

    return {
        region,
        stsRegion: string("stsRegion") ?? region,
        credentials:
            accessKeyId && secretAccessKey
                ? { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) }
                : undefined,
        endpoint: (service) =>
            endpoints?.[service] ??
            environment[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ??
            environment.AWS_ENDPOINT_URL,
        defaultTags,
        assumeRoles: (get("assumeRoles") as unknown as AssumedRole[] | undefined) ?? [],
        allowedAccountIds: list("allowedAccountIds"),
        forbiddenAccountIds: list("forbiddenAccountIds"),
        isCallerUnknown: get("skipCredentialsValidation") === true && get("skipRequestingAccountId") === true,
        s3UsePathStyle: get("s3UsePathStyle") === true,
        maxAttempts: ((get("maxRetries") as number | undefined) ?? 2) + 1,
    };
}

/** SDKs send everything but strings as JSON in a string; a YAML program may send the value itself. */
function decode(kind: ConfigKind, value: Value): Value {
    if (kind === "string") return expect(typeof value === "string", value, "a string");
    let decoded: Value = value;
    if (typeof value === "string") {
        try {
            decoded = JSON.parse(value) as Value;
        } catch {
            throw new Error(`expected JSON, got ${JSON.stringify(value)}`);
        }
    }
    switch (kind) {
        case "boolean":
            return expect(typeof decoded === "boolean", decoded, "a boolean");
        case "integer":
            return expect(Number.isInteger(decoded), decoded, "a whole number");
        case "texts":
            return expect(isTexts(decoded), decoded, "a list of strings");
        case "endpoints":
            return expect(
                Array.isArray(decoded) && decoded.every(isTextMap),
                decoded,
                'a list of endpoints by service, [{"iam": "http://…"}]',
            );
        case "defaultTags":
            return expect(
                isObject(decoded) && onlyKeys(decoded, ["tags"]) && isTextMap(decoded["tags"] ?? {}),
                decoded,
                '{"tags": {…}}',
            );
        case "assumeRoles":
            return expect(
                Array.isArray(decoded) &&
                    decoded.every(
                        (role) =>
                            isTextMap(role) &&
                            "roleArn" in role &&
                            onlyKeys(role, ["roleArn", "sessionName", "externalId"]),
                    ),
                decoded,
                "a list of roles with roleArn, sessionName and externalId (the others only the real provider has)",
            );
    }
}

function expect(fits: boolean, value: Value, wanted: string): Value {
    if (!fits) throw new Error(`expected ${wanted}, got ${JSON.stringify(value)}`);
    return value;
}

function isTexts(value: Value): boolean {
    return Array.isArray(value) && value.every((member) => typeof member === "string");
}

function isTextMap(value: Value): value is Properties {
    return isObject(value) && Object.values(value).every((member) => typeof member === "string");
}

function onlyKeys(object: Properties, keys: readonly string[]): boolean {
    return Object.keys(object).every((key) => keys.includes(key));
}

/** Left at a value that asks for nothing. */
function isOff(value: Value): boolean {
    return value === "" || value === "false" || value === false || value === "null";
}

function settingsKnown(): string {
    return standInKnows(`the settings ${Object.keys(configProperties).join(", ")}`);
}
