import { expect } from "chai";
import { ACCEPT_TAG, acceptedBy, acceptTags } from "../../../provider/contract/accept-tag";
import { Findings } from "../../../provider/contract/findings";
import { RULES } from "../../../provider/contract/rules";
import { checkTags } from "../../../provider/iam/tags";

describe("the tag for accepted warnings", () => {
    it("lists each ID once, in the same order", () => {
        const tags = { "gitlab-oidc:accept": "any-branch group-wide" };
        expect(acceptTags(["group-wide", "any-branch", "group-wide"], "role")).to.deep.equal(tags);
        expect(acceptTags(["any-branch", "group-wide"], "role")).to.deep.equal(tags);
    });

    it("lists only what is about its resource, and is not there otherwise", () => {
        const accept = ["redundant-thumbprints", "self-managed-version", "any-branch"];
        expect(acceptTags(accept, "role")).to.deep.equal({ "gitlab-oidc:accept": "any-branch" });
        expect(acceptTags(accept, "identity provider")).to.deep.equal({
            "gitlab-oidc:accept": "redundant-thumbprints",
        });
        expect(acceptTags([], "role")).to.deep.equal({});
        expect(acceptTags(["self-managed-version"], "role")).to.deep.equal({});
    });

    it("with every ID is one that IAM stores", () => {
        const { [ACCEPT_TAG]: value } = acceptTags(Object.keys(RULES), "role");
        expect(value!.split(" ")).to.include.members(["group-wide", "pass-role"]).and.not.include("no-subject");
        const findings = new Findings();
        checkTags({ "accepted by the component": value! }, "tags", findings);
        expect(findings.errors).to.deep.equal([]);
    });

    const READ: Readonly<Record<string, readonly [tag: string | undefined, accepted: readonly string[]]>> = {
        "no tag": [undefined, []],
        empty: ["", []],
        "several IDs and white space": [" any-branch  group-wide ", ["any-branch", "group-wide"]],
        "errors and other texts": ["no-subject any-branch constructor any-branches", ["any-branch"]],
    };
    for (const [what, [tag, accepted]] of Object.entries(READ)) {
        it(`is read: ${what}`, () => expect([...acceptedBy(tag)]).to.deep.equal(accepted));
    }
});
