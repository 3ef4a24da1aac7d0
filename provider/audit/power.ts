import { type AccessLevel, OTHER } from "./access-levels";
import { ANY_ACTION, PolicyReader } from "./compiled-policy";
import { ESCALATION_PATHS, type EscalationPath, type Step } from "./escalation-paths";
import { ANY_RESOURCE } from "./identity-policy";
import { type RolePermissions, RolePolicies, type View } from "./role-policies";

export type { PolicyDocument, RolePermissions } from "./role-policies";

/** How much a role can do. */
export type PowerLevel = "administrator" | "escalation" | "write" | "read" | "none";

/** The levels of power, the strongest first. */
export const POWERS: readonly PowerLevel[] = ["administrator", "escalation", "write", "read", "none"];

/** A reason for the power of a role. */
export interface PowerReason {
    /** The power that the reason explains. `"unknown"` if it explains why the power is not exact. */
    readonly kind: Exclude<PowerLevel, "none"> | "unknown";
    /** The reason in words. */
    readonly text: string;
}

/** The power of a role. */
export interface Power {
    readonly power: PowerLevel;
    /** Whether the power is exact. If not, reasons of the kind `"unknown"` explain why. */
    readonly powerComplete: boolean;
    readonly reasons: readonly PowerReason[];
}

/** Whether a request is allowed, by the same rules as the power. */
export interface Access {
    readonly isAllowed: boolean;
    /** Whether the answer is certain. */
    readonly isDecided: boolean;
}

/**
 * Computes the power of roles, which means "at least this":
 *
 * - `administrator`: an Allow covers every action on every resource, and the role may change IAM. With that it can remove any Deny
 *   for other actions.
 * - `escalation`: one of the published paths (`ESCALATION_PATHS`) is open. A path to other identities is open if the policies allow
 *   it for every role, user, function and so on. Access to some named ones does not count: `Chains` decides whether one of them is
 *   stronger. A path is also open if the role may change its own permissions.
 * - `write`, `read`: the role may call an action with that AWS access level.
 *
 * A grant counts only if it is certain. A restriction counts only if it is certain too:
 *
 * - An Allow with an undecided condition does not count.
 * - A Deny with an undecided condition does not count. Such a Deny is meant to let some requests through; otherwise it would have no
 *   condition. If it counted, an administrator with a Deny outside of office addresses would be reported as `none`.
 * - An unknown boundary does not count, nor does a boundary for an action if its Allow is undecided.
 * - A policy without a document does not count.
 * - An unknown action counts as write.
 *
 * `powerComplete` is true if the power is the same for the lowest and the highest reading of all that. An undecided Allow that can only
 * add a read to a write keeps it true.
 *
 * A condition is decided if all requests of a session from GitLab have the same value (`factsOf`), or if the caller chooses the value,
 * because it is a parameter of the request. The caller also chooses `aws:RequestedRegion`, except for global services, which use
 * us-east-1.
 *
 * Resources are assumed to exist, and to be of a type that the action accepts. Not evaluated: service and resource control policies,
 * resource policies and session policies.
 *
 * Sources: AWS, "Policy evaluation logic", "Permissions boundaries for IAM entities", "IAM JSON policy elements reference".
 */
export class PowerJudge {
    private readonly reader = new PolicyReader();

    /** The role of the last question. One question follows another about the same role, and all roles at once would fill the memory. */
    private last: RolePolicies | undefined;

    powerOf(permissions: RolePermissions): Power {
        const policies = this.policiesOf(permissions);
        const { power, reasons } = this.powerIn("reported", policies);
        const isExact = (view: View): boolean => this.powerIn(view, policies).power === power;
        if (policies.unknown.length === 0 || (isExact("least") && isExact("most"))) {
            return { power, powerComplete: true, reasons };
        }
        const unknown = [...new Set(policies.unknown)].map((text): PowerReason => ({ kind: "unknown", text }));
        return { power, powerComplete: false, reasons: [...reasons, ...unknown] };
    }

    /** The resources on which a role's policies allow an action, or may allow it. `passedTo` is the service that a role is passed to. */
    allowedOn(
        permissions: RolePermissions,
        action: string,
        resources: readonly string[],
        passedTo?: string,
    ): ReadonlyMap<string, Access> {
        const policies = this.policiesOf(permissions);
        const allowed = (view: View): ReadonlySet<string> =>
            new Set(policies.allowedOn(view, action.toLowerCase(), resources, passedTo));
        const reported = allowed("reported");
        const [least, most] =
            policies.unknown.length === 0 ? [reported, reported] : [allowed("least"), allowed("most")];
        return new Map(
            [...most].map((resource) => [
                resource,
                { isAllowed: reported.has(resource), isDecided: least.has(resource) },
            ]),
        );
    }

    /** Whether any Allow of the role's policies covers an action, in lower case. */
    mayAllow(permissions: RolePermissions, action: string): boolean {
        return this.policiesOf(permissions).resourcesFor(action).length > 0;
    }

    /** Services that run the role's code with a role that is passed to them, if `iam:PassRole` is allowed for it. */
    servicesToPassTo(permissions: RolePermissions): ReadonlyMap<string, Access> {
        const policies = this.policiesOf(permissions);
        const services = new Map<string, Access>();
        for (const path of ESCALATION_PATHS) {
            const [first, ...others] = path.steps;
            const service = first!.passedTo;
            if (service !== undefined && path.steps.every(({ key }) => policies.mayAllow(key))) {
                const found = answer((view) => others.every((s) => hasStep(view, s, path, policies)), policies);
                const before = services.get(service);
                services.set(service, {
                    isAllowed: found.isAllowed || before?.isAllowed === true,
                    isDecided: found.isDecided && before?.isDecided !== false,
                });
            }
        }
        return services;
    }

    private policiesOf(permissions: RolePermissions): RolePolicies {
        if (this.last?.permissions !== permissions) {
            this.last = new RolePolicies(permissions, this.reader);
        }
        return this.last;
    }

    private powerIn(view: View, policies: RolePolicies): Pick<Power, "power" | "reasons"> {
        const isOpen = (path: EscalationPath): boolean => hasPath(view, path, policies);
        if (policies.allows(view, ANY_ACTION, [ANY_RESOURCE]) && CHANGES_OF_IAM.some(isOpen)) {
            return levelWith("administrator", ["Allows every action on every resource."]);
        }
        // The reasons name all paths. For the bounds one is enough.
        const first = view === "reported" ? undefined : ESCALATION_PATHS.find(isOpen);
        const paths = view === "reported" ? ESCALATION_PATHS.filter(isOpen) : first === undefined ? [] : [first];
        if (paths.length > 0) {
            return levelWith("escalation", paths.map(textOfPath));
        }
        const { write, read } = this.levelsIn(view, policies);
        return write !== undefined
            ? levelWith("write", [`Allows ${write}.`])
            : read !== undefined
              ? levelWith("read", [`Allows ${read}.`])
              : { power: "none", reasons: [] };
    }

    /** For each access level, an action and a resource that the role has access to. */
    private levelsIn(view: View, policies: RolePolicies): Partial<Record<AccessLevel, string>> {
        const found: Partial<Record<AccessLevel, string>> = {};
        for (const { example, written } of policies.named) {
            const level = this.reader.levelOf(example) ?? (view === "least" ? undefined : "write");
            if (level !== undefined && found[level] === undefined) {
                const resource = policies.resourceAllowed(view, example);
                found[level] = resource === undefined ? undefined : `${written} on ${resource}`;
            }
            if (found.write !== undefined) {
                return found;
            }
        }
        for (const { actions, on } of policies.allowed(view)) {
            for (const level of ["write", "read"] as const) {
                const action = this.reader.commonTo(actions, this.reader.withLevel[level]);
                found[level] ??= action === undefined ? undefined : `${action} on ${on}`;
            }
            if (found.write !== undefined) {
                return found;
            }
        }
        return found;
    }
}

const CHANGES_OF_IAM = ESCALATION_PATHS.filter(({ changesIam }) => changesIam);

function answer(isAllowed: (view: View) => boolean, policies: RolePolicies): Access {
    const isDecided = policies.unknown.length === 0 || isAllowed("least") === isAllowed("most");
    return { isAllowed: isAllowed("reported"), isDecided };
}

function levelWith(kind: Exclude<PowerLevel, "none">, texts: readonly string[]): Pick<Power, "power" | "reasons"> {
    return { power: kind, reasons: texts.map((text) => ({ kind, text })) };
}

function textOfPath({ name, source }: EscalationPath): string {
    return `Allows ${name} (${source}).`;
}

function hasPath(view: View, path: EscalationPath, policies: RolePolicies): boolean {
    if (!path.steps.every(({ key }) => policies.mayAllow(key))) {
        return false;
    }
    const { target } = path.steps[0]!;
    return target.kind === "one"
        ? policies
              .resourcesOf(`${target.service}:`, true)
              .flatMap((arn) => asTarget(arn, target, policies))
              .some((arn) => path.steps.every(({ key }) => policies.allows(view, key, [arn])))
        : path.steps.every((step) => hasStep(view, step, path, policies));
}

/**
 * A named resource as one of the type, given by how the last part of its ARN begins: `role/`. Parts of the ARN that are open become
 * those of a resource in the role's account, because another statement can exclude just these.
 */
function asTarget(
    arn: string,
    { service, type }: { readonly service: string; readonly type: string },
    { permissions }: RolePolicies,
): readonly string[] {
    const [, ownPartition = OTHER, , , ownAccount = OTHER] = permissions.arn?.split(":") ?? [];
    const [start, partition, of, region, account, ...rest] = arn.split(":");
    const name = rest.join(":");
    if (!name.startsWith(type) && !name.startsWith(OTHER)) {
        return [];
    }
    const settled = [
        partition === OTHER ? ownPartition : partition,
        of === OTHER ? service : of,
        // IAM has no regions.
        region === OTHER ? "" : region,
        account === OTHER ? ownAccount : account,
        name.startsWith(type) ? name : `${type}${name}`,
    ];
    return [[start, ...settled].join(":")];
}

function hasStep(view: View, { key, target, passedTo }: Step, path: EscalationPath, policies: RolePolicies): boolean {
    if (target.kind !== "any") {
        return policies.allows(view, key, policies.resourcesOf(key, true), passedTo);
    }
    const open = policies.beginningsOf(target.service).map((beginning) => `${beginning}${target.type}${OTHER}`);
    return policies.allows(view, key, path.onSelf ? [...open, ...ownArns(target.type, policies)] : open, passedTo);
}

/** The ARNs that the role can change to escalate itself: its own, or those of attached policies that AWS does not own. */
function ownArns(type: string, { permissions: { arn, policies } }: RolePolicies): readonly string[] {
    return type === "role/"
        ? arn === undefined
            ? []
            : [arn]
        : policies.flatMap((policy) =>
              policy.arn === undefined || /^arn:[^:]*:iam::aws:/.test(policy.arn) ? [] : [policy.arn],
          );
}
