import { CALLS } from "../dist/operations/calls";
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

/** How many calls a second each function does in one thread, for a role with one subject; the compiled package is measured. */
export function measureFunctions(): readonly Row[] {
    const role = { providerArn: PROVIDER, subjects: [SUBJECT] };
    const trustPolicy = CALLS.getTrustPolicy(role).json;
    const rates = {
        getTrustPolicy: rate(() => CALLS.getTrustPolicy(role)),
        lintTrustPolicy: rate(() => CALLS.lintTrustPolicy({ trustPolicy })),
        explainTrust: rate(() => CALLS.explainTrust({ trustPolicy, claims: CLAIMS })),
    };
    // As the time of a call, so that less is better here too.
    return Object.entries(rates).map(([name, microseconds]) =>
        rowOf({
            id: `call-${name}`,
            what: `${name}, one call`,
            peer: "20,000 a second",
            unit: "µs",
            ours: microseconds,
            theirs: samplesOf([50]),
            bar: 1,
        }),
    );
}

function rate(call: () => unknown): Samples {
    const values: number[] = [];
    for (let round = 0; round <= 7; round += 1) {
        const calls = 5000;
        const start = performance.now();
        for (let i = 0; i < calls; i += 1) {
            call();
        }
        // The first round is the compiler's.
        if (round > 0) {
            values.push(((performance.now() - start) * 1000) / calls);
        }
    }
    return samplesOf(values);
}
