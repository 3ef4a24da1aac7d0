import { Findings } from "../contract/findings";
import { quote } from "../contract/quote";
import type { Finding, SubClaimComponent, Subject, UnexplainedPart } from "../contract/types";
import { checkConditions, testsIn, type Conditions } from "./conditions";
import {
    candidateOf,
    conditionsAmong,
    conditionsOf,
    idsOf,
    together,
    withBeside,
    type Candidate,
    type ClaimContext,
} from "./describe-claims";
import { describeCondition } from "./describe-condition";
import type { Obstacle, ReadTrust, SubValue } from "./describe-statement";
import { alternatives, describeSub, describeSubject, type Beside } from "./describe-subject";
import type { Statement } from "./document";
import { checkTrustPolicyInputs, type TrustPolicyInputs } from "./policy";
import { checkSubject } from "./subject";

interface Context extends ClaimContext {
    readonly providerArn: string;
    /** Whether the policy is short enough for AWS, and its inputs for this package. */
    readonly isStorable: boolean;
}

/** A statement as subjects, and its parts that they do not express. */
export interface Part {
    readonly subjects: readonly Subject[];
    readonly unexplained: readonly UnexplainedPart[];
}

/** Everything that the subjects share, and the part of each statement. */
interface Frame {
    readonly audiences: readonly string[] | undefined;
    readonly conditions: Conditions | undefined;
    readonly parts: readonly Part[];
}

/** The statements as inputs, without those that differ from the first one in more than subjects. */
export function frameOf(trusts: readonly ReadTrust[], context: Context): Frame {
    const candidates = trusts.map((trust) => candidateOf(trust, context));
    const isCondition = conditionsAmong(candidates);
    let first: Shared | undefined;
    const parts = candidates.map((candidate) => {
        const { trust, claims } = candidate;
        const tests = trust.others.filter((test) => isCondition(test, claims));
        const fields = trust.others.filter((test) => !isCondition(test, claims)).map((test) => claims.get(test)!);
        const own: Shared = { audiences: trust.audiences, conditions: conditionsOf(tests), id: idsOf(tests) };
        const audiences = first?.audiences ?? own.audiences;
        const inputs = { audiences, conditions: own.conditions, beside: fields.reduce(together, {}) };
        const differences = first === undefined ? [] : differencesOf(trust.statement, own, first);
        const part = partOf(candidate, inputs, differences, context);
        if (part.subjects.length > 0) {
            first = { ...own, audiences };
        }
        return part;
    });
    return { audiences: first?.audiences ?? commonAudiences(trusts), conditions: first?.conditions, parts };
}

/** Audiences and conditions of the subjects of a role. */
interface Shared {
    readonly audiences: readonly string[] | undefined;
    readonly conditions: Conditions | undefined;
    /** The same for equal conditions. */
    readonly id: string;
}

/** The audiences that all statements list; undefined if they differ. */
function commonAudiences(trusts: readonly ReadTrust[]): readonly string[] | undefined {
    const [first, ...more] = trusts.map(({ audiences }) => audiences);
    return first !== undefined && more.every((others) => haveSame(first, others)) ? first : undefined;
}

function haveSame(a: readonly string[], b: readonly string[] | undefined): boolean {
    return b !== undefined && JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
}

/** Reasons why the subjects of a statement do not fit into one role with those of earlier statements. */
function differencesOf(
    { path }: Statement,
    { audiences, conditions, id }: Shared,
    before: Shared,
): readonly Obstacle[] {
    const hasOthers =
        audiences !== undefined && before.audiences !== undefined && !haveSame(audiences, before.audiences);
    return [
        ...(hasOthers
            ? [
                  {
                      path: `${path}.Condition`,
                      reason: `Its audience is ${alternatives(audiences)}, that of the subjects before is ${alternatives(before.audiences)}. All subjects of a role have the same audiences.`,
                  },
              ]
            : []),
        ...(id === before.id
            ? []
            : [
                  {
                      path: `${path}.Condition`,
                      reason: `It has ${conditionsText(conditions)}, the subjects before have ${conditionsText(before.conditions)}. All subjects of a role have the same conditions.`,
                  },
              ]),
    ];
}

const MOST_CONDITIONS = 3;

function conditionsText(conditions: Conditions | undefined): string {
    const tests = testsIn(conditions);
    const words = tests.slice(0, MOST_CONDITIONS).map(describeCondition);
    const more = tests.length - words.length;
    return tests.length === 0
        ? "no further condition"
        : `the condition that ${[...words, ...(more > 0 ? [`${String(more)} more`] : [])].join(" and ")}`;
}

interface PartInputs {
    readonly audiences: readonly string[] | undefined;
    readonly conditions: Conditions | undefined;
    readonly beside: Beside;
}

function partOf(
    { trust, values }: Candidate,
    { audiences, conditions, beside }: PartInputs,
    differences: readonly Obstacle[],
    context: Context,
): Part {
    const { providerArn, issuer, components, isStorable } = context;
    const { path } = trust.statement;
    const url = `https://${issuer}`;
    const checked = values.map(({ value, fields, reason }) => {
        const subject = fields === undefined ? undefined : withBeside(fields, beside);
        const words =
            subject === undefined
                ? describeSub(value.written, { operator: trust.operator!, beside })
                : describeSubject(subject, components);
        const why = subject === undefined ? reason : subjectFault(subject, value, { url, components });
        return { value, subject: why === undefined ? subject : undefined, why, words };
    });
    const subjects = checked.flatMap(({ subject }) => subject ?? []);
    const inputs: TrustPolicyInputs = {
        providerArn,
        url,
        subjects,
        subClaimComponents: components,
        ...(audiences !== undefined && { audiences }),
        ...(conditions !== undefined && { conditions }),
    };
    const narrower = [
        ...trust.narrower,
        ...differences,
        ...conditionFaults(trust.statement, conditions, issuer),
        ...(trust.operator !== undefined && values.length === 0
            ? [{ path: `${path}.Condition`, reason: `"${issuer}:sub" has no values, so no job matches.` }]
            : []),
        ...(trust.operator === undefined && trust.narrower.length === 0
            ? [{ path: `${path}.Condition`, reason: `It does not list values of "${issuer}:sub". Inputs always do.` }]
            : []),
    ];
    const isWorthChecking = isStorable && narrower.length === 0 && subjects.length > 0;
    const obstacles = isWorthChecking ? inputFaults(inputs, path) : narrower;
    const isWhole = obstacles.length === 0;
    const jobs = trust.operator === undefined ? [describeSub("*", { beside })] : jobsOf(checked);
    return {
        subjects: isWhole ? subjects : [],
        unexplained: [
            ...trust.wider.map((w) => ({ ...w, jobs: [] })),
            ...obstacles.map((o, i) => ({ ...o, jobs: i === 0 ? jobs : [] })),
            ...checked.flatMap(({ value, why, words }) =>
                why === undefined
                    ? []
                    : [{ path: value.path, reason: why, jobs: isWhole && value.isNever !== true ? [words] : [] }],
            ),
        ],
    };
}

/** The message of a finding about inputs as a sentence. Some messages begin with the verb. */
function sentenceOf({ message }: Finding, about: string): string {
    return /^["`A-Z]/.test(message) ? message : `${about} ${message}`;
}

/** The reason why the inputs do not accept a subject. */
function subjectFault(
    subject: Subject,
    { written }: SubValue,
    context: { readonly url: string; readonly components: readonly SubClaimComponent[] },
): string | undefined {
    const findings = new Findings();
    checkSubject(subject, context, "subject", findings);
    const [error] = findings.errors;
    return error === undefined ? undefined : sentenceOf(error, quote(written));
}

function conditionFaults({ path }: Statement, conditions: Conditions | undefined, issuer: string): readonly Obstacle[] {
    const findings = new Findings();
    checkConditions(conditions, issuer, `${path}.Condition`, findings);
    return findings.errors.map((e) => ({ path: e.path, reason: sentenceOf(e, "The condition") }));
}

/** Faults of the inputs as a whole, although each part is valid. */
function inputFaults(inputs: TrustPolicyInputs, path: string): readonly Obstacle[] {
    const findings = new Findings();
    checkTrustPolicyInputs(inputs, "", findings);
    return findings.errors.map((e) => ({ path: `${path}.Condition`, reason: sentenceOf(e, "The statement") }));
}

interface CheckedValue {
    readonly value: SubValue;
    readonly words: string;
}

function jobsOf(values: readonly CheckedValue[]): readonly string[] {
    return values.flatMap(({ value, words }) => (value.isNever === true ? [] : [words]));
}
