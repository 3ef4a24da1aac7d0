import { expect } from "chai";
import { Findings, InvalidInputsError } from "../../../provider/contract/findings";
import type { SubClaimComponent, Subject } from "../../../provider/contract/types";
import { UNKNOWN, type MaybeUnknown } from "../../../provider/contract/unknown";
import { describeTrustPolicy } from "../../../provider/operations/describe-trust-policy";
import { buildTrustPolicy, explainTrust } from "../../../provider/operations/trust";
import { checkSubject } from "../../../provider/trust/subject";
import { trustPolicy } from "../../support/policies";

const GITLAB_COM = "https://gitlab.com";
const OWN = "https://gitlab.example.com";
const PROJECT = { project: "g/p", projectId: "4711" };
const PLAIN = { project: "g/p", branch: "main" };
const DEFAULT: readonly SubClaimComponent[] = ["project_path", "ref_type", "ref"];

type Said = readonly [id: string, path: string, message: string, fix: string];

const BESIDE = "is set in addition to `claims.pipelineSource`, but both define the pipeline source.";
const NO_TAG = "is set for a tag, but a merge request pipeline runs on its source branch, so no job could match.";
const NAME_BRANCH =
    'Name the source branch instead of the tag, such as branch: "feature/*", or remove `mergeRequests`.';
const UNCHECKED: Said = [
    "merge-requests-unchecked",
    "x.mergeRequests",
    'AWS supports the condition key `pipeline_source` only for gitlab.com. For "https://gitlab.example.com" the role also trusts every other pipeline of these branches, such as a push.',
    "Name branches that only merge requests come from, and give the role only what any pipeline of them may do.",
];

const CHECKS: readonly (readonly [
    title: string,
    subject: MaybeUnknown<Subject>,
    url: string | undefined,
    said: readonly Said[],
])[] = [
    ["of a branch", { ...PROJECT, branch: "main", mergeRequests: true }, GITLAB_COM, []],
    [
        "beside a raw sub of a branch",
        { sub: "project_path:g/p:ref_type:branch:ref:main", projectId: "4711", mergeRequests: true },
        GITLAB_COM,
        [],
    ],
    [
        "beside other claims",
        { ...PROJECT, branch: "main", mergeRequests: true, claims: { userAccessLevel: ["maintainer"] } },
        GITLAB_COM,
        [],
    ],
    ["not known yet", { ...PROJECT, branch: "main", mergeRequests: UNKNOWN }, GITLAB_COM, []],
    ["of an instance that is not known yet", { ...PLAIN, mergeRequests: true }, undefined, []],
    [
        "of a tag",
        { ...PROJECT, tag: "v1", refProtected: true, mergeRequests: true },
        GITLAB_COM,
        [["merge-requests", "x.mergeRequests", NO_TAG, NAME_BRANCH]],
    ],
    [
        "of a tag in a raw sub",
        {
            sub: "project_path:g/p:ref_type:tag:ref:v1",
            projectId: "4711",
            refProtected: true,
            mergeRequests: true,
        },
        GITLAB_COM,
        [["merge-requests", "x.mergeRequests", NO_TAG, NAME_BRANCH]],
    ],
    [
        "beside other sources",
        {
            ...PROJECT,
            branch: "main",
            mergeRequests: true,
            claims: { pipelineSource: ["push", "merge_request_event"] },
        },
        GITLAB_COM,
        [
            [
                "merge-requests",
                "x.mergeRequests",
                BESIDE,
                'Keep one of the two. To trust "push" too, remove `mergeRequests` and add "merge_request_event" to `claims.pipelineSource`.',
            ],
        ],
    ],
    [
        "beside the same source",
        { ...PROJECT, branch: "main", mergeRequests: true, claims: { pipelineSource: ["merge_request_event"] } },
        GITLAB_COM,
        [["merge-requests", "x.mergeRequests", BESIDE, "Remove `claims.pipelineSource`."]],
    ],
    [
        "false",
        { ...PROJECT, branch: "main", mergeRequests: false },
        GITLAB_COM,
        [
            [
                "merge-requests",
                "x.mergeRequests",
                "is false, but AWS cannot exclude merge requests: it compares the pipeline source only with values that are listed.",
                'Leave it out, or list the sources to trust: claims: { pipelineSource: ["push", "web", "schedule"] }.',
            ],
        ],
    ],
    [
        "false on another instance",
        { ...PLAIN, mergeRequests: false },
        OWN,
        [
            [
                "merge-requests",
                "x.mergeRequests",
                "is false, but AWS cannot exclude merge requests: it compares the pipeline source only with values that are listed.",
                "Leave it out.",
            ],
        ],
    ],
    ["on another instance", { ...PLAIN, mergeRequests: true }, OWN, [UNCHECKED]],
];

describe("mergeRequests", () => {
    for (const [title, subject, url, said] of CHECKS) {
        it(`${title}: ${said.map(([id]) => id).join(", ") || "nothing to report"}`, () => {
            const findings = new Findings();
            checkSubject(subject, { url, components: DEFAULT }, "x", findings);
            const found = [...findings.errors, ...findings.warnings];
            expect(found.map((f) => [f.id, f.path, f.message, f.fix])).to.deep.equal(said);
        });
    }

    it("is the condition key of gitlab.com", () => {
        const { json } = buildTrustPolicy({
            providerArn: "arn:aws:iam::111122223333:oidc-provider/gitlab.com",
            subjects: [{ ...PROJECT, branch: "feature/*", mergeRequests: true, claims: { userId: ["1"] } }],
        });
        expect(JSON.parse(json)).to.deep.equal(
            trustPolicy({
                StringEquals: {
                    "gitlab.com:aud": "https://gitlab.com",
                    "gitlab.com:pipeline_source": "merge_request_event",
                    "gitlab.com:project_id": "4711",
                    "gitlab.com:user_id": "1",
                },
                StringLike: { "gitlab.com:sub": "project_path:g/p:ref_type:branch:ref:feature/*" },
            }),
        );
    });

    it("adds nothing on another instance, and a subject for the other pipelines is the same one", () => {
        const { json, warnings } = buildTrustPolicy({
            providerArn: "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com",
            gitlabVersion: "19.1",
            subjects: [PLAIN, { ...PLAIN, mergeRequests: true }],
        });
        expect(JSON.parse(json)).to.deep.equal(
            trustPolicy(
                {
                    StringEquals: {
                        "gitlab.example.com:aud": "https://gitlab.example.com",
                        "gitlab.example.com:sub": "project_path:g/p:ref_type:branch:ref:main",
                    },
                },
                "gitlab.example.com",
            ),
        );
        expect(warnings.map(({ id, path }) => [id, path])).to.deep.equal([
            ["merge-requests-unchecked", "subjects[1].mergeRequests"],
        ]);
    });

    it("conflicts with a condition on the same key", () => {
        const conditions = { StringEquals: { "gitlab.com:pipeline_source": ["push"] } };
        expect(() =>
            buildTrustPolicy({
                providerArn: "arn:aws:iam::111122223333:oidc-provider/gitlab.com",
                subjects: [{ ...PROJECT, branch: "main", mergeRequests: true }],
                conditions,
            }),
        )
            .to.throw(InvalidInputsError)
            .with.nested.property("findings[0].id", "condition-conflict");
    });

    for (const url of [GITLAB_COM, OWN]) {
        it(`keeps the round trip of describeTrustPolicy on ${url}`, () => {
            const providerArn = `arn:aws:iam::111122223333:oidc-provider/${url.slice("https://".length)}`;
            const inputs = {
                providerArn,
                subjects: [
                    { project: "g/p", branch: "main" },
                    { project: "g/p", branch: "feature/*", mergeRequests: true },
                ],
            };
            const { json } = buildTrustPolicy(inputs);
            const described = describeTrustPolicy({ trustPolicy: json });
            expect(described.unexplained).to.deep.equal([]);
            const subjects = described.subjects.map(({ description, ...subject }) => {
                expect(description).to.contain("g/p");
                return subject;
            });
            expect(buildTrustPolicy({ providerArn, subjects }).json).to.equal(json);
        });
    }

    it("an explanation of a push to the branch names the pipeline source", () => {
        const role = {
            providerArn: "arn:aws:iam::111122223333:oidc-provider/gitlab.com",
            subjects: [{ ...PROJECT, branch: "main", mergeRequests: true }],
        };
        const claims = {
            iss: GITLAB_COM,
            aud: GITLAB_COM,
            sub: "project_path:g/p:ref_type:branch:ref:main",
            project_id: "4711",
        };
        expect(explainTrust({ role, claims: { ...claims, pipeline_source: "merge_request_event" } }).allowed).to.equal(
            true,
        );
        const { allowed, cause } = explainTrust({ role, claims: { ...claims, pipeline_source: "push" } });
        expect(allowed).to.equal(false);
        expect(cause).to.contain("pipeline_source").and.to.contain("merge_request_event");
    });
});
