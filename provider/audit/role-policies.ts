import { variablesOf } from "../iam/glob";
import { all, type Truth } from "../iam/truth";
import {
    type ActionSet,
    type CompiledPolicy,
    type CompiledStatement,
    isAbout,
    isGlobal,
    type NamedAction,
    type PolicyReader,
} from "./compiled-policy";
import { type Facts, factsOf, isHarmlessParameter, truthOfConditions } from "./facts";
import { ANY_RESOURCE, coversResource, exampleResource } from "./identity-policy";
import { fixedPolicy } from "./managed-policies";
import { OTHER } from "./access-levels";

/** A policy from the input of the audit. */
export interface PolicyDocument {
    /** The name for reports. */
    readonly name: string;
    /** The ARN of a managed policy. */
    readonly arn?: string;
    /** JSON text or an object. Undefined if the input lacks it. */
    readonly document: unknown;
}

/** The policies of a role. */
export interface RolePermissions {
    readonly arn?: string;
    /** Inline policies and attached managed policies. */
    readonly policies: readonly PolicyDocument[];
    /** The permissions boundary. `"unknown"` if the input does not show whether there is one. */
    readonly boundary: PolicyDocument | "none" | "unknown";
}

/** How undecided statements count: by the rules of the report, or for the lower or the upper bound of the power. */
export type View = "least" | "reported" | "most";

/** A statement and the name of its policy. */
interface Placed {
    readonly policy: string;
    readonly statement: CompiledStatement;
}

/** A resource that a policy names. */
interface NamedResource {
    /** The text of the policy. */
    readonly written: string;
    /** The service in its ARN. Undefined if it can be any. */
    readonly service: string | undefined;
}

/** A placeholder for an unknown document, which might allow everything or deny everything. */
const ANYTHING = JSON.stringify({
    Version: "2012-10-17",
    Statement: ["Allow", "Deny"].map((Effect) => ({
        Effect,
        Action: "*",
        Resource: "*",
        Condition: { Bool: { "unknown:policy": "true" } },
    })),
});

/** Evaluates the policies of one role together. Source: AWS, "Policy evaluation logic". */
export class RolePolicies {
    /** Actions that the policies name. The list of actions may lack them. */
    readonly named: readonly NamedAction[];
    /** Resources that the policies name. Each key is a resource that matches the text. */
    readonly resources: ReadonlyMap<string, NamedResource>;
    /** Reasons why the power may not be exact. */
    readonly unknown: readonly string[];

    /** All statements, those of the boundary last. */
    private readonly statements: readonly CompiledStatement[];
    private readonly identityCount: number;
    private readonly isLimited: boolean;
    /** Values that the caller can choose and that conditions compare, one entry for each combination. */
    private readonly choices: readonly Choice[];
    /** The listed actions that any Allow of the identity policies covers. */
    private readonly grants: ActionSet;
    /** The parts of the ARNs that the statements name. Computed on first use: most roles do not need them. */
    private mentioned: readonly (readonly string[])[] | undefined;
    /** Services whose resources a Deny names or an Allow excludes. Their actions are tested on their own ARNs instead of `ANY_RESOURCE`. */
    private readonly deniedServices: ReadonlySet<string>;
    private readonly covers = new Map<string, readonly Truth[]>();
    private readonly facts = new Map<Choice, Facts>();

    constructor(
        readonly permissions: RolePermissions,
        private readonly reader: PolicyReader,
    ) {
        const { policies, boundary } = permissions;
        const read = policies.map((policy) => ({ policy, compiled: readPolicy(policy, reader) }));
        const limit = typeof boundary === "string" ? undefined : readPolicy(boundary, reader);
        const unread = read.flatMap(({ policy, compiled }) => (compiled === undefined ? [policy] : []));
        const unknown = reader.readShared(ANYTHING)!.statements;
        const identity = read.flatMap(({ policy, compiled }) => placedIn(policy, compiled));
        const limits = typeof boundary === "string" ? [] : placedIn(boundary, limit);

        this.identityCount = identity.length + (unread.length > 0 ? unknown.length : 0);
        this.isLimited = boundary !== "none";
        this.statements = [
            ...identity.map((p) => p.statement),
            ...(unread.length > 0 ? unknown : []),
            ...limits.map((p) => p.statement),
            ...(this.isLimited && limit === undefined ? unknown : []),
        ];
        this.named = [...read.flatMap(({ compiled }) => compiled?.named ?? []), ...(limit?.named ?? [])];
        this.grants = this.reader.emptySet();
        for (const { effect, set } of this.statements.slice(0, this.identityCount)) {
            if (effect === "Allow") {
                add(this.grants, set);
            }
        }
        const facts = this.factsOf({});
        this.deniedServices = deniedServicesIn(this.statements);
        const named = resourcesIn(this.statements, facts);
        this.resources = new Map([
            ...named,
            ...[...this.deniedServices]
                .flatMap((service) => this.beginningsOf(service))
                .flatMap((beginning): [string, NamedResource][] => {
                    const example = `${beginning}${OTHER}`;
                    return named.has(example) ? [] : [[example, { written: "*", service: serviceOf(example) }]];
                }),
        ]);
        this.choices = choicesIn(this.statements);
        const strict = this.factsOf(this.choices[0]!, isHarmlessParameter);
        this.unknown = [
            ...unread.map(missingReason),
            ...(boundary === "unknown"
                ? ["The input does not show whether the role has a permissions boundary."]
                : boundary !== "none" && limit === undefined
                  ? [missingReason(boundary)]
                  : []),
            ...[...identity, ...limits].flatMap((placed) => undecidedIn(placed, strict)),
            ...this.named.flatMap(({ example, written }) =>
                reader.levelOf(example) === undefined ? [`${written} is not a known AWS action.`] : [],
            ),
        ];
    }

    /** The resources of the Allow statements that cover an action, in lower case. */
    resourcesFor(action: string): readonly string[] {
        return this.statements
            .slice(0, this.identityCount)
            .filter((s) => s.effect === "Allow" && isAbout(s, action))
            .flatMap((s) => (s.resources.isNot ? ["*"] : s.resources.patterns));
    }

    /** Whether any Allow covers a listed action, in lower case. A quick test that excludes most actions. */
    mayAllow(action: string): boolean {
        return this.reader.has(this.grants, action);
    }

    /** Whether the role may call an action, in lower case, on one of the resources, as a step of an escalation path. */
    allows(view: View, action: string, resources: Iterable<string>, passedTo?: string): boolean {
        return first(this.allowedOn(view, action, resources, passedTo)) !== undefined;
    }

    /** The named resources that an action, in lower case, can be about. With `isOwn`, only those of its own service. */
    resourcesOf(action: string, isOwn = false): readonly string[] {
        const own = action.slice(0, action.indexOf(":"));
        return [...this.resources].flatMap(([resource, { service }]) => {
            const isPossible =
                service === undefined
                    ? !this.deniedServices.has(own)
                    : isOwn
                      ? service === own
                      : this.reader.isPossible(action, service);
            return isPossible ? [resource] : [];
        });
    }

    /** The ARNs of a service up to the resource part: in the role's own account, in the regions that the policies name and any other. */
    beginningsOf(service: string): readonly string[] {
        const [, partition, , , account] = this.permissions.arn?.split(":") ?? [];
        this.mentioned ??= mentionedIn(this.statements, this.factsOf({}));
        const named = this.mentioned.flatMap((parts) =>
            parts[2] === service ? [{ partition: parts[1]!, region: parts[3]!, account: parts[4]! }] : [],
        );
        const usual = { partition: "aws", region: service === "iam" ? "" : OTHER, account: OTHER };
        const beginnings = (named.length === 0 || service === "iam" ? [...named, usual] : named).flatMap((found) => {
            const start = `arn:${partition ?? found.partition}:${service}`;
            const end = found.account === "" ? "" : (account ?? found.account);
            return [found.region, found.region === "" ? "" : OTHER].map((region) => `${start}:${region}:${end}:`);
        });
        return [...new Set(beginnings)];
    }

    /** A resource, in the words of the policies, on which the role may call an action, in lower case. */
    resourceAllowed(view: View, action: string): string | undefined {
        const resource = first(this.resourcesWith(view, action, this.resourcesOf(action), this.factsFor(action)));
        return resource === undefined ? undefined : this.resources.get(resource)!.written;
    }

    /** The listed actions that the role may call, for each resource that its policies name. */
    *allowed(view: View): Iterable<{ readonly actions: ActionSet; readonly on: string }> {
        const seen = new Set<string>();
        for (const choice of this.choices) {
            const facts = this.factsOf(choice);
            const conditions = this.statements.map((s) => truthOfConditions(s.conditions, s.effect, facts));
            for (const [resource, { written, service }] of this.resources) {
                const covers = this.coversOf(resource, facts);
                const holds = this.statements.map((_, i) => this.holds(view, i, all([covers[i], conditions[i]])));
                const signature = [isElsewhere(choice), service, holds.map(Number).join("")].join(" ");
                if (!seen.has(signature)) {
                    seen.add(signature);
                    yield { actions: this.actionsOf(holds, service, isElsewhere(choice)), on: written };
                }
            }
        }
    }

    /** Each of the resources on which the role may call an action, in lower case, as a step of an escalation path. */
    allowedOn(view: View, action: string, resources: Iterable<string>, passedTo?: string): Iterable<string> {
        return this.resourcesWith(view, action, resources, this.factsFor(action, isHarmlessParameter, passedTo));
    }

    private *resourcesWith(
        view: View,
        action: string,
        resources: Iterable<string>,
        requests: readonly Facts[],
    ): Iterable<string> {
        const about = this.statements.flatMap((s, i) => (isAbout(s, action) ? [i] : []));
        const isGranted = about.some((i) => i < this.identityCount && this.statements[i]!.effect === "Allow");
        if (isGranted) {
            for (const facts of requests) {
                const met = about.map((i) =>
                    truthOfConditions(this.statements[i]!.conditions, this.statements[i]!.effect, facts),
                );
                for (const resource of resources) {
                    const covers = this.coversOf(resource, facts);
                    if (this.isAllowed(about.filter((i, n) => this.holds(view, i, all([covers[i], met[n]]))))) {
                        yield resource;
                    }
                }
            }
        }
    }

    /** Whether a request is allowed if these statements apply to it. */
    private isAllowed(applying: readonly number[]): boolean {
        const allows = (isOfBoundary: boolean): boolean =>
            applying.some((i) => this.isOfBoundary(i) === isOfBoundary && this.statements[i]!.effect === "Allow");
        return (
            allows(false) &&
            (!this.isLimited || allows(true)) &&
            applying.every((i) => this.statements[i]!.effect === "Allow")
        );
    }

    private actionsOf(holds: readonly boolean[], service: string | undefined, isElsewhere: boolean): ActionSet {
        const allowed = this.reader.emptySet();
        const limit = this.reader.emptySet();
        this.statements.forEach(({ effect, set }, i) => {
            if (holds[i]! && effect === "Allow") {
                add(this.isOfBoundary(i) ? limit : allowed, set);
            }
        });
        if (this.isLimited) {
            keepOnly(allowed, limit);
        }
        this.statements.forEach(({ effect, set }, i) => {
            if (holds[i]! && effect === "Deny") {
                remove(allowed, set);
            }
        });
        if (service !== undefined) {
            keepOnly(allowed, this.reader.actionsOn(service));
        } else {
            this.deniedServices.forEach((denied) => remove(allowed, this.reader.actionsOf(denied)));
        }
        if (isElsewhere) {
            remove(allowed, this.reader.globalActions);
        }
        return allowed;
    }

    /** Whether a statement counts as applying in a view. */
    private holds(view: View, i: number, truth: Truth): boolean {
        if (truth !== undefined) {
            return truth;
        }
        if (this.statements[i]!.effect === "Deny") {
            return view === "least";
        }
        return this.isOfBoundary(i) ? view !== "least" : view === "most";
    }

    private isOfBoundary(i: number): boolean {
        return i >= this.identityCount;
    }

    private coversOf(resource: string, facts: Facts): readonly Truth[] {
        let covers = this.covers.get(resource);
        if (covers === undefined) {
            covers = this.statements.map((s) => coversResource(s.resources, resource, facts));
            this.covers.set(resource, covers);
        }
        return covers;
    }

    /** The known keys of requests for an action, one entry for each choice of the caller. */
    private factsFor(action: string, isFree?: Facts["isFree"], passedTo?: string): readonly Facts[] {
        const choices = isGlobal(action) ? this.choices.filter((choice) => !isElsewhere(choice)) : this.choices;
        return choices.map((choice) =>
            this.factsOf(passedTo === undefined ? choice : { ...choice, [PASSED_TO]: passedTo }, isFree),
        );
    }

    private factsOf(choice: Choice, isFree?: Facts["isFree"]): Facts {
        const facts = this.facts.get(choice) ?? factsOf(this.permissions.arn, choice);
        this.facts.set(choice, facts);
        return isFree === undefined ? facts : { ...facts, isFree };
    }
}

/** The condition keys and variables that keep a statement undecided. */
function undecidedIn({ policy, statement }: Placed, facts: Facts): readonly string[] {
    const { conditions, resources, effect, path } = statement;
    const tests = conditions.filter((test) => truthOfConditions([test], effect, facts) === undefined);
    const variables = resources.patterns.flatMap((pattern) =>
        variablesOf(pattern).filter((name) => !facts.known.has(name) && !facts.absent.has(name)),
    );
    return [...tests.map(({ key }) => key), ...variables].map(
        (key) => `${policy}, ${path}: depends on ${key}, whose value is not known.`,
    );
}

/** Values of condition keys that the caller chooses. */
type Choice = Readonly<Record<string, string>>;

const REGION = "aws:requestedregion";

const PASSED_TO = "iam:passedtoservice";

/** The region of global services. */
const HOME = "us-east-1";

function isElsewhere({ [REGION]: region }: Choice): boolean {
    return region !== undefined && region !== HOME;
}

function readPolicy({ arn, document }: PolicyDocument, reader: PolicyReader): CompiledPolicy | undefined {
    const given = document ?? (arn === undefined ? undefined : fixedPolicy(arn));
    return given === undefined ? undefined : arn === undefined ? reader.read(given) : reader.readShared(given);
}

function placedIn({ name }: PolicyDocument, policy: CompiledPolicy | undefined): readonly Placed[] {
    return (policy?.statements ?? []).map((statement) => ({ policy: name, statement }));
}

function missingReason({ name, document }: PolicyDocument): string {
    return document === undefined || document === null
        ? `${name}: the input lacks the document of this policy.`
        : `${name}: the document is not a valid policy.`;
}

/** The parts of the ARNs that the statements name. */
function mentionedIn(statements: readonly CompiledStatement[], facts: Facts): readonly (readonly string[])[] {
    return statements.flatMap((s) =>
        s.resources.patterns.flatMap((pattern) => {
            const parts = exampleResource(pattern, facts).split(":");
            return pattern !== "*" && parts.length > 5 ? [parts] : [];
        }),
    );
}

/** A matching resource for each pattern that can allow something. */
function resourcesIn(statements: readonly CompiledStatement[], facts: Facts): ReadonlyMap<string, NamedResource> {
    const patterns = statements
        .filter(({ effect, resources }) => (effect === "Allow") !== resources.isNot)
        .flatMap(({ resources }) => resources.patterns);
    const found = new Map([[ANY_RESOURCE, { written: "*", service: undefined as string | undefined }]]);
    for (const pattern of patterns) {
        const example = exampleResource(pattern, facts);
        found.set(example, { written: pattern, service: serviceOf(example) });
    }
    return found;
}

/** The choices of the caller: every value that a condition compares, and one other. */
function choicesIn(statements: readonly CompiledStatement[]): readonly Choice[] {
    const valuesOf = (name: string, more: readonly string[]): readonly Choice[] => {
        const values = statements.flatMap(({ conditions }) =>
            conditions.flatMap(({ key, values }) => (key.toLowerCase() === name ? values : [])),
        );
        const examples = new Set([...more, OTHER, ...values.map((value) => value.replaceAll(/[*?]/g, OTHER))]);
        return values.length === 0 ? [{}] : [...examples].map((example) => ({ [name]: example }));
    };
    const services = valuesOf(PASSED_TO, []);
    return valuesOf(REGION, [HOME]).flatMap((region) => services.map((service) => ({ ...region, ...service })));
}

function first<T>(values: Iterable<T>): T | undefined {
    for (const value of values) {
        return value;
    }
    return undefined;
}

function add(set: ActionSet, more: ActionSet): void {
    for (let w = 0; w < set.length; w++) {
        set[w]! |= more[w]!;
    }
}

function remove(set: ActionSet, other: ActionSet): void {
    for (let w = 0; w < set.length; w++) {
        set[w]! &= ~other[w]!;
    }
}

function keepOnly(set: ActionSet, other: ActionSet): void {
    for (let w = 0; w < set.length; w++) {
        set[w]! &= other[w]!;
    }
}

/** The service in an ARN. Undefined if it can be any. */
function serviceOf(arn: string): string | undefined {
    const service = arn.split(":", 3)[2];
    return service === undefined || service.includes(OTHER) ? undefined : service;
}

function deniedServicesIn(statements: readonly CompiledStatement[]): ReadonlySet<string> {
    const patterns = statements
        .filter(({ effect, resources }) => (effect === "Deny") !== resources.isNot)
        .flatMap(({ resources }) => resources.patterns);
    return new Set(patterns.flatMap((pattern) => /^arn:[^:]*:([a-z0-9-]+):/.exec(pattern)?.[1] ?? []));
}
