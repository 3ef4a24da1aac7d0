import { isObject } from "../contract/object";
import { AccessLevels, OTHER, type AccessLevel } from "./access-levels";
import { ESCALATION_PATHS } from "./escalation-paths";
import {
    coversAction,
    matchesPattern,
    readIdentityPolicy,
    type Actions,
    type PermissionStatement,
} from "./identity-policy";

/** A set of actions: one bit for each action of the `PolicyReader`'s list. */
export type ActionSet = Uint32Array;

/** A statement and the listed actions that it covers. */
export interface CompiledStatement extends PermissionStatement {
    readonly set: ActionSet;
}

/** An action that a policy names. The list may lack it. */
export interface NamedAction {
    /** An action in lower case. If the policy has a pattern, this action matches it. */
    readonly example: string;
    /** The text of the policy. */
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

/** The most entries of a cache. Large accounts have fewer; hostile input cannot fill the memory. */
const MOST_KEPT = 50_000;

/** The same for whole policies. */
const MOST_POLICIES = 1_000;

/** Reads identity policies. It caches managed policies, because many roles have the same, and patterns, because many policies have the same. */
export class PolicyReader {
    private readonly levels = new AccessLevels();
    /** The list: the groups of the access levels, and the actions of the escalation paths. */
    private readonly actions: readonly ListedAction[] = listOf(this.levels);
    private readonly positions = new Map(this.actions.map(({ example }, i) => [example, i]));
    private readonly texts = new Map<string, CompiledPolicy | undefined>();
    private readonly objects = new Map<object, CompiledPolicy | undefined>();
    private readonly matches = new Map<string, Uint16Array>();
    private readonly examples = new Map<string, readonly string[]>();
    private readonly sets = new Map<string, ActionSet>();
    private readonly levelsOfActions = new Map<string, AccessLevel | undefined>();
    private readonly onService = new Map<string, ActionSet>();
    private readonly ofService = new Map<string, ActionSet>();

    /** The listed actions of each level. */
    readonly withLevel: Readonly<Record<AccessLevel, ActionSet>> = {
        read: this.setOf(({ level }) => level === "read"),
        write: this.setOf(({ level }) => level === "write"),
    };

    /** The listed actions of global services. */
    readonly globalActions: ActionSet = this.setOf(({ example }) => isGlobal(example));

    /** Reads a policy that is JSON text or an object. Undefined if it is not valid. */
    read(document: unknown): CompiledPolicy | undefined {
        return this.compile(readIdentityPolicy(document));
    }

    /** The same for a policy that other roles have too. */
    readShared(document: unknown): CompiledPolicy | undefined {
        const read = (): CompiledPolicy | undefined => this.read(document);
        return typeof document === "string"
            ? kept(this.texts, document, read, MOST_POLICIES)
            : isObject(document)
              ? kept(this.objects, document, read, MOST_POLICIES)
              : undefined;
    }

    /** Whether an action, in lower case, can be about resources with that service in their ARN. */
    isPossible(action: string, arnService: string): boolean {
        return this.levels.isAbout(action, arnService);
    }

    /** The listed actions that can be about resources with that service in their ARN. */
    actionsOn(arnService: string): ActionSet {
        return kept(this.onService, arnService, () =>
            this.setOf(({ example }) => this.levels.isAbout(example, arnService)),
        );
    }

    /** The listed actions of a service. */
    actionsOf(service: string): ActionSet {
        return kept(this.ofService, service, () => this.setOf(({ example }) => example.startsWith(`${service}:`)));
    }

    levelOf(action: string): AccessLevel | undefined {
        return kept(this.levelsOfActions, action, () => this.levels.levelOf(action));
    }

    emptySet(): ActionSet {
        return new Uint32Array(Math.ceil(this.actions.length / 32));
    }

    setOf(belongs: (action: ListedAction) => boolean): ActionSet {
        const set = this.emptySet();
        this.actions.forEach((action, i) => belongs(action) && put(set, i));
        return set;
    }

    /** The name of an action that is in both sets. Undefined if there is none. */
    commonTo(a: ActionSet, b: ActionSet): string | undefined {
        for (let w = 0; w < a.length; w++) {
            const both = a[w]! & b[w]!;
            if (both !== 0) {
                return this.actions[w * 32 + 31 - Math.clz32(both & -both)]!.name;
            }
        }
        return undefined;
    }

    /** Whether a listed action, in lower case, is in the set. */
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

    /** Actions that a pattern matches and that the list lacks. An action without wildcards is always included. */
    private examplesOf(pattern: string): readonly string[] {
        return kept(this.examples, pattern, () =>
            this.levels.examplesOf(pattern).filter((example) => !this.positions.has(example) || example === pattern),
        );
    }

    private setOfActions({ patterns, isNot }: Actions): ActionSet {
        return kept(this.sets, `${isNot ? "not " : ""}${patterns.join(" ")}`, () => {
            const set = this.emptySet();
            for (const pattern of patterns) {
                for (const i of this.matchesOf(pattern)) {
                    put(set, i);
                }
            }
            return isNot ? set.map((bits) => ~bits) : set;
        });
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

/** Global services: all their requests go to us-east-1. Source: AWS, "aws:RequestedRegion". */
const GLOBAL = /^(?:iam|organizations|route53|cloudfront|account):/;

/** Whether an action, in lower case, belongs to a global service. */
export function isGlobal(action: string): boolean {
    return GLOBAL.test(action);
}

/** Whether a statement covers an action, in lower case. */
export function isAbout(statement: CompiledStatement, action: string): boolean {
    return coversAction(statement.actions, action);
}

/** An unknown action of an unknown service. Only a statement for all actions covers it. */
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

/** The cached value of a key, computed on first use. */
function kept<K, T>(values: Map<K, T>, key: K, make: () => T, most = MOST_KEPT): T {
    const found = values.get(key);
    if (found !== undefined || values.has(key)) {
        return found!;
    }
    if (values.size >= most) {
        values.clear();
    }
    const made = make();
    values.set(key, made);
    return made;
}
