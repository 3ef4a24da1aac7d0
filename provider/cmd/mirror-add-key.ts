import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { quote } from "../contract/quote";
import { timeOf } from "../mirror/compare";
import { readPublicKeys, type PublicKey } from "../mirror/documents";
import { isSameKey } from "../mirror/rotation";
import { InputFiles, nameOf } from "./input-files";
import { jsonText } from "./json-text";
import { keysChange, lineOf, readKeysFile } from "./mirror-files";
import { folderOf, wholeNumber } from "./mirror-network";
import { parse } from "./options";
import { MIRROR_ADD_KEY } from "./reference/mirror";
import { writeChanges } from "./target-file";
import { OK, type Terminal } from "./terminal";
import { UnusableInput } from "./unusable-input";

/** `aws-gitlab-oidc mirror add-key`: publishes the next signing key before GitLab signs with it. */
export function mirrorAddKey(args: readonly string[], terminal: Terminal): number {
    const { values, operands } = parse(MIRROR_ADD_KEY, args);
    const folder = folderOf(MIRROR_ADD_KEY, values.dir, "the folder that `mirror fetch` wrote to");
    const days = wholeNumber("--days", values.days, { least: 1, most: 365, otherwise: 30 });
    const file = readKeysFile(folder);
    if (file.keys === undefined) {
        throw new UnusableInput(`${quote(file.file.name)} does not exist. Run \`aws-gitlab-oidc mirror fetch\` first.`);
    }
    const input = { path: operands[0]! };
    const key = publicKeyIn(new InputFiles(terminal).read(input), nameOf(input));
    const exp = Math.floor(Date.now() / 1000) + days * 86_400;
    const present = file.keys.find(({ kid }) => kid === key.kid);
    if (present !== undefined) {
        throw new UnusableInput(
            isSameKey(present, key)
                ? `${quote(file.file.name)} already has the key ${quote(key.kid)}.`
                : `${quote(file.file.name)} has a different key with the \`kid\` ${quote(key.kid)}.`,
        );
    }
    const change = keysChange(file, [...file.keys, { ...key, exp }]);
    writeChanges([change]);
    terminal.out(
        values.json
            ? jsonText({ file: change.name, kid: key.kid, until: timeOf(exp) })
            : `Added ${quote(key.kid)} to ${quote(change.name)}. If the instance does not use the key by ${timeOf(exp)}, it is removed.\n`,
    );
    return OK;
}

/** The public part of a private or public key in PEM, with the `kid` that GitLab computes. */
function publicKeyIn(pem: string, name: string): PublicKey {
    const key = parsed(pem, name);
    if (key.asymmetricKeyType !== "rsa") {
        throw new UnusableInput(`${name} is not an RSA key. GitLab signs ID tokens with RSA keys.`);
    }
    const { n, e } = key.export({ format: "jwk" }) as { n: string; e: string };
    // RFC 7638 with SHA-256, as GitLab's JSON::JWK computes it.
    const kid = createHash("sha256")
        .update(JSON.stringify({ e, kty: "RSA", n }))
        .digest("base64url");
    const jwk = { kty: "RSA", kid, use: "sig", alg: "RS256", n, e } as const;
    const { problems } = readPublicKeys({ keys: [jwk] });
    if (problems.length > 0) {
        throw new UnusableInput([`${name} cannot be published:`, ...problems.map(lineOf)].join("\n"));
    }
    return jwk;
}

function parsed(pem: string, name: string): KeyObject {
    if (/ENCRYPTED/.test(pem)) {
        throw new UnusableInput(`${name} is encrypted. Use its public key: openssl rsa -in FILE -pubout`);
    }
    if (/-----BEGIN CERTIFICATE-----/.test(pem)) {
        throw new UnusableInput(`${name} is a certificate. Use its public key: openssl x509 -in FILE -noout -pubkey`);
    }
    try {
        return createPublicKey(pem);
    } catch {
        throw new UnusableInput(`${name} is not a key in PEM format.`);
    }
}
