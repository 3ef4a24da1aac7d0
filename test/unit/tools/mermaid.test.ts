import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { drawMermaid } from "../../../tools/mermaid/mermaid";
import { projectRoot } from "../../../tools/setup/cache";

const PICTURE = /^```mermaid\n(.*?)^```$/gms;

const pictures = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "--", "*.md"], {
    cwd: projectRoot,
    encoding: "utf8",
})
    .split("\n")
    .filter((page) => page !== "" && existsSync(join(projectRoot, page)))
    .flatMap((page) =>
        [...readFileSync(join(projectRoot, page), "utf8").matchAll(PICTURE)].map(([, text]) => ({ page, text: text! })),
    );

/** A text that was drawn, and where its middle is. */
interface Drawn {
    readonly text: string;
    readonly x: number;
    readonly y: number;
}

/** The texts of an SVG whose class is the given one. */
function textsOf(svg: string, name: string): readonly Drawn[] {
    return [...svg.matchAll(/<text ([^>]*)>(.*?)<\/text>/gs)]
        .filter(([, attributes]) => / class="([^"]*)"/.exec(` ${attributes!}`)?.[1]!.split(" ").includes(name))
        .map(([, attributes, content]) => ({
            text: content!
                .replace(/<[^>]*>/g, "")
                .replaceAll("&gt;", ">")
                .replaceAll("&amp;", "&"),
            x: Number(/\bx="([^"]*)"/.exec(attributes!)?.[1]),
            y: Number(/\by="([^"]*)"/.exec(attributes!)?.[1]),
        }));
}

const by = (axis: "x" | "y") => (a: Drawn, b: Drawn) => a[axis] - b[axis];

describe("pictures in the documentation", function () {
    // Mermaid is fetched where it was never done.
    this.timeout(300_000);

    it("are these", () => {
        expect(pictures.map(({ page }) => page)).to.deep.equal(["README.md"]);
    });

    it("of who talks to whom: every participant and every message is drawn, in their order", async () => {
        const svg = await drawMermaid(pictures[0]!.text);
        // Each stands above and below its line.
        const participants = ["GitLab job", "GitLab", "AWS STS", "IAM role and provider"];
        expect([...textsOf(svg, "actor")].sort(by("x")).map(({ text }) => text)).to.deep.equal(
            participants.flatMap((name) => [name, name]),
        );
        const messages = [...textsOf(svg, "messageText")].sort(by("y"));
        expect(messages.map(({ text }) => text)).to.deep.equal([
            "id_tokens: aud",
            "ID token: iss, sub, aud",
            "AssumeRoleWithWebIdentity(token, role)",
            "discovery document and keys",
            "provider lists aud? trust policy admits sub?",
            "credentials for an hour, or a refusal",
        ]);
        // None lies upon another one, and none outside.
        expect(new Set(messages.map(({ y }) => y)).size).to.equal(6);
        const [left, top, width, height] = / viewBox="([^"]*)"/.exec(svg)![1]!.split(" ").map(Number) as [
            number,
            number,
            number,
            number,
        ];
        for (const { text, x, y } of [...messages, ...textsOf(svg, "actor")]) {
            expect(x, text).to.be.within(left, left + width);
            expect(y, text).to.be.within(top, top + height);
        }
    });

    it("would be refused where Mermaid cannot read them", async () => {
        const broken = pictures[0]!.text.replace("Job->>GitLab: id_tokens: aud", "Job->>");
        const error = await drawMermaid(broken).catch((e: unknown) => e);
        expect(error).to.be.an("error");
        expect((error as Error).message).to.contain("Parse error on line 6");
    });
});
