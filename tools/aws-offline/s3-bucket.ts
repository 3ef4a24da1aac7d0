import {
    BucketLocationConstraint,
    CreateBucketCommand,
    DeleteBucketCommand,
    DeleteBucketTaggingCommand,
    DeleteObjectCommand,
    GetBucketTaggingCommand,
    HeadBucketCommand,
    ListObjectsV2Command,
    PutBucketTaggingCommand,
    Tag,
} from "@aws-sdk/client-s3";
import { checkTags } from "./aws-rules";
import { Aws } from "./clients";
import { AwsError, hasCode, step } from "./errors";
import { Handler, tagOutputs, toTags } from "./handler";
import { partitionOf } from "./regions";
import { text, Value } from "./values";

/** The region that a bucket is in when none is said. */
const DEFAULT_REGION = "us-east-1";

export const bucket: Handler = {
    create(aws, inputs) {
        const name = text(inputs["bucket"]);
        return step(`creating S3 Bucket (${name})`, async () => {
            checkTags("PutBucketTagging", inputs["tagsAll"]);
            await aws.s3(
                new CreateBucketCommand({
                    Bucket: name,
                    ...(aws.region !== DEFAULT_REGION && {
                        CreateBucketConfiguration: { LocationConstraint: aws.region as BucketLocationConstraint },
                    }),
                }),
            );
            await putTags(aws, name, inputs["tagsAll"]);
            return name;
        });
    },

    read: (aws, id, known) =>
        step(`reading S3 Bucket (${id})`, async () => {
            try {
                await aws.s3(new HeadBucketCommand({ Bucket: id }));
            } catch (error) {
                if (isGone(error)) return undefined;
                throw error;
            }
            const { partition, dnsSuffix } = partitionOf(aws.region);
            return {
                arn: `arn:${partition}:s3:::${id}`,
                bucket: id,
                bucketDomainName: `${id}.s3.${dnsSuffix}`,
                bucketRegionalDomainName: `${id}.s3.${aws.region}.${dnsSuffix}`,
                forceDestroy: known["forceDestroy"] ?? false,
                region: aws.region,
                ...tagOutputs(await tagsOf(aws, id)),
            };
        }),

    async update(aws, id, { inputs, changed }) {
        if (changed.has("tagsAll")) {
            await step(`updating tags for S3 Bucket (${id})`, async () => {
                checkTags("PutBucketTagging", inputs["tagsAll"]);
                await aws.s3(new DeleteBucketTaggingCommand({ Bucket: id }));
                await putTags(aws, id, inputs["tagsAll"]);
            });
        }
    },

    delete: (aws, id, state) =>
        step(`deleting S3 Bucket (${id})`, async () => {
            try {
                if (state["forceDestroy"] === true) await deleteObjects(aws, id);
                await aws.s3(new DeleteBucketCommand({ Bucket: id }));
            } catch (error) {
                if (!isGone(error)) throw error;
            }
        }),
};

export function isGone(error: unknown): boolean {
    return (
        hasCode(error, "NoSuchBucket") ||
        hasCode(error, "NotFound") ||
        (error instanceof AwsError && error.status === 404)
    );
}

async function putTags(aws: Aws, Bucket: string, tags: Value | undefined): Promise<void> {
    const TagSet = toTags(tags);
    if (TagSet) await aws.s3(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
}

async function tagsOf(aws: Aws, Bucket: string): Promise<Tag[]> {
    try {
        return (await aws.s3(new GetBucketTaggingCommand({ Bucket }))).TagSet ?? [];
    } catch (error) {
        if (hasCode(error, "NoSuchTagSet")) return [];
        throw error;
    }
}

async function deleteObjects(aws: Aws, Bucket: string): Promise<void> {
    const { Contents: objects = [] } = await aws.s3(new ListObjectsV2Command({ Bucket }));
    for (const { Key } of objects) await aws.s3(new DeleteObjectCommand({ Bucket, Key }));
    if (objects.length > 0) await deleteObjects(aws, Bucket);
}
