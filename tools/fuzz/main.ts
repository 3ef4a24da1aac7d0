import { startEmulator } from "../emulator";
import { pythonTools } from "../setup/python";
import { compareWithEmulator } from "./emulator-comparison";
import { compareGuardrails } from "./guardrail-comparison";
import { compareWithOracle } from "./oracle-comparison";
import { seedOfRun } from "./random";

/** Some 20 seconds: the oracle is ten times as quick. */
const MOST_PAIRS_OF_EMULATOR = 20_000;

/** `N=100000 SEED=1 tsx tools/fuzz/main.ts`: how many pairs, and the seed of the random numbers; both can be left out. */
async function main(): Promise<void> {
    const pairs = Number(process.env["N"] ?? 20_000);
    if (!Number.isInteger(pairs) || pairs < 1) {
        throw new Error(`N is "${process.env["N"]!}". Use a whole number of pairs, 1 or more.`);
    }
    const seed = seedOfRun();
    console.log(`SEED=${String(seed)}`);
    const oracle = compareWithOracle({ pairs, seed });
    for (const difference of oracle.differences) {
        console.log(JSON.stringify(difference));
    }
    console.log(
        `oracle: ${String(oracle.compared)} pairs compared, ${percent(oracle.allowed, oracle.compared)} allowed, ` +
            `${String(oracle.unspecified)} unspecified and skipped, ${count(oracle.differences.length)}, ${oracle.seconds.toFixed(1)} s`,
    );
    const guarded = compareGuardrails({ pairs, seed });
    for (const difference of guarded.differences) {
        console.log(JSON.stringify(difference));
    }
    console.log(
        `guardrails: ${String(guarded.compared)} pairs compared, ${percent(guarded.trusted, guarded.compared)} allowed without the guardrail, ` +
            `${percent(guarded.allowed, guarded.compared)} under it, ${count(guarded.differences.length)}, ${guarded.seconds.toFixed(1)} s`,
    );
    const emulator = await compareWithStartedEmulator(Math.min(pairs, MOST_PAIRS_OF_EMULATOR), seed);
    if (emulator.difference !== undefined) {
        console.log(emulator.difference);
    }
    console.log(
        `emulator: ${String(emulator.pairs)} pairs compared, ${percent(emulator.allowed, emulator.pairs)} allowed, ` +
            `${count(emulator.difference === undefined ? 0 : 1)}, ${emulator.seconds.toFixed(1)} s`,
    );
    if (oracle.differences.length + guarded.differences.length > 0 || emulator.difference !== undefined) {
        process.exitCode = 1;
    }
}

async function compareWithStartedEmulator(
    pairs: number,
    seed: number,
): Promise<Awaited<ReturnType<typeof compareWithEmulator>>> {
    const { bin } = await pythonTools();
    const emulator = await startEmulator({ bin });
    try {
        return await compareWithEmulator({ emulator, pairs, seed });
    } finally {
        await emulator.stop();
    }
}

const percent = (part: number, whole: number): string => `${String(Math.round((100 * part) / whole))} %`;
const count = (differences: number): string =>
    differences === 1 ? "1 difference" : `${String(differences)} differences`;

void main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
});
