import { unknownSubcommand } from "./subcommand";
import type { Terminal } from "./terminal";

type Command = (args: readonly string[], terminal: Terminal) => number | Promise<number>;

/** The commands by name. Each is loaded when it runs. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
    fetch: async () => (await import("./mirror-fetch.js")).mirrorFetch,
    check: async () => (await import("./mirror-check.js")).mirrorCheck,
    "add-key": async () => (await import("./mirror-add-key.js")).mirrorAddKey,
    job: async () => (await import("./mirror-job.js")).mirrorJob,
};

/** `aws-gitlab-oidc mirror`: commands for the public copy of an issuer that AWS cannot reach. */
export async function mirror([name, ...args]: readonly string[], terminal: Terminal): Promise<number> {
    const load = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (load === undefined) {
        throw unknownSubcommand("mirror", name);
    }
    const command = await load();
    return command(args, terminal);
}
