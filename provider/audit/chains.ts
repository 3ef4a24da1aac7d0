import { literalGlob, matchesGlob } from "../iam/glob";
import type { Truth } from "../iam/truth";
import type { Statement } from "../trust/document";
import { type Facts, factsOf, truthOfConditions } from "./facts";
import {
    type Access,
    type Power,
    type PowerJudge,
    type PowerLevel,
    type PowerReason,
    POWERS,
    type RolePermissions,
} from "./power";

/** A role of one of the accounts. */
export interface AccountRole {
    readonly arn: string;
    readonly permissions: RolePermissions;
    /** The statements of its trust policy. */
    readonly trust: readonly Statement[];
}

/** A step from one role to another. */
interface Step extends Access {
    readonly to: string;
    /** By assuming the other role, or by passing it to a service that runs the first role's code. */
    readonly by: "assume" | { readonly passTo: string };
}

/** The power of a role, including the roles that it can use. */
export interface ChainedPower extends Power {
    /** ARNs of the roles that the role can assume directly. */
    readonly assumes: readonly string[];
    /** ARNs of all roles that it can use, directly or through other roles, without itself. */
    readonly reaches: readonly string[];
}

/** A role and the statements of its trust policy. */
interface Trust {
    readonly role: AccountRole;
    readonly statements: readonly Statement[];
}

const ASSUME = "sts:assumerole";

/**
 * Finds the roles that a role can use: with `sts:AssumeRole`, or with `iam:PassRole` to a service that runs its code. The policies of
 * the first role and the trust policy of the second role must both allow it.
 *
 * A role that can use a stronger role has that role's power, except that `administrator` becomes `escalation`. If the trust policy
 * names a role of the same account by its ARN, that role needs no policy for `sts:AssumeRole`. A Deny still counts.
 *
 * Sources: AWS, "Determining whether a request is allowed or denied within an account", "Cross-account policy evaluation logic".
 */
export class Chains {
    private readonly byArn = new Map<string, Trust[]>();
    private readonly byAccount = new Map<string, Trust[]>();
    private readonly byService = new Map<string, Trust[]>();
    private readonly roles: ReadonlyMap<string, AccountRole>;
    private readonly powers = new Map<string, Power>();
    private readonly steps = new Map<string, readonly Step[]>();

    constructor(
        roles: readonly AccountRole[],
        private readonly judge: PowerJudge,
    ) {
        this.roles = new Map(roles.map((role) => [role.arn, role]));
        for (const role of this.roles.values()) {
            this.index({ role, statements: role.trust });
        }
    }

    /** The power of one of the roles, including the roles that it can use. */
    powerOf(arn: string): ChainedPower {
        const own = this.ownPower(arn);
        const reached = new Map<string, Step>();
        const undecided = new Map<string, Step>();
        // The loop extends this list. Each role is added once, so cycles end.
        const queue = [arn];
        for (const from of queue) {
            for (const step of this.stepsFrom(from)) {
                if (step.to === arn || reached.has(step.to)) {
                    continue;
                }
                if (step.isAllowed) {
                    reached.set(step.to, step);
                    queue.push(step.to);
                }
                if (!step.isDecided) {
                    undecided.set(step.to, step);
                }
            }
        }
        return this.together(own, arn, [...reached.values()], [...undecided.values()]);
    }

    private together(own: Power, arn: string, reached: readonly Step[], undecided: readonly Step[]): ChainedPower {
        const through = reached.map((step) => ({ step, power: limited(this.ownPower(step.to).power) }));
        const power = strongest([own.power, ...through.map((t) => t.power)]);
        const better = through.filter((t) => t.power === power && isStronger(power, own.power));
        const unsure = [
            ...reached.filter(({ to }) => !this.ownPower(to).powerComplete),
            ...undecided.filter(
                ({ to }) =>
                    isStronger(limited(this.ownPower(to).power), power) ||
                    !this.ownPower(to).powerComplete ||
                    reached.some((r) => r.to === to),
            ),
        ];
        // Other roles raise the power to escalation at most.
        const isComplete = own.powerComplete && (!isStronger("escalation", power) || unsure.length === 0);
        const kept = better.length === 0 ? own.reasons : own.reasons.filter(({ kind }) => kind === "unknown");
        return {
            power,
            powerComplete: isComplete,
            reasons: [
                ...better.map(({ step }): PowerReason => ({
                    kind: power as Exclude<PowerLevel, "none">,
                    text: this.inWords(step),
                })),
                ...kept,
                ...(isComplete || !own.powerComplete ? [] : [...new Set(unsure.map(({ to }) => to))].map(unsureReason)),
            ],
            assumes: this.stepsFrom(arn).flatMap(({ to, by, isAllowed }) => (by === "assume" && isAllowed ? [to] : [])),
            reaches: reached.map(({ to }) => to),
        };
    }

    private inWords({ to, by }: Step): string {
        const { power } = this.ownPower(to);
        return by === "assume"
            ? `Can use ${to} (${power}) with sts:AssumeRole.`
            : `Can use ${to} (${power}) by passing it to ${by.passTo}.`;
    }

    private ownPower(arn: string): Power {
        let power = this.powers.get(arn);
        if (power === undefined) {
            power = this.judge.powerOf(this.roles.get(arn)!.permissions);
            this.powers.set(arn, power);
        }
        return power;
    }

    private stepsFrom(arn: string): readonly Step[] {
        let steps = this.steps.get(arn);
        if (steps === undefined) {
            const role = this.roles.get(arn)!;
            steps = [...this.assumptions(role), ...this.passes(role)];
            this.steps.set(arn, steps);
        }
        return steps;
    }

    private assumptions(role: AccountRole): readonly Step[] {
        const account = accountOf(role.arn);
        const facts = factsOf(role.arn);
        const named = this.byArn.get(role.arn) ?? [];
        const isTrusted = ({ role: to }: Trust): boolean => accountOf(to.arn) === account;
        const mayAssume = this.judge.mayAllow(role.permissions, ASSUME);
        const others = mayAssume
            ? [...named, ...(this.byAccount.get(account) ?? []), ...(this.byAccount.get("*") ?? [])]
            : [];
        const steps = (permissions: RolePermissions, trusting: readonly Trust[]): readonly Step[] => {
            const arns = trusting.map((trust) => trust.role.arn);
            const allowed = this.judge.allowedOn(permissions, ASSUME, arns);
            return trusting.flatMap((trust) => {
                const to = trust.role.arn;
                const step = to === role.arn ? NO : both(allowed.get(to) ?? NO, () => trusts(trust, role.arn, facts));
                return step.isAllowed || !step.isDecided ? [{ to, by: "assume" as const, ...step }] : [];
            });
        };
        const byName = named.length === 0 ? [] : steps(withAssume(role.permissions), named.filter(isTrusted));
        const known = new Set(byName.filter(({ isAllowed, isDecided }) => isAllowed && isDecided).map(({ to }) => to));
        const rest = [...new Set(others)].filter((trust) => !known.has(trust.role.arn));
        return [...byName, ...(rest.length === 0 ? [] : steps(role.permissions, rest))];
    }

    private passes(role: AccountRole): readonly Step[] {
        if (!this.judge.mayAllow(role.permissions, "iam:passrole")) {
            return [];
        }
        return [...this.judge.servicesToPassTo(role.permissions)].flatMap(([service, runs]) => {
            const arns = (this.byService.get(service) ?? [])
                .map((trust) => trust.role.arn)
                .filter((to) => to !== role.arn && accountOf(to) === accountOf(role.arn));
            const passed = this.judge.allowedOn(role.permissions, "iam:PassRole", arns, service);
            return [...passed].flatMap(([to, access]): Step[] => {
                const step = both(runs, () => access);
                return step.isAllowed || !step.isDecided ? [{ to, by: { passTo: service }, ...step }] : [];
            });
        });
    }

    private index(trust: Trust): void {
        const add = (map: Map<string, Trust[]>, name: string): void => {
            const trusting = map.get(name) ?? [];
            map.set(name, trusting);
            if (trusting.at(-1) !== trust) {
                trusting.push(trust);
            }
        };
        for (const { effect, principals } of trust.statements) {
            for (const { type, values } of effect === "Allow" ? principals : []) {
                for (const value of values) {
                    if (type === "Service") {
                        add(this.byService, value);
                    } else if (type === "AWS" || type === "*") {
                        const account = accountNamed(value);
                        add(account === undefined ? this.byArn : this.byAccount, account ?? value);
                    }
                }
            }
        }
    }
}

/** Whether a trust policy trusts a role. As in `PowerJudge`, undecided statements do not count. */
function trusts({ statements }: Trust, arn: string, facts: Facts): Access {
    const applying = statements
        .filter((s) => isAboutAssume(s) && isAboutRole(s, arn))
        .map((s) => ({ effect: s.effect, truth: truthOfConditions(s.conditions, s.effect, facts) }));
    const has = (effect: string, truth: Truth): boolean =>
        applying.some((a) => a.effect === effect && a.truth === truth);
    const isDenied = has("Deny", true);
    const isAllowed = has("Allow", true) && !isDenied;
    const isDecided = isDenied || (isAllowed ? !has("Deny", undefined) : !has("Allow", undefined));
    return { isAllowed, isDecided };
}

const NO: Access = { isAllowed: false, isDecided: true };

/** Whether both answers allow the request. The second is computed only if the first may allow it. */
function both(first: Access, second: () => Access): Access {
    if (!first.isAllowed && first.isDecided) {
        return NO;
    }
    const { isAllowed, isDecided } = second();
    return !isAllowed && isDecided
        ? NO
        : { isAllowed: first.isAllowed && isAllowed, isDecided: first.isDecided && isDecided };
}

function isAboutAssume({ actions, isNotAction }: Statement): boolean {
    return actions.some((action) => matchesGlob(literalGlob(action.toLowerCase()), ASSUME)) !== isNotAction;
}

function isAboutRole({ principals }: Statement, arn: string): boolean {
    return principals.some(
        ({ type, values }) =>
            (type === "AWS" || type === "*") &&
            values.some((value) => value === "*" || value === arn || accountNamed(value) === accountOf(arn)),
    );
}

/** The account that a principal means, or `*` for everybody. Undefined for a single identity. */
function accountNamed(principal: string): string | undefined {
    return principal === "*" ? "*" : /^(?:arn:[^:]*:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1];
}

function accountOf(arn: string): string {
    return arn.split(":", 5)[4] ?? "";
}

/** The policies, and one more that allows `sts:AssumeRole`: the effect of a trust policy that names the role. */
function withAssume(permissions: RolePermissions): RolePermissions {
    const document = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" } };
    return { ...permissions, policies: [...permissions.policies, { name: "trust policy", document }] };
}

/** The power that a role gets by using another one. */
function limited(power: PowerLevel): PowerLevel {
    return power === "administrator" ? "escalation" : power;
}

function isStronger(a: PowerLevel, b: PowerLevel): boolean {
    return POWERS.indexOf(a) < POWERS.indexOf(b);
}

function strongest(powers: readonly PowerLevel[]): PowerLevel {
    return powers.reduce((a, b) => (isStronger(b, a) ? b : a));
}

function unsureReason(arn: string): PowerReason {
    return { kind: "unknown", text: `The access through ${arn} is not certain.` };
}
