import { expect } from "chai";
import fc from "fast-check";
import { eventsIn, readEvent, type ReadEvent, type WebIdentityEvent } from "../../../provider/audit/events";
import { ALLOWED, DENIED, LOOKED_UP } from "../../support/events";

function call(given: unknown): WebIdentityEvent {
    const read = readEvent(given);
    expect(read.kind).to.equal("call");
    return (read as ReadEvent & { kind: "call" }).event;
}

const ALLOWED_CALL = {
    roleArn: "arn:aws:iam::111122223333:role/ci/deploy",
    account: "111122223333",
    time: "2026-11-02T08:30:00Z",
    provider: "arn:aws:iam::111122223333:oidc-provider/gitlab.com",
    sub: "project_path:acme/app:ref_type:branch:ref:main",
    audience: "https://gitlab.com",
    region: "eu-central-1",
    address: "203.0.113.7",
    vpcEndpoint: undefined,
    sessionName: "gitlab-acme-app-4711",
    duration: 3600,
    errorCode: undefined,
    errorMessage: undefined,
};

const DENIED_CALL = {
    roleArn: "arn:aws:iam::111122223333:role/ci/deploy",
    account: "111122223333",
    time: "2026-11-03T10:00:00Z",
    provider: "arn:aws:iam::111122223333:oidc-provider/gitlab.com",
    sub: "project_path:acme/app:ref_type:branch:ref:feature/x",
    audience: "https://gitlab.com",
    region: "us-east-1",
    address: "198.51.100.20",
    vpcEndpoint: undefined,
    sessionName: "gitlab-acme-app-4712",
    duration: undefined,
    errorCode: "AccessDenied",
    errorMessage: "An unknown error occurred",
};

describe("A CloudTrail event", () => {
    it("of an allowed call", () => expect(call(ALLOWED)).to.deep.equal(ALLOWED_CALL));
    it("of a denied call", () => expect(call(DENIED)).to.deep.equal(DENIED_CALL));
    it("as an item of aws cloudtrail lookup-events", () => expect(call(LOOKED_UP)).to.deep.equal(DENIED_CALL));
    it("as JSON text", () => {
        expect(call(JSON.stringify(ALLOWED))).to.deep.equal(ALLOWED_CALL);
        expect(call(JSON.stringify(LOOKED_UP))).to.deep.equal(DENIED_CALL);
    });
    it("through a VPC endpoint", () => {
        expect(call({ ...DENIED, vpcEndpointId: "vpce-0a1b2c3d" }).vpcEndpoint).to.equal("vpce-0a1b2c3d");
    });
    it("with a time in another form", () => {
        expect(call({ ...DENIED, eventTime: "2026-11-03T11:00:00.250+01:00" }).time).to.equal("2026-11-03T10:00:00Z");
    });
    it("without request parameters has its role among its resources", () => {
        const event = { ...ALLOWED, requestParameters: null };
        expect(call(event).roleArn).to.equal("arn:aws:iam::111122223333:role/ci/deploy");
    });
});

describe("The audience of an event", () => {
    const identity = {
        type: "WebIdentityUser",
        userName: "project_path:acme/app:ref_type:branch:ref:main",
        identityProvider: "arn:aws:iam::111122223333:oidc-provider/gitlab.com",
    };
    const rows: readonly (readonly [principalId: unknown, audience: string | undefined])[] = [
        [`${identity.identityProvider}:https://gitlab.com:${identity.userName}`, "https://gitlab.com"],
        [`${identity.identityProvider}:sts.amazonaws.com:${identity.userName}`, "sts.amazonaws.com"],
        [`${identity.identityProvider}:a:b:c:${identity.userName}`, "a:b:c"],
        [`${identity.identityProvider}:${identity.userName}:${identity.userName}`, identity.userName],
        // Texts of another form are unparsed.
        [`${identity.identityProvider}:${identity.userName}`, undefined],
        [`${identity.identityProvider}::${identity.userName}`, undefined],
        [`${identity.identityProvider}:https://gitlab.com:${identity.userName}x`, undefined],
        [`x${identity.identityProvider}:https://gitlab.com:${identity.userName}`, undefined],
        [`${identity.identityProvider}x:https://gitlab.com:${identity.userName}`, undefined],
        [`https://gitlab.com:${identity.userName}`, undefined],
        ["", undefined],
        [undefined, undefined],
        [42, undefined],
    ];
    for (const [principalId, audience] of rows) {
        it(`in ${String(principalId)} is ${audience ?? "unparsed"}`, () => {
            expect(call({ ...ALLOWED, userIdentity: { ...identity, principalId } }).audience).to.equal(audience);
        });
    }

    it("is unparsed without userName", () => {
        const { audience, sub } = call({
            ...DENIED,
            userIdentity: { ...DENIED.userIdentity, userName: undefined },
        });
        expect([audience, sub]).to.deep.equal([undefined, undefined]);
    });
});

describe("Other events are skipped", () => {
    for (const [name, event] of Object.entries({
        "another call": { ...ALLOWED, eventName: "AssumeRole" },
        "another service": { ...ALLOWED, eventSource: "iam.amazonaws.com" },
        "an item of another call": { ...LOOKED_UP, EventName: "AssumeRole", CloudTrailEvent: "{" },
        "an event without a name": { eventSource: "sts.amazonaws.com" },
    })) {
        it(name, () => expect(readEvent(event)).to.deep.equal({ kind: "other" }));
    }
});

describe("An event that cannot be read has a reason", () => {
    const rows: readonly (readonly [given: unknown, reason: string, id?: string])[] = [
        [null, "The event is null, not an object."],
        [[], "The event is an array, not an object."],
        [7, "The event is 7, not an object."],
        ["{", "The event is not JSON."],
        ['"x"', "The event is a JSON string."],
        [{}, "It has neither eventSource nor eventName, so it is not an event of CloudTrail."],
        [
            { ...LOOKED_UP, CloudTrailEvent: "{" },
            "CloudTrailEvent is not JSON.",
            '"cEXAMPLE-7b2a-4f0e-9c55-0e1a2b3c4d5e"',
        ],
        [
            { ...LOOKED_UP, CloudTrailEvent: {} },
            "CloudTrailEvent is an object, not JSON text.",
            '"cEXAMPLE-7b2a-4f0e-9c55-0e1a2b3c4d5e"',
        ],
        [
            { ...DENIED, eventTime: "2026-13-01T00:00:00Z" },
            'eventTime is the string "2026-13-01T00:00:00Z", not a time like "2026-01-31T12:00:00Z".',
            '"cEXAMPLE-7b2a-4f0e-9c55-0e1a2b3c4d5e"',
        ],
        [
            { ...DENIED, requestParameters: { roleArn: "deploy\u001b[31m" } },
            'requestParameters.roleArn is the string "deploy\\u001b[31m", not the ARN of a role.',
            '"cEXAMPLE-7b2a-4f0e-9c55-0e1a2b3c4d5e"',
        ],
        [
            { ...DENIED, errorCode: { a: 1 } },
            "errorCode is an object, so it is not clear whether AWS allowed the call.",
            '"cEXAMPLE-7b2a-4f0e-9c55-0e1a2b3c4d5e"',
        ],
    ];
    for (const [given, reason, id] of rows) {
        it(reason, () => expect(readEvent(given)).to.deep.equal({ kind: "unreadable", id, reason }));
    }

    it("without ever throwing, for any value of a member", () => {
        const names = Object.keys(ALLOWED) as (keyof typeof ALLOWED)[];
        fc.assert(
            fc.property(fc.constantFrom(...names), fc.jsonValue(), fc.boolean(), (name, value, isInside) => {
                const inner = ALLOWED[name];
                const event = {
                    ...ALLOWED,
                    [name]:
                        isInside && typeof inner === "object"
                            ? Object.fromEntries(Object.keys(inner).map((key) => [key, value]))
                            : value,
                };
                expect(readEvent(event).kind).to.be.oneOf(["call", "other", "unreadable"]);
                expect(readEvent(JSON.stringify(event))).to.deep.equal(readEvent(event));
            }),
        );
        fc.assert(
            fc.property(fc.jsonValue(), fc.string(), (value, text) => {
                readEvent(value);
                readEvent(text);
                readEvent({ CloudTrailEvent: text });
                readEvent({ EventName: value, CloudTrailEvent: value });
            }),
        );
    });
});

describe("The events of a document", () => {
    const rows: readonly (readonly [name: string, document: unknown, events: readonly unknown[]])[] = [
        ["a log file", { Records: [ALLOWED, DENIED] }, [ALLOWED, DENIED]],
        ["aws cloudtrail lookup-events", { Events: [LOOKED_UP], NextToken: "x" }, [LOOKED_UP]],
        ["a list", [ALLOWED, LOOKED_UP], [ALLOWED, LOOKED_UP]],
        ["one event", ALLOWED, [ALLOWED]],
        ["one item", LOOKED_UP, [LOOKED_UP]],
        ["a log file without events", { Records: [] }, []],
        ["anything else", { Records: 7 }, [{ Records: 7 }]],
    ];
    for (const [name, document, events] of rows) {
        it(name, () => expect(eventsIn(document)).to.deep.equal(events));
    }
});
