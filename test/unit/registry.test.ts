import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { packageJson } from "../../provider/contract/schema";
import { projectRoot } from "../../tools/setup/cache";
import { targets } from "../../tools/dist/targets";

/*
 * The checks of the Pulumi Registry for a package of the community, as far as they need no network. Source: pulumi/registry,
 * tools/resourcedocsgen/cmd/metadata.go, scripts/ci/community-package/{verify_entry,doc_lint,sdk_install_probe}.py,
 * scripts/lint/lint-markdown.js and the templates of its pull requests.
 */

interface Schema {
    readonly name: string;
    readonly version?: string;
    readonly description: string;
    readonly keywords: readonly string[];
    readonly publisher: string;
    readonly logoUrl: string;
    readonly repository: string;
    readonly language: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const read = (path: string): string => readFileSync(join(projectRoot, path), "utf8");
const schema = JSON.parse(read("schema.json")) as Schema;
const { version } = packageJson();
const [owner, repository] = new URL(schema.repository).pathname.slice(1).split("/") as [string, string];

const CATEGORIES = ["cloud", "database", "infrastructure", "monitoring", "network", "utility", "vcs"];
const SAFE_NAME = /^[A-Za-z0-9._@/-]+$/;

/** Lines that break on the Registry's pages, each with an example. */
const BROKEN_LINES: Readonly<Record<string, readonly [pattern: RegExp, example: string]>> = {
    "a relative image": [/<img[^>]+src=["'](\.|\/|[^h])|!\[[^\]]*\]\((\.|\/)/, "![x](./x.svg)"],
    "a relative link in HTML": [/<a[^>]+href="(\.|\/)/, '<a href="../x">'],
    "a link to a file in Markdown": [/\]\((?!https?:\/\/)[^)]*\.md[)#]/, "[x](refused.md#x)"],
    "a shortcode with a space": [/\{\{[\t\p{Zs}]+[<%]/u, "{{ < chooser >}}"],
};

interface FrontMatter {
    readonly title?: unknown;
    readonly meta_desc?: unknown;
    readonly layout?: unknown;
}

describe("the Pulumi Registry accepts", () => {
    it("the schema: name, version, category, kind, publisher and description", () => {
        expect(repository).to.equal(`pulumi-${schema.name}`);
        expect(schema.publisher).to.equal(owner);
        // Without a version the Registry uses that of the release.
        expect(schema).to.not.have.property("version");
        expect(version).to.match(/^\d+\.\d+\.\d+$/);
        const categories = schema.keywords.filter((keyword) => keyword.startsWith("category/"));
        expect(categories).to.have.length(1);
        expect(CATEGORIES).to.include(categories[0]!.slice("category/".length));
        expect(schema.keywords).to.include("kind/component");
        expect(schema.description).to.match(/^\S.{20,}\.$/);
    });

    it("the logo: a PNG of 100 by 100 pixels in the repository", () => {
        const prefix = `https://raw.githubusercontent.com/${owner}/${repository}/main/`;
        expect(schema.logoUrl.startsWith(prefix)).to.equal(true);
        const png = readFileSync(join(projectRoot, schema.logoUrl.slice(prefix.length)));
        expect(png.subarray(0, 8).toString("latin1")).to.equal("\u0089PNG\r\n\u001a\n");
        expect([png.readUInt32BE(16), png.readUInt32BE(20)]).to.deep.equal([100, 100]);
        expect(read("assets/logo.svg")).to.contain('viewBox="0 0 100 100"');
    });

    for (const page of ["docs/_index.md", "docs/installation-configuration.md"]) {
        it(`${page}: its front matter and its links`, () => {
            const text = read(page);
            const { title, meta_desc, layout } = parse(/^---\n(.*?)^---\n/ms.exec(text)?.[1] ?? "") as FrontMatter;
            expect(title).to.be.a("string").that.matches(/\S/);
            expect(meta_desc).to.be.a("string").that.matches(/\S/);
            expect(layout).to.equal("package");
            for (const [what, [pattern]] of Object.entries(BROKEN_LINES)) {
                expect(
                    text.split("\n").filter((line) => pattern.test(line)),
                    what,
                ).to.deep.equal([]);
            }
        });
    }

    for (const [what, [pattern, example]] of Object.entries(BROKEN_LINES)) {
        it(`finds ${what}`, () => expect(example).to.match(pattern));
    }

    it("the overview: an example in every language", () => {
        const index = read("docs/_index.md");
        for (const language of ["typescript", "python", "go", "java", "yaml"]) {
            expect(index).to.contain(`{{% choosable language ${language} %}}`);
            expect(index).to.contain(`\n\`\`\`${language}\n`);
        }
    });

    it("the installation page: each SDK, and how to install the plugin", () => {
        const page = read("docs/installation-configuration.md");
        const { nodejs, python, go } = schema.language;
        for (const name of [nodejs!["packageName"], python!["packageName"], go!["importBasePath"]]) {
            expect(page).to.contain(name);
            expect(name).to.match(SAFE_NAME);
        }
        expect(page).to.contain(
            `pulumi plugin install resource ${schema.name} v${version} --server github://api.github.com/${owner}/${repository}\n`,
        );
    });

    it("the release: its tag, and a plugin for each platform that the Pulumi CLI asks for", () => {
        const workflow = read(".github/workflows/release.yml");
        expect(workflow).to.contain('tags: ["v[0-9]+.[0-9]+.[0-9]+"]');
        expect(workflow).to.contain('gh release create "$GITHUB_REF_NAME" dist-packages/*');
        expect(targets.map(({ os, arch }) => `${os}-${arch}`)).to.have.members(
            ["linux", "darwin", "windows"].flatMap((os) => [`${os}-amd64`, `${os}-arm64`]),
        );
        // Which file the CLI downloads is held by test/engine/dist.test.ts, which installs it.
        expect(read("tools/dist/executables.ts")).to.contain(
            "`${name}-v${packageJson().version}-${target.os}-${target.arch}.tar.gz`",
        );
    });

    it("the SDKs: the names of the schema are those that a release publishes", () => {
        const workflow = read(".github/workflows/release.yml");
        const { nodejs, python, go } = schema.language;
        const manifest = JSON.parse(read("package.json")) as { readonly name: string };
        expect(manifest.name).to.equal(nodejs!["packageName"]);
        expect(Array.from(workflow.matchAll(/npm publish .*\/(\S+)-\$\{/g), ([, name]) => name)).to.deep.equal([
            manifest.name,
            `${manifest.name}-policy`,
        ]);
        expect(read("sdk/python/pyproject.toml")).to.contain(`name = "${String(python!["packageName"])}"`);
        expect(workflow).to.contain(`mv dist-packages/${String(python!["packageName"])}-* python/`);
        // Go finds the version of a module below the root by a tag with the module's folder.
        const [module] = /(?<=^module ).*/m.exec(read("sdk/go/go.mod"))!;
        expect(String(go!["importBasePath"]).startsWith(`${module}/`)).to.equal(true);
        const folder = module.slice(`github.com/${owner}/${repository}/`.length);
        expect(workflow).to.contain(`ref=refs/tags/${folder}/$GITHUB_REF_NAME`);
        expect(readdirSync(join(projectRoot, folder))).to.include("go.mod");
    });
});
