import {
    DeleteObjectCommand,
    DeleteObjectTaggingCommand,
    GetObjectTaggingCommand,
    HeadObjectCommand,
    PutObjectCommand,
    PutObjectTaggingCommand,
} from "@aws-sdk/client-s3";
import { Aws } from "./clients";
import { AwsError, step } from "./errors";
import { Handler, tagOutputs, toTags } from "./handler";
import { partitionOf } from "./regions";
import { isGone } from "./s3-bucket";
import { Properties, text, textMap } from "./values";

/** Tags that an object can have. */
const TAGS = 10;

export const object: Handler = {
    async create(aws, inputs) {
        await put(aws, inputs);
        return `${text(inputs["bucket"])}/${text(inputs["key"])}`;
    },

    read: (aws, id, known) =>
        step(`reading S3 Object (${id})`, async () => {
            const address = addressOf(id);
            try {
                const found = await aws.s3(new HeadObjectCommand(address));
                const { TagSet } = await aws.s3(new GetObjectTaggingCommand(address));
                return {
                    arn: `arn:${partitionOf(aws.region).partition}:s3:::${id}`,
                    bucket: address.Bucket,
                    key: address.Key,
                    // As the real provider, which does not read it: a change elsewhere shows in the etag alone.
                    ...(known["content"] !== undefined && { content: known["content"] }),
                    contentType: found.ContentType ?? "",
                    cacheControl: found.CacheControl ?? "",
                    etag: (found.ETag ?? "").replaceAll('"', ""),
                    forceDestroy: known["forceDestroy"] ?? false,
                    region: aws.region,
                    versionId: found.VersionId ?? "",
                    ...tagOutputs(TagSet),
                };
            } catch (error) {
                if (isGone(error)) return undefined;
                throw error;
            }
        }),

    async update(aws, id, { inputs, changed }) {
        if (["content", "contentType", "cacheControl"].some((name) => changed.has(name))) {
            await put(aws, inputs);
        } else if (changed.has("tagsAll")) {
            await step(`updating tags for S3 Object (${id})`, async () => {
                checkTags(inputs);
                const address = addressOf(id);
                const TagSet = toTags(inputs["tagsAll"]);
                if (TagSet) await aws.s3(new PutObjectTaggingCommand({ ...address, Tagging: { TagSet } }));
                else await aws.s3(new DeleteObjectTaggingCommand(address));
            });
        }
    },

    delete: (aws, id) =>
        step(`deleting S3 Object (${id})`, async () => {
            try {
                await aws.s3(new DeleteObjectCommand(addressOf(id)));
            } catch (error) {
                if (!isGone(error)) throw error;
            }
        }),
};

function addressOf(id: string): { Bucket: string; Key: string } {
    const at = id.indexOf("/");
    if (at < 0) throw new Error("the id of an S3 object must be of the form <bucket>/<key>");
    return { Bucket: id.slice(0, at), Key: id.slice(at + 1) };
}

function put(aws: Aws, inputs: Properties): Promise<void> {
    const [Bucket, Key] = [text(inputs["bucket"]), text(inputs["key"])];
    return step(`uploading S3 Object (${Key}) to Bucket (${Bucket})`, async () => {
        checkTags(inputs);
        const tags = new URLSearchParams(textMap(inputs["tagsAll"])).toString();
        await aws.s3(
            new PutObjectCommand({
                Bucket,
                Key,
                Body: text(inputs["content"]),
                ContentType: text(inputs["contentType"]) || undefined,
                CacheControl: text(inputs["cacheControl"]) || undefined,
                Tagging: tags || undefined,
            }),
        );
    });
}

function checkTags(inputs: Properties): void {
    if (Object.keys(textMap(inputs["tagsAll"])).length > TAGS) {
        throw new AwsError("S3", "PutObject", {
            status: 400,
            code: "BadRequest",
            reason: `Object tags cannot be greater than ${String(TAGS)}`,
        });
    }
}
