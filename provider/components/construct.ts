import type * as pulumi from "@pulumi/pulumi";
import { describe } from "../contract/findings";
import type { Finding } from "../contract/types";
import { entriesOf } from "../contract/object";
import { isComplete, type MaybeUnknown } from "../contract/unknown";
import { GITLAB_COM } from "../gitlab/issuer-url";
import type { Checked, InputsView } from "./checked";
import { Gate, type Kind } from "./gate";
import { issuerFindings, type Inquiry } from "./issuer-check";
import { Rejection } from "./reject";

/** The last line about inputs that are rejected before anything is created. */
export const NOTHING_CREATED = "None of its resources were created.";

/** Reasons for which AWS would reject the issuer, if the inputs request a check with errors. The component itself logs warnings. */
async function issuerErrors({
    url = GITLAB_COM,
    issuerCheck: mode = "off",
    thumbprints,
}: InputsView): Promise<readonly Finding[]> {
    const inquiry = { url, mode, thumbprints } as MaybeUnknown<Inquiry>;
    if (!isComplete(inquiry)) {
        return [];
    }
    const findings = await issuerFindings(inquiry);
    return findings.filter(({ severity }) => severity === "error");
}

/** Waits for every input that is known by now, and rejects all problems before anything is created. */
export async function checkKnown(kind: Kind<Checked>, name: string, args: pulumi.Inputs): Promise<Gate<pulumi.Inputs>> {
    const { gate, inputs, errors: wrong } = await Gate.whenKnown(kind, name, args);
    const errors = wrong.length > 0 ? wrong : await issuerErrors(Object.fromEntries(entriesOf(inputs)));
    if (errors.length === 0) {
        return gate;
    }
    // As text: for an InputPropertiesError, the engine would print each value again next to its path, secrets included.
    const problems = describe(errors.map((error) => gate.withoutSecrets(error)));
    throw new Rejection(`${problems}\n${NOTHING_CREATED}`);
}
