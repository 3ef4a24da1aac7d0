import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { explainTrust, lintTrustPolicy, type ExplainTrustArgs } from "../../../provider/operations/trust";
import { isMet, parseOperator } from "../../../provider/iam/operators";
import { matchesGlob, patternGlob } from "../../../provider/iam/glob";
import { explainSub } from "../../../provider/trust/explain-sub";
import { SAYS } from "../../support/wording";
import { policy, statement } from "../../support/policies";

/* Details beyond evaluate.test.ts, explain.test.ts and lint.test.ts: where a limit lies, and what exactly is said. */

const GITLAB_COM = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
const MAIN = "project_path:g/p:ref_type:branch:ref:main";

type Explanation = ReturnType<typeof explainTrust>;
type Json = Readonly<Record<string, unknown>>;

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
    const RAN_ON_DEV = SAYS.otherRef("branch", "dev", '"main"');
    const ROWS: readonly Row[] = [
        [
            "a wildcard, and capital letters besides, where wildcards are read",
            "StringLike",
            [`${PROJECT}ref_type:branch:ref:D*`],
            DEV,
            SAYS.otherCase(DEV, `${PROJECT}ref_type:branch:ref:D*`),
        ],
        [
            "capital letters",
            "StringEquals",
            [`${PROJECT}ref_type:branch:ref:DEV`],
            DEV,
            SAYS.otherCase(DEV, `${PROJECT}ref_type:branch:ref:DEV`),
        ],
        [
            "a wildcard that is taken literally",
            "StringEquals",
            [`${PROJECT}ref_type:branch:ref:d?v`],
            DEV,
            SAYS.takenLiterally("StringEquals", "?", `${PROJECT}ref_type:branch:ref:d?v`),
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
            SAYS.otherRef("branch", "dev", '"b", "a", "main"'),
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
            SAYS.onBranch("dev"),
        ],
        ["a wildcard for all that follows", "StringLike", [`${PROJECT}ref_type:tag:**`], DEV, SAYS.onBranch("dev")],
        [
            "a ref_type that is none",
            "StringEquals",
            [`${PROJECT}ref_type:mr:ref:dev`, `${PROJECT}ref_type:tag:ref:dev`],
            DEV,
            SAYS.noRefType(`${PROJECT}ref_type:mr:ref:dev`, "mr"),
        ],
        [
            "a ref without its type",
            "StringEquals",
            [`${PROJECT}ref:main`],
            `${PROJECT}ref:dev`,
            SAYS.otherRef("ref", "dev", '"main"'),
        ],
        [
            "fewer components, all exact: another shape",
            "StringEquals",
            ["project_path:g/q"],
            DEV,
            SAYS.otherComponents("project_path, ref_type, ref", "project_path"),
        ],
        ...["ref*", "*x", "*:x", "ref_type"].map((rest): Row => [
            `${rest} is no wildcard for all that follows`,
            "StringLike",
            [`project_path:g/q:${rest}`],
            DEV,
            SAYS.otherComponents("project_path, ref_type, ref", `project_path, ${rest.split(":")[0]!}`),
        ]),
        [
            "two other shapes",
            "StringEquals",
            ["project_path:g/q", "project_id:20:ref:main"],
            DEV,
            SAYS.otherComponents("project_path, ref_type, ref", "project_path or project_id, ref"),
        ],
    ];
    for (const [title, operator, expected, actual, cause] of ROWS) {
        it(title, () => {
            expect(explainSub(operator, expected, actual).cause).to.equal(cause);
        });
    }

    it("has a fix for each", () => {
        const fix = (...expected: readonly string[]): string => explainSub("StringEquals", expected, DEV).fix;
        expect(fix(`${PROJECT}ref_type:tag:ref:dev`)).to.equal(SAYS.addKind("branch", "tag"));
        expect(fix(`${PROJECT}ref_type:mr:ref:dev`, `${PROJECT}ref_type:tag:ref:dev`)).to.equal(SAYS.writeForJob(DEV));
        expect(fix(MAIN, `${PROJECT}ref_type:branch:ref:refs/heads/dev`)).to.equal(SAYS.shortRef);
    });
});

describe("explainTrust, in detail", () => {
    const NOW = 1_769_860_800;
    const CLAIMS = { iss: "https://gitlab.com", sub: MAIN, aud: "https://gitlab.com", project_id: "20" };
    const RIGHT = { StringEquals: { "gitlab.com:sub": MAIN } };

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
            "claims.amr: The claim `amr` is neither a string nor an array of strings.",
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
        expect(error).to.equal(SAYS.notAuthorized);
        expect(cause).to.equal(SAYS.otherAudience("x", '"y"'));
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
            '"aws:RequestedRegion" is "c", which does not meet StringEquals "a", "b".',
        ],
        [
            "a claim that is compared as a number",
            () => explain({ NumericEquals: { "gitlab.com:project_id": "30" } }),
            '"gitlab.com:project_id" is "20", which does not meet NumericEquals "30".',
        ],
        [
            "a claim beside a sub that is missing",
            () => explain({ StringEquals: { "gitlab.com:project_id": "30" } }, { sub: undefined }),
            SAYS.otherProjectId("20", '"30"'),
        ],
        [
            "several actions",
            () =>
                explainTrust({ trustPolicy: policy(statement(RIGHT, { Action: ["sts:b", "sts:d"] })), claims: CLAIMS }),
            SAYS.otherAction("sts:b, sts:d"),
        ],
        [
            "every action but some",
            () =>
                explainTrust({
                    trustPolicy: policy(statement(RIGHT, { Action: undefined, NotAction: ["a:b", "sts:*"] })),
                    claims: CLAIMS,
                }),
            SAYS.otherAction("every action except a:b, sts:*"),
        ],
        [
            "several principals",
            () =>
                explainTrust({
                    trustPolicy: policy(statement(RIGHT, { Principal: { Federated: ["a", "b"] } })),
                    claims: CLAIMS,
                }),
            SAYS.otherIssuer("https://gitlab.com", '"a", "b"'),
        ],
        [
            "every service",
            () =>
                explainTrust({
                    trustPolicy: policy(statement(RIGHT, { Principal: { Service: "*" } })),
                    claims: CLAIMS,
                }),
            SAYS.otherIssuer("https://gitlab.com", '"*"'),
        ],
        [
            "an issuer with two slashes",
            () => explain(RIGHT, { iss: "https://gitlab.com//" }),
            SAYS.issuerCompared("https://gitlab.com//", "https://gitlab.com"),
        ],
        [
            "an algorithm that only begins like one",
            () => explainToken({}, { alg: "RS2560" }),
            SAYS.otherAlgorithm("RS2560"),
        ],
        [
            "an algorithm that only ends like one",
            () => explainToken({}, { alg: "XRS256" }),
            SAYS.otherAlgorithm("XRS256"),
        ],
    ];
    for (const [title, explanation, cause] of ROWS) {
        it(title, () => {
            expect(explanation().allowed).to.equal(false);
            expect(explanation().cause).to.equal(cause);
        });
    }

    it("has a fix where a key is another", () => {
        const { fix } = explain({ NumericEquals: { "gitlab.com:project_id": "30" } });
        expect(fix).to.equal(SAYS.changeCondition);
    });

    it("looks at times to the second", () => {
        for (const name of ["nbf", "iat"]) {
            expect(explainToken({ [name]: NOW + 300 }).allowed).to.equal(true);
            expect(explainToken({ [name]: NOW + 301 }).cause).to.equal(SAYS.notYet("301"));
        }
        expect(explainToken({ exp: NOW + 1 }).allowed).to.equal(true);
        expect(explainToken({ exp: NOW }).cause).to.equal(SAYS.expired("0"));
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
            "trustPolicy: is missing, and so is `role`. Use either `trustPolicy` or `role`.",
        ],
        [
            "claims and a token",
            { trustPolicy, claims: CLAIMS, token: token({}) },
            "claims: cannot be combined with `token`. Use either `claims` or `token`.",
        ],
        ["a token that is too long", { trustPolicy, token: "x".repeat(20_001) }, `token: ${SAYS.tokenLength("20001")}`],
        [
            "a token of the most characters",
            { trustPolicy, token: `${"x".repeat(20_000)}\n` },
            `token: ${SAYS.tokenParts}`,
        ],
        [
            "claims without an issuer",
            { trustPolicy, claims: { ...CLAIMS, iss: "" } },
            `claims.iss: ${SAYS.issuerMissing}`,
        ],
    ] as const) {
        it(`refuses ${title}`, () => {
            expect(() => explainTrust(inputs)).to.throw(message);
        });
    }

    it("refuses a time that is none", () => {
        expect(() => explain(RIGHT, {}, {}, 8.65e12)).to.throw(
            "now: is not a time. Use seconds since 1970, or leave it out.",
        );
    });

    it("takes the last second that there is", () => {
        expect(explain(RIGHT, {}, {}, 8.64e12).allowed).to.equal(true);
        expect(explain(RIGHT, {}, {}, -8.64e12).allowed).to.equal(true);
    });
});

describe("lintTrustPolicy, in detail", () => {
    type Said = readonly [id: string, message: string, fix: string];
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
    const EVERYBODY: Said = ["principal", 'is "*", which trusts everyone, with or without an ID token.', NAME_IT];
    const NO_PROVIDER: Said = ["principal", "names no identity provider, so no ID token is accepted.", NAME_IT];
    const EVERY_JOB = 'Name the project and the branch: "project_path:mygroup/myproject:ref_type:branch:ref:main".';
    const ADD_SUB =
        'Add "StringEquals": { "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main" }.';
    const ADD_AUD = 'Add "StringEquals": { "gitlab.com:aud": "https://gitlab.com" }.';
    const OTHER_SERVICE =
        "a token issued for another service could also be used to assume this role, if the identity provider lists its audience.";
    const GROUP_WIDE: Said = ["group-wide", SAYS.groupWide("g"), SAYS.eachProjectBelow("project_path:g/myproject:…")];

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
            ["provider-arn", SAYS.notProviderArn("x.accounts.google.com"), SAYS.likeProviderArn("gitlab.com")],
        ],
        [
            "other actions",
            policy(statement(RIGHT, { Action: ["sts:AssumeRole", "sts:TagSession"] })),
            [
                "action",
                'is "sts:AssumeRole", "sts:TagSession", but a job calls sts:AssumeRoleWithWebIdentity.',
                SAYS.writeAction,
            ],
        ],
        [
            "every action but one",
            policy(statement(RIGHT, { Action: undefined, NotAction: "sts:AssumeRole" })),
            [
                "action",
                'covers every action except "sts:AssumeRole", but a job calls sts:AssumeRoleWithWebIdentity.',
                SAYS.writeAction,
            ],
        ],
        [
            "ForAllValues",
            and({ "ForAllValues:StringEquals": { "aws:SourceIp": "x" } }),
            ["for-all-values", SAYS.forAllValues, 'Use "StringEquals" or `ForAnyValue:`.'],
        ],
        [
            "IfExists",
            and({ StringLikeIfExists: { "aws:SourceIp": "x" } }),
            ["if-exists", SAYS.ifExists("StringLikeIfExists"), 'Use "StringLike".'],
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
                `"a*" has a wildcard, which ${operator} compares as a plain character: ${jobs} job matches.`,
                `Use ${instead}.`,
            ],
        ]),
        ["an escaped wildcard", and({ StringNotEquals: { "aws:SourceIp": "${*}" } })],
        [
            "a policy variable with a wildcard in it",
            and({ StringNotEquals: { "aws:SourceIp": "${a*}" } }),
            ["policy-variable", SAYS.policyVariable("${a*}"), SAYS.writeValue],
        ],
        [
            "a policy variable in sub",
            sub("project_path:g/p:ref_type:branch:ref:${aws:username}"),
            [
                "policy-variable",
                SAYS.policyVariable("project_path:g/p:ref_type:branch:ref:${aws:username}"),
                SAYS.writeValue,
            ],
        ],
        [
            "no sub",
            policy(statement({ StringEquals: { ...AUD, ...ID } })),
            ["no-subject", SAYS.notTested("gitlab.com:sub"), ADD_SUB],
        ],
        [
            "sub under a negated operator",
            policy(statement({ StringEquals: { ...AUD, ...ID }, StringNotEquals: { "gitlab.com:sub": "x" } })),
            [
                "negative-only",
                'tests "gitlab.com:sub" only with conditions that jobs of other projects also meet: they can assume the role.',
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
            ["no-subject", SAYS.everyJob(value), EVERY_JOB],
        ]),
        ...["project_path:*", "project_path:**"].map((value): Row => [
            `sub ${value} without an id`,
            policy(statement({ StringEquals: AUD, StringLike: { "gitlab.com:sub": value } })),
            ["no-subject", SAYS.everyJob(value), EVERY_JOB],
        ]),
        [
            "sub that only begins with a wildcard",
            sub("*:ref_type:branch:ref:main"),
            [
                "sub-shape",
                SAYS.componentWildcard("*:ref_type:branch:ref:main", "*"),
                SAYS.asGitLab("project_path:mygroup/myproject:ref_type:branch:ref:main"),
            ],
        ],
        [
            "sub that only ends like one for everything",
            policy(statement({ StringEquals: AUD, StringLike: { "gitlab.com:sub": "xproject_path:*" } })),
            [
                "sub-shape",
                '"xproject_path:*" has "xproject_path" where "project_path" belongs.',
                SAYS.asGitLab("project_path:mygroup/myproject:ref_type:branch:ref:main"),
            ],
        ],
        ["a group of which an id names the project", sub("project_path:g/*:ref_type:branch:ref:main")],
        ["a sub of 255 characters", sub(`project_path:g/p:ref_type:branch:ref:${"b".repeat(255 - 37)}`)],
        [
            "a sub of 256 characters",
            sub(`project_path:g/p:ref_type:branch:ref:${"b".repeat(256 - 37)}`),
            ["long-sub", SAYS.longSub("256"), SAYS.leadWithId],
        ],
        [
            "an escaped dollar sign",
            sub("project_path:g/p:ref_type:branch:ref:✓${$}"),
            ["latin1", SAYS.notLatin1("✓$", "2713"), SAYS.writeLatin1],
        ],
        [
            "an id that only ends like one",
            sub("project_path:g/*:ref_type:branch:ref:main", { "gitlab.com:project_id": "x20" }),
            ["project-id", SAYS.notAnId("x20"), SAYS.writeId],
            GROUP_WIDE,
        ],
        [
            "an id with a wildcard",
            and({ StringLike: { "gitlab.com:project_id": "20*" } }),
            ["project-id", SAYS.idWildcard("20*"), SAYS.writeId],
        ],
        ["an id that is not another one", and({ StringNotLike: { "gitlab.com:project_id": "x*" } })],
        ["protection that is not another word", and({ StringNotEquals: { "gitlab.com:ref_protected": "x" } })],
        [
            "protection that is another word",
            and({ StringLike: { "gitlab.com:ref_protected": ["true", "x"] } }),
            ["claim-value", SAYS.notBoolean("x"), "Write true or false."],
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
            ["condition-key", SAYS.gitlabComKey("gitlab.example.com:project_id"), SAYS.leaveOutKey],
        ],
        [
            "any id in sub, which the key beside it does not undo",
            sub("project_id:*:ref_type:branch:ref:main"),
            ["project-id", SAYS.idWildcard("*"), SAYS.writeId],
        ],
        [
            "every branch that is not protected by sub, which the key beside it does not undo",
            sub("project_path:g/p:ref_type:branch:ref:*:ref_protected:false", { "gitlab.com:ref_protected": "true" }),
            [
                "any-branch",
                SAYS.anyBranch,
                SAYS.orProtectBranches('add "StringEquals": { "gitlab.com:ref_protected": "true" }'),
            ],
        ],
        ["a namespace beside an id", and({ StringLike: { "gitlab.com:namespace_id": "72" } })],
        [
            "a tag that anybody may push",
            sub("project_path:g/p:ref_type:tag:ref:v*"),
            [
                "unprotected-tag",
                SAYS.unprotectedTag,
                SAYS.protectTags('add "StringEquals": { "gitlab.com:ref_protected": "true" }'),
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
            ["unprotected-tag", SAYS.unprotectedTag, SAYS.protectTags(SAYS.endProtected)],
        ],
        [
            "a path without an id",
            policy(statement({ StringEquals: { ...AUD, ...SUB } })),
            [
                "path-only",
                SAYS.pathOnly,
                SAYS.addNumericId('"StringEquals": { "gitlab.com:project_id": "<project id>" }'),
            ],
        ],
        [
            "a path that is none, and a full ref",
            sub("project_path:g/p.git:ref_type:branch:ref:refs/heads/main"),
            ["gitlab-path", SAYS.reservedSuffix("g/p.git", "p.git"), 'Write "project_path:g/p:…".'],
            ["ref-name", SAYS.fullRef("refs/heads/main"), 'Write "…:ref_type:branch:ref:main".'],
        ],
        [
            "a wildcard within a path",
            policy(
                statement({
                    StringEquals: AUD,
                    StringLike: { "gitlab.com:sub": "project_path:g/app?:ref_type:branch:ref:main" },
                }),
            ),
            ["path-wildcard", SAYS.segmentWildcard("g/app?", "app?"), SAYS.eachProject("project_path:g/*:…")],
        ],
        [
            "a user's name alone",
            and({ StringEquals: { ...AUD, ...ID, ...SUB, "gitlab.com:user_login": "jane" } }),
            ["user-name-only", SAYS.nameOnly, 'Add "gitlab.com:user_id".'],
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
            ["namespace-only", SAYS.namespaceOnly, 'Add "gitlab.com:project_id".'],
        ],
        [
            "an old version, as text",
            JSON.stringify({ ...and({}), Version: "2008-10-17" }, null, 4),
            [
                "policy-document",
                "is not 2012-10-17: older versions treat policy variables as plain text.",
                'Write "Version": "2012-10-17".',
            ],
        ],
        ["2048 characters", sized(2048)],
        ...(
            [
                [2049, `2048 is ${SAYS.roleQuota}.`, "trust-policy-quota"],
                [8192, `2048 is ${SAYS.roleQuota}.`, "trust-policy-quota"],
                [8193, "8192 is the most that AWS accepts.", "trust-policy-size"],
            ] as const
        ).map(([size, limit, id]): Row => [
            `${String(size)} characters`,
            sized(size),
            [
                id,
                `${SAYS.withoutWhiteSpace(String(size))}; ${limit}`,
                "Put values of one key into one array, or create another role.",
            ],
        ]),
    ];
    for (const [title, trustPolicy, ...expected] of ROWS) {
        it(title, () => {
            const said = lintTrustPolicy({ trustPolicy }).findings.map(({ id, message, fix }) => [id, message, fix]);
            expect(said).to.deep.equal(expected);
        });
    }

    it("tells the condition that allows, not the one that keeps out", () => {
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
        expect(lintTrustPolicy({ trustPolicy, subClaimComponents }).findings.map((f) => [f.id, f.fix])).to.deep.equal([
            [
                "environment-pair",
                'Write both: "…:environment_protected:true:deployment_tier:production", in the setting\'s order.',
            ],
        ]);
    });

    it("names the provider of the url", () => {
        const trustPolicy = policy(statement(RIGHT, { Principal: { Federated: "x" } }));
        expect(
            lintTrustPolicy({ trustPolicy, url: "https://gitlab.example.com" }).findings.map((f) => f.fix),
        ).to.deep.equal([SAYS.likeProviderArn("gitlab.example.com")]);
    });
});
