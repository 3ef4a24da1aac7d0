import { expect } from "chai";
import { SeenEvents } from "../../../provider/audit/seen";
import { ALLOWED, DENIED, eventOf, LOOKED_UP } from "../../support/events";

const DEPLOY = "arn:aws:iam::111122223333:role/ci/deploy";
const GITLAB = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
const MAIN = "project_path:acme/app:ref_type:branch:ref:main";

describe("Seen events", () => {
    it("are counted by role, subject and audience, allowed and denied apart", () => {
        const seen = new SeenEvents();
        seen.add(eventOf({ time: "2026-11-02T08:30:00Z", address: "203.0.113.8" }));
        seen.add(eventOf({ time: "2026-11-01T08:30:00Z", address: "203.0.113.7" }));
        seen.add(eventOf({ time: "2026-11-05T08:30:00Z", errorCode: "AccessDenied", region: "us-east-1" }));
        seen.add(eventOf({ time: "2026-11-04T08:30:00Z", errorCode: "ExpiredTokenException", region: "us-east-1" }));
        seen.add(eventOf({ time: "2026-11-03T08:30:00Z", audience: "sts.amazonaws.com" }));
        seen.add(eventOf({ roleArn: "arn:aws:iam::111122223333:role/other" }));
        expect(seen.roleArns).to.deep.equal([DEPLOY, "arn:aws:iam::111122223333:role/other"]);
        const { subjects, ...role } = seen.role(DEPLOY)!;
        expect(role).to.deep.equal({
            roleArn: DEPLOY,
            account: "111122223333",
            count: 5,
            first: "2026-11-01T08:30:00Z",
            last: "2026-11-05T08:30:00Z",
            regions: ["eu-central-1", "us-east-1"],
            omitted: 0,
        });
        expect(subjects.map(({ lastDenied, ...s }) => ({ ...s, lastDenied: lastDenied?.time }))).to.deep.equal([
            {
                provider: GITLAB,
                sub: MAIN,
                audience: "https://gitlab.com",
                allowed: { count: 2, first: "2026-11-01T08:30:00Z", last: "2026-11-02T08:30:00Z" },
                denied: { count: 2, first: "2026-11-04T08:30:00Z", last: "2026-11-05T08:30:00Z" },
                lastDenied: "2026-11-05T08:30:00Z",
                addresses: ["203.0.113.7", "203.0.113.8"],
                hasMoreAddresses: false,
            },
            {
                provider: GITLAB,
                sub: MAIN,
                audience: "sts.amazonaws.com",
                allowed: { count: 1, first: "2026-11-03T08:30:00Z", last: "2026-11-03T08:30:00Z" },
                denied: undefined,
                lastDenied: undefined,
                addresses: ["203.0.113.7"],
                hasMoreAddresses: false,
            },
        ]);
        expect(seen.role("arn:aws:iam::111122223333:role/never")).to.equal(undefined);
    });

    it("of all kinds are counted, and unreadable ones have their position", () => {
        const seen = new SeenEvents();
        for (const event of [ALLOWED, LOOKED_UP, { ...ALLOWED, eventName: "AssumeRole" }, null, DENIED]) {
            seen.add(event);
        }
        // The denied event is also one of those that were looked up.
        expect([seen.total, seen.calls, seen.repeated, seen.unreadable]).to.deep.equal([5, 2, 1, 1]);
        expect(seen.unreadableExamples).to.deep.equal([
            { position: 4, id: undefined, reason: "The event is null, not an object." },
        ]);
    });

    it("keep some addresses only", () => {
        const seen = new SeenEvents({ addresses: 2 });
        for (const address of ["203.0.113.3", "203.0.113.1", "203.0.113.3", "203.0.113.2"]) {
            seen.add(eventOf({ address }));
        }
        const [subject] = seen.role(DEPLOY)!.subjects;
        expect(subject!.addresses).to.deep.equal(["203.0.113.1", "203.0.113.3"]);
        expect(subject!.hasMoreAddresses).to.equal(true);
    });

    it("count in a period only", () => {
        const seen = new SeenEvents({ period: { from: "2026-11-02T00:00:00Z", to: "2026-11-02T23:59:59Z" } });
        for (const time of [
            "2026-11-01T23:59:59Z",
            "2026-11-02T00:00:00Z",
            "2026-11-02T23:59:59Z",
            "2026-11-03T00:00:00Z",
        ]) {
            seen.add(eventOf({ time }));
        }
        expect([seen.total, seen.calls, seen.outside]).to.deep.equal([4, 2, 2]);
        expect(seen.role(DEPLOY)!.count).to.equal(2);
    });

    it("count once, whichever files have them", () => {
        const seen = new SeenEvents({ period: { from: "2026-11-02T00:00:00Z", to: "2026-11-03T23:59:59Z" } });
        const nameless: object = { ...ALLOWED, eventID: undefined };
        const retried: object = { ...nameless, requestID: "5d5be0f7-1c2b-4a5a-9a38-4b7d6f2c1a10" };
        const early = eventOf({ time: "2026-11-01T23:59:59Z" });
        for (const event of [
            ALLOWED,
            JSON.stringify(ALLOWED),
            DENIED,
            LOOKED_UP,
            nameless,
            { EventName: "AssumeRoleWithWebIdentity", CloudTrailEvent: JSON.stringify(nameless) },
            retried,
            early,
            early,
        ]) {
            seen.add(event);
        }
        expect([seen.total, seen.calls, seen.repeated, seen.outside]).to.deep.equal([9, 4, 4, 1]);
        expect(seen.role(DEPLOY)!.subjects.map((s) => [s.allowed?.count, s.denied?.count])).to.deep.equal([
            [undefined, 1],
            [3, undefined],
        ]);
        expect(seen.occurrences).to.deep.equal({
            count: 4,
            first: "2026-11-02T08:30:00Z",
            last: "2026-11-03T10:00:00Z",
        });
        expect(seen.regions).to.deep.equal(["eu-central-1", "us-east-1"]);
    });

    it("count for wanted identity providers only", () => {
        const seen = new SeenEvents({ isWanted: (provider) => provider === GITLAB });
        seen.add(eventOf({}));
        seen.add(eventOf({ provider: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }));
        expect([seen.total, seen.calls]).to.deep.equal([2, 1]);
    });

    it("beyond the capacity are only counted", () => {
        const seen = new SeenEvents({ capacity: 10_000 });
        for (let i = 0; i < 1000; i++) {
            seen.add(eventOf({ sub: `project_path:acme/app:ref_type:branch:ref:${String(i)}` }));
            seen.add(eventOf({ roleArn: `arn:aws:iam::111122223333:role/${String(i % 100)}` }));
        }
        const { count, omitted, subjects } = seen.role(DEPLOY)!;
        expect(count).to.equal(1000);
        expect(omitted).to.be.greaterThan(900);
        expect(subjects.length).to.equal(1000 - omitted);
        expect(seen.roleArns.length).to.be.lessThan(20);
        expect(seen.omitted).to.be.greaterThan(800);
    });

    it("with different texts are never the same subject", () => {
        const seen = new SeenEvents();
        seen.add(eventOf({ sub: "a\n:b", audience: "c" }));
        seen.add(eventOf({ sub: "a", audience: "b\n:c" }));
        seen.add(eventOf({ sub: 'a","b', audience: "c" }));
        expect(seen.role(DEPLOY)!.subjects.length).to.equal(3);
    });
});
