const allow = (more: object): object => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Resource: "*", ...more }],
});

/**
 * Policies of AWS whose names promise what they allow, so that AWS cannot take it away without breaking the name: `AdministratorAccess`
 * is everything, `PowerUserAccess` everything but IAM, organizations and accounts, `IAMFullAccess` all of IAM, `ReadOnlyAccess`
 * reads of nearly every service. They are here for sources that lack AWS's documents. Every other one changes without notice, and
 * is unknown without its document.
 *
 * `ReadOnlyAccess` is cut down to a few services: what decides its power, and no action that is not in AWS's document.
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

/** The document of a managed policy of AWS, given by its ARN, as far as its name fixes it. */
export function fixedPolicy(arn: string): object | undefined {
    const [, name] = /^arn:[^:]*:iam::aws:policy\/(.*)$/.exec(arn) ?? [];
    return name === undefined ? undefined : FIXED.get(name);
}
