import { createHmac, randomBytes } from "node:crypto";

const RANDOM_DIGITS = 7;

/** How the engine asks for a name: absent unless `pulumi:autonaming` is configured. */
export interface AutonamingRequest {
    readonly mode: "propose" | "enforce" | "disable";
    readonly proposedName: string;
}

/** `NAME-1234abc` as the real provider makes it; the same seed gives the same name. Throws when it gets too long. */
export function autoname(logicalName: string, maxLength: number, seed: Uint8Array): string {
    const prefix = `${logicalName}-`;
    if (prefix.length + RANDOM_DIGITS > maxLength) {
        throw new Error(
            `name '${prefix}' plus ${RANDOM_DIGITS} random chars is longer than maximum length ${maxLength}`,
        );
    }
    const digits =
        seed.length > 0 ? createHmac("sha256", seed).update(prefix).digest("hex") : randomBytes(4).toString("hex");
    return prefix + digits.slice(0, RANDOM_DIGITS);
}

const TERRAFORM_SUFFIX = /[0-9a-f]{26}$/;
let counter = 0;

/** What Terraform appends to a `name_prefix`: 18 digits of time and an 8-digit hexadecimal counter. */
export function nameFromPrefix(prefix: string): string {
    counter += 1;
    const time = new Date()
        .toISOString()
        .replace(/[^0-9]/g, "")
        .padEnd(18, "0");
    return prefix + time.slice(0, 18) + counter.toString(16).padStart(8, "0");
}

export function prefixFromName(name: string): string {
    return TERRAFORM_SUFFIX.test(name) ? name.replace(TERRAFORM_SUFFIX, "") : "";
}
