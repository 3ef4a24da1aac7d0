import { expect } from "chai";
import { refNameFindings } from "../../../provider/gitlab/refs";
import { SAYS } from "../../support/wording";

function found(kind: "branch" | "tag", name: string): readonly (readonly [id: string, fix: string])[] {
    return refNameFindings(kind, name, "x").map(({ id, fix }) => [id, fix]);
}

describe("refNameFindings, names that no job can have", () => {
    for (const [kind, name, fix] of [
        ["branch", "HEAD", 'Write the name of the branch: branch: "main".'],
        ["tag", "HEAD", 'Write the name of the tag: tag: "v1.0".'],
        ["branch", "-x", 'Write branch: "x".'],
        ["tag", "-v1", 'Write tag: "v1".'],
        ["branch", "--force", 'Write branch: "force".'],
        ["branch", "-*", 'Write branch: "*".'],
        ["branch", "-", SAYS.shortName("branch", "branch")],
        ["branch", "refs/heads/main", 'Write branch: "main".'],
        ["branch", "refs/heads/release/*", 'Write branch: "release/*".'],
        ["branch", "refs/tags/v1", 'Write tag: "v1".'],
        ["branch", "refs/remotes/origin/main", 'Write branch: "main".'],
        ["tag", "refs/heads/-x", 'Write branch: "x".'],
        ["branch", "refs/merge-requests/1/head", SAYS.shortName("branch", "branch")],
        ["branch", "refs/pipelines/5", SAYS.shortName("branch", "branch")],
        ["branch", "refs/heads/", SAYS.shortName("branch", "branch")],
        ["branch", "/main", 'Write branch: "main".'],
        ["branch", "main/", 'Write branch: "main".'],
        ["branch", "feature//x", 'Write branch: "feature/x".'],
        ["branch", " main ", 'Write branch: "main".'],
        ["branch", "main.", 'Write branch: "main".'],
        ["branch", "my branch", SAYS.shortName("branch", "branch")],
        ["branch", "a..b", SAYS.shortName("branch", "branch")],
        ["branch", "a/.b", SAYS.shortName("branch", "branch")],
        ["branch", "a.lock", SAYS.shortName("branch", "branch")],
        ["branch", "a@{1}", SAYS.shortName("branch", "branch")],
        ["branch", "@", SAYS.shortName("branch", "branch")],
        ["branch", "a\\b", SAYS.shortName("branch", "branch")],
        ["tag", "a b", SAYS.shortName("tag", "tag")],
        ["branch", "", 'Write the name: branch: "main".'],
        ["branch", "0123456789abcdef0123456789abcdef01234567", "Write the name of the branch that has the commit."],
        ["branch", "0a".repeat(32), "Write the name of the branch that has the commit."],
    ] as const) {
        it(`${kind} ${JSON.stringify(name)}`, () => {
            expect(found(kind, name)).to.deep.equal([["ref-name", fix]]);
        });
    }

    for (const name of [
        "head",
        "HEAD2",
        "x/HEAD",
        "HEAD/x",
        "a-x",
        "x/-y",
        "refs",
        "ref/x",
        "0123456789abcdef",
        "@x",
        "a.b",
        "*",
    ]) {
        it(`allows ${name}`, () => {
            expect(found("branch", name)).to.deep.equal([]);
        });
    }

    it("allows a tag that looks like a commit", () => {
        expect(found("tag", "0123456789abcdef0123456789abcdef01234567")).to.deep.equal([]);
    });
});
