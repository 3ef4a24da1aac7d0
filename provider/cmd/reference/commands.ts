import { ADOPT } from "./adopt";
import { AUDIT } from "./audit";
import { DOCTOR } from "./doctor";
import { EXPLAIN } from "./explain";
import { LINT } from "./lint";
import { MIRROR_ADD_KEY, MIRROR_CHECK, MIRROR_FETCH, MIRROR_JOB } from "./mirror";
import type { CommandReference } from "./reference";
import { SNIPPET } from "./snippet";

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandReference[] = [
    EXPLAIN,
    LINT,
    AUDIT,
    ADOPT,
    DOCTOR,
    SNIPPET,
    MIRROR_FETCH,
    MIRROR_CHECK,
    MIRROR_ADD_KEY,
    MIRROR_JOB,
];

/** The commands of a group such as `mirror`, or the one command of that name. */
export function commandsOf(name: string): readonly CommandReference[] {
    return COMMANDS.filter((command) => command.name === name || command.name.startsWith(`${name} `));
}
