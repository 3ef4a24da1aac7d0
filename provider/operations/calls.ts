import type {
    CheckIssuerArgs,
    CheckIssuerResult,
    CheckProjectArgs,
    CheckProjectResult,
    LookupProjectArgs,
    LookupProjectResult,
} from "../contract/types";
import { describeTrustPolicy } from "./describe-trust-policy";
import { explainTrust } from "./explain-trust";
import { buildGitLabCi } from "./get-gitlab-ci";
import { buildOrganizationGuardrail } from "./get-organization-guardrail";
import { buildTrustPolicy } from "./get-trust-policy";
import { lintTrustPolicy } from "./lint-trust-policy";

/** The functions of the package by the names of schema.json; each throws InvalidInputsError with every problem, or rejects with it. */
export const CALLS = {
    getTrustPolicy: buildTrustPolicy,
    explainTrust,
    lintTrustPolicy,
    describeTrustPolicy,
    getGitlabCi: buildGitLabCi,
    getOrganizationGuardrail: buildOrganizationGuardrail,
    /** Loads the network code at the first call. */
    async checkIssuer(args: CheckIssuerArgs): Promise<CheckIssuerResult> {
        return (await import("./check-issuer.js")).checkIssuer(args);
    },
    /** The same. */
    async checkProject(args: CheckProjectArgs): Promise<CheckProjectResult> {
        return (await import("./check-project.js")).checkProject(args);
    },
    /** The same. */
    async lookupProject(args: LookupProjectArgs): Promise<LookupProjectResult> {
        return (await import("./lookup-project.js")).lookupProject(args);
    },
} as const;

export type CallName = keyof typeof CALLS;
