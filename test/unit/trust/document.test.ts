import { expect } from "chai";
import { explainTrust, InvalidInputsError, lintTrustPolicy } from "../../../provider/operations/trust";
import { parseTrustPolicy } from "../../../provider/trust/document";
import { SAYS } from "../../support/wording";

type Json = Readonly<Record<string, unknown>>;

const PROVIDER = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
const SUB = "project_path:g/p:ref_type:branch:ref:main";
const CLAIMS = { iss: "https://gitlab.com", sub: SUB, aud: "https://gitlab.com", project_id: "20" };

/** A statement that is right, with changes; what is undefined is left out. */
function statement(changes: Json = {}): Json {
    const all: Json = {
        Effect: "Allow",
        Principal: { Federated: PROVIDER },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
            StringEquals: {
                "gitlab.com:aud": "https://gitlab.com",
                "gitlab.com:project_id": "20",
                "gitlab.com:sub": SUB,
            },
        },
        ...changes,
    };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function policy(...statements: readonly unknown[]): Json {
    return { Version: "2012-10-17", Statement: statements };
}

/** Right but for one statement beside a right one. */
const beside = (changes: Json): Json => policy(statement(), statement(changes));

const PRINCIPAL = 'Write "Principal": { "Federated": "arn:aws:iam::ACCOUNT:oidc-provider/ISSUER" }.';
const CONDITION = '{ "StringEquals": { "ISSUER:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main" } }';
const TEXT = "Use a string, or leave it out.";
const TEXTS = "Use a string or an array of strings.";
const REJECTS = ", so IAM rejects the policy.";

type Row = readonly [title: string, policy: unknown, path: string, why: string, fix: string];

const ROWS: readonly Row[] = [
    // the policy
    [
        "a version of another day",
        { ...policy(statement()), Version: "2012-10-18" },
        "Version",
        'is neither "2012-10-17" nor "2008-10-17"',
        'Write "Version": "2012-10-17".',
    ],
    [
        "a version that is a number",
        { ...policy(statement()), Version: 20121017 },
        "Version",
        'is neither "2012-10-17" nor "2008-10-17"',
        'Write "Version": "2012-10-17".',
    ],
    [
        "a version that is null",
        { ...policy(statement()), Version: null },
        "Version",
        'is neither "2012-10-17" nor "2008-10-17"',
        'Write "Version": "2012-10-17".',
    ],
    ["an id that is a number", { ...policy(statement()), Id: 5 }, "Id", "is 5, not a string", TEXT],
    [
        "an element that is none",
        { ...policy(statement()), Comment: "x" },
        "Comment",
        "is not an element of a policy",
        "Remove it. Elements are Version, Id, Statement.",
    ],
    [
        "an element in small letters",
        { ...policy(statement()), version: "2012-10-17" },
        "version",
        "is not an element of a policy",
        'Write "Version".',
    ],
    ["no statement in the list", policy(), "Statement", "is empty", "Add a statement that allows your jobs."],
    ...[
        ["text", "x", 'the string "x"'],
        ["null", null, "null"],
        ["a list", [], "an array"],
        ["a number", 5, "5"],
    ].map(([title, value, said]): Row => [
        `a statement that is ${title as string}`,
        policy(statement(), value),
        "Statement[1]",
        `is ${said as string}, not an object`,
        `Write { "Effect": "Allow", "Principal": { "Federated": "arn:aws:iam::ACCOUNT:oidc-provider/ISSUER" }, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": ${CONDITION} }.`,
    ]),
    // the statement
    [
        "an element of a statement that is none",
        beside({ Conditions: {} }),
        "Statement[1].Conditions",
        "is not an element of a statement",
        "Remove it. Elements are Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition.",
    ],
    [
        "an element of a statement in other letters",
        beside({ sid: "x" }),
        "Statement[1].sid",
        "is not an element of a statement",
        'Write "Sid".',
    ],
    [
        "no effect",
        beside({ Effect: undefined }),
        "Statement[1].Effect",
        'is neither "Allow" nor "Deny"',
        'Write "Allow" or "Deny", with a capital first letter.',
    ],
    [
        "an effect in small letters",
        beside({ Effect: "allow" }),
        "Statement[1].Effect",
        'is neither "Allow" nor "Deny"',
        'Write "Allow" or "Deny", with a capital first letter.',
    ],
    [
        "an effect in a list",
        beside({ Effect: ["Allow"] }),
        "Statement[1].Effect",
        'is neither "Allow" nor "Deny"',
        'Write "Allow" or "Deny", with a capital first letter.',
    ],
    ["a Sid that is a number", beside({ Sid: 5 }), "Statement[1].Sid", "is 5, not a string", TEXT],
    [
        "a Sid twice",
        policy(statement({ Sid: "a" }), statement({ Sid: "b" }), statement({ Sid: "a" })),
        "Statement[2].Sid",
        '"a" is also the Sid of Statement[0]',
        "Use a different Sid, or leave it out.",
    ],
    // the principal
    [
        "NotPrincipal",
        beside({ Principal: undefined, NotPrincipal: { Federated: PROVIDER } }),
        "Statement[1].NotPrincipal",
        "is not allowed in a trust policy",
        PRINCIPAL,
    ],
    [
        "NotPrincipal in a Deny",
        beside({ Effect: "Deny", Principal: undefined, NotPrincipal: "*" }),
        "Statement[1].NotPrincipal",
        "is not allowed in a trust policy",
        PRINCIPAL,
    ],
    [
        "Principal beside NotPrincipal",
        beside({ NotPrincipal: { Federated: PROVIDER } }),
        "Statement[1].NotPrincipal",
        "is not allowed in a trust policy",
        PRINCIPAL,
    ],
    ["no principal", beside({ Principal: undefined }), "Statement[1].Principal", "is missing", PRINCIPAL],
    [
        "no principal in a Deny",
        beside({ Effect: "Deny", Principal: undefined }),
        "Statement[1].Principal",
        "is missing",
        PRINCIPAL,
    ],
    ["a principal without any", beside({ Principal: {} }), "Statement[1].Principal", "is empty", PRINCIPAL],
    [
        "a principal that is a list",
        beside({ Principal: [PROVIDER] }),
        "Statement[1].Principal",
        "is an array, not an object",
        PRINCIPAL,
    ],
    [
        "a principal that is text",
        beside({ Principal: PROVIDER }),
        "Statement[1].Principal",
        `is the string "${PROVIDER}", not an object`,
        PRINCIPAL,
    ],
    [
        "a principal that is a number",
        beside({ Principal: 5 }),
        "Statement[1].Principal",
        "is 5, not an object",
        PRINCIPAL,
    ],
    [
        "a principal that is null",
        beside({ Principal: null }),
        "Statement[1].Principal",
        "is null, not an object",
        PRINCIPAL,
    ],
    [
        "a type of principal that is none",
        beside({ Principal: { OIDC: PROVIDER } }),
        "Statement[1].Principal.OIDC",
        "is not a type of principal",
        "Types are AWS, Federated, Service, CanonicalUser.",
    ],
    [
        "a principal's value that is an object",
        beside({ Principal: { Federated: { arn: PROVIDER } } }),
        "Statement[1].Principal.Federated",
        "is an object, not a string",
        TEXTS,
    ],
    [
        "a principal's value that is null",
        beside({ Principal: { Federated: [PROVIDER, null] } }),
        "Statement[1].Principal.Federated[1]",
        "is null, not a string",
        TEXTS,
    ],
    // the action
    [
        "neither Action nor NotAction",
        beside({ Action: undefined }),
        "Statement[1].Action",
        "is missing",
        SAYS.writeAction,
    ],
    ["no action in the list", beside({ Action: [] }), "Statement[1].Action", "is empty", SAYS.writeAction],
    [
        "no action in the list of NotAction",
        beside({ Action: undefined, NotAction: [] }),
        "Statement[1].NotAction",
        "is empty",
        SAYS.writeAction,
    ],
    [
        "Action beside NotAction",
        beside({ NotAction: "sts:TagSession" }),
        "Statement[1].NotAction",
        "is set in addition to `Action`",
        "Remove one of the two.",
    ],
    ["an action that is null", beside({ Action: null }), "Statement[1].Action", "is null, not a string", TEXTS],
    [
        "an action that is an object",
        beside({ Action: [{}] }),
        "Statement[1].Action[0]",
        "is an object, not a string",
        TEXTS,
    ],
    [
        "an action of another service",
        beside({ Action: ["sts:AssumeRoleWithWebIdentity", "s3:GetObject"] }),
        "Statement[1].Action",
        'has "s3:GetObject", which is not an action of STS',
        SAYS.writeAction,
    ],
    [
        "an action without its service",
        beside({ Action: "AssumeRoleWithWebIdentity" }),
        "Statement[1].Action",
        'has "AssumeRoleWithWebIdentity", which is not an action of STS',
        SAYS.writeAction,
    ],
    // the resource
    [
        "a resource",
        beside({ Resource: "*" }),
        "Statement[1].Resource",
        "is not allowed in a trust policy, whose resource is always the role itself",
        "Leave it out.",
    ],
    [
        "what is not the resource",
        beside({ NotResource: [] }),
        "Statement[1].NotResource",
        "is not allowed in a trust policy, whose resource is always the role itself",
        "Leave it out.",
    ],
    // the condition
    [
        "a condition that is null",
        beside({ Condition: null }),
        "Statement[1].Condition",
        "is null, not an object",
        `Write "Condition": ${CONDITION}.`,
    ],
    [
        "a condition that is a list",
        beside({ Condition: [] }),
        "Statement[1].Condition",
        "is an array, not an object",
        `Write "Condition": ${CONDITION}.`,
    ],
    [
        "an operator without keys",
        beside({ Condition: { StringEquals: SUB } }),
        'Statement[1].Condition["StringEquals"]',
        `is the string "${SUB}", not an object of condition keys`,
        `Write ${CONDITION}.`,
    ],
    [
        "an operator that is none",
        beside({ Condition: { StringMatches: { "gitlab.com:sub": SUB } } }),
        'Statement[1].Condition["StringMatches"]',
        '"StringMatches" is not a condition operator',
        `Use, for example, ${CONDITION}.`,
    ],
    [
        "an operator that is none in a Deny",
        beside({ Effect: "Deny", Condition: { toString: { "gitlab.com:sub": SUB } } }),
        'Statement[1].Condition["toString"]',
        '"toString" is not a condition operator',
        `Use, for example, ${CONDITION}.`,
    ],
    [
        "Null with IfExists",
        beside({ Effect: "Deny", Condition: { NullIfExists: { "gitlab.com:sub": "true" } } }),
        'Statement[1].Condition["NullIfExists"]',
        '"NullIfExists" is not a condition operator',
        `Use, for example, ${CONDITION}.`,
    ],
    [
        "a value that is null",
        beside({ Effect: "Deny", Condition: { StringEquals: { "gitlab.com:sub": null } } }),
        'Statement[1].Condition["StringEquals"]["gitlab.com:sub"]',
        "is null, not a string",
        TEXTS,
    ],
    [
        "a value that is an object",
        beside({ Effect: "Deny", Condition: { StringEquals: { "gitlab.com:sub": { a: 1 } } } }),
        'Statement[1].Condition["StringEquals"]["gitlab.com:sub"]',
        "is an object, not a string",
        TEXTS,
    ],
    [
        "a value that is a list in a list",
        beside({ Effect: "Deny", Condition: { StringEquals: { "gitlab.com:sub": [SUB, [SUB]] } } }),
        'Statement[1].Condition["StringEquals"]["gitlab.com:sub"][1]',
        "is an array, not a string",
        TEXTS,
    ],
];

describe("policies that IAM would not store", () => {
    for (const [title, trustPolicy, path, why, fix] of ROWS) {
        const said = { id: "policy-document", severity: "error", path, message: `${why}${REJECTS}`, fix };

        it(`${title}: explainTrust gives no answer`, () => {
            let thrown: unknown;
            try {
                explainTrust({ trustPolicy, claims: CLAIMS });
            } catch (error) {
                thrown = error;
            }
            expect(thrown).to.be.instanceOf(InvalidInputsError);
            expect((thrown as InvalidInputsError).findings).to.deep.equal([said]);
        });

        it(`${title}: lintTrustPolicy finds it, and the same in JSON text`, () => {
            const errors = (given: unknown): unknown =>
                lintTrustPolicy({ trustPolicy: given }).findings.filter((f) => f.id === "policy-document");
            expect(errors(trustPolicy)).to.deep.equal([said]);
            expect(errors(JSON.stringify(trustPolicy))).to.deep.equal([said]);
        });
    }

    it("says all of it at once", () => {
        const { findings } = parseTrustPolicy({
            version: "2012-10-17",
            Statement: [{ effect: "Deny", NotPrincipal: "*", Resource: "*", Condition: { Equals: { a: null } } }, 5],
        });
        expect(findings.map((f) => f.path)).to.deep.equal([
            "version",
            "Statement[0].effect",
            "Statement[0].Effect",
            "Statement[0].NotPrincipal",
            "Statement[0].Action",
            "Statement[0].Resource",
            'Statement[0].Condition["Equals"]',
            'Statement[0].Condition["Equals"]["a"]',
            "Statement[1]",
        ]);
    });
});

describe("policies of which AWS does not say that IAM rejects them", () => {
    const keys = { "gitlab.com:sub": SUB };
    for (const [title, trustPolicy] of [
        ["one statement without a list", { Version: "2012-10-17", Statement: statement() }],
        ["no version", { Statement: [statement()] }],
        ["the old version", { Version: "2008-10-17", Statement: [statement()] }],
        ["an id", { ...policy(statement()), Id: "x y" }],
        ["two empty Sids", policy(statement({ Sid: "" }), statement({ Sid: "" }))],
        ["a Sid with a space", policy(statement({ Sid: "a b" }))],
        ["two Sids that differ in case", policy(statement({ Sid: "a" }), statement({ Sid: "A" }))],
        ["the principal *", policy(statement({ Principal: "*" }))],
        [
            "several types of principals",
            policy(
                statement({
                    Principal: { AWS: "*", Federated: PROVIDER, Service: "ec2.amazonaws.com", CanonicalUser: "x" },
                }),
            ),
        ],
        ["an account that is a number", policy(statement({ Principal: { AWS: 111122223333 } }))],
        ["a type of principals without any", policy(statement({ Principal: { Federated: [] } }))],
        ["every action", policy(statement({ Action: "*" }))],
        ["an action in other letters", policy(statement({ Action: "STS:assumerolewithwebidentity" }))],
        ["a wildcard in the service's name", policy(statement({ Action: "s?s:AssumeRoleWithWebIdentity" }))],
        ["every action but those of another service", policy(statement({ Action: undefined, NotAction: "iam:*" }))],
        ["no condition", policy(statement({ Condition: undefined }))],
        ["empty conditions", policy(statement({ Condition: { StringEquals: {} } }))],
        ["an operator that is none, without keys", policy(statement({ Condition: { Equals: {} } }))],
        ["no value for a key", policy(statement({ Condition: { StringEquals: { "gitlab.com:sub": [] } } }))],
        [
            "numbers and booleans",
            policy(statement({ Condition: { Bool: { "aws:SecureTransport": true }, NumericEquals: { x: [5] } } })),
        ],
        ["a key that nobody knows", policy(statement({ Condition: { StringEquals: { ...keys, "x:y": "z" } } }))],
        [
            "what is undefined in a program's object",
            {
                ...policy({
                    ...statement(),
                    Resource: undefined,
                    Sid: undefined,
                    Condition: { StringEquals: { a: undefined }, Equals: undefined },
                }),
                Id: undefined,
            },
        ],
    ] as const) {
        it(title, () => {
            expect(parseTrustPolicy(trustPolicy).findings).to.deep.equal([]);
        });
    }
});

describe("parseTrustPolicy", () => {
    const cyclic: Record<string, unknown> = { Version: "2012-10-17" };
    cyclic["Statement"] = cyclic;
    const doubled = Array.from({ length: 40 }).reduce<unknown>((inner) => [inner, inner], "x");
    const nested = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;
    for (const [title, document, said] of [
        ["no JSON", "{", "is not JSON"],
        ["nothing", " ", "is empty"],
        ["a web page", "<html>", SAYS.jsonWebPage],
        ["text in JSON", '"x"', SAYS.jsonNotObject],
        ["a number", 5, "is not an object"],
        ["a list", [], "is not an object"],
        ["null", null, "is not an object"],
        ["120,000 levels", nested(120_000), "is nested more than 64 levels deep"],
        ["60,000 levels", nested(60_000), "is nested more than 64 levels deep"],
        ["60,000 levels that do not end", "[".repeat(60_000), "is nested more than 64 levels deep"],
        [
            "65 levels in an object",
            { Statement: JSON.parse(nested(65)) as unknown },
            "is nested more than 64 levels deep, or contains itself",
        ],
        [
            "120,000 levels in an object",
            { Statement: JSON.parse(nested(120_000)) as unknown },
            "is nested more than 64 levels deep, or contains itself",
        ],
        ["a cycle", cyclic, "is nested more than 64 levels deep, or contains itself"],
        [
            "lists that are in it more than once, which are many in JSON",
            { Statement: doubled },
            "has more than 131072 characters",
        ],
        ["a key of 400,000 characters", `{"${"a".repeat(400_000)}":{}}`, "has more than 131072 characters"],
        ["such a key in an object", { ["a".repeat(400_000)]: {} }, "has more than 131072 characters"],
        [
            "a value of 132,000 characters",
            policy(statement({ Sid: "a".repeat(132_000) })),
            "has more than 131072 characters",
        ],
        ["a list of 132,000 places", { Statement: new Array(132_000) as unknown[] }, "has more than 131072 characters"],
        ["a big integer", policy(statement({ Sid: 5n })), SAYS.jsonLacks("bigint")],
        ["a function", policy(statement({ Sid: () => "x" })), SAYS.jsonLacks("function")],
    ] as const) {
        it(`${title}: it is said, without its statements`, () => {
            const { statements, findings } = parseTrustPolicy(document);
            expect(statements).to.deep.equal([]);
            expect(findings.map((f) => [f.path, f.message, f.fix])).to.deep.equal([
                ["", `The trust policy ${said}.`, SAYS.policyAsJson],
            ]);
        });
    }

    it("no statement", () => {
        for (const document of [{}, { Version: "2012-10-17" }, "{}", { Statement: undefined }]) {
            expect(parseTrustPolicy(document).findings.map((f) => [f.path, f.message, f.fix])).to.deep.equal([
                ["", SAYS.noStatement, 'Write { "Version": "2012-10-17", "Statement": [...] }.'],
            ]);
        }
    });

    it("reads 130,000 characters in a value, and as many in a list", () => {
        const values = new Array(60_000).fill("") as string[];
        for (const sub of ["a".repeat(130_000), values]) {
            const trustPolicy = policy(statement({ Condition: { StringLike: { "gitlab.com:sub": sub } } }));
            expect(parseTrustPolicy(trustPolicy).findings).to.deep.equal([]);
            expect(explainTrust({ trustPolicy, claims: CLAIMS }).allowed).to.equal(false);
        }
    });

    it("cuts long names in paths, and says nothing of a token", () => {
        const text = JSON.stringify(
            policy(
                statement({
                    Condition: { StringEquals: { ["a".repeat(500)]: null, "eyJhbGciOiJSUzI1NiJ9.e30.x": {} } },
                }),
            ),
        );
        const at = 'Statement[0].Condition["StringEquals"]';
        expect(parseTrustPolicy(text).findings.map((f) => f.path)).to.deep.equal([
            `${at}["${"a".repeat(115)}…"]`,
            `${at}["eyJ…"]`,
        ]);
    });

    it("keeps what it can of a statement, and none of which it cannot say what it is about", () => {
        const { statements } = parseTrustPolicy(
            policy(
                statement({
                    Resource: "*",
                    Sid: 5,
                    Condition: { Equals: { a: "b" }, Bool: 5, Null: { a: ["true", null] } },
                }),
                statement({ Effect: "allow" }),
                statement({ Principal: {} }),
                statement({ Action: "s3:*" }),
            ),
        );
        expect(statements).to.deep.equal([
            {
                path: "Statement[0]",
                sid: undefined,
                effect: "Allow",
                principals: [{ type: "Federated", values: [PROVIDER] }],
                actions: ["sts:AssumeRoleWithWebIdentity"],
                isNotAction: false,
                conditions: [
                    { operator: "Null", key: "a", values: ["true"], path: 'Statement[0].Condition["Null"]["a"]' },
                ],
            },
        ]);
    });

    it("reads a statement", () => {
        const Condition = { Bool: { k: [5, true, "x"] }, StringLike: { "a:b": "${x}" } };
        const read = (Version: string | undefined, changes: Json): unknown =>
            parseTrustPolicy({ Version, Statement: statement({ Condition, ...changes }) }).statements;
        const conditions = (value: string): unknown => [
            { operator: "Bool", key: "k", values: ["5", "true", "x"], path: 'Statement.Condition["Bool"]["k"]' },
            { operator: "StringLike", key: "a:b", values: [value], path: 'Statement.Condition["StringLike"]["a:b"]' },
        ];
        expect(read("2012-10-17", { Sid: "s", Principal: "*", Action: undefined, NotAction: ["sts:a"] })).to.deep.equal(
            [
                {
                    path: "Statement",
                    sid: "s",
                    effect: "Allow",
                    principals: [{ type: "*", values: ["*"] }],
                    actions: ["sts:a"],
                    isNotAction: true,
                    conditions: conditions("${x}"),
                },
            ],
        );
        expect(read(undefined, { Effect: "Deny", Principal: { AWS: ["*", 5], Service: "x" } })).to.deep.equal([
            {
                path: "Statement",
                sid: undefined,
                effect: "Deny",
                principals: [
                    { type: "AWS", values: ["*", "5"] },
                    { type: "Service", values: ["x"] },
                ],
                actions: ["sts:AssumeRoleWithWebIdentity"],
                isNotAction: false,
                conditions: conditions("${$}{x}"),
            },
        ]);
    });
});
