import { expect } from "chai";
import { redacted, Secrets } from "../../../provider/contract/redact";

/** A finding as it is shown beside a secret value at a path. */
function shown(secret: readonly [path: string, value: unknown], path: string, message: string): readonly string[] {
    const secrets = new Secrets();
    secrets.add(...secret);
    const finding = redacted({ path, message, fix: "Leave it out." }, secrets);
    return [finding.path, finding.message];
}

const HIDDEN = "is a secret value and is therefore not shown.";

describe("redacted", () => {
    for (const [title, secret, [path, message], expected] of [
        ["a secret value", ["name", "x"], ["name", '"x" is wrong.'], ["name", HIDDEN]],
        [
            "a part of a secret list",
            ["subjects", [{ branch: "x" }]],
            ["subjects[0].branch", '"x" is wrong.'],
            ["subjects[0].branch", HIDDEN],
        ],
        [
            "a key of a secret map",
            ["conditions", { StringEquals: { "hidden:key": ["x"] } }],
            ['conditions["StringEquals"]["hidden:key"]', '"hidden:key" is wrong.'],
            ["conditions", HIDDEN],
        ],
        [
            "a secret value at a key that is none",
            ['tags["team"]', "x"],
            ['tags["team"]', '"x" is wrong.'],
            ['tags["team"]', HIDDEN],
        ],
        [
            "a key of a secret map in a map that is none",
            ['roles["deploy"].tags', { hidden: "x" }],
            ['roles["deploy"].tags["hidden"]', "is wrong."],
            ['roles["deploy"].tags', HIDDEN],
        ],
        [
            "an issuer of which the url is secret",
            ["url", "https://gitlab.example.com"],
            ["conditions", 'Keys begin with "gitlab.example.com:", of "https://gitlab.example.com".'],
            ["conditions", 'Keys begin with "[secret]:", of "[secret]".'],
        ],
        [
            "a short secret that is a word of the message",
            ["name", "a"],
            ["subjects[0]", 'names a branch and a tag, not "a".'],
            ["subjects[0]", "names a branch and a tag, not [secret]."],
        ],
    ] as const) {
        it(title, () => expect(shown(secret, path, message)).to.deep.equal(expected));
    }
});
