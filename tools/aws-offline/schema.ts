import { configProperties } from "./config";
import { Kind, Lookup, Parameter, Property, Resource } from "./resource";
import { awsVersion } from "./stand-in";
import { lookups, resources } from "./table";

type Json = Record<string, unknown>;

/** The package schema of exactly what this provider knows, for programs that name an aws type without an SDK. */
export function packageSchema(): Json {
    const config = mapValues(configProperties, (property) => ({
        type: property.kind === "boolean" || property.kind === "integer" ? property.kind : "string",
        ...(property.kind === "texts" ? arrayOf({ type: "string" }) : {}),
        ...(property.kind === "endpoints" ? arrayOf(textMap) : {}),
        ...(property.kind === "assumeRoles" ? arrayOf(textMap) : {}),
        ...(property.kind === "defaultTags" ? { type: "object", additionalProperties: textMap } : {}),
        description: property.description,
        ...(property.secret && { secret: true }),
        ...(property.environment && { defaultInfo: { environment: property.environment } }),
    }));
    return {
        name: "aws",
        displayName: "AWS (offline stand-in)",
        version: awsVersion(),
        description: "The part of the aws package that tests and demo of this repository use.",
        meta: { moduleFormat: "(.*)(?:/[^/]*)" },
        config: { variables: config },
        types: statementTypes,
        provider: { description: "The provider type for the aws package.", inputProperties: config },
        resources: mapValues(resources, resourceSchema),
        functions: mapValues(lookups, functionSchema),
    };
}

const text = { type: "string" };
const textMap = { type: "object", additionalProperties: text };

function arrayOf(items: Json): Json {
    return { type: "array", items };
}

function typeOf(kind: Kind | "statements"): Json {
    switch (kind) {
        case "string":
        case "policy":
            return text;
        case "boolean":
        case "integer":
            return { type: kind };
        case "texts":
        case "textSet":
            return arrayOf(text);
        case "tags":
            return textMap;
        case "block":
            return { type: "object", additionalProperties: { $ref: "pulumi.json#/Any" } };
        case "objects":
        case "blocks":
            return arrayOf({ type: "object", additionalProperties: { $ref: "pulumi.json#/Any" } });
        case "statements":
            return arrayOf({ $ref: `#/types/${STATEMENT}` });
    }
}

function inputType(property: Property): Json {
    // A policy may also be given as a document; the provider turns it into text.
    return property.kind === "policy" ? { oneOf: [text, { $ref: "pulumi.json#/Any" }] } : typeOf(property.kind);
}

function resourceSchema(resource: Resource): Json {
    const inputs = Object.entries(resource.properties).filter(([, property]) => property.input);
    return {
        description: resource.description,
        properties: mapValues(resource.properties, (property) => ({
            ...typeOf(property.kind),
            description: property.description,
        })),
        required: Object.entries(resource.properties)
            .filter(([, property]) => !property.input || property.computed || property.input === "required")
            .map(([name]) => name),
        inputProperties: Object.fromEntries(
            inputs.map(([name, property]) => [
                name,
                {
                    ...inputType(property),
                    description: property.description,
                    ...(property.replaces && { willReplaceOnChanges: true }),
                },
            ]),
        ),
        requiredInputs: inputs.filter(([, property]) => property.input === "required").map(([name]) => name),
    };
}

function functionSchema(lookup: Lookup): Json {
    const object = (parameters: Readonly<Record<string, Parameter>>): Json => ({
        type: "object",
        properties: mapValues(parameters, ({ kind, description }) => ({ ...typeOf(kind), description })),
    });
    return {
        description: lookup.description,
        inputs: {
            ...object(lookup.inputs),
            required: Object.keys(lookup.inputs).filter((name) => lookup.inputs[name]?.required),
        },
        outputs: {
            ...object({ ...lookup.outputs, id: { kind: "string", description: "The provider-assigned unique ID." } }),
            required: [...Object.keys(lookup.outputs), "id"],
        },
    };
}

const MODULE = "aws:iam/getPolicyDocument";
const STATEMENT = `${MODULE}Statement:GetPolicyDocumentStatement`;
const CONDITION = `${MODULE}StatementCondition:GetPolicyDocumentStatementCondition`;
const PRINCIPAL = `${MODULE}StatementPrincipal:GetPolicyDocumentStatementPrincipal`;

const statementTypes = {
    [STATEMENT]: {
        type: "object",
        properties: {
            sid: text,
            effect: text,
            actions: arrayOf(text),
            notActions: arrayOf(text),
            resources: arrayOf(text),
            notResources: arrayOf(text),
            principals: arrayOf({ $ref: `#/types/${PRINCIPAL}` }),
            notPrincipals: arrayOf({ $ref: `#/types/${PRINCIPAL}` }),
            conditions: arrayOf({ $ref: `#/types/${CONDITION}` }),
        },
    },
    [CONDITION]: {
        type: "object",
        properties: { test: text, variable: text, values: arrayOf(text) },
        required: ["test", "variable", "values"],
    },
    [PRINCIPAL]: {
        type: "object",
        properties: { type: text, identifiers: arrayOf(text) },
        required: ["type", "identifiers"],
    },
};

function mapValues<T>(object: Readonly<Record<string, T>>, change: (value: T) => Json): Record<string, Json> {
    return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
