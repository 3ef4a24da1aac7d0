import { expect } from "chai";

import { proseProblems } from "../../../tools/prose/check";

/** Sentences as they once were in this repository, and what a reader stumbles over. */
const MARKED: readonly (readonly [string, string])[] = [
    ["The id stands on the project's page.", "appears, is listed, is set"],
    ["What is allowed but risky is a warning.", "a sentence that starts with its subject"],
    ["All of it is told before anything is created.", "reports, distinguishes"],
    ["STS says the same sentence for every job.", "returns, reports, prints, specify, document"],
    ["Each has a reason and the cure.", "fix"],
    ["The role admits branches only.", "allow, trust"],
    ["The job was refused.", "deny (a job), reject (an input), fail"],
    ["A certificate of an authority that nobody knows.", "CA"],
    ["The key set of the issuer.", "JWKS"],
    ["The issuer has an own domain.", "custom domain"],
    ["With your account's number.", "account ID"],
    ["The text is left out where it is empty.", "if, when"],
    ["It is cut, so that it fits.", "so"],
    ["IAM takes 64 characters.", "accepts, requires, reads"],
    ["It makes a role.", "creates, is, writes"],
    ["The role's own tags win over them.", "overrides, takes precedence"],
    ["The next run goes on.", "continues"],
    ["This brings it into force.", "apply"],
    ["The roles beside their ARNs.", "next to, in addition to"],
    ["Whoever takes over the path gets the role.", "anyone who, any"],
    ["A GitLab of your own has a url.", "self-managed GitLab"],
    ["Prints nothing secret, with tracing neither.", "also not"],
    [`${"word ".repeat(36)}end.`, "sentences of at most 35 words, not 37"],
];

const FINE: readonly string[] = [
    "The component creates a role and returns its ARN.",
    "Make sure that the branch is protected; run `make demo` first.",
    "A stand-in answers for AWS, and a standard term is used.",
    "It takes 25 seconds, and the change takes effect at once.",
    "The server answers with connection refused.",
    "A certificate authority signs it.",
    "What does AWS check?",
    "The value `refused` is code, and so is [`admit`](what-is-told.md).",
    "Neither a branch nor a tag is set.",
];

describe("Plain English", () => {
    for (const [sentence, write] of MARKED) {
        it(`marks: ${sentence.slice(0, 60)}`, () => {
            expect(proseProblems("page.md", sentence).map((problem) => problem.write)).to.include(write);
        });
    }

    for (const sentence of FINE) {
        it(`accepts: ${sentence}`, () => {
            expect(proseProblems("page.md", sentence)).to.deep.equal([]);
        });
    }

    it("reads paragraphs, lists, cells and headings of Markdown with their lines, and no code", () => {
        const page = [
            "---",
            "title: the cure",
            "---",
            "# The cure",
            "",
            "A paragraph with",
            "the cure.",
            "",
            "- an item: cure",
            "",
            "| a | cure |",
            "",
            "```sh",
            "cure",
            "```",
            "<!-- cure -->",
            "`cure`",
        ].join("\n");

        expect(proseProblems("page.md", page).map(({ line }) => line)).to.deep.equal([4, 6, 9, 11]);
    });

    it("reads comments and strings of TypeScript, and no names", () => {
        const source = [
            "/** The cure. */",
            "export const cure = 1; // a cure",
            'const key = "cure";',
            "const text = `the cure ${cure} is`;",
        ].join("\n");

        expect(proseProblems("file.ts", source).map(({ line }) => line)).to.deep.equal([1, 2, 4]);
    });

    it("reads the texts of elements in TSX", () => {
        const source = "export const element = (\n    <p class={cure}>\n        Read the cure here.\n    </p>\n);";
        expect(proseProblems("file.tsx", source)).to.have.length(1);
    });

    it("reads the descriptions of JSON", () => {
        expect(proseProblems("schema.json", '{\n  "description": "the cure",\n  "cure": "cure"\n}')).to.have.length(1);
    });
});
