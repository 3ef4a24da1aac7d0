/** An address as a number, with the bits of its family. */
interface Address {
    readonly bits: 32 | 128;
    readonly value: bigint;
}

const OCTET = /^(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])$/;
const GROUP = /^[0-9a-f]{1,4}$/i;

/** The prefix of an IPv4 address that is written as IPv6: `::ffff:203.0.113.1`. */
const MAPPED = 0xffffn;

/** Whether the text is an address, or a range of addresses in CIDR notation. */
export function isIpRange(text: string): boolean {
    return rangeOf(text) !== undefined;
}

/**
 * Whether an address is in a range in CIDR notation, or is the range. An IPv4 address that is written as IPv6 counts as IPv4.
 *
 * The code uses nothing of Node.js, because the page of the audit evaluates trust policies too.
 */
export function isInIpRange(text: string, range: string): boolean {
    const [address, within] = [addressOf(text), rangeOf(range)];
    return address !== undefined && within !== undefined && contains(within, address);
}

interface Range extends Address {
    readonly prefix: number;
}

function rangeOf(text: string): Range | undefined {
    const [, written, length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
    const address = written === undefined ? undefined : addressOf(written);
    const prefix = Number(length ?? address?.bits);
    return address === undefined || prefix > address.bits ? undefined : { ...address, prefix };
}

function contains({ bits, value, prefix }: Range, address: Address): boolean {
    const same = bits === address.bits ? address : bits === 32 ? unmapped(address) : mapped(address);
    const rest = BigInt(bits - prefix);
    return same !== undefined && same.value >> rest === value >> rest;
}

function unmapped({ value }: Address): Address | undefined {
    return value >> 32n === MAPPED ? { bits: 32, value: value & 0xffff_ffffn } : undefined;
}

function mapped({ value }: Address): Address {
    return { bits: 128, value: (MAPPED << 32n) | value };
}

function addressOf(text: string): Address | undefined {
    return text.includes(":") ? ipv6Of(text) : ipv4Of(text);
}

function ipv4Of(text: string): Address | undefined {
    const octets = text.split(".");
    return octets.length === 4 && octets.every((octet) => OCTET.test(octet))
        ? { bits: 32, value: numberOf(octets.map(Number), 8) }
        : undefined;
}

function ipv6Of(text: string): Address | undefined {
    const [head, tail, ...more] = text.split("::");
    if (more.length > 0) {
        return undefined;
    }
    const first = groupsOf(head!, tail === undefined);
    const last = tail === undefined ? [] : groupsOf(tail, true);
    if (first === undefined || last === undefined) {
        return undefined;
    }
    const missing = 8 - first.length - last.length;
    if (tail === undefined ? missing !== 0 : missing < 1) {
        return undefined;
    }
    return { bits: 128, value: numberOf([...first, ...Array<number>(missing).fill(0), ...last], 16) };
}

/** Groups of 16 bits. The last 32 bits can be written as IPv4. */
function groupsOf(text: string, isEnd: boolean): readonly number[] | undefined {
    if (text === "") {
        return [];
    }
    const parts = text.split(":");
    const ipv4 = isEnd ? ipv4Of(parts.at(-1)!) : undefined;
    const hex = ipv4 === undefined ? parts : parts.slice(0, -1);
    const end = ipv4 === undefined ? [] : [Number(ipv4.value >> 16n), Number(ipv4.value & 0xffffn)];
    return hex.every((part) => GROUP.test(part)) ? [...hex.map((part) => parseInt(part, 16)), ...end] : undefined;
}

function numberOf(parts: readonly number[], width: number): bigint {
    return parts.reduce((value, part) => (value << BigInt(width)) | BigInt(part), 0n);
}
