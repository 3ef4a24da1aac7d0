import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../../provider/cmd/command";
import { buildOrganizationGuardrail } from "../../../provider/operations/trust";
import { eventOf } from "../../support/events";
import { trustPolicy } from "../../support/policies";

const ARN = "arn:aws:iam::111122223333:role/deploy";
const SUB = "project_path:acme/app:ref_type:branch:ref:main";
const CLAIMS = { iss: "https://gitlab.com", aud: "https://gitlab.com", sub: SUB };
const POLICY = trustPolicy({
    StringEquals: { "gitlab.com:aud": "https://gitlab.com", "gitlab.com:project_id": "4711" },
    StringLike: { "gitlab.com:sub": [SUB, "project_path:other/app:ref_type:branch:ref:main"] },
});
const ROLE = { Role: { RoleName: "deploy", Arn: ARN, AssumeRolePolicyDocument: POLICY } };
const DETAILS = {
    RoleDetailList: [
        {
            RoleName: "deploy",
            Path: "/",
            Arn: ARN,
            AssumeRolePolicyDocument: POLICY,
            RolePolicyList: [],
            AttachedManagedPolicies: [],
        },
    ],
};
const guardrail = (...groups: readonly string[]): string => buildOrganizationGuardrail({ groups }).json;

describe("guardrails of the command", () => {
    let folder: string;
    before(() => (folder = mkdtempSync(join(tmpdir(), "guardrail-"))));
    after(() => rmSync(folder, { recursive: true }));

    function write(name: string, content: object | string): string {
        const path = join(folder, name);
        writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
        return path;
    }

    async function run(...args: readonly string[]): Promise<{ status: number; out: string; err: string }> {
        const texts = { out: "", err: "" };
        const status = await runCommand(args, {
            out: (text) => void (texts.out += text),
            err: (text) => void (texts.err += text),
            stdin: () => JSON.stringify(CLAIMS),
            colour: false,
        });
        return { status, ...texts };
    }

    const explain = (file: object, ...args: readonly string[]) =>
        run(
            "explain",
            write("role.json", file),
            "--claims",
            write("claims.json", { ...CLAIMS, project_id: "4711" }),
            ...args,
        );

    it("explain: a denial by a resource control policy is reported as such", async () => {
        const { status, out, err } = await explain(POLICY, "--guardrail", write("guardrail.json", guardrail("other")));
        expect([status, err]).to.deep.equal([1, ""]);
        expect(out.split("\n").slice(0, 4)).to.deep.equal([
            "Denied: AWS would not allow the job to assume the role.",
            "  Error  An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity",
            `  Cause  The resource control policy denies it, although the trust policy allows it. Its statement "GitLabSubjects" (--guardrail "${join(folder, "guardrail.json")}" Statement[0]) applies: "gitlab.com:sub" is "${SUB}", which meets StringNotLike "project_path:other/*".`,
            "  Fix    Ask the administrators of the AWS organization to allow this job in the resource control policy.",
        ]);
    });

    it("explain: several policies have to allow a job, and the ARN of the role is taken from its file", async () => {
        const [first, second] = [write("1.json", guardrail("acme")), write("2.json", guardrail("acme", "other"))];
        expect((await explain(POLICY, "--guardrail", first, "--guardrail", second)).status).to.equal(0);
        const excepted = write(
            "3.json",
            buildOrganizationGuardrail({ groups: ["other"], exceptRoles: ["arn:aws:iam::111122223333:role/dep*"] })
                .json,
        );
        expect((await explain(ROLE, "--guardrail", excepted)).status).to.equal(0);
        const { status, out } = await explain(POLICY, "--guardrail", excepted, "--json");
        expect(status).to.equal(1);
        expect(JSON.parse(out)).to.deep.include({ deniedBy: `--guardrail "${excepted}" Statement[0]` });
        expect((JSON.parse(out) as { cause: string }).cause).to.match(
            /^The resource control policy may deny it\. Its statement "GitLabSubjects" \(--guardrail ".*3\.json" Statement\[0\]\) depends on the role/,
        );
    });

    it("audit: a guardrail shows what it denies, of the jobs and of the recorded calls", async () => {
        const details = write("details.json", DETAILS);
        const events = write("events.json", { Records: [eventOf({ sub: SUB, roleArn: ARN })] });
        const partly = await run("audit", details, events, "--guardrail", write("g.json", guardrail("other")));
        expect(partly.err).to.equal("");
        expect(partly.out).to.contain(`
  Guardrails deny 1 call that AWS allowed
`);
        expect(partly.out).to.contain(`
  Jobs      Jobs of the project acme/app (ID 4711) on the branch main (a resource control policy denies them)
            Jobs of the project other/app (ID 4711) on the branch main
`);
        expect(partly.out).to.contain(
            "  Allowed   Jobs of the project acme/app on the branch main: 1 call, last 2026-11-02T08:30:00Z from 203.0.113.7 (a resource control policy would deny them)\n",
        );
        const whole = await run("audit", details, "--guardrail", write("g.json", guardrail("third")));
        expect(whole.out).to.contain("\n  Guardrails deny all jobs of 1 role\n");
        expect(whole.out).to.contain(
            "\nNotes\n  The report is for accounts that the given resource control policies apply to.",
        );
    });

    for (const [what, args, message] of [
        ["a file that is not there", ["--guardrail", "none.json"], '--guardrail "none.json" cannot be read'],
        ["a file that is no JSON", ["--guardrail", "FILE"], "is not JSON"],
        [
            "two files, of which the second is no policy",
            ["--guardrail", "GOOD", "--guardrail", "EMPTY"],
            'empty.json" Version: ',
        ],
        ["a trust policy", ["--guardrail", "TRUST"], 'trust.json": is a trust policy, not a resource control policy.'],
        ["a key that appears twice", ["--guardrail", "TWICE"], 'twice.json" Version: appears twice'],
        ["a file that is no policy", ["--guardrail", "EMPTY"], 'empty.json" Version: is not "2012-10-17"'],
        ["two from standard input", ["--guardrail", "-", "--guardrail", "-"], "Standard input can be read once"],
    ] as const) {
        it(`rejected: ${what}`, async () => {
            const files: Readonly<Record<string, string>> = {
                FILE: write("bad.json", "{"),
                EMPTY: write("empty.json", "{}"),
                GOOD: write("good.json", guardrail("acme")),
                TRUST: write("trust.json", POLICY),
                TWICE: write("twice.json", '{"Version":"2012-10-17","Version":"2012-10-17"}'),
            };
            const given = args.map((arg) => files[arg] ?? arg);
            for (const { status, err } of [
                await explain(POLICY, ...given),
                await run("audit", write("details.json", DETAILS), ...given),
            ]) {
                expect(status).to.equal(2);
                expect(err).to.contain(message).and.not.contain("guardrails[");
            }
        });
    }

    describe("with an event", () => {
        const explainEvent = (event: object, role: object, ...guardrails: readonly string[]) =>
            run(
                "explain",
                write("role.json", role),
                "--event",
                write("event.json", event),
                ...guardrails.flatMap((json, i) => ["--guardrail", write(`g${String(i)}.json`, json)]),
            );
        const DENIED = eventOf({ sub: SUB, roleArn: ARN, errorCode: "AccessDenied", time: "2026-11-03T10:00:00Z" });
        const cause = (): string =>
            `The resource control policy denies it, although the trust policy allows it. Its statement "GitLabSubjects" (--guardrail "${join(folder, "g1.json")}" Statement[0]) applies: "gitlab.com:sub" is "${SUB}", which meets StringNotLike "project_path:other/*".`;

        it("a call that a resource control policy denied: status 1", async () => {
            const { status, out, err } = await explainEvent(DENIED, POLICY, guardrail("acme"), guardrail("other"));
            expect([status, err]).to.deep.equal([1, ""]);
            expect(out).to.equal(`Denied: a resource control policy does not allow this call.
  Event  2026-11-03T10:00:00Z, eu-central-1, 203.0.113.7
  Role   ${ARN}
  Sub    ${SUB}
  Aud    https://gitlab.com
  Error  AccessDenied: An unknown error occurred
  Cause  ${cause()}
  Fix    Ask the administrators of the AWS organization to allow this job in the resource control policy.
`);
        });

        it("a call that AWS allowed before the resource control policy existed", async () => {
            const { status, out } = await explainEvent(eventOf({ sub: SUB, roleArn: ARN }), POLICY, guardrail("other"));
            expect(status).to.equal(1);
            expect(out).to.contain(
                "\n  Note   AWS allowed this call, so the resource control policy did not apply then.\n",
            );
        });

        it("the trust policy's own cause, a role that is left alone, and what the event does not show", async () => {
            const own = await explainEvent(
                eventOf({
                    sub: "project_path:third/app:ref_type:branch:ref:main",
                    roleArn: ARN,
                    errorCode: "AccessDenied",
                }),
                POLICY,
                guardrail("other"),
            );
            expect([own.status, own.out.split("\n")[0]]).to.deep.equal([
                1,
                "Denied: the trust policy does not allow this call.",
            ]);
            const excepted = buildOrganizationGuardrail({ groups: ["other"], exceptRoles: [ARN] }).json;
            expect((await explainEvent(DENIED, ROLE, excepted)).status).to.equal(0);
            const network = JSON.parse(guardrail("acme")) as { Statement: { Condition: object }[] };
            network.Statement[0]!.Condition = { StringNotEquals: { "aws:SourceVpc": "vpc-1" } };
            const open = await explainEvent(DENIED, ROLE, JSON.stringify(network));
            expect(open.status).to.equal(2);
            expect(open.out).to.contain("Unknown: the event has too little information.");
            expect(open.out).to.contain(
                `(--guardrail "${join(folder, "g0.json")}" Statement[0]) depends on "aws:SourceVpc", which is not known here.`,
            );
        });

        it("--json has the statement that denies the call", async () => {
            write("role.json", ROLE);
            const { out } = await run(
                ...["explain", join(folder, "role.json"), "--event", write("event.json", DENIED)],
                ...["--guardrail", write("g.json", guardrail("other")), "--json"],
            );
            expect(JSON.parse(out)).to.deep.include({
                verdict: "denied",
                deniedBy: `--guardrail "${join(folder, "g.json")}" Statement[0]`,
            });
        });
    });
});
