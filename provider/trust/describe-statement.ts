import { quote } from "../contract/quote";
import type { AdditionalPrincipal, SubClaimComponent, UnexplainedPart } from "../contract/types";
import { COMPONENTS } from "../gitlab/sub-claim";
import { audienceFindings } from "../iam/audiences";
import { parseOperator } from "../iam/operators";
import { hasVariable, isPattern, unescapeDollar } from "../iam/policy-text";
import { isPositive } from "./conditions";
import { principalOf } from "./describe-principal";
import { alternatives, plain } from "./describe-subject";
import type { ConditionTest, Statement } from "./document";
import { matchesPrincipal } from "./evaluate";
import {
    coversWebIdentity,
    isForEverybody,
    pathOfValue,
    providersOf,
    testsOf,
    uncheckedParts,
    WEB_IDENTITY,
} from "./statement";

/** The identity provider whose jobs are described. */
export interface DescribedProvider {
    readonly arn: string;
    /** Its URL without the scheme. */
    readonly issuer: string;
    /** The audiences that it lists; undefined if they are not known. AWS STS rejects tokens with any other before it reads the trust policy. */
    readonly audiences?: readonly string[] | undefined;
}

/** A path in the policy, and why the inputs cannot express that part. */
export type Obstacle = Omit<UnexplainedPart, "jobs">;

/** A value of a condition on the `sub` claim. */
export interface SubValue {
    readonly path: string;
    /** The value in the policy. */
    readonly written: string;
    /** The value without escapes; undefined if there is an `obstacle`. */
    readonly text: string | undefined;
    readonly obstacle?: string;
    /** Whether no job can match. */
    readonly isNever?: boolean;
}

/** An Allow statement for jobs of the provider. */
export interface ReadTrust {
    readonly statement: Statement;
    /** Parts that allow more than the inputs can express. */
    readonly wider: readonly Obstacle[];
    /** Restrictions that the inputs cannot express. */
    readonly narrower: readonly Obstacle[];
    /** The operator that compares `subs`; undefined if no condition restricts the `sub` claim to values. */
    readonly operator: string | undefined;
    readonly subs: readonly SubValue[];
    /** Components that the `sub` claim must not have. */
    readonly excluded: ReadonlySet<SubClaimComponent>;
    /** Undefined if the statement does not test the audience. */
    readonly audiences: readonly string[] | undefined;
    /** Conditions on other keys than `sub` and `aud`, in the order of the policy. */
    readonly others: readonly ConditionTest[];
}

/** A statement that allows jobs of the provider, denies them, or is about other calls. */
export type ReadStatement =
    | { readonly kind: "trust"; readonly trust: ReadTrust }
    | { readonly kind: "deny"; readonly obstacle: Obstacle }
    /** `principal` is the principal that the statement is for, if inputs may express it. */
    | { readonly kind: "other"; readonly obstacle: Obstacle; readonly principal?: AdditionalPrincipal };

/** Reads a statement for the jobs of one identity provider. Without a provider, no statement is about jobs. */
export function readForProvider(statement: Statement, provider: DescribedProvider | undefined): ReadStatement {
    const { path, effect } = statement;
    const other = (reason: string, at = path): ReadStatement => ({ kind: "other", obstacle: { path: at, reason } });
    if (effect === "Deny") {
        const isAboutJobs =
            provider !== undefined && coversWebIdentity(statement) && matchesPrincipal(statement, provider.issuer);
        return isAboutJobs
            ? { kind: "deny", obstacle: { path, reason: "It denies jobs that other statements may allow." } }
            : other("It denies calls of others than GitLab jobs.");
    }
    if (provider === undefined || !providersOf(statement).includes(provider.arn)) {
        const [unchecked] = uncheckedParts(statement);
        if (unchecked !== undefined) {
            const principal = principalOf(statement);
            return { ...other(unchecked.reason, unchecked.path), ...(principal !== undefined && { principal }) };
        }
        if (isForEverybody(statement)) {
            return other("It trusts everybody, with or without an ID token.", `${path}.Principal`);
        }
        const providers = providersOf(statement);
        return other(
            providers.length === 0
                ? "It names no identity provider."
                : `It trusts ${alternatives(providers)}. ${provider === undefined ? "That is not the identity provider of a GitLab instance" : `The result is about ${provider.arn}`}.`,
            `${path}.Principal`,
        );
    }
    if (!coversWebIdentity(statement)) {
        return other(
            `It does not allow ${WEB_IDENTITY}, which a job calls.`,
            `${path}.${statement.isNotAction ? "NotAction" : "Action"}`,
        );
    }
    return { kind: "trust", trust: readTrust(statement, provider) };
}

function readTrust(statement: Statement, provider: DescribedProvider): ReadTrust {
    const { arn, issuer } = provider;
    const sub = readSub(statement, issuer);
    const audience = readAudience(statement, provider);
    const ofClaims = new Set([...testsOf(statement, issuer, "sub"), ...testsOf(statement, issuer, "aud")]);
    return {
        statement,
        wider: [...principalObstacles(statement, arn), ...actionObstacles(statement), ...audience.wider],
        narrower: [...audience.narrower, ...sub.narrower],
        operator: sub.test?.operator,
        subs: sub.test === undefined ? [] : valuesOf(sub.test),
        excluded: sub.excluded,
        audiences: audience.audiences,
        others: statement.conditions.filter((t) => !ofClaims.has(t)),
    };
}

function principalObstacles({ path, principals }: Statement, arn: string): readonly Obstacle[] {
    const others = principals.flatMap(({ values }) => values.filter((value) => value !== arn));
    return others.length === 0
        ? []
        : [{ path: `${path}.Principal`, reason: `It also trusts ${alternatives([...new Set(others)])}.` }];
}

function actionObstacles({ path, actions, isNotAction }: Statement): readonly Obstacle[] {
    const isOnly = actions.every((action) => action.toLowerCase() === WEB_IDENTITY.toLowerCase());
    return isOnly && !isNotAction
        ? []
        : [
              {
                  path: `${path}.${isNotAction ? "NotAction" : "Action"}`,
                  reason: `It also allows other actions than ${WEB_IDENTITY}.`,
              },
          ];
}

interface ReadSub {
    readonly test: ConditionTest | undefined;
    readonly excluded: ReadonlySet<SubClaimComponent>;
    readonly narrower: readonly Obstacle[];
}

/** The tests of a claim: comparisons with listed values, and all others. */
function testsByKind(tests: readonly ConditionTest[]): {
    readonly listing: readonly ConditionTest[];
    readonly further: readonly ConditionTest[];
} {
    const isListing = (test: ConditionTest): boolean =>
        isPositive(test) && /^String(?:Equals|Like)$/.test(parseOperator(test.operator)!.base);
    return { listing: tests.filter(isListing), further: tests.filter((test) => !isListing(test)) };
}

function readSub(statement: Statement, issuer: string): ReadSub {
    const { listing, further } = testsByKind(testsOf(statement, issuer, "sub"));
    const excluding = new Map(further.map((test) => [test, excludedBy(test)]));
    const inexpressible = further.filter((test) => excluding.get(test) === undefined);
    const [first] = listing;
    return {
        // A condition of another kind still describes the jobs.
        test: first ?? inexpressible.find((test) => /^String(?!Not)/.test(test.operator.replace(/^\w+:/, ""))),
        excluded: new Set([...excluding.values()].flatMap((components) => components ?? [])),
        narrower: [
            ...(listing.length > 1 ? [severalConditions(listing, statement)] : []),
            ...inexpressible.map(inexpressibleTest),
        ],
    };
}

function severalConditions([first, ...more]: readonly ConditionTest[], { path }: Statement): Obstacle {
    return {
        path: `${path}.Condition`,
        reason: `It has ${String(more.length + 1)} conditions on ${quote(first!.key)}, and a job must meet all of them.`,
    };
}

function inexpressibleTest({ operator, key, path }: ConditionTest): Obstacle {
    return { path, reason: `It uses ${plain(operator)} on ${quote(key)}. Inputs only list values and patterns.` };
}

const EXCLUDING: ReadonlyMap<string, SubClaimComponent> = new Map(COMPONENTS.map((c) => [`*:${c}:*`, c]));

/** The components that the condition excludes from the `sub` claim, as in policies of this package; undefined for any other condition. */
function excludedBy({ operator, values }: ConditionTest): readonly SubClaimComponent[] | undefined {
    const components = values.map((value) => EXCLUDING.get(value));
    return operator === "StringNotLike" && components.every((c) => c !== undefined) ? components : undefined;
}

function valuesOf(test: ConditionTest): readonly SubValue[] {
    const isLike = parseOperator(test.operator)!.base === "StringLike";
    return test.values.map((written, i) => {
        const value = { path: pathOfValue(test, i), written };
        if (hasVariable(written)) {
            return { ...value, text: undefined, obstacle: `${quote(written)} has a policy variable.` };
        }
        if (/\$\{[*?]\}/.test(written)) {
            return {
                ...value,
                text: undefined,
                obstacle: `${quote(written)} has a wildcard as a character, which no path, branch or tag contains.`,
                isNever: true,
            };
        }
        if (isPattern(written) && !isLike) {
            return {
                ...value,
                text: undefined,
                obstacle: `${test.operator} compares the wildcard in ${quote(written)} as a character, so no job matches.`,
                isNever: true,
            };
        }
        return { ...value, text: unescapeDollar(written) };
    });
}

interface ReadAudience {
    readonly audiences: readonly string[] | undefined;
    readonly wider: readonly Obstacle[];
    readonly narrower: readonly Obstacle[];
}

function readAudience(statement: Statement, { issuer, audiences: listed }: DescribedProvider): ReadAudience {
    const { listing, further } = testsByKind(testsOf(statement, issuer, "aud"));
    const [test] = listing;
    const narrower = [
        ...(listing.length > 1 ? [severalConditions(listing, statement)] : []),
        ...further.map(inexpressibleTest),
    ];
    if (test === undefined && further.length === 0 && listed !== undefined) {
        return { audiences: listed, wider: [], narrower };
    }
    if (test === undefined) {
        const untested = {
            path: `${statement.path}.Condition`,
            reason: `It does not list values of "${issuer}:aud". Inputs always do.`,
        };
        return { audiences: undefined, wider: further.length > 0 ? [] : [untested], narrower };
    }
    const faults = test.values.map((value, i) => audienceFault(value, issuer, pathOfValue(test, i)));
    const audiences = [...new Set(test.values.filter((_, i) => faults[i] === undefined))];
    const obstacles = faults.flatMap((f) => f ?? []);
    return audiences.length > 0
        ? { audiences, wider: obstacles, narrower }
        : {
              audiences: undefined,
              wider: [],
              narrower: [
                  ...(obstacles.length > 0
                      ? obstacles
                      : [{ path: test.path, reason: `${quote(test.key)} has no values.` }]),
                  ...narrower,
              ],
          };
}

/** The reason why the inputs do not accept an audience. */
function audienceFault(audience: string, issuer: string, path: string): Obstacle | undefined {
    const [error] = audienceFindings(audience, `https://${issuer}`, path);
    return error === undefined ? undefined : { path, reason: error.message };
}
