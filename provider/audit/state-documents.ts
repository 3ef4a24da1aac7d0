import { isObject, valuesOf } from "../contract/object";
import { isRoleArn, parseProviderArn } from "../iam/arn";
import {
    type DocumentFacts,
    type LoosePolicy,
    type ManagedResource,
    NO_FACTS,
    type PolicyFacts,
    type ProviderFacts,
    type RoleFacts,
    type AuditSource,
} from "./account-facts";
import { given, nameOfRole, policyDocument, tagsOf, stringOf } from "./iam-output";

type Members = Readonly<Record<string, unknown>>;

/** Kinds of resources that the audit reads. */
type Kind =
    | "role"
    | "rolePolicy"
    | "attachment"
    | "attachments"
    | "policy"
    | "provider"
    | "exclusivePolicies"
    | "exclusiveAttachments";

/** A resource of a state: its kind, and its named fields. Nothing else of a state is read. */
interface StateResource {
    readonly kind: Kind;
    /** A field that is neither missing nor secret, by the name that Terraform gives it. */
    readonly field: (name: string) => unknown;
    /** Whether the resource has the field, and it is secret. */
    readonly isSecret: (name: string) => boolean;
    /** The resource as the program has it; undefined if the program only reads it. */
    readonly inProgram: Omit<ManagedResource, "id" | "source"> | undefined;
}

const TERRAFORM_KINDS: ReadonlyMap<string, Kind> = new Map([
    ["aws_iam_role", "role"],
    ["aws_iam_role_policy", "rolePolicy"],
    ["aws_iam_role_policy_attachment", "attachment"],
    ["aws_iam_policy_attachment", "attachments"],
    ["aws_iam_role_policies_exclusive", "exclusivePolicies"],
    ["aws_iam_role_policy_attachments_exclusive", "exclusiveAttachments"],
    ["aws_iam_policy", "policy"],
    ["aws_iam_openid_connect_provider", "provider"],
]);

const PULUMI_KINDS: ReadonlyMap<string, Kind> = new Map([
    ["aws:iam/role:Role", "role"],
    ["aws:iam/rolePolicy:RolePolicy", "rolePolicy"],
    ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", "attachment"],
    ["aws:iam/policyAttachment:PolicyAttachment", "attachments"],
    ["aws:iam/rolePoliciesExclusive:RolePoliciesExclusive", "exclusivePolicies"],
    ["aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", "exclusiveAttachments"],
    ["aws:iam/policy:Policy", "policy"],
    ["aws:iam/openIdConnectProvider:OpenIdConnectProvider", "provider"],
    ["aws-native:iam:Role", "role"],
    ["aws-native:iam:RolePolicy", "rolePolicy"],
    ["aws-native:iam:ManagedPolicy", "policy"],
    ["aws-native:iam:OidcProvider", "provider"],
]);

/** Names of Terraform's fields in Pulumi's packages `aws` and `aws-native`, if they differ in more than capital letters. */
const PULUMI_NAMES: Readonly<Record<string, readonly string[]>> = {
    name: ["name", "roleName", "policyName"],
    role: ["role", "roleName"],
    assume_role_policy: ["assumeRolePolicy", "assumeRolePolicyDocument"],
    client_id_list: ["clientIdLists", "clientIdList"],
    inline_policy: ["inlinePolicies", "policies"],
    arn: ["arn", "policyArn"],
    policy: ["policy", "policyDocument"],
    tags_all: ["tagsAll", "tags"],
    managed_policy_arns: ["managedPolicyArns"],
    max_session_duration: ["maxSessionDuration"],
    permissions_boundary: ["permissionsBoundary"],
    policy_arn: ["policyArn"],
    policy_arns: ["policyArns"],
    policy_names: ["policyNames"],
    role_name: ["roleName"],
};

/** The key that marks a secret in a Pulumi state. */
const SECRET = "4dabf18193072939515e22adb298388d";

/** Reads a stack's state, as `pulumi stack export` prints it. Secrets stay out, whether they are encrypted or not. */
export function readPulumiState(deployment: Members, source: AuditSource): DocumentFacts {
    const resources = valuesOf(deployment["resources"]).flatMap((resource): StateResource[] => {
        if (!isObject(resource) || resource["delete"] === true || !isObject(resource["outputs"])) {
            return [];
        }
        const kind = PULUMI_KINDS.get(String(resource["type"]));
        const outputs = resource["outputs"];
        const valueOf = (name: string): unknown =>
            (PULUMI_NAMES[name] ?? [name])
                .map((n) => outputs[n])
                .find((value) => value !== undefined && value !== null);
        const isSecret = (name: string): boolean => hasSecret(valueOf(name));
        const field = (name: string): unknown => (isSecret(name) ? undefined : valueOf(name));
        return kind === undefined ? [] : [{ kind, field, isSecret, inProgram: inPulumi(resource) }];
    });
    return readResources(resources, source);
}

function inPulumi({ urn, type, external, provider }: Members): StateResource["inProgram"] {
    if (external === true || typeof urn !== "string" || typeof type !== "string") {
        return undefined;
    }
    // Pulumi adds the default providers itself.
    const own = providerUrn(provider);
    const isDefault = own === undefined || /::default(?:_[^:]*)?$/.test(own);
    return { program: "pulumi", address: urn, type, ...given("provider", isDefault ? undefined : own) };
}

/** The URN in a reference to a provider, which also has its ID. */
export function providerUrn(reference: unknown): string | undefined {
    return stringOf(reference)?.replace(/::[^:]*$/, "");
}

/** Whether the value or a part of it is secret. */
function hasSecret(value: unknown): boolean {
    return typeof value === "object" && JSON.stringify(value).includes(SECRET);
}

/** Reads a state, as `terraform show -json` or `tofu show -json` prints it. Fields that are marked as sensitive stay out. */
export function readTerraformState(values: unknown, source: AuditSource): DocumentFacts {
    return readResources(isObject(values) ? resourcesOfModule(values["root_module"]) : [], source);
}

function resourcesOfModule(module: unknown): readonly StateResource[] {
    if (!isObject(module)) {
        return [];
    }
    const own = valuesOf(module["resources"]).flatMap((resource): StateResource[] => {
        if (!isObject(resource) || !isObject(resource["values"])) {
            return [];
        }
        const { values, sensitive_values: marks } = resource as { values: Members; sensitive_values?: unknown };
        const kind = TERRAFORM_KINDS.get(String(resource["type"]));
        const isSecret = (name: string): boolean => isObject(marks) && isMarked(marks[name]);
        const field = (name: string): unknown => (isSecret(name) ? undefined : (values[name] ?? undefined));
        const address = stringOf(resource["address"]);
        const inProgram =
            address === undefined || resource["mode"] === "data"
                ? undefined
                : ({ program: "terraform", address, type: String(resource["type"]) } as const);
        return kind === undefined ? [] : [{ kind, field, isSecret, inProgram }];
    });
    return [...own, ...valuesOf(module["child_modules"]).flatMap(resourcesOfModule)];
}

/** Whether Terraform marks a value, or a part of it, as sensitive. */
function isMarked(mark: unknown): boolean {
    return mark === true || (typeof mark === "object" && mark !== null && Object.values(mark).some(isMarked));
}

function readResources(resources: readonly StateResource[], source: AuditSource): DocumentFacts {
    const of = (kind: Kind): readonly StateResource[] => resources.filter((r) => r.kind === kind);
    return {
        ...NO_FACTS,
        roles: of("role").flatMap((resource) => roleFacts(resource, source)),
        providers: of("provider").flatMap((resource) => providerFacts(resource, source)),
        managedPolicies: new Map(
            of("policy").flatMap(({ field }) => {
                const arn = stringOf(field("arn"));
                const document = policyDocument(field("policy"));
                return arn === undefined || document === undefined ? [] : [[arn, document] as const];
            }),
        ),
        loosePolicies: [
            ...of("rolePolicy").flatMap((resource): LoosePolicy[] => {
                const { field } = resource;
                const roleName = stringOf(field("role"));
                const policy = { name: stringOf(field("name")) ?? "", document: policyDocument(field("policy")) };
                return roleName === undefined
                    ? []
                    : [{ roleName, policy, ...managed(resource, `${roleName}:${policy.name}`, source), source }];
            }),
            ...[...of("attachment"), ...of("attachments")].flatMap((resource): LoosePolicy[] => {
                const { field, kind } = resource;
                const arn = stringOf(field("policy_arn"));
                const names = valuesOf(kind === "attachment" ? field("role") : field("roles"));
                return names.flatMap((roleName) =>
                    typeof roleName === "string" && arn !== undefined
                        ? [
                              {
                                  roleName,
                                  policy: attachedPolicy(arn),
                                  ...managed(resource, `${roleName}/${arn}`, source),
                                  source,
                              },
                          ]
                        : [],
                );
            }),
            ...of("exclusiveAttachments").flatMap((resource) =>
                exclusivePolicies(resource, "policy_arns", source, attachedPolicy),
            ),
            ...of("exclusivePolicies").flatMap((resource) =>
                exclusivePolicies(resource, "policy_names", source, (name) => ({ name, document: undefined })),
            ),
        ],
    };
}

/** The policies that a resource leaves a role. It removes all others. */
function exclusivePolicies(
    resource: StateResource,
    list: "policy_arns" | "policy_names",
    source: AuditSource,
    policyOf: (value: string) => PolicyFacts,
): readonly LoosePolicy[] {
    const { field } = resource;
    const roleName = stringOf(field("role_name"));
    return roleName === undefined
        ? []
        : valuesOf(field(list)).flatMap((value) =>
              typeof value === "string"
                  ? [{ roleName, policy: policyOf(value), ...managed(resource, roleName, source), source }]
                  : [],
          );
}

/** The resource in its program. The ID is the one for `pulumi import`. */
function managed(
    { inProgram }: StateResource,
    id: string,
    { name }: AuditSource,
): { readonly managed?: ManagedResource } {
    return inProgram === undefined ? {} : { managed: { ...inProgram, id, source: name } };
}

function attachedPolicy(arn: string): PolicyFacts {
    return { name: arn.slice(arn.lastIndexOf("/") + 1), arn, document: undefined };
}

function roleFacts(resource: StateResource, source: AuditSource): readonly RoleFacts[] {
    const { field, isSecret } = resource;
    const arn = stringOf(field("arn"));
    if (arn === undefined || !isRoleArn(arn)) {
        return [];
    }
    const duration = field("max_session_duration");
    const boundary = stringOf(field("permissions_boundary")) ?? "";
    const trustPolicy = field("assume_role_policy");
    const inline = valuesOf(field("inline_policy")).flatMap((entry): PolicyFacts[] => {
        const { name, policyName, policy, policyDocument: native } = isObject(entry) ? entry : {};
        const document = policyDocument(policy ?? native);
        return document === undefined || document === ""
            ? []
            : [{ name: stringOf(name ?? policyName) ?? "", document }];
    });
    const attached = valuesOf(field("managed_policy_arns")).filter((a) => typeof a === "string");
    return [
        {
            arn,
            ...given("path", stringOf(field("path"))),
            ...given("trustPolicy", trustPolicy),
            ...given("description", stringOf(field("description"))),
            ...given("maxSessionDuration", typeof duration === "number" ? duration : undefined),
            ...given("tags", stateTags(field("tags_all") ?? field("tags"))),
            ...(!isSecret("permissions_boundary") && { boundary: boundary === "" ? "none" : boundary }),
            policies: [...inline, ...attached.map(attachedPolicy)],
            hasAllPolicies: false,
            ...managed(resource, nameOfRole(arn), source),
            source,
        },
    ];
}

function stateTags(value: unknown): ReadonlyMap<string, string> | undefined {
    return isObject(value)
        ? new Map(Object.entries(value).flatMap(([k, v]) => (typeof v === "string" ? [[k, v]] : [])))
        : tagsOf(valuesOf(value).map((tag) => (isObject(tag) ? { Key: tag["key"], Value: tag["value"] } : tag)));
}

function providerFacts(resource: StateResource, source: AuditSource): readonly ProviderFacts[] {
    const { field } = resource;
    const arn = stringOf(field("arn")) ?? "";
    const parsed = parseProviderArn(arn);
    const audiences = field("client_id_list");
    return parsed === undefined
        ? []
        : [
              {
                  arn,
                  issuer: parsed.issuer,
                  ...given(
                      "audiences",
                      audiences === undefined ? undefined : valuesOf(audiences).filter((a) => typeof a === "string"),
                  ),
                  ...given("tags", stateTags(field("tags_all") ?? field("tags"))),
                  ...managed(resource, arn, source),
                  source,
              },
          ];
}
