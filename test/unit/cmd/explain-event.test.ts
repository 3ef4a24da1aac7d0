import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { gzipSync } from "node:zlib";
import { runCommand } from "../../../provider/cmd/command";
import { ALLOWED, DENIED, eventOf, LOOKED_UP } from "../../support/events";
import { trustPolicy } from "../../support/policies";

const PROVIDER = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
const ROLE = "arn:aws:iam::111122223333:role/ci/deploy";
const OTHER_ROLE = "arn:aws:iam::111122223333:role/ci/plan";
const FEATURE = "project_path:acme/app:ref_type:branch:ref:feature/x";
const MAIN = "project_path:acme/app:ref_type:branch:ref:main";

function policy(sub: string, more: object = {}): object {
    const keys = { "gitlab.com:aud": "https://gitlab.com", "gitlab.com:sub": sub, ...more };
    return trustPolicy({ StringEquals: keys });
}

const role = (arn: string): object => ({
    Role: { RoleName: arn.split("/").pop(), Arn: arn, AssumeRolePolicyDocument: policy(MAIN) },
});

function withId(eventID: string, event: object): object {
    return { ...event, eventID };
}

const EXPIRED = { ...DENIED, errorCode: "ExpiredTokenException", errorMessage: "Token expired" };
const EARLIER = withId("a-earlier", { ...DENIED, eventTime: "2026-11-03T09:00:00Z" });
const ON_PLAN = withId("a-plan", {
    ...DENIED,
    requestParameters: { ...DENIED.requestParameters, roleArn: OTHER_ROLE },
});
const ON_TAG = withId(
    "a-tag",
    eventOf({
        errorCode: "AccessDenied",
        sub: "project_path:acme/app:ref_type:tag:ref:v1",
        time: "2026-11-03T08:00:00Z",
    }),
);
const OTHER = { eventSource: "sts.amazonaws.com", eventName: "AssumeRole", eventTime: "2026-11-03T10:00:00Z" };
const UNREADABLE = { ...DENIED, eventID: "a-broken", eventTime: "yesterday" };
const WITHOUT_PROVIDER = { ...DENIED, userIdentity: { type: "WebIdentityUser", userName: FEATURE } };
const HOSTILE_SUB = "project_path:acme/app:ref_type:branch:ref:\u001b[2J\u202e\r\nAllowed: \u009b31m";

const FILES: Readonly<Record<string, unknown>> = {
    "main.json": policy(MAIN),
    "feature.json": policy(FEATURE),
    "protected.json": policy(FEATURE, { "gitlab.com:ref_protected": "true" }),
    "role.json": role(ROLE),
    "plan-role.json": role(OTHER_ROLE),
    "claims.json": { iss: "https://gitlab.com", aud: "https://gitlab.com", sub: MAIN },
    denied: DENIED,
    allowed: ALLOWED,
    expired: EXPIRED,
    "looked-up": { Events: [LOOKED_UP] },
    item: LOOKED_UP,
    "log-file": { Records: [OTHER, DENIED] },
    "json-text": JSON.stringify(DENIED),
    "with-others": [OTHER, DENIED],
    "same-twice": { Records: [EARLIER, ALLOWED, DENIED] },
    "denied-and-expired": { Records: [EXPIRED, EARLIER] },
    "expired-and-allowed": { Records: [EXPIRED, ALLOWED] },
    "two-roles": { Records: [ON_PLAN, DENIED] },
    "two-subs": { Records: [ON_TAG, DENIED] },
    "many-subs": {
        Records: Array.from({ length: 12 }, (_, i) =>
            withId(`a-${String(i)}`, eventOf({ errorCode: "AccessDenied", sub: `s${String(i)}` })),
        ),
    },
    "all-allowed": { Records: [ALLOWED, ALLOWED] },
    "one-unreadable": { Records: [UNREADABLE, DENIED] },
    unreadable: UNREADABLE,
    none: { Events: [] },
    others: [OTHER],
    "no-provider": WITHOUT_PROVIDER,
    hostile: eventOf({ errorCode: "AccessDenied\u001b[31m\nx", sub: HOSTILE_SUB, region: "\u001b]0;x\u0007" }),
    "hostile-two": [
        withId("$(touch x)\u001b[2J\n", eventOf({ errorCode: "AccessDenied", sub: HOSTILE_SUB, region: "a; b" })),
        withId("a-tag", eventOf({ errorCode: "AccessDenied", time: "2026-11-01T00:00:00Z" })),
    ],
    "with-token": eventOf({ errorCode: "AccessDenied", sub: "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.SIGNATURE" }),
    token: "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.SIGNATURE",
    empty: "",
    truncated: '{"Events": [{"EventId":',
    scalar: "1",
    deep: `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
    large: { Events: [LOOKED_UP], more: "x".repeat(2_000_000) },
};
const AS_TEXT = ["json-text", "token", "empty", "truncated", "scalar", "deep"];

interface Ran {
    readonly status: number;
    readonly out: string;
    readonly err: string;
}

describe("explain --event", () => {
    let folder: string;

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "explain-event-"));
        for (const [name, content] of Object.entries(FILES)) {
            const isText = AS_TEXT.includes(name) && name !== "json-text";
            writeFileSync(join(folder, name), isText ? (content as string) : JSON.stringify(content));
        }
        writeFileSync(join(folder, "log.json.gz"), gzipSync(JSON.stringify({ Records: [DENIED] })));
    });
    after(() => rmSync(folder, { recursive: true }));

    function run(line: string, { stdin = "", colour = false } = {}): Ran {
        const texts = { out: "", err: "" };
        const args = line.split(" ").map((arg) => arg.replace(/^@/, `${folder}/`));
        const status = runCommand(args, {
            out: (text) => void (texts.out += text),
            err: (text) => void (texts.err += text),
            stdin: () => stdin,
            colour,
        }) as number;
        const named = (text: string): string => text.replaceAll(`${folder}/`, "@");
        return { status, out: named(texts.out), err: named(texts.err) };
    }

    const HEAD = `  Event  2026-11-03T10:00:00Z, us-east-1, 198.51.100.20
  Role   ${ROLE}
  Sub    ${FEATURE}
  Aud    https://gitlab.com
  Error  AccessDenied: An unknown error occurred
`;
    const FIX = "Run the command `explain` with the claims or the ID token of such a job.";

    it("prints why the trust policy denied the call: status 1", () => {
        expect(run("explain @main.json --event @denied")).to.deep.equal({
            status: 1,
            out: `Denied: the trust policy does not allow this call.
${HEAD}  Cause  The job ran on branch "feature/x", but the role allows "main".
  Fix    Run the job there (\`rules: - if: $CI_COMMIT_BRANCH == "main"\`), or add a subject with branch: "feature/x".
`,
            err: "",
        });
    });

    it("prints what the event cannot show if sub claim and audience are allowed: status 0", () => {
        expect(run("explain @protected.json --event @denied")).to.deep.equal({
            status: 0,
            out: `Allowed: the trust policy allows the sub claim and the audience of this call.
${HEAD}  Cause  The trust policy allows this sub claim and this audience. Either a claim that events do not record did not match, or the token itself was invalid.
  Fix    ${FIX}

Conditions that depend on values that the event does not have
  Statement[0].Condition["StringEquals"]["gitlab.com:ref_protected"]
    expected  true
`,
            err: "",
        });
    });

    it("prints that an event has too little information: status 2", () => {
        expect(run("explain @main.json --event @no-provider")).to.deep.equal({
            status: 2,
            out: `Unknown: the event has too little information.
${HEAD.replace("Aud    https://gitlab.com", "Aud    (not in the event)")}  Cause  The event does not show whether the trust policy denied the call: it has no identity provider.
  Fix    ${FIX}
`,
            err: "",
        });
    });

    it("prints a note about another response of AWS", () => {
        const { status, out } = run("explain @feature.json --event @expired");
        expect(status).to.equal(0);
        expect(out).to.match(/^ {2}Error {2}ExpiredTokenException: Token expired$/m);
        expect(out).to.match(/^ {2}Note {3}AWS returned "ExpiredTokenException" instead of "AccessDenied": /m);
    });

    it("prints for an allowed call what the trust policy would do with it", () => {
        const { status, out } = run("explain @main.json --event @allowed");
        expect(status).to.equal(0);
        expect(out.split("\n").slice(-4, -1)).to.deep.equal([
            "  Cause  The trust policy allows this sub claim and this audience.",
            "  Fix    No fix is needed: AWS allowed this call.",
            "  Note   AWS allowed this call.",
        ]);
        const changed = run("explain @feature.json --event @allowed");
        expect(changed.status).to.equal(1);
        expect(changed.out).to.contain(
            "\n  Note   AWS allowed this call, so the trust policy has changed since then.\n",
        );
    });

    it("--json has the explanation and the event: the same status", () => {
        const { status, out, err } = run("explain @protected.json --event @denied --json");
        expect({ status, err }).to.deep.equal({ status: 0, err: "" });
        expect(JSON.parse(out)).to.deep.equal({
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
            event: {
                id: "cEXAMPLE-7b2a-4f0e-9c55-0e1a2b3c4d5e",
                roleArn: ROLE,
                account: "111122223333",
                time: "2026-11-03T10:00:00Z",
                provider: PROVIDER,
                sub: FEATURE,
                audience: "https://gitlab.com",
                region: "us-east-1",
                address: "198.51.100.20",
                sessionName: "gitlab-acme-app-4712",
                errorCode: "AccessDenied",
                errorMessage: "An unknown error occurred",
            },
        });
        expect(run("explain @main.json --event @denied --json").status).to.equal(1);
        const unknown = run("explain @main.json --event @no-provider --json");
        expect(unknown.status).to.equal(2);
        expect(JSON.parse(unknown.out)).to.have.property("verdict", "unknown");
    });

    describe("reads the same event", () => {
        const expected = "explain @main.json --event @denied";
        for (const [title, line] of [
            ["of aws cloudtrail lookup-events", "explain @main.json --event @looked-up"],
            ["as one item of it", "explain @main.json --event @item"],
            ["of a log file", "explain @main.json --event @log-file"],
            ["as JSON text in JSON", "explain @main.json --event @json-text"],
            ["among others", "explain @main.json --event @with-others"],
            ["in a file of 2 MB", "explain @main.json --event @large"],
            ["with --trust-policy", "explain --trust-policy @main.json --event @denied"],
            ["with the role", "explain @role.json --event @denied"],
            ["of two roles, for the role", "explain @role.json --event @two-roles"],
        ] as const) {
            it(title, () => {
                expect(run(line)).to.deep.equal(run(expected));
            });
        }

        it("of standard input", () => {
            const stdin = JSON.stringify(DENIED);
            expect(run("explain @main.json --event -", { stdin })).to.deep.equal(run(expected));
        });
    });

    describe("of several events", () => {
        it("explains the newest, if role, sub claim and audience are the same", () => {
            const { status, out } = run("explain @main.json --event @same-twice");
            expect(status).to.equal(1);
            expect(out).to.contain("\n  Event  2026-11-03T10:00:00Z, us-east-1, 198.51.100.20 (the newest of 2)\n");
        });

        it("prefers those that the trust policy denied to those with another error", () => {
            const { out } = run("explain @main.json --event @denied-and-expired");
            expect(out).to.contain("\n  Event  2026-11-03T09:00:00Z, ");
            expect(run("explain @main.json --event @expired-and-allowed").out).to.contain("ExpiredTokenException");
        });

        it("reports one that cannot be read, and explains the others", () => {
            const { status, out, err } = run("explain @main.json --event @one-unreadable");
            expect({ status, err }).to.deep.equal({
                status: 1,
                err: 'aws-gitlab-oidc: --event "@one-unreadable": The event "a-broken" cannot be read. eventTime is the string "yesterday", not a time like "2026-01-31T12:00:00Z".\n',
            });
            expect(out).to.equal(run("explain @main.json --event @denied").out);
        });

        it("lists them, if they differ in their sub claim", () => {
            expect(run("explain @role.json --event @two-subs")).to.deep.equal({
                status: 2,
                out: "",
                err: `aws-gitlab-oidc: --event "@two-subs" has denied events of 2 roles, sub claims or audiences. Use one event:
  - 2026-11-03T10:00:00Z, ${ROLE}, sub "${FEATURE}", aud "https://gitlab.com", EventId "cEXAMPLE-7b2a-4f0e-9c55-0e1a2b3c4d5e"
  - 2026-11-03T08:00:00Z, ${ROLE}, sub "project_path:acme/app:ref_type:tag:ref:v1", aud "https://gitlab.com", EventId "a-tag"
To save one event: aws cloudtrail lookup-events --region us-east-1 --lookup-attributes AttributeKey=EventId,AttributeValue=cEXAMPLE-7b2a-4f0e-9c55-0e1a2b3c4d5e > event.json
`,
            });
        });

        it("lists them, if they differ in their role and the trust policy does not have one", () => {
            const { status, out, err } = run("explain @main.json --event @two-roles");
            expect({ status, out }).to.deep.equal({ status: 2, out: "" });
            expect(err.split("\n")).to.deep.equal([
                'aws-gitlab-oidc: --event "@two-roles" has denied events of 2 roles, sub claims or audiences. Use one event:',
                `  - 2026-11-03T10:00:00Z, ${OTHER_ROLE}, sub "${FEATURE}", aud "https://gitlab.com", EventId "a-plan"`,
                `  - 2026-11-03T10:00:00Z, ${ROLE}, sub "${FEATURE}", aud "https://gitlab.com", EventId "cEXAMPLE-7b2a-4f0e-9c55-0e1a2b3c4d5e"`,
                "To use only the events of one role, use the output of `aws iam get-role --role-name NAME` as the trust policy.",
                "To save one event: aws cloudtrail lookup-events --region us-east-1 --lookup-attributes AttributeKey=EventId,AttributeValue=a-plan > event.json",
                "",
            ]);
        });

        it("lists ten of them at most", () => {
            const lines = run("explain @main.json --event @many-subs").err.split("\n");
            expect(lines).to.have.length(14);
            expect(lines[11]).to.equal("  - and 2 more");
        });
    });

    describe("hostile values", () => {
        const CONTROL = /[\p{Cc}\u202e]/u;

        it("of an event are inert", () => {
            const { status, out } = run("explain @main.json --event @hostile");
            expect(status).to.equal(1);
            for (const line of out.split("\n")) {
                expect(line).not.to.match(CONTROL);
                expect(line).not.to.match(/^Allowed/);
            }
            expect(out).to.contain("ref:\\u001b[2J\\u202e\\u000d\\u000aAllowed: \\u009b31m\n");
            expect(stripVTControlCharacters(run("explain @main.json --event @hostile", { colour: true }).out)).to.equal(
                out,
            );
        });

        it("of an event are inert in the list, and not part of the command", () => {
            const { status, err } = run("explain @main.json --event @hostile-two");
            expect(status).to.equal(2);
            for (const line of err.split("\n")) {
                expect(line).not.to.match(CONTROL);
            }
            expect(err).to.match(
                /\nTo save one event: aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventId,AttributeValue=ID > event\.json\n$/,
            );
        });

        it("a token in an event is not printed", () => {
            for (const line of [
                "explain @main.json --event @with-token",
                "explain @main.json --event @with-token --json",
            ]) {
                const { out, err } = run(line);
                expect(out).to.contain("eyJ…");
                expect(out + err).not.to.contain("SIGNATURE");
            }
        });
    });

    describe("input that cannot be used", () => {
        const HELP = "Help: aws-gitlab-oidc help explain";
        for (const [line, message] of [
            ["explain --event @denied", `Missing: the trust policy (FILE or --trust-policy FILE). ${HELP}`],
            ["explain @main.json --event", `--event requires a value: --event FILE. ${HELP}`],
            [
                "explain @main.json --event @denied --claims @claims.json",
                `--claims and --event cannot be used together. ${HELP}`,
            ],
            [
                "explain @main.json --event @denied --token @token",
                `--token and --event cannot be used together. ${HELP}`,
            ],
            [
                "explain @main.json --event @denied --context a=b",
                `--event and --context cannot be used together. ${HELP}`,
            ],
            [
                "explain - --event -",
                "The argument - and --event both read standard input. Standard input can be read once: use a file for one of them.",
            ],
            ["explain @main.json --event @missing", '--event "@missing" cannot be read: no such file or directory.'],
            ["explain @main.json --event @empty", '--event "@empty" is empty.'],
            ["explain @main.json --event -", "--event from standard input is empty."],
            [
                "explain @main.json --event @token",
                '--event "@token" is not JSON. It looks like an ID token: use --token instead of --event.',
            ],
            [
                "explain @main.json --event @log.json.gz",
                '--event "@log.json.gz" is compressed. Decompress it first, for example with gzip -dc.',
            ],
            [
                "explain @main.json --event @none",
                '--event "@none" has no event of AssumeRoleWithWebIdentity. CloudTrail records it in the region of the STS endpoint that the job called.',
            ],
            [
                "explain @main.json --event @others",
                '--event "@others" has no event of AssumeRoleWithWebIdentity. CloudTrail records it in the region of the STS endpoint that the job called.',
            ],
            [
                "explain @main.json --event @unreadable",
                '--event "@unreadable" has no event of AssumeRoleWithWebIdentity. The event "a-broken" cannot be read. eventTime is the string "yesterday", not a time like "2026-01-31T12:00:00Z".',
            ],
            [
                "explain @main.json --event @claims.json",
                '--event "@claims.json" has no event of AssumeRoleWithWebIdentity. The event cannot be read. It has neither eventSource nor eventName, so it is not an event of CloudTrail.',
            ],
            [
                "explain @main.json --event @scalar",
                '--event "@scalar" has no event of AssumeRoleWithWebIdentity. The event cannot be read. The event is 1, not an object.',
            ],
            [
                "explain @main.json --event @deep",
                '--event "@deep" has no event of AssumeRoleWithWebIdentity. The event cannot be read. The event is an array, not an object.',
            ],
            [
                "explain @plan-role.json --event @denied",
                `--event "@denied" has no event of the role "${OTHER_ROLE}". Its events are of "${ROLE}".`,
            ],
            [
                "explain @main.json --event @all-allowed",
                '--event "@all-allowed" has 2 events of AssumeRoleWithWebIdentity, and AWS allowed all of them.',
            ],
            [
                "explain @role.json --event @all-allowed",
                `--event "@all-allowed" has 2 events of AssumeRoleWithWebIdentity for the role "${ROLE}", and AWS allowed all of them.`,
            ],
            [
                "explain @main.json --event @main.json",
                '--event "@main.json" contains a trust policy. Use an event of CloudTrail.',
            ],
            [
                "explain @denied --event @main.json",
                '--event "@main.json" contains a trust policy, and the trust policy\'s file contains events. Swap the two.',
            ],
        ] as const) {
            it(`${line}: status 2`, () => {
                expect(run(line)).to.deep.equal({ status: 2, out: "", err: `aws-gitlab-oidc: ${message}\n` });
            });
        }

        it("a truncated file: status 2", () => {
            const { status, out, err } = run("explain @main.json --event @truncated");
            expect({ status, out }).to.deep.equal({ status: 2, out: "" });
            expect(err).to.match(/^aws-gitlab-oidc: --event "@truncated" is not JSON: .*\.\n$/);
        });

        it("a trust policy that IAM would not store: status 2", () => {
            const { status, out, err } = run("explain @claims.json --event @denied");
            expect({ status, out }).to.deep.equal({ status: 2, out: "" });
            expect(err).to.match(/\[policy-document\]/);
        });
    });
});
