import type * as pulumi from "@pulumi/pulumi";
import type { InvokeResult, Provider } from "@pulumi/pulumi/provider";
import type { Checked } from "./components/checked";
import type { Kind } from "./components/gate";
import type { CallName } from "./operations/calls";
import { InvalidInputsError, reasonText } from "./contract/findings";
import { packageJson, schema, token } from "./contract/schema";
import { redacted } from "./contract/redact";
import type { Finding } from "./contract/types";
import { unwrap } from "./contract/wire";

type Component = new (
    name: string,
    args: never,
    opts: pulumi.ComponentResourceOptions,
) => pulumi.ComponentResource & Readonly<Record<string, unknown>>;

interface Loaded {
    readonly component: Component;
    readonly kind: Kind<Checked>;
}

/** Components by token; each is loaded when the first one of it is created. */
const COMPONENTS: Readonly<Record<string, () => Promise<Loaded>>> = {
    [token("GitLabOidc")]: async () => {
        const { GitLabOidc, gitLabOidc: kind } = await import("./components/gitlab-oidc.js");
        return { component: GitLabOidc as unknown as Component, kind };
    },
    [token("IdentityProvider")]: async () => {
        const { IdentityProvider, identityProvider: kind } = await import("./components/identity-provider.js");
        return { component: IdentityProvider as unknown as Component, kind };
    },
    [token("IssuerMirror")]: async () => {
        const { IssuerMirror, issuerMirror: kind } = await import("./components/issuer-mirror.js");
        return { component: IssuerMirror as unknown as Component, kind };
    },
    [token("OrganizationGuardrail")]: async () => {
        const { OrganizationGuardrail, organizationGuardrail: kind } =
            await import("./components/organization-guardrail.js");
        return { component: OrganizationGuardrail as unknown as Component, kind };
    },
    [token("PipelineRole")]: async () => {
        const { PipelineRole, pipelineRole: kind } = await import("./components/pipeline-role.js");
        return { component: PipelineRole as unknown as Component, kind };
    },
};

/** The requests of the engine that the plugin answers. */
export const provider: Provider = {
    version: packageJson().version,

    getSchema: () => Promise.resolve(JSON.stringify({ ...schema(), version: packageJson().version })),

    async construct(name, type, inputs, options) {
        const load = COMPONENTS[type];
        if (load === undefined) {
            throw new Error(`unknown resource type ${type}`);
        }
        const { component, kind } = await load();
        const { answerRejections, quietly } = await import("./components/engine.js");
        answerRejections();
        const { checkKnown } = await import("./components/construct.js");
        const checked = await checkKnown(kind, name, inputs);
        const made = quietly(() => new component(name, checked as never, options));
        const outputs = Object.keys(schema().resources[type]!.properties);
        return { urn: made.urn, state: Object.fromEntries(outputs.map((o) => [o, made[o]])) };
    },

    async invoke(tok, args) {
        const { CALLS: calls } = await import("./operations/calls.js");
        const names = Object.keys(calls) as CallName[];
        const name = names.find((f) => tok === token(f));
        // An error that is thrown from here is printed with its stack.
        return name === undefined
            ? failed([tok, `is not a function of this package. Functions are ${names.join(", ")}.`])
            : invoke((given) => calls[name](given as never), args);
    },
};

function failed(...failures: readonly (readonly [property: string, reason: string])[]): InvokeResult {
    return { failures: failures.map(([property, reason]) => ({ property, reason })) };
}

async function invoke(call: (args: unknown) => object | Promise<object>, args: unknown): Promise<InvokeResult> {
    const { value, unknown, tooDeep, secrets } = unwrap(args);
    if (tooDeep.length > 0) {
        return failed(
            ...tooDeep.map(
                (path) =>
                    [
                        path,
                        reasonText({ message: "is nested too deeply.", fix: "Use plain values.", id: "wrong-type" }),
                    ] as const,
            ),
        );
    }
    if (unknown.length > 0) {
        return failed(
            ...unknown.map((path) => [path, "is not known yet, and a function accepts known values only."] as const),
        );
    }
    try {
        return { outputs: await call(value) };
    } catch (error) {
        if (error instanceof InvalidInputsError) {
            return failed(...error.findings.map((f) => [f.path, reasonText(redacted(forPython(f), secrets))] as const));
        }
        throw error;
    }
}

/** A finding about the key of a dictionary in Python. Its SDK renames the keys for a resource, and not for a function. */
function forPython(finding: Finding): Finding {
    return finding.id === "unknown-property" && /\.[a-z]+(?:_[a-z]+)+$/.test(finding.path)
        ? {
              ...finding,
              fix: `${finding.fix} In Python, pass an object of the class instead of a dictionary, for example Subject: Pulumi does not rename the keys of dictionaries in the arguments of functions.`,
          }
        : finding;
}
