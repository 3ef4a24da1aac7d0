import { expect } from "chai";
import { buildOrganizationGuardrail, explainTrust } from "../../../provider/operations/trust";
import { startEmulator, type Emulator } from "../../../tools/emulator";
import { compareWithEmulator } from "../../../tools/fuzz/emulator-comparison";
import { compareGuardrails } from "../../../tools/fuzz/guardrail-comparison";
import { compareWithOracle } from "../../../tools/fuzz/oracle-comparison";
import { Random } from "../../../tools/fuzz/random";
import { scenario } from "../../../tools/fuzz/scenario";
import { pythonTools } from "../../../tools/setup/python";
import { SEED } from "../../support/random";

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

describe("random policies and calls, here and in the oracle", () => {
    it("come out the same wherever AWS's documentation decides", () => {
        const { compared, allowed, unspecified, seconds, differences } = compareWithOracle({
            pairs: 20_000,
            seed: SEED,
        });
        const share = allowed / compared;
        console.log(
            `      ${String(compared)} pairs, ${percent(share)} allowed, ${String(unspecified)} unspecified, ${seconds.toFixed(1)} s, SEED=${String(SEED)}`,
        );
        expect(differences).to.deep.equal([]);
        expect(share).to.be.within(0.3, 0.6);
        expect(unspecified / compared).to.be.below(0.1);
    });

    it("have every operator, with every set operator and IfExists", () => {
        const random = new Random(SEED);
        const seen = new Set<string>();
        for (let i = 0; i < 20_000; i++) {
            const statements = [(scenario(random)[0]!.trustPolicy as { Statement: object }).Statement].flat();
            for (const { Condition: block = {} } of statements as readonly { Condition?: object }[]) {
                Object.keys(block).forEach((operator) => seen.add(operator));
            }
        }
        const operators = [
            ...["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"],
            ...["StringLike", "StringNotLike", "ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"],
            ...["NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals"],
            ...["NumericGreaterThan", "NumericGreaterThanEquals", "DateEquals", "DateNotEquals", "DateLessThan"],
            ...["DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals", "Bool", "BinaryEquals"],
            ...["IpAddress", "NotIpAddress"],
        ];
        const all = operators.flatMap((operator) =>
            ["", "ForAllValues:", "ForAnyValue:"].flatMap((set) =>
                ["", "IfExists"].map((end) => `${set}${operator}${end}`),
            ),
        );
        expect([...seen].sort()).to.deep.equal([...all, "Null"].sort());
    });

    describe("show a mistake in the reading of", () => {
        for (const [what, from, to] of [
            ["Deny", '"Deny"', '"Allow"'],
            ["NotAction", '"NotAction"', '"Action"'],
            ["wildcards of actions", "sts:AssumeRole*", "sts:AssumeRole"],
            ['"*" of Principal', '"Principal":"*"', '"Principal":{"AWS":"111122223333"}'],
            ["several principals", /,"arn:aws:iam::111122223333:oidc-provider\/[^"]*"\]/g, "]"],
            ["the version that is left out", '{"Statement"', '{"Version":"2012-10-17","Statement"'],
            ["version 2008-10-17", "2008-10-17", "2012-10-17"],
            ["ForAnyValue", "ForAnyValue:", "ForAllValues:"],
            ["ForAllValues", "ForAllValues:", "ForAnyValue:"],
            ["IfExists", "IfExists", ""],
            ["Null", '"Null":{', '"StringEquals":{'],
            ["StringEqualsIgnoreCase", "EqualsIgnoreCase", "Equals"],
            ["StringEquals with a wildcard", "StringEquals", "StringLike"],
            ["StringNotLike", "StringNotLike", "StringNotEquals"],
            ["the parts of ARNs", /Arn(Not)?(?:Equals|Like)/g, "String$1Like"],
            ["NumericEquals", "NumericEquals", "StringEquals"],
            ["NumericLessThanEquals", "NumericLessThanEquals", "NumericLessThan"],
            ["NumericGreaterThan", /NumericGreaterThan(?!Equals)/g, "NumericGreaterThanEquals"],
            ["DateEquals", "DateEquals", "StringEquals"],
            ["DateLessThan", /DateLessThan(?!Equals)/g, "DateLessThanEquals"],
            ["NotIpAddress", "NotIpAddress", "IpAddress"],
            ["prefixes of networks", /\/\d+"/g, '/32"'],
            ["Bool", '"Bool":{', '"Null":{'],
            ["${*}", "${*}", "*"],
            ["variables", /\$\{(\w)/g, "$ {$1"],
            ["default values", /, '[^']*'\}/g, "}"],
            ["gitlab.com's own keys", "gitlab.com:pipeline_source", "gitlab.com:sub"],
        ] as const) {
            it(what, () => {
                const { differences } = compareWithOracle({
                    pairs: 40_000,
                    seed: 1, // what is rare may not be in every 40,000
                    mostDifferences: 1,
                    ask: (made) => {
                        const wrong = JSON.stringify(made.trustPolicy).replaceAll(from, to);
                        return explainTrust({ ...made, trustPolicy: JSON.parse(wrong) as object }).allowed;
                    },
                });
                expect(differences).to.have.length(1);
            });
        }
    });

    it("come with the smallest case that still shows the difference", () => {
        const { differences } = compareWithOracle({
            pairs: 1_000,
            seed: 1,
            mostDifferences: 1,
            ask: ({ trustPolicy }) => JSON.stringify(trustPolicy).includes("Allow"),
        });
        const [{ case: found, ...answers }] = differences as [(typeof differences)[0]];
        const { Statement: statements } = found.trustPolicy as { Statement: unknown };
        expect(answers).to.deep.equal({ oracle: false, ours: true });
        expect([statements].flat()).to.have.length(1);
        expect(Object.keys(found.claims)).to.deep.equal(["iss"]);
        expect(Object.keys(found.context)).to.deep.equal(["aws:CurrentTime", "aws:EpochTime"]);
    });

    it("report what is thrown, also where the documentation does not decide", () => {
        const { differences } = compareWithOracle({
            pairs: 10,
            seed: SEED,
            mostDifferences: 1,
            ask: () => {
                throw new Error("no answer");
            },
        });
        expect(differences[0]!.ours).to.equal("Error: no answer");
    });
});

describe("random trust policies and calls under random guardrails", () => {
    it("get in only within the guardrail, and there as the trust policy decides, here and in the oracle", () => {
        const { compared, trusted, allowed, seconds, differences } = compareGuardrails({ pairs: 5_000, seed: SEED });
        const share = allowed / trusted;
        console.log(
            `      ${String(compared)} pairs, ${percent(share)} of those that the trust policy allows, ${seconds.toFixed(1)} s, SEED=${String(SEED)}`,
        );
        expect(differences).to.deep.equal([]);
        expect(trusted / compared).to.be.within(0.3, 0.6);
        expect(share).to.be.within(0.15, 0.5);
    });

    describe("show a mistake in the document", () => {
        for (const [what, from, to] of [
            [
                "sub and audience in one statement",
                /},"StringNotLike"(.*?)}},\{"Sid":"GitLabAudiences".*?"StringNotEquals"/,
                ',"StringNotLike"$1},"StringNotEquals"',
            ],
            ["tokens of other issuers are denied too", /"Null":\{"[^"]*:sub":"false"\},/g, ""],
            ["StringLike for a positive list", "StringNotLike", "StringLike"],
            ["a group without its slash", /\/\*(?=["\]])/g, "*"],
            ["a project ID without its colon", /(project_id:\d+):\*/g, "$1*"],
            ["an audience compared without its case", "StringNotEquals", "StringNotEqualsIgnoreCase"],
            ["Resource in place of NotResource", "NotResource", "Resource"],
            ["another issuer that is not named", /"Null":\{"[^}]*":"true"\}/g, '"Null":{"gitlab.com:sub":"true"}'],
        ] as const) {
            it(what, () => {
                const { differences } = compareGuardrails({
                    pairs: 5_000,
                    seed: 1,
                    documentOf: (inputs) => buildOrganizationGuardrail(inputs).json.replace(from, to),
                });
                expect(differences).to.not.deep.equal([]);
            });
        }
    });
});

describe("random policies and tokens, here, in the oracle and in the emulator", () => {
    let emulator: Emulator;

    before(async function () {
        this.timeout(600_000); // on a machine's first run the tools are installed here
        const { bin } = await pythonTools();
        emulator = await startEmulator({ bin });
    });

    after(() => emulator.stop());

    it("come out the same, policy by policy and token by token", async () => {
        const { pairs, allowed, seconds, difference } = await compareWithEmulator({
            emulator,
            pairs: 2_100,
            seed: SEED,
        });
        const share = allowed / pairs;
        console.log(
            `      ${String(pairs)} pairs, ${percent(share)} allowed, ${seconds.toFixed(1)} s, SEED=${String(SEED)}`,
        );
        expect(difference).to.equal(undefined);
        expect(pairs).to.be.at.least(2_000);
        expect(share).to.be.within(0.2, 0.8);
    });
});
