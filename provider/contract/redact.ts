import type { Finding } from "./types";

/** The secret values of some inputs. */
export class Secrets {
    private readonly paths: string[] = [];
    private readonly texts = new Set<string>();

    /** Marks the value at a property path as secret, with everything in it. */
    add(path: string, value: unknown): void {
        this.paths.push(path);
        this.addTexts(value);
    }

    private addTexts(value: unknown): void {
        if (typeof value === "string" && value !== "") {
            this.texts.add(value);
            // The keys of an issuer begin with its url without the scheme.
            this.texts.add(value.replace(/^https:\/\/(?=.)/, ""));
        } else if (typeof value === "object" && value !== null) {
            Object.values(value).forEach((part) => this.addTexts(part));
        }
    }

    /** The path of the secret value that contains the path; undefined if there is none. */
    above(path: string): string | undefined {
        return this.paths.find(
            (secret) => path === secret || (path.startsWith(secret) && /[.[]/.test(path[secret.length]!)),
        );
    }

    /** The text without the secrets that it repeats. A short secret is searched in quotes only, because it can be a word. */
    hide(text: string): string {
        return [...this.texts].sort((a, b) => b.length - a.length).reduce(hideOne, text);
    }
}

const HIDDEN = "[secret]";

function hideOne(text: string, secret: string): string {
    const written = JSON.stringify(secret).slice(1, -1);
    if (written.length < 4) {
        return text.replaceAll(`"${written}"`, HIDDEN);
    }
    if (written.length < 8) {
        return text.replace(new RegExp(`(?<![A-Za-z0-9])${escaped(written)}(?![A-Za-z0-9])`, "g"), HIDDEN);
    }
    // A message may contain only the beginning of a long secret, up to the quote or the ellipsis.
    const beginning = written.slice(0, 20);
    const whole = text.replaceAll(written, HIDDEN);
    return written.length > 20 ? whole.replace(new RegExp(`${escaped(beginning)}[^"…]*`, "g"), HIDDEN) : whole;
}

/** The path up to the first key inside the secret value. Such a key is a part of the secret. */
function withoutKeys(path: string, secret: string): string {
    const key = path.indexOf('["', secret.length);
    return key < 0 ? path : path.slice(0, key);
}

function escaped(text: string): string {
    return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** The finding without secrets: it contains no secret value and does not describe one. */
export function redacted<F extends Pick<Finding, "path" | "message" | "fix">>(finding: F, secrets: Secrets): F {
    const secret = secrets.above(finding.path);
    if (secret !== undefined) {
        return {
            ...finding,
            path: withoutKeys(finding.path, secret),
            message: "is a secret value and is therefore not shown.",
            fix: "See the documentation of the rule.",
        };
    }
    const message = secrets.hide(finding.message);
    const fix = secrets.hide(finding.fix);
    return message === finding.message && fix === finding.fix ? finding : { ...finding, message, fix };
}
