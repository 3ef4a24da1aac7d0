import { checkInputs, Checked, CheckContext, inputsFromState, sameValue } from "./check";
import type { Aws } from "./clients";
import { Config, ConfigProblem, configProblems, readConfig } from "./config";
import { Difference, difference } from "./diff";
import { invoking } from "./errors";
import type { Handler } from "./handler";
import { policyDocument } from "./policy-document";
import { getPartition, getRegion } from "./regions";
import { Resource } from "./resource";
import { standInKnows } from "./stand-in";
import { lookups, resources } from "./table";
import { containsUnknown, isObject, Properties, UNKNOWN, Value } from "./values";

export interface ReadResult {
    readonly id: string;
    readonly state: Properties;
    readonly inputs: Properties;
}

/** An update that the engine asks for. */
export interface Update {
    readonly state: Properties;
    readonly inputs: Properties;
    /** Properties whose changes are left out. */
    readonly ignored: readonly string[];
    readonly preview: boolean;
}

/** The provider's behaviour on plain values: the engine's protocol is the server's matter. */
export class OfflineAws {
    private config: Config | undefined;
    private clients: Promise<Aws> | undefined;

    checkConfig(inputs: Properties): ConfigProblem[] {
        return configProblems(inputs);
    }

    async configure(inputs: Properties): Promise<void> {
        const config = readConfig(inputs, process.env);
        this.config = config;
        this.clients = undefined;
        if (config.allowedAccountIds.length + config.forbiddenAccountIds.length > 0) {
            await (await this.aws()).checkAccount();
        }
    }

    check(
        token: string,
        olds: Properties,
        news: Properties,
        context: Omit<CheckContext, "token" | "defaultTags">,
    ): Checked {
        const defaultTags = this.config?.defaultTags ?? {};
        return checkInputs(resourceOf(token), olds, news, { ...context, token, defaultTags });
    }

    diff(token: string, state: Properties, inputs: Properties, ignored: readonly string[]): Difference {
        return difference(resourceOf(token), state, inputs, ignored);
    }

    async create(token: string, inputs: Properties, preview: boolean): Promise<{ id: string; state: Properties }> {
        const resource = resourceOf(token);
        if (preview) return { id: "", state: planned(resource, inputs, {}, UNKNOWN) };
        const handler = await handlerOf(token);
        const aws = await this.aws();
        const wanted = normalized(resource, inputs);
        const id = await handler.create(aws, wanted);
        const state = await this.find(token, id, wanted);
        if (!state) throw new Error(`${token} ${id} was created but cannot be found`);
        return { id, state };
    }

    async read(
        token: string,
        id: string,
        known: Properties,
        oldInputs: Properties | undefined,
    ): Promise<ReadResult | undefined> {
        const resource = resourceOf(token);
        const state = await this.find(token, id, known);
        return state && { id, state, inputs: inputsFromState(resource, state, oldInputs) };
    }

    /** The outputs, as AWS has them now. */
    private async find(token: string, id: string, known: Properties): Promise<Properties | undefined> {
        const state = await (await handlerOf(token)).read(await this.aws(), id, known);
        return state && { id, ...state, ...ownTags(state["tagsAll"], known["tags"], this.configured().defaultTags) };
    }

    async update(token: string, id: string, { state, inputs, ignored, preview }: Update): Promise<Properties> {
        const resource = resourceOf(token);
        if (preview) return planned(resource, inputs, state, undefined);
        const handler = await handlerOf(token);
        const aws = await this.aws();
        const wanted = normalized(resource, inputs);
        const changed = new Set(
            difference(resource, state, wanted, ignored).changes.map(({ path }) => path.split(/[.[]/)[0] ?? path),
        );
        await handler.update?.(aws, id, { state, inputs: wanted, changed });
        const kept = Object.fromEntries(Object.entries(state).filter(([name]) => !changed.has(name)));
        const updated = await this.find(token, id, { ...kept, ...wanted });
        if (!updated) throw new Error(`${token} ${id} was updated but cannot be found`);
        return updated;
    }

    async delete(token: string, id: string, state: Properties): Promise<void> {
        resourceOf(token);
        await (await handlerOf(token)).delete(await this.aws(), id, state);
    }

    /** Names what is wrong with a function's arguments; an empty list means that it can be invoked. */
    checkLookup(token: string, inputs: Properties): ConfigProblem[] {
        const lookup = lookups[token];
        if (!lookup) throw new Error(`unknown function ${token}; ${standInKnows(Object.keys(lookups).join(", "))}`);
        const known = Object.keys(lookup.inputs);
        const problems = Object.keys(inputs)
            .filter((property) => !known.includes(property))
            .map((property) => ({
                property,
                reason: `unknown argument "${property}"; ${standInKnows(`these arguments of ${token}: ${known.join(", ")}`)}`,
            }));
        for (const property of known.filter((name) => lookup.inputs[name]?.required && inputs[name] === undefined)) {
            problems.push({ property, reason: `Missing required argument "${property}"` });
        }
        if (token === GET_PROVIDER && (inputs["arn"] === undefined) === (inputs["url"] === undefined)) {
            problems.push({
                property: "arn",
                reason: "Invalid combination of arguments: one of `arn,url` must be specified",
            });
        }
        return problems;
    }

    async invoke(token: string, inputs: Properties): Promise<Properties> {
        const { region, isCallerUnknown } = this.configured();
        switch (token) {
            case "aws:index/getRegion:getRegion":
                return getRegion(region);
            case "aws:iam/getPolicyDocument:getPolicyDocument":
                return policyDocument(inputs);
        }
        const { getCallerIdentity, getOpenIdConnectProvider, getRole } = await import("./lookups.js");
        const aws = await this.aws();
        if (token === "aws:index/getPartition:getPartition") {
            return getPartition(region, isCallerUnknown ? undefined : (await aws.callerIdentity()).arn);
        }
        return invoking(token, () => {
            if (token === GET_PROVIDER) return getOpenIdConnectProvider(aws, inputs);
            return token === "aws:iam/getRole:getRole" ? getRole(aws, inputs) : getCallerIdentity(aws);
        });
    }

    private configured(): Config {
        if (!this.config) throw new Error("the aws provider is not configured");
        return this.config;
    }

    private aws(): Promise<Aws> {
        const config = this.configured();
        this.clients ??= import("./clients.js").then(({ Aws }) => new Aws(config));
        return this.clients;
    }
}

const GET_PROVIDER = "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider";

function resourceOf(token: string): Resource {
    const resource = resources[token];
    if (!resource)
        throw new Error(`unknown resource type ${token}; ${standInKnows(Object.keys(resources).join(", "))}`);
    return resource;
}

async function handlerOf(token: string): Promise<Handler> {
    const handler = (await handlersOf(token))[token];
    if (!handler) throw new Error(`no handler for ${token}`);
    return handler;
}

async function handlersOf(token: string): Promise<Readonly<Record<string, Handler>>> {
    if (token.startsWith("aws:s3/")) return (await import("./s3.js")).handlers;
    if (token.startsWith("aws:organizations/")) return (await import("./organizations.js")).handlers;
    return token.startsWith("aws:cloudfront/")
        ? (await import("./cloudfront.js")).handlers
        : (await import("./iam.js")).handlers;
}

/** The tags of the resource itself: those that are not only the provider's. */
function ownTags(all: Value | undefined, known: Value | undefined, defaults: Properties): Properties {
    const own = Object.entries(isObject(all) ? all : {}).filter(
        ([key, value]) => defaults[key] !== value || (isObject(known) && key in known),
    );
    return own.length > 0 ? { tags: Object.fromEntries(own) } : {};
}

function normalized(resource: Resource, inputs: Properties): Properties {
    return Object.fromEntries(
        Object.entries(inputs).map(([name, value]) => {
            const normalize = resource.properties[name]?.normalize;
            return [name, normalize && typeof value === "string" && value !== UNKNOWN ? normalize(value) : value];
        }),
    );
}

/** The outputs a preview shows: what the inputs say, and for what AWS decides `decidedByAws` or the state so far. */
function planned(
    resource: Resource,
    inputs: Properties,
    state: Properties,
    decidedByAws: typeof UNKNOWN | undefined,
): Properties {
    const wanted = normalized(resource, inputs);
    const outputs: Properties = { id: state["id"] ?? decidedByAws };
    for (const [name, property] of Object.entries(resource.properties)) {
        const input = wanted[name];
        const old = state[name];
        if (name === "tagsAll") outputs[name] = wanted["tagsAll"] ?? {};
        else if (input !== undefined) {
            const same = old !== undefined && !containsUnknown(input) && sameValue(property, old, input);
            outputs[name] = same ? old : input;
        } else if (!property.input || property.computed) outputs[name] = old ?? decidedByAws;
        else if (old !== undefined && sameValue(property, old, undefined)) outputs[name] = old;
    }
    return outputs;
}
