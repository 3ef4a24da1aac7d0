import * as pulumi from "@pulumi/pulumi";
import { reasonText, type Finding } from "../findings";
import { checkGitLabOidc, checkIdentityProvider, checkPipelineRole, type InputsView } from "../inputs";
import { LATE } from "../late";
import { token } from "../schema";

const CHECKS: Readonly<Record<string, (name: string, view: InputsView) => { readonly errors: readonly Finding[] }>> = {
    [token("GitLabOidc")]: checkGitLabOidc,
    [token("IdentityProvider")]: (_, view) => checkIdentityProvider(view),
    [token("PipelineRole")]: (name, view) => checkPipelineRole(name, view),
};

/** Waits for every input that is known by now, and refuses all that is wrong with them before anything is made. */
export async function checkKnown(type: string, name: string, inputs: pulumi.Inputs): Promise<void> {
    const { errors } = CHECKS[type]!(name, (await reveal(inputs)) as InputsView);
    if (errors.length > 0) {
        throw new pulumi.InputPropertiesError({
            message: `${type.split(":").pop()!} "${name}" has ${String(errors.length)} problem${errors.length === 1 ? "" : "s"} with its inputs; nothing was made`,
            errors: errors.map((f) => ({ propertyPath: f.path, reason: reasonText(f) })),
        });
    }
}

/** The inputs with the values of all outputs; LATE for those that preview cannot know. */
async function reveal(value: unknown): Promise<unknown> {
    if (pulumi.Output.isInstance(value)) {
        const output = value as unknown as {
            isKnown: Promise<boolean>;
            promise(withUnknowns?: boolean): Promise<unknown>;
        };
        return (await output.isKnown) ? reveal(await output.promise()) : LATE;
    }
    if (Array.isArray(value)) {
        return Promise.all(value.map(reveal));
    }
    if (typeof value === "object" && value !== null && !pulumi.Resource.isInstance(value)) {
        return Object.fromEntries(
            await Promise.all(Object.entries(value).map(async ([k, v]) => [k, await reveal(v)] as const)),
        );
    }
    return value;
}
