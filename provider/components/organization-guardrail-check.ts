import { checkAccept } from "../contract/accept";
import { Findings } from "../contract/findings";
import { isObject } from "../contract/object";
import { key } from "../contract/paths";
import { quote } from "../contract/quote";
import { containsUnknown, known, type MaybeUnknown } from "../contract/unknown";
import { checkGuardrail, type GuardrailView } from "../guardrail/policy";
import { checkTargets } from "../guardrail/targets";
import { checkTags } from "../iam/tags";
import {
    acceptOf,
    checkDecided,
    typedInputs,
    withoutIds,
    withUnusedAccepts,
    type Checked,
    type InputsView,
} from "./checked";

type OrganizationView = GuardrailView & {
    readonly targets?: MaybeUnknown<Readonly<Record<string, string>>>;
    readonly name?: MaybeUnknown<string>;
    readonly description?: MaybeUnknown<string>;
    readonly tags?: MaybeUnknown<Readonly<Record<string, string>>>;
    readonly accept?: MaybeUnknown<readonly string[]>;
};

/** Random characters that the AWS provider adds to a resource's name if `name` is left out, with their hyphen. */
const SUFFIX = 8;

/** Checks the inputs of `OrganizationGuardrail`. */
export function checkOrganizationGuardrail(resourceName: string, inputs: InputsView): Checked {
    const findings = new Findings();
    const view = typedInputs("OrganizationGuardrail", inputs, "", findings) as OrganizationView;
    const { targets } = inputs;
    checkDecided(
        isObject(targets) ? Object.entries(targets).map(([name, id]) => [key("targets", name), id] as const) : [],
        findings,
    );
    checkGuardrail(view, findings);
    checkTargets(view.targets, "targets", findings);
    checkPolicyName(view.name, resourceName, findings);
    checkPolicyDescription(known(view.description), findings);
    checkTags(view.tags, "tags", findings);
    checkAccept(view.accept, "accept", findings);
    const warnings = withUnusedAccepts(findings.warnings, view, "", !containsUnknown(view));
    return { errors: findings.errors, warnings: withoutIds(warnings, acceptOf(view)) };
}

const LONGEST_NAME = 128;
const LONGEST_DESCRIPTION = 512;

function checkPolicyName(maybe: OrganizationView["name"], resourceName: string, findings: Findings): void {
    const name = known(maybe);
    const isAscii = /^[ -~]*$/.test(name ?? (maybe === undefined ? resourceName : ""));
    if (name !== undefined && (name === "" || name.length > LONGEST_NAME || !isAscii)) {
        findings.add(
            "guardrail-name",
            "name",
            `${quote(name)} is not a name that AWS Organizations accepts: 1 to ${String(LONGEST_NAME)} printable ASCII characters.`,
            "Shorten or reword it.",
        );
    } else if (maybe === undefined && (resourceName.length > LONGEST_NAME - SUFFIX || !isAscii)) {
        findings.add(
            "guardrail-name",
            "name",
            `is not set, and AWS Organizations rejects ${quote(resourceName)} with a random suffix: names have at most ${String(LONGEST_NAME)} printable ASCII characters.`,
            "Set `name`, or choose a shorter name for the resource.",
        );
    }
}

function checkPolicyDescription(text: string | undefined, findings: Findings): void {
    if (text !== undefined && text.length > LONGEST_DESCRIPTION) {
        findings.add(
            "guardrail-name",
            "description",
            `has ${String(text.length)} characters, but AWS Organizations accepts at most ${String(LONGEST_DESCRIPTION)}.`,
            "Shorten it.",
        );
    }
}
