import type { Adoption } from "../adopt/adopt";
import type { IncompleteRole, LeftRole } from "../adopt/adopted-role";
import type { Narrowing } from "../adopt/tighten";
import { grouped } from "../audit/accounts";
import { entriesOf } from "../contract/object";
import { visible } from "../contract/quote";
import { commandWord } from "./command-line";
import { jsonText } from "./json-text";
import { counted, diffText, painter, textOf, type Paint } from "./report";
import { markedLines } from "./unified-diff";

/** The roles that the program takes over, those that it leaves and why, and the next steps. */
export function adoptText(adoption: Adoption, written: readonly string[], colour: boolean): string {
    const paint = painter(colour);
    const { account, components, incomplete, left, narrowing } = adoption;
    const roles = components.flatMap((component) => entriesOf(component.roles));
    const providers = components.filter(({ providerArn }) => providerArn !== undefined);
    const none = roles.length + incomplete.length + left.length === 0;
    return textOf([
        ...written.map((name) => `wrote ${visible(name)}`),
        none
            ? paint("yellow", `No role of account ${account} trusts a GitLab instance. If one should, add --url URL.`)
            : paint(
                  roles.length > 0 ? "green" : "yellow",
                  `The program has ${counted(roles.length, "role")} and ${counted(providers.length, "identity provider")} of account ${account}`,
              ),
        ...narrowingLines(narrowing, colour),
        ...incompleteLines(incomplete, paint),
        ...leftLines(left, paint),
        ...(written.length === 0
            ? []
            : nextLines(written.at(-1)!, narrowing !== undefined && narrowing.narrowed.length > 0, paint)),
    ]);
}

/** The narrowed roles, with both trust policies, and those that are not narrowed. */
function narrowingLines(narrowing: Narrowing | undefined, colour: boolean): readonly string[] {
    if (narrowing === undefined) {
        return [];
    }
    const paint = painter(colour);
    const { period, narrowed, kept } = narrowing;
    return [
        ...(narrowed.length === 0
            ? []
            : [
                  "",
                  paint(
                      "bold",
                      `Narrowed to the jobs of the events from ${period.from} to ${period.to}: ${counted(narrowed.length, "role")}`,
                  ),
                  "  The first `pulumi up` changes these trust policies on purpose. All other jobs lose access.",
                  ...narrowed.flatMap(({ arn, summary, before, after }) => [
                      `  ${visible(arn)}`,
                      `    ${visible(summary)}`,
                      ...diffText(markedLines(jsonText(before), jsonText(after)), colour)
                          .split("\n")
                          .map((line) => `    ${line}`),
                  ]),
              ]),
        ...(kept.length === 0
            ? []
            : [
                  "",
                  paint("bold", `Not narrowed: ${counted(kept.length, "role")}`),
                  ...kept.flatMap(({ arn, reason }) => [`  ${visible(arn)}`, `    ${visible(reason)}`]),
              ]),
    ];
}

function incompleteLines(roles: readonly IncompleteRole[], paint: Paint): readonly string[] {
    if (roles.length === 0) {
        return [];
    }
    const facts = roles.flatMap(({ arn, missing }) => missing.map(({ what, call }) => ({ arn, what, call })));
    return [
        "",
        paint("bold", `Left out, because no file has everything: ${counted(roles.length, "role")}`),
        ...[...grouped(facts, ({ call }) => call)].flatMap(([call, ofCall]) => [
            `  Add the output of: ${visible(call)}`,
            ...[...grouped(ofCall, ({ arn }) => arn)].map(
                ([arn, ofRole]) => `    ${visible(arn)}: ${ofRole.map(({ what }) => visible(what)).join(", ")}`,
            ),
        ]),
    ];
}

function leftLines(roles: readonly LeftRole[], paint: Paint): readonly string[] {
    return roles.length === 0
        ? []
        : [
              "",
              paint("bold", `Left as they are: ${counted(roles.length, "role")}`),
              ...roles.flatMap(({ arn, reasons, jobs, subjects }) => [
                  `  ${visible(arn)}`,
                  ...reasons.map((reason) => `    ${visible(reason)}`),
                  ...jobs.map((job) => `    A subject would be needed for: ${visible(job)}`),
                  ...subjects.map((subject) => `    Subject for the other jobs: ${visible(JSON.stringify(subject))}`),
              ]),
          ];
}

function nextLines(importFile: string, isNarrowed: boolean, paint: Paint): readonly string[] {
    return [
        "",
        paint("bold", "Next"),
        "  1. In the project of the program, import what exists. This changes nothing in AWS:",
        `       pulumi import --file ${commandWord(importFile)} --generate-code=false`,
        "  2. Compare, then apply:",
        "       pulumi preview --diff",
        "       pulumi up",
        "     Expect no resource to be created, replaced or deleted. Roles and the identity provider may be updated in place, and only",
        `     in \`assumeRolePolicy\`, which allows the same jobs in another form${isNarrowed ? ", or fewer as listed above," : ","} and in \`tags\`. If the preview shows anything else, do not run \`pulumi up\`.`,
        "  3. Remove `protect: true` from the program, and run `pulumi up` again.",
    ];
}
