import {
    CreateOriginAccessControlCommand,
    DeleteOriginAccessControlCommand,
    GetOriginAccessControlCommand,
    GetOriginAccessControlCommandOutput,
    OriginAccessControlConfig,
    UpdateOriginAccessControlCommand,
} from "@aws-sdk/client-cloudfront";
import { Aws } from "./clients";
import { hasCode, step } from "./errors";
import { Handler } from "./handler";
import { Properties, text } from "./values";

const NAMED = "CloudFront Origin Access Control";

export const originAccessControl: Handler = {
    create: (aws, inputs) =>
        step(`creating ${NAMED} (${text(inputs["name"])})`, async () => {
            const { OriginAccessControl: made } = await aws.cloudFront(
                new CreateOriginAccessControlCommand({ OriginAccessControlConfig: configOf(inputs) }),
            );
            return made?.Id ?? "";
        }),

    read: (aws, id) =>
        step(`reading ${NAMED} (${id})`, async () => {
            const found = await find(aws, id);
            const config = found?.OriginAccessControl?.OriginAccessControlConfig;
            if (!config) return undefined;
            const { accountId } = await aws.callerIdentity();
            return {
                arn: `arn:aws:cloudfront::${accountId}:origin-access-control/${id}`,
                description: config.Description ?? "",
                etag: found.ETag,
                name: config.Name,
                originAccessControlOriginType: config.OriginAccessControlOriginType,
                signingBehavior: config.SigningBehavior,
                signingProtocol: config.SigningProtocol,
            };
        }),

    update: (aws, id, { inputs }) =>
        step(`updating ${NAMED} (${id})`, async () => {
            const { ETag: IfMatch } = (await find(aws, id)) ?? {};
            await aws.cloudFront(
                new UpdateOriginAccessControlCommand({ Id: id, IfMatch, OriginAccessControlConfig: configOf(inputs) }),
            );
        }),

    delete: (aws, id) =>
        step(`deleting ${NAMED} (${id})`, async () => {
            const found = await find(aws, id);
            if (found) await aws.cloudFront(new DeleteOriginAccessControlCommand({ Id: id, IfMatch: found.ETag }));
        }),
};

async function find(aws: Aws, Id: string): Promise<GetOriginAccessControlCommandOutput | undefined> {
    try {
        return await aws.cloudFront(new GetOriginAccessControlCommand({ Id }));
    } catch (error) {
        if (hasCode(error, "NoSuchOriginAccessControl")) return undefined;
        throw error;
    }
}

function configOf(inputs: Properties): OriginAccessControlConfig {
    return {
        Name: text(inputs["name"]),
        Description: text(inputs["description"]),
        OriginAccessControlOriginType: text(inputs["originAccessControlOriginType"]),
        SigningBehavior: text(inputs["signingBehavior"]),
        SigningProtocol: text(inputs["signingProtocol"]),
    } as OriginAccessControlConfig;
}
