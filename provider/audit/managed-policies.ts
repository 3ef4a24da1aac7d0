const allow = (more: object): object => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Resource: "*", ...more }],
});

/**
 * AWS managed policies whose names fix their meaning: `AdministratorAccess` allows everything, `PowerUserAccess` everything except
 * IAM, organizations and accounts, `IAMFullAccess` all of IAM, `ReadOnlyAccess` reads in nearly every service. AWS documents these
 * four that way, and cannot change it without breaking its customers. They are used if the input lacks the documents. AWS updates
 * all other managed policies without notice, so they are unknown without their documents.
 *
 * `ReadOnlyAccess` is reduced to ten services. That does not change its power.
 * Source: AWS, "AWS managed policies for job functions", "AWS Managed Policy Reference Guide".
 */
const FIXED: ReadonlyMap<string, object> = new Map([
    ["AdministratorAccess", allow({ Action: "*" })],
    ["PowerUserAccess", allow({ NotAction: ["iam:*", "organizations:*", "account:*"] })],
    ["IAMFullAccess", allow({ Action: "iam:*" })],
    [
        "ReadOnlyAccess",
        allow({
            Action: ["cloudformation", "dynamodb", "ec2", "ecs", "iam", "lambda", "rds", "s3", "sns", "sqs"].flatMap(
                (service) => ["Describe*", "Get*", "List*"].map((name) => `${service}:${name}`),
            ),
        }),
    ],
]);

/** The document of an AWS managed policy whose name fixes its meaning. Undefined for all others. */
export function fixedPolicy(arn: string): object | undefined {
    const [, name] = /^arn:[^:]*:iam::aws:policy\/(.*)$/.exec(arn) ?? [];
    return name === undefined ? undefined : FIXED.get(name);
}
