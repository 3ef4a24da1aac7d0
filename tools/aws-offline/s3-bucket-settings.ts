import {
    DeleteBucketOwnershipControlsCommand,
    DeleteBucketPolicyCommand,
    DeletePublicAccessBlockCommand,
    GetBucketOwnershipControlsCommand,
    GetBucketPolicyCommand,
    GetPublicAccessBlockCommand,
    ObjectOwnership,
    PutBucketOwnershipControlsCommand,
    PutBucketPolicyCommand,
    PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { Aws } from "./clients";
import { hasCode, step } from "./errors";
import { Handler } from "./handler";
import { keepUnlessChanged, normalizePolicy } from "./policies";
import { isGone } from "./s3-bucket";
import { Properties, text } from "./values";

/** What is made for a bucket, and has no name beside it. */
interface Setting {
    readonly what: string;
    readonly put: (aws: Aws, Bucket: string, inputs: Properties) => Promise<unknown>;
    /** Throws an error with `missing` as its code where there is none. */
    readonly get: (aws: Aws, Bucket: string, known: Properties) => Promise<Properties>;
    readonly missing: string;
    readonly remove: (aws: Aws, Bucket: string) => Promise<unknown>;
}

function handlerOf({ what, put, get, missing, remove }: Setting): Handler {
    const isMissing = (error: unknown): boolean => hasCode(error, missing) || isGone(error);
    return {
        async create(aws, inputs) {
            const name = text(inputs["bucket"]);
            await step(`creating S3 Bucket ${what} (${name})`, () => put(aws, name, inputs));
            return name;
        },
        read: (aws, id, known) =>
            step(`reading S3 Bucket ${what} (${id})`, async () => {
                try {
                    return { bucket: id, region: aws.region, ...(await get(aws, id, known)) };
                } catch (error) {
                    if (isMissing(error)) return undefined;
                    throw error;
                }
            }),
        async update(aws, id, { inputs }) {
            await step(`updating S3 Bucket ${what} (${id})`, () => put(aws, id, inputs));
        },
        delete: (aws, id) =>
            step(`deleting S3 Bucket ${what} (${id})`, async () => {
                try {
                    await remove(aws, id);
                } catch (error) {
                    if (!isMissing(error)) throw error;
                }
            }),
    };
}

export const ownershipControls = handlerOf({
    what: "Ownership Controls",
    put: (aws, Bucket, inputs) => {
        const ObjectOwnership = text((inputs["rule"] as Properties)["objectOwnership"]) as ObjectOwnership;
        return aws.s3(
            new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: { Rules: [{ ObjectOwnership }] } }),
        );
    },
    get: async (aws, Bucket) => {
        const { OwnershipControls } = await aws.s3(new GetBucketOwnershipControlsCommand({ Bucket }));
        return { rule: { objectOwnership: OwnershipControls?.Rules?.[0]?.ObjectOwnership } };
    },
    missing: "OwnershipControlsNotFoundError",
    remove: (aws, Bucket) => aws.s3(new DeleteBucketOwnershipControlsCommand({ Bucket })),
});

export const publicAccessBlock = handlerOf({
    what: "Public Access Block",
    put: (aws, Bucket, inputs) =>
        aws.s3(
            new PutPublicAccessBlockCommand({
                Bucket,
                PublicAccessBlockConfiguration: {
                    BlockPublicAcls: inputs["blockPublicAcls"] === true,
                    BlockPublicPolicy: inputs["blockPublicPolicy"] === true,
                    IgnorePublicAcls: inputs["ignorePublicAcls"] === true,
                    RestrictPublicBuckets: inputs["restrictPublicBuckets"] === true,
                },
            }),
        ),
    get: async (aws, Bucket) => {
        const { PublicAccessBlockConfiguration: found = {} } = await aws.s3(
            new GetPublicAccessBlockCommand({ Bucket }),
        );
        return {
            blockPublicAcls: found.BlockPublicAcls ?? false,
            blockPublicPolicy: found.BlockPublicPolicy ?? false,
            ignorePublicAcls: found.IgnorePublicAcls ?? false,
            restrictPublicBuckets: found.RestrictPublicBuckets ?? false,
        };
    },
    missing: "NoSuchPublicAccessBlockConfiguration",
    remove: (aws, Bucket) => aws.s3(new DeletePublicAccessBlockCommand({ Bucket })),
});

export const bucketPolicy = handlerOf({
    what: "Policy",
    put: (aws, Bucket, inputs) => aws.s3(new PutBucketPolicyCommand({ Bucket, Policy: text(inputs["policy"]) })),
    get: async (aws, Bucket, known) => {
        const { Policy = "{}" } = await aws.s3(new GetBucketPolicyCommand({ Bucket }));
        return { policy: keepUnlessChanged(text(known["policy"]), normalizePolicy(Policy)) };
    },
    missing: "NoSuchBucketPolicy",
    remove: (aws, Bucket) => aws.s3(new DeleteBucketPolicyCommand({ Bucket })),
});
