import { claimOf } from "../iam/condition-keys";
import { besideOf, together } from "../trust/describe-claims";
import { describeCondition } from "../trust/describe-condition";
import { type Beside, describeSub } from "../trust/describe-subject";
import type { TrustSubject } from "./subjects";

/** The jobs of a subject in words, with all conditions of its statement but those on the audience. */
export function describeTrustSubject({ statement, issuer, test, value }: TrustSubject): string {
    const tests = statement.conditions.filter((t) => t !== test && claimOf(t.key, issuer) !== "aud");
    const fields = tests.map((t) => [t, besideOf(t, { issuer, components: [] })] as const);
    const beside = fields.reduce<Beside>((all, [, field]) => together(all, field ?? {}), {});
    const conditions = fields.flatMap(([t, field]) => (field === undefined ? [describeCondition(t)] : []));
    const jobs =
        test === undefined || value === undefined
            ? describeSub("*", { beside })
            : describeSub(value, { operator: test.operator, beside });
    return conditions.length === 0 ? jobs : `${jobs}, if ${conditions.join(" and ")}`;
}
