import { expect } from "chai";
import { describe as describeFindings, InvalidInputsError } from "../../../provider/contract/findings";
import type { Finding } from "../../../provider/contract/types";
import { RULES } from "../../../provider/contract/rules";
import { checkGitLabOidc } from "../../../provider/components/gitlab-oidc-check";
import { checkIdentityProvider } from "../../../provider/components/identity-provider-check";
import { checkPipelineRole } from "../../../provider/components/pipeline-role-check";
import { type InputsView } from "../../../provider/components/checked";
import { UNKNOWN } from "../../../provider/contract/unknown";
import { buildTrustPolicy, type GetTrustPolicyArgs } from "../../../provider/operations/trust";

const ACCOUNT = "arn:aws:iam::111122223333";
const GITLAB_COM = `${ACCOUNT}:oidc-provider/gitlab.com`;
const SELF_MANAGED = `${ACCOUNT}:oidc-provider/gitlab.example.com`;

/** A subject that nothing is said about on gitlab.com. */
const SOUND = { project: "g/p", projectId: "4711", branch: "main" };
/** A subject that nothing is said about on another instance. */
const PLAIN = { project: "g/p", branch: "main" };

type Expected = readonly (readonly [path: string, id: string])[];
/** Looks when it is called, so that what a check throws fails its own row. */
type Check = () => readonly Finding[];
type Row = readonly [title: string, check: Check, expected: Expected];

function provider(inputs: InputsView): Check {
    return () => {
        const { errors, warnings } = checkIdentityProvider(inputs);
        return [...errors, ...warnings];
    };
}

function role(inputs: InputsView): Check {
    return () => {
        const whole = { providerArn: GITLAB_COM, subjects: [SOUND], ...inputs };
        const { errors, warnings } = checkPipelineRole("role", whole);
        return [...errors, ...warnings];
    };
}

function gitlab(inputs: InputsView, name = "gitlab"): Check {
    return () => {
        const checked = checkGitLabOidc(name, { roles: { a: { subjects: [SOUND] } }, ...inputs });
        return [...checked.errors, ...checked.warnings, ...[...checked.roleWarnings.values()].flat()];
    };
}

/** A role of another instance in its present version, with what stands in the subject and beside it. */
function own(subject: object, beside: InputsView = {}): Check {
    return role({ providerArn: SELF_MANAGED, gitlabVersion: "19.1", subjects: [subject], ...beside });
}

/** A role of gitlab.com with one subject. */
function com(subject: object, beside: InputsView = {}): Check {
    return role({ subjects: [subject], ...beside });
}

function entries<T>(count: number, entry: (i: number) => readonly [string, T]): Readonly<Record<string, T>> {
    return Object.fromEntries(Array.from({ length: count }, (_, i) => entry(i)));
}

const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const SECRET = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/db-AbCd3F";
const KEY = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const allow = (statement: object): object => ({ Statement: { Effect: "Allow", Resource: "*", ...statement } });

const SHAPE: readonly Row[] = [
    ["a property that is not known", gitlab({ rolez: {} }), [["rolez", "unknown-property"]]],
    ["one deep inside", com({ ...SOUND, brnch: "x" }), [["subjects[0].brnch", "unknown-property"]]],
    ["one whose name has a line break", role({ "a\nb": 1 }), [['["a\\nb"]', "unknown-property"]]],
    [
        "names of JavaScript's own",
        role(JSON.parse('{ "__proto__": {}, "constructor": 1, "toString": "x" }') as InputsView),
        [
            ["__proto__", "unknown-property"],
            ["constructor", "unknown-property"],
            ["toString", "unknown-property"],
        ],
    ],
    ["a number for text", com({ ...SOUND, projectId: 4711 }), [["subjects[0].projectId", "wrong-type"]]],
    ["text for a list", role({ subjects: "main" }), [["subjects", "wrong-type"]]],
    ["a list for an object", com([]), [["subjects[0]", "wrong-type"]]],
    ["an object for a list", role({ subjects: {} }), [["subjects", "wrong-type"]]],
    ["nothing in a list", role({ subjects: [SOUND, null] }), [["subjects[1]", "wrong-type"]]],
    ["a number for a flag", com({ ...SOUND, refProtected: 1 }), [["subjects[0].refProtected", "wrong-type"]]],
    ["a fraction of a second", role({ maxSessionDuration: 3600.5 }), [["maxSessionDuration", "wrong-type"]]],
    ["NaN seconds", role({ maxSessionDuration: NaN }), [["maxSessionDuration", "wrong-type"]]],
    ["infinite seconds", role({ maxSessionDuration: Infinity }), [["maxSessionDuration", "wrong-type"]]],
    ["a function", role({ description: () => "x" }), [["description", "wrong-type"]]],
    ["a symbol of someone else", role({ description: Symbol("x") }), [["description", "wrong-type"]]],
    ["a bigint", role({ maxSessionDuration: 3600n }), [["maxSessionDuration", "wrong-type"]]],
    [
        "one value of a condition without its list",
        role({ conditions: { StringEquals: { "aws:RequestedRegion": "eu-west-1" } } }),
        [['conditions["StringEquals"]["aws:RequestedRegion"]', "wrong-type"]],
    ],
    [
        "no provider and no subjects",
        role({ providerArn: undefined, subjects: null }),
        [
            ["providerArn", "required"],
            ["subjects", "required"],
        ],
    ],
    ["no roles", gitlab({ roles: undefined }), [["roles", "required"]]],
    ["empty roles", gitlab({ roles: {} }), [["roles", "required"]]],
    ["a role without subjects", gitlab({ roles: { a: {} } }), [['roles["a"].subjects', "required"]]],
    ["roles as an output", gitlab({ roles: UNKNOWN }), [["roles", "plain-required"]]],
    ["a role as an output", gitlab({ roles: { a: UNKNOWN } }), [['roles["a"]', "plain-required"]]],
    ["adoptExisting as an output", gitlab({ adoptExisting: UNKNOWN }), [["adoptExisting", "plain-required"]]],
    ["a map of policies as an output", role({ managedPolicies: UNKNOWN }), [["managedPolicies", "plain-required"]]],
    ["an accepted id as an output", role({ accept: [UNKNOWN] }), [["accept[0]", "plain-required"]]],
    ["an accepted id that is a number", role({ accept: [5] }), [["accept[0]", "wrong-type"]]],
    ["a role's key with a dot", gitlab({ roles: { "a.b": { subjects: [SOUND] } } }), [['roles["a.b"]', "key"]]],
    ["an empty key", gitlab({ roles: { "": { subjects: [SOUND] } } }), [['roles[""]', "key"]]],
    [
        "__proto__ as a key",
        gitlab({ roles: JSON.parse(`{ "__proto__": { "subjects": [${JSON.stringify(SOUND)}] } }`) as unknown }),
        [['roles["__proto__"]', "key"]],
    ],
    [
        "keys of policies",
        role({ managedPolicies: { "a:b": READ_ONLY }, inlinePolicies: { "a b": allow({ Action: "s3:Get*" }) } }),
        [
            ['managedPolicies["a:b"]', "key"],
            ['inlinePolicies["a b"]', "key"],
        ],
    ],
];

const IDENTITY_PROVIDER: readonly Row[] = [
    ...[
        "http://gitlab.example.com",
        "https://gitlab.example.com/",
        "https://gitlab.example.com/gitlab/",
        "https://gitlab.example.com:8443",
        "https://gitlab.example.com:443",
        "https://gitlab.example.com?x=1",
        "https://gitlab.example.com#x",
        "https://me:secret@gitlab.example.com",
        "https://GitLab.example.com",
        "HTTPS://gitlab.example.com",
        "https://gitläb.example.com",
        "https://gitlab.example.com/a b",
        "https://gitlab.example.com/a/../b",
        "https:gitlab.example.com",
        "https:///gitlab.example.com",
        "https://gitlab.example.com\\gitlab",
        "https://%67itlab.example.com",
        "https://*.example.com",
        "https://gitlab.example.com/*",
        "https://${host}",
        "ftp://gitlab.example.com",
        "gitlab.example.com",
        "https://",
        "",
        `https://gitlab.example.com/${"x".repeat(230)}`,
    ].map((url): Row => [`url ${url.slice(0, 60)}`, provider({ url }), [["url", "issuer-url"]]]),
    ["no audience", provider({ audiences: [] }), [["audiences", "audience"]]],
    ["an empty audience", provider({ audiences: [""] }), [["audiences[0]", "audience"]]],
    ["an audience with white space", provider({ audiences: ["a b"] }), [["audiences[0]", "audience"]]],
    ["an audience with a wildcard", provider({ audiences: ["https://*"] }), [["audiences[0]", "audience"]]],
    ["an audience that GitLab expands", provider({ audiences: ["$CI_SERVER_URL"] }), [["audiences[0]", "audience"]]],
    ["an audience over 255 characters", provider({ audiences: ["x".repeat(256)] }), [["audiences[0]", "audience"]]],
    [
        "the url with a slash as audience",
        provider({ audiences: ["https://gitlab.com/"] }),
        [["audiences[0]", "audience"]],
    ],
    ["the url over http as audience", provider({ audiences: ["http://gitlab.com"] }), [["audiences[0]", "audience"]]],
    ["an audience twice", provider({ audiences: ["a", "b", "a"] }), [["audiences[2]", "audience"]]],
    [
        "101 audiences",
        provider({ audiences: Array.from({ length: 101 }, (_, i) => `a${i}`) }),
        [["audiences", "audience"]],
    ],
    [
        "thumbprints with colons, or too short",
        provider({ url: "https://gitlab.example.com", thumbprints: ["ab:cd", "a".repeat(39)] }),
        [
            ["thumbprints[0]", "thumbprint"],
            ["thumbprints[1]", "thumbprint"],
        ],
    ],
    [
        "six thumbprints",
        provider({
            url: "https://gitlab.example.com",
            thumbprints: ["a", "b", "c", "d", "e", "f"].map((c) => c.repeat(40)),
        }),
        [["thumbprints", "thumbprint"]],
    ],
    [
        "thumbprints where AWS ignores them",
        provider({ thumbprints: ["a".repeat(40)] }),
        [["thumbprints", "redundant-thumbprints"]],
    ],
    [
        "a mode of the issuer's check that is none",
        provider({ issuerCheck: "strict" }),
        [["issuerCheck", "issuer-check"]],
    ],
    ["the same, accepted", provider({ thumbprints: ["a".repeat(40)], accept: ["redundant-thumbprints"] }), []],
    [
        "the same, accepted by the package",
        gitlab({ thumbprints: ["a".repeat(40)], accept: ["redundant-thumbprints"] }),
        [],
    ],
    ["51 tags", provider({ tags: entries(51, (i) => [`t${i}`, "x"]) }), [["tags", "tags"]]],
    [
        "a url with a slash at its end, which is told once",
        role({ url: "https://gitlab.com/" }),
        [["url", "issuer-url"]],
    ],
    [
        "the same beside the provider to adopt",
        gitlab({ url: "https://gitlab.com/", existingProviderArn: GITLAB_COM }),
        [["url", "issuer-url"]],
    ],
    [
        "such a url, and an ARN of something else",
        role({ url: "https://gitlab.com/", providerArn: `${ACCOUNT}:role/x` }),
        [
            ["url", "issuer-url"],
            ["providerArn", "provider-arn"],
        ],
    ],
    ["an ARN of something else", role({ providerArn: `${ACCOUNT}:role/x` }), [["providerArn", "provider-arn"]]],
    [
        "an ARN of a partition that does not exist",
        role({ providerArn: "arn:aws-x:iam::111122223333:oidc-provider/gitlab.com" }),
        [["providerArn", "provider-arn"]],
    ],
    [
        "an ARN whose account is too short",
        role({ providerArn: "arn:aws:iam::1111:oidc-provider/gitlab.com" }),
        [["providerArn", "provider-arn"]],
    ],
    ["an ARN with a slash at its end", role({ providerArn: `${GITLAB_COM}/` }), [["providerArn", "provider-arn"]]],
    ["an ARN with a wildcard", role({ providerArn: `${ACCOUNT}:oidc-provider/*` }), [["providerArn", "provider-arn"]]],
    [
        "the ARN of another instance than the url",
        role({ url: "https://gitlab.com", providerArn: SELF_MANAGED }),
        [["providerArn", "provider-arn"]],
    ],
    [
        "the ARN of another instance to adopt",
        gitlab({ existingProviderArn: SELF_MANAGED }),
        [["existingProviderArn", "provider-arn"]],
    ],
    [
        "adopted both ways",
        gitlab({ existingProviderArn: GITLAB_COM, adoptExisting: true }),
        [["adoptExisting", "adopt-conflict"]],
    ],
    [
        "a thumbprint with colons, and one by SHA-256",
        provider({
            url: "https://gitlab.example.com",
            thumbprints: [Array.from({ length: 20 }, () => "A0").join(":"), "a0".repeat(32)],
        }),
        [
            ["thumbprints[0]", "thumbprint"],
            ["thumbprints[1]", "thumbprint"],
        ],
    ],
    [
        "thumbprints for a provider that is adopted",
        gitlab({
            url: "https://gitlab.example.com",
            gitlabVersion: "19.1",
            adoptExisting: true,
            thumbprints: ["a".repeat(40)],
            roles: { a: { subjects: [PLAIN] } },
        }),
        [["thumbprints", "adopt-conflict"]],
    ],
];

const SUBJECTS: readonly Row[] = [
    ["no subject", role({ subjects: [] }), [["subjects", "no-subject"]]],
    ["no scope", com({ branch: "main" }), [["subjects[0]", "no-scope"]]],
    ["neither scope nor ref", com({}), [["subjects[0]", "no-scope"]]],
    [
        "no scope, where sub leads with the id",
        own({ branch: "main" }, { subClaimComponents: ["project_id", "ref_type", "ref"] }),
        [["subjects[0]", "no-scope"]],
    ],
    [
        "project and group",
        com({ ...PLAIN, group: "g" }),
        [
            ["subjects[0].group", "several-scopes"],
            ["subjects[0].project", "path-only"],
        ],
    ],
    [
        "a group and one project's id",
        com({ group: "g", projectId: "4711", branch: "main" }),
        [["subjects[0].projectId", "several-scopes"]],
    ],
    ["no ref", com({ project: "g/p", projectId: "4711" }), [["subjects[0]", "no-ref"]]],
    ["a branch and a tag", com({ ...SOUND, tag: "v1", refProtected: true }), [["subjects[0].tag", "several-refs"]]],
    ...[
        "https://gitlab.com/g/p",
        "/g/p",
        "g/p/",
        "g//p",
        "g",
        "",
        "g/p q",
        "g/-p",
        "g/p.git",
        "g.git/p",
        "g/p.atom",
        "g/é",
        "g/p:ref_type:branch",
        "g/p'\"",
        "g/${p}",
        "__proto__",
    ].map((project): Row => [
        `project ${JSON.stringify(project)}`,
        com({ ...SOUND, project }),
        [["subjects[0].project", "gitlab-path"]],
    ]),
    ...["*", "*/*", "*/p", "g*/p", "?/p", "my?group/p"].map((project): Row => [
        `project ${project}: every owner of the instance`,
        com({ ...SOUND, project }),
        [["subjects[0].project", "path-wildcard"]],
    ]),
    ...["g/app*", "g/*app", "g/a?p", "g/**", "g/sub*/p", "g/?"].map((project): Row => [
        `project ${project}: a wildcard within a segment`,
        com({ ...SOUND, project }),
        [["subjects[0].project", "path-wildcard"]],
    ]),
    ...["*", "g*", "g/*", "g/*/h", "mygroup?"].map((group): Row => [
        `group ${group}`,
        own({ group, branch: "main" }),
        [["subjects[0].group", "path-wildcard"]],
    ]),
    ...["", "g/", "https://gitlab.com/g", "g h"].map((group): Row => [
        `group ${JSON.stringify(group)}`,
        own({ group, branch: "main" }),
        [["subjects[0].group", "gitlab-path"]],
    ]),
    ...[
        "",
        "refs/heads/main",
        "refs/tags/v1",
        "a b",
        "a~1",
        "a^",
        "a:b",
        "a[b]",
        "a\\b",
        "a..b",
        "a@{b",
        "@",
        "/a",
        "a/",
        "a//b",
        "a.",
        ".a",
        "a/.b",
        "a.lock",
        "a.lock/b",
        "a\u0000",
        "a\nb",
        "a\u007f",
        "main:ref_protected:true",
    ].map((branch): Row => [
        `branch ${JSON.stringify(branch)}`,
        com({ ...SOUND, branch }),
        [["subjects[0].branch", "ref-name"]],
    ]),
    [
        "a tag that Git does not allow",
        com({ ...SOUND, branch: undefined, tag: "v 1", refProtected: true }),
        [["subjects[0].tag", "ref-name"]],
    ],
    ...["main🚀", "ветка", "ā", "a\u0085b"].map((branch): Row => [
        `branch ${JSON.stringify(branch)}, which IAM cannot store`,
        com({ ...SOUND, branch }),
        [["subjects[0].branch", "latin1"]],
    ]),
    ...["20*", "*", "?", "0", "020", "-1", "4711 ", "４７", "g/p", "", "1e3"].map((projectId): Row => [
        `project id ${JSON.stringify(projectId)}`,
        com({ ...SOUND, projectId }),
        [["subjects[0].projectId", "project-id"]],
    ]),
    [
        "a project id that the instance's tokens cannot show",
        own({ ...SOUND }),
        [["subjects[0].projectId", "project-id"]],
    ],
    [
        "a project id alone, while sub leads with the path",
        com({ projectId: "4711", branch: "main" }),
        [["subjects[0].projectId", "sub-shape"]],
    ],
    ["every project below a group", com({ group: "g", branch: "main" }), [["subjects[0].group", "group-wide"]]],
    [
        "every project below a path",
        com({ project: "g/*/deploy", branch: "main" }),
        [["subjects[0].project", "group-wide"]],
    ],
    ["a path pattern that one id pins", com({ project: "g/*/deploy", projectId: "1", branch: "main" }), []],
    ...["*", "**", "?*", "*?"].map((branch): Row => [
        `branch ${branch}: every branch`,
        com({ ...SOUND, branch }),
        [["subjects[0].branch", "any-branch"]],
    ]),
    ["every branch that is protected", com({ ...SOUND, branch: "*", refProtected: true }), []],
    [
        "every branch that is not protected",
        com({ ...SOUND, branch: "*", refProtected: false }),
        [["subjects[0].branch", "any-branch"]],
    ],
    ["a tag", com({ ...SOUND, branch: undefined, tag: "v1" }), [["subjects[0].tag", "unprotected-tag"]]],
    ["a path on gitlab.com", com(PLAIN), [["subjects[0].project", "path-only"]]],
    ["a path elsewhere", own(PLAIN), []],
    [
        "a sub over 255 characters",
        own({ project: `g/${"p".repeat(250)}`, branch: "main" }),
        [["subjects[0]", "long-sub"]],
    ],
];

const RAW: readonly Row[] = [
    ...[
        "",
        "*",
        "main",
        "project_path:g/p",
        "project_path:g/p:ref_type:branch",
        "project_path:g/p:ref:main:ref_type:branch",
        "ref_type:branch:ref:main:project_path:g/p",
        "project_path:g/p:ref_type:branch:ref:main:environment:production",
        "project_path:g/p:ref_type:branch:ref:main:ref_protected:true",
        "project_path:g/p:ref_type:branch:ref:main:",
        "project_path:g/p:project_path:g/q:ref_type:branch:ref:main",
        "project_path:g/p:*:branch:ref:main",
        "project_id:4711:ref_type:branch:ref:main",
        "repo:g/p:ref:refs/heads/main",
        "Project_Path:g/p:ref_type:branch:ref:main",
    ].map((sub): Row => [`sub ${sub}`, own({ sub }), [["subjects[0].sub", "sub-shape"]]]),
    // what a pattern of whole components allows is reported in addition
    ...(
        [
            ["project_path:*", ["sub-shape", "path-wildcard", "any-branch", "unprotected-tag"]],
            ["project_path:g/p:*", ["sub-shape", "any-branch", "unprotected-tag"]],
            ["project_path:g/p:ref_type:branch:*", ["sub-shape", "any-branch"]],
            ["project_path:g/p:ref_type:*:ref:main", ["ref-type", "unprotected-tag"]],
            ["project_path:g/p:ref_type:*", ["ref-type", "any-branch", "unprotected-tag"]],
        ] as const
    ).map(([sub, ids]): Row => [`sub ${sub}`, own({ sub }), ids.map((id) => ["subjects[0].sub", id] as const)]),
    ...["mr", "b*", "", "Branch", "merge_request"].map((type): Row => [
        `ref_type:${type}`,
        own({ sub: `project_path:g/p:ref_type:${type}:ref:main` }),
        [["subjects[0].sub", "ref-type"]],
    ]),
    [
        "a prefix of the top-level group",
        own({ sub: "project_path:mygroup*:ref_type:branch:ref:main" }),
        [["subjects[0].sub", "path-wildcard"]],
    ],
    [
        "every project of the instance",
        own({ sub: "project_path:*:ref_type:branch:ref:main" }),
        [["subjects[0].sub", "path-wildcard"]],
    ],
    [
        "a prefix of a project",
        own({ sub: "project_path:g/app*:ref_type:branch:ref:main" }),
        [["subjects[0].sub", "path-wildcard"]],
    ],
    [
        "a prefix of an id",
        own(
            { sub: "project_id:20*:ref_type:branch:ref:main" },
            { subClaimComponents: ["project_id", "ref_type", "ref"] },
        ),
        [["subjects[0].sub", "project-id"]],
    ],
    [
        "any id",
        own(
            { sub: "project_id:*:ref_type:branch:ref:main" },
            { subClaimComponents: ["project_id", "ref_type", "ref"] },
        ),
        [["subjects[0].sub", "project-id"]],
    ],
    [
        "a policy variable",
        own({ sub: "project_path:g/p:ref_type:branch:ref:${aws:username}" }),
        [["subjects[0].sub", "policy-variable"]],
    ],
    [
        "fields beside it",
        own({ sub: "project_path:g/p:ref_type:branch:ref:main", branch: "main", group: "g" }),
        [["subjects[0].sub", "several-scopes"]],
    ],
    [
        "an id that stands in it already",
        own(
            { sub: "project_id:20:ref_type:branch:ref:main", projectId: "20" },
            { subClaimComponents: ["project_id", "ref_type", "ref"] },
        ),
        [["subjects[0].projectId", "several-scopes"]],
    ],
    [
        "an id beside it that is none",
        com({ sub: "project_path:g/p:ref_type:branch:ref:main", projectId: "20x" }),
        [["subjects[0].projectId", "project-id"]],
    ],
    [
        "a full ref in it",
        own({ sub: "project_path:g/p:ref_type:branch:ref:refs/heads/main" }),
        [["subjects[0].sub", "ref-name"]],
    ],
    [
        "a pattern of branches in it",
        own({ sub: "project_path:g/p:ref_type:branch:ref:m*" }),
        [["subjects[0].sub", "unprotected-branch"]],
    ],
    ["any branch in it", own({ sub: "project_path:g/p:ref_type:branch:ref:*" }), [["subjects[0].sub", "any-branch"]]],
    [
        "a group in it, on gitlab.com",
        com({ sub: "project_path:g/*:ref_type:branch:ref:main" }),
        [["subjects[0].sub", "group-wide"]],
    ],
    [
        "a path only in it, on gitlab.com",
        com({ sub: "project_path:g/p:ref_type:branch:ref:main" }),
        [["subjects[0].sub", "path-only"]],
    ],
];

const ENVIRONMENT = ["project_path", "ref_type", "ref", "environment_protected", "deployment_tier"];

const SELF = "https://gitlab.example.com";
const [BY_PATH, BY_ID, BY_BOTH] = [
    ["project_path", "ref_type", "ref"],
    ["project_id", "ref_type", "ref"],
    ["project_path", "project_id", "ref_type", "ref"],
];

/** The package for another instance, with one role unless others are given. */
function instance(inputs: InputsView): Check {
    return gitlab({ url: SELF, roles: { a: { subjects: [PLAIN] } }, ...inputs });
}

const VERSION: readonly Row[] = [
    ["no version", own(PLAIN, { gitlabVersion: undefined }), [["gitlabVersion", "self-managed-version"]]],
    [
        "no version, by a group, a raw sub and declared components",
        own(PLAIN, {
            gitlabVersion: undefined,
            subjects: [PLAIN, { group: "h", branch: "main" }, { sub: "project_path:g/q:ref_type:branch:ref:main" }],
            subClaimComponents: BY_PATH,
            accept: ["group-wide"],
        }),
        [["gitlabVersion", "self-managed-version"]],
    ],
    ...["18.2", "18.2.1", "18.2.2", "18.11.0-ee", "17.11.7", "19.0.9", "9.5"].map((gitlabVersion): Row => [
        `version ${gitlabVersion}`,
        own(PLAIN, { gitlabVersion }),
        [["gitlabVersion", "self-managed-version"]],
    ]),
    ...["19.1", "19.1.0", "19.1.0-ee", "19.1.0-ce.0", "19.2.0-pre", "19.1.0-rc42-ee", "19.10", "20.0"].map(
        (gitlabVersion): Row => [`version ${gitlabVersion}`, own(PLAIN, { gitlabVersion }), []],
    ),
    ["no version, accepted", own(PLAIN, { gitlabVersion: undefined, accept: ["self-managed-version"] }), []],
    [
        "no version, where sub leads with the id",
        own({ projectId: "4711", branch: "main" }, { gitlabVersion: undefined, subClaimComponents: BY_ID }),
        [],
    ],
    ["no version, where sub has the id too", own(SOUND, { gitlabVersion: undefined, subClaimComponents: BY_BOTH }), []],
    [
        "no version, for all roles once",
        instance({ roles: { a: { subjects: [PLAIN, PLAIN] }, b: { subjects: [PLAIN] } } }),
        [["gitlabVersion", "self-managed-version"]],
    ],
    [
        "no version, where one of the roles does not trust a path",
        instance({
            roles: {
                a: { subjects: [{ projectId: "4711", branch: "main" }], subClaimComponents: BY_ID },
                b: { subjects: [PLAIN] },
            },
        }),
        [["gitlabVersion", "self-managed-version"]],
    ],
    [
        "no version, where no role trusts a path",
        instance({
            subClaimComponents: BY_ID,
            roles: { a: { subjects: [{ projectId: "4711", branch: "main" }] } },
        }),
        [],
    ],
    ["no version, accepted by the package", instance({ accept: ["self-managed-version"] }), []],
    [
        "no version, accepted by the role that trusts a path",
        instance({ roles: { a: { subjects: [PLAIN], accept: ["self-managed-version"] } } }),
        [],
    ],
    [
        "no version, accepted by one of two such roles",
        instance({
            roles: { a: { subjects: [PLAIN], accept: ["self-managed-version"] }, b: { subjects: [PLAIN] } },
        }),
        [["gitlabVersion", "self-managed-version"]],
    ],
    ["a version of the package", instance({ gitlabVersion: "19.1" }), []],
    ["an old version of the package", instance({ gitlabVersion: "18.2" }), [["gitlabVersion", "self-managed-version"]]],
    ...["", "19", "v19.1", "19.1.0.1", "19.x", "19.1-foo", "19.1-", " 19.1", "latest", ">=19.1"].map(
        (gitlabVersion): Row => [
            `version ${JSON.stringify(gitlabVersion)}, which is none`,
            own(PLAIN, { gitlabVersion }),
            [["gitlabVersion", "gitlab-version"]],
        ],
    ),
    ["a version that is a number", own(PLAIN, { gitlabVersion: 19.1 }), [["gitlabVersion", "wrong-type"]]],
    ["a version of gitlab.com", com(SOUND, { gitlabVersion: "19.1" }), [["gitlabVersion", "gitlab-version"]]],
    ["a version of gitlab.com that is none", com(SOUND, { gitlabVersion: "x" }), [["gitlabVersion", "gitlab-version"]]],
    ["a version of gitlab.com that is still to come", com(SOUND, { gitlabVersion: UNKNOWN }), []],
    [
        "a component of JavaScript's own",
        own(PLAIN, { subClaimComponents: ["project_path", "constructor", "__proto__"] }),
        [["subClaimComponents", "sub-components"]],
    ],
    [
        "a version of gitlab.com, for the package",
        gitlab({ gitlabVersion: "19.1" }),
        [["gitlabVersion", "gitlab-version"]],
    ],
    [
        "a version of a role of the package",
        gitlab({ roles: { a: { subjects: [SOUND], gitlabVersion: "19.1" } } }),
        [['roles["a"].gitlabVersion', "unknown-property"]],
    ],
    ...(
        [
            ["ref_protected", "18.6.9", "18.7", { ...PLAIN, refProtected: true }],
            ["environment_protected", "18.6", "18.7.0", { ...PLAIN, environmentProtected: true }],
            ["deployment_tier", "18.2.2", "18.10", { ...PLAIN, deploymentTier: "staging" }],
        ] as const
    ).flatMap(([component, older, newer, subject]): Row[] => [
        [
            `${component} in ${older}`,
            own(subject, {
                gitlabVersion: older,
                gitlabCi: { environment: "staging" },
                subClaimComponents: [...BY_PATH, component],
            }),
            [
                ["subClaimComponents", "sub-components"],
                ["gitlabVersion", "self-managed-version"],
            ],
        ],
        [
            `${component} in ${newer}`,
            own(subject, {
                gitlabVersion: newer,
                gitlabCi: { environment: "staging" },
                subClaimComponents: [...BY_PATH, component],
            }),
            [["gitlabVersion", "self-managed-version"]],
        ],
    ]),
    [
        "project_id in 19.0",
        own({ projectId: "4711", branch: "main" }, { gitlabVersion: "19.0", subClaimComponents: BY_ID }),
        [["subClaimComponents", "sub-components"]],
    ],
    [
        "components of the package and of a role that are not offered",
        instance({
            gitlabVersion: "18.5",
            subClaimComponents: BY_ID,
            roles: { a: { subjects: [SOUND], subClaimComponents: BY_BOTH } },
        }),
        [
            ["subClaimComponents", "sub-components"],
            ['roles["a"].subClaimComponents', "sub-components"],
        ],
    ],
    ["a version that is still to come", own(PLAIN, { gitlabVersion: UNKNOWN }), []],
    ["a version of the package that is still to come", instance({ gitlabVersion: UNKNOWN }), []],
    ["no version, of a url that is still to come", role({ url: UNKNOWN, subjects: [PLAIN] }), []],
    [
        "no version, of components that are still to come",
        own(PLAIN, { gitlabVersion: undefined, subClaimComponents: UNKNOWN }),
        [],
    ],
    [
        "no version, of subjects that are still to come",
        own(PLAIN, { gitlabVersion: undefined, subjects: [UNKNOWN] }),
        [],
    ],
];

const WEB = { project: "g/web", projectId: "4711", branch: "main" };

const CASES: readonly Row[] = [
    ...(
        [
            ["a project", { ...SOUND, project: "g/Web" }],
            ["a project's group", { ...SOUND, project: "G/app" }],
            ["a path under it as a group", { ...SOUND, project: "g/WEB/app" }],
        ] as const
    ).map(([title, subject]): Row => [
        `${title} in two cases`,
        role({ subjects: [WEB, subject] }),
        [["subjects[1].project", "path-case"]],
    ]),
    [
        "a group in two cases",
        role({
            subjects: [
                { ...SOUND, project: "g/sub/p" },
                { group: "g/Sub", branch: "main" },
            ],
            accept: ["group-wide"],
        }),
        [["subjects[1].group", "path-case"]],
    ],
    [
        "a raw sub in another case",
        own(
            { sub: "project_path:G/p:ref_type:branch:ref:main" },
            {
                subjects: [PLAIN, { sub: "project_path:G/p:ref_type:branch:ref:main" }],
            },
        ),
        [["subjects[1].sub", "path-case"]],
    ],
    [
        "a project with a wildcard after it",
        role({ subjects: [WEB, { project: "G/*/app", projectId: "4712", branch: "main" }] }),
        [["subjects[1].project", "path-case"]],
    ],
    ["two cases, accepted", role({ subjects: [WEB, { ...WEB, project: "G/web" }], accept: ["path-case"] }), []],
    [
        "two cases in one role and in two",
        gitlab({
            roles: {
                a: { subjects: [WEB, { ...WEB, project: "G/app" }] },
                b: {
                    subjects: [
                        { ...WEB, project: "g/app" },
                        { ...WEB, project: "g/Web" },
                    ],
                },
            },
        }),
        [
            ['roles["a"].subjects[1].project', "path-case"],
            ['roles["b"].subjects[1].project', "path-case"],
        ],
    ],
    [
        "paths that differ in more than case, or behind what does",
        role({
            subjects: [
                WEB,
                { ...WEB, project: "g/web2" },
                { ...WEB, project: "h/Web" },
                { ...WEB, tag: "V1", branch: undefined, refProtected: true },
            ],
        }),
        [],
    ],
    ["branches that differ in case", role({ subjects: [WEB, { ...WEB, branch: "Main" }] }), []],
    [
        "segments below a wildcard",
        role({
            subjects: [WEB, { ...WEB, project: "g/*/app" }, { ...WEB, project: "g/*/App" }],
        }),
        [],
    ],
    ["a path that is still to come", role({ subjects: [WEB, { ...WEB, project: UNKNOWN }] }), []],
];

const ACCEPTED: readonly Row[] = [
    [
        "by the package for every role",
        gitlab({
            accept: ["any-branch", "group-wide"],
            roles: {
                a: { subjects: [{ group: "g", branch: "main" }] },
                b: { subjects: [{ ...SOUND, branch: "*" }] },
            },
        }),
        [],
    ],
    [
        "by the package and a role",
        gitlab({
            accept: ["group-wide"],
            roles: { a: { subjects: [{ group: "g", branch: "*" }], accept: ["group-wide", "any-branch"] } },
        }),
        [],
    ],
    [
        "by one role, not by the other",
        gitlab({
            roles: {
                a: { subjects: [{ group: "g", branch: "main" }], accept: ["group-wide"] },
                b: { subjects: [{ group: "g", branch: "main" }] },
            },
        }),
        [['roles["b"].subjects[0].group', "group-wide"]],
    ],
    ["by the package for nothing", gitlab({ accept: ["group-wide"] }), [["accept", "unused-accept"]]],
    [
        "by a role for nothing, which the package accepts",
        gitlab({ accept: ["unused-accept"], roles: { a: { subjects: [SOUND], accept: ["any-branch"] } } }),
        [],
    ],
    [
        "by a role, though it is about the provider",
        gitlab({
            thumbprints: ["a".repeat(40)],
            roles: { a: { subjects: [SOUND], accept: ["redundant-thumbprints"] } },
        }),
        [
            ["thumbprints", "redundant-thumbprints"],
            ['roles["a"].accept', "unused-accept"],
        ],
    ],
    [
        "by the package, where something is still to come",
        gitlab({ accept: ["group-wide"], roles: { a: { subjects: [{ ...SOUND, branch: UNKNOWN }] } } }),
        [],
    ],
    [
        "by a provider, where its url is still to come",
        provider({ url: UNKNOWN, accept: ["redundant-thumbprints"] }),
        [],
    ],
];

const COMPONENTS: readonly Row[] = [
    ["none", own(PLAIN, { subClaimComponents: [] }), [["subClaimComponents", "sub-components"]]],
    [
        "another one first",
        own(PLAIN, { subClaimComponents: ["ref_type", "project_path", "ref"] }),
        [["subClaimComponents", "sub-components"]],
    ],
    [
        "one that GitLab does not offer",
        own(PLAIN, { subClaimComponents: ["project_path", "environment"] }),
        [["subClaimComponents", "sub-components"]],
    ],
    [
        "one twice",
        own(PLAIN, { subClaimComponents: ["project_path", "ref_type", "ref", "ref"] }),
        [["subClaimComponents", "sub-components"]],
    ],
    [
        "bad ones of the package: said once, not again for each role",
        gitlab({ subClaimComponents: ["ref"], roles: { a: { subjects: [SOUND] }, b: { subjects: [SOUND] } } }),
        [["subClaimComponents", "sub-components"]],
    ],
    [
        "a path, where sub leads with the id",
        own(PLAIN, { subClaimComponents: ["project_id", "ref_type", "ref"] }),
        [
            ["subjects[0].project", "sub-shape"],
            ["subjects[0]", "sub-shape"],
        ],
    ],
    [
        "a group, where sub leads with the id",
        own({ group: "g", branch: "main" }, { subClaimComponents: ["project_id", "ref_type", "ref"] }),
        [["subjects[0].group", "sub-shape"]],
    ],
    [
        "the id left out, where it is declared",
        own(PLAIN, { subClaimComponents: ["project_path", "project_id", "ref_type", "ref"] }),
        [["subjects[0]", "sub-shape"]],
    ],
    [
        "any id of one project",
        own({ ...SOUND, projectId: "*" }, { subClaimComponents: ["project_path", "project_id", "ref_type", "ref"] }),
        [["subjects[0].projectId", "project-id"]],
    ],
    [
        "refProtected left out, where it is declared",
        own(PLAIN, { subClaimComponents: ["project_path", "ref_type", "ref", "ref_protected"] }),
        [["subjects[0]", "sub-shape"]],
    ],
    [
        "a branch, where no ref is declared",
        own(PLAIN, { subClaimComponents: ["project_path"] }),
        [["subjects[0].branch", "sub-shape"]],
    ],
    [
        "one branch, where only ref_type is declared",
        own(PLAIN, { subClaimComponents: ["project_path", "ref_type"] }),
        [["subjects[0].branch", "sub-shape"]],
    ],
    [
        "a branch that a tag can be named like",
        own(PLAIN, { subClaimComponents: ["project_path", "ref"] }),
        [["subjects[0].branch", "ref-type-undeclared"]],
    ],
    ["no ref at all", own({ project: "g/p" }, { subClaimComponents: ["project_path"] }), [["subjects[0]", "any-ref"]]],
    [
        "an environment that is not declared",
        own({ ...PLAIN, environmentProtected: true, deploymentTier: "production" }),
        [
            ["subjects[0].environmentProtected", "sub-shape"],
            ["subjects[0].deploymentTier", "sub-shape"],
        ],
    ],
    [
        "a tier without its environment's protection",
        own({ ...PLAIN, deploymentTier: "production" }, { subClaimComponents: ENVIRONMENT }),
        [["subjects[0]", "environment-pair"]],
    ],
    [
        "an environment's protection without its tier",
        own({ ...PLAIN, environmentProtected: true }, { subClaimComponents: ENVIRONMENT }),
        [["subjects[0]", "environment-pair"]],
    ],
    [
        "an environment's protection that is neither",
        own({ ...PLAIN, environmentProtected: "yes", deploymentTier: "*" }, { subClaimComponents: ENVIRONMENT }),
        [["subjects[0].environmentProtected", "claim-value"]],
    ],
    [
        "a tier that does not exist",
        own({ ...PLAIN, environmentProtected: true, deploymentTier: "prod*" }, { subClaimComponents: ENVIRONMENT }),
        [["subjects[0].deploymentTier", "claim-value"]],
    ],
    [
        "refProtected for either, where it looks at nothing",
        com({ ...SOUND, refProtected: "*" }),
        [["subjects[0].refProtected", "sub-shape"]],
    ],
];

const CLAIMS: readonly Row[] = [
    ["refProtected: yes", com({ ...SOUND, refProtected: "yes" }), [["subjects[0].refProtected", "claim-value"]]],
    [
        "refProtected where AWS has no key",
        own({ ...PLAIN, refProtected: true }),
        [["subjects[0].refProtected", "claim-issuer"]],
    ],
    [
        "claims where AWS has no keys",
        own({ ...PLAIN, claims: { userId: ["1"] } }),
        [["subjects[0].claims", "claim-issuer"]],
    ],
    ["merge requests of a branch", com({ ...SOUND, mergeRequests: true }), []],
    [
        "merge requests of a tag",
        com({ ...SOUND, branch: undefined, tag: "v1", refProtected: true, mergeRequests: true }),
        [["subjects[0].mergeRequests", "merge-requests"]],
    ],
    [
        "merge requests where AWS has no key",
        own({ ...PLAIN, mergeRequests: true }),
        [["subjects[0].mergeRequests", "merge-requests-unchecked"]],
    ],
    [
        "merge requests where AWS has no key, accepted",
        own({ ...PLAIN, mergeRequests: true }, { accept: ["merge-requests-unchecked"] }),
        [],
    ],
    ["no value", com({ ...SOUND, claims: { userId: [] } }), [["subjects[0].claims.userId", "claim-value"]]],
    [
        "ids that are not numeric",
        com({ ...SOUND, claims: { userId: ["alice", "1*"], namespaceId: ["g"] } }),
        [
            ["subjects[0].claims.userId[0]", "claim-value"],
            ["subjects[0].claims.userId[1]", "claim-value"],
            ["subjects[0].claims.namespaceId[0]", "claim-value"],
        ],
    ],
    [
        "values that do not exist",
        com({
            ...SOUND,
            claims: { userAccessLevel: ["admin"], runnerEnvironment: ["github-hosted"], pipelineSource: ["Push"] },
        }),
        [
            ["subjects[0].claims.userAccessLevel[0]", "claim-value"],
            ["subjects[0].claims.runnerEnvironment[0]", "claim-value"],
            ["subjects[0].claims.pipelineSource[0]", "claim-value"],
        ],
    ],
    [
        "wildcards in names",
        com({ ...SOUND, claims: { userId: ["1"], userLogin: ["alice*"], userEmail: ["*@example.com"] } }),
        [
            ["subjects[0].claims.userLogin[0]", "claim-value"],
            ["subjects[0].claims.userEmail[0]", "claim-value"],
        ],
    ],
    [
        "an address outside of Latin-1",
        com({ ...SOUND, claims: { userId: ["1"], userEmail: ["почта@example.com"] } }),
        [["subjects[0].claims.userEmail[0]", "latin1"]],
    ],
    [
        "the environment's name, which no key has",
        com({ ...SOUND, claims: { environment: ["production"] } }),
        [["subjects[0].claims.environment", "unknown-property"]],
    ],
    [
        "a namespace without a project's id",
        com({ group: "g", branch: "main", claims: { namespaceId: ["72"] } }, { accept: ["group-wide"] }),
        [["subjects[0].claims.namespaceId", "namespace-only"]],
    ],
    ["a namespace beside a project's id", com({ ...SOUND, claims: { namespaceId: ["72"] } }), []],
    [
        "a namespace beside a project's id in sub",
        com(
            { sub: "project_id:20:ref_type:branch:ref:main", claims: { namespaceId: ["72"] } },
            { subClaimComponents: ["project_id", "ref_type", "ref"] },
        ),
        [],
    ],
    [
        "names of users",
        com({ ...SOUND, claims: { userLogin: ["alice"], userEmail: ["a@b"] } }),
        [["subjects[0].claims.userLogin", "user-name-only"]],
    ],
    [
        "an address alone",
        com({ ...SOUND, claims: { userEmail: ["a@b"] } }),
        [["subjects[0].claims.userEmail", "user-name-only"]],
    ],
];

function condition(operator: string, key: string, ...values: readonly string[]): Check {
    return role({ conditions: { [operator]: { [key]: values } } });
}

const CONDITIONS: readonly Row[] = [
    ...["StringEqual", "stringEquals", "Equals", "constructor", "", "ForAnyValue:", "NullIfExists"].map(
        (operator): Row => [
            `operator ${JSON.stringify(operator)}`,
            condition(operator, "aws:RequestedRegion", "x"),
            [[`conditions[${JSON.stringify(operator)}]`, "condition-operator"]],
        ],
    ),
    [
        "ForAllValues",
        condition("ForAllValues:StringEquals", "aws:RequestedRegion", "x"),
        [['conditions["ForAllValues:StringEquals"]', "for-all-values"]],
    ],
    ...[
        "gitlab.com:environment",
        "gitlab.com:project_path",
        "gitlab.com:ref",
        "gitlab.com:ref_type",
        "gitlab.example.com:sub",
        "https://gitlab.com:sub",
        "token.actions.githubusercontent.com:sub",
        "project_id",
        "aws:PrincipalArn",
        "aws:PrincipalTag/team",
        "aws:SourceArn",
        "sts:ExternalId",
        "__proto__",
    ].map((key): Row => [
        `key ${key}`,
        role({ conditions: { StringEquals: JSON.parse(`{ ${JSON.stringify(key)}: ["x"] }`) as unknown } }),
        [[`conditions["StringEquals"][${JSON.stringify(key)}]`, "condition-key"]],
    ]),
    [
        "gitlab.com's keys on another issuer",
        own(PLAIN, { conditions: { StringEquals: { "gitlab.example.com:project_id": ["1"] } } }),
        [['conditions["StringEquals"]["gitlab.example.com:project_id"]', "condition-key"]],
    ],
    ...["aws:RequestedRegion", "aws:SourceIp", "AWS:SecureTransport", "sts:RoleSessionName"].map((key): Row => [
        `key ${key}`,
        condition("StringEquals", key, "x"),
        [],
    ]),
    ...["gitlab.com:user_id", "GitLab.com:User_ID"].flatMap((key): Row[] => [
        [`key ${key}`, condition("StringEquals", key, "1"), []],
        [
            `key ${key} with a value that none has`,
            condition("StringEquals", key, "1", "x"),
            [[`conditions["StringEquals"]["${key}"][1]`, "claim-value"]],
        ],
    ]),
    ...(
        [
            ["StringEquals", "gitlab.com:ref_protected", "TRUE", "claim-value"],
            ["StringEquals", "gitlab.com:pipeline_source", "merge_request", "claim-value"],
            ["StringEquals", "gitlab.com:user_access_level", "", "claim-value"],
            ["Bool", "aws:SecureTransport", "maybe", "condition-value"],
            ["IpAddress", "aws:SourceIp", "not an ip", "condition-value"],
            ["DateLessThan", "aws:CurrentTime", "yesterday", "condition-value"],
            ["NumericEquals", "sts:DurationSeconds", "abc", "condition-value"],
        ] as const
    ).map(([operator, key, value, id]): Row => [
        `${key} ${value}`,
        condition(operator, key, value),
        [[`conditions["${operator}"]["${key}"][0]`, id]],
    ]),
    ...(
        [
            ["StringEqualsIfExists", "aws:SourceVpc", "vpc-1", "if-exists"],
            ["NumericEquals", "gitlab.com:namespace_id", "72", "condition-operator"],
            ["Null", "gitlab.com:project_id", "true", "condition-conflict"],
            ["StringEquals", "aws:NewKey", "x", "unknown-key"],
            ["StringEquals", "sts:NewKey", "x", "unknown-key"],
        ] as const
    ).map(([operator, key, value, id]): Row => [
        `${operator} ${key}`,
        condition(operator, key, value),
        [[`conditions["${operator}"]["${key}"]`, id]],
    ]),
    [
        "a user's name alone",
        condition("StringEquals", "gitlab.com:user_login", "jane"),
        [['conditions["StringEquals"]["gitlab.com:user_login"]', "user-name-only"]],
    ],
    [
        "a user's name beside an id",
        role({ conditions: { StringEquals: { "gitlab.com:user_login": ["jane"], "gitlab.com:user_id": ["1"] } } }),
        [],
    ],
    [
        "a user's name beside an id in every subject",
        role({
            subjects: [{ ...SOUND, claims: { userId: ["1"] } }],
            conditions: { StringEquals: { "gitlab.com:user_email": ["jane@example.com"] } },
        }),
        [],
    ],
    [
        "a namespace without a project's id",
        role({
            subjects: [SOUND, { group: "g", branch: "main" }],
            conditions: { StringEquals: { "gitlab.com:namespace_id": ["72"] } },
        }),
        [
            ["subjects[1].group", "group-wide"],
            ['conditions["StringEquals"]["gitlab.com:namespace_id"]', "namespace-only"],
        ],
    ],
    [
        "a subject as audience",
        role({ audiences: ["https://gitlab.com", "project_path:g/p:ref_type:branch:ref:main", "project_path:g/p:*"] }),
        [
            ["audiences[1]", "audience"],
            ["audiences[2]", "audience"],
        ],
    ],
    ["a namespace beside it", condition("StringEquals", "gitlab.com:namespace_id", "72"), []],
    ...["gitlab.com:sub", "gitlab.com:aud", "gitlab.com:SUB", "GitLab.com:aud"].map((key): Row => [
        `key ${key}, which is the subjects' and audiences'`,
        condition("StringEquals", key, "x"),
        [[`conditions["StringEquals"]["${key}"]`, "condition-conflict"]],
    ]),
    [
        "sub under StringLike, of a url with capital letters: it would replace the subjects'",
        role({
            providerArn: `${ACCOUNT}:oidc-provider/www.example.com/GitLab`,
            gitlabVersion: "19.1",
            subjects: [PLAIN],
            conditions: { StringLike: { "www.example.com/GitLab:sub": ["project_path:*"] } },
        }),
        [['conditions["StringLike"]["www.example.com/GitLab:sub"]', "condition-conflict"]],
    ],
    [
        "a claim that a subject asks for too: it would replace the subject's",
        condition("StringEquals", "gitlab.com:project_id", "1", "2"),
        [['conditions["StringEquals"]["gitlab.com:project_id"]', "condition-conflict"]],
    ],
    [
        "the same claim in another case",
        condition("StringEquals", "GitLab.com:PROJECT_ID", "1"),
        [['conditions["StringEquals"]["GitLab.com:PROJECT_ID"]', "condition-conflict"]],
    ],
    [
        "one key in two cases",
        role({ conditions: { StringEquals: { "aws:SourceVpc": ["a"], "AWS:sourcevpc": ["b"] } } }),
        [['conditions["StringEquals"]["AWS:sourcevpc"]', "condition-conflict"]],
    ],
    [
        "the same in a role whose provider is still to be made",
        gitlab({
            roles: { a: { subjects: [SOUND], conditions: { StringEquals: { "gitlab.com:project_id": ["1"] } } } },
        }),
        [['roles["a"].conditions["StringEquals"]["gitlab.com:project_id"]', "condition-conflict"]],
    ],
    [
        "the same beside a policy that is still to come",
        role({
            managedPolicies: { a: UNKNOWN },
            conditions: { StringEquals: { "gitlab.com:project_id": ["1"] } },
        }),
        [['conditions["StringEquals"]["gitlab.com:project_id"]', "condition-conflict"]],
    ],
    [
        "no value",
        condition("StringEquals", "aws:RequestedRegion"),
        [['conditions["StringEquals"]["aws:RequestedRegion"]', "condition-conflict"]],
    ],
    ...["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "ForAnyValue:StringEquals"].map(
        (operator): Row => [
            `a wildcard under ${operator}`,
            condition(operator, "aws:RequestedRegion", "eu-*"),
            [[`conditions["${operator}"]["aws:RequestedRegion"][0]`, "literal-wildcard"]],
        ],
    ),
    ["a wildcard under StringLike", condition("StringLike", "aws:RequestedRegion", "eu-*"), []],
    [
        "a policy variable",
        condition("StringLike", "sts:RoleSessionName", "${aws:username}"),
        [['conditions["StringLike"]["sts:RoleSessionName"][0]', "policy-variable"]],
    ],
    [
        "text outside of Latin-1",
        condition("StringLike", "sts:RoleSessionName", "ok", "✓"),
        [['conditions["StringLike"]["sts:RoleSessionName"][1]', "latin1"]],
    ],
];

const ROLE: readonly Row[] = [
    ["an empty name", role({ name: "" }), [["name", "role-name"]]],
    ["a name of 65 characters", role({ name: "x".repeat(65) }), [["name", "role-name"]]],
    ["a name of 64 characters", role({ name: "x".repeat(64) }), []],
    ["a name with a space", role({ name: "a b" }), [["name", "role-name"]]],
    ["a name with a line break", role({ name: "a\n" }), [["name", "role-name"]]],
    [
        "no name, and a resource's name that leaves no room for the suffix",
        gitlab({}, "x".repeat(56)),
        [['roles["a"].name', "role-name"]],
    ],
    ["a path without slashes", role({ path: "ci" }), [["path", "role-path"]]],
    ["a path without the last slash", role({ path: "/ci" }), [["path", "role-path"]]],
    ["a path of 513 characters", role({ path: `/${"x".repeat(511)}/` }), [["path", "role-path"]]],
    ["a path of the package with a space", gitlab({ path: "/a b/" }), [["path", "role-path"]]],
    [
        "a description of 1001 characters",
        role({ description: "x".repeat(1001) }),
        [["description", "role-description"]],
    ],
    ["a description outside of Latin-1", role({ description: "роль" }), [["description", "role-description"]]],
    ...[60, 3599, 43201, 50000, -0, -1].map((seconds): Row => [
        `${seconds} seconds`,
        role({ maxSessionDuration: seconds }),
        [["maxSessionDuration", "role-duration"]],
    ]),
    ...[3600, 43200].map((seconds): Row => [`${seconds} seconds`, role({ maxSessionDuration: seconds }), []]),
    [
        "51 tags, a reserved key, a long value",
        role({ tags: { ...entries(49, (i) => [`t${i}`, "x"]), "aws:x": "y", long: "x".repeat(257) } }),
        [
            ["tags", "tags"],
            ['tags["aws:x"]', "tags"],
            ['tags["long"]', "tags"],
        ],
    ],
    [
        "the tag that the component writes",
        role({ tags: { "gitlab-oidc:accept": "group-wide" } }),
        [['tags["gitlab-oidc:accept"]', "tags"]],
    ],
    [
        "50 tags, and one for what is accepted",
        role({
            subjects: [{ group: "mygroup", branch: "main" }],
            accept: ["group-wide"],
            tags: entries(50, (i) => [`t${i}`, "x"]),
        }),
        [["tags", "tags"]],
    ],
    [
        "50 tags, and one for what the package accepts",
        gitlab({
            accept: ["group-wide"],
            roles: {
                a: { subjects: [{ group: "mygroup", branch: "main" }], tags: entries(50, (i) => [`t${i}`, "x"]) },
            },
        }),
        [['roles["a"].tags', "tags"]],
    ],
    [
        "50 tags, but with those of the package more",
        gitlab({
            tags: { team: "platform" },
            roles: { a: { subjects: [SOUND], tags: entries(50, (i) => [`t${i}`, "x"]) } },
        }),
        [['roles["a"].tags', "tags"]],
    ],
    [
        "what is no policy",
        role({ permissionsBoundary: "ReadOnlyAccess", managedPolicies: { a: `${ACCOUNT}:role/x`, b: "" } }),
        [
            ["permissionsBoundary", "policy-arn"],
            ['managedPolicies["a"]', "policy-arn"],
            ['managedPolicies["b"]', "policy-arn"],
        ],
    ],
    [
        "a policy of another partition",
        role({
            providerArn: "arn:aws-cn:iam::111122223333:oidc-provider/gitlab.example.com",
            gitlabVersion: "19.1",
            subjects: [PLAIN],
            managedPolicies: { a: READ_ONLY },
        }),
        [['managedPolicies["a"]', "policy-arn"]],
    ],
    [
        "26 policies",
        role({ managedPolicies: entries(26, (i) => [`p${i}`, `${ACCOUNT}:policy/p${i}`]) }),
        [["managedPolicies", "managed-policy-count"]],
    ],
    [
        "11 policies",
        role({ managedPolicies: entries(11, (i) => [`p${i}`, `${ACCOUNT}:policy/p${i}`]) }),
        [["managedPolicies", "managed-policy-quota"]],
    ],
    [
        "an administrator, in any partition",
        role({ managedPolicies: { a: "arn:aws:iam::aws:policy/AdministratorAccess" } }),
        [['managedPolicies["a"]', "administrator-access"]],
    ],
    [
        "one ARN under two keys, and under a third",
        role({ managedPolicies: { a: READ_ONLY, b: `${ACCOUNT}:policy/x`, c: READ_ONLY, d: READ_ONLY } }),
        [
            ['managedPolicies["c"]', "duplicate-policy"],
            ['managedPolicies["d"]', "duplicate-policy"],
        ],
    ],
    [
        "one ARN under two keys of a role of the package",
        gitlab({ roles: { a: { subjects: [SOUND], managedPolicies: { a: READ_ONLY, b: READ_ONLY } } } }),
        [['roles["a"].managedPolicies["b"]', "duplicate-policy"]],
    ],
    [
        "what is no duplicate: ARNs that differ in path, account or case, those of two roles, those that are not known",
        gitlab({
            roles: {
                a: {
                    subjects: [SOUND],
                    managedPolicies: {
                        a: `${ACCOUNT}:policy/x`,
                        b: `${ACCOUNT}:policy/ci/x`,
                        c: "arn:aws:iam::aws:policy/x",
                        d: `${ACCOUNT}:policy/X`,
                        e: UNKNOWN,
                        f: UNKNOWN,
                    },
                },
                b: { subjects: [SOUND], managedPolicies: { a: `${ACCOUNT}:policy/x` } },
            },
        }),
        [],
    ],
    [
        "formerPolicyKeys: a key that is there, one claimed twice, one of no policy",
        role({
            managedPolicies: { a: READ_ONLY, b: UNKNOWN, c: `${ACCOUNT}:policy/x` },
            formerPolicyKeys: { a: ["c", "old"], b: ["older", "old"], old: ["c"], constructor: [] },
        }),
        [
            ['formerPolicyKeys["old"]', "former-key"],
            ['formerPolicyKeys["constructor"]', "former-key"],
            ['formerPolicyKeys["a"][0]', "former-key"],
            ['formerPolicyKeys["b"][1]', "former-key"],
            ['formerPolicyKeys["old"][0]', "former-key"],
        ],
    ],
    [
        "formerPolicyKeys: its own key",
        role({ managedPolicies: { a: READ_ONLY }, formerPolicyKeys: { a: ["a"] } }),
        [['formerPolicyKeys["a"][0]', "former-key"]],
    ],
    [
        "formerPolicyKeys: no policies at all",
        role({ formerPolicyKeys: { a: ["b"] } }),
        [['formerPolicyKeys["a"]', "former-key"]],
    ],
    [
        "formerPolicyKeys: what has another type, and policies that have",
        role({ managedPolicies: [], formerPolicyKeys: { a: "old", b: [1], c: ["x"] } }),
        [
            ["managedPolicies", "wrong-type"],
            ['formerPolicyKeys["a"]', "wrong-type"],
            ['formerPolicyKeys["b"][0]', "wrong-type"],
        ],
    ],
    [
        "formerPolicyKeys: an output",
        role({ managedPolicies: { a: READ_ONLY }, formerPolicyKeys: { a: [UNKNOWN] } }),
        [['formerPolicyKeys["a"][0]', "plain-required"]],
    ],
    [
        "formerPolicyKeys: several keys before, in any number of entries",
        role({
            managedPolicies: { a: READ_ONLY, b: `${ACCOUNT}:policy/x` },
            formerPolicyKeys: { a: ["old", "older"], b: ["other"] },
        }),
        [],
    ],
    ...Object.entries<unknown>({
        "text that is not JSON": "{",
        "empty text": "",
        "null as text": "null",
        "no statement": {},
        "an empty list of statements": { Statement: [] },
        "nothing as a statement": { Statement: [null] },
        "text as a statement": { Statement: "x" },
        "a number": 5,
        "a bigint": 5n,
        "a function": () => "{}",
    }).map(([title, document]): Row => [
        `inline policy: ${title}`,
        role({ inlinePolicies: { a: document } }),
        [['inlinePolicies["a"]', "policy-document"]],
    ]),
    [
        "inline policies of more than 10,240 characters together",
        role({
            inlinePolicies: entries(2, (i) => [`p${i}`, allow({ Action: "s3:GetObject", Sid: "x".repeat(5100) })]),
        }),
        [["inlinePolicies", "inline-policy-size"]],
    ],
    ["full access", role({ inlinePolicies: { a: allow({ Action: "*" }) } }), [['inlinePolicies["a"]', "full-access"]]],
    [
        "PassRole for every role",
        role({ inlinePolicies: { a: JSON.stringify(allow({ Action: ["s3:*", "iam:PassRole"] })) } }),
        [['inlinePolicies["a"]', "pass-role"]],
    ],
    ["secrets and their keys", role({ secretArns: [SECRET], secretKmsKeyArns: [KEY] }), []],
    ["no secrets", role({ secretArns: [], secretKmsKeyArns: [] }), []],
    ["secrets and keys that are null", role({ secretArns: null, secretKmsKeyArns: null }), []],
    ["secrets as an output", role({ secretArns: UNKNOWN, secretKmsKeyArns: UNKNOWN }), []],
    ["one secret without a list", role({ secretArns: SECRET }), [["secretArns", "wrong-type"]]],
    [
        "null in lists of secrets and keys",
        role({ secretArns: [SECRET, null], secretKmsKeyArns: [null] }),
        [
            ["secretArns[1]", "wrong-type"],
            ["secretKmsKeyArns[0]", "wrong-type"],
        ],
    ],
    ["any secret", role({ secretArns: ["*"] }), [["secretArns[0]", "secret-arn"]]],
    [
        "a secret of another partition, in a role of GitLabOidc",
        gitlab({
            existingProviderArn: GITLAB_COM,
            roles: { a: { subjects: [SOUND], secretArns: [SECRET.replace("aws", "aws-cn")] } },
        }),
        [['roles["a"].secretArns[0]', "secret-arn"]],
    ],
    [
        "the alias of a key",
        role({ secretArns: [SECRET], secretKmsKeyArns: ["alias/prod"] }),
        [["secretKmsKeyArns[0]", "kms-key-arn"]],
    ],
    [
        "six lowercase letters at the end of a secret's ARN",
        role({ secretArns: [SECRET.replace("AbCd3F", "secret")] }),
        [["secretArns[0]", "secret-suffix"]],
    ],
    ["an accepted suffix", role({ secretArns: [SECRET.replace("AbCd3F", "secret")], accept: ["secret-suffix"] }), []],
    [
        "an inline policy with the name of that for secrets",
        role({ secretArns: [SECRET], inlinePolicies: { secretArns: allow({ Action: "s3:GetObject" }) } }),
        [['inlinePolicies["secretArns"]', "key"]],
    ],
    [
        "the key of an entry that is there, and one claimed twice",
        gitlab({
            roles: {
                a: { subjects: [SOUND], formerKeys: ["b", "old"] },
                b: { subjects: [SOUND], formerKeys: ["old"] },
            },
        }),
        [
            ['roles["a"].formerKeys[0]', "former-key"],
            ['roles["b"].formerKeys[0]', "former-key"],
        ],
    ],
    [
        "one name for two roles, in another case",
        gitlab({ roles: { a: { subjects: [SOUND], name: "Deploy" }, b: { subjects: [SOUND], name: "deploy" } } }),
        [['roles["b"].name', "duplicate-name"]],
    ],
    [
        "200 subjects: over the most that AWS takes",
        role({ subjects: Array.from({ length: 200 }, (_, i) => ({ ...SOUND, branch: `b${i}` })) }),
        [["subjects", "trust-policy-size"]],
    ],
    [
        "60 subjects: over the quota",
        role({ subjects: Array.from({ length: 60 }, (_, i) => ({ ...SOUND, branch: `b${i}` })) }),
        [["subjects", "trust-policy-quota"]],
    ],
    [
        "200 subjects where the provider is still to be made",
        gitlab({
            roles: { a: { subjects: Array.from({ length: 200 }, (_, i) => ({ ...SOUND, branch: `b${i}` })) } },
        }),
        [['roles["a"].subjects', "trust-policy-size"]],
    ],
    ["an accepted id that does not exist", role({ accept: ["group-wde"] }), [["accept[0]", "accept"]]],
    ["an error as an accepted id", role({ accept: ["no-subject"] }), [["accept[0]", "accept"]]],
    ["JavaScript's own as an accepted id", role({ accept: ["constructor"] }), [["accept[0]", "accept"]]],
    ["an accepted id that does not occur", role({ accept: ["group-wide"] }), [["accept", "unused-accept"]]],
    [
        "ids that are accepted for every role, one of which is not the id of a warning",
        gitlab({ accept: ["no-subject"] }),
        [["accept[0]", "accept"]],
    ],
    ["an id that a provider alone accepts, and that is none", provider({ accept: ["x"] }), [["accept[0]", "accept"]]],
    ["an id that a provider cannot give rise to", provider({ accept: ["any-branch"] }), [["accept", "unused-accept"]]],
    ["an accepted id that occurs", com({ group: "g", branch: "main" }, { accept: ["group-wide"] }), []],
];

const BREAK_GLASS = "arn:aws:iam::111122223333:role/break-glass";
const VENDOR = "arn:aws:iam::444455556666:role/vendor";
const MFA = { Bool: { "aws:MultiFactorAuthPresent": ["true"] } };

const PRINCIPALS: readonly Row[] = [
    ["none", role({ additionalPrincipals: [] }), []],
    [
        "one",
        role({ additionalPrincipals: [{ arn: BREAK_GLASS, conditions: MFA }] }),
        [["additionalPrincipals[0].arn", "other-principal"]],
    ],
    ["one, accepted", role({ additionalPrincipals: [{ arn: BREAK_GLASS }], accept: ["other-principal"] }), []],
    [
        "everyone, and a vendor without an external ID, in a role of GitLabOidc",
        gitlab({
            existingProviderArn: GITLAB_COM,
            roles: { a: { subjects: [SOUND], additionalPrincipals: [{ arn: "*" }, { arn: VENDOR }] } },
        }),
        [
            ['roles["a"].additionalPrincipals[0].arn', "additional-principal"],
            ['roles["a"].additionalPrincipals[1].conditions', "external-id"],
            ['roles["a"].additionalPrincipals[1].arn', "other-principal"],
        ],
    ],
    [
        "a claim of the token",
        role({
            additionalPrincipals: [
                { arn: BREAK_GLASS, conditions: { StringEquals: { "gitlab.com:project_id": ["4711"] } } },
            ],
            accept: ["other-principal"],
        }),
        [['additionalPrincipals[0].conditions["StringEquals"]["gitlab.com:project_id"]', "condition-key"]],
    ],
    ["no ARN", role({ additionalPrincipals: [{}] }), [["additionalPrincipals[0].arn", "required"]]],
];

const TABLES: Readonly<Record<string, readonly Row[]>> = {
    shape: SHAPE,
    "identity provider": IDENTITY_PROVIDER,
    subjects: SUBJECTS,
    "raw sub": RAW,
    "sub claim components": COMPONENTS,
    "version of the instance": VERSION,
    "paths in two cases": CASES,
    "what is accepted": ACCEPTED,
    claims: CLAIMS,
    conditions: CONDITIONS,
    role: ROLE,
    "principals besides jobs": PRINCIPALS,
};

/** Ids that no input of a component has: they come from what AWS answers, or from other functions, which have tests of their own. */
const ELSEWHERE: readonly string[] = [
    ...["adopt-missing", "adopt-lookup", "adopt-audience"], // GitLabOidc, when it looks the provider up
    ...["role-arn"], // getGitlabCi
    ...["principal", "action", "no-audience", "negative-only", "anded-subjects", "if-exists"], // lintTrustPolicy
    ...["claims", "token", "guardrail"], // explainTrust
    ...["issuer-option"], // checkIssuer
    ...["project-lookup"], // lookupProject
    // IssuerMirror
    ...["bucket-name", "mirror-document", "private-key", "cache-seconds", "cloud-front", "cloud-front-partition"],
    // OrganizationGuardrail
    ...[
        "guardrail-scope",
        "guardrail-issuer",
        "guardrail-role",
        "guardrail-size",
        "guardrail-target",
        "guardrail-name",
    ],
    ...["guardrail-project-ids", "guardrail-issuers"],
    // gitlabCi
    ...[
        "ci-option",
        "ci-session-name",
        "ci-duration",
        "ci-region",
        "ci-conflict",
        "ci-environment",
        "ci-private-image",
        "ci-network",
        "ci-secret",
    ],
];

function brief(check: Check): Expected {
    return check().map(({ path, id }) => [path, id] as const);
}

function expectReadable(finding: Finding): void {
    const { message, fix } = finding;
    for (const text of [message, fix]) {
        expect(text).to.match(/^\S.*\S$/, "is one line");
        expect(text).not.to.match(/undefined|\[object|=>/);
    }
    expect(message, "ends its sentence").to.match(/[.]$/);
    expect(fix.length, "gives a fix").to.be.greaterThan(3);
    expect(message.length + fix.length, "is not endless").to.be.lessThan(900);
    expect(describeFindings([finding]).split("\n"), "one line a finding, and the address of its rule").to.have.length(
        3,
    );
}

describe("refusals", () => {
    for (const [name, rows] of Object.entries(TABLES)) {
        describe(name, () => {
            for (const [title, check, expected] of rows) {
                it(title, () => {
                    expect(brief(check)).to.deep.equal(expected);
                    check().forEach(expectReadable);
                });
            }
        });
    }

    it("have a row for every rule", () => {
        const seen = new Set(
            Object.values(TABLES)
                .flat()
                .flatMap(([, , expected]) => expected.map(([, id]) => id)),
        );
        expect(Object.keys(RULES).filter((id) => !seen.has(id) && !ELSEWHERE.includes(id))).to.deep.equal([]);
    });

    it("name the value that is refused", () => {
        const named: readonly (readonly [Check, string])[] = [
            [com({ ...SOUND, branch: "refs/heads/main" }), '"refs/heads/main"'],
            [com({ ...SOUND, project: "g/app*" }), '"g/app*"'],
            [com({ ...SOUND, projectId: "20*" }), '"20*"'],
            [com({ ...SOUND, projectId: 4711 }), "4711"],
            [role({ maxSessionDuration: 60 }), "60"],
            [role({ name: "a b" }), '"a b"'],
            [provider({ url: "http://gitlab.com" }), '"http://gitlab.com"'],
            [provider({ audiences: ["a b"] }), '"a b"'],
            [condition("StringEquals", "gitlab.com:ref", "x"), '"gitlab.com:ref"'],
        ];
        for (const [check, value] of named) {
            const findings = check();
            expect(findings.map((f) => f.message)).to.have.length(1);
            expect(findings[0]!.message).to.contain(value);
        }
    });

    it("give the text to write instead", () => {
        const fixes: readonly (readonly [Check, string])[] = [
            [provider({ url: "http://gitlab.example.com:80/x/" }), '"https://gitlab.example.com/x"'],
            [provider({ audiences: ["https://gitlab.com/"] }), '"https://gitlab.com"'],
            [com({ ...SOUND, branch: "refs/heads/main" }), 'branch: "main"'],
            [com({ ...SOUND, branch: "refs/tags/v1" }), 'tag: "v1"'],
            [com({ ...SOUND, project: "https://gitlab.com/g/p" }), '"g/p"'],
            [com({ ...SOUND, project: "/g//p/" }), '"g/p"'],
            [com({ ...SOUND, project: "g/p.git" }), '"g/p"'],
            [com({ ...SOUND, project: "https://gitlab.com/g/p/-/tree/main?x=1" }), '"g/p"'],
            [com({ ...SOUND, project: "git@gitlab.com:g/h/p.git" }), '"g/h/p"'],
            [com({ ...SOUND, project: "https://gitlab.com" }), '"mygroup/myproject"'],
            [com({ ...SOUND, project: "g/.git" }), '"mygroup/myproject"'],
            [own({ group: "g/*", branch: "main" }), 'group: "g"'],
            [own({ group: "g/*/h", branch: "main" }), 'group: "g"'],
            [com(PLAIN), 'projectId: "<project id>"'],
            [condition("StringNotEquals", "aws:RequestedRegion", "eu-*"), "StringNotLike"],
            [com({ ...SOUND, projectId: 4711 }), '"4711"'],
        ];
        for (const [check, text] of fixes) {
            expect(check()[0]!.fix).to.contain(text);
        }
    });

    it("come all at once", () => {
        const findings = gitlab({
            url: "http://gitlab.example.com:8443/",
            audiences: [],
            maxSessionDuration: 60,
            roles: {
                none: { subjects: [] },
                both: { subjects: [{ project: "g/p", branch: "main", tag: "v1", refProtected: true }] },
                wide: { subjects: [{ project: "*", branch: "main" }], name: "x".repeat(65) },
                long: { subjects: [PLAIN], maxSessionDuration: 50000 },
            },
        });
        expect(brief(findings)).to.deep.equal([
            ["url", "issuer-url"],
            ["audiences", "audience"],
            ["maxSessionDuration", "role-duration"],
            ['roles["none"].subjects', "no-subject"],
            ['roles["both"].subjects[0].tag', "several-refs"],
            ['roles["wide"].subjects[0].project', "path-wildcard"],
            ['roles["wide"].name', "role-name"],
            ['roles["long"].maxSessionDuration', "role-duration"],
        ]);
        expect(brief(gitlab({ roles: {}, url: "https://gitlab.com/", thumbprints: ["x"] }))).to.deep.equal([
            ["url", "issuer-url"],
            ["thumbprints[0]", "thumbprint"],
            ["roles", "required"],
        ]);
    });

    it("of one place do not hide those of another", () => {
        const findings = gitlab({
            url: "https://gitlab.example.com",
            gitlabVersion: "19.1",
            thumbprints: ["x"],
            tagz: {},
            roles: {
                a: {
                    subjects: [
                        { ...PLAIN, claims: { userId: ["1"] } },
                        { ...PLAIN, brnch: "x" },
                    ],
                },
            },
        });
        expect(brief(findings)).to.deep.equal([
            ['roles["a"].subjects[1].brnch', "unknown-property"],
            ["tagz", "unknown-property"],
            ["thumbprints[0]", "thumbprint"],
            ['roles["a"].subjects[0].claims', "claim-issuer"],
        ]);
    });

    it("of buildTrustPolicy are those of PipelineRole", () => {
        const inputs: readonly object[] = [
            { providerArn: `${ACCOUNT}:role/x`, subjects: [] },
            { providerArn: GITLAB_COM, subjects: [{ project: "*", tag: "v*", branch: "a b" }], audiences: [""] },
            { providerArn: GITLAB_COM, subjects: [SOUND], conditions: { StringEquals: { x: [] } } },
            { providerArn: GITLAB_COM, subjects: [{ ...SOUND, claims: { nobody: ["x"] } }, null, 5] },
            {},
        ];
        for (const input of inputs) {
            const { errors } = checkPipelineRole("role", input as InputsView);
            expect(errors).not.to.deep.equal([]);
            expect(() => buildTrustPolicy(input as GetTrustPolicyArgs))
                .to.throw(InvalidInputsError)
                .with.property("findings")
                .that.deep.equals(errors);
        }
        expect(() => buildTrustPolicy(null as never)).to.throw(InvalidInputsError);
    });
});

describe("values that are still to come", () => {
    const WHOLE = {
        url: "https://gitlab.com",
        audiences: ["https://gitlab.com"],
        subClaimComponents: ["project_path", "ref_type", "ref", "ref_protected"],
        tags: { team: "platform" },
        path: "/ci/",
        permissionsBoundary: `${ACCOUNT}:policy/boundary`,
        maxSessionDuration: 3600,
        existingProviderArn: GITLAB_COM,
        roles: {
            a: {
                subjects: [
                    { project: "g/p", branch: "main", refProtected: true, claims: { userId: ["1"] } },
                    { sub: "project_path:g/p:ref_type:branch:ref:main:ref_protected:true" },
                ],
                conditions: { StringEquals: { "aws:RequestedRegion": ["eu-west-1"] } },
                name: "deploy",
                description: "x",
                managedPolicies: { a: READ_ONLY },
                formerPolicyKeys: { a: ["old"] },
                inlinePolicies: { a: allow({ Action: "s3:GetObject" }) },
                secretArns: [SECRET],
                secretKmsKeyArns: [KEY],
                tags: { team: "web" },
                subClaimComponents: ["project_path", "ref_type", "ref", "ref_protected"],
                formerKeys: ["old"],
            },
        },
    };
    const PLAIN_PLACES = new Set([
        "roles",
        "roles.a",
        "roles.a.managedPolicies",
        "roles.a.formerPolicyKeys",
        "roles.a.formerPolicyKeys.a",
        "roles.a.formerPolicyKeys.a.0",
        "roles.a.inlinePolicies",
        "roles.a.formerKeys",
        "roles.a.formerKeys.0",
    ]);

    /** Every place in the tree, with the tree that has UNKNOWN there. */
    function* withUnknown(value: unknown, path = ""): Generator<readonly [string, unknown]> {
        if (path !== "") {
            yield [path, UNKNOWN];
        }
        if (typeof value === "object" && value !== null) {
            for (const [k, v] of Object.entries(value)) {
                for (const [at, late] of withUnknown(v, path === "" ? k : `${path}.${k}`)) {
                    const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...value };
                    Object.assign(copy, { [k]: late });
                    yield [at, copy];
                }
            }
        }
    }

    it("are no errors at any place where they may stand", () => {
        const places = [...withUnknown(WHOLE)];
        expect(places.length).to.be.greaterThan(40);
        for (const [path, inputs] of places) {
            const ids = checkGitLabOidc("gitlab", inputs as InputsView).errors.map((f) => f.id);
            expect(ids, path).to.deep.equal(PLAIN_PLACES.has(path) ? ["plain-required"] : []);
        }
    });

    it("do not make an accepted id one that does not occur", () => {
        const accept = ["group-wide", "path-only", "pass-role"];
        expect(brief(com({ ...SOUND, project: UNKNOWN }, { accept }))).to.deep.equal([]);
        expect(brief(role({ providerArn: UNKNOWN, accept }))).to.deep.equal([]);
        expect(brief(role({ inlinePolicies: { a: { Statement: [{ Action: UNKNOWN }] } }, accept }))).to.deep.equal([]);
        expect(brief(gitlab({ url: UNKNOWN, roles: { a: { subjects: [SOUND], accept } } }))).to.deep.equal([]);
        expect(brief(gitlab({ roles: { a: { subjects: [SOUND], accept: ["pass-role"] } } }))).to.deep.equal([
            ['roles["a"].accept', "unused-accept"],
        ]);
    });

    it("do not hide what is wrong beside them", () => {
        expect(brief(com({ project: UNKNOWN, branch: "a b" }))).to.deep.equal([
            ["subjects[0].branch", "ref-name"],
            ["subjects[0].project", "path-only"],
        ]);
        expect(brief(role({ subjects: [UNKNOWN, { ...SOUND, tag: "v1", refProtected: true }] }))).to.deep.equal([
            ["subjects[1].tag", "several-refs"],
        ]);
        expect(brief(role({ providerArn: UNKNOWN, subjects: [{ branch: UNKNOWN }], name: "a b" }))).to.deep.equal([
            ["subjects[0]", "no-scope"],
            ["name", "role-name"],
        ]);
        expect(
            brief(
                own({ ...PLAIN, claims: { userId: UNKNOWN } }, { audiences: ["https://gitlab.example.com/", UNKNOWN] }),
            ),
        ).to.deep.equal([
            ["audiences[0]", "audience"],
            ["subjects[0].claims", "claim-issuer"],
        ]);
    });
});

describe("hostile values", () => {
    const cyclic: Record<string, unknown> = { Statement: [] };
    cyclic["self"] = cyclic;
    const HOSTILE: readonly unknown[] = [
        "",
        " ",
        "\0",
        "x".repeat(100_000),
        "*".repeat(1000),
        "${".repeat(1000),
        "a/".repeat(50_000),
        "project_path:".repeat(10_000),
        "https://".repeat(1000),
        "‮⁦🚀\ud800",
        "'\"`$(id)\\",
        "__proto__",
        "constructor",
        "toString",
        0,
        -0,
        NaN,
        Infinity,
        1e308,
        10n,
        true,
        false,
        null,
        undefined,
        Symbol("x"),
        UNKNOWN,
        () => "x",
        [],
        [[]],
        [null],
        [undefined],
        [UNKNOWN],
        [[UNKNOWN]],
        new Array(3),
        {},
        { "": "" },
        { a: null },
        { a: { a: { a: null } } },
        JSON.parse('{ "__proto__": { "a": "b" }, "constructor": { "prototype": {} }, "toString": 1 }'),
        { length: 3 },
        Object.create(null),
        new Date(0),
        new Map([["a", "b"]]),
        /x/,
        cyclic,
        [cyclic],
    ];
    const BASE = {
        GitLabOidc: {
            url: "https://gitlab.com",
            audiences: ["x"],
            thumbprints: [],
            subClaimComponents: ["project_path", "ref_type", "ref"],
            path: "/",
            permissionsBoundary: READ_ONLY,
            maxSessionDuration: 3600,
            tags: { a: "b" },
            accept: ["redundant-thumbprints"],
            existingProviderArn: GITLAB_COM,
            adoptExisting: false,
            roles: {
                a: {
                    subjects: [
                        {
                            ...SOUND,
                            refProtected: true,
                            claims: { userId: ["1"], userEmail: ["a@b"], pipelineSource: ["push"] },
                        },
                        { sub: "project_path:g/p:ref_type:branch:ref:main" },
                        { group: "g", tag: "v*" },
                    ],
                    conditions: { StringEquals: { "aws:RequestedRegion": ["x"] } },
                    accept: ["group-wide"],
                    name: "x",
                    description: "x",
                    managedPolicies: { a: READ_ONLY },
                    formerPolicyKeys: { a: ["b"] },
                    inlinePolicies: { a: { Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] } },
                    secretArns: [SECRET],
                    secretKmsKeyArns: [KEY],
                    formerKeys: ["b"],
                    tags: { a: "b" },
                },
            },
        },
    };

    /** The tree with the value at each of its places in turn. */
    function* replaced(tree: unknown, value: unknown): Generator {
        yield value;
        if (typeof tree === "object" && tree !== null) {
            for (const [k, v] of Object.entries(tree)) {
                for (const inner of replaced(v, value)) {
                    yield Object.assign(Array.isArray(tree) ? [...(tree as unknown[])] : { ...tree }, { [k]: inner });
                }
            }
            if (typeof value === "string" && !Array.isArray(tree)) {
                yield { ...tree, [value]: value };
            }
        }
    }

    function expectOnlyFindings(check: () => InvalidInputsError["findings"], title: string): void {
        let findings: InvalidInputsError["findings"];
        try {
            findings = check();
        } catch (error) {
            throw new Error(`${title}: ${String(error)}`, { cause: error });
        }
        for (const { message, fix } of findings) {
            expect(`${message} ${fix}`).not.to.match(/\n|\[object|undefined/);
        }
    }

    it("give nothing but findings, wherever they stand", function () {
        this.timeout(1_200_000);
        HOSTILE.forEach((value, i) => {
            for (const inputs of replaced(BASE.GitLabOidc, value)) {
                expectOnlyFindings(() => checkGitLabOidc("x", inputs as InputsView).errors, `GitLabOidc, value ${i}`);
            }
            for (const inputs of replaced({ url: "https://gitlab.com", audiences: ["x"] }, value)) {
                expectOnlyFindings(() => checkIdentityProvider(inputs as InputsView).errors, `provider, value ${i}`);
            }
            const { subjects, conditions, inlinePolicies, accept } = BASE.GitLabOidc.roles.a;
            const role = { providerArn: GITLAB_COM, subjects, conditions, inlinePolicies, accept };
            for (const inputs of replaced({ url: SELF, gitlabVersion: "18.5", roles: { a: { subjects } } }, value)) {
                expectOnlyFindings(() => checkGitLabOidc("x", inputs as InputsView).errors, `instance, value ${i}`);
            }
            for (const inputs of replaced(role, value)) {
                expectOnlyFindings(() => checkPipelineRole("x", inputs as InputsView).errors, `role, value ${i}`);
            }
            if (value === UNKNOWN || (Array.isArray(value) && value.flat().includes(UNKNOWN))) {
                return; // buildTrustPolicy is for values that are there
            }
            for (const inputs of replaced({ providerArn: GITLAB_COM, subjects, conditions }, value)) {
                expectOnlyFindings(() => {
                    try {
                        buildTrustPolicy(inputs as GetTrustPolicyArgs);
                        return [];
                    } catch (error) {
                        if (error instanceof InvalidInputsError) {
                            return error.findings;
                        }
                        throw error;
                    }
                }, `buildTrustPolicy, value ${i}`);
            }
        });
    });
});
