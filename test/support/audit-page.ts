import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { launch } from "../../tools/browser/launch";
import { browser as findBrowser } from "../../tools/setup/browser";
import { projectRoot } from "../../tools/setup/cache";
import { skip } from "./skip";

const COMMAND = join(projectRoot, "bin/aws-gitlab-oidc");

/** Writes the page of an audit with the command. */
export function writePage(
    folder: string,
    documents: Readonly<Record<string, object>>,
    ...more: readonly string[]
): string {
    const files = Object.entries(documents).map(([name, content]) => {
        writeFileSync(join(folder, name), JSON.stringify(content));
        return name;
    });
    const page = join(folder, "audit.html");
    // Status 1 is an administrator, which some documents have.
    const args = [COMMAND, "audit", ...files, "--html", page, "--fail-on", "admin", ...more];
    const { status, stderr } = spawnSync(process.execPath, args, {
        cwd: folder,
        encoding: "utf8",
        stdio: ["ignore", "ignore", "pipe"],
    });
    expect([0, 1], stderr).to.include(status);
    return page;
}

/** A page in a browser, and everything that should not happen there. */
export interface OpenPage {
    readonly page: Page;
    /** Messages of the console, errors, blocked content, dialogs and requests for anything but the file. */
    readonly complaints: readonly string[];
    /** Shows a view, given by the part of the address after `#`. */
    readonly show: (hash: string) => Promise<void>;
}

/** A browser and a folder for the tests of one suite. */
export class BrowserTests {
    folder = "";
    private browser: Browser | undefined;

    /** Call it in `describe`. */
    constructor() {
        // eslint-disable-next-line @typescript-eslint/no-this-alias -- hooks of Mocha have a `this` of their own
        const tests = this;
        before(async function () {
            const found = await findBrowser();
            if ("missing" in found) {
                skip(this, found.missing);
            }
            tests.folder = mkdtempSync(join(tmpdir(), "page-"));
            tests.browser = await launch(found);
        });
        after(async () => {
            await this.browser?.close();
            if (this.folder !== "") {
                rmSync(this.folder, { recursive: true, force: true });
            }
        });
    }

    /** Opens a file, and waits for the first view. */
    async open(file: string, hash = "", options: BrowserContextOptions = {}): Promise<OpenPage> {
        const context = await this.browser!.newContext({ viewport: { width: 1280, height: 900 }, ...options });
        const page = await context.newPage();
        const complaints: string[] = [];
        page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
        page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
        page.on("dialog", (dialog) => {
            complaints.push(`dialog: ${dialog.message()}`);
            void dialog.dismiss();
        });
        page.on("request", (request) => {
            if (request.url().replace(/#.*/, "") !== `file://${file}`) {
                complaints.push(`request: ${request.url()}`);
            }
        });
        const show = async (next: string): Promise<void> => {
            // Another part of the same document would be shown a moment after it is opened.
            await page.goto("about:blank");
            await page.goto(`file://${file}#${next}`);
            await page.locator("h1").waitFor();
        };
        await show(hash);
        return { page, complaints, show };
    }
}
