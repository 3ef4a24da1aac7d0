import * as pulumi from "@pulumi/pulumi";
import { OpenIdConnectProvider } from "@pulumi/aws/iam/openIdConnectProvider";
import { checkIdentityProvider } from "./identity-provider-check";
import { token } from "../contract/schema";
import { issuerOf } from "../gitlab/issuer-url";
import type { IdentityProviderArgs, IdentityProviderOutputs } from "../contract/args";
import { exampleProviderArn } from "../iam/arn";
import { withAcceptTags } from "./accepted";
import { explainFailure } from "./explain";
import type { Checked, InputsView } from "./checked";
import { firstGiven } from "../contract/outputs";
import { Gate } from "./gate";
import { afterIssuerCheck } from "./issuer-check";

/** Its type, and the check of its inputs. */
export const identityProvider = {
    type: token("IdentityProvider"),
    check: (_: string, inputs: InputsView): Checked => checkIdentityProvider(inputs),
};

const TYPE = identityProvider.type;

/** The IAM OIDC identity provider of a GitLab instance, without roles. Use it in a platform stack if `PipelineRole` creates the roles elsewhere. AWS allows one identity provider per URL and account. */
export class IdentityProvider extends pulumi.ComponentResource implements IdentityProviderOutputs {
    readonly arn!: pulumi.Output<string>;
    readonly url!: pulumi.Output<string>;
    readonly issuer!: pulumi.Output<string>;
    readonly audiences!: pulumi.Output<readonly string[]>;

    /**
     * Checks all known inputs together, then creates the resources. Inputs that become known later are checked before they are used.
     *
     * @param name Name of the component in the stack, and of the identity provider in it.
     * @param args The GitLab instance; by default gitlab.com.
     * @param opts Pulumi's options for components, of which `provider`, `providers`, `aliases`, `protect`, `retainOnDelete` and `transforms` reach the children.
     * @throws pulumi.RunError with every problem of the inputs, each with its property path.
     */
    constructor(name: string, args: IdentityProviderArgs = {}, opts?: pulumi.ComponentResourceOptions) {
        if (opts?.urn !== undefined) {
            super(TYPE, name, {}, opts);
            return;
        }
        const inputs = Gate.at(identityProvider, name, args);
        super(TYPE, name, {}, opts);
        inputs.warn(this);
        const { thumbprints } = inputs.args;
        const url = afterIssuerCheck(inputs, this);
        const audiences = firstGiven(inputs.args.audiences, [url]);
        const provider = new OpenIdConnectProvider(
            name,
            {
                url,
                clientIdLists: audiences as pulumi.Input<pulumi.Input<string>[]>,
                thumbprintLists: thumbprints as pulumi.Input<pulumi.Input<string>[]> | undefined,
                tags: withAcceptTags(inputs.args, "identity provider"),
            },
            { parent: this, ...explainFailure(`${TYPE}:${name}`, this, explainExisting) },
        );
        this.arn = provider.arn;
        this.url = pulumi.output(url);
        this.issuer = this.url.apply(issuerOf);
        this.audiences = pulumi.output(audiences);
        this.registerOutputs({ arn: this.arn, url: this.url, issuer: this.issuer, audiences: this.audiences });
    }
}

/** AWS allows one provider per URL and account, and its error only reports that it exists. The text lists the alternatives. */
function explainExisting({ failedOperation, errors, newInputs }: pulumi.ErrorHookArgs): string | undefined {
    if (failedOperation !== "create" || !errors.some((e) => e.includes("EntityAlreadyExists"))) {
        return undefined;
    }
    const issuer = issuerOf(String(newInputs?.["url"]));
    return (
        `The account already has an identity provider for ${issuer}, and AWS allows one per URL. To use it, set on GitLabOidc either ` +
        `\`adoptExisting: true\`, which looks it up by URL, or \`existingProviderArn: "${exampleProviderArn(issuer)}"\`, which needs no lookup.`
    );
}
