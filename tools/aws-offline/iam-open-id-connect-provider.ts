import {
    AddClientIDToOpenIDConnectProviderCommand,
    CreateOpenIDConnectProviderCommand,
    DeleteOpenIDConnectProviderCommand,
    GetOpenIDConnectProviderCommand,
    RemoveClientIDFromOpenIDConnectProviderCommand,
    TagOpenIDConnectProviderCommand,
    UntagOpenIDConnectProviderCommand,
    UpdateOpenIDConnectProviderThumbprintCommand,
} from "@aws-sdk/client-iam";
import { checkClientIds, checkNewProvider, checkTags, checkThumbprints } from "./aws-rules";
import { Aws } from "./clients";
import { hasCode, step } from "./errors";
import { Handler, tagChanges, tagOutputs, toTags, Update } from "./handler";
import { Properties, text, texts } from "./values";

export const openIdConnectProvider: Handler = {
    create: (aws, inputs) =>
        step("creating IAM OIDC Provider", async () => {
            await checkNewProvider(aws, inputs);
            const { OpenIDConnectProviderArn: arn } = await aws.iam(
                new CreateOpenIDConnectProviderCommand({
                    Url: text(inputs["url"]),
                    ClientIDList: texts(inputs["clientIdLists"]),
                    ThumbprintList: texts(inputs["thumbprintLists"]),
                    Tags: toTags(inputs["tagsAll"]),
                }),
            );
            return arn ?? "";
        }),

    read: (aws, id) => step(`reading IAM OIDC Provider (${id})`, () => readProvider(aws, id)),

    async update(aws, id, update) {
        try {
            await updateInPlace(aws, id, update);
        } catch (error) {
            if (!hasCode((error as Error).cause, "InvalidAction")) throw error;
            await recreateInEmulator(aws, id, update);
        }
    },

    delete: (aws, id) =>
        step(`deleting IAM OIDC Provider (${id})`, async () => {
            try {
                await aws.iam(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: id }));
            } catch (error) {
                if (!hasCode(error, "NoSuchEntity")) throw error;
            }
        }),
};

export async function readProvider(aws: Aws, arn: string): Promise<Properties | undefined> {
    try {
        const provider = await aws.iam(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }));
        return {
            arn,
            // AWS answers without the scheme, the emulator with it.
            url: (provider.Url ?? "").replace(/^https:\/\//, ""),
            clientIdLists: provider.ClientIDList ?? [],
            thumbprintLists: provider.ThumbprintList ?? [],
            ...tagOutputs(provider.Tags),
        };
    } catch (error) {
        if (hasCode(error, "NoSuchEntity")) return undefined;
        throw error;
    }
}

async function updateInPlace(aws: Aws, arn: string, update: Update): Promise<void> {
    const { state, inputs, changed } = update;
    const OpenIDConnectProviderArn = arn;
    const named = `IAM OIDC Provider (${arn})`;

    const thumbprints = texts(inputs["thumbprintLists"]);
    if (changed.has("thumbprintLists") && thumbprints.length > 0) {
        await step(`updating ${named} thumbprint`, async () => {
            checkThumbprints("UpdateOpenIDConnectProviderThumbprint", thumbprints);
            await aws.iam(
                new UpdateOpenIDConnectProviderThumbprintCommand({
                    OpenIDConnectProviderArn,
                    ThumbprintList: thumbprints,
                }),
            );
        });
    }
    if (changed.has("clientIdLists")) {
        const olds = texts(state["clientIdLists"]);
        const news = texts(inputs["clientIdLists"]);
        for (const ClientID of news.filter((clientId) => !olds.includes(clientId))) {
            await step(`adding ${named} client ID (${ClientID})`, async () => {
                checkClientIds("AddClientIDToOpenIDConnectProvider", news);
                await aws.iam(new AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID }));
            });
        }
        for (const ClientID of olds.filter((clientId) => !news.includes(clientId))) {
            await step(`removing ${named} client ID (${ClientID})`, () =>
                aws.iam(new RemoveClientIDFromOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID })),
            );
        }
    }
    if (changed.has("tagsAll")) {
        await step(`updating tags for ${named}`, async () => {
            checkTags("TagOpenIDConnectProvider", inputs["tagsAll"]);
            const { removed, set } = tagChanges(update);
            if (removed.length > 0) {
                await aws.iam(new UntagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, TagKeys: removed }));
            }
            if (set.length > 0) {
                await aws.iam(new TagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, Tags: set }));
            }
        });
    }
}

/**
 * The emulator has none of the calls that change a provider (it answers InvalidAction). Deleting and creating it
 * with the same URL gives the same ARN, so that what a program sees is AWS's update in place.
 */
async function recreateInEmulator(aws: Aws, arn: string, { state, inputs, changed }: Update): Promise<void> {
    const wanted = (name: string) => (changed.has(name) ? inputs[name] : state[name]);
    const thumbprints = texts(inputs["thumbprintLists"]);
    const current = await aws.iam(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }));
    await aws.iam(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }));
    await aws.iam(
        new CreateOpenIDConnectProviderCommand({
            Url: current.Url,
            ClientIDList: texts(wanted("clientIdLists")),
            ThumbprintList: thumbprints.length > 0 ? thumbprints : (current.ThumbprintList ?? []),
            Tags: toTags(wanted("tagsAll")),
        }),
    );
}
