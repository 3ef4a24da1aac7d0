import { expect } from "chai";
import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import ts from "typescript";
import { environmentWith, startAccountProxy, type AccountProxy, type CloudTrailRecord } from "../../tools/emulator";
import { projectRoot } from "../../tools/setup/cache";
import { pythonTools } from "../../tools/setup/python";
import { eventOf } from "../support/events";
import { collectScript, guideBlock } from "../support/guide";
import { everythingInAws, iam, roleInAws } from "../engine/account";
import { engine, type Program } from "../engine/engine";
import { startRunner, type Place, type Project, type Run, type Runner } from "./runner";

const SCHEDULE: Place = { path: "mygroup/audit", source: "schedule" };

/** The commands of the job's image, and `npx`, which runs the built command of this checkout. */
const COMMANDS = {
    apk: '[ "$*" = "add --no-cache aws-cli" ]',
    npx: `case "$*" in
"aws-gitlab-oidc audit "*) shift ;;
"--yes --package=pulumi-aws-gitlab-oidc aws-gitlab-oidc audit "*) shift 3 ;;
*) echo "npx $*" >&2; exit 127 ;;
esac
exec '${process.execPath}' '${join(projectRoot, "dist/cmd/aws-gitlab-oidc.js")}' "$@"`,
};

/** A job of the account, in each of the regions of the script. */
const RECORDS = ["eu-central-1", "us-east-1"].map(
    (region) => eventOf({ region, roleArn: "arn:aws:iam::111122223333:role/known" }) as CloudTrailRecord,
);

describe("the guide's nightly audit, run by gitlab-ci-local", function () {
    let folder: string;
    let runner: Runner;
    let proxy: AccountProxy;
    let project: Project;
    let reader: string;

    before(async function () {
        const { workspace } = await engine();
        await workspace.emulator.reset();
        const stack = await (await engine()).program(guideProgram());
        await stack.up();
        [reader] = (await everythingInAws()).roles as [string];
        runner = await startRunner(this, workspace.emulator);
        proxy = await startAccountProxy({ upstream: runner.gate, events: RECORDS });
        await createRole("known", "project_path:acme/*:ref_type:branch:ref:main");
        folder = mkdtempSync(join(tmpdir(), "audit-nightly-"));
        for (const [name, text] of Object.entries(COMMANDS)) {
            writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
        }
        project = runner.project({
            ".gitlab-ci.yml": `${String(stack.outputs()["gitlabCiYml"])}\n${guideBlock("yaml", "extends: .aws-audit")}`,
            "collect.sh": collectScript(),
        });
    });

    after(async () => {
        await proxy.stop();
        await runner.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    /** The job, in a pipeline that a schedule starts. The runner itself has no keys of AWS but those in its home. */
    const nightly = (): Promise<Run> =>
        project.run([], { ...SCHEDULE, commands: folder, ambient: { AWS_ENDPOINT_URL: proxy.endpoint } });

    it("begins with a first report, which becomes the baseline", async () => {
        const { bin } = await pythonTools();
        const path = [folder, bin, process.env["PATH"]!].join(delimiter);
        const status = await new Promise((resolve) => {
            execFile(
                "sh",
                ["-c", guideBlock("sh", "> baseline.json")],
                { cwd: project.folder, env: environmentWith(proxy.env, { ...process.env, PATH: path }) },
                (error) => resolve(error?.code ?? 0),
            );
        });
        // The report has an error.
        expect(status).to.equal(1);
        expect(findingsIn("baseline.json")).to.deep.equal(["known no-audience", "known group-wide"]);
    });

    it("succeeds while the account has no other findings", async () => {
        const { status, log } = await nightly();
        expect(status, log).to.equal(0);
        expect(log).to.contain("  Baseline  0 new, 0 gone\n");
    });

    it("calls AWS as the role of the guide, whose policy allows these calls and no others", async () => {
        const own = proxy.calls.filter(({ accessKeyId }) => accessKeyId !== "testing" && accessKeyId !== "");
        expect(new Set(own.map(({ accessKeyId }) => accessKeyId)).size).to.equal(1);
        const { inline, managed } = await roleInAws(await nameOf(reader));
        const { Statement: statements } = inline["read"] as {
            readonly Statement: readonly { readonly Action: string[] }[];
        };
        expect([...new Set(own.map(({ action }) => action))].sort()).to.deep.equal(
            statements.flatMap(({ Action }) => Action).sort(),
        );
        expect(Object.keys(inline)).to.deep.equal(["read"]);
        expect(managed).to.deep.equal([]);
    });

    it("fails with the finding that is new, and writes the report", async () => {
        await createRole("wide", "project_path:*");
        const { status, log } = await nightly();
        expect(status, log).to.equal(1);
        expect(log).to.contain("  Baseline  2 new, 0 gone\n");
        expect(log).to.contain("arn:aws:iam::111122223333:role/wide\n").and.not.contain("role/known\n");
        expect(findingsIn("report.json")).to.deep.equal([
            ...["known no-audience", "known group-wide", "wide no-subject", "wide no-audience"],
        ]);
    });

    it("succeeds again with the report as the baseline", async () => {
        copyFileSync(join(project.folder, "report.json"), join(project.folder, "baseline.json"));
        const { status, log } = await nightly();
        expect(status, log).to.equal(0);
        expect(log).to.contain("  Baseline  0 new, 0 gone\n");
    });

    it("fails if a call is denied, instead of a report that lacks roles", async () => {
        const aws = await iam();
        const RoleName = await nameOf(reader);
        const Statement = [{ Effect: "Deny", Action: "iam:ListRoles", Resource: "*" }];
        const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
        await aws.putRolePolicy({ RoleName, PolicyName: "less", PolicyDocument });
        const { status, log } = await nightly();
        expect(status, log).not.to.equal(0);
        expect(log).to.contain("iam:ListRoles").and.not.contain("  Baseline  ");
    });

    it("runs in scheduled pipelines only", async () => {
        expect(await project.started(SCHEDULE)).to.deep.equal(["audit"]);
        expect(await project.started({ path: "mygroup/audit" })).to.deep.equal([]);
    });

    function findingsIn(file: string): readonly string[] {
        const { roles } = JSON.parse(readFileSync(join(project.folder, file), "utf8")) as {
            readonly roles: readonly { readonly name: string; readonly findings: readonly { readonly id: string }[] }[];
        };
        const others = roles.filter(({ name }) => !name.startsWith(reader));
        return others.flatMap(({ name, findings }) => findings.map(({ id }) => `${name} ${id}`));
    }
});

/** The program of the guide. */
function guideProgram(): Program {
    // The emulator evaluates no key of gitlab.com but `sub` and `aud`.
    const text = guideBlock("ts", "GetAccountAuthorizationDetails").replace(' projectId: "<project id>",', "");
    const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
    return () => {
        const exports: Record<string, unknown> = {};
        // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the guide's program
        (new Function("require", "exports", outputText) as (...args: unknown[]) => void)(
            createRequire(__filename),
            exports,
        );
        return exports;
    };
}

/** A role without a test of the audience. */
async function createRole(name: string, sub: string): Promise<void> {
    const statement = {
        Effect: "Allow",
        Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/gitlab.com" },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { StringLike: { "gitlab.com:sub": sub } },
    };
    const trust = { Version: "2012-10-17", Statement: [statement] };
    await (await iam()).createRole({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) });
}

/** The name in IAM, with its random end. */
async function nameOf(role: string): Promise<string> {
    const { Roles: roles = [] } = await (await iam()).listRoles({});
    return roles.map(({ RoleName }) => RoleName!).find((name) => name.startsWith(role))!;
}
