import * as pulumi from "@pulumi/pulumi";
import { Role } from "@pulumi/aws/iam/role";
import { renderGitLabCi } from "../gitlab-ci/build";
import type { Checked } from "./checked";
import { checkPipelineRole } from "./pipeline-role-check";
import { token } from "../contract/schema";
import { type RoleSecrets, SECRETS_POLICY, secretsPolicy } from "../iam/secrets";
import { checkAdditionalPrincipals } from "../trust/additional-principals";
import { compileTrustPolicy, urlOf, type TrustPolicyInputs } from "../trust/policy";
import type { PipelineRoleArgs, PipelineRoleOutputs } from "../contract/args";
import { findingOf, Findings } from "../contract/findings";
import { key, property } from "../contract/paths";
import type { Finding, GitLabCiOptions } from "../contract/types";
import type { RenderedCi } from "../gitlab-ci/component";
import { withAcceptTags } from "./accepted";
import { addPolicies } from "./attachments";
import { asOutput, combine, unlessSecret } from "../contract/outputs";
import { Gate } from "./gate";

/** Its type, and the check of its inputs. */
export const pipelineRole = { type: token("PipelineRole"), check: checkPipelineRole };

const TYPE = pipelineRole.type;

/** The inputs of a role. A role of `GitLabOidc` also has the name of its job in the CI configuration. */
export type PipelineRoleInputs = PipelineRoleArgs & { readonly job?: string };

/** A role that GitLab CI/CD jobs can assume, with its policies. `GitLabOidc` creates one for each of its roles. Use it alone in an application stack that gets the identity provider from a stack reference. */
export class PipelineRole extends pulumi.ComponentResource implements PipelineRoleOutputs {
    readonly arn!: pulumi.Output<string>;
    readonly name!: pulumi.Output<string>;
    readonly trustPolicy!: pulumi.Output<string>;
    readonly gitlabCiYml!: pulumi.Output<string>;
    readonly gitlabCiFiles!: pulumi.Output<Readonly<Record<string, string>>>;

    /**
     * Checks all known inputs together, then creates the resources. Inputs that become known later are checked before they are used.
     *
     * @param name Name of the component in the stack, and of the role in it.
     * @param args The identity provider, the jobs that may assume the role, and what the role may do.
     * @param opts Pulumi's options for components, of which `provider`, `providers`, `aliases`, `protect`, `retainOnDelete` and `transforms` reach the children.
     * @throws pulumi.RunError with every problem of the inputs, each with its property path.
     */
    constructor(name: string, args: PipelineRoleArgs, opts?: pulumi.ComponentResourceOptions) {
        if (opts?.urn !== undefined) {
            super(TYPE, name, {}, opts);
            return;
        }
        const inputs = Gate.at<PipelineRoleInputs, Checked>(pipelineRole, name, args);
        super(TYPE, name, {}, opts);
        inputs.warn(this);
        const own = inputs.args;
        const path = own.job === undefined ? "" : key("roles", own.job);
        const compile = (known: TrustPolicyInputs): string => {
            // The account of a new identity provider is first known here.
            inputs.reject(principalErrors(known, path));
            return compileTrustPolicy(known);
        };
        const trustPolicy = asOutput(inputs.hold(() => combine(trustInputs(own), compile)));
        const role = new Role(
            name,
            {
                assumeRolePolicy: trustPolicy,
                name: own.name,
                path: own.path,
                description: own.description,
                permissionsBoundary: own.permissionsBoundary,
                maxSessionDuration: own.maxSessionDuration,
                tags: withAcceptTags(own, "role"),
            },
            { parent: this },
        );
        addPolicies(name, role, {
            ...own,
            inlinePolicies: { ...own.inlinePolicies, ...secretsPolicies(inputs, path) },
        });
        this.arn = role.arn;
        this.name = role.name;
        this.trustPolicy = trustPolicy;
        const ci = asOutput(
            combine<KnownForCi, RenderedCi>(ciInputs(role.arn, own), (known) => ciOf(own.job ?? jobOf(name), known)),
        );
        this.gitlabCiYml = ci.yaml;
        this.gitlabCiFiles = ci.files;
        this.registerOutputs({
            arn: this.arn,
            name: this.name,
            trustPolicy: this.trustPolicy,
            gitlabCiYml: this.gitlabCiYml,
            gitlabCiFiles: this.gitlabCiFiles,
        });
    }
}

interface KnownForCi extends Partial<Pick<TrustPolicyInputs, "providerArn" | "url" | "audiences" | "subjects">> {
    readonly roleArn: string;
    readonly gitlabCi?: GitLabCiOptions;
}

type ArgsForCi = { readonly [K in keyof KnownForCi]: pulumi.Input<KnownForCi[K]> };

function ciInputs(roleArn: pulumi.Input<string>, args: PipelineRoleArgs): ArgsForCi {
    const { providerArn, url, audiences, subjects, gitlabCi } = args;
    return {
        roleArn,
        // Without a URL, its issuer is the URL.
        ...(url === undefined ? { providerArn } : { url }),
        audiences,
        subjects: unlessSecret(subjects),
        gitlabCi,
    } as ArgsForCi;
}

function ciOf(job: string, { roleArn, subjects, gitlabCi, ...provider }: KnownForCi): RenderedCi {
    const url = urlOf(provider)!;
    return renderGitLabCi({
        roleArns: { [job]: roleArn },
        url,
        audience: provider.audiences?.[0] ?? url,
        ...(subjects !== undefined && { roles: { [job]: { subjects } } }),
        ...(gitlabCi !== undefined && { gitlabCi }),
    });
}

/** The name of the job of a `PipelineRole` without `GitLabOidc`. */
function jobOf(name: string): string {
    return name.replace(/[^A-Za-z0-9_-]+/g, "-");
}

const TRUST_INPUTS = [
    "providerArn",
    "url",
    "audiences",
    "subjects",
    "conditions",
    "additionalPrincipals",
    "subClaimComponents",
] as const;

function principalErrors(known: TrustPolicyInputs, path: string): readonly Finding[] {
    const findings = new Findings();
    checkAdditionalPrincipals(known, urlOf(known), property(path, "additionalPrincipals"), findings);
    return findings.errors;
}

type TrustArgs = { readonly [K in keyof TrustPolicyInputs]: pulumi.Input<TrustPolicyInputs[K]> };

function trustInputs(args: PipelineRoleArgs): TrustArgs {
    return Object.fromEntries(
        TRUST_INPUTS.filter((name) => args[name] !== undefined).map((name) => [name, args[name]]),
    ) as unknown as TrustArgs;
}

/** The inline policy for the secrets of a role, by its name. An output of the secrets always has one, so a preview shows it. */
function secretsPolicies(
    inputs: Gate<PipelineRoleInputs>,
    path: string,
): Readonly<Record<string, pulumi.Input<string>>> {
    const { secretArns = [], secretKmsKeyArns } = inputs.args;
    if (Array.isArray(secretArns) && secretArns.length === 0) {
        return {};
    }
    const compile = (known: RoleSecrets): string => {
        if (known.secretArns === undefined || known.secretArns.length === 0) {
            inputs.reject([
                findingOf(
                    "required",
                    property(path, "secretArns"),
                    "is an output without a value, but the preview planned a policy for it.",
                    "Leave it out, or use an output that has a value.",
                ),
            ]);
        }
        return secretsPolicy(known);
    };
    const secrets = { secretArns, secretKmsKeyArns } as {
        readonly [K in keyof RoleSecrets]: pulumi.Input<RoleSecrets[K]>;
    };
    return { [SECRETS_POLICY]: inputs.hold(() => combine<RoleSecrets, string>(secrets, compile)) };
}
