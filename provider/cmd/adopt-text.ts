import type { Adoption } from "../adopt/adopt";
import type { IncompleteRole, LeftRole } from "../adopt/adopted-role";
import { grouped } from "../audit/accounts";
import { entriesOf } from "../contract/object";
import { visible } from "../contract/quote";
import { commandWord } from "./command-line";
import { counted, painter, textOf, type Paint } from "./report";

/** The roles that the program takes over, those that it leaves and why, and the next steps. */
export function adoptText(adoption: Adoption, written: readonly string[], colour: boolean): string {
    const paint = painter(colour);
    const { account, components, incomplete, left } = adoption;
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
        ...incompleteLines(incomplete, paint),
        ...leftLines(left, paint),
        ...(written.length === 0 ? [] : nextLines(written.at(-1)!, paint)),
    ]);
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

function nextLines(importFile: string, paint: Paint): readonly string[] {
    return [
        "",
        paint("bold", "Next"),
        "  1. In the project of the program, import what exists. This changes nothing in AWS:",
        `       pulumi import --file ${commandWord(importFile)} --generate-code=false`,
        "  2. Compare, then apply:",
        "       pulumi preview --diff",
        "       pulumi up",
        "     Expect no resource to be created, replaced or deleted. Roles and the identity provider may be updated in place, and only",
        "     in `assumeRolePolicy`, which allows the same jobs in another form, and in `tags`. If the preview shows anything else, do not run `pulumi up`.",
        "  3. Remove `protect: true` from the program, and run `pulumi up` again.",
    ];
}
