import { expect } from "chai";
import { lintTrustPolicy, type Finding } from "../../../provider/operations/trust";
import { trustPolicy } from "../../support/policies";
import { SAYS } from "../../support/wording";

const MAIN = "project_path:team/app:ref_type:branch:ref:main";
const ANY_BRANCH = "project_path:team/app:ref_type:branch:ref:*";
const TAG = "project_path:team/app:ref_type:tag:ref:v*";

type Block = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const AUD = { "gitlab.com:aud": "https://gitlab.com" };
const ID = { "gitlab.com:project_id": "20" };

function found(trustPolicy: object): readonly Finding[] {
    return lintTrustPolicy({ trustPolicy }).findings;
}

function idsOf(condition: Block): readonly string[] {
    return found(trustPolicy(condition)).map(({ id }) => id);
}

describe("lintTrustPolicy, all values of all conditions on a key", () => {
    const flags = (sub: string, ...blocks: readonly Block[]): Block =>
        blocks.reduce<Block>(
            (merged, block) => {
                const [[operator, keys] = ["", {}]] = Object.entries(block);
                return { ...merged, [operator]: { ...merged[operator], ...keys } };
            },
            { StringEquals: { ...AUD, ...ID }, StringLike: { "gitlab.com:sub": sub } },
        );
    const flag = (operator: string, value: unknown): Block => ({ [operator]: { "gitlab.com:ref_protected": value } });

    for (const [title, ...blocks] of [
        ["true", flag("StringEquals", "true")],
        ["true, as a pattern without a wildcard", flag("StringLike", ["true"])],
        ["true, twice", flag("StringEquals", "true"), flag("StringLike", "true")],
        ["both, and true", flag("StringEquals", ["true", "false"]), flag("StringLike", "true")],
        ["true, and both", flag("StringLike", ["false", "true"]), flag("StringEquals", ["true"])],
        ["not false", flag("StringNotEquals", "false")],
        ["both, and not false", flag("StringEquals", ["true", "false"]), flag("StringNotEquals", "false")],
    ] as const) {
        it(`ref_protected ${title}: protected`, () => {
            expect(idsOf(flags(ANY_BRANCH, ...blocks))).to.deep.equal([]);
            expect(idsOf(flags(TAG, ...blocks))).to.deep.equal([]);
        });
    }
    for (const [title, ...blocks] of [
        ["true or false", flag("StringEquals", ["true", "false"])],
        ["false or true", flag("StringEquals", ["false", "true"])],
        ["false or true, as patterns", flag("StringLike", ["false", "true"])],
        ["both, twice", flag("StringLike", ["false", "true"]), flag("StringEquals", ["true", "false"])],
        ["there", flag("Null", "false")],
        ["not something else", flag("StringNotEquals", "x")],
    ] as const) {
        it(`ref_protected ${title}: as if it were not there`, () => {
            expect(idsOf(flags(ANY_BRANCH, ...blocks))).to.deep.equal(["any-branch"]);
            expect(idsOf(flags(ANY_BRANCH.replace("*", "m*"), ...blocks))).to.deep.equal(["unprotected-branch"]);
            expect(idsOf(flags(TAG, ...blocks))).to.deep.equal(["unprotected-tag"]);
        });
    }
    for (const value of ["false", ["false"]]) {
        it(`ref_protected ${JSON.stringify(value)}: not protected`, () => {
            expect(idsOf(flags(ANY_BRANCH, flag("StringEquals", value)))).to.deep.equal(["any-branch"]);
        });
    }

    const EVERY_PATH = "project_path:*:ref_type:branch:ref:main";
    const ids = (sub: string, value: unknown, operator = "StringEquals"): Block =>
        operator === "StringLike"
            ? { StringEquals: AUD, StringLike: { "gitlab.com:sub": sub, "gitlab.com:project_id": value } }
            : { StringEquals: { ...AUD, "gitlab.com:project_id": value }, StringLike: { "gitlab.com:sub": sub } };
    for (const value of ["20", ["20"], ["20", "21"], ["21", "20", "4711"]]) {
        it(`project_id ${JSON.stringify(value)}: says which projects`, () => {
            expect(idsOf(ids(EVERY_PATH, value))).to.deep.equal([]);
            expect(idsOf(ids(EVERY_PATH, value, "StringLike"))).to.deep.equal([]);
            expect(idsOf(ids(MAIN, value))).to.deep.equal([]);
        });
    }
    for (const value of [
        ["20", "2*"],
        ["2*", "20"],
        ["20", "x"],
    ]) {
        it(`project_id ${JSON.stringify(value)}: does not say which projects`, () => {
            expect(idsOf(ids(EVERY_PATH, value, "StringLike"))).to.deep.equal(["project-id", "path-wildcard"]);
            expect(idsOf(ids(MAIN, value, "StringLike"))).to.deep.equal(["project-id", "path-only"]);
        });
    }
    it("every sub has to name the id for a namespace beside it", () => {
        const condition = (...subs: readonly string[]): Block => ({
            StringEquals: { ...AUD, "gitlab.com:namespace_id": "72", "gitlab.com:sub": subs },
        });
        const byId = "project_id:20:ref_type:branch:ref:main";
        expect(idsOf(condition(byId))).to.deep.equal([]);
        expect(idsOf(condition(byId, MAIN))).to.deep.equal(["path-only", "namespace-only"]);
        expect(idsOf(condition(MAIN, byId))).to.deep.equal(["path-only", "namespace-only"]);
    });
});

describe("lintTrustPolicy, operators that compare otherwise than it seems", () => {
    it("says that StringEqualsIgnoreCase lets other refs in", () => {
        expect(
            found(trustPolicy({ StringEquals: { ...AUD, ...ID }, StringEqualsIgnoreCase: { "gitlab.com:sub": MAIN } })),
        ).to.deep.equal([
            {
                id: "condition-operator",
                severity: "error",
                path: 'Statement[0].Condition["StringEqualsIgnoreCase"]["gitlab.com:sub"]',
                message:
                    '"StringEqualsIgnoreCase" ignores case, but GitLab does not. Anyone who can push an unprotected branch or tag whose name differs only in case can assume the role.',
                fix: 'Write "StringEquals": { "gitlab.com:sub": "project_path:team/app:ref_type:branch:ref:main" }.',
            },
        ]);
    });
    for (const operator of ["ForAnyValue:StringEqualsIgnoreCase"]) {
        it(`${operator} too`, () => {
            expect(idsOf({ StringEquals: { ...AUD, ...ID }, [operator]: { "gitlab.com:sub": [MAIN] } })).to.deep.equal([
                "condition-operator",
            ]);
        });
    }
    it("a wildcard under it is told once", () => {
        expect(
            idsOf({ StringEquals: { ...AUD, ...ID }, StringEqualsIgnoreCase: { "gitlab.com:sub": ANY_BRANCH } }),
        ).to.deep.equal(["literal-wildcard", "any-branch"]);
    });
    it("keeps out without regard to case", () => {
        expect(
            idsOf({
                StringEquals: { ...AUD, ...ID, "gitlab.com:sub": MAIN },
                StringNotEqualsIgnoreCase: { "gitlab.com:sub": MAIN.replace("main", "dev") },
            }),
        ).to.deep.equal([]);
    });
    it("says that project_id is not a number", () => {
        const numeric = trustPolicy({
            StringEquals: { ...AUD, "gitlab.com:sub": MAIN },
            NumericEquals: { "gitlab.com:project_id": 20 },
        });
        expect(found(numeric)).to.deep.equal([
            {
                id: "condition-operator",
                severity: "error",
                path: 'Statement[0].Condition["NumericEquals"]["gitlab.com:project_id"]',
                message: SAYS.notText("NumericEquals", "gitlab.com:project_id"),
                fix: 'Write "StringEquals": { "gitlab.com:project_id": "20" }.',
            },
        ]);
    });
    for (const [operator, claim] of [
        ["NumericLessThan", "project_id"],
        ["DateEquals", "user_id"],
        ["Bool", "ref_protected"],
        ["IpAddress", "user_login"],
        ["ArnEquals", "aud"],
        ["BinaryEquals", "pipeline_source"],
        ["NumericEquals", "namespace_id"],
    ] as const) {
        it(`${operator} on ${claim}`, () => {
            const condition = {
                StringEquals: { ...AUD, ...ID, "gitlab.com:sub": MAIN },
                [operator]: { [`gitlab.com:${claim}`]: "1" },
            };
            expect(found(trustPolicy(condition)).filter(({ id }) => id === "condition-operator")).to.have.lengthOf(1);
        });
    }
});

describe("lintTrustPolicy, values under the key of another claim", () => {
    const one = (condition: Block, issuer?: string): readonly (readonly [string, string, string, string])[] =>
        found(trustPolicy(condition, issuer)).map(({ id, path, message, fix }) => [id, path, message, fix]);

    for (const [sub, operator] of [
        [MAIN, "StringEquals"],
        [ANY_BRANCH, "StringLike"],
        ["project_path:team/app:*", "StringLike"],
        ["project_id:20:ref_type:branch:ref:main", "StringEquals"],
        ["ref_type:branch:ref:main", "StringEquals"],
    ] as const) {
        for (const under of ["StringEquals", "StringLike"]) {
            it(`${sub} under aud, ${under}: one finding`, () => {
                const path = `Statement[0].Condition["${under}"]["gitlab.com:aud"]`;
                expect(one({ [under]: { "gitlab.com:aud": sub } })).to.deep.equal([
                    [
                        "audience",
                        path,
                        SAYS.subjectAsAudience(sub),
                        `Move it: "${operator}": { "gitlab.com:sub": "${sub}" }, and write "StringEquals": { "gitlab.com:aud": "https://gitlab.com" }.`,
                    ],
                ]);
            });
        }
    }
    it("beside an audience and a subject", () => {
        expect(
            one({
                StringEquals: { "gitlab.com:aud": ["https://gitlab.com", MAIN], "gitlab.com:sub": MAIN, ...ID },
            }).map(([id, path]) => [id, path]),
        ).to.deep.equal([["audience", 'Statement[0].Condition["StringEquals"]["gitlab.com:aud"][1]']]);
    });
    for (const aud of ["https://gitlab.com", "http://gitlab.com/", "sts.amazonaws.com", "https://team.example.com/x"]) {
        it(`${aud} under sub: one finding`, () => {
            expect(one({ StringEquals: { "gitlab.com:sub": aud } })).to.deep.equal([
                [
                    "sub-shape",
                    'Statement[0].Condition["StringEquals"]["gitlab.com:sub"]',
                    SAYS.audienceAsSubject(aud, "an audience"),
                    `Move it: "StringEquals": { "gitlab.com:aud": "${aud}" }. A subject looks like "project_path:mygroup/myproject:ref_type:branch:ref:main".`,
                ],
            ]);
        });
    }
    it("a project's id under sub", () => {
        const sub = (issuer: string): Block => ({
            StringEquals: { [`${issuer}:aud`]: `https://${issuer}`, [`${issuer}:sub`]: "20" },
        });
        const message = SAYS.audienceAsSubject("20", "a project's id");
        expect(one(sub("gitlab.com"))).to.deep.equal([
            [
                "sub-shape",
                'Statement[0].Condition["StringEquals"]["gitlab.com:sub"]',
                message,
                'Move it: "StringEquals": { "gitlab.com:project_id": "20" }. A subject looks like "project_path:mygroup/myproject:ref_type:branch:ref:main".',
            ],
        ]);
        expect(one(sub("gitlab.example.com"), "gitlab.example.com")).to.deep.equal([
            [
                "sub-shape",
                'Statement[0].Condition["StringEquals"]["gitlab.example.com:sub"]',
                message,
                'Leave it out: a subject looks like "project_path:mygroup/myproject:ref_type:branch:ref:main".',
            ],
        ]);
    });
    it("the two exchanged", () => {
        expect(
            one({ StringEquals: { "gitlab.com:aud": MAIN, "gitlab.com:sub": "https://gitlab.com" } }).map(([id]) => id),
        ).to.deep.equal(["sub-shape", "audience"]);
    });
    it("a path under project_id", () => {
        expect(
            one({
                StringEquals: { ...AUD, "gitlab.com:sub": MAIN, "gitlab.com:project_id": "team/app" },
            }).map(([id]) => id),
        ).to.deep.equal(["project-id", "path-only"]);
    });
});

describe("lintTrustPolicy, patterns that stand for whole components", () => {
    const BOTH = `"${ANY_BRANCH}", "project_path:team/app:ref_type:tag:ref:*"`;
    for (const [sub, fix, ids] of [
        ["project_path:team/app:*", SAYS.standsFor(BOTH), ["sub-shape", "any-branch", "unprotected-tag"]],
        ["project_path:team/app:ref_type:*", SAYS.standsFor(BOTH), ["ref-type", "any-branch", "unprotected-tag"]],
        ["project_path:team/app:ref_type:*:ref:*", SAYS.standsFor(BOTH), ["ref-type", "any-branch", "unprotected-tag"]],
        [
            "project_path:team/app:ref_type:*:ref:v*",
            SAYS.standsFor(
                '"project_path:team/app:ref_type:branch:ref:v*", "project_path:team/app:ref_type:tag:ref:v*"',
            ),
            ["ref-type", "unprotected-branch", "unprotected-tag"],
        ],
        [
            "project_path:team/app:ref_type:*:ref:main",
            SAYS.standsFor(
                '"project_path:team/app:ref_type:branch:ref:main", "project_path:team/app:ref_type:tag:ref:main"',
            ),
            ["ref-type", "unprotected-tag"],
        ],
        ["project_path:team/app:ref_type:branch:*", SAYS.asGitLab(ANY_BRANCH), ["sub-shape", "any-branch"]],
        [
            "project_path:team/*",
            SAYS.standsFor('"project_path:team/*:ref_type:branch:ref:*", "project_path:team/*:ref_type:tag:ref:*"'),
            ["sub-shape", "any-branch", "unprotected-tag"],
        ],
    ] as const) {
        it(sub, () => {
            const findings = found(
                trustPolicy({ StringEquals: { ...AUD, ...ID }, StringLike: { "gitlab.com:sub": sub } }),
            );
            expect(findings.map(({ id }) => id)).to.deep.equal(ids);
            expect(findings[0]!.fix).to.equal(fix);
        });
    }
    it("without an id the path is told too", () => {
        const ids = (sub: string): readonly string[] =>
            idsOf({ StringEquals: AUD, StringLike: { "gitlab.com:sub": sub } });
        expect(ids("project_path:team/app:*")).to.deep.equal([
            "sub-shape",
            "any-branch",
            "path-only",
            "unprotected-tag",
        ]);
        expect(ids("project_path:team/*")).to.deep.equal(["sub-shape", "group-wide", "any-branch", "unprotected-tag"]);
        expect(ids("project_path:team/app*")).to.deep.equal([
            "sub-shape",
            "path-wildcard",
            "any-branch",
            "unprotected-tag",
        ]);
    });
});

describe("lintTrustPolicy, fixes in the policy's own values", () => {
    for (const [sub, id, fix] of [
        ["project_path:team/app.git:ref_type:branch:ref:main", "gitlab-path", 'Write "project_path:team/app:…".'],
        ["project_path:team//app:ref_type:branch:ref:main", "gitlab-path", 'Write "project_path:team/app:…".'],
        [
            "project_path:team:ref_type:branch:ref:main",
            "gitlab-path",
            'Write "project_path:team/myproject:…", or "project_path:team/*:…" for every project below it.',
        ],
        [
            "project_path:team/web/a*:ref_type:branch:ref:main",
            "path-wildcard",
            SAYS.eachProject("project_path:team/web/*:…"),
        ],
        [
            "project_path:team*/app:ref_type:branch:ref:main",
            "path-wildcard",
            'Name the group and the project: "project_path:mygroup/myproject:…".',
        ],
        [
            "project_path:team/web/*:ref_type:branch:ref:main",
            "group-wide",
            SAYS.eachProjectBelow("project_path:team/web/myproject:…"),
        ],
        ["project_path:team/app:ref_type:branch:ref:refs/heads/dev", "ref-name", 'Write "…:ref_type:branch:ref:dev".'],
        ["project_path:team/app:ref_type:branch:ref:refs/tags/v1", "ref-name", 'Write "…:ref_type:tag:ref:v1".'],
        ["project_path:team/app:ref_type:branch:ref:-x", "ref-name", 'Write "…:ref_type:branch:ref:x".'],
        [
            "project_path:team/app:ref_type:branch:ref:HEAD",
            "ref-name",
            'Write the short name: "…:ref_type:branch:ref:main" or "…:ref_type:tag:ref:v1.0".',
        ],
        ["team/app", "sub-shape", SAYS.asGitLab(MAIN)],
        ["repo:team/app:ref:refs/heads/main", "sub-shape", SAYS.asGitLab(MAIN)],
        ["project_path:team/app:ref_type:mr:ref:main", "ref-type", SAYS.asGitLab(MAIN)],
        [
            "project_path:team/app:ref_type:branch:ref:m*",
            "unprotected-branch",
            SAYS.nameBranch('add "StringEquals": { "gitlab.com:ref_protected": "true" }'),
        ],
    ] as const) {
        it(sub, () => {
            const findings = found(trustPolicy({ StringEquals: AUD, StringLike: { "gitlab.com:sub": sub } }));
            expect(findings.find((f) => f.id === id)?.fix).to.equal(fix);
        });
    }
});
