import { expect } from "chai";
import { buildOrganizationGuardrail, InvalidInputsError } from "../../../provider/operations/trust";
import type { GetOrganizationGuardrailArgs } from "../../../provider/operations/trust";
import { compileGuardrail } from "../../../provider/guardrail/policy";
import { expectFindings, type Printed } from "../../support/findings";

const statement = (sid: string, condition: object, resource: object = { Resource: "*" }): object => ({
    Sid: sid,
    Effect: "Deny",
    Principal: "*",
    Action: "sts:AssumeRoleWithWebIdentity",
    ...resource,
    Condition: condition,
});
const subjects = (subs: unknown, resource?: object): object =>
    statement(
        "GitLabSubjects",
        { Null: { "gitlab.com:sub": "false" }, StringNotLike: { "gitlab.com:sub": subs } },
        resource,
    );

const EKS = "https://oidc.eks.eu-central-1.amazonaws.com/id/ABC123";

const DOCUMENTS: readonly (readonly [
    what: string,
    args: GetOrganizationGuardrailArgs,
    statements: readonly object[],
])[] = [
    ["one group", { groups: ["mygroup"] }, [subjects("project_path:mygroup/*")]],
    [
        "groups in any order, and a subgroup",
        { groups: ["b.c", "a/sub", "a"] },
        [subjects(["project_path:a/*", "project_path:a/sub/*", "project_path:b.c/*"])],
    ],
    [
        "projects by ID",
        { projectIds: ["4711", "20"], accept: ["guardrail-project-ids"] },
        [subjects(["project_id:20:*", "project_id:4711:*"])],
    ],
    [
        "groups and projects: both are allowed",
        { groups: ["mygroup"], projectIds: ["20"] },
        [subjects(["project_id:20:*", "project_path:mygroup/*"])],
    ],
    [
        "audiences: a statement of their own",
        { groups: ["mygroup"], audiences: ["sts.amazonaws.com", "https://gitlab.com"] },
        [
            subjects("project_path:mygroup/*"),
            statement("GitLabAudiences", {
                Null: { "gitlab.com:aud": "false" },
                StringNotEquals: { "gitlab.com:aud": ["https://gitlab.com", "sts.amazonaws.com"] },
            }),
        ],
    ],
    [
        "trusted issuers: the GitLab instance is one of them",
        { groups: ["mygroup"], trustedIssuers: [EKS, "https://gitlab.com"] },
        [
            subjects("project_path:mygroup/*"),
            statement("OtherIssuers", {
                Null: { "gitlab.com:sub": "true", "oidc.eks.eu-central-1.amazonaws.com/id/ABC123:sub": "true" },
            }),
        ],
    ],
    [
        "a trusted issuer whose `iss` ends with a slash",
        { groups: ["mygroup"], trustedIssuers: ["https://acme.eu.auth0.com/"], accept: ["guardrail-issuers"] },
        [
            subjects("project_path:mygroup/*"),
            statement("OtherIssuers", { Null: { "acme.eu.auth0.com/:sub": "true", "gitlab.com:sub": "true" } }),
        ],
    ],
    [
        "no other issuer, on an instance with a path, of which every group is trusted",
        { url: "https://example.com/gitlab", trustedIssuers: [], accept: ["guardrail-issuers"] },
        [statement("OtherIssuers", { Null: { "example.com/gitlab:sub": "true" } })],
    ],
    [
        "roles that are left alone, in every statement",
        {
            groups: ["mygroup"],
            audiences: ["sts.amazonaws.com"],
            exceptRoles: ["arn:aws:iam::111122223333:role/legacy-*", "arn:aws:iam::*:role/aws-reserved/*"],
        },
        [
            subjects("project_path:mygroup/*", {
                NotResource: ["arn:aws:iam::*:role/aws-reserved/*", "arn:aws:iam::111122223333:role/legacy-*"],
            }),
            statement(
                "GitLabAudiences",
                { Null: { "gitlab.com:aud": "false" }, StringNotEquals: { "gitlab.com:aud": "sts.amazonaws.com" } },
                { NotResource: ["arn:aws:iam::*:role/aws-reserved/*", "arn:aws:iam::111122223333:role/legacy-*"] },
            ),
        ],
    ],
];

describe("the document of a guardrail", () => {
    for (const [what, args, statements] of DOCUMENTS) {
        it(what, () => {
            const { json, warnings } = buildOrganizationGuardrail(args);
            expect(JSON.parse(json)).to.deep.equal({ Version: "2012-10-17", Statement: statements });
            expect(json).to.equal(JSON.stringify(JSON.parse(json)));
            expect(warnings).to.deep.equal([]);
        });
    }

    it("is the same for lists in another order", () => {
        const lists = { groups: ["a", "b"], audiences: ["x", "y"], trustedIssuers: [EKS, "https://x.example.com"] };
        const reversed = Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, [...list].reverse()]));
        expect(compileGuardrail(reversed)).to.equal(compileGuardrail(lists));
    });
});

const FIRST = "arn:aws:iam::111122223333:role";
const many = (count: number, of: (i: string) => string): readonly string[] =>
    Array.from({ length: count }, (_, i) => of(String(i).padStart(4, "0")));

const REJECTED: readonly (readonly [what: string, args: object, ...findings: readonly Printed[]])[] = [
    ["nothing on gitlab.com", {}, ["groups", "guardrail-scope", "gitlab.com"]],
    ["only audiences on gitlab.com", { audiences: ["x"] }, ["groups", "guardrail-scope"]],
    [
        "nothing on another instance",
        { url: "https://gitlab.example.com" },
        ["groups", "guardrail-scope", "deny nothing"],
    ],
    [
        "empty lists",
        { groups: [], projectIds: [], audiences: [] },
        ["groups", "guardrail-scope"],
        ["projectIds", "guardrail-scope"],
        ["audiences", "guardrail-scope", "leave it out to allow every audience"],
    ],
    ["an empty list beside another one", { groups: [], projectIds: ["1"] }, ["groups", "guardrail-scope"]],
    ["a wildcard for every group", { groups: ["*"] }, ["groups[0]", "path-wildcard", '"*"']],
    ["a wildcard in a group", { groups: ["mygroup*"] }, ["groups[0]", "path-wildcard", '"mygroup*"']],
    ["a wildcard behind a group", { groups: ["mygroup/*"] }, ["groups[0]", "path-wildcard", '"mygroup"']],
    ["a URL", { groups: ["https://gitlab.com/mygroup"] }, ["groups[0]", "gitlab-path", '"mygroup"']],
    [
        "what is no path",
        { groups: ["my group", "", "a//b", "a.git"] },
        ["groups[0]", "gitlab-path"],
        ["groups[1]", "gitlab-path"],
        ["groups[2]", "gitlab-path"],
        ["groups[3]", "gitlab-path"],
    ],
    ["a colon, which ends the path in the token", { groups: ["mygroup:ref_type"] }, ["groups[0]", "gitlab-path"]],
    ["one group twice", { groups: ["a", "b", "a"] }, ["groups[2]", "guardrail-scope", '"a"']],
    [
        "IDs that are none",
        { projectIds: ["20*", "mygroup/p", "007"] },
        ["projectIds[0]", "project-id", '"20*"'],
        ["projectIds[1]", "project-id"],
        ["projectIds[2]", "project-id"],
    ],
    ["audiences with a wildcard", { groups: ["a"], audiences: ["sts.*"] }, ["audiences[0]", "audience", '"sts.*"']],
    [
        "issuers that are no URL",
        { groups: ["a"], trustedIssuers: ["gitlab.example.com", "https://*.example.com"] },
        ["trustedIssuers[0]", "issuer-url", "is not the URL of an OIDC issuer"],
        ["trustedIssuers[1]", "issuer-url", "an issuer's URL cannot contain"],
    ],
    [
        "a slash that the `iss` of a known issuer does not have",
        { groups: ["a"], trustedIssuers: [`${EKS}/`, "https://gitlab.com/", "https://x.eu.auth0.com//"] },
        ["trustedIssuers[0]", "issuer-url", "`iss` claim of Amazon EKS does not"],
        ["trustedIssuers[1]", "issuer-url", "`iss` claim of GitLab.com does not"],
        ["trustedIssuers[2]", "issuer-url", "another way of writing"],
    ],
    [
        "issuers without sub",
        { groups: ["a"], trustedIssuers: ["https://www.amazon.com", "https://graph.facebook.com"] },
        ["trustedIssuers[0]", "guardrail-issuer", "Login with Amazon"],
        ["trustedIssuers[1]", "guardrail-issuer", "Facebook"],
    ],
    [
        "patterns that match every role",
        {
            groups: ["a"],
            exceptRoles: [
                "*",
                "arn:*",
                "arn:aws:iam::*:role/*",
                "arn:aws-cn:iam::????????????:role/?*",
                "arn:aws:iam::*",
            ],
        },
        ...[0, 1, 2, 3, 4].map((i): Printed => [`exceptRoles[${String(i)}]`, "guardrail-role", "matches every role"]),
    ],
    [
        "what is no role",
        {
            groups: ["a"],
            exceptRoles: [
                "deploy",
                `${FIRST}/`,
                "arn:aws:iam::111122223333:user/x",
                "arn:aws:sts::111122223333:assumed-role/deploy/x",
                `${FIRST}/\${aws:username}`,
                "arn:aws:iam::1:role/x",
            ],
        },
        ...[0, 1, 2, 3, 4, 5].map((i): Printed => [`exceptRoles[${String(i)}]`, "guardrail-role", "is not the ARN"]),
    ],
    ["more groups than fit", { groups: many(200, (i) => `mygroup-${i}`) }, ["groups", "guardrail-size", "5120"]],
    [
        "more roles than fit",
        { groups: ["a"], exceptRoles: many(130, (i) => `${FIRST}/r${i}`) },
        ["exceptRoles", "guardrail-size"],
    ],
    [
        "an unknown name, a wrong type and what else is wrong, all at once",
        { group: ["a"], projectIds: "20", url: "gitlab.com" },
        ["group", "unknown-property", "groups"],
        ["projectIds", "wrong-type"],
        ["url", "issuer-url"],
    ],
];

describe("a guardrail rejects", () => {
    for (const [what, args, ...expected] of REJECTED) {
        it(what, () => {
            try {
                buildOrganizationGuardrail(args);
            } catch (error) {
                const { findings } = error as InvalidInputsError;
                expectFindings(
                    findings.map(({ path, message, fix, id }) => `${path}: ${message} ${fix} [${id}]`),
                    expected,
                );
                return;
            }
            expect.fail("it was accepted");
        });
    }

    it("nothing that is exactly as large as AWS allows", () => {
        const around =
            '{"Version":"2012-10-17","Statement":[{"Sid":"GitLabSubjects","Effect":"Deny","Principal":"*",' +
            '"Action":"sts:AssumeRoleWithWebIdentity","Resource":"*","Condition":{"Null":{"gitlab.com:sub":"false"},' +
            '"StringNotLike":{"gitlab.com:sub":"project_path:/*"}}}]}';
        const group = "x".repeat(5120 - around.length);
        expect(buildOrganizationGuardrail({ groups: [group] }).json).to.have.length(5120);
        expect(() => buildOrganizationGuardrail({ groups: [`${group}x`] })).to.throw(InvalidInputsError, "5121");
    });
});

describe("a guardrail warns about", () => {
    for (const [what, args, ids] of [
        ["projects by ID alone", { projectIds: ["20"] }, ["guardrail-project-ids"]],
        [
            "trusted issuers without a cluster",
            { groups: ["a"], trustedIssuers: ["https://x.example.com"] },
            ["guardrail-issuers"],
        ],
        ["no trusted issuer", { groups: ["a"], trustedIssuers: [] }, ["guardrail-issuers"]],
        ["what is accepted and does not occur", { groups: ["a"], accept: ["guardrail-issuers"] }, ["unused-accept"]],
        [
            "nothing of a cluster in China",
            { groups: ["a"], trustedIssuers: ["https://oidc.eks.cn-north-1.amazonaws.com.cn/id/ABC"] },
            [],
        ],
    ] as const) {
        it(what, () => {
            expect(buildOrganizationGuardrail(args).warnings.map(({ id }) => id)).to.deep.equal(ids);
        });
    }
});
