import { GITLAB_VERSION } from "./stand-in";

type Json = Readonly<Record<string, unknown>>;

const text = (description: string): Json => ({ type: "string", description });
const flag = (description: string): Json => ({ type: "boolean", description });

/** Inputs of the resources that this stand-in knows, by their names in the real provider. It rejects others. */
export const INPUTS: Readonly<Record<string, Readonly<Record<string, Json>>>> = {
    "gitlab:index/project:Project": {
        name: text("Name of the project."),
        path: text("Path of the project in its namespace."),
        namespaceId: { type: "integer", description: "ID of the group." },
        description: text("Description."),
        visibilityLevel: text("`private`, `internal` or `public`."),
        defaultBranch: text("Name of the default branch."),
        initializeWithReadme: flag("Whether the project has a first commit."),
        ciIdTokenSubClaimComponents: {
            type: "array",
            items: { type: "string" },
            description: "Components of the sub claim.",
        },
    },
    "gitlab:index/projectVariable:ProjectVariable": {
        project: text("Path or ID of the project."),
        key: text("Name of the variable."),
        value: text("Value."),
        description: text("Description."),
        environmentScope: text("Environments that get the variable."),
        protected: flag("Whether only protected branches and tags get the variable."),
        masked: flag("Whether the value is masked in logs."),
    },
};

const OUTPUTS: Readonly<Record<string, Readonly<Record<string, Json>>>> = {
    "gitlab:index/project:Project": { pathWithNamespace: text("Path of the project.") },
    "gitlab:index/projectVariable:ProjectVariable": {},
};

export const REQUIRED: Readonly<Record<string, readonly string[]>> = {
    "gitlab:index/project:Project": [],
    "gitlab:index/projectVariable:ProjectVariable": ["key", "project", "value"],
};

/** The package schema of exactly what this provider knows. */
export function packageSchema(): Json {
    return {
        name: "gitlab",
        displayName: "GitLab (offline stand-in)",
        version: GITLAB_VERSION,
        description: "The part of the gitlab package that examples of this repository use.",
        meta: { moduleFormat: "(.*)(?:/[^/]*)" },
        resources: Object.fromEntries(
            Object.entries(INPUTS).map(([type, inputs]) => [
                type,
                {
                    inputProperties: inputs,
                    requiredInputs: REQUIRED[type],
                    properties: { ...inputs, ...OUTPUTS[type] },
                    required: [...REQUIRED[type]!, ...Object.keys(OUTPUTS[type]!)],
                },
            ]),
        ),
    };
}
