import { expect } from "chai";
import { explainEvent } from "../../../provider/audit/explain-event";
import { readEvent } from "../../../provider/audit/events";
import { type Narrower, observeRole } from "../../../provider/audit/observed";
import { SeenEvents } from "../../../provider/audit/seen";
import { buildTrustPolicy } from "../../../provider/operations/trust";
import { allows, type Truth } from "../../../tools/fuzz/oracle";
import { Random } from "../../../tools/fuzz/random";
import { providerArn, scenario, type Case } from "../../../tools/fuzz/scenario";
import { eventOf } from "../../support/events";
import { inputsOf } from "../../support/inputs";
import { SEED } from "../../support/random";

/* The second evaluator judges: nothing of it is shared with the code under test. */

type Call = Omit<Case, "trustPolicy">;

interface Made {
    readonly trustPolicy: object;
    /** Calls in the events. */
    readonly calls: readonly Call[];
    /** Other calls. */
    readonly others: readonly Call[];
}

const ROLE = "arn:aws:iam::111122223333:role/deploy";

function ask(trustPolicy: object, { claims, context }: Call): Truth {
    const issuer = claims.iss.replace("https://", "");
    return allows(trustPolicy, { issuer, providerArn: providerArn(issuer), claims, context });
}

/** The CloudTrail event of a call; undefined for a call without `sub` claim or audience. */
function record({ claims, context }: Call, errorCode?: string): object | undefined {
    const { sub, aud, iss } = claims;
    return typeof sub !== "string" || typeof aud !== "string" || sub === "" || aud === ""
        ? undefined
        : eventOf({
              sub,
              audience: aud,
              provider: providerArn(iss.replace("https://", "")),
              roleArn: ROLE,
              time: context["aws:CurrentTime"]!,
              address: context["aws:SourceIp"] ?? "AWS Internal",
              ...(errorCode !== undefined && { errorCode }),
          });
}

interface Result {
    narrowed: number;
    smaller: number;
    denied: number;
    verdicts: Record<string, number>;
}

/** Checks that the narrower policy allows the seen calls, and no call that the policy denies. */
function check({ trustPolicy, calls, others }: Made, result: Result): void {
    const seen = new SeenEvents();
    const allowed = calls.filter((c) => ask(trustPolicy, c) === true && record(c) !== undefined);
    allowed.forEach((c) => seen.add(record(c)));
    for (const denied of calls.filter((c) => ask(trustPolicy, c) === false)) {
        checkVerdict(trustPolicy, denied, result);
    }
    const { narrower } = observeRole(trustPolicy, seen.role(ROLE));
    if (narrower.policy === undefined) {
        if (allowed.length > 0) {
            throw new Error(
                `SEED=${String(SEED)} ${JSON.stringify(trustPolicy)} has no narrower one: ${narrower.reason}`,
            );
        }
        return;
    }
    const policy = JSON.parse(narrower.policy) as object;
    const fail = (what: string, call: Call): never => {
        throw new Error(
            `SEED=${String(SEED)} ${JSON.stringify(trustPolicy)} became ${narrower.policy}, which ${what} ${JSON.stringify(call)}`,
        );
    };
    result.narrowed += 1;
    checkInputs(trustPolicy, narrower, { allowed, all: [...calls, ...others] });
    for (const call of allowed) {
        if (ask(policy, call) === false) {
            fail("denies", call);
        }
    }
    let isSmaller = false;
    for (const call of [...calls, ...others]) {
        const [before, after] = [ask(trustPolicy, call), ask(policy, call)];
        isSmaller ||= before === true && after === false;
        if (before === false) {
            result.denied += 1;
            if (after === true) {
                fail("allows", call);
            }
        }
    }
    result.smaller += Number(isSmaller);
}

/** The inputs of the narrower policy allow no call that the policy denies and, if they are all of it, the seen calls. */
function checkInputs(
    trustPolicy: object,
    { inputs }: Extract<Narrower, { readonly policy: string }>,
    { allowed, all }: { readonly allowed: readonly Call[]; readonly all: readonly Call[] },
): void {
    if (inputs === undefined || inputs.subjects.length === 0) {
        return;
    }
    const built = buildTrustPolicy(inputsOf(inputs)).json;
    const wrong = [
        ...all.filter((call) => ask(trustPolicy, call) === false && ask(JSON.parse(built) as object, call) === true),
        ...(inputs.unexplained.length > 0 ? [] : allowed.filter((c) => ask(JSON.parse(built) as object, c) === false)),
    ];
    if (wrong.length > 0) {
        throw new Error(
            `SEED=${String(SEED)} ${JSON.stringify(trustPolicy)} has inputs that lead to ${built}, wrong for ${JSON.stringify(wrong[0])}`,
        );
    }
}

/** The verdict about a denied call fits. */
function checkVerdict(trustPolicy: object, call: Call, { verdicts }: Result): void {
    const read = readEvent(record(call, "AccessDenied"));
    if (read.kind !== "call") {
        return;
    }
    const { verdict, undecided } = explainEvent(read.event, trustPolicy);
    verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
    // The policy denies the call, so something that the event does not have must be the reason.
    if (verdict === "allowed" && undecided.length === 0) {
        throw new Error(`SEED=${String(SEED)} ${JSON.stringify({ trustPolicy, call })} is denied for no reason`);
    }
}

/* Policies that people write for GitLab, and jobs near to them. */

const ISSUER = "gitlab.com";
const PATHS = ["acme/app", "acme/web", "acme/sub/app", "acmeevil/app", "other/app"];
const REFS = [
    "main",
    "Main",
    "v1",
    "v2",
    "feature/a",
    "feature/b",
    "$x",
    "${y}",
    "ветка",
    ...Array.from({ length: 14 }, (_, i) => `f/${String(i)}`),
];

function job(random: Random): Call {
    const environment = random.chance(30) ? `:deployment_tier:${random.pick(["production", "staging"])}` : "";
    const claims = {
        iss: `https://${ISSUER}`,
        aud: random.pick(["https://gitlab.com", "https://gitlab.com", "sts.amazonaws.com"]),
        sub: `project_path:${random.pick(PATHS)}:ref_type:${random.pick(["branch", "branch", "tag"])}:ref:${random.pick(REFS)}${environment}`,
        project_id: random.pick(["1", "2"]),
        ref_protected: random.pick(["true", "false"]),
        user_login: random.pick(["acme", "ann"]),
    };
    return { claims, context: { ...TIME, "aws:SourceIp": random.pick(["203.0.113.7", "198.51.100.7"]) } };
}

const TIME = {
    "aws:CurrentTime": "2026-11-02T08:30:00Z",
    "aws:EpochTime": "1793608200",
    "aws:SecureTransport": "true",
};

/** The call of a job: over TLS, at one time, and without the keys of signed-in callers. */
function asJob({ claims, context }: Call): Call {
    const { "aws:SourceIp": address } = context;
    return {
        claims,
        context: {
            ...TIME,
            "aws:RequestedRegion": "eu-central-1",
            "sts:RoleSessionName": "gitlab-job",
            ...(address !== undefined && { "aws:SourceIp": address }),
        },
    };
}

function subValue(random: Random): string {
    const path = random.pick([...PATHS, "acme/*", "acme*", "*", "${gitlab.com:user_login}/app"]);
    const type = random.pick(["branch", "branch", "tag", "*"]);
    const ref = random.pick([
        ...REFS.filter((r) => !/[${]|[^ -~]/.test(r)),
        "*",
        "*",
        "f/*",
        "v?",
        "*a",
        "$*",
        "${$}x",
    ]);
    return random.weighted([
        [8, `project_path:${path}:ref_type:${type}:ref:${ref}`],
        [1, `project_path:${path}:*`],
        [1, "*"],
        [1, `project_path:${path}:ref_type:${type}:ref:${ref}:deployment_tier:*`],
    ]);
}

function statement(random: Random): object {
    const condition: Record<string, Record<string, unknown>> = {};
    const put = (operator: string, key: string, value: unknown): void => {
        (condition[operator] ??= {})[`${ISSUER}:${key}`] = value;
    };
    const list = (of: () => string): unknown => (random.chance(40) ? of() : random.list(1 + random.int(4), of));
    if (random.chance(90)) {
        put(
            "StringEquals",
            "aud",
            random.pick<unknown>(["https://gitlab.com", ["https://gitlab.com", "sts.amazonaws.com"]]),
        );
    }
    if (random.chance(90)) {
        const operator = random.pick([
            "StringLike",
            "StringLike",
            "StringLike",
            "StringEquals",
            "StringEqualsIgnoreCase",
            "ForAnyValue:StringLike",
            "StringLikeIfExists",
        ]);
        put(
            operator,
            "sub",
            list(() => subValue(random)),
        );
    }
    if (random.chance(25)) {
        put("StringNotLike", "sub", random.pick(["*:deployment_tier:*", "*:ref:f/1", "*${gitlab.com:user_login}*"]));
    }
    if (random.chance(15)) {
        put(
            random.pick(["StringLike", "StringEquals"]),
            "sub",
            list(() => subValue(random)),
        );
    }
    if (random.chance(25)) {
        put("StringEquals", random.pick(["project_id", "ref_protected"]), random.pick(["1", "true"]));
    }
    if (random.chance(10)) {
        condition["IpAddress"] = { "aws:SourceIp": "203.0.113.0/24" };
    }
    return {
        Effect: random.chance(85) ? "Allow" : "Deny",
        Principal: {
            Federated: random.chance(90)
                ? providerArn(ISSUER)
                : [providerArn(ISSUER), providerArn("gitlab.example.com")],
        },
        Action: random.chance(90)
            ? "sts:AssumeRoleWithWebIdentity"
            : ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
        Condition: condition,
    };
}

function gitlabPolicy(random: Random): Made {
    const statements = random.list(1 + random.int(3), () => statement(random));
    const trustPolicy = { Version: random.chance(90) ? "2012-10-17" : "2008-10-17", Statement: statements };
    return {
        trustPolicy,
        calls: random.list(random.pick([3, 10, 60]), () => job(random)),
        others: random.list(40, () => job(random)),
    };
}

describe("A narrower policy, by the second evaluator", () => {
    const run = (rounds: number, make: (random: Random) => Made): Result => {
        const random = new Random(SEED);
        const result: Result = { narrowed: 0, smaller: 0, denied: 0, verdicts: {} };
        for (let i = 0; i < rounds; i++) {
            check(make(random), result);
        }
        console.log(
            `      ${String(result.narrowed)} narrowed, ${String(result.smaller)} to less, ${String(result.denied)} denied calls compared, verdicts ${JSON.stringify(result.verdicts)}, SEED=${String(SEED)}`,
        );
        return result;
    };

    it("of a policy for GitLab allows the seen calls and nothing that the policy denies", () => {
        const { narrowed, smaller, denied } = run(250, gitlabPolicy);
        expect(narrowed).to.be.greaterThan(50);
        expect(smaller).to.be.greaterThan(20);
        expect(denied).to.be.greaterThan(1000);
    }).timeout(60_000);

    it("of any policy allows the seen calls and nothing that the policy denies", () => {
        const { narrowed } = run(500, (random) => {
            const made = scenario(random);
            const { trustPolicy } = made[0]!;
            const cases = made.map(asJob);
            // Each call with the sub claim of each other one.
            const others = cases.flatMap((a) =>
                cases.map((b) => ({ ...a, claims: { ...a.claims, ...(b.claims["sub"] && { sub: b.claims["sub"] }) } })),
            );
            return { trustPolicy, calls: cases, others };
        });
        expect(narrowed).to.be.greaterThan(50);
    }).timeout(60_000);
});
