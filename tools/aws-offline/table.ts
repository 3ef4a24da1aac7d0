import { cloudFrontResources } from "./cloudfront-table";
import { normalizeInlinePolicy } from "./policies";
import { organizationsResources } from "./organizations-table";
import { arn, policyText, tags, tagsAll } from "./properties";
import type { Lookup, Parameter, Property, Resource } from "./resource";
import { s3Resources } from "./s3-table";
import { Value } from "./values";

const TERRAFORM_SUFFIX_LENGTH = 26;

function name(maxLength: number, what: string): Readonly<Record<"name" | "namePrefix", Property>> {
    return {
        name: {
            kind: "string",
            description: `Name of the ${what}. Derived from the logical name when neither it nor \`namePrefix\` is given.`,
            input: "optional",
            replaces: true,
            computed: true,
            autoname: maxLength,
            conflictsWith: "namePrefix",
            problem: resourceName(maxLength),
        },
        namePrefix: {
            kind: "string",
            description: "Creates a unique name beginning with the given prefix. Conflicts with `name`.",
            input: "optional",
            replaces: true,
            computed: true,
            conflictsWith: "name",
            problem: resourceName(maxLength - TERRAFORM_SUFFIX_LENGTH),
        },
    };
}

function resourceName(maxLength: number) {
    return (value: Value): string | undefined =>
        lengthBetween(1, maxLength)(value) ??
        (/^[\w+=,.@-]*$/.test(value as string) ? undefined : "invalid value for % (must match [\\w+=,.@-])");
}

function lengthBetween(min: number, max: number) {
    return (value: Value): string | undefined => {
        const { length } = value as string;
        return length >= min && length <= max
            ? undefined
            : `expected length of % to be in the range (${min} - ${max}), got ${value as string}`;
    };
}

function each(problem: (value: Value) => string | undefined) {
    return (value: Value): string | undefined => (value as string[]).map(problem).find(Boolean);
}

function isArn(value: Value): string | undefined {
    return /^arn:[\w-]+:[\w-]+:[\w-]*:(\w*|\d{12}):.+$/.test(value as string)
        ? undefined
        : `"%" (${value as string}) is an invalid ARN: arn: invalid prefix`;
}

function isOpenIdUrl(value: Value): string | undefined {
    const url = URL.parse(value as string);
    if (!url?.host) return `expected "%" to have a host, got ${value as string}`;
    if (url.protocol !== "https:") return '"%" has to use HTTPS scheme (i.e. begin with https://)';
    return url.search ? '"%" cannot contain query parameters per the OIDC standard' : undefined;
}

function sameOpenIdUrl(a: string, b: string): boolean {
    const bare = (url: string): string => url.replace(/^https?:\/\//, "");
    return bare(a) === bare(b);
}

const openIdConnectProvider: Resource = {
    description: "Provides an IAM OpenID Connect provider.",
    properties: {
        url: {
            kind: "string",
            description: "URL of the identity provider, corresponding to the `iss` claim.",
            input: "required",
            replaces: true,
            problem: isOpenIdUrl,
            // AWS keeps and returns the URL without its scheme.
            same: sameOpenIdUrl,
        },
        clientIdLists: {
            kind: "textSet",
            description: "List of client IDs (audiences) that identify the application registered with the provider.",
            input: "required",
            problem: each(lengthBetween(1, 255)),
        },
        thumbprintLists: {
            kind: "texts",
            description: "List of server certificate thumbprints for the provider's server certificate(s).",
            input: "optional",
            computed: true,
            problem: each(lengthBetween(40, 40)),
        },
        arn,
        tags,
        tagsAll,
    },
};

const role: Resource = {
    description: "Provides an IAM role.",
    properties: {
        ...name(64, "role"),
        assumeRolePolicy: policyText("Policy that grants an entity permission to assume the role."),
        description: {
            kind: "string",
            description: "Description of the role.",
            input: "optional",
            problem: lengthBetween(0, 1000),
        },
        forceDetachPolicies: {
            kind: "boolean",
            description: "Whether to force detaching any policies the role has before destroying it.",
            input: "optional",
        },
        maxSessionDuration: {
            kind: "integer",
            description: "Maximum session duration in seconds, from 3600 to 43200.",
            input: "optional",
            default: 3600,
            problem: (value) =>
                (value as number) >= 3600 && (value as number) <= 43200
                    ? undefined
                    : `expected % to be in the range (3600 - 43200), got ${value as number}`,
        },
        path: {
            kind: "string",
            description: "Path to the role.",
            input: "optional",
            replaces: true,
            default: "/",
            problem: lengthBetween(0, 512),
        },
        permissionsBoundary: {
            kind: "string",
            description: "ARN of the policy that is used to set the permissions boundary for the role.",
            input: "optional",
            problem: isArn,
        },
        inlinePolicies: {
            kind: "objects",
            description: "Inline policies that the role has.",
            refused: "deprecated: use aws:iam:RolePolicy",
        },
        managedPolicyArns: {
            kind: "texts",
            description: "ARNs of the managed policies that are attached to the role.",
            refused: "deprecated: use aws:iam:RolePolicyAttachment",
        },
        arn,
        createDate: { kind: "string", description: "Creation date of the IAM role." },
        uniqueId: { kind: "string", description: "Stable and unique string identifying the role." },
        tags,
        tagsAll,
    },
};

const rolePolicy: Resource = {
    description: "Provides an IAM role inline policy.",
    properties: {
        ...name(128, "role policy"),
        policy: policyText("The inline policy document.", normalizeInlinePolicy),
        role: {
            kind: "string",
            description: "The name of the IAM role to attach to the policy.",
            input: "required",
            replaces: true,
            problem: resourceName(128),
        },
    },
};

const rolePolicyAttachment: Resource = {
    description: "Attaches a managed IAM policy to an IAM role.",
    deleteBeforeReplace: true,
    properties: {
        policyArn: {
            kind: "string",
            description: "The ARN of the policy you want to apply.",
            input: "required",
            replaces: true,
            problem: isArn,
        },
        role: {
            kind: "string",
            description: "The name of the IAM role to which the policy should be applied.",
            input: "required",
            replaces: true,
        },
    },
};

const policy: Resource = {
    description: "Provides an IAM policy.",
    properties: {
        ...name(128, "policy"),
        description: { kind: "string", description: "Description of the policy.", input: "optional", replaces: true },
        path: {
            kind: "string",
            description: "Path in which to create the policy.",
            input: "optional",
            replaces: true,
            default: "/",
        },
        policy: policyText("The policy document."),
        arn,
        attachmentCount: { kind: "integer", description: "Number of entities that the policy is attached to." },
        policyId: { kind: "string", description: "The policy's ID." },
        tags,
        tagsAll,
    },
};

export const resources: Readonly<Record<string, Resource>> = {
    ...cloudFrontResources,
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": openIdConnectProvider,
    "aws:iam/policy:Policy": policy,
    "aws:iam/role:Role": role,
    "aws:iam/rolePolicy:RolePolicy": rolePolicy,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": rolePolicyAttachment,
    ...organizationsResources,
    ...s3Resources,
};

const string = (description: string): Parameter => ({ kind: "string", description });

export const lookups: Readonly<Record<string, Lookup>> = {
    "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider": {
        description: "Finds an IAM OpenID Connect provider by its ARN or URL.",
        inputs: {
            arn: string("ARN of the OpenID Connect provider."),
            url: string("URL of the OpenID Connect provider."),
        },
        outputs: {
            arn: string("ARN of the OpenID Connect provider."),
            url: string("URL of the OpenID Connect provider, without scheme."),
            clientIdLists: { kind: "texts", description: "Client IDs (audiences)." },
            thumbprintLists: { kind: "texts", description: "Server certificate thumbprints." },
            tags: { kind: "tags", description: "Tags of the provider." },
        },
    },
    "aws:iam/getRole:getRole": {
        description: "Finds an IAM role by its name.",
        inputs: { name: { ...string("Friendly IAM role name to match."), required: true } },
        outputs: {
            arn: string("ARN of the role."),
            assumeRolePolicy: string("Policy document associated with the role."),
            createDate: string("Creation date of the role."),
            description: string("Description for the role."),
            maxSessionDuration: { kind: "integer", description: "Maximum session duration in seconds." },
            name: string("Name of the role."),
            path: string("Path to the role."),
            permissionsBoundary: string("ARN of the permissions boundary."),
            roleLastUseds: { kind: "objects", description: "When the role was last used." },
            tags: { kind: "tags", description: "Tags attached to the role." },
            uniqueId: string("Stable and unique string identifying the role."),
        },
    },
    "aws:iam/getPolicyDocument:getPolicyDocument": {
        description: "Generates an IAM policy document in JSON.",
        inputs: {
            policyId: string("ID for the policy document."),
            statements: { kind: "statements", description: "The statements of the document." },
            version: string("IAM policy document version, 2012-10-17 by default."),
        },
        outputs: {
            json: string("The document as JSON."),
            minifiedJson: string("The document as JSON without white space."),
        },
    },
    "aws:index/getCallerIdentity:getCallerIdentity": {
        description: "Account, user and ARN under which the provider works.",
        inputs: {},
        outputs: {
            accountId: string("AWS account ID number."),
            arn: string("ARN of the calling entity."),
            userId: string("Unique identifier of the calling entity."),
        },
    },
    "aws:index/getPartition:getPartition": {
        description: "The AWS partition in which the provider works.",
        inputs: {},
        outputs: {
            dnsSuffix: string("Base DNS domain name of the partition."),
            partition: string("Identifier of the partition."),
            reverseDnsPrefix: string("Prefix of service names."),
        },
    },
    "aws:index/getRegion:getRegion": {
        description: "The region in which the provider works.",
        inputs: {},
        outputs: {
            description: string("The region's description."),
            endpoint: string("EC2 endpoint of the region."),
            name: string("Name of the region (deprecated: region)."),
            region: string("Name of the region."),
        },
    },
};
