import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { referencePages } from "../../../tools/schema/reference";
import { SOURCES, withLinks } from "../../../tools/schema/sources";
import { readSchema } from "../../../tools/schema/typescript";
import type { Schema } from "../../../provider/contract/schema";

const root = join(__dirname, "../../..");

const INDEX = "aws-gitlab-oidc:index:";

/** A schema with one of each. */
const SMALL: Schema = {
    resources: {
        [`${INDEX}Thing`]: {
            description: "A thing.",
            inputProperties: {
                name: {
                    type: "string",
                    description:
                        'Name of the thing, for example `a. B`. At most 64 characters (`role-name`). Default: `x.y`. Changing it replaces it. Source: AWS, "IAM identifiers". Ours.',
                },
                part: { $ref: `#/types/${INDEX}Part`, plain: true, description: "Its part." },
            },
            requiredInputs: ["part"],
            properties: { arn: { type: "string", description: "Its ARN." } },
            required: ["arn"],
        },
    },
    types: {
        [`${INDEX}Part`]: {
            description: "A part.",
            type: "object",
            properties: {
                sizes: { type: "array", items: { type: "integer" }, description: "Sizes." },
                any: {
                    type: "object",
                    additionalProperties: { $ref: "pulumi.json#/Any" },
                    description: "Anything.",
                },
            },
        },
        [`${INDEX}Kind`]: {
            description: "A kind.",
            type: "string",
            enum: [{ name: "New", value: "new", description: "Of today." }],
        },
    },
    functions: {
        [`${INDEX}getThing`]: {
            description: "Gets a thing.",
            inputs: { properties: { part: { $ref: `#/types/${INDEX}Part`, description: "Its part." } } },
            outputs: {
                properties: {
                    kind: { $ref: `#/types/${INDEX}Kind`, description: "Its kind." },
                    either: { oneOf: [{ type: "boolean" }, { type: "string" }], description: "Either." },
                },
                required: ["kind"],
            },
        },
    },
};

/** A page from its first heading of level 2 on. */
const body = (page: string): string => page.slice(page.indexOf("\n## ") + 1);

describe("reference pages", () => {
    it("are those that `make sdk` writes from schema.json", async () => {
        for (const [path, text] of Object.entries(await referencePages(readSchema()))) {
            expect(readFileSync(join(root, path), "utf8"), path).to.equal(text);
        }
    });

    it("have a heading for each component, property and type, and links between the pages", async () => {
        const pages = await referencePages(SMALL);
        expect(Object.keys(pages)).to.deep.equal(["docs/reference/components.md", "docs/reference/functions.md"]);
        expect(body(pages["docs/reference/components.md"]!)).to.equal(
            [
                "## Thing",
                "A thing.",
                "### Inputs of Thing",
                "#### `name`",
                "string",
                "Name of the thing, for example `a. B`. At most 64 characters ([`role-name`](rules.md#role-name)). Ours.",
                "- **Default:** `x.y`. Changing it replaces it.\n- **Source:** AWS, [IAM identifiers](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).",
                "#### `part`",
                "[`Part`](#part), required, plain",
                "Its part.",
                "### Outputs of Thing",
                "#### `arn`",
                "string",
                "Its ARN.",
                "## Types",
                "### Part",
                "A part.",
                "#### `sizes`",
                "array of integer",
                "Sizes.",
                "#### `any`",
                "map of any JSON value",
                "Anything.\n",
            ].join("\n\n"),
        );
        expect(body(pages["docs/reference/functions.md"]!)).to.equal(
            [
                "## getThing",
                "Gets a thing.",
                "### Arguments of getThing",
                "#### `part`",
                "[`Part`](components.md#part)",
                "Its part.",
                "### Result of getThing",
                "#### `kind`",
                "[`Kind`](#kind)",
                "Its kind.",
                "#### `either`",
                "boolean or string, not always present",
                "Either.",
                "## Types",
                "### Kind",
                "A kind.",
                "- `new`: Of today.\n",
            ].join("\n\n"),
        );
    });

    it("lose no word of schema.json", async () => {
        const pages = Object.values(await referencePages(readSchema())).join("\n");
        const plain = (text: string): string => text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/["*\\_]/g, "");
        const written = plain(pages);
        const missing = Array.from(JSON.stringify(readSchema()).matchAll(/"description":("(?:[^"\\]|\\.)*")/g))
            .slice(1) // the package's own
            .flatMap(([, json]) => (JSON.parse(json!) as string).split(/(?<=\.)\s+/))
            .filter((sentence) => !written.includes(plain(sentence)));
        expect(missing).to.deep.equal([]);
    });
});

describe("sources of the reference", () => {
    it("have an address for each page that schema.json names, and no other", () => {
        const named = Array.from(
            JSON.stringify(readSchema()).matchAll(/\b(AWS|GitLab|Pulumi), \\"(.*?)\\"/g),
            ([, publisher, title]) => `${publisher!}, ${title!}`,
        );
        const known = Object.entries(SOURCES).flatMap(([publisher, pages]) =>
            Object.keys(pages).map((title) => `${publisher}, ${title}`),
        );
        expect([...new Set(named)].sort()).to.deep.equal(known.sort());
    });

    it("are https addresses at their publishers", () => {
        const hosts: Readonly<Record<string, RegExp>> = {
            AWS: /^https:\/\/(?:docs\.aws\.amazon\.com|repost\.aws)\//,
            GitLab: /^https:\/\/docs\.gitlab\.com\//,
            Pulumi: /^https:\/\/www\.pulumi\.com\/docs\//,
        };
        for (const [publisher, pages] of Object.entries(SOURCES)) {
            for (const url of Object.values(pages)) {
                expect(url).to.match(hosts[publisher]!);
            }
        }
    });

    it("that are not known stop `make sdk`", () => {
        expect(() => withLinks('Source: AWS, "IAM identifers".')).to.throw(
            'tools/schema/sources.ts has no address for AWS, "IAM identifers".',
        );
    });
});
