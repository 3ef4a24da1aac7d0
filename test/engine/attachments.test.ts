import * as pulumi from "@pulumi/pulumi";
import { Policy } from "@pulumi/aws/iam/policy";
import { expect } from "chai";
import type { PipelineRoleArgs } from "../../provider/contract/args";
import { everythingInAws, nothing, roleInAws } from "./account";
import { emptyAccount, engine, type Program, type Ran, type TestStack } from "./engine";
import { expectFindings } from "../support/findings";
import { problems } from "./refusal";
import { npm, plugin, routes, type Route } from "./routes";

const AWS = "arn:aws:iam::aws:policy";
const READ = `${AWS}/AmazonS3ReadOnlyAccess`;
const FULL = `${AWS}/AmazonS3FullAccess`;
const OWN = "arn:aws:iam::111122223333:policy/own";
const OTHER = "arn:aws:iam::111122223333:policy/ci/other";
const DOCUMENT = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"x"}]}';

/** ARNs of policies of the same program, which the first preview does not know. */
interface Late {
    readonly own: pulumi.Output<string>;
    readonly other: pulumi.Output<string>;
}

type Policies = Pick<PipelineRoleArgs, "managedPolicies" | "inlinePolicies" | "formerPolicyKeys">;

/** An edit of a role's policies, and what IAM has after it. */
interface Edit {
    readonly before: (late: Late) => Policies;
    readonly after: (late: Late) => Policies;
    /** By resource, where `x` is the role. */
    readonly changes: Readonly<Record<string, string>>;
    readonly managed: readonly string[];
    readonly inline?: readonly string[];
}

const managed = (managedPolicies: Policies["managedPolicies"], formerPolicyKeys?: Policies["formerPolicyKeys"]) => ({
    managedPolicies,
    ...(formerPolicyKeys !== undefined && { formerPolicyKeys }),
});

const EDITS: Readonly<Record<string, Edit>> = {
    "a key renamed": {
        before: () => managed({ old: READ, other: FULL }),
        after: () => managed({ new: READ, other: FULL }),
        changes: {},
        managed: [FULL, READ],
    },
    "two keys that change their ARNs": {
        before: () => managed({ a: READ, b: FULL }),
        after: () => managed({ a: FULL, b: READ }),
        changes: {},
        managed: [FULL, READ],
    },
    "an ARN that moves to a new key, whose old key gets another": {
        before: () => managed({ a: READ }),
        after: () => managed({ a: FULL, b: READ }),
        changes: { "RolePolicyAttachment x:aws:policy/AmazonS3FullAccess": "create" },
        managed: [FULL, READ],
    },
    "a key removed whose ARN another key gets": {
        before: () => managed({ a: READ, b: FULL }),
        after: () => managed({ a: FULL }),
        changes: { "RolePolicyAttachment x:aws:policy/AmazonS3ReadOnlyAccess": "delete" },
        managed: [FULL],
    },
    "another ARN under a key": {
        before: () => managed({ a: READ }),
        after: () => managed({ a: FULL }),
        changes: {
            "RolePolicyAttachment x:aws:policy/AmazonS3ReadOnlyAccess": "delete",
            "RolePolicyAttachment x:aws:policy/AmazonS3FullAccess": "create",
        },
        managed: [FULL],
    },
    "the last one removed": {
        before: () => managed({ a: READ }),
        after: () => ({}),
        changes: { "RolePolicyAttachment x:aws:policy/AmazonS3ReadOnlyAccess": "delete" },
        managed: [],
    },
    "text that becomes an output": {
        before: () => managed({ a: OWN }),
        after: ({ own }) => managed({ a: own }),
        changes: {},
        managed: [OWN],
    },
    "an output that becomes text": {
        before: ({ own }) => managed({ a: own }),
        after: () => managed({ a: OWN }),
        changes: {},
        managed: [OWN],
    },
    "text that becomes an output under another key": {
        before: () => managed({ a: OWN }),
        after: ({ own }) => managed({ b: own }),
        changes: {},
        managed: [OWN],
    },
    "an output that becomes text under another key, with formerPolicyKeys": {
        before: ({ own }) => managed({ a: own }),
        after: () => managed({ b: OWN }, { b: ["a"] }),
        changes: {},
        managed: [OWN],
    },
    "outputs in another order": {
        before: ({ own, other }) => managed({ a: own, b: other }),
        after: ({ own, other }) => managed({ b: other, a: own }),
        changes: {},
        managed: [OTHER, OWN],
    },
    "the key of an output renamed with formerPolicyKeys": {
        before: ({ own, other }) => managed({ old: own, other }),
        after: ({ own, other }) => managed({ new: own, other }, { new: ["older", "old"] }),
        changes: {},
        managed: [OTHER, OWN],
    },
    "the key of an output renamed without formerPolicyKeys, which detaches it as the documentation says": {
        before: ({ own }) => managed({ old: own }),
        after: ({ own }) => managed({ new: own }),
        changes: { "RolePolicyAttachment x:new": "create", "RolePolicyAttachment x:old": "delete" },
        managed: [],
    },
    "an inline policy renamed": {
        before: () => ({ inlinePolicies: { old: DOCUMENT } }),
        after: () => ({ inlinePolicies: { new: DOCUMENT } }),
        changes: { "RolePolicy x:new": "create", "RolePolicy x:old": "delete" },
        managed: [],
        inline: ["new"],
    },
};

function late(): Late {
    const own = new Policy("own", { name: "own", policy: DOCUMENT });
    const other = new Policy("other", { name: "other", path: "/ci/", policy: DOCUMENT });
    return { own: own.arn, other: other.arn };
}

const inputs = {
    providerArn: "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com",
    gitlabVersion: "19.1",
    subjects: [{ project: "mygroup/myproject", branch: "main" }],
};

/** Name of the role of an edit: no name is the beginning of another one. */
function nameOf(title: string): string {
    return `r${String(Object.keys(EDITS).indexOf(title)).padStart(2, "0")}`;
}

function programOf(route: Route, stage: "before" | "after"): Program {
    return () => {
        const arns = late();
        for (const [title, edit] of Object.entries(EDITS)) {
            const name = nameOf(title);
            route.PipelineRole(name, { ...inputs, name, ...edit[stage](arns) });
        }
        return undefined;
    };
}

function changesOf(x: string, { changes }: Ran): Readonly<Record<string, string>> {
    const own = Object.entries(changes).filter(([label]) => label.split(" ")[1]!.startsWith(x));
    return Object.fromEntries(own.map(([label, op]) => [label.replace(` ${x}`, " x"), op]));
}

for (const route of routes) {
    describe(`engine: edits of a role's policies, ${route.name}`, () => {
        let stack: TestStack;
        let preview: Ran;
        let up: Ran;

        before(async () => {
            const { workspace } = await engine();
            await workspace.emulator.reset();
            // Text names this policy before the program has made it.
            stack = await (await engine()).program(() => void late());
            await stack.up();
            await stack.edit(programOf(route, "before")).up();
            stack.edit(programOf(route, "after"));
            preview = await stack.preview();
            up = await stack.up();
        });

        for (const [title, { changes, managed: arns, inline = [] }] of Object.entries(EDITS)) {
            it(title, async () => {
                const x = nameOf(title);
                expect(changesOf(x, preview), "preview").to.deep.equal(changes);
                expect(changesOf(x, up), "up").to.deep.equal(changes);
                const inAws = await roleInAws(x);
                expect(inAws.managed).to.deep.equal(arns);
                expect(Object.keys(inAws.inline)).to.deep.equal(inline);
            });
        }

        it("another up finds nothing to do", async () => {
            await stack.unchanged();
        });

        it("what was detached is attached by a refresh and an up", async () => {
            await stack.up("--refresh");
            const title =
                "the key of an output renamed without formerPolicyKeys, which detaches it as the documentation says";
            expect((await roleInAws(nameOf(title))).managed).to.deep.equal([OWN]);
        });

        it("destroy leaves the account empty", async () => {
            await stack.destroy();
            expect(await everythingInAws()).to.deep.equal(nothing);
        });
    });

    describe(`engine: a role's policies, ${route.name}`, () => {
        emptyAccount();

        it("attachments have the same names while an ARN is unknown and when it is known", async () => {
            const stack = await (
                await engine()
            ).program(() => {
                const { own, other } = late();
                route.PipelineRole("x", { ...inputs, managedPolicies: { own, other, s3: READ } });
                return undefined;
            });
            const attachments = [
                "RolePolicyAttachment x:aws:policy/AmazonS3ReadOnlyAccess",
                "RolePolicyAttachment x:other",
                "RolePolicyAttachment x:own",
            ];
            const isAttachment = (label: string): boolean => label.startsWith("RolePolicyAttachment");
            expect((await stack.preview()).shown.filter(isAttachment)).to.deep.equal(attachments);
            await stack.up();
            expect(stack.labels().filter(isAttachment)).to.deep.equal(attachments);
            expect((await stack.preview()).changes).to.deep.equal({});
            await stack.unchanged();
        });

        it("a role renamed with formerKeys keeps attachments of both names", async () => {
            const programWith =
                (roleKey: string, policyKey: string, beside: object): Program =>
                () => {
                    const { own } = late();
                    route.GitLabOidc("x", {
                        url: "https://gitlab.example.com",
                        gitlabVersion: "19.1",
                        roles: {
                            [roleKey]: {
                                name: "deploy",
                                subjects: inputs.subjects,
                                managedPolicies: { s3: READ, [policyKey]: own },
                                ...beside,
                            },
                        },
                    });
                    return undefined;
                };
            const stack = await (await engine()).program(programWith("old", "own", {}));
            await stack.up();
            const renamed = { formerKeys: ["old"], formerPolicyKeys: { mine: ["own"] } };
            const { changes } = await stack.edit(programWith("new", "mine", renamed)).up();
            expect(changes).to.deep.equal({});
            expect((await roleInAws("deploy")).managed).to.deep.equal([OWN, READ]);
            await stack.edit(programWith("new", "mine", {})).unchanged();
        });

        it("one ARN under two keys is refused, before anything is made", async () => {
            const role = { ...inputs, managedPolicies: { a: READ, b: FULL, c: READ } };
            const stack = await (await engine()).program(() => void route.PipelineRole("x", role));
            expectFindings(problems(await stack.refused("preview")), [
                ['managedPolicies["c"]', "duplicate-policy", `"${READ}"`, 'managedPolicies["a"]'],
            ]);
        });

        it("one ARN under two keys that is known only during up is refused before it is used", async () => {
            const stack = await (
                await engine()
            ).program(() => {
                route.PipelineRole("x", { ...inputs, managedPolicies: { a: late().own, b: OWN } });
                return undefined;
            });
            await stack.preview();
            expectFindings(problems(await stack.refused()), [
                ['managedPolicies["b"]', "duplicate-policy", `"${OWN}"`, 'managedPolicies["a"]'],
            ]);
            expect(await everythingInAws()).to.deep.equal({ ...nothing, policies: ["other", "own"] });
        });
    });
}

describe("engine: a role's policies by every route", () => {
    emptyAccount();

    const programOn =
        (route: Route): Program =>
        () => {
            const { own } = late();
            route.PipelineRole("x", {
                ...inputs,
                name: "x",
                // A promise is awaited by the SDK before the plugin sees it.
                managedPolicies: {
                    text: READ,
                    promise: Promise.resolve(FULL),
                    output: own,
                    known: pulumi.output(OTHER),
                },
            });
            return undefined;
        };

    const YAML = `resources:
  own: { type: aws:iam:Policy, properties: { name: own, policy: '${DOCUMENT}' } }
  other: { type: aws:iam:Policy, properties: { name: other, path: /ci/, policy: '${DOCUMENT}' } }
  x:
    type: aws-gitlab-oidc:PipelineRole
    properties:
      providerArn: ${inputs.providerArn}
      gitlabVersion: "19.1"
      subjects: [{ project: mygroup/myproject, branch: main }]
      name: x
      managedPolicies: { text: "${READ}", promise: "${FULL}", output: "\${own.arn}", known: "${OTHER}" }
`;

    it("npm class, plugin, YAML, npm class: no change, and IAM has all of them", async () => {
        const stack = await (await engine()).program(programOn(npm));
        await stack.edit(() => void late()).up();
        await stack.edit(programOn(npm)).up();
        await stack.edit(programOn(plugin)).unchanged();
        await stack.asYaml(YAML).unchanged();
        await stack.edit(programOn(plugin)).unchanged();
        await stack.edit(programOn(npm)).unchanged();
        expect((await roleInAws("x")).managed).to.deep.equal([OTHER, OWN, FULL, READ]);
    });

    it("YAML: an output is named by its key at preview and at up", async () => {
        const stack = await (await engine()).yaml(YAML.replace(`"${OTHER}"`, `"\${other.arn}"`));
        const isAttachment = (label: string): boolean => label.startsWith("RolePolicyAttachment");
        const attachments = [
            "RolePolicyAttachment x:aws:policy/AmazonS3FullAccess",
            "RolePolicyAttachment x:aws:policy/AmazonS3ReadOnlyAccess",
            "RolePolicyAttachment x:known",
            "RolePolicyAttachment x:output",
        ];
        expect((await stack.preview()).shown.filter(isAttachment)).to.deep.equal(attachments);
        await stack.up();
        expect(stack.labels().filter(isAttachment)).to.deep.equal(attachments);
        await stack.unchanged();
    });
});
