import type { CommandReference } from "./reference";

export const EXPLAIN = {
    name: "explain",
    summary: "Explain why AWS allows or denies a job",
    usage: "FILE (--claims FILE | --token FILE | --event FILE) [OPTIONS]",
    description: [
        "Evaluates a role's trust policy for a job's ID token. If AWS would deny the job, prints the error message of AWS, the condition that is not met, and a fix.",
        "With --event, evaluates the trust policy for a CloudTrail event of AssumeRoleWithWebIdentity, and needs no token. Events record the `sub` claim and the audience, but no other claim. The JSON output has `verdict` (`allowed`, `denied` or `unknown`), `cause`, `fix`, `undecided` (conditions that depend on values that the event does not have) and `event`. If a resource control policy denies the call, `deniedBy` is its file and statement.",
        "If the file has several events, uses the newest denied one. The output of `aws iam get-role` as FILE limits them to the events of that role. If the denied events differ in role, `sub` claim or audience, lists them.",
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
        event: {
            value: "FILE",
            help: "CloudTrail event of the job as JSON, or the output of `aws cloudtrail lookup-events`",
        },
        guardrail: {
            value: "FILE",
            many: true,
            help: "Resource control policy that applies to the account: the output `policy` of OrganizationGuardrail, or of `aws organizations describe-policy`. Can be repeated",
        },
        context: {
            value: "KEY=VALUE",
            many: true,
            help: "Value of another condition key, such as aws:SourceIp. Can be repeated",
        },
        json: { help: "Print the result of `explainTrust` as JSON. With --event: the explanation and the event" },
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
        {
            text: "Explain a denial by a resource control policy",
            command: "aws-gitlab-oidc explain role.json --claims claims.json --guardrail guardrail.json",
        },
        {
            text: "Explain a denied job from its event in CloudTrail, without a token",
            command: "aws-gitlab-oidc explain role.json --event event.json",
        },
    ],
    statuses: {
        0: "AWS would allow the job. With --event: the policies allow the `sub` claim and the audience",
        1: "AWS would deny the job",
        2: "The command line or the input is invalid, or the event has too little information",
    },
} as const satisfies CommandReference;
