import type { Findings, Verdict } from "../contract/findings";
import { quote } from "../contract/quote";
import { known, type MaybeUnknown } from "../contract/unknown";
import { GITLAB_COM } from "../gitlab/issuer-url";

/** Reports thumbprints of an identity provider that IAM does not accept, or does not use. */
export function checkThumbprints(
    maybe: MaybeUnknown<readonly string[] | undefined>,
    url: string | undefined,
    path: string,
    findings: Findings,
): void {
    const thumbprints = known(maybe);
    if (thumbprints === undefined) {
        return;
    }
    if (thumbprints.length > 5) {
        findings.add(
            "thumbprint",
            path,
            `has ${String(thumbprints.length)} values, and IAM accepts at most 5.`,
            "Keep those of the current certificate chain and of its successor.",
        );
    }
    thumbprints.forEach((value, i) => {
        const thumbprint = known(value);
        const fault = thumbprint === undefined ? undefined : thumbprintFault(thumbprint);
        if (fault !== undefined) {
            findings.add("thumbprint", `${path}[${String(i)}]`, fault.message, fault.fix);
        }
    });
    if (url === GITLAB_COM && thumbprints.length > 0) {
        findings.add(
            "redundant-thumbprints",
            path,
            "AWS trusts the CA of gitlab.com anyway and ignores thumbprints, which only become outdated.",
            "Leave them out.",
        );
    }
}

function thumbprintFault(thumbprint: string): Omit<Verdict, "id"> | undefined {
    const digits = thumbprint.replace(/[:\s]/g, "");
    if (/^[0-9a-fA-F]{64}$/.test(digits)) {
        return {
            message: `${quote(thumbprint)} is a SHA-256 fingerprint, but IAM compares SHA-1 fingerprints.`,
            fix: "Write the SHA-1 fingerprint of the same certificate, 40 hexadecimal digits: `aws-gitlab-oidc doctor URL` prints it.",
        };
    }
    return /^[0-9a-fA-F]{40}$/.test(thumbprint)
        ? undefined
        : {
              message: `${quote(thumbprint)} is not a SHA-1 fingerprint.`,
              fix: /^[0-9a-fA-F]{40}$/.test(digits)
                  ? `Write it without colons and spaces: ${quote(digits)}.`
                  : "Write its 40 hexadecimal digits without colons.",
          };
}
