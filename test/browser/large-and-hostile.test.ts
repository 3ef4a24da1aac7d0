import { expect } from "chai";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { auditPageOf } from "../../provider/cmd/audit-page";
import { auditTrust } from "../../provider/audit/audit";
import { builtAuditPage } from "../../tools/page";
import { BrowserTests, writePage } from "../support/audit-page";
import { detailsOf, largeAccount, roleOf, statement } from "../support/example-account";

const AUD = { "gitlab.com:aud": "https://gitlab.com" };

describe("browser: the page of an audit with hostile documents", () => {
    const tests = new BrowserTests();

    const NAMES: readonly (readonly [name: string, shown: string])[] = [
        ["</script><script>alert(1)</script>", "</script><script>alert(1)</script>"],
        ["<!--<script>", "<!--<script>"],
        ["<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"],
        ["{{report}}{{script}}$&$'$`", "{{report}}{{script}}$&$'$`"],
        ["\u2028\u2029line", "\\u2028\\u2029line"],
        ["\u001b[31mred\u0007\u0000", "\\u001b[31mred\\u0007\\u0000"],
        ["\u202egnp.exe", "\\u202egnp.exe"],
        ["\ud800lone", "\ufffdlone"],
        ["__proto__", "__proto__"],
        ["javascript:alert(1)", "javascript:alert(1)"],
    ];

    it("shows names as text, and keeps what they could do from happening", async () => {
        const roles = NAMES.map(([name], i) =>
            roleOf(
                `role-${String(i)}`,
                statement({
                    StringEquals: { ...AUD, "gitlab.com:sub": `project_path:acme/${name}:ref_type:branch:ref:main` },
                }),
                {
                    inline: {
                        Version: "2012-10-17",
                        Statement: [{ Effect: "Allow", Action: `s3:${name}`, Resource: name }],
                    },
                    boundary: name,
                },
            ),
        );
        // The audit leaves out roles whose names IAM does not have, so the names are put into its report.
        const report = auditTrust({ documents: [{ name: "hostile.json", content: detailsOf(roles) }] });
        expect(report.roles).to.have.length(NAMES.length);
        const renamed = report.roles.map((role, i) => ({
            ...role,
            name: NAMES[i]![0],
            arn: `${role.arn}/${NAMES[i]![0]}`,
        }));
        const file = join(tests.folder, "hostile.html");
        writeFileSync(
            file,
            auditPageOf({ ...report, roles: renamed, notes: NAMES.map(([name]) => name) }, builtAuditPage()),
        );

        const { page, complaints, show } = await tests.open(file, "view=roles");
        const shown = await page.locator("table.roles .role-link").allInnerTexts();
        expect([...shown].sort()).to.deep.equal(NAMES.map(([, text]) => text).sort());
        for (const [i, name] of shown.entries()) {
            await show("view=roles");
            const address = await page.locator("table.roles .role-link").nth(i).getAttribute("href");
            expect(address).to.match(/^#role=arn:aws:iam/);
            await show(address!.slice(1));
            expect(await page.locator("h1").innerText()).to.equal(name);
            // eslint-disable-next-line no-control-regex
            expect(await page.locator("main").innerText()).not.to.match(/[\u0000-\u0008\u001b\u202e\u2028]/);
        }
        for (const hash of ["view=projects", "view=job&project_path=acme/app&ref=main", ""]) {
            await show(hash);
        }
        expect(await page.evaluate("document.scripts.length")).to.equal(1);
        expect(await page.locator("img, iframe, object, embed, base").count()).to.equal(0);
        expect(complaints).to.deep.equal([]);
        await page.context().close();
    });

    it("never has a token", () => {
        const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzZWNyZXQifQ.c2lnbmF0dXJl";
        const file = writePage(tests.folder, {
            "token.json": detailsOf([
                roleOf("token", statement({ StringEquals: { ...AUD, "gitlab.com:sub": token } })),
            ]),
        });
        expect(readFileSync(file, "utf8")).to.contain("role/token").and.not.contain("c2lnbmF0dXJl");
    });
});

describe("browser: the page of an audit with 10,000 roles", () => {
    const tests = new BrowserTests();
    const COUNT = 10_000;
    let page: Page;
    let file: string;
    before(async () => {
        file = writePage(tests.folder, { "large.json": largeAccount(COUNT) });
        ({ page } = await tests.open(file));
    });

    const elements = (): Promise<unknown> => page.evaluate("document.querySelectorAll('*').length");
    const status = (): Promise<string> => page.locator("[role=status]").innerText();

    it("has all of them in one file", () => expect(statSync(file).size).to.be.greaterThan(COUNT * 1_000));

    it("shows few of them at once", async () => {
        expect(await page.locator("h1").innerText()).to.equal("GitLab jobs can assume 10,000 of 10,000 roles");
        expect(await elements()).to.be.lessThan(400);
        await page.getByRole("link", { name: "Roles", exact: true }).click();
        await page.locator("table.roles").waitFor();
        expect(await page.locator("table.roles tbody tr").count()).to.equal(50);
        expect(await page.locator("table.roles caption").innerText()).to.equal("1–50 of 10,000 roles");
        expect(await elements()).to.be.lessThan(2_000);
    });

    it("turns the pages, to the last one", async () => {
        await page.getByLabel("Order").selectOption("Name");
        await page.getByRole("button", { name: "Next" }).click();
        expect(await page.locator("table.roles tbody .role-link").first().innerText()).to.equal("role-00050");
        expect(page.url()).to.contain("page=2");
        await page.goto(page.url().replace("page=2", "page=999"));
        await page.getByText("Page 200 of 200").waitFor();
        expect(await page.locator("table.roles tbody .role-link").last().innerText()).to.equal("role-09999");
        expect(await page.getByRole("button", { name: "Next" }).isDisabled()).to.equal(true);
    });

    it("filters them", async () => {
        await page.getByLabel("Project or group").fill("acme/team-07/project-07123");
        // 100 roles of the group trust all of its projects.
        expect(await status()).to.equal("101 of 10,000 roles");
        await page.getByLabel("Projects that a role trusts").selectOption("Named projects");
        expect(await status()).to.equal("1 of 10,000 roles");
        expect(await page.locator("table.roles tbody .role-link").allInnerTexts()).to.deep.equal(["role-07123"]);
    });

    it("limits the matrix, and says so", async () => {
        await page.goto(`file://${file}#view=projects`);
        await page.locator(".matrix").waitFor();
        expect(await page.locator(".note").innerText()).to.equal(
            "The matrix has the first 30 of 10,000 roles. To see others, narrow the filter.",
        );
        expect(await page.locator(".matrix thead th").count()).to.equal(31);
    });

    it("checks a job against all of them", async () => {
        await page.goto(`file://${file}#view=job&project_path=acme/team-07/project-07123&ref=main`);
        await page.locator(".answers-allowed").waitFor();
        expect(await status()).to.equal("The job gets 100 of 10,000 roles, and perhaps 1 more.");
        expect(await page.locator(".answers-denied h2").innerText()).to.equal("Denied (9,899)");
        expect(await page.locator(".answers-denied li").count()).to.equal(50);
    });
});
