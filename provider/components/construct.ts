import * as pulumi from "@pulumi/pulumi";
import { reasonText, type Finding } from "../findings";
import { checkGitLabOidc, checkIdentityProvider, checkPipelineRole, type InputsView } from "../inputs";
import { checkIssuerMirror } from "../mirror/inputs";
import { token } from "../schema";
import { reveal } from "./gate";
import { RefusedInputs } from "./refuse";
import { hasSecrets } from "./secrets";

const CHECKS: Readonly<Record<string, (name: string, view: InputsView) => { readonly errors: readonly Finding[] }>> = {
    [token("GitLabOidc")]: checkGitLabOidc,
    [token("IdentityProvider")]: (_, view) => checkIdentityProvider(view),
    [token("IssuerMirror")]: (_, view) => checkIssuerMirror(view),
    [token("PipelineRole")]: (name, view) => checkPipelineRole(name, view),
};

/** Waits for every input that is known by now, and refuses all that is wrong with them before anything is made. */
export async function checkKnown(type: string, name: string, inputs: pulumi.Inputs): Promise<void> {
    const { errors } = CHECKS[type]!(name, (await reveal(inputs)) as InputsView);
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
