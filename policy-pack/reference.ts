import { RULES } from "../provider/contract/rules";
import { CHECKED_RULES, OWN, type PackPolicy } from "./policies";

const HEAD = `<!-- written from policy-pack/policies.ts by \`make sdk\` -->

# Policy pack

The policies of \`pulumi-aws-gitlab-oidc-policy\`. [Check every stack](../guides/policy-pack.md) explains how to install and configure the pack.

A policy has the level \`mandatory\`, \`advisory\` or \`disabled\`. The level \`remediate\` counts as \`mandatory\`, because the pack changes nothing.`;

/** The page docs/reference/policy-pack.md: every policy with its level and properties. */
export function policyPackPage(): string {
    const own: readonly PackPolicy[] = Object.values(OWN);
    return `${[HEAD, "## Rules of trust policies and identity providers", RULES_HEAD, ...ruleLists(), "## Policies of the pack", OWN_HEAD, ...own.map(section)].join("\n\n")}\n`;
}

const RULES_HEAD =
    "Each of these rules is a policy of the same name. [Rules](rules.md) explains them. The tag `gitlab-oidc:accept` of a role or identity provider accepts warnings.";

const OWN_HEAD = "A policy with a list or a limit does nothing without it.";

function ruleLists(): readonly string[] {
    return (["error", "warning"] as const).map((severity) => {
        const ids = CHECKED_RULES.filter((id) => RULES[id] === severity);
        const level = severity === "error" ? "mandatory" : "advisory";
        const links = ids.map((id) => `[${id}](rules.md#${id})`);
        return `- ${severity === "error" ? "Errors" : "Warnings"}, by default \`${level}\`: ${links.join(", ")}`;
    });
}

function section({ name, description, details, level, sees, configSchema, example }: PackPolicy): string {
    const properties = Object.entries(configSchema?.properties ?? {});
    return [
        `### ${name}`,
        `${description} ${details ?? ""}`.trim(),
        `Default level: \`${level}\`. ${sees === "stack" ? "Checks all resources of the stack together, at the end of a preview or update." : "Checks each resource before it is created or changed."}`,
        ...(properties.length === 0
            ? []
            : [
                  [
                      "| Property | Type | Meaning |",
                      "| --- | --- | --- |",
                      ...properties.map(
                          ([property, { type, description: meaning }]) =>
                              `| \`${property}\` | ${type === "array" ? "array of strings" : String(type)} | ${meaning!} |`,
                      ),
                  ].join("\n"),
              ]),
        ...(example === undefined ? [] : [["```json", JSON.stringify({ [name]: example }), "```"].join("\n")]),
    ].join("\n\n");
}
