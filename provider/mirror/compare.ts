import { quote } from "../contract/quote";
import { jwksUriOf, type PublicKey, type PublishedMembers } from "./documents";
import { isSameKey } from "./rotation";

/** A reason why the published mirror is not up to date. */
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

/** Every difference between the mirror and the result of `mirror fetch` and `pulumi up` now. */
export function differences({ instance, mirror, mirrorUrl, now }: Compared): readonly Difference[] {
    const found: Difference[] = [];
    const add = (id: Difference["id"], message: string, fix: string): void => void found.push({ id, message, fix });
    if (mirror.issuer !== mirrorUrl) {
        add(
            "issuer",
            `\`issuer\` of the mirror is ${quote(mirror.issuer)}, not ${quote(mirrorUrl)}: AWS compares them exactly.`,
            "Set --mirror to the output `issuerUrl`. If it is set to that already, someone changed the document: run `pulumi up --refresh`.",
        );
    }
    if (mirror.jwksUri !== jwksUriOf(mirrorUrl)) {
        add(
            "jwks-uri",
            `\`jwks_uri\` of the mirror is ${quote(mirror.jwksUri)}, not ${quote(jwksUriOf(mirrorUrl))}: AWS reads the keys from a different place.`,
            "Run `pulumi up --refresh`, and find out who changed the document.",
        );
    }
    if (JSON.stringify(mirror.members) !== JSON.stringify(instance.members)) {
        add("members", "The arrays in the mirror's discovery document differ from those of the instance.", REFRESH);
    }
    for (const key of instance.keys) {
        const published = mirror.keys.find(({ kid }) => kid === key.kid);
        if (published === undefined) {
            add(
                "key-missing",
                `The key ${quote(key.kid)} of the instance is not published. AWS denies every job whose token is signed with it.`,
                REFRESH,
            );
        } else if (!isSameKey(published, key)) {
            add("key-changed", `The published key ${quote(key.kid)} differs from the key of the instance.`, REFRESH);
        }
    }
    for (const { kid, exp } of mirror.keys.filter(({ kid }) => !instance.keys.some((key) => key.kid === kid))) {
        if (exp === undefined) {
            add(
                "key-without-end",
                `The key ${quote(kid)} is published without an end date, and the instance does not have it.`,
                `${REFRESH} If you do not know this key, find out who published it: its owner can sign tokens that AWS accepts.`,
            );
        } else if (exp <= now) {
            add(
                "key-overdue",
                `The overlap of the key ${quote(kid)} ended at ${timeOf(exp)}, but it is still published.`,
                REFRESH,
            );
        }
    }
    return found;
}

export function timeOf(seconds: number): string {
    return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
}
