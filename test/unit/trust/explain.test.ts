import { expect } from "chai";
import fc from "fast-check";
import {
    explainTrust,
    InvalidInputsError,
    type ExplainTrustArgs,
    type ExplainTrustResult,
} from "../../../provider/operations/trust";
import { SAYS } from "../../support/wording";
import { policy, statement } from "../../support/policies";

const GITLAB_COM = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
const SELF_MANAGED = "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com";
const MAIN = "project_path:mygroup/myproject:ref_type:branch:ref:main";
const DEV = "project_path:mygroup/myproject:ref_type:branch:ref:dev";
const TAG = "project_path:mygroup/myproject:ref_type:tag:ref:v1";

const INVALID_TOKEN = "An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: ";

type Changes = Readonly<Record<string, unknown>>;

/** Claims of a job on the protected branch main of mygroup/myproject on gitlab.com. */
function claimsOf(changes: Changes = {}): Changes {
    return {
        iss: "https://gitlab.com",
        sub: MAIN,
        aud: "https://gitlab.com",
        project_id: "20",
        project_path: "mygroup/myproject",
        ref: "main",
        ref_type: "branch",
        ref_protected: "true",
        user_login: "jane",
        pipeline_source: "push",
        environment: "production",
        runner_id: 1,
        ...changes,
    };
}

function subs(operator: string, ...values: readonly string[]): object {
    return { [operator]: { "gitlab.com:sub": values } };
}

/** MAIN and further keys under StringEquals. */
function mainAnd(keys: Changes): object {
    return { StringEquals: { "gitlab.com:sub": MAIN, ...keys } };
}

interface Row {
    readonly title: string;
    readonly policy: object;
    readonly claims?: Changes;
    readonly cause: string;
    readonly fix: string;
}

function table(rows: readonly Row[]): void {
    for (const { title, policy, claims, cause, fix } of rows) {
        it(title, () => {
            const { allowed, error, ...rest } = explainTrust({ trustPolicy: policy, claims: claimsOf(claims) });
            expect({ allowed, error, cause: rest.cause, fix: rest.fix }).to.deep.equal({
                allowed: false,
                error: SAYS.notAuthorized,
                cause,
                fix,
            });
        });
    }
}

const ON_MAIN = '$CI_COMMIT_BRANCH == "main"';
const OTHER_ISSUER = (issuer: string): string =>
    `Set Principal to { "Federated": "arn:aws:iam::ACCOUNT:oidc-provider/${issuer}" }. An account without that identity provider returns "No OpenIDConnect provider found in your account for https://${issuer}".`;
const SAME_ISSUER =
    "Use the same URL for both. The `iss` claim is GitLab's `external_url`, or its setting `ci_id_tokens_issuer_url`.";

describe('"Not authorized to perform sts:AssumeRoleWithWebIdentity", the entries of GitLab\'s page', () => {
    describe("the project is not configured to use OIDC", () => {
        table([
            {
                title: "a Deny alone, for others",
                policy: policy(statement(subs("StringEquals", DEV), { Effect: "Deny" })),
                cause: "The trust policy has no statement that allows anything.",
                fix: "Add a subject, or ask the owner of the role to allow the project.",
            },
            {
                title: "a role for the account's own users",
                policy: policy(
                    statement(undefined, {
                        Principal: { AWS: "arn:aws:iam::111122223333:root" },
                        Action: "sts:AssumeRole",
                    }),
                ),
                cause: SAYS.otherIssuer("https://gitlab.com", '"arn:aws:iam::111122223333:root"'),
                fix: OTHER_ISSUER("gitlab.com"),
            },
            {
                title: "a role for another project",
                policy: policy(statement(subs("StringEquals", "project_path:mygroup/other:ref_type:branch:ref:main"))),
                cause: SAYS.otherProject("mygroup/myproject", '"mygroup/other"'),
                fix: SAYS.addProject("mygroup/myproject"),
            },
            {
                title: "a role for another group",
                policy: policy(statement(subs("StringLike", "project_path:other/*:ref_type:branch:ref:main"))),
                cause: SAYS.otherProject("mygroup/myproject", '"other/*"'),
                fix: SAYS.addProject("mygroup/myproject"),
            },
        ]);
    });

    describe("the role is restricted to a branch or tag", () => {
        table([
            {
                title: "another branch",
                policy: policy(statement(subs("StringEquals", MAIN))),
                claims: { sub: DEV },
                cause: SAYS.otherRef("branch", "dev", '"main"'),
                fix: SAYS.runThere(ON_MAIN, "branch", "dev"),
            },
            {
                title: "none of several branches",
                policy: policy(
                    statement(
                        subs("StringLike", MAIN, "project_path:mygroup/myproject:ref_type:branch:ref:release/*", TAG),
                    ),
                ),
                claims: { sub: DEV },
                cause: SAYS.otherRef("branch", "dev", '"main", "release/*"'),
                fix: SAYS.runThere(ON_MAIN, "branch", "dev"),
            },
            {
                title: "a tag where branches are allowed",
                policy: policy(statement(subs("StringEquals", MAIN, DEV))),
                claims: { sub: TAG },
                cause: SAYS.onTag("v1"),
                fix: SAYS.addKind("tag", "branch"),
            },
            {
                title: "a branch where tags are allowed",
                policy: policy(statement(subs("StringLike", "project_path:mygroup/myproject:ref_type:tag:ref:v*"))),
                cause: SAYS.onBranch("main"),
                fix: SAYS.addKind("branch", "tag"),
            },
            {
                title: "another tag",
                policy: policy(statement(subs("StringLike", "project_path:mygroup/myproject:ref_type:tag:ref:v2.*"))),
                claims: { sub: TAG },
                cause: SAYS.otherRef("tag", "v1", '"v2.*"'),
                fix: SAYS.runThere("$CI_COMMIT_TAG =~ /^v2\\..*$/", "tag", "v1"),
            },
            {
                title: "a branch with a dollar sign, escaped in the policy",
                policy: policy(
                    statement(subs("StringEquals", "project_path:mygroup/myproject:ref_type:branch:ref:${$}{x}")),
                ),
                cause: SAYS.otherRef("branch", "main", '"${x}"'),
                fix: SAYS.runThere("$CI_COMMIT_BRANCH =~ /^\\x24\\x7Bx\\x7D$/", "branch", "main"),
            },
        ]);
    });

    describe("StringEquals is used with a wildcard", () => {
        table([
            {
                title: "*",
                policy: policy(statement(subs("StringEquals", "project_path:mygroup/*:ref_type:branch:ref:main"))),
                cause: SAYS.takenLiterally("StringEquals", "*", "project_path:mygroup/*:ref_type:branch:ref:main"),
                fix: "Use StringLike for values with a wildcard.",
            },
            {
                title: "?",
                policy: policy(
                    statement(subs("StringEquals", "project_path:mygroup/myproject:ref_type:branch:ref:mai?")),
                ),
                cause: SAYS.takenLiterally(
                    "StringEquals",
                    "?",
                    "project_path:mygroup/myproject:ref_type:branch:ref:mai?",
                ),
                fix: "Use StringLike for values with a wildcard.",
            },
            {
                title: "* under StringEqualsIgnoreCase, in other capital letters",
                policy: policy(
                    statement(subs("StringEqualsIgnoreCase", "project_path:MyGroup/*:ref_type:branch:ref:main")),
                ),
                cause: SAYS.takenLiterally(
                    "StringEqualsIgnoreCase",
                    "*",
                    "project_path:MyGroup/*:ref_type:branch:ref:main",
                ),
                fix: "Use StringLike for values with a wildcard.",
            },
        ]);
    });
});

describe('further causes of "Not authorized to perform sts:AssumeRoleWithWebIdentity"', () => {
    table([
        {
            title: "capital letters",
            policy: policy(statement(subs("StringEquals", "project_path:MyGroup/MyProject:ref_type:branch:ref:main"))),
            cause: SAYS.otherCase(MAIN, "project_path:MyGroup/MyProject:ref_type:branch:ref:main"),
            fix: "Write the group, project, branch or tag exactly as GitLab shows it.",
        },
        {
            title: "an audience of another service",
            policy: policy(statement(mainAnd({ "gitlab.com:aud": "sts.amazonaws.com" }))),
            cause: SAYS.otherAudience("https://gitlab.com", '"sts.amazonaws.com"'),
            fix: 'Write `aud: sts.amazonaws.com` under the job\'s `id_tokens`, or add "https://gitlab.com" to `audiences` and to the identity provider.',
        },
        {
            title: "another instance",
            policy: policy(statement(subs("StringEquals", MAIN))),
            claims: { iss: "https://gitlab.example.com" },
            cause: SAYS.otherIssuer("https://gitlab.example.com", '"https://gitlab.com"'),
            fix: OTHER_ISSUER("gitlab.example.com"),
        },
        {
            title: "a trailing slash in iss",
            policy: policy(statement(subs("StringEquals", MAIN))),
            claims: { iss: "https://gitlab.com/" },
            cause: SAYS.issuerCompared("https://gitlab.com/", "https://gitlab.com"),
            fix: SAME_ISSUER,
        },
        {
            title: "a statement that trusts nobody",
            policy: policy(statement(subs("StringEquals", MAIN), { Principal: { Federated: [] } })),
            cause: SAYS.otherIssuer("https://gitlab.com", "nobody"),
            fix: OTHER_ISSUER("gitlab.com"),
        },
        {
            title: "another action",
            policy: policy(statement(subs("StringEquals", MAIN), { Action: ["sts:AssumeRole", "sts:TagSession"] })),
            cause: SAYS.otherAction("sts:AssumeRole, sts:TagSession"),
            fix: 'Set "Action": "sts:AssumeRoleWithWebIdentity".',
        },
        {
            title: "every action but this one",
            policy: policy(
                statement(subs("StringEquals", MAIN), { Action: undefined, NotAction: "sts:AssumeRoleWith*" }),
            ),
            cause: SAYS.otherAction("every action except sts:AssumeRoleWith*"),
            fix: 'Set "Action": "sts:AssumeRoleWithWebIdentity".',
        },
        {
            title: "a Deny",
            policy: policy(
                statement(subs("StringEquals", MAIN)),
                statement(subs("StringLike", "*:ref:main"), { Effect: "Deny" }),
            ),
            cause: `Statement[1] denies it, which overrules every Allow: "gitlab.com:sub" is "${MAIN}", which meets StringLike "*:ref:main".`,
            fix: "Narrow the conditions of that statement.",
        },
        {
            title: "a Deny for whatever lacks a key, by two conditions",
            policy: policy(
                statement(subs("StringEquals", MAIN)),
                statement(
                    { Null: { "aws:SourceVpc": "true" }, StringNotEquals: { "gitlab.com:project_id": ["4", "5"] } },
                    { Effect: "Deny" },
                ),
            ),
            cause: 'Statement[1] denies it, which overrules every Allow: "aws:SourceVpc" is missing, which meets Null "true", and "gitlab.com:project_id" is "20", which meets StringNotEquals "4", "5".',
            fix: "Narrow the conditions of that statement.",
        },
        {
            title: "a Deny for everything",
            policy: policy(statement(subs("StringEquals", MAIN)), statement(undefined, { Effect: "Deny" })),
            cause: "Statement[1] denies it, which overrules every Allow: it has no conditions.",
            fix: "Narrow the conditions of that statement.",
        },
        {
            title: "a sub of other components",
            policy: policy(statement(subs("StringEquals", "project_id:20:ref_type:branch:ref:main"))),
            cause: SAYS.otherComponents("project_path, ref_type, ref", "project_id, ref_type, ref"),
            fix: SAYS.declareComponents,
        },
        {
            title: "a sub with more components than the role knows",
            policy: policy(statement(subs("StringEquals", MAIN))),
            claims: { sub: `${MAIN}:ref_protected:true` },
            cause: SAYS.otherComponents("project_path, ref_type, ref, ref_protected", "project_path, ref_type, ref"),
            fix: SAYS.declareComponents,
        },
        {
            title: "a sub as on GitHub",
            policy: policy(statement(subs("StringLike", "repo:mygroup/myproject:*", "repo:mygroup/other:*"))),
            cause: SAYS.otherComponents("project_path, ref_type, ref", "repo, *"),
            fix: SAYS.asGitLab(MAIN),
        },
        {
            title: "an open pattern of which the job has no more than the beginning",
            policy: policy(statement(subs("StringLike", "project_path:mygroup/myproject:*"))),
            claims: { sub: "project_path:mygroup/myproject" },
            cause: SAYS.otherComponents("project_path", "project_path, *"),
            fix: SAYS.declareComponents,
        },
        {
            title: "another ref where ref_type is not declared",
            policy: policy(statement(subs("StringEquals", "project_path:mygroup/myproject:ref:main"))),
            claims: { sub: "project_path:mygroup/myproject:ref:dev" },
            cause: SAYS.otherRef("ref", "dev", '"main"'),
            fix: SAYS.runThere('$CI_COMMIT_REF_NAME == "main"', "ref", "dev"),
        },
        {
            title: "a branch whose name has quotes",
            policy: policy(statement(subs("StringEquals", `${DEV}"'/x`))),
            cause: SAYS.otherRef("branch", "main", '"dev\\"\'/x"'),
            fix: SAYS.runThere("$CI_COMMIT_BRANCH =~ /^dev\\x22\\x27\\/x$/", "branch", "main"),
        },
        {
            title: "a list of subs without one",
            policy: policy(statement(subs("StringEquals"))),
            cause: SAYS.otherComponents("project_path, ref_type, ref", "nothing that a job could have"),
            fix: SAYS.asGitLab(MAIN),
        },
        {
            title: "an open pattern of another project",
            policy: policy(statement(subs("StringLike", "project_path:mygroup/other:*"))),
            cause: SAYS.otherProject("mygroup/myproject", '"mygroup/other"'),
            fix: SAYS.addProject("mygroup/myproject"),
        },
        {
            title: "an open pattern of another group",
            policy: policy(statement(subs("StringLike", "project_path:other/*"))),
            cause: SAYS.otherProject("mygroup/myproject", '"other/*"'),
            fix: SAYS.addProject("mygroup/myproject"),
        },
        {
            title: "ref_type:mr",
            policy: policy(statement(subs("StringLike", "project_path:mygroup/myproject:ref_type:mr:ref:*"))),
            cause: SAYS.noRefType("project_path:mygroup/myproject:ref_type:mr:ref:*", "mr"),
            fix: SAYS.writeForJob(MAIN),
        },
        {
            title: "a full ref",
            policy: policy(
                statement(subs("StringEquals", "project_path:mygroup/myproject:ref_type:branch:ref:refs/heads/main")),
            ),
            cause: SAYS.otherRef("branch", "main", '"refs/heads/main"'),
            fix: SAYS.shortRef,
        },
        {
            title: "another project id in the sub",
            policy: policy(statement(subs("StringEquals", "project_id:4711:ref_type:branch:ref:main"))),
            claims: { sub: "project_id:20:ref_type:branch:ref:main" },
            cause: SAYS.otherProjectId("20", '"4711"'),
            fix: SAYS.addProjectId("20"),
        },
        {
            title: "the id of a project that had the path before",
            policy: policy(statement(mainAnd({ "gitlab.com:project_id": "4711" }))),
            cause: SAYS.otherProjectId("20", '"4711"'),
            fix: SAYS.addProjectId("20"),
        },
        {
            title: "an unprotected branch, by gitlab.com's key",
            policy: policy(statement(mainAnd({ "gitlab.com:ref_protected": "true" }))),
            claims: { ref_protected: "false" },
            cause: "The job's branch is not protected, but the role allows only protected ones.",
            fix: "Protect the branch in GitLab.",
        },
        {
            title: "an unprotected tag, by the sub claim",
            policy: policy(statement(subs("StringEquals", `${TAG}:ref_protected:true`))),
            claims: { sub: `${TAG}:ref_protected:false` },
            cause: "The job's tag is not protected, but the role allows only protected ones.",
            fix: "Protect the tag in GitLab.",
        },
        {
            title: "a protected branch where unprotected ones are allowed",
            policy: policy(statement(mainAnd({ "gitlab.com:ref_protected": "false" }))),
            cause: "The job's branch is protected, but the role allows only unprotected ones.",
            fix: "Run the job on an unprotected branch, or allow both.",
        },
        {
            title: "an unprotected environment",
            policy: policy(statement(subs("StringEquals", `${MAIN}:environment_protected:true`))),
            claims: { sub: `${MAIN}:environment_protected:false` },
            cause: "The job's environment is not protected, but the role allows only protected ones.",
            fix: "Protect the environment in GitLab.",
        },
        {
            title: "another deployment tier",
            policy: policy(statement(subs("StringEquals", `${MAIN}:deployment_tier:production`))),
            claims: { sub: `${MAIN}:deployment_tier:staging` },
            cause: SAYS.otherClaim("deployment_tier", "staging", '"production"'),
            fix: SAYS.addSubject,
        },
        {
            title: "another user",
            policy: policy(statement(mainAnd({ "gitlab.com:user_login": ["bot", "joe"] }))),
            cause: SAYS.otherClaim("user_login", "jane", '"bot", "joe"'),
            fix: SAYS.addSubject,
        },
        {
            title: "the environment, which is no key",
            policy: policy(statement(mainAnd({ "gitlab.com:environment": "production" }))),
            cause: SAYS.notLookedAt("gitlab.com:environment"),
            fix: SAYS.keysAre(
                "sub, aud, namespace_id, project_id, user_id, user_login, user_email, user_access_level, ref_protected, pipeline_source, runner_environment",
            ),
        },
        {
            title: "a key of gitlab.com on a self-managed instance",
            policy: policy(
                statement(
                    {
                        StringEquals: {
                            "gitlab.example.com:sub": MAIN,
                            "gitlab.example.com:ref_protected": "true",
                        },
                    },
                    { Principal: { Federated: SELF_MANAGED } },
                ),
            ),
            claims: { iss: "https://gitlab.example.com" },
            cause: SAYS.gitlabComKey("gitlab.example.com:ref_protected"),
            fix: SAYS.leaveOutKey,
        },
        {
            title: "a key of another instance",
            policy: policy(statement({ StringEquals: { "gitlab.example.com:sub": MAIN } })),
            cause: SAYS.noSuchKey("gitlab.example.com:sub", "gitlab.com"),
            fix: SAYS.keysBegin("gitlab.com"),
        },
        {
            title: "a key of signed-in callers",
            policy: policy(statement(mainAnd({ "aws:PrincipalOrgID": "o-1" }))),
            cause: SAYS.notSignedIn("aws:PrincipalOrgID"),
            fix: SAYS.whoMayCall,
        },
        {
            title: "a key that is not given",
            policy: policy(statement({ ...mainAnd({}), IpAddress: { "aws:SourceIp": "10.0.0.0/8" } })),
            cause: 'The value of "aws:SourceIp" is not known here.',
            fix: "If the call has this key, pass its value in `context`.",
        },
        {
            title: "a claim that is not given",
            policy: policy(statement(subs("StringEquals", MAIN))),
            claims: { sub: undefined },
            cause: SAYS.noClaim("sub"),
            fix: "Pass all claims of the job's ID token.",
        },
        {
            title: "a pattern that keeps the job out",
            policy: policy(
                statement({
                    StringLike: { "gitlab.com:sub": "project_path:mygroup/*" },
                    StringNotLike: { "gitlab.com:sub": ["*:ref:main", "*:ref:dev"] },
                }),
            ),
            cause: `"gitlab.com:sub" is "${MAIN}", which StringNotLike "*:ref:main", "*:ref:dev" excludes.`,
            fix: SAYS.changeCondition,
        },
        {
            title: "Null",
            policy: policy(statement({ Null: { "gitlab.com:sub": "true" } })),
            cause: 'The call has "gitlab.com:sub", but the statement requires a call without it.',
            fix: 'Write "Null": "false" for calls that have the key.',
        },
        {
            title: "the nearest of several statements: the job's own project",
            policy: policy(
                statement(subs("StringEquals", MAIN), { Principal: { Federated: SELF_MANAGED } }),
                statement(subs("StringEquals", "project_path:mygroup/other:ref_type:tag:ref:v1")),
                statement(subs("StringEquals", MAIN)),
                statement(subs("StringEquals", TAG), { Action: "sts:AssumeRole" }),
            ),
            claims: { sub: TAG },
            cause: SAYS.onTag("v1"),
            fix: SAYS.addKind("tag", "branch"),
        },
        {
            title: "the nearest of several statements: one condition rather than two",
            policy: policy(
                statement(mainAnd({ "gitlab.com:aud": "a", "gitlab.com:user_login": "joe" })),
                statement(mainAnd({ "gitlab.com:aud": "b" })),
            ),
            cause: SAYS.otherAudience("https://gitlab.com", '"b"'),
            fix: 'Write `aud: b` under the job\'s `id_tokens`, or add "https://gitlab.com" to `audiences` and to the identity provider.',
        },
        {
            title: "the nearest of several values: the job's own project",
            policy: policy(statement(subs("StringEquals", "project_path:mygroup/other:ref_type:branch:ref:dev", MAIN))),
            claims: { sub: DEV },
            cause: SAYS.otherRef("branch", "dev", '"main"'),
            fix: SAYS.runThere(ON_MAIN, "branch", "dev"),
        },
    ]);
});

describe("explainTrust, each statement", () => {
    it("says what was expected, what came, and every cause", () => {
        const explanation = explainTrust({
            trustPolicy: policy(
                statement(mainAnd({ "gitlab.com:aud": "sts.amazonaws.com" }), { Sid: "Main" }),
                statement(subs("StringLike", "project_path:mygroup/*"), { Effect: "Deny", Action: "sts:AssumeRole" }),
            ),
            claims: claimsOf({ sub: DEV }),
        });
        expect(explanation.statements).to.deep.equal([
            {
                path: "Statement[0]",
                sid: "Main",
                effect: "Allow",
                applies: false,
                principalMatches: true,
                actionMatches: true,
                conditions: [
                    { operator: "StringEquals", key: "gitlab.com:sub", expected: [MAIN], actual: DEV, met: false },
                    {
                        operator: "StringEquals",
                        key: "gitlab.com:aud",
                        expected: ["sts.amazonaws.com"],
                        actual: "https://gitlab.com",
                        met: false,
                    },
                ],
                causes: [
                    {
                        cause: SAYS.otherRef("branch", "dev", '"main"'),
                        fix: SAYS.runThere(ON_MAIN, "branch", "dev"),
                    },
                    {
                        cause: SAYS.otherAudience("https://gitlab.com", '"sts.amazonaws.com"'),
                        fix: 'Write `aud: sts.amazonaws.com` under the job\'s `id_tokens`, or add "https://gitlab.com" to `audiences` and to the identity provider.',
                    },
                ],
            },
            {
                path: "Statement[1]",
                effect: "Deny",
                applies: false,
                principalMatches: true,
                actionMatches: false,
                conditions: [
                    {
                        operator: "StringLike",
                        key: "gitlab.com:sub",
                        expected: ["project_path:mygroup/*"],
                        actual: DEV,
                        met: true,
                    },
                ],
                causes: [
                    {
                        cause: SAYS.otherAction("sts:AssumeRole"),
                        fix: 'Set "Action": "sts:AssumeRoleWithWebIdentity".',
                    },
                ],
            },
        ]);
    });
});

describe("explainTrust, allowed", () => {
    const role = {
        providerArn: GITLAB_COM,
        subjects: [{ project: "mygroup/myproject", projectId: "20", branch: "main", refProtected: true }],
    };
    const rows: readonly (readonly [title: string, args: ExplainTrustArgs, now?: number])[] = [
        ["a policy as an object", { trustPolicy: policy(statement(subs("StringEquals", MAIN))), claims: claimsOf() }],
        [
            "a policy as text",
            { trustPolicy: JSON.stringify(policy(statement(subs("StringEquals", MAIN)))), claims: claimsOf() },
        ],
        ["the inputs of a role", { role, claims: claimsOf() }],
        [
            "claims whose ids are numbers and flags are truth values",
            { role, claims: claimsOf({ project_id: 20, ref_protected: true }) },
        ],
        ["an audience in a list of one", { role, claims: claimsOf({ aud: ["https://gitlab.com"] }) }],
        [
            "keys in capital letters",
            {
                trustPolicy: policy(statement({ StringEquals: { "GitLab.com:SUB": MAIN } })),
                claims: claimsOf(),
            },
        ],
        [
            "a key that is given",
            {
                trustPolicy: policy(statement({ ...mainAnd({}), IpAddress: { "aws:SourceIp": "10.0.0.0/8" } })),
                claims: claimsOf(),
                context: { "aws:sourceip": "10.1.2.3" },
            },
        ],
        [
            "the time of the call",
            {
                trustPolicy: policy(
                    statement({
                        ...mainAnd({}),
                        DateLessThan: { "aws:CurrentTime": "2026-01-31T12:00:01Z" },
                        NumericGreaterThanEquals: { "aws:EpochTime": "1769860800" },
                        Bool: { "aws:SecureTransport": "true" },
                    }),
                ),
                claims: claimsOf(),
            },
            1_769_860_800,
        ],
        [
            "a policy without version",
            {
                trustPolicy: { Statement: statement(subs("StringEquals", MAIN)) },
                claims: claimsOf(),
            },
        ],
        [
            "an issuer with a path",
            {
                role: {
                    providerArn: "arn:aws:iam::111122223333:oidc-provider/example.com/GitLab",
                    subjects: [{ project: "mygroup/myproject", branch: "main" }],
                },
                claims: claimsOf({ iss: "https://example.com/GitLab", aud: "https://example.com/GitLab" }),
            },
        ],
    ];
    for (const [title, inputs, now] of rows) {
        it(title, () => {
            const { allowed, error, cause, fix, statements } = explainTrust(inputs, now);
            expect({ allowed, error, cause, fix }).to.deep.equal({
                allowed: true,
                error: undefined,
                cause: undefined,
                fix: undefined,
            });
            expect(statements[0]!.applies).to.equal(true);
        });
    }

    it("says why the inputs of a role would not", () => {
        expect(explainTrust({ role, claims: claimsOf({ project_id: "21" }) }).cause).to.equal(
            SAYS.otherProjectId("21", '"20"'),
        );
    });
});

/* Tokens. */

const NOW = 1_769_860_800;

function part(value: unknown): string {
    return Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
}

function jwt(changes: Changes = {}, header: unknown = { alg: "RS256", typ: "JWT", kid: "x" }): string {
    const claims = { ...claimsOf(), exp: NOW + 3600, nbf: NOW - 5, iat: NOW, jti: "secret-id", ...changes };
    return `${part(header)}.${part(claims)}.${part("the signature")}`;
}

function explainToken(token: string): ExplainTrustResult {
    const explanation = explainTrust({ trustPolicy: policy(statement(subs("StringEquals", MAIN))), token }, NOW);
    expectWithoutToken(JSON.stringify(explanation), token);
    return explanation;
}

function expectWithoutToken(output: string, token: string): void {
    expect(output).not.to.contain(token);
    for (const secret of token.split(".").filter((p) => p.length > 8)) {
        expect(output).not.to.contain(secret);
    }
    expect(output).not.to.contain("secret-id");
}

describe("explainTrust, a token", () => {
    it("is allowed", () => {
        expect(explainToken(jwt()).allowed).to.equal(true);
        expect(explainToken(`\n${jwt()}\n`).allowed).to.equal(true);
    });

    const NOT_A_JWT = `${INVALID_TOKEN}The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)`;
    const rows: readonly (readonly [string, string, Partial<ExplainTrustResult>])[] = [
        [
            "for another branch",
            jwt({ sub: DEV }),
            {
                error: SAYS.notAuthorized,
                cause: SAYS.otherRef("branch", "dev", '"main"'),
                fix: SAYS.runThere(ON_MAIN, "branch", "dev"),
            },
        ],
        [
            "expired",
            jwt({ exp: NOW - 600 }),
            {
                error: "An error occurred (ExpiredTokenException) when calling the AssumeRoleWithWebIdentity operation: Token expired: current date/time 1769860800 must be before the expiration date/time 1769860200",
                cause: SAYS.expired("600"),
                fix: "Exchange it at the beginning of the job that it was issued for.",
            },
        ],
        [
            "expiring right now",
            jwt({ exp: NOW }),
            {
                error: "An error occurred (ExpiredTokenException) when calling the AssumeRoleWithWebIdentity operation: Token expired: current date/time 1769860800 must be before the expiration date/time 1769860800",
                cause: SAYS.expired("0"),
                fix: "Exchange it at the beginning of the job that it was issued for.",
            },
        ],
        [
            "not valid yet",
            jwt({ nbf: NOW + 301 }),
            {
                error: `${INVALID_TOKEN}The web identity token that was passed could not be validated by AWS. Get a new identity token from the identity provider and then retry the request.`,
                cause: SAYS.notYet("301"),
                fix: "Correct the clock of the GitLab instance.",
            },
        ],
        [
            "not signed",
            jwt({}, { alg: "none" }),
            {
                error: NOT_A_JWT,
                cause: SAYS.otherAlgorithm("none"),
                fix: "Pass the job's ID token unchanged, as GitLab issued it.",
            },
        ],
        [
            "signed with a secret",
            jwt({}, { alg: "HS256" }),
            {
                error: NOT_A_JWT,
                cause: SAYS.otherAlgorithm("HS256"),
                fix: "Pass the job's ID token unchanged, as GitLab issued it.",
            },
        ],
        [
            "with an algorithm that is no text",
            jwt({}, { alg: 256 }),
            {
                error: NOT_A_JWT,
                cause: "The token's algorithm is not named, but GitLab signs with RS256.",
                fix: "Pass the job's ID token unchanged, as GitLab issued it.",
            },
        ],
        [
            "without an algorithm",
            jwt({}, { typ: "JWT" }),
            {
                error: NOT_A_JWT,
                cause: "The token's algorithm is not named, but GitLab signs with RS256.",
                fix: "Pass the job's ID token unchanged, as GitLab issued it.",
            },
        ],
        [
            "signed as GitLab does not sign",
            jwt({}, { alg: "ES256" }),
            {
                error: NOT_A_JWT,
                cause: SAYS.otherAlgorithm("ES256"),
                fix: "Pass the job's ID token unchanged, as GitLab issued it.",
            },
        ],
        [
            "of an issuer without scheme",
            jwt({ iss: "gitlab.com" }),
            {
                error: `${INVALID_TOKEN}No OpenIDConnect provider found in your account for gitlab.com`,
                cause: 'The token was issued by "gitlab.com", which is not an https address. AWS compares it exactly with the identity provider\'s URL.',
                fix: "Set GitLab's `external_url`, or its setting `ci_id_tokens_issuer_url`, to the https address of the identity provider.",
            },
        ],
        [
            "with exp as text",
            jwt({ exp: "1" }),
            {
                error: `${INVALID_TOKEN}The web identity token that was passed could not be validated by AWS. Get a new identity token from the identity provider and then retry the request.`,
                cause: "The claim `exp` is not a time in whole seconds since 1970.",
                fix: "Pass the job's ID token unchanged, as GitLab issued it.",
            },
        ],
        [
            "without an audience, as CI_JOB_JWT",
            jwt({ aud: undefined }),
            {
                error: `${INVALID_TOKEN}Missing a required claim: aud`,
                cause: SAYS.noClaim("aud"),
                fix: "Use a token of `id_tokens` with `aud`: CI_JOB_JWT has none.",
            },
        ],
        [
            "without exp",
            jwt({ exp: undefined }),
            {
                error: `${INVALID_TOKEN}Missing a required claim: exp`,
                cause: SAYS.noClaim("exp"),
                fix: "Pass the job's ID token unchanged, as GitLab issued it.",
            },
        ],
        [
            "for several audiences",
            jwt({ aud: ["https://gitlab.com", "sts.amazonaws.com"] }),
            {
                error: `${INVALID_TOKEN}Token audience contains more than one audience while authorized party is not present`,
                cause: 'The token is for several audiences: "https://gitlab.com", "sts.amazonaws.com".',
                fix: "Write one `aud` under the job's `id_tokens`, and add another token for the other audience.",
            },
        ],
    ];
    for (const [title, token, expected] of rows) {
        it(title, () => {
            const { allowed, error, cause, fix } = explainToken(token);
            expect({ allowed, error, cause, fix }).to.deep.equal({ allowed: false, ...expected });
        });
    }

    it("has the same said of its claims alone, as far as they need no time", () => {
        const trustPolicy = policy(statement(subs("StringEquals", MAIN)));
        const explain = (claims: Changes): ExplainTrustResult =>
            explainTrust({ trustPolicy, claims: claimsOf(claims) }, NOW);
        for (const iss of ["gitlab.com", "http://gitlab.com"]) {
            expect(explain({ iss })).to.include({
                allowed: false,
                error: `${INVALID_TOKEN}No OpenIDConnect provider found in your account for ${iss}`,
            });
        }
        expect(explain({ exp: "1" }).cause).to.equal("The claim `exp` is not a time in whole seconds since 1970.");
        expect(explain({ iat: NOW + 0.5 }).cause).to.equal(
            "The claim `iat` is not a time in whole seconds since 1970.",
        );
        expect(explain({ exp: NOW - 600, iat: NOW - 4200 }).allowed).to.equal(true);
        expect(explain({ exp: undefined, iat: undefined }).allowed).to.equal(true);
    });

    const NO_TOKEN = `AWS would return: ${NOT_A_JWT}. Pass the job's ID token unchanged, as GitLab issued it. [token]`;
    const NOT_THREE = `token: ${SAYS.tokenParts} ${NO_TOKEN}`;
    const undecoded = (why: string): string => `token: The token cannot be decoded: ${why}. ${NO_TOKEN}`;
    for (const [title, token, message] of [
        ["an access token", "glpat-0123456789abcdef", NOT_THREE],
        ["nothing", "", NOT_THREE],
        ["four parts", `${jwt()}.abcdefghijkl`, NOT_THREE],
        ["dots", "..", NOT_THREE],
        [
            "no JSON",
            `${part("header-header")}.${part("claims-claims")}.${part("signature")}`,
            undecoded("its header is not JSON"),
        ],
        [
            "a list",
            `${part({ alg: "RS256" })}.${part([1, 2, 3])}.c2lnbmF0dXJl`,
            undecoded(`its second part ${SAYS.jsonNotObject}`),
        ],
        [
            "null",
            `${part({ alg: "RS256" })}.${part("null")}.c2lnbmF0dXJl`,
            undecoded(`its second part ${SAYS.jsonNotObject}`),
        ],
        [
            "a header that is none",
            `${part("true")}.${part(claimsOf())}.c2lnbmF0dXJl`,
            undecoded(`its header ${SAYS.jsonNotObject}`),
        ],
        [
            "broken UTF-8",
            `${part({ alg: "RS256" })}.${Buffer.from([0x22, 0xff, 0x22]).toString("base64url")}.eA`,
            undecoded("its second part is not valid UTF-8"),
        ],
        ["an issuer that is none", jwt({ iss: 5 }), `claims.iss: ${SAYS.issuerMissing} [claims]`],
        [
            "a sub that is none",
            jwt({ sub: { a: 1 } }),
            "claims.sub: The claim `sub` is not a string. Pass the token's claims unchanged, as GitLab issued them. [claims]",
        ],
        [
            "too many characters",
            jwt({ sub: "x".repeat(20_000) }),
            /^ {2}- token: The token has \d+ characters, but STS accepts 4 to 20000\. Pass .* \[token\]$/,
        ],
    ] as const) {
        it(`${title}: is refused`, () => {
            const error = refusal({ trustPolicy: policy(statement({})), token });
            const [, line] = error.message.split("\n");
            if (typeof message === "string") {
                expect(line).to.equal(`  - ${message}`);
            } else {
                expect(line).to.match(message);
            }
            expectWithoutToken(error.message, token === "" ? "never" : token);
        });
    }
});

/* Inputs that are of no use. */

function refusal(inputs: unknown, now?: unknown): InvalidInputsError {
    try {
        explainTrust(inputs as ExplainTrustArgs, now as number | undefined);
    } catch (error) {
        expect(error).to.be.instanceOf(InvalidInputsError);
        return error as InvalidInputsError;
    }
    throw new Error("explainTrust gave an answer");
}

describe("explainTrust, inputs that are of no use", () => {
    const trustPolicy = policy(statement(subs("StringEquals", MAIN)));
    const claims = claimsOf();
    const cyclic: Record<string, unknown> = { iss: "https://gitlab.com" };
    cyclic["sub"] = cyclic;
    for (const [title, inputs, expected] of [
        ["nothing", {}, ["trustPolicy required", "claims required"]],
        ["undefined", undefined, ["args required"]],
        ["a text", "policy", ["args wrong-type"]],
        [
            "everything",
            { trustPolicy, role: { providerArn: GITLAB_COM, subjects: [] }, claims, token: jwt() },
            ["trustPolicy required", "claims required"],
        ],
        ["a policy alone", { trustPolicy }, ["claims required"]],
        ["claims that are text", { trustPolicy, claims: "x" }, ["claims wrong-type"]],
        ["a token that is a number", { trustPolicy, token: 5 }, ["token wrong-type"]],
        ["a context that is text", { trustPolicy, claims, context: "x" }, ["context wrong-type"]],
        [
            "a context with a number",
            { trustPolicy, claims, context: { "aws:SourceIp": 5 } },
            ['context["aws:SourceIp"] wrong-type'],
        ],
        ["a property that is none", { trustPolicy, claims, jwt: "x" }, ["jwt unknown-property"]],
        [
            "a time beside them, which is no argument of the function",
            { trustPolicy, claims, now: 1 },
            ["now unknown-property"],
        ],
        ["no issuer", { trustPolicy, claims: { sub: MAIN } }, ["claims.iss claims"]],
        [
            "an issuer in the prototype",
            { trustPolicy, claims: { ["__proto__"]: { iss: "https://gitlab.com" } } },
            ["claims.iss claims"],
        ],
        [
            "a claim that is an object",
            { trustPolicy, claims: claimsOf({ sub: Object.create(null) as object }) },
            ["claims.sub claims"],
        ],
        ["a claim that is a cycle", { trustPolicy, claims: cyclic }, ["claims.sub claims"]],
        [
            "a sub of 900,000 characters",
            { trustPolicy, claims: claimsOf({ sub: "a".repeat(900_000) }) },
            ["claims.sub claims"],
        ],
        [
            "an issuer of 20,001 characters",
            { trustPolicy, claims: claimsOf({ iss: "a".repeat(20_001) }) },
            ["claims.iss claims"],
        ],
        [
            "20,001 audiences",
            { trustPolicy, claims: claimsOf({ aud: new Array(20_001).fill("") }) },
            ["claims.aud claims"],
        ],
        [
            "audiences of 20,001 characters",
            { trustPolicy, claims: claimsOf({ aud: ["a", "a".repeat(20_000)] }) },
            ["claims.aud claims"],
        ],
        [
            "billions of audiences",
            { trustPolicy, claims: claimsOf({ aud: new Array(4_000_000_000) }) },
            ["claims.aud claims"],
        ],
        [
            "a key of the call with 20,001 characters",
            { trustPolicy, claims, context: { "aws:SourceIp": "1".repeat(20_001) } },
            ['context["aws:SourceIp"] claims'],
        ],
        ["a claim that is a list of lists", { trustPolicy, claims: claimsOf({ aud: [["x"]] }) }, ["claims.aud claims"]],
        ["a policy that is text", { trustPolicy: "policy", claims }, [" policy-document"]],
        ["a policy that is a list", { trustPolicy: [], claims }, [" policy-document"]],
        ["a policy that is a number", { trustPolicy: 5, claims }, [" policy-document"]],
        ["a policy without statements", { trustPolicy: { Version: "2012-10-17" }, claims }, [" policy-document"]],
        [
            "a version that is none",
            { trustPolicy: { Version: "2012-10-18", Statement: statement({}) }, claims },
            ["Version policy-document"],
        ],
        [
            "statements that are none",
            { trustPolicy: policy("x", null), claims },
            ["Statement[0] policy-document", "Statement[1] policy-document"],
        ],
        [
            "an effect that is none",
            { trustPolicy: policy(statement({}, { Effect: "allow" })), claims },
            ["Statement[0].Effect policy-document"],
        ],
        [
            "conditions that are none",
            { trustPolicy: policy(statement("x")), claims },
            ["Statement[0].Condition policy-document"],
        ],
        [
            "an operator without keys",
            { trustPolicy: policy(statement({ StringEquals: "x" })), claims },
            ['Statement[0].Condition["StringEquals"] policy-document'],
        ],
        [
            "a role that is refused",
            { role: { providerArn: GITLAB_COM, subjects: [{ project: "g/p" }] }, claims },
            ["role.subjects[0] no-ref"],
        ],
    ] as const) {
        it(title, () => {
            expect(refusal(inputs).findings.map(({ path, id }) => `${path} ${id}`)).to.deep.equal(expected);
        });
    }

    it("says how long a claim may be, and takes one that is as long", () => {
        expect(refusal({ trustPolicy, claims: claimsOf({ sub: "a".repeat(20_001) }) }).findings).to.deep.equal([
            {
                id: "claims",
                severity: "error",
                path: "claims.sub",
                message: "The claim `sub` has more than 20000 characters, which is more than any ID token.",
                fix: "Pass the token's claims unchanged, as GitLab issued them.",
            },
        ]);
        const pattern = policy(statement(subs("StringLike", `*${"a".repeat(10_000)}b`, `*a?${"a".repeat(10_000)}b*`)));
        for (const changes of [{ sub: "a".repeat(20_000) }, { runner_id: "a".repeat(20_001) }]) {
            expect(explainTrust({ trustPolicy: pattern, claims: claimsOf(changes) }).allowed).to.equal(false);
        }
    });

    it("takes a provider's url of slashes as it is", () => {
        const Federated = `${GITLAB_COM}${"/".repeat(100_000)}x`;
        const { cause } = explainTrust({ trustPolicy: policy(statement({}, { Principal: { Federated } })), claims });
        expect(cause).to.contain('"https://gitlab.com"').and.to.contain('"https://gitlab.com//');
    });

    it("refuses values of any other kind in a policy, and takes numbers and booleans for text", () => {
        const condition = (value: unknown): object => policy(statement({ StringEquals: { "gitlab.com:sub": value } }));
        for (const value of [null, {}, [[MAIN]], [null, MAIN], [MAIN, {}]]) {
            expect(refusal({ trustPolicy: condition(value), claims }).findings[0]!.path).to.match(
                /^Statement\[0\]\.Condition\["StringEquals"\]\["gitlab\.com:sub"\](?:\[\d\])?$/,
            );
        }
        for (const value of [5, true, [5, true]]) {
            expect(explainTrust({ trustPolicy: condition(value), claims }).allowed).to.equal(false);
        }
    });

    it("whatever it is, there is an answer or a list of findings", () => {
        const odd = fc.oneof(
            fc.anything({
                withNullPrototype: true,
                withBigInt: true,
                withDate: true,
                withMap: true,
                withSparseArray: true,
            }),
            fc.constantFrom<unknown>(
                "__proto__",
                "constructor",
                "\u0000",
                "\ud800",
                "🦊",
                "${",
                "a".repeat(10_000),
                cyclic,
            ),
        );
        const structured = fc.record(
            {
                Version: fc.oneof(fc.constant("2012-10-17"), odd),
                Statement: fc.array(
                    fc.record(
                        {
                            Effect: fc.oneof(fc.constantFrom("Allow", "Deny"), odd),
                            Principal: fc.oneof(fc.constant({ Federated: GITLAB_COM }), fc.constant("*"), odd),
                            Action: fc.oneof(fc.constant("sts:*"), odd),
                            Condition: fc.oneof(
                                fc.dictionary(
                                    fc.oneof(
                                        fc.constantFrom("StringEquals", "StringLike", "Null", "Bool"),
                                        fc.string(),
                                    ),
                                    fc.oneof(
                                        fc.dictionary(fc.constantFrom("gitlab.com:sub", "__proto__", "a"), odd),
                                        odd,
                                    ),
                                ),
                                odd,
                            ),
                        },
                        { requiredKeys: [] },
                    ),
                    { maxLength: 3 },
                ),
            },
            { requiredKeys: ["Statement"] },
        );
        const inputs = fc.record(
            {
                trustPolicy: fc.oneof(
                    structured,
                    structured.map((p) => safeJson(p)),
                    odd,
                ),
                claims: fc.oneof(
                    fc.record({ iss: fc.oneof(fc.constant("https://gitlab.com"), odd), sub: odd, aud: odd }),
                    odd,
                ),
                token: fc.oneof(
                    fc
                        .record({ iss: fc.constant("https://gitlab.com"), sub: odd, exp: odd })
                        .map((c) => `${part({ alg: "RS256" })}.${part(safeJson(c))}.eA`),
                    fc.string(),
                    odd,
                ),
                context: odd,
            },
            { requiredKeys: [] },
        );
        fc.assert(
            fc.property(inputs, fc.option(odd, { nil: undefined }), (given, now) => {
                try {
                    expect(explainTrust(given as ExplainTrustArgs, now as number | undefined).allowed).to.be.a(
                        "boolean",
                    );
                } catch (error) {
                    expect(error, String((error as Error).stack)).to.be.instanceOf(InvalidInputsError);
                }
            }),
            { numRuns: 2_000 },
        );
    });
});

function safeJson(value: unknown): string {
    try {
        return JSON.stringify([value]).slice(1, -1);
    } catch {
        return "{}";
    }
}
