import { arn, oneOf, policyText, tags, tagsAll } from "./properties";
import type { Property, Resource } from "./resource";
import type { Value } from "./values";

const bucketOf: Property = {
    kind: "string",
    description: "Name of the bucket.",
    input: "required",
    replaces: true,
};
/** What AWS provider 7 offers on each resource; here the provider's own region holds. */
const region: Property = {
    kind: "string",
    description: "Region of the bucket.",
    refused: "an input only the real provider has: configure a provider for the region",
};

function flag(description: string): Property {
    return { kind: "boolean", description, input: "optional", default: false };
}

function isBucketName(value: Value): string | undefined {
    const name = value as string;
    return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)
        ? undefined
        : `invalid value for % (${name}): only lowercase alphanumeric characters and hyphens allowed, 3 to 63 of them`;
}

const bucket: Resource = {
    description: "Provides an S3 bucket.",
    properties: {
        bucket: {
            kind: "string",
            description: "Name of the bucket. Derived from the logical name when it is left out.",
            input: "optional",
            replaces: true,
            computed: true,
            autoname: 63,
            problem: isBucketName,
        },
        bucketNamespace: {
            kind: "string",
            description: "Namespace of the name.",
            refused: "an input that the emulator does not know: all its names are in the global namespace",
        },
        forceDestroy: flag("Whether all objects are deleted with the bucket."),
        region,
        arn,
        bucketDomainName: { kind: "string", description: "Bucket domain name." },
        bucketRegionalDomainName: { kind: "string", description: "Bucket domain name with the region in it." },
        tags,
        tagsAll,
    },
};

const ownershipControls: Resource = {
    description: "Provides a resource to manage S3 Bucket Ownership Controls.",
    properties: {
        bucket: bucketOf,
        rule: {
            kind: "block",
            description: "The rule.",
            input: "required",
            members: {
                objectOwnership: {
                    kind: "string",
                    description: "Object ownership.",
                    input: "required",
                    problem: oneOf("BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"),
                },
            },
        },
        region,
    },
};

const publicAccessBlock: Resource = {
    description: "Manages S3 bucket-level Public Access Block configuration.",
    properties: {
        bucket: bucketOf,
        blockPublicAcls: flag("Whether Amazon S3 should block public ACLs for this bucket."),
        blockPublicPolicy: flag("Whether Amazon S3 should block public bucket policies for this bucket."),
        ignorePublicAcls: flag("Whether Amazon S3 should ignore public ACLs for this bucket."),
        restrictPublicBuckets: flag("Whether Amazon S3 should restrict public bucket policies for this bucket."),
        region,
    },
};

const policy: Resource = {
    description: "Attaches a policy to an S3 bucket resource.",
    properties: {
        bucket: bucketOf,
        policy: policyText("Text of the policy."),
        region,
    },
};

const object: Resource = {
    description: "Provides an S3 object resource.",
    properties: {
        bucket: bucketOf,
        key: { kind: "string", description: "Name of the object.", input: "required", replaces: true },
        content: {
            kind: "string",
            description: "Literal string value to use as the object content.",
            input: "optional",
        },
        contentType: {
            kind: "string",
            description: "Standard MIME type describing the format of the object data.",
            input: "optional",
            computed: true,
        },
        cacheControl: {
            kind: "string",
            description: "Caching behavior along the request/reply chain.",
            input: "optional",
        },
        forceDestroy: flag("Whether to delete the object although it is locked."),
        source: {
            kind: "string",
            description: "A file to upload.",
            refused: "an input only the real provider has: use content",
        },
        region,
        arn,
        etag: { kind: "string", description: "ETag generated for the object." },
        versionId: { kind: "string", description: "Version of the object, where the bucket keeps versions." },
        tags,
        tagsAll,
    },
};

export const s3Resources: Readonly<Record<string, Resource>> = {
    "aws:s3/bucket:Bucket": bucket,
    "aws:s3/bucketObjectv2:BucketObjectv2": object,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ownershipControls,
    "aws:s3/bucketPolicy:BucketPolicy": policy,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": publicAccessBlock,
};
