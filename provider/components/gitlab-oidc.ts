import * as pulumi from "@pulumi/pulumi";
import { mergeOptions, renderGitLabCi } from "../gitlab-ci/build";
import { checkGitLabOidc, roleResourceName, type CheckedGitLabOidc } from "./gitlab-oidc-check";
import { entriesOf } from "../contract/object";
import { token } from "../contract/schema";
import { GITLAB_COM, issuerOf } from "../operations/trust";
import type { GetGitlabCiArgs, GetGitlabCiResult, GitLabCiOptions } from "../contract/types";
import type { GitLabOidcArgs, GitLabOidcOutputs, RoleArgs } from "../contract/args";
import { IdentityProvider, partOf } from "./identity-provider";
import { lookUp } from "./adopt";
import { asOutput, combine, Gate, unlessSecret } from "./gate";
import { afterIssuerCheck } from "./issuer-check";
import { refuser, warn } from "./refuse";
import { entryOf, PipelineRole } from "./pipeline-role";

const TYPE = token("GitLabOidc");

type KnownForCi = Omit<GetGitlabCiArgs, "audience"> & { readonly audiences: readonly string[] };

/**
 * One resource that gives GitLab CI/CD jobs short-lived AWS credentials without stored keys: it makes (or adopts) the IAM OIDC identity provider of a GitLab instance, makes a role for each entry of `roles` that admits exactly the jobs that are named, and hands back the role ARNs and a `.gitlab-ci.yml` that assumes them.
 *
 * All inputs are checked together before anything is made; one error lists every problem with its property path.
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
     * Checks all known inputs together, then makes the resources; what becomes known later is checked before it is used.
     *
     * @param name Name of the component in the stack; that of the identity provider too, and a role is `NAME-KEY`.
     * @param args The GitLab instance, and the roles for its jobs.
     * @param opts Pulumi's options for components, of which `provider`, `providers`, `aliases`, `protect`, `retainOnDelete` and `transforms` reach the children.
     * @throws pulumi.RunError with every problem of the inputs, each with its property path.
     */
    constructor(name: string, args: GitLabOidcArgs, opts?: pulumi.ComponentResourceOptions) {
        if (opts?.urn !== undefined) {
            super(TYPE, name, {}, opts);
            return;
        }
        const refuse = refuser(TYPE, name);
        const gate = Gate.before(args, (view) => checkGitLabOidc(name, view), refuse);
        super(TYPE, name, {}, opts);
        gate.whenChecked(({ warnings }) => warn(warnings, this));

        const url = afterIssuerCheck(gate.hold(args.url ?? GITLAB_COM), args, this, refuse);
        const audiences = args.audiences ?? [url];
        const providerArn = this.provide(name, args, url, audiences, refuse);

        const roles: [string, PipelineRole][] = [];
        for (const [roleKey, { formerKeys, ...own }] of entriesOf(args.roles)) {
            const role = entryOf<CheckedGitLabOidc>(
                {
                    ...own,
                    ...defaults(own, args),
                    tags: merge(args.tags, own.tags, (a, b) => ({ ...a, ...b })),
                    gitlabCi: merge(args.gitlabCi, own.gitlabCi, (a, b) =>
                        mergeOptions(a as GitLabCiOptions, b as GitLabCiOptions),
                    ),
                    providerArn,
                    url,
                    audiences,
                },
                { job: roleKey, gate, warningsOf: (checked) => checked.roleWarnings.get(roleKey) ?? [] },
            );
            const aliases = formerKeys?.map((old) => ({ name: roleResourceName(name, old) }));
            const made = new PipelineRole(roleResourceName(name, roleKey), role, {
                parent: this,
                ...(aliases !== undefined && { aliases }),
            });
            roles.push([roleKey, made]);
        }
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
        const forCi = {
            roleArns: this.roleArns,
            url,
            audiences,
            gitlabCi: args.gitlabCi,
            roles: Object.fromEntries(
                entriesOf(args.roles).map(([k, { subjects, gitlabCi }]) => [
                    k,
                    { subjects: unlessSecret(subjects), gitlabCi },
                ]),
            ),
        } as { readonly [K in keyof KnownForCi]: pulumi.Input<KnownForCi[K]> };
        const ci = asOutput(
            combine<KnownForCi, GetGitlabCiResult>(forCi, ({ audiences: [audience], ...known }) =>
                renderGitLabCi({ ...known, audience: audience! }),
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

    /** The ARN of the identity provider: of the given one, of the one that the account has, or of one that is made. */
    private provide(
        name: string,
        { existingProviderArn, adoptExisting, thumbprints, tags }: GitLabOidcArgs,
        url: pulumi.Input<string>,
        audiences: Exclude<GitLabOidcArgs["audiences"], undefined>,
        refuse: Refuse,
    ): pulumi.Input<string> {
        if (existingProviderArn !== undefined) {
            return existingProviderArn;
        }
        if (adoptExisting === true) {
            return pulumi.output({ url, audiences }).apply((known) => lookUp(known.url, known.audiences, refuse, this));
        }
        const own = {
            url,
            audiences,
            ...(thumbprints !== undefined && { thumbprints }),
            ...(tags !== undefined && { tags }),
        };
        return new IdentityProvider(name, partOf(own), { parent: this }).arn;
    }
}

type Refuse = ReturnType<typeof refuser>;

type Defaults = Pick<RoleArgs, "path" | "permissionsBoundary" | "maxSessionDuration" | "subClaimComponents">;

function defaults(own: RoleArgs, common: GitLabOidcArgs): Defaults {
    return Object.fromEntries(
        (["path", "permissionsBoundary", "maxSessionDuration", "subClaimComponents"] as const)
            .map((name) => [name, own[name] ?? common[name]] as const)
            .filter(([, value]) => value !== undefined),
    );
}

/** What stands for all roles and what stands at a role, put together where both are given. */
function merge<T extends object>(
    common: pulumi.Input<T> | undefined,
    own: pulumi.Input<T> | undefined,
    both: (common: T, own: T) => T,
): pulumi.Input<T> | undefined {
    return common === undefined || own === undefined
        ? (own ?? common)
        : combine<{ common: T; own: T }, T>({ common, own }, (given) => both(given.common, given.own));
}
