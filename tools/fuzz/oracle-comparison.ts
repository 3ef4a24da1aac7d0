import { explainTrust } from "../../provider/operations/trust";
import { allows, type Truth } from "./oracle";
import { Random } from "./random";
import { providerArn, scenario, type Case } from "./scenario";

export interface OracleOptions {
    /** How many pairs of policy and call to compare: those that the oracle decides. */
    readonly pairs: number;
    readonly seed: number;
    /** Where to stop. Default: 10. */
    readonly mostDifferences?: number;
    /** Whether a case is allowed, by what is compared. Default: `explainTrust`. */
    readonly ask?: Ask;
}

type Ask = (made: Case) => boolean;

export interface OracleResult {
    readonly compared: number;
    readonly allowed: number;
    /** Pairs on which AWS's documentation does not decide; only that this package answers is checked of them. */
    readonly unspecified: number;
    readonly seconds: number;
    /** With nothing left in the cases that can be left out. */
    readonly differences: readonly Difference[];
}

/** What the two say of a case; `explainTrust` takes the case as it is. */
export interface Difference {
    readonly case: Case;
    readonly oracle: Truth;
    /** Whether this package allows it, or the error that it threw. */
    readonly ours: boolean | string;
}

/** Asks this package and the oracle about the same random trust policies and calls. */
export function compareWithOracle({
    pairs,
    seed,
    mostDifferences = 10,
    ask = (made) => explainTrust(made).allowed,
}: OracleOptions): OracleResult {
    const begin = performance.now();
    const random = new Random(seed);
    const differences: Difference[] = [];
    let [compared, allowed, unspecified] = [0, 0, 0];
    while (compared < pairs && differences.length < mostDifferences) {
        const cases = scenario(random);
        for (const oracle of cases.map(askOracle)) {
            unspecified += Number(oracle === undefined);
            compared += Number(oracle !== undefined);
            allowed += Number(oracle === true);
        }
        const different = cases.find((made) => differs(compare(made, ask)));
        if (different !== undefined) {
            differences.push(smallest(different, ask));
        }
    }
    return { compared, allowed, unspecified, seconds: (performance.now() - begin) / 1000, differences };
}

function askOracle({ trustPolicy, claims, context }: Case): Truth {
    const issuer = claims.iss.slice("https://".length);
    return allows(trustPolicy, { issuer, providerArn: providerArn(issuer), claims, context });
}

function compare(made: Case, ask: Ask): Difference {
    const oracle = askOracle(made);
    try {
        return { case: made, oracle, ours: ask(made) };
    } catch (error) {
        return { case: made, oracle, ours: String(error) };
    }
}

function differs({ oracle, ours }: Difference): boolean {
    return typeof ours === "string" || (oracle !== undefined && oracle !== ours);
}

/** What is left of a case when nothing more can be taken out of it without the two agreeing. */
function smallest(made: Case, ask: Ask): Difference {
    for (const smaller of reductions(made) as Iterable<Case>) {
        if (differs(compare(smaller, ask))) {
            return smallest(smaller, ask);
        }
    }
    return compare(made, ask);
}

type Json = string | number | boolean | readonly Json[] | { readonly [name: string]: Json };

/** What a call or a statement has to have. */
const KEPT = [
    "trustPolicy",
    "Statement",
    "Effect",
    "Principal",
    "claims",
    "iss",
    "context",
    "aws:CurrentTime",
    "aws:EpochTime",
];

/** The value with one element or property less, at any depth. */
function* reductions(value: unknown): Iterable<unknown> {
    if (Array.isArray(value)) {
        const elements = value as readonly Json[];
        for (const [i, element] of elements.entries()) {
            const others = [elements.slice(0, i), elements.slice(i + 1)] as const;
            if (elements.length > 1) {
                yield others.flat();
            }
            for (const smaller of reductions(element)) {
                yield [...others[0], smaller, ...others[1]];
            }
        }
    } else if (typeof value === "object" && value !== null) {
        const entries = Object.entries(value);
        for (const [name, element] of entries) {
            const isAction = name === "Action" || name === "NotAction";
            if (!KEPT.includes(name) && !isAction && !(entries.length === 1 && typeof element !== "object")) {
                yield Object.fromEntries(entries.filter(([other]) => other !== name));
            }
            for (const smaller of reductions(element)) {
                yield Object.fromEntries(entries.map(([other, kept]) => [other, other === name ? smaller : kept]));
            }
        }
    }
}
