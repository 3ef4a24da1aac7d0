import { RULES, type RuleId } from "./rules";
import type { Finding } from "./types";

/** What a rule says about a value: a finding without its place. */
export interface Verdict {
    readonly id: RuleId;
    readonly message: string;
    readonly fix: string;
}

/** Collects findings, so that all of them are reported together. */
export class Findings {
    private readonly found: Finding[] = [];

    add(id: RuleId, path: string, message: string, fix: string): void {
        this.found.push({ id, severity: RULES[id], path, message, fix });
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

/** Inputs that are refused: `findings` has every problem, the message is all of them as text. */
export class InvalidInputsError extends Error {
    /** What tells it from other errors where `instanceof` cannot. */
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

/** What and why, and the fix: a finding without its path. */
export function reasonText({ message, fix, id }: Pick<Finding, "message" | "fix" | "id">): string {
    return `${message} ${fix} [${id}]`;
}

/** One line a finding, behind a line that counts them. */
export function describe(findings: readonly Finding[]): string {
    const lines = findings.map((f) => `  - ${f.path === "" ? "" : `${f.path}: `}${reasonText(f)}`);
    return [`${String(findings.length)} problem${findings.length === 1 ? "" : "s"} with the inputs:`, ...lines].join(
        "\n",
    );
}
