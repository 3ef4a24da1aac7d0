import { entriesOf } from "../contract/object";
import { policyResourceName, roleResourceName } from "../contract/child-names";
import { token } from "../contract/schema";
import { policyInPartition } from "../iam/arn";
import type { AdoptedComponent, AdoptedRole } from "./adopt";

/** A resource of the file for `pulumi import`. Source: Pulumi, "Import resources", "Bulk import operations". */
export interface ImportedResource {
    readonly type: string;
    /** Name in this file, by which children name their parent. */
    readonly name: string;
    /** Name in the program. */
    readonly logicalName: string;
    readonly parent?: string;
    /** Whether it is a component, which exists only in Pulumi. */
    readonly component?: true;
    readonly id?: string;
}

/** The content of the file for `pulumi import --file`. Its resources have the names and parents that the components give them. */
export interface ImportFile {
    readonly resources: readonly ImportedResource[];
    /** URNs of parents that the stack already has. */
    readonly nameTable?: Readonly<Record<string, string>>;
}

/** Everything that the components take over, and the components, parents first. */
export function resourcesOf(components: readonly AdoptedComponent[]): readonly ImportedResource[] {
    return components.flatMap(resourcesOfComponent);
}

function resourcesOfComponent({ type, name, providerArn, roles }: AdoptedComponent): readonly ImportedResource[] {
    const own = component(type, name);
    const provider = type === "IdentityProvider" ? own : component("IdentityProvider", name, own);
    return [
        own,
        ...(provider === own || providerArn === undefined ? [] : [provider]),
        ...(providerArn === undefined
            ? []
            : [imported("OpenIdConnectProvider", name, { id: providerArn, parent: provider })]),
        ...entriesOf(roles).flatMap(([key, role]) => roleResources(roleResourceName(name, key), role, own)),
    ];
}

function roleResources(name: string, role: AdoptedRole, parent: ImportedResource): readonly ImportedResource[] {
    const { name: roleName, managedPolicies, inlinePolicies } = role;
    const around = component("PipelineRole", name, parent);
    const own = imported("Role", name, { id: roleName, parent: around });
    return [
        around,
        own,
        ...entriesOf(managedPolicies).map(([, arn]) =>
            imported("RolePolicyAttachment", policyResourceName(name, policyInPartition(arn)), {
                id: `${roleName}/${arn}`,
                parent: own,
            }),
        ),
        ...entriesOf(inlinePolicies).map(([key]) =>
            imported("RolePolicy", policyResourceName(name, key), { id: `${roleName}:${key}`, parent: own }),
        ),
    ];
}

function component(type: string, logicalName: string, parent?: ImportedResource): ImportedResource {
    return {
        type: token(type),
        name: `${type}/${logicalName}`,
        logicalName,
        ...(parent !== undefined && { parent: parent.name }),
        component: true,
    };
}

function imported(
    type: string,
    logicalName: string,
    { id, parent }: { readonly id: string; readonly parent: ImportedResource },
): ImportedResource {
    const module = type.charAt(0).toLowerCase() + type.slice(1);
    return {
        type: `aws:iam/${module}:${type}`,
        name: `${type}/${logicalName}`,
        logicalName,
        parent: parent.name,
        id,
    };
}
