import Ajv from "ajv";
import { expect } from "chai";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { runCommand } from "../../../provider/cmd/command";
import { ALLOWED, DENIED, eventOf, LOOKED_UP } from "../../support/events";

const root = join(__dirname, "../../..");
const ACCOUNT = "111122223333";
const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const providerArn = (issuer: string): string => `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}`;
const MAIN = "project_path:acme/app:ref_type:branch:ref:main";

function trust(condition: object, issuer = "gitlab.com"): object {
    return {
        Effect: "Allow",
        Principal: { Federated: providerArn(issuer) },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: condition,
    };
}

const AUD = { "gitlab.com:aud": "https://gitlab.com" };
const ID = { "gitlab.com:project_id": "4711" };
const allow = (...actions: readonly string[]): object => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }],
});

interface RoleParts {
    readonly inline?: object;
    readonly managed?: string;
    readonly boundary?: string;
    readonly lastUsed?: string;
}

/** A role as `aws iam get-account-authorization-details` has it. */
function role(path: string, statement: object, { inline, managed, boundary, lastUsed }: RoleParts = {}): object {
    return {
        Path: `/${path.slice(0, path.lastIndexOf("/") + 1)}`,
        RoleName: path.slice(path.lastIndexOf("/") + 1),
        RoleId: "AROAEXAMPLE",
        Arn: roleArn(path),
        CreateDate: "2026-01-02T03:04:05+00:00",
        AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [statement] },
        InstanceProfileList: [],
        RolePolicyList: inline === undefined ? [] : [{ PolicyName: "inline", PolicyDocument: inline }],
        AttachedManagedPolicies:
            managed === undefined ? [] : [{ PolicyName: managed, PolicyArn: `arn:aws:iam::aws:policy/${managed}` }],
        ...(boundary !== undefined && {
            PermissionsBoundary: { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: boundary },
        }),
        Tags: [],
        RoleLastUsed: lastUsed === undefined ? {} : { LastUsedDate: lastUsed, Region: "eu-central-1" },
    };
}

const details = (...roles: readonly object[]): object => ({
    UserDetailList: [],
    GroupDetailList: [],
    RoleDetailList: roles,
    Policies: [],
    IsTruncated: false,
});

const OPEN = role("open", trust({ StringEquals: AUD }), { managed: "AdministratorAccess" });
const DEPLOY = role(
    "ci/deploy",
    trust({
        StringEquals: {
            ...AUD,
            ...ID,
            "gitlab.com:sub": [MAIN, "project_path:acme/app:ref_type:branch:ref:dev"],
        },
    }),
    { inline: allow("s3:PutObject"), lastUsed: "2026-11-02T08:30:00+00:00" },
);
const GROUP = role(
    "group",
    trust({ StringEquals: AUD, StringLike: { "gitlab.com:sub": "project_path:acme/*:ref_type:branch:ref:main" } }),
    { inline: allow("s3:GetObject") },
);

const ACCOUNT_OF_TEN = details(
    DEPLOY,
    GROUP,
    OPEN,
    role("owner", trust({ StringEquals: { ...AUD, ...ID, "gitlab.com:sub": MAIN } }), {
        managed: "AdministratorAccess",
    }),
    role("policies", trust({ StringEquals: { ...AUD, ...ID, "gitlab.com:sub": MAIN } }), {
        inline: allow("iam:CreatePolicyVersion"),
    }),
    role(
        "self-managed",
        trust(
            {
                StringEquals: {
                    "gitlab.example.com:aud": "https://gitlab.example.com",
                    "gitlab.example.com:sub": MAIN,
                },
            },
            "gitlab.example.com",
        ),
    ),
    role(
        "github",
        trust(
            { StringLike: { "token.actions.githubusercontent.com:sub": "repo:acme/app:*" } },
            "token.actions.githubusercontent.com",
        ),
    ),
    role("lambda", { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }),
    role("people", { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "sts:AssumeRole" }),
    role("login", trust({ StringEquals: { "accounts.google.com:aud": "x" } }, "accounts.google.com")),
);

const EVENTS = { Records: [ALLOWED, DENIED] };

interface Ran {
    readonly status: number;
    readonly out: string;
    readonly err: string;
}

describe("command audit", () => {
    let folder: string;
    before(() => (folder = mkdtempSync(join(tmpdir(), "audit-"))));
    after(() => rmSync(folder, { recursive: true }));

    function write(name: string, content: object | string | Uint8Array): string {
        const path = join(folder, name);
        writeFileSync(
            path,
            typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content),
        );
        return path;
    }

    async function run(args: readonly string[], stdin?: Uint8Array): Promise<Ran> {
        const texts = { out: "", err: "" };
        const status = await runCommand(["audit", ...args], {
            out: (text) => void (texts.out += text),
            err: (text) => void (texts.err += text),
            stdin: () => "",
            ...(stdin !== undefined && { stdinPieces: () => [stdin] }),
            colour: false,
        });
        return { status, ...texts };
    }

    interface Report {
        readonly roles: readonly {
            readonly name: string;
            readonly power: string;
            readonly findings: readonly { readonly id: string }[];
            readonly events: { readonly evidence: { readonly count: number } } | null;
        }[];
        readonly difference?: object;
    }

    async function reported(args: readonly string[]): Promise<Report> {
        const { out, err } = await run([...args, "--json"]);
        expect(err).to.equal("");
        return JSON.parse(out) as Report;
    }

    it("marks the warnings that the tag of a role accepts, and does not fail because of them; an error stays one", async () => {
        const Tags = [{ Key: "gitlab-oidc:accept", Value: "group-wide no-subject" }];
        const group = write("tagged.json", details({ ...GROUP, Tags }));
        const [role] = (await reported([group])).roles;
        expect(role!.findings).to.have.lengthOf(1);
        expect(role!.findings[0]).to.include({ id: "group-wide", severity: "warning", accepted: true });
        const strict = await run([group, "--fail-on", "warning"]);
        expect(strict.status).to.equal(0);
        expect(strict.out).to.match(/group-wide.*\n(?:.*\n)? +Accepted by the tag gitlab-oidc:accept of the role\.\n/);
        expect((await run([write("untagged.json", details(GROUP)), "--fail-on", "warning"])).status).to.equal(1);
        const open = write("open-tagged.json", details({ ...OPEN, Tags }));
        expect((await reported([open])).roles[0]!.findings[0])
            .to.include({ id: "no-subject" })
            .and.not.have.property("accepted");
        expect((await run([open])).status).to.equal(1);
    });

    it("lists the roles of an account that GitLab jobs can assume, and what they can do", async () => {
        const { roles } = await reported([write("ten.json", ACCOUNT_OF_TEN)]);
        expect(roles.map(({ name, power, findings }) => [name, power, ...findings.map(({ id }) => id)])).to.deep.equal([
            ["deploy", "write"],
            ["group", "read", "group-wide"],
            ["open", "administrator", "no-subject"],
            ["owner", "administrator"],
            ["policies", "escalation"],
            ["self-managed", "none"],
        ]);
    });

    it("prints counts, and the worst roles first", async () => {
        const { status, out, err } = await run([write("three.json", details(DEPLOY, GROUP, OPEN))]);
        expect(err).to.equal("");
        expect(status).to.equal(1);
        expect(out).to.equal(`GitLab jobs can assume 3 of 3 roles in 1 account
  Power     1 administrator, 1 write, 1 read
  Findings  1 error, 1 warning

arn:aws:iam::111122223333:role/open
  Power     administrator
            Allows every action on every resource.
  GitLab    gitlab.com
  Jobs      Jobs of every project of the instance on any branch or tag
  Last used never
  error    no-subject  Statement[0].Condition
           does not test "gitlab.com:sub": every job of every project on the instance can assume the role.
           Fix: Add "StringEquals": { "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main" }.
           Help: https://github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc/blob/main/docs/reference/rules.md#no-subject
           Allows, for example: project_path:stranger/unexpected-project:ref_type:branch:ref:unexpected-branch

arn:aws:iam::111122223333:role/group
  Power     read
            Allows s3:GetObject on *.
  GitLab    gitlab.com
  Jobs      Jobs of every project in the group acme and its subgroups on the branch main
  Last used never
  warning  group-wide  Statement[0].Condition["StringLike"]["gitlab.com:sub"]
           The role trusts every project below "acme", in subgroups and in the future too. Anyone who can create a project there can assume the role.
           Fix: Write "project_path:acme/myproject:…" for each project.
           Help: https://github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc/blob/main/docs/reference/rules.md#group-wide
           Allows, for example: project_path:acme/unexpected-project:ref_type:branch:ref:main

arn:aws:iam::111122223333:role/ci/deploy
  Power     write
            Allows s3:PutObject on *.
  GitLab    gitlab.com
  Jobs      Jobs of the project acme/app (ID 4711) on the branch main
            Jobs of the project acme/app (ID 4711) on the branch dev
  Last used 2026-11-02T08:30:00Z

Roles by project and group
  every project       administrator  open
  acme/app (ID 4711)  write          ci/deploy
  group acme          read           group
`);
    });

    for (const [failOn, name, status] of [
        [undefined, "open", 1],
        [undefined, "group", 0],
        ["error", "group", 0],
        ["warning", "group", 1],
        ["warning", "deploy", 0],
        ["admin", "open", 1],
        ["admin", "group", 0],
    ] as const) {
        it(`ends with ${String(status)}: ${name}, --fail-on ${failOn ?? "left out"}`, async () => {
            const file = write(`${name}.json`, details({ open: OPEN, group: GROUP, deploy: DEPLOY }[name]));
            const ran = await run([file, ...(failOn === undefined ? [] : ["--fail-on", failOn])]);
            expect(ran).to.include({ status, err: "" });
        });
    }

    it("leaves out accepted warnings", async () => {
        const { roles } = await reported([write("group.json", details(GROUP)), "--accept", "group-wide"]);
        expect(roles[0]!.findings).to.deep.equal([]);
    });

    it("compares with a baseline", async () => {
        const before = await run([write("before.json", details(GROUP)), "--json"]);
        const baseline = ["--baseline", write("baseline.json", before.out)];
        const same = [write("same.json", details(GROUP)), ...baseline, "--fail-on", "new"];
        expect(await run(same)).to.deep.equal({
            status: 0,
            out: `GitLab jobs can assume 1 of 1 role in 1 account
  Power     1 read
  Findings  0 errors, 1 warning
  Baseline  0 new, 0 gone
`,
            err: "",
        });
        const changed = [write("changed.json", details(OPEN)), ...baseline, "--fail-on", "new"];
        const { status, out } = await run(changed);
        expect(status).to.equal(1);
        expect(out).to.contain("  Baseline  1 new, 1 gone\n\narn:aws:iam::111122223333:role/open\n");
        expect(out).to.contain(`
Gone since the baseline
  group-wide  arn:aws:iam::111122223333:role/group  Statement[0].Condition["StringLike"]["gitlab.com:sub"]
`);
        expect((await reported(changed)).difference).to.deep.equal({
            new: [{ role: roleArn("open"), id: "no-subject", path: "Statement[0].Condition" }],
            gone: [
                {
                    role: roleArn("group"),
                    id: "group-wide",
                    path: 'Statement[0].Condition["StringLike"]["gitlab.com:sub"]',
                },
            ],
        });
        const { out: sarif } = await run([...changed, "--sarif"]);
        expect(sarif).to.contain('"baselineState": "new"').and.not.contain('"baselineState": "unchanged"');
    });

    it("prints SARIF", async () => {
        const { status, out } = await run([write("sarif.json", details(OPEN)), "--sarif"]);
        expect(status).to.equal(1);
        const log = JSON.parse(out) as { readonly runs: readonly { readonly results: readonly object[] }[] };
        expect(log.runs[0]!.results).to.have.length(1);
        expect(log.runs[0]!.results[0]).to.include({ ruleId: "no-subject", level: "error" });
    });

    it("compares the jobs that CloudTrail recorded with the trust policy", async () => {
        const files = [
            write("details.json", details(DEPLOY)),
            write("log.json.gz", gzipSync(JSON.stringify(EVENTS))),
            write("looked-up.json", { Events: [LOOKED_UP] }),
        ];
        const { out } = await run(files);
        expect(out).to.equal(`GitLab jobs can assume 1 of 1 role in 1 account
  Power     1 write
  Findings  0 errors, 0 warnings
  Events    2 calls of AssumeRoleWithWebIdentity from 2026-11-02T08:30:00Z to 2026-11-03T10:00:00Z in eu-central-1, us-east-1. 1 repeated event not counted
  Period    unknown. Use --period to state which period the events cover, for example --period 90d

arn:aws:iam::111122223333:role/ci/deploy
  Power     write
            Allows s3:PutObject on *.
  GitLab    gitlab.com
  Jobs      Jobs of the project acme/app (ID 4711) on the branch main
            Jobs of the project acme/app (ID 4711) on the branch dev
  Last used 2026-11-02T08:30:00Z
  Calls     2 calls from 2026-11-02T08:30:00Z to 2026-11-03T10:00:00Z in eu-central-1, us-east-1
  Allowed   Jobs of the project acme/app on the branch main: 1 call, last 2026-11-02T08:30:00Z from 203.0.113.7
  Denied    Jobs of the project acme/app on the branch feature/x: 1 call, last 2026-11-03T10:00:00Z from 198.51.100.20, AccessDenied. The job ran on branch "feature/x", but the role allows "main", "dev".
  Not seen  Jobs of the project acme/app on the branch dev
  Narrower  Of the calls in the events from 2026-11-02T08:30:00Z to 2026-11-03T10:00:00Z in eu-central-1, us-east-1, this policy denies none that the current policy allows. Jobs that ran at other times or in other regions are not included.
            --json has the policy and the inputs, as \`events.narrower\`.

Roles by project and group
  acme/app (ID 4711)  write          ci/deploy
`);
    });

    it("counts the calls of a period, and states it", async () => {
        const files = [
            write("details.json", details(DEPLOY)),
            write("log.json", { Records: [ALLOWED, DENIED, eventOf({ time: "2026-10-31T23:59:59Z" })] }),
        ];
        const { out } = await run([...files, "--period", "2026-11-01..2026-11-02T12:00:00+01:00"]);
        expect(out).to.contain(
            "  Events    1 call of AssumeRoleWithWebIdentity from 2026-11-02T08:30:00Z to 2026-11-02T08:30:00Z in eu-central-1\n" +
                "  Period    2026-11-01T00:00:00Z to 2026-11-02T11:00:00Z. 2 calls outside of it not counted\n",
        );
        expect(out).to.contain(
            "  Narrower  Of the calls in the events from 2026-11-01T00:00:00Z to 2026-11-02T11:00:00Z in eu-central-1, this policy denies none that the current policy allows. Jobs that ran at other times or in other regions are not included.\n",
        );
        const { out: all } = await run([...files, "--period", "99999d", "--json"]);
        const { events } = JSON.parse(all) as { events: { calls: number; outside: number; period: { to: string } } };
        expect(events).to.include({ calls: 3, outside: 0 });
        expect(events.period.to).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    });

    it("has a period without a call, in which nothing was seen", async () => {
        const files = [write("details.json", details(DEPLOY)), write("none.json", { Events: [] })];
        const { out } = await run([...files, "--period", "2026-10-01..2026-10-31"]);
        expect(out).to.contain(`
  Events    0 calls of AssumeRoleWithWebIdentity
  Period    2026-10-01T00:00:00Z to 2026-10-31T23:59:59Z
`);
        expect(out).to.contain(`
  Calls     none
  Not seen  Jobs of the project acme/app on the branch main
            Jobs of the project acme/app on the branch dev
`);
    });

    it("prints the roles that a role can use, and those of a project in several accounts", async () => {
        const other = "arn:aws:iam::444455556666:role/admin";
        const deploy = {
            ...DEPLOY,
            RolePolicyList: [{ PolicyName: "inline", PolicyDocument: allow("sts:AssumeRole") }],
        };
        const admin = {
            ...role("admin", { Effect: "Allow", Principal: { AWS: roleArn("ci/deploy") }, Action: "sts:AssumeRole" }),
            Arn: other,
        };
        const { out } = await run([
            write("chain.json", { [ACCOUNT]: details(deploy), "444455556666": details(admin) }),
        ]);
        expect(out).to.contain(`\n  Can use   ${other}\n`);
        expect(out).to.contain(`
Roles by project and group
  acme/app (ID 4711)  write          111122223333:ci/deploy
`);
    });

    it("prints the first projects and the first roles of each", async () => {
        const shared = Array.from({ length: 7 }, (_, i) =>
            role(`shared${String(i)}`, trust({ StringEquals: { ...AUD, ...ID, "gitlab.com:sub": MAIN } })),
        );
        const others = Array.from({ length: 12 }, (_, i) => {
            const sub = `project_path:acme/p${String(i).padStart(2, "0")}:ref_type:branch:ref:main`;
            return role(`other${String(i)}`, trust({ StringEquals: { ...AUD, "gitlab.com:sub": sub } }));
        });
        const { out } = await run([write("projects.json", details(...shared, ...others))]);
        expect(out).to.contain(`
Roles by project and group
  acme/app (ID 4711)  none           shared0, shared1, shared2, shared3, shared4 and 2 more
  acme/p00            none           other0
`);
        expect(out).to.contain("\n  … and 3 more in --json\n");
    });

    it("has reports with events in the form of the schema", async () => {
        const files = [
            write("ten.json", ACCOUNT_OF_TEN),
            write("log.json", {
                Records: [ALLOWED, DENIED, eventOf({ roleArn: roleArn("gone") }), { ...ALLOWED, eventTime: "soon" }],
            }),
        ];
        const schema = JSON.parse(readFileSync(join(root, "provider/audit/report.schema.json"), "utf8")) as object;
        const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);
        for (const more of [[], ["--baseline", write("empty.json", { version: 1, roles: [] })]]) {
            const report = await reported([...files, ...more]);
            validate(report);
            expect(validate.errors).to.equal(null);
            expect(report).to.deep.include({
                events: {
                    total: 4,
                    calls: 3,
                    first: "2026-11-02T08:30:00Z",
                    last: "2026-11-03T10:00:00Z",
                    regions: ["eu-central-1", "us-east-1"],
                    period: "unknown",
                    outside: 0,
                    repeated: 0,
                    otherRoles: [roleArn("gone")],
                    unreadable: 1,
                    unreadableExamples: [
                        {
                            position: 4,
                            id: '"bEXAMPLE-7b2a-4f0e-9c55-0e1a2b3c4d5e"',
                            reason: 'eventTime is the string "soon", not a time like "2026-01-31T12:00:00Z".',
                        },
                    ],
                },
            });
            expect(report.roles.map(({ events }) => events?.evidence.count)).to.deep.equal([2, 0, 0, 0, 0, 0]);
        }
    });

    it("joins the outputs that the guide collects", async () => {
        const files = [
            write("details.json", ACCOUNT_OF_TEN),
            write("roles.json", {
                Roles: [
                    {
                        Path: "/ci/",
                        RoleName: "deploy",
                        RoleId: "AROAEXAMPLE",
                        Arn: roleArn("ci/deploy"),
                        CreateDate: "2026-01-02T03:04:05+00:00",
                        AssumeRolePolicyDocument: (DEPLOY as { AssumeRolePolicyDocument: object })
                            .AssumeRolePolicyDocument,
                        Description: "Deploys",
                        MaxSessionDuration: 7200,
                    },
                ],
            }),
            write("providers.json", { OpenIDConnectProviderList: [{ Arn: providerArn("gitlab.com") }] }),
            write("provider.json", {
                Url: "gitlab.com",
                ClientIDList: ["sts.amazonaws.com"],
                ThumbprintList: [],
                CreateDate: "2026-01-02T03:04:05+00:00",
                Tags: [],
            }),
            write("events-us-east-1.json", { Events: [LOOKED_UP] }),
        ];
        const { status, out, err } = await run(files);
        expect({ status, err }).to.deep.equal({ status: 1, err: "" });
        expect(out).to.contain("GitLab jobs can assume 6 of 10 roles in 1 account\n");
        expect(out).to.contain("  Session   7200 seconds\n");
        expect(out).to.contain(
            "  GitLab    gitlab.com (the identity provider does not list the audience of the trust policy)\n",
        );
        expect(out).to.contain(
            "  GitLab    gitlab.example.com (recognized by the shape of its sub claims, the account has no such identity provider)\n",
        );
    });

    it("has no events if there are none", async () => {
        const report = await reported([write("quiet.json", details(DEPLOY))]);
        expect(report).to.deep.include({ events: null });
        expect(report.roles[0]!.events).to.equal(null);
    });

    it("reads standard input, gzip, UTF-16 and a byte order mark", async () => {
        const text = JSON.stringify(details(DEPLOY));
        for (const bytes of [
            Buffer.from(text),
            gzipSync(text),
            Buffer.concat([gzipSync(text.slice(0, 99)), gzipSync(text.slice(99))]),
            Buffer.from(`\ufeff${text}`),
            Buffer.from(`\ufeff${text}`, "utf16le"),
        ]) {
            expect(await run(["-"], bytes)).to.include({ status: 0, err: "" });
            expect(await run([write("bytes", bytes)])).to.include({ status: 0, err: "" });
        }
    });

    describe("rejects", () => {
        const GOOD = details(DEPLOY);
        const FILES: Readonly<Record<string, readonly [content: string | object | Uint8Array, message: string]>> = {
            "truncated JSON": [JSON.stringify(GOOD).slice(0, -20), "is cut off: it ends in the middle of the JSON."],
            "truncated gzip": [
                gzipSync(JSON.stringify(GOOD)).subarray(0, 99),
                "cannot be read: it is compressed with gzip, and cut off.",
            ],
            "damaged gzip": [
                Buffer.from([0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
                "cannot be read: it is compressed with gzip, and damaged.",
            ],
            "a gzip bomb": [
                gzipSync(Buffer.concat([Buffer.from('{"RoleDetailList":["'), Buffer.alloc(510_000_000, "x")]), {
                    level: 1,
                }),
                "has more than 500 MB, not counting CloudTrail events.",
            ],
            "gzip in gzip": [
                gzipSync(gzipSync(JSON.stringify(GOOD))),
                "cannot be read: it is compressed with gzip more than once.",
            ],
            "an empty file": [
                "",
                "is empty. Write the file again, and check that the command which writes it ends without an error.",
            ],
            "a compressed file without content": [gzipSync(""), "is empty."],
            "only white space": ["\r\n \n", "is empty."],
            "the text output of the AWS CLI": ["ROLEDETAILLIST\tarn:aws:iam::111122223333:role/a\n", "is not JSON."],
            "JSON and something behind it": [`${JSON.stringify(GOOD)}garbage`, "is not JSON."],
            "a ZIP archive": [Buffer.from("504b0304ff", "hex"), "is not valid UTF-8. Save the file as UTF-8."],
            "UTF-16 that begins with the larger byte": [
                Buffer.from(`\ufeff${JSON.stringify(GOOD)}`, "utf16le").swap16(),
                "is not valid UTF-8.",
            ],
            "very many brackets": ["[".repeat(100_000), "is nested more than 64 levels deep."],
            "a web page": ["<html>", "is not JSON, but looks like a web page."],
            "bytes that are not text": [Buffer.from([0x7b, 0xff, 0xfe]), "is not valid UTF-8."],
            "another kind of document": [{ hello: 1 }, "is JSON, but not a document that the audit can read."],
            "a Terraform plan": [{ format_version: "1.2", planned_values: {} }, "is a Terraform plan, not a state."],
            "a policy": [{ Version: "2012-10-17", Statement: [] }, "is a policy without its role."],
            "a report": [
                { version: 1, roles: [], projects: [] },
                "is a report of an audit. To compare reports, give it as the baseline.",
            ],
        };
        for (const [what, [content, message]] of Object.entries(FILES)) {
            it(what, async function () {
                this.timeout(20_000);
                const good = write("good.json", GOOD);
                const bad = write("bad.json", content);
                const { status, out, err } = await run([good, bad]);
                expect({ status, out }).to.deep.equal({ status: 2, out: "" });
                expect(err).to.contain(`aws-gitlab-oidc: "${bad}" ${message}`);
                expect(err.trimEnd().split("\n")).to.have.length(1);
            });
        }

        it("a file that does not exist, and a folder", async () => {
            expect(await run([join(folder, "missing")])).to.include({
                status: 2,
                err: `aws-gitlab-oidc: "${join(folder, "missing")}" cannot be read: no such file or directory.\n`,
            });
            expect(await run([folder])).to.include({
                status: 2,
                err: `aws-gitlab-oidc: "${folder}" cannot be read: it is a directory.\n`,
            });
        });

        it("files without a role", async () => {
            expect(await run([write("events.json", EVENTS)])).to.deep.equal({
                status: 2,
                out: "",
                err: "aws-gitlab-oidc: No file has a role. Add the output of `aws iam get-account-authorization-details`. Help: aws-gitlab-oidc help audit\n",
            });
        });

        const LINES: readonly (readonly [args: readonly string[], message: string])[] = [
            [[], "FILE is missing: the output of `aws iam get-account-authorization-details`. Or use --aws-cli."],
            [["-", "-"], "Two arguments are -."],
            [["-", "--baseline", "-"], "The argument - and --baseline both read standard input."],
            [["a.json", "--fail-on", "new"], "--fail-on new requires --baseline FILE."],
            [["a.json", "--fail-on", "errors"], '--fail-on "errors" is not error or warning or new or admin.'],
            [["a.json", "--json", "--sarif"], "--json and --sarif cannot be used together."],
            [
                ["a.json", "--period", "90"],
                '--period "90" is not a period. Write FROM..TO with dates or times, such as 2026-01-01..2026-03-31, or a duration, such as 90d.',
            ],
            [["a.json", "--period", "2026-01-01..9999-01-01"], '--period "2026-01-01..9999-01-01" ends in the future'],
        ];
        for (const [args, message] of LINES) {
            it(`audit ${args.join(" ")}`, async () => {
                const { status, out, err } = await run(args);
                expect({ status, out }).to.deep.equal({ status: 2, out: "" });
                expect(err).to.contain(`aws-gitlab-oidc: ${message}`);
            });
        }

        it("options with values that cannot be used, and a baseline that is none", async () => {
            const good = write("good.json", GOOD);
            const { status, err } = await run([good, "--accept", "group-wid", "--url", "gitlab.example.com"]);
            expect(status).to.equal(2);
            expect(err).to.contain('--accept: "group-wid" is not the ID of a warning. Did you mean "group-wide"?');
            expect(err).to.contain('--url: "gitlab.example.com" is not the address of a GitLab instance.');
            for (const [period, message] of [
                ["2026-02-30..2026-03-01", 'from is the string "2026-02-30", not a date or a time.'],
                ["..2026-03-01", 'from is the string "", not a date or a time.'],
                [
                    "2026-03-01..2026-02-01",
                    'begins at "2026-03-01T00:00:00Z", after its end at "2026-02-01T23:59:59Z".',
                ],
                ["2026-02-01..2026-03-01", "is the period of CloudTrail events, and no document has events."],
            ] as const) {
                const ran = await run([good, "--period", period]);
                expect(ran.status).to.equal(2);
                expect(ran.err).to.contain(`--period: ${message}`);
            }
            expect(await run([good, "--baseline", good])).to.include({
                status: 2,
                err: `aws-gitlab-oidc: --baseline "${good}" is JSON, but not a report of an audit. Give a report that the audit wrote as JSON.\n`,
            });
        });
    });

    it("shows control characters of names as escapes", async () => {
        const evil = "project_path:acme/\u001b[31mred\u202e\u0007:ref_type:branch:ref:main";
        const hostile = role("hostile", trust({ StringEquals: { ...AUD, "gitlab.com:sub": evil } }), {
            inline: allow("s3:\u001b]0;title\u0007*"),
            boundary: `arn:aws:iam::${ACCOUNT}:policy/\u001b[2J`,
        });
        const event = eventOf({ roleArn: roleArn("hostile"), sub: evil, address: "\u001b[1m", errorCode: "\u001b[1m" });
        const file = write("hostile.json", details(hostile));
        const { out } = await run([file, write("hostile-events.json", { Records: [event] })]);
        expect(out).to.contain("\\u001b[31mred\\u202e\\u0007");
        // eslint-disable-next-line no-control-regex
        expect(out).not.to.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    });

    it("has control characters and markup of names as text in JSON and SARIF", async () => {
        const evil =
            "project_path:<img src=x onerror=alert(1)>/\u001b[31m\u009b2J\u202e\u0007:ref_type:branch:ref:main";
        const file = write(
            "\u009b2J<b>#1.json",
            details(role("hostile", trust({ StringEquals: { ...AUD, "gitlab.com:sub": evil } }))),
        );
        for (const format of ["--json", "--sarif"]) {
            const { out } = await run([file, format]);
            // eslint-disable-next-line no-control-regex
            expect(out).not.to.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
            expect(out).to.contain("<img src=x onerror=alert(1)>");
        }
        const { roles } = JSON.parse((await run([file, "--json"])).out) as {
            readonly roles: readonly { readonly subjects: readonly { readonly sub: { readonly value: string } }[] }[];
        };
        expect(roles[0]!.subjects[0]!.sub.value).to.equal(evil);
        expect((await run([file, "--sarif"])).out).to.contain('%C2%9B2J%3Cb%3E%231.json"');
    });

    it("never prints a secret of a state, in any format", async () => {
        const secret = (plaintext: string): object => ({ "4dabf18193072939515e22adb298388d": "1", plaintext });
        const outputs = {
            arn: roleArn("deploy"),
            name: "deploy",
            assumeRolePolicy: JSON.stringify({
                Version: "2012-10-17",
                Statement: [trust({ StringLike: { ...AUD, "gitlab.com:sub": "*" } })],
            }),
            description: secret("hidden-1"),
            permissionsBoundary: secret("hidden-2"),
            inlinePolicies: [{ name: "x", policy: secret("hidden-3") }],
            tags: { team: secret("hidden-4") },
        };
        const type = "aws:iam/role:Role";
        const resources = [
            { type, outputs, inputs: { description: "hidden-5" } },
            { type: "random:index:Password", outputs: { result: "hidden-6" } },
            { type, outputs: { ...outputs, arn: roleArn("other"), assumeRolePolicy: secret("hidden-7") } },
            {
                type: "aws:iam/rolePolicy:RolePolicy",
                outputs: { role: "deploy", name: "y", policy: secret("hidden-8") },
            },
        ];
        const state = { version: 3, deployment: { secrets_providers: { state: "hidden-9" }, resources } };
        const sensitive = {
            type: "aws_iam_role",
            values: { ...outputs, arn: roleArn("third"), assume_role_policy: "hidden-10", description: "hidden-11" },
            sensitive_values: { assume_role_policy: true, description: true },
        };
        const terraform = {
            format_version: "1.0",
            values: {
                outputs: { key: { sensitive: true, value: "hidden-12" } },
                root_module: { resources: [sensitive] },
            },
        };
        const files = [write("state.json", state), write("terraform.json", terraform)];
        for (const format of [[], ["--json"], ["--sarif"]]) {
            const { out, err } = await run([...files, ...format]);
            expect(out).to.contain("role/deploy");
            expect(out + err).not.to.contain("hidden");
        }
        // Nor from a state that is cut off.
        const { out, err } = await run([write("cut.json", JSON.stringify(state).slice(0, -10))]);
        expect(out + err)
            .to.contain("is cut off")
            .and.not.contain("hidden");
    });

    it("has a role once if a file is given twice, and all accounts of a file with many", async () => {
        const file = write("once.json", details(DEPLOY, GROUP));
        expect(await run([file, file, "--json"])).to.deep.equal(await run([file, "--json"]));
        const numbers = Array.from({ length: 300 }, (_, i) => String(100_000_000_000 + i));
        const moved = (account: string): object =>
            JSON.parse(JSON.stringify(details(GROUP)).replaceAll(ACCOUNT, account)) as object;
        const many = Object.fromEntries(numbers.map((account) => [account, moved(account)]));
        const { out, err } = await run([write("many.json.gz", gzipSync(JSON.stringify(many)))]);
        expect(err).to.equal("");
        expect(out).to.contain("GitLab jobs can assume 300 of 300 roles in 300 accounts\n");
    });

    it("reads lines that end as on Windows, also of several documents", async () => {
        const lines = [details(DEPLOY), details(GROUP)].map((d) => JSON.stringify(d, null, 2).replaceAll("\n", "\r\n"));
        const { out, err } = await run([write("crlf.json", lines.join("\r\n"))]);
        expect(err).to.equal("");
        expect(out).to.contain("GitLab jobs can assume 2 of 2 roles in 1 account\n");
    });

    it("never prints a token", async () => {
        const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzZWNyZXQifQ.c2lnbmF0dXJl";
        const statement = trust({ StringEquals: { ...AUD, "gitlab.com:sub": token } });
        for (const more of [[], ["--json"], ["--sarif"]]) {
            const { out } = await run([write("token.json", details(role("token", statement))), ...more]);
            expect(out).to.contain("role/token").and.not.contain("c2lnbmF0dXJl");
        }
    });

    it("ends with an error if Node.js has too little memory for the files", () => {
        const wide = Array.from({ length: 25 }, (_, i) => role(`wide${String(i)}`, trust({ StringEquals: AUD })));
        const padding = { ...details(...wide), Padding: "x".repeat(25_000_000) };
        const command = join(root, "dist/cmd/aws-gitlab-oidc.js");
        const { status, stderr, stdout } = spawnSync(
            process.execPath,
            ["--max-old-space-size=64", command, "audit", write("padding.json", padding)],
            { encoding: "utf8" },
        );
        expect({ status, stdout }).to.deep.equal({ status: 2, stdout: "" });
        expect(stderr).to.match(
            /^aws-gitlab-oidc: The files have more than \d+ MB besides CloudTrail events, which is too much for the \d+ MB of memory that Node\.js can use\. Set the environment variable NODE_OPTIONS to --max-old-space-size=8000\.\n$/,
        );
    });

    it("is loaded by no other command, and nor are the access levels of AWS", () => {
        const loaded = execFileSync(
            process.execPath,
            [
                "-e",
                `process.argv.splice(1, 0, "x"); require(${JSON.stringify(join(root, "dist/cmd/aws-gitlab-oidc.js"))}); console.log(Object.keys(require.cache).filter((f) => /dist.audit.(?:audit|access-levels-table|power)\\.js$/.test(f)).join());`,
                "version",
            ],
            { encoding: "utf8" },
        );
        expect(loaded).to.match(/^\d+\.\d+\.\d+\S*\n\n$/);
    });
});
