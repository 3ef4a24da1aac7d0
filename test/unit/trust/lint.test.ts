import { expect } from "chai";
import fc from "fast-check";
import {
    buildTrustPolicy,
    InvalidInputsError,
    lintTrustPolicy,
    RULES,
    type Conditions,
    type Finding,
    type RuleId,
    type LintTrustPolicyArgs,
    type SubClaimComponent,
    type Subject,
    type GetTrustPolicyArgs,
} from "../../../provider/operations/trust";
import { policy, statement } from "../../support/policies";

const GITLAB_COM = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
const SELF_MANAGED = "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com";
const MAIN = "project_path:mygroup/myproject:ref_type:branch:ref:main";

/** On gitlab.com with audience and project id; what is not about `sub` is right. */
function sub(operator: string, ...values: readonly string[]): object {
    return merge(
        { StringEquals: { "gitlab.com:aud": "https://gitlab.com" } },
        { [operator]: { "gitlab.com:sub": values } },
    );
}

type Block = Record<string, Record<string, unknown>>;

function merge(a: object, b: object): object {
    const merged: Block = { ...(a as Block) };
    for (const [operator, keys] of Object.entries(b as Block)) {
        merged[operator] = { ...merged[operator], ...keys };
    }
    return merged;
}

function lint(inputs: LintTrustPolicyArgs): readonly Finding[] {
    return lintTrustPolicy(inputs).findings;
}

function idsOf(findings: readonly Finding[]): string[] {
    return [...new Set(findings.map(({ id }) => id))].sort();
}

function errorsOf(findings: readonly Finding[]): string[] {
    return idsOf(findings.filter(({ severity }) => severity === "error"));
}

/** Everything right: nothing to say. */
const RIGHT = merge(sub("StringEquals", MAIN), { StringEquals: { "gitlab.com:project_id": "20" } });

interface Row {
    readonly policy: unknown;
    readonly inputs?: Partial<LintTrustPolicyArgs>;
    /** `id path`, in order. */
    readonly findings: readonly string[];
}

const CONDITION = (operator: string, key: string): string =>
    `Statement[0].Condition["${operator}"]["gitlab.com:${key}"]`;

const ROWS: Readonly<Record<string, readonly Row[]>> = {
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

describe("lintTrustPolicy, rule by rule", () => {
    for (const [id, rows] of Object.entries(ROWS)) {
        describe(id, () => {
            rows.forEach(({ policy, inputs, findings }, i) => {
                it(`${String(i + 1)}: ${findings.join(", ") || "no findings"}`, () => {
                    const found = lint({ trustPolicy: policy, ...inputs });
                    expect(found.map((f) => `${f.id} ${f.path}`)).to.deep.equal(findings);
                    for (const { id, severity, message, fix } of found) {
                        expect(severity).to.equal(RULES[id as RuleId]);
                        expect(message).to.match(/\S.*[.]$/s);
                        expect(fix).to.match(/^[A-Z].*[.}"]$/s);
                    }
                });
            });
        });
    }

    it("every row is under an id that it has", () => {
        for (const [id, rows] of Object.entries(ROWS).slice(1)) {
            for (const { findings } of rows) {
                expect(findings.map((f) => f.split(" ")[0])).to.include(id);
            }
        }
    });

    it("gives fixes in the words of a policy, not of this package's inputs", () => {
        const OF_INPUTS =
            /projectId|refProtected|userId|environmentProtected|deploymentTier|subClaimComponents|subject|\b(?:project|group|branch|tag): "(?!project_path:)/;
        for (const { policy, inputs } of Object.values(ROWS).flat()) {
            for (const { id, fix } of lint({ trustPolicy: policy, ...inputs })) {
                expect(fix, id).not.to.match(OF_INPUTS);
            }
        }
    });

    it("accepts warnings, never errors", () => {
        const trustPolicy = policy(statement(sub("StringLike", MAIN.replace("myproject", "*"))), statement({}));
        const accept = ["group-wide"];
        expect(errorsOf(lint({ trustPolicy, accept }))).to.deep.equal(["no-audience", "no-subject"]);
        expect(idsOf(lint({ trustPolicy, accept }))).to.not.include("group-wide");
    });

    it("tells the statement and the value", () => {
        const trustPolicy = policy(
            statement(RIGHT),
            statement(sub("StringEquals", "project_id:20:ref_type:branch:ref:main", MAIN)),
        );
        expect(lint({ trustPolicy }).map(({ path }) => path)).to.deep.equal([
            'Statement[1].Condition["StringEquals"]["gitlab.com:sub"][1]',
        ]);
    });
});

describe("lintTrustPolicy, inputs that are of no use", () => {
    for (const [title, inputs, expected] of [
        ["nothing", {}, ["trustPolicy required"]],
        ["undefined", undefined, ["args required"]],
        ["a url that is none", { trustPolicy: policy(), url: "gitlab.com" }, ["url issuer-url"]],
        ["a url that is a number", { trustPolicy: policy(), url: 5 }, ["url wrong-type"]],
        [
            "components that GitLab does not offer",
            { trustPolicy: policy(), subClaimComponents: ["ref", "x"] },
            ["subClaimComponents sub-components", "subClaimComponents sub-components"],
        ],
        ["what is no list of ids", { trustPolicy: policy(), accept: "path-only" }, ["accept wrong-type"]],
        ["a property that is none", { trustPolicy: policy(), policy: 1 }, ["policy unknown-property"]],
    ] as const) {
        it(title, () => {
            try {
                lint(inputs as never);
                expect.fail("no refusal");
            } catch (error) {
                expect(error).to.be.instanceOf(InvalidInputsError);
                const { findings } = error as InvalidInputsError;
                expect(findings.map(({ path, id }) => `${path} ${id}`)).to.deep.equal(expected);
            }
        });
    }

    it("whatever the policy is, there are findings", () => {
        const cyclic: Record<string, unknown> = { Version: "2012-10-17" };
        cyclic["Statement"] = [cyclic];
        const odd = fc.oneof(
            fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, withSparseArray: true }),
            fc.constantFrom<unknown>(
                "__proto__",
                "constructor",
                "\ud800",
                "🦊",
                "${",
                ":",
                "x:".repeat(5_000),
                cyclic,
                "*",
            ),
        );
        const statements = fc.array(
            fc.record(
                {
                    Effect: fc.oneof({ weight: 4, arbitrary: fc.constant("Allow") }, { weight: 1, arbitrary: odd }),
                    Principal: fc.oneof(fc.constant({ Federated: GITLAB_COM }), fc.record({ Federated: odd }), odd),
                    Action: fc.oneof(fc.constant("sts:*"), odd),
                    Condition: fc.oneof(
                        fc.dictionary(
                            fc.oneof(fc.constantFrom("StringEquals", "StringLike", "Null", "toString"), fc.string()),
                            fc.oneof(
                                fc.dictionary(
                                    fc.constantFrom(
                                        "gitlab.com:sub",
                                        "gitlab.com:aud",
                                        "gitlab.com:project_id",
                                        "gitlab.com:user_login",
                                        "__proto__",
                                    ),
                                    fc.oneof(odd, fc.array(odd)),
                                ),
                                odd,
                            ),
                        ),
                        odd,
                    ),
                },
                { requiredKeys: [] },
            ),
            { maxLength: 3 },
        );
        const policies = fc.oneof(
            { weight: 3, arbitrary: statements.map((s) => ({ Version: "2012-10-17", Statement: s })) },
            { weight: 1, arbitrary: odd.filter((p) => p !== undefined && p !== null) },
        );
        fc.assert(
            fc.property(policies, (trustPolicy) => {
                for (const { id, severity } of lint({ trustPolicy })) {
                    expect(severity).to.equal(RULES[id as RuleId]);
                    expect(ROWS, "a rule without a row above").to.have.property(id);
                }
            }),
            { numRuns: 2_000 },
        );
    });
});

/* Policies that this package writes. */

const path = fc
    .array(fc.constantFrom("a", "my-group", "App_1", "x.y", "z9"), { minLength: 2, maxLength: 4 })
    .map((segments) => segments.join("/"));
const ref = fc.constantFrom("main", "release/*", "*", "v1.?", "feature/${x}", "$x", "é", "a'b\"c", "x".repeat(240));
const COMPONENTS: readonly (readonly SubClaimComponent[])[] = [
    ["project_path", "ref_type", "ref"],
    ["project_path", "ref_type", "ref", "ref_protected"],
    ["project_id", "ref_type", "ref"],
    ["project_path", "project_id", "ref_type", "ref"],
    ["project_path", "ref_type", "ref", "environment_protected", "deployment_tier"],
    ["project_id", "ref", "deployment_tier"],
    ["project_path"],
];

function subjectOf(components: readonly SubClaimComponent[], isGitLabCom: boolean): fc.Arbitrary<Subject> {
    const has = (c: SubClaimComponent): boolean => components.includes(c);
    const only = <T>(condition: boolean, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
        condition ? arbitrary : fc.constant(undefined);
    return fc
        .record({
            scope: has("project_path")
                ? fc.oneof(
                      path.map((project) => ({ project, ...(has("project_id") && { projectId: "20" }) })),
                      path.map((group) => ({ group, ...(has("project_id") && { projectId: "*" }) })),
                      path.map((project) => ({
                          project,
                          ...((isGitLabCom || has("project_id")) && { projectId: "4711" }),
                      })),
                  )
                : fc.constantFrom({ projectId: "20" }, { projectId: "4711" }),
            ref: only(
                has("ref"),
                fc
                    .tuple(has("ref_type") ? fc.constantFrom("branch", "tag") : fc.constant("branch"), ref)
                    .map(([type, name]) => ({ [type]: name })),
            ),
            refProtected: has("ref_protected")
                ? fc.constantFrom<boolean | "*">(true, false, "*")
                : only(isGitLabCom, fc.option(fc.boolean(), { nil: undefined })),
            environment: only(
                has("deployment_tier"),
                fc.option(
                    fc.constantFrom("production", "staging", "*").map((deploymentTier) => ({
                        deploymentTier,
                        ...(has("environment_protected") && { environmentProtected: true }),
                    })),
                    { nil: undefined },
                ),
            ),
            claims: only(
                isGitLabCom,
                fc.option(
                    fc.constantFrom(
                        { userLogin: ["jane"] },
                        { namespaceId: ["72"] },
                        { pipelineSource: ["push", "web"] },
                    ),
                    { nil: undefined },
                ),
            ),
        })
        .map(({ scope, ref, refProtected, environment, claims }) => ({
            ...scope,
            ...ref,
            ...environment,
            ...(refProtected !== undefined && { refProtected }),
            ...(claims !== undefined && { claims }),
        }));
}

const written: fc.Arbitrary<GetTrustPolicyArgs> = fc
    .tuple(fc.constantFrom(...COMPONENTS), fc.boolean())
    .chain(([subClaimComponents, isGitLabCom]) =>
        fc.record({
            providerArn: fc.constant(isGitLabCom ? GITLAB_COM : SELF_MANAGED),
            ...(!isGitLabCom && { gitlabVersion: fc.constant("19.1") }),
            subClaimComponents: fc.constant(subClaimComponents),
            audiences: fc.constantFrom(["sts.amazonaws.com"], ["https://gitlab.com", "x"]),
            subjects: fc.array(subjectOf(subClaimComponents, isGitLabCom), { minLength: 1, maxLength: 4 }),
            conditions: fc.constantFrom<Conditions>({}, { IpAddress: { "aws:SourceIp": ["10.0.0.0/8"] } }),
        }),
    );

describe("lintTrustPolicy, policies that this package writes", () => {
    it("have no findings but the warnings that they had", () => {
        fc.assert(
            fc.property(written, (inputs) => {
                const { json, warnings } = buildTrustPolicy(inputs);
                const found = lint({
                    trustPolicy: json,
                    url: inputs.providerArn === GITLAB_COM ? "https://gitlab.com" : "https://gitlab.example.com",
                    subClaimComponents: inputs.subClaimComponents!,
                });
                expect(idsOf(found), json).to.deep.equal(idsOf(warnings));
            }),
            { numRuns: 1_000 },
        );
    });

    it("also where nobody says which components were declared, but for a group alone: it reads as half a sub claim", () => {
        fc.assert(
            fc.property(written, (inputs) => {
                fc.pre(
                    inputs.subClaimComponents!.includes("ref") || inputs.subjects.every((s) => s.group === undefined),
                );
                expect(errorsOf(lint({ trustPolicy: buildTrustPolicy(inputs).json }))).to.deep.equal([]);
            }),
            { numRuns: 1_000 },
        );
    });
});

/* Policies in public: only what they say, with other names. */

interface Published {
    /** Repository and file, or page. */
    readonly source: string;
    readonly what: string;
    readonly policy: object;
    readonly errors: readonly string[];
}

const WRONG: readonly Published[] = [
    {
        source: 'GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials", Configure a role and trust',
        what: "the policy of GitLab's own page: no audience",
        policy: policy(
            statement({ StringEquals: { "gitlab.example.com:sub": MAIN } }, { Principal: { Federated: SELF_MANAGED } }),
        ),
        errors: ["no-audience"],
    },
    {
        source: 'GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials", Troubleshooting',
        what: "StringEquals instead of StringLike with a wildcard",
        policy: policy(statement(sub("StringEquals", "project_path:mygroup/*:ref_type:branch:ref:main"))),
        errors: ["literal-wildcard"],
    },
    {
        source: "github.com/xgourmandin/gcp-gitlab-auth, AWS/iam.tf",
        what: "the audience alone",
        policy: policy(statement({ StringEquals: { "gitlab.com:aud": ["https://gitlab.com"] } })),
        errors: ["no-subject"],
    },
    {
        source: "github.com/opszero/terraform-aws-oidc-gitlab, data.tf with examples/complete/variables.tf",
        what: "one key of the caller's choice: sub without aud",
        policy: policy(statement({ StringEquals: { "gitlab.com:sub": [MAIN, MAIN.replace("myproject", "other")] } })),
        errors: ["no-audience"],
    },
    {
        source: "github.com/saidsef/terraform-aws-gitlab-oidc, current.tf with exmaples/complete/main.tf",
        what: "branches by pattern down to *, no audience",
        policy: policy(
            statement({
                "ForAnyValue:StringLike": {
                    "gitlab.com:sub": ["main", "pr-*", "*pull*", "*"].map((branch) => MAIN.replace("main", branch)),
                },
            }),
        ),
        errors: ["no-audience"],
    },
    {
        source: "github.com/Checkmarx/kics, issue 6702, first example",
        what: "every project",
        policy: policy(
            statement(
                { StringLike: { "gitlab.example.com:sub": "project_path:*:ref_type:branch:ref:*" } },
                { Principal: { Federated: SELF_MANAGED } },
            ),
        ),
        errors: ["no-audience", "path-wildcard"],
    },
    {
        source: "github.com/Checkmarx/kics, issue 6702, second example",
        what: "no condition",
        policy: policy({
            Effect: "Allow",
            Principal: { Federated: SELF_MANAGED },
            Action: "sts:AssumeRoleWithWebIdentity",
        }),
        errors: ["no-audience", "no-subject"],
    },
    {
        source: 'Datadog, default rule "IAM roles should not allow untrusted GitLab runners to assume them"',
        what: "the provider of gitlab.com and the key of another instance",
        policy: policy(statement({ StringEquals: { "gitlab.example.com:sub": MAIN } })),
        errors: ["condition-key", "no-audience"],
    },
    {
        source: 'phpboyscout.uk, 2026-05-14, "A 403 you can\'t fix in IAM"',
        what: "ref_type:mr",
        policy: policy(statement(sub("StringLike", MAIN.replace("branch:ref:main", "mr:ref:*")))),
        errors: ["ref-type"],
    },
    {
        source: "github.com/terraform-aws-modules/terraform-aws-iam, issue 633, as it comes out for GitLab",
        what: "exact and wildcard subjects ANDed",
        policy: policy(
            statement(
                merge(sub("StringEquals", MAIN), {
                    StringLike: { "gitlab.com:sub": MAIN.replace("main", "release/*") },
                }),
            ),
        ),
        errors: ["anded-subjects"],
    },
    {
        source: "github.com/aws-actions/configure-aws-credentials, issue 690, as it comes out for GitLab",
        what: "ForAllValues on the audience, and iss as a key",
        policy: policy(
            statement({
                StringLike: { "gitlab.com:sub": "project_path:mygroup/myproject:*" },
                "ForAllValues:StringEquals": {
                    "gitlab.com:aud": "sts.amazonaws.com",
                    "gitlab.com:iss": "https://gitlab.com",
                },
            }),
        ),
        errors: ["condition-key", "for-all-values", "no-audience", "sub-shape"],
    },
    {
        source: "github.com/aws-actions/configure-aws-credentials, issue 318, as it comes out for GitLab",
        what: "ForAllValues on the subject",
        policy: policy(statement({ "ForAllValues:StringLike": { "gitlab.com:sub": "project_path:mygroup/*" } })),
        errors: ["for-all-values", "no-audience", "sub-shape"],
    },
    {
        source: 'virallegend.co.uk, "Leveraging Custom Claims in AWS Trust Policies for GitLab CI/CD with AssumeRoleWithWebIdentity"',
        what: "the environment as a condition key",
        policy: policy(statement({ StringEquals: { "gitlab.com:sub": MAIN, "gitlab.com:environment": "production" } })),
        errors: ["condition-key", "no-audience"],
    },
];

const RIGHT_IN_PUBLIC: readonly Published[] = [
    {
        source: "github.com/spack/spack-infrastructure, terraform/modules/spack/gitlab_runner_iam.tf, protected_binary_mirror",
        what: "branches and tags of one project, an audience of its own",
        policy: policy(
            statement(
                {
                    StringEquals: { "gitlab.example.com:aud": "protected_binary_mirror" },
                    StringLike: {
                        "gitlab.example.com:sub": [
                            "branch:ref:develop",
                            "branch:ref:releases/v*",
                            "tag:ref:develop-*",
                            "tag:ref:v*",
                        ].map((rest) => `project_path:mygroup/myproject:ref_type:${rest}`),
                    },
                },
                { Principal: { Federated: SELF_MANAGED } },
            ),
        ),
        errors: [],
    },
    {
        source: "github.com/spack/spack-infrastructure, terraform/modules/spack/gitlab_runner_iam.tf, pr_binary_mirror",
        what: "a pattern of branches",
        policy: policy(
            statement(
                {
                    StringEquals: { "gitlab.example.com:aud": "pr_binary_mirror" },
                    StringLike: { "gitlab.example.com:sub": [MAIN.replace("main", "pr*")] },
                },
                { Principal: { Federated: SELF_MANAGED } },
            ),
        ),
        errors: [],
    },
    {
        source: "github.com/AYAGALLAL/security-pipeline, terraform/oidc-iam-role.tf",
        what: "sub and aud, both exact",
        policy: policy(
            statement({ StringEquals: { "gitlab.com:sub": MAIN, "gitlab.com:aud": "https://sts.amazonaws.com" } }),
        ),
        errors: [],
    },
    {
        source: "github.com/aws-samples/amazon-connect-gitlab-cicd-terraform, gitlab-terraform-setup/devops_account/main.tf",
        what: "three branches under one operator, of which Terraform makes one list",
        policy: policy(
            statement(
                {
                    "ForAnyValue:StringLike": {
                        "gitlab.example.com:aud": "https://gitlab.example.com",
                        "gitlab.example.com:sub": ["develop", "main", "stage"].map((b) => MAIN.replace("main", b)),
                    },
                },
                { Principal: { Federated: SELF_MANAGED } },
            ),
        ),
        errors: [],
    },
    {
        source: 'GitLab, "Connect to cloud services", filter to one branch in every project of a group',
        what: "a group",
        policy: policy(statement(sub("StringLike", "project_path:mygroup/*:ref_type:branch:ref:main"))),
        errors: [],
    },
];

describe("lintTrustPolicy, wrong policies in public", () => {
    for (const { source, what, policy, errors } of WRONG) {
        it(`${source}: ${what}: ${errors.join(", ")}`, () => {
            expect(errorsOf(lint({ trustPolicy: policy }))).to.deep.equal(errors);
        });
    }
});

describe("lintTrustPolicy, right policies in public", () => {
    for (const { source, what, policy, errors } of RIGHT_IN_PUBLIC) {
        it(`${source}: ${what}`, () => {
            expect(errorsOf(lint({ trustPolicy: policy }))).to.deep.equal(errors);
        });
    }
});
