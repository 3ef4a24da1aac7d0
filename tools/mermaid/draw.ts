import { createRequire } from "node:module";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

/** What is used of jsdom, which has no types here. */
interface Jsdom {
    readonly JSDOM: new (html: string) => { readonly window: Window };
}

interface Window {
    readonly document: unknown;
    readonly Element: unknown;
    readonly SVGElement: { readonly prototype: object };
    readonly CSSStyleSheet: unknown;
}

interface SvgText {
    readonly textContent: string | null;
}

interface Mermaid {
    readonly default: {
        initialize(options: { readonly startOnLoad: boolean }): void;
        render(id: string, text: string): Promise<{ readonly svg: string }>;
    };
}

/** Draws the diagram of standard input as SVG to standard output, with the packages of the folder that is named. A process of its own, as Mermaid takes the document from the global names. */
async function main(folder: string): Promise<void> {
    const packages = createRequire(join(folder, "package.json"));
    const { JSDOM } = packages("jsdom") as Jsdom;
    const { window } = new JSDOM("<!doctype html><body></body>");
    const { document, Element, SVGElement, CSSStyleSheet } = window;
    Object.assign(globalThis, { window, document, Element, SVGElement, CSSStyleSheet });
    // Only a browser knows how large a text is; every character is as wide as it is in a fixed font of 16 pixels.
    const width = (element: SvgText): number => 9.6 * (element.textContent?.length ?? 0);
    Object.assign(SVGElement.prototype, {
        getBBox(this: SvgText) {
            return { x: 0, y: 0, width: width(this), height: 19 };
        },
        getComputedTextLength(this: SvgText) {
            return width(this);
        },
    });
    const { default: mermaid } = (await import(pathToFileURL(packages.resolve("mermaid")).href)) as Mermaid;
    mermaid.initialize({ startOnLoad: false });
    const { svg } = await mermaid.render("diagram", await text(process.stdin));
    process.stdout.write(svg);
}

main(process.argv[2]!).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
});
