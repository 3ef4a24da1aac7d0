import * as pulumi from "@pulumi/pulumi";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment";
import type { Finding } from "../findings";
import { renderGitLabCi } from "../gitlab-ci/build";
import { checkPipelineRole, type Checked, type InputsView } from "../inputs";
import { token } from "../schema";
import { compileTrustPolicy, urlOf, type TrustPolicyInputs } from "../trust/policy";
import { documentText } from "../trust/role";
import type { PipelineRoleArgs, PipelineRoleOutputs } from "./args";
import { combine, Gate, viewOf } from "./gate";
import { refuser, warn } from "./refuse";

const TYPE = token("PipelineRole");

/** Where a role stands in the inputs of a `GitLabOidc`, which has checked them. */
export interface RolePlace {
    /** What its job in the CI file is called after. */
    readonly job: string;
    readonly warnings: readonly Finding[];
    readonly gate: Gate;
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
        const trustPolicy = pulumi.output(place.gate.hold(combine(trustInputs(args), compileTrustPolicy)));
        const role = new Role(
            name,
            {
                assumeRolePolicy: trustPolicy,
                name: args.name,
                path: args.path,
                description: args.description,
                permissionsBoundary: args.permissionsBoundary,
                maxSessionDuration: args.maxSessionDuration,
                tags: args.tags,
            },
            { parent: this },
        );
        addPolicies(name, role, args);
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
    const refuse = refuser(TYPE, name);
    const check = (view: InputsView): Checked => checkPipelineRole(name, view);
    const checked = check(viewOf(args));
    refuse(checked);
    return {
        job: name.replace(/[^A-Za-z0-9_-]+/g, "-"),
        warnings: checked.warnings,
        gate: Gate.before(args, check, refuse),
    };
}

const TRUST_INPUTS = ["providerArn", "url", "audiences", "subjects", "conditions", "subClaimComponents"] as const;

type TrustArgs = { readonly [K in keyof TrustPolicyInputs]: pulumi.Input<TrustPolicyInputs[K]> };

function trustInputs(args: PipelineRoleArgs): TrustArgs {
    return Object.fromEntries(
        TRUST_INPUTS.filter((name) => args[name] !== undefined).map((name) => [name, args[name]]),
    ) as unknown as TrustArgs;
}

/** The role's policies: named by their keys, so that each comes and goes by itself. */
function addPolicies(name: string, role: Role, { managedPolicies, inlinePolicies }: PipelineRoleArgs): void {
    const opts = { parent: role };
    for (const [policyKey, policyArn] of Object.entries(managedPolicies ?? {})) {
        new RolePolicyAttachment(`${name}:${policyKey}`, { role: role.name, policyArn }, opts);
    }
    for (const [policyKey, document] of Object.entries(inlinePolicies ?? {})) {
        const policy = combine<{ document: unknown }, string>({ document: document }, (a) =>
            documentText(a.document),
        );
        new RolePolicy(`${name}:${policyKey}`, { role: role.name, name: policyKey, policy }, opts);
    }
}
