import { BlockList, isIP, isIPv4 } from "node:net";

/** A range of addresses that the internet does not route to one server, and its purpose. */
type Range = readonly [network: string, prefix: number, what: string];

/** IANA's registry of special-purpose IPv4 addresses, multicast and reserved addresses. */
const IPV4: readonly Range[] = [
    ["0.0.0.0", 8, "this network itself"],
    ["10.0.0.0", 8, "private"],
    ["100.64.0.0", 10, "CGNAT"],
    ["127.0.0.0", 8, "loopback"],
    ["169.254.0.0", 16, "link-local"],
    ["172.16.0.0", 12, "private"],
    ["192.0.0.0", 24, "reserved for protocols"],
    ["192.0.2.0", 24, "for documentation"],
    ["192.88.99.0", 24, "a 6to4 relay"],
    ["192.168.0.0", 16, "private"],
    ["198.18.0.0", 15, "for benchmarks"],
    ["198.51.100.0", 24, "for documentation"],
    ["203.0.113.0", 24, "for documentation"],
    ["224.0.0.0", 4, "multicast"],
    ["240.0.0.0", 4, "reserved"],
];

/** IANA's registry of special-purpose IPv6 addresses. The last ranges are everything outside global unicast. */
const IPV6: readonly Range[] = [
    ["::", 128, "unspecified"],
    ["::1", 128, "loopback"],
    ["64:ff9b:1::", 48, "a local NAT64 translation"],
    ["100::", 64, "discarded"],
    ["fc00::", 7, "private (unique local)"],
    ["fe80::", 10, "link-local"],
    ["fec0::", 10, "site-local"],
    ["ff00::", 8, "multicast"],
    ["2001::", 32, "a Teredo tunnel"],
    ["2001:2::", 48, "for benchmarks"],
    ["2001:db8::", 32, "for documentation"],
    ["2001::", 23, "reserved for protocols"],
    ["3fff::", 20, "for documentation"],
    ["::", 3, "not a global unicast address"],
    ["4000::", 2, "not a global unicast address"],
    ["8000::", 1, "not a global unicast address"],
];

function lists(ranges: readonly Range[], family: "ipv4" | "ipv6"): readonly { list: BlockList; what: string }[] {
    return ranges.map(([network, prefix, what]) => {
        const list = new BlockList();
        list.addSubnet(network, prefix, family);
        return { list, what };
    });
}

const IPV4_LISTS = lists(IPV4, "ipv4");
const IPV6_LISTS = lists(IPV6, "ipv6");

/** Why AWS cannot reach the address: `private`, `loopback`, …; undefined for a public address. */
export function whyNotPublic(address: string): string | undefined {
    const bare = address.replace(/%.*$/s, "");
    if (isIPv4(bare)) {
        return IPV4_LISTS.find(({ list }) => list.check(bare, "ipv4"))?.what;
    }
    if (isIP(bare) !== 6) {
        return "not an address";
    }
    const inner = embeddedIPv4(bare);
    if (inner !== undefined) {
        const why = whyNotPublic(inner.address);
        return why === undefined ? undefined : `${inner.how} ${inner.address}, which is ${why}`;
    }
    return IPV6_LISTS.find(({ list }) => list.check(bare, "ipv6"))?.what;
}

/** The IPv4 address that is part of an IPv6 address. */
function embeddedIPv4(address: string): { readonly address: string; readonly how: string } | undefined {
    const groups = groupsOf(address);
    const at = (i: number): string => {
        const [high, low] = [groups[i]!, groups[i + 1]!];
        return [high >> 8, high & 0xff, low >> 8, low & 0xff].join(".");
    };
    const begins = (...prefix: readonly number[]): boolean => prefix.every((group, i) => groups[i] === group);
    if (begins(0, 0, 0, 0, 0, 0xffff)) {
        return { address: at(6), how: "the mapped" };
    }
    if (begins(0x64, 0xff9b, 0, 0, 0, 0)) {
        return { address: at(6), how: "a NAT64 translation of" };
    }
    return begins(0x2002) ? { address: at(1), how: "a 6to4 tunnel to" } : undefined;
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): readonly number[] {
    // The parser of urls writes an IPv4 tail as groups.
    const [head, tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::") as [string, string?];
    const numbers = (text: string): number[] =>
        text === "" ? [] : text.split(":").map((group) => parseInt(group, 16));
    const [before, after] = [numbers(head), numbers(tail ?? "")];
    return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}
