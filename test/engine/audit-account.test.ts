import { expect } from "chai";
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuditedRole, AuditReport, TrustedIssuer } from "../../provider/audit/report";
import { environmentWith, startAccountProxy, type AccountProxy, type CloudTrailRecord } from "../../tools/emulator";
import { allows } from "../../tools/fuzz/oracle";
import { projectRoot } from "../../tools/setup/cache";
import { pythonTools } from "../../tools/setup/python";
import { eventOf } from "../support/events";
import { collectScript } from "../support/guide";
import { iam } from "./account";
import {
    ACCOUNT,
    BY_HAND,
    MADE,
    MADE_ROWS,
    MAIN,
    POLICIES,
    providerArn,
    PROVIDERS,
    type Role,
    roleArn,
    type Row,
} from "./audit-account";
import { engine } from "./engine";
import { npm } from "./routes";

const DAY = (n: number): string => `2026-11-${String(n).padStart(2, "0")}T08:30:00Z`;
const ref = (name: string): string => `project_path:acme/app:ref_type:branch:ref:${name}`;

/* The emulator has no CloudTrail: these are records as AWS documents them. */
const RECORDS = [
    { roleArn: roleArn("made-deploy"), time: DAY(18) },
    { roleArn: roleArn("made-deploy"), time: DAY(19), address: "198.51.100.7" },
    { roleArn: roleArn("made-deploy"), time: DAY(20), region: "us-east-1" },
    {
        roleArn: roleArn("made-deploy"),
        sub: ref("feature/x"),
        time: DAY(21),
        region: "us-east-1",
        errorCode: "AccessDenied",
    },
    // More than a page of CloudTrail.
    ...Array.from({ length: 60 }, () => ({ roleArn: roleArn("group"), time: DAY(20) })),
    { roleArn: roleArn("many"), sub: ref("main-a"), time: DAY(21) },
    { roleArn: roleArn("many"), sub: ref("main-b"), time: DAY(22) },
    { roleArn: roleArn("deleted"), time: DAY(2) },
    {
        roleArn: roleArn("github"),
        sub: "repo:acme/app:ref:refs/heads/main",
        provider: providerArn("token.actions.githubusercontent.com"),
        audience: "sts.amazonaws.com",
        time: DAY(22),
    },
    // A region that the script does not read.
    { roleArn: roleArn("many"), sub: ref("main-c"), time: DAY(23), region: "ap-southeast-2" },
].map((changes) => eventOf({ sub: MAIN, ...changes }) as CloudTrailRecord);

/** The emulator does not record when a role was used. */
const LAST_USED = {
    "made-deploy": "2026-11-20T08:30:00Z",
    group: "2026-11-21T09:00:00Z",
    many: "2026-11-22T10:00:00Z",
};

describe("engine: audit of an account of more than 60 roles", () => {
    let folder: string;
    let proxy: AccountProxy;
    let report: AuditReport;

    before(async () => {
        const { emulator } = (await engine()).workspace;
        await emulator.reset();
        await createByHand();
        const stack = await (
            await engine()
        ).program(() => {
            for (const [name, args] of MADE) {
                npm.GitLabOidc(name, args);
            }
            return {};
        });
        await stack.up();
        folder = mkdtempSync(join(tmpdir(), "audit-account-"));
        proxy = await startAccountProxy({ upstream: emulator, events: RECORDS, lastUsed: LAST_USED });
        writeFileSync(join(folder, "collect.sh"), collectScript());
        await run("sh", ["-e", "collect.sh"]);
        const files = readdirSync(join(folder, "account")).map((name) => join("account", name));
        const { status, out } = await audit(...files, "--json");
        expect(status).to.equal(1);
        report = JSON.parse(out) as AuditReport;
    });

    after(async () => {
        await proxy.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    interface Ran {
        readonly status: number;
        readonly out: string;
        readonly err: string;
    }

    /** A program in the folder, with the AWS CLI on the path. */
    async function ran(command: string, args: readonly string[]): Promise<Ran> {
        const { bin } = await pythonTools();
        // The reader's own setting, which the script has to override.
        const env = environmentWith(
            { ...proxy.env, AWS_DEFAULT_OUTPUT: "text" },
            { ...process.env, PATH: `${bin}:${process.env["PATH"]!}` },
        );
        return new Promise((resolve) => {
            execFile(command, args, { cwd: folder, env, maxBuffer: 1e9 }, (error, out, err) =>
                resolve({ status: error === null ? 0 : Number(error.code), out, err }),
            );
        });
    }

    async function run(command: string, args: readonly string[]): Promise<string> {
        const { status, out, err } = await ran(command, args);
        expect({ status, err }).to.deep.equal({ status: 0, err: "" });
        return out;
    }

    /** The built command. */
    const audit = (...args: readonly string[]): Promise<Ran> =>
        ran(process.execPath, [join(projectRoot, "dist/cmd/aws-gitlab-oidc.js"), "audit", ...args]);

    const reached: Readonly<Record<string, Row>> = {
        ...MADE_ROWS,
        ...Object.fromEntries(BY_HAND.flatMap(({ name, row }) => (row === undefined ? [] : [[name, row]]))),
    };

    it("lists the roles that a GitLab instance reaches, and counts the others", () => {
        expect(report.accounts).to.deep.equal([
            {
                account: ACCOUNT,
                roleCount: Object.keys(MADE_ROWS).length + BY_HAND.length,
                gitLabRoleCount: Object.keys(reached).length,
            },
        ]);
        expect(report.accounts[0]!.roleCount).to.be.greaterThan(60);
        expect(report.roles.map(({ arn }) => arn)).to.deep.equal(Object.keys(reached).map(roleArn).sort());
    });

    for (const [name, row] of Object.entries(reached)) {
        it(`${name}: as written down by hand`, () => {
            const role = report.roles.find(({ arn }) => arn === roleArn(name));
            expect(role && rowOf(role, report)).to.deep.equal(row);
        });
    }

    it("has examples that a second evaluator lets in", () => {
        const denied: string[] = [];
        let count = 0;
        for (const { arn, trustPolicy, subjects, witnesses } of report.roles) {
            for (const { witness, context } of subjects.filter((s) => s.witness !== null)) {
                const claims = witnesses[witness!]!;
                const issuer = claims.iss.slice("https://".length);
                const own = arn.endsWith("/provider-elsewhere") ? "444455556666" : ACCOUNT;
                const texts = Object.fromEntries(Object.entries(claims).map(([k, v]) => [k, String(v)]));
                count += 1;
                if (
                    !allows(trustPolicy as object, {
                        issuer,
                        providerArn: providerArn(issuer, own),
                        claims: texts,
                        context,
                    })
                ) {
                    denied.push(`${arn}: ${JSON.stringify(claims)}`);
                }
            }
        }
        expect(denied).to.deep.equal([]);
        expect(count).to.be.greaterThan(60);
    });

    it("has the jobs of CloudTrail, of the regions that the script reads", () => {
        const { events } = report;
        expect(events).to.deep.include({
            total: RECORDS.length - 1,
            calls: RECORDS.length - 2,
            otherRoles: [roleArn("deleted")],
            unreadable: 0,
        });
        const seen = (name: string): NonNullable<AuditedRole["events"]> =>
            report.roles.find(({ arn }) => arn === roleArn(name))!.events!;
        expect(seen("made-deploy").evidence).to.deep.include({
            count: 4,
            first: DAY(18),
            last: DAY(21),
            regions: ["eu-central-1", "us-east-1"],
        });
        expect(seen("made-deploy").allowed).to.have.length(1);
        expect(seen("made-deploy").allowed[0]).to.deep.include({
            sub: MAIN,
            count: 3,
            addresses: ["198.51.100.7", "203.0.113.7"],
        });
        expect(seen("made-deploy").denied).to.have.length(1);
        expect(seen("made-deploy").denied[0]).to.deep.include({ sub: ref("feature/x"), count: 1 });
        expect(seen("group").allowed[0]).to.deep.include({ count: 60 });
        expect(policyOf(seen("group").narrower)).to.deep.equal({
            Version: "2012-10-17",
            Statement: [
                {
                    Effect: "Allow",
                    Principal: { Federated: providerArn("gitlab.com") },
                    Action: "sts:AssumeRoleWithWebIdentity",
                    Condition: { StringEquals: { "gitlab.com:aud": "https://gitlab.com", "gitlab.com:sub": MAIN } },
                },
            ],
        });
        expect(unusedOf("many")).to.deep.equal(["c", "d", "e", "f", "g", "h"].map((b) => ref(`main-${b}`)));
        expect(seen("star").evidence.count).to.equal(0);

        function unusedOf(name: string): readonly string[] {
            const { unused } = seen(name);
            return unused === "unknown" ? [] : unused.map(({ sub }) => sub);
        }
    });

    it("has every project with its roles", () => {
        const ofWeb = report.projects.filter(({ path }) => path === "acme/web");
        expect(ofWeb).to.deep.equal([
            {
                issuer: "gitlab.com",
                kind: "project",
                path: "acme/web",
                projectIds: ["4712"],
                roles: [roleArn("made-both")],
            },
        ]);
        const ofMissing = report.projects.filter(({ issuer }) => issuer === "gitlab.missing.example");
        expect(ofMissing.map(({ roles }) => roles)).to.deep.equal([[roleArn("no-provider")]]);
        expect(report.projects.flatMap(({ roles }) => roles)).not.to.include(roleArn("denied"));
    });

    it("says what it cannot know", () => {
        expect(report.notes).to.deep.equal([
            `${roleArn("provider-elsewhere")}: the trust policy names "${providerArn("gitlab.com", "444455556666")}", which is not in the account of the role.`,
            '1 role trusts the issuer "code.example.org", and nothing shows whether it is a GitLab instance. If it is, give its URL.',
        ]);
    });

    it("is the same on a second read, and as a table and SARIF of the same findings", async () => {
        const files = readdirSync(join(folder, "account")).map((name) => join("account", name));
        expect(JSON.parse((await audit(...files, "--json")).out)).to.deep.equal(report);
        const findings = report.roles.flatMap((role) => role.findings);
        const { results } = (JSON.parse((await audit(...files, "--sarif")).out) as { runs: [{ results: object[] }] })
            .runs[0];
        expect(results).to.have.length(findings.length);
        const { out } = await audit(...files);
        expect(out.split("\n")[0]).to.equal(
            `GitLab jobs can assume ${String(Object.keys(reached).length)} of ${String(report.accounts[0]!.roleCount)} roles in 1 account`,
        );
        for (const name of Object.keys(reached)) {
            expect(out).to.contain(`\n${roleArn(name)}\n`);
        }
    });
});

/** The columns of the table. */
function rowOf(role: AuditedRole, { chains }: AuditReport): Row {
    const { reaches = [] } = chains.find((chain) => chain.role === role.arn) ?? {};
    return {
        trusts: role.trusts.map(trustOf),
        jobs: role.subjects.map(({ description, reachable }) =>
            reachable === true ? description : `${description} (${reachable === false ? "never" : reachable})`,
        ),
        findings: role.findings.map(({ id }) => id),
        power: role.powerComplete ? role.power : `at least ${role.power}`,
        boundary: role.boundary.split("/").pop()!,
        reaches: reaches.map((arn) => arn.split("/").pop()!).sort(),
        lastUsed: role.lastUsed,
        session: role.maxSessionDuration as number,
    };
}

function trustOf({ issuer, evidence, providerExists, listsAudience }: TrustedIssuer): string {
    return [
        evidence === "sub-claim" ? `${issuer} by its sub claims` : issuer,
        ...{ true: [], false: ["missing"], unknown: ["perhaps missing"] }[String(providerExists)]!,
        ...{ true: [], false: ["audience not listed"], unknown: ["audience unknown"] }[String(listsAudience)]!,
    ].join(", ");
}

function policyOf(narrower: NonNullable<AuditedRole["events"]>["narrower"]): unknown {
    return "policy" in narrower ? JSON.parse(narrower.policy) : narrower;
}

/** Creates the roles of people, their policies and identity providers. */
async function createByHand(): Promise<void> {
    const aws = await iam();
    const document = (statements: readonly object[], version = "2012-10-17"): string =>
        JSON.stringify({ Version: version, Statement: statements });
    const policyArn = (name: string): string =>
        name.startsWith("arn:") ? name : `arn:aws:iam::${ACCOUNT}:policy/${name}`;
    await Promise.all([
        ...Object.entries(PROVIDERS).map(([issuer, audiences]) =>
            aws.createOpenIDConnectProvider({ Url: `https://${issuer}`, ClientIDList: [...audiences] }),
        ),
        ...Object.entries(POLICIES).map(async ([name, [first, ...others]]) => {
            await aws.createPolicy({ PolicyName: name, PolicyDocument: document(first!) });
            for (const statements of others) {
                const version = { PolicyArn: policyArn(name), PolicyDocument: document(statements) };
                await aws.createPolicyVersion({ ...version, SetAsDefault: true });
            }
        }),
    ]);
    await Promise.all(
        BY_HAND.map(async ({ name, path, trust, version, inline, managed = [], boundary }: Role) => {
            await aws.createRole({
                RoleName: name,
                AssumeRolePolicyDocument: document(trust, version),
                ...(path !== undefined && { Path: path }),
                ...(boundary !== undefined && { PermissionsBoundary: policyArn(boundary) }),
            });
            if (inline !== undefined) {
                await aws.putRolePolicy({ RoleName: name, PolicyName: "inline", PolicyDocument: document(inline) });
            }
            for (const policy of managed) {
                await aws.attachRolePolicy({ RoleName: name, PolicyArn: policyArn(policy) });
            }
        }),
    );
}
