import { buildTrustPolicy, explainTrust, lintTrustPolicy } from "pulumi-aws-gitlab-oidc/trust";
import { rowOf, type Row } from "./row";
import { samplesOf, type Samples } from "./samples";

const PROVIDER = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
const SUBJECT = { project: "mygroup/myproject", projectId: "4711", branch: "main", refProtected: true };
const CLAIMS = {
    iss: "https://gitlab.com",
    aud: "https://gitlab.com",
    sub: "project_path:mygroup/myproject:ref_type:branch:ref:main",
    project_id: "4711",
    ref_protected: "true",
};

/** Each row's bar: how often `JSON.parse` and `JSON.stringify` of the policy may fit into one call. */
const BARS = { getTrustPolicy: 8, lintTrustPolicy: 14, explainTrust: 8 } as const;

/** Rounds that are counted, behind those that are the compiler's. A round is made of short turns, all as long. */
const ROUNDS = 11;
const WARM_UPS = 3;
const TURNS = 20;
const MILLISECONDS_A_TURN = 2;
const CALLS_AT_ONCE = 20;

/** How long one call of each function takes in one thread, for a role with one subject; the compiled package is measured. */
export function measureFunctions(): readonly Row[] {
    const role = { providerArn: PROVIDER, subjects: [SUBJECT] };
    const trustPolicy = buildTrustPolicy(role).json;
    const { unit, ...functions } = timesOf({
        unit: () => JSON.stringify(JSON.parse(trustPolicy)),
        getTrustPolicy: () => buildTrustPolicy(role),
        lintTrustPolicy: () => lintTrustPolicy({ trustPolicy }),
        explainTrust: () => explainTrust({ trustPolicy, claims: CLAIMS }),
    });
    return (Object.keys(BARS) as (keyof typeof BARS)[]).map((name) =>
        rowOf({
            id: `call-${name}`,
            what: `${name}, one call`,
            peer: "`JSON.parse` and `JSON.stringify` of the policy",
            unit: "µs",
            ours: functions[name],
            theirs: unit,
            bar: BARS[name],
        }),
    );
}

/** Microseconds of a call of each, measured in turns, so that a machine that slows down slows all of them. */
function timesOf<K extends string>(calls: Readonly<Record<K, () => unknown>>): Readonly<Record<K, Samples>> {
    const names = Object.keys(calls) as K[];
    const rounds = Array.from({ length: WARM_UPS + ROUNDS }, () => roundOf(names.map((name) => calls[name])));
    return Object.fromEntries(
        names.map((name, i) => [name, samplesOf(rounds.slice(WARM_UPS).map((times) => times[i]!))]),
    ) as Record<K, Samples>;
}

/** The fastest turn of each: what else runs on the machine only adds to the others. */
function roundOf(calls: readonly (() => unknown)[]): readonly number[] {
    const fastest = calls.map(() => Infinity);
    for (let turn = 0; turn < TURNS; turn += 1) {
        calls.forEach((call, i) => (fastest[i] = Math.min(fastest[i]!, timeOf(call))));
    }
    return fastest;
}

/** Microseconds of a call in one turn. */
function timeOf(call: () => unknown): number {
    const start = performance.now();
    let calls = 0;
    let passed = 0;
    while (passed < MILLISECONDS_A_TURN) {
        for (let i = 0; i < CALLS_AT_ONCE; i += 1) {
            call();
        }
        calls += CALLS_AT_ONCE;
        passed = performance.now() - start;
    }
    return (passed * 1000) / calls;
}
