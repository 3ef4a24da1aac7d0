import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { quote } from "../contract/quote";
import { timeOf } from "../mirror/compare";
import { readPublicKeys, type PublicKey } from "../mirror/documents";
import { isSameKey } from "../mirror/rotation";
import { InputFiles, nameOf } from "./input-files";
import { jsonText } from "./json-text";
import { keysChange, lineOf, readKeysFile } from "./mirror-files";
import { wholeNumber } from "./mirror-network";
import { flag, parseWithOperand, text } from "./options";
import { writeChanges } from "./target-file";
import { OK, type Terminal } from "./terminal";
import { UnusableInput } from "./unusable-input";

const OPTIONS = { into: text, days: text, json: flag } as const;

/** `aws-gitlab-oidc mirror add-key`: publishes the next signing key before GitLab signs with it. */
export function mirrorAddKey(args: readonly string[], terminal: Terminal): number {
    const { values, operand } = parseWithOperand("mirror add-key", args, OPTIONS, "FILE");
    const { into: folder } = values;
    if (folder === undefined) {
        throw new UnusableInput("--into DIR is missing: the folder that `mirror fetch` wrote.");
    }
    const days = wholeNumber("--days", values.days, { least: 1, most: 365, otherwise: 30 });
    const file = readKeysFile(folder);
    if (file.keys === undefined) {
        throw new UnusableInput(`${quote(file.file.name)} is not there. Run \`aws-gitlab-oidc mirror fetch\` first.`);
    }
    const name = nameOf("FILE", operand);
    const key = publicKeyIn(new InputFiles(terminal).read("FILE", operand), name);
    const exp = Math.floor(Date.now() / 1000) + days * 86_400;
    const present = file.keys.find(({ kid }) => kid === key.kid);
    if (present !== undefined) {
        throw new UnusableInput(
            isSameKey(present, key)
                ? `${quote(file.file.name)} has the key ${quote(key.kid)} already.`
                : `${quote(file.file.name)} has another key of the id ${quote(key.kid)}.`,
        );
    }
    const change = keysChange(file, [...file.keys, { ...key, exp }]);
    writeChanges([change]);
    terminal.out(
        values.json
            ? jsonText({ file: change.name, kid: key.kid, until: timeOf(exp) })
            : `${quote(key.kid)} is added to ${quote(change.name)}, and stays until ${timeOf(exp)} unless the instance has it by then.\n`,
    );
    return OK;
}

/** The public part of a key in PEM, whichever part that has, under the id that GitLab gives it. */
function publicKeyIn(pem: string, name: string): PublicKey {
    const key = parsed(pem, name);
    if (key.asymmetricKeyType !== "rsa") {
        throw new UnusableInput(`${name} is not an RSA key, with which GitLab signs ID tokens.`);
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
        throw new UnusableInput(`${name} is encrypted. Give its public key: openssl rsa -in KEY -pubout`);
    }
    if (/-----BEGIN CERTIFICATE-----/.test(pem)) {
        throw new UnusableInput(`${name} is a certificate. Give its public key: openssl x509 -in FILE -noout -pubkey`);
    }
    try {
        return createPublicKey(pem);
    } catch {
        throw new UnusableInput(`${name} is not a key in PEM.`);
    }
}
