import { expect } from "chai";
import { adoptFacts } from "../../../provider/adopt/adopt";
import type { AdoptableRole, LeftRole } from "../../../provider/adopt/adopted-role";
import { joinFacts } from "../../../provider/audit/account-facts";
import { readDocument } from "../../../provider/audit/documents";
import { SeenEvents } from "../../../provider/audit/seen";
import { parseTrustPolicy } from "../../../provider/trust/document";
import { evaluate } from "../../../provider/trust/evaluate";
import { compileTrustPolicy } from "../../../provider/trust/policy";
import { trustPolicyIn } from "../../../provider/trust/role-output";
import { allows } from "../../../tools/fuzz/oracle";
import { Random } from "../../../tools/fuzz/random";
import { eventOf } from "../../support/events";
import { LINTED } from "../../support/linted-policies";
import { RIGHT_IN_PUBLIC, WRONG_IN_PUBLIC } from "../../support/published-policies";

const ACCOUNT = "111122223333";
const ISSUERS = ["gitlab.com", "gitlab.example.com"] as const;
const TOKENS = 10_000;
/** The audiences of each identity provider, besides its URL. */
const OTHER_AUDIENCES = ["sts.amazonaws.com"];

const audiencesOf = (issuer: string): readonly string[] => [`https://${issuer}`, ...OTHER_AUDIENCES];
const providerArn = (issuer: string): string => `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}`;

const PERIOD = { from: "2026-11-01T00:00:00Z", to: "2026-11-30T23:59:59Z" };
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/role`;

interface Adopted {
    readonly compiled: object;
    /** Whether the policy is narrowed to the jobs of the events. */
    readonly isNarrowed: boolean;
}

/** The trust policy of the program for a role, or the reasons why the role is left as it is; none if no job can assume it. */
function adopted(trustPolicy: unknown, events?: readonly object[]): Adopted | Pick<LeftRole, "reasons"> {
    const role = {
        Path: "/",
        RoleName: "role",
        Arn: ROLE_ARN,
        AssumeRolePolicyDocument: trustPolicy,
    };
    const documents = [
        { RoleDetailList: [{ ...role, RolePolicyList: [], AttachedManagedPolicies: [], Tags: [] }] },
        { Roles: [{ ...role, MaxSessionDuration: 3600 }] },
        ...ISSUERS.map((issuer) => ({ Url: issuer, ClientIDList: audiencesOf(issuer), Tags: [] })),
    ];
    const facts = documents.map((content, i) => {
        const read = readDocument({ name: String(i), content }, () => undefined);
        return "fault" in read ? expect.fail(read.fault) : read;
    });
    const seen = new SeenEvents({ period: PERIOD });
    events?.forEach((event) => seen.add(event));
    const [account] = adoptFacts(
        joinFacts(facts),
        ISSUERS.map((issuer) => `https://${issuer}`),
        events && { seen, period: PERIOD },
    ).accounts;
    const { components, incomplete, left, narrowing } = account!;
    expect(incomplete).to.deep.equal([]);
    if (left.length > 0) {
        return left[0]!;
    }
    const component = components.find(({ type }) => type === "GitLabOidc");
    if (component === undefined) {
        return { reasons: [] };
    }
    const { url, audiences, roles } = component;
    const { subjects, conditions, subClaimComponents, additionalPrincipals } = roles["role"] as AdoptableRole["inputs"];
    const text = compileTrustPolicy({
        providerArn: providerArn(url.slice("https://".length)),
        url,
        audiences,
        subjects,
        ...(conditions !== undefined && { conditions }),
        ...(subClaimComponents !== undefined && { subClaimComponents }),
        ...(additionalPrincipals !== undefined && { additionalPrincipals }),
    });
    return { compiled: JSON.parse(text) as object, isNarrowed: narrowing?.narrowed.length === 1 };
}

/** The values of each claim that the conditions of a policy name. */
function claimValues(trustPolicy: object, issuer: string): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, readonly string[]>();
    for (const { conditions } of parseTrustPolicy(trustPolicy).statements) {
        for (const { key, values } of conditions.filter(({ key }) => key.startsWith(`${issuer}:`))) {
            const claim = key.slice(issuer.length + 1);
            found.set(claim, [...(found.get(claim) ?? []), ...values]);
        }
    }
    return found;
}

const OTHER_VALUES: Readonly<Record<string, readonly string[]>> = {
    aud: ["https://gitlab.com", "https://gitlab.example.com", "sts.amazonaws.com", "vault", ""],
    project_id: ["20", "4711", "21"],
    namespace_id: ["72", "73"],
    ref_protected: ["true", "false"],
    pipeline_source: ["push", "web", "schedule"],
};

/** Random tokens of which many meet the conditions of the policy, and many nearly. */
class Tokens {
    private readonly values: ReadonlyMap<string, readonly string[]>;

    constructor(
        trustPolicy: object,
        private readonly issuer: string,
        private readonly random: Random,
    ) {
        this.values = claimValues(trustPolicy, issuer);
    }

    next(): Readonly<Record<string, string>> {
        const { random, values } = this;
        const others = Object.entries(OTHER_VALUES).flatMap(([claim, some]): readonly (readonly [string, string])[] => {
            const own = values.get(claim) ?? (claim === "aud" ? audiencesOf(this.issuer) : undefined);
            const isThere = claim === "aud" || random.chance(own === undefined ? 15 : 90);
            return isThere ? [[claim, random.pick(own !== undefined && random.chance(80) ? own : some)]] : [];
        });
        const subs = values.get("sub") ?? ["project_path:a/b:ref_type:branch:ref:main"];
        return { sub: random.chance(5) ? "" : this.near(random.pick(subs)), ...Object.fromEntries(others) };
    }

    /** A text that a pattern matches, with a change in one of three. */
    private near(pattern: string): string {
        const { random } = this;
        const words = [
            ...["", "main", "x", "a/b", "release/1", "v1.0"],
            ...["main:environment:prod", "ref_type:branch:ref:main", "b:ref_type:tag:ref:c"],
        ];
        const text = pattern
            .replaceAll("*", () => random.pick(words))
            .replaceAll("?", () => random.pick(["x", "/", ":", ""]));
        const at = random.int(text.length + 1);
        switch (random.int(6)) {
            case 0:
                return text.slice(0, at) + random.pick(["x", ":", "/", "*", "M", ""]) + text.slice(at + random.int(2));
            case 1:
                return text.replace(/branch|tag|ref/, () => random.pick(["branch", "tag", "mr"]));
            default:
                return text;
        }
    }
}

type Claims = ReturnType<Tokens["next"]>;

/** The decision of AWS about a token with a trust policy. Two evaluators, of which the second one shares no code with the package, must agree. */
function decides(trustPolicy: object, issuer: string): (claims: Claims) => boolean {
    const { statements } = parseTrustPolicy(trustPolicy);
    const known = new Map<string, boolean>();
    return (claims) => {
        const id = JSON.stringify(claims);
        const before = known.get(id);
        if (before !== undefined) {
            return before;
        }
        const token = Object.entries(claims).map(([name, value]) => [`${issuer}:${name}`, [value]] as const);
        const { allowed } = evaluate(statements, { issuer, context: new Map(token) });
        const second = allows(trustPolicy, { issuer, providerArn: providerArn(issuer), claims, context: {} });
        if (second !== undefined && second !== allowed) {
            expect.fail(`The evaluators differ: ${JSON.stringify({ trustPolicy, claims, allowed, second })}`);
        }
        known.set(id, allowed);
        return allowed;
    };
}

/**
 * Whether STS looks at the policy at all: it rejects tokens for audiences that the identity provider does not list ("Incorrect token
 * audience"). If the policy tests the audience, all tokens are compared.
 */
function reaches(trustPolicy: object, issuer: string): (claims: Claims) => boolean {
    const isTested = JSON.stringify(trustPolicy).toLowerCase().includes(`${issuer}:aud"`);
    return (claims) => isTested || audiencesOf(issuer).includes(claims["aud"]!);
}

/** Tokens on which the two policies decide differently, and how many tokens the first one allows. */
function compared(
    before: object,
    after: object,
    { issuer, tokens: count = TOKENS }: { readonly issuer: string; readonly tokens?: number },
): { readonly allowed: number; readonly different: readonly object[] } {
    const tokens = new Tokens(before, issuer, new Random(20_261_127));
    const isEvaluated = reaches(before, issuer);
    const [beforeDecides, afterDecides] = [decides(before, issuer), decides(after, issuer)];
    const different: object[] = [];
    let allowed = 0;
    for (let i = 0; i < count; i += 1) {
        const claims = tokens.next();
        const [old, now] = isEvaluated(claims) ? [beforeDecides(claims), afterDecides(claims)] : [false, false];
        allowed += Number(old);
        if (old !== now) {
            different.push({ claims, old, now });
        }
    }
    return { allowed, different };
}

const PUBLIC = [...RIGHT_IN_PUBLIC, ...WRONG_IN_PUBLIC];

describe("adopt: public trust policies", () => {
    for (const { source, what, policy } of PUBLIC.filter(({ left }) => left === undefined)) {
        it(`${source}: ${what}: decides the same for ${String(TOKENS)} tokens`, () => {
            const result = adopted(policy);
            const issuer = ISSUERS.find((each) => JSON.stringify(policy).includes(providerArn(each)))!;
            expect(result).to.have.property("compiled");
            const { allowed, different } = compared(policy, "compiled" in result ? result.compiled : {}, { issuer });
            expect(different).to.deep.equal([]);
            expect(allowed).to.be.within(TOKENS / 10, (TOKENS * 9) / 10);
        });
    }

    for (const { source, what, policy, left } of PUBLIC.filter(({ left }) => left !== undefined)) {
        it(`${source}: ${what}: the role is left as it is`, () => {
            const result = adopted(policy);
            expect("reasons" in result && result.reasons.join(" ")).to.contain(left);
        });
    }

    it("are at least 25", () => {
        expect(new Set(PUBLIC.map(({ policy }) => JSON.stringify(policy))).size).to.be.at.least(25);
    });

    it("of the linter's tests decide the same, or their roles are left as they are", () => {
        const rows = Object.entries(LINTED).flatMap(([id, ofRule]) => ofRule.map(({ policy }) => ({ id, policy })));
        const same = rows.flatMap(({ id, policy }) => {
            const text = readable(policy);
            const issuer = ISSUERS.find((each) => text?.includes(providerArn(each)));
            const result = text === undefined || issuer === undefined ? { reasons: [] } : adopted(JSON.parse(text));
            if (!("compiled" in result)) {
                return [];
            }
            const { different } = compared(JSON.parse(text!) as object, result.compiled, {
                issuer: issuer!,
                tokens: 500,
            });
            expect(different.slice(0, 3), text).to.deep.equal([]);
            return [id];
        });
        expect(same).to.include.members(["nothing to say", "path-only", "group-wide", "any-branch"]);
    });
});

describe("adopt: public trust policies, narrowed to the jobs of events", () => {
    const SEEN = 3;
    const OF_GITLAB = /^project_(?:path:[a-z]+\/[a-z/]+|id:\d+):ref_type:(?:branch|tag):ref:[\w./-]+$/;
    const COUNT = 1_000;

    it("allow these jobs, and none that the present policies deny", () => {
        const narrowed = PUBLIC.flatMap(({ what, policy }) => {
            const issuer = ISSUERS.find((each) => JSON.stringify(policy).includes(providerArn(each)))!;
            const tokens = new Tokens(policy, issuer, new Random(20_261_128));
            const [isEvaluated, before] = [reaches(policy, issuer), decides(policy, issuer)];
            const claims = Array.from({ length: COUNT }, () => tokens.next());
            const allowed = claims.filter((each) => isEvaluated(each) && before(each));
            const seen = allowed.filter(({ sub }) => OF_GITLAB.test(sub!)).slice(0, SEEN);
            const events = seen.map((each) =>
                eventOf({
                    sub: each["sub"]!,
                    audience: each["aud"]!,
                    provider: providerArn(issuer),
                    roleArn: ROLE_ARN,
                }),
            );
            const result = adopted(policy, events);
            if (!("isNarrowed" in result && result.isNarrowed)) {
                return [];
            }
            const after = decides(result.compiled, issuer);
            expect(
                seen.filter((each) => !after(each)),
                what,
            ).to.deep.equal([]);
            const now = claims.filter((each) => isEvaluated(each) && after(each));
            expect(
                now.filter((each) => !before(each)),
                what,
            ).to.deep.equal([]);
            expect(now.length, what).to.be.within(1, allowed.length);
            return [now.length < allowed.length];
        });
        expect(narrowed.length).to.be.at.least(10);
        expect(narrowed.filter((isFewer) => isFewer).length).to.be.at.least(10);
    });
});

/** The text of a trust policy; undefined if it is none. */
function readable(policy: unknown): string | undefined {
    try {
        const { document } = trustPolicyIn(policy) as { document?: unknown };
        return JSON.stringify(document);
    } catch {
        return undefined;
    }
}
