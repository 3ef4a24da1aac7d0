import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";

/** A role of the pipeline, as somebody who writes it by hand would describe it. */
export interface AccessRole {
    project: string;
    branch: string;
    managedPolicies?: { [key: string]: string };
    inlinePolicies?: { [key: string]: string };
}

export interface GitLabAccessArgs {
    url: pulumi.Input<string>;
    roles: { [key: string]: AccessRole };
}

/** The identity provider. */
export class Issuer extends pulumi.ComponentResource {
    public readonly arn: pulumi.Output<string>;

    constructor(name: string, args: { url: pulumi.Input<string> }, opts?: pulumi.ComponentResourceOptions) {
        super("bench:index:Issuer", name, {}, opts);
        const provider = new aws.iam.OpenIdConnectProvider(
            name,
            { url: args.url, clientIdLists: [args.url] },
            { parent: this },
        );
        this.arn = provider.arn;
        this.registerOutputs({ arn: this.arn });
    }
}

/** A role and its policies. */
export class JobRole extends pulumi.ComponentResource {
    public readonly arn: pulumi.Output<string>;
    public readonly name: pulumi.Output<string>;
    public readonly trustPolicy: pulumi.Output<string>;

    constructor(
        name: string,
        args: AccessRole & { providerArn: pulumi.Input<string>; url: pulumi.Input<string> },
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("bench:index:JobRole", name, {}, opts);
        this.trustPolicy = pulumi.all([args.providerArn, args.url]).apply(([providerArn, url]) => {
            const issuer = url.replace("https://", "");
            return JSON.stringify({
                Version: "2012-10-17",
                Statement: [
                    {
                        Effect: "Allow",
                        Principal: { Federated: providerArn },
                        Action: "sts:AssumeRoleWithWebIdentity",
                        Condition: {
                            StringEquals: {
                                [`${issuer}:aud`]: url,
                                [`${issuer}:sub`]: `project_path:${args.project}:ref_type:branch:ref:${args.branch}`,
                            },
                        },
                    },
                ],
            });
        });
        const role = new aws.iam.Role(name, { assumeRolePolicy: this.trustPolicy }, { parent: this });
        for (const [key, policyArn] of Object.entries(args.managedPolicies ?? {})) {
            new aws.iam.RolePolicyAttachment(`${name}:${key}`, { role: role.name, policyArn }, { parent: role });
        }
        for (const [key, policy] of Object.entries(args.inlinePolicies ?? {})) {
            new aws.iam.RolePolicy(`${name}:${key}`, { role: role.name, name: key, policy }, { parent: role });
        }
        this.arn = role.arn;
        this.name = role.name;
        this.registerOutputs({ arn: this.arn, name: this.name, trustPolicy: this.trustPolicy });
    }
}

/** The identity provider of a GitLab instance and a role for each entry of `roles`. */
export class GitLabAccess extends pulumi.ComponentResource {
    public readonly providerArn: pulumi.Output<string>;
    public readonly roleArns: pulumi.Output<{ [key: string]: string }>;
    public readonly roleNames: pulumi.Output<{ [key: string]: string }>;
    public readonly trustPolicies: pulumi.Output<{ [key: string]: string }>;

    constructor(name: string, args: GitLabAccessArgs, opts?: pulumi.ComponentResourceOptions) {
        super("bench:index:GitLabAccess", name, {}, opts);
        const issuer = new Issuer(name, { url: args.url }, { parent: this });
        const arns: { [key: string]: pulumi.Output<string> } = {};
        const names: { [key: string]: pulumi.Output<string> } = {};
        const policies: { [key: string]: pulumi.Output<string> } = {};
        for (const [key, role] of Object.entries(args.roles)) {
            const made = new JobRole(
                `${name}-${key}`,
                { ...role, providerArn: issuer.arn, url: args.url },
                { parent: this },
            );
            arns[key] = made.arn;
            names[key] = made.name;
            policies[key] = made.trustPolicy;
        }
        this.providerArn = issuer.arn;
        this.roleArns = pulumi.all(arns);
        this.roleNames = pulumi.all(names);
        this.trustPolicies = pulumi.all(policies);
        this.registerOutputs({
            providerArn: this.providerArn,
            roleArns: this.roleArns,
            roleNames: this.roleNames,
            trustPolicies: this.trustPolicies,
        });
    }
}
