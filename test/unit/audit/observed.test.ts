import { expect } from "chai";
import { observeRole, type Observed } from "../../../provider/audit/observed";
import { SeenEvents } from "../../../provider/audit/seen";
import { eventOf } from "../../support/events";

const ROLE = "arn:aws:iam::111122223333:role/ci/deploy";
const PROVIDER = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";

type Values = string | readonly string[];
type Condition = Readonly<Record<string, Readonly<Record<string, Values>>>>;

function statement(condition: Condition, more: object = {}): object {
    return {
        Effect: "Allow",
        Principal: { Federated: PROVIDER },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: condition,
        ...more,
    };
}

function policy(...statements: readonly object[]): { readonly Version: string; readonly Statement: readonly object[] } {
    return { Version: "2012-10-17", Statement: statements };
}

function subOf(project: string, ref: string, type = "branch"): string {
    return `project_path:${project}:ref_type:${type}:ref:${ref}`;
}

type Event = Parameters<typeof eventOf>[0];

/** A call of a job on the branch main. */
function call(project: string, more: Event): Event {
    return { ...more, sub: subOf(project, "main") };
}

function observe(trustPolicy: object, events: readonly (string | Event)[]): Observed {
    const seen = new SeenEvents();
    events.forEach((event) => seen.add(eventOf(typeof event === "string" ? { sub: event } : event)));
    return observeRole(trustPolicy, seen.role(ROLE));
}

const AUD = { "gitlab.com:aud": "https://gitlab.com" };

/** The narrower policy's statements. */
function narrowed(trustPolicy: object, events: readonly (string | Event)[]): unknown {
    const { narrower } = observe(trustPolicy, events);
    return narrower.policy === undefined
        ? narrower.reason
        : (JSON.parse(narrower.policy) as { Statement: unknown }).Statement;
}

describe("The calls for a role", () => {
    const observed = observe(
        policy(
            statement({
                StringEquals: AUD,
                StringLike: { "gitlab.com:sub": [subOf("acme/*", "main"), subOf("acme/app", "v*", "tag")] },
            }),
        ),
        [
            subOf("acme/app", "main"),
            call("acme/app", { time: "2026-11-20T00:00:00Z", region: "us-east-1", address: "203.0.113.9" }),
            call("other/app", { errorCode: "AccessDenied", time: "2026-11-04T00:00:00Z" }),
            call("old/app", { time: "2026-10-01T00:00:00Z" }),
        ],
    );

    it("have the evidence: its period and its regions", () => {
        expect(observed.evidence).to.deep.equal({
            count: 4,
            first: "2026-10-01T00:00:00Z",
            last: "2026-11-20T00:00:00Z",
            regions: ["eu-central-1", "us-east-1"],
            omitted: 0,
        });
    });

    it("have the subjects that AWS allowed, and whether the policy allows them today", () => {
        expect(
            observed.allowed.map((s) => ({
                description: s.description,
                sub: s.sub,
                allowed: s.allowed,
                addresses: s.addresses,
                now: s.now,
            })),
        ).to.deep.equal([
            {
                description: "Jobs of the project acme/app on the branch main",
                sub: "project_path:acme/app:ref_type:branch:ref:main",
                allowed: { count: 2, first: "2026-11-02T08:30:00Z", last: "2026-11-20T00:00:00Z" },
                addresses: ["203.0.113.7", "203.0.113.9"],
                now: "allowed",
            },
            {
                description: "Jobs of the project old/app on the branch main",
                sub: "project_path:old/app:ref_type:branch:ref:main",
                allowed: { count: 1, first: "2026-10-01T00:00:00Z", last: "2026-10-01T00:00:00Z" },
                addresses: ["203.0.113.7"],
                now: "denied",
            },
        ]);
    });

    it("have the subjects that AWS denied, and the reason", () => {
        const [denied, ...more] = observed.denied;
        expect(more).to.deep.equal([]);
        expect(denied!.sub).to.equal("project_path:other/app:ref_type:branch:ref:main");
        expect(denied!.denied.count).to.equal(1);
        expect(denied!.explanation.verdict).to.equal("denied");
        expect(denied!.explanation.cause).to.contain('"other/app"');
    });

    it("have the values of the policy that no call matches", () => {
        expect(observed.unused).to.deep.equal([
            {
                path: 'Statement[0].Condition["StringLike"]["gitlab.com:sub"][1]',
                sub: "project_path:acme/app:ref_type:tag:ref:v*",
                description: "Jobs of the project acme/app on tags that match v*",
            },
        ]);
    });

    it("have a narrower policy, with the claim that the evidence supports and its limits", () => {
        const { inputs, ...narrower } = observed.narrower as Observed["narrower"] & { readonly policy: string };
        expect(inputs).to.deep.equal({
            description:
                "The role trusts jobs of https://gitlab.com. The audience of the ID token must be https://gitlab.com.",
            providerArn: "arn:aws:iam::111122223333:oidc-provider/gitlab.com",
            url: "https://gitlab.com",
            audiences: ["https://gitlab.com"],
            subjects: [
                {
                    description: "Jobs of the project acme/app on the branch main",
                    project: "acme/app",
                    branch: "main",
                },
            ],
            notes: [],
            unexplained: [],
        });
        expect(narrower).to.deep.equal({
            policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/gitlab.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"gitlab.com:aud":"https://gitlab.com","gitlab.com:sub":"project_path:acme/app:ref_type:branch:ref:main"}}}]}',
            size: 312,
            changes: [{ path: "Statement[0]", change: "narrowed" }],
            summary:
                "Of the calls in the events from 2026-10-01T00:00:00Z to 2026-11-20T00:00:00Z in eu-central-1, us-east-1, this policy denies none that the current policy allows. The current policy already denies 1 call that AWS allowed. Jobs that ran at other times or in other regions are not included.",
        });
    });

    it("are none without events", () => {
        const trust = policy(statement({ StringEquals: { ...AUD, "gitlab.com:sub": subOf("acme/app", "main") } }));
        expect(observeRole(trust, undefined)).to.deep.equal({
            evidence: { count: 0, regions: [], omitted: 0 },
            allowed: [],
            denied: [],
            unused: [
                {
                    path: 'Statement[0].Condition["StringEquals"]["gitlab.com:sub"]',
                    sub: "project_path:acme/app:ref_type:branch:ref:main",
                    description: "Jobs of the project acme/app on the branch main",
                },
            ],
            narrower: { reason: "The events have no subject that the trust policy allows." },
        });
    });

    it("cannot be compared with a policy that cannot be read", () => {
        const { allowed, denied, narrower } = observe({ Statement: [{ Effect: "Maybe" }] }, [
            subOf("acme/app", "main"),
            { errorCode: "AccessDenied" },
        ]);
        expect(allowed.map((s) => s.now)).to.deep.equal(["unknown"]);
        expect(denied.map((s) => s.explanation.verdict)).to.deep.equal(["unknown"]);
        expect(narrower).to.deep.equal({ reason: "The trust policy cannot be read." });
    });
});

describe("A narrower policy", () => {
    const group = { StringEquals: AUD, StringLike: { "gitlab.com:sub": subOf("acme/*", "*") } };
    const refs = (count: number, project = "acme/app"): readonly string[] =>
        Array.from({ length: count }, (_, i) => subOf(project, `feature/${String(i)}`));

    it("lists each seen subject exactly", () => {
        expect(narrowed(policy(statement(group)), [subOf("acme/b", "main"), subOf("acme/a", "main")])).to.deep.equal([
            statement({
                StringEquals: {
                    "gitlab.com:aud": "https://gitlab.com",
                    "gitlab.com:sub": [
                        "project_path:acme/a:ref_type:branch:ref:main",
                        "project_path:acme/b:ref_type:branch:ref:main",
                    ],
                },
            }),
        ]);
    });

    it("lists up to 10 refs of a project", () => {
        const [only] = narrowed(policy(statement(group)), refs(10)) as { Condition: Condition }[];
        expect(only!.Condition["StringEquals"]!["gitlab.com:sub"]).to.deep.equal([
            "project_path:acme/app:ref_type:branch:ref:feature/0",
            "project_path:acme/app:ref_type:branch:ref:feature/1",
            "project_path:acme/app:ref_type:branch:ref:feature/2",
            "project_path:acme/app:ref_type:branch:ref:feature/3",
            "project_path:acme/app:ref_type:branch:ref:feature/4",
            "project_path:acme/app:ref_type:branch:ref:feature/5",
            "project_path:acme/app:ref_type:branch:ref:feature/6",
            "project_path:acme/app:ref_type:branch:ref:feature/7",
            "project_path:acme/app:ref_type:branch:ref:feature/8",
            "project_path:acme/app:ref_type:branch:ref:feature/9",
        ]);
    });

    it("has the policy's pattern for more than 10 refs of a project, with that project", () => {
        expect(narrowed(policy(statement(group)), [...refs(11), subOf("acme/other", "main")])).to.deep.equal([
            statement({
                StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
                StringLike: {
                    "gitlab.com:sub": [
                        "project_path:acme/app:ref_type:branch:ref:*",
                        "project_path:acme/other:ref_type:branch:ref:main",
                    ],
                },
            }),
        ]);
    });

    it("lists every project that a pattern for paths matched", () => {
        const subs = Array.from({ length: 30 }, (_, i) => subOf(`acme/p${String(i)}`, "main"));
        const [only] = narrowed(
            policy(statement({ StringEquals: AUD, StringLike: { "gitlab.com:sub": subOf("acme/*", "main") } })),
            subs,
        ) as { Condition: Condition }[];
        expect(only!.Condition["StringEquals"]!["gitlab.com:sub"]).to.deep.equal([...subs].sort());
    });

    it("keeps a pattern of another shape as it is, if more than 10 refs matched", () => {
        const open = statement({ StringLike: { ...AUD, "gitlab.com:sub": "project_path:acme/app:*" } });
        expect(narrowed(policy(open), refs(11))).to.deep.equal([open]);
    });

    it("uses the longest of the patterns that match", () => {
        const trust = statement({
            StringEquals: AUD,
            StringLike: { "gitlab.com:sub": [subOf("acme/*", "*"), subOf("acme/app", "feature/*")] },
        });
        expect(narrowed(policy(trust), refs(11))).to.deep.equal([
            statement({
                StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
                StringLike: { "gitlab.com:sub": "project_path:acme/app:ref_type:branch:ref:feature/*" },
            }),
        ]);
    });

    it("lists every ref if the policy has several conditions on the sub claim, which no pattern is sure to meet", () => {
        const trust = statement({
            StringLike: { ...AUD, "gitlab.com:sub": subOf("acme/app", "*") },
            "ForAnyValue:StringLike": { "gitlab.com:sub": subOf("*", "feature/*") },
        });
        expect(narrowed(policy(trust), [...refs(12), subOf("acme/app", "main")])).to.deep.equal([
            statement({
                StringLike: { "gitlab.com:aud": "https://gitlab.com" },
                StringEquals: { "gitlab.com:sub": [...refs(12)].sort() },
            }),
        ]);
    });

    it("keeps conditions on other claims and keys, and excluded components of a pattern", () => {
        const others = {
            StringNotLike: { "gitlab.com:sub": "*:deployment_tier:*" },
            IpAddress: { "aws:SourceIp": "203.0.113.0/24" },
        };
        const trust = statement({
            StringEquals: { ...AUD, "gitlab.com:ref_protected": "true" },
            StringLike: { "gitlab.com:sub": subOf("acme/*", "*") },
            ...others,
        });
        expect(narrowed(policy(trust), refs(11))).to.deep.equal([
            statement({
                StringEquals: { "gitlab.com:aud": "https://gitlab.com", "gitlab.com:ref_protected": "true" },
                StringLike: { "gitlab.com:sub": "project_path:acme/app:ref_type:branch:ref:*" },
                ...others,
            }),
        ]);
        expect(narrowed(policy(trust), [subOf("acme/app", "main")])).to.deep.equal([
            statement({
                StringEquals: {
                    "gitlab.com:aud": "https://gitlab.com",
                    "gitlab.com:sub": "project_path:acme/app:ref_type:branch:ref:main",
                    "gitlab.com:ref_protected": "true",
                },
                IpAddress: { "aws:SourceIp": "203.0.113.0/24" },
            }),
        ]);
    });

    it("has a list if the policy has no condition on the sub claim", () => {
        expect(narrowed(policy(statement({ StringEquals: AUD })), [subOf("acme/app", "main")])).to.deep.equal([
            statement({
                StringEquals: {
                    "gitlab.com:aud": "https://gitlab.com",
                    "gitlab.com:sub": "project_path:acme/app:ref_type:branch:ref:main",
                },
            }),
        ]);
    });

    it("removes statements without any seen subject, and keeps those about anything else", () => {
        const ec2 = { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" };
        const github = statement(
            { StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } },
            { Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" } },
        );
        const tags = statement(
            { StringLike: { "gitlab.com:sub": "project_path:acme/*" } },
            { Action: "sts:TagSession" },
        );
        const deny = statement({ StringLike: { "gitlab.com:sub": subOf("acme/evil", "*") } }, { Effect: "Deny" });
        const main = statement({ StringEquals: { ...AUD, "gitlab.com:sub": subOf("acme/app", "main") } });
        const never = statement({ StringEquals: { ...AUD, "gitlab.com:sub": subOf("acme/never", "main") } });
        const trust = policy(ec2, github, never, main, tags, deny);
        const { narrower } = observe(trust, [subOf("acme/app", "main")]);
        expect(JSON.parse(narrower.policy!)).to.deep.equal(policy(ec2, github, main, tags, deny));
        expect(narrower).to.have.deep.property("changes", [
            { path: "Statement[2]", change: "removed" },
            { path: "Statement[3]", change: "same" },
        ]);
    });

    it("lists a subject in each statement that may have allowed it", () => {
        const [a, b] = ["4711", "4712"].map((id) => ({
            StringEquals: { ...AUD, "gitlab.com:project_id": id },
            StringLike: { "gitlab.com:sub": subOf("acme/*", "main") },
        }));
        const listed = (id: string): object =>
            statement({
                StringEquals: {
                    "gitlab.com:aud": "https://gitlab.com",
                    "gitlab.com:sub": "project_path:acme/app:ref_type:branch:ref:main",
                    "gitlab.com:project_id": id,
                },
            });
        expect(narrowed(policy(statement(a!), statement(b!)), [subOf("acme/app", "main")])).to.deep.equal([
            listed("4711"),
            listed("4712"),
        ]);
    });

    it("escapes what a policy would not read as it is", () => {
        const subs = [subOf("acme/app", "${x}"), subOf("acme/app", "$y"), ...refs(11)];
        const trust = statement({
            StringLike: { ...AUD, "gitlab.com:sub": [subOf("acme/app", "feature/*"), subOf("acme/app", "$*")] },
        });
        const [only] = narrowed(policy(trust), subs) as { Condition: Condition }[];
        expect(only!.Condition["StringLike"]!["gitlab.com:sub"]).to.deep.equal([
            "project_path:acme/app:ref_type:branch:ref:$y",
            "project_path:acme/app:ref_type:branch:ref:${$}{x}",
            "project_path:acme/app:ref_type:branch:ref:feature/*",
        ]);
        const old = { Version: "2008-10-17", Statement: trust };
        expect(
            (narrowed(old, subs) as { Condition: Condition }).Condition["StringLike"]!["gitlab.com:sub"],
        ).to.deep.equal([
            "project_path:acme/app:ref_type:branch:ref:$y",
            "project_path:acme/app:ref_type:branch:ref:${x}",
            "project_path:acme/app:ref_type:branch:ref:feature/*",
        ]);
    });

    it("keeps the pattern if the version of the policy has no escape for a wildcard in the claim", () => {
        const pattern = "project_path:acme/*:ref_type:branch:ref:*";
        const trust = statement({ StringLike: { ...AUD, "gitlab.com:sub": [pattern, subOf("acme/a", "main")] } });
        const valuesOf = (Version: string): unknown =>
            (
                narrowed({ Version, Statement: trust }, [subOf("acme/a?b", "main"), subOf("acme/a?b", "ветка")]) as {
                    Condition: Condition;
                }
            ).Condition["StringLike"]!["gitlab.com:sub"];
        expect(valuesOf("2012-10-17")).to.equal("project_path:acme/a${?}b:ref_type:branch:ref:*");
        expect(valuesOf("2008-10-17")).to.equal(pattern);
    });

    it("keeps the pattern for a ref that IAM cannot store", () => {
        expect(
            narrowed(policy(statement(group)), [subOf("acme/app", "ветка"), subOf("acme/app", "main")]),
        ).to.deep.equal([
            statement({
                StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
                StringLike: { "gitlab.com:sub": "project_path:acme/app:ref_type:branch:ref:*" },
            }),
        ]);
    });

    it("keeps a single statement without its brackets", () => {
        const trust = { Version: "2012-10-17", Id: "x", Statement: statement(group, { Sid: "jobs" }) };
        expect(JSON.parse(observe(trust, [subOf("acme/app", "main")]).narrower.policy!)).to.deep.equal({
            Version: "2012-10-17",
            Id: "x",
            Statement: statement(
                {
                    StringEquals: {
                        "gitlab.com:aud": "https://gitlab.com",
                        "gitlab.com:sub": "project_path:acme/app:ref_type:branch:ref:main",
                    },
                },
                { Sid: "jobs" },
            ),
        });
    });

    it("has a note if it is larger than the default quota", () => {
        const subs = Array.from({ length: 40 }, (_, i) => subOf(`acme/p${String(i)}`, "main"));
        const { narrower } = observe(policy(statement(group)), subs);
        expect(narrower).to.have.property("size").greaterThan(2048);
        expect(narrower)
            .to.have.property("summary")
            .match(/ The policy has \d+ characters\. The default quota is 2048\.$/);
    });

    it("has no inputs if it is larger than AWS stores", () => {
        const subs = Array.from({ length: 200 }, (_, i) => subOf(`acme/p${String(i)}`, "main"));
        const { narrower } = observe(policy(statement(group)), subs);
        expect(narrower).to.have.property("size").greaterThan(8192);
        expect(narrower)
            .to.have.property("summary")
            .match(/ The policy has \d+ characters\. AWS stores up to 8192, so the subjects need several roles\.$/);
        expect(narrower).not.to.have.property("inputs");
    });

    it("has conditions on other claims in its inputs too", () => {
        const trust = statement({
            StringEquals: { ...AUD, "gitlab.com:project_id": "4711", "gitlab.com:ref_protected": "true" },
            StringLike: { "gitlab.com:sub": subOf("acme/app", "*") },
        });
        const { narrower } = observe(policy(trust), [subOf("acme/app", "main"), subOf("acme/app", "v1")]);
        expect(narrower.policy === undefined ? [] : narrower.inputs!.subjects).to.deep.equal([
            {
                description: "Jobs of the project acme/app (ID 4711) on the branch main, protected refs only",
                project: "acme/app",
                branch: "main",
                projectId: "4711",
                refProtected: true,
            },
            {
                description: "Jobs of the project acme/app (ID 4711) on the branch v1, protected refs only",
                project: "acme/app",
                branch: "v1",
                projectId: "4711",
                refProtected: true,
            },
        ]);
    });

    describe("leaves a statement as it is", () => {
        const rows: readonly (readonly [name: string, trust: object, events: readonly string[], reason: string])[] = [
            [
                "that trusts others too",
                statement(group, {
                    Principal: { Federated: [PROVIDER, PROVIDER.replace("gitlab.com", "gitlab.org")] },
                }),
                [subOf("acme/app", "main")],
                "It trusts more than a single identity provider.",
            ],
            [
                "that trusts everybody",
                statement(group, { Principal: "*" }),
                [subOf("acme/app", "main")],
                "It trusts more than a single identity provider.",
            ],
            [
                "with a policy variable",
                statement({ StringLike: { ...AUD, "gitlab.com:sub": "project_path:${gitlab.com:user_login}/*" } }),
                [subOf("acme/app", "main")],
                "It compares the sub claim with a policy variable.",
            ],
            [
                "that has no pattern for a ref that IAM cannot store",
                statement({ StringEquals: AUD }),
                [subOf("acme/app", "ветка")],
                "IAM cannot store one of the seen sub claims exactly, and the statement has no single pattern for it.",
            ],
        ];
        for (const [name, trust, events, reason] of rows) {
            it(name, () => {
                const { narrower } = observe(policy(trust), events);
                expect(JSON.parse(narrower.policy!)).to.deep.equal(policy(trust));
                expect(narrower).to.have.deep.property("changes", [
                    { path: "Statement[0]", change: "unchanged", reason },
                ]);
            });
        }
    });

    describe("is not offered", () => {
        const trust = policy(statement(group));
        it("if the policy allows none of the seen subjects", () => {
            expect(narrowed(trust, [subOf("other/app", "main")])).to.equal(
                "The events have no subject that the trust policy allows.",
            );
        });
        it("if an allowed call has no sub claim in its event", () => {
            const seen = new SeenEvents();
            seen.add({ ...eventOf({}), userIdentity: { type: "WebIdentityUser", identityProvider: PROVIDER } });
            expect(observeRole(trust, seen.role(ROLE)).narrower).to.deep.equal({
                reason: "The events of 1 call that AWS allowed have no sub claim or no identity provider.",
            });
        });
        it("if there were too many subjects to keep", () => {
            const seen = new SeenEvents({ capacity: 5_000 });
            refs(100).forEach((ref) => seen.add(eventOf({ sub: ref })));
            expect(observeRole(trust, seen.role(ROLE)).unused).to.equal("unknown");
            expect(observeRole(trust, seen.role(ROLE)).narrower.reason).to.match(
                /^There are too many subjects: those of 9\d calls were not kept\.$/,
            );
        });
    });
});
