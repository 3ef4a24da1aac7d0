import { expect } from "chai";
import fc from "fast-check";
import { BlockList, isIP } from "node:net";
import { isInIpRange, isIpRange } from "../../../provider/iam/ip-range";

describe("IP ranges", () => {
    const IN: readonly (readonly [address: string, range: string, isIn: boolean])[] = [
        ["203.0.113.7", "203.0.113.0/24", true],
        ["203.0.114.7", "203.0.113.0/24", false],
        ["203.0.113.7", "203.0.113.7", true],
        ["203.0.113.8", "203.0.113.7", false],
        ["198.51.100.1", "0.0.0.0/0", true],
        ["203.0.113.129", "203.0.113.200/25", true],
        ["2001:db8::1", "2001:db8::/32", true],
        ["2001:db9::1", "2001:db8::/32", false],
        ["2001:DB8:0:0::1", "2001:db8::1", true],
        ["::ffff:203.0.113.7", "203.0.113.0/24", true],
        ["203.0.113.7", "::ffff:203.0.113.0/120", true],
        ["203.0.113.7", "2001:db8::/32", false],
        ["2001:db8::1", "0.0.0.0/0", false],
        ["203.0.113", "0.0.0.0/0", false],
        ["", "0.0.0.0/0", false],
        ["203.0.113.7", "203.0.113.0/33", false],
        ["203.0.113.7", "everywhere", false],
    ];
    for (const [address, range, isIn] of IN) {
        it(`${address || "nothing"} is ${isIn ? "" : "not "}in ${range}`, () =>
            expect(isInIpRange(address, range)).to.equal(isIn));
    }

    const octet = fc.oneof(fc.integer({ min: 0, max: 299 }).map(String), fc.constantFrom("00", "01", "", "-1"));
    const v4 = fc.oneof(
        fc.ipV4(),
        fc.array(octet, { minLength: 3, maxLength: 5 }).map((o) => o.join(".")),
    );
    const group = fc.oneof(
        fc.integer({ min: 0, max: 0x1ffff }).map((n) => n.toString(16)),
        fc.constantFrom("", "g", "0"),
    );
    const v6 = fc.oneof(
        fc.ipV6(),
        fc.array(group, { minLength: 1, maxLength: 9 }).map((g) => g.join(":")),
        v4.map((a) => `::ffff:${a}`),
        fc
            .tuple(fc.array(group, { maxLength: 4 }), fc.array(group, { maxLength: 4 }), v4)
            .map(([a, b, c]) => `${a.join(":")}::${[...b, c].join(":")}`),
    );
    const address = fc.oneof(v4, v6, fc.constantFrom("", ":", "::", ":::", "1::2::3", "::1:", "1.2.3.4:"));
    const prefix = fc.oneof(
        fc.constant(""),
        fc.integer({ min: 0, max: 130 }).map((n) => `/${String(n)}`),
    );

    it("are addresses and prefixes that Node.js accepts", () =>
        fc.assert(
            fc.property(address, prefix, (a, p) => {
                const version = isIP(a);
                expect(isIpRange(a + p)).to.equal(
                    version !== 0 && (p === "" || Number(p.slice(1)) <= (version === 6 ? 128 : 32)),
                );
            }),
            { numRuns: 20_000 },
        ));

    it("contain the addresses that Node.js says", () =>
        fc.assert(
            fc.property(
                fc.oneof(fc.ipV4(), fc.ipV6()),
                fc.oneof(fc.ipV4(), fc.ipV6()),
                fc.nat(128),
                fc.boolean(),
                (a, b, bits, isNear) => {
                    const [base, family] = isNear ? [a, isIP(a)] : [b, isIP(b)];
                    const length = family === 6 ? bits : bits % 33;
                    const list = new BlockList();
                    list.addSubnet(base, length, family === 6 ? "ipv6" : "ipv4");
                    for (const one of [a, b]) {
                        expect(isInIpRange(one, `${base}/${String(length)}`)).to.equal(
                            list.check(one, isIP(one) === 6 ? "ipv6" : "ipv4"),
                            `${one} in ${base}/${String(length)}`,
                        );
                    }
                },
            ),
            { numRuns: 20_000 },
        ));
});
