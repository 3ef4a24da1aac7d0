import { expect } from "chai";
import { readFileSync } from "node:fs";
import { NARROW, render, svgFileOf, WIDE } from "../../../tools/picture/pictures";
import { normalised } from "../../../tools/picture/record";
import { screenOf, textOf } from "../../../tools/picture/screen";
import { svgOf } from "../../../tools/picture/svg";

const E = "\u001b";

/** What a program prints, and what a terminal of 10 columns shows then. */
const SCREENS: Readonly<Record<string, readonly [string, string]>> = {
    "plain lines": ["one\r\ntwo\r\n", "one\ntwo\n"],
    "a line that is too long": ["0123456789abc\n", "0123456789\nabc\n"],
    "a line that fits exactly": ["0123456789\nabc\n", "0123456789\nabc\n"],
    "spaces and lines at the end": ["one  \n\n \n", "one\n"],
    "lines that are printed again, higher up": [`one\ntwo\n${E}[2A1${E}[K\n2${E}[K\n`, "1\n2\n"],
    "colours and styles": [
        `${E}[1m${E}[38;5;2m+ ${E}[0mnew ${E}[31mred${E}[39m\n`,
        `${E}[1;32m+ ${E}[0mnew ${E}[31mred${E}[0m\n`,
    ],
    "bright colours as their dark ones": [`${E}[38;5;13ma${E}[0m\n`, `${E}[35ma${E}[0m\n`],
    "questions to the terminal, and its cursor": [`${E}]11;?${E}\\${E}[6n${E}[?25l${E}[34ha\n`, "a\n"],
};

describe("picture of a terminal", () => {
    for (const [what, [output, shown]] of Object.entries(SCREENS)) {
        it(`shows ${what}`, () => expect(textOf(screenOf(output, 10))).to.equal(shown));
    }

    it("a screen that is printed again is the same", () => {
        const screen = screenOf(`${E}[1;4ma${E}[0m  ${E}[36mb\n\nc${E}[0m`, 10);
        expect(screenOf(textOf(screen), 10)).to.deep.equal(screen);
    });

    it("rejects what it cannot show", () => {
        expect(() => screenOf(`${E}[2J`, 10)).to.throw('The terminal does not know "\\u001b[2J".');
        expect(() => screenOf(`${E}[7mx`, 10)).to.throw("The terminal does not know the style 7.");
    });

    it("places each piece of text at its column, and escapes it", () => {
        const svg = svgOf(screenOf(`  a <b>  ${E}[1;32mc & d${E}[0m`, 20), 20, "A & B");
        expect(svg.split("\n").filter((line) => line.startsWith("    <t"))).to.deep.equal([
            "    <title>A &amp; B</title>",
            '    <text x="32.8" y="46" textLength="42.0" lengthAdjust="spacingAndGlyphs">a &lt;b&gt;</text>',
            '    <text x="91.6" y="46" textLength="42.0" lengthAdjust="spacingAndGlyphs" class="bold green">c &amp; d</text>',
        ]);
        expect(svg).to.match(
            /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 200 67" width="200" height="67"/,
        );
    });

    it("leaves out random suffixes, durations and the order of siblings to compare two sessions", () => {
        const session = (suffix: string, seconds: number, siblings: readonly string[]): string =>
            `${[" +   └─ a:b:C  x", ...siblings, "", `role/gitlab-deploy-${suffix}`, `${E}[1mDuration:${E}[0m ${seconds}s`].join("\n")}\n`;
        const first = session("0a1b2c3", 1, [" +      ├─ a:b:D  y", " +      │  └─ a:b:E  y", " +      └─ a:b:F  z"]);
        const second = session("fffffff", 12, [" +      ├─ a:b:F  z", " +      └─ a:b:D  y", " +         └─ a:b:E  y"]);
        expect(normalised(first)).to.deep.equal(normalised(second));
        expect(normalised(first)).to.deep.equal([
            ...["", "role/gitlab-deploy-0123abc", "Duration: 1s", ""],
            ...[" + a:b:C x", " + a:b:D y", " + a:b:E y", " + a:b:F z"],
        ]);
        expect(normalised(session("0a1b2c3", 1, []))).to.not.deep.equal(normalised(first));
    });

    for (const picture of [WIDE, NARROW]) {
        it(`${picture.name}.svg is drawn from its recording`, () => {
            expect(readFileSync(svgFileOf(picture), "utf8")).to.equal(render(picture));
        });
    }
});
