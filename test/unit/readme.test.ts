import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkGitLabOidc } from "../../provider/components/gitlab-oidc-check";
import { projectRoot } from "../../tools/setup/cache";

const readme = readFileSync(join(projectRoot, "README.md"), "utf8");

describe("README.md", () => {
    it("is short", () => {
        expect(readme.split("\n").length - 1).to.be.at.most(250);
        expect(Buffer.byteLength(readme)).to.be.at.most(15_000);
    });

    it("has its sections in the order in which a new user needs them", () => {
        expect(Array.from(readme.matchAll(/^## (.*)$/gm), ([, heading]) => heading)).to.deep.equal([
            "At a glance",
            "Why",
            "Quick start",
            "Recipes",
            "Languages",
            "The CI file",
            "Troubleshooting",
            "Security",
            "Status and limits",
            "Work on this repository",
            "Documentation",
        ]);
        expect(readme.indexOf("No test has run against AWS")).to.be.lessThan(
            readme.indexOf("## Status and limits") + 200,
        );
    });

    it("has placeholders that nobody takes for values, and accepts no warning", () => {
        const programs = [...readme.matchAll(/^ *```ts\n(.*?)^ *```$/gms)].map(([, text]) => text!);
        expect(programs).to.have.length(2);
        for (const program of programs) {
            expect(program).to.not.match(/accept:|projectId: "\d|gitlabVersion: "\d/);
        }
        const [quickStart, selfManaged] = programs;
        expect(quickStart).to.contain('projectId: "<project id>"').and.to.not.contain("url:");
        expect(selfManaged).to.contain('gitlabVersion: "<GitLab version>"');
    });

    const PROJECT = { project: "mygroup/myproject", projectId: "4711" };
    /** Each recipe, the subject that it leads to, and the ids of the warnings. */
    const RECIPES: readonly (readonly [string, object, readonly string[]])[] = [
        ['branch: "main"', { ...PROJECT, branch: "main" }, []],
        ['branch: "release/*", refProtected: true', { ...PROJECT, branch: "release/*", refProtected: true }, []],
        ['tag: "v*", refProtected: true', { ...PROJECT, tag: "v*", refProtected: true }, []],
        [
            'branch: "feature/*", mergeRequests: true',
            { ...PROJECT, branch: "feature/*", mergeRequests: true },
            ["unprotected-branch"],
        ],
        ['{ group: "mygroup", branch: "main" }', { group: "mygroup", branch: "main" }, ["group-wide"]],
    ];
    for (const [recipe, subject, ids] of RECIPES) {
        it(`the recipe ${recipe} ${ids.length === 0 ? "is valid" : "prints a warning"}`, () => {
            const row = readme.split("\n").find((line) => line.includes(`\`${recipe}\``))!;
            expect(row.includes("prints a warning")).to.equal(ids.length > 0);
            const { errors, warnings, roleWarnings } = checkGitLabOidc("gitlab", {
                roles: { deploy: { subjects: [subject] } },
            });
            const found = [...errors, ...warnings, ...[...roleWarnings.values()].flat()];
            expect(found.map(({ id }) => id)).to.deep.equal(ids);
        });
    }
});
