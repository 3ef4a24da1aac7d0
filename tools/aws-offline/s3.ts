import { Handler } from "./handler";
import { bucket } from "./s3-bucket";
import { object } from "./s3-bucket-object";
import { bucketPolicy, ownershipControls, publicAccessBlock } from "./s3-bucket-settings";

export const handlers: Readonly<Record<string, Handler>> = {
    "aws:s3/bucket:Bucket": bucket,
    "aws:s3/bucketObjectv2:BucketObjectv2": object,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ownershipControls,
    "aws:s3/bucketPolicy:BucketPolicy": bucketPolicy,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": publicAccessBlock,
};
