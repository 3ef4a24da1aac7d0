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
import { GITLAB_COM, LINTED, MAIN, RIGHT, SELF_MANAGED, sub } from "../../support/linted-policies";
import { policy, statement } from "../../support/policies";
import { RIGHT_IN_PUBLIC, WRONG_IN_PUBLIC } from "../../support/published-policies";

function lint(inputs: LintTrustPolicyArgs): readonly Finding[] {
    return lintTrustPolicy(inputs).findings;
}

function idsOf(findings: readonly Finding[]): string[] {
    return [...new Set(findings.map(({ id }) => id))].sort();
}

function errorsOf(findings: readonly Finding[]): string[] {
    return idsOf(findings.filter(({ severity }) => severity === "error"));
}

describe("lintTrustPolicy, rule by rule", () => {
    for (const [id, rows] of Object.entries(LINTED)) {
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
        for (const [id, rows] of Object.entries(LINTED).slice(1)) {
            for (const { findings } of rows) {
                expect(findings.map((f) => f.split(" ")[0])).to.include(id);
            }
        }
    });

    it("gives fixes in the words of a policy, not of this package's inputs", () => {
        const OF_INPUTS =
            /projectId|refProtected|userId|environmentProtected|deploymentTier|subClaimComponents|subject|\b(?:project|group|branch|tag): "(?!project_path:)/;
        for (const { policy, inputs } of Object.values(LINTED).flat()) {
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
                    expect(LINTED, "a rule without a row above").to.have.property(id);
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

describe("lintTrustPolicy, wrong policies in public", () => {
    for (const { source, what, policy, errors } of WRONG_IN_PUBLIC) {
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
