import { expect } from "chai";
import fc from "fast-check";
import { whyNotPublic } from "../../../provider/issuer/addresses";

describe("issuer: addresses", () => {
    for (const [address, why] of [
        ["8.8.8.8", undefined],
        ["172.65.251.78", undefined],
        ["2606:4700:90:0:f22e:fbec:5bed:a9b9", undefined],
        ["2a00:1450:4001:80b::200e", undefined],
        ["::ffff:8.8.8.8", undefined],
        ["64:ff9b::8.8.8.8", undefined],
        ["2002:808:808::1", undefined],
        ["9.255.255.255", undefined],
        ["11.0.0.0", undefined],
        ["100.63.255.255", undefined],
        ["100.128.0.0", undefined],
        ["172.15.255.255", undefined],
        ["172.32.0.0", undefined],
        ["223.255.255.255", undefined],
        ["0.0.0.0", "this network itself"],
        ["10.0.0.1", "private"],
        ["100.64.0.1", "CGNAT"],
        ["127.0.0.1", "loopback"],
        ["169.254.169.254", "link-local"],
        ["172.16.0.1", "private"],
        ["172.31.255.255", "private"],
        ["192.0.0.8", "reserved for protocols"],
        ["192.0.2.1", "for documentation"],
        ["192.88.99.1", "a 6to4 relay"],
        ["192.168.1.1", "private"],
        ["198.19.0.1", "for benchmarks"],
        ["198.51.100.1", "for documentation"],
        ["203.0.113.1", "for documentation"],
        ["224.0.0.1", "multicast"],
        ["255.255.255.255", "reserved"],
        ["::", "unspecified"],
        ["::1", "loopback"],
        ["::8.8.8.8", "not a global unicast address"],
        ["fd12:3456::1", "private (unique local)"],
        ["fc00::1", "private (unique local)"],
        ["fe80::1", "link-local"],
        ["fe80::1%eth0", "link-local"],
        ["fec0::1", "site-local"],
        ["ff02::1", "multicast"],
        ["100::1", "discarded"],
        ["2001::1", "a Teredo tunnel"],
        ["2001:2::1", "for benchmarks"],
        ["2001:10::1", "reserved for protocols"],
        ["2001:db8::1", "for documentation"],
        ["3fff:fff::1", "for documentation"],
        ["5f00::1", "not a global unicast address"],
        ["64:ff9b:1::1", "a local NAT64 translation"],
        ["::ffff:10.0.0.1", "the mapped 10.0.0.1, which is private"],
        ["::ffff:7f00:1", "the mapped 127.0.0.1, which is loopback"],
        ["64:ff9b::192.168.0.1", "a NAT64 translation of 192.168.0.1, which is private"],
        ["2002:a00:1::", "a 6to4 tunnel to 10.0.0.1, which is private"],
        ["gitlab.com", "not an address"],
        ["", "not an address"],
    ] as const) {
        it(`${address}: ${why ?? "public"}`, () => {
            expect(whyNotPublic(address)).to.equal(why);
        });
    }

    it("are public as the IPv4 address that is within them", () => {
        fc.assert(
            fc.property(fc.ipV4(), (address) => {
                const isPublic = whyNotPublic(address) === undefined;
                expect(whyNotPublic(`::ffff:${address}`) === undefined).to.equal(isPublic);
                expect(whyNotPublic(`64:ff9b::${address}`) === undefined).to.equal(isPublic);
            }),
        );
    });

    it("are only those of addresses", () => {
        fc.assert(
            fc.property(fc.string(), (text) => {
                fc.pre(!/^[\d.]+$/.test(text) && !text.includes(":"));
                expect(whyNotPublic(text)).to.equal("not an address");
            }),
        );
    });
});
