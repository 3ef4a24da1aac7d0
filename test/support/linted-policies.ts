import type { LintTrustPolicyArgs } from "../../provider/contract/types";
import { policy, statement } from "./policies";

export const GITLAB_COM = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
export const SELF_MANAGED = "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com";
export const MAIN = "project_path:mygroup/myproject:ref_type:branch:ref:main";

/** On gitlab.com with audience and project id; what is not about `sub` is right. */
export function sub(operator: string, ...values: readonly string[]): object {
    return merge(
        { StringEquals: { "gitlab.com:aud": "https://gitlab.com" } },
        { [operator]: { "gitlab.com:sub": values } },
    );
}

type Block = Record<string, Record<string, unknown>>;

export function merge(a: object, b: object): object {
    const merged: Block = { ...(a as Block) };
    for (const [operator, keys] of Object.entries(b as Block)) {
        merged[operator] = { ...merged[operator], ...keys };
    }
    return merged;
}

/** Everything right: nothing to say. */
export const RIGHT = merge(sub("StringEquals", MAIN), { StringEquals: { "gitlab.com:project_id": "20" } });

/** A trust policy, and what is wrong with it. */
export interface LintedRow {
    readonly policy: unknown;
    readonly inputs?: Partial<LintTrustPolicyArgs>;
    /** `id path`, in order. */
    readonly findings: readonly string[];
}

export const CONDITION = (operator: string, key: string): string =>
    `Statement[0].Condition["${operator}"]["gitlab.com:${key}"]`;

/** Trust policies by the ID of a rule that they violate, with everything that is wrong with them. */
export const LINTED: Readonly<Record<string, readonly LintedRow[]>> = {
    "nothing to say": [
        { policy: policy(statement(RIGHT)), findings: [] },
        { policy: JSON.stringify(policy(statement(RIGHT)), null, 4), findings: [] },
        { policy: { Version: "2012-10-17", Statement: statement(RIGHT) }, findings: [] },
        { policy: policy(statement(RIGHT)), inputs: { url: "https://gitlab.com" }, findings: [] },
        // keys are compared without regard to case
        {
            policy: policy(
                statement({
                    StringEquals: {
                        "GITLAB.COM:sub": MAIN,
                        "gitlab.com:AUD": "https://gitlab.com",
                        "GitLab.com:Project_Id": "20",
                    },
                }),
            ),
            findings: [],
        },
        // the id says which project it is, whatever its path
        {
            policy: policy(
                statement(
                    merge(sub("StringLike", "project_path:*:ref_type:branch:ref:main"), {
                        StringEquals: { "gitlab.com:project_id": "20" },
                    }),
                ),
            ),
            findings: [],
        },
        {
            policy: policy(
                statement(
                    merge(sub("StringLike", "project_path:mygroup/*:ref_type:branch:ref:main"), {
                        StringEquals: { "gitlab.com:project_id": "20" },
                    }),
                ),
            ),
            findings: [],
        },
        // statements for others are none of this package's business
        {
            policy: policy(
                statement(RIGHT),
                statement(undefined, {
                    Principal: {
                        Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
                    },
                }),
                statement(undefined, {
                    Principal: { Federated: "arn:aws:iam::111122223333:saml-provider/okta" },
                    Action: "sts:AssumeRoleWithSAML",
                }),
                statement(undefined, { Principal: { Federated: "accounts.google.com" } }),
                statement(undefined, { Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }),
                statement(undefined, { Principal: "*", Effect: "Deny", Action: "sts:AssumeRole" }),
            ),
            findings: [],
        },
        // the same keys in objects of their own
        {
            policy: JSON.stringify(policy(statement(RIGHT, { Sid: '"Sid": {' }), statement(RIGHT, { Sid: "Sid" }))),
            findings: [],
        },
        // a path in two cases, accepted
        {
            policy: policy(
                statement(RIGHT),
                statement(
                    merge(sub("StringLike", "project_path:MyGroup/*:ref_type:branch:ref:main"), {
                        StringEquals: { "gitlab.com:project_id": "20" },
                    }),
                ),
            ),
            inputs: { accept: ["path-case"] },
            findings: [],
        },
        // a path in two cases, of which one keeps out
        {
            policy: policy(
                statement(RIGHT),
                statement(RIGHT, { Effect: "Deny", Condition: sub("StringLike", MAIN.replace("mygroup", "MyGroup")) }),
            ),
            findings: [],
        },
    ],
    "policy-document": [
        { policy: "policy", findings: ["policy-document "] },
        { policy: [], findings: ["policy-document "] },
        { policy: 5, findings: ["policy-document "] },
        { policy: { Version: "2012-10-17" }, findings: ["policy-document "] },
        { policy: { Statement: [statement(RIGHT)] }, findings: ["policy-document Version"] },
        { policy: { Version: "2008-10-17", Statement: [statement(RIGHT)] }, findings: ["policy-document Version"] },
        { policy: { Version: "2020-01-01", Statement: [statement(RIGHT)] }, findings: ["policy-document Version"] },
        { policy: policy(statement(RIGHT, { Effect: "allow" })), findings: ["policy-document Statement[0].Effect"] },
        {
            policy: policy(statement(RIGHT), "x"),
            findings: ["policy-document Statement[1]"],
        },
        {
            policy: policy(statement("x")),
            findings: [
                "policy-document Statement[0].Condition",
                "no-subject Statement[0].Condition",
                "no-audience Statement[0].Condition",
            ],
        },
        { policy: { Version: "2012-10-17", Statement: [], size: 5n }, findings: ["policy-document "] },
        { policy: policy(), findings: ["policy-document Statement"] },
        // whatever else a statement says
        {
            policy: policy(statement(RIGHT), statement(RIGHT, { Effect: "Deny", Principal: undefined })),
            findings: ["policy-document Statement[1].Principal"],
        },
        {
            policy: policy(statement(RIGHT), statement({ toString: { "gitlab.com:sub": MAIN } }, { Effect: "Deny" })),
            findings: ['policy-document Statement[1].Condition["toString"]'],
        },
        {
            policy: policy(statement(merge(RIGHT, { StringMatches: { "gitlab.com:sub": MAIN } }))),
            findings: ['policy-document Statement[0].Condition["StringMatches"]'],
        },
        {
            policy: policy(statement({ StringEquals: { "gitlab.com:sub": MAIN } }, { Resource: "*" })),
            findings: [
                "policy-document Statement[0].Resource",
                "no-audience Statement[0].Condition",
                `path-only ${CONDITION("StringEquals", "sub")}`,
            ],
        },
        // keys that stand twice, of which JSON.parse keeps the last
        {
            policy: `{ "Version": "2012-10-17", "Statement": [${JSON.stringify(statement(RIGHT)).replace('"StringEquals":', '"StringEquals": {}, "StringEquals":')}] }`,
            findings: ['policy-document Statement[0].Condition["StringEquals"]'],
        },
        {
            policy: JSON.stringify(policy(statement(RIGHT), statement(RIGHT))).replace(
                /"gitlab\.com:sub":(?=[^{]*}}}]})/,
                '"gitlab.com:\\u0073ub": ["{", "\\"", "a,b"], $&',
            ),
            findings: [`policy-document ${CONDITION("StringEquals", "sub").replace("[0]", "[1]")}`],
        },
        {
            policy: `{ "Statement": [], "Statement": ${JSON.stringify(statement(RIGHT))}, "Version" : "2012-10-17", "Version": "2012-10-17" }`,
            findings: ["policy-document Statement", "policy-document Version"],
        },
    ],
    principal: [
        { policy: policy(statement(RIGHT, { Principal: "*" })), findings: ["principal Statement[0].Principal"] },
        {
            policy: policy(statement(RIGHT, { Principal: { AWS: "*" } })),
            findings: ["principal Statement[0].Principal"],
        },
        {
            policy: policy(statement(RIGHT, { Principal: { AWS: "arn:aws:iam::111122223333:root" } })),
            findings: ["principal Statement[0].Principal"],
        },
    ],
    "provider-arn": [
        {
            policy: policy(statement(RIGHT, { Principal: { Federated: "gitlab.com" } })),
            findings: ["provider-arn Statement[0].Principal.Federated"],
        },
        {
            policy: policy(statement(RIGHT)),
            inputs: { url: "https://gitlab.example.com" },
            findings: ["provider-arn Statement[0].Principal.Federated"],
        },
        ...["gitlab.example.com:8443", "gitlab.example.com/", "GitLab.example.com"].map((issuer) => ({
            policy: policy(
                statement(
                    { StringEquals: { [`${issuer}:sub`]: MAIN, [`${issuer}:aud`]: "gitlab" } },
                    { Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${issuer}` } },
                ),
            ),
            findings: ["provider-arn Statement[0].Principal.Federated"],
        })),
    ],
    action: [
        { policy: policy(statement(RIGHT, { Action: "sts:AssumeRole" })), findings: ["action Statement[0].Action"] },
        {
            policy: policy(statement(RIGHT, { Action: undefined, NotAction: "iam:*" })),
            findings: ["action Statement[0].NotAction"],
        },
    ],
    "no-subject": [
        { policy: policy(statement(RIGHT, { Effect: "Deny" })), findings: ["no-subject "] },
        {
            policy: policy(statement({ StringEquals: { "gitlab.com:aud": "https://gitlab.com" } })),
            findings: ["no-subject Statement[0].Condition"],
        },
        {
            policy: policy(statement(sub("StringLike", "*"))),
            findings: [`no-subject ${CONDITION("StringLike", "sub")}`],
        },
        {
            policy: policy(statement(sub("StringLike", "project_path:*"))),
            findings: [`no-subject ${CONDITION("StringLike", "sub")}`],
        },
        {
            policy: policy(statement(sub("StringLike", "project_id:*"))),
            findings: [`no-subject ${CONDITION("StringLike", "sub")}`],
        },
    ],
    "negative-only": [
        {
            policy: policy(statement(sub("StringNotLike", "project_path:evil/*"))),
            findings: ["negative-only Statement[0].Condition"],
        },
        {
            policy: policy(statement(sub("Null", "false"))),
            findings: ["negative-only Statement[0].Condition"],
        },
    ],
    "if-exists": [
        {
            policy: policy(statement(sub("StringEqualsIfExists", MAIN))),
            findings: [
                `if-exists ${CONDITION("StringEqualsIfExists", "sub")}`,
                `path-only ${CONDITION("StringEqualsIfExists", "sub")}`,
            ],
        },
    ],
    "for-all-values": [
        {
            policy: policy(statement(sub("ForAllValues:StringLike", MAIN))),
            findings: [
                `for-all-values ${CONDITION("ForAllValues:StringLike", "sub")}`,
                `path-only ${CONDITION("ForAllValues:StringLike", "sub")}`,
            ],
        },
    ],
    "anded-subjects": [
        {
            policy: policy(
                statement(
                    merge(RIGHT, {
                        StringLike: {
                            "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:release/*",
                        },
                    }),
                ),
            ),
            findings: ["anded-subjects Statement[0].Condition", `unprotected-branch ${CONDITION("StringLike", "sub")}`],
        },
    ],
    "no-audience": [
        {
            policy: policy(statement({ StringEquals: { "gitlab.com:sub": MAIN, "gitlab.com:project_id": "20" } })),
            findings: ["no-audience Statement[0].Condition"],
        },
        {
            policy: policy(
                statement({
                    StringEquals: { "gitlab.com:sub": MAIN, "gitlab.com:project_id": "20" },
                    StringNotEquals: { "gitlab.com:aud": "other" },
                }),
            ),
            findings: ["no-audience Statement[0].Condition"],
        },
    ],
    audience: [
        ...["https://gitlab.com/", "http://gitlab.com", "a b", "$CI_SERVER_URL"].map((aud) => ({
            policy: policy(statement(merge(RIGHT, { StringEquals: { "gitlab.com:aud": aud } }))),
            findings: [`audience ${CONDITION("StringEquals", "aud")}`],
        })),
        {
            policy: policy(
                statement({
                    StringEquals: { "gitlab.com:sub": MAIN, "gitlab.com:project_id": "20" },
                    StringLike: { "gitlab.com:aud": ["https://gitlab.com", "*"] },
                }),
            ),
            findings: [`audience ${CONDITION("StringLike", "aud")}[1]`],
        },
    ],
    "condition-operator": [
        // case tells refs apart
        {
            policy: policy(
                statement(
                    merge(
                        { StringEquals: { "gitlab.com:aud": "https://gitlab.com", "gitlab.com:project_id": "20" } },
                        { StringEqualsIgnoreCase: { "gitlab.com:sub": MAIN } },
                    ),
                ),
            ),
            findings: [`condition-operator ${CONDITION("StringEqualsIgnoreCase", "sub")}`],
        },
        // strings that are compared as something else
        ...(
            [
                ["NumericEquals", "project_id", "20"],
                ["Bool", "ref_protected", "true"],
                ["ArnLike", "user_login", "jane"],
            ] as const
        ).map(([operator, claim, value]) => ({
            policy: policy(
                statement(
                    merge(claim === "project_id" ? sub("StringEquals", MAIN) : RIGHT, {
                        StringEquals: { "gitlab.com:user_id": "1" },
                        [operator]: { [`gitlab.com:${claim}`]: value },
                    }),
                ),
            ),
            findings: [`condition-operator ${CONDITION(operator, claim)}`],
        })),
        {
            policy: policy(
                statement({
                    StringEquals: { "gitlab.com:aud": "https://gitlab.com", "gitlab.com:project_id": "20" },
                    ArnLike: { "gitlab.com:sub": MAIN },
                }),
            ),
            findings: [`condition-operator ${CONDITION("ArnLike", "sub")}`],
        },
    ],
    "condition-key": [
        ...["environment", "project_path", "ref", "ref_type"].map((claim) => ({
            policy: policy(statement(merge(RIGHT, { StringEquals: { [`gitlab.com:${claim}`]: "x" } }))),
            findings: [`condition-key ${CONDITION("StringEquals", claim)}`],
        })),
        {
            policy: policy(
                statement(
                    {
                        StringEquals: {
                            "gitlab.example.com:sub": MAIN,
                            "gitlab.example.com:aud": "https://gitlab.example.com",
                            "gitlab.example.com:ref_protected": "true",
                        },
                    },
                    { Principal: { Federated: SELF_MANAGED } },
                ),
            ),
            findings: ['condition-key Statement[0].Condition["StringEquals"]["gitlab.example.com:ref_protected"]'],
        },
        {
            policy: policy(statement(merge(RIGHT, { StringEquals: { "aws:PrincipalOrgID": "o-1" } }))),
            findings: ['condition-key Statement[0].Condition["StringEquals"]["aws:PrincipalOrgID"]'],
        },
    ],
    "condition-conflict": [
        {
            policy: policy(statement(merge(RIGHT, { StringEquals: { "gitlab.com:sub": [] } }))),
            findings: [`condition-conflict ${CONDITION("StringEquals", "sub")}`],
        },
        ...["sub", "aud", "project_id", "ref_protected"].map((claim) => ({
            policy: policy(statement(merge(RIGHT, { Null: { [`gitlab.com:${claim}`]: "true" } }))),
            findings: [`condition-conflict ${CONDITION("Null", claim)}`],
        })),
        {
            policy: policy(
                statement({
                    StringEquals: { "gitlab.com:aud": "https://gitlab.com", "gitlab.com:project_id": "20" },
                    Null: { "gitlab.com:sub": "true" },
                }),
            ),
            findings: [`condition-conflict ${CONDITION("Null", "sub")}`],
        },
        // conditions that exclude each other
        {
            policy: policy(statement(merge(RIGHT, { StringLike: { "gitlab.com:project_id": "21" } }))),
            findings: ["condition-conflict Statement[0].Condition"],
        },
        {
            policy: policy(
                statement(
                    merge(RIGHT, {
                        StringEquals: { "gitlab.com:ref_protected": "true" },
                        StringNotEquals: { "gitlab.com:ref_protected": "true" },
                    }),
                ),
            ),
            findings: ["condition-conflict Statement[0].Condition"],
        },
    ],
    "condition-value": [
        ...(
            [
                ["Bool", "aws:SecureTransport", "maybe"],
                ["IpAddress", "aws:SourceIp", "not an ip"],
                ["DateLessThan", "aws:CurrentTime", "yesterday"],
                ["NumericEquals", "sts:DurationSeconds", "abc"],
                ["Null", "aws:SourceVpc", "maybe"],
            ] as const
        ).map(([operator, key, value]) => ({
            policy: policy(statement(merge(RIGHT, { [operator]: { [key]: value } }))),
            findings: [`condition-value Statement[0].Condition["${operator}"]["${key}"]`],
        })),
    ],
    "unknown-key": [
        ...["aws:SourceIpAddress", "sts:RoleSession"].map((key) => ({
            policy: policy(statement(merge(RIGHT, { StringEquals: { [key]: "x" } }))),
            findings: [`unknown-key Statement[0].Condition["StringEquals"]["${key}"]`],
        })),
    ],
    "literal-wildcard": [
        {
            policy: policy(
                statement(merge(RIGHT, { StringEquals: { "gitlab.com:sub": MAIN.replace("main", "release/*") } })),
            ),
            findings: [
                `literal-wildcard ${CONDITION("StringEquals", "sub")}`,
                `unprotected-branch ${CONDITION("StringEquals", "sub")}`,
            ],
        },
        {
            policy: policy(statement(merge(RIGHT, { StringNotEquals: { "gitlab.com:sub": "*:ref:ma?n" } }))),
            findings: [`literal-wildcard ${CONDITION("StringNotEquals", "sub")}`],
        },
    ],
    "policy-variable": [
        {
            policy: policy(
                statement(
                    merge(RIGHT, { StringEquals: { "gitlab.com:sub": MAIN.replace("main", "${aws:username}") } }),
                ),
            ),
            findings: [`policy-variable ${CONDITION("StringEquals", "sub")}`],
        },
    ],
    "sub-shape": [
        {
            policy: policy(statement(sub("StringLike", "project_path:mygroup/myproject:*"))),
            findings: ["sub-shape", "any-branch", "path-only", "unprotected-tag"].map(
                (id) => `${id} ${CONDITION("StringLike", "sub")}`,
            ),
        },
        {
            policy: policy(statement(sub("StringLike", "project_path:mygroup/*"))),
            findings: ["sub-shape", "group-wide", "any-branch", "unprotected-tag"].map(
                (id) => `${id} ${CONDITION("StringLike", "sub")}`,
            ),
        },
        ...[
            "mygroup/myproject",
            "repo:mygroup/myproject:ref:refs/heads/main",
            "project_path:mygroup/myproject:environment:production",
            "ref_type:branch:ref:main",
            "project_path:mygroup/myproject:ref_type:branch:ref:main:",
        ].map((value) => ({
            policy: policy(statement(sub("StringLike", value))),
            findings: [`sub-shape ${CONDITION("StringLike", "sub")}`],
        })),
        {
            policy: policy(statement(sub("StringEquals", MAIN))),
            inputs: { subClaimComponents: ["project_id", "ref_type", "ref"] as const },
            findings: [`sub-shape ${CONDITION("StringEquals", "sub")}`],
        },
    ],
    "ref-type": [
        ...["mr", "Branch"].map((type) => ({
            policy: policy(statement(sub("StringLike", MAIN.replace("branch", type)))),
            findings: [`ref-type ${CONDITION("StringLike", "sub")}`],
        })),
        {
            policy: policy(statement(sub("StringLike", MAIN.replace("branch", "branch*")))),
            findings: ["ref-type", "path-only"].map((id) => `${id} ${CONDITION("StringLike", "sub")}`),
        },
        {
            policy: policy(statement(sub("StringLike", MAIN.replace("branch", "*")))),
            findings: ["ref-type", "path-only", "unprotected-tag"].map(
                (id) => `${id} ${CONDITION("StringLike", "sub")}`,
            ),
        },
    ],
    "path-wildcard": [
        ...["mygroup*/myproject", "*/myproject", "mygroup/app*", "*"].map((path) => ({
            policy: policy(statement(sub("StringLike", MAIN.replace("mygroup/myproject", path)))),
            findings: [`path-wildcard ${CONDITION("StringLike", "sub")}`],
        })),
    ],
    "path-case": [
        {
            policy: policy(
                statement(RIGHT),
                statement(
                    merge(sub("StringEquals", MAIN, MAIN.replace("mygroup", "MyGroup")), {
                        StringEquals: { "gitlab.com:project_id": "20" },
                    }),
                ),
            ),
            findings: [`path-case ${CONDITION("StringEquals", "sub").replace("[0]", "[1]")}[1]`],
        },
    ],
    "gitlab-path": [
        {
            policy: policy(statement(sub("StringLike", MAIN.replace("mygroup/myproject", "mygroup")))),
            findings: [`gitlab-path ${CONDITION("StringLike", "sub")}`, `path-only ${CONDITION("StringLike", "sub")}`],
        },
    ],
    "ref-name": [
        {
            policy: policy(
                statement(
                    merge(RIGHT, { StringEquals: { "gitlab.com:sub": MAIN.replace("main", "refs/heads/main") } }),
                ),
            ),
            findings: [`ref-name ${CONDITION("StringEquals", "sub")}`],
        },
    ],
    latin1: [
        {
            policy: policy(
                statement(merge(RIGHT, { StringEquals: { "gitlab.com:sub": MAIN.replace("main", "日本") } })),
            ),
            findings: [`latin1 ${CONDITION("StringEquals", "sub")}`],
        },
    ],
    "project-id": [
        {
            policy: policy(statement(sub("StringLike", "project_id:20*:ref_type:branch:ref:main"))),
            findings: [`project-id ${CONDITION("StringLike", "sub")}`],
        },
        {
            policy: policy(
                statement(merge(sub("StringEquals", MAIN), { StringLike: { "gitlab.com:project_id": "20*" } })),
            ),
            findings: [
                `project-id ${CONDITION("StringLike", "project_id")}`,
                `path-only ${CONDITION("StringEquals", "sub")}`,
            ],
        },
    ],
    "claim-value": [
        {
            policy: policy(statement(merge(RIGHT, { StringEquals: { "gitlab.com:ref_protected": "yes" } }))),
            findings: [`claim-value ${CONDITION("StringEquals", "ref_protected")}`],
        },
        {
            policy: policy(statement(merge(RIGHT, { StringEquals: { "gitlab.com:ref_protected": "TRUE" } }))),
            findings: [`claim-value ${CONDITION("StringEquals", "ref_protected")}`],
        },
        {
            policy: policy(
                statement(merge(RIGHT, { StringEquals: { "gitlab.com:pipeline_source": "merge_request" } })),
            ),
            findings: [`claim-value ${CONDITION("StringEquals", "pipeline_source")}`],
        },
        {
            policy: policy(
                statement(
                    merge(RIGHT, { StringEquals: { "gitlab.com:user_login": "", "gitlab.com:user_id": ["1", ""] } }),
                ),
            ),
            findings: [
                `claim-value ${CONDITION("StringEquals", "user_login")}`,
                `claim-value ${CONDITION("StringEquals", "user_id")}[1]`,
            ],
        },
        {
            policy: policy(statement(merge(RIGHT, { StringEquals: { "gitlab.com:user_access_level": "admin" } }))),
            findings: [`claim-value ${CONDITION("StringEquals", "user_access_level")}`],
        },
        {
            policy: policy(statement(sub("StringEquals", `${MAIN}:deployment_tier:prod`))),
            findings: [
                `claim-value ${CONDITION("StringEquals", "sub")}`,
                `path-only ${CONDITION("StringEquals", "sub")}`,
            ],
        },
    ],
    "environment-pair": [
        {
            policy: policy(
                statement(merge(RIGHT, { StringEquals: { "gitlab.com:sub": `${MAIN}:deployment_tier:production` } })),
            ),
            inputs: {
                subClaimComponents: ["project_path", "ref_type", "ref", "environment_protected", "deployment_tier"],
            },
            findings: [`environment-pair ${CONDITION("StringEquals", "sub")}`],
        },
    ],
    "group-wide": [
        {
            policy: policy(statement(sub("StringLike", MAIN.replace("myproject", "*")))),
            findings: [`group-wide ${CONDITION("StringLike", "sub")}`],
        },
    ],
    "any-branch": [
        {
            policy: policy(
                statement(
                    merge(
                        { StringEquals: { "gitlab.com:project_id": "20" } },
                        sub("StringLike", MAIN.replace("main", "*")),
                    ),
                ),
            ),
            findings: [`any-branch ${CONDITION("StringLike", "sub")}`],
        },
    ],
    "any-ref": [
        {
            policy: policy(statement(sub("StringEquals", "project_id:20"))),
            findings: [`any-ref ${CONDITION("StringEquals", "sub")}`],
        },
    ],
    "ref-type-undeclared": [
        {
            policy: policy(statement(sub("StringEquals", "project_id:20:ref:main"))),
            findings: [`ref-type-undeclared ${CONDITION("StringEquals", "sub")}`],
        },
    ],
    "unprotected-branch": [
        ...["m*", "*e*", "*/*", "????", "release/*"].map((branch) => ({
            policy: policy(
                statement(
                    merge(
                        { StringEquals: { "gitlab.com:project_id": "20" } },
                        sub("StringLike", MAIN.replace("main", branch)),
                    ),
                ),
            ),
            findings: [`unprotected-branch ${CONDITION("StringLike", "sub")}`],
        })),
    ],
    "unprotected-tag": [
        {
            policy: policy(statement(sub("StringEquals", "project_id:20:ref_type:tag:ref:v1"))),
            findings: [`unprotected-tag ${CONDITION("StringEquals", "sub")}`],
        },
    ],
    "path-only": [
        {
            policy: policy(statement(sub("StringEquals", MAIN))),
            findings: [`path-only ${CONDITION("StringEquals", "sub")}`],
        },
    ],
    "namespace-only": [
        {
            policy: policy(
                statement(
                    merge(sub("StringLike", MAIN.replace("myproject", "*")), {
                        StringEquals: { "gitlab.com:namespace_id": "72" },
                    }),
                ),
            ),
            findings: [
                `group-wide ${CONDITION("StringLike", "sub")}`,
                `namespace-only ${CONDITION("StringEquals", "namespace_id")}`,
            ],
        },
    ],
    "user-name-only": [
        {
            policy: policy(statement(merge(RIGHT, { StringEquals: { "gitlab.com:user_login": "jane" } }))),
            findings: [`user-name-only ${CONDITION("StringEquals", "user_login")}`],
        },
    ],
    "long-sub": [
        {
            policy: policy(statement(sub("StringEquals", `project_id:20:ref_type:branch:ref:${"x".repeat(230)}`))),
            findings: [`long-sub ${CONDITION("StringEquals", "sub")}`],
        },
    ],
    "trust-policy-quota": [
        {
            policy: policy(...Array.from({ length: 8 }, () => statement(RIGHT))),
            findings: ["trust-policy-quota "],
        },
    ],
    "trust-policy-size": [
        {
            policy: policy(...Array.from({ length: 30 }, () => statement(RIGHT))),
            findings: ["trust-policy-size "],
        },
    ],
    "unused-accept": [
        {
            policy: policy(statement(sub("StringEquals", MAIN))),
            inputs: { accept: ["path-only", "any-branch"] },
            findings: ["unused-accept accept"],
        },
    ],
};
