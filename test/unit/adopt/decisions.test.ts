import { expect } from "chai";
import { adoptFacts } from "../../../provider/adopt/adopt";
import type { AdoptableRole, LeftRole } from "../../../provider/adopt/adopted-role";
import { joinFacts } from "../../../provider/audit/account-facts";
import { readDocument } from "../../../provider/audit/documents";
import { compileTrustPolicy } from "../../../provider/trust/policy";
import { trustPolicyIn } from "../../../provider/trust/role-output";
import { allows } from "../../../tools/fuzz/oracle";
import { Random } from "../../../tools/fuzz/random";
import { LINTED } from "../../support/linted-policies";
import { RIGHT_IN_PUBLIC, WRONG_IN_PUBLIC } from "../../support/published-policies";

const ACCOUNT = "111122223333";
const ISSUERS = ["gitlab.com", "gitlab.example.com"] as const;
const TOKENS = 10_000;

const providerArn = (issuer: string): string => `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}`;

/** The trust policy of the program for a role, or the reasons why the role is left as it is; none if no job can assume it. */
function adopted(trustPolicy: unknown): { readonly compiled: object } | Pick<LeftRole, "reasons"> {
    const role = {
        Path: "/",
        RoleName: "role",
        Arn: `arn:aws:iam::${ACCOUNT}:role/role`,
        AssumeRolePolicyDocument: trustPolicy,
    };
    const documents = [
        { RoleDetailList: [{ ...role, RolePolicyList: [], AttachedManagedPolicies: [], Tags: [] }] },
        { Roles: [{ ...role, MaxSessionDuration: 3600 }] },
        ...ISSUERS.map((issuer) => ({ Url: issuer, ClientIDList: [`https://${issuer}`], Tags: [] })),
    ];
    const facts = documents.map((content, i) => {
        const read = readDocument({ name: String(i), content }, () => undefined);
        return "fault" in read ? expect.fail(read.fault) : read;
    });
    const [account] = adoptFacts(
        joinFacts(facts),
        ISSUERS.map((issuer) => `https://${issuer}`),
    ).accounts;
    const { components, incomplete, left } = account!;
    expect(incomplete).to.deep.equal([]);
    if (left.length > 0) {
        return left[0]!;
    }
    const component = components.find(({ type }) => type === "GitLabOidc");
    if (component === undefined) {
        return { reasons: [] };
    }
    const { url, audiences, roles } = component;
    const { subjects, conditions, subClaimComponents } = roles["role"] as AdoptableRole["inputs"];
    const text = compileTrustPolicy({
        providerArn: providerArn(url.slice("https://".length)),
        url,
        audiences,
        subjects,
        ...(conditions !== undefined && { conditions }),
        ...(subClaimComponents !== undefined && { subClaimComponents }),
    });
    return { compiled: JSON.parse(text) as object };
}

/** The texts of a policy: those that its conditions list, and parts of them. */
function textsOf(value: unknown): readonly string[] {
    if (typeof value === "string") {
        return [value];
    }
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/** Random tokens of which many meet the conditions of the policy, and many nearly. */
class Tokens {
    private readonly texts: readonly string[];

    constructor(
        trustPolicy: unknown,
        private readonly random: Random,
    ) {
        this.texts = textsOf(trustPolicy);
    }

    next(): Readonly<Record<string, string>> {
        const { random } = this;
        const subs = this.texts.filter((text) => /^project_(?:path|id):/.test(text));
        const urls = this.texts.filter((text) => !subs.includes(text) && !text.startsWith("arn:"));
        return {
            sub: random.chance(5)
                ? ""
                : this.near(random.pick(subs.length > 0 ? subs : ["project_path:a/b:ref_type:branch:ref:main"])),
            aud: random.chance(85)
                ? random.pick(urls)
                : random.pick(["https://gitlab.com", "https://gitlab.example.com", "sts.amazonaws.com", ""]),
            ...(random.chance(80) && { project_id: random.pick(["20", "4711", "21"]) }),
            ...(random.chance(80) && { ref_protected: random.pick(["true", "false"]) }),
            ...(random.chance(50) && { pipeline_source: random.pick(["push", "web", "schedule"]) }),
        };
    }

    /** A text that a pattern matches, with a change in one of three. */
    private near(pattern: string): string {
        const { random } = this;
        const words = ["", "main", "x", "a/b", "release/1", "main:environment:prod", "v1.0", "b:ref_type:tag:ref:c"];
        const text = pattern
            .replaceAll("*", () => random.pick(words))
            .replaceAll("?", () => random.pick(["x", "/", ":", ""]));
        const at = random.int(text.length + 1);
        switch (random.int(6)) {
            case 0:
                return text.slice(0, at) + random.pick(["x", ":", "/", "*", "M", ""]) + text.slice(at + random.int(2));
            case 1:
                return text.replace(/branch|tag/, () => random.pick(["branch", "tag", "mr"]));
            default:
                return text;
        }
    }
}

/** Tokens on which the two policies decide differently, and how many tokens the first one allows. */
function compared(
    before: object,
    after: object,
    { issuer, tokens: count = TOKENS }: { readonly issuer: string; readonly tokens?: number },
): { readonly allowed: number; readonly different: readonly object[] } {
    const tokens = new Tokens(before, new Random(20_261_127));
    const different: object[] = [];
    let allowed = 0;
    for (let i = 0; i < count; i += 1) {
        const claims = { iss: `https://${issuer}`, ...tokens.next() };
        const request = { issuer, providerArn: providerArn(issuer), claims, context: {} };
        const [old, now] = [allows(before, request), allows(after, request)];
        allowed += Number(old === true);
        if (old !== now) {
            different.push({ claims, old, now });
        }
    }
    return { allowed, different };
}

describe("adopt: public trust policies", () => {
    for (const { source, what, policy } of RIGHT_IN_PUBLIC) {
        it(`${source}: ${what}: decides the same for ${String(TOKENS)} tokens`, () => {
            const result = adopted(policy);
            const issuer = ISSUERS.find((each) => JSON.stringify(policy).includes(providerArn(each)))!;
            expect(result).to.have.property("compiled");
            const { allowed, different } = compared(policy, "compiled" in result ? result.compiled : {}, { issuer });
            expect(different).to.deep.equal([]);
            expect(allowed).to.be.within(TOKENS / 10, (TOKENS * 9) / 10);
        });
    }

    for (const { source, what, policy } of WRONG_IN_PUBLIC) {
        it(`${source}: ${what}: the role is left as it is`, () => {
            const result = adopted(policy);
            expect(result).to.have.property("reasons").that.is.an("array").and.not.empty;
        });
    }

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

/** The text of a trust policy; undefined if it is none. */
function readable(policy: unknown): string | undefined {
    try {
        const { document } = trustPolicyIn(policy) as { document?: unknown };
        return JSON.stringify(document);
    } catch {
        return undefined;
    }
}
