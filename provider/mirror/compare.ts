import { quote } from "../contract/quote";
import { jwksUriOf, type PublicKey, type PublishedMembers } from "./documents";
import { isSameKey } from "./rotation";

/** A way in which the published mirror is not what it should be. */
export interface Difference {
    readonly id: "issuer" | "jwks-uri" | "members" | "key-missing" | "key-changed" | "key-overdue" | "key-without-end";
    readonly message: string;
    readonly fix: string;
}

interface Compared {
    /** The instance, and the mirror as it is published. */
    readonly instance: { readonly members: PublishedMembers; readonly keys: readonly PublicKey[] };
    readonly mirror: {
        readonly members: PublishedMembers;
        readonly issuer: unknown;
        readonly jwksUri: unknown;
        readonly keys: readonly PublicKey[];
    };
    readonly mirrorUrl: string;
    /** Seconds since 1970. */
    readonly now: number;
}

const REFRESH = "Run `aws-gitlab-oidc mirror fetch` and `pulumi up`.";

/** Everything in which the mirror differs from what `mirror fetch` and `pulumi up` would make it now. */
export function differences({ instance, mirror, mirrorUrl, now }: Compared): readonly Difference[] {
    const found: Difference[] = [];
    const add = (id: Difference["id"], message: string, fix: string): void => void found.push({ id, message, fix });
    if (mirror.issuer !== mirrorUrl) {
        add(
            "issuer",
            `\`issuer\` of the mirror is ${quote(mirror.issuer)}, not ${quote(mirrorUrl)}: AWS compares them exactly.`,
            "Give --mirror as the output issuerUrl has it; if it is that, somebody changed the document: run `pulumi up --refresh`.",
        );
    }
    if (mirror.jwksUri !== jwksUriOf(mirrorUrl)) {
        add(
            "jwks-uri",
            `\`jwks_uri\` of the mirror is ${quote(mirror.jwksUri)}, not ${quote(jwksUriOf(mirrorUrl))}: AWS takes the keys from elsewhere.`,
            "Run `pulumi up --refresh`, and find out who changed the document.",
        );
    }
    if (JSON.stringify(mirror.members) !== JSON.stringify(instance.members)) {
        add("members", "The lists of the mirror's discovery document are not those of the instance.", REFRESH);
    }
    for (const key of instance.keys) {
        const published = mirror.keys.find(({ kid }) => kid === key.kid);
        if (published === undefined) {
            add(
                "key-missing",
                `The key ${quote(key.kid)} of the instance is not published: AWS refuses every token that is signed with it.`,
                REFRESH,
            );
        } else if (!isSameKey(published, key)) {
            add("key-changed", `The key ${quote(key.kid)} is published, but is another than the instance's.`, REFRESH);
        }
    }
    for (const { kid, exp } of mirror.keys.filter(({ kid }) => !instance.keys.some((key) => key.kid === kid))) {
        if (exp === undefined) {
            add(
                "key-without-end",
                `The key ${quote(kid)} is published without an end, and the instance does not have it.`,
                `${REFRESH} Unless you know it, find out who published it: its owner can sign tokens that AWS takes.`,
            );
        } else if (exp <= now) {
            add("key-overdue", `The key ${quote(kid)} was to be taken out at ${timeOf(exp)}.`, REFRESH);
        }
    }
    return found;
}

export function timeOf(seconds: number): string {
    return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
}
