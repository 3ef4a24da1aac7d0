import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXAMPLE_DOCUMENTS } from "../../support/example-account";

const root = join(__dirname, "../../..");

const COMMAND = join(root, "dist/cmd/aws-gitlab-oidc.js");

describe("command audit --html", () => {
    let folder: string;
    let files: readonly string[];
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "page-"));
        files = Object.entries(EXAMPLE_DOCUMENTS).map(([name, content]) => {
            writeFileSync(join(folder, name), JSON.stringify(content));
            return join(folder, name);
        });
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    function run(args: readonly string[]): { status: number | null; out: string; err: string } {
        const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, "audit", ...args], {
            encoding: "utf8",
        });
        return { status, out: stdout, err: stderr };
    }

    const at = (name: string): string => join(folder, name);

    it("writes the report of --json into the page, and prints what it prints without", () => {
        for (const more of [[], ["--json"], ["--sarif"]]) {
            const { err, ...without } = run([...files, ...more]);
            expect(err).to.equal("");
            expect(run([...files, ...more, "--html", at("a.html")])).to.deep.equal({
                ...without,
                err: `wrote "${at("a.html")}"\n`,
            });
        }
        const { out } = run([...files, "--json"]);
        const html = readFileSync(at("a.html"), "utf8");
        const [, data] = /<script type="application\/json" id="report">(.*?)<\/script>/s.exec(html)!;
        expect(JSON.parse(data!)).to.deep.equal(JSON.parse(out));
    });

    it("has the findings since the baseline", () => {
        writeFileSync(at("baseline.json"), JSON.stringify({ version: 1, roles: [] }));
        run([...files, "--baseline", at("baseline.json"), "--html", at("a.html")]);
        expect(readFileSync(at("a.html"), "utf8")).to.contain('"difference":{"new":[{"role":"arn:aws:iam');
    });

    it("writes equal bytes for equal documents, into folders that do not exist yet, too", () => {
        run([...files, "--html", at("a.html")]);
        run([...files, "--html", at("public/audit/index.html")]);
        expect(readFileSync(at("a.html")).equals(readFileSync(at("public/audit/index.html")))).to.equal(true);
    });

    it("overwrites its own page, however large, and an empty file", () => {
        run([...files, "--html", at("a.html")]);
        const page = readFileSync(at("a.html"));
        writeFileSync(at("b.html"), Buffer.concat([page, Buffer.alloc(17_000_000, " ")]));
        writeFileSync(at("c.html"), "");
        for (const name of ["a.html", "b.html", "c.html"]) {
            expect(run([...files, "--html", at(name)]).err).to.equal(`wrote "${at(name)}"\n`);
            expect(readFileSync(at(name)).equals(page)).to.equal(true);
        }
    });

    it("does not overwrite another file", () => {
        writeFileSync(at("other.html"), "<!doctype html>\n<title>Other</title>\n");
        for (const name of ["other.html", "account.json"]) {
            const before = readFileSync(at(name), "utf8");
            expect(run([...files, "--html", at(name)])).to.deep.equal({
                status: 2,
                out: "",
                err: `aws-gitlab-oidc: "${at(name)}": this command did not write this file, and does not overwrite it. Choose a different path, or delete the file.\n`,
            });
            expect(readFileSync(at(name), "utf8")).to.equal(before);
        }
    });

    it("rejects what is not the name of a file", () => {
        mkdirSync(at("folder"));
        for (const [name, why] of [
            ["-", "it is not the name of a file"],
            [`${folder}/`, "it is not the name of a file"],
            [at("folder"), "it is a directory"],
        ] as const) {
            expect(run([...files, "--html", name])).to.deep.equal({
                status: 2,
                out: "",
                err: `aws-gitlab-oidc: "${name}" cannot be written: ${why}.\n`,
            });
        }
    });

    it("writes nothing if a document cannot be used", () => {
        writeFileSync(at("bad.json"), "{");
        expect(run([at("bad.json"), "--html", at("a.html")])).to.include({ status: 2, out: "" });
        expect(existsSync(at("a.html"))).to.equal(false);
    });

    it("is not loaded without the option", () => {
        const program = `
            process.argv.splice(1, 0, "x");
            const fs = require("node:fs");
            const { readFileSync } = fs;
            let isRead = false;
            fs.readFileSync = (file, ...more) => {
                isRead ||= String(file).endsWith("audit-page.html");
                return readFileSync(file, ...more);
            };
            process.on("exit", () => console.error(isRead));
            require(${JSON.stringify(COMMAND)});
        `;
        const isLoaded = (...more: readonly string[]): string => {
            const args = ["-e", program, "audit", at("account.json"), ...more];
            return spawnSync(process.execPath, args, { encoding: "utf8" }).stderr.trim();
        };
        expect(isLoaded("--json")).to.equal("false");
        expect(isLoaded("--html", at("a.html"))).to.contain("true");
    });
});
