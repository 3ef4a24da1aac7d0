import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import fc from "fast-check";
import {
    getTrustPolicy,
    getTrustPolicyOutput,
    GitLabOidc,
    IdentityProvider,
    lintTrustPolicyOutput,
    PipelineRole,
} from "pulumi-aws-gitlab-oidc";
import type { GitLabOidcArgs, PipelineRoleArgs, SubjectArgs } from "pulumi-aws-gitlab-oidc";
import { token } from "../../../provider/contract/schema";
import { provider } from "../../../provider/provider";

const PROVIDER = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";

const created: { readonly type: string; readonly name: string; readonly inputs: Readonly<Record<string, unknown>> }[] =
    [];
const logged: string[] = [];

const MOCKS: pulumi.runtime.Mocks = {
    newResource: ({ type, name, inputs }) => {
        created.push({ type, name, inputs: inputs as Readonly<Record<string, unknown>> });
        return { id: name, state: { name, ...(inputs as object), arn: `arn:aws:iam::111122223333:role/${name}` } };
    },
    call: () => ({}),
};

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
    return (output as unknown as { promise(): Promise<T> }).promise();
}

function failureOf(promise: Promise<unknown>): Promise<string> {
    return promise.then(
        () => "none",
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
}

/** The list, when it has so many items: resources are registered one after the other. */
async function until<T>(list: () => readonly T[], count: number): Promise<readonly T[]> {
    while (list().length < count) {
        await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return list();
}

/** The trust policy of a role that the plugin creates. */
async function byPlugin(inputs: pulumi.Inputs): Promise<string> {
    const { state } = await provider.construct!("remote", token("PipelineRole"), inputs, {});
    return valueOf((state as Readonly<Record<string, pulumi.Output<string>>>)["trustPolicy"]!);
}

/** The trust policy that a role, alone and as an entry of GitLabOidc, and the function have for the same inputs. */
async function byEachRoute(trust: object): Promise<readonly string[]> {
    const role = new PipelineRole("role", { providerArn: PROVIDER, ...trust } as PipelineRoleArgs);
    const { url, audiences, ...ofRole } = trust as { url?: unknown; audiences?: unknown };
    const gitlab = new GitLabOidc("gitlab", {
        existingProviderArn: PROVIDER,
        url,
        audiences,
        roles: { a: ofRole },
    } as unknown as GitLabOidcArgs);
    const policies = await valueOf(gitlab.trustPolicies);
    const { json } = await valueOf(getTrustPolicyOutput({ providerArn: PROVIDER, ...trust } as never));
    return [await valueOf(role.trustPolicy), policies["a"]!, json];
}

const MAIN = { project: "g/p", projectId: "4711", branch: "main" };
const POLICY_OF_MAIN =
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/gitlab.com"},' +
    '"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"gitlab.com:aud":"https://gitlab.com",' +
    '"gitlab.com:sub":"project_path:g/p:ref_type:branch:ref:main","gitlab.com:project_id":"4711"}}}]}';

describe("snapshot of the inputs", () => {
    before(() => pulumi.runtime.setMocks(MOCKS));
    beforeEach(() => {
        created.length = 0;
        logged.length = 0;
    });

    describe("null is not given, by each route", () => {
        const cases: readonly (readonly [title: string, trust: object])[] = [
            ["a tag beside a branch", { subjects: [{ ...MAIN, tag: null }] }],
            ["a group beside a project", { subjects: [{ ...MAIN, group: null }] }],
            [
                "every other field of a subject",
                {
                    subjects: [
                        {
                            ...MAIN,
                            ...{
                                refProtected: null,
                                environmentProtected: null,
                                deploymentTier: null,
                                claims: null,
                                sub: null,
                            },
                        },
                    ],
                },
            ],
            ["a claim", { subjects: [{ ...MAIN, claims: { userId: null, pipelineSource: undefined } }] }],
            [
                "operators and keys of conditions",
                {
                    subjects: [MAIN],
                    conditions: { StringEquals: null, StringLike: { "aws:RequestedRegion": null } },
                },
            ],
            [
                "what is beside the subjects",
                {
                    subjects: [MAIN],
                    url: null,
                    audiences: null,
                    conditions: null,
                    subClaimComponents: null,
                    accept: null,
                },
            ],
        ];
        for (const [title, trust] of cases) {
            it(title, async () => {
                expect(await byEachRoute(trust)).to.deep.equal([1, 2, 3].map(() => POLICY_OF_MAIN));
                const { json } = await getTrustPolicy({ providerArn: PROVIDER, ...trust } as never);
                expect(json).to.equal(POLICY_OF_MAIN);
            });
        }

        it("options of the CI file, policies, tags and roles", async () => {
            const gitlab = new GitLabOidc("gitlab", {
                url: null,
                existingProviderArn: null,
                thumbprints: null,
                tags: { team: null },
                gitlabCi: { jobName: null, stage: "deploy", image: null },
                roles: {
                    a: {
                        subjects: [MAIN],
                        name: null,
                        maxSessionDuration: null,
                        managedPolicies: { gone: null, read: READ_ONLY },
                        inlinePolicies: { gone: null },
                        secretArns: null,
                        secretKmsKeyArns: null,
                        gitlabCi: { stage: null, region: null, script: null },
                    },
                    b: null,
                },
            } as never);
            expect(await valueOf(gitlab.gitlabCiYml)).to.contain("assume role a:\n  stage: deploy\n");
            const children = await until(
                () => created.filter(({ type }) => type.startsWith("aws:")).map(({ name }) => name),
                3,
            );
            expect(children).to.deep.equal(["gitlab", "gitlab-a", "gitlab-a:aws:policy/ReadOnlyAccess"]);
            expect(JSON.stringify(created)).not.to.contain("null");
        });
    });

    it("null within a list is an error", () => {
        expect(() => new PipelineRole("role", { providerArn: PROVIDER, subjects: [null] } as never)).to.throw(
            "subjects[0]: is missing.",
        );
        expect(
            () =>
                new PipelineRole("role", { providerArn: PROVIDER, subjects: [MAIN], audiences: ["a", null] } as never),
        ).to.throw("audiences[1]: is missing.");
    });

    describe("an Output of null is not given", () => {
        const nothing = (): never => pulumi.output(Promise.resolve(null)) as never;

        it("beside what it would exclude, for each field of a subject", async () => {
            for (const name of ["tag", "group", "sub", "refProtected", "claims", "deploymentTier"]) {
                expect(await byEachRoute({ subjects: [{ ...MAIN, [name]: nothing() }] }), name).to.deep.equal(
                    [1, 2, 3].map(() => POLICY_OF_MAIN),
                );
            }
        });

        it("for what has a default", async () => {
            const gitlab = new GitLabOidc("gitlab", {
                url: nothing(),
                audiences: nothing(),
                path: "/ci/",
                maxSessionDuration: 7200,
                roles: {
                    a: {
                        subjects: [MAIN],
                        path: nothing(),
                        maxSessionDuration: nothing(),
                        managedPolicies: { r: READ_ONLY },
                    },
                },
            });
            await valueOf(gitlab.gitlabCiYml);
            const inputsOf = (type: string) => created.find((r) => r.type === type)!.inputs;
            expect(inputsOf("aws:iam/openIdConnectProvider:OpenIdConnectProvider")).to.deep.equal({
                url: "https://gitlab.com",
                clientIdLists: ["https://gitlab.com"],
            });
            expect(inputsOf("aws:iam/role:Role")).to.include({ path: "/ci/", maxSessionDuration: 7200 });
        });

        it("but an error where a resource was planned for it, or a value is needed", async () => {
            const gitlab = new GitLabOidc("gitlab", {
                existingProviderArn: nothing(),
                roles: { a: { subjects: [MAIN], managedPolicies: { r: nothing() } } },
            });
            const failure = await failureOf(valueOf(gitlab.trustPolicies));
            expect(failure)
                .to.contain("2 problems")
                .and.to.contain("- existingProviderArn: is an output without a value");
            expect(failure).to.contain('- roles["a"].managedPolicies["r"]: is an output without a value');
            const role = new PipelineRole("role", { providerArn: PROVIDER, subjects: nothing() });
            expect(await failureOf(valueOf(role.trustPolicy))).to.contain("- subjects: is missing.");
        });
    });

    describe("what was checked is what is built", () => {
        const later = <T>(value: T): pulumi.Output<T> =>
            pulumi.output(new Promise<T>((resolve) => setTimeout(() => resolve(value), 20))) as pulumi.Output<T>;

        it("args, subjects and lists that are changed after the constructor", async () => {
            const subject: Record<string, unknown> = { ...MAIN };
            const subjects = [subject];
            const audiences = ["https://gitlab.com"];
            const args: Record<string, unknown> = {
                providerArn: PROVIDER,
                subjects,
                audiences,
                description: later("x"),
            };
            const role = new PipelineRole("role", args as unknown as PipelineRoleArgs);
            subject["project"] = "*";
            subjects.push({ sub: "*" });
            audiences.push("other");
            args["subjects"] = [{ sub: "*" }];
            args["conditions"] = { Null: { "gitlab.com:sub": ["true"] } };
            expect(await valueOf(role.trustPolicy)).to.equal(POLICY_OF_MAIN);
        });

        it("roles, policies and tags of GitLabOidc that are changed after the constructor", async () => {
            const subject: Record<string, unknown> = { ...MAIN };
            const role: Record<string, unknown> = { subjects: [subject], managedPolicies: { read: READ_ONLY } };
            const roles: Record<string, unknown> = { a: role, b: role };
            const document = { Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }] };
            role["inlinePolicies"] = { own: document };
            const gitlab = new GitLabOidc("gitlab", {
                existingProviderArn: later(PROVIDER),
                roles,
            } as unknown as GitLabOidcArgs);
            subject["project"] = "*";
            role["subjects"] = [{ sub: "*" }];
            roles["c"] = { subjects: [{ sub: "*" }] };
            document.Statement[0]!.Action = "*";
            expect(await valueOf(gitlab.trustPolicies)).to.deep.equal({ a: POLICY_OF_MAIN, b: POLICY_OF_MAIN });
            await valueOf(gitlab.gitlabCiYml);
            const policies = created.filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
            expect(policies.map(({ inputs }) => inputs["policy"])).to.deep.equal(
                [1, 2].map(() => '{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'),
            );
        });

        it("an object that an Output holds, changed when it was checked", async () => {
            const subject: SubjectArgs = { ...MAIN };
            const held = later([subject]);
            const role = new PipelineRole("role", { providerArn: PROVIDER, subjects: held });
            await valueOf(held);
            await new Promise(setImmediate);
            Object.assign(subject, { project: "*" });
            const policy = await valueOf(role.trustPolicy).catch((error: unknown) => String(error));
            expect(policy).not.to.contain('"project_path:*');
            expect([POLICY_OF_MAIN, true]).to.include(policy === POLICY_OF_MAIN || policy.includes("[path-wildcard]"));
        });

        it("an identity provider's audiences and url", async () => {
            const args: Record<string, unknown> = { url: later("https://gitlab.example.com"), audiences: ["a"] };
            const provider = new IdentityProvider("provider", args);
            (args["audiences"] as string[]).push("*");
            args["thumbprints"] = ["x"];
            expect(await valueOf(provider.audiences)).to.deep.equal(["a"]);
        });

        it("one object for two roles", async () => {
            const args = { providerArn: PROVIDER, subjects: [{ ...MAIN }] };
            const pending = { ...args, providerArn: later(PROVIDER) };
            const [first, second] = [new PipelineRole("first", pending), new PipelineRole("second", pending)];
            Object.assign(args.subjects[0]!, { project: "*" });
            expect(await Promise.all([first, second].map((role) => valueOf(role.trustPolicy)))).to.deep.equal([
                POLICY_OF_MAIN,
                POLICY_OF_MAIN,
            ]);
        });

        it("values that contain themselves, or are too deep, are told", () => {
            const self: Record<string, unknown> = {};
            self["again"] = self;
            let deep: unknown = "x";
            for (let i = 0; i < 100_000; i++) {
                deep = [deep];
            }
            for (const [value, text] of [
                [self, 'inlinePolicies["own"].again: contains itself.'],
                [deep, "is nested more than 100 levels deep."],
            ] as const) {
                expect(
                    () =>
                        new PipelineRole("role", {
                            providerArn: PROVIDER,
                            subjects: [MAIN],
                            inlinePolicies: { own: value },
                        }),
                ).to.throw(text);
            }
        });
    });

    describe("secrets", () => {
        const SHORT = "a";

        it("of one component do not change what is said of another", async () => {
            const role = new PipelineRole("role", {
                providerArn: PROVIDER,
                subjects: [{ ...MAIN, project: pulumi.secret("g/p") }],
                description: pulumi.secret(SHORT),
            });
            await valueOf(role.trustPolicy);
            expect(
                () =>
                    new PipelineRole("other", {
                        providerArn: PROVIDER,
                        subjects: [{ ...MAIN, branch: "refs/heads/main" }],
                    }),
            ).to.throw(
                / {2}- subjects\[0\]\.branch: "refs\/heads\/main" .* branch: "main"\. \[ref-name\]\n {6}https:\S+$/,
            );
        });

        it("are in no message, and a short one takes no words away", async () => {
            const role = new PipelineRole("role", {
                providerArn: PROVIDER,
                description: pulumi.secret(SHORT),
                name: pulumi.secret("hidden name"),
                subjects: [
                    { ...MAIN, branch: pulumi.output(Promise.resolve("a b")) },
                    { ...MAIN, branch: pulumi.secret("refs/heads/hidden") },
                ],
            });
            const failure = await failureOf(valueOf(role.trustPolicy));
            expect(failure).not.to.contain("hidden");
            expect(failure).to.match(/subjects\[0\]\.branch: "a b" .* \[ref-name\]/);
        });

        it("of a length are hidden in sentences about something else", async () => {
            const arn = "arn:aws:iam::999988887777:oidc-provider/gitlab.example.org";
            const role = new PipelineRole("role", {
                providerArn: pulumi.secret(arn),
                url: "https://gitlab.com",
                subjects: [MAIN],
                tags: { owner: pulumi.secret(arn) },
            });
            expect(await failureOf(valueOf(role.trustPolicy))).not.to.contain("999988887777");
        });
    });

    it("random inputs give the same policy by each route", async () => {
        const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
            fc.oneof(
                { weight: 2, arbitrary: fc.constant(undefined) },
                { weight: 1, arbitrary: fc.constant(null) },
                { weight: 4, arbitrary },
            );
        const asOutputs = (value: unknown, draw: () => number): unknown => {
            const inside = Array.isArray(value)
                ? value.map((item: unknown) => asOutputs(item, draw))
                : typeof value === "object" && value !== null
                  ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, asOutputs(v, draw)]))
                  : value;
            return draw() < 0.3 ? pulumi.output(Promise.resolve(inside)) : inside;
        };
        const subject = fc.record({
            project: fc.constantFrom("g/p", "g/sub/q", "h/r"),
            projectId: fc.constantFrom("1", "4711"),
            branch: fc.constantFrom("main", "release/*", "${x}"),
            tag: fc.constantFrom(null, undefined),
            group: fc.constantFrom(null, undefined),
            refProtected: maybe(fc.constantFrom(true, "false")),
            claims: maybe(
                fc.record({
                    userId: maybe(fc.constantFrom(["1"], ["2", "1"])),
                    pipelineSource: maybe(fc.constant(["push", "web"])),
                }),
            ),
        });
        const trust = fc.record({
            subjects: fc.array(subject, { minLength: 1, maxLength: 3 }),
            audiences: maybe(fc.constantFrom(["https://gitlab.com"], ["b", "a"])),
            conditions: maybe(
                fc.record({
                    StringEquals: maybe(fc.record({ "aws:RequestedRegion": maybe(fc.constant(["eu-west-1"])) })),
                    IpAddress: maybe(fc.constant({ "aws:SourceIp": ["10.0.0.0/8"] })),
                }),
            ),
        });
        await fc.assert(
            fc.asyncProperty(
                trust,
                fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
                async (inputs, stream) => {
                    const { json } = await getTrustPolicy({ providerArn: PROVIDER, ...inputs } as never);
                    const draw = (): number => stream.next().value as number;
                    // One object twice, and the same changed when the constructors have returned.
                    const shared = Object.fromEntries(
                        Object.entries(inputs).map(([name, value]) => [name, asOutputs(value, draw)]),
                    ) as { readonly subjects: unknown };
                    const roles = [1, 2].map(
                        (i) => new PipelineRole(`role${String(i)}`, { providerArn: PROVIDER, ...shared } as never),
                    );
                    if (Array.isArray(shared.subjects)) {
                        shared.subjects.push({ sub: "*" });
                    }
                    const policies = await Promise.all(roles.map((role) => valueOf(role.trustPolicy)));
                    const remote = Object.fromEntries(
                        Object.entries(inputs).map(([name, value]) => [name, asOutputs(value, draw)]),
                    );
                    policies.push(await byPlugin({ providerArn: PROVIDER, ...remote }));
                    expect(policies).to.deep.equal([json, json, json]);
                },
            ),
            { numRuns: 100 },
        );
    });
});

describe("collections, which have entries in place of properties", () => {
    before(() => pulumi.runtime.setMocks(MOCKS));

    const SUBJECTS = [{ project: "mygroup/myproject", projectId: "4711", branch: "main" }];
    const REGION = new Map([["StringEquals", { "aws:RequestedRegion": ["eu-west-1"] }]]);

    for (const [name, value, kind] of [
        ["conditions", REGION, "a Map"],
        ["subjects", new Set(SUBJECTS), "a Set"],
    ] as const) {
        it(`${name} that are ${kind} are rejected by function and class: nothing of them would be built`, async () => {
            const args = { providerArn: PROVIDER, subjects: SUBJECTS, [name]: value };
            const lines = [
                await failureOf(getTrustPolicy(args as never)),
                await failureOf(valueOf(getTrustPolicyOutput(args as never))),
                await failureOf(Promise.resolve().then(() => new PipelineRole("role", args as never))),
            ].map((text) => text.split("\n").slice(1));
            expect(lines.map(([line]) => line!.slice(0, `  - ${name}: is ${kind}`.length))).to.deep.equal(
                lines.map(() => `  - ${name}: is ${kind}`),
            );
            expect(lines.map(({ length }) => length)).to.deep.equal([2, 2, 2]);
        });
    }
});

describe("arguments of functions that may be outputs", () => {
    it("that contain themselves, or are too deep, are told without a stack", async () => {
        const itself: Record<string, unknown> = {};
        itself["trustPolicy"] = itself;
        let deep: unknown = {};
        for (let i = 0; i < 20_000; i++) {
            deep = { a: deep };
        }
        const texts = [itself, { trustPolicy: deep }].map((args) =>
            failureOf(valueOf(lintTrustPolicyOutput(args as never))),
        );
        const [first, second] = (await Promise.all(texts)).map((text) => text.split("\n"));
        expect(first).to.deep.equal([
            "lintTrustPolicy: 1 problem with the inputs:",
            "  - trustPolicy: contains itself. Use plain objects and arrays. [wrong-type]",
            "      https://github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc/blob/main/docs/reference/rules.md#wrong-type",
        ]);
        expect(second).to.have.length(3);
        expect(second![1]).to.match(
            /^ {2}- trustPolicy(?:\.a){99}: is nested more than 100 levels deep\. .* \[wrong-type\]$/,
        );
    });
});

describe("warnings of one rule", () => {
    before(() => pulumi.runtime.setMocks(MOCKS));

    it("are logged once for all places with the same words, and each with its own values elsewhere", async () => {
        const log = pulumi.log.warn;
        const lines: string[] = [];
        Object.assign(pulumi.log, {
            warn: (line: string) => {
                lines.push(line);
                return Promise.resolve();
            },
        });
        try {
            const subjects = ["alpha", "beta", "alpha"].map((group, i) => ({ group, branch: `main${String(i)}` }));
            await valueOf(new PipelineRole("groups", { providerArn: PROVIDER, subjects }).arn);
        } finally {
            Object.assign(pulumi.log, { warn: log });
        }
        expect(lines.map((line) => line.slice(0, line.indexOf(", in subgroups")))).to.deep.equal([
            'subjects[0].group, subjects[2].group: The role trusts every project below "alpha"',
            'subjects[1].group: The role trusts every project below "beta"',
        ]);
    });
});
