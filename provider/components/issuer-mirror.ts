import * as pulumi from "@pulumi/pulumi";
import { getPartitionOutput } from "@pulumi/aws/getPartition";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import { Bucket } from "@pulumi/aws/s3/bucket";
import { BucketObjectv2 } from "@pulumi/aws/s3/bucketObjectv2";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock";
import { getVersion } from "@pulumi/aws/utilities";
import type { Distribution, DistributionArgs } from "@pulumi/aws/cloudfront/distribution";
import { Findings } from "../contract/findings";
import { quote } from "../contract/quote";
import { bucketPolicy, isInOwnNamespace, type Reader } from "../mirror/bucket";
import {
    DISCOVERY_KEY,
    gitlabRbOf,
    jwksUriOf,
    KEYS_KEY,
    publishedDiscovery,
    publishedJwks,
    publishedMembers,
    readPublicKeys,
} from "../mirror/documents";
import { readDiscovery } from "../oidc/discovery";
import type { Source } from "../oidc/json";
import { checkIssuerMirror } from "./issuer-mirror-check";
import { token } from "../contract/schema";
import type { IssuerMirrorArgs, IssuerMirrorCloudFrontArgs, IssuerMirrorOutputs } from "../contract/args";
import { explainFailure } from "./explain";
import type { Checked, InputsView } from "./checked";
import { combine, firstGiven, outputOf } from "../contract/outputs";
import { Gate } from "./gate";

/** Its type, and the check of its inputs. */
export const issuerMirror = {
    type: token("IssuerMirror"),
    check: (_: string, inputs: InputsView): Checked => checkIssuerMirror(inputs, getVersion()),
};

const TYPE = issuerMirror.type;

const CACHE_SECONDS = 300;

/** A public copy of the two documents that AWS fetches from a GitLab instance: the discovery document and the JWKS. Use it for an instance that AWS cannot reach (GitLab 18.1 and later, setting `ci_id_tokens_issuer_url`). The documents are two public objects in an S3 bucket, or two objects in a private bucket behind CloudFront. Use its output `issuerUrl` as the `url` of `GitLabOidc`, which can be in the same program. Anyone who can write to the bucket can sign tokens that AWS accepts as tokens of the instance. Grant write access as carefully as administrator access to the accounts that trust it. */
export class IssuerMirror extends pulumi.ComponentResource implements IssuerMirrorOutputs {
    readonly issuerUrl!: pulumi.Output<string>;
    readonly jwksUri!: pulumi.Output<string>;
    readonly bucketName!: pulumi.Output<string>;
    readonly gitlabRb!: pulumi.Output<string>;
    readonly distributionDomainName!: pulumi.Output<string | undefined>;
    readonly distributionHostedZoneId!: pulumi.Output<string | undefined>;

    /**
     * Creates the bucket with the two documents and, if `cloudFront` is set, CloudFront in front of it.
     *
     * @param name Name of the component in the stack.
     * @param args The two documents and their bucket.
     * @param opts Pulumi's options for components, of which `provider`, `providers`, `aliases`, `protect`, `retainOnDelete` and `transforms` reach the children.
     * @throws pulumi.RunError with every problem of the inputs, each with its property path.
     */
    constructor(name: string, args: IssuerMirrorArgs, opts?: pulumi.ComponentResourceOptions) {
        if (opts?.urn !== undefined) {
            super(TYPE, name, {}, opts);
            return;
        }
        const gate = Gate.at(issuerMirror, name, args);
        super(TYPE, name, {}, opts);
        const { cloudFront } = gate.args;
        const { partition, dnsSuffix } = getPartitionOutput({}, { parent: this });
        const bucketName = this.bucketNameOf(gate, partition);
        const bucket = this.makeBucket(name, bucketName, gate.args);
        const distribution =
            cloudFront === undefined
                ? undefined
                : distribute(name, { bucket, bucketName, cloudFront, tags: gate.args.tags }, { parent: this });
        const policy = this.letRead(name, bucket, distribution);
        const host =
            distribution === undefined
                ? pulumi
                      .all([bucketName, getRegionOutput({}, { parent: this }).region, dnsSuffix])
                      .apply(([known, region, suffix]) => `${known}.s3.${region}.${suffix}`)
                : firstGiven(cloudFront?.domainName, distribution.domainName);
        const url = pulumi.output(host).apply((known) => `https://${known}`);
        const { discovery, keys } = this.publish(name, gate, bucket, url);

        // IAM reads the documents when it creates a provider for the URL, and so does STS for each job.
        const readable = pulumi.all([url, discovery.key, keys.key, policy.bucket]).apply(([known]) => known);
        this.issuerUrl = readable;
        this.jwksUri = readable.apply(jwksUriOf);
        this.bucketName = bucket.bucket;
        this.gitlabRb = readable.apply(gitlabRbOf);
        this.distributionDomainName = pulumi.output(distribution?.domainName);
        this.distributionHostedZoneId = pulumi.output(distribution?.hostedZoneId);
        this.registerOutputs({
            issuerUrl: this.issuerUrl,
            jwksUri: this.jwksUri,
            bucketName: this.bucketName,
            gitlabRb: this.gitlabRb,
            distributionDomainName: this.distributionDomainName,
            distributionHostedZoneId: this.distributionHostedZoneId,
        });
    }

    /** The name of the bucket. Every resource is derived from this name, or waits for it. */
    private bucketNameOf(gate: Gate<IssuerMirrorArgs>, partition: pulumi.Output<string>): pulumi.Output<string> {
        const given = pulumi.output(gate.hold(() => gate.args.bucketName));
        return gate.args.cloudFront === undefined
            ? given
            : pulumi.all([given, partition]).apply(([known, where]) => {
                  gate.reject(partitionFindings(where).errors);
                  return known;
              });
    }

    private makeBucket(
        name: string,
        bucketName: pulumi.Output<string>,
        { forceDestroy, tags }: IssuerMirrorArgs,
    ): Bucket {
        const bucket = new Bucket(
            name,
            {
                bucket: bucketName,
                bucketNamespace: bucketName.apply((known) =>
                    isInOwnNamespace(known) ? "account-regional" : undefined,
                ),
                forceDestroy,
                tags,
            },
            { parent: this },
        );
        new BucketOwnershipControls(
            `${name}-ownership`,
            { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
            { parent: this },
        );
        return bucket;
    }

    /** Allows CloudFront to read the bucket, or everybody if there is no CloudFront. */
    private letRead(name: string, bucket: Bucket, distribution: Distribution | undefined): BucketPolicy {
        const isPublic = distribution === undefined;
        const publicAccess = new BucketPublicAccessBlock(
            `${name}-public-access`,
            {
                bucket: bucket.bucket,
                blockPublicAcls: true,
                ignorePublicAcls: true,
                blockPublicPolicy: !isPublic,
                restrictPublicBuckets: !isPublic,
            },
            { parent: this },
        );
        const reader: pulumi.Input<Reader> = isPublic
            ? "everybody"
            : distribution.arn.apply((distributionArn) => ({ distributionArn }));
        return new BucketPolicy(
            `${name}-policy`,
            {
                bucket: bucket.bucket,
                policy: pulumi.all([bucket.arn, reader]).apply(([arn, who]) => bucketPolicy(arn, who)),
            },
            {
                parent: this,
                dependsOn: [publicAccess],
                ...(isPublic && explainFailure(`${TYPE}:${name}`, this, explainForbidden)),
            },
        );
    }

    /** The two documents of the issuer with the URL. */
    private publish(
        name: string,
        gate: Gate<IssuerMirrorArgs>,
        bucket: Bucket,
        url: pulumi.Output<string>,
    ): Readonly<Record<"discovery" | "keys", BucketObjectv2>> {
        const { discovery, keys, cacheSeconds } = gate.args;
        const published = (suffix: string, key: string, content: pulumi.Output<string>): BucketObjectv2 =>
            new BucketObjectv2(
                `${name}-${suffix}`,
                {
                    bucket: bucket.bucket,
                    key,
                    content,
                    contentType: "application/json",
                    cacheControl: pulumi.interpolate`public, max-age=${firstGiven(cacheSeconds, CACHE_SECONDS)}`,
                },
                { parent: this },
            );
        const documents = outputOf({ discovery, url: gate.hold(() => url) });
        const discoveryText = documents.apply((known) => {
            const { url: issuerUrl, discovery: document } = known as { url: string; discovery: Source };
            return publishedDiscovery(publishedMembers(readDiscovery(document).value!), issuerUrl);
        });
        const jwksText = outputOf(gate.hold(() => keys)).apply((known) =>
            publishedJwks(readPublicKeys(known as Source).value!),
        );
        return {
            discovery: published("discovery", DISCOVERY_KEY, discoveryText),
            keys: published("keys", KEYS_KEY, jwksText),
        };
    }
}

interface Behind {
    readonly bucket: Bucket;
    readonly bucketName: pulumi.Output<string>;
    readonly cloudFront: IssuerMirrorCloudFrontArgs;
    readonly tags: IssuerMirrorArgs["tags"];
}

/** The managed cache policy CachingOptimized: follows the origin's Cache-Control, ignores cookies and queries. */
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const ORIGIN = "bucket";

function distribute(
    name: string,
    { bucket, bucketName, cloudFront, tags }: Behind,
    opts: pulumi.CustomResourceOptions,
): Distribution {
    const { OriginAccessControl, Distribution: CloudFrontDistribution } = loadCloudFront();
    const { domainName, certificateArn, priceClass } = cloudFront;
    const access = new OriginAccessControl(
        `${name}-access`,
        {
            originAccessControlOriginType: bucketName.apply(() => "s3"),
            signingBehavior: "always",
            signingProtocol: "sigv4",
        },
        opts,
    );
    return new CloudFrontDistribution(
        `${name}-distribution`,
        {
            enabled: true,
            isIpv6Enabled: true,
            comment: `GitLab issuer ${name}`,
            priceClass: firstGiven(priceClass, "PriceClass_100"),
            aliases: combine<{ domainName?: string }, string[] | undefined>({ domainName }, (known) =>
                known.domainName === undefined ? undefined : [known.domainName],
            ),
            origins: [
                {
                    originId: ORIGIN,
                    domainName: bucket.bucketRegionalDomainName,
                    originAccessControlId: access.id,
                },
            ],
            defaultCacheBehavior: {
                targetOriginId: ORIGIN,
                viewerProtocolPolicy: "https-only",
                allowedMethods: ["GET", "HEAD"],
                cachedMethods: ["GET", "HEAD"],
                cachePolicyId: CACHING_OPTIMIZED,
            },
            restrictions: { geoRestriction: { restrictionType: "none" } },
            viewerCertificate: combine<{ certificateArn?: string }, ViewerCertificate>({ certificateArn }, (known) =>
                viewerCertificate(known.certificateArn),
            ),
            tags,
        },
        opts,
    );
}

type ViewerCertificate = pulumi.Unwrap<DistributionArgs["viewerCertificate"]>;

function viewerCertificate(acmCertificateArn: string | undefined): ViewerCertificate {
    return acmCertificateArn === undefined
        ? { cloudfrontDefaultCertificate: true }
        : { acmCertificateArn, sslSupportMethod: "sni-only", minimumProtocolVersion: "TLSv1.2_2021" };
}

/** Most mirrors do not need it and start sooner without it. */
function loadCloudFront(): typeof import("@pulumi/aws/cloudfront/distribution") &
    typeof import("@pulumi/aws/cloudfront/originAccessControl") {
    /* eslint-disable @typescript-eslint/no-require-imports -- a constructor cannot wait for an import */
    return {
        ...(require("@pulumi/aws/cloudfront/distribution") as typeof import("@pulumi/aws/cloudfront/distribution")),
        ...(require("@pulumi/aws/cloudfront/originAccessControl") as typeof import("@pulumi/aws/cloudfront/originAccessControl")),
    };
    /* eslint-enable @typescript-eslint/no-require-imports */
}

/** The partition is known only after the provider reports its region. */
function partitionFindings(partition: string): Findings {
    const findings = new Findings();
    if (partition !== "aws") {
        findings.add(
            "cloud-front-partition",
            "cloudFront",
            `is not possible in the partition ${quote(partition)}: CloudFront has no origin access control there, or does not exist.`,
            "Leave it out. The documents are then public in S3.",
        );
    }
    return findings;
}

/** An account or an organization can forbid a public bucket. */
function explainForbidden({ errors }: pulumi.ErrorHookArgs): string | undefined {
    return errors.some((e) => e.includes("PutBucketPolicy") && e.includes("AccessDenied"))
        ? "AWS denied the bucket policy, which allows everyone to read two objects. If the account's block of public access or a policy of the " +
              "organization forbids public buckets, set `cloudFront: {}`. The bucket is then private, and CloudFront serves the two documents."
        : undefined;
}
