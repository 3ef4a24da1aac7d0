import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { OrganizationGuardrail, type OrganizationGuardrailArgs } from "../../../provider";
import { checkOrganizationGuardrail } from "../../../provider/components/organization-guardrail-check";
import { token } from "../../../provider/contract/schema";
import { UNKNOWN } from "../../../provider/contract/unknown";
import { provider } from "../../../provider/provider";
import { expectFindings, type Printed } from "../../support/findings";

const DOCUMENT =
    '{"Version":"2012-10-17","Statement":[{"Sid":"GitLabSubjects","Effect":"Deny","Principal":"*","Action":"sts:AssumeRoleWithWebIdentity",' +
    '"Resource":"*","Condition":{"Null":{"gitlab.com:sub":"false"},"StringNotLike":{"gitlab.com:sub":"project_path:mygroup/*"}}}]}';

interface Made {
    readonly type: string;
    readonly name: string;
    readonly inputs: unknown;
}

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
    return (output as unknown as { promise(): Promise<T> }).promise();
}

describe("OrganizationGuardrail", () => {
    let made: Made[] = [];
    beforeEach(async () => {
        made = [];
        await pulumi.runtime.setMocks({
            newResource: ({ type, name, inputs }) => {
                made.push({ type, name, inputs });
                const given = inputs as Record<string, unknown>;
                return {
                    id: type === POLICY ? "p-12345678" : `${String(given["targetId"])}:p-12345678`,
                    state: {
                        ...given,
                        arn: `arn:aws:organizations::111122223333:policy/o-1/resource_control_policy/p-12345678`,
                    },
                };
            },
            call: () => ({}),
        });
    });

    const POLICY = "aws:organizations/policy:Policy";
    const ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment";

    /** The resources that a guardrail creates by each route, and its outputs. */
    const ROUTES: Readonly<Record<string, (args: OrganizationGuardrailArgs) => Promise<readonly unknown[]>>> = {
        async npm(args) {
            const { policyId, policyArn, policy } = new OrganizationGuardrail("guard", args);
            return Promise.all([policyId, policyArn, policy].map(valueOf));
        },
        async plugin(args) {
            const { state } = await provider.construct!("guard", token("OrganizationGuardrail"), args, {});
            const { policyId, policyArn, policy } = state as Readonly<Record<string, pulumi.Output<string>>>;
            return Promise.all([policyId!, policyArn!, policy!].map(valueOf));
        },
    };

    async function settled(count: number): Promise<readonly Made[]> {
        while (made.length < count) {
            await new Promise((resolve) => setTimeout(resolve, 5));
        }
        return made.filter(({ type }) => type.startsWith("aws:"));
    }

    for (const [route, create] of Object.entries(ROUTES)) {
        it(`creates a policy and an attachment for each target, by ${route}`, async () => {
            const outputs = await create({
                groups: ["mygroup"],
                targets: { sandbox: "ou-ab12-cd34ef56", root: pulumi.output("r-ab12") },
                name: "gitlab",
                description: "Only our groups",
                tags: { team: "platform" },
            });
            expect(outputs).to.deep.equal([
                "p-12345678",
                "arn:aws:organizations::111122223333:policy/o-1/resource_control_policy/p-12345678",
                DOCUMENT,
            ]);
            const resources = await settled(4);
            expect(resources[0]).to.deep.equal({
                type: POLICY,
                name: "guard",
                inputs: {
                    content: DOCUMENT,
                    type: "RESOURCE_CONTROL_POLICY",
                    name: "gitlab",
                    description: "Only our groups",
                    tags: { team: "platform" },
                },
            });
            expect(resources.slice(1)).to.have.deep.members([
                {
                    type: ATTACHMENT,
                    name: "guard:ou-ab12-cd34ef56",
                    inputs: { policyId: "p-12345678", targetId: "ou-ab12-cd34ef56" },
                },
                { type: ATTACHMENT, name: "guard:root", inputs: { policyId: "p-12345678", targetId: "r-ab12" } },
            ]);
        });

        it(`takes null for not given, and outputs wherever a list or value is, by ${route}`, async () => {
            const [, , policy] = await create({
                url: null,
                groups: pulumi.output(["mygroup"]),
                projectIds: pulumi.output(null),
                audiences: null,
                targets: null,
            } as never);
            expect(policy).to.equal(DOCUMENT);
            expect((await settled(2)).map(({ type }) => type)).to.deep.equal([POLICY]);
        });
    }

    it("rejects what is wrong before anything is created, all at once", () => {
        expect(() => new OrganizationGuardrail("guard", { groups: ["*"], targets: { a: "Sandbox" } })).to.throw(
            /^OrganizationGuardrail "guard": 2 problems with the inputs:\n {2}- groups\[0\]: .*\n.*\n {2}- targets\["a"\]: /,
        );
        expect(made).to.deep.equal([]);
    });

    it("rejects targets that are one output, because a preview could not list their resources", () => {
        const targets = pulumi.output({ root: "r-ab12" }) as never;
        expect(() => new OrganizationGuardrail("guard", { groups: ["mygroup"], targets })).to.throw("[plain-required]");
    });
});

const ID = "ou-ab12-cd34ef56";
const REJECTED: readonly (readonly [what: string, inputs: object, ...findings: readonly Printed[]])[] = [
    ["keys that are none", { targets: { "a b": ID } }, ['targets["a b"]', "key", '"a-b"']],
    ["one target twice", { targets: { a: ID, b: ID } }, ['targets["b"]', "guardrail-target", ID, 'targets["a"]']],
    [
        "names and ARNs of targets",
        {
            targets: {
                a: "Root",
                b: "arn:aws:organizations::111122223333:ou/o-1/ou-ab12-cd34ef56",
                c: "1111",
                d: "ou-ab12",
                e: "R-AB12",
                f: "",
            },
        },
        ...["a", "b", "c", "d", "e", "f"].map((key): Printed => [`targets["${key}"]`, "guardrail-target"]),
    ],
    ["targets that are an array", { targets: [ID] }, ["targets", "wrong-type", "a map of key to ID"]],
    ["a target that turned out to be null", { targets: { a: null } }, ['targets["a"]', "required"]],
    ["an empty name", { name: "" }, ["name", "guardrail-name"]],
    ["a name outside ASCII", { name: "größe" }, ["name", "guardrail-name", '"größe"']],
    ["a long description", { description: "x".repeat(513) }, ["description", "guardrail-name", "513"]],
    ["tags of AWS", { tags: { "aws:x": "y" } }, ['tags["aws:x"]', "tags"]],
    ["an error in accept", { accept: ["guardrail-size"] }, ["accept[0]", "accept"]],
];

describe("inputs of OrganizationGuardrail", () => {
    for (const [what, inputs, ...expected] of REJECTED) {
        it(`rejected: ${what}`, () => {
            const { errors } = checkOrganizationGuardrail("guard", { groups: ["mygroup"], ...inputs });
            expectFindings(
                errors.map(({ path, message, fix, id }) => `${path}: ${message} ${fix} [${id}]`),
                expected,
            );
        });
    }

    it("rejected: a resource name that leaves no room for a suffix, unless there is a name", () => {
        const long = "x".repeat(121);
        expect(checkOrganizationGuardrail(long, { groups: ["a"] }).errors.map(({ id }) => id)).to.deep.equal([
            "guardrail-name",
        ]);
        for (const name of ["short", UNKNOWN]) {
            expect(checkOrganizationGuardrail(long, { groups: ["a"], name }).errors).to.deep.equal([]);
        }
    });

    for (const targets of [
        {},
        { root: "r-ab12" },
        { ou: "ou-ab12-cd34ef56" },
        { account: "111122223333" },
        { late: UNKNOWN },
    ]) {
        it(`accepted: targets ${JSON.stringify(Object.entries(targets).map(([k, v]) => [k, String(v)]))}`, () => {
            expect(checkOrganizationGuardrail("guard", { groups: ["a"], targets })).to.deep.equal({
                errors: [],
                warnings: [],
            });
        });
    }

    it("an accepted warning is silent, and one that does not occur waits until everything is known", () => {
        const ids = (inputs: object): readonly string[] =>
            checkOrganizationGuardrail("guard", { ...inputs, accept: ["guardrail-issuers"] }).warnings.map(
                ({ id }) => id,
            );
        expect(ids({ groups: ["a"], trustedIssuers: [] })).to.deep.equal([]);
        expect(ids({ groups: ["a"] })).to.deep.equal(["unused-accept"]);
        expect(ids({ groups: ["a"], trustedIssuers: UNKNOWN })).to.deep.equal([]);
    });
});
