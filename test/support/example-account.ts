import { eventOf } from "./events";

/** An account with a role of every kind, as AWS's commands describe it. The pictures of the documentation show it. */

const ACCOUNT = "111122223333";
const STAGING = "444455556666";
const GITLAB_COM = "gitlab.com";
const OWN = "gitlab.example.com";

type Values = string | readonly string[];

const providerArn = (issuer: string, account = ACCOUNT): string => `arn:aws:iam::${account}:oidc-provider/${issuer}`;

/** A statement for the jobs of an instance. */
export function statement(
    conditions: Readonly<Record<string, Readonly<Record<string, Values>>>>,
    issuer = GITLAB_COM,
    account = ACCOUNT,
): object {
    return {
        Effect: "Allow",
        Principal: { Federated: providerArn(issuer, account) },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: conditions,
    };
}

const aud = (issuer = GITLAB_COM): object => ({ [`${issuer}:aud`]: `https://${issuer}` });

/** Exact values, with the audience. */
const equals = (sub: Values, more: object = {}, issuer = GITLAB_COM): object => ({
    StringEquals: { ...aud(issuer), [`${issuer}:sub`]: sub, ...more },
});

/** Patterns, with the audience. */
const like = (sub: Values, more: object = {}, issuer = GITLAB_COM): object => ({
    StringEquals: { ...aud(issuer), ...more },
    StringLike: { [`${issuer}:sub`]: sub },
});

export const branchOf = (project: string, ref = "main"): string => `project_path:${project}:ref_type:branch:ref:${ref}`;
export const tagOf = (project: string, ref: string): string => `project_path:${project}:ref_type:tag:ref:${ref}`;
const projectId = (id: string): object => ({ "gitlab.com:project_id": id });

const allow = (...actions: readonly string[]): object => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }],
});

interface Parts {
    readonly inline?: object;
    readonly managed?: string;
    readonly boundary?: string;
    readonly lastUsed?: string;
    readonly account?: string;
}

/** A role as `aws iam get-account-authorization-details` prints it. */
export function roleOf(name: string, statements: object | readonly object[], parts: Parts = {}): object {
    const { inline, managed, boundary, lastUsed, account = ACCOUNT } = parts;
    return {
        Path: "/",
        RoleName: name,
        RoleId: "AROAEXAMPLE",
        Arn: `arn:aws:iam::${account}:role/${name}`,
        CreateDate: "2025-03-02T03:04:05+00:00",
        AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: statements },
        InstanceProfileList: [],
        RolePolicyList: inline === undefined ? [] : [{ PolicyName: "inline", PolicyDocument: inline }],
        AttachedManagedPolicies:
            managed === undefined ? [] : [{ PolicyName: managed, PolicyArn: `arn:aws:iam::aws:policy/${managed}` }],
        ...(boundary !== undefined && {
            PermissionsBoundary: { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: boundary },
        }),
        Tags: [],
        RoleLastUsed: lastUsed === undefined ? {} : { LastUsedDate: lastUsed, Region: "eu-central-1" },
    };
}

/** The output of `aws iam get-account-authorization-details`. */
export function detailsOf(roles: readonly object[]): object {
    return { UserDetailList: [], GroupDetailList: [], RoleDetailList: roles, Policies: [], IsTruncated: false };
}

const one = (conditions: object, issuer = GITLAB_COM, account = ACCOUNT): object =>
    statement(conditions as Parameters<typeof statement>[0], issuer, account);

const TEAMS = ["checkout", "search", "billing", "catalog", "shipping", "identity"];

const ROLES: readonly object[] = [
    roleOf("ci-admin-legacy", one({ StringEquals: aud() }), {
        managed: "AdministratorAccess",
        lastUsed: "2026-11-01T21:14:00+00:00",
    }),
    roleOf("platform-terraform", one(like("project_path:acme/platform/*:ref_type:branch:ref:*")), {
        managed: "AdministratorAccess",
        lastUsed: "2026-11-26T06:02:00+00:00",
    }),
    roleOf("release-tags", one(like(`project_path:acme/*:ref_type:tag:ref:v*`)), {
        inline: allow("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"),
        lastUsed: "2026-11-24T12:40:00+00:00",
    }),
    roleOf(
        "old-runner",
        one({ StringLike: { ...aud(), "gitlab.com:sub": "project_path:acme*:ref_type:branch:ref:main" } }),
        {
            inline: allow("s3:*"),
        },
    ),
    roleOf("policy-bot", one(equals(branchOf("acme/security/policies"), projectId("4711"))), {
        inline: allow("iam:CreatePolicyVersion"),
        lastUsed: "2026-11-20T09:00:00+00:00",
    }),
    roleOf(
        "production-deploy",
        one(
            equals([branchOf("acme/shop/app"), tagOf("acme/shop/app", "stable")], {
                ...projectId("815"),
                "gitlab.com:ref_protected": "true",
            }),
        ),
        {
            inline: allow("ecs:UpdateService", "s3:PutObject"),
            boundary: `arn:aws:iam::${ACCOUNT}:policy/ci-boundary`,
            lastUsed: "2026-11-27T08:30:00+00:00",
        },
    ),
    roleOf("production-plan", one(equals(branchOf("acme/shop/app"), projectId("815"))), {
        managed: "ReadOnlyAccess",
        lastUsed: "2026-11-27T08:21:00+00:00",
    }),
    roleOf("self-managed-deploy", one(like(branchOf("infra/network", "release-*"), {}, OWN), OWN), {
        inline: allow("ec2:RunInstances"),
    }),
    roleOf(
        "data-export",
        [
            one(equals(branchOf("acme/data/export"), projectId("900"))),
            one(equals(branchOf("data/export"), {}, OWN), OWN),
        ],
        {
            inline: allow("s3:GetObject"),
            lastUsed: "2026-06-30T04:00:00+00:00",
        },
    ),
    ...TEAMS.flatMap((team, i) => [
        roleOf(
            `${team}-deploy`,
            one(
                equals(branchOf(`acme/shop/${team}`), {
                    ...projectId(String(1000 + i)),
                    "gitlab.com:ref_protected": "true",
                }),
            ),
            {
                inline: allow("ecs:UpdateService", "ecr:PutImage"),
                lastUsed: `2026-11-${String(10 + i)}T10:15:00+00:00`,
            },
        ),
        roleOf(`${team}-review`, one(like(branchOf(`acme/shop/${team}`, "*"), projectId(String(1000 + i)))), {
            inline: allow("ecr:GetAuthorizationToken", "ecr:BatchGetImage"),
        }),
    ]),
    roleOf(
        "github-deploy",
        one(
            { StringLike: { "token.actions.githubusercontent.com:sub": "repo:acme/*" } },
            "token.actions.githubusercontent.com",
        ),
    ),
    roleOf("lambda-worker", {
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
    }),
];

const STAGING_ROLES: readonly object[] = ["shop", "data", "search"].flatMap((name) => [
    roleOf(`staging-${name}`, one(like(`project_path:acme/${name}/*:ref_type:branch:ref:main`), GITLAB_COM, STAGING), {
        account: STAGING,
        managed: "PowerUserAccess",
        lastUsed: "2026-11-25T16:45:00+00:00",
    }),
    roleOf(`staging-${name}-read`, one(equals(branchOf(`acme/${name}/app`)), GITLAB_COM, STAGING), {
        account: STAGING,
        managed: "ReadOnlyAccess",
    }),
]);

const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;

/** The documents of the account. */
export const EXAMPLE_DOCUMENTS: Readonly<Record<string, object>> = {
    "account.json": { [ACCOUNT]: detailsOf(ROLES), [STAGING]: detailsOf(STAGING_ROLES) },
    "provider.json": {
        Url: GITLAB_COM,
        ClientIDList: ["https://gitlab.com"],
        ThumbprintList: [],
        CreateDate: "2025-01-01T00:00:00Z",
        Tags: [],
    },
    "events.json": {
        Records: [
            ...["2026-11-20T08:30:00Z", "2026-11-25T08:30:00Z", "2026-11-27T08:30:00Z"].map((time) =>
                eventOf({ roleArn: role("production-deploy"), sub: branchOf("acme/shop/app"), time }),
            ),
            eventOf({
                roleArn: role("production-deploy"),
                sub: branchOf("acme/shop/app", "feature/checkout"),
                time: "2026-11-26T14:02:00Z",
                address: "198.51.100.20",
                errorCode: "AccessDenied",
            }),
            eventOf({
                roleArn: role("platform-terraform"),
                sub: branchOf("acme/platform/network"),
                time: "2026-11-26T06:02:00Z",
            }),
        ],
    },
};

/** A large account: a role for each project, and some that trust a whole group. */
export function largeAccount(count: number): object {
    return detailsOf(
        Array.from({ length: count }, (_, i) => {
            const number = String(i).padStart(5, "0");
            const group = `acme/team-${number.slice(0, 2)}`;
            const isWide = i % 10 === 0;
            const subs = [branchOf(`${group}/project-${number}`), tagOf(`${group}/project-${number}`, "stable")];
            return roleOf(
                `role-${number}`,
                one(
                    isWide
                        ? like(`project_path:${group}/*:ref_type:branch:ref:*`)
                        : equals(subs, projectId(String(i + 1))),
                ),
                { inline: i % 100 === 0 ? allow("*") : allow("s3:GetObject", "s3:PutObject") },
            );
        }),
    );
}
