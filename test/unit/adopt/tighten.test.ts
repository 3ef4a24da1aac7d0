import { expect } from "chai";
import { type Adoption, adoptFacts } from "../../../provider/adopt/adopt";
import { joinFacts } from "../../../provider/audit/account-facts";
import { readDocument } from "../../../provider/audit/documents";
import { SeenEvents } from "../../../provider/audit/seen";
import { eventOf } from "../../support/events";
import { policy, statement } from "../../support/policies";

const ACCOUNT = "111122223333";
const ARN = `arn:aws:iam::${ACCOUNT}:role/ci/deploy`;
const URL = "https://gitlab.com";
const PERIOD = { from: "2026-10-01T00:00:00Z", to: "2026-12-31T23:59:59Z" };
const branch = (name: string, project = "acme/app"): string => `project_path:${project}:ref_type:branch:ref:${name}`;
const AUD = { "gitlab.com:aud": URL };

const ROLE = { Path: "/ci/", RoleName: "deploy", Arn: ARN };
const listed = (trustPolicy: object): object => ({
    Roles: [{ ...ROLE, AssumeRolePolicyDocument: trustPolicy, MaxSessionDuration: 3600 }],
});

/** The adoption of an account with one role, narrowed to the jobs of the events if there are any. */
function tightened(
    trustPolicy: object,
    events: readonly Parameters<typeof eventOf>[0][] | undefined,
    options: { readonly capacity?: number; readonly list?: object } = {},
): Adoption {
    const { list = listed(trustPolicy), ...limits } = options;
    const role = { ...ROLE, AssumeRolePolicyDocument: trustPolicy };
    const documents = [
        { RoleDetailList: [{ ...role, RolePolicyList: [], AttachedManagedPolicies: [], Tags: [] }] },
        list,
        { Url: "gitlab.com", ClientIDList: [URL], ThumbprintList: [], Tags: [] },
    ];
    const seen = new SeenEvents({ period: PERIOD, ...limits });
    events?.forEach((event) => seen.add(eventOf(event)));
    const facts = documents.map((content, i) => {
        const read = readDocument({ name: String(i), content }, () => undefined);
        return "fault" in read ? expect.fail(read.fault) : read;
    });
    return adoptFacts(joinFacts(facts), [], events && { seen, period: PERIOD }).accounts[0]!;
}

const subjectsOf = ({ components }: Adoption): unknown => components[0]?.roles["deploy"]?.subjects;

const ANY_BRANCH = statement({
    StringEquals: AUD,
    StringLike: { "gitlab.com:sub": "project_path:acme/*:ref_type:branch:ref:*" },
});
const GROUP = policy(ANY_BRANCH);
const MAIN = policy(statement({ StringEquals: { ...AUD, "gitlab.com:sub": branch("main") } }));
const OPEN = policy(statement({ StringEquals: AUD }));

describe("adopt: roles that are narrowed to the jobs of the events", () => {
    it("list the sub claims that used them, and both trust policies are shown", () => {
        const adoption = tightened(GROUP, [
            { sub: branch("main"), time: "2026-11-02T08:30:00Z" },
            { sub: branch("dev", "acme/api"), time: "2026-11-05T08:30:00Z" },
            { sub: branch("other", "strangers/app"), errorCode: "AccessDenied" },
        ]);
        expect(adoption.left).to.deep.equal([]);
        expect(subjectsOf(adoption)).to.deep.equal([
            { project: "acme/api", branch: "dev" },
            { project: "acme/app", branch: "main" },
        ]);
        expect(adoption.narrowing).to.deep.equal({
            period: PERIOD,
            kept: [],
            narrowed: [
                {
                    arn: ARN,
                    summary:
                        "Of the calls in the events from 2026-10-01T00:00:00Z to 2026-12-31T23:59:59Z in eu-central-1, this policy denies none that the current policy allows. Jobs that ran at other times or in other regions are not included.",
                    before: GROUP,
                    after: policy(
                        statement({
                            StringEquals: { ...AUD, "gitlab.com:sub": [branch("dev", "acme/api"), branch("main")] },
                        }),
                    ),
                },
            ],
        });
    });

    it("are taken over even if they are open to every job now", () => {
        const adoption = tightened(OPEN, [{ sub: branch("main") }]);
        expect(adoption.left).to.deep.equal([]);
        expect(subjectsOf(adoption)).to.deep.equal([{ project: "acme/app", branch: "main" }]);
        expect(adoption.narrowing!.narrowed.map(({ after }) => after)).to.deep.equal([MAIN]);
    });

    it("keep the pattern for the ref of a project with many refs", () => {
        const refs = Array.from({ length: 11 }, (_, i) => ({ sub: branch(`feature-${String(i)}`) }));
        expect(subjectsOf(tightened(GROUP, refs))).to.deep.equal([{ project: "acme/app", branch: "*" }]);
    });

    it("lose the statements that no job used", () => {
        const two = policy(
            statement({ StringEquals: { ...AUD, "gitlab.com:sub": branch("main") } }),
            statement({ StringEquals: { ...AUD, "gitlab.com:sub": branch("old") } }),
        );
        expect(subjectsOf(tightened(two, [{ sub: branch("main") }]))).to.deep.equal([
            { project: "acme/app", branch: "main" },
        ]);
    });
});

describe("adopt: roles that are not narrowed", () => {
    const SUBJECTS = [{ group: "acme", branch: "*" }];
    const projects = Array.from({ length: 60 }, (_, i) => ({ sub: branch("main", `acme/a-project-${String(i)}`) }));
    const rows: readonly (readonly [
        what: string,
        trustPolicy: object,
        events: Parameters<typeof tightened>[1],
        reason: string,
        subjects: unknown,
    ])[] = [
        [
            "no event",
            GROUP,
            [{ roleArn: `arn:aws:iam::${ACCOUNT}:role/other` }],
            "The events from 2026-10-01T00:00:00Z to 2026-12-31T23:59:59Z have no call for it.",
            SUBJECTS,
        ],
        [
            "only events outside of the period",
            GROUP,
            [{ time: "2026-09-30T23:59:59Z" }],
            "The events from 2026-10-01T00:00:00Z to 2026-12-31T23:59:59Z have no call for it.",
            SUBJECTS,
        ],
        [
            "only calls that AWS denied",
            GROUP,
            [{ sub: branch("main"), errorCode: "AccessDenied" }],
            "The events have no subject that the trust policy allows.",
            SUBJECTS,
        ],
        [
            "every value is in use",
            MAIN,
            [{ sub: branch("main") }],
            "Its trust policy lists only what the jobs of the events used.",
            [{ project: "acme/app", branch: "main" }],
        ],
        [
            "a narrower policy over the quota",
            GROUP,
            projects,
            "The narrower trust policy has … characters, more than the present one and than the quota of 2048.",
            SUBJECTS,
        ],
        [
            "a narrower policy that the inputs do not express",
            policy(ANY_BRANCH, { Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }),
            [{ sub: branch("main") }],
            "The inputs of this package do not express the narrower trust policy. Statement[1].Principal: It trusts everybody, with or without an ID token.",
            undefined,
        ],
        [
            "a policy that nothing can narrow",
            policy(statement({ StringEquals: AUD }, { Principal: "*" })),
            [{ sub: branch("main") }],
            "It trusts more than a single identity provider.",
            undefined,
        ],
    ];
    for (const [what, trustPolicy, events, reason, subjects] of rows) {
        it(`${what}: the trust policy stays as it is, with the reason`, () => {
            const adoption = tightened(trustPolicy, events);
            expect(adoption.narrowing!.narrowed).to.deep.equal([]);
            expect(adoption.narrowing!.kept.map(({ arn }) => arn)).to.deep.equal([ARN]);
            expect(adoption.narrowing!.kept[0]!.reason.replace(/\d+ char/, "… char").trim()).to.equal(reason);
            expect(subjectsOf(adoption)).to.deep.equal(subjects);
            expect(adoption.left).to.have.length(subjects === undefined ? 1 : 0);
        });
    }

    it("too many events: the trust policy stays as it is", () => {
        const adoption = tightened(GROUP, [{ sub: branch("main") }], { capacity: 1 });
        expect(subjectsOf(adoption)).to.deep.equal(SUBJECTS);
        expect(adoption.narrowing!.kept).to.deep.equal([
            { arn: ARN, reason: "There are too many events: those of this role were not kept." },
        ]);
    });

    it("a role of which a fact is missing is only asked for", () => {
        const adoption = tightened(GROUP, [{ sub: branch("main") }], { list: { OpenIDConnectProviderList: [] } });
        expect(adoption.incomplete.map(({ arn }) => arn)).to.deep.equal([ARN]);
        expect(adoption.narrowing).to.deep.equal({ period: PERIOD, narrowed: [], kept: [] });
    });

    it("without events, the result has nothing about them", () => {
        expect(tightened(GROUP, undefined)).not.to.have.property("narrowing");
    });
});
