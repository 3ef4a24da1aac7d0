import { conditionHolds, type Condition } from "./condition";
import { Context, type WebIdentityRequest } from "./context";
import { all, any, not, type Truth } from "./truth";

export type { Truth } from "./truth";
export type { WebIdentityRequest } from "./context";

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/**
 * Whether a role's trust policy allows AssumeRoleWithWebIdentity, as AWS's IAM User Guide describes it and nothing else does:
 * a second opinion for tests. Undefined where the guide does not decide, or two of its pages say the opposite of each other.
 *
 * The comments name the guide's pages. Nothing of `provider/` may be imported here.
 */
export function allows(trustPolicy: object, request: WebIdentityRequest): Truth {
    // "Policy evaluation logic": denied unless something allows it, and an explicit deny overrides.
    return all([applies(trustPolicy, "Allow", request), not(applies(trustPolicy, "Deny", request))]);
}

/**
 * Whether a resource control policy denies AssumeRoleWithWebIdentity for a role. AWS Organizations' guide, "RCP evaluation": an explicit
 * deny in any of them denies the request; `RCPFullAWSAccess` allows the rest.
 */
export function denies(guardrail: object, roleArn: string, request: WebIdentityRequest): Truth {
    return applies(guardrail, "Deny", request, roleArn);
}

/** Whether a statement of that effect applies. The resource is given for policies that name one: a trust policy has none. */
function applies(policy: object, effect: string, request: WebIdentityRequest, resource?: string): Truth {
    const { Version: version, Statement: statements } = policy as Readonly<Record<string, Json>>;
    const language = version === undefined ? "2008-10-17" : text(version);
    const context = new Context(request);
    return any(
        list(statements)
            .filter((statement) => field(statement, "Effect") === effect)
            .map((statement) =>
                all([
                    principalMatches(field(statement, "Principal"), request),
                    actionMatches(field(statement, "Action"), field(statement, "NotAction")),
                    resource === undefined || resourceMatches(statement, resource),
                    conditionsHold(field(statement, "Condition"), language, context),
                ]),
            ),
    );
}

/** "Resource": wildcards in any part of an ARN. "NotResource": everything except those listed. With a variable: not looked at here. */
function resourceMatches(statement: Json, arn: string): Truth {
    const [named, excepted] = [field(statement, "Resource"), field(statement, "NotResource")];
    const patterns = list(named ?? excepted).map(text);
    if ((named === undefined) === (excepted === undefined) || patterns.some((pattern) => pattern.includes("$"))) {
        return undefined;
    }
    return patterns.some((pattern) => withWildcards(pattern, "").test(arn)) === (named !== undefined);
}

/** "Grammar": brackets are optional around one element. */
function list(value: Json | undefined): readonly Json[] {
    return value === undefined ? [] : Array.isArray(value) ? (value as readonly Json[]) : [value];
}

/** "Grammar": quotation marks are optional around numbers and booleans. */
function text(value: Json): string {
    return typeof value === "string" ? value : JSON.stringify(value);
}

function field(value: Json, name: string): Json | undefined {
    return (value as Readonly<Record<string, Json>>)[name];
}

/**
 * "AWS JSON policy elements: Principal": several are OR. `"*"` and `{"AWS": "*"}` are everybody, the same for callers without AWS
 * credentials, as those with a web identity token are. Not said: `{"Federated": "*"}`.
 */
function principalMatches(principal: Json | undefined, { providerArn }: WebIdentityRequest): Truth {
    if (principal === "*") {
        return true;
    }
    if (typeof principal !== "object" || principal === null || Array.isArray(principal)) {
        return undefined;
    }
    return any(
        Object.entries(principal).flatMap(([type, ids]) =>
            list(ids).map((id): Truth => {
                if (id === "*") {
                    return type === "AWS" || (type === "Federated" ? undefined : false);
                }
                return type === "Federated" && id === providerArn;
            }),
        ),
    );
}

/** "Action": prefix and name are case-insensitive, with wildcards. "NotAction": everything except those listed. */
function actionMatches(action: Json | undefined, notAction: Json | undefined): Truth {
    if ((action === undefined) === (notAction === undefined)) {
        return undefined;
    }
    const named = list(action ?? notAction).some((pattern) =>
        withWildcards(text(pattern), "i").test("sts:AssumeRoleWithWebIdentity"),
    );
    return named === (action !== undefined);
}

/** "Action" and "Resource": `*` is any characters, `?` any one character. */
function withWildcards(pattern: string, flags: string): RegExp {
    const escaped = pattern.replace(/[^A-Za-z0-9*?]/g, "\\$&");
    return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, flags);
}

/** "Conditions with multiple context keys or values": operators are AND, and so are the keys of an operator. */
function conditionsHold(block: Json | undefined, version: string, context: Context): Truth {
    const operators = Object.entries((block ?? {}) as Readonly<Record<string, Readonly<Record<string, Json>>>>);
    const conditions = operators.flatMap(([operator, keys]) =>
        Object.entries(keys).map(([key, values]): Condition => ({
            operator,
            key,
            values: list(values).map(text),
        })),
    );
    // "Grammar": no element has the same key twice; whether two spellings are the same is not said.
    const twice = operators.some(
        ([, keys]) => new Set(Object.keys(keys).map((key) => key.toLowerCase())).size < Object.keys(keys).length,
    );
    return twice ? undefined : all(conditions.map((condition) => conditionHolds(condition, version, context)));
}
