import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import manifest from "../../../package.json";
import { warn } from "../../../provider/components/reject";
import { documentationOf, documentationOfCheck } from "../../../provider/contract/documentation";
import { describe as describeFindings, reasonText } from "../../../provider/contract/findings";
import type { Finding } from "../../../provider/contract/types";

const PAGE = "https://github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc/blob/main/docs/reference/rules.md";

const finding = (path: string, id = "wrong-type"): Finding => ({
    id,
    severity: "error",
    path,
    message: "is 5.",
    fix: 'Use a string: "5".',
});

describe("findings as text", () => {
    it("one line per finding, each followed by the address of its rule", () => {
        expect(describeFindings([finding("url"), finding("", "required")])).to.equal(`2 problems with the inputs:
  - url: is 5. Use a string: "5". [wrong-type]
      ${PAGE}#wrong-type
  - is 5. Use a string: "5". [required]
      ${PAGE}#required`);
        expect(reasonText(finding("url"))).to.equal(`is 5. Use a string: "5". [wrong-type]\n    ${PAGE}#wrong-type`);
    });

    it("of very many, the first 100 and the number of the others", () => {
        const paths = Array.from({ length: 100_000 }, (_, i) => `tags[${String(i)}]`);
        const lines = describeFindings(paths.map((path) => finding(path))).split("\n");
        expect([lines[0], lines.length]).to.deep.equal(["100000 problems with the inputs:", 202]);
        expect(lines.slice(-3)).to.deep.equal([
            '  - tags[99]: is 5. Use a string: "5". [wrong-type]',
            `      ${PAGE}#wrong-type`,
            "  - and 99900 more",
        ]);
        expect(describeFindings(paths.slice(0, 100).map((path) => finding(path)))).not.to.contain("more");
    });

    it("the address is in the repository of package.json", () => {
        expect(manifest.repository.url).to.equal(`git+${manifest.homepage}.git`);
        expect(documentationOf("group-wide")).to.equal(
            `${manifest.homepage}/blob/main/docs/reference/rules.md#group-wide`,
        );
        expect(documentationOfCheck("dns")).to.equal(`${manifest.homepage}/blob/main/docs/reference/checks.md#dns`);
    });

    it("a warning has the ID that accepts it and the address, once for all places with the same text", () => {
        const { warn: log } = pulumi.log;
        const texts: string[] = [];
        Object.assign(pulumi.log, { warn: (text: string) => Promise.resolve(texts.push(text)) });
        try {
            const wide = { ...finding("subjects[0]", "group-wide"), message: "is wide.", fix: "Narrow it." };
            const unused = { ...finding("accept", "unused-accept"), message: "does nothing.", fix: "Leave it out." };
            warn([wide, { ...wide, path: "subjects[1]" }, unused], undefined as never);
        } finally {
            Object.assign(pulumi.log, { warn: log });
        }
        expect(texts).to.deep.equal([
            `subjects[0], subjects[1]: is wide. Narrow it. If it is intended, add "group-wide" to \`accept\`. [group-wide]\n    ${PAGE}#group-wide`,
            `accept: does nothing. Leave it out. [unused-accept]\n    ${PAGE}#unused-accept`,
        ]);
    });
});
