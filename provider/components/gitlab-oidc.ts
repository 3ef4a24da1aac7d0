import * as pulumi from "@pulumi/pulumi";
import { renderGitLabCi } from "../gitlab-ci/build";
import { checkGitLabOidc, type CheckedGitLabOidc } from "./gitlab-oidc-check";
import { roleResourceName } from "../contract/child-names";
import { entriesOf } from "../contract/object";
import { token } from "../contract/schema";
import { issuerOf } from "../gitlab/issuer-url";
import type { GetGitlabCiArgs } from "../contract/types";
import type { RenderedCi } from "../gitlab-ci/component";
import type { GitLabOidcArgs, GitLabOidcOutputs, IdentityProviderArgs, RoleArgs } from "../contract/args";
import { IdentityProvider } from "./identity-provider";
import { asOutput, combine, firstGiven, unlessSecret } from "../contract/outputs";
import { Gate } from "./gate";
import { lookUp } from "./adopt";
import { afterIssuerCheck } from "./issuer-check";
import { PipelineRole, type PipelineRoleInputs } from "./pipeline-role";

/** Its type, and the check of its inputs. */
export const gitLabOidc = { type: token("GitLabOidc"), check: checkGitLabOidc };

const TYPE = gitLabOidc.type;

type GateOfGitLabOidc = Gate<GitLabOidcArgs, CheckedGitLabOidc>;

type KnownForCi = Omit<GetGitlabCiArgs, "audience"> & { readonly audiences: readonly string[] };

/**
 * One resource that gives GitLab CI/CD jobs short-lived AWS credentials without stored keys. It creates (or adopts) the IAM OIDC identity provider of a GitLab instance. It creates a role for each entry of `roles`, which trusts exactly the jobs that you name. It returns the role ARNs and a `.gitlab-ci.yml` that assumes the roles.
 *
 * All inputs are checked together before any resource is created; one error lists every problem with its property path.
 */
export class GitLabOidc extends pulumi.ComponentResource implements GitLabOidcOutputs {
    readonly providerArn!: pulumi.Output<string>;
    readonly issuer!: pulumi.Output<string>;
    readonly audiences!: pulumi.Output<readonly string[]>;
    readonly roleArns!: pulumi.Output<Readonly<Record<string, string>>>;
    readonly roleNames!: pulumi.Output<Readonly<Record<string, string>>>;
    readonly trustPolicies!: pulumi.Output<Readonly<Record<string, string>>>;
    readonly gitlabCiYml!: pulumi.Output<string>;
    readonly gitlabCiFiles!: pulumi.Output<Readonly<Record<string, string>>>;

    /**
     * Checks all known inputs together, then creates the resources. Inputs that become known later are checked before they are used.
     *
     * @param name Name of the component and of the identity provider in the stack. A role is named `NAME-KEY`.
     * @param args The GitLab instance, and the roles for its jobs.
     * @param opts Pulumi's options for components, of which `provider`, `providers`, `aliases`, `protect`, `retainOnDelete` and `transforms` reach the children.
     * @throws pulumi.RunError with every problem of the inputs, each with its property path.
     */
    constructor(name: string, args: GitLabOidcArgs, opts?: pulumi.ComponentResourceOptions) {
        if (opts?.urn !== undefined) {
            super(TYPE, name, {}, opts);
            return;
        }
        const gate: GateOfGitLabOidc = Gate.at(gitLabOidc, name, args);
        super(TYPE, name, {}, opts);
        gate.warn(this);
        const own = gate.args;

        const url = afterIssuerCheck(gate, this);
        const audiences = firstGiven(own.audiences, [url]);
        const providerArn = this.provide(name, gate, url, audiences);

        const roles = entriesOf(own.roles).map(
            ([key, role]) => [key, this.makeRole(name, gate, [key, role], { providerArn, url, audiences })] as const,
        );
        const byKey = <T>(pick: (role: PipelineRole) => pulumi.Output<T>): pulumi.Output<Readonly<Record<string, T>>> =>
            pulumi.all(Object.fromEntries(roles.map(([k, role]) => [k, pick(role)]))) as pulumi.Output<
                Record<string, T>
            >;

        this.providerArn = asOutput(providerArn);
        this.issuer = asOutput(url).apply(issuerOf);
        this.audiences = pulumi.output(audiences);
        this.roleArns = byKey((role) => role.arn);
        this.roleNames = byKey((role) => role.name);
        this.trustPolicies = byKey((role) => role.trustPolicy);
        const ci = asOutput(
            combine<KnownForCi, RenderedCi>(
                ciInputs(own, { roleArns: this.roleArns, url, audiences }),
                ({ audiences: [audience], ...known }) => renderGitLabCi({ ...known, audience: audience! }),
            ),
        );
        this.gitlabCiYml = ci.yaml;
        this.gitlabCiFiles = ci.files;
        this.registerOutputs({
            providerArn: this.providerArn,
            issuer: this.issuer,
            audiences: this.audiences,
            roleArns: this.roleArns,
            roleNames: this.roleNames,
            trustPolicies: this.trustPolicies,
            gitlabCiYml: this.gitlabCiYml,
            gitlabCiFiles: this.gitlabCiFiles,
        });
    }

    /** The role of an entry of `roles`, with the defaults for all roles. */
    private makeRole(
        name: string,
        gate: GateOfGitLabOidc,
        [roleKey, { formerKeys, ...role }]: readonly [string, RoleArgs],
        trusted: Pick<PipelineRoleInputs, "providerArn" | "url" | "audiences">,
    ): PipelineRole {
        const common = gate.args;
        const inputs = gate.part<PipelineRoleInputs>(
            {
                ...role,
                ...defaults(role, common),
                tags: merge(common.tags, role.tags),
                accept: [...(common.accept ?? []), ...(role.accept ?? [])],
                gitlabCi: merge(common.gitlabCi, role.gitlabCi),
                ...trusted,
                job: roleKey,
            },
            ({ roleWarnings }) => roleWarnings.get(roleKey) ?? [],
        );
        const aliases = formerKeys?.map((old) => ({ name: roleResourceName(name, old) }));
        return new PipelineRole(roleResourceName(name, roleKey), inputs.asArgs(), {
            parent: this,
            ...(aliases !== undefined && { aliases }),
        });
    }

    /** The ARN of the identity provider: the given one, the account's, or a new one. */
    private provide(
        name: string,
        gate: GateOfGitLabOidc,
        url: pulumi.Input<string>,
        audiences: pulumi.Input<readonly pulumi.Input<string>[]>,
    ): pulumi.Input<string> {
        const { existingProviderArn, adoptExisting, thumbprints, tags, accept } = gate.args;
        if (existingProviderArn !== undefined) {
            return gate.hold(() => existingProviderArn);
        }
        if (adoptExisting === true) {
            return pulumi
                .output({ url, audiences })
                .apply((known) => lookUp(known, (errors) => gate.reject(errors), this));
        }
        const own = gate.part<IdentityProviderArgs>({
            url,
            audiences,
            ...(thumbprints !== undefined && { thumbprints }),
            ...(tags !== undefined && { tags }),
            ...(accept !== undefined && { accept }),
        });
        return new IdentityProvider(name, own.asArgs(), { parent: this }).arn;
    }
}

type Defaults = Pick<RoleArgs, "path" | "permissionsBoundary" | "maxSessionDuration" | "subClaimComponents">;

function defaults(own: Defaults, common: GitLabOidcArgs): Defaults {
    const given = {
        path: firstGiven(own.path, common.path),
        permissionsBoundary: firstGiven(own.permissionsBoundary, common.permissionsBoundary),
        maxSessionDuration: firstGiven(own.maxSessionDuration, common.maxSessionDuration),
        subClaimComponents: firstGiven(own.subClaimComponents, common.subClaimComponents),
    };
    return Object.fromEntries(entriesOf(given));
}

/** The settings for all roles and those of one role, combined; the role's own take precedence. */
function merge<T extends object>(
    common: pulumi.Input<T> | undefined,
    own: pulumi.Input<T> | undefined,
): pulumi.Input<T> | undefined {
    return common === undefined || own === undefined
        ? (own ?? common)
        : combine<{ common: T; own: T }, T>({ common, own }, (given) => ({ ...given.common, ...given.own }));
}

type ArgsForCi = { readonly [K in keyof KnownForCi]: pulumi.Input<KnownForCi[K]> };

function ciInputs(
    { gitlabCi, roles }: GitLabOidcArgs,
    made: Pick<GitLabOidcArgs, "url" | "audiences"> & Pick<ArgsForCi, "roleArns">,
): ArgsForCi {
    return {
        ...made,
        gitlabCi,
        roles: Object.fromEntries(
            entriesOf(roles).map(([key, role]) => [
                key,
                { subjects: unlessSecret(role.subjects), gitlabCi: role.gitlabCi },
            ]),
        ),
    } as ArgsForCi;
}
