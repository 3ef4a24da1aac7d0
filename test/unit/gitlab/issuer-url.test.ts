import { expect } from "chai";
import { issuerUrlFindings } from "../../../provider/gitlab/issuer-url";

function fixOf(url: string): string | undefined {
    const findings = issuerUrlFindings(url, "url");
    expect(findings.map(({ id, path }) => `${id} ${path}`)).to.deep.equal(["issuer-url url"]);
    return findings[0]!.fix;
}

describe("issuerUrlFindings, the address that was meant", () => {
    for (const [url, meant] of [
        ["gitlab.example.com", "https://gitlab.example.com"],
        ["gitlab.example.com/", "https://gitlab.example.com"],
        ["//gitlab.example.com", "https://gitlab.example.com"],
        ["://gitlab.example.com", "https://gitlab.example.com"],
        ["gitlab.example.com:443", "https://gitlab.example.com"],
        ["gitlab.example.com:443/x", "https://gitlab.example.com/x"],
        ["GITLAB.example.com", "https://gitlab.example.com"],
        ["example.com/gitlab", "https://example.com/gitlab"],
        ["example.com/gitlab/?x#y", "https://example.com/gitlab"],
        ["git@gitlab.example.com:g/p", "https://gitlab.example.com"],
        ["git@gitlab.example.com:g/p.git", "https://gitlab.example.com"],
        ["ssh://git@gitlab.example.com/g/p.git", "https://gitlab.example.com"],
        ["ssh://git@gitlab.example.com:2222/g/p.git", "https://gitlab.example.com"],
        ["user@gitlab.example.com", "https://gitlab.example.com"],
        ["https//gitlab.example.com", "https://gitlab.example.com"],
        ["https:gitlab.example.com", "https://gitlab.example.com"],
        ["https:/gitlab.example.com", "https://gitlab.example.com"],
        ["ftp://gitlab.example.com", "https://gitlab.example.com"],
        [" gitlab.example.com ", "https://gitlab.example.com"],
        ["http://gitlab.example.com", "https://gitlab.example.com"],
        ["https://gitlab.example.com/", "https://gitlab.example.com"],
        ["https://gitlab.example.com:443", "https://gitlab.example.com"],
        ["https://GitLab.example.com", "https://gitlab.example.com"],
        ["gitlab.com", "https://gitlab.com"],
    ] as const) {
        it(JSON.stringify(url), () => {
            expect(fixOf(url)).to.contain(`"${meant}"`);
        });
    }

    for (const url of ["", "gitlab", "mailto:x", "not a url", "https://"]) {
        it(`${JSON.stringify(url)} names no host`, () => {
            expect(fixOf(url)).to.equal(
                'Write the address of your instance with its scheme, such as "https://gitlab.example.com", or "https://gitlab.com".',
            );
        });
    }

    for (const [url, host] of [
        ["https://gitlab.example.com:8443", "https://gitlab.example.com"],
        ["http://gitlab.example.com", "https://gitlab.example.com"],
        ["http://gitlab.example.com:8080/git/", "https://gitlab.example.com/git"],
    ] as const) {
        it(`${url} is in \`iss\`, so no other URL would match`, () => {
            expect(fixOf(url)).to.equal(
                `If the \`iss\` claim of the instance's ID tokens is "${host}", write that. Otherwise GitLab's \`external_url\` has this address, and no URL that IAM accepts would match. Then set \`external_url\` to "${host}", or set \`ci_id_tokens_issuer_url\` (GitLab 18.1) to a public https URL without a port and write that URL here. \`IssuerMirror\` creates one.`,
            );
        });
    }

    for (const [url, meant] of [
        ["https://gitlab.example.com:443", "https://gitlab.example.com"],
        ["https://gitlab.example.com/", "https://gitlab.example.com"],
        ["http://gitlab.com", "https://gitlab.com"],
        ["https://gitlab.com:8443", "https://gitlab.com"],
    ] as const) {
        it(`${url} is never in \`iss\``, () => {
            expect(fixOf(url)).to.equal(
                `Write "${meant}", exactly as in the \`iss\` claim of the instance's ID tokens.`,
            );
        });
    }
});
