/*
 * An account for the audit, and the report about each of its roles as a person writes it down: nothing in this file is computed by
 * the code under test. `made` are the roles of this package, `byHand` those that people created without it.
 */

import type { GitLabOidcArgs } from "../../provider/contract/args";

export const ACCOUNT = "111122223333";

/** What the report has about a role. */
export interface Row {
    /** The GitLab instances: how one was recognized, and what is wrong with its identity provider. */
    readonly trusts: readonly string[];
    /** The jobs in words. `(never)` if no token gets in. */
    readonly jobs: readonly string[];
    /** IDs of the findings. */
    readonly findings: readonly string[];
    /** The power, with `at least` if it is not complete. */
    readonly power: string;
    /** Name of the boundary. */
    readonly boundary: string;
    /** Names of the roles that the role can use, in alphabetical order. */
    readonly reaches: readonly string[];
    readonly lastUsed: string;
    /** Longest session in seconds. */
    readonly session: number;
}

type Statement = Readonly<Record<string, unknown>>;

export interface Role {
    readonly name: string;
    readonly path?: string;
    readonly trust: readonly Statement[];
    readonly version?: string;
    /** Statements of the inline policy. */
    readonly inline?: readonly Statement[];
    /** Names of managed policies of the account, or ARNs of those of AWS. */
    readonly managed?: readonly string[];
    readonly boundary?: string;
    /** The row of the report; none for a role that no GitLab instance reaches. */
    readonly row?: Row;
}

const aws = (name: string): string => `arn:aws:iam::aws:policy/${name}`;
export const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
export const providerArn = (issuer: string, account = ACCOUNT): string =>
    `arn:aws:iam::${account}:oidc-provider/${issuer}`;

const allow = (action: string | readonly string[], resource: string | readonly string[] = "*"): Statement => ({
    Effect: "Allow",
    Action: action,
    Resource: resource,
});
const deny = (action: string | readonly string[]): Statement => ({ Effect: "Deny", Action: action, Resource: "*" });

/** Identity providers with their audiences. This package makes those of gitlab.com and gitlab.example.com. */
export const PROVIDERS: Readonly<Record<string, readonly string[]>> = {
    "git.acme.test": ["https://git.acme.test"],
    "example.com/gitlab": ["https://example.com/gitlab"],
    "gitlab.com.evil.example": ["https://gitlab.com.evil.example"],
    "code.example.org": ["https://code.example.org"],
    "token.actions.githubusercontent.com": ["sts.amazonaws.com"],
    "oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF": ["sts.amazonaws.com"],
    "app.terraform.io": ["aws.workload.identity"],
};

/** Managed policies with the statements of their versions. The last version is the default. */
export const POLICIES: Readonly<Record<string, readonly (readonly Statement[])[]>> = {
    "read-bucket": [[allow("s3:GetObject", "arn:aws:s3:::acme-data/*")]],
    narrowed: [[allow("*")], [allow("s3:GetObject", "arn:aws:s3:::acme-data/*")]],
    widened: [[allow("s3:GetObject")], [allow("s3:PutObject")], [allow("*")]],
    "only-reads": [[allow(["s3:Get*", "s3:List*"])]],
    "no-iam": [[allow("*"), deny(["iam:*", "organizations:*", "account:*"])]],
};

type Tests = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** Conditions whose keys are claims of the issuer, unless they have a prefix. */
function conditions(issuer: string, tests: Tests): object {
    const named = Object.entries(tests).map(([operator, keys]) => {
        const full = Object.entries(keys).map(([key, value]) => [key.includes(":") ? key : `${issuer}:${key}`, value]);
        return [operator, Object.fromEntries(full) as object];
    });
    return Object.fromEntries(named) as object;
}

/** A statement for an issuer. */
function trust(issuer: string, tests: Tests, { effect = "Allow", account = ACCOUNT } = {}): Statement {
    return {
        Effect: effect,
        Principal: { Federated: providerArn(issuer, account) },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: conditions(issuer, tests),
    };
}

const URL = "https://gitlab.com";
export const MAIN = "project_path:acme/app:ref_type:branch:ref:main";

/** A statement for gitlab.com with its usual audience. */
const gitlab = (sub: string | readonly string[], operator = "StringLike"): Statement =>
    trust(
        "gitlab.com",
        operator === "StringEquals"
            ? { StringEquals: { aud: URL, sub } }
            : { StringEquals: { aud: URL }, [operator]: { sub } },
    );

/** The same for the project with the ID 4711. */
const pinned = (sub: string | readonly string[], operator = "StringLike"): Statement =>
    trust("gitlab.com", {
        StringEquals: { aud: URL, project_id: "4711", ...(operator === "StringEquals" && { sub }) },
        ...(operator !== "StringEquals" && { [operator]: { sub } }),
    });

const NARROW = [pinned(MAIN, "StringEquals")];
const NARROW_JOBS = "Jobs of the project acme/app (ID 4711) on the branch main";
const EVERYBODY = "Jobs of every project of the instance on any branch or tag";

/** A row of a narrow role, with changes. */
function row(changes: Partial<Row>): Row {
    return {
        trusts: ["gitlab.com"],
        jobs: [NARROW_JOBS],
        findings: [],
        power: "none",
        boundary: "none",
        reaches: [],
        lastUsed: "never",
        session: 3600,
        ...changes,
    };
}

/**
 * What an administrator can use: the roles that trust the account, and those that can be passed to a service which runs code. A role
 * that asks for an external ID is not among them, because that may be unknown.
 */
const USABLE = ["closed", "instance", "lambda-admin", "people", "second-of-three", "third-of-three"];

const service = (name: string): Statement => ({
    Effect: "Allow",
    Principal: { Service: `${name}.amazonaws.com` },
    Action: "sts:AssumeRole",
});
const trustAws = (arn: string, tests?: object): Statement => ({
    Effect: "Allow",
    Principal: { AWS: arn },
    Action: "sts:AssumeRole",
    ...(tests !== undefined && { Condition: tests }),
});
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;

/* Roles that this package makes. */

/** A component on gitlab.com and one on an instance of its own. */
export const MADE: readonly (readonly [name: string, args: GitLabOidcArgs])[] = [
    [
        "gitlab",
        {
            roles: {
                deploy: {
                    name: "made-deploy",
                    subjects: [{ project: "acme/app", projectId: "4711", branch: "main" }],
                    inlinePolicies: { write: { Version: "2012-10-17", Statement: [allow("s3:PutObject")] } },
                },
                plan: {
                    name: "made-plan",
                    subjects: [{ group: "acme", branch: "*" }],
                    accept: ["group-wide", "any-branch"],
                    managedPolicies: { read: aws("ReadOnlyAccess") },
                },
                release: {
                    name: "made-release",
                    path: "/ci/",
                    subjects: [{ project: "acme/app", projectId: "4711", tag: "v*", refProtected: true }],
                    managedPolicies: { unknown: aws("AmazonS3ReadOnlyAccess") },
                },
                both: {
                    name: "made-both",
                    subjects: [
                        { project: "acme/app", projectId: "4711", branch: "main" },
                        { project: "acme/app", projectId: "4711", branch: "release/*", refProtected: true },
                        { project: "acme/web", projectId: "4712", tag: "v1" },
                    ],
                    accept: ["unprotected-tag"],
                },
                admin: {
                    name: "made-admin",
                    subjects: [{ project: "acme/app", projectId: "4711", branch: "main" }],
                    managedPolicies: { all: aws("AdministratorAccess") },
                    accept: ["administrator-access"],
                },
                bounded: {
                    name: "made-bounded",
                    subjects: [{ project: "acme/app", projectId: "4711", branch: "main" }],
                    managedPolicies: { all: aws("AdministratorAccess") },
                    permissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/only-reads`,
                    accept: ["administrator-access"],
                },
                nightly: {
                    name: "made-nightly",
                    maxSessionDuration: 43200,
                    subjects: [
                        {
                            project: "acme/app",
                            projectId: "4711",
                            branch: "main",
                            claims: { pipelineSource: ["schedule", "web"] },
                        },
                    ],
                },
                path: {
                    name: "made-path",
                    subjects: [{ project: "acme/sub/app", branch: "main" }],
                    accept: ["path-only"],
                },
            },
        },
    ],
    [
        "own",
        {
            url: "https://gitlab.example.com",
            audiences: ["sts.amazonaws.com"],
            gitlabVersion: "19.1",
            roles: {
                deploy: {
                    name: "made-own",
                    subjects: [{ project: "acme/app", branch: "main" }],
                    inlinePolicies: { read: { Version: "2012-10-17", Statement: [allow("s3:GetObject")] } },
                },
                id: {
                    name: "made-own-id",
                    subClaimComponents: ["project_id", "ref_type", "ref"],
                    subjects: [{ projectId: "20", branch: "main" }],
                },
                protected: {
                    name: "made-own-protected",
                    subClaimComponents: ["project_path", "ref_type", "ref", "ref_protected"],
                    subjects: [{ project: "acme/app", branch: "*", refProtected: true }],
                },
            },
        },
    ],
];

export const MADE_ROWS: Readonly<Record<string, Row>> = {
    "made-deploy": row({ power: "write", lastUsed: "2026-11-20T08:30:00Z" }),
    "made-plan": row({
        jobs: ["Jobs of every project in the group acme and its subgroups on any branch"],
        findings: ["group-wide", "any-branch"],
        power: "read",
    }),
    "ci/made-release": row({
        jobs: ["Jobs of the project acme/app (ID 4711) on tags that match v*, protected refs only"],
        // The emulator does not return documents of AWS's policies.
        power: "at least none",
    }),
    "made-both": row({
        jobs: [
            "Jobs of the project acme/app (ID 4711) on branches that match release/*, protected refs only",
            NARROW_JOBS,
            "Jobs of the project acme/web (ID 4712) on the tag v1",
        ],
        findings: ["unprotected-tag"],
    }),
    "made-admin": row({ power: "administrator", reaches: USABLE }),
    "made-bounded": row({ power: "read", boundary: "only-reads" }),
    "made-nightly": row({
        jobs: [`${NARROW_JOBS}, in pipelines with the source schedule or web`],
        session: 43200,
    }),
    "made-path": row({
        jobs: ["Jobs of the project acme/sub/app on the branch main"],
        findings: ["path-only"],
    }),
    "made-own": row({
        trusts: ["gitlab.example.com by its sub claims"],
        jobs: ["Jobs of the project acme/app on the branch main"],
        power: "read",
    }),
    "made-own-id": row({
        trusts: ["gitlab.example.com by its sub claims"],
        jobs: ["Jobs of the project with the ID 20 on the branch main"],
    }),
    "made-own-protected": row({
        trusts: ["gitlab.example.com by its sub claims"],
        jobs: ["Jobs of the project acme/app on any branch, protected refs only"],
    }),
};

/* Roles that people made. */

const WIDE: readonly Role[] = [
    {
        name: "open",
        trust: [trust("gitlab.com", { StringEquals: { aud: URL } })],
        managed: [aws("AdministratorAccess")],
        row: row({ jobs: [EVERYBODY], findings: ["no-subject"], power: "administrator", reaches: USABLE }),
    },
    {
        name: "star",
        trust: [gitlab("*")],
        managed: [aws("ReadOnlyAccess")],
        row: row({ jobs: [EVERYBODY], findings: ["no-subject"], power: "read" }),
    },
    {
        name: "any-project",
        trust: [gitlab("project_path:*")],
        managed: [aws("PowerUserAccess")],
        // It can change the code of a Lambda function, which runs with another role.
        row: row({ jobs: [EVERYBODY], findings: ["no-subject"], power: "escalation", reaches: USABLE }),
    },
    {
        name: "prefix",
        trust: [gitlab("project_path:acme*:ref_type:branch:ref:main")],
        row: row({
            jobs: ["Jobs of every project whose path matches acme* on the branch main"],
            findings: ["path-wildcard"],
        }),
    },
    {
        name: "suffix",
        trust: [gitlab("project_path:*/deploy:ref_type:branch:ref:main")],
        row: row({
            jobs: ["Jobs of every project whose path matches */deploy on the branch main"],
            findings: ["path-wildcard"],
        }),
    },
    {
        name: "group",
        trust: [gitlab("project_path:acme/*:ref_type:branch:ref:main")],
        managed: ["read-bucket"],
        row: row({
            jobs: ["Jobs of every project in the group acme and its subgroups on the branch main"],
            findings: ["group-wide"],
            power: "read",
            lastUsed: "2026-11-21T09:00:00Z",
        }),
    },
    {
        name: "any-branch",
        trust: [pinned("project_path:acme/app:ref_type:branch:ref:*")],
        row: row({ jobs: ["Jobs of the project acme/app (ID 4711) on any branch"], findings: ["any-branch"] }),
    },
    {
        name: "some-branches",
        trust: [pinned("project_path:acme/app:ref_type:branch:ref:release/*")],
        row: row({
            jobs: ["Jobs of the project acme/app (ID 4711) on branches that match release/*"],
            findings: ["unprotected-branch"],
        }),
    },
    {
        name: "any-tag",
        trust: [pinned("project_path:acme/app:ref_type:tag:ref:*")],
        row: row({ jobs: ["Jobs of the project acme/app (ID 4711) on any tag"], findings: ["unprotected-tag"] }),
    },
    {
        name: "open-end",
        trust: [pinned("project_path:acme/app:*")],
        row: row({
            jobs: [
                'Jobs whose sub claim matches "project_path:acme/app:*", among them jobs of the project acme/app on any branch and the project acme/app on any tag, in the project with the ID 4711',
            ],
            findings: ["sub-shape", "any-branch", "unprotected-tag"],
        }),
    },
    {
        name: "any-ref-type",
        trust: [pinned("project_path:acme/app:ref_type:*:ref:main")],
        row: row({
            jobs: [
                'Jobs whose sub claim matches "project_path:acme/app:ref_type:*:ref:main", among them jobs of the project acme/app on the branch main and the project acme/app on the tag main, in the project with the ID 4711',
            ],
            findings: ["ref-type", "unprotected-tag"],
        }),
    },
    {
        name: "no-audience",
        trust: [trust("gitlab.com", { StringEquals: { sub: MAIN, project_id: "4711" } })],
        row: row({ findings: ["no-audience"] }),
    },
    {
        name: "if-exists",
        trust: [pinned(MAIN, "StringEqualsIfExists")],
        row: row({ findings: ["if-exists"] }),
    },
    {
        name: "for-all",
        trust: [pinned(MAIN, "ForAllValues:StringEquals")],
        row: row({ findings: ["for-all-values"] }),
    },
    {
        name: "all-but-one",
        trust: [gitlab("project_path:stranger/*", "StringNotLike")],
        row: row({
            jobs: [`${EVERYBODY}, if gitlab.com:sub does not match project_path:stranger/*`],
            findings: ["negative-only"],
        }),
    },
    {
        name: "literal-star",
        trust: [pinned("project_path:acme/app:ref_type:branch:ref:*", "StringEquals")],
        row: row({
            jobs: [
                'Jobs whose sub claim is literally "project_path:acme/app:ref_type:branch:ref:*", with the wildcard as a character, in the project with the ID 4711 (never)',
            ],
            // The second one is for the policy that its author meant.
            findings: ["literal-wildcard", "any-branch"],
        }),
    },
    {
        name: "any-case",
        trust: [pinned(MAIN, "StringEqualsIgnoreCase")],
        row: row({
            jobs: [`Jobs whose sub claim meets StringEqualsIgnoreCase "${MAIN}", in the project with the ID 4711`],
            findings: ["condition-operator"],
        }),
    },
    {
        name: "two-tests",
        trust: [
            trust("gitlab.com", {
                StringEquals: { aud: URL, project_id: "4711", sub: MAIN },
                StringLike: { sub: "project_path:acme/*:ref_type:branch:ref:main" },
            }),
        ],
        row: row({
            jobs: [`${NARROW_JOBS}, if gitlab.com:sub matches project_path:acme/*:ref_type:branch:ref:main`],
            findings: ["anded-subjects"],
        }),
    },
    {
        name: "everybody",
        trust: [
            {
                Effect: "Allow",
                Principal: "*",
                Action: "sts:AssumeRoleWithWebIdentity",
                Condition: conditions("gitlab.com", { StringEquals: { aud: URL, sub: MAIN } }),
            },
        ],
        row: row({ jobs: ["Jobs of the project acme/app on the branch main"], findings: ["principal"] }),
    },
    {
        name: "github-shape",
        trust: [pinned("repo:acme/app:ref:refs/heads/main", "StringEquals")],
        row: row({
            jobs: [
                'Jobs whose sub claim is "repo:acme/app:ref:refs/heads/main", in the project with the ID 4711 (never)',
            ],
            findings: ["sub-shape"],
        }),
    },
    {
        name: "environment",
        trust: [
            trust("gitlab.com", { StringEquals: { aud: URL, project_id: "4711", sub: MAIN, environment: "prod" } }),
        ],
        row: row({
            jobs: [`${NARROW_JOBS}, if gitlab.com:environment is prod (never)`],
            findings: ["condition-key"],
        }),
    },
    {
        name: "old-version",
        version: "2008-10-17",
        trust: NARROW,
        row: row({ findings: ["policy-document"] }),
    },
];

const NARROWER: readonly Role[] = [
    {
        name: "except-branch",
        trust: [
            pinned("project_path:acme/app:ref_type:branch:ref:*"),
            trust("gitlab.com", { StringLike: { sub: "*:ref:secret/*" } }, { effect: "Deny" }),
        ],
        row: row({ jobs: ["Jobs of the project acme/app (ID 4711) on any branch"], findings: ["any-branch"] }),
    },
    {
        name: "denied",
        trust: [...NARROW, trust("gitlab.com", { StringLike: { sub: "project_path:acme/*" } }, { effect: "Deny" })],
        row: row({ jobs: [`${NARROW_JOBS} (never)`] }),
    },
    {
        name: "denied-unprotected",
        trust: [...NARROW, trust("gitlab.com", { StringNotEquals: { ref_protected: "true" } }, { effect: "Deny" })],
        row: row({}),
    },
    {
        name: "office",
        trust: [
            trust("gitlab.com", {
                StringEquals: { aud: URL, project_id: "4711", sub: MAIN },
                IpAddress: { "aws:SourceIp": "203.0.113.0/24" },
            }),
        ],
        row: row({ jobs: [`${NARROW_JOBS}, if aws:SourceIp is in 203.0.113.0/24`] }),
    },
    {
        name: "path-only",
        trust: [gitlab(MAIN, "StringEquals")],
        row: row({ jobs: ["Jobs of the project acme/app on the branch main"], findings: ["path-only"] }),
    },
    {
        name: "user",
        trust: [trust("gitlab.com", { StringEquals: { aud: URL, project_id: "4711", sub: MAIN, user_login: "ann" } })],
        row: row({
            jobs: [`${NARROW_JOBS}, started by the user ann`],
            findings: ["user-name-only"],
        }),
    },
    {
        name: "namespace",
        trust: [trust("gitlab.com", { StringEquals: { aud: URL, namespace_id: "72", sub: MAIN } })],
        row: row({
            jobs: ["Jobs of the project acme/app on the branch main, in the namespace with the ID 72"],
            findings: ["path-only", "namespace-only"],
        }),
    },
    {
        name: "letter-case",
        trust: [
            pinned(
                ["project_path:acme/app:ref_type:branch:ref:main", "project_path:Acme/app:ref_type:branch:ref:dev"],
                "StringEquals",
            ),
        ],
        row: row({
            jobs: [NARROW_JOBS, "Jobs of the project Acme/app (ID 4711) on the branch dev"],
            findings: ["path-case"],
        }),
    },
    {
        name: "many",
        trust: [
            pinned(
                ["a", "b", "c", "d", "e", "f", "g", "h"].map((b) => `${MAIN}-${b}`),
                "StringEquals",
            ),
        ],
        row: row({
            jobs: ["a", "b", "c", "d", "e", "f", "g", "h"].map((b) => `${NARROW_JOBS}-${b}`),
            lastUsed: "2026-11-22T10:00:00Z",
        }),
    },
];

const ISSUERS: readonly Role[] = [
    {
        name: "wrong-audience",
        trust: [trust("gitlab.com", { StringEquals: { aud: "sts.amazonaws.com", project_id: "4711", sub: MAIN } })],
        row: row({ trusts: ["gitlab.com, audience not listed"] }),
    },
    {
        name: "two-audiences",
        trust: [
            trust("gitlab.com", { StringEquals: { aud: ["sts.amazonaws.com", URL], project_id: "4711", sub: MAIN } }),
        ],
        row: row({}),
    },
    {
        name: "two-instances",
        trust: [...NARROW, trust("gitlab.example.com", { StringEquals: { aud: "sts.amazonaws.com", sub: MAIN } })],
        row: row({
            trusts: ["gitlab.com", "gitlab.example.com by its sub claims"],
            jobs: [NARROW_JOBS, "Jobs of the project acme/app on the branch main"],
        }),
    },
    {
        name: "gitlab-and-github",
        trust: [...NARROW, trust("token.actions.githubusercontent.com", { StringLike: { sub: "*" } })],
        row: row({}),
    },
    {
        name: "no-provider",
        trust: [
            trust("gitlab.missing.example", { StringEquals: { aud: "https://gitlab.missing.example", sub: MAIN } }),
        ],
        row: row({
            trusts: ["gitlab.missing.example by its sub claims, missing, audience unknown"],
            jobs: ["Jobs of the project acme/app on the branch main"],
        }),
    },
    {
        name: "provider-elsewhere",
        trust: [
            trust(
                "gitlab.com",
                { StringEquals: { aud: URL, project_id: "4711", sub: MAIN } },
                { account: "444455556666" },
            ),
        ],
        row: row({ trusts: ["gitlab.com, missing, audience unknown"] }),
    },
    {
        name: "relative-url",
        trust: [trust("example.com/gitlab", { StringEquals: { aud: "https://example.com/gitlab", sub: MAIN } })],
        row: row({
            trusts: ["example.com/gitlab by its sub claims"],
            jobs: ["Jobs of the project acme/app on the branch main"],
        }),
    },
    {
        name: "other-name",
        trust: [trust("git.acme.test", { StringEquals: { aud: "https://git.acme.test", sub: MAIN } })],
        row: row({
            trusts: ["git.acme.test by its sub claims"],
            jobs: ["Jobs of the project acme/app on the branch main"],
        }),
    },
    {
        name: "other-name-open",
        trust: [trust("git.acme.test", { StringEquals: { aud: "https://git.acme.test" } })],
        row: row({ trusts: ["git.acme.test by its sub claims"], jobs: [EVERYBODY], findings: ["no-subject"] }),
    },
    {
        name: "look-alike",
        trust: [
            trust("gitlab.com.evil.example", { StringEquals: { aud: "https://gitlab.com.evil.example", sub: MAIN } }),
        ],
        row: row({
            trusts: ["gitlab.com.evil.example by its sub claims"],
            jobs: ["Jobs of the project acme/app on the branch main"],
        }),
    },
    {
        name: "own-with-id",
        trust: [
            trust("gitlab.example.com", {
                StringEquals: { aud: "sts.amazonaws.com", sub: MAIN, project_id: "4711" },
            }),
        ],
        row: row({
            trusts: ["gitlab.example.com by its sub claims"],
            jobs: ["Jobs of the project acme/app on the branch main, if gitlab.example.com:project_id is 4711 (never)"],
            findings: ["condition-key"],
        }),
    },
];

const POWERS: readonly Role[] = [
    { name: "powerless", trust: NARROW, row: row({}) },
    { name: "reader", trust: NARROW, managed: [aws("ReadOnlyAccess")], row: row({ power: "read" }) },
    {
        name: "unknown-policy",
        trust: NARROW,
        managed: [aws("AmazonEC2FullAccess"), "read-bucket"],
        row: row({ power: "at least read" }),
    },
    { name: "newest-version", trust: NARROW, managed: ["narrowed"], row: row({ power: "read" }) },
    {
        name: "oldest-version",
        trust: NARROW,
        managed: ["widened"],
        row: row({ power: "administrator", reaches: USABLE }),
    },
    {
        name: "not-iam",
        trust: NARROW,
        inline: [{ Effect: "Allow", NotAction: ["iam:*", "organizations:*"], Resource: "*" }],
        row: row({ power: "escalation", reaches: USABLE }),
    },
    {
        name: "denied-writes",
        trust: NARROW,
        inline: [allow(["s3:GetObject", "s3:PutObject"]), deny("s3:Put*")],
        row: row({ power: "read" }),
    },
    {
        name: "private-network",
        trust: NARROW,
        inline: [{ ...allow("s3:PutObject"), Condition: { StringEquals: { "aws:SourceVpce": "vpce-0a1b2c3d" } } }],
        row: row({ power: "at least none" }),
    },
    {
        name: "policy-editor",
        trust: NARROW,
        inline: [allow("iam:CreatePolicyVersion")],
        row: row({ power: "escalation" }),
    },
    {
        name: "self-editor",
        trust: NARROW,
        inline: [allow("iam:PutRolePolicy", roleArn("self-editor"))],
        row: row({ power: "escalation" }),
    },
    {
        name: "other-editor",
        trust: NARROW,
        inline: [allow("iam:PutRolePolicy", roleArn("powerless"))],
        row: row({ power: "write" }),
    },
    {
        name: "starts-instances",
        trust: NARROW,
        inline: [allow(["iam:PassRole", "ec2:RunInstances"])],
        row: row({ power: "escalation", reaches: ["instance"] }),
    },
    {
        name: "passes-to-lambda",
        trust: NARROW,
        inline: [
            allow("iam:PassRole", roleArn("lambda-admin")),
            allow(["lambda:CreateFunction", "lambda:InvokeFunction"]),
        ],
        row: row({ power: "escalation", reaches: USABLE }),
    },
    {
        name: "no-boundary-left",
        trust: NARROW,
        managed: [aws("AdministratorAccess")],
        boundary: "no-iam",
        row: row({ power: "escalation", reaches: USABLE, boundary: "no-iam" }),
    },
    {
        name: "boundary-of-aws",
        trust: NARROW,
        managed: [aws("AdministratorAccess")],
        boundary: aws("ReadOnlyAccess"),
        row: row({ power: "read", boundary: "ReadOnlyAccess" }),
    },
    {
        name: "boundary-unknown",
        trust: NARROW,
        inline: [allow("s3:PutObject")],
        boundary: aws("AmazonS3ReadOnlyAccess"),
        row: row({ power: "at least write", boundary: "AmazonS3ReadOnlyAccess" }),
    },
];

const CHAINS: readonly Role[] = [
    {
        name: "first-of-three",
        trust: NARROW,
        inline: [allow("sts:AssumeRole", roleArn("second-of-three"))],
        row: row({ power: "escalation", reaches: USABLE }),
    },
    {
        name: "second-of-three",
        trust: [trustAws(ROOT)],
        inline: [allow("sts:AssumeRole", roleArn("third-of-three"))],
    },
    { name: "third-of-three", trust: [trustAws(ROOT)], managed: [aws("AdministratorAccess")] },
    {
        name: "trusted-by-name",
        trust: NARROW,
        row: row({ power: "write", reaches: ["names-one"] }),
    },
    { name: "names-one", trust: [trustAws(roleArn("trusted-by-name"))], inline: [allow("s3:PutObject")] },
    {
        name: "not-trusted",
        trust: NARROW,
        inline: [allow("sts:AssumeRole", roleArn("names-one"))],
        // The access level of sts:AssumeRole is write. The other role does not trust this one.
        row: row({ power: "write" }),
    },
    {
        name: "with-external-id",
        trust: NARROW,
        inline: [allow("sts:AssumeRole", roleArn("asks-for-id"))],
        row: row({ power: "at least write" }),
    },
    {
        name: "asks-for-id",
        trust: [trustAws(ROOT, { StringEquals: { "sts:ExternalId": "acme" } })],
        managed: [aws("AdministratorAccess")],
    },
    { name: "lambda-admin", trust: [service("lambda")], managed: [aws("AdministratorAccess")] },
];

/** Roles that no GitLab instance reaches. */
const OTHERS: readonly Role[] = [
    {
        name: "github",
        trust: [
            trust("token.actions.githubusercontent.com", {
                StringEquals: { aud: "sts.amazonaws.com" },
                StringLike: { sub: "repo:acme/app:*" },
            }),
        ],
    },
    {
        name: "github-enterprise",
        trust: [trust("token.actions.githubusercontent.com/acme", { StringLike: { sub: "repo:acme/*" } })],
    },
    {
        name: "pod",
        trust: [
            trust("oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF", {
                StringEquals: { aud: "sts.amazonaws.com", sub: "system:serviceaccount:default:app" },
            }),
        ],
    },
    {
        name: "terraform-cloud",
        trust: [
            trust("app.terraform.io", {
                StringEquals: { aud: "aws.workload.identity" },
                StringLike: { sub: "organization:acme:project:*:workspace:*:run_phase:*" },
            }),
        ],
    },
    {
        name: "unknown-issuer",
        trust: [trust("code.example.org", { StringEquals: { aud: "https://code.example.org" } })],
    },
    { name: "google", trust: [trust("accounts.google.com", { StringEquals: { aud: "1234.apps.example" } })] },
    {
        name: "saml",
        trust: [
            {
                Effect: "Allow",
                Principal: { Federated: `arn:aws:iam::${ACCOUNT}:saml-provider/acme` },
                Action: "sts:AssumeRoleWithSAML",
                Condition: { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
            },
        ],
        managed: [aws("AdministratorAccess")],
    },
    { name: "people", trust: [trustAws(ROOT)], managed: [aws("AdministratorAccess")] },
    { name: "other-account", trust: [trustAws("arn:aws:iam::444455556666:root")] },
    { name: "instance", trust: [service("ec2")] },
    { name: "AWSServiceRoleForSupport", path: "/aws-service-role/support.amazonaws.com/", trust: [service("support")] },
    {
        name: "closed",
        trust: [service("lambda"), trust("gitlab.com", { StringLike: { sub: "*" } }, { effect: "Deny" })],
    },
];

export const BY_HAND: readonly Role[] = [...WIDE, ...NARROWER, ...ISSUERS, ...POWERS, ...CHAINS, ...OTHERS];
