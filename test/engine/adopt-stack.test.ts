import { Policy, OpenIdConnectProvider, Role, RolePolicy, RolePolicyAttachment } from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format } from "prettier";
import { environmentWith, startAccountProxy, type AccountProxy } from "../../tools/emulator";
import { projectRoot } from "../../tools/setup/cache";
import { pythonTools } from "../../tools/setup/python";
import { statement } from "../support/policies";
import { typeErrors } from "../support/type-errors";
import { everythingInAws, iam, providerInAws, roleInAws } from "./account";
import { programOf } from "./adopt-program";
import { emptyAccount, engine, type TestStack } from "./engine";

const ACCOUNT = "111122223333";
const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/gitlab.com`;
const READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";

const trust = (condition: object): string => JSON.stringify({ Version: "2012-10-17", Statement: statement(condition) });
const onBranch = (branch: string): string =>
    trust({
        StringEquals: {
            "gitlab.com:aud": "https://gitlab.com",
            "gitlab.com:sub": `project_path:acme/app:ref_type:branch:ref:${branch}`,
        },
    });
/** Inputs of this package never have a wildcard for all owners of projects. */
const OPEN = trust({
    StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
    StringLike: { "gitlab.com:sub": "project_path:*:ref_type:branch:ref:main" },
});
const DOCUMENT = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "s3:Get*", Resource: "*" }],
});

/** A component of the user. */
class Team extends pulumi.ComponentResource {
    constructor(name: string, hasRole: boolean) {
        super("acme:index:Team", name, {});
        if (hasRole) {
            const parent = { parent: this };
            const role = new Role(`${name}-role`, { name: "team", assumeRolePolicy: onBranch("team") }, parent);
            new RolePolicyAttachment(`${name}-read`, { role: role.name, policyArn: READ_ONLY }, { parent: role });
        }
        this.registerOutputs({});
    }
}

/** Resources that stay in the program. */
function others(): void {
    new Role("open", { name: "open", assumeRolePolicy: OPEN });
    new Policy("own", { name: "own", policy: DOCUMENT });
}

/** A stack without this package. The role `ci` has a name that Pulumi generated. */
function before(): undefined {
    new OpenIdConnectProvider("idp", {
        url: "https://gitlab.com",
        clientIdLists: ["https://gitlab.com"],
        thumbprintLists: ["a".repeat(40)],
    });
    const role = new Role("ci", {
        assumeRolePolicy: onBranch("main"),
        maxSessionDuration: 7200,
        tags: { team: "platform" },
    });
    new RolePolicyAttachment("ci-read", { role: role.name, policyArn: READ_ONLY });
    new RolePolicy("ci-own", { role: role.id, name: "own", policy: DOCUMENT });
    new Team("acme", true);
    others();
    return undefined;
}

const YAML = `
resources:
  eu:
    type: pulumi:providers:aws
    properties: { region: eu-central-1 }
  idp:
    type: aws:iam:OpenIdConnectProvider
    properties:
      url: https://gitlab.com
      clientIdLists: [https://gitlab.com]
    options: { provider: "\${eu}" }
  ci:
    type: aws:iam:Role
    properties:
      name: ci
      description: Deploys
      assumeRolePolicy: '${onBranch("main")}'
    options: { provider: "\${eu}" }
  ci-read:
    type: aws:iam:RolePolicyAttachment
    properties: { role: "\${ci.name}", policyArn: ${READ_ONLY} }
    options: { provider: "\${eu}" }
`;
const YAML_OTHERS = `
  own:
    type: aws:iam:Policy
    properties: { name: own, policy: '${DOCUMENT}', description: { fn::secret: hidden } }
`;

interface Ran {
    readonly status: number;
    readonly out: string;
    readonly err: string;
}

describe("engine: adopt a stack without this package", () => {
    emptyAccount();
    let folder: string;
    let proxy: AccountProxy;

    beforeEach(async () => {
        const { emulator } = (await engine()).workspace;
        proxy = await startAccountProxy({ upstream: emulator });
        folder = mkdtempSync(join(tmpdir(), "adopt-stack-"));
    });

    afterEach(async () => {
        await proxy.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    /** The built command, with the AWS CLI on PATH. */
    async function adopt(...args: readonly string[]): Promise<Ran> {
        const { bin } = await pythonTools();
        const env = environmentWith(proxy.env, { ...process.env, PATH: `${bin}:${process.env["PATH"]!}` });
        const command = [join(projectRoot, "dist/cmd/aws-gitlab-oidc.js"), "adopt", "--aws-cli", "--out", "program"];
        return new Promise((resolve) => {
            execFile(process.execPath, [...command, ...args], { cwd: folder, env }, (error, out, err) =>
                resolve({ status: error === null ? 0 : Number(error.code), out, err }),
            );
        });
    }

    async function exported(stack: TestStack, file = "export.json"): Promise<string> {
        const { code, text } = await stack.command([
            ...["stack", "export", "--stack", stack.name],
            ...["--file", join(folder, file)],
        ]);
        expect(code, text).to.equal(0);
        return file;
    }

    /** Runs the commands before the preview that the output has for the stack, as they are. */
    function follow(out: string, stack: TestStack): Promise<readonly string[]> {
        return run(out.split("       pulumi preview --diff\n")[0]!, stack);
    }

    async function run(out: string, stack: TestStack): Promise<readonly string[]> {
        const ran = [...out.matchAll(/^ {7}pulumi (.*)$/gm)].map(([, command]) => command!);
        for (const command of ran) {
            const more = command.startsWith("import") ? ["--yes", "--skip-preview", "--stack", stack.name] : [];
            const words = command.split(" ").map((word) => word.replace(/^'(.*)'$/, "$1"));
            const { code, text } = await stack.command([...words, ...more, "--non-interactive"]);
            expect(code, `${command}: ${text}`).to.equal(0);
        }
        return ran;
    }

    async function account(roles: readonly string[]): Promise<unknown> {
        return [await everythingInAws(), await providerInAws(PROVIDER), await Promise.all(roles.map(roleInAws))];
    }

    const text = (name: string): string => readFileSync(join(folder, "program", name), "utf8");

    it("in TypeScript: resources become children by aliases, and nothing is imported, created or replaced in AWS", async () => {
        const stack = await (await engine()).program(before, "acme");
        await stack.up();
        const ci = stack.resource("Role ci").id!;
        const was = await account([ci, "team", "open"]);
        const { status, out, err } = await adopt(await exported(stack), "--language", "typescript");
        expect({ status, err }).to.deep.equal({ status: 1, err: "" });
        expect(out).to.contain(`wrote program/index.ts\nThe program has 2 roles and 1 identity provider`);
        expect(out).to.contain(`Left as they are: 1 role\n  arn:aws:iam::${ACCOUNT}:role/open\n`);
        expect(out).to.contain(
            `  1. In the program of the stack "${stack.name}", replace these resources by those of program/index.ts. Keep everything else:\n`,
        );
        expect([
            existsSync(join(folder, "program/import.json")),
            existsSync(join(folder, "program/state.json")),
        ]).to.deep.equal([false, false]);
        expect(await follow(out, stack)).to.deep.equal([]);

        const program = text("index.ts");
        expect(await format(program, { parser: "typescript" })).to.equal(program);
        expect(typeErrors(new Map([[join(projectRoot, "test/adopted.ts"), program]]))).to.deep.equal([]);
        const stays = (): void => {
            new Team("acme", false);
            others();
        };
        stack.edit(() => {
            stays();
            return programOf(program)();
        });
        const created = {
            "GitLabOidc gitlab": "create",
            "IdentityProvider gitlab": "create",
            [`PipelineRole gitlab-${ci}`]: "create",
            "PipelineRole gitlab-team": "create",
        };
        expect((await stack.preview()).changes).to.deep.equal(created);
        expect((await stack.up()).changes).to.deep.equal(created);
        expect(await account([ci, "team", "open"])).to.deep.equal(was);
        await stack.unchanged();

        const finished = program
            .replace(/const former[^]*?\n};\n/, "")
            .replace(/const stack .*\n/, "")
            .replace(/const keep[^]*?\n};\n/, "")
            .replace("{ protect: true, transforms: [keep] }", "{}");
        expect(finished).not.to.match(/former\[|keep\b(?!`)|protect/);
        stack.edit(() => {
            stays();
            return programOf(finished)();
        });
        await stack.up();
        await stack.unchanged();
        expect(await account([ci, "team", "open"])).to.deep.equal(was);
    });

    it("in TypeScript, with a policy that the stack does not have: the stack gets a new state", async () => {
        const stack = await (await engine()).program(before, "acme");
        await stack.up();
        const ci = stack.resource("Role ci").id!;
        await (await iam()).attachRolePolicy({ RoleName: ci, PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" });
        const was = await account([ci, "team", "open"]);
        const { out } = await adopt(await exported(stack), "--language", "typescript");
        expect(out).to.contain("wrote program/index.ts\nwrote program/state.json\nwrote program/import.json\n");
        await follow(out, stack.asYaml("resources: {}\n"));
        const program = text("index.ts");
        expect(program).not.to.contain("transforms");
        stack.edit(() => {
            new Team("acme", false);
            others();
            return programOf(program)();
        });
        await stack.unchanged();
        expect(await account([ci, "team", "open"])).to.deep.equal(was);
    });

    it("in YAML: the stack gets a new state, and nothing is created, replaced or deleted", async () => {
        const stack = await (await engine()).yaml(YAML + YAML_OTHERS, "acme");
        await stack.up();
        await (await iam()).attachRolePolicy({ RoleName: "ci", PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" });
        const was = await account(["ci"]);
        const { status, out, err } = await adopt(await exported(stack), "--language", "yaml");
        expect({ status, err }).to.deep.equal({ status: 0, err: "" });
        expect(out).to.contain("wrote program/Pulumi.yaml\nwrote program/state.json\nwrote program/import.json\n");
        const eu = stack.resource("aws eu").urn;
        expect(out).to.contain(`Add it to the components as \`providers\`: ${eu}\n`);

        const own = text("Pulumi.yaml");
        expect(own).to.contain("\nname: acme\n");
        const [resources, outputs] = own.slice(own.indexOf("resources:")).split("outputs:") as [string, string];
        const provider = YAML.slice(0, YAML.indexOf("  idp:")).replace("resources:", "").replace(/^ {2}/gm, "    ");
        const merged = `${resources.replace("protect: true", "protect: true\n            providers: ['${eu}']")}${provider}${YAML_OTHERS.replace(/^ {2}/gm, "    ")}outputs:${outputs}`;
        const after = stack.asYaml(merged);
        expect(await follow(out, after)).to.deep.equal([
            `stack import --stack ${stack.name} --file ${join(folder, "program/state.json")}`,
            `import --file ${join(folder, "program/import.json")} --generate-code=false`,
        ]);
        await after.unchanged();
        expect(after.labels()).to.deep.equal([
            "GitLabOidc gitlab",
            "IdentityProvider gitlab",
            "OpenIdConnectProvider gitlab",
            "PipelineRole gitlab-ci",
            "Policy own",
            "Role gitlab-ci",
            "RolePolicyAttachment gitlab-ci:aws:policy/AmazonS3ReadOnlyAccess",
            "RolePolicyAttachment gitlab-ci:aws:policy/ReadOnlyAccess",
        ]);
        expect(await account(["ci"])).to.deep.equal(was);

        const again = await adopt(await exported(after), "--language", "yaml");
        expect(again.out).to.contain("wrote program/Pulumi.yaml\nThe program has 1 role");
        expect(text("Pulumi.yaml")).to.equal(own);
    });

    it("a program without the components cannot delete what the new state has", async () => {
        const stack = await (await engine()).yaml(YAML + YAML_OTHERS, "acme");
        await stack.up();
        const was = await account(["ci"]);
        const { out } = await adopt(await exported(stack), "--language", "yaml");
        await follow(out, stack);
        const without = stack.asYaml(`${YAML.slice(0, YAML.indexOf("  idp:"))}${YAML_OTHERS}`);
        expect((await without.refused()).text).to.match(
            /::gitlab-ci:[^"]*" cannot be deleted\n +because it is protected/,
        );
        expect(await account(["ci"])).to.deep.equal(was);
    });

    it("resources of several stacks are imported into a new one, and leave the states of the others then", async () => {
        const stacks = await engine();
        const ofProvider = await stacks.yaml(
            `resources:\n  idp:\n    type: aws:iam:OpenIdConnectProvider\n    properties: { url: 'https://gitlab.com', clientIdLists: ['https://gitlab.com'] }\n`,
            "identity",
        );
        const ofRole = await stacks.yaml(
            `resources:\n  ci:\n    type: aws:iam:Role\n    properties: { name: ci, assumeRolePolicy: '${onBranch("main")}' }\n  read:\n    type: aws:iam:RolePolicyAttachment\n    properties: { role: "\${ci.name}", policyArn: ${READ_ONLY} }\n${YAML_OTHERS}`,
            "acme",
        );
        await ofProvider.up();
        await ofRole.up();
        const was = await account(["ci"]);
        const files = [await exported(ofProvider, "identity.json"), await exported(ofRole, "acme.json")];
        const { status, out, err } = await adopt(...files, "--language", "yaml");
        expect({ status, err }).to.deep.equal({ status: 0, err: "" });
        expect(out).to.contain("wrote program/Pulumi.yaml\nwrote program/import.json\nThe program");

        const own = text("Pulumi.yaml");
        const stack = await stacks.yaml(own.slice(own.indexOf("resources:")), "gitlab-oidc");
        await follow(out, stack);
        await stack.unchanged();
        const releases = out.split("Remove the resources from the state of the stack ").slice(1);
        expect(releases.map((part) => part.split(".")[0])).to.deep.equal(
            [ofRole, ofProvider].map(({ name }) => JSON.stringify(name)),
        );
        await run(releases[0]!, ofRole);
        await run(releases[1]!, ofProvider);
        expect([ofRole.labels(), ofProvider.labels()]).to.deep.equal([["Policy own"], []]);
        const without = ofRole.asYaml(`resources:\n${YAML_OTHERS}`);
        await without.unchanged();
        await stack.unchanged();
        expect(await account(["ci"])).to.deep.equal(was);
    });
});
