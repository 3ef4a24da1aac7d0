import { expect } from "chai";
import type { GitLabOidcArgs, PipelineRoleArgs, RoleArgs } from "../../provider/contract/args";
import { everythingInAws, nothing, providerInAws, roleInAws } from "./account";
import { engine, type Program, type Ran, type TestStack } from "./engine";
import { routes, type Route } from "./routes";

const AWS = "arn:aws:iam::aws:policy";
const READ_ONLY = `${AWS}/AmazonS3ReadOnlyAccess`;
const FULL = `${AWS}/AmazonS3FullAccess`;
const BOUNDARY = `${AWS}/PowerUserAccess`;
const THUMBPRINT = "9e99a48a9960b14926bb7f3b02e22da2b0ab7280";

const MAIN = { project: "mygroup/myproject", branch: "main" };
const document = (action: string): object => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: action, Resource: "arn:aws:s3:::x/*" }],
});

/** An edit of a program, and what the engine does about it. */
interface Edit {
    readonly before: Partial<GitLabOidcArgs>;
    readonly after: Partial<GitLabOidcArgs>;
    /** What may stand there instead from then on, without a change. */
    readonly later?: Partial<GitLabOidcArgs>;
    /** By resource, where `x` is the name of the component. */
    readonly changes: Readonly<Record<string, string>>;
}

/** An edit of the only role `deploy`. */
function role(before: Partial<RoleArgs>, after: Partial<RoleArgs>, changes: Edit["changes"]): Edit {
    const of = (own: Partial<RoleArgs>): Edit["before"] => ({ roles: { deploy: { subjects: [MAIN], ...own } } });
    return { before: of(before), after: of(after), changes };
}

const EDITS: Readonly<Record<string, Edit>> = {
    "nothing at all": { before: {}, after: {}, changes: {} },

    // The identity provider
    url: {
        before: { url: "https://old.example.com" },
        after: { url: "https://new.example.com" },
        changes: { "OpenIdConnectProvider x": "replace", "Role x-deploy": "update" },
    },
    audiences: {
        before: { audiences: ["https://first.example.com"] },
        after: { audiences: ["https://first.example.com", "sts.amazonaws.com"] },
        changes: { "OpenIdConnectProvider x": "update", "Role x-deploy": "update" },
    },
    "thumbprints added": {
        before: {},
        after: { thumbprints: [THUMBPRINT] },
        changes: { "OpenIdConnectProvider x": "update" },
    },
    "tags of all": {
        before: { tags: { team: "platform", stage: "prod" } },
        after: { tags: { team: "platform", stage: "dev", cost: "1" } },
        changes: { "OpenIdConnectProvider x": "update", "Role x-deploy": "update" },
    },
    "tags of all, removed": {
        before: { tags: { team: "platform" } },
        after: {},
        changes: { "OpenIdConnectProvider x": "update", "Role x-deploy": "update" },
    },
    "a tag of all that every role has of its own": {
        before: { tags: { stage: "prod" }, roles: { deploy: { subjects: [MAIN], tags: { stage: "own" } } } },
        after: { tags: { stage: "dev" }, roles: { deploy: { subjects: [MAIN], tags: { stage: "own" } } } },
        changes: { "OpenIdConnectProvider x": "update" },
    },

    // Defaults of the roles
    "default path": { before: { path: "/a/" }, after: { path: "/b/" }, changes: { "Role x-deploy": "replace" } },
    "default permissionsBoundary": {
        before: {},
        after: { permissionsBoundary: BOUNDARY },
        changes: { "Role x-deploy": "update" },
    },
    "default maxSessionDuration, where one role has its own": {
        before: {
            maxSessionDuration: 3600,
            roles: { deploy: { subjects: [MAIN] }, plan: { subjects: [MAIN], maxSessionDuration: 7200 } },
        },
        after: {
            maxSessionDuration: 10800,
            roles: { deploy: { subjects: [MAIN] }, plan: { subjects: [MAIN], maxSessionDuration: 7200 } },
        },
        changes: { "Role x-deploy": "update" },
    },
    "default subClaimComponents": {
        before: {
            roles: {
                deploy: {
                    subjects: [{ ...MAIN, refProtected: "*" }],
                    subClaimComponents: ["project_path", "ref_type", "ref", "ref_protected"],
                },
            },
        },
        after: {
            subClaimComponents: ["project_path", "ref_type", "ref", "ref_protected"],
            roles: { deploy: { subjects: [{ ...MAIN, refProtected: "*" }] } },
        },
        changes: {},
    },

    // A role
    subjects: role({}, { subjects: [{ ...MAIN, branch: "release/*" }] }, { "Role x-deploy": "update" }),
    "subjects in another order": role(
        { subjects: [MAIN, { ...MAIN, branch: "next" }] },
        { subjects: [{ ...MAIN, branch: "next" }, MAIN] },
        {},
    ),
    conditions: role(
        {},
        { conditions: { StringEquals: { "aws:RequestedRegion": ["eu-central-1"] } } },
        { "Role x-deploy": "update" },
    ),
    description: role({ description: "old" }, { description: "new" }, { "Role x-deploy": "update" }),
    "description removed": role({ description: "old" }, {}, { "Role x-deploy": "update" }),
    maxSessionDuration: role({}, { maxSessionDuration: 7200 }, { "Role x-deploy": "update" }),
    "maxSessionDuration removed": role({ maxSessionDuration: 7200 }, {}, { "Role x-deploy": "update" }),
    "permissionsBoundary removed": role({ permissionsBoundary: BOUNDARY }, {}, { "Role x-deploy": "update" }),
    "tags of a role": role({ tags: { a: "1" } }, { tags: { a: "2", b: "3" } }, { "Role x-deploy": "update" }),
    name: role(
        { name: "$-old", managedPolicies: { s3: READ_ONLY }, inlinePolicies: { own: document("s3:GetObject") } },
        { name: "$-new", managedPolicies: { s3: READ_ONLY }, inlinePolicies: { own: document("s3:GetObject") } },
        {
            "Role x-deploy": "replace",
            "RolePolicyAttachment x-deploy:aws:policy/AmazonS3ReadOnlyAccess": "replace",
            "RolePolicy x-deploy:own": "replace",
        },
    ),
    path: role(
        { managedPolicies: { s3: READ_ONLY } },
        { path: "/gitlab/", managedPolicies: { s3: READ_ONLY } },
        { "Role x-deploy": "replace", "RolePolicyAttachment x-deploy:aws:policy/AmazonS3ReadOnlyAccess": "replace" },
    ),
    accept: role(
        { subjects: [{ ...MAIN, branch: "*" }] },
        { subjects: [{ ...MAIN, branch: "*" }], accept: ["any-branch"] },
        { "Role x-deploy": "update" },
    ),

    // Its policies
    "a managed policy": role(
        { managedPolicies: { s3: READ_ONLY, other: BOUNDARY } },
        { managedPolicies: { s3: FULL, other: BOUNDARY } },
        {
            "RolePolicyAttachment x-deploy:aws:policy/AmazonS3FullAccess": "create",
            "RolePolicyAttachment x-deploy:aws:policy/AmazonS3ReadOnlyAccess": "delete",
        },
    ),
    "managed policies in another order": role(
        { managedPolicies: { s3: READ_ONLY, other: BOUNDARY } },
        { managedPolicies: { other: BOUNDARY, s3: READ_ONLY } },
        {},
    ),
    "a managed policy added": role(
        { managedPolicies: { s3: READ_ONLY } },
        { managedPolicies: { a: BOUNDARY, s3: READ_ONLY } },
        { "RolePolicyAttachment x-deploy:aws:policy/PowerUserAccess": "create" },
    ),
    "a managed policy removed": role(
        { managedPolicies: { a: BOUNDARY, s3: READ_ONLY } },
        { managedPolicies: { s3: READ_ONLY } },
        { "RolePolicyAttachment x-deploy:aws:policy/PowerUserAccess": "delete" },
    ),
    "an inline policy": role(
        { inlinePolicies: { own: document("s3:GetObject"), other: document("s3:GetObject") } },
        { inlinePolicies: { own: document("s3:PutObject"), other: document("s3:GetObject") } },
        { "RolePolicy x-deploy:own": "update" },
    ),
    "an inline policy as text instead of an object": role(
        { inlinePolicies: { own: document("s3:GetObject") } },
        { inlinePolicies: { own: JSON.stringify(document("s3:GetObject")) } },
        {},
    ),
    "inline policies in another order": role(
        { inlinePolicies: { own: document("s3:GetObject"), other: document("s3:PutObject") } },
        { inlinePolicies: { other: document("s3:PutObject"), own: document("s3:GetObject") } },
        {},
    ),
    "an inline policy added": role(
        { inlinePolicies: { own: document("s3:GetObject") } },
        { inlinePolicies: { a: document("s3:PutObject"), own: document("s3:GetObject") } },
        { "RolePolicy x-deploy:a": "create" },
    ),
    "an inline policy removed": role(
        { inlinePolicies: { a: document("s3:PutObject"), own: document("s3:GetObject") } },
        { inlinePolicies: { own: document("s3:GetObject") } },
        { "RolePolicy x-deploy:a": "delete" },
    ),

    // Entries of roles
    "roles in another order": {
        before: { roles: { deploy: { subjects: [MAIN] }, plan: { subjects: [MAIN] }, test: { subjects: [MAIN] } } },
        after: { roles: { test: { subjects: [MAIN] }, deploy: { subjects: [MAIN] }, plan: { subjects: [MAIN] } } },
        changes: {},
    },
    "a role removed": {
        before: {
            roles: { deploy: { subjects: [MAIN], managedPolicies: { s3: READ_ONLY } }, plan: { subjects: [MAIN] } },
        },
        after: { roles: { plan: { subjects: [MAIN] } } },
        changes: {
            "PipelineRole x-deploy": "delete",
            "Role x-deploy": "delete",
            "RolePolicyAttachment x-deploy:aws:policy/AmazonS3ReadOnlyAccess": "delete",
        },
    },
    "a role added": {
        before: { roles: { plan: { subjects: [MAIN] } } },
        after: {
            roles: { deploy: { subjects: [MAIN], managedPolicies: { s3: READ_ONLY } }, plan: { subjects: [MAIN] } },
        },
        changes: {
            "PipelineRole x-deploy": "create",
            "Role x-deploy": "create",
            "RolePolicyAttachment x-deploy:aws:policy/AmazonS3ReadOnlyAccess": "create",
        },
    },
    "a role renamed with formerKeys": {
        before: {
            roles: {
                old: {
                    subjects: [MAIN],
                    managedPolicies: { s3: READ_ONLY },
                    inlinePolicies: { own: document("s3:GetObject") },
                },
            },
        },
        after: {
            roles: {
                new: {
                    formerKeys: ["older", "old"],
                    subjects: [MAIN],
                    managedPolicies: { s3: READ_ONLY },
                    inlinePolicies: { own: document("s3:GetObject") },
                },
            },
        },
        later: {
            roles: {
                new: {
                    subjects: [MAIN],
                    managedPolicies: { s3: READ_ONLY },
                    inlinePolicies: { own: document("s3:GetObject") },
                },
            },
        },
        changes: {},
    },
    "a role renamed without formerKeys": {
        before: { roles: { old: { subjects: [MAIN] } } },
        after: { roles: { new: { subjects: [MAIN] } } },
        changes: {
            "PipelineRole x-new": "create",
            "Role x-new": "create",
            "PipelineRole x-old": "delete",
            "Role x-old": "delete",
        },
    },
};

const SHARED = "arn:aws:iam::111122223333:oidc-provider/shared.example.com";

/** Edits of a `PipelineRole` that stands alone. */
const ROLE_EDITS: Readonly<
    Record<string, { before: PipelineRoleArgs; after: PipelineRoleArgs; changes: Edit["changes"] }>
> = {
    "PipelineRole: providerArn": {
        before: { providerArn: SHARED, subjects: [MAIN] },
        after: { providerArn: "arn:aws:iam::111122223333:oidc-provider/moved.example.com", subjects: [MAIN] },
        changes: { "Role x": "update" },
    },
    "PipelineRole: the url that its provider has": {
        before: { providerArn: SHARED, subjects: [MAIN] },
        after: { providerArn: SHARED, url: "https://shared.example.com", subjects: [MAIN] },
        changes: {},
    },
    "PipelineRole: audiences": {
        before: { providerArn: SHARED, subjects: [MAIN] },
        after: { providerArn: SHARED, audiences: ["sts.amazonaws.com"], subjects: [MAIN] },
        changes: { "Role x": "update" },
    },
};

/** Name of the component of an edit: no name is the beginning of another one. */
function nameOf(title: string, { name }: Route): string {
    const index = [...Object.keys(EDITS), ...Object.keys(ROLE_EDITS)].indexOf(title);
    return `${name === "plugin" ? "p" : "n"}${String(index).padStart(2, "0")}`;
}

type Stage = "before" | "after" | "later";

/** The program with every instance as it stands before or after its edit. */
function programOf(route: Route, stage: Stage): Program {
    return () => {
        for (const [title, edit] of Object.entries(EDITS)) {
            const x = nameOf(title, route);
            route.GitLabOidc(x, argsOf(edit[stage] ?? edit.after, x));
        }
        for (const [title, edit] of Object.entries(ROLE_EDITS)) {
            route.PipelineRole(nameOf(title, route), stage === "before" ? edit.before : edit.after);
        }
        return undefined;
    };
}

/** Urls and names in IAM are the instance's own. */
function argsOf(args: Edit["before"], x: string): GitLabOidcArgs {
    const { url = "https://gitlab.example.com", roles = { deploy: { subjects: [MAIN] } } } = args;
    const named = Object.entries<RoleArgs>(roles as Readonly<Record<string, RoleArgs>>).map(
        ([key, own]): [string, RoleArgs] => [
            key,
            own.name === undefined ? own : { ...own, name: (own.name as string).replace("$", x) },
        ],
    );
    return { ...args, url: (url as string).replace("example", `${x}.example`), roles: Object.fromEntries(named) };
}

function changesOf(x: string, { changes }: Ran): Readonly<Record<string, string>> {
    const own = Object.entries(changes).filter(([label]) => label.split(" ")[1]!.startsWith(x));
    return Object.fromEntries(own.map(([label, op]) => [label.replace(` ${x}`, " x"), op]));
}

for (const route of routes) {
    describe(`engine: edits of a program, ${route.name}`, () => {
        let stack: TestStack;
        let preview: Ran;
        let up: Ran;
        const arns = new Map<string, unknown>();

        const roleOf = (title: string, key = "deploy") =>
            roleInAws(stack.resource(`Role ${nameOf(title, route)}${key === "" ? "" : `-${key}`}`).id!);
        const providerOf = (title: string) =>
            providerInAws(stack.resource(`OpenIdConnectProvider ${nameOf(title, route)}`).id!);

        before(async () => {
            const { workspace } = await engine();
            await workspace.emulator.reset();
            stack = await (await engine()).program(programOf(route, "before"));
            await stack.up();
            for (const { urn, outputs } of stack.resources()) {
                arns.set(urn.split("::").pop()!, outputs?.["arn"]);
            }
            stack.edit(programOf(route, "after"));
            preview = await stack.preview();
            up = await stack.up();
        });

        for (const [title, { changes }] of Object.entries({ ...EDITS, ...ROLE_EDITS })) {
            it(title, () => {
                const x = nameOf(title, route);
                expect(changesOf(x, preview), "preview").to.deep.equal(changes);
                expect(changesOf(x, up), "up").to.deep.equal(changes);
            });
        }

        it("IAM has what the edited program says", async () => {
            const x = nameOf("url", route);
            expect((await roleOf("url")).trust).to.deep.equal({
                Version: "2012-10-17",
                Statement: [
                    {
                        Effect: "Allow",
                        Principal: {
                            Federated: `arn:aws:iam::111122223333:oidc-provider/new.${x}.example.com`,
                        },
                        Action: "sts:AssumeRoleWithWebIdentity",
                        Condition: {
                            StringEquals: {
                                [`new.${x}.example.com:aud`]: `https://new.${x}.example.com`,
                                [`new.${x}.example.com:sub`]: "project_path:mygroup/myproject:ref_type:branch:ref:main",
                            },
                        },
                    },
                ],
            });
            expect(await providerOf("audiences")).to.deep.include({
                audiences: ["https://first.example.com", "sts.amazonaws.com"],
            });
            expect((await providerOf("thumbprints added")).thumbprints).to.deep.equal([THUMBPRINT]);
            expect((await providerOf("tags of all")).tags).to.deep.equal({ team: "platform", stage: "dev", cost: "1" });
            expect((await roleOf("tags of all")).tags).to.deep.equal({ team: "platform", stage: "dev", cost: "1" });
            expect((await providerOf("tags of all, removed")).tags).to.deep.equal({});
            expect((await roleOf("tags of all, removed")).tags).to.deep.equal({});
            expect((await roleOf("a tag of all that every role has of its own")).tags).to.deep.equal({ stage: "own" });
            expect((await roleOf("default path")).arn).to.contain(":role/b/");
            expect((await roleOf("default permissionsBoundary")).boundary).to.equal(BOUNDARY);
            const mixed = "default maxSessionDuration, where one role has its own";
            expect((await roleOf(mixed)).maxSessionDuration).to.equal(10800);
            expect((await roleOf(mixed, "plan")).maxSessionDuration).to.equal(7200);
            expect((await roleOf("description")).description).to.equal("new");
            expect((await roleOf("description removed")).description).to.equal("");
            expect((await roleOf("maxSessionDuration removed")).maxSessionDuration).to.equal(3600);
            expect((await roleOf("permissionsBoundary removed")).boundary).to.equal(undefined);
            expect(await roleOf("name")).to.deep.include({
                arn: `arn:aws:iam::111122223333:role/${nameOf("name", route)}-new`,
                managed: [READ_ONLY],
                inline: { own: document("s3:GetObject") },
            });
            expect((await roleOf("a managed policy")).managed).to.deep.equal([BOUNDARY, FULL].sort());
            expect((await roleOf("a managed policy removed")).managed).to.deep.equal([READ_ONLY]);
            expect((await roleOf("an inline policy")).inline).to.deep.equal({
                own: document("s3:PutObject"),
                other: document("s3:GetObject"),
            });
            expect((await roleOf("an inline policy removed")).inline).to.deep.equal({ own: document("s3:GetObject") });
        });

        it("a renamed role keeps its ARN and policies", async () => {
            const title = "a role renamed with formerKeys";
            const x = nameOf(title, route);
            const renamed = await roleOf(title, "new");
            expect(renamed.arn).to.equal(arns.get(`${x}-old`));
            expect(renamed.arn).to.match(new RegExp(`:role/${x}-old-[0-9a-f]{7}$`));
            expect(renamed).to.deep.include({ managed: [READ_ONLY], inline: { own: document("s3:GetObject") } });
            expect(stack.labels().filter((l) => l.includes(x))).to.deep.equal([
                `GitLabOidc ${x}`,
                `IdentityProvider ${x}`,
                `OpenIdConnectProvider ${x}`,
                `PipelineRole ${x}-new`,
                `Role ${x}-new`,
                `RolePolicy ${x}-new:own`,
                `RolePolicyAttachment ${x}-new:aws:policy/AmazonS3ReadOnlyAccess`,
            ]);
        });

        it("another up finds nothing to do, nor one without formerKeys", async () => {
            await stack.edit(programOf(route, "later")).unchanged();
        });

        it("destroy leaves the account empty", async () => {
            await stack.destroy();
            expect(await everythingInAws()).to.deep.equal(nothing);
            expect(stack.resources()).to.deep.equal([]);
        });
    });
}
