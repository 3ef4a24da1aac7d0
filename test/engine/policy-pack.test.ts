import { OpenIdConnectProvider } from "@pulumi/aws/iam/openIdConnectProvider";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { join } from "node:path";
import { pageText } from "../support/pages";
import { LINTED } from "../support/linted-policies";
import { policy, statement } from "../support/policies";
import { everythingInAws, iam } from "./account";
import { emptyAccount, engine, type TestStack } from "./engine";
import {
    inBrief,
    installPacks,
    type InstalledPacks,
    type Reported,
    violationsIn,
    violationsOfAnalysis,
} from "./policy-packs";
import { routes } from "./routes";

const ACCOUNT = "arn:aws:iam::111122223333";
const MAIN = "project_path:mygroup/myproject:ref_type:branch:ref:main";

/** A trust policy for jobs of gitlab.com with this `sub`, and more conditions for equality. */
function trusting(sub: string, more: object = {}): object {
    const equal = { "gitlab.com:aud": "https://gitlab.com", ...more };
    return policy(statement({ StringEquals: { ...equal, "gitlab.com:sub": sub } }));
}

const PINNED = { "gitlab.com:project_id": "4711", "gitlab.com:ref_protected": "true" };
const GOOD = trusting(MAIN, PINNED);

/** A hand-written role with what it violates. */
interface Written {
    readonly properties: Readonly<Record<string, unknown>>;
    readonly violates: readonly string[];
}

/** A role for each policy that violates a rule, and for each good one. The aws provider itself rejects what is no JSON object. */
const BY_RULE: Readonly<Record<string, Written>> = Object.fromEntries(
    Object.entries(LINTED).flatMap(([id, rows]) =>
        rows
            .filter(({ inputs, policy: document }) => inputs === undefined && isJsonObject(document))
            .map(({ policy: document, findings }, i) => [
                `${id.replaceAll(" ", "-")}-${String(i + 1)}`,
                {
                    properties: {
                        assumeRolePolicy: typeof document === "string" ? document : JSON.stringify(document),
                    },
                    violates: findings.map((text) => text.split(" ")[0]!),
                },
            ]),
    ),
);

function isJsonObject(document: unknown): boolean {
    try {
        const value: unknown =
            typeof document === "string" ? JSON.parse(document) : JSON.parse(JSON.stringify(document));
        return typeof value === "object" && value !== null && !Array.isArray(value);
    } catch {
        return false;
    }
}

function expectedOf(roles: Readonly<Record<string, Written>>): readonly string[] {
    return Object.entries(roles)
        .flatMap(([name, { violates }]) => violates.map((id) => `Role ${name} ${id}`))
        .sort();
}

/** What YAML takes for an interpolation is text here. */
function yamlOf(resources: object): string {
    const text = JSON.stringify(resources).replaceAll("${", () => "$${");
    return `resources: ${text.replaceAll("<<", () => "${").replaceAll(">>", "}")}\n`;
}

const READ = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
const WRITE = { Effect: "Allow", Action: "s3:PutObject", Resource: "*" };
const inline = (...statements: readonly object[]): string => JSON.stringify(policy(...statements));

/** The rules that are off until they are configured. */
const CONFIG = {
    "allowed-issuers": { urls: ["https://gitlab.com"] },
    "allowed-audiences": { audiences: ["https://gitlab.com"] },
    "allowed-projects": { groups: ["mygroup"] },
    "required-boundary": { arns: [`${ACCOUNT}:policy/ci-*`] },
    "longest-session": { seconds: 3600 },
    "required-project-id": "mandatory",
    "protected-refs": "mandatory",
    "no-administrator": "mandatory",
    "unknown-power": "advisory",
};

const BOUNDARY = { permissionsBoundary: `${ACCOUNT}:policy/ci-boundary` };
const OTHER_AUDIENCE = policy(
    statement({
        StringEquals: { "gitlab.com:aud": "sts.amazonaws.com", "gitlab.com:sub": MAIN, ...PINNED },
    }),
);

/** Roles for the rules that only the pack has. */
const CONFIGURED: Readonly<Record<string, Written>> = {
    good: { properties: { assumeRolePolicy: GOOD, ...BOUNDARY }, violates: [] },
    other: {
        properties: {
            assumeRolePolicy: trusting("project_path:other/app:ref_type:branch:ref:main", PINNED),
            ...BOUNDARY,
        },
        violates: ["allowed-projects"],
    },
    issuer: {
        properties: {
            assumeRolePolicy: policy(
                statement(
                    {
                        StringEquals: {
                            "git.example.com:aud": "https://gitlab.com",
                            "git.example.com:sub": MAIN,
                        },
                    },
                    { Principal: { Federated: `${ACCOUNT}:oidc-provider/git.example.com` } },
                ),
            ),
            ...BOUNDARY,
        },
        violates: ["allowed-issuers"],
    },
    audience: {
        properties: { assumeRolePolicy: OTHER_AUDIENCE, ...BOUNDARY },
        violates: ["allowed-audiences"],
    },
    unlimited: { properties: { assumeRolePolicy: GOOD }, violates: ["required-boundary"] },
    long: {
        properties: { assumeRolePolicy: GOOD, ...BOUNDARY, maxSessionDuration: 7200 },
        violates: ["longest-session"],
    },
    path: {
        properties: { assumeRolePolicy: trusting(MAIN, { "gitlab.com:ref_protected": "true" }), ...BOUNDARY },
        violates: ["path-only", "required-project-id"],
    },
    admin: {
        properties: { assumeRolePolicy: trusting(MAIN, { "gitlab.com:project_id": "4711" }) },
        violates: ["required-boundary", "no-administrator", "protected-refs"],
    },
    writer: {
        properties: { assumeRolePolicy: trusting(MAIN, { "gitlab.com:project_id": "4711" }) },
        violates: ["required-boundary", "protected-refs"],
    },
    reader: {
        properties: { assumeRolePolicy: trusting(MAIN, { "gitlab.com:project_id": "4711" }) },
        violates: ["required-boundary"],
    },
    unseen: {
        properties: { assumeRolePolicy: GOOD, ...BOUNDARY },
        violates: ["unknown-power"],
    },
    tagged: {
        properties: { assumeRolePolicy: GOOD, ...BOUNDARY, tags: { "gitlab-oidc:accept": "no-subject" } },
        violates: ["accept"],
    },
    lambda: {
        properties: {
            assumeRolePolicy: policy({
                Effect: "Allow",
                Principal: { Service: "lambda.amazonaws.com" },
                Action: "sts:AssumeRole",
            }),
        },
        violates: [],
    },
};

/** Policies of these roles. Each is for a role that it gets as an output. */
const POLICIES = {
    "admin-policy": {
        type: "aws:iam:RolePolicyAttachment",
        properties: { role: "<<admin.name>>", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    },
    "writer-policy": { type: "aws:iam:RolePolicy", properties: { role: "<<writer.name>>", policy: inline(WRITE) } },
    "unseen-policy": {
        type: "aws:iam:RolePolicyAttachment",
        properties: { role: "<<unseen.name>>", policyArn: "arn:aws:iam::aws:policy/AmazonS3FullAccess" },
    },
    "reader-policy": { type: "aws:iam:RolePolicy", properties: { role: "<<reader.name>>", policy: inline(READ) } },
};

function rolesInYaml(roles: Readonly<Record<string, Written>>): object {
    return Object.fromEntries(
        Object.entries(roles).map(([name, { properties }]) => {
            const { assumeRolePolicy, ...rest } = properties;
            const text = typeof assumeRolePolicy === "string" ? assumeRolePolicy : JSON.stringify(assumeRolePolicy);
            return [name, { type: "aws:iam:Role", properties: { ...rest, assumeRolePolicy: text } }];
        }),
    );
}

describe("engine: the policy pack", function () {
    emptyAccount();

    let packs: InstalledPacks;
    before(async () => {
        packs = await installPacks();
    });
    after(() => packs.remove());

    /** The boundary that is required, which no stack has. */
    beforeEach(async () => {
        await (await iam()).createPolicy({ PolicyName: "ci-boundary", PolicyDocument: inline(READ, WRITE) });
    });

    /** The stack, with the commands that a folder needs. */
    async function withPath(stack: TestStack): Promise<TestStack> {
        stack.env = { PATH: `${packs.path}:${(await engine()).workspace.env["PATH"]!}` };
        return stack;
    }

    /** Every violation names the resource, the path, the fix and the address of its rule. */
    function expectComplete(reported: readonly Reported[]): void {
        for (const { label, policy: id, message } of reported) {
            expect(label).to.match(/^(?:Role|OpenIdConnectProvider) \S/);
            expect(message, id).to.match(
                /^\S.*[.}"]\nhttps:\/\/github\.com\/.*\/docs\/reference\/(?:rules|policy-pack)\.md#/s,
            );
            expect(message.endsWith(`#${id}`), message).to.equal(true);
        }
    }

    it("reports every rule of a trust policy for roles in YAML, as an executable", async () => {
        const stack = await withPath(await (await engine()).yaml(yamlOf(rolesInYaml(BY_RULE))));
        const ran = await stack.refused("preview", ...packs.flags(packs.executable));
        const reported = violationsIn(ran.events);
        expectComplete(reported);
        expect(inBrief(reported), ran.text).to.deep.equal(expectedOf(BY_RULE));
        const levels = new Map(reported.map(({ policy: id, level }) => [id, level]));
        expect([levels.get("no-subject"), levels.get("group-wide")]).to.deep.equal(["mandatory", "advisory"]);
        expect(ran.text).to.include("no-subject  (aws:iam:Role: no-subject-1)");
    });

    it("reports the same for roles in TypeScript, as a folder", async () => {
        const stack = await withPath(
            await (
                await engine()
            ).program(() => {
                for (const [name, { properties }] of Object.entries(BY_RULE)) {
                    new Role(name, { assumeRolePolicy: properties["assumeRolePolicy"] as string });
                }
                return undefined;
            }),
        );
        const ran = await stack.refused("preview", ...packs.flags(packs.folder));
        expect(inBrief(violationsIn(ran.events))).to.deep.equal(expectedOf(BY_RULE));
    });

    it("reports what is configured, in previews, updates and states, with the levels of the configuration", async () => {
        const program = yamlOf({
            ...rolesInYaml(CONFIGURED),
            ...POLICIES,
            hub: {
                type: "aws:iam:OpenIdConnectProvider",
                properties: { url: "https://git.example.com", clientIdLists: ["a", "a"] },
            },
            gitlab: {
                type: "aws:iam:OpenIdConnectProvider",
                properties: { url: "https://gitlab.com", clientIdLists: ["https://gitlab.com", "https://gitlab.com"] },
            },
        });
        const expected = [
            ...expectedOf(CONFIGURED),
            "OpenIdConnectProvider gitlab audience",
            "OpenIdConnectProvider hub allowed-issuers",
        ].sort();
        const stack = await withPath(await (await engine()).yaml(program));

        const preview = await stack.refused("preview", ...packs.flags(packs.executable, CONFIG));
        expectComplete(violationsIn(preview.events));
        expect(inBrief(violationsIn(preview.events))).to.deep.equal(expected);
        // What the emulator does not store stays out of the update.
        const up = await stack.up(...packs.flags(packs.folder, { ...CONFIG, all: "advisory", ...ADVISORY }));
        expect(inBrief(violationsIn(up.events))).to.deep.equal(expected);
        expect(new Set(violationsIn(up.events).map(({ level }) => level))).to.deep.equal(new Set(["advisory"]));

        const state = await exported(stack);
        for (const pack of [packs.executable, packs.folder]) {
            const { code, text } = await analyze(stack, state, packs.flags(pack, CONFIG));
            expect(code, text).to.not.equal(0);
            expect(inBrief(violationsOfAnalysis(text))).to.deep.equal(expected);
        }
    });

    it("checks values that are known only during the update, before the role is created", async () => {
        const program = () => {
            const { arn } = new OpenIdConnectProvider("gitlab", {
                url: "https://gitlab.com",
                clientIdLists: ["https://gitlab.com"],
            });
            const trust = arn.apply((Federated) =>
                JSON.stringify(
                    policy(
                        statement(
                            { StringEquals: { "gitlab.com:aud": "https://gitlab.com" } },
                            { Principal: { Federated } },
                        ),
                    ),
                ),
            );
            new Role("open", { name: "open", assumeRolePolicy: trust });
            return undefined;
        };
        const stack = await withPath(await (await engine()).program(program));
        expect(violationsIn((await stack.preview(...packs.flags(packs.executable))).events)).to.deep.equal([]);
        const ran = await stack.refused("up", ...packs.flags(packs.folder));
        expect(inBrief(violationsIn(ran.events))).to.deep.equal(["Role open no-subject"]);
        const example = /```text\n(.*?)\n```/s.exec(pageText("docs/guides/policy-pack.md"))![1]!;
        expect(ran.text).to.include(example.replace(/^/gm, " ".repeat(8)));
        expect((await everythingInAws()).roles).to.deep.equal([]);
    });

    for (const { name, GitLabOidc, PipelineRole } of routes) {
        it(`${name}: finds nothing in a stack of this package, accepted warnings included`, async () => {
            const stack = await withPath(
                await (
                    await engine()
                ).program(() => {
                    const gitlab = GitLabOidc("gitlab", {
                        thumbprints: ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"],
                        accept: ["redundant-thumbprints"],
                        permissionsBoundary: `${ACCOUNT}:policy/ci-boundary`,
                        roles: {
                            plan: {
                                subjects: [{ group: "mygroup", branch: "*" }],
                                accept: ["group-wide", "any-branch"],
                                inlinePolicies: { read: inline(READ) },
                            },
                            deploy: {
                                subjects: [
                                    {
                                        project: "mygroup/myproject",
                                        projectId: "4711",
                                        branch: "main",
                                        refProtected: true,
                                    },
                                ],
                                inlinePolicies: { write: inline(WRITE) },
                            },
                        },
                    });
                    PipelineRole("release", {
                        providerArn: gitlab.providerArn,
                        url: "https://gitlab.com",
                        permissionsBoundary: `${ACCOUNT}:policy/ci-boundary`,
                        subjects: [{ project: "mygroup/release", tag: "v*" }],
                        accept: ["unprotected-tag", "path-only"],
                    });
                    return undefined;
                }),
            );
            const config = { ...CONFIG, "required-project-id": "disabled", "unknown-power": "disabled" };
            const flags = packs.flags(packs.executable, config);
            expect(violationsIn((await stack.preview(...flags)).events)).to.deep.equal([]);
            expect(violationsIn((await stack.up(...packs.flags(packs.folder, config))).events)).to.deep.equal([]);
            const state = await exported(stack);
            expect(violationsOfAnalysis((await analyze(stack, state, flags)).text)).to.deep.equal([]);
            // The pack can be told to ignore the tag.
            const { text } = await analyze(
                stack,
                state,
                packs.flags(packs.executable, { ...config, accept: { ids: [] } }),
            );
            expect(inBrief(violationsOfAnalysis(text))).to.deep.equal([
                "OpenIdConnectProvider gitlab redundant-thumbprints",
                "Role gitlab-plan any-branch",
                "Role gitlab-plan group-wide",
                "Role release path-only",
                "Role release unprotected-tag",
            ]);
        });
    }

    it("shows no secret, and says what a state hides", async () => {
        const secret = pulumi.secret(
            JSON.stringify(trusting("project_path:topsecretgroup/x:ref_type:branch:ref:main")),
        );
        const stack = await withPath(
            await (
                await engine()
            ).program(() => {
                const { name } = new Role("hidden", { assumeRolePolicy: secret });
                new RolePolicy("hidden", { role: name, policy: inline(READ) });
                new RolePolicyAttachment("hidden", { role: name, policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" });
                return undefined;
            }),
        );
        const up = await stack.up(...packs.flags(packs.executable));
        expect(inBrief(violationsIn(up.events))).to.deep.equal(["Role hidden path-only"]);
        expect(up.text).to.include("is a secret value and is therefore not shown.").and.not.include("topsecretgroup");
        const state = await exported(stack);
        stack.env = { ...stack.env, PULUMI_CONFIG_PASSPHRASE: "another one" };
        const { text, code } = await analyze(stack, state, packs.flags(packs.executable));
        expect(code, text).to.equal(0);
        expect(inBrief(violationsOfAnalysis(text))).to.deep.equal(["Role hidden secret-value"]);
    });

    it("rejects a configuration that it cannot use, and suggests a name", async () => {
        const stack = await withPath(await (await engine()).yaml("resources: {}\n"));
        const typo = await stack.refused("preview", ...packs.flags(packs.executable, { "no-subjet": "advisory" }));
        expect(typo.text).to.include('"no-subjet" is not a policy of this pack. Did you mean "no-subject"?');
        const limit = await stack.refused(
            "preview",
            ...packs.flags(packs.executable, { "longest-session": { seconds: 5 } }),
        );
        expect(limit.text).to.include("longest-session: seconds: Must be greater than or equal to 3600");
        const property = await stack.refused(
            "preview",
            ...packs.flags(packs.executable, {
                "allowed-projects": { group: ["mygroup"] },
                "allowed-issuers": { urls: ["gitlab.com"] },
            }),
        );
        expect(property.text)
            .to.include('allowed-projects: "group" is not a property of this policy. Did you mean "groups"?')
            .and.include('allowed-issuers.urls[0]: "gitlab.com" is not the address of a GitLab instance.');
    });
});

/** The rules of the configuration whose level it names are advisory too. */
const ADVISORY = {
    "required-project-id": "advisory",
    "protected-refs": "advisory",
    "no-administrator": "advisory",
    "unknown-power": "advisory",
};

/** Writes the state of the stack to a file. */
async function exported(stack: TestStack): Promise<string> {
    const file = join(stack.folder, "exported.json");
    const { text, code } = await stack.command(["stack", "export", "--stack", stack.name, "--file", file]);
    expect(code, text).to.equal(0);
    return file;
}

/** Checks a state without a backend. */
async function analyze(
    stack: TestStack,
    state: string,
    flags: readonly string[],
): Promise<{ readonly code: number | null; readonly text: string }> {
    const before = stack.env;
    stack.env = { ...before, PULUMI_BACKEND_URL: "" };
    try {
        return await stack.command(["policy", "analyze", "--file", state, "--json", ...flags]);
    } finally {
        stack.env = before;
    }
}
