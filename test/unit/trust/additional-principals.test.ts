import { expect } from "chai";
import { Findings } from "../../../provider/contract/findings";
import type { AdditionalPrincipal, GetTrustPolicyArgs } from "../../../provider/contract/types";
import { UNKNOWN, type MaybeUnknown } from "../../../provider/contract/unknown";
import { checkPipelineRole } from "../../../provider/components/pipeline-role-check";
import {
    buildTrustPolicy,
    describeTrustPolicy,
    explainTrust,
    InvalidInputsError,
    lintTrustPolicy,
} from "../../../provider/operations/trust";
import { checkAdditionalPrincipals } from "../../../provider/trust/additional-principals";
import { policy, statement } from "../../support/policies";

const PROVIDER = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
const OWN_ROLE = "arn:aws:iam::111122223333:role/break-glass";
const OTHER_ROLE = "arn:aws:iam::444455556666:role/admin";
const MAIN = "project_path:mygroup/myproject:ref_type:branch:ref:main";
const SUBJECTS = [{ project: "mygroup/myproject", projectId: "4711", branch: "main" }];
const EXTERNAL_ID = { StringEquals: { "sts:ExternalId": ["shared"] } };
const MFA = { Bool: { "aws:MultiFactorAuthPresent": ["true"] } };

const OF_JOBS = statement({
    StringEquals: { "gitlab.com:aud": "https://gitlab.com", "gitlab.com:sub": MAIN, "gitlab.com:project_id": "4711" },
});
const ofPrincipal = (arn: string, condition?: object, changes: object = {}): object => ({
    Effect: "Allow",
    Principal: { AWS: arn },
    Action: "sts:AssumeRole",
    ...(condition !== undefined && { Condition: condition }),
    ...changes,
});

type Said = readonly [id: string, path: string, message: string];

const saidBy = (findings: Findings): readonly Said[] =>
    [...findings.errors, ...findings.warnings].map(({ id, path, message }): Said => [id, path, message]);

const AT = "x[0].arn";
const warned = (message: string): Said => ["other-principal", AT, message];
const bad = (message: string): Said => ["additional-principal", AT, message];
const EXTERNAL: Said = [
    "external-id",
    "x[0].conditions",
    'do not test "sts:ExternalId", but the principal is in the account 444455556666, and the identity provider in 111122223333. Other customers of that account could use it to assume the role.',
];
const OTHER = warned(`"${OTHER_ROLE}" can assume the role without a GitLab job.`);
const OWN = warned(`"${OWN_ROLE}" can assume the role without a GitLab job.`);

const CHECKS: readonly (readonly [
    title: string,
    principal: MaybeUnknown<AdditionalPrincipal>,
    said: readonly Said[],
    providerArn?: MaybeUnknown<string>,
])[] = [
    ["a role of the account", { arn: OWN_ROLE }, [OWN]],
    [
        "a role with a path",
        { arn: "arn:aws:iam::111122223333:role/a/b/c" },
        [warned('"arn:aws:iam::111122223333:role/a/b/c" can assume the role without a GitLab job.')],
    ],
    [
        "a user",
        { arn: "arn:aws:iam::111122223333:user/jdoe" },
        [warned('"arn:aws:iam::111122223333:user/jdoe" can assume the role without a GitLab job.')],
    ],
    [
        "a session",
        { arn: "arn:aws:sts::111122223333:assumed-role/admin/jdoe@example.com" },
        [
            warned(
                '"arn:aws:sts::111122223333:assumed-role/admin/jdoe@example.com" can assume the role without a GitLab job.',
            ),
        ],
    ],
    [
        "the account",
        { arn: "arn:aws:iam::111122223333:root" },
        [
            warned(
                '"arn:aws:iam::111122223333:root" is the whole account 111122223333: every user and role there whose own policies allow sts:AssumeRole can assume the role, without a GitLab job.',
            ),
        ],
    ],
    ["everyone", { arn: "*" }, [bad('is "*", which trusts everyone, in every account.')]],
    [
        "a wildcard",
        { arn: "arn:aws:iam::111122223333:role/admin-*" },
        [bad('"arn:aws:iam::111122223333:role/admin-*" has a wildcard, which IAM does not accept in a principal.')],
    ],
    ["an account ID", { arn: "444455556666" }, [bad('"444455556666" is the ID of an account.')]],
    [
        "a service",
        { arn: "ec2.amazonaws.com" },
        [bad('"ec2.amazonaws.com" is not the ARN of an account, a user, a role or a session.')],
    ],
    [
        "a group",
        { arn: "arn:aws:iam::111122223333:group/admins" },
        [bad('"arn:aws:iam::111122223333:group/admins" is not the ARN of an account, a user, a role or a session.')],
    ],
    ...['role/a"b', "role/a'b", "role//", "role/a/", `role/${"x".repeat(65)}`, "user/a$b"].map(
        (name): (typeof CHECKS)[number] => [
            `a name that IAM does not allow: ${name}`,
            { arn: `arn:aws:iam::111122223333:${name}` },
            [
                bad(
                    `${JSON.stringify(`arn:aws:iam::111122223333:${name}`)} is not the ARN of an account, a user, a role or a session.`,
                ),
            ],
        ],
    ),
    [
        "another partition",
        { arn: "arn:aws-cn:iam::111122223333:role/a" },
        [
            bad(
                '"arn:aws-cn:iam::111122223333:role/a" is in the partition aws-cn, but the identity provider is in aws. Roles cannot be assumed across partitions.',
            ),
        ],
    ],
    ["another account", { arn: OTHER_ROLE }, [EXTERNAL, OTHER]],
    ["another account, with conditions on something else", { arn: OTHER_ROLE, conditions: MFA }, [EXTERNAL, OTHER]],
    ["another account, with an external ID", { arn: OTHER_ROLE, conditions: EXTERNAL_ID }, [OTHER]],
    [
        "another account, with the key in other case, under StringLike",
        { arn: OTHER_ROLE, conditions: { StringLike: { "STS:externalid": ["shared-*"] } } },
        [OTHER],
    ],
    [
        "another account, with any external ID",
        { arn: OTHER_ROLE, conditions: { StringLike: { "sts:ExternalId": ["*"] } } },
        [EXTERNAL, OTHER],
    ],
    [
        "another account, with every external ID but one",
        { arn: OTHER_ROLE, conditions: { StringNotEquals: { "sts:ExternalId": ["x"] } } },
        [EXTERNAL, OTHER],
    ],
    [
        "another account, with an external ID that is not known yet",
        { arn: OTHER_ROLE, conditions: { StringEquals: { "sts:ExternalId": UNKNOWN } } } as never,
        [OTHER],
    ],
    ["another account than one that is not known yet", { arn: OTHER_ROLE }, [OTHER], UNKNOWN],
    ["not known yet", UNKNOWN, []],
    ["an ARN that is not known yet", { arn: UNKNOWN } as never, []],
    [
        "keys of principals",
        { arn: OWN_ROLE, conditions: { ...MFA, StringEquals: { "aws:PrincipalOrgID": ["o-1"] } } },
        [OWN],
    ],
    [
        "a claim",
        { arn: OWN_ROLE, conditions: { StringEquals: { "gitlab.com:sub": [MAIN] } } },
        [
            [
                "condition-key",
                'x[0].conditions["StringEquals"]["gitlab.com:sub"]',
                '"gitlab.com:sub" is a claim of the ID token, which a principal of AWS does not have. The condition would never be met.',
            ],
            OWN,
        ],
    ],
    ...["", " ", "a", "${x}", ":a", "aws:", "sts:ExternalId "].map((name): (typeof CHECKS)[number] => [
        `no condition key: ${JSON.stringify(name)}`,
        { arn: OWN_ROLE, conditions: { StringNotEquals: { [name]: ["x"] } } },
        [["condition-key", `x[0].conditions["StringNotEquals"]["${name}"]`, `"${name}" is not a condition key.`], OWN],
    ]),
    [
        "the tag of a principal, with a space in its name",
        { arn: OWN_ROLE, conditions: { StringEquals: { "aws:PrincipalTag/cost center": ["x"] } } },
        [OWN],
    ],
    [
        "a wildcard that is a character",
        { arn: OWN_ROLE, conditions: { StringEquals: { "aws:username": ["a*"] } } },
        [
            [
                "literal-wildcard",
                'x[0].conditions["StringEquals"]["aws:username"][0]',
                '"a*" has a wildcard, which StringEquals compares as a plain character: no principal matches.',
            ],
            OWN,
        ],
    ],
    [
        "a value of another type",
        { arn: OWN_ROLE, conditions: { Bool: { "aws:MultiFactorAuthPresent": ["yes"] } } },
        [
            [
                "condition-value",
                'x[0].conditions["Bool"]["aws:MultiFactorAuthPresent"][0]',
                '"yes" is not true or false, as Bool requires: no principal matches.',
            ],
            OWN,
        ],
    ],
    [
        "an operator that a missing key meets",
        { arn: OWN_ROLE, conditions: { BoolIfExists: { "aws:MultiFactorAuthPresent": ["true"] } } },
        [
            [
                "if-exists",
                'x[0].conditions["BoolIfExists"]["aws:MultiFactorAuthPresent"]',
                'A request without the key meets "BoolIfExists".',
            ],
            OWN,
        ],
    ],
];

describe("additionalPrincipals, checks", () => {
    for (const [title, principal, said, providerArn = PROVIDER] of CHECKS) {
        it(title, () => {
            const findings = new Findings();
            checkAdditionalPrincipals(
                { providerArn, additionalPrincipals: [principal] as never },
                "https://gitlab.com",
                "x",
                findings,
            );
            expect(saidBy(findings)).to.deep.equal(said);
        });
    }

    it("the account of a new identity provider is compared as soon as it is known", () => {
        const role = { url: "https://gitlab.com", subjects: SUBJECTS, additionalPrincipals: [{ arn: OTHER_ROLE }] };
        const idsWith = (providerArn: unknown): readonly string[] =>
            checkPipelineRole("deploy", { ...role, providerArn }).errors.map(({ id }) => id);
        expect(idsWith(UNKNOWN)).to.deep.equal([]);
        expect(idsWith(PROVIDER)).to.deep.equal(["external-id"]);
    });

    it("principals that leave no room for a subject are the place of the error", () => {
        const additionalPrincipals = Array.from({ length: 100 }, (_, i) => ({ arn: `${OWN_ROLE}-${String(i)}` }));
        expect(() => buildTrustPolicy({ providerArn: PROVIDER, subjects: SUBJECTS, additionalPrincipals })).to.throw(
            InvalidInputsError,
            /^1 problem with the inputs:\n {2}- additionalPrincipals: The trust policy has \d+ characters without white space\. AWS accepts at most 8192\. Use fewer principals, or let them assume another role: they leave no room for a subject\. \[trust-policy-size\]/,
        );
    });

    it("duplicates, each with the place of the first", () => {
        const mfa = { arn: OWN_ROLE, conditions: MFA };
        const additionalPrincipals = [{ arn: OWN_ROLE }, mfa, { ...mfa }, { arn: OWN_ROLE, conditions: {} }, UNKNOWN];
        const { errors } = checkPipelineRole("deploy", {
            providerArn: PROVIDER,
            subjects: SUBJECTS,
            additionalPrincipals,
        });
        expect(errors.map(({ id, path, message, fix }) => [id, path, message, fix])).to.deep.equal([
            [
                "additional-principal",
                "additionalPrincipals[2]",
                `"${OWN_ROLE}" is also listed as additionalPrincipals[1], with the same conditions.`,
                "Keep only one of them.",
            ],
            [
                "additional-principal",
                "additionalPrincipals[3]",
                `"${OWN_ROLE}" is also listed as additionalPrincipals[0], with the same conditions.`,
                "Keep only one of them.",
            ],
        ]);
    });

    it("a principal that is only an ARN gets an example", () => {
        expect(() =>
            buildTrustPolicy({
                providerArn: PROVIDER,
                subjects: SUBJECTS,
                additionalPrincipals: [OWN_ROLE] as never,
            }),
        ).to.throw(
            `additionalPrincipals[0]: is the string "${OWN_ROLE}". Use an object: { arn: "arn:aws:iam::111122223333:role/break-glass" }.`,
        );
    });

    it("the warning can be accepted", () => {
        const { warnings } = checkPipelineRole("deploy", {
            providerArn: PROVIDER,
            subjects: SUBJECTS,
            additionalPrincipals: [{ arn: OWN_ROLE }],
            accept: ["other-principal"],
        });
        expect(warnings).to.deep.equal([]);
    });

    it("a function rejects them too", () => {
        const args = { providerArn: PROVIDER, subjects: SUBJECTS, additionalPrincipals: [{ arn: "*" }] };
        expect(() => buildTrustPolicy(args)).to.throw(InvalidInputsError, "additionalPrincipals[0].arn");
    });
});

/** Inputs, their policy, and its description. */
const POLICIES: readonly (readonly [
    title: string,
    inputs: Omit<GetTrustPolicyArgs, "providerArn" | "subjects">,
    statements: readonly object[],
    words: string,
])[] = [
    [
        "one",
        { additionalPrincipals: [{ arn: OWN_ROLE }] },
        [OF_JOBS, ofPrincipal(OWN_ROLE)],
        `Without a job, ${OWN_ROLE} can assume the role.`,
    ],
    [
        "two in their order, with conditions in that of their names",
        {
            additionalPrincipals: [
                { arn: OTHER_ROLE, conditions: { ...EXTERNAL_ID, ...MFA } },
                { arn: OWN_ROLE, conditions: { StringEquals: { "aws:username": ["b", "a"] } } },
            ],
        },
        [
            OF_JOBS,
            ofPrincipal(OTHER_ROLE, {
                Bool: { "aws:MultiFactorAuthPresent": "true" },
                StringEquals: { "sts:ExternalId": "shared" },
            }),
            ofPrincipal(OWN_ROLE, { StringEquals: { "aws:username": ["a", "b"] } }),
        ],
        `Without a job, ${OTHER_ROLE} can assume the role if aws:MultiFactorAuthPresent is true and sts:ExternalId is shared. Without a job, ${OWN_ROLE} can assume the role if aws:username is a or b.`,
    ],
];

describe("additionalPrincipals, the policy", () => {
    for (const [title, inputs, statements, words] of POLICIES) {
        const json = JSON.stringify(policy(...statements));
        const build = (given: object): string =>
            buildTrustPolicy({ ...(given as GetTrustPolicyArgs), providerArn: PROVIDER }).json;

        it(`${title}: one statement for each, after those of the subjects`, () => {
            expect(JSON.parse(build({ ...inputs, subjects: SUBJECTS }))).to.deep.equal(JSON.parse(json));
        });

        it(`${title}: described and built again, the same bytes`, () => {
            const own = build({ ...inputs, subjects: SUBJECTS });
            const { subjects, additionalPrincipals, description, unexplained } = describeTrustPolicy({
                trustPolicy: own,
            });
            expect(unexplained).to.deep.equal([]);
            expect(description).to.contain(words);
            const jobs = "Jobs of the project mygroup/myproject (ID 4711) on the branch main";
            expect(subjects).to.deep.equal([{ description: jobs, ...SUBJECTS[0] }]);
            expect(build({ subjects: SUBJECTS, additionalPrincipals })).to.equal(own);
        });

        it(`${title}: no error of lint, which lists the statements as not checked`, () => {
            const { findings, unchecked } = lintTrustPolicy({ trustPolicy: json, url: "https://gitlab.com" });
            expect(findings).to.deep.equal([]);
            expect(unchecked.map(({ path }) => path)).to.deep.equal(
                statements.slice(1).map((_, i) => `Statement[${String(i + 1)}]`),
            );
        });

        for (const [branch, allowed] of [
            ["main", true],
            ["feature", false],
        ] as const) {
            it(`${title}: explain allows ${branch} only by its subject`, () => {
                const result = explainTrust({
                    role: { ...inputs, providerArn: PROVIDER, subjects: SUBJECTS },
                    claims: {
                        iss: "https://gitlab.com",
                        aud: "https://gitlab.com",
                        sub: `project_path:mygroup/myproject:ref_type:branch:ref:${branch}`,
                        project_id: "4711",
                    },
                });
                expect(result.allowed).to.equal(allowed);
                expect(result.statements.map(({ applies }) => applies)).to.deep.equal(
                    statements.map((_, i) => allowed && i === 0),
                );
                if (!allowed) {
                    expect(result.cause).to.match(/branch/);
                }
            });
        }
    }
});

/** Statements that are not read back as principals. */
const UNEXPLAINED: readonly (readonly [title: string, statements: readonly object[], reason: string])[] = [
    [
        "two principals in one statement",
        [OF_JOBS, ofPrincipal(OWN_ROLE, undefined, { Principal: { AWS: [OWN_ROLE, OTHER_ROLE] } })],
        "It trusts no identity provider, so it does not apply to ID tokens.",
    ],
    [
        "another action",
        [OF_JOBS, ofPrincipal(OWN_ROLE, undefined, { Action: ["sts:AssumeRole", "sts:TagSession"] })],
        "It trusts no identity provider, so it does not apply to ID tokens.",
    ],
    [
        "every other action",
        [OF_JOBS, { Effect: "Allow", Principal: { AWS: OWN_ROLE }, NotAction: "sts:AssumeRole" }],
        "It trusts no identity provider, so it does not apply to ID tokens.",
    ],
    ["another account without an external ID", [OF_JOBS, ofPrincipal(OTHER_ROLE)], `The conditions ${EXTERNAL[2]}`],
    ["the ID of an account", [OF_JOBS, ofPrincipal("111122223333")], '"111122223333" is the ID of an account.'],
    [
        "beside a Deny",
        [OF_JOBS, ofPrincipal(OWN_ROLE), ofPrincipal(OWN_ROLE, MFA, { Effect: "Deny" })],
        "It trusts no identity provider, so it does not apply to ID tokens.",
    ],
    ["without jobs", [ofPrincipal(OWN_ROLE)], "It trusts no identity provider, so it does not apply to ID tokens."],
];

describe("additionalPrincipals, two statements that are the same", () => {
    it("are one principal", () => {
        const trustPolicy = policy(OF_JOBS, ofPrincipal(OWN_ROLE), ofPrincipal(OWN_ROLE), ofPrincipal(OWN_ROLE, MFA));
        const { additionalPrincipals, unexplained } = describeTrustPolicy({ trustPolicy });
        expect({ additionalPrincipals, unexplained }).to.deep.equal({
            additionalPrincipals: [{ arn: OWN_ROLE }, { arn: OWN_ROLE, conditions: MFA }],
            unexplained: [],
        });
    });
});

describe("additionalPrincipals, statements that stay unexplained", () => {
    for (const [title, statements, reason] of UNEXPLAINED) {
        it(title, () => {
            const result = describeTrustPolicy({ trustPolicy: policy(...statements) });
            expect(result.additionalPrincipals).to.equal(undefined);
            expect(result.unexplained[0]).to.deep.include({ reason, jobs: [] });
        });
    }
});
