import { parse } from "yaml";

export interface Job {
    readonly id_tokens: Readonly<Record<string, { readonly aud: string }>>;
    readonly before_script?: readonly string[];
    readonly script?: readonly string[];
}

export function jobsOf(yaml: string): Readonly<Record<string, Job>> {
    return parse(yaml) as Record<string, Job>;
}

/** The lines of a job's scripts one after the other, as runners run them. */
export function scriptOf(yaml: string, job: string): string {
    const { before_script = [], script = [] } = jobsOf(yaml)[job]!;
    return `${[...before_script, ...script].join("\n")}\n`;
}

/** A component's template as its two documents, the inputs and what is made of them. */
export function documentsOf(template: string): readonly [header: string, body: string] {
    const [header, body, ...others] = template.split("\n---\n");
    if (body === undefined || others.length > 0) {
        throw new Error("a template has two documents");
    }
    return [`${header!}\n`, body];
}

interface Header {
    readonly spec: {
        readonly inputs: Readonly<Record<string, { readonly default: unknown; readonly regex?: string }>>;
    };
}

/** What GitLab makes of a component: it puts the inputs, or their defaults, into the text, and only then reads it. */
export function withInputs(template: string, given: Readonly<Record<string, unknown>> = {}): string {
    const [header, body] = documentsOf(template);
    const { inputs } = (parse(header) as Header).spec;
    return body.replace(/\$\[\[\s*(\S.*?\S)\s*\]\]/g, (_, name: string) => {
        const input = inputs[name.replace(/^inputs\./, "")];
        if (input === undefined || !name.startsWith("inputs.")) {
            throw new Error(`unknown interpolation key: ${name}`);
        }
        const value = given[name.slice("inputs.".length)] ?? input.default;
        if (typeof value !== "string") {
            return JSON.stringify(value);
        }
        if (!new RegExp(input.regex ?? "").test(value)) {
            throw new Error(`${name}: ${value} does not match ${input.regex!}`);
        }
        return value;
    });
}
