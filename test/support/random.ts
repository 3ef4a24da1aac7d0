import fc from "fast-check";
import { seedOfRun } from "../../tools/fuzz/random";

// Loaded by mocha before the tests (.mocharc.json), so that `SEED=1 make test` repeats every random test. One that fails says the
// seed: fast-check does in its message, and what has random numbers of its own prints SEED.

/** Where the random numbers of this run begin. */
export const SEED = seedOfRun();

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: SEED });
