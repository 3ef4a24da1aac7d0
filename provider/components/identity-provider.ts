import * as pulumi from "@pulumi/pulumi";
import { OpenIdConnectProvider } from "@pulumi/aws/iam/openIdConnectProvider";
import { checkIdentityProvider } from "../inputs";
import { token } from "../schema";
import { GITLAB_COM, issuerOf } from "../trust";
import type { IdentityProviderArgs, IdentityProviderOutputs } from "./args";
import { LateInputs, RefusedInputs, viewOf, warn } from "./late-inputs";

const TYPE = token("IdentityProvider");

/** The IAM OIDC identity provider of a GitLab instance, alone: for a platform stack whose roles are made elsewhere by `PipelineRole`. AWS allows one per url and account. */
export class IdentityProvider extends pulumi.ComponentResource implements IdentityProviderOutputs {
    readonly arn!: pulumi.Output<string>;
    readonly url!: pulumi.Output<string>;
    readonly issuer!: pulumi.Output<string>;
    readonly audiences!: pulumi.Output<readonly string[]>;

    constructor(name: string, args: IdentityProviderArgs = {}, opts?: pulumi.ComponentResourceOptions) {
        if (opts?.urn !== undefined) {
            super(TYPE, name, {}, opts);
            return;
        }
        const checked = checkIdentityProvider(viewOf(args));
        if (checked.errors.length > 0) {
            throw new RefusedInputs(TYPE, name, checked.errors);
        }
        super(TYPE, name, {}, opts);
        warn(checked.warnings, this);
        const late = new LateInputs(
            args,
            (view) => checkIdentityProvider(view),
            (findings) => new RefusedInputs(TYPE, name, findings),
        );
        const url = late.get("url") ?? GITLAB_COM;
        const audiences = late.get("audiences") ?? [url];
        const provider = new OpenIdConnectProvider(
            name,
            {
                url,
                clientIdLists: audiences as pulumi.Input<pulumi.Input<string>[]>,
                thumbprintLists: late.get("thumbprints") as pulumi.Input<pulumi.Input<string>[]> | undefined,
                tags: late.get("tags"),
            },
            { parent: this, ...explainExisting(name, this) },
        );
        this.arn = provider.arn;
        this.url = pulumi.output(url);
        this.issuer = this.url.apply(issuerOf);
        this.audiences = pulumi.output(audiences);
        this.registerOutputs({ arn: this.arn, url: this.url, issuer: this.issuer, audiences: this.audiences });
    }
}

let hooks = 0;

/** AWS allows one provider per url and account, and says no more than that it exists; here are the ways on. */
function explainExisting(name: string, resource: pulumi.Resource): pulumi.CustomResourceOptions {
    if (!hasErrorHooks()) {
        return {};
    }
    hooks += 1;
    const hook = new pulumi.ErrorHook(`${TYPE}:${name}:${String(hooks)}`, ({ failedOperation, errors, newInputs }) => {
        if (failedOperation === "create" && errors.some((e) => e.includes("EntityAlreadyExists"))) {
            const issuer = issuerOf(String(newInputs?.["url"]));
            void pulumi.log.error(
                `The account has an identity provider for ${issuer} already, and AWS allows one per url. Use that one, on GitLabOidc: either ` +
                    `\`adoptExisting: true\`, which looks it up by url, or \`existingProviderArn: "arn:aws:iam::ACCOUNT:oidc-provider/${issuer}"\`, which looks nothing up.`,
                resource,
            );
        }
        return false;
    });
    return { hooks: { onError: [hook] } };
}

/** Pulumi's mocks, with which users test their programs, say that they support error hooks and do not. */
function hasErrorHooks(): boolean {
    const monitor = pulumi.runtime.getMonitor() as { readonly registerErrorHook?: unknown } | undefined;
    return typeof monitor?.registerErrorHook === "function";
}
