import type { CheckResult, Provider } from "@pulumi/pulumi/provider";
import { api } from "./rest";
import { INPUTS, packageSchema, REQUIRED } from "./schema";
import { GITLAB_VERSION } from "./stand-in";

type Values = Readonly<Record<string, unknown>>;

const PROJECT = "gitlab:index/project:Project";

/** The inputs of which a change creates a new resource. */
const REPLACES = ["project", "key", "environmentScope", "namespaceId"];

function typeOf(urn: string): string {
    return urn.split("::")[2]!.split("$").at(-1)!;
}

/** Inputs as GitLab's API names them: `environmentScope` is `environment_scope`. */
function body(inputs: Values): Values {
    const snake = (name: string): string => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
    return Object.fromEntries(
        Object.entries(inputs)
            .filter(([name]) => !name.startsWith("__"))
            .map(([name, value]) => [name === "visibilityLevel" ? "visibility" : snake(name), value]),
    );
}

/** The path of a variable in the API. Source: GitLab, "Project-level CI/CD variables API". */
function variable({ project, key, environmentScope = "*" }: Values): string {
    const scope = `filter[environment_scope]=${encodeURIComponent(String(environmentScope))}`;
    return `projects/${encodeURIComponent(String(project))}/variables/${String(key)}?${scope}`;
}

/** The output that only GitLab knows. */
async function projectState(id: string, inputs: Values): Promise<Values> {
    const { path_with_namespace: pathWithNamespace } = await api("GET", `projects/${id}`);
    return { ...inputs, pathWithNamespace };
}

/** The requests of the engine that the stand-in answers. Source: GitLab, "Projects API" and "Project-level CI/CD variables API". */
export const provider: Provider = {
    version: GITLAB_VERSION,

    getSchema: () => Promise.resolve(JSON.stringify(packageSchema())),

    check(urn, _, news: Values): Promise<CheckResult> {
        const type = typeOf(urn);
        const known = INPUTS[type];
        const failures = [
            ...(known === undefined ? [["", `the offline gitlab provider does not know ${type}`] as const] : []),
            ...Object.keys(news)
                .filter((name) => known?.[name] === undefined && !name.startsWith("__"))
                .map((name) => [name, "is an input that the offline gitlab provider does not know"] as const),
            ...(REQUIRED[type] ?? []).filter((name) => !(name in news)).map((name) => [name, "is missing"] as const),
        ];
        return Promise.resolve({
            inputs: news,
            failures: failures.map(([property, reason]) => ({ property, reason })),
        });
    },

    diff(_, urn, olds: Values, news: Values) {
        const changed = Object.keys(INPUTS[typeOf(urn)]!).filter(
            (name) => JSON.stringify(olds[name]) !== JSON.stringify(news[name]),
        );
        return Promise.resolve({
            changes: changed.length > 0,
            replaces: changed.filter((name) => REPLACES.includes(name)),
        });
    },

    async create(urn, inputs: Values) {
        if (typeOf(urn) === PROJECT) {
            const { ci_id_token_sub_claim_components: components, ...project } = body(inputs);
            const id = String((await api("POST", "projects", project))["id"]);
            // GitLab documents this setting for the update of a project only.
            if (components !== undefined) {
                await api("PUT", `projects/${id}`, { ci_id_token_sub_claim_components: components });
            }
            return { id, outs: await projectState(id, inputs) };
        }
        const { project, ...values } = body(inputs);
        await api("POST", `projects/${encodeURIComponent(String(project))}/variables`, values);
        const { key, environmentScope = "*" } = inputs;
        return { id: [project, key, environmentScope].map(String).join(":"), outs: inputs };
    },

    async update(id, urn, _, news: Values) {
        if (typeOf(urn) === PROJECT) {
            await api("PUT", `projects/${id}`, body(news));
            return { outs: await projectState(id, news) };
        }
        const { project, key, ...values } = body(news);
        await api("PUT", variable({ project, key, environmentScope: news["environmentScope"] ?? "*" }), values);
        return { outs: news };
    },

    async delete(id, urn, props: Values) {
        await api("DELETE", typeOf(urn) === PROJECT ? `projects/${id}` : variable(props));
    },
};
