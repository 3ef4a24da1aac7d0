import { parse } from "yaml";

export interface Job {
    readonly id_tokens: Readonly<Record<string, { readonly aud: string }>>;
    readonly script: readonly string[];
}

export function jobsOf(yaml: string): Readonly<Record<string, Job>> {
    return parse(yaml) as Record<string, Job>;
}

/** The lines of a job's script one after the other, as runners run them. */
export function scriptOf(yaml: string, job: string): string {
    return `${jobsOf(yaml)[job]!.script.join("\n")}\n`;
}
