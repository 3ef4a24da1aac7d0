import { InvalidInputsError } from "../contract/findings";
import type {
    AdditionalPrincipal,
    DescribeTrustPolicyArgs,
    DescribeTrustPolicyResult,
    SubClaimComponent,
} from "../contract/types";
import { DEFAULT_COMPONENTS } from "../gitlab/sub-claim";
import { issuerOfProvider } from "../iam/other-issuers";
import { mayBeGitLab } from "./gitlab-issuers";
import { chooseComponents, type ChosenComponents } from "./describe-components";
import { principalText } from "./additional-principals";
import { testsIn } from "./conditions";
import { describeCondition } from "./describe-condition";
import { frameOf, type Part } from "./describe-frame";
import { describePrincipal, principalFault } from "./describe-principal";
import { readForProvider, type Obstacle } from "./describe-statement";
import { alternatives, describeSubject } from "./describe-subject";
import { parseTrustPolicy, type Statement } from "./document";
import {
    providerArnFindings,
    compileTrustPolicy,
    policySize,
    TRUST_POLICY_MAXIMUM,
    type TrustPolicyInputs,
} from "./policy";
import { providersOf } from "./statement";

/** The audiences that an identity provider lists, given its ARN; undefined if they are not known. */
export type AudiencesOf = (providerArn: string) => readonly string[] | undefined;

/**
 * A trust policy as inputs of this package, in words too, and the parts that the inputs cannot express. The inputs never allow a
 * job that the policy does not allow.
 *
 * @param audiencesOf If the audiences of the identity provider are known, a statement without a condition on the audience allows them.
 * @throws InvalidInputsError if IAM would not store the policy.
 */
export function describePolicy(args: DescribeTrustPolicyArgs, audiencesOf?: AudiencesOf): DescribeTrustPolicyResult {
    const { statements, findings, found } = parseTrustPolicy(args.trustPolicy);
    if (found === undefined || findings.length > 0) {
        throw new InvalidInputsError(findings);
    }
    const arn = providerArnOf(statements, args.url);
    const issuer = arn === undefined ? "" : issuerOfProvider(arn);
    const provider = arn === undefined ? undefined : { arn, issuer, audiences: audiencesOf?.(arn) };
    const read = statements.map((s) => readForProvider(s, provider));
    const trusts = read.flatMap((r) => (r.kind === "trust" ? [r.trust] : []));
    const chosen = chooseComponents(trusts, args.subClaimComponents);
    const isStorable = policySize(JSON.stringify(found.document)) <= TRUST_POLICY_MAXIMUM;
    const frame = frameOf(trusts, { providerArn: arn ?? "", issuer, components: chosen.components, isStorable });
    const denied = read.find((r) => r.kind === "deny")?.obstacle;
    const partOf = new Map(trusts.map((trust, i) => [trust, frame.parts[i]!]));
    const ofTrusts = new Map(
        trusts.map((trust) => [trust, withoutDenied(partOf.get(trust)!, trust.statement, denied, chosen.components)]),
    );
    const subjects = [...ofTrusts.values()].flatMap((p) => p.subjects);
    const isPrincipalKept = arn !== undefined && subjects.length > 0 && statements.every((s) => s.effect === "Allow");
    const additionalPrincipals: AdditionalPrincipal[] = [];
    const unexplained = read.flatMap((r) => {
        if (r.kind === "trust") {
            return ofTrusts.get(r.trust)!.unexplained;
        }
        const principal = r.kind === "other" && isPrincipalKept ? r.principal : undefined;
        const fault = principal === undefined ? undefined : principalFault(principal, arn!);
        if (principal === undefined || fault !== undefined) {
            return [{ ...r.obstacle, ...(fault !== undefined && { reason: fault }), jobs: [] }];
        }
        if (!additionalPrincipals.some((other) => principalText(other) === principalText(principal))) {
            additionalPrincipals.push(principal);
        }
        return [];
    });
    const inputs = {
        ...(arn !== undefined && { providerArn: arn, url: `https://${issuer}` }),
        ...(frame.audiences !== undefined && { audiences: frame.audiences }),
        ...(subjects.length > 0 && frame.conditions !== undefined && { conditions: frame.conditions }),
        ...(additionalPrincipals.length > 0 && { additionalPrincipals }),
    };
    const components = isStorable
        ? inOrder({ ...inputs, providerArn: arn ?? "", subjects }, chosen, found.document)
        : chosen.components;
    const isDefault = components.join() === DEFAULT_COMPONENTS.join();
    return {
        description: describeFrame(inputs, isDefault || subjects.length === 0 ? undefined : components),
        ...inputs,
        subjects: subjects.map((s) => ({ description: describeSubject(s, components), ...s })),
        ...(!isDefault && subjects.length > 0 && { subClaimComponents: components }),
        notes: subjects.length > 0 ? chosen.notes : [],
        unexplained,
    };
}

/** The identity provider of the wanted instance, or the first one that may be a GitLab instance. */
function providerArnOf(statements: readonly Statement[], url: string | undefined): string | undefined {
    return statements
        .filter(({ effect }) => effect === "Allow")
        .flatMap(providersOf)
        .find((arn) => {
            return providerArnFindings(arn, url, "").length === 0 && (url !== undefined || mayBeGitLab(arn));
        });
}

/** The part, without its subjects if another statement may deny their jobs. */
function withoutDenied(
    part: Part,
    { path }: Statement,
    denied: Obstacle | undefined,
    components: readonly SubClaimComponent[],
): Part {
    if (denied === undefined || part.subjects.length === 0) {
        return part;
    }
    const jobs = part.subjects.map((s) => describeSubject(s, components));
    const reason = `${denied.path} may deny its jobs. Inputs cannot deny jobs.`;
    return { subjects: [], unexplained: [...part.unexplained, { path, reason, jobs }] };
}

/** The list of components that reproduces the order of the statements, among those that reproduce the statements. */
function inOrder(
    inputs: TrustPolicyInputs,
    { components, alternatives: others }: ChosenComponents,
    document: unknown,
): readonly SubClaimComponent[] {
    const isTierFirst = (list: readonly SubClaimComponent[]): boolean =>
        list.indexOf("deployment_tier") < list.indexOf("environment_protected");
    const other = others.find((list) => isTierFirst(list) !== isTierFirst(components));
    if (other === undefined || inputs.subjects.length === 0) {
        return components;
    }
    const isSame = (list: readonly SubClaimComponent[]): boolean =>
        compileTrustPolicy({ ...inputs, subClaimComponents: list }) === JSON.stringify(document);
    return !isSame(components) && isSame(other) ? other : components;
}

/** The policy without its subjects, in words. */
function describeFrame(
    { url, audiences, conditions, additionalPrincipals = [] }: Partial<TrustPolicyInputs>,
    components: readonly SubClaimComponent[] | undefined,
): string {
    if (url === undefined) {
        return "No statement is about jobs of a GitLab instance.";
    }
    const tests = testsIn(conditions);
    return [
        `The role trusts jobs of ${url}.`,
        ...(audiences === undefined ? [] : [`The audience of the ID token must be ${alternatives(audiences)}.`]),
        ...tests.map((test) => `Condition: ${describeCondition(test)}.`),
        ...additionalPrincipals.map(describePrincipal),
        ...(components === undefined ? [] : [`The sub claim has the components ${components.join(", ")}.`]),
    ].join(" ");
}
