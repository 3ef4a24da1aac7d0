import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { entryPointsOf, ownPackage, writeApiDocs } from "../../../tools/api-docs/api-docs";
import { packageJson } from "../../../provider/contract/schema";

describe("API documentation", function () {
    // Reading the types of the Pulumi SDKs takes most of ten seconds.
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "api-docs-"))));
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    /** Documents a package of two modules, of which the other one is sound. */
    async function documented(source: string): Promise<readonly string[]> {
        writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "example" }));
        writeFileSync(
            join(folder, "tsconfig.json"),
            JSON.stringify({ compilerOptions: { types: [], strict: true }, include: ["*.ts"] }),
        );
        writeFileSync(join(folder, "index.ts"), source);
        writeFileSync(join(folder, "other.ts"), SOUND);
        const entryPoints = ["index.ts", "other.ts"];
        const project = { root: folder, tsconfig: "tsconfig.json", entryPoints, undocumented: [] };
        return (await writeApiDocs(join(folder, "out"), project)).map((line) => line.split(", defined in")[0]!.trim());
    }

    it("is written from the doc comments of every module that users import, without a warning", async () => {
        const out = join(folder, "out");
        expect(await writeApiDocs(out)).to.deep.equal([]);
        const modules = readdirSync(join(out, "modules"));
        expect(modules).to.have.lengthOf(ownPackage.entryPoints.length);
        expect(modules).to.include.members([
            "pulumi-aws-gitlab-oidc.html",
            "pulumi-aws-gitlab-oidc_trust.html",
            "pulumi-aws-gitlab-oidc_gitlab-ci.html",
        ]);
        expect(readFileSync(join(out, "index.html"), "utf8")).to.contain(
            `pulumi-aws-gitlab-oidc - v${packageJson().version}`,
        );
        const component = readFileSync(join(out, "classes/pulumi-aws-gitlab-oidc.GitLabOidc.html"), "utf8");
        expect(component).to.contain("ARN of the identity provider.");
        expect(component).to.contain("Checks all known inputs together");
    });

    it("takes the modules from the exports of package.json", () => {
        const exports = {
            ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
            "./issuer": { types: "./dist/operations/issuer.d.ts", default: "./dist/operations/issuer.js" },
            "./package.json": "./package.json",
        };
        expect(entryPointsOf(JSON.stringify({ exports }))).to.deep.equal([
            "provider/index.ts",
            "provider/operations/issuer.ts",
        ]);
    });

    const SOUND =
        "/** A module.\n * @packageDocumentation */\n\n/** One more. */\nexport function next(n: number): number { return n + 1; }\n";
    const FAULTS: readonly (readonly [what: string, source: string, found: readonly string[]])[] = [
        ["nothing in what is sound", SOUND, []],
        ["a module without a comment", "/** One more. */\nexport const one = 1;\n", ["index (Module)"]],
        ["a function without a comment", SOUND.replace("/** One more. */\n", ""), ["index.next (CallSignature)"]],
        [
            "a property without a comment",
            `${SOUND}/** A point. */\nexport interface Point { readonly x: number }\n`,
            ["index.Point.x (Property)"],
        ],
        [
            "a link to what is not there",
            SOUND.replace("One more.", "One more than {@link before}."),
            ['Failed to resolve link to "before" in comment for index.next'],
        ],
        [
            "a type that is used and not exported",
            `${SOUND}/** A point. */\ninterface Point { readonly x: number }\n/** Zero. */\nexport const zero: Point = { x: 0 };\n`,
            ["Point"],
        ],
        [
            "a parameter that is not there",
            SOUND.replace("One more.", "One more.\n * @param m A number."),
            ['The signature index.next has an @param with name "m", which was not used'],
        ],
    ];
    for (const [what, source, found] of FAULTS) {
        it(`finds ${what}`, async () => {
            expect(await documented(source)).to.deep.equal(found);
            expect(readdirSync(folder).includes("out")).to.equal(found.length === 0);
        });
    }
});
