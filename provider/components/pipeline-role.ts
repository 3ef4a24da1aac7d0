import * as pulumi from "@pulumi/pulumi";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment";
import type { Finding } from "../findings";
import { renderGitLabCi } from "../gitlab-ci/build";
import { checkPipelineRole } from "../inputs";
import { token } from "../schema";
import { compileTrustPolicy, urlOf, type TrustPolicyInputs } from "../trust/policy";
import { documentText } from "../trust/role";
import type { PipelineRoleArgs, PipelineRoleOutputs } from "./args";
import { combine, LateInputs, RefusedInputs, viewOf, warn } from "./late-inputs";

const TYPE = token("PipelineRole");

/** Where a role stands in the inputs of a `GitLabOidc`, which has checked them. */
export interface RolePlace {
    readonly path: string;
    readonly isEntry: boolean;
    /** What its job in the CI file is called after. */
    readonly job: string;
    readonly warnings: readonly Finding[];
    readonly refuse: (findings: readonly Finding[]) => Error;
}

const places = new WeakMap<PipelineRoleArgs, RolePlace>();

/** The inputs of a role, marked as those of an entry of `roles`. */
export function entryOf(args: PipelineRoleArgs, place: RolePlace): PipelineRoleArgs {
    places.set(args, place);
    return args;
}

/** A role that GitLab CI/CD jobs can assume, with its policies. `GitLabOidc` makes one for each of its roles; alone it serves an application stack that knows the identity provider by stack reference. */
export class PipelineRole extends pulumi.ComponentResource implements PipelineRoleOutputs {
    readonly arn!: pulumi.Output<string>;
    readonly name!: pulumi.Output<string>;
    readonly trustPolicy!: pulumi.Output<string>;
    readonly gitlabCiYml!: pulumi.Output<string>;

    constructor(name: string, args: PipelineRoleArgs, opts?: pulumi.ComponentResourceOptions) {
        if (opts?.urn !== undefined) {
            super(TYPE, name, {}, opts);
            return;
        }
        const place = places.get(args) ?? standAlone(name, args);
        super(TYPE, name, {}, opts);
        warn(place.warnings, this);
        const late = new LateInputs(
            args,
            (view) => checkPipelineRole(name, view, place.path),
            place.refuse,
            place.path,
        );
        const trust = trustInputs(args);
        const trustPolicy = pulumi.output(
            combine(trust, (inputs) => {
                late.checked(place.isEntry ? own(inputs) : inputs);
                return compileTrustPolicy(inputs);
            }),
        );
        const role = new Role(
            name,
            {
                assumeRolePolicy: trustPolicy,
                name: late.get("name"),
                path: late.get("path"),
                description: late.get("description"),
                permissionsBoundary: late.get("permissionsBoundary"),
                maxSessionDuration: late.get("maxSessionDuration"),
                tags: late.get("tags"),
            },
            { parent: this },
        );
        addPolicies(name, role, args, late);
        this.arn = role.arn;
        this.name = role.name;
        this.trustPolicy = trustPolicy;
        this.gitlabCiYml = pulumi
            .output({ roleArn: role.arn, providerArn: args.providerArn, url: args.url, audiences: args.audiences })
            .apply(({ roleArn, ...provider }) => {
                const url = urlOf(provider)!;
                return renderGitLabCi({
                    roles: { [place.job]: { roleArn } },
                    url,
                    audience: provider.audiences?.[0] ?? url,
                });
            });
        this.registerOutputs({
            arn: this.arn,
            name: this.name,
            trustPolicy: this.trustPolicy,
            gitlabCiYml: this.gitlabCiYml,
        });
    }
}

/** A role that is no entry of `GitLabOidc` is checked here. */
function standAlone(name: string, args: PipelineRoleArgs): RolePlace {
    const refuse = (findings: readonly Finding[]): Error => new RefusedInputs(TYPE, name, findings);
    const { errors, warnings } = checkPipelineRole(name, viewOf(args));
    if (errors.length > 0) {
        throw refuse(errors);
    }
    return { path: "", isEntry: false, job: name.replace(/[^A-Za-z0-9_-]+/g, "-"), warnings, refuse };
}

const TRUST_INPUTS = ["providerArn", "url", "audiences", "subjects", "conditions", "subClaimComponents"] as const;

type TrustArgs = { readonly [K in keyof TrustPolicyInputs]: pulumi.Input<TrustPolicyInputs[K]> };

/** What an entry of `roles` says itself; the provider is that of its `GitLabOidc`. */
function own({ subjects, conditions, subClaimComponents }: TrustPolicyInputs): Partial<TrustPolicyInputs> {
    return { subjects, ...(conditions && { conditions }), ...(subClaimComponents && { subClaimComponents }) };
}

function trustInputs(args: PipelineRoleArgs): TrustArgs {
    return Object.fromEntries(
        TRUST_INPUTS.filter((name) => args[name] !== undefined).map((name) => [name, args[name]]),
    ) as unknown as TrustArgs;
}

/** The role's policies: named by their keys, so that each comes and goes by itself. */
function addPolicies(name: string, role: Role, args: PipelineRoleArgs, late: LateInputs<PipelineRoleArgs>): void {
    const opts = { parent: role };
    for (const policyKey of Object.keys(args.managedPolicies ?? {})) {
        const policyArn = late.entry("managedPolicies", policyKey) as pulumi.Input<string>;
        new RolePolicyAttachment(`${name}:${policyKey}`, { role: role.name, policyArn }, opts);
    }
    for (const policyKey of Object.keys(args.inlinePolicies ?? {})) {
        const policy = combine({ document: late.entry("inlinePolicies", policyKey) }, (a: { document: unknown }) =>
            documentText(a.document),
        );
        new RolePolicy(`${name}:${policyKey}`, { role: role.name, name: policyKey, policy }, opts);
    }
}
