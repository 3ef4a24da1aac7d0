import { readFileSync } from "node:fs";
import { readIdToken } from "../oidc/id-token";
import type { Terminal } from "./terminal";

type Environment = Readonly<Record<string, string | undefined>>;

const TOKEN_FILE = "AWS_WEB_IDENTITY_TOKEN_FILE";

/**
 * Whether this process gets its AWS credentials with a token that the mirror verifies. Such a process cannot add the key
 * that its own token is signed with. Other variables with such a token cause a warning.
 */
export function authenticatesThrough(mirrorUrl: string, environment: Environment, terminal: Terminal): boolean {
    const file = environment[TOKEN_FILE];
    if (file !== undefined && issuerIn(contentOf(file)) === mirrorUrl) {
        terminal.err(
            `aws-gitlab-oidc: ${TOKEN_FILE} has a token of ${mirrorUrl}, the mirror that this job updates. When GitLab signs with a key that is not in the mirror yet, AWS denies this job, and it cannot update the mirror. ` +
                "Use AWS credentials that do not come from an ID token of the instance, for example the instance profile of the runner, or stored keys of a user that can only write the two objects.\n",
        );
        return true;
    }
    const names = Object.entries(environment)
        .filter(([, value]) => value !== undefined && issuerIn(value) === mirrorUrl)
        .map(([name]) => name);
    if (names.length > 0) {
        terminal.err(
            `aws-gitlab-oidc: ${names.join(", ")} has an ID token of ${mirrorUrl}. Do not use it for the AWS credentials of this job: it may be signed with a key that is not in the mirror yet.\n`,
        );
    }
    return false;
}

function contentOf(path: string): string {
    try {
        return readFileSync(path, "utf8").trim();
    } catch {
        return "";
    }
}

/** The `iss` of an ID token, without verifying the token. */
function issuerIn(token: string): unknown {
    return token.startsWith("eyJ") ? readIdToken(token, 0).value?.claims["iss"] : undefined;
}
