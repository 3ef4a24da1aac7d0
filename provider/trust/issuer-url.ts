import { Findings, quote } from "../findings";

export const GITLAB_COM = "https://gitlab.com";

/** The url without its scheme: the prefix of the condition keys, and the end of the provider's ARN. */
export function issuerOf(url: string): string {
    return url.replace(/^https:\/\//, "");
}

/** Reports everything about the url of an issuer that IAM refuses, or that no token would match. */
export function checkIssuerUrl(url: string, path: string, findings: Findings): void {
    const faults: string[] = [];
    let parsed: URL | undefined;
    try {
        parsed = new URL(url);
    } catch {
        // told below
    }
    if (parsed === undefined || parsed.hostname === "" || !/^https?:$/.test(parsed.protocol)) {
        findings.add(
            "issuer-url",
            path,
            `${quote(url)} is not the address of a GitLab instance.`,
            `Write it with its scheme: "${GITLAB_COM}".`,
        );
        return;
    }
    const cure = `Write "${cleanUrl(parsed)}", exactly as in the \`iss\` claim of the instance's ID tokens.`;
    if (parsed.protocol !== "https:") {
        faults.push("is not https: AWS fetches the instance's keys over TLS only");
    }
    if (parsed.username !== "" || parsed.password !== "") {
        faults.push("has credentials, which would stand readable in every trust policy");
    }
    if (/^[a-z]+:\/\/[^/?#]*:\d*(?:[/?#]|$)/i.test(url)) {
        faults.push("has a port: IAM does not take one");
    }
    if (url.includes("?")) {
        faults.push("has a query: IAM does not take one");
    }
    if (url.includes("#")) {
        faults.push("has a fragment: IAM does not take one");
    }
    if (/\/+(?:[?#]|$)/.test(url.replace(/^[a-z]+:\/\//i, ""))) {
        faults.push("ends with a slash: GitLab's `iss` has none, so no token would match");
    }
    const origin = url.split(/(?<![:/])[/?#]/, 1)[0]!;
    if (origin !== origin.toLowerCase()) {
        faults.push("has capital letters in its host: the `iss` claim is compared exactly and has none");
    }
    if (url.length > 255) {
        faults.push(`has ${String(url.length)} characters: IAM takes 255`);
    }
    if (!/^[!-~]*$/.test(url)) {
        faults.push("has white space or characters outside ASCII: write an international name in its `xn--` form");
    }
    if (/[*$]/.test(url)) {
        faults.push("has `*` or `$`, which are no part of an instance's address");
    } else if (faults.length === 0 && url !== cleanUrl(parsed)) {
        faults.push("is another way of writing the address: the `iss` claim is compared exactly");
    }
    if (faults.length > 0) {
        findings.add("issuer-url", path, `${quote(url)} ${faults.join("; it ")}.`, cure);
    }
}

function cleanUrl(parsed: URL): string {
    return `https://${parsed.hostname}${parsed.pathname.replace(/\/+$/, "")}`;
}
