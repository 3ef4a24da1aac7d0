import { quote } from "../contract/quote";
import { commandsOf } from "./reference/commands";
import { suggestion } from "./suggestion";
import { UnusableInput } from "./unusable-input";

/** The error for a missing or unknown word after the name of a group of commands. */
export function unknownSubcommand(group: string, name: string | undefined): UnusableInput {
    const names = commandsOf(group).map((command) => command.name.slice(group.length + 1));
    if (name === undefined) {
        return new UnusableInput(
            `${group} requires a command: ${names.join(", ")}. Help: aws-gitlab-oidc help ${group}`,
        );
    }
    const near = suggestion(name, names, `${group} `);
    const others = near === "" ? ` Commands: ${names.join(", ")}.` : near;
    return new UnusableInput(
        `${quote(`${group} ${name}`)} is not a command.${others} Help: aws-gitlab-oidc help ${group}`,
    );
}
