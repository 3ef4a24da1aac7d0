import { INVALID_INPUT, jsonOf, type CommandReference } from "./reference";

export const EXPLAIN = {
    name: "explain",
    summary: "Explain why AWS allows or denies a job",
    usage: "FILE (--claims FILE | --token FILE) [OPTIONS]",
    description: [
        "Evaluates a role's trust policy for a job's ID token. If AWS would deny the job, prints the error message of AWS, the condition that is not met, and a fix.",
    ],
    operand: {
        name: "FILE",
        help: "Trust policy of the role as JSON, or the output of `aws iam get-role --role-name NAME`",
        isMany: false,
    },
    options: {
        "trust-policy": { value: "FILE", help: "Trust policy, instead of the argument FILE" },
        claims: { value: "FILE", help: "Claims of the job's ID token, as JSON" },
        token: { value: "FILE", help: "ID token of the job. It is never printed" },
        context: {
            value: "KEY=VALUE",
            many: true,
            help: "Value of another condition key, such as aws:SourceIp. Can be repeated",
        },
        json: jsonOf("explainTrust"),
    },
    examples: [
        {
            text: "Explain a denied job from the claims of its token",
            command: "aws-gitlab-oidc explain policy.json --claims claims.json",
        },
        {
            text: "Read the trust policy from AWS",
            command: "aws iam get-role --role-name deploy | aws-gitlab-oidc explain - --claims claims.json",
        },
    ],
    statuses: { 0: "AWS would allow the job", 1: "AWS would deny the job", 2: INVALID_INPUT },
} as const satisfies CommandReference;
