import { expect } from "chai";
import { compareVersions } from "../../../tools/setup/versions";
import { packageJson } from "../../../provider/contract/schema";
import { lowest, newest } from "../../../tools/compat/versions";
import { withSentence, withTable } from "../../../tools/compat/table";
import { runUnitTests } from "../../../tools/compat/unit";

describe("the versions that the package takes", () => {
    it("are those of package.json from the lowest on, and below the newest", () => {
        const { peerDependencies } = packageJson() as unknown as {
            readonly peerDependencies: Readonly<Record<string, string>>;
        };
        expect(peerDependencies).to.deep.equal({
            "@pulumi/aws": `^${lowest.aws}`,
            "@pulumi/pulumi": `^${lowest.pulumi}`,
        });
        expect(compareVersions(newest.aws, lowest.aws)).to.equal(1);
        expect(compareVersions(newest.pulumi, lowest.pulumi)).to.equal(1);
    });

    it("are written into a table, which marks failures", () => {
        const page = "# P\n\n<!-- written by make compat -->\n\nold\n\n<!-- end of make compat -->\n\nmore\n";
        const parts = { install: undefined, "type-check": undefined, unit: "1 failing", engine: undefined };
        const row = { node: "22.1.0", pulumi: "3.1.0", aws: "7.1.0", awsx: "3.0.0", parts };
        expect(withTable(page, [row])).to.equal(`# P

<!-- written by make compat -->

| Node.js | \`@pulumi/pulumi\` | \`@pulumi/aws\` | with \`@pulumi/awsx\` | install | type-check | unit | engine |
| --- | --- | --- | --- | --- | --- | --- | --- |
| 22.1.0 | 3.1.0 | 7.1.0 | 3.0.0 | passes | passes | **fails** | passes |

<!-- end of make compat -->

more
`);
        expect(() => withTable("# P\n", [row])).to.throw("no place for the versions");
    });

    it("are written into a sentence, which lists failures", () => {
        const page = "# P\n\n<!-- written by make compat -->\n\nold\n\n<!-- end of make compat -->\n";
        const passed = { install: undefined, "type-check": undefined, unit: undefined, engine: undefined };
        const rows = [
            { node: "22.1.0", pulumi: "3.1.0", aws: "7.1.0", awsx: "3.0.0", parts: passed },
            { node: "22.1.0", pulumi: "3.2.0", aws: "7.2.0", awsx: "3.0.0", parts: passed },
        ];
        const sentence = "Tested with Node.js 22.1.0, `@pulumi/pulumi` 3.1.0 and 3.2.0, `@pulumi/aws` 7.1.0 and 7.2.0.";
        const expected = (text: string) =>
            `# P\n\n<!-- written by make compat -->\n\n${text}\n\n<!-- end of make compat -->\n`;
        expect(withSentence(page, rows)).to.equal(expected(sentence));
        const failed = { ...rows[1]!, parts: { ...passed, unit: "1 failing" } };
        expect(withSentence(page, [rows[0]!, failed])).to.equal(
            expected(
                `${sentence} **Fails:** unit with Node.js 22.1.0, \`@pulumi/pulumi\` 3.2.0 and \`@pulumi/aws\` 7.2.0.`,
            ),
        );
    });

    it("have components that pass their tests on the lowest", () => runUnitTests(lowest, process.execPath));
});
