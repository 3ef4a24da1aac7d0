import { expect } from "chai";
import { checkIdentityProvider } from "../../../provider/components/identity-provider-check";

const SHA1 = "a031c46782e6e6c662c2c87c76da9aa62ccabd8e";
const SHA256 = "9f".repeat(32);
const colons = (digits: string): string => digits.replace(/..(?=.)/g, "$&:").toUpperCase();
const IS_SHA256 = "is a SHA-256 fingerprint, but IAM compares SHA-1 fingerprints.";
const PRINTS_IT =
    "Write the SHA-1 fingerprint of the same certificate, 40 hexadecimal digits: `aws-gitlab-oidc doctor URL` prints it.";

const ROWS: readonly (readonly [thumbprint: string, message: string | undefined, fix?: string])[] = [
    [SHA1, undefined],
    [SHA1.toUpperCase(), undefined],
    [SHA256, `"${SHA256}" ${IS_SHA256}`, PRINTS_IT],
    [colons(SHA256), `"${colons(SHA256)}" ${IS_SHA256}`, PRINTS_IT],
    [
        colons(SHA1),
        `"${colons(SHA1)}" is not a SHA-1 fingerprint.`,
        `Write it without colons and spaces: "${SHA1.toUpperCase()}".`,
    ],
    [
        SHA1.slice(1),
        `"${SHA1.slice(1)}" is not a SHA-1 fingerprint.`,
        "Write its 40 hexadecimal digits without colons.",
    ],
    ["x", '"x" is not a SHA-1 fingerprint.', "Write its 40 hexadecimal digits without colons."],
];

describe("thumbprints", () => {
    for (const [thumbprint, message, fix] of ROWS) {
        it(`${thumbprint}: ${message === undefined ? "nothing to report" : message.replace(/^"[^"]*" /, "")}`, () => {
            const { errors } = checkIdentityProvider({
                url: "https://gitlab.example.com",
                thumbprints: [SHA1, thumbprint],
            });
            expect(errors.map((e) => [e.id, e.path, e.message, e.fix])).to.deep.equal(
                message === undefined ? [] : [["thumbprint", "thumbprints[1]", message, fix]],
            );
        });
    }
});
