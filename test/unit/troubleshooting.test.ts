import { expect } from "chai";
import { awsWords } from "../../provider/issuer/aws-words";
import { CALLS } from "../../provider/operations/calls";
import { CHECK_IDS } from "../support/checks";
import { pageText } from "../support/pages";

const PAGE = "docs/troubleshooting.md";
const headings = Array.from(pageText(PAGE).matchAll(/^## (.*)$/gm), ([, heading]) => heading!);

/** AWS's own words in what this package prints: without the operation, and what follows a colon or full stop. */
const wordsOf = (message: string): string => message.replace(/^.* operation: /, "").split(/[:.,] | \(/)[0]!;

describe(PAGE, () => {
    it("has a heading for what AWS returns because of each check", () => {
        for (const id of CHECK_IDS) {
            const message = awsWords([{ id, status: "fail", message: "" }], "https://gitlab.com")!;
            const words = wordsOf(message).replace("the token's issuer", "https://gitlab.com");
            expect(
                headings.some((heading) => heading.includes(words)),
                `${id}: ${words}`,
            ).to.equal(true);
        }
    });

    const TRUST_POLICY = {
        Statement: {
            Effect: "Allow",
            Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/gitlab.com" },
            Action: "sts:AssumeRoleWithWebIdentity",
            Condition: { StringEquals: { "gitlab.com:aud": "https://gitlab.com", "gitlab.com:sub": "x" } },
        },
    };
    const CLAIMS = { iss: "https://gitlab.com", aud: "https://gitlab.com", sub: "y" };
    const DENIED: Readonly<Record<string, object>> = {
        "Not authorized to perform sts:AssumeRoleWithWebIdentity": CLAIMS,
        "Token audience contains more than one audience while authorized party is not present": {
            ...CLAIMS,
            aud: ["https://gitlab.com", "https://example.com"],
        },
    };
    for (const [heading, claims] of Object.entries(DENIED)) {
        it(`has the words of explain: ${heading}`, () => {
            const { error } = CALLS.explainTrust({ trustPolicy: TRUST_POLICY, claims } as never);
            expect(error).to.contain(heading);
            expect(headings).to.include(heading);
        });
    }

    it("gives for each message the cause, how to find out and the fix", () => {
        const sections = pageText(PAGE).split(/^## /m).slice(1);
        for (const section of sections.filter((one) => !one.startsWith("Explain a denied job"))) {
            const parts = Array.from(section.matchAll(/^\*\*(Cause|Find out|Fix):\*\* \S/gm), ([, part]) => part);
            expect(parts, section.split("\n")[0]).to.deep.equal(["Cause", "Find out", "Fix"]);
        }
    });

    it("lists every heading at its beginning, in order", () => {
        const links = pageText(PAGE)
            .split(/^## /m)[0]!
            .matchAll(/^- \[(.*)\]\(#/gm);
        expect(Array.from(links, ([, text]) => text)).to.deep.equal(headings.slice(1));
    });
});
