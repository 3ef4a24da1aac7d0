import { expect } from "chai";
import { startEmulator, type Emulator } from "../../../tools/emulator";
import { compareWithEmulator } from "../../../tools/fuzz/differential";
import { pythonTools } from "../../../tools/setup/python";

const PAIRS = 2_100;

describe("random policies and tokens, here and in the emulator", function () {
    this.timeout(300_000);
    let emulator: Emulator;

    before(async function () {
        this.timeout(600_000); // on a machine's first run the tools are installed here
        const { bin } = await pythonTools();
        emulator = await startEmulator({ bin });
    });

    after(() => emulator.stop());

    it("come out the same, policy by policy and token by token", async () => {
        const seed = Number(process.env["SEED"] ?? Date.now() % 0x7fffffff);
        const { pairs, allowed, seconds, difference } = await compareWithEmulator({ emulator, pairs: PAIRS, seed });
        const share = allowed / pairs;
        console.log(
            `      ${String(pairs)} pairs, ${(100 * share).toFixed(0)} % allowed, ${seconds.toFixed(1)} s, seed ${String(seed)}`,
        );
        expect(difference).to.equal(undefined);
        expect(pairs).to.be.at.least(2_000);
        expect(share).to.be.within(0.2, 0.8);
    });
});
