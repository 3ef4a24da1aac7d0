import { agreed, type Truth } from "./truth";

interface Address {
    readonly bits: 32 | 128;
    readonly value: bigint;
}

const fold = (digits: readonly bigint[], bits: bigint): bigint =>
    digits.reduce((sum, digit) => (sum << bits) | digit, 0n);

function address(text: string): Address | undefined {
    const octets = text.split(".");
    if (octets.length === 4 && octets.every((octet) => /^(0|[1-9][0-9]{0,2})$/.test(octet) && Number(octet) < 256)) {
        return { bits: 32, value: fold(octets.map(BigInt), 8n) };
    }
    const halves = text.split("::");
    const groups = halves.map((half) => (half === "" ? [] : half.split(":")));
    const given = groups.flat();
    const complete = halves.length === 1 ? given.length === 8 : halves.length === 2 && given.length < 8;
    if (!complete || !given.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) {
        return undefined;
    }
    const zeros = Array<string>(8 - given.length).fill("0");
    const hex = [...groups[0]!, ...zeros, ...(groups[1] ?? [])];
    return {
        bits: 128,
        value: fold(
            hex.map((group) => BigInt(`0x${group}`)),
            16n,
        ),
    };
}

/** The same prefix of so many bits; undefined where the network has bits behind its prefix, which is not "the standard CIDR format". */
function within(host: Address, network: Address, prefix: number): Truth {
    const rest = BigInt(network.bits - prefix);
    if ((network.value >> rest) << rest !== network.value) {
        return undefined;
    }
    return host.value >> rest === network.value >> rest;
}

const MAPPED = 0xffffn << 32n;

/**
 * "Condition operators", IP address: an address or a range in CIDR format; without a prefix "/32".
 * Undefined: whether /32 is meant of an IPv6 address too, where it makes a difference; and IPv4 addresses in their IPv6 form.
 */
export function inRange(request: string, policy: string): Truth {
    const host = address(request);
    const [base, prefix, ...more] = policy.split("/");
    const network = address(base!);
    if (host === undefined || network === undefined || more.length > 0) {
        return undefined;
    }
    if (prefix !== undefined && (!/^(0|[1-9][0-9]{0,2})$/.test(prefix) || Number(prefix) > network.bits)) {
        return undefined;
    }
    if (host.bits !== network.bits) {
        const mapped = (a: Address): Address => ({ bits: 128, value: a.bits === 32 ? MAPPED | a.value : a.value });
        const wide = prefix === undefined ? network.bits : Number(prefix);
        const asIpv6 = within(mapped(host), mapped(network), network.bits === 32 ? wide + 96 : wide);
        return agreed([false, asIpv6]);
    }
    if (prefix !== undefined) {
        return within(host, network, Number(prefix));
    }
    const exact = host.value === network.value;
    return network.bits === 32 ? exact : agreed([exact, host.value >> 96n === network.value >> 96n]);
}
