import * as pulumi from "@pulumi/pulumi";
import { reasonText, type Finding } from "../contract/findings";
import { checkGitLabOidc } from "./gitlab-oidc-check";
import { checkIdentityProvider } from "./identity-provider-check";
import { checkPipelineRole } from "./pipeline-role-check";
import { type InputsView } from "./checked";
import { isComplete, type MaybeUnknown } from "../contract/unknown";
import { entriesOf } from "../contract/object";
import { checkIssuerMirror } from "./issuer-mirror-check";
import { token } from "../contract/schema";
import { GITLAB_COM } from "../gitlab/issuer-url";
import { reveal } from "./gate";
import { issuerFindings, type Inquiry } from "./issuer-check";
import { RefusedInputs } from "./refuse";
import { hasSecrets } from "./secrets";

const CHECKS: Readonly<Record<string, (name: string, view: InputsView) => { readonly errors: readonly Finding[] }>> = {
    [token("GitLabOidc")]: checkGitLabOidc,
    [token("IdentityProvider")]: (_, view) => checkIdentityProvider(view),
    [token("IssuerMirror")]: (_, view) => checkIssuerMirror(view),
    [token("PipelineRole")]: (name, view) => checkPipelineRole(name, view),
};

/** What AWS would refuse the issuer for, where the inputs ask for a check that makes it an error. A warning is said by the component, for which the check is then done. */
async function issuerErrors(inputs: InputsView): Promise<readonly Finding[]> {
    const { url = GITLAB_COM, issuerCheck: mode = "off", thumbprints } = Object.fromEntries(entriesOf(inputs));
    const inquiry = { url, mode, thumbprints } as MaybeUnknown<Inquiry>;
    if (!isComplete(inquiry)) {
        return [];
    }
    const findings = await issuerFindings(inquiry);
    return findings.filter(({ severity }) => severity === "error");
}

/** Waits for every input that is known by now, and refuses all that is wrong with them before anything is made. */
export async function checkKnown(type: string, name: string, inputs: pulumi.Inputs): Promise<void> {
    const known = (await reveal(inputs)) as InputsView;
    const { errors: wrong } = CHECKS[type]!(name, known);
    const errors = wrong.length > 0 ? wrong : await issuerErrors(known);
    if (hasSecrets(errors)) {
        // The engine would print the value beside the reason.
        throw new RefusedInputs(type, name, errors);
    }
    if (errors.length > 0) {
        throw new pulumi.InputPropertiesError({
            message: `${type.split(":").pop()!} "${name}" has ${String(errors.length)} problem${errors.length === 1 ? "" : "s"} with its inputs; nothing was made`,
            errors: errors.map((f) => ({ propertyPath: f.path, reason: reasonText(f) })),
        });
    }
}
