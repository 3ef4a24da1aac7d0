import { elementAt, elementsOf, objectIdentifier, SEQUENCE, type Element } from "./der";

const RSASSA_PSS = "1.2.840.113549.1.1.10";

/** Weak signature algorithms, by object identifier. */
const WEAK: Readonly<Record<string, string>> = {
    "1.2.840.113549.1.1.2": "MD2",
    "1.2.840.113549.1.1.3": "MD4",
    "1.2.840.113549.1.1.4": "MD5",
    "1.2.840.113549.1.1.5": "SHA-1",
    "1.2.840.10045.4.1": "SHA-1",
    "1.2.840.10040.4.3": "SHA-1",
    "1.3.14.3.2.26": "SHA-1",
    "1.3.14.3.2.29": "SHA-1",
    "1.2.840.113549.2.5": "MD5",
};

/** The weak hash that a certificate (DER) is signed with; undefined if it is strong or cannot be read. */
export function weakHash(certificate: Buffer): string | undefined {
    const [, algorithm] = within(elementAt(certificate)) ?? [];
    const [identifier, parameters] = within(algorithm) ?? [];
    const name = objectIdentifier(identifier);
    if (name !== RSASSA_PSS) {
        return WEAK[name ?? ""];
    }
    // RFC 4055: the hash is under [0]. The default is SHA-1.
    const hash = within(parameters)?.find(({ tag }) => tag === 0xa0);
    const [hashIdentifier] = hash === undefined ? [] : (within(elementAt(hash.content)) ?? []);
    return hash === undefined ? "SHA-1" : WEAK[objectIdentifier(hashIdentifier) ?? ""];
}

function within(element: Element | undefined): readonly Element[] | undefined {
    return element?.tag === SEQUENCE ? elementsOf(element.content) : undefined;
}
