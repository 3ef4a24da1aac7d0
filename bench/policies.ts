import { CALLS } from "../provider/operations/calls";
import { rowOf, type Row } from "./row";
import { samplesOf } from "./samples";

const PROVIDER = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
const AUDIENCE = "https://gitlab.com";

const project = (i: number): string => `mygroup/project${String(i).padStart(2, "0")}`;
const sub = (i: number): string => `project_path:${project(i)}:ref_type:branch:ref:main`;
const subs = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => sub(i));

/** What Terraform makes of a list: one value stands alone. */
const values = (list: readonly string[]): string | readonly string[] => (list.length === 1 ? list[0]! : list);

const policy = (action: string | readonly string[], condition: object, sid?: string): string =>
    JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            {
                ...(sid !== undefined && { Sid: sid }),
                Effect: "Allow",
                Action: action,
                Principal: { Federated: PROVIDER },
                Condition: condition,
            },
        ],
    });

const WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity";

/**
 * The policies that public modules write for subjects, by the shape of their `aws_iam_policy_document`, without the
 * white space that IAM does not count.
 */
const MODULES: readonly {
    readonly name: string;
    readonly checksAudience: boolean;
    readonly write: (subjects: readonly string[]) => string;
}[] = [
    {
        name: "terraform-aws-modules/terraform-aws-iam, modules/iam-role/main.tf",
        checksAudience: true,
        write: (subjects) =>
            policy(["sts:TagSession", WEB_IDENTITY], {
                StringEquals: { "gitlab.com:sub": values(subjects), "gitlab.com:aud": AUDIENCE },
            }),
    },
    {
        name: "rabiloo/terraform-aws-iam, modules/iam-gitlab-oidc-role/main.tf",
        checksAudience: true,
        write: (subjects) =>
            policy(
                ["sts:TagSession", WEB_IDENTITY],
                {
                    StringEquals: { "gitlab.com:iss": "https://gitlab.com", "gitlab.com:aud": AUDIENCE },
                    StringLike: { "gitlab.com:sub": values(subjects) },
                },
                "GitlabOIDCAuth",
            ),
    },
    {
        // It takes one project and ref a role; with several the list would grow like this.
        name: "appvia/terraform-aws-oidc, modules/role/main.tf",
        checksAudience: true,
        write: (subjects) =>
            policy(WEB_IDENTITY, {
                StringEquals: { "gitlab.com:aud": AUDIENCE },
                StringLike: { "gitlab.com:sub": values(subjects) },
            }),
    },
    {
        name: "saidsef/terraform-aws-gitlab-oidc, current.tf",
        checksAudience: false,
        write: (subjects) => policy(WEB_IDENTITY, { "ForAnyValue:StringLike": { "gitlab.com:sub": values(subjects) } }),
    },
];

function ours(count: number): string {
    const subjects = Array.from({ length: count }, (_, i) => ({ project: project(i), branch: "main" }));
    return CALLS.getTrustPolicy({ providerArn: PROVIDER, subjects }).json;
}

/** Characters of the trust policy for the same subjects: ours, and the smallest that the modules write. */
export function measurePolicies(): readonly Row[] {
    const rows: Row[] = [];
    for (const count of [1, 10, 30]) {
        for (const { name, checksAudience, write } of MODULES) {
            rows.push(
                rowOf({
                    id: `policy-${String(count)}-${name.split("/")[0]!}`,
                    what: `trust policy, ${String(count)} subject${count === 1 ? "" : "s"}`,
                    peer: checksAudience ? name : `${name} (does not check the audience)`,
                    unit: "characters",
                    ours: samplesOf([ours(count).length]),
                    theirs: samplesOf([write(subs(count)).length]),
                    ...(checksAudience && { bar: 1 }),
                }),
            );
        }
    }
    return rows;
}

/** How many such subjects fit into the 2,048 characters that IAM takes by default. */
export function subjectsThatFit(): number {
    let count = 1;
    while (ours(count + 1).length <= 2048) {
        count += 1;
    }
    return count;
}
