import { expect } from "chai";
import { checkGitLabOidc } from "../../../provider/components/gitlab-oidc-check";

const S = { project: "mygroup/myproject", projectId: "4711", branch: "main" };
const sub = (subject: object): object => ({ roles: { deploy: { subjects: [subject] } } });
const ALLOWED = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::releases/*" }],
};
const D = (role: object): object => ({ roles: { deploy: { subjects: [S], ...role } } });

/** Inputs that people write by mistake, and all that the component reports about them. */
const MISTAKES: readonly (readonly [title: string, inputs: unknown, ...messages: readonly string[]])[] = [
    [
        "no args",
        undefined,
        'args: missing. GitLabOidc needs an arguments object with at least `roles`: { roles: { deploy: { subjects: [{ project: "mygroup/myproject", branch: "main" }] } } }. [required]',
    ],
    [
        "empty",
        {},
        'roles: is missing. Write roles: { deploy: { subjects: [{ project: "mygroup/myproject", branch: "main" }] } }. [required]',
    ],
    [
        "typo role key",
        { rolles: { deploy: { subjects: [S] } } },
        "rolles: is not a property of GitLabOidc. Did you mean roles? [unknown-property]",
    ],
    [
        "typo subjects",
        { roles: { deploy: { subject: [S] } } },
        'roles["deploy"].subject: is not a property of Role. Did you mean subjects? [unknown-property]',
    ],
    [
        "subjects not array",
        { roles: { deploy: { subjects: S } } },
        'roles["deploy"].subjects: is an object. Use an array of subjects: [{ project: "mygroup/myproject", branch: "main" }]. [wrong-type]',
    ],
    [
        "roles as array",
        { roles: [{ subjects: [S] }] },
        'roles: is an array. Use a map of key to role: { deploy: { subjects: [{ project: "mygroup/myproject", branch: "main" }] } }. [wrong-type]',
    ],
    [
        "no sub claim components",
        { subClaimComponents: [], roles: { deploy: { subjects: [S] } } },
        "subClaimComponents: is empty. Copy the project's setting `ci_id_token_sub_claim_components`, or leave it out for GitLab's default. In Java, `lookupProject` returns an empty list if the token may not read the setting. [sub-components]",
    ],
    [
        "full ref",
        sub({ ...S, branch: "refs/heads/main" }),
        'roles["deploy"].subjects[0].branch: "refs/heads/main" is a full ref, but the `sub` claim has the short name. Write branch: "main". [ref-name]',
    ],
    [
        "projectId number",
        sub({ ...S, projectId: 4711 }),
        'roles["deploy"].subjects[0].projectId: is 4711. Use a string: "4711". [wrong-type]',
    ],
    [
        "url trailing slash",
        { url: "https://gitlab.com/", ...sub(S) },
        'url: "https://gitlab.com/" ends with a slash: GitLab\'s `iss` has none, so no token would match. Write "https://gitlab.com", exactly as in the `iss` claim of the instance\'s ID tokens. [issuer-url]',
    ],
    [
        "url no scheme",
        { url: "gitlab.example.com", ...sub({ project: "g/p", branch: "main" }) },
        'url: "gitlab.example.com" is not the address of a GitLab instance. Write it with its scheme: "https://gitlab.example.com". [issuer-url]',
    ],
    [
        "project url",
        sub({ ...S, project: "https://gitlab.com/mygroup/myproject" }),
        'roles["deploy"].subjects[0].project: "https://gitlab.com/mygroup/myproject" is a URL, not a path. Write "mygroup/myproject". [gitlab-path]',
    ],
    [
        "no ref",
        sub({ project: "g/p", projectId: "4711" }),
        'roles["deploy"].subjects[0]: names neither branch nor tag. Add branch: "main" or tag: "v*". Avoid branch: "*": anyone who can push a branch could assume the role. [no-ref]',
    ],
    [
        "branch and tag",
        sub({ ...S, tag: "v*" }),
        'roles["deploy"].subjects[0].tag: is set in addition to `branch`, but no job runs on both, so it would never match. Write two subjects: { project: "mygroup/myproject", projectId: "4711", branch: "main" } and { project: "mygroup/myproject", projectId: "4711", tag: "v*" }. [several-refs]',
    ],
    [
        "project and group",
        sub({ ...S, group: "mygroup" }),
        'roles["deploy"].subjects[0].group: is set in addition to `project`, but a subject trusts either one project or one group. Remove `group` to trust one project, or `project` to trust every project below the group. [several-scopes]',
    ],
    [
        "wildcard project",
        sub({ project: "mygroup/app*", branch: "main" }),
        'roles["deploy"].subjects[0].project: "mygroup/app*" has a wildcard inside the segment "app*". For example, `mygroup/app*` also matches `mygroup/app-evil` and `mygroup/app/other`. Write one subject for each project, or use `*` as a whole segment. [path-wildcard]',
    ],
    [
        "star project",
        sub({ project: "*", branch: "main" }),
        'roles["deploy"].subjects[0].project: "*" has a wildcard in its first segment, so it would match projects of every owner on the instance. Name the top-level group: "mygroup/myproject". [path-wildcard]',
    ],
    [
        "environment prop",
        sub({ ...S, environment: "production" }),
        'roles["deploy"].subjects[0].environment: is not a property of Subject. AWS does not see the name of an environment. Use deploymentTier: "production" or environmentProtected: true in the subject. [unknown-property]',
    ],
    [
        "managedPolicies array",
        D({ managedPolicies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }),
        'roles["deploy"].managedPolicies: is an array. Use a map of key to policy ARN: { s3: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" }. [wrong-type]',
    ],
    [
        "policy name not arn",
        D({ managedPolicies: { r: "ReadOnlyAccess" } }),
        'roles["deploy"].managedPolicies["r"]: "ReadOnlyAccess" is not the ARN of a managed policy. Write "arn:aws:iam::aws:policy/ReadOnlyAccess" for a policy of AWS, or "arn:aws:iam::<account ID>:policy/ReadOnlyAccess" for your own. [policy-arn]',
    ],
    [
        "duration string",
        D({ maxSessionDuration: "1h" }),
        'roles["deploy"].maxSessionDuration: is the string "1h". Use a whole number of seconds: 3600. [wrong-type]',
    ],
    [
        "duration low",
        D({ maxSessionDuration: 900 }),
        'roles["deploy"].maxSessionDuration: 900 seconds is outside the range that IAM accepts: 3600 (1 hour) to 43200 (12 hours). Write 3600. A job can request a shorter session from STS, from 900 seconds. [role-duration]',
    ],
    [
        "mr ref_type",
        sub({ sub: "project_path:mygroup/myproject:ref_type:mr:ref:main" }),
        'roles["deploy"].subjects[0].sub: "project_path:mygroup/myproject:ref_type:mr:ref:main" has ref_type "mr". GitLab writes only "branch" or "tag", and "branch" for merge requests. Write it as GitLab does: "project_path:mygroup/myproject:ref_type:branch:ref:main". [ref-type]',
    ],
    [
        "github sub",
        sub({ sub: "repo:org/repo:ref:refs/heads/main" }),
        'roles["deploy"].subjects[0].sub: "repo:org/repo:ref:refs/heads/main" looks like a subject of GitHub Actions. A GitLab subject begins with "project_path" or "project_id". Write it as GitLab does: "project_path:org/repo:ref_type:branch:ref:main". [sub-shape]',
    ],
    [
        "accept typo",
        D({ accept: ["any_branch"] }),
        'roles["deploy"].accept[0]: "any_branch" is not the ID of a warning. Did you mean "any-branch"? [accept]',
    ],
    [
        "accept an error",
        D({ accept: ["path-wildcard"] }),
        'roles["deploy"].accept[0]: "path-wildcard" is the ID of an error, and errors cannot be accepted. Leave it out and fix the error. [accept]',
    ],
    [
        "inline policy key slash",
        D({ inlinePolicies: { "own/policy": ALLOWED, "own.policy+v=1,2@x": ALLOWED } }),
        'roles["deploy"].inlinePolicies["own/policy"]: "own/policy" cannot be a key, because it is the name of the policy in IAM. Use 1 to 128 letters, digits and _+=,.@-. [key]',
    ],
    [
        "role key dot",
        { roles: { "deploy.prod": { subjects: [S] } } },
        'roles["deploy.prod"]: "deploy.prod" cannot be a key, because it becomes part of names in Pulumi and IAM. Use 1 to 128 letters, digits, _ and -: "deploy-prod". [key]',
    ],
    [
        "self managed projectId",
        { url: "https://gitlab.example.com", gitlabVersion: "19.1", ...sub(S) },
        'roles["deploy"].subjects[0].projectId: AWS supports the condition key `project_id` only for gitlab.com, so it cannot be checked for "https://gitlab.example.com". Add `project_id` to the project\'s sub claim components and to `subClaimComponents`, or remove projectId. [project-id]',
    ],
    [
        "self managed no version",
        { url: "https://gitlab.example.com", ...sub({ project: "g/p", branch: "main" }) },
        "gitlabVersion: is not set. Before GitLab 18.2.2, a fork's pipeline in the parent project has the parent's `sub`. Before 19.1, a new project at the path of a deleted or renamed one has it too. Both could assume the role. Set gitlabVersion: \"<version of the instance>\" (shown at /help), and update an instance older than 19.1. [self-managed-version]",
    ],
    [
        "path only",
        sub({ project: "g/p", branch: "main" }),
        'roles["deploy"].subjects[0].project: If the project is deleted, renamed or moved, someone else can create a project with this path. Add projectId: "<project id>". In GitLab, open the project and choose ⋮ > Copy project ID. [path-only]',
    ],
    [
        "access level",
        sub({ ...S, claims: { userAccessLevel: ["admin"] } }),
        'roles["deploy"].subjects[0].claims.userAccessLevel[0]: "admin" is not an access level of GitLab. Write one of guest, planner, reporter, developer, maintainer, owner. [claim-value]',
    ],
    [
        "many",
        {
            audience: "x",
            url: "https://GitLab.com/",
            roles: {
                "a b": {
                    subjects: [{ branch: "refs/heads/main" }, { project: "p", branch: "x", tag: "y" }],
                    maxSessionDuration: 60,
                    managedPolicies: { x: "foo" },
                },
            },
        },
        "audience: is not a property of GitLabOidc. Did you mean audiences? [unknown-property]",
        'url: "https://GitLab.com/" ends with a slash: GitLab\'s `iss` has none, so no token would match; it has capital letters in its host: the `iss` claim is compared exactly and has none. Write "https://gitlab.com", exactly as in the `iss` claim of the instance\'s ID tokens. [issuer-url]',
        'roles["a b"]: "a b" cannot be a key, because it becomes part of names in Pulumi and IAM. Use 1 to 128 letters, digits, _ and -: "a-b". [key]',
        'roles["a b"].subjects[0]: names no project, so it would allow jobs of every project on the instance. Add project: "mygroup/myproject", or group: "mygroup" for every project below it. [no-scope]',
        'roles["a b"].subjects[0].branch: "refs/heads/main" is a full ref, but the `sub` claim has the short name. Write branch: "main". [ref-name]',
        'roles["a b"].subjects[1].project: "p" names a group, not a project. Write project: "p/myproject", or group: "p" for every project below it. [gitlab-path]',
        'roles["a b"].subjects[1].tag: is set in addition to `branch`, but no job runs on both, so it would never match. Write two subjects: { project: "p", branch: "x" } and { project: "p", tag: "y" }. [several-refs]',
        'roles["a b"].maxSessionDuration: 60 seconds is outside the range that IAM accepts: 3600 (1 hour) to 43200 (12 hours). Write 3600. A job can request a shorter session from STS, from 900 seconds. [role-duration]',
        'roles["a b"].managedPolicies["x"]: "foo" is not the ARN of a managed policy. Write "arn:aws:iam::aws:policy/foo" for a policy of AWS, or "arn:aws:iam::<account ID>:policy/foo" for your own. [policy-arn]',
    ],
];

describe("GitLabOidc: inputs that people write by mistake", () => {
    for (const [title, inputs, ...messages] of MISTAKES) {
        it(title, () => {
            const { errors, warnings, roleWarnings } = checkGitLabOidc("gitlab", inputs as never);
            const found = errors.length > 0 ? errors : [...warnings, ...[...roleWarnings.values()].flat()];
            expect(found.map(({ path, message, fix, id }) => `${path}: ${message} ${fix} [${id}]`)).to.deep.equal(
                messages,
            );
        });
    }
});
