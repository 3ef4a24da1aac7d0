import { expect } from "chai";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { exportedNames, exportsOf } from "../../support/exports";
import { cyclesOf, importsOf } from "../../support/imports";

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
    for (const project of [".", "provider/audit/page"]) {
        it(`has no type error in ${project}`, () => run("tsc", "-p", project));
    }
    it("is lint-free", () => run("eslint", "."));
    it("is formatted", () => run("prettier", "--check", "."));
    it("is in plain English", () => run("tsx", "tools/prose/main.ts"));
});

describe("imports", () => {
    for (const folder of ["provider", "policy-pack", "tools", "bench"]) {
        it(`have no cycle in ${folder}/`, () => {
            const imports = importsOf(root, folder);
            expect(imports, "files that import others").to.satisfy(() => Object.values(imports).flat().length > 0);
            expect(cyclesOf(imports)).to.deep.equal([]);
        });
    }

    it("are found by name, folder and extension, types and deferred ones too", () => {
        const imports = importsOf(root, "tools/aws-offline");
        expect(imports["tools/aws-offline/properties.ts"]).to.deep.equal([
            "tools/aws-offline/policies.ts",
            "tools/aws-offline/resource.ts",
            "tools/aws-offline/values.ts",
        ]);
        expect(imports["tools/aws-offline/provider.ts"]).to.include("tools/aws-offline/lookups.ts");
        expect(importsOf(root, "tools")["tools/workspace.ts"]).to.include("tools/setup/index.ts");
    });

    const CYCLES: Readonly<
        Record<string, readonly [Record<string, readonly string[]>, readonly (readonly string[])[]]>
    > = {
        "none in a diamond": [{ a: ["b", "c"], b: ["d"], c: ["d"], d: [] }, []],
        "a file that imports itself": [{ a: ["a"] }, [["a", "a"]]],
        "two files": [{ a: ["b"], b: ["a"] }, [["a", "b", "a"]]],
        "three files behind another one": [{ a: ["b"], b: ["c"], c: ["d"], d: ["b"] }, [["b", "c", "d", "b"]]],
        "two cycles": [
            { a: ["b", "c"], b: ["a"], c: ["a"] },
            [
                ["a", "b", "a"],
                ["a", "c", "a"],
            ],
        ],
    };
    for (const [what, [imports, cycles]] of Object.entries(CYCLES)) {
        it(`cycles are found: ${what}`, () => expect(cyclesOf(imports)).to.deep.equal(cycles));
    }
});

describe("exports", () => {
    it("of provider/ share no name, but for functions that have one name as Promise for programs and without Pulumi", () => {
        const shared = [...exportsOf(root, "provider")].filter(([, files]) => files.length > 1);
        expect(Object.fromEntries(shared)).to.deep.equal({
            checkIssuer: ["provider/operations/check-issuer.ts", "provider/operations/functions.ts"],
            checkProject: ["provider/operations/check-project.ts", "provider/operations/functions.ts"],
            describeTrustPolicy: ["provider/operations/describe-trust-policy.ts", "provider/operations/functions.ts"],
            explainTrust: ["provider/operations/explain-trust.ts", "provider/operations/functions.ts"],
            lintTrustPolicy: ["provider/operations/functions.ts", "provider/operations/lint-trust-policy.ts"],
            lookupProject: ["provider/operations/functions.ts", "provider/operations/lookup-project.ts"],
        });
    });

    const NAMES: Readonly<Record<string, readonly [text: string, names: readonly string[]]>> = {
        "functions, classes, types and constants": [
            "export function a() {} export class B {} export type C = 1; export interface D {} export enum E {} export const f = 1, g = 2;",
            ["a", "B", "C", "D", "E", "f", "g"],
        ],
        "nothing of what a file keeps": ["function a() {} const b = 1; interface C {}", []],
        "nothing that is handed on": [
            'export { a } from "./a"; export type { B } from "./b"; export * from "./c";',
            [],
        ],
    };
    for (const [what, [text, names]] of Object.entries(NAMES)) {
        it(`are found: ${what}`, () => expect(exportedNames(text)).to.deep.equal(names));
    }
});
