import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { allows, type Truth } from "../../../tools/fuzz/oracle";

/* The tables of AWS's IAM User Guide with its own values, put under keys that a web identity has; pages by name. */

const ISSUER = "gitlab.com";
const PROVIDER = `arn:aws:iam::111122223333:oidc-provider/${ISSUER}`;

type Values = string | readonly string[];
type Condition = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function decide(
    policy: object,
    claims: Readonly<Record<string, Values>> = {},
    context: Record<string, string> = {},
): Truth {
    return allows(policy, { issuer: ISSUER, providerArn: PROVIDER, claims, context });
}

const statement = (more: object = {}): object => ({
    Effect: "Allow",
    Principal: { Federated: PROVIDER },
    Action: "sts:AssumeRoleWithWebIdentity",
    ...more,
});

const policy = (...statements: readonly object[]): object => ({ Version: "2012-10-17", Statement: statements });

/** Whether `{ operator: { key: expected } }` holds of a request that has `actual` for the key; undefined: it has no such key. */
function holds(operator: string, expected: unknown, actual?: Values, others: Record<string, string> = {}): Truth {
    const condition: Condition = { [operator]: { "gitlab.com:amr": expected } };
    return decide(policy(statement({ Condition: condition })), actual === undefined ? {} : { amr: actual }, others);
}

type Row = readonly [operator: string, expected: unknown, actual: Values | undefined, truth: Truth];

function table(rows: readonly Row[]): void {
    for (const [operator, expected, actual, truth] of rows) {
        const answer = truth === undefined ? "unspecified" : truth ? "match" : "no match";
        it(`${operator} ${JSON.stringify(expected)}, ${actual === undefined ? "no key" : JSON.stringify(actual)}: ${answer}`, () => {
            expect(holds(operator, expected, actual)).to.equal(truth);
        });
    }
}

describe("the oracle", () => {
    it("imports nothing of this package", () => {
        const folder = join(__dirname, "../../../tools/fuzz/oracle");
        const imported = readdirSync(folder).flatMap((file) =>
            [...readFileSync(join(folder, file), "utf8").matchAll(/(?:from|import\(|require\()\s*"([^"]*)"/g)].map(
                ([, name]) => name!,
            ),
        );
        expect(imported.filter((name) => !/^\.\/[a-z]+$/.test(name))).to.deep.equal([]);
    });

    describe('reads "Condition operators"', () => {
        const ous = ["o-acorg/r-acroot/ou-acroot-mediaou/", "o-acorg/r-acroot/ou-acroot-sportsou/*"];
        const logs = [
            "arn:aws:cloudfront::123456789012:distribution/*",
            "arn:aws:cloudfront::123456789012:distribution/support*",
        ];
        const longArn = "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt";
        table([
            ["StringEquals", "iamuser-admin", "iamuser-admin", true],
            ["StringEquals", "iamuser-admin", "dev-ops", false],
            ["StringEquals", "iamuser-admin", undefined, false],
            ["StringNotEquals", "iamuser-admin", undefined, true],
            ["StringEqualsIgnoreCase", ["preprod", "storage"], "PreProd", true],
            ["StringEqualsIgnoreCase", "é", "É", undefined],
            ["StringLike", ["t1.*", "t2.*", "m3.*"], "t1.micro", true],
            ["StringLike", "?", "😀", undefined],
            ["StringLikeIfExists", ["t1.*", "t2.*", "m3.*"], "m2.micro", false],
            ["StringLikeIfExists", ["t1.*", "t2.*", "m3.*"], undefined, true],
            ["StringNotEquals", ["audit", "security"], "audit", false],
            ["StringNotEquals", ["audit", "security"], "payroll", true],
            ["ForAnyValue:StringEquals", "environment", ["environment", "costcenter"], true],
            ["ForAnyValue:StringEquals", "environment", "Environment", false],
            ["ForAnyValue:StringEquals", "environment", undefined, false],
            ["ForAnyValue:StringNotEquals", "a", ["a", "b"], true],
            ["ForAnyValue:StringNotEquals", ["a", "b"], ["a", "b"], false],
            ["ForAnyValue:StringNotEquals", "a", undefined, false],
            ["ForAllValues:StringNotLike", ous, "o-acorg/r-acroot/ou-acroot-mediaou/costcenter/", true],
            ["ForAllValues:StringNotLike", ous, "o-acorg/r-acroot/ou-acroot-sportsou/costcenter/", false],
            ["ForAllValues:StringNotLike", "key1*", undefined, true],
            ["ForAllValues:StringEquals", "a", "", true],
            ["ForAnyValue:StringEquals", "", "", false],
            ["ForAnyValue:StringEquals", "a", ["", "a"], undefined],
            ["StringEquals", "a", ["a", "b"], undefined],
            ["StringEquals", [], "a", undefined],
            ["NumericLessThanEquals", "10", "10", true],
            ["NumericLessThanEquals", "10", "11", false],
            ["NumericEquals", "10.0", "10", true],
            ["NumericEquals", "1e1", "10", undefined],
            ["NumericNotEquals", "10", "ten", undefined],
            ["DateGreaterThan", "2020-01-01T00:00:01Z", "2020-01-01T00:00:02Z", true],
            ["DateGreaterThan", "2020-01-01T00:00:01Z", "2020-01-01T00:00:01Z", false],
            ["DateEquals", "2020-01-01T00:00:00Z", "2020-01-01T02:00:00+02:00", true],
            ["DateEquals", "1577836800", "2020-01-01T00:00:00Z", true],
            ["DateEquals", "2020-01-01", "2020-01-01T00:00:00Z", undefined],
            ["DateEquals", "2020", "2020", undefined],
            ["DateLessThan", "2020-03-01", "2020-02-29", true],
            ["DateLessThan", "2021-03-01", "2021-02-29", undefined],
            ["Bool", "false", "false", true],
            ["Bool", false, "true", false],
            ["Bool", "false", undefined, false],
            ["Bool", "True", "true", undefined],
            ["BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "ASIAIOSFODNN7EXAMPLE", false],
            ["BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", undefined, false],
            ["BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", undefined],
            ["IpAddress", "203.0.113.0/24", "203.0.113.1", true],
            ["IpAddress", "203.0.113.0/24", "198.51.100.1", false],
            ["IpAddress", "203.0.113.1", "203.0.113.1", true],
            ["IpAddress", "203.0.113.1", "203.0.113.2", false],
            ["IpAddress", ["203.0.113.0/24", "2001:DB8:1234:5678::/64"], "2001:db8:1234:5678:9::1", true],
            ["IpAddress", "2001:DB8:1234:5678::/64", "2001:db8:1234:5679::1", false],
            ["IpAddress", "2001:db8::1", "2001:db8::2", undefined],
            ["IpAddress", "203.0.113.1/24", "203.0.113.1", undefined],
            ["NotIpAddress", "203.0.113.0/24", "198.51.100.1", true],
            [
                "ArnEquals",
                "arn:aws:sns:us-west-2:123456789012:TOPIC-ID",
                "arn:aws:sns:us-west-2:123456789012:TOPIC-ID",
                true,
            ],
            [
                "ArnEquals",
                "arn:aws:sns:us-west-2:123456789012:TOPIC-ID",
                "arn:aws:sns:us-west-2:777788889999:TOPIC-ID",
                false,
            ],
            ["StringLike", "arn:aws:someservice:*:111122223333:finance/*", longArn, true],
            ["ArnLike", "arn:aws:someservice:*:111122223333:finance/*", longArn, false],
            ["ArnNotLike", "arn:aws:someservice:*:111122223333:finance/*", longArn, true],
            ["ArnLike", "*", longArn, undefined],
            [
                "ForAllValues:ArnLike",
                logs,
                [
                    "arn:aws:cloudfront::123456789012:distribution/costcenter",
                    "arn:aws:cloudfront::123456789012:distribution/support2025",
                ],
                true,
            ],
            ["ForAllValues:ArnLike", logs, "arn:aws:cloudfront::777788889999:distribution/costcenter", false],
            ["ForAllValues:ArnLike", logs, undefined, true],
            ["Null", "true", undefined, true],
            ["Null", "true", "x", false],
            ["Null", "false", "x", true],
            ["Null", "false", undefined, false],
            ["Null", ["true", "false"], "x", undefined],
            ["NullIfExists", "true", undefined, undefined],
            ["StringMatches", "a", "a", undefined],
        ]);
    });

    describe('reads "Variables and tags"', () => {
        const others = { "aws:username": "nikki_wolf" };
        for (const [operator, expected, actual, truth] of [
            ["StringLike", ["home/", "home/${aws:username}/*"], "home/nikki_wolf/x", true],
            ["StringLike", "home/${AWS:UserName}/", "home/nikki_wolf/", true],
            ["StringLike", "home/${aws:username}/", "home/martha_rivera/", false],
            ["StringEquals", "${aws:userid, 'anonymous'}", "anonymous", true],
            ["StringEquals", "${aws:username, 'anonymous'}", "anonymous", false],
            ["StringEquals", "${aws:userid}", "", false],
            ["StringNotEquals", "${aws:userid}", "x", true],
            ["StringEquals", ["a", "${aws:userid}"], "a", undefined],
            ["StringLike", "a${*}c", "a*c", true],
            ["StringLike", "a${*}c", "abc", false],
            ["StringLike", "${?}${$}", "?$", true],
            ["StringLike", "${", "${", undefined],
            ["StringLike", "${}", "${}", undefined],
            ["NumericEquals", "${aws:userid}", "1", undefined],
            ["Bool", "${aws:userid}", "true", undefined],
        ] as const) {
            it(`${operator} ${JSON.stringify(expected)}, ${actual}: ${String(truth)}`, () => {
                expect(holds(operator, expected, actual, others)).to.equal(truth);
            });
        }

        for (const version of [{ Version: "2008-10-17" }, {}]) {
            it(`as text in ${version.Version ?? "a policy without version"}`, () => {
                const old = {
                    ...version,
                    Statement: statement({ Condition: { StringEquals: { "gitlab.com:sub": "${gitlab.com:aud}" } } }),
                };
                expect(decide(old, { sub: "${gitlab.com:aud}", aud: "a" })).to.equal(true);
                expect(decide(old, { sub: "a", aud: "a" })).to.equal(false);
            });
        }
    });

    describe('reads "Principal", "Action", "NotAction" and "Policy evaluation logic"', () => {
        const rows: readonly (readonly [what: string, statements: readonly object[], truth: Truth])[] = [
            ["no statement", [], false],
            ["the provider", [statement()], true],
            ["another provider", [statement({ Principal: { Federated: `${PROVIDER}/x` } })], false],
            ["a list with the provider", [statement({ Principal: { Federated: [`${PROVIDER}/x`, PROVIDER] } })], true],
            ["everybody", [statement({ Principal: "*" })], true],
            ["everybody, as AWS", [statement({ Principal: { AWS: "*" } })], true],
            ["everybody, as Federated", [statement({ Principal: { Federated: "*" } })], undefined],
            ["an account", [statement({ Principal: { AWS: "111122223333" } })], false],
            ["the action in another case", [statement({ Action: ["STS:assumerolewithwebidentity"] })], true],
            ["all actions of the service", [statement({ Action: "sts:*" })], true],
            ["a part of the action's name", [statement({ Action: "sts:AssumeRole" })], false],
            ["all but another action", [statement({ Action: undefined, NotAction: "sts:AssumeRole" })], true],
            ["all but the action", [statement({ Action: undefined, NotAction: ["sts:AssumeRole*"] })], false],
            ["a Deny beside it", [statement(), statement({ Effect: "Deny" })], false],
            ["a Deny of another action", [statement(), statement({ Effect: "Deny", Action: "sts:TagSession" })], true],
            ["a Deny alone", [statement({ Effect: "Deny" })], false],
            [
                "a Deny that is not decided",
                [statement(), statement({ Effect: "Deny", Principal: { Federated: "*" } })],
                undefined,
            ],
            [
                "two keys of an operator",
                [statement({ Condition: { StringEquals: { "gitlab.com:sub": "s", "gitlab.com:aud": "x" } } })],
                false,
            ],
            [
                "two operators",
                [
                    statement({
                        Condition: { StringEquals: { "gitlab.com:sub": "s" }, Null: { "gitlab.com:aud": "false" } },
                    }),
                ],
                true,
            ],
            ["a key in another case", [statement({ Condition: { StringEquals: { "GitLab.com:SUB": "s" } } })], true],
            [
                "a claim that is no key",
                [statement({ Condition: { StringEquals: { "gitlab.com:environment": "prod" } } })],
                false,
            ],
            [
                "a key of gitlab.com",
                [statement({ Condition: { StringEquals: { "gitlab.com:ref_protected": "true" } } })],
                true,
            ],
        ];
        for (const [what, statements, truth] of rows) {
            it(`${what}: ${String(truth)}`, () => {
                const claims = { sub: "s", aud: "a", ref_protected: "true", environment: "prod" };
                expect(decide(policy(...statements), claims)).to.equal(truth);
            });
        }

        it("gitlab.com's own keys are of no other issuer", () => {
            const issuer = "gitlab.example.com";
            const trusted = policy(
                statement({
                    Principal: "*",
                    Condition: { StringEquals: { "gitlab.example.com:ref_protected": "true" } },
                }),
            );
            const request = { issuer, providerArn: "", claims: { sub: "s", ref_protected: "true" }, context: {} };
            expect(allows(trusted, request)).to.equal(false);
        });
    });
});
