import { expect } from "chai";
import { Chains, type AccountRole } from "../../../provider/audit/chains";
import { parseTrustPolicy } from "../../../provider/trust/document";
import { PowerJudge, type PowerLevel } from "../../../provider/audit/power";

const ACCOUNT = "111122223333";
const OTHER = "444455556666";
const arn = (name: string, account = ACCOUNT): string => `arn:aws:iam::${account}:role/${name}`;

type Statement = Readonly<Record<string, unknown>>;

const policy = (...statements: readonly Statement[]): object => ({ Version: "2012-10-17", Statement: statements });

const allow = (action: string | readonly string[], resource: string | readonly string[] = "*"): Statement => ({
    Effect: "Allow",
    Action: action,
    Resource: resource,
});

const trust = (principal: unknown, more: Statement = {}): Statement => ({
    Effect: "Allow",
    Principal: principal,
    Action: "sts:AssumeRole",
    ...more,
});

const NOBODY = policy(trust({ Service: "unheard.amazonaws.com" }));

function role(name: string, statements: readonly Statement[], trustPolicy: object = NOBODY): AccountRole {
    const own = name.includes(":") ? name : arn(name);
    const policies = statements.length === 0 ? [] : [{ name: "inline", document: policy(...statements) }];
    return {
        arn: own,
        permissions: { arn: own, policies, boundary: "none" },
        trust: parseTrustPolicy(trustPolicy).statements,
    };
}

const ci = (...statements: readonly Statement[]): AccountRole => role("ci", statements);
const ADMINISTRATOR = [allow("*")];
const READER = [allow("s3:Get*")];
const ASSUME = allow("sts:AssumeRole");
const ROOT = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
const OFFICE = { Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } };
const RUN = ["lambda:CreateFunction", "lambda:InvokeFunction"];

const CASES: readonly (readonly [
    what: string,
    roles: readonly AccountRole[],
    power: PowerLevel,
    complete: boolean,
    reaches: readonly string[],
])[] = [
    ["no other role", [ci(...READER)], "read", true, []],
    [
        "an administrator that trusts the account",
        [ci(ASSUME), role("admin", ADMINISTRATOR, policy(trust(ROOT)))],
        "escalation",
        true,
        ["admin"],
    ],
    [
        "the same, by the account ID",
        [ci(ASSUME), role("admin", ADMINISTRATOR, policy(trust({ AWS: ACCOUNT })))],
        "escalation",
        true,
        ["admin"],
    ],
    [
        "the same, without a policy that allows it",
        [ci(...READER), role("admin", ADMINISTRATOR, policy(trust(ROOT)))],
        "read",
        true,
        [],
    ],
    [
        "an administrator that trusts everybody",
        [ci(ASSUME), role("admin", ADMINISTRATOR, policy(trust("*")))],
        "escalation",
        true,
        ["admin"],
    ],
    [
        "an administrator that names the role",
        [ci(...READER), role("admin", ADMINISTRATOR, policy(trust({ AWS: arn("ci") })))],
        "escalation",
        true,
        ["admin"],
    ],
    [
        "the same, and a Deny",
        [
            ci(...READER, { Effect: "Deny", Action: "sts:*", Resource: "*" }),
            role("admin", ADMINISTRATOR, policy(trust({ AWS: arn("ci") }))),
        ],
        "read",
        true,
        [],
    ],
    [
        "an administrator that names another role",
        [ci(ASSUME), role("admin", ADMINISTRATOR, policy(trust({ AWS: arn("other") })))],
        "write",
        true,
        [],
    ],
    [
        "an administrator that trusts a service",
        [ci(ASSUME), role("admin", ADMINISTRATOR, policy(trust({ Service: "ec2.amazonaws.com" })))],
        "write",
        true,
        [],
    ],
    [
        "a policy for another role",
        [ci(allow("sts:AssumeRole", arn("other"))), role("admin", ADMINISTRATOR, policy(trust(ROOT)))],
        "write",
        true,
        [],
    ],
    [
        "a policy for roles with a pattern",
        [ci(allow("sts:AssumeRole", arn("adm*"))), role("admin", ADMINISTRATOR, policy(trust(ROOT)))],
        "escalation",
        true,
        ["admin"],
    ],
    [
        "a trust policy that denies the role",
        [
            ci(ASSUME),
            role("admin", ADMINISTRATOR, policy(trust(ROOT), { ...trust({ AWS: arn("ci") }), Effect: "Deny" })),
        ],
        "write",
        true,
        [],
    ],
    [
        "a trust policy for another action",
        [ci(ASSUME), role("admin", ADMINISTRATOR, policy({ ...trust(ROOT), Action: "sts:TagSession" }))],
        "write",
        true,
        [],
    ],
    [
        "a trust policy with a condition on the role",
        [
            ci(ASSUME),
            role(
                "admin",
                ADMINISTRATOR,
                policy(trust(ROOT, { Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/ci" } } })),
            ),
        ],
        "escalation",
        true,
        ["admin"],
    ],
    [
        "the same for another one",
        [
            ci(ASSUME),
            role(
                "admin",
                ADMINISTRATOR,
                policy(trust(ROOT, { Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/other" } } })),
            ),
        ],
        "write",
        true,
        [],
    ],
    [
        "a trust policy with a condition that is not decided",
        [ci(ASSUME), role("admin", ADMINISTRATOR, policy(trust(ROOT, OFFICE)))],
        "write",
        false,
        [],
    ],
    [
        "the same of a role without power",
        [ci(ASSUME), role("reader", READER, policy(trust(ROOT, OFFICE)))],
        "write",
        true,
        [],
    ],
    [
        "an administrator in another account, which names the role",
        [ci(ASSUME), role(arn("admin", OTHER), ADMINISTRATOR, policy(trust({ AWS: arn("ci") })))],
        "escalation",
        true,
        ["admin"],
    ],
    [
        "the same, without a policy that allows it",
        [ci(...READER), role(arn("admin", OTHER), ADMINISTRATOR, policy(trust({ AWS: arn("ci") })))],
        "read",
        true,
        [],
    ],
    [
        "an administrator in another account, which trusts its own",
        [ci(ASSUME), role(arn("admin", OTHER), ADMINISTRATOR, policy(trust({ AWS: OTHER })))],
        "write",
        true,
        [],
    ],
    [
        "two steps",
        [
            ci(ASSUME),
            role("middle", [ASSUME], policy(trust({ AWS: arn("ci") }))),
            role("admin", ADMINISTRATOR, policy(trust({ AWS: arn("middle") }))),
        ],
        "escalation",
        true,
        ["middle", "admin"],
    ],
    [
        "a circle",
        [role("ci", READER, policy(trust({ AWS: arn("b") }))), role("b", READER, policy(trust({ AWS: arn("ci") })))],
        "read",
        true,
        ["b"],
    ],
    ["a role that trusts itself", [role("ci", READER, policy(trust({ AWS: arn("ci") })))], "read", true, []],
    [
        "a writer",
        [role("ci", READER), role("writer", [allow("s3:PutObject")], policy(trust({ AWS: arn("ci") })))],
        "write",
        true,
        ["writer"],
    ],
    [
        "a weaker role",
        [ci(allow("iam:*")), role("reader", READER, policy(trust({ AWS: arn("ci") })))],
        "escalation",
        true,
        ["reader"],
    ],
    [
        "an administrator stays one",
        [ci(...ADMINISTRATOR), role("admin", ADMINISTRATOR, policy(trust(ROOT)))],
        "administrator",
        true,
        ["admin"],
    ],
    [
        "a role with a policy that no source has",
        [
            ci(...READER),
            {
                ...role("x", [], policy(trust({ AWS: arn("ci") }))),
                permissions: { policies: [{ name: "p", document: undefined }], boundary: "none" },
            },
        ],
        "read",
        false,
        ["x"],
    ],
    [
        "an administrator passed to Lambda",
        [
            ci(allow("iam:PassRole", arn("task")), allow(RUN)),
            role("task", ADMINISTRATOR, policy(trust({ Service: "lambda.amazonaws.com" }))),
        ],
        "escalation",
        true,
        ["task"],
    ],
    [
        "the same of a role that trusts another service",
        [
            ci(allow("iam:PassRole", arn("task")), allow(RUN)),
            role("task", ADMINISTRATOR, policy(trust({ Service: "ec2.amazonaws.com" }))),
        ],
        "write",
        true,
        [],
    ],
    [
        "the same without anything to run it",
        [
            ci(allow("iam:PassRole", arn("task"))),
            role("task", ADMINISTRATOR, policy(trust({ Service: "lambda.amazonaws.com" }))),
        ],
        "write",
        true,
        [],
    ],
    [
        "a reader passed to Lambda",
        [
            ci(allow("iam:PassRole", arn("task")), allow(RUN)),
            role("task", READER, policy(trust({ Service: "lambda.amazonaws.com" }))),
        ],
        "write",
        true,
        ["task"],
    ],
];

describe("power of a role through other roles", () => {
    for (const [what, roles, power, complete, reaches] of CASES) {
        it(`${what}: ${power}${complete ? "" : ", at least"}`, () => {
            const found = new Chains(roles, new PowerJudge()).powerOf(arn("ci"));
            expect([found.power, found.powerComplete], JSON.stringify(found.reasons, null, 1)).to.deep.equal([
                power,
                complete,
            ]);
            expect(found.reaches.map((reached) => reached.split("/")[1])).to.deep.equal(reaches);
        });
    }

    it("names the role", () => {
        const roles = [
            ci(ASSUME),
            role("middle", [ASSUME], policy(trust({ AWS: arn("ci") }))),
            role("admin", ADMINISTRATOR, policy(trust({ AWS: arn("middle") }))),
        ];
        const found = new Chains(roles, new PowerJudge()).powerOf(arn("ci"));
        expect(found.assumes).to.deep.equal(["arn:aws:iam::111122223333:role/middle"]);
        expect(found.reasons).to.deep.equal([
            {
                kind: "escalation",
                text: "Can use arn:aws:iam::111122223333:role/admin (administrator) with sts:AssumeRole.",
            },
        ]);
    });
});
