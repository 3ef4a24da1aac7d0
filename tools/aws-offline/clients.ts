import type * as cloudfront from "@aws-sdk/client-cloudfront";
import {
    $Command,
    IAMClient,
    IAMClientResolvedConfig,
    ServiceInputTypes,
    ServiceOutputTypes,
} from "@aws-sdk/client-iam";
import type * as s3 from "@aws-sdk/client-s3";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { Config } from "./config";
import { fromSdk } from "./errors";
import { callJson, type Caller } from "./signed-json";

type Credentials = NonNullable<Config["credentials"]>;
type Service = "iam" | "sts" | "s3" | "cloudfront" | "organizations";

export const ORGANIZATIONS = {
    name: "Organizations",
    signingName: "organizations",
    target: "AWSOrganizationsV20161128",
};

/** The AWS services of one configured provider. Loaded on first use: the SDK is most of the plugin's weight. */
export class Aws {
    private assumed: Promise<Credentials> | undefined;
    private iamClient: Promise<IAMClient> | undefined;
    private stsClient: Promise<STSClient> | undefined;
    private s3Client: Promise<s3.S3Client> | undefined;
    private cloudFrontClient: Promise<cloudfront.CloudFrontClient> | undefined;
    private organizationsCaller: Promise<Caller> | undefined;

    constructor(private readonly config: Config) {}

    get region(): string {
        return this.config.region;
    }

    /** Sends one IAM command; what AWS refuses is thrown as an AwsError. */
    async iam<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
        command: $Command<Input, Output, IAMClientResolvedConfig, ServiceInputTypes, ServiceOutputTypes>,
    ): Promise<Output> {
        this.iamClient ??= this.connect("iam", this.config.region, (settings) => new IAMClient(settings));
        return send("IAM", await this.iamClient, command);
    }

    /** Sends one S3 command. */
    async s3<Input extends s3.ServiceInputTypes, Output extends s3.ServiceOutputTypes>(
        command: s3.$Command<Input, Output, s3.S3ClientResolvedConfig, s3.ServiceInputTypes, s3.ServiceOutputTypes>,
    ): Promise<Output> {
        this.s3Client ??= this.connectS3();
        return send("S3", await this.s3Client, command);
    }

    private async connectS3(): Promise<s3.S3Client> {
        const { S3Client } = await import("@aws-sdk/client-s3");
        const forcePathStyle = this.config.s3UsePathStyle;
        const client = await this.connect(
            "s3",
            this.config.region,
            (settings) => new S3Client({ ...settings, forcePathStyle }),
        );
        // AWS is reached over TLS, and bucket policies ask for it; this is how the emulator is told.
        client.middlewareStack.add(
            (next) => (args) => {
                (args.request as { headers: Record<string, string> }).headers["x-forwarded-proto"] = "https";
                return next(args);
            },
            { step: "build", name: "overTls" },
        );
        return client;
    }

    /** Sends one CloudFront command. */
    async cloudFront<Input extends cloudfront.ServiceInputTypes, Output extends cloudfront.ServiceOutputTypes>(
        command: cloudfront.$Command<
            Input,
            Output,
            cloudfront.CloudFrontClientResolvedConfig,
            cloudfront.ServiceInputTypes,
            cloudfront.ServiceOutputTypes
        >,
    ): Promise<Output> {
        this.cloudFrontClient ??= import("@aws-sdk/client-cloudfront").then(({ CloudFrontClient }) =>
            this.connect("cloudfront", this.config.region, (settings) => new CloudFrontClient(settings)),
        );
        return send("CloudFront", await this.cloudFrontClient, command);
    }

    /** Calls AWS Organizations, whose one endpoint of a partition is in us-east-1. Its SDK client is not among the dependencies. */
    async organizations(operation: string, input: object): Promise<Readonly<Record<string, unknown>>> {
        this.organizationsCaller ??= this.connect("organizations", "us-east-1", (settings) => settings);
        return callJson(ORGANIZATIONS, operation, input, await this.organizationsCaller);
    }

    async callerIdentity(): Promise<{ accountId: string; arn: string; userId: string }> {
        this.stsClient ??= this.connect("sts", this.config.stsRegion, (settings) => new STSClient(settings));
        const client = await this.stsClient;
        const identity = (await send("STS", client, new GetCallerIdentityCommand({}))) as {
            Account?: string;
            Arn?: string;
            UserId?: string;
        };
        return { accountId: identity.Account ?? "", arn: identity.Arn ?? "", userId: identity.UserId ?? "" };
    }

    /** The real provider's check of `allowedAccountIds` and `forbiddenAccountIds`. */
    async checkAccount(): Promise<void> {
        const { allowedAccountIds: allowed, forbiddenAccountIds: forbidden } = this.config;
        if (allowed.length + forbidden.length === 0) return;
        const { accountId } = await this.callerIdentity();
        if (forbidden.includes(accountId) || (allowed.length > 0 && !allowed.includes(accountId))) {
            throw new Error(`AWS account ID not allowed: ${accountId}`);
        }
    }

    private async connect<Client>(
        service: Service,
        region: string,
        create: (settings: ReturnType<typeof this.settings>) => Client,
    ): Promise<Client> {
        this.assumed ??= this.assumeRoles();
        return create(this.settings(service, region, await this.assumed));
    }

    private settings(service: Service, region: string, credentials: Credentials) {
        const endpoint = this.config.endpoint(service);
        if (!endpoint) {
            // A stand-in for tests must never reach somebody's account by accident.
            throw new Error(
                `no endpoint for ${service}: the offline aws provider only talks to an emulator; ` +
                    `set endpoints: [{${service}: "http://…"}] or AWS_ENDPOINT_URL`,
            );
        }
        return { region, endpoint, credentials, maxAttempts: this.config.maxAttempts };
    }

    private async assumeRoles(): Promise<Credentials> {
        let { credentials } = this.config;
        if (!credentials) {
            throw new Error(
                "No valid credential sources found: the offline aws provider reads accessKey and secretKey " +
                    "or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
            );
        }
        for (const role of this.config.assumeRoles) {
            const client = new STSClient(this.settings("sts", this.config.stsRegion, credentials));
            const command = new AssumeRoleCommand({
                RoleArn: role.roleArn,
                RoleSessionName: role.sessionName ?? "aws-offline",
                ExternalId: role.externalId,
            });
            const answer = (await send("STS", client, command)) as {
                Credentials?: { AccessKeyId?: string; SecretAccessKey?: string; SessionToken?: string };
            };
            credentials = {
                accessKeyId: answer.Credentials?.AccessKeyId ?? "",
                secretAccessKey: answer.Credentials?.SecretAccessKey ?? "",
                sessionToken: answer.Credentials?.SessionToken ?? "",
            };
        }
        return credentials;
    }
}

async function send(service: string, client: unknown, command: unknown): Promise<never> {
    try {
        return await (client as { send: (command: unknown) => Promise<never> }).send(command);
    } catch (error) {
        const operation = (command as object).constructor.name.replace(/Command$/, "");
        throw fromSdk(service, operation, error);
    }
}
