import { quote } from "../findings";
import { mirrorAddKey } from "./mirror-add-key";
import { mirrorCheck } from "./mirror-check";
import { mirrorFetch } from "./mirror-fetch";
import { mirrorJob } from "./mirror-job";
import type { Terminal } from "./terminal";
import { UnusableInput } from "./unusable-input";

const COMMANDS: Readonly<Record<string, (args: readonly string[], terminal: Terminal) => number | Promise<number>>> = {
    fetch: mirrorFetch,
    check: mirrorCheck,
    "add-key": mirrorAddKey,
    job: mirrorJob,
};

/** `aws-gitlab-oidc mirror`: what keeps the copy of an issuer that AWS cannot reach. */
export async function mirror([name, ...args]: readonly string[], terminal: Terminal): Promise<number> {
    const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command === undefined) {
        throw new UnusableInput(
            `${name === undefined ? "mirror needs a command" : `There is no command mirror ${quote(name)}`}: ${Object.keys(COMMANDS).join(", ")}.`,
        );
    }
    return command(args, terminal);
}
