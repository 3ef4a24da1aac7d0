import type { IssuerCheck, IssuerCheckStatus } from "../contract/types";
import { CHECK_IDS, isOfToken, type CheckId } from "./checks";
import type { Problem } from "../oidc/problem";

/** The result of a check. */
export interface Outcome<Id extends string = CheckId> {
    readonly id: Id;
    readonly status: IssuerCheckStatus;
    readonly message: string;
    readonly fix?: string;
}

/** Collects the results of checks, one for each check. */
export class Results {
    private readonly outcomes = new Map<CheckId, Outcome>();

    /** @param report Called with each result as soon as it is known. */
    constructor(private readonly report: (outcome: Outcome) => void) {}

    add(...outcomes: readonly Outcome[]): void {
        for (const outcome of outcomes.filter(({ id }) => !this.outcomes.has(id))) {
            this.outcomes.set(outcome.id, outcome);
            this.report(outcome);
        }
    }

    /** The problems that some checks found. A check without a problem passes, with the given message. */
    addRead<Id extends CheckId>(problems: readonly Problem<Id>[], passed: Readonly<Record<Id, string>>): void {
        for (const id of Object.keys(passed) as Id[]) {
            const own = problems.filter((problem) => problem.id === id);
            this.add(own.length === 0 ? { id, status: "pass", message: passed[id] } : merged(id, own));
        }
    }

    /** The first of the checks that failed. */
    failed(ids: readonly CheckId[]): CheckId | undefined {
        return ids.find((id) => this.outcomes.get(id)?.status === "fail");
    }

    /** All checks in order. A check without a result was skipped, because the given check failed. */
    all(hasToken: boolean, because: CheckId | undefined): readonly IssuerCheck[] {
        return CHECK_IDS.filter((id) => hasToken || !isOfToken(id)).map(
            (id) => this.outcomes.get(id) ?? { id, ...notMade(because) },
        );
    }
}

/** The result of a check that was skipped because another one failed. */
export function notMade(because: CheckId | undefined): Omit<Outcome, "id"> {
    return {
        status: "skipped",
        message: because === undefined ? "Skipped." : `Skipped: \`${because}\` failed.`,
    };
}

/** Several problems of one check: the worst status, all messages, each fix once. */
export function merged(id: CheckId, problems: readonly Pick<Problem, "status" | "message" | "fix">[]): Outcome {
    const worst = problems.some(({ status }) => status === "fail") ? "fail" : "warn";
    const shown = problems.slice(0, 5);
    const more = problems.length - shown.length;
    return {
        id,
        status: worst,
        message: [...shown.map(({ message }) => message), ...(more > 0 ? [`And ${String(more)} more.`] : [])].join(" "),
        fix: [...new Set(shown.map(({ fix }) => fix))].join(" "),
    };
}
