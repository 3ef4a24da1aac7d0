import { expect } from "chai";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { BrowserTests, type OpenPage, writePage } from "../support/audit-page";
import { EXAMPLE_DOCUMENTS } from "../support/example-account";

const arn = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;

/** The names of the listed roles. */
async function rolesIn(page: Page): Promise<readonly string[]> {
    return page.locator("table.roles tbody .role-link").allInnerTexts();
}

/** Waits for the view with this heading. */
async function viewOf(page: Page, heading: string): Promise<void> {
    await page.getByRole("heading", { level: 1, name: heading, exact: true }).waitFor();
}

async function textOf(page: Page, selector: string): Promise<string> {
    return (await page.locator(selector).first().innerText()).replace(/\s+/g, " ").trim();
}

async function textsOf(page: Page, selector: string): Promise<readonly string[]> {
    return (await page.locator(selector).allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
}

describe("browser: the page of an audit", () => {
    const tests = new BrowserTests();
    let file: string;
    let opened: OpenPage;
    before(async () => {
        file = writePage(tests.folder, EXAMPLE_DOCUMENTS);
        opened = await tests.open(file);
    });
    afterEach(() => expect(opened.complaints).to.deep.equal([]));

    it("allows by its Content Security Policy its own script and style, and nothing else", () => {
        const html = readFileSync(file, "utf8");
        const hash = (element: string): string => {
            const text = new RegExp(`<${element}>(.*?)</${element}>`, "s").exec(html)![1]!;
            return createHash("sha256").update(text).digest("base64");
        };
        const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!;
        expect(policy.split("; ")).to.deep.equal([
            "default-src 'none'",
            `script-src 'sha256-${hash("script")}'`,
            `style-src 'sha256-${hash("style")}'`,
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ]);
        expect(html.match(/<script[^>]*>/g)).to.deep.equal([
            '<script type="application/json" id="report">',
            "<script>",
        ]);
    });

    it("loads nothing, even if something tries to", async () => {
        const requests: string[] = [];
        const server = createServer(({ url = "" }, response) => {
            requests.push(url);
            response.end();
        }).listen(0, "127.0.0.1");
        await once(server, "listening");
        const { page } = await tests.open(file);
        const blocked = await page.evaluate(`new Promise((resolve) => {
            const blocked = [];
            addEventListener("securitypolicyviolation", (event) => blocked.push(event.effectiveDirective) === 4 && resolve(blocked.sort()));
            const address = "http://127.0.0.1:${String((server.address() as AddressInfo).port)}/";
            fetch(address).catch(() => undefined);
            new Image().src = address + "image.png";
            document.head.append(Object.assign(document.createElement("style"), { textContent: "body { color: red }" }));
            try { document.body.append(Object.assign(document.createElement("script"), { textContent: "window.isRun = true" })); } catch {}
        })`);
        expect(blocked).to.deep.equal(["connect-src", "img-src", "require-trusted-types-for", "style-src-elem"]);
        expect(await page.evaluate("window.isRun")).to.equal(undefined);
        await page.context().close();
        await new Promise((resolve) => server.close(resolve));
        expect(requests).to.deep.equal([]);
    });

    it("begins with the counts and the worst five", async () => {
        const { page, show } = opened;
        await show("");
        expect(await page.title()).to.equal("GitLab jobs can assume 27 of 29 roles – GitLab access audit");
        expect(await textsOf(page, ".tile")).to.deep.equal([
            "2 Administrators",
            "5 Can escalate",
            "2 With errors",
            "15 With warnings",
            "7 Trust more than named projects",
        ]);
        expect(await textsOf(page, ".worst h3")).to.deep.equal([
            "ci-admin-legacy",
            "old-runner",
            "platform-terraform",
            "release-tags",
            "staging-data",
        ]);
        expect(await textOf(page, ".worst .card")).to.equal(
            'ci-admin-legacy Administrator 1 error Account 111122223333 Does not test "gitlab.com:sub": every job of every project on the instance can assume the role. Jobs of every project of the instance on any branch or tag',
        );
        expect(await textsOf(page, "#accounts ~ table tbody tr")).to.deep.equal([
            "111122223333 23 21",
            "444455556666 6 6",
        ]);
    });

    it("leads from a count to its roles", async () => {
        const { page, show } = opened;
        await show("");
        await page.getByRole("link", { name: "2 With errors" }).click();
        await viewOf(page, "Roles that GitLab jobs can assume");
        expect(await rolesIn(page)).to.deep.equal(["ci-admin-legacy", "old-runner"]);
        expect(await page.getByLabel("Finding").inputValue()).to.equal("error");
    });

    it("filters the roles, says how many there are, and keeps the filter in the address", async () => {
        const { page, show } = opened;
        await show("view=roles");
        expect(await rolesIn(page)).to.have.length(27);
        expect(await textOf(page, "[role=status]")).to.equal("27 roles");
        await page.getByLabel("Project or group").fill("acme/shop/billing");
        await page.getByLabel("Account").selectOption("111122223333");
        expect(await rolesIn(page)).to.deep.equal([
            "ci-admin-legacy",
            "old-runner",
            "release-tags",
            "billing-review",
            "billing-deploy",
        ]);
        expect(await textOf(page, "[role=status]")).to.equal("5 of 27 roles");
        await page.getByLabel("Power").selectOption("Write");
        await page.getByLabel("Finding").selectOption("None");
        expect(await rolesIn(page)).to.deep.equal(["billing-deploy"]);
        const address = page.url();
        await page.getByRole("button", { name: "Clear filters" }).click();
        expect(await rolesIn(page)).to.have.length(27);

        await show(address.replace(/.*#/, ""));
        expect(await rolesIn(page)).to.deep.equal(["billing-deploy"]);
        expect(await page.getByLabel("Project or group").inputValue()).to.equal("acme/shop/billing");
        expect(await page.getByLabel("Power").inputValue()).to.equal("write");
        await page.getByLabel("Role name").fill("nothing");
        expect(await textOf(page, "main > p:last-child")).to.equal("No role matches the filter.");
    });

    it("shows projects and roles of the filter as a matrix", async () => {
        const { page, show } = opened;
        await show("view=projects&text=production");
        expect(await textsOf(page, ".matrix thead th")).to.deep.equal([
            "Project or group",
            "production-deploy",
            "production-plan",
        ]);
        expect(await textsOf(page, ".matrix tbody tr")).to.deep.equal([
            "acme/shop/app gitlab.com, ID 815 Named branch or tag Named branch or tag",
        ]);
        await page.getByLabel("Role name").fill("platform");
        expect(await textsOf(page, ".matrix tbody tr")).to.deep.equal(["acme/platform/… gitlab.com Any branch or tag"]);
    });

    it("shows a role by its address", async () => {
        const { page, show } = opened;
        await show(`role=${arn("production-deploy")}`);
        expect(await textOf(page, "h1")).to.equal("production-deploy");
        expect(await textsOf(page, ".details > div")).to.deep.equal([
            "ARN arn:aws:iam::111122223333:role/production-deploy",
            "Power Write at least Allows ecs:UpdateService on *. Not known: permissions boundary: the input lacks the document of this policy.",
            "GitLab instance gitlab.com",
            "Audience https://gitlab.com",
            "Permissions boundary arn:aws:iam::111122223333:policy/ci-boundary",
            "Longest session Unknown",
            "Last used 2026-11-27 08:30 UTC",
            "Documents account.json",
        ]);
        expect(await textsOf(page, "#jobs + .scrolled tbody th")).to.deep.equal([
            "Jobs of the project acme/shop/app (ID 815) on the branch main, protected refs only",
            "Jobs of the project acme/shop/app (ID 815) on the tag stable, protected refs only",
        ]);
        const [allowed, denied] = await textsOf(page, "#seen ~ .scrolled tbody tr");
        expect(allowed).to.equal(
            "Jobs of the project acme/shop/app on the branch main 3 2026-11-27 08:30 UTC 203.0.113.7 Depends on other claims",
        );
        expect(denied).to.contain('The job ran on branch "feature/checkout", but the role allows "main".');
        const policy = JSON.parse(await page.locator("[aria-label='Trust policy as JSON'] code").innerText()) as object;
        expect(policy).to.nested.include({ "Statement.Action": "sts:AssumeRoleWithWebIdentity" });

        await show("role=arn:aws:iam::111122223333:role/platform-terraform");
        expect(await textsOf(page, ".finding h3")).to.deep.equal([
            "Warning group-wide (documentation, in a new tab)",
            "Warning any-branch (documentation, in a new tab)",
        ]);
        expect(await textOf(page, ".finding")).to.contain(
            'Fix: Write "project_path:acme/platform/myproject:…" for each project.',
        );

        await show("role=arn:aws:iam::111122223333:role/lost");
        expect(await textOf(page, "h1")).to.equal("No such role");
    });

    describe("the form for a job", () => {
        const listed = async (result: string): Promise<readonly string[]> =>
            textsOf(opened.page, `.answers-${result} li`);

        it("shows the roles that the job gets, and why not the others", async () => {
            const { page, show } = opened;
            await show("view=job");
            await page.getByLabel("Project", { exact: true }).fill("acme/shop/app");
            await page.getByLabel("Name of the branch or tag").fill("main");
            await page.getByRole("button", { name: "Check the job" }).click();
            expect(await textOf(page, "[role=status]")).to.equal("The job gets 4 of 27 roles, and perhaps 2 more.");
            expect(await textsOf(page, ".answers-allowed .role-link")).to.deep.equal([
                "ci-admin-legacy",
                "old-runner",
                "staging-shop",
                "staging-shop-read",
            ]);
            expect(await listed("depends")).to.deep.equal([
                "production-deploy Write at least Account 111122223333 Depends on gitlab.com:project_id and gitlab.com:ref_protected, which are not known.",
                "production-plan Read Account 111122223333 Depends on gitlab.com:project_id, which is not known.",
            ]);
            const denied = await listed("denied");
            expect(denied).to.have.length(21);
            expect(denied[0]).to.equal(
                "release-tags Escalation Account 111122223333 The job ran on branch main, but the role allows only tags. Add a subject with branch, or run the job on a tag.",
            );
        });

        it("takes further claims, and keeps them in the address", async () => {
            const { page, show } = opened;
            await page.getByLabel("Project ID").fill(" 815 ");
            await page.getByLabel("Protected", { exact: true }).selectOption("No");
            await page.getByRole("button", { name: "Check the job" }).click();
            expect(await textsOf(page, ".answers-allowed .role-link"))
                .to.include("production-plan")
                .and.not.include("production-deploy");
            expect(await listed("depends")).to.deep.equal([]);
            expect((await listed("denied")).join()).to.contain(
                "The job's branch is not protected, but the role allows only protected ones.",
            );

            const address = page.url().replace(/.*#/, "");
            expect(address).to.contain("project_id=815&").and.contain("ref_protected=false");
            await show("");
            await show(address);
            expect(await textOf(page, "[role=status]")).to.equal("The job gets 5 of 27 roles.");
            expect(await page.getByLabel("Project ID").inputValue()).to.equal("815");
        });

        it("changes the audience with the instance", async () => {
            const { page, show } = opened;
            await show("view=job");
            await page.getByText("Further claims").click();
            await page.getByLabel("GitLab instance").selectOption("gitlab.example.com");
            expect(await page.getByLabel("Audience").inputValue()).to.equal("https://gitlab.example.com");
            expect(await page.getByLabel("user_login").count()).to.equal(0);
            await page.getByLabel("Project", { exact: true }).fill("data/export");
            await page.getByLabel("Name of the branch or tag").fill("main");
            await page.keyboard.press("Enter");
            expect(await textsOf(page, ".answers-allowed .role-link")).to.deep.equal(["data-export"]);
        });

        it("names what is wrong with its fields, and goes to the first one", async () => {
            const { page, show } = opened;
            await show("view=job");
            await page.getByLabel("Name of the branch or tag").fill("refs/heads/main");
            await page.getByRole("button", { name: "Check the job" }).click();
            expect(await textOf(page, "[role=status]")).to.equal("Correct 2 fields, then check again.");
            expect(await page.evaluate("document.activeElement.id")).to.equal("job-project_path");
            const field = page.getByLabel("Project", { exact: true });
            expect(await field.getAttribute("aria-invalid")).to.equal("true");
            expect(await textOf(page, `#${(await field.getAttribute("aria-describedby"))!}`)).to.equal(
                "Is missing. Enter the path of the project, such as mygroup/myproject.",
            );
            expect(await page.locator(".answers").count()).to.equal(0);
        });

        it("is filled by a link of an example, whose job gets the role", async () => {
            const { page, show } = opened;
            await show(`role=${arn("release-tags")}`);
            await page.getByRole("link", { name: "Check this job" }).first().click();
            await viewOf(page, "Would this job get in?");
            expect(await page.getByLabel("Project", { exact: true }).inputValue()).to.equal("acme/unexpected-project");
            expect(await textsOf(page, ".answers-allowed .role-link")).to.include("release-tags");
        });
    });

    it("works with the keyboard alone, and the focus is always visible", async () => {
        const { page, show } = opened;
        await show("");
        const focused = async (): Promise<string> => {
            const [name, outline] = await page.evaluate<[string, string]>(`(() => {
                const { activeElement: e } = document;
                return [(e.getAttribute("aria-label") ?? e.labels?.[0]?.innerText ?? e.innerText).split("\\n")[0], getComputedStyle(e).outlineStyle];
            })()`);
            expect(outline, name).to.equal("solid");
            return name;
        };
        const tab = async (times = 1): Promise<string> => {
            for (let i = 0; i < times; i += 1) {
                await page.keyboard.press("Tab");
            }
            return focused();
        };
        expect(await tab()).to.equal("Skip to content");
        await page.keyboard.press("Enter");
        expect(await focused()).to.equal("GitLab jobs can assume 27 of 29 roles");
        expect(await tab()).to.equal("2");
        await page.keyboard.press("Shift+Tab");
        expect(await focused()).to.equal("Would this job get in?");
        await page.keyboard.press("Shift+Tab");
        await page.keyboard.press("Shift+Tab");
        await page.keyboard.press("Enter");
        await viewOf(page, "Roles that GitLab jobs can assume");
        expect(await focused()).to.equal("Roles that GitLab jobs can assume");
        expect(await tab()).to.equal("Role name or ARN");
        await page.keyboard.type("policy-bot");
        expect(await tab(8)).to.equal("Clear filters");
        expect(await tab()).to.equal("Table of roles");
        expect(await tab()).to.equal("policy-bot");
        await page.keyboard.press("Enter");
        await viewOf(page, "policy-bot");
        expect(await focused()).to.equal("policy-bot");
        expect(page.url()).to.contain(`#role=${arn("policy-bot")}`);
        await page.goBack();
        await viewOf(page, "Roles that GitLab jobs can assume");
        expect(await rolesIn(page)).to.deep.equal(["policy-bot"]);
    });

    it("prints the content, not the controls", async () => {
        const { page, show } = opened;
        await show("view=roles&finding=error");
        await page.emulateMedia({ media: "print" });
        for (const selector of ["header nav", ".filters", ".skip", "footer"]) {
            expect(await page.locator(selector).isVisible(), selector).to.equal(false);
        }
        expect(await rolesIn(page)).to.deep.equal(["ci-admin-legacy", "old-runner"]);
        await show(`role=${arn("ci-admin-legacy")}`);
        expect(await page.evaluate('getComputedStyle(document.querySelector("pre").parentElement).overflowX')).to.equal(
            "visible",
        );
        const style = (property: string): Promise<unknown> =>
            page.evaluate(`getComputedStyle(document.body).${property}`);
        expect([await style("color"), await style("backgroundColor")]).to.deep.equal([
            "rgb(0, 0, 0)",
            "rgb(255, 255, 255)",
        ]);
        expect((await page.pdf({ format: "A4" })).subarray(0, 5).toString()).to.equal("%PDF-");
        await page.emulateMedia({ media: null });
    });

    it("has no horizontal scroll bar at any width", async () => {
        for (const width of [320, 390, 820, 1440]) {
            const { page, complaints, show } = await tests.open(file, "", { viewport: { width, height: 800 } });
            for (const hash of [
                "",
                "view=roles",
                "view=projects",
                "view=job&project_path=acme/shop/app&ref=main",
                `role=${arn("production-deploy")}`,
            ]) {
                await show(hash);
                expect(
                    await page.evaluate("document.documentElement.scrollWidth"),
                    `${hash} at ${String(width)}`,
                ).to.equal(width);
            }
            expect(complaints).to.deep.equal([]);
            await page.context().close();
        }
    });
});
