import type { UncheckedStatement } from "../contract/types";
import { isClaimKey } from "../iam/condition-keys";
import { literalGlob, matchesGlob } from "../iam/glob";
import { issuerOfProvider, otherProvider } from "../iam/other-issuers";
import type { ConditionTest, Statement } from "./document";

/** The action that a job with an ID token calls. */
export const WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity";

/** The identity providers that a statement trusts. */
export function providersOf({ principals }: Statement): readonly string[] {
    return principals.filter((p) => p.type === "Federated").flatMap((p) => p.values);
}

export function isForEverybody({ principals }: Statement): boolean {
    return principals.some((p) => (p.type === "*" || p.type === "AWS") && p.values.includes("*"));
}

/** Whether `Action` or `NotAction` of the statement names the call of a job. */
export function namesWebIdentity({ actions }: Statement): boolean {
    return actions.some((a) => matchesGlob(literalGlob(a.toLowerCase()), WEB_IDENTITY.toLowerCase()));
}

/** Whether the statement is about the call of a job. */
export function coversWebIdentity(statement: Statement): boolean {
    return namesWebIdentity(statement) !== statement.isNotAction;
}

/** The conditions of a statement on one claim of the issuer. */
export function testsOf(statement: Statement, issuer: string, claim: string): readonly ConditionTest[] {
    return statement.conditions.filter((t) => isClaimKey(t.key, issuer, claim));
}

/** The path of one value of a condition. */
export function pathOfValue({ path, values }: ConditionTest, i: number): string {
    return values.length === 1 ? path : `${path}[${String(i)}]`;
}

/** Why a statement, or a part of it, has nothing to do with ID tokens of GitLab. */
export function uncheckedParts(statement: Statement): readonly UncheckedStatement[] {
    const { path } = statement;
    const providers = providersOf(statement);
    if (providers.length === 0) {
        return namesWebIdentity(statement) || isForEverybody(statement)
            ? []
            : [{ path, reason: "It trusts no identity provider, so it is not about ID tokens." }];
    }
    const others = providers.flatMap((provider) => {
        const name = otherProvider(provider);
        return name === undefined ? [] : [`${issuerOfProvider(provider)} (${name})`];
    });
    const isPart = others.length < providers.length;
    return others.length === 0
        ? []
        : [
              {
                  path: isPart ? `${path}.Principal.Federated` : path,
                  reason: `Its identity provider is not a GitLab instance: ${others.join(", ")}.`,
              },
          ];
}
