import { expect } from "chai";
import { buildTrustPolicy, InvalidInputsError, type Conditions, type Subject } from "pulumi-aws-gitlab-oidc/trust";

const PROVIDER = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
const MAIN: Subject = { project: "mygroup/myproject", projectId: "4711", branch: "main" };

/** Path, id and message of each error. */
function errors(conditions: Conditions, ...subjects: readonly Subject[]): readonly string[] {
    try {
        buildTrustPolicy({ providerArn: PROVIDER, subjects, conditions });
        return [];
    } catch (error) {
        expect(error).to.be.instanceOf(InvalidInputsError);
        return (error as InvalidInputsError).findings.map(({ path, id, message }) => `${path} ${id} ${message}`);
    }
}

describe("conditions beside subjects", () => {
    const ID = "gitlab.com:project_id";
    const OF_SUBJECT = `condition-conflict leaves no value of "${ID}" that \`subjects[0]\` allows: no job can meet both.`;
    const PROTECTED = "gitlab.com:ref_protected";

    const CONTRADICTIONS: readonly (readonly [what: string, Conditions, Subject, expected: readonly string[]])[] = [
        [
            "another id under StringLike",
            { StringLike: { [ID]: ["12"] } },
            MAIN,
            [`conditions["StringLike"]["${ID}"] ${OF_SUBJECT}`],
        ],
        [
            "another id under StringEqualsIgnoreCase",
            { StringEqualsIgnoreCase: { [ID]: ["12", "13"] } },
            MAIN,
            [`conditions["StringEqualsIgnoreCase"]["${ID}"] ${OF_SUBJECT}`],
        ],
        [
            "the subject's id under StringNotEquals",
            { StringNotEquals: { [ID]: ["12", "4711"] } },
            MAIN,
            [`conditions["StringNotEquals"]["${ID}"] ${OF_SUBJECT}`],
        ],
        [
            "a protected ref that may not be one",
            { StringNotLike: { [PROTECTED]: ["true"] } },
            { ...MAIN, refProtected: true },
            [
                `conditions["StringNotLike"]["${PROTECTED}"] condition-conflict leaves no value of "${PROTECTED}" that \`subjects[0]\` allows: no job can meet both.`,
            ],
        ],
        [
            "two conditions that exclude each other",
            { StringEquals: { [PROTECTED]: ["true"] }, StringLike: { "GitLab.com:REF_PROTECTED": ["false"] } },
            MAIN,
            [
                'conditions["StringLike"]["GitLab.com:REF_PROTECTED"] condition-conflict leaves no value of "GitLab.com:REF_PROTECTED" that the other conditions on it allow: no job can meet both.',
            ],
        ],
        ["the subject's own id", { StringLike: { [ID]: ["4711"] } }, MAIN, []],
        ["other ids under StringNotEquals", { StringNotEquals: { [ID]: ["12", "13"] } }, MAIN, []],
        [
            "a claim that the subject does not name",
            { StringLike: { [PROTECTED]: ["true"] }, StringNotEquals: { "gitlab.com:user_id": ["7"] } },
            MAIN,
            [],
        ],
    ];

    for (const [what, conditions, subject, expected] of CONTRADICTIONS) {
        it(`${what}: ${expected.length === 0 ? "taken" : "rejected"}`, () => {
            expect(errors(conditions, subject)).to.deep.equal(expected);
        });
    }

    it("one subject of two that cannot meet a condition is rejected", () => {
        expect(
            errors({ StringNotEquals: { [ID]: ["12"] } }, MAIN, {
                project: "mygroup/other",
                projectId: "12",
                branch: "main",
            }),
        ).to.deep.equal([
            `conditions["StringNotEquals"]["${ID}"] condition-conflict leaves no value of "${ID}" that \`subjects[1]\` allows: no job can meet both.`,
        ]);
    });

    describe("with 20,000 values", () => {
        const ids = (from: number): readonly string[] => Array.from({ length: 20_000 }, (_, i) => String(from + i));
        const together = `conditions["StringLike"]["${ID}"] condition-conflict leaves no value of "${ID}" that the other conditions on it allow: no job can meet both.`;
        const rows: readonly (readonly [what: string, Conditions, expected: readonly string[]])[] = [
            ["two lists without a common id", { StringLike: { [ID]: ids(40_000) } }, [together]],
            ["two lists with one common id", { StringLike: { [ID]: ids(29_999) } }, []],
            [
                "a list that allows nothing of another",
                { StringNotEquals: { [ID]: ids(10_000) }, StringLike: { [ID]: ids(10_000) } },
                [together],
            ],
            [
                "a list that ignores case",
                { StringNotEqualsIgnoreCase: { [ID]: ids(10_000) }, StringLike: { [ID]: ids(10_000) } },
                [together],
            ],
        ];
        for (const [what, conditions, expected] of rows) {
            it(`${what}: ${expected.length === 0 ? "taken" : "rejected"}`, () => {
                const subject = { project: "mygroup/myproject", branch: "main" };
                const found = errors({ StringEquals: { [ID]: ids(10_000) }, ...conditions }, subject);
                expect(found.filter((error) => error.includes(" condition-conflict "))).to.deep.equal(expected);
            });
        }

        it("numbers are not compared one by one: the operator is rejected", () => {
            const conditions = { StringEquals: { [ID]: ids(10_000) }, NumericEquals: { [ID]: ids(40_000) } };
            const found = errors(conditions, { project: "mygroup/myproject", branch: "main" });
            expect(found.map((error) => error.split(" ")[1])).to.include("condition-operator");
        });
    });
});
