import { type AccessLevel, OTHER } from "./access-levels";
import { ANY_ACTION, PolicyReader } from "./compiled-policy";
import { ESCALATION_PATHS, type EscalationPath, type Step } from "./escalation-paths";
import { ANY_RESOURCE } from "./identity-policy";
import { type RolePermissions, RolePolicies, type View } from "./role-policies";

export type { PolicyDocument, RolePermissions } from "./role-policies";

/** What a role may do, the strongest first. */
export const POWERS = ["administrator", "escalation", "write", "read", "none"] as const;

export type PowerLevel = (typeof POWERS)[number];

export interface PowerReason {
    /** The power that it gives; `"unknown"` for what keeps the power from being exact. */
    readonly kind: Exclude<PowerLevel, "none"> | "unknown";
    readonly text: string;
}

/** How much a role may do. */
export interface Power {
    readonly power: PowerLevel;
    /** Whether the power is exact. If not, reasons of the kind `"unknown"` say why. */
    readonly powerComplete: boolean;
    readonly reasons: readonly PowerReason[];
}

/** What a request is about. */
export interface ActionOn {
    /** An ARN. */
    readonly resource: string;
    /** The service that a role is passed to, for `iam:PassRole`: `lambda.amazonaws.com`. */
    readonly passedTo?: string;
}

/** Whether something is allowed, by the same rules as the power. */
export interface Answer {
    readonly isAllowed: boolean;
    /** Whether it stays so whichever way everything unknown is decided. */
    readonly isDecided: boolean;
}

/**
 * The power of roles. It means "at least this":
 *
 * - `administrator`: may do everything. There is an Allow for every action on every resource, and no Deny takes away the changes of
 *   IAM with which the role could lift every other Deny.
 * - `escalation`: has one of the published paths (`ESCALATION_PATHS`) to the power of another identity. A path counts if it is open
 *   to every role, user, function and so on. A role that may pass or change only those with some name has no such path: whether one
 *   of them is stronger is for the caller, who knows the other roles (`allows`). A path counts too if the role may change itself.
 * - `write`, `read`: may do an action with that access level of AWS.
 *
 * What allows counts only if it is certain, and so does what takes away:
 *
 * - An Allow with a condition that cannot be decided gives nothing.
 * - A Deny with such a condition takes nothing away. Most of them leave some requests through on purpose, because a Deny that is to
 *   hold always needs no condition; an administrator whom a Deny stops at some addresses is to be reported as one.
 * - A boundary that is unknown, or that cannot be decided for an action, takes nothing away.
 * - A policy without its document gives nothing and takes nothing away.
 * - An action that AWS is not known to have counts as write.
 *
 * The power is complete if it stays the same whichever way all this is decided: an undecided Allow that could only add a read to a
 * write leaves it complete. Conditions are decided if every request of a session from GitLab has the same value (`factsOf`), or if the
 * caller writes the value into the request and so can choose it. A caller chooses `aws:RequestedRegion` too, except for IAM and
 * other services that are in us-east-1 alone.
 *
 * A resource is taken to exist, and to be of a type that the action is about. Not looked at: service and resource control
 * policies, resource policies, session policies, and roles that the role may assume.
 *
 * Sources: AWS, "Policy evaluation logic", "Permissions boundaries for IAM entities", "IAM JSON policy elements reference".
 */
export class PowerJudge {
    private readonly reader = new PolicyReader();

    private readonly roles = new WeakMap<RolePermissions, RolePolicies>();

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

    /** Whether a role's policies allow an action on a resource. For those who follow roles to other roles. */
    allows(permissions: RolePermissions, action: string, { resource, passedTo }: ActionOn): Answer {
        const policies = this.policiesOf(permissions);
        const key = action.toLowerCase();
        const isAllowed = (view: View): boolean => policies.allows(view, key, [resource], passedTo);
        return answer(isAllowed, policies);
    }

    /** Whether any Allow of the role's policies is about an action, given in lower case. */
    mayAllow(permissions: RolePermissions, action: string): boolean {
        return this.policiesOf(permissions).resourcesFor(action).length > 0;
    }

    /** Services that run what the role says, with a role that it passes to them: those of the paths that begin with `iam:PassRole`. */
    servicesToPassTo(permissions: RolePermissions): ReadonlyMap<string, Answer> {
        const policies = this.policiesOf(permissions);
        const services = new Map<string, Answer>();
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
        let policies = this.roles.get(permissions);
        if (policies === undefined) {
            policies = new RolePolicies(permissions, this.reader);
            this.roles.set(permissions, policies);
        }
        return policies;
    }

    private powerIn(view: View, policies: RolePolicies): Pick<Power, "power" | "reasons"> {
        const paths = ESCALATION_PATHS.filter((path) => hasPath(view, path, policies));
        if (paths.some((path) => path.changesIam) && policies.allows(view, ANY_ACTION, [ANY_RESOURCE])) {
            return levelWith("administrator", ["May do every action on every resource."]);
        }
        if (paths.length > 0) {
            return levelWith("escalation", paths.map(textOfPath));
        }
        const { write, read } = this.levelsIn(view, policies);
        return write !== undefined
            ? levelWith("write", [`May do ${write}.`])
            : read !== undefined
              ? levelWith("read", [`May do ${read}.`])
              : { power: "none", reasons: [] };
    }

    /** For each access level an action that the role may do, with its resource. */
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

function answer(isAllowed: (view: View) => boolean, policies: RolePolicies): Answer {
    const isDecided = policies.unknown.length === 0 || isAllowed("least") === isAllowed("most");
    return { isAllowed: isAllowed("reported"), isDecided };
}

function levelWith(kind: Exclude<PowerLevel, "none">, texts: readonly string[]): Pick<Power, "power" | "reasons"> {
    return { power: kind, reasons: texts.map((text) => ({ kind, text })) };
}

function textOfPath({ name, source }: EscalationPath): string {
    return `May do ${name} (${source}).`;
}

function hasPath(view: View, path: EscalationPath, policies: RolePolicies): boolean {
    return (
        path.steps.every(({ key }) => policies.mayAllow(key)) &&
        path.steps.every((step) => hasStep(view, step, path, policies))
    );
}

function hasStep(view: View, { key, target, passedTo }: Step, path: EscalationPath, policies: RolePolicies): boolean {
    if (target.kind === "own choice") {
        return policies.allows(view, key, policies.resourcesOf(key, true), passedTo);
    }
    const open = policies.beginningsOf(target.service).map((beginning) => `${beginning}${target.type}${OTHER}`);
    return policies.allows(view, key, path.onSelf ? [...open, ...ownArns(target.type, policies)] : open, passedTo);
}

/** What the role can change to get more power itself: its own ARN, or the ARNs of its own account's policies that are attached. */
function ownArns(type: string, { permissions: { arn, policies } }: RolePolicies): readonly string[] {
    return type === "role/"
        ? arn === undefined
            ? []
            : [arn]
        : policies.flatMap((policy) =>
              policy.arn === undefined || /^arn:[^:]*:iam::aws:/.test(policy.arn) ? [] : [policy.arn],
          );
}
