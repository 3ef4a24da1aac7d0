import * as pulumi from "@pulumi/pulumi";
import {
    GitLabOidc,
    IdentityProvider,
    IssuerMirror,
    OrganizationGuardrail,
    PipelineRole,
} from "pulumi-aws-gitlab-oidc";
import type {
    GitLabOidcArgs,
    GitLabOidcOutputs,
    IdentityProviderArgs,
    IdentityProviderOutputs,
    IssuerMirrorArgs,
    IssuerMirrorOutputs,
    OrganizationGuardrailArgs,
    OrganizationGuardrailOutputs,
    PipelineRoleArgs,
    PipelineRoleOutputs,
} from "../../provider/contract/args";
import { schema, token } from "../../provider/contract/schema";

type Maker<A, O> = (name: string, args: A, opts?: pulumi.ComponentResourceOptions) => O & pulumi.ComponentResource;

/** The components by one of the ways that a program can reach them: the same program works on both. */
export interface Route {
    readonly name: "npm class" | "plugin";
    readonly GitLabOidc: Maker<GitLabOidcArgs, GitLabOidcOutputs>;
    readonly IdentityProvider: Maker<IdentityProviderArgs, IdentityProviderOutputs>;
    readonly IssuerMirror: Maker<IssuerMirrorArgs, IssuerMirrorOutputs>;
    readonly OrganizationGuardrail: Maker<OrganizationGuardrailArgs, OrganizationGuardrailOutputs>;
    readonly PipelineRole: Maker<PipelineRoleArgs, PipelineRoleOutputs>;
}

/** A component made by the plugin, as generated SDKs make it. */
class Remote extends pulumi.ComponentResource {
    constructor(component: string, name: string, args: object, opts?: pulumi.ComponentResourceOptions) {
        const outputs = Object.keys(schema().resources[token(component)]!.properties);
        super(
            token(component),
            name,
            { ...Object.fromEntries(outputs.map((o) => [o, undefined])), ...args },
            opts,
            true,
        );
    }
}

function remote<A extends object, O>(component: string): Maker<A, O> {
    return (name, args, opts) => new Remote(component, name, args, opts) as unknown as O & pulumi.ComponentResource;
}

export const npm: Route = {
    name: "npm class",
    GitLabOidc: (name, args, opts) => new GitLabOidc(name, args, opts),
    IdentityProvider: (name, args, opts) => new IdentityProvider(name, args, opts),
    IssuerMirror: (name, args, opts) => new IssuerMirror(name, args, opts),
    OrganizationGuardrail: (name, args, opts) => new OrganizationGuardrail(name, args, opts),
    PipelineRole: (name, args, opts) => new PipelineRole(name, args, opts),
};

export const plugin: Route = {
    name: "plugin",
    GitLabOidc: remote("GitLabOidc"),
    IdentityProvider: remote("IdentityProvider"),
    IssuerMirror: remote("IssuerMirror"),
    OrganizationGuardrail: remote("OrganizationGuardrail"),
    PipelineRole: remote("PipelineRole"),
};

export const routes: readonly Route[] = [npm, plugin];
