import { documentationOf } from "./documentation";
import { RULES, type RuleId } from "./rules";
import type { Finding } from "./types";

/** The result of a rule for one value: a finding without its path. */
export interface Verdict {
    readonly id: RuleId;
    readonly message: string;
    readonly fix: string;
}

/** A finding, with the severity of its rule. */
export function findingOf(id: RuleId, path: string, message: string, fix: string): Finding {
    return { id, severity: RULES[id], path, message, fix };
}

/** Collects findings, to report all of them together. */
export class Findings {
    private readonly found: Finding[] = [];

    add(id: RuleId, path: string, message: string, fix: string): void {
        this.found.push(findingOf(id, path, message, fix));
    }

    addAll(findings: readonly Finding[]): void {
        for (const finding of findings) {
            this.found.push(finding);
        }
    }

    get errors(): readonly Finding[] {
        return this.found.filter((f) => f.severity === "error");
    }

    get warnings(): readonly Finding[] {
        return this.found.filter((f) => f.severity === "warning");
    }
}

/** Invalid inputs: `findings` has every problem, the message is the first 100 of them as text. */
export class InvalidInputsError extends Error {
    /** Distinguishes it from other errors if `instanceof` cannot. */
    override readonly name = "InvalidInputsError";

    /**
     * Puts the findings into words.
     *
     * @param findings Every problem, in the order of the inputs.
     */
    constructor(
        /** Every problem, in the order of the inputs. */
        readonly findings: readonly Finding[],
    ) {
        super(describe(findings));
    }
}

/** Throws InvalidInputsError with the errors, if there are any. */
export function throwErrors({ errors }: Findings): void {
    if (errors.length > 0) {
        throw new InvalidInputsError(errors);
    }
}

/** The problem, the fix and the ID of a finding, without its path; the next line is the address of the rule, after the indent. */
export function reasonText({ message, fix, id }: Pick<Finding, "message" | "fix" | "id">, indent = "    "): string {
    return `${message} ${fix} [${id}]\n${indent}${documentationOf(id)}`;
}

/** Findings that a message lists. More would push the first of them out of sight. */
const MOST_LISTED = 100;

/** One line per finding, each followed by the address of its rule, after a line with their number. Of very many, the first. */
export function describe(findings: readonly Finding[]): string {
    const lines = findings
        .slice(0, MOST_LISTED)
        .map((f) => `  - ${f.path === "" ? "" : `${f.path}: `}${reasonText(f, "      ")}`);
    const more = findings.length - MOST_LISTED;
    return [
        `${String(findings.length)} problem${findings.length === 1 ? "" : "s"} with the inputs:`,
        ...lines,
        ...(more > 0 ? [`  - and ${String(more)} more`] : []),
    ].join("\n");
}
