import Ajv from "ajv";
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { configurationOf } from "../../../policy-pack/configuration";
import { checkResource, checkStack } from "../../../policy-pack/pack";
import { CHECKED_RULES, type Level, POLICIES } from "../../../policy-pack/policies";
import { policyPackPage } from "../../../policy-pack/reference";
import { readProperties } from "../../../policy-pack/properties";
import { type PackResource, TYPE } from "../../../policy-pack/resource";
import { Settings } from "../../../policy-pack/settings";
import { RULES } from "../../../provider/contract/rules";
import { lintPolicy } from "../../../provider/trust/lint";
import { formatted } from "../../../tools/schema/reference";
import { importsOf } from "../../support/imports";
import { LINTED } from "../../support/linted-policies";
import { policy, statement } from "../../support/policies";

const root = join(__dirname, "../../..");

type Properties = Readonly<Record<string, unknown>>;
type Config = Readonly<Record<string, Level | (Properties & { readonly level?: Level })>>;

const DOCS = "https://github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc/blob/main/docs/reference";

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const BRANCH = "project_path:mygroup/myproject:ref_type:branch:ref:main";

/** A trust policy for jobs of gitlab.com with this `sub`, and more conditions for equality. */
function trusting(sub: string, more: Properties = {}, operator = "StringEquals"): string {
    const equal = { "gitlab.com:aud": "https://gitlab.com", ...more };
    const subject = { "gitlab.com:sub": sub };
    const condition =
        operator === "StringEquals"
            ? { StringEquals: { ...equal, ...subject } }
            : { StringEquals: equal, [operator]: subject };
    return JSON.stringify(policy(statement(condition)));
}

const PINNED = trusting(BRANCH, { "gitlab.com:project_id": "4711", "gitlab.com:ref_protected": "true" });

const PINNED_STATEMENTS = (JSON.parse(PINNED) as { readonly Statement: readonly object[] }).Statement;
const BREAK_GLASS = {
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::111122223333:role/break-glass" },
    Action: "sts:AssumeRole",
};

function resource(
    type: string,
    properties: Properties,
    { name = "it", from = {} }: { readonly name?: string; readonly from?: Readonly<Record<string, string>> } = {},
): PackResource {
    const urn = urnOf(type, name);
    const dependencies = (property: string): readonly string[] => [from[property] ?? []].flat();
    return { urn, type, name, dependencies, ...readProperties(properties) };
}

function urnOf(type: string, name: string): string {
    return `urn:pulumi:dev::test::${type}::${name}`;
}

function configOf(config: Config): ReturnType<typeof configurationOf> {
    const settings = Object.entries(config).map(([name, given]) => {
        const { level = "mandatory", ...properties } = typeof given === "string" ? { level: given } : given;
        return [name, { level, properties }] as const;
    });
    return configurationOf(new Settings(new Map(settings)));
}

/** `id path` of what the pack finds in a role or identity provider. */
function found(type: string, properties: Properties, config: Config = {}): readonly string[] {
    return checkResource(resource(type, properties), configOf(config)).map(({ policy: id, message }) => {
        const path = /^(\S+): /.exec(message)?.[1] ?? "";
        return `${id} ${path}`.trimEnd();
    });
}

const IN_SUB = 'assumeRolePolicy.Statement[0].Condition["StringEquals"]["gitlab.com:sub"]';
const LIKE_SUB = 'assumeRolePolicy.Statement[0].Condition["StringLike"]["gitlab.com:sub"]';

describe("policy pack: roles", () => {
    const cases: Readonly<Record<string, readonly [properties: Properties, config: Config, found: readonly string[]]>> =
        {
            "a good role": [{ assumeRolePolicy: PINNED }, {}, []],
            "a good role that a principal of AWS can assume too": [
                { assumeRolePolicy: JSON.stringify(policy(...PINNED_STATEMENTS, BREAK_GLASS)) },
                {},
                [],
            ],
            "a bad role that a principal of AWS can assume too: the statement for jobs is reported": [
                {
                    assumeRolePolicy: JSON.stringify(
                        policy(BREAK_GLASS, statement({ StringLike: { "gitlab.com:sub": "*" } })),
                    ),
                },
                {},
                [
                    'no-subject assumeRolePolicy.Statement[1].Condition["StringLike"]["gitlab.com:sub"]',
                    "no-audience assumeRolePolicy.Statement[1].Condition",
                ],
            ],
            "a mistake": [
                {
                    assumeRolePolicy: JSON.stringify(
                        policy(statement({ StringEquals: { "gitlab.com:aud": "https://gitlab.com" } })),
                    ),
                },
                {},
                ["no-subject assumeRolePolicy.Statement[0].Condition"],
            ],
            "a risk": [
                { assumeRolePolicy: trusting("project_path:mygroup/*:ref_type:branch:ref:main", {}, "StringLike") },
                {},
                [`group-wide ${LIKE_SUB}`],
            ],
            "a policy that is an object": [
                { assumeRolePolicy: policy(statement({})) },
                {},
                [
                    "no-subject assumeRolePolicy.Statement[0].Condition",
                    "no-audience assumeRolePolicy.Statement[0].Condition",
                ],
            ],
            "a policy that is cut off": [
                { assumeRolePolicy: '{"Version":"2012-10-17","Statement":[{"Action":"sts:AssumeRoleWithWebIdentity"' },
                {},
                ["policy-document assumeRolePolicy"],
            ],
            "a role for a service, with the old version": [
                {
                    assumeRolePolicy: JSON.stringify({
                        Version: "2008-10-17",
                        Statement: [
                            {
                                Effect: "Allow",
                                Principal: { Service: "lambda.amazonaws.com" },
                                Action: "sts:AssumeRole",
                            },
                        ],
                    }),
                },
                { "required-boundary": { arns: ["arn:aws:iam::*:policy/ci"] }, "longest-session": { seconds: 3600 } },
                [],
            ],
            "a role for jobs of GitHub": [
                {
                    assumeRolePolicy: JSON.stringify(
                        policy(
                            statement(
                                { StringLike: { "token.actions.githubusercontent.com:sub": "repo:o/r:*" } },
                                {
                                    Principal: {
                                        Federated:
                                            "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
                                    },
                                },
                            ),
                        ),
                    ),
                },
                { "allowed-issuers": { urls: ["https://gitlab.com"] } },
                [],
            ],
            everyone: [
                {
                    assumeRolePolicy: JSON.stringify(
                        policy({ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" }),
                    ),
                },
                {},
                ["principal assumeRolePolicy.Statement[0].Principal"],
            ],
            "an unknown policy": [
                { assumeRolePolicy: UNKNOWN },
                { "required-boundary": { arns: ["arn:aws:iam::*:policy/ci"] } },
                [],
            ],
            "a policy that the state hides": [
                { assumeRolePolicy: { ...SECRET, value: "[secret]" } },
                {},
                ["secret-value assumeRolePolicy"],
            ],
        };
    for (const [what, [properties, config, expected]] of Object.entries(cases)) {
        it(what, () => expect(found(TYPE.role, properties, config)).to.deep.equal(expected));
    }

    it("have every finding of lintTrustPolicy, with its message and fix", () => {
        const trustPolicy = trusting("project_path:mygroup/*:ref_type:branch:ref:rel*", {}, "StringLike");
        const [own] = lintPolicy({ trustPolicy }).findings;
        const [violation] = checkResource(resource(TYPE.role, { assumeRolePolicy: trustPolicy }), configOf({}));
        expect(own?.id).to.equal("group-wide");
        expect(violation).to.deep.equal({
            policy: "group-wide",
            urn: urnOf(TYPE.role, "it"),
            message: `assumeRolePolicy.${own!.path}: ${own!.message} ${own!.fix}\n${DOCS}/rules.md#group-wide`,
        });
    });

    it("a secret policy is checked, and no message shows a part of it", () => {
        const secret = {
            ...SECRET,
            value: trusting("project_path:verysecretgroup/*:ref_type:branch:ref:main", {}, "StringLike"),
        };
        const violations = checkResource(resource(TYPE.role, { assumeRolePolicy: secret }), configOf({}));
        expect(violations.map(({ policy: id }) => id)).to.deep.equal(["group-wide"]);
        expect(violations[0]!.message).to.equal(
            "assumeRolePolicy.Statement[0].Condition: is a secret value and is therefore not shown. See the documentation of the rule.\n" +
                `${DOCS}/rules.md#group-wide`,
        );
    });
});

describe("policy pack: a trust policy has the same findings as in lintTrustPolicy", () => {
    for (const [id, rows] of Object.entries(LINTED)) {
        rows.filter(({ inputs }) => inputs === undefined).forEach(({ policy: trustPolicy, findings }, i) => {
            it(`${id}, ${String(i + 1)}`, () => {
                const expected = findings.map((text) => {
                    const [rule, ...path] = text.split(" ");
                    return `${rule!} assumeRolePolicy${path.join(" ") === "" ? "" : `.${path.join(" ")}`}`;
                });
                expect(found(TYPE.role, { assumeRolePolicy: trustPolicy })).to.deep.equal(expected);
            });
        });
    }
});

describe("policy pack: identity providers", () => {
    const cases: Readonly<Record<string, readonly [properties: Properties, config: Config, found: readonly string[]]>> =
        {
            good: [{ url: "https://gitlab.com", clientIdLists: ["https://gitlab.com"] }, {}, []],
            "as IAM returns it": [{ url: "gitlab.com", clientIdLists: ["https://gitlab.com"] }, {}, []],
            "with mistakes": [
                {
                    url: "https://gitlab.example.com/",
                    clientIdLists: ["https://gitlab.example.com", "https://gitlab.example.com"],
                    thumbprintLists: ["a0:31"],
                },
                {},
                ["issuer-url url", "audience clientIdLists[1]", "thumbprint thumbprintLists[0]"],
            ],
            "with thumbprints that nothing uses": [
                {
                    url: "https://gitlab.com",
                    clientIdLists: ["https://gitlab.com"],
                    thumbprintLists: ["a031c46782e6e6c662c2c87c76da9aa62ccabd8e"],
                },
                {},
                ["redundant-thumbprints thumbprintLists"],
            ],
            "of another vendor": [
                {
                    url: "https://token.actions.githubusercontent.com",
                    clientIdLists: ["sts.amazonaws.com"],
                    thumbprintLists: ["x"],
                },
                {
                    "allowed-issuers": { urls: ["https://gitlab.com"] },
                    "allowed-audiences": { audiences: ["https://gitlab.com"] },
                },
                [],
            ],
            "of an instance without the name": [
                { url: "https://git.example.com", clientIdLists: ["*"] },
                { "allowed-issuers": { urls: ["https://git.example.com"] } },
                ["audience clientIdLists[0]"],
            ],
            "that nobody allowed": [
                { url: "https://git.example.com", clientIdLists: ["https://git.example.com"] },
                { "allowed-issuers": { urls: ["https://gitlab.com"] } },
                ["allowed-issuers url"],
            ],
            "with an audience that nobody allowed": [
                { url: "https://gitlab.com", clientIdLists: ["https://gitlab.com", "sts.amazonaws.com"] },
                { "allowed-audiences": { audiences: ["https://gitlab.com"] } },
                ["allowed-audiences clientIdLists[1]"],
            ],
            "with unknown values": [{ url: "https://gitlab.com", clientIdLists: [UNKNOWN] }, {}, []],
        };
    for (const [what, [properties, config, expected]] of Object.entries(cases)) {
        it(what, () => expect(found(TYPE.provider, properties, config)).to.deep.equal(expected));
    }
});

describe("policy pack: rules that are off until they are configured", () => {
    const group = trusting("project_path:mygroup/*:ref_type:branch:ref:main", {}, "StringLike");
    const other = trusting("project_path:other/app:ref_type:branch:ref:main", { "gitlab.com:project_id": "7" });
    const anywhere = trusting("project_path:my*/app:ref_type:branch:ref:main", {}, "StringLike");
    const issuer = "arn:aws:iam::111122223333:oidc-provider/git.example.com";
    const elsewhere = JSON.stringify(
        policy(statement({ StringEquals: { "git.example.com:aud": "x" } }, { Principal: { Federated: issuer } })),
    );
    const cases: Readonly<Record<string, readonly [role: Properties, config: Config, bad: readonly string[]]>> = {
        "allowed-projects: a project of the group": [
            { assumeRolePolicy: PINNED },
            { "allowed-projects": { groups: ["mygroup"] } },
            [],
        ],
        "allowed-projects: the project": [
            { assumeRolePolicy: PINNED },
            { "allowed-projects": { projects: ["mygroup/myproject"] } },
            [],
        ],
        "allowed-projects: the ID": [
            { assumeRolePolicy: PINNED },
            { "allowed-projects": { projectIds: ["4711"] } },
            [],
        ],
        "allowed-projects: the whole group": [
            { assumeRolePolicy: group },
            { "allowed-projects": { groups: ["mygroup"] } },
            [],
        ],
        "allowed-projects: a group that begins like the allowed one": [
            { assumeRolePolicy: group },
            { "allowed-projects": { groups: ["my"] } },
            [`allowed-projects ${LIKE_SUB}`],
        ],
        "allowed-projects: more than the project": [
            { assumeRolePolicy: group },
            { "allowed-projects": { projects: ["mygroup/myproject"] } },
            [`allowed-projects ${LIKE_SUB}`],
        ],
        "allowed-projects: another group": [
            { assumeRolePolicy: other },
            { "allowed-projects": { groups: ["mygroup"], projectIds: ["4711"] } },
            [`allowed-projects ${IN_SUB}`],
        ],
        "allowed-projects: a pattern that leaves the group": [
            { assumeRolePolicy: anywhere },
            { "allowed-projects": { groups: ["mygroup"] } },
            [`allowed-projects ${LIKE_SUB}`],
        ],
        "allowed-projects: no condition on sub": [
            {
                assumeRolePolicy: JSON.stringify(
                    policy(statement({ StringEquals: { "gitlab.com:aud": "https://gitlab.com" } })),
                ),
            },
            { "allowed-projects": { groups: ["mygroup"] } },
            ["allowed-projects assumeRolePolicy.Statement[0].Condition"],
        ],
        "allowed-issuers: the instance": [
            { assumeRolePolicy: PINNED },
            { "allowed-issuers": { urls: ["https://gitlab.com"] } },
            [],
        ],
        "allowed-issuers: another one, with any name": [
            { assumeRolePolicy: elsewhere },
            { "allowed-issuers": { urls: ["https://gitlab.com"] } },
            ["allowed-issuers assumeRolePolicy.Statement[0].Principal.Federated"],
        ],
        "allowed-audiences: the audience": [
            { assumeRolePolicy: PINNED },
            { "allowed-audiences": { audiences: ["https://gitlab.com"] } },
            [],
        ],
        "allowed-audiences: another one": [
            { assumeRolePolicy: PINNED },
            { "allowed-audiences": { audiences: ["sts.amazonaws.com"] } },
            ['allowed-audiences assumeRolePolicy.Statement[0].Condition["StringEquals"]["gitlab.com:aud"]'],
        ],
        "required-boundary: one that matches": [
            { assumeRolePolicy: PINNED, permissionsBoundary: "arn:aws:iam::111122223333:policy/ci-boundary" },
            { "required-boundary": { arns: ["arn:aws:iam::*:policy/ci-*"] } },
            [],
        ],
        "required-boundary: none": [
            { assumeRolePolicy: PINNED },
            { "required-boundary": { arns: ["arn:aws:iam::*:policy/ci-*"] } },
            ["required-boundary permissionsBoundary"],
        ],
        "required-boundary: another one": [
            { assumeRolePolicy: PINNED, permissionsBoundary: "arn:aws:iam::aws:policy/AdministratorAccess" },
            { "required-boundary": { arns: ["arn:aws:iam::*:policy/ci-*"] } },
            ["required-boundary permissionsBoundary"],
        ],
        "required-boundary: unknown yet": [
            { assumeRolePolicy: PINNED, permissionsBoundary: UNKNOWN },
            { "required-boundary": { arns: ["arn:aws:iam::*:policy/ci-*"] } },
            [],
        ],
        "longest-session: the default": [{ assumeRolePolicy: PINNED }, { "longest-session": { seconds: 3600 } }, []],
        "longest-session: longer": [
            { assumeRolePolicy: PINNED, maxSessionDuration: 7200 },
            { "longest-session": { seconds: 3600 } },
            ["longest-session maxSessionDuration"],
        ],
        "required-project-id: a condition": [{ assumeRolePolicy: PINNED }, { "required-project-id": "mandatory" }, []],
        "required-project-id: in sub": [
            { assumeRolePolicy: trusting("project_id:4711:ref_type:branch:ref:main") },
            { "required-project-id": "mandatory" },
            [],
        ],
        "required-project-id: a path": [
            { assumeRolePolicy: trusting(BRANCH) },
            { "required-project-id": "mandatory" },
            [`required-project-id ${IN_SUB}`],
        ],
    };
    for (const [what, [role, config, bad]] of Object.entries(cases)) {
        it(what, () => {
            const own = Object.keys(config);
            expect(found(TYPE.role, role, config).filter((text) => own.includes(text.split(" ")[0]!))).to.deep.equal(
                bad,
            );
            expect(found(TYPE.role, role).filter((text) => own.includes(text.split(" ")[0]!))).to.deep.equal([]);
        });
    }

    it("list the configured values in the fix", () => {
        const { message } = checkResource(
            resource(TYPE.role, { assumeRolePolicy: other }),
            configOf({ "allowed-projects": { groups: ["mygroup"], projects: ["x/y"] } }),
        ).find(({ policy: id }) => id === "allowed-projects")!;
        expect(message)
            .to.include("other/app")
            .and.to.include('Write "project_path:mygroup/…" or "project_path:x/y:…".');
    });
});

describe("policy pack: the tag for accepted warnings", () => {
    const wide = trusting("project_path:mygroup/*:ref_type:branch:ref:*", {}, "StringLike");
    const tagged = (value: string): Properties => ({ assumeRolePolicy: wide, tags: { "gitlab-oidc:accept": value } });
    const cases: Readonly<Record<string, readonly [properties: Properties, config: Config, found: readonly string[]]>> =
        {
            "without it": [{ assumeRolePolicy: wide }, {}, [`group-wide ${LIKE_SUB}`, `any-branch ${LIKE_SUB}`]],
            "accepts warnings": [tagged("any-branch group-wide"), {}, []],
            "accepts some": [tagged("any-branch"), {}, [`group-wide ${LIKE_SUB}`]],
            "among the provider's default tags": [
                { assumeRolePolicy: wide, tagsAll: { "gitlab-oidc:accept": "any-branch group-wide" } },
                {},
                [],
            ],
            "never accepts an error": [
                {
                    assumeRolePolicy: JSON.stringify(
                        policy(statement({ StringEquals: { "gitlab.com:aud": "https://gitlab.com" } })),
                    ),
                    tags: { "gitlab-oidc:accept": "no-subject" },
                },
                {},
                ["no-subject assumeRolePolicy.Statement[0].Condition", 'accept tags["gitlab-oidc:accept"]'],
            ],
            "can be limited": [
                tagged("any-branch group-wide"),
                { accept: { ids: ["any-branch"] } },
                [`group-wide ${LIKE_SUB}`],
            ],
            "can be ignored": [
                tagged("any-branch group-wide"),
                { accept: { ids: [] } },
                [`group-wide ${LIKE_SUB}`, `any-branch ${LIKE_SUB}`],
            ],
            "does not accept what only this pack requires": [
                { ...tagged("any-branch group-wide required-project-id"), assumeRolePolicy: wide },
                { "required-project-id": "mandatory" },
                [`required-project-id ${LIKE_SUB}`, 'accept tags["gitlab-oidc:accept"]'],
            ],
        };
    for (const [what, [properties, config, expected]] of Object.entries(cases)) {
        it(what, () => expect(found(TYPE.role, properties, config)).to.deep.equal(expected));
    }
});

describe("policy pack: the power of roles", () => {
    const OPEN = trusting(BRANCH, { "gitlab.com:project_id": "4711" });
    const ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess";
    const WRITE = JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "s3:PutObject", Resource: "arn:aws:s3:::releases/*" }],
    });
    const READ = WRITE.replace("PutObject", "GetObject");
    const PASS = JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "iam:*", Resource: "*" }],
    });
    const all: Config = {
        "protected-refs": "mandatory",
        "no-administrator": { escalation: true },
        "unknown-power": "mandatory",
    };
    const role = (properties: Properties = {}): PackResource =>
        resource(TYPE.role, { assumeRolePolicy: OPEN, name: "ci", ...properties });
    const from = { role: urnOf(TYPE.role, "it") };
    const power = (resources: readonly PackResource[], config = all): readonly string[] =>
        checkStack(resources, configOf(config)).map(({ policy: id, urn }) => {
            expect(urn).to.equal(urnOf(TYPE.role, "it"));
            return id;
        });

    const cases: Readonly<Record<string, readonly [resources: readonly PackResource[], expected: readonly string[]]>> =
        {
            "no policy": [[role()], []],
            "an inline policy that reads": [[role(), resource(TYPE.rolePolicy, { role: "ci", policy: READ })], []],
            "an inline policy that writes": [
                [role(), resource(TYPE.rolePolicy, { role: "ci", policy: WRITE })],
                ["protected-refs"],
            ],
            "the same for protected branches": [
                [role({ assumeRolePolicy: PINNED }), resource(TYPE.rolePolicy, { role: "ci", policy: WRITE })],
                [],
            ],
            "a policy for a role whose name is unknown": [
                [role({ name: UNKNOWN }), resource(TYPE.rolePolicy, { role: UNKNOWN, policy: WRITE }, { from })],
                ["protected-refs"],
            ],
            "a policy for another role": [[role(), resource(TYPE.rolePolicy, { role: "other", policy: WRITE })], []],
            "inline in the role": [[role({ inlinePolicies: [{ name: "own", policy: WRITE }] })], ["protected-refs"]],
            "administrator by an attachment": [
                [role(), resource(TYPE.attachment, { role: "ci", policyArn: ADMIN })],
                ["no-administrator", "protected-refs"],
            ],
            "administrator by the role's own list": [
                [role({ managedPolicyArns: [ADMIN] })],
                ["no-administrator", "protected-refs"],
            ],
            "administrator by an attachment to several roles": [
                [role(), resource(TYPE.attachments, { roles: ["other", "ci"], policyArn: ADMIN })],
                ["no-administrator", "protected-refs"],
            ],
            escalation: [
                [role(), resource(TYPE.rolePolicy, { role: "ci", policy: PASS })],
                ["no-administrator", "protected-refs"],
            ],
            "a policy of the stack, by its ARN": [
                [
                    role(),
                    resource(TYPE.policy, { arn: "arn:aws:iam::111122223333:policy/own", policy: WRITE }),
                    resource(TYPE.attachment, { role: "ci", policyArn: "arn:aws:iam::111122223333:policy/own" }),
                ],
                ["protected-refs"],
            ],
            "a policy of the stack whose ARN is unknown": [
                [
                    role(),
                    resource(TYPE.policy, { arn: UNKNOWN, policy: WRITE }),
                    resource(
                        TYPE.attachment,
                        { role: "ci", policyArn: UNKNOWN },
                        { from: { policyArn: urnOf(TYPE.policy, "it") } },
                    ),
                ],
                ["protected-refs"],
            ],
            "a boundary that allows nothing of it": [
                [
                    role({ permissionsBoundary: "arn:aws:iam::111122223333:policy/limit" }),
                    resource(TYPE.policy, { arn: "arn:aws:iam::111122223333:policy/limit", policy: READ }),
                    resource(TYPE.rolePolicy, { role: "ci", policy: WRITE }),
                ],
                [],
            ],
            "a policy that no resource of the stack has": [
                [
                    role(),
                    resource(TYPE.attachment, { role: "ci", policyArn: "arn:aws:iam::111122223333:policy/other" }),
                ],
                ["unknown-power"],
            ],
            "a document that is unknown yet": [
                [role(), resource(TYPE.rolePolicy, { role: "ci", policy: UNKNOWN })],
                [],
            ],
            "a document that the state hides": [
                [role(), resource(TYPE.rolePolicy, { role: "ci", policy: { ...SECRET, value: "[secret]" } })],
                ["unknown-power"],
            ],
            "a trust policy that is unknown yet": [
                [role({ assumeRolePolicy: UNKNOWN }), resource(TYPE.attachment, { role: "ci", policyArn: ADMIN })],
                [],
            ],
        };
    for (const [what, [resources, expected]] of Object.entries(cases)) {
        it(what, () => {
            expect(power(resources)).to.deep.equal(expected);
            expect(power(resources, {})).to.deep.equal([]);
        });
    }

    it("escalation counts as administrator only if configured", () => {
        const resources = [role(), resource(TYPE.rolePolicy, { role: "ci", policy: PASS })];
        expect(power(resources, { "no-administrator": "mandatory" })).to.deep.equal([]);
    });

    it("the message has the reason", () => {
        const [violation] = checkStack(
            [role(), resource(TYPE.attachment, { role: "ci", policyArn: ADMIN })],
            configOf({ "no-administrator": "mandatory" }),
        );
        expect(violation!.message).to.equal(
            "The role is an administrator. Allows every action on every resource. Grant only what the job needs, or set a permissions boundary.\n" +
                `${DOCS}/policy-pack.md#no-administrator`,
        );
    });
});

/** Rules that the files below name, but that are about inputs of components and functions only. */
const ABOUT_INPUTS = [
    ...[
        "claims",
        "required",
        "self-managed-version",
        "merge-requests",
        "merge-requests-unchecked",
        "gitlab-version",
        "key",
        "tags",
    ],
    ...["no-scope", "several-scopes", "no-ref", "several-refs", "sub-components", "claim-issuer"],
    ...["additional-principal", "external-id", "other-principal"],
];

describe("policy pack: policies", () => {
    it("are there for every rule that the check of a trust policy can report", () => {
        const imports = importsOf(root, "provider");
        const files = new Set([
            "provider/trust/lint.ts",
            "provider/gitlab/issuer-url.ts",
            "provider/iam/thumbprints.ts",
        ]);
        for (const file of files) {
            imports[file]?.filter((name) => !name.startsWith("provider/contract/")).forEach((name) => files.add(name));
        }
        const texts = [...files].map((file) => readFileSync(join(root, file), "utf8"));
        const named = Object.keys(RULES).filter((id) =>
            texts.some((text) => new RegExp(`(?:"${id}"|^ *${id}:)`, "m").test(text)),
        );
        const covered: readonly string[] = [...CHECKED_RULES, ...ABOUT_INPUTS];
        expect(named.filter((id) => !covered.includes(id))).to.deep.equal([]);
        expect(CHECKED_RULES.filter((id) => !named.includes(id))).to.deep.equal([]);
    });

    for (const { name, level, example } of POLICIES.filter((policy) => policy.example !== undefined)) {
        it(`${name}: the example turns it on`, () => {
            const given = typeof example === "string" ? { enforcementLevel: example } : example!;
            const { enforcementLevel = level, ...properties } = given as Properties & { enforcementLevel?: Level };
            expect(enforcementLevel).to.not.equal("disabled");
            const schema = {
                type: "object",
                properties: POLICIES.find((p) => p.name === name)!.configSchema?.properties ?? {},
            };
            const validate = new Ajv({ strict: false }).compile({ ...schema, additionalProperties: false });
            expect(validate(properties), JSON.stringify(validate.errors)).to.equal(true);
        });
    }

    it("docs/reference/policy-pack.md lists them as `make sdk` writes it", async () => {
        const page = "docs/reference/policy-pack.md";
        expect(readFileSync(join(root, page), "utf8")).to.equal(await formatted(page, policyPackPage()));
    });

    it("a name that is not one of them is an error that suggests one", () => {
        const given = new Map([["no-subjet", { level: "mandatory" as const, properties: {} }]]);
        expect(() => new Settings(given)).to.throw(
            '"no-subjet" is not a policy of this pack. Did you mean "no-subject"?',
        );
    });

    const PATH = 'Write the path as it appears in the browser\'s address bar: "mygroup/subgroup".';
    for (const [name, properties, problems] of [
        [
            "allowed-issuers",
            { url: ["https://gitlab.com"] },
            ['allowed-issuers: "url" is not a property of this policy. Did you mean "urls"?'],
        ],
        [
            "allowed-projects",
            { group: "mygroup" },
            ['allowed-projects: "group" is not a property of this policy. Did you mean "groups"?'],
        ],
        [
            "any-branch",
            { level: "disabled" },
            ['any-branch: "level" is not a property of this policy. Properties are enforcementLevel.'],
        ],
        [
            "allowed-issuers",
            { urls: ["https://gitlab.com", "gitlab.com", "https://GitLab.com"] },
            [
                'allowed-issuers.urls[1]: "gitlab.com" is not the address of a GitLab instance. Write it with its scheme: "https://gitlab.com".',
                'allowed-issuers.urls[2]: "https://GitLab.com" has capital letters in its host: the `iss` claim is compared exactly and has none. Write "https://gitlab.com", exactly as in the `iss` claim of the instance\'s ID tokens.',
            ],
        ],
        [
            "allowed-audiences",
            { audiences: ["", "https://gitlab.com"] },
            [
                'allowed-audiences.audiences[0]: "" has 0 characters, but IAM accepts 1 to 255. Use the URL of the instance.',
            ],
        ],
        [
            "allowed-projects",
            {
                groups: ["mygroup", "my*", "mygroup/", "gruppe\u202e", ""],
                projects: ["mygroup/*", "mygroup"],
                projectIds: ["x"],
            },
            [
                'allowed-projects.groups[1]: "my*" has a wildcard, but a group already covers everything below it. Write group: "mygroup".',
                'allowed-projects.groups[2]: "mygroup/" has an extra slash. Write "mygroup".',
                `allowed-projects.groups[3]: "gruppe\\u202e" has the segment "gruppe\\u202e", which GitLab does not allow in a path. ${PATH}`,
                `allowed-projects.groups[4]: "" is empty. ${PATH}`,
                'allowed-projects.projects[0]: "mygroup/*" has a wildcard. List the projects, or use `groups`.',
                'allowed-projects.projects[1]: "mygroup" names a group, not a project. Write project: "mygroup/myproject", or group: "mygroup" for every project below it.',
                'allowed-projects.projectIds[0]: "x" is not a numeric project ID. Write the number without wildcards. In GitLab, open the project and choose ⋮ > Copy project ID.',
            ],
        ],
        [
            "required-boundary",
            { arns: ["arn:aws:iam::*:policy/ci-*", "arn:aws:iam::aws:policy/x", "ci-boundary", "arn:x"] },
            ["ci-boundary", "arn:x"].map(
                (arn, i) =>
                    `required-boundary.arns[${String(i + 2)}]: "${arn}" is not the ARN of a policy, or of several policies by wildcards. Write it like "arn:aws:iam::*:policy/ci-boundary".`,
            ),
        ],
        [
            "accept",
            { ids: ["any-branch", "any-brunch", "no-subject"] },
            [
                'accept.ids[1]: "any-brunch" is not the ID of a warning. Did you mean "any-branch"?',
                'accept.ids[2]: "no-subject" is the ID of an error, and errors cannot be accepted. Leave it out and fix the error.',
            ],
        ],
        ["longest-session", { seconds: 3600 }, []],
        ["all", {}, []],
    ] as readonly (readonly [string, Properties, readonly string[]])[]) {
        it(`properties of ${name}: ${JSON.stringify(properties)}`, () => {
            const made = (): Settings => new Settings(new Map([[name, { level: "mandatory", properties }]]));
            if (problems.length === 0) {
                expect(made().propertiesOf(POLICIES.find((each) => each.name === "no-subject")!)).to.deep.equal({});
            } else {
                expect(made).to.throw(Error).with.property("message", problems.join("\n"));
            }
        });
    }
});
