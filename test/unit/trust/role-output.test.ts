import { expect } from "chai";
import { explainTrust, lintTrustPolicy } from "../../../provider/operations/trust";
import { trustPolicy } from "../../support/policies";
import { SAYS } from "../../support/wording";

const SUB = "project_path:mygroup/myproject:ref_type:branch:ref:*";
const CLAIMS = {
    iss: "https://gitlab.example.com",
    aud: "https://gitlab.example.com",
    sub: "project_path:mygroup/myproject:ref_type:branch:ref:main",
};
const POLICY = trustPolicy(
    {
        StringEquals: { "gitlab.example.com:aud": "https://gitlab.example.com" },
        StringLike: { "gitlab.example.com:sub": SUB },
    },
    "gitlab.example.com",
);
const OTHER = { Version: "2012-10-17", Statement: [] };
const ANY_BRANCH = 'any-branch Statement[0].Condition["StringLike"]["gitlab.example.com:sub"]';

/** A role as IAM returns it. */
function role(policy: unknown, name = "deploy"): object {
    return {
        Path: "/",
        RoleName: name,
        RoleId: "AROAEXAMPLE",
        Arn: `arn:aws:iam::111122223333:role/${name}`,
        CreateDate: "2024-01-01T00:00:00+00:00",
        AssumeRolePolicyDocument: policy,
        MaxSessionDuration: 3600,
    };
}

const text = (value: unknown): string => JSON.stringify(value);
const encoded = encodeURIComponent(text(POLICY));
const rolesOf = (count: number): readonly object[] =>
    Array.from({ length: count }, (_, i) => role(POLICY, `r${String(i)}`));

const GIVE = SAYS.policyAsJson;

describe("a trust policy in the output of a command", () => {
    for (const [title, given] of [
        ["the policy", POLICY],
        ["iam get-role", { Role: role(POLICY) }],
        ["iam get-role --query Role", role(POLICY)],
        ["iam list-roles with one role", { Roles: [role(POLICY)] }],
        ["iam list-roles --query Roles with one role", [role(POLICY)]],
        ["iam get-account-authorization-details", { UserDetailList: [], RoleDetailList: [role(POLICY)], Policies: [] }],
        ["IAM's API, URL-encoded", { Role: role(encoded) }],
        ["a role whose policy is JSON text", { Role: role(text(POLICY)) }],
        ["trustPolicies with one role", { deploy: text(POLICY) }],
        ["trustPolicies with a policy as an object", { "my role": POLICY }],
        ["a policy as JSON text in JSON", text(text(POLICY))],
        ["URL-encoded text", encoded],
        ["URL-encoded text in lower case, with a line feed", `${encoded.replace(/%../g, (c) => c.toLowerCase())}\n`],
        ["URL-encoded text in JSON", text(encoded)],
    ] as const) {
        for (const [as, value] of [
            ["value", given],
            ["text", typeof given === "string" ? given : JSON.stringify(given, null, 4)],
        ] as const) {
            it(`${title}, as ${as}: is used, with paths in the policy`, () => {
                const found = lintTrustPolicy({ trustPolicy: value }).findings.map(({ id, path }) => `${id} ${path}`);
                expect(found).to.deep.equal([ANY_BRANCH]);
                expect(explainTrust({ trustPolicy: value, claims: CLAIMS }).allowed).to.equal(true);
            });
        }
    }

    for (const [title, given, message, fix] of [
        [
            "roles",
            { Roles: [role(POLICY), role(OTHER, "plan")] },
            SAYS.severalPolicies("2", '"deploy", "plan"'),
            SAYS.giveOneRole("deploy"),
        ],
        [
            "many roles",
            { RoleDetailList: rolesOf(12) },
            SAYS.severalPolicies("12", '"r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9" and 2 more'),
            SAYS.giveOneRole("r0"),
        ],
        [
            "entries of trustPolicies",
            { plan: text(OTHER), deploy: text(POLICY) },
            SAYS.severalPolicies("2", '"plan", "deploy"'),
            'Pass one of them, for example the value of "plan".',
        ],
        ["no JSON in a role", { Role: role("{") }, "The trust policy is not JSON.", GIVE],
        ["a broken URL encoding", "%7B%", "The trust policy is not JSON.", GIVE],
        ["a list of nothing", [], "The trust policy is not an object.", GIVE],
        ["null", "null", `The trust policy ${SAYS.jsonNotObject}.`, GIVE],
        ...[{}, { Role: {} }, { Roles: [] }, { Role: role({}) }, { a: text(POLICY), b: "x" }].map(
            (given) =>
                [
                    `no policy in ${text(given).slice(0, 40)}`,
                    given,
                    SAYS.noStatement,
                    'Write { "Version": "2012-10-17", "Statement": [...] }.',
                ] as const,
        ),
    ] as const) {
        it(`${title}: is refused`, () => {
            expect(lintTrustPolicy({ trustPolicy: given }).findings).to.deep.equal([
                { id: "policy-document", severity: "error", path: "", message, fix },
            ]);
        });
    }

    it("keys that appear twice are reported with their path in the policy, and only those", () => {
        const twice = text(POLICY).replace('"Effect"', '"Sid":"A","Sid":"B","Effect"');
        for (const given of [
            `{"Role":{"Path":"/","Path":"/","AssumeRolePolicyDocument":${twice}}}`,
            text({ Role: role(twice) }),
            `[{"AssumeRolePolicyDocument":${twice}}]`,
            `{"my role":${twice}}`,
            encodeURIComponent(twice),
        ]) {
            const found = lintTrustPolicy({ trustPolicy: given }).findings.map(({ id, path }) => `${id} ${path}`);
            expect(found, given).to.deep.equal(["policy-document Statement[0].Sid", ANY_BRANCH]);
        }
    });

    it("the size of the policy counts, not that of what it is in", () => {
        const large = { Role: { ...role(POLICY), Description: "x".repeat(10_000) } };
        expect(lintTrustPolicy({ trustPolicy: text(large), accept: ["any-branch"] }).findings).to.deep.equal([]);
    });
});
