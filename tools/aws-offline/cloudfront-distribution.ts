import {
    CreateDistributionWithTagsCommand,
    DeleteDistributionCommand,
    Distribution,
    DistributionConfig,
    GetDistributionCommand,
    GetDistributionCommandOutput,
    ListTagsForResourceCommand,
    Origin,
    TagResourceCommand,
    UntagResourceCommand,
    UpdateDistributionCommand,
    ViewerCertificate,
} from "@aws-sdk/client-cloudfront";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { checkTags } from "./aws-rules";
import { Aws } from "./clients";
import { hasCode, step } from "./errors";
import { Handler, tagChanges, tagOutputs, timestamp, toTags } from "./handler";
import { isObject, Properties, text, texts, Value } from "./values";

/** The zone of every distribution's domain name. */
const HOSTED_ZONE = "Z2FDTNDATAQYW2";
const PATIENCE_SECONDS = 60;

export const distribution: Handler = {
    create: (aws, inputs) =>
        step("creating CloudFront Distribution", async () => {
            checkTags("CreateDistributionWithTags", inputs["tagsAll"]);
            const { Distribution: made } = await aws.cloudFront(
                new CreateDistributionWithTagsCommand({
                    DistributionConfigWithTags: {
                        DistributionConfig: configOf(inputs, randomUUID()),
                        Tags: { Items: toTags(inputs["tagsAll"]) ?? [] },
                    },
                }),
            );
            const id = made?.Id ?? "";
            if (inputs["waitForDeployment"] === true) await untilDeployed(aws, id);
            return id;
        }),

    read: (aws, id, known) =>
        step(`reading CloudFront Distribution (${id})`, async () => {
            const found = await find(aws, id);
            if (!found?.Distribution) return undefined;
            const { Tags } = await aws.cloudFront(new ListTagsForResourceCommand({ Resource: found.Distribution.ARN }));
            const tags = (Tags?.Items ?? []).map(({ Key, Value }) => ({ Key, Value }));
            return { ...stateOf(found.Distribution, known), etag: found.ETag, ...tagOutputs(tags) };
        }),

    async update(aws, id, update) {
        const { inputs, state, changed } = update;
        await step(`updating CloudFront Distribution (${id})`, async () => {
            if (
                [...changed].some((name) => !["tags", "tagsAll", "retainOnDelete", "waitForDeployment"].includes(name))
            ) {
                const found = await find(aws, id);
                const reference = found?.Distribution?.DistributionConfig?.CallerReference ?? "";
                await aws.cloudFront(
                    new UpdateDistributionCommand({
                        Id: id,
                        IfMatch: found?.ETag,
                        DistributionConfig: configOf(inputs, reference),
                    }),
                );
                if (inputs["waitForDeployment"] === true) await untilDeployed(aws, id);
            }
            if (changed.has("tagsAll")) {
                checkTags("TagResource", inputs["tagsAll"]);
                const Resource = text(state["arn"]);
                const { removed, set } = tagChanges(update);
                if (removed.length > 0) {
                    await aws.cloudFront(new UntagResourceCommand({ Resource, TagKeys: { Items: removed } }));
                }
                if (set.length > 0) await aws.cloudFront(new TagResourceCommand({ Resource, Tags: { Items: set } }));
            }
        });
    },

    /** Only a distribution that is disabled, everywhere, can be deleted. */
    delete: (aws, id, state) =>
        step(`deleting CloudFront Distribution (${id})`, async () => {
            let found = await find(aws, id);
            const config = found?.Distribution?.DistributionConfig;
            if (!found || !config) return;
            if (config.Enabled) {
                await aws.cloudFront(
                    new UpdateDistributionCommand({
                        Id: id,
                        IfMatch: found.ETag,
                        DistributionConfig: { ...config, Enabled: false },
                    }),
                );
                await untilDeployed(aws, id);
                found = await find(aws, id);
            }
            if (state["retainOnDelete"] !== true) {
                await aws.cloudFront(new DeleteDistributionCommand({ Id: id, IfMatch: found?.ETag }));
            }
        }),
};

async function find(aws: Aws, Id: string): Promise<GetDistributionCommandOutput | undefined> {
    try {
        return await aws.cloudFront(new GetDistributionCommand({ Id }));
    } catch (error) {
        if (hasCode(error, "NoSuchDistribution")) return undefined;
        throw error;
    }
}

async function untilDeployed(aws: Aws, id: string): Promise<void> {
    const deadline = Date.now() + PATIENCE_SECONDS * 1000;
    while ((await find(aws, id))?.Distribution?.Status !== "Deployed") {
        if (Date.now() > deadline) throw new Error(`not deployed after ${String(PATIENCE_SECONDS)} s`);
        await sleep(200);
    }
}

function block(value: Value | undefined): Properties {
    return isObject(value) ? value : {};
}

function blocks(value: Value | undefined): Properties[] {
    return Array.isArray(value) ? value.map(block) : [];
}

function list<T>(items: readonly T[]): { Quantity: number; Items: T[] } {
    return { Quantity: items.length, Items: [...items] };
}

function configOf(inputs: Properties, CallerReference: string): DistributionConfig {
    const behavior = block(inputs["defaultCacheBehavior"]);
    const { restrictionType, locations } = block(block(inputs["restrictions"])["geoRestriction"]);
    return {
        CallerReference,
        Enabled: inputs["enabled"] === true,
        Comment: text(inputs["comment"]),
        Aliases: list(texts(inputs["aliases"])),
        DefaultRootObject: text(inputs["defaultRootObject"]),
        HttpVersion: text(inputs["httpVersion"]) as DistributionConfig["HttpVersion"],
        IsIPV6Enabled: inputs["isIpv6Enabled"] === true,
        PriceClass: text(inputs["priceClass"]) as DistributionConfig["PriceClass"],
        Origins: list(blocks(inputs["origins"]).map(originOf)),
        DefaultCacheBehavior: {
            TargetOriginId: text(behavior["targetOriginId"]),
            ViewerProtocolPolicy: text(behavior["viewerProtocolPolicy"]) as "https-only",
            AllowedMethods: {
                ...list(texts(behavior["allowedMethods"]) as "GET"[]),
                CachedMethods: list(texts(behavior["cachedMethods"]) as "GET"[]),
            },
            CachePolicyId: text(behavior["cachePolicyId"]),
            Compress: behavior["compress"] === true,
        },
        Restrictions: {
            GeoRestriction: { RestrictionType: text(restrictionType) as "none", ...list(texts(locations)) },
        },
        ViewerCertificate: certificateOf(block(inputs["viewerCertificate"])),
    };
}

function originOf(origin: Properties): Origin {
    return {
        Id: text(origin["originId"]),
        DomainName: text(origin["domainName"]),
        OriginPath: text(origin["originPath"]),
        OriginAccessControlId: text(origin["originAccessControlId"]),
        ConnectionAttempts: origin["connectionAttempts"] as number,
        ConnectionTimeout: origin["connectionTimeout"] as number,
        S3OriginConfig: { OriginAccessIdentity: "" },
    };
}

function certificateOf(certificate: Properties): ViewerCertificate {
    const MinimumProtocolVersion = text(certificate["minimumProtocolVersion"]) as "TLSv1.2_2021";
    return certificate["cloudfrontDefaultCertificate"] === true
        ? { CloudFrontDefaultCertificate: true, MinimumProtocolVersion }
        : {
              ACMCertificateArn: text(certificate["acmCertificateArn"]),
              SSLSupportMethod: text(certificate["sslSupportMethod"]) as "sni-only",
              MinimumProtocolVersion,
          };
}

function stateOf(
    { ARN, DomainName, LastModifiedTime, Status, DistributionConfig: config }: Distribution,
    known: Properties,
) {
    const behavior = config?.DefaultCacheBehavior;
    const geo = config?.Restrictions?.GeoRestriction;
    const certificate = config?.ViewerCertificate;
    const locations = geo?.Items ?? [];
    return {
        arn: ARN,
        callerReference: config?.CallerReference,
        domainName: DomainName,
        hostedZoneId: HOSTED_ZONE,
        lastModifiedTime: timestamp(LastModifiedTime),
        status: Status,
        enabled: config?.Enabled ?? false,
        aliases: config?.Aliases?.Items ?? [],
        comment: config?.Comment ?? "",
        defaultRootObject: config?.DefaultRootObject ?? "",
        httpVersion: config?.HttpVersion,
        isIpv6Enabled: config?.IsIPV6Enabled ?? false,
        priceClass: config?.PriceClass,
        origins: (config?.Origins?.Items ?? []).map((origin) => ({
            originId: origin.Id,
            domainName: origin.DomainName,
            originPath: origin.OriginPath ?? "",
            originAccessControlId: origin.OriginAccessControlId ?? "",
            connectionAttempts: origin.ConnectionAttempts ?? 3,
            connectionTimeout: origin.ConnectionTimeout ?? 10,
        })),
        defaultCacheBehavior: {
            targetOriginId: behavior?.TargetOriginId,
            viewerProtocolPolicy: behavior?.ViewerProtocolPolicy,
            allowedMethods: behavior?.AllowedMethods?.Items ?? [],
            cachedMethods: behavior?.AllowedMethods?.CachedMethods?.Items ?? [],
            cachePolicyId: behavior?.CachePolicyId,
            compress: behavior?.Compress ?? false,
        },
        restrictions: {
            geoRestriction: { restrictionType: geo?.RestrictionType, ...(locations.length > 0 && { locations }) },
        },
        viewerCertificate: certificate?.CloudFrontDefaultCertificate
            ? {
                  cloudfrontDefaultCertificate: true,
                  minimumProtocolVersion: certificate.MinimumProtocolVersion ?? "TLSv1",
              }
            : {
                  acmCertificateArn: certificate?.ACMCertificateArn,
                  sslSupportMethod: certificate?.SSLSupportMethod,
                  minimumProtocolVersion: certificate?.MinimumProtocolVersion ?? "TLSv1",
              },
        retainOnDelete: known["retainOnDelete"] ?? false,
        waitForDeployment: known["waitForDeployment"] ?? true,
    };
}
