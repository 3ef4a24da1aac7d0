import type * as pulumi from "@pulumi/pulumi";
import type { InvokeResult, Provider } from "@pulumi/pulumi/provider";
import { CALLS, type CallName } from "./calls";
import { InvalidInputsError, reasonText } from "./findings";
import { packageJson, schema, token } from "./schema";

type Component = new (
    name: string,
    args: never,
    opts: pulumi.ComponentResourceOptions,
) => pulumi.ComponentResource & Readonly<Record<string, unknown>>;

/** Components by token; each is loaded when the first one of it is made. */
const COMPONENTS: Readonly<Record<string, () => Promise<Component>>> = {
    [token("GitLabOidc")]: async () => (await import("./components/gitlab-oidc.js")).GitLabOidc as unknown as Component,
    [token("IdentityProvider")]: async () =>
        (await import("./components/identity-provider.js")).IdentityProvider as unknown as Component,
    [token("PipelineRole")]: async () =>
        (await import("./components/pipeline-role.js")).PipelineRole as unknown as Component,
};

/** What the engine asks the plugin for. */
export const provider: Provider = {
    version: packageJson().version,

    getSchema: () => Promise.resolve(JSON.stringify({ ...schema(), version: packageJson().version })),

    async construct(name, type, inputs, options) {
        const load = COMPONENTS[type];
        if (load === undefined) {
            throw new Error(`unknown resource type ${type}`);
        }
        const component = await load();
        const { checkKnown } = await import("./components/construct.js");
        await checkKnown(type, name, inputs);
        const made = new component(name, inputs as never, options);
        const outputs = Object.keys(schema().resources[type]!.properties);
        return { urn: made.urn, state: Object.fromEntries(outputs.map((o) => [o, made[o]])) };
    },

    invoke(tok, args) {
        const name = tok.split(":").pop()!;
        if (!Object.hasOwn(CALLS, name) || tok !== token(name)) {
            throw new Error(`unknown function ${tok}`);
        }
        return Promise.resolve(invoke(name as CallName, args as never));
    },
};

function invoke(name: CallName, args: never): InvokeResult {
    try {
        return { outputs: CALLS[name](args) };
    } catch (error) {
        if (error instanceof InvalidInputsError) {
            return { failures: error.findings.map((f) => ({ property: f.path, reason: reasonText(f) })) };
        }
        throw error;
    }
}
