import { expect } from "chai";
import { readEvent, type WebIdentityEvent } from "../../../provider/audit/events";
import { explainEvent, type EventExplanation } from "../../../provider/audit/explain-event";
import { InvalidInputsError } from "../../../provider/contract/findings";
import { DENIED, eventOf } from "../../support/events";

const PROVIDER = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";

type Condition = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function statement(condition: Condition, effect = "Allow"): object {
    return {
        Effect: effect,
        Principal: { Federated: PROVIDER },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: condition,
    };
}

function policy(...statements: readonly object[]): object {
    return { Version: "2012-10-17", Statement: statements };
}

function call(given: unknown): WebIdentityEvent {
    const read = readEvent(given);
    if (read.kind !== "call") {
        throw new Error(JSON.stringify(read));
    }
    return read.event;
}

function explain(given: object, ...statements: readonly object[]): EventExplanation {
    return explainEvent(call(given), policy(...statements));
}

const AUD = { "gitlab.com:aud": "https://gitlab.com" };
const MAIN = "project_path:acme/app:ref_type:branch:ref:main";
const FEATURE = "project_path:acme/app:ref_type:branch:ref:feature/x";
const TRUSTS_MAIN = statement({ StringEquals: { ...AUD, "gitlab.com:sub": MAIN } });
const TRUSTS_FEATURE = { ...AUD, "gitlab.com:sub": FEATURE };
const IS_PROTECTED = { "gitlab.com:ref_protected": "true" };
const FIX = "Run the command `explain` with the claims or the ID token of such a job.";

describe("A denied event, with the trust policy", () => {
    it("that does not allow the sub claim: denied, with what differs", () => {
        const { verdict, cause, undecided } = explain(DENIED, TRUSTS_MAIN);
        expect(verdict).to.equal("denied");
        expect(cause).to.contain('"feature/x"').and.to.contain('"main"');
        expect(undecided).to.deep.equal([]);
    });

    it("that does not allow the audience: denied", () => {
        const { verdict, cause } = explain(
            DENIED,
            statement({ StringEquals: { "gitlab.com:aud": "sts.amazonaws.com", "gitlab.com:sub": FEATURE } }),
        );
        expect(verdict).to.equal("denied");
        expect(cause).to.contain('"https://gitlab.com"').and.to.contain('"sts.amazonaws.com"');
    });

    it("that trusts another issuer: denied", () => {
        const provider = "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com";
        const { verdict, cause } = explain(eventOf({ provider, errorCode: "AccessDenied" }), TRUSTS_MAIN);
        expect(verdict).to.equal("denied");
        expect(cause).to.contain("https://gitlab.example.com");
    });

    it("with a Deny statement that applies: denied by that", () => {
        const { verdict, cause } = explain(
            DENIED,
            statement({ StringEquals: TRUSTS_FEATURE }),
            statement({ StringLike: { "gitlab.com:sub": "*:ref:feature/*" } }, "Deny"),
        );
        expect(verdict).to.equal("denied");
        expect(cause).to.match(/^Statement\[1\] denies/);
    });

    it("that tests a claim which events do not record: denied by the sub claim, if that alone is wrong", () => {
        const { verdict, cause } = explain(
            DENIED,
            statement({ StringEquals: { ...AUD, "gitlab.com:sub": MAIN, ...IS_PROTECTED } }),
        );
        expect(verdict).to.equal("denied");
        expect(cause).to.contain('"feature/x"');
    });

    it("that allows sub and audience and tests another claim: that claim or the token was wrong", () => {
        expect(explain(DENIED, statement({ StringEquals: { ...TRUSTS_FEATURE, ...IS_PROTECTED } }))).to.deep.equal({
            verdict: "allowed",
            cause: "The trust policy allows this sub claim and this audience. Either a claim that events do not record did not match, or the token itself was invalid.",
            fix: FIX,
            undecided: [
                {
                    path: 'Statement[0].Condition["StringEquals"]["gitlab.com:ref_protected"]',
                    operator: "StringEquals",
                    key: "gitlab.com:ref_protected",
                    expected: ["true"],
                },
            ],
        });
    });

    it("that allows sub and audience, with a Deny statement on another claim", () => {
        const { verdict, undecided } = explain(
            DENIED,
            statement({ StringEquals: TRUSTS_FEATURE }),
            statement({ StringNotEquals: IS_PROTECTED }, "Deny"),
        );
        expect(verdict).to.equal("allowed");
        expect(undecided.map((u) => u.path)).to.deep.equal([
            'Statement[1].Condition["StringNotEquals"]["gitlab.com:ref_protected"]',
        ]);
    });

    it("that allows everything that events record: the token itself was wrong, or the policy another one", () => {
        expect(explain(DENIED, statement({ StringEquals: TRUSTS_FEATURE }))).to.deep.equal({
            verdict: "allowed",
            cause: "The trust policy allows this sub claim and this audience, and the event meets all its other conditions. Either the token itself was invalid, for example expired, or the trust policy has changed since then.",
            fix: FIX,
            undecided: [],
        });
    });

    it("that tests the audience, without an audience in the event: unknown", () => {
        const event = { ...DENIED, userIdentity: { ...DENIED.userIdentity, principalId: "x" } };
        const { verdict, cause } = explain(event, statement({ StringEquals: TRUSTS_FEATURE }));
        expect(verdict).to.equal("unknown");
        expect(cause).to.equal(
            "The event does not show whether the trust policy denied the call: it has no readable audience.",
        );
    });

    it("without an audience in the event is denied by its sub claim all the same", () => {
        const event = { ...DENIED, userIdentity: { ...DENIED.userIdentity, principalId: "x" } };
        expect(explain(event, TRUSTS_MAIN).verdict).to.equal("denied");
    });

    it("without a sub claim in the event: unknown", () => {
        const event = { ...DENIED, userIdentity: { ...DENIED.userIdentity, userName: undefined } };
        const { verdict, cause } = explain(event, TRUSTS_MAIN);
        expect(verdict).to.equal("unknown");
        expect(cause).to.equal(
            "The event does not show whether the trust policy denied the call: it has no sub claim and no readable audience.",
        );
    });

    it("without an identity provider in the event: unknown", () => {
        const event = { ...DENIED, userIdentity: { type: "WebIdentityUser", userName: FEATURE } };
        expect(explain(event, TRUSTS_MAIN).verdict).to.equal("unknown");
    });

    it("that compares the sub claim with a claim that events do not record: unknown", () => {
        const { verdict, cause } = explain(
            DENIED,
            statement({ StringLike: { ...AUD, "gitlab.com:sub": "project_path:${gitlab.com:user_login}/*" } }),
        );
        expect(verdict).to.equal("unknown");
        expect(cause).to.equal(
            'The event does not show whether the trust policy denied the call: the conditions on "gitlab.com:sub" depend on values that events do not record.',
        );
    });

    it("that IAM would not store is rejected", () => {
        expect(() => explainEvent(call(DENIED), { Version: "2012-10-17" })).to.throw(InvalidInputsError);
    });
});

describe("Further condition keys that an event records", () => {
    const rows: readonly (readonly [name: string, event: object, condition: Condition, verdict: string])[] = [
        [
            "its address",
            eventOf({ errorCode: "AccessDenied", address: "198.51.100.20" }),
            { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
            "denied",
        ],
        [
            "its address, through a VPC endpoint, is not aws:SourceIp",
            eventOf({ errorCode: "AccessDenied", address: "10.0.0.5", vpcEndpointId: "vpce-1" }),
            { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } },
            "denied",
        ],
        [
            "its address, through a VPC endpoint, is aws:VpcSourceIp",
            eventOf({ errorCode: "AccessDenied", address: "10.0.0.5", vpcEndpointId: "vpce-1" }),
            { IpAddress: { "aws:VpcSourceIp": "10.0.0.0/8" }, StringEquals: { "aws:SourceVpce": "vpce-1" } },
            "allowed",
        ],
        [
            "no address, if it has a name in its place",
            eventOf({ errorCode: "AccessDenied", address: "AWS Internal" }),
            { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
            "allowed",
        ],
        [
            "its region",
            eventOf({ errorCode: "AccessDenied", region: "us-east-1" }),
            { StringEquals: { "aws:RequestedRegion": "eu-central-1" } },
            "denied",
        ],
        [
            "its time",
            eventOf({ errorCode: "AccessDenied", time: "2026-11-02T08:30:00Z" }),
            { DateLessThan: { "aws:CurrentTime": "2026-11-01T00:00:00Z" } },
            "denied",
        ],
        [
            "its session name",
            eventOf({ errorCode: "AccessDenied" }),
            { StringLike: { "sts:RoleSessionName": "other-*" } },
            "denied",
        ],
        [
            "that the call had no keys of a signed-in caller",
            eventOf({ errorCode: "AccessDenied" }),
            { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
            "denied",
        ],
        [
            "nothing of the user agent",
            eventOf({ errorCode: "AccessDenied" }),
            { StringLike: { "aws:UserAgent": "aws-cli/*" } },
            "allowed",
        ],
    ];
    for (const [name, event, { StringEquals: more, ...condition }, verdict] of rows) {
        it(name, () => {
            const whole = statement({ StringEquals: { ...AUD, "gitlab.com:sub": MAIN, ...more }, ...condition });
            expect(explain(event, whole).verdict).to.equal(verdict);
        });
    }

    it("nine keys are of gitlab.com only", () => {
        const provider = "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com";
        const keys = {
            "gitlab.example.com:aud": "https://gitlab.com",
            "gitlab.example.com:sub": MAIN,
            "gitlab.example.com:ref_protected": "true",
        };
        const trust = { ...statement({ StringEquals: keys }), Principal: { Federated: provider } };
        const { verdict, cause } = explain(eventOf({ provider, errorCode: "AccessDenied" }), trust);
        expect(verdict).to.equal("denied");
        expect(cause)
            .to.contain('"gitlab.example.com:ref_protected"')
            .and.to.match(/\bgitlab\.com\b/);
    });
});

describe("The answer of AWS in an event", () => {
    it("about the token is a note to the verdict", () => {
        const { verdict, note } = explain(eventOf({ errorCode: "ExpiredTokenException" }), TRUSTS_MAIN);
        expect(verdict).to.equal("allowed");
        expect(note).to.equal(
            'AWS returned "ExpiredTokenException" instead of "AccessDenied": it rejected the token before it evaluated the trust policy.',
        );
    });

    it("that allowed the call is a note to the verdict", () => {
        expect(explain(eventOf({}), TRUSTS_MAIN).note).to.equal("AWS allowed this call.");
        expect(explain(eventOf({ sub: FEATURE }), TRUSTS_MAIN).note).to.equal(
            "AWS allowed this call, so the trust policy has changed since then.",
        );
    });
});
