/** A property as schema.json describes it. */
export interface PropertySpec {
    readonly type?: string;
    readonly $ref?: string;
    readonly items?: PropertySpec;
    readonly additionalProperties?: PropertySpec;
    readonly oneOf?: readonly PropertySpec[];
    readonly plain?: boolean;
    readonly default?: unknown;
    readonly description?: string;
}

export type Properties = Readonly<Record<string, PropertySpec>>;

export interface TypeSpec {
    readonly type: string;
    readonly description: string;
    readonly properties?: Properties;
    readonly required?: readonly string[];
    readonly enum?: readonly { readonly name: string; readonly value: string; readonly description: string }[];
}

export interface ResourceSpec {
    readonly description: string;
    readonly inputProperties: Properties;
    readonly requiredInputs?: readonly string[];
    readonly properties: Properties;
    readonly required: readonly string[];
}

export interface FunctionSpec {
    readonly description: string;
    readonly inputs: { readonly properties: Properties; readonly required?: readonly string[] };
    readonly outputs: { readonly properties: Properties; readonly required?: readonly string[] };
}

/** The part of schema.json that this package reads. */
export interface Schema {
    readonly types: Readonly<Record<string, TypeSpec>>;
    readonly resources: Readonly<Record<string, ResourceSpec>>;
    readonly functions: Readonly<Record<string, FunctionSpec>>;
}

const PREFIX = "aws-gitlab-oidc:index:";

/** The token of a resource, type or function of this package. */
export function token(name: string): string {
    return PREFIX + name;
}

/** schema.json, read at the first call; works from the sources, dist/ and the bundle. */
export function schema(): Schema {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would be read at start, and lies outside rootDir
    return (read ??= require("../../schema.json") as Schema);
}

let read: Schema | undefined;

/** The name, version and license of the package, from package.json, the only place that has them. */
export function packageJson(): { readonly name: string; readonly version: string } {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- as above
    return require("../../package.json") as { name: string; version: string };
}
