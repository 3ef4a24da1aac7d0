import { IAM } from "@aws-sdk/client-iam";
import { expect } from "chai";
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format } from "prettier";
import { environmentWith, startAccountProxy, type AccountProxy } from "../../tools/emulator";
import { projectRoot } from "../../tools/setup/cache";
import { pythonTools } from "../../tools/setup/python";
import { eventOf } from "../support/events";
import { trustPolicy } from "../support/policies";
import { programOf } from "./adopt-program";
import { everythingInAws, iam, providerInAws, roleInAws, type RoleInAws } from "./account";
import { emptyAccount, engine, type TestStack } from "./engine";

const ACCOUNT = "111122223333";
const READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/gitlab.com`;
const AUDIENCES = ["https://gitlab.com", "sts.amazonaws.com"];
const HOUR = 3600;

interface HandMade {
    readonly name: string;
    readonly condition: object;
    readonly statements?: readonly object[];
    readonly path?: string;
    readonly description?: string;
    readonly hours?: number;
    readonly boundary?: string;
    readonly tags?: Readonly<Record<string, string>>;
    readonly managed?: readonly string[];
    readonly inline?: Readonly<Record<string, object>>;
}

const sub = (ref: string, project = "acme/app"): string => `project_path:${project}:ref_type:branch:ref:${ref}`;
const both = { "gitlab.com:aud": AUDIENCES };
const exactly = (value: string | readonly string[], more: object = {}): object => ({
    StringEquals: { ...both, "gitlab.com:sub": value, ...more },
});
const like = (value: string | readonly string[], aud: unknown = AUDIENCES): object => ({
    StringEquals: { "gitlab.com:aud": aud },
    StringLike: { "gitlab.com:sub": value },
});
const allow = (action: string, resource = "*", condition?: object): object => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: action, Resource: resource, Condition: condition }],
});

/** Twelve roles with sessions of 1 to 12 hours, and nine that show the other properties. */
const ROLES: readonly HandMade[] = [
    ...Array.from({ length: 12 }, (_, i): HandMade => ({
        name: `session-${String(i + 1)}`,
        condition: exactly(sub(`release-${String(i + 1)}`)),
        hours: i + 1,
    })),
    // StringLike for everything, as the console of AWS writes it.
    { name: "console", condition: { StringLike: { ...both, "gitlab.com:sub": sub("main") } } },
    { name: "patterns", condition: like([sub("release/*"), "project_path:acme/app:ref_type:tag:ref:v*"]) },
    {
        name: "Deploy.Me",
        path: "/ci/deploy/",
        description: 'Deploys "acme" for ${everybody}: $${all} of it, $$',
        condition: exactly(sub("main"), { "gitlab.com:project_id": "4711", "gitlab.com:ref_protected": "true" }),
        hours: 2,
        boundary: "arn:aws:iam::aws:policy/PowerUserAccess",
        tags: { team: "platform", "cost center": "4 711" },
        managed: [READ_ONLY, `arn:aws:iam::${ACCOUNT}:policy/apps/own`],
        inline: {
            own: allow("s3:Get*", "arn:aws:s3:::acme-${aws:PrincipalTag/team}/${$}$$/*"),
            second_one: allow("sqs:*", "*", {
                StringLike: { "aws:RequestTag/${aws:PrincipalTag/$$}": ["!!x", "&a", "null"] },
            }),
        },
    },
    { name: "group", condition: like("project_path:acme/*:ref_type:branch:ref:main") },
    {
        name: "network",
        condition: { ...exactly(sub("main")), IpAddress: { "aws:SourceIp": ["192.0.2.0/24", "198.51.100.0/24"] } },
        managed: [READ_ONLY],
    },
    { name: "several", condition: exactly([sub("main"), sub("main", "acme/web"), sub("main", "acme/api")]) },
    {
        name: "one-audience",
        condition: like(sub("*"), "sts.amazonaws.com"),
        inline: { "@own.policy+v=1,2": allow("s3:List*") },
    },
    { name: "old-version", condition: exactly(sub("main", "acme/old")) },
    { name: "any-audience", condition: { StringEquals: { "gitlab.com:sub": sub("any") } } },
];

/** Roles that GitLab jobs can assume, and that are left as they are, with what the command prints about them. */
const LEFT: readonly (HandMade & { readonly reason: string })[] = [
    {
        name: "everybody",
        condition: { StringEquals: both },
        reason: 'It does not list values of "gitlab.com:sub". Inputs always do.',
    },
    {
        name: "every-owner",
        condition: like("project_path:*:ref_type:branch:ref:main"),
        reason: '"*" has a wildcard in its first segment',
    },
];

/** A role of another issuer, of which the command does not speak. */
const OTHER = "github";

async function makeByHand(): Promise<void> {
    const aws = await iam();
    await aws.createOpenIDConnectProvider({
        Url: "https://gitlab.com",
        ClientIDList: AUDIENCES,
        ThumbprintList: ["a".repeat(40)],
        Tags: [{ Key: "owner", Value: "security" }],
    });
    await aws.createPolicy({
        PolicyName: "own",
        Path: "/apps/",
        PolicyDocument: JSON.stringify(allow("ec2:Describe*")),
    });
    for (const role of [...ROLES, ...LEFT]) {
        await makeRole(aws, role);
    }
    await aws.createRole({
        RoleName: OTHER,
        AssumeRolePolicyDocument: trust(
            { StringEquals: { "token.actions.githubusercontent.com:sub": "repo:a/b:*" } },
            "token.actions.githubusercontent.com",
        ),
    });
}

function trust(condition: object, issuer = "gitlab.com", version = "2012-10-17"): string {
    const Statement = {
        Effect: "Allow",
        Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}` },
        Action: ["sts:AssumeRoleWithWebIdentity"],
        Condition: condition,
    };
    return JSON.stringify({ Version: version, Statement }, null, 4);
}

async function makeRole(aws: IAM, role: HandMade): Promise<void> {
    const { name, path, description, hours, boundary, tags = {}, managed = [], inline = {} } = role;
    await aws.createRole({
        RoleName: name,
        AssumeRolePolicyDocument: trust(
            role.condition,
            "gitlab.com",
            name === "old-version" ? "2008-10-17" : "2012-10-17",
        ),
        ...(path !== undefined && { Path: path }),
        ...(description !== undefined && { Description: description }),
        ...(hours !== undefined && { MaxSessionDuration: hours * HOUR }),
        ...(boundary !== undefined && { PermissionsBoundary: boundary }),
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    });
    for (const PolicyArn of managed) {
        await aws.attachRolePolicy({ RoleName: name, PolicyArn });
    }
    for (const [PolicyName, document] of Object.entries(inline)) {
        await aws.putRolePolicy({ RoleName: name, PolicyName, PolicyDocument: JSON.stringify(document, null, 2) });
    }
}

interface Ran {
    readonly status: number;
    readonly out: string;
    readonly err: string;
}

describe("engine: adopt an account without this package", () => {
    emptyAccount();
    let folder: string;
    let proxy: AccountProxy;

    beforeEach(async () => {
        const { emulator } = (await engine()).workspace;
        proxy = await startAccountProxy({ upstream: emulator, events: [], lastUsed: {} });
        folder = mkdtempSync(join(tmpdir(), "adopt-account-"));
        await makeByHand();
    });

    afterEach(async () => {
        await proxy.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    async function ran(command: string, args: readonly string[]): Promise<Ran> {
        const { bin } = await pythonTools();
        const env = environmentWith(proxy.env, {
            ...process.env,
            PATH: `${bin}:${process.env["PATH"]!}`,
        });
        return new Promise((resolve) => {
            execFile(command, args, { cwd: folder, env, maxBuffer: 1e9 }, (error, out, err) =>
                resolve({ status: error === null ? 0 : Number(error.code), out, err }),
            );
        });
    }

    /** The output of a call that the command names, in a file. */
    async function collect(file: string, call: string): Promise<string> {
        const [command, ...args] = call.split(" ");
        const { status, out, err } = await ran(command!, args);
        expect({ status, err }, `${call}: ${err}`).to.deep.equal({ status: 0, err: "" });
        writeFileSync(join(folder, file), out);
        return file;
    }

    const adopt = (...args: readonly string[]): Promise<Ran> =>
        ran(process.execPath, [join(projectRoot, "dist/cmd/aws-gitlab-oidc.js"), "adopt", ...args]);

    /** Adds the output of each call that the command asks for, until it asks for none. */
    async function adopted(language: string, ...more: readonly string[]): Promise<Ran> {
        const files = [
            ...more,
            await collect("details.json", `aws iam get-account-authorization-details --output json`),
        ];
        for (;;) {
            const result = await adopt(...files, "--language", language, "--out", "program");
            const calls = [...result.out.matchAll(/Add the output of: (.*)/g)].map(([, call]) => call!);
            if (calls.length === 0) {
                return result;
            }
            for (const call of calls) {
                expect(files.length).to.be.lessThan(4 + more.length);
                files.push(await collect(`${String(files.length)}.json`, call));
            }
        }
    }

    function checkOutput({ status, out, err }: Ran): void {
        expect({ status, err }).to.deep.equal({ status: 1, err: "" });
        expect(out).to.contain(`The program has 21 roles and 1 identity provider of account ${ACCOUNT}\n`);
        expect(out).to.contain(`Left as they are: ${String(LEFT.length)} roles\n`);
        for (const { name, reason } of LEFT) {
            const [, after = ""] = out.split(`  arn:aws:iam::${ACCOUNT}:role/${name}\n`);
            expect(after.split("\n  arn:")[0], name).to.contain(reason);
        }
        expect(out).not.to.contain(OTHER);
    }

    async function imported(stack: TestStack): Promise<void> {
        const file = join(folder, "program/import.json");
        const flags = ["--stack", stack.name, "--generate-code=false", "--yes", "--skip-preview", "--non-interactive"];
        const { code, text } = await stack.command(["import", "--file", file, ...flags]);
        expect(code, text).to.equal(0);
    }

    /** Everything that IAM has about the roles, but the text of the trust policies. */
    async function account(): Promise<unknown> {
        const names = [...ROLES, ...LEFT].map(({ name }) => name);
        const roles = await Promise.all(names.map(async (name) => [name, await roleInAws(name)] as const));
        return {
            everything: await everythingInAws(),
            provider: await providerInAws(PROVIDER),
            roles: Object.fromEntries(roles.map(([name, role]) => [name, { ...role, trust: undefined }])),
        };
    }

    const trustOf = async (name: string): Promise<RoleInAws["trust"]> => (await roleInAws(name)).trust;

    /** `up` after the import, and what it may do to what was there. */
    async function takesOver(stack: TestStack): Promise<void> {
        const before = await account();
        const leftTrust = await Promise.all(LEFT.map(({ name }) => trustOf(name)));
        const { changes } = await stack.up();
        // The AWS provider sees no difference between the other trust policies and the present ones.
        expect(changes).to.deep.equal({
            "Role gitlab-roles-any-audience": "update",
            "Role gitlab-roles-console": "update",
            "Role gitlab-roles-old-version": "update",
        });
        expect(await account()).to.deep.equal(before);
        expect(await Promise.all(LEFT.map(({ name }) => trustOf(name)))).to.deep.equal(leftTrust);
        expect(await trustOf("console")).to.deep.equal(trustPolicy(exactly(sub("main"))));
        expect(await trustOf("any-audience"))
            .to.have.nested.property("Statement[0].Condition")
            .that.deep.equals(exactly(sub("any")));
        await stack.unchanged();
        expect(stack.resources().every(({ protect }) => protect === true)).to.equal(true);
    }

    /** `up` of the program that narrows the roles to the jobs of events: only the role that a job used changes. */
    async function narrows(stack: TestStack): Promise<void> {
        const roleArn = `arn:aws:iam::${ACCOUNT}:role/patterns`;
        const Records = [eventOf({ roleArn, sub: sub("release/1"), time: "2024-02-02T08:30:00Z" })];
        writeFileSync(join(folder, "events.json"), JSON.stringify({ Records }));
        const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
        const period = ["--tighten", "--period", "2024-01-01..2024-03-31"];
        const { out } = await adopt(...files, "--language", "yaml", "--out", "program", ...period);
        expect(out).to.contain("2024-01-01T00:00:00Z to 2024-03-31T23:59:59Z: 1 role\n");
        expect(out).to.contain(`Not narrowed: ${String(ROLES.length + LEFT.length - 1)} roles\n`);
        const before = await account();
        const narrowed = stack.asYaml(yamlProgram());
        const { changes } = await narrowed.up();
        expect(changes).to.deep.equal({ "Role gitlab-roles-patterns": "update" });
        expect(await account()).to.deep.equal(before);
        expect(await trustOf("patterns"))
            .to.have.nested.property("Statement[0].Condition")
            .that.deep.equals(exactly(sub("release/1")));
        await narrowed.unchanged();
    }

    function yamlProgram(): string {
        const text = readFileSync(join(folder, "program/Pulumi.yaml"), "utf8");
        return text.slice(text.indexOf("resources:"));
    }

    it("in YAML: nothing is created, replaced or deleted, and the jobs of events narrow a role", async () => {
        checkOutput(await adopted("yaml"));
        const stack = await (await engine()).yaml(yamlProgram(), "gitlab-oidc");
        await imported(stack);
        await takesOver(stack);
        await narrows(stack);
    });

    it("from a state of Terraform and the details of the account: nothing is created, changed or deleted", async () => {
        const { emulator } = (await engine()).workspace;
        await emulator.reset();
        const role: HandMade = {
            name: "terraform",
            path: "/ci/",
            description: "Made by a module.",
            condition: exactly(sub("main")),
            hours: 5,
            tags: { module: "gitlab-oidc" },
            managed: [READ_ONLY],
            inline: { own: allow("s3:Get*") },
        };
        const aws = await iam();
        await aws.createOpenIDConnectProvider({ Url: "https://gitlab.com", ClientIDList: AUDIENCES });
        await makeRole(aws, role);
        // The state is older than the account.
        const old = { ...role, hours: 1, description: "Old", tags: {} };
        writeFileSync(join(folder, "state.json"), JSON.stringify(terraformState(old)));
        const { status, out, err } = await adopted("yaml", "state.json");
        expect(status).to.equal(0);
        expect(err).to.contain("have different values for the maximum session duration");
        expect(out).to.contain(`The program has 1 role and 1 identity provider of account ${ACCOUNT}\n`);
        const before = [await everythingInAws(), await providerInAws(PROVIDER), await roleInAws("terraform")];
        const stack = await (await engine()).yaml(yamlProgram(), "gitlab-oidc");
        await imported(stack);
        await stack.unchanged();
        expect(shellWords(out)).to.deep.equal(
            [
                'module.gitlab["main"].aws_iam_role_policy_attachment.this["read only"]',
                'module.gitlab["main"].aws_iam_role.this[0]',
                'module.gitlab["main"].aws_iam_openid_connect_provider.this',
            ].map((address) => ["state", "rm", address]),
        );
        expect(stack.labels()).to.deep.equal([
            "GitLabOidc gitlab",
            "IdentityProvider gitlab",
            "OpenIdConnectProvider gitlab",
            "PipelineRole gitlab-terraform",
            "Role gitlab-terraform",
            "RolePolicy gitlab-terraform:own",
            "RolePolicyAttachment gitlab-terraform:aws:policy/AmazonS3ReadOnlyAccess",
        ]);
        expect([await everythingInAws(), await providerInAws(PROVIDER), await roleInAws("terraform")]).to.deep.equal(
            before,
        );
    });

    it("an open role is taken over with the jobs of events, and only its trust policy changes", async () => {
        const { emulator } = (await engine()).workspace;
        await emulator.reset();
        const aws = await iam();
        await aws.createOpenIDConnectProvider({ Url: "https://gitlab.com", ClientIDList: AUDIENCES });
        const open: HandMade = {
            name: "open",
            condition: { StringEquals: both },
            hours: 3,
            description: "Open",
            inline: { own: allow("s3:Get*") },
        };
        await makeRole(aws, open);
        const roleArn = `arn:aws:iam::${ACCOUNT}:role/open`;
        const at = { roleArn, time: "2024-02-02T08:30:00Z" };
        const Records = [
            eventOf({ ...at, sub: sub("main") }),
            eventOf({ ...at, sub: sub("main", "acme/web") }),
            eventOf({ ...at, sub: sub("denied"), errorCode: "AccessDenied" }),
            eventOf({ ...at, sub: sub("before"), time: "2023-12-31T23:59:59Z" }),
            eventOf({ ...at, sub: sub("other"), roleArn: roleArn.replace(ACCOUNT, "444455556666") }),
            eventOf({ ...at, sub: sub("github"), provider: PROVIDER.replace("gitlab.com", "github.example.com") }),
        ];
        writeFileSync(join(folder, "events.json"), JSON.stringify({ Records }));
        const period = ["--tighten", "--period", "2024-01-01..2024-03-31"];
        const { status, out, err } = await adopted("yaml", "events.json", ...period);
        expect({ status, err }).to.deep.equal({ status: 0, err: "" });
        expect(out).to.contain("2024-01-01T00:00:00Z to 2024-03-31T23:59:59Z: 1 role\n");
        const was = [
            await everythingInAws(),
            await providerInAws(PROVIDER),
            { ...(await roleInAws("open")), trust: 0 },
        ];
        const stack = await (await engine()).yaml(yamlProgram(), "gitlab-oidc");
        await imported(stack);
        expect((await stack.up()).changes).to.deep.equal({ "Role gitlab-open": "update" });
        expect(await trustOf("open"))
            .to.have.nested.property("Statement[0].Condition")
            .that.deep.equals(exactly([sub("main"), sub("main", "acme/web")]));
        expect([
            await everythingInAws(),
            await providerInAws(PROVIDER),
            { ...(await roleInAws("open")), trust: 0 },
        ]).to.deep.equal(was);
        await stack.unchanged();
    });

    it("in TypeScript: nothing is created, replaced or deleted", async () => {
        checkOutput(await adopted("typescript"));
        const text = readFileSync(join(folder, "program/index.ts"), "utf8");
        expect(await format(text, { parser: "typescript" })).to.equal(text);
        const stack = await (await engine()).program(programOf(text), "gitlab-oidc");
        await imported(stack.asYaml("resources: {}\n"));
        await takesOver(stack);
        expect(stack.outputs()).to.have.nested.property(
            "gitlabRolesRoleArns.Deploy-Me",
            `arn:aws:iam::${ACCOUNT}:role/ci/deploy/Deploy.Me`,
        );
    });
});

/** The arguments of the calls of Terraform in a text, as a shell passes them on. */
function shellWords(text: string): readonly (readonly string[])[] {
    const calls = text.match(/^ {7}terraform .*$/gm) ?? [];
    const script = ["terraform() { printf '%s\\n' \"$@\" ''; }", ...calls].join("\n");
    const out = execFileSync("sh", ["-c", script], { encoding: "utf8" });
    return out
        .split("\n\n")
        .filter((call) => call !== "")
        .map((call) => call.split("\n"));
}

/** The output of `terraform show -json` for a module that creates the role, a policy attachment and the identity provider. */
function terraformState({ name, path, description, condition, hours, tags }: HandMade): object {
    const address = 'module.gitlab["main"]';
    const resource = (type: string, key: string, values: object): object => ({
        address: `${address}.${type}.this${key}`,
        mode: "managed",
        type,
        name: "this",
        values,
    });
    return {
        format_version: "1.0",
        values: {
            root_module: {
                child_modules: [
                    {
                        address,
                        resources: [
                            resource("aws_iam_openid_connect_provider", "", {
                                arn: PROVIDER,
                                url: "gitlab.com",
                                client_id_list: AUDIENCES,
                                tags_all: {},
                            }),
                            resource("aws_iam_role", "[0]", {
                                arn: `arn:aws:iam::${ACCOUNT}:role${path!}${name}`,
                                name,
                                path,
                                description,
                                assume_role_policy: trust(condition),
                                max_session_duration: hours! * HOUR,
                                permissions_boundary: "",
                                tags_all: tags,
                            }),
                            resource("aws_iam_role_policy_attachment", '["read only"]', {
                                role: name,
                                policy_arn: READ_ONLY,
                            }),
                            {
                                address: `${address}.data.aws_iam_openid_connect_provider.this`,
                                mode: "data",
                                type: "aws_iam_openid_connect_provider",
                                name: "this",
                                values: { arn: PROVIDER, url: "gitlab.com", client_id_list: AUDIENCES, tags: {} },
                            },
                        ],
                    },
                ],
            },
        },
    };
}
