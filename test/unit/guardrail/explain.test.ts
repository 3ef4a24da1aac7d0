import { expect } from "chai";
import {
    buildOrganizationGuardrail,
    explainTrust,
    InvalidInputsError,
    type ExplainTrustArgs,
    type ExplainTrustResult,
} from "../../../provider/operations/trust";
import { expectFindings, type Printed } from "../../support/findings";
import { policy, statement } from "../../support/policies";

const SUB = "project_path:mygroup/myproject:ref_type:branch:ref:main";
const CLAIMS = { iss: "https://gitlab.com", aud: "https://gitlab.com", sub: SUB };
const ROLE = "arn:aws:iam::111122223333:role/deploy";
const DENIED = "AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized";

const trustPolicy = policy(
    statement({
        StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
        StringLike: { "gitlab.com:sub": "project_path:*" },
    }),
);

const statementOf = (more: object): object => ({
    Effect: "Deny",
    Principal: "*",
    Action: "sts:AssumeRoleWithWebIdentity",
    Resource: "*",
    ...more,
});
const deny = (more: object): object => ({ Version: "2012-10-17", Statement: [statementOf(more)] });
const own = (args: Parameters<typeof buildOrganizationGuardrail>[0]): string => buildOrganizationGuardrail(args).json;
/** The policy that AWS attaches itself. */
const FULL = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }] };

const explain = (args: Partial<ExplainTrustArgs>): ExplainTrustResult =>
    explainTrust({ trustPolicy, claims: CLAIMS, ...args });

describe("explainTrust under guardrails allows", () => {
    const ip = deny({ Condition: { NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } } });
    for (const [what, args] of [
        ["a job of the group", { guardrails: [own({ groups: ["mygroup"] })] }],
        ["it under RCPFullAWSAccess", { guardrails: [FULL, own({ groups: ["mygroup"] })] }],
        [
            "it with an audience of the guardrail",
            { guardrails: [own({ groups: ["mygroup"], audiences: ["https://gitlab.com"] })] },
        ],
        ["a role that is left alone", { guardrails: [own({ groups: ["other"], exceptRoles: [ROLE] })], roleArn: ROLE }],
        [
            "a token of another issuer's guardrail",
            { guardrails: [own({ url: "https://gitlab.example.com", groups: ["other"] })] },
        ],
        ["what a statement on another action denies", { guardrails: [deny({ Action: ["s3:*", "sts:AssumeRole"] })] }],
        [
            "what a statement on other resources denies",
            { guardrails: [deny({ Resource: "arn:aws:s3:::*" })], roleArn: ROLE },
        ],
        [
            "what only a signed call can meet",
            { guardrails: [deny({ Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } })] },
        ],
        ["an address of the network", { guardrails: [ip], context: { "aws:SourceIp": "192.0.2.1" } }],
        [
            "it in the output of describe-policy",
            { guardrails: [{ Policy: { PolicySummary: {}, Content: own({ groups: ["mygroup"] }) } }] },
        ],
    ] as const) {
        it(what, () => {
            const result = explain(args);
            expect([result.allowed, result.deniedBy, result.error]).to.deep.equal([true, undefined, undefined]);
        });
    }
});

describe("explainTrust under guardrails denies", () => {
    for (const [what, args, deniedBy, cause, fix] of [
        [
            "a job of another group",
            { guardrails: [FULL, own({ groups: ["other"] })] },
            "guardrails[1].Statement[0]",
            `The resource control policy denies it, although the trust policy allows it. Its statement "GitLabSubjects" (guardrails[1].Statement[0]) applies: "gitlab.com:sub" is "${SUB}", which meets StringNotLike "project_path:other/*".`,
            "administrators of the AWS organization",
        ],
        [
            "another audience",
            { guardrails: [own({ groups: ["mygroup"], audiences: ["sts.amazonaws.com"] })] },
            "guardrails[0].Statement[1]",
            '"gitlab.com:aud" is "https://gitlab.com", which meets StringNotEquals "sts.amazonaws.com"',
            "administrators",
        ],
        [
            "another issuer",
            { guardrails: [own({ url: "https://gitlab.example.com", groups: ["mygroup"], trustedIssuers: [] })] },
            "guardrails[0].Statement[1]",
            '"gitlab.example.com:sub" is missing, which meets Null "true"',
            "administrators",
        ],
        [
            "one statement that is no list, without conditions",
            {
                guardrails: [
                    {
                        Version: "2012-10-17",
                        Statement: { Effect: "Deny", Principal: "*", Action: "sts:*", Resource: "*" },
                    },
                ],
            },
            "guardrails[0].Statement",
            "Its statement guardrails[0].Statement applies: it has no conditions.",
            "administrators",
        ],
        [
            "a role that is perhaps left alone",
            { guardrails: [own({ groups: ["other"], exceptRoles: [ROLE] })] },
            "guardrails[0].Statement[0]",
            `The resource control policy may deny it. Its statement "GitLabSubjects" (guardrails[0].Statement[0]) depends on the role: it has NotResource "${ROLE}".`,
            "Pass the ARN of the role in `roleArn`, on the command line the output of `aws iam get-role` as FILE.",
        ],
        [
            "an address that is not known",
            { guardrails: [deny({ Condition: { NotIpAddressIfExists: { "aws:SourceIp": "192.0.2.0/24" } } })] },
            "guardrails[0].Statement[0]",
            'Its statement guardrails[0].Statement[0] depends on "aws:SourceIp", which is not known here.',
            "Pass the values in `context`, on the command line with --context.",
        ],
        [
            "the organization of the role, which no call of a trust policy has",
            { guardrails: [deny({ Condition: { StringNotEquals: { "aws:ResourceOrgID": "o-1" } } })] },
            "guardrails[0].Statement[0]",
            'depends on "aws:ResourceOrgID"',
            "context",
        ],
        [
            "certainly, where another statement only may",
            {
                guardrails: [
                    deny({ Condition: { StringEquals: { "aws:SourceVpc": "vpc-1" } } }),
                    own({ groups: ["other"] }),
                ],
            },
            "guardrails[1].Statement[0]",
            "denies it",
            "administrators",
        ],
    ] as const) {
        it(what, () => {
            const result = explain(args);
            expect(result.allowed).to.equal(false);
            expect(result.error).to.contain(DENIED);
            expect(result.deniedBy).to.equal(deniedBy);
            expect(result.cause).to.contain(cause);
            expect(result.fix).to.contain(fix);
            expect(result.statements.map(({ applies }) => applies)).to.deep.equal([true]);
        });
    }

    it("with the trust policy's own cause, if that denies the job already", () => {
        const claims = { ...CLAIMS, aud: "sts.amazonaws.com" };
        const result = explain({ claims, guardrails: [own({ groups: ["other"] })] });
        expect(result.cause).to.contain("the role allows");
        expect(result).to.not.have.property("deniedBy");
    });
});

const REJECTED: readonly (readonly [what: string, args: object, ...findings: readonly Printed[]])[] = [
    ["text that is no JSON", { guardrails: ["{"] }, ["guardrails[0]", "guardrail", "is not JSON"]],
    ["what is no object", { guardrails: [FULL, [1]] }, ["guardrails[1]", "guardrail", "not an object"]],
    [
        "a trust policy",
        { guardrails: [trustPolicy] },
        ["guardrails[0]", "guardrail", "is a trust policy, not a resource control policy"],
    ],
    [
        "a key that appears twice, in the text or in the output of describe-policy",
        {
            guardrails: [
                '{"Version":"2012-10-17","Statement":[],"Statement":[]}',
                JSON.stringify({ Policy: { Content: `{"Version":"2012-10-17","Version":"2012-10-17"}` } }),
            ],
        },
        ["guardrails[0].Statement", "guardrail", "appears twice in one object"],
        ["guardrails[0].Statement", "guardrail", "is missing"],
        ["guardrails[1].Version", "guardrail", "appears twice in one object"],
        ["guardrails[1].Statement", "guardrail", "is missing"],
    ],
    [
        "a Sid that is no string, and one that two statements have",
        {
            guardrails: [{ Version: "2012-10-17", Statement: ["a", "a", { b: 1 }].map((Sid) => statementOf({ Sid })) }],
        },
        ["guardrails[0].Statement[1].Sid", "guardrail", '"a" is also the Sid of guardrails[0].Statement[0]'],
        ["guardrails[0].Statement[2].Sid", "guardrail", "not a string"],
    ],
    [
        "conditions that are no object, with a fix that denies other groups",
        { guardrails: [deny({ Condition: "x" })] },
        [
            "guardrails[0].Statement[0].Condition",
            "guardrail",
            'Write "Condition": { "StringNotLike": { "ISSUER:sub": "project_path:mygroup/*" } }.',
        ],
    ],
    [
        "an Allow that is not that of AWS",
        { guardrails: [deny({ Effect: "Allow" })] },
        ["guardrails[0].Statement[0].Effect", "guardrail", '"Deny"'],
    ],
    [
        "no version and no statement",
        { guardrails: [{}] },
        ["guardrails[0].Version", "guardrail"],
        ["guardrails[0].Statement", "guardrail"],
    ],
    [
        "a statement that is text",
        { guardrails: [{ Version: "2012-10-17", Statement: ["x"] }] },
        ["guardrails[0].Statement[0]", "guardrail", '"x"'],
    ],
    [
        "Resource beside NotResource, and NotAction",
        { guardrails: [deny({ NotResource: "x", NotAction: "x" })] },
        ["guardrails[0].Statement[0].NotResource", "guardrail"],
        ["guardrails[0].Statement[0].NotAction", "guardrail"],
    ],
    [
        "an operator that IAM does not know",
        { guardrails: [deny({ Condition: { StringMatches: { a: "b" } } })] },
        ['guardrails[0].Statement[0].Condition["StringMatches"]', "guardrail"],
    ],
    [
        "a list that is none",
        { guardrails: FULL },
        ["guardrails", "wrong-type", "an array of resource control policies"],
    ],
    ["what is no role", { guardrails: [FULL], roleArn: "deploy" }, ["roleArn", "role-arn", '"deploy"']],
];

describe("explainTrust rejects", () => {
    for (const [what, args, ...expected] of REJECTED) {
        it(what, () => {
            try {
                explain(args);
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
});
