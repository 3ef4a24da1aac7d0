import { readFileSync } from "node:fs";
import { readIdToken } from "../oidc/id-token";
import type { Terminal } from "./terminal";

type Environment = Readonly<Record<string, string | undefined>>;

const TOKEN_FILE = "AWS_WEB_IDENTITY_TOKEN_FILE";

/**
 * Whether this process gets its AWS credentials through the mirror: it could not repair the mirror when its own token is
 * signed with the key that is missing there. Tokens that may be for something else are warned about.
 */
export function authenticatesThrough(mirrorUrl: string, environment: Environment, terminal: Terminal): boolean {
    const file = environment[TOKEN_FILE];
    if (file !== undefined && issuerIn(contentOf(file)) === mirrorUrl) {
        terminal.err(
            `aws-gitlab-oidc: ${TOKEN_FILE} has a token of ${mirrorUrl}, the mirror that this job is to refresh: when GitLab signs with a key that is not in the mirror yet, AWS refuses that very token, and the mirror stays as it is. ` +
                "Give this job credentials that do not come from an ID token of the instance: those of the runner's own instance profile, or stored keys of a user that may write the two objects.\n",
        );
        return true;
    }
    const names = Object.entries(environment)
        .filter(([, value]) => value !== undefined && issuerIn(value) === mirrorUrl)
        .map(([name]) => name);
    if (names.length > 0) {
        terminal.err(
            `aws-gitlab-oidc: ${names.join(", ")} has an ID token of ${mirrorUrl}. Do not get the AWS credentials of this job with it: it may be signed with the key that is missing in the mirror.\n`,
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

/** The `iss` of an ID token, unverified and whatever is wrong with it. */
function issuerIn(token: string): unknown {
    return token.startsWith("eyJ") ? readIdToken(token, 0).value?.claims["iss"] : undefined;
}
