import { expect } from "chai";
import { gitLabPathFindings } from "../../../provider/gitlab/paths";
import { SAYS } from "../../support/wording";

function found(kind: "group" | "project", path: string): readonly (readonly [id: string, fix: string])[] {
    return gitLabPathFindings(kind, path, "x").map(({ id, fix }) => [id, fix]);
}

const ADDRESS_BAR = SAYS.addressBar("mygroup/myproject");

describe("gitLabPathFindings, segments that GitLab does not allow", () => {
    for (const [path, fix] of [
        ["g/../evil/p", 'Write "evil/p".'],
        ["g/./p", 'Write "g/p".'],
        ["./g/p", 'Write "g/p".'],
        ["g/p/.", 'Write "g/p".'],
        ["g/h/p/..", 'Write "g/h".'],
        ["../g/p", ADDRESS_BAR],
        ["g/..", ADDRESS_BAR],
        ["g/.../p", ADDRESS_BAR],
        ["g./p", ADDRESS_BAR],
        ["g/h./p", ADDRESS_BAR],
        ["-g/p", ADDRESS_BAR],
        ["g/-/p", ADDRESS_BAR],
        ["g/..git", ADDRESS_BAR],
    ] as const) {
        it(path, () => {
            expect(found("project", path)).to.deep.equal([["gitlab-path", fix]]);
        });
    }

    it("in a group's path too", () => {
        expect(found("group", "g/./h")).to.deep.equal([["gitlab-path", 'Write "g/h".']]);
        expect(found("group", "g/h.")).to.deep.equal([["gitlab-path", SAYS.addressBar("mygroup/subgroup")]]);
    });

    for (const path of ["g/p.", "g/.p", "g/_p", "g.x/p", "_g/p", "g/a..b", "g/p-", "g/a--b"]) {
        it(`allows ${path}`, () => {
            expect(found("project", path)).to.deep.equal([]);
        });
    }
});
