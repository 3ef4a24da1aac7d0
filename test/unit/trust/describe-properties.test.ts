import { expect } from "chai";
import { InvalidInputsError } from "../../../provider/contract/findings";
import { buildTrustPolicy, describeTrustPolicy } from "../../../provider/operations/trust";
import { parseTrustPolicy } from "../../../provider/trust/document";
import { evaluate } from "../../../provider/trust/evaluate";
import { Random } from "../../../tools/fuzz/random";
import { callFor, changedPolicy, type Call, type Policy } from "../../support/foreign";
import { inputsOf, randomInputs } from "../../support/inputs";
import { SEED } from "../../support/random";

/** The policy of random inputs; undefined if they contradict each other. */
function randomPolicy(random: Random): string | undefined {
    try {
        return buildTrustPolicy(randomInputs(random)).json;
    } catch (error) {
        expect((error as InvalidInputsError).findings.map((f) => f.id)).to.include("condition-conflict");
        return undefined;
    }
}

function isAllowed(policy: unknown, issuer: string, context: Call): boolean {
    const { statements, findings } = parseTrustPolicy(policy);
    expect(findings).to.deep.equal([]);
    return evaluate(statements, { issuer, context }).allowed;
}

const ROUNDS = 4000;

describe("describeTrustPolicy, random policies", function () {
    this.timeout(1_200_000);

    it(`of this package: the description leads to the same bytes (SEED=${String(SEED)})`, () => {
        let policies = 0;
        for (let round = 0; round < ROUNDS; round++) {
            const json = randomPolicy(new Random(SEED + round));
            if (json !== undefined) {
                policies += 1;
                const described = describeTrustPolicy({ trustPolicy: json });
                expect(described.unexplained, json).to.deep.equal([]);
                expect(buildTrustPolicy(inputsOf(described)).json, `SEED=${String(SEED + round)}`).to.equal(json);
            }
        }
        expect(policies).to.be.greaterThan(ROUNDS / 2);
    });

    it(`of anybody: the description never allows more, and allows the same if nothing is unexplained (SEED=${String(SEED)})`, () => {
        const seen = { described: 0, whole: 0, allowed: 0, denied: 0 };
        for (let round = 0; round < ROUNDS; round++) {
            const random = new Random(SEED + round);
            const json = randomPolicy(random);
            const policy = json === undefined ? undefined : changedPolicy(random, JSON.parse(json) as Policy);
            if (policy === undefined || parseTrustPolicy(policy).findings.length > 0) {
                continue;
            }
            const described = describeTrustPolicy({ trustPolicy: policy });
            const isWhole = described.unexplained.length === 0;
            if (described.subjects.length === 0) {
                expect(isWhole, JSON.stringify(policy)).to.equal(false);
                continue;
            }
            const again = buildTrustPolicy(inputsOf(described)).json;
            const issuer = described.url!.slice("https://".length);
            seen.described += 1;
            seen.whole += isWhole ? 1 : 0;
            for (let left = 6; left > 0; left--) {
                const call = callFor(random, issuer, [policy, JSON.parse(again) as Policy]);
                const [before, after] = [policy, again].map((p) => isAllowed(p, issuer, call));
                const what = `SEED=${String(SEED + round)}\n${JSON.stringify(policy)}\n${again}\n${JSON.stringify([...call])}`;
                expect(after === true && before === false, what).to.equal(false);
                expect(isWhole && after !== before, what).to.equal(false);
                seen.allowed += after === true ? 1 : 0;
                seen.denied += before === false ? 1 : 0;
            }
        }
        for (const [what, count] of Object.entries(seen)) {
            expect(count, what).to.be.greaterThan(ROUNDS / 20);
        }
    });
});
