import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(__dirname, "../../..");

/** Fails with what the tool printed. */
async function run(tool: string, ...args: string[]): Promise<void> {
    const bin = join(root, "node_modules/.bin", tool);
    await promisify(execFile)(bin, args, { cwd: root, maxBuffer: 1e8 }).catch((error: unknown) => {
        const { stdout, stderr } = error as { stdout: string; stderr: string };
        throw new Error(`${tool} ${args.join(" ")}\n${stdout}${stderr}`);
    });
}

describe("repository", function () {
    this.timeout(300_000);

    it("has no type error", () => run("tsc", "-p", "."));
    it("is lint-free", () => run("eslint", "."));
    it("is formatted", () => run("prettier", "--check", "."));
});
