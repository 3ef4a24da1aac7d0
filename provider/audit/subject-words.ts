import { GITLAB_COM, issuerOf } from "../gitlab/issuer-url";
import { claimOf } from "../iam/condition-keys";
import { claimFault } from "../trust/claims";
import { describeCondition } from "../trust/describe-condition";
import { type Beside, describeSub } from "../trust/describe-subject";
import type { ConditionTest } from "../trust/document";
import type { TrustSubject } from "./subjects";

/** The jobs of a subject in words, with all conditions of its statement but those on the audience. */
export function describeTrustSubject({ statement, issuer, test, value }: TrustSubject): string {
    const tests = statement.conditions.filter((t) => t !== test && claimOf(t.key, issuer) !== "aud");
    const fields = tests.map((t) => [t, besideOf(t, issuer)] as const);
    const beside = Object.assign({}, ...fields.map(([, field]) => field ?? {})) as Beside;
    const conditions = fields.flatMap(([t, field]) => (field === undefined ? [describeCondition(t)] : []));
    const jobs =
        test === undefined || value === undefined
            ? describeSub("*", { beside })
            : describeSub(value, { operator: test.operator, beside });
    return conditions.length === 0 ? jobs : `${jobs}, if ${conditions.join(" and ")}`;
}

/** A condition on the project's ID or on protected refs as a field of a subject; undefined if it is another one. */
function besideOf({ operator, key, values }: ConditionTest, issuer: string): Beside | undefined {
    const claim = issuer === issuerOf(GITLAB_COM) && operator === "StringEquals" ? claimOf(key, issuer) : undefined;
    const [value, ...more] = values;
    if (claim === undefined || value === undefined || more.length > 0 || claimFault(claim, value) !== undefined) {
        return undefined;
    }
    return claim === "project_id"
        ? { projectId: value }
        : claim === "ref_protected"
          ? { refProtected: value === "true" }
          : undefined;
}
