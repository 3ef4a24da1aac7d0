import { expect } from "chai";
import { readFileSync } from "node:fs";
import { BrowserTests, writePage } from "../support/audit-page";
import { EXAMPLE_DOCUMENTS } from "../support/example-account";

const AXE = readFileSync(require.resolve("axe-core"), "utf8");

interface Violation {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

interface Result {
    readonly violations: readonly Violation[];
    readonly passes: readonly Violation[];
}

describe("browser: axe on the page of an audit", () => {
    const tests = new BrowserTests();
    let file: string;
    before(() => (file = writePage(tests.folder, EXAMPLE_DOCUMENTS)));

    const VIEWS: Readonly<Record<string, string>> = {
        overview: "",
        roles: "view=roles",
        "roles without a match": "view=roles&text=nothing",
        "projects and roles": "view=projects",
        "a role with findings": "role=arn:aws:iam::111122223333:role/platform-terraform",
        "a role with events": "role=arn:aws:iam::111122223333:role/production-deploy",
        "an answer for a job": "view=job&project_path=acme/shop/app&ref=main&user_login=jdoe",
        "faults of the form": "view=job&project_path=acme&ref=refs/heads/x&user_id=abc",
    };
    for (const colorScheme of ["light", "dark"] as const) {
        for (const width of [390, 1280]) {
            it(`finds no violation in ${colorScheme} colours at ${String(width)} pixels`, async () => {
                const { page, show } = await tests.open(file, "", { colorScheme, viewport: { width, height: 900 } });
                const found: string[] = [];
                let passed = 0;
                for (const [name, hash] of Object.entries(VIEWS)) {
                    await show(hash);
                    await page.evaluate(
                        "document.querySelectorAll('details').forEach((each) => { each.open = true; })",
                    );
                    await page.evaluate(AXE);
                    const { violations, passes } = await page.evaluate<Result>("axe.run(document)");
                    found.push(
                        ...violations.flatMap(({ id, nodes }) =>
                            nodes.map(({ html, failureSummary }) => `${name}: ${id}: ${html}: ${failureSummary}`),
                        ),
                    );
                    passed += passes.filter(({ id }) => id === "color-contrast").length;
                }
                expect(found).to.deep.equal([]);
                expect(passed, "views with a contrast that was computed").to.equal(Object.keys(VIEWS).length);
                await page.context().close();
            });
        }
    }
});
