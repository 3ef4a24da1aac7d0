import { startEmulator } from "../emulator";
import { pythonTools } from "../setup/python";
import { compareWithEmulator } from "./differential";

/** `N=100000 SEED=1 tsx tools/fuzz/main.ts`: how many pairs, and the seed of the random numbers; both can be left out. */
async function main(): Promise<void> {
    const pairs = Number(process.env["N"] ?? 20_000);
    const seed = Number(process.env["SEED"] ?? Date.now() % 0x7fffffff);
    if (!Number.isInteger(pairs) || pairs < 1 || !Number.isInteger(seed)) {
        throw new Error("N and SEED are whole numbers.");
    }
    const { bin } = await pythonTools();
    const emulator = await startEmulator({ bin });
    try {
        const result = await compareWithEmulator({ emulator, pairs, seed });
        if (result.difference !== undefined) {
            console.log(result.difference);
            process.exitCode = 1;
        }
        const share = Math.round((100 * result.allowed) / result.pairs);
        console.log(
            `${String(result.pairs)} pairs of ${String(result.policies)} policies, ${String(share)} % allowed, ` +
                `${result.difference === undefined ? "no" : "a"} difference, ${result.seconds.toFixed(1)} s, seed ${String(seed)}`,
        );
    } finally {
        await emulator.stop();
    }
}

void main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
});
