import { expect } from "chai";
import { parseTrustPolicy } from "../../../provider/trust/document";
import { evaluate, type Evaluation } from "../../../provider/trust/evaluate";
import { isMet, parseOperator } from "../../../provider/iam/operators";

/* Expected values are from AWS's IAM User Guide, whose pages the suites name. */

type Values = string | readonly string[];

/** Whether `{ operator: { "the:key": expected } }` is met by a call that has `actual` for the key; undefined: it has no such key. */
function met(
    operator: string,
    expected: Values,
    actual: Values | undefined,
    others: Record<string, Values> = {},
): boolean {
    const context = new Map(
        Object.entries({ ...others, ...(actual !== undefined && { "the:key": actual }) }).map(([key, values]) => [
            key.toLowerCase(),
            [values].flat(),
        ]),
    );
    return isMet({ operator, key: "the:key", values: [expected].flat() }, context);
}

type Row = readonly [operator: string, expected: Values, actual: Values | undefined, met: boolean];

function table(rows: readonly Row[]): void {
    for (const [operator, expected, actual, isExpected] of rows) {
        it(`${operator} ${JSON.stringify(expected)} ${isExpected ? "is met" : "is not met"} by ${actual === undefined ? "no value" : JSON.stringify(actual)}`, () => {
            expect(met(operator, expected, actual)).to.equal(isExpected);
        });
    }
}

describe('AWS, "Condition operators": string', () => {
    table([
        ["StringEquals", "main", "main", true],
        ["StringEquals", "main", "Main", false],
        ["StringEquals", "main", "main ", false],
        ["StringEquals", "ma*", "main", false],
        ["StringEquals", "ma*", "ma*", true],
        ["StringEquals", "ma?n", "main", false],
        ["StringEquals", ["a", "b"], "b", true],
        ["StringEquals", ["a", "b"], "c", false],
        ["StringEquals", "", "", true],
        ["StringNotEquals", "main", "main", false],
        ["StringNotEquals", "main", "Main", true],
        ["StringNotEquals", ["a", "b"], "b", false],
        ["StringNotEquals", ["a", "b"], "c", true],
        ["StringEqualsIgnoreCase", "Main", "mAIN", true],
        ["StringEqualsIgnoreCase", "Main", "mains", false],
        ["StringEqualsIgnoreCase", "M*", "main", false],
        ["StringNotEqualsIgnoreCase", "Main", "mAIN", false],
        ["StringNotEqualsIgnoreCase", "Main", "other", true],
        ["StringLike", "project_path:g/*:ref_type:branch:ref:main", "project_path:g/p:ref_type:branch:ref:main", true],
        [
            "StringLike",
            "project_path:g/*:ref_type:branch:ref:main",
            "project_path:g/h/p:ref_type:branch:ref:main",
            true,
        ],
        ["StringLike", "project_path:g/*:ref_type:branch:ref:main", "project_path:h/p:ref_type:branch:ref:main", false],
        ["StringLike", "project_path:g/p:*", "project_path:g/p:ref_type:tag:ref:x", true],
        ["StringLike", "v?.?", "v1.0", true],
        ["StringLike", "v?.?", "v1.", false],
        ["StringLike", "v?.?", "v10.0", false],
        ["StringLike", "a*", "a", true],
        ["StringLike", "*", "", true],
        ["StringLike", "", "", true],
        ["StringLike", "", "x", false],
        ["StringLike", "Main", "main", false],
        ["StringLike", "a*b*c", "a--b--c", true],
        ["StringLike", "a*b*c", "a--c--b", false],
        ["StringLike", "a*", "a\nb", true],
        ["StringLike", "a.c", "abc", false],
        ["StringLike", "[a-z]", "b", false],
        ["StringLike", "(", "(", true],
        ["StringNotLike", "a*", "abc", false],
        ["StringNotLike", "a*", "bca", true],
        ["StringNotLike", ["a*", "b*"], "bca", false],
    ]);
});

describe('AWS, "Condition operators": numeric', () => {
    table([
        ["NumericEquals", "10", "10.0", true],
        ["NumericEquals", "10", "11", false],
        ["NumericNotEquals", "10", "10.0", false],
        ["NumericNotEquals", "10", "11", true],
        ["NumericLessThan", "10", "9.5", true],
        ["NumericLessThan", "10", "10", false],
        ["NumericLessThanEquals", "10", "10", true],
        ["NumericLessThanEquals", "10", "11", false],
        ["NumericGreaterThan", "-1", "0", true],
        ["NumericGreaterThan", "0", "0", false],
        ["NumericGreaterThanEquals", "0", "0", true],
        ["NumericGreaterThanEquals", "0", "-0.5", false],
        ["NumericLessThan", ["1", "100"], "50", true],
        ["NumericEquals", "10", "ten", false],
        ["NumericEquals", "", "0", false],
        ["NumericEquals", "16", "0x10", false],
        ["NumericLessThan", "ten", "1", false],
    ]);
});

describe('AWS, "Condition operators": date', () => {
    table([
        ["DateEquals", "2026-01-31T12:00:00Z", "2026-01-31T13:00:00+01:00", true],
        ["DateEquals", "2026-01-31T12:00:00Z", "2026-01-31T12:00:01Z", false],
        ["DateEquals", "2026-01-31", "2026-01-31T00:00:00Z", true],
        ["DateEquals", "2026-01-31T12:00:00", "2026-01-31T12:00:00Z", true],
        ["DateEquals", "1769860800", "2026-01-31T12:00:00Z", true],
        ["DateEquals", "2026", "2026-01-01T00:00:00Z", true],
        ["DateNotEquals", "2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z", false],
        ["DateNotEquals", "2026-01-31T12:00:00Z", "2026-01-31T12:00:01Z", true],
        ["DateLessThan", "2026-02-01T00:00:00Z", "2026-01-31T12:00:00Z", true],
        ["DateLessThan", "2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z", false],
        ["DateLessThanEquals", "2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z", true],
        ["DateGreaterThan", "2026-01-31T11:59:59.999Z", "2026-01-31T12:00:00Z", true],
        ["DateGreaterThan", "2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z", false],
        ["DateGreaterThanEquals", "2026-01-31T12:00:00Z", "1769860800", true],
        ["DateLessThan", "tomorrow", "2026-01-31T12:00:00Z", false],
        ["DateLessThan", "31 January 2027", "2026-01-31T12:00:00Z", false],
        ["DateEquals", "2026-13-01", "2026-13-01", false],
    ]);
});

describe('AWS, "Condition operators": Boolean, binary, IP address', () => {
    table([
        ["Bool", "true", "true", true],
        ["Bool", "True", "true", true],
        ["Bool", "true", "false", false],
        ["Bool", "false", "false", true],
        ["BinaryEquals", "QmluYXJ5", "QmluYXJ5", true],
        ["BinaryEquals", "QmluYXJ5", "qmluYXJ5", false],
        ["IpAddress", "203.0.113.0/24", "203.0.113.7", true],
        ["IpAddress", "203.0.113.0/24", "203.0.114.7", false],
        ["IpAddress", "203.0.113.7", "203.0.113.7", true],
        ["IpAddress", "203.0.113.7", "203.0.113.8", false],
        ["IpAddress", ["10.0.0.0/8", "203.0.113.0/24"], "203.0.113.7", true],
        ["IpAddress", "2001:db8::/32", "2001:db8:1::1", true],
        ["IpAddress", "2001:db8::/32", "2001:db9::1", false],
        ["IpAddress", "2001:db8::1", "2001:db8::1", true],
        ["IpAddress", "2001:db8::/32", "203.0.113.7", false],
        ["IpAddress", "203.0.113.0/24", "2001:db8::1", false],
        ["IpAddress", "0.0.0.0/0", "203.0.113.7", true],
        ["NotIpAddress", "203.0.113.0/24", "203.0.113.7", false],
        ["NotIpAddress", "203.0.113.0/24", "203.0.114.7", true],
        ["IpAddress", "10.0.0.0/", "203.0.113.7", false],
        ["IpAddress", "10.0.0.0/33", "10.0.0.0", false],
        ["IpAddress", "10.0.0.0/8/8", "10.0.0.0", false],
        ["IpAddress", "anywhere", "203.0.113.7", false],
        ["IpAddress", "0.0.0.0/0", "nowhere", false],
    ]);
});

describe('AWS, "Condition operators": ARN, each of its six parts by itself', () => {
    const ROLE = "arn:aws:iam::111122223333:role/ci/deploy";
    table([
        ["ArnEquals", ROLE, ROLE, true],
        ["ArnEquals", "arn:aws:iam::*:role/ci/*", ROLE, true],
        ["ArnLike", "arn:aws:iam::*:role/*", ROLE, true],
        ["ArnLike", "arn:aws:iam::1111222233??:role/*", ROLE, true],
        ["ArnLike", "arn:aws:iam::*:role/CI/*", ROLE, false],
        ["ArnLike", "arn:aws:iam:*:role/ci/deploy", ROLE, false],
        ["ArnLike", "arn:*", ROLE, false],
        ["ArnLike", "arn:aws:sns:*:*:a:*", "arn:aws:sns:eu-west-1:111122223333:a:b:c", true],
        ["ArnLike", ROLE, "not an ARN", false],
        ["ArnNotEquals", ROLE, ROLE, false],
        ["ArnNotLike", "arn:aws:iam::*:role/ci/*", ROLE, false],
        ["ArnNotLike", "arn:aws:iam::*:role/other/*", ROLE, true],
    ]);
});

describe('AWS, "Condition operators": a key that is not in the request', () => {
    const POSITIVE = [
        "StringEquals",
        "StringEqualsIgnoreCase",
        "StringLike",
        "NumericEquals",
        "NumericLessThan",
        "NumericGreaterThanEquals",
        "DateEquals",
        "DateLessThan",
        "DateGreaterThanEquals",
        "Bool",
        "BinaryEquals",
        "IpAddress",
        "ArnEquals",
        "ArnLike",
    ];
    const NEGATIVE = [
        "StringNotEquals",
        "StringNotEqualsIgnoreCase",
        "StringNotLike",
        "NumericNotEquals",
        "DateNotEquals",
        "NotIpAddress",
        "ArnNotEquals",
        "ArnNotLike",
    ];
    table(POSITIVE.map((operator): Row => [operator, "*", undefined, false]));
    table(NEGATIVE.map((operator): Row => [operator, "*", undefined, true]));
    table([...POSITIVE, ...NEGATIVE].map((operator): Row => [`${operator}IfExists`, "*", undefined, true]));
    table([
        ["StringEqualsIfExists", "main", "main", true],
        ["StringEqualsIfExists", "main", "other", false],
        ["StringNotEqualsIfExists", "main", "main", false],
        ["BoolIfExists", "true", "false", false],
        ["Null", "true", undefined, true],
        ["Null", "true", "x", false],
        ["Null", "false", undefined, false],
        ["Null", "false", "x", true],
        ["Null", "False", "", true],
    ]);
});

describe('AWS, "Set operators for multivalued context keys"', () => {
    table([
        ["ForAnyValue:StringEquals", ["a", "b"], ["b", "c"], true],
        ["ForAnyValue:StringEquals", ["a", "b"], ["c", "d"], false],
        ["ForAnyValue:StringEquals", "a", "a", true],
        ["ForAnyValue:StringLike", "a*", ["b", "ab"], true],
        ["ForAnyValue:StringNotEquals", "a", ["a", "b"], true],
        ["ForAnyValue:StringNotEquals", ["a", "b"], ["a", "b"], false],
        ["ForAnyValue:NumericLessThan", "5", ["9", "4"], true],
        ["ForAnyValue:StringEquals", "a", undefined, false],
        ["ForAnyValue:StringNotEquals", "a", undefined, false],
        ["ForAnyValue:StringNotLike", "a", undefined, false],
        ["ForAnyValue:StringEquals", "a", [], false],
        ["ForAnyValue:StringEqualsIfExists", "a", undefined, true],
        // "A null dataset, such as an empty string": true for ForAllValues and false for ForAnyValue, whatever the operator.
        ["ForAnyValue:StringEquals", "", "", false],
        ["ForAnyValue:StringLike", "*", "", false],
        ["ForAnyValue:StringNotEquals", "a", "", false],
        ["ForAllValues:StringEquals", "a", "", true],
        ["ForAllValues:StringLike", "a*", "", true],
        ["ForAllValues:StringNotEquals", "", "", true],
        ["ForAllValues:StringNotEqualsIfExists", "", "", true],
        ["ForAllValues:NumericEquals", "1", "", true],
        ["ForAllValues:StringEquals", "a", ["", "a"], false],
        ["ForAnyValue:StringEquals", "a", ["", "a"], true],
        ["ForAllValues:StringEquals", ["a", "b"], ["b", "a"], true],
        ["ForAllValues:StringEquals", ["a", "b"], ["b", "c"], false],
        ["ForAllValues:StringLike", "a*", ["a", "ab"], true],
        ["ForAllValues:StringNotEquals", "a", ["b", "c"], true],
        ["ForAllValues:StringNotEquals", "a", ["a", "c"], false],
        ["ForAllValues:StringEquals", "a", undefined, true],
        ["ForAllValues:StringEquals", "a", [], true],
        ["ForAllValues:StringNotEquals", "a", undefined, true],
        ["ForAllValues:Bool", "true", ["true", "TRUE"], true],
    ]);
});

// AWS, "Single-valued vs. multivalued context keys", asks for a set operator here: without one nothing is taken for met.
describe("an operator for one value and a key with several", () => {
    table([
        ["StringEquals", "a", ["a", "b"], false],
        ["StringLike", "*", ["a", "b"], false],
        ["StringNotEquals", "x", ["a", "b"], true],
    ]);
});

describe('AWS, "IAM policy elements: Variables and tags"', () => {
    const others = { "aws:RequestedRegion": "eu-central-1", "the:list": ["a", "b"], "the:star": "*" };
    const rows: readonly Row[] = [
        ["StringLike", "a${*}", "a*", true],
        ["StringLike", "a${*}", "abc", false],
        ["StringLike", "a${?}", "a?", true],
        ["StringLike", "a${?}", "ab", false],
        ["StringLike", "${$}{x}", "${x}", true],
        ["StringEquals", "${$}{x}", "${x}", true],
        ["StringEquals", "a${*}", "a*", true],
        ["StringEqualsIgnoreCase", "A${$}", "a$", true],
        ["StringEquals", "deploy-${aws:RequestedRegion}", "deploy-eu-central-1", true],
        ["StringEquals", "deploy-${AWS:requestedregion}", "deploy-eu-central-1", true],
        ["StringLike", "${aws:RequestedRegion}/*", "eu-central-1/x", true],
        ["StringLike", "${the:star}", "*", true],
        ["StringLike", "${the:star}", "anything", false],
        ["StringEquals", "${aws:username}", "", false],
        ["StringEquals", "${aws:username}", "${aws:username}", false],
        ["StringEquals", "${aws:username, 'nobody'}", "nobody", true],
        ["StringEquals", "${aws:RequestedRegion, 'nowhere'}", "eu-central-1", true],
        ["StringLike", "${aws:username, '*'}", "nobody", false],
        ["StringEquals", "${the:list}", "a", false],
        ["StringEquals", "${", "${", true],
        ["StringEquals", "$x{y}", "$x{y}", true],
        ["ArnLike", "arn:aws:s3:::b-${aws:RequestedRegion}", "arn:aws:s3:::b-eu-central-1", true],
        ["NumericEquals", "${the:number}", "1", false],
    ];
    for (const [operator, expected, actual, isExpected] of rows) {
        it(`${operator} ${JSON.stringify(expected)} ${isExpected ? "is met" : "is not met"} by ${JSON.stringify(actual)}`, () => {
            expect(met(operator, expected, actual, others)).to.equal(isExpected);
        });
    }
});

describe("names of operators", () => {
    for (const operator of [
        "toString",
        "constructor",
        "valueOf",
        "hasOwnProperty",
        "__proto__",
        "",
        "Equals",
        "NotBool",
        "NotNull",
        "NotStringEquals",
        "StringNotNotEquals",
        "NumericNotLessThan",
        "BinaryNotEquals",
        "NullIfExists",
        "ForAnyValue:Null",
        "ForSomeValue:StringEquals",
        "StringEqualsIfExistsIfExists",
        "IfExistsStringEquals",
        " StringEquals",
    ]) {
        it(`${JSON.stringify(operator)} is none, and is never met`, () => {
            expect(parseOperator(operator)).to.equal(undefined);
            expect([met(operator, "x", "x"), met(operator, "x", "y"), met(operator, "true", undefined)]).to.deep.equal([
                false,
                false,
                false,
            ]);
        });
    }

    it("are taken apart", () => {
        expect(parseOperator("ForAnyValue:StringNotEqualsIgnoreCaseIfExists")).to.deep.equal({
            set: "ForAnyValue",
            base: "StringEqualsIgnoreCase",
            negated: true,
            ifExists: true,
        });
        expect(parseOperator("NotIpAddress")).to.deep.equal({
            set: undefined,
            base: "IpAddress",
            negated: true,
            ifExists: false,
        });
    });
});

/* Whole policies. */

const PROVIDER = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
const SUB = "project_path:g/p:ref_type:branch:ref:main";

function statement(changes: object = {}): object {
    return {
        Effect: "Allow",
        Principal: { Federated: PROVIDER },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { StringEquals: { "gitlab.com:sub": SUB } },
        ...changes,
    };
}

function decide(policy: unknown, issuer = "https://gitlab.com"): Evaluation {
    const { statements, findings } = parseTrustPolicy(policy);
    expect(findings).to.deep.equal([]);
    const context = new Map([
        ["gitlab.com:sub", [SUB]],
        ["gitlab.com:aud", ["https://gitlab.com"]],
    ]);
    return evaluate(statements, { issuer, context });
}

function allows(statements: object | readonly object[], issuer?: string): boolean {
    return decide({ Version: "2012-10-17", Statement: statements }, issuer).allowed;
}

describe('AWS, "Policy evaluation logic"', () => {
    const deny = statement({ Effect: "Deny" });
    const elsewhere = { Condition: { StringEquals: { "gitlab.com:sub": "other" } } };
    for (const [title, statements, expected] of [
        ["one Allow that applies", [statement()], true],
        ["a statement that is no list", statement(), true],
        ["an Allow that does not apply", [statement(elsewhere)], false],
        ["one of two Allows", [statement(elsewhere), statement()], true],
        ["a Deny before the Allow", [deny, statement()], false],
        ["a Deny behind the Allow", [statement(), deny], false],
        ["a Deny that does not apply", [statement(), statement({ Effect: "Deny", ...elsewhere })], true],
        ["a Deny alone that does not apply", [statement({ Effect: "Deny", ...elsewhere })], false],
        ["an Allow without conditions", [statement({ Condition: undefined })], true],
        ["an Allow with empty conditions", [statement({ Condition: {} })], true],
        [
            "two keys of one operator, both met",
            [
                statement({
                    Condition: { StringEquals: { "gitlab.com:sub": SUB, "gitlab.com:aud": "https://gitlab.com" } },
                }),
            ],
            true,
        ],
        [
            "two keys of one operator, one met",
            [statement({ Condition: { StringEquals: { "gitlab.com:sub": SUB, "gitlab.com:aud": "other" } } })],
            false,
        ],
        [
            "two operators on one key, one met",
            [
                statement({
                    Condition: { StringEquals: { "gitlab.com:sub": SUB }, StringLike: { "gitlab.com:sub": "x*" } },
                }),
            ],
            false,
        ],
        ["a key in capital letters", [statement({ Condition: { StringEquals: { "GITLAB.COM:Sub": SUB } } })], true],
        [
            "a value in capital letters",
            [statement({ Condition: { StringEquals: { "gitlab.com:sub": SUB.toUpperCase() } } })],
            false,
        ],
    ] as const) {
        it(`${title}: ${expected ? "allowed" : "refused"}`, () => {
            expect(allows(statements)).to.equal(expected);
        });
    }

    it("tells the Deny that overrules", () => {
        const { deniedBy } = decide({ Version: "2012-10-17", Statement: [statement(), deny] });
        expect(deniedBy?.statement.path).to.equal("Statement[1]");
    });
});

describe('AWS, "AWS JSON policy elements: Principal"', () => {
    const OTHER = "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com";
    for (const [principal, expected] of [
        [{ Federated: PROVIDER }, true],
        [{ Federated: [OTHER, PROVIDER] }, true],
        [{ Federated: "arn:aws-us-gov:iam::111122223333:oidc-provider/gitlab.com" }, true],
        [{ Federated: OTHER }, false],
        [{ Federated: "arn:aws:iam::111122223333:oidc-provider/GitLab.com" }, false],
        [{ Federated: "arn:aws:iam::111122223333:oidc-provider/gitlab.com/" }, false],
        [{ Federated: "gitlab.com" }, false],
        [{ Federated: "*" }, false],
        [{ Federated: [] }, false],
        [{ AWS: "111122223333", Federated: PROVIDER }, true],
        [{ AWS: "arn:aws:iam::111122223333:root" }, false],
        [{ Service: "ec2.amazonaws.com" }, false],
        ["*", true],
        [{ AWS: "*" }, true],
        [{ AWS: ["*"] }, true],
    ] as const) {
        it(`${JSON.stringify(principal)}: ${expected ? "the token's issuer is trusted" : "it is not"}`, () => {
            expect(allows(statement({ Principal: principal }))).to.equal(expected);
        });
    }

    it("compares the issuer as it stands", () => {
        for (const issuer of ["https://gitlab.com/", "http://gitlab.com", "https://GitLab.com", "https://evil", ""]) {
            expect(allows(statement({ Condition: {} }), issuer), issuer).to.equal(false);
        }
    });
});

describe('AWS, "IAM JSON policy elements: Action" and "NotAction"', () => {
    for (const [actions, expected] of [
        [{ Action: "sts:AssumeRoleWithWebIdentity" }, true],
        [{ Action: "STS:assumerolewithwebidentity" }, true],
        [{ Action: ["sts:TagSession", "sts:AssumeRoleWithWebIdentity"] }, true],
        [{ Action: "sts:AssumeRole*" }, true],
        [{ Action: "sts:AssumeRoleWith?ebIdentity" }, true],
        [{ Action: "sts:*" }, true],
        [{ Action: "*" }, true],
        [{ Action: "sts:AssumeRole" }, false],
        [{ Action: "sts:AssumeRoleWithSAML" }, false],
        [{ Action: "sts:Tag*" }, false],
        [{ Action: "i*m:AssumeRoleWithWebIdentity" }, false],
        [{ Action: undefined, NotAction: "sts:AssumeRole" }, true],
        [{ Action: undefined, NotAction: "sts:AssumeRole*" }, false],
        [{ Action: undefined, NotAction: ["iam:*", "sts:AssumeRoleWithWebIdentity"] }, false],
    ] as const) {
        it(`${JSON.stringify(actions)}: ${expected ? "allowed" : "refused"}`, () => {
            expect(allows(statement(actions))).to.equal(expected);
        });
    }
});

describe('AWS, "IAM JSON policy elements: Version"', () => {
    const condition = { Condition: { StringLike: { "gitlab.com:sub": ["${gitlab.com:sub}", "project_path:x${*}"] } } };
    for (const [version, expected] of [
        ["2012-10-17", true],
        ["2008-10-17", false],
        [undefined, false],
    ] as const) {
        it(`${version ?? "none"}: variables are ${expected ? "filled in" : "text"}`, () => {
            expect(decide({ Version: version, Statement: statement(condition) }).allowed).to.equal(expected);
        });
    }

    it("none: wildcards are wildcards all the same", () => {
        const like = { Condition: { StringLike: { "gitlab.com:sub": "project_path:g/*" } } };
        expect(decide({ Statement: statement(like) }).allowed).to.equal(true);
    });
});

describe("pathological patterns", () => {
    const long = "a".repeat(20_000);
    for (const [title, pattern, value] of [
        ["many stars", `${"*a".repeat(4_000)}b`, long],
        ["one star and a long tail", `*${"a".repeat(8_000)}b`, long],
        ["stars alone", "*".repeat(8_000), long],
        ["question marks behind a star", `*${"?".repeat(8_000)}b`, long],
        ["an unclosed variable", "${".repeat(4_000), long],
        ["a variable of spaces", `\${${" ".repeat(8_000)}x}`, long],
    ] as const) {
        it(`${title}: come to an end`, function () {
            expect(met("StringLike", pattern, value)).to.equal(title === "stars alone");
        });
    }
});
