import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { explainTrust, lintTrustPolicy, type ExplainTrustArgs } from "../../../provider/operations/trust";
import { isMet, parseOperator } from "../../../provider/iam/operators";
import { matchesGlob, patternGlob } from "../../../provider/iam/glob";
import { explainSub } from "../../../provider/trust/explain-sub";

/* Details beyond evaluate.test.ts, explain.test.ts and lint.test.ts: where a limit lies, and what exactly is said. */

const GITLAB_COM = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
const MAIN = "project_path:g/p:ref_type:branch:ref:main";

type Explanation = ReturnType<typeof explainTrust>;
type Json = Readonly<Record<string, unknown>>;

function policy(...statements: readonly unknown[]): Json {
    return { Version: "2012-10-17", Statement: statements };
}

/** A statement for gitlab.com. */
function statement(condition: unknown, changes: Json = {}): Json {
    return {
        Effect: "Allow",
        Principal: { Federated: GITLAB_COM },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: condition,
        ...changes,
    };
}

describe("isMet, in detail", () => {
    type Row = readonly [operator: string, expected: string, actual: string, met: boolean];
    const ROWS: readonly Row[] = [
        ["StringLike", "a*b", "ab", true],
        ["StringLike", "a${no:key}*", "a", false],
        ["StringLike", "${a${*}", "a", false],
        ["StringEquals", "${no:key, 'x'}", "x", true],
        ["StringEquals", "${no:key, y'x'}", "x", false],
        ["StringEquals", "${no:key, 'x'y}", "x", false],
        ["ArnLike", "arn:aws:iam::1:${no:key}", "arn:aws:iam::1:x", false],
        ["ArnLike", "arn:aws:*:*:*:*", "arn:aws:iam", false],
        ["ArnLike", "arn:aws:*", "arn:aws:iam::1:x", false],
        ["NumericEquals", "1.25", "1.25", true],
        ["NumericEquals", "1000", "1e3", true],
        ["NumericEquals", "1000", "1E+3", true],
        ["NumericEquals", "0.001", "1e-3", true],
        ["NumericEquals", "1e10", "10000000000", true],
        ["NumericEquals", "-.5", "-0.5", true],
        ["NumericEquals", "1x", "1x", false],
        ["DateEquals", "1769860800.25", "1769860800.25", true],
        ["DateEquals", "-12345", "-12345", false],
        ["DateEquals", "12345e3", "12345000", false],
        ["DateEquals", "2026-01", "2026-01-01T00:00:00Z", true],
        ["DateEquals", "2026", "2026-01-01", true],
        ["DateEquals", "2026-01-01T10:00Z", "2026-01-01T10:00:00.000Z", true],
        ["DateEquals", "2026-01-01T10:00:00+0100", "2026-01-01T09:00:00Z", true],
        ["DateEquals", "2026-01-01 GMT", "2026-01-01 GMT", false],
        ["IpAddress", "x/10.0.0.0/8", "10.1.1.1", false],
        ["IpAddress", "10.0.0.0/8", "x", false],
        ["IpAddress", "2001:db8::1", "2001:db8::2", false],
        ["IpAddress", "2001:db8::1", "2001:db8::1", true],
        ["IpAddress", "", "10.1.1.1", false],
        ["IpAddress", "10.0.0.0/99", "10.0.0.0", false],
    ];
    for (const [operator, expected, actual, met] of ROWS) {
        it(`${operator} "${expected}" is ${met ? "" : "not "}met by "${actual}"`, () => {
            const test = { operator, key: "the:key", values: [expected] };
            expect(isMet(test, new Map([["the:key", [actual]]]))).to.equal(met);
        });
    }

    it("Null with both values is met by any call", () => {
        const test = { operator: "Null", key: "the:key", values: ["true", "false"] };
        expect(isMet(test, new Map())).to.equal(true);
        expect(isMet(test, new Map([["the:key", ["x"]]]))).to.equal(true);
    });

    it("takes dates without a zone for UTC, wherever this runs", () => {
        // A process of its own, because a zone that is set later does not reach every Date of this one.
        const script = `
            const { isMet } = require(${JSON.stringify(join(__dirname, "../../../provider/iam/operators"))});
            const met = (expected, actual) =>
                isMet({ operator: "DateEquals", key: "the:key", values: [expected] }, new Map([["the:key", [actual]]]));
            console.log(JSON.stringify([
                new Date("2026-01-01T00:00").getUTCHours(),
                met("2026-01-01T10:00:00", "2026-01-01T10:00:00Z"),
                met("2026-01-01", "2026-01-01T00:00:00Z"),
                met("2026-01-01T10:00:00+01:00", "2026-01-01T09:00:00Z"),
            ]));`;
        const env = { ...process.env, TZ: "America/New_York" };
        const printed = execFileSync(process.execPath, ["--require", "tsx/cjs", "-e", script], {
            env,
            encoding: "utf8",
        });
        expect(JSON.parse(printed)).to.deep.equal([5, true, true, true]);
    });
});

describe("parseOperator, in detail", () => {
    it("takes operators apart", () => {
        const plain = { set: undefined, negated: false, ifExists: false };
        expect(parseOperator("Null")).to.deep.equal({ ...plain, base: "Null" });
        expect(parseOperator("StringLike")).to.deep.equal({ ...plain, base: "StringLike" });
        expect(parseOperator("ForAnyValue:StringNotLikeIfExists")).to.deep.equal({
            set: "ForAnyValue",
            base: "StringLike",
            negated: true,
            ifExists: true,
        });
        for (const none of ["", "-", "ForAnyValue:", "IfExists", "Not"]) {
            expect(parseOperator(none), none).to.equal(undefined);
        }
    });
});

describe("patternGlob", () => {
    it("reads escapes, and takes a policy variable for text", () => {
        const matches = (pattern: string, value: string): boolean => matchesGlob(patternGlob(pattern), value);
        expect(matches("${*}", "*")).to.equal(true);
        expect(matches("${*}", "${x}")).to.equal(false);
        expect(matches("${$}{*}", "${x}")).to.equal(true);
        expect(matches("${x}*", "${x}y")).to.equal(true);
        expect(matches("${x}", "x")).to.equal(false);
    });
});

describe("explainSub", () => {
    const PROJECT = "project_path:g/p:";
    const DEV = `${PROJECT}ref_type:branch:ref:dev`;
    type Row = readonly [title: string, operator: string, expected: readonly string[], actual: string, cause: string];
    const RAN_ON_DEV = 'The job ran on branch "dev", the role admits "main".';
    const ROWS: readonly Row[] = [
        [
            "a wildcard, and capital letters besides, where wildcards are read",
            "StringLike",
            [`${PROJECT}ref_type:branch:ref:D*`],
            DEV,
            `"${DEV}" differs from "${PROJECT}ref_type:branch:ref:D*" in capital letters only, and the comparison is exact.`,
        ],
        [
            "capital letters",
            "StringEquals",
            [`${PROJECT}ref_type:branch:ref:DEV`],
            DEV,
            `"${DEV}" differs from "${PROJECT}ref_type:branch:ref:DEV" in capital letters only, and the comparison is exact.`,
        ],
        [
            "a wildcard that is taken literally",
            "StringEquals",
            [`${PROJECT}ref_type:branch:ref:d?v`],
            DEV,
            `StringEquals takes the \`?\` in "${PROJECT}ref_type:branch:ref:d?v" literally.`,
        ],
        [
            "of two that are as near the one that fits longer",
            "StringEquals",
            [`${PROJECT}ref_type:tag:ref:dev`, MAIN],
            DEV,
            RAN_ON_DEV,
        ],
        ["the same in another order", "StringEquals", [MAIN, `${PROJECT}ref_type:tag:ref:dev`], DEV, RAN_ON_DEV],
        [
            "all that are as near",
            "StringEquals",
            [`${PROJECT}ref_type:branch:ref:b`, `${PROJECT}ref_type:branch:ref:a`, MAIN],
            DEV,
            'The job ran on branch "dev", the role admits "b", "a", "main".',
        ],
        [
            "one that is further away though it differs first in the same component",
            "StringEquals",
            [
                `${PROJECT}ref_type:branch:ref:prod:ref_protected:true`,
                `${PROJECT}ref_type:branch:ref:main:ref_protected:false`,
            ],
            `${DEV}:ref_protected:false`,
            RAN_ON_DEV,
        ],
        [
            "another project is further away than three other components",
            "StringEquals",
            [
                "project_path:g/q:ref_type:branch:ref:main:ref_protected:false",
                `${PROJECT}ref_type:tag:ref:v1:ref_protected:true`,
            ],
            `${DEV}:ref_protected:false`,
            "The job ran on branch dev, the role admits tags only.",
        ],
        [
            "a wildcard for all that follows",
            "StringLike",
            [`${PROJECT}ref_type:tag:**`],
            DEV,
            "The job ran on branch dev, the role admits tags only.",
        ],
        [
            "a ref_type that is none",
            "StringEquals",
            [`${PROJECT}ref_type:mr:ref:dev`, `${PROJECT}ref_type:tag:ref:dev`],
            DEV,
            `"${PROJECT}ref_type:mr:ref:dev" matches no job: there is no ref_type "mr", only branch and tag, and a merge request's is branch.`,
        ],
        [
            "a ref without its type",
            "StringEquals",
            [`${PROJECT}ref:main`],
            `${PROJECT}ref:dev`,
            'The job ran on ref "dev", the role admits "main".',
        ],
        [
            "fewer components, all exact: another shape",
            "StringEquals",
            ["project_path:g/q"],
            DEV,
            "The sub claim is made of project_path, ref_type, ref, the role expects project_path.",
        ],
        ...["ref*", "*x", "*:x", "ref_type"].map((rest): Row => [
            `${rest} is no wildcard for all that follows`,
            "StringLike",
            [`project_path:g/q:${rest}`],
            DEV,
            `The sub claim is made of project_path, ref_type, ref, the role expects project_path, ${rest.split(":")[0]!}.`,
        ]),
        [
            "two other shapes",
            "StringEquals",
            ["project_path:g/q", "project_id:20:ref:main"],
            DEV,
            "The sub claim is made of project_path, ref_type, ref, the role expects project_path or project_id, ref.",
        ],
    ];
    for (const [title, operator, expected, actual, cause] of ROWS) {
        it(title, () => {
            expect(explainSub(operator, expected, actual).cause).to.equal(cause);
        });
    }

    it("has a cure for each", () => {
        const cure = (...expected: readonly string[]): string => explainSub("StringEquals", expected, DEV).cure;
        expect(cure(`${PROJECT}ref_type:tag:ref:dev`)).to.equal(
            "Add a subject with `branch`, or run the job on a tag.",
        );
        expect(cure(`${PROJECT}ref_type:mr:ref:dev`, `${PROJECT}ref_type:tag:ref:dev`)).to.equal(
            `Write "${DEV}" for this job.`,
        );
        expect(cure(MAIN, `${PROJECT}ref_type:branch:ref:refs/heads/dev`)).to.equal(
            "Write the short name of the ref: the sub claim has it without refs/heads/ and refs/tags/.",
        );
    });
});

describe("explainTrust, in detail", () => {
    const NOW = 1_769_860_800;
    const CLAIMS = { iss: "https://gitlab.com", sub: MAIN, aud: "https://gitlab.com", project_id: "20" };
    const RIGHT = { StringEquals: { "gitlab.com:sub": MAIN } };
    const NOT_AUTHORIZED =
        "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity";

    function explain(
        condition: unknown,
        claims: Json = {},
        inputs: Partial<ExplainTrustArgs> = {},
        now = NOW,
    ): Explanation {
        const given = { trustPolicy: policy(statement(condition)), claims: { ...CLAIMS, ...claims }, ...inputs };
        return explainTrust(given, now);
    }

    function token(claims: Json, header: Json = { alg: "RS256" }): string {
        const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
        return `${part(header)}.${part({ ...CLAIMS, iat: NOW, exp: NOW + 60, ...claims })}.x`;
    }

    function explainToken(claims: Json, header?: Json): Explanation {
        return explainTrust({ trustPolicy: policy(statement(RIGHT)), token: token(claims, header) }, NOW);
    }

    it("knows the time of the call", () => {
        expect(explain({ DateEquals: { "aws:CurrentTime": "2026-01-31T12:00:00Z" } }).allowed).to.equal(true);
        expect(explain({ NumericEquals: { "aws:EpochTime": String(NOW) } }).allowed).to.equal(true);
    });

    it("knows the claim amr", () => {
        const condition = { "ForAnyValue:StringEquals": { "gitlab.com:amr": "a" } };
        expect(explain(condition, { amr: ["b", "a"] }).allowed).to.equal(true);
        expect(() => explain(condition, { amr: [{}] })).to.throw(
            "claims.amr: The claim `amr` is neither a string nor a list of strings.",
        );
    });

    it("gives no cause for a statement that applies", () => {
        expect(explain(RIGHT)).to.deep.equal({
            allowed: true,
            statements: [
                {
                    path: "Statement[0]",
                    effect: "Allow",
                    applies: true,
                    principalMatches: true,
                    actionMatches: true,
                    conditions: [
                        { operator: "StringEquals", key: "gitlab.com:sub", expected: [MAIN], actual: MAIN, met: true },
                    ],
                    causes: [],
                },
            ],
        });
    });

    it("takes the authorized party of several audiences", () => {
        const claims = { aud: ["https://gitlab.com", "x"], azp: "x" };
        expect(explain({ StringEquals: { "gitlab.com:aud": "x" } }, claims).allowed).to.equal(true);
        const { error, cause, statements } = explain({ StringEquals: { "gitlab.com:aud": "y" } }, claims);
        expect(error).to.equal(NOT_AUTHORIZED);
        expect(cause).to.equal('The job asked for the audience "x", the role admits "y".');
        expect(statements[0]!.conditions[0]!.actual).to.equal("x");
    });

    type Row = readonly [title: string, explanation: () => Explanation, cause: string];
    const ROWS: readonly Row[] = [
        [
            "a key that is no claim",
            () =>
                explain(
                    { StringEquals: { "aws:RequestedRegion": ["a", "b"] } },
                    {},
                    { context: { "aws:RequestedRegion": "c" } },
                ),
            '"aws:RequestedRegion" is "c", and StringEquals "a", "b" is not met.',
        ],
        [
            "a claim that is compared as a number",
            () => explain({ NumericEquals: { "gitlab.com:project_id": "30" } }),
            '"gitlab.com:project_id" is "20", and NumericEquals "30" is not met.',
        ],
        [
            "a claim beside a sub that is missing",
            () => explain({ StringEquals: { "gitlab.com:project_id": "30" } }, { sub: undefined }),
            'The job is one of the project with id "20", the role admits "30".',
        ],
        [
            "several actions",
            () =>
                explainTrust({ trustPolicy: policy(statement(RIGHT, { Action: ["sts:b", "sts:d"] })), claims: CLAIMS }),
            "The statement is about sts:b, sts:d, not sts:AssumeRoleWithWebIdentity.",
        ],
        [
            "every action but some",
            () =>
                explainTrust({
                    trustPolicy: policy(statement(RIGHT, { Action: undefined, NotAction: ["a:b", "sts:*"] })),
                    claims: CLAIMS,
                }),
            "The statement is about anything but a:b, sts:*, not sts:AssumeRoleWithWebIdentity.",
        ],
        [
            "several principals",
            () =>
                explainTrust({
                    trustPolicy: policy(statement(RIGHT, { Principal: { Federated: ["a", "b"] } })),
                    claims: CLAIMS,
                }),
            'The token was issued by "https://gitlab.com", the statement trusts "a", "b".',
        ],
        [
            "every service",
            () =>
                explainTrust({
                    trustPolicy: policy(statement(RIGHT, { Principal: { Service: "*" } })),
                    claims: CLAIMS,
                }),
            'The token was issued by "https://gitlab.com", the statement trusts "*".',
        ],
        [
            "an issuer with two slashes",
            () => explain(RIGHT, { iss: "https://gitlab.com//" }),
            'The token\'s issuer is "https://gitlab.com//" and the provider\'s url "https://gitlab.com": they are compared exactly.',
        ],
        [
            "an algorithm that only begins like one",
            () => explainToken({}, { alg: "RS2560" }),
            'The token\'s algorithm is "RS2560": GitLab signs with RS256.',
        ],
        [
            "an algorithm that only ends like one",
            () => explainToken({}, { alg: "XRS256" }),
            'The token\'s algorithm is "XRS256": GitLab signs with RS256.',
        ],
    ];
    for (const [title, explanation, cause] of ROWS) {
        it(title, () => {
            expect(explanation().allowed).to.equal(false);
            expect(explanation().cause).to.equal(cause);
        });
    }

    it("has a cure where a key is another", () => {
        const { cure } = explain({ NumericEquals: { "gitlab.com:project_id": "30" } });
        expect(cure).to.equal("Run the job as the role expects, or change the condition.");
    });

    it("looks at times to the second", () => {
        for (const name of ["nbf", "iat"]) {
            expect(explainToken({ [name]: NOW + 300 }).allowed).to.equal(true);
            expect(explainToken({ [name]: NOW + 301 }).cause).to.equal("The token is not valid for another 301 s.");
        }
        expect(explainToken({ exp: NOW + 1 }).allowed).to.equal(true);
        expect(explainToken({ exp: NOW }).cause).to.equal(
            "The token expired 0 s ago: it lives as long as its job may run.",
        );
    });

    it("takes a token with white space around it", () => {
        const inputs = { trustPolicy: policy(statement(RIGHT)), token: `\n ${token({})}\n` };
        expect(explainTrust(inputs, NOW).allowed).to.equal(true);
    });

    const trustPolicy = policy(statement(RIGHT));
    for (const [title, inputs, message] of [
        [
            "no policy",
            { claims: CLAIMS },
            "trustPolicy: and `role` are both missing. Give one of `trustPolicy` and `role`.",
        ],
        [
            "claims and a token",
            { trustPolicy, claims: CLAIMS, token: token({}) },
            "claims: stands beside `token`. Give one of `claims` and `token`.",
        ],
        [
            "a token that is too long",
            { trustPolicy, token: "x".repeat(20_001) },
            "token: The token has 20001 characters: STS takes 4 to 20000.",
        ],
        [
            "a token of the most characters",
            { trustPolicy, token: `${"x".repeat(20_000)}\n` },
            "token: The token is not a signed JSON web token: three parts in base64url with dots between them.",
        ],
        [
            "claims without an issuer",
            { trustPolicy, claims: { ...CLAIMS, iss: "" } },
            "claims.iss: The claim `iss` is missing or not a string. Give the token's claims as GitLab made them.",
        ],
    ] as const) {
        it(`refuses ${title}`, () => {
            expect(() => explainTrust(inputs)).to.throw(message);
        });
    }

    it("refuses a time that is none", () => {
        expect(() => explain(RIGHT, {}, {}, 8.65e12)).to.throw(
            "now: is no time. Give seconds since 1970, or leave it out.",
        );
    });

    it("takes the last second that there is", () => {
        expect(explain(RIGHT, {}, {}, 8.64e12).allowed).to.equal(true);
        expect(explain(RIGHT, {}, {}, -8.64e12).allowed).to.equal(true);
    });
});

describe("lintTrustPolicy, in detail", () => {
    type Said = readonly [id: string, message: string, cure: string];
    type Row = readonly [title: string, policy: unknown, ...said: readonly Said[]];

    const AUD = { "gitlab.com:aud": "https://gitlab.com" };
    const ID = { "gitlab.com:project_id": "20" };
    const SUB = { "gitlab.com:sub": MAIN };
    const RIGHT = { StringEquals: { ...AUD, ...ID, ...SUB } };

    /** A right statement but for its sub, which is under StringLike. */
    function sub(value: string, more: Json = {}): Json {
        return policy(statement({ StringEquals: { ...AUD, ...ID, ...more }, StringLike: { "gitlab.com:sub": value } }));
    }

    /** A right statement with further conditions. */
    function and(more: Json): Json {
        return policy(statement({ ...RIGHT, ...more }));
    }

    const NAME_IT = 'Write { "Federated": "arn:aws:iam::ACCOUNT:oidc-provider/ISSUER" }.';
    const EVERYBODY: Said = ["principal", 'is "*": everybody, with or without an ID token.', NAME_IT];
    const NO_PROVIDER: Said = ["principal", "names no identity provider, so that no ID token is admitted.", NAME_IT];
    const ACTION = 'Write "Action": "sts:AssumeRoleWithWebIdentity".';
    const NUMBER = "Write the number that GitLab shows on the project's page, without wildcards.";
    const EVERY_JOB = 'Name the project and the branch: "project_path:mygroup/myproject:ref_type:branch:ref:main".';
    const ADD_SUB =
        'Add "StringEquals": { "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main" }.';
    const ADD_AUD = 'Add "StringEquals": { "gitlab.com:aud": "https://gitlab.com" }.';
    const OTHER_SERVICE =
        "a token that a job got for another service opens the role too, if the provider lists its audience.";
    const GROUP_WIDE: Said = [
        "group-wide",
        'Every project below "g" is admitted, nested ones and future ones too: whoever can make a project there gets the role.',
        'Write "project_path:g/myproject:…" for each project.',
    ];

    /** A right policy of so many characters. */
    function sized(size: number): Json {
        const withFiller = (filler: string): Json => and({ StringLike: { "sts:RoleSessionName": filler } });
        return withFiller("x".repeat(size - JSON.stringify(withFiller("")).length));
    }

    const ROWS: readonly Row[] = [
        ["everybody", policy(statement(RIGHT, { Principal: "*" })), EVERYBODY],
        ["everybody, as AWS", policy(statement(RIGHT, { Principal: { AWS: ["x", "*"] } })), EVERYBODY],
        [
            "everybody and the provider",
            policy(statement(RIGHT, { Principal: { AWS: "*", Federated: GITLAB_COM } })),
            EVERYBODY,
        ],
        ["every service", policy(statement(RIGHT, { Principal: { Service: "*" } })), NO_PROVIDER],
        ["an account", policy(statement(RIGHT, { Principal: { AWS: "111122223333" } })), NO_PROVIDER],
        ["a type of principals without any", policy(statement(RIGHT, { Principal: { Federated: [] } })), NO_PROVIDER],
        [
            "providers of others",
            policy(
                statement(
                    {},
                    {
                        Principal: {
                            Federated: [
                                "accounts.google.com",
                                "www.amazon.com",
                                GITLAB_COM.replace("gitlab.com", "token.actions.githubusercontent.com"),
                            ],
                        },
                    },
                ),
            ),
        ],
        [
            "a provider whose name only ends like one of others",
            policy(statement({}, { Principal: { Federated: "x.accounts.google.com" } })),
            [
                "provider-arn",
                '"x.accounts.google.com" is not the ARN of an IAM OIDC identity provider.',
                'It looks like "arn:aws:iam::111122223333:oidc-provider/gitlab.com".',
            ],
        ],
        [
            "other actions",
            policy(statement(RIGHT, { Action: ["sts:AssumeRole", "sts:TagSession"] })),
            ["action", 'is "sts:AssumeRole", "sts:TagSession"; a job calls sts:AssumeRoleWithWebIdentity.', ACTION],
        ],
        [
            "every action but one",
            policy(statement(RIGHT, { Action: undefined, NotAction: "sts:AssumeRole" })),
            [
                "action",
                'stands for every action but "sts:AssumeRole"; a job calls sts:AssumeRoleWithWebIdentity.',
                ACTION,
            ],
        ],
        [
            "ForAllValues",
            and({ "ForAllValues:StringEquals": { "aws:SourceIp": "x" } }),
            [
                "for-all-values",
                "`ForAllValues` is met where the key is missing altogether.",
                'Use "StringEquals" or `ForAnyValue:`.',
            ],
        ],
        [
            "IfExists",
            and({ StringLikeIfExists: { "aws:SourceIp": "x" } }),
            ["if-exists", '"StringLikeIfExists" is met where the key is missing.', 'Use "StringLike".'],
        ],
        ...(
            [
                ["StringNotEquals", "every", "StringNotLike"],
                ["StringEqualsIgnoreCase", "no", "StringLike"],
                ["ForAnyValue:StringEquals", "no", "ForAnyValue:StringLike"],
            ] as const
        ).map(([operator, jobs, instead]): Row => [
            `a wildcard under ${operator}`,
            and({ [operator]: { "aws:SourceIp": ["x", "a*"] } }),
            [
                "literal-wildcard",
                `"a*" has a wildcard, which ${operator} takes literally: ${jobs} job matches.`,
                `Use ${instead}.`,
            ],
        ]),
        ["an escaped wildcard", and({ StringNotEquals: { "aws:SourceIp": "${*}" } })],
        [
            "a policy variable with a wildcard in it",
            and({ StringNotEquals: { "aws:SourceIp": "${a*}" } }),
            [
                "policy-variable",
                '"${a*}" has a policy variable.',
                "Write the value itself; a dollar sign before a brace is `${$}`.",
            ],
        ],
        [
            "a policy variable in sub",
            sub("project_path:g/p:ref_type:branch:ref:${aws:username}"),
            [
                "policy-variable",
                '"project_path:g/p:ref_type:branch:ref:${aws:username}" has a policy variable.',
                "Write the value itself; a dollar sign before a brace is `${$}`.",
            ],
        ],
        [
            "no sub",
            policy(statement({ StringEquals: { ...AUD, ...ID } })),
            [
                "no-subject",
                'does not test "gitlab.com:sub": every job of every project on the instance gets the role.',
                ADD_SUB,
            ],
        ],
        [
            "sub under a negated operator",
            policy(statement({ StringEquals: { ...AUD, ...ID }, StringNotEquals: { "gitlab.com:sub": "x" } })),
            [
                "negative-only",
                'tests "gitlab.com:sub" only in a way that jobs of other projects pass too: they get the role.',
                ADD_SUB,
            ],
        ],
        [
            "no audience",
            policy(statement({ StringEquals: { ...ID, ...SUB } })),
            ["no-audience", `does not test "gitlab.com:aud": ${OTHER_SERVICE}`, ADD_AUD],
        ],
        [
            "an audience that is not another one",
            policy(statement({ StringEquals: { ...ID, ...SUB }, StringNotEquals: { "gitlab.com:aud": "x" } })),
            ["no-audience", `does not name the value of "gitlab.com:aud": ${OTHER_SERVICE}`, ADD_AUD],
        ],
        ...["*", "**"].map((value): Row => [
            `sub ${value}`,
            sub(value),
            ["no-subject", `"${value}" admits every job of every project on the instance.`, EVERY_JOB],
        ]),
        ...["project_path:*", "project_path:**"].map((value): Row => [
            `sub ${value} without an id`,
            policy(statement({ StringEquals: AUD, StringLike: { "gitlab.com:sub": value } })),
            ["no-subject", `"${value}" admits every job of every project on the instance.`, EVERY_JOB],
        ]),
        [
            "sub that only begins with a wildcard",
            sub("*:ref_type:branch:ref:main"),
            [
                "sub-shape",
                '"*:ref_type:branch:ref:main" has the wildcard "*" where the name of a component belongs.',
                'Write it as GitLab does: "project_path:mygroup/myproject:ref_type:branch:ref:main".',
            ],
        ],
        [
            "sub that only ends like one for everything",
            policy(statement({ StringEquals: AUD, StringLike: { "gitlab.com:sub": "xproject_path:*" } })),
            [
                "sub-shape",
                '"xproject_path:*" has "xproject_path" where "project_path" belongs.',
                'Write it as GitLab does: "project_path:mygroup/myproject:ref_type:branch:ref:main".',
            ],
        ],
        ["a group of which an id names the project", sub("project_path:g/*:ref_type:branch:ref:main")],
        ["a sub of 255 characters", sub(`project_path:g/p:ref_type:branch:ref:${"b".repeat(255 - 37)}`)],
        [
            "a sub of 256 characters",
            sub(`project_path:g/p:ref_type:branch:ref:${"b".repeat(256 - 37)}`),
            [
                "long-sub",
                "The sub claim has 256 characters, and AWS does not document that STS takes more than 255.",
                "Let the project's sub claim lead with `project_id`, which is shorter.",
            ],
        ],
        [
            "an escaped dollar sign",
            sub("project_path:g/p:ref_type:branch:ref:✓${$}"),
            [
                "latin1",
                '"✓$" has the character U+2713, which IAM does not store in a policy.',
                "Write it in printable Latin-1; in a branch or tag the pattern `?` stands for that character.",
            ],
        ],
        [
            "an id that only ends like one",
            sub("project_path:g/*:ref_type:branch:ref:main", { "gitlab.com:project_id": "x20" }),
            ["project-id", '"x20" is not a numeric project id.', NUMBER],
            GROUP_WIDE,
        ],
        [
            "an id with a wildcard",
            and({ StringLike: { "gitlab.com:project_id": "20*" } }),
            ["project-id", '"20*" has a wildcard: `20*` also matches project 2099.', NUMBER],
        ],
        ["an id that is not another one", and({ StringNotLike: { "gitlab.com:project_id": "x*" } })],
        ["protection that is not another word", and({ StringNotEquals: { "gitlab.com:ref_protected": "x" } })],
        [
            "protection that is another word",
            and({ StringLike: { "gitlab.com:ref_protected": ["true", "x"] } }),
            ["claim-value", '"x" is neither true nor false.', "Write true or false."],
        ],
        [
            "an id on another issuer",
            policy(
                statement(
                    {
                        StringEquals: {
                            "gitlab.example.com:aud": "https://gitlab.example.com",
                            "gitlab.example.com:sub": MAIN,
                            "gitlab.example.com:project_id": "x",
                        },
                    },
                    { Principal: { Federated: GITLAB_COM.replace("gitlab.com", "gitlab.example.com") } },
                ),
            ),
            [
                "condition-key",
                '"gitlab.example.com:project_id" is a condition key for gitlab.com only: on this issuer it would never be met.',
                "Leave it out; what the `sub` claim can carry is the project's setting `ci_id_token_sub_claim_components`.",
            ],
        ],
        [
            "any id in sub, which the key beside it does not undo",
            sub("project_id:*:ref_type:branch:ref:main"),
            ["project-id", '"*" has a wildcard: `20*` also matches project 2099.', NUMBER],
        ],
        [
            "every branch that is not protected by sub, which the key beside it does not undo",
            sub("project_path:g/p:ref_type:branch:ref:*:ref_protected:false", { "gitlab.com:ref_protected": "true" }),
            [
                "any-branch",
                "Every branch is admitted, and with it merge requests from the same project: whoever can push any branch gets the role.",
                'Write "…:ref_type:branch:ref:main", or protect the branches and add "StringEquals": { "gitlab.com:ref_protected": "true" }.',
            ],
        ],
        ["a namespace beside an id", and({ StringLike: { "gitlab.com:namespace_id": "72" } })],
        [
            "a tag that anybody may push",
            sub("project_path:g/p:ref_type:tag:ref:v*"),
            [
                "unprotected-tag",
                "Whoever may push a tag gets the role, unless such tags are protected in GitLab.",
                'Protect the tags and add "StringEquals": { "gitlab.com:ref_protected": "true" }.',
            ],
        ],
        [
            "a tag of another instance",
            policy(
                statement(
                    {
                        StringEquals: { "gitlab.example.com:aud": "https://gitlab.example.com" },
                        StringLike: { "gitlab.example.com:sub": "project_path:g/p:ref_type:tag:ref:v*" },
                    },
                    { Principal: { Federated: GITLAB_COM.replace("gitlab.com", "gitlab.example.com") } },
                ),
            ),
            [
                "unprotected-tag",
                "Whoever may push a tag gets the role, unless such tags are protected in GitLab.",
                "Protect the tags and let the project's sub claim end with `ref_protected:true` (GitLab 18.7).",
            ],
        ],
        [
            "a path without an id",
            policy(statement({ StringEquals: { ...AUD, ...SUB } })),
            [
                "path-only",
                "A path can be registered again by somebody else after the project is deleted, renamed or moved.",
                'Add the project\'s numeric id: "StringEquals": { "gitlab.com:project_id": "4711" }.',
            ],
        ],
        [
            "a path that is none, and a full ref",
            sub("project_path:g/p.git:ref_type:branch:ref:refs/heads/main"),
            [
                "gitlab-path",
                '"g/p.git" has the segment "p.git", and GitLab allows none that ends in ".git" or ".atom".',
                'Write "project_path:g/p:…".',
            ],
            [
                "ref-name",
                '"refs/heads/main" is a full ref: the `sub` claim has the short name.',
                'Write "…:ref_type:branch:ref:main".',
            ],
        ],
        [
            "a wildcard within a path",
            policy(
                statement({
                    StringEquals: AUD,
                    StringLike: { "gitlab.com:sub": "project_path:g/app?:ref_type:branch:ref:main" },
                }),
            ),
            [
                "path-wildcard",
                '"g/app?" has the wildcard segment "app?": `mygroup/app*` also matches `mygroup/app-evil`, and `*` crosses `/`.',
                'Write the whole path of each project, or "project_path:g/*:…" for all of the group.',
            ],
        ],
        [
            "a user's name alone",
            and({ StringEquals: { ...AUD, ...ID, ...SUB, "gitlab.com:user_login": "jane" } }),
            [
                "user-name-only",
                "Names and addresses can pass to somebody else; the numeric id cannot.",
                'Add "gitlab.com:user_id".',
            ],
        ],
        [
            "a namespace without one",
            policy(
                statement({
                    StringEquals: { ...AUD, "gitlab.com:namespace_id": "72", "gitlab.com:ref_protected": "true" },
                    StringLike: { "gitlab.com:sub": "project_path:g/*:ref_type:branch:ref:main" },
                }),
            ),
            GROUP_WIDE,
            [
                "namespace-only",
                "The namespace says who owns the project, not which project it is.",
                'Add "gitlab.com:project_id".',
            ],
        ],
        [
            "an old version, as text",
            JSON.stringify({ ...and({}), Version: "2008-10-17" }, null, 4),
            [
                "policy-document",
                "is not 2012-10-17: older versions take policy variables for text.",
                'Write "Version": "2012-10-17".',
            ],
        ],
        ["2048 characters", sized(2048)],
        ...(
            [
                [2049, '2048 is the quota "Role trust policy length", unless yours was raised.', "trust-policy-quota"],
                [8192, '2048 is the quota "Role trust policy length", unless yours was raised.', "trust-policy-quota"],
                [8193, "8192 is the most that AWS takes.", "trust-policy-size"],
            ] as const
        ).map(([size, limit, id]): Row => [
            `${String(size)} characters`,
            sized(size),
            [
                id,
                `The trust policy has ${String(size)} characters without white space; ${limit}`,
                "Put values of one key into a list, or make another role.",
            ],
        ]),
    ];
    for (const [title, trustPolicy, ...expected] of ROWS) {
        it(title, () => {
            const said = lintTrustPolicy({ trustPolicy }).findings.map(({ id, message, cure }) => [id, message, cure]);
            expect(said).to.deep.equal(expected);
        });
    }

    it("tells the condition that admits, not the one that keeps out", () => {
        const user = (id: string): Json => ({ "gitlab.com:user_id": id });
        const trustPolicy = and({ StringNotEquals: user("y"), StringLike: user("x") });
        expect(lintTrustPolicy({ trustPolicy }).findings.map((f) => `${f.id} ${f.path}`)).to.deep.equal([
            'claim-value Statement[0].Condition["StringLike"]["gitlab.com:user_id"]',
        ]);
    });

    it("wants both components of an environment", () => {
        const trustPolicy = sub("project_path:g/p:ref_type:branch:ref:main:deployment_tier:production");
        const subClaimComponents = [
            "project_path",
            "ref_type",
            "ref",
            "environment_protected",
            "deployment_tier",
        ] as const;
        expect(lintTrustPolicy({ trustPolicy, subClaimComponents }).findings.map((f) => [f.id, f.cure])).to.deep.equal([
            [
                "environment-pair",
                'Write both: "…:environment_protected:true:deployment_tier:production", in the setting\'s order.',
            ],
        ]);
    });

    it("names the provider of the url", () => {
        const trustPolicy = policy(statement(RIGHT, { Principal: { Federated: "x" } }));
        expect(
            lintTrustPolicy({ trustPolicy, url: "https://gitlab.example.com" }).findings.map((f) => f.cure),
        ).to.deep.equal(['It looks like "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com".']);
    });
});
