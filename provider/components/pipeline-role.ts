import * as pulumi from "@pulumi/pulumi";
import { Role } from "@pulumi/aws/iam/role";
import type { Finding } from "../contract/findings";
import { renderGitLabCi } from "../gitlab-ci/build";
import { checkPipelineRole } from "./pipeline-role-check";
import { type Checked } from "./checked";
import { token } from "../contract/schema";
import { compileTrustPolicy, urlOf, type TrustPolicyInputs } from "../trust/policy";
import type { PipelineRoleArgs, PipelineRoleOutputs } from "../contract/args";
import type { GetGitlabCiResult, GitLabCiOptions } from "../contract/types";
import { addPolicies } from "./attachments";
import { asOutput, combine, Gate, unlessSecret } from "./gate";
import { refuser, warn } from "./refuse";

const TYPE = token("PipelineRole");

/** Where a role stands: alone, or in the inputs of a `GitLabOidc`, which checks them. */
interface Place {
    /** What its job in the CI file is called after. */
    readonly job: string;
    hold<T>(value: pulumi.Input<T>): pulumi.Input<T>;
    whenChecked(use: (warnings: readonly Finding[]) => void): void;
}

const places = new WeakMap<PipelineRoleArgs, Place>();

/** The inputs of a role, marked as those of an entry of `roles`. */
export function entryOf<C extends Checked>(
    args: PipelineRoleArgs,
    { job, gate, warningsOf }: { job: string; gate: Gate<C>; warningsOf: (checked: C) => readonly Finding[] },
): PipelineRoleArgs {
    places.set(args, placeOf(job, gate, warningsOf));
    return args;
}

function placeOf<C extends Checked>(job: string, gate: Gate<C>, warningsOf: (checked: C) => readonly Finding[]): Place {
    return {
        job,
        hold: (value) => gate.hold(value),
        whenChecked: (use) => gate.whenChecked((checked) => use(warningsOf(checked))),
    };
}

/** A role that GitLab CI/CD jobs can assume, with its policies. `GitLabOidc` makes one for each of its roles; alone it serves an application stack that knows the identity provider by stack reference. */
export class PipelineRole extends pulumi.ComponentResource implements PipelineRoleOutputs {
    readonly arn!: pulumi.Output<string>;
    readonly name!: pulumi.Output<string>;
    readonly trustPolicy!: pulumi.Output<string>;
    readonly gitlabCiYml!: pulumi.Output<string>;
    readonly gitlabCiFiles!: pulumi.Output<Readonly<Record<string, string>>>;

    /**
     * Checks all known inputs together, then makes the resources; what becomes known later is checked before it is used.
     *
     * @param name Name of the component in the stack, and of the role in it.
     * @param args The identity provider, who may assume the role, and what the role may do.
     * @param opts Pulumi's options for components, of which `provider`, `providers`, `aliases`, `protect`, `retainOnDelete` and `transforms` reach the children.
     * @throws pulumi.RunError with every problem of the inputs, each with its property path.
     */
    constructor(name: string, args: PipelineRoleArgs, opts?: pulumi.ComponentResourceOptions) {
        if (opts?.urn !== undefined) {
            super(TYPE, name, {}, opts);
            return;
        }
        const place = places.get(args) ?? standAlone(name, args);
        super(TYPE, name, {}, opts);
        place.whenChecked((warnings) => warn(warnings, this));
        const trustPolicy = asOutput(place.hold(combine(trustInputs(args), compileTrustPolicy)));
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
        const ci = asOutput(
            combine<KnownForCi, GetGitlabCiResult>(ciInputs(role.arn, args), (known) => ciOf(place.job, known)),
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
        // What the url is taken from where it is not given.
        ...(url === undefined ? { providerArn } : { url }),
        audiences,
        subjects: unlessSecret(subjects),
        gitlabCi,
    } as ArgsForCi;
}

function ciOf(job: string, { roleArn, subjects, gitlabCi, ...provider }: KnownForCi): GetGitlabCiResult {
    const url = urlOf(provider)!;
    return renderGitLabCi({
        roleArns: { [job]: roleArn },
        url,
        audience: provider.audiences?.[0] ?? url,
        ...(subjects !== undefined && { roles: { [job]: { subjects } } }),
        ...(gitlabCi !== undefined && { gitlabCi }),
    });
}

/** A role that is no entry of `GitLabOidc` is checked here. */
function standAlone(name: string, args: PipelineRoleArgs): Place {
    const gate = Gate.before(args, (view) => checkPipelineRole(name, view), refuser(TYPE, name));
    return placeOf(name.replace(/[^A-Za-z0-9_-]+/g, "-"), gate, ({ warnings }) => warnings);
}

const TRUST_INPUTS = ["providerArn", "url", "audiences", "subjects", "conditions", "subClaimComponents"] as const;

type TrustArgs = { readonly [K in keyof TrustPolicyInputs]: pulumi.Input<TrustPolicyInputs[K]> };

function trustInputs(args: PipelineRoleArgs): TrustArgs {
    return Object.fromEntries(
        TRUST_INPUTS.filter((name) => args[name] !== undefined).map((name) => [name, args[name]]),
    ) as unknown as TrustArgs;
}
