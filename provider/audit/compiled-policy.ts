import { AccessLevels, OTHER, type AccessLevel } from "./access-levels";
import { ESCALATION_PATHS } from "./escalation-paths";
import {
    coversAction,
    matchesPattern,
    readIdentityPolicy,
    type Actions,
    type PermissionStatement,
} from "./identity-policy";

/** A set of the actions in a `PolicyReader`'s list: a bit for each. */
export type ActionSet = Uint32Array;

/** A statement with the actions of the list that it is about. */
export interface CompiledStatement extends PermissionStatement {
    readonly set: ActionSet;
}

/** An action that a policy names and the list may lack. */
export interface NamedAction {
    /** In lower case; where the policy has a pattern, one that the pattern matches. */
    readonly example: string;
    /** As the policy has it. */
    readonly written: string;
}

export interface CompiledPolicy {
    readonly statements: readonly CompiledStatement[];
    readonly named: readonly NamedAction[];
}

interface ListedAction {
    readonly example: string;
    readonly name: string;
    readonly level: AccessLevel;
}

/** Texts that are kept: more than a large account has, and a bound for a hostile one. */
const MOST_KEPT = 50_000;

/**
 * Reads identity policies. What was read is kept by its text: many roles have the same policies, and many policies the same
 * patterns.
 */
export class PolicyReader {
    private readonly levels = new AccessLevels();
    /** One action for each verb of a service, those with another level than their verb, and those of the escalation paths. */
    private readonly actions: readonly ListedAction[] = listOf(this.levels);
    private readonly positions = new Map(this.actions.map(({ example }, i) => [example, i]));
    private readonly policies = new Map<string, CompiledPolicy | undefined>();
    private readonly matches = new Map<string, Uint16Array>();
    private readonly examples = new Map<string, readonly string[]>();
    private readonly onService = new Map<string, ActionSet>();
    private readonly ofService = new Map<string, ActionSet>();

    /** The actions of the list with a level. */
    readonly withLevel: Readonly<Record<AccessLevel, ActionSet>> = {
        read: this.setOf(({ level }) => level === "read"),
        write: this.setOf(({ level }) => level === "write"),
    };

    /** Those of services that have one place for all regions. */
    readonly globalActions: ActionSet = this.setOf(({ example }) => isGlobal(example));

    /** The policy, given as JSON text or as an object; undefined if it cannot be read. */
    read(document: unknown): CompiledPolicy | undefined {
        const text = typeof document === "string" ? document : textOf(document);
        if (text === undefined) {
            return undefined;
        }
        return kept(this.policies, text, () => this.compile(readIdentityPolicy(document)));
    }

    /** Whether an action, given in lower case, may be about a resource of that service. */
    isPossible(action: string, arnService: string): boolean {
        return this.levels.isAbout(action, arnService);
    }

    /** The actions of the list that may be about resources of a service. */
    actionsOn(arnService: string): ActionSet {
        return kept(this.onService, arnService, () =>
            this.setOf(({ example }) => this.levels.isAbout(example, arnService)),
        );
    }

    /** The actions of the list that a service has. */
    actionsOf(service: string): ActionSet {
        return kept(this.ofService, service, () => this.setOf(({ example }) => example.startsWith(`${service}:`)));
    }

    levelOf(action: string): AccessLevel | undefined {
        return this.levels.levelOf(action);
    }

    emptySet(): ActionSet {
        return new Uint32Array(Math.ceil(this.actions.length / 32));
    }

    setOf(belongs: (action: ListedAction) => boolean): ActionSet {
        const set = this.emptySet();
        this.actions.forEach((action, i) => belongs(action) && put(set, i));
        return set;
    }

    /** What the action that both sets have is called; undefined if there is none. */
    commonTo(a: ActionSet, b: ActionSet): string | undefined {
        for (let w = 0; w < a.length; w++) {
            const both = a[w]! & b[w]!;
            if (both !== 0) {
                return this.actions[w * 32 + 31 - Math.clz32(both & -both)]!.name;
            }
        }
        return undefined;
    }

    /** Whether the set has an action of the list, given in lower case. */
    has(set: ActionSet, action: string): boolean {
        const i = this.positions.get(action);
        return i !== undefined && ((set[i >>> 5]! >>> (i & 31)) & 1) === 1;
    }

    private compile(statements: readonly PermissionStatement[] | undefined): CompiledPolicy | undefined {
        return (
            statements && {
                statements: statements.map((s) => ({ ...s, set: this.setOfActions(s.actions) })),
                named: statements
                    .filter(({ effect, actions }) => (effect === "Allow") !== actions.isNot)
                    .flatMap(({ actions }) => this.namedIn(actions)),
            }
        );
    }

    private namedIn({ patterns, written }: Actions): readonly NamedAction[] {
        return patterns.flatMap((pattern, i) =>
            this.examplesOf(pattern).map((example) => ({ example, written: written[i]! })),
        );
    }

    /** Actions that a pattern matches, without those that the list has in their place. */
    private examplesOf(pattern: string): readonly string[] {
        return kept(this.examples, pattern, () =>
            this.levels.examplesOf(pattern).filter((example) => !this.positions.has(example) || example === pattern),
        );
    }

    private setOfActions({ patterns, isNot }: Actions): ActionSet {
        const set = this.emptySet();
        for (const pattern of patterns) {
            for (const i of this.matchesOf(pattern)) {
                put(set, i);
            }
        }
        return isNot ? set.map((bits) => ~bits) : set;
    }

    private matchesOf(pattern: string): Uint16Array {
        return kept(this.matches, pattern, () => {
            if (!/[*?]/.test(pattern)) {
                const i = this.positions.get(pattern);
                return Uint16Array.from(i === undefined ? [] : [i]);
            }
            return Uint16Array.from(
                this.actions.flatMap(({ example }, i) => (matchesPattern(pattern, example) ? [i] : [])),
            );
        });
    }
}

/** Services with one place for all regions, which is us-east-1 in the commercial partition. Source: AWS, "aws:RequestedRegion". */
const GLOBAL = /^(?:iam|organizations|route53|cloudfront|account):/;

/** Whether an action, given in lower case, is one of a service with one place for all regions. */
export function isGlobal(action: string): boolean {
    return GLOBAL.test(action);
}

/** Whether a compiled statement is about an action, given in lower case. */
export function isAbout(statement: CompiledStatement, action: string): boolean {
    return coversAction(statement.actions, action);
}

/** No policy names this action and this service: who may do it may do everything. */
export const ANY_ACTION = `${OTHER}:${OTHER}`;

function listOf(levels: AccessLevels): readonly ListedAction[] {
    const names = ESCALATION_PATHS.flatMap(({ steps }) => steps.map(({ action }) => action));
    const list = new Map(levels.groups.map((group) => [group.example, group]));
    for (const name of names) {
        const example = name.toLowerCase();
        list.set(example, { example, name, level: levels.levelOf(example) ?? "write" });
    }
    return [...list.values()];
}

function put(set: ActionSet, i: number): void {
    set[i >>> 5]! |= 1 << (i & 31);
}

/** What is kept for a text, made when it is asked for first. */
function kept<T>(values: Map<string, T>, text: string, make: () => T): T {
    const found = values.get(text);
    if (found !== undefined || values.has(text)) {
        return found!;
    }
    if (values.size >= MOST_KEPT) {
        values.clear();
    }
    const made = make();
    values.set(text, made);
    return made;
}

function textOf(document: unknown): string | undefined {
    try {
        // JSON.stringify gives undefined for what JSON does not have, whatever its type says.
        return JSON.stringify(document);
    } catch {
        return undefined;
    }
}
