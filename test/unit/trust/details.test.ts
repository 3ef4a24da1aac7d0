import { expect } from "chai";
import fc from "fast-check";
import { Findings } from "../../../provider/contract/findings";
import { isRoleArn, parseProviderArn, policyPartition } from "../../../provider/iam/arn";
import { audienceFindings, checkAudiences } from "../../../provider/iam/audiences";
import { checkClaims } from "../../../provider/trust/claims";
import { GITLAB_COM_KEYS } from "../../../provider/iam/condition-keys";
import { ciRule } from "../../../provider/gitlab/ci-rule";
import { checkConditions } from "../../../provider/trust/conditions";
import { UNKNOWN, type MaybeUnknown } from "../../../provider/contract/unknown";
import { anyIssuerUrlFindings, issuerUrlFindings, issuerOf } from "../../../provider/gitlab/issuer-url";
import { gitLabPathFindings } from "../../../provider/gitlab/paths";
import { buildTrustPolicy } from "../../../provider/operations/get-trust-policy";
import { latin1Findings } from "../../../provider/iam/policy-text";
import { refNameFindings } from "../../../provider/gitlab/refs";
import {
    checkSubjects,
    checkTrustPolicyInputs,
    compileTrustPolicy,
    policySize,
    urlOf,
    type TrustPolicyInputs,
} from "../../../provider/trust/policy";
import { checkAccept, withoutAccepted } from "../../../provider/contract/accept";
import { checkDuration, checkPath, checkRole } from "../../../provider/iam/role";
import { checkKey } from "../../../provider/contract/key";
import { checkPolicyArn, documentText } from "../../../provider/iam/policies";
import { checkTags } from "../../../provider/iam/tags";
import { componentFindings, DEFAULT_COMPONENTS, parseSub } from "../../../provider/gitlab/sub-claim";
import { checkSubject, compileSubject } from "../../../provider/trust/subject";
import type { Claims, SubClaimComponent, Subject } from "../../../provider/contract/types";
import { SAYS } from "../../support/wording";

/* Details of the checks: where a limit lies, and what exactly a finding says. Which inputs have findings is in refusals.test.ts. */

type Check = (findings: Findings) => void;
type Said = readonly [id: string, message: string, fix: string];
type Row = readonly [title: string, check: Check, ...said: readonly Said[]];

function said(check: Check): readonly Said[] {
    const findings = new Findings();
    check(findings);
    return [...findings.errors, ...findings.warnings].map(({ id, message, fix }) => [id, message, fix] as const);
}

function path(kind: "group" | "project", value: string, ...expected: readonly Said[]): Row {
    return [`${kind} ${JSON.stringify(value)}`, (f) => f.addAll(gitLabPathFindings(kind, value, "x")), ...expected];
}

function ref(kind: "branch" | "tag", value: string, ...expected: readonly Said[]): Row {
    return [`${kind} ${JSON.stringify(value)}`, (f) => f.addAll(refNameFindings(kind, value, "x")), ...expected];
}

function text(value: string, ...expected: readonly Said[]): Row {
    return [`text ${JSON.stringify(value)}`, (f) => f.addAll(latin1Findings(value, "x")), ...expected];
}

const ADDRESS_BAR = (example: string): string => SAYS.addressBar(`mygroup/${example}`);
const GIT_NAMES =
    "is not a name that Git allows (no space ~ ^ : [ \\ or control characters, no `..`, `@{`, `//`, no leading or trailing `/`, no part that begins with `.` or ends with `.lock`), so no job could match.";

const NAMES: readonly Row[] = [
    path("project", "https://gitlab.com/g/p//", [
        "gitlab-path",
        '"https://gitlab.com/g/p//" is a URL, not a path.',
        'Write "g/p".',
    ]),
    path("project", "HTTP://x/g", ["gitlab-path", '"HTTP://x/g" is a URL, not a path.', ADDRESS_BAR("myproject")]),
    path("project", "g/http://x", ["gitlab-path", '"g/http://x" has an extra slash.', ADDRESS_BAR("myproject")]),
    path("project", "", ["gitlab-path", '"" is empty.', ADDRESS_BAR("myproject")]),
    path("group", "", ["gitlab-path", '"" is empty.', ADDRESS_BAR("subgroup")]),
    path("project", "/g//p/", ["gitlab-path", '"/g//p/" has an extra slash.', 'Write "g/p".']),
    path("group", "a/*/b?", [
        "path-wildcard",
        '"a/*/b?" has a wildcard, but a group already covers everything below it.',
        'Write group: "a".',
    ]),
    path("group", "a/*/b", [
        "path-wildcard",
        '"a/*/b" has a wildcard, but a group already covers everything below it.',
        'Write group: "a".',
    ]),
    path("group", "*", [
        "path-wildcard",
        '"*" has a wildcard, but a group already covers everything below it.',
        'Write group: "mygroup".',
    ]),
    path("project", "?/p", [
        "path-wildcard",
        '"?/p" has a wildcard in its first segment, so it would match projects of every owner on the instance.',
        'Name the top-level group: "mygroup/myproject".',
    ]),
    path("project", "g/*/app*", [
        "path-wildcard",
        SAYS.segmentWildcard("g/*/app*", "app*"),
        "Write one subject for each project, or use `*` as a whole segment.",
    ]),
    path("project", "g/*/-p", [
        "gitlab-path",
        '"g/*/-p" has the segment "-p", which GitLab does not allow in a path.',
        ADDRESS_BAR("myproject"),
    ]),
    path("group", "g p", [
        "gitlab-path",
        '"g p" has the segment "g p", which GitLab does not allow in a path.',
        ADDRESS_BAR("subgroup"),
    ]),
    path("project", "g.git/p.GIT", [
        "gitlab-path",
        SAYS.reservedSuffix("g.git/p.GIT", "g.git"),
        SAYS.addressBar("mygroup/myproject"),
    ]),
    path("group", "g.atom", ["gitlab-path", SAYS.reservedSuffix("g.atom", "g.atom"), 'Write "g".']),
    path("project", "g", [
        "gitlab-path",
        '"g" names a group, not a project.',
        'Write project: "g/myproject", or group: "g" for every project below it.',
    ]),
    path("group", "g"),
    path("group", "_g/1.h-i"),
    path("project", "g/p.gitx"),
    path("project", "g/p_git"),
    ref("branch", "", ["ref-name", '"" is empty.', 'Write the name: branch: "main".']),
    ref("tag", "", ["ref-name", '"" is empty.', 'Write the name: tag: "v1.0".']),
    ref("tag", "refs/heads/a", ["ref-name", SAYS.fullRef("refs/heads/a"), 'Write branch: "a".']),
    ref("branch", "refs/tags/v1", ["ref-name", SAYS.fullRef("refs/tags/v1"), 'Write tag: "v1".']),
    ref("branch", "a b", ["ref-name", `"a b" ${GIT_NAMES}`, SAYS.shortName("branch", "branch")]),
    ref("tag", "@", ["ref-name", `"@" ${GIT_NAMES}`, SAYS.shortName("tag", "tag")]),
    ...["x/refs/heads/a", "refs/other", "a@", "@a", "a.b", "a/b", "a.lockb", "xlock", "{a", "!"].map((name) =>
        ref("branch", name),
    ),
    ref("branch", "é✓", ["latin1", SAYS.notLatin1("é✓", "2713"), SAYS.writeLatin1]),
    text("\u0007", ["latin1", SAYS.notLatin1("\\u0007", "0007"), SAYS.writeLatin1]),
    text("\u009f", ["latin1", SAYS.notLatin1("\\u009f", "009F"), SAYS.writeLatin1]),
    text("🚀", ["latin1", SAYS.notLatin1("🚀", "1F680"), SAYS.writeLatin1]),
    text("Ā", ["latin1", SAYS.notLatin1("Ā", "0100"), SAYS.writeLatin1]),
    text(" ~\u00a0ÿ"),
];

const SLASH = "ends with a slash: GitLab's `iss` has none, so no token would match";
const CREDENTIALS = "has credentials, which would be visible in every trust policy";
const PORT = "has a port, which IAM does not allow";
const QUERY = "has a query, which IAM does not allow";
const FRAGMENT = "has a fragment, which IAM does not allow";
const CAPITALS = "has capital letters in its host: the `iss` claim is compared exactly and has none";
const OUTSIDE_ASCII = "has white space or characters outside ASCII: write an international name in its `xn--` form";
const OTHERWISE = "is another way of writing the address: the `iss` claim is compared exactly";

const NO_ADDRESS = "has `*` or `$`, which an instance's address cannot contain";
const EXAMPLE_ADDRESS = "https://gitlab.example.com";

/** A url, what is said about it, and the url that is to be written instead. */
function url(value: string, faults = "", instead = ""): Row {
    const expected: Said = [
        "issuer-url",
        `${JSON.stringify(value)} ${faults}.`,
        `Write "${instead}", exactly as in the \`iss\` claim of the instance's ID tokens.`,
    ];
    return [
        `url ${value.slice(0, 60)}`,
        (f) => f.addAll(issuerUrlFindings(value, "x")),
        ...(faults === "" ? [] : [expected]),
    ];
}

const URLS: readonly Row[] = [
    ...["gitlab.com", "ftp://gitlab.com", "xhttps://gitlab.com", "httpsx://gitlab.com"].map((value): Row => [
        `url ${value}`,
        (f) => f.addAll(issuerUrlFindings(value, "x")),
        [
            "issuer-url",
            `"${value}" is not the address of a GitLab instance.`,
            'Write it with its scheme: "https://gitlab.com".',
        ],
    ]),
    url(
        "http://me:x@GitLab.com:8443/a/?q#f",
        [
            "is not https: AWS fetches the instance's keys over TLS only",
            CREDENTIALS,
            PORT,
            QUERY,
            FRAGMENT,
            SLASH,
            CAPITALS,
        ].join("; it "),
        "https://gitlab.com/a",
    ),
    url("https://me@gitlab.com", CREDENTIALS, "https://gitlab.com"),
    url("https://:x@gitlab.com", CREDENTIALS, "https://gitlab.com"),
    url("https://gitlab.com:", PORT, "https://gitlab.com"),
    url("https://gitlab.com:443/a", PORT, "https://gitlab.com/a"),
    url("HTTPS://gitlab.com:8443", `${PORT}; it ${CAPITALS}`, "https://gitlab.com"),
    url("https://gitlab.com:80?a", `${PORT}; it ${QUERY}`, "https://gitlab.com"),
    url("https://gitlab.com:80#a", `${PORT}; it ${FRAGMENT}`, "https://gitlab.com"),
    url("https://gitlab.com/a:8/b"),
    url("https://gitlab.com/a:8"),
    url("https://gitlab.com/a://b:8"),
    url("https://gitlab.com//", SLASH, "https://gitlab.com"),
    url("https://gitlab.com/a//", SLASH, "https://gitlab.com/a"),
    url("https://gitlab.com/a/?x", `${QUERY}; it ${SLASH}`, "https://gitlab.com/a"),
    url("https://gitlab.com/a/#x", `${FRAGMENT}; it ${SLASH}`, "https://gitlab.com/a"),
    url("https://gitlab.com/A"),
    url("https://GITLAB.com/A", CAPITALS, "https://gitlab.com/A"),
    url("https://gitlab.com?A/b", QUERY, "https://gitlab.com"),
    url("https://gitlab.com#A/b", FRAGMENT, "https://gitlab.com"),
    url("https://gitläb.com", OUTSIDE_ASCII, "https://xn--gitlb-jra.com"),
    url("https://gitlab.com/a b", OUTSIDE_ASCII, "https://gitlab.com/a%20b"),
    url("https://gitlab.com/a/../b", OTHERWISE, "https://gitlab.com/b"),
    url("https:gitlab.com", OTHERWISE, "https://gitlab.com"),
    url(`https://gitlab.com/${"x".repeat(236)}`),
    url("https://gitlab.com/*", NO_ADDRESS, EXAMPLE_ADDRESS),
    url("https://gitlab.com/$a", NO_ADDRESS, EXAMPLE_ADDRESS),
    url("https://*.com/?a", `${QUERY}; it ${SLASH}; it ${NO_ADDRESS}`, EXAMPLE_ADDRESS),
    [
        "url of 256 characters",
        (f) => f.addAll(issuerUrlFindings(`https://gitlab.com/${"x".repeat(237)}`, "x")),
        [
            "issuer-url",
            `"https://gitlab.com/${"x".repeat(96)}…" has 256 characters, more than the 255 that IAM accepts.`,
            'Write "https://gitlab.example.com", exactly as in the `iss` claim of the instance\'s ID tokens.',
        ],
    ],
];

const anyIssuer = (value: string, faults: string, fix: string): Row => [
    `issuer ${value.slice(0, 60)}`,
    (f) => f.addAll(anyIssuerUrlFindings(value, "x")),
    ...(faults === "" ? [] : [["issuer-url", `${JSON.stringify(value)} ${faults}.`, fix] as const]),
];
const writeIss = (issuer: string): string =>
    `Write "${issuer}", exactly as in the \`iss\` claim of the issuer's ID tokens.`;

const OTHER_URLS: readonly Row[] = [
    anyIssuer("https://acme.eu.auth0.com/", "", ""),
    anyIssuer("https://login.example.com/a/", "", ""),
    anyIssuer("https://acme.eu.auth0.com", "", ""),
    anyIssuer("https://acme.eu.auth0.com//", OTHERWISE, writeIss("https://acme.eu.auth0.com/")),
    anyIssuer(
        "acme.eu.auth0.com/",
        "is not the URL of an OIDC issuer",
        'Write it with its scheme: "https://acme.eu.auth0.com/".',
    ),
    anyIssuer(
        "Auth0",
        "is not the URL of an OIDC issuer",
        'Write the `iss` claim of its tokens, such as "https://token.actions.githubusercontent.com".',
    ),
    anyIssuer(
        "http://login.example.com:8080/",
        `is not https: AWS fetches the issuer's keys over TLS only; it ${PORT}`,
        writeIss("https://login.example.com/"),
    ),
    anyIssuer(
        "https://*.example.com",
        "has `*` or `$`, which an issuer's URL cannot contain",
        writeIss("https://token.actions.githubusercontent.com"),
    ),
];

const LENGTH = (n: number): string => `has ${String(n)} characters, but IAM accepts 1 to 255.`;

/** An audience for https://gitlab.com. */
function audience(value: string, ...expected: readonly Said[]): Row {
    return [
        `audience ${JSON.stringify(value.slice(0, 30))}`,
        (f) => f.addAll(audienceFindings(value, "https://gitlab.com", "x")),
        ...expected,
    ];
}

function audiences(title: string, values: readonly string[] | undefined, ...expected: readonly Said[]): Row {
    return [title, (f) => checkAudiences(values, undefined, "x", f), ...expected];
}

const AUDIENCES: readonly Row[] = [
    audience("", ["audience", `"" ${LENGTH(0)}`, "Use the URL of the instance."]),
    audience("x".repeat(255)),
    audience("x".repeat(256), ["audience", `"${"x".repeat(115)}…" ${LENGTH(256)}`, "Use the URL of the instance."]),
    ...["a b", " a", "a ", "é"].map((value) =>
        audience(value, [
            "audience",
            `"${value}" has white space or characters outside ASCII.`,
            "Use the URL of the instance, or `sts.amazonaws.com`.",
        ]),
    ),
    audience("a?", [
        "audience",
        '"a?" has a wildcard, but audiences are compared exactly.',
        "List the audiences one by one.",
    ]),
    audience("$A", ["audience", '"$A" has `$`, which GitLab expands in the job.', "Choose an audience without it."]),
    ...["https://gitlab.com//", "http://gitlab.com"].map((value) =>
        audience(value, [
            "audience",
            `"${value}" is almost the URL, but audiences are compared exactly.`,
            'Write "https://gitlab.com".',
        ]),
    ),
    ...["https://gitlab.com", "https://gitlab.com/x", "xhttp://gitlab.com", "!~"].map((value) => audience(value)),
    audiences(
        "none",
        [],
        [
            "audience",
            "is empty: AWS would reject every token with `Incorrect token audience`.",
            "Leave it out to use the URL of the instance, or list the audiences that the jobs request.",
        ],
    ),
    audiences("left out", undefined),
    audiences(
        "100 audiences",
        Array.from({ length: 100 }, (_, i) => `a${String(i)}`),
    ),
    audiences(
        "101 audiences",
        Array.from({ length: 101 }, (_, i) => `a${String(i)}`),
        ["audience", "has 101 values, but IAM accepts at most 100.", "Use fewer audiences."],
    ),
    audiences("an audience twice", ["b", "a", "b"], ["audience", '"b" appears twice.', "Remove one."]),
];

const LISTED = "project_path, project_id, ref_type, ref, ref_protected, environment_protected, deployment_tier";
const GITLAB_WANTS =
    "GitLab requires `project_path` or `project_id` first. Copy the project's setting `ci_id_token_sub_claim_components`.";

function components(title: string, value: readonly string[], ...expected: readonly Said[]): Row {
    return [`components: ${title}`, (f) => f.addAll(componentFindings(value, "x")), ...expected];
}

/** A subject of gitlab.example.com whose sub claim has the given components. */
function subject(
    title: string,
    value: Subject,
    declared: readonly SubClaimComponent[] = DEFAULT_COMPONENTS,
    ...expected: readonly Said[]
): Row {
    const context = { url: "https://gitlab.example.com", components: declared };
    return [title, (f) => checkSubject(value, context, "x", f), ...expected];
}

const PATH_AND_ID: readonly SubClaimComponent[] = ["project_path", "project_id", "ref_type", "ref"];
const BY_ID: readonly SubClaimComponent[] = ["project_id", "ref_type", "ref"];
const WITH_ENVIRONMENT: readonly SubClaimComponent[] = [
    "project_path",
    "ref_type",
    "ref",
    "environment_protected",
    "deployment_tier",
];
const EVERY: readonly SubClaimComponent[] = [
    "project_path",
    "project_id",
    "ref_type",
    "ref",
    "ref_protected",
    "environment_protected",
    "deployment_tier",
];
const PLAIN: Subject = { project: "g/p", branch: "main" };

const PROTECT_BRANCHES = SAYS.nameBranch("add refProtected: true");

const ANY_BRANCH: Said = ["any-branch", SAYS.anyBranch, PROTECT_BRANCHES];
const UNPROTECTED_TAG: Said = ["unprotected-tag", SAYS.unprotectedTag, "Protect them and add refProtected: true."];

/** A raw sub of the default components that has another shape, the one that is meant, and what else it allows. */
function shape(sub: string, why: string, meant: string, ...more: readonly Said[]): Row {
    return subject(
        `sub ${sub}`,
        { sub },
        DEFAULT_COMPONENTS,
        ["sub-shape", `${JSON.stringify(sub)} ${why}.`, SAYS.asGitLab(meant)],
        ...more,
    );
}

const ANY_PROJECT_BELOW = (group: string): string => SAYS.groupWide(group);

const SUBJECTS: readonly Row[] = [
    components(
        "none",
        [],
        [
            "sub-components",
            "is empty.",
            "Copy the project's setting `ci_id_token_sub_claim_components`, or leave it out for GitLab's default. In Java, `lookupProject` returns an empty list if the token may not read the setting.",
        ],
    ),
    components("another first", ["ref"], ["sub-components", 'begins with "ref".', GITLAB_WANTS]),
    components(
        "unknown ones",
        ["project_path", "x", "y"],
        ["sub-components", 'has "x", "y", which GitLab does not support.', `Use only ${LISTED}.`],
    ),
    components(
        "two of them twice",
        ["project_id", "ref", "ref", "ref_type", "ref_type"],
        [
            "sub-components",
            'has "ref", "ref_type" more than once.',
            "Name each component once, in the setting's order.",
        ],
    ),
    components("all", EVERY),
    components("the id first", BY_ID),

    subject("sub beside fields", { sub: "x", project: "g/p", group: "g", tag: "v1" }, DEFAULT_COMPONENTS, [
        "several-scopes",
        "is set in addition to `project`, `group`, `tag`, but both define the sub claim.",
        "Remove `sub`, or remove `project`, `group`, `tag`.",
    ]),
    subject("sub beside an environment", { sub: "x", environmentProtected: true }, DEFAULT_COMPONENTS, [
        "several-scopes",
        "is set in addition to `environmentProtected`, but both define the sub claim.",
        "Remove `sub`, or remove `environmentProtected`.",
    ]),
    subject("sub beside a tier", { sub: "x", deploymentTier: "other" }, DEFAULT_COMPONENTS, [
        "several-scopes",
        "is set in addition to `deploymentTier`, but both define the sub claim.",
        "Remove `sub`, or remove `deploymentTier`.",
    ]),
    subject("a policy variable in sub", { sub: "project_path:g/p:ref_type:branch:ref:${a}" }, DEFAULT_COMPONENTS, [
        "policy-variable",
        '"project_path:g/p:ref_type:branch:ref:${a}" has `${`, which IAM reads as the beginning of a policy variable.',
        "Use `branch` or `tag`, which escape it.",
    ]),
    ...(
        [
            [
                "project_path:g/p:*",
                "ends with a wildcard that covers whole components, so it matches branches and tags alike",
            ],
            [
                "project_path:g/p:ref_type:*",
                'has ref_type "*". With a wildcard, a tag named like the branch matches too',
            ],
            [
                "project_path:g/p:ref_type:*:ref:*",
                'has ref_type "*". With a wildcard, a tag named like the branch matches too',
            ],
        ] as const
    ).map(([sub, why]) =>
        subject(
            `sub ${sub}`,
            { sub },
            DEFAULT_COMPONENTS,
            [
                why.startsWith("ends") ? "sub-shape" : "ref-type",
                `"${sub}" ${why}.`,
                SAYS.standsFor('"project_path:g/p:ref_type:branch:ref:*", "project_path:g/p:ref_type:tag:ref:*"'),
            ],
            ANY_BRANCH,
            UNPROTECTED_TAG,
        ),
    ),
    subject(
        "sub of any type of a ref",
        { sub: "project_path:g/p:ref_type:*:ref:main" },
        DEFAULT_COMPONENTS,
        [
            "ref-type",
            '"project_path:g/p:ref_type:*:ref:main" has ref_type "*". With a wildcard, a tag named like the branch matches too.',
            SAYS.standsFor('"project_path:g/p:ref_type:branch:ref:main", "project_path:g/p:ref_type:tag:ref:main"'),
        ],
        UNPROTECTED_TAG,
    ),
    subject(
        "sub of a group alone",
        { sub: "project_path:g/*" },
        DEFAULT_COMPONENTS,
        [
            "sub-shape",
            '"project_path:g/*" has no "ref_type", "ref".',
            SAYS.standsFor('"project_path:g/*:ref_type:branch:ref:*", "project_path:g/*:ref_type:tag:ref:*"'),
        ],
        ["group-wide", ANY_PROJECT_BELOW("g"), "Write one subject for each project."],
        ANY_BRANCH,
        UNPROTECTED_TAG,
    ),
    shape(
        "project_path:g/p:ref_type:branch:*",
        "ends with a wildcard that covers whole components, so it matches branches and tags alike",
        "project_path:g/p:ref_type:branch:ref:*",
        ANY_BRANCH,
    ),
    shape("project_path:g/p:ref", 'has no value after "ref"', "project_path:g/p:ref_type:branch:ref:main"),
    shape(
        "project_path:g/p:r*:branch",
        'has the wildcard "r*" in the place of a component\'s name',
        "project_path:g/p:ref_type:branch:ref:main",
    ),
    shape(
        "project_path:g/p:ref:dev:ref_type:branch",
        'has "ref_type" where it should end',
        "project_path:g/p:ref_type:branch:ref:dev",
    ),
    shape(
        "project_id:20:ref_type:branch:ref:dev",
        'has "project_id" where "project_path" belongs',
        "project_path:mygroup/myproject:ref_type:branch:ref:dev",
    ),
    shape(
        "project_path:g/p:environment:x:ref:main",
        'has "environment" where "ref_type" belongs',
        "project_path:g/p:ref_type:branch:ref:main",
    ),
    shape("project_path:g/p", 'has no "ref_type", "ref"', "project_path:g/p:ref_type:branch:ref:main"),
    shape("g/p", 'has no value after "g/p"', "project_path:g/p:ref_type:branch:ref:main"),
    shape(
        "repo:g/p:ref:refs/heads/dev",
        'looks like a subject of GitHub Actions. A GitLab subject begins with "project_path" or "project_id"',
        "project_path:g/p:ref_type:branch:ref:dev",
    ),
    shape(
        "repo:g/p:ref:refs/tags/v1",
        'looks like a subject of GitHub Actions. A GitLab subject begins with "project_path" or "project_id"',
        "project_path:g/p:ref_type:tag:ref:v1",
    ),
    subject("sub of GitHub that is open", { sub: "repo:g/p:*" }, DEFAULT_COMPONENTS, [
        "sub-shape",
        '"repo:g/p:*" looks like a subject of GitHub Actions. A GitLab subject begins with "project_path" or "project_id".',
        SAYS.standsFor('"project_path:g/p:ref_type:branch:ref:*", "project_path:g/p:ref_type:tag:ref:*"'),
    ]),
    ...(
        [
            ["project_path:g/app*", "project_path:g/myproject:ref_type:branch:ref:*"],
            ["project_path:*", "project_path:mygroup/myproject:ref_type:branch:ref:*"],
        ] as const
    ).map(([sub, meant]): Row => [
        `sub ${sub}`,
        (f) => {
            const found = new Findings();
            checkSubject({ sub }, { url: "https://gitlab.example.com", components: DEFAULT_COMPONENTS }, "x", found);
            expect(found.errors.map(({ id }) => id)).to.deep.equal(["sub-shape", "path-wildcard"]);
            expect(found.warnings.map(({ id }) => id)).to.deep.equal(["any-branch", "unprotected-tag"]);
            f.addAll(found.errors.slice(0, 1));
        },
        [
            "sub-shape",
            `"${sub}" has no "ref_type", "ref".`,
            SAYS.standsFor(`"${meant}", "${meant.replace("branch", "tag")}"`),
        ],
    ]),
    shape("x", 'has no value after "x"', "project_path:mygroup/myproject:ref_type:branch:ref:main"),
    ...(
        [
            ["https://gitlab.com", "an audience", "audiences"],
            ["sts.amazonaws.com", "an audience", "audiences"],
            ["http://gitlab.example.com/", "an audience", "audiences"],
            ["4711", "a project's id", "projectId"],
        ] as const
    ).map(([sub, what, field]) =>
        subject(`sub ${sub}`, { sub }, DEFAULT_COMPONENTS, [
            "sub-shape",
            SAYS.audienceAsSubject(sub, what),
            `Write it as \`${field}\`. A subject looks like "project_path:mygroup/myproject:ref_type:branch:ref:main".`,
        ]),
    ),
    subject("sub of all components", { sub: "project_path:g/p" }, EVERY, [
        "sub-shape",
        '"project_path:g/p" has no "project_id", "ref_type", "ref", "ref_protected".',
        SAYS.asGitLab(
            "project_path:g/p:project_id:<project id>:ref_type:branch:ref:main:ref_protected:true:environment_protected:true:deployment_tier:production",
        ),
    ]),
    subject("sub with a merge request as ref_type", { sub: "project_path:g/p:ref_type:mr:ref:1" }, DEFAULT_COMPONENTS, [
        "ref-type",
        '"project_path:g/p:ref_type:mr:ref:1" has ref_type "mr". GitLab writes only "branch" or "tag", and "branch" for merge requests.',
        SAYS.asGitLab("project_path:g/p:ref_type:branch:ref:1"),
    ]),
    subject(
        "an id and protection that stand in sub already",
        {
            sub: "project_path:g/p:project_id:20:ref_type:branch:ref:main:ref_protected:true",
            projectId: "20",
            refProtected: true,
        },
        ["project_path", "project_id", "ref_type", "ref", "ref_protected"],
        ["several-scopes", "is already part of `sub`.", "Remove `projectId`, or remove it from `sub`."],
        ["several-scopes", "is already part of `sub`.", "Remove `refProtected`, or remove it from `sub`."],
    ),
    subject("sub of a tag", { sub: "project_path:g/p:ref_type:tag:ref:v1" }, DEFAULT_COMPONENTS, [
        "unprotected-tag",
        SAYS.unprotectedTag,
        "Protect them and add refProtected: true.",
    ]),

    subject("project and group", { ...PLAIN, group: "g" }, DEFAULT_COMPONENTS, [
        "several-scopes",
        "is set in addition to `project`, but a subject trusts either one project or one group.",
        "Remove `group` to trust one project, or `project` to trust every project below the group.",
    ]),
    subject("a project, its id and a group", { ...PLAIN, projectId: "20", group: "g" }, DEFAULT_COMPONENTS, [
        "several-scopes",
        "is set in addition to `project`, but a subject trusts either one project or one group.",
        "Remove `group` to trust one project, or `project` to trust every project below the group.",
    ]),
    subject("no scope", { branch: "main" }, DEFAULT_COMPONENTS, [
        "no-scope",
        "names no project, so it would allow jobs of every project on the instance.",
        'Add project: "mygroup/myproject", or group: "mygroup" for every project below it.',
    ]),
    subject("neither scope nor ref", {}, DEFAULT_COMPONENTS, [
        "no-scope",
        "names no project, branch or tag, so it would allow jobs of every project on the instance.",
        'Add project: "mygroup/myproject", or group: "mygroup" for every project below it, and branch: "main" or tag: "v*".',
    ]),
    subject("a pattern of projects", { project: "g/*/p", branch: "main" }, DEFAULT_COMPONENTS, [
        "group-wide",
        ANY_PROJECT_BELOW("g"),
        "Write one subject for each project.",
    ]),
    subject("a project that is not declared", { projectId: "20", ...PLAIN }, BY_ID, [
        "sub-shape",
        "`project_path` is not in `subClaimComponents`, so AWS cannot check the path.",
        "Remove it and keep projectId.",
    ]),
    subject("a group that is not declared", { group: "g", branch: "main" }, BY_ID, [
        "sub-shape",
        "`project_path` is not in `subClaimComponents`, so AWS cannot check the path.",
        "Write one subject for each project, with its projectId.",
    ]),
    subject("a group and any id, both declared", { group: "g", projectId: "*", branch: "main" }, PATH_AND_ID, [
        "group-wide",
        ANY_PROJECT_BELOW("g"),
        "Write one subject for each project.",
    ]),
    subject("a group and one id, both declared", { group: "g", projectId: "20", branch: "main" }, PATH_AND_ID),
    subject("an id alone, while both are declared", { projectId: "20", branch: "main" }, PATH_AND_ID, [
        "sub-shape",
        "is set without a path, but `subClaimComponents` has `project_path`.",
        'Add the path: project: "mygroup/myproject".',
    ]),
    subject(
        "an id alone, while the path is declared",
        { projectId: "20", branch: "main" },
        DEFAULT_COMPONENTS,
        [
            "sub-shape",
            "is set without a path, but `subClaimComponents` has `project_path`.",
            "Add `project`. Or begin the project's sub claim with `project_id`, and set `subClaimComponents` to match.",
        ],
        [
            "project-id",
            'AWS supports the condition key `project_id` only for gitlab.com, so it cannot be checked for "https://gitlab.example.com".',
            "Add `project_id` to the project's sub claim components and to `subClaimComponents`, or remove projectId.",
        ],
    ),
    subject("a project without its id, while it is declared", PLAIN, PATH_AND_ID, [
        "sub-shape",
        "has no `projectId`, but `subClaimComponents` has `project_id`.",
        'Add projectId: "<project id>". In GitLab, open the project and choose ⋮ > Copy project ID.',
    ]),
    subject(
        "a group without an id, while it is declared",
        { group: "g", branch: "main" },
        PATH_AND_ID,
        ["sub-shape", "has no `projectId`, but `subClaimComponents` has `project_id`.", 'Add projectId: "*".'],
        ["group-wide", ANY_PROJECT_BELOW("g"), "Write one subject for each project."],
    ),
    subject(
        "a pattern without an id, while it is declared",
        { project: "g/*", branch: "main" },
        PATH_AND_ID,
        ["sub-shape", "has no `projectId`, but `subClaimComponents` has `project_id`.", 'Add projectId: "*".'],
        ["group-wide", ANY_PROJECT_BELOW("g"), "Write one subject for each project."],
    ),
    subject("a group and an id", { group: "g", projectId: "20", branch: "main" }, DEFAULT_COMPONENTS, [
        "several-scopes",
        "is set in addition to `group`, but a subject trusts either one project or one group.",
        "Remove `projectId`, or replace `group` with the `project` that has this ID.",
    ]),
    ...[
        ["20*", SAYS.idWildcard("20*")],
        ["2x", SAYS.notAnId("2x")],
        ["x2", SAYS.notAnId("x2")],
        ["*", SAYS.idWildcard("*")],
    ].map(([projectId, message]) =>
        subject(`id ${projectId!}`, { projectId: projectId!, branch: "main" }, BY_ID, [
            "project-id",
            message!,
            SAYS.writeId,
        ]),
    ),

    subject(
        "branch and tag",
        { ...PLAIN, tag: "v1" },
        DEFAULT_COMPONENTS,
        [
            "several-refs",
            "is set in addition to `branch`, but no job runs on both, so it would never match.",
            'Write two subjects: { project: "g/p", branch: "main" } and { project: "g/p", tag: "v1" }.',
        ],
        ["unprotected-tag", SAYS.unprotectedTag, "Protect them and add refProtected: true."],
    ),
    subject("no ref", { project: "g/p" }, DEFAULT_COMPONENTS, [
        "no-ref",
        "names neither branch nor tag.",
        'Add branch: "main" or tag: "v*". Avoid branch: "*": anyone who can push a branch could assume the role.',
    ]),
    subject(
        "no ref, of which the type is declared",
        { project: "g/p" },
        ["project_path", "ref_type"],
        [
            "no-ref",
            "names neither branch nor tag.",
            'Add branch: "main" or tag: "v*". Avoid branch: "*": anyone who can push a branch could assume the role.',
        ],
    ),
    subject(
        "no ref, none is declared",
        { project: "g/p" },
        ["project_path"],
        [
            "any-ref",
            "`subClaimComponents` has neither `ref_type` nor `ref`, so the role trusts every branch and tag, and merge requests from the same project.",
            "Add `ref_type` and `ref` to the project's sub claim components.",
        ],
    ),
    subject(
        "a branch, none is declared",
        PLAIN,
        ["project_path"],
        ["sub-shape", "cannot be checked: `ref` is not in `subClaimComponents`.", "Remove branch."],
    ),
    subject(
        "a tag, of which the type is declared",
        { project: "g/p", tag: "v1", refProtected: true },
        ["project_path", "ref_type", "ref_protected"],
        ["sub-shape", "cannot be checked: `ref` is not in `subClaimComponents`.", 'Write tag: "*".'],
    ),
    subject(
        "a branch, of which the type is not declared",
        PLAIN,
        ["project_path", "ref"],
        [
            "ref-type-undeclared",
            "`subClaimComponents` has no `ref_type`, so the role trusts a branch and a tag of the same name.",
            "Add `ref_type` to the project's sub claim components.",
        ],
    ),
    ...["*", "?*", "*?*"].map((branch) =>
        subject(`branch ${branch}`, { project: "g/p", branch }, DEFAULT_COMPONENTS, [
            "any-branch",
            SAYS.anyBranch,
            PROTECT_BRANCHES,
        ]),
    ),
    ...["?", "??", "????", "a*", "*a", "m*", "*e*", "*/*", "release/*", "?*x"].map((branch) =>
        subject(`branch ${branch}`, { project: "g/p", branch }, DEFAULT_COMPONENTS, [
            "unprotected-branch",
            SAYS.unprotectedBranch(branch),
            PROTECT_BRANCHES,
        ]),
    ),
    ...["a*", "????"].map((branch) =>
        subject(`branch ${branch}, protected`, { project: "g/p", branch, refProtected: true }, [
            ...DEFAULT_COMPONENTS,
            "ref_protected",
        ]),
    ),
    subject(
        "a pattern of branches that are not protected",
        { project: "g/p", branch: "a*", refProtected: false },
        [...DEFAULT_COMPONENTS, "ref_protected"],
        ["unprotected-branch", SAYS.unprotectedBranch("a*"), PROTECT_BRANCHES],
    ),
    subject("every branch that is protected, said as text", { project: "g/p", branch: "*", refProtected: "true" }, [
        ...DEFAULT_COMPONENTS,
        "ref_protected",
    ]),

    subject(
        "protection left out",
        PLAIN,
        [...DEFAULT_COMPONENTS, "ref_protected"],
        [
            "sub-shape",
            "has no `refProtected`, but `subClaimComponents` has `ref_protected`.",
            'Add refProtected: true, or "*" for either.',
        ],
    ),
    subject(
        "protection as another word",
        { ...PLAIN, refProtected: "yes" },
        [...DEFAULT_COMPONENTS, "ref_protected"],
        ["claim-value", SAYS.notBoolean("yes"), 'Write true, false or "*".'],
    ),
    subject("either protection, which is not declared", { ...PLAIN, refProtected: "*" }, DEFAULT_COMPONENTS, [
        "sub-shape",
        "is `*`, which checks nothing.",
        "Leave it out.",
    ]),
    subject("protection, which is not declared", { ...PLAIN, refProtected: true }, DEFAULT_COMPONENTS, [
        "claim-issuer",
        'AWS supports the condition key `ref_protected` only for gitlab.com. For "https://gitlab.example.com" it could never match.',
        "Add `ref_protected` to the project's sub claim components (GitLab 18.7) and to `subClaimComponents`.",
    ]),
    ...["true", "false", "*"].map((refProtected) =>
        subject(`protection ${refProtected}`, { ...PLAIN, refProtected }, [...DEFAULT_COMPONENTS, "ref_protected"]),
    ),

    subject("an environment that is not declared", { ...PLAIN, environmentProtected: true }, DEFAULT_COMPONENTS, [
        "sub-shape",
        "`environment_protected` is not in `subClaimComponents`, and AWS has no condition key for it.",
        "Add `environment_protected` to the project's sub claim components (GitLab 18.7) and to `subClaimComponents`.",
    ]),
    subject("a tier that is not declared", { ...PLAIN, deploymentTier: "other" }, DEFAULT_COMPONENTS, [
        "sub-shape",
        "`deployment_tier` is not in `subClaimComponents`, and AWS has no condition key for it.",
        "Add `deployment_tier` to the project's sub claim components (GitLab 18.7) and to `subClaimComponents`.",
    ]),
    subject(
        "an environment's protection as another word",
        { ...PLAIN, environmentProtected: "no", deploymentTier: "*" },
        WITH_ENVIRONMENT,
        ["claim-value", SAYS.notBoolean("no"), 'Write true, false or "*".'],
    ),
    subject(
        "a tier that does not exist",
        { ...PLAIN, environmentProtected: true, deploymentTier: "prod" },
        WITH_ENVIRONMENT,
        [
            "claim-value",
            '"prod" is not a deployment tier of GitLab.',
            'Write one of production, staging, testing, development, other, or "*".',
        ],
    ),
    ...["production", "staging", "testing", "development", "other", "*"].map((deploymentTier) =>
        subject(`tier ${deploymentTier}`, { ...PLAIN, deploymentTier }, [...DEFAULT_COMPONENTS, "deployment_tier"]),
    ),
    subject("a tier alone", { ...PLAIN, deploymentTier: "other" }, WITH_ENVIRONMENT, [
        "environment-pair",
        "has only `deploymentTier`. A job with an environment has both `environment_protected` and `deployment_tier` in its sub claim, so no job could match.",
        'Add environmentProtected: true, or "*".',
    ]),
    subject("an environment's protection alone", { ...PLAIN, environmentProtected: "*" }, WITH_ENVIRONMENT, [
        "environment-pair",
        "has only `environmentProtected`. A job with an environment has both `environment_protected` and `deployment_tier` in its sub claim, so no job could match.",
        'Add deploymentTier: "production", or "*".',
    ]),
    subject("neither of the two", PLAIN, WITH_ENVIRONMENT),
    subject("an environment's protection, which alone is declared", { ...PLAIN, environmentProtected: true }, [
        ...DEFAULT_COMPONENTS,
        "environment_protected",
    ]),
    subject("no scope, while path and id are declared", { branch: "main" }, PATH_AND_ID, [
        "no-scope",
        "names no project, so it would allow jobs of every project on the instance.",
        'Add project: "mygroup/myproject", or group: "mygroup" for every project below it.',
    ]),
    subject("a group and an id that is none", { group: "g", projectId: "x", branch: "main" }, PATH_AND_ID, [
        "project-id",
        SAYS.notAnId("x"),
        SAYS.writeId,
    ]),
    subject(
        "every branch, none is declared",
        { project: "g/p", branch: "*" },
        ["project_path"],
        ["sub-shape", "cannot be checked: `ref` is not in `subClaimComponents`.", "Remove branch."],
        ["any-branch", SAYS.anyBranch, PROTECT_BRANCHES],
    ),
    subject("every tag", { project: "g/p", tag: "*" }, DEFAULT_COMPONENTS, [
        "unprotected-tag",
        SAYS.unprotectedTag,
        "Protect them and add refProtected: true.",
    ]),
    [
        "every branch, while it is not known whether they are to be protected",
        (f) =>
            checkSubject(
                { project: "g/p", branch: "*", refProtected: UNKNOWN },
                { url: "https://gitlab.example.com", components: [...DEFAULT_COMPONENTS, "ref_protected"] },
                "x",
                f,
            ),
    ],
    [
        "any id of a pattern of projects, which is not declared",
        (f) =>
            checkSubject(
                { project: "g/*", projectId: "*", branch: "main" },
                { url: "https://gitlab.com", components: DEFAULT_COMPONENTS },
                "x",
                f,
            ),
        ["project-id", SAYS.idWildcard("*"), SAYS.writeId],
        ["group-wide", ANY_PROJECT_BELOW("g"), "Write one subject for each project."],
    ],
    [
        "every branch in sub, protected by the key beside it",
        (f) =>
            checkSubject(
                { sub: "project_path:g/p:ref_type:branch:ref:*", projectId: "20", refProtected: true },
                { url: "https://gitlab.com", components: DEFAULT_COMPONENTS },
                "x",
                f,
            ),
    ],
    [
        "a path on gitlab.com",
        (f) => checkSubject(PLAIN, { url: "https://gitlab.com", components: DEFAULT_COMPONENTS }, "x", f),
        ["path-only", SAYS.pathOnly, SAYS.addNumericId('projectId: "<project id>"')],
    ],
    [
        "what needs the url or the components, while they are not known",
        (f) =>
            checkSubject(
                { project: "g/p", projectId: "20", branch: "*", refProtected: true, deploymentTier: "other" },
                { url: undefined, components: undefined },
                "x",
                f,
            ),
    ],
    [
        "a raw sub, while the components are not known",
        (f) => checkSubject({ sub: "x" }, { url: undefined, components: undefined }, "x", f),
    ],
];

/** Claims of a subject without an id. */
function claims(title: string, value: Claims, ...expected: readonly Said[]): Row {
    return [title, (f) => checkClaims({ claims: value }, "https://gitlab.com", "x", f), ...expected];
}

function claim(name: keyof Claims, value: string, what?: string, fix = `Write ${what ?? ""}.`): Row {
    const beside = name === "namespaceId" || name === "userId" ? {} : { userId: ["1"] };
    return [
        `${name} ${JSON.stringify(value)}`,
        (f) => checkClaims({ claims: { ...beside, [name]: [value] }, projectId: "1" }, "https://gitlab.com", "x", f),
        ...(what === undefined ? [] : [["claim-value", `"${value}" is not ${what}.`, fix] as const]),
    ];
}

const USER_NAME_ONLY: Said = ["user-name-only", SAYS.nameOnly, "Add `userId`."];

/** As GitLab documents CI_PIPELINE_SOURCE. */
const PIPELINE_SOURCES =
    "one of push, web, trigger, schedule, api, external, pipeline, chat, webide, merge_request_event, external_pull_request_event, parent_pipeline, ondemand_dast_scan, ondemand_dast_validation, security_orchestration_policy, container_registry_push, duo_workflow, pipeline_execution_policy_schedule, unknown";

const CLAIMS: readonly Row[] = [
    [
        "claims on another issuer",
        (f) => checkClaims({ claims: { userId: [] } }, "https://gitlab.example.com", "x", f),
        [
            "claim-issuer",
            'AWS has these condition keys only for gitlab.com. A token of "https://gitlab.example.com" would never match.',
            "Remove `claims`. To check more than project and ref, add components to the `sub` claim and set `subClaimComponents`.",
        ],
    ],
    ["claims, while the url is not known", (f) => checkClaims({ claims: { userId: ["1"] } }, undefined, "x", f)],
    claims("no value", { userId: [] }, [
        "claim-value",
        "is an empty list, which no token can match.",
        "Add a value, or leave it out.",
    ]),
    claims("a wildcard", { userId: ["1*"] }, [
        "claim-value",
        '"1*" has a wildcard, but claims are compared exactly: a pattern could match someone else\'s ID or name.',
        "List the values one by one.",
    ]),
    claims("a namespace alone", { namespaceId: ["1"] }, [
        "namespace-only",
        SAYS.namespaceOnly,
        "Add `projectId` to the subject.",
    ]),
    [
        "a namespace beside a raw sub that names no id",
        (f) =>
            checkClaims(
                { claims: { namespaceId: ["1"] }, sub: "project_path:g/project_id:ref_type:branch:ref:main" },
                "https://gitlab.com",
                "x",
                f,
            ),
        ["namespace-only", SAYS.namespaceOnly, "Add `projectId` to the subject."],
    ],
    [
        "a namespace beside a raw sub that names the id",
        (f) =>
            checkClaims(
                { claims: { namespaceId: ["1"] }, sub: "project_path:g/p:project_id:1" },
                "https://gitlab.com",
                "x",
                f,
            ),
    ],
    claims("a login", { userLogin: ["a"] }, USER_NAME_ONLY),
    claims("an address", { userEmail: ["a@b"] }, USER_NAME_ONLY),
    claims("an address and an id", { userEmail: ["a@b"], userId: ["1"] }),
    claim("userId", "10"),
    ...["0", "1x", "x1"].map((value) =>
        claim("userId", value, "a numeric ID", 'Write a numeric ID, such as "123456".'),
    ),
    claim("userLogin", "a.b-c_1"),
    claim("userLogin", "_a"),
    ...["-a", "a b", "a/"].map((value) =>
        claim("userLogin", value, "a user name", 'Write a user name, such as "jdoe".'),
    ),
    claim("userEmail", "alice@example.com"),
    ...["alice", "a b@c", "a@b c", "a@b@c", " a@b", "@b", "a@"].map((value) =>
        claim("userEmail", value, "an email address", 'Write an email address, such as "jdoe@example.com".'),
    ),
    ...["guest", "planner", "reporter", "developer", "maintainer", "owner"].map((value) =>
        claim("userAccessLevel", value),
    ),
    claim("userAccessLevel", "owners", "an access level of GitLab", 'Write "owner".'),
    ...["admin", "x"].map((value) =>
        claim(
            "userAccessLevel",
            value,
            "an access level of GitLab",
            "Write one of guest, planner, reporter, developer, maintainer, owner.",
        ),
    ),
    claim("pipelineSource", "merge_request_event"),
    ...(
        [
            ["Push", "push"],
            ["push ", "push"],
            ["merge_request", "merge_request_event"],
            ["merge_requests", "merge_request_event"],
            ["merge-request-event", "merge_request_event"],
            ["external_pull_request", "external_pull_request_event"],
            ["scheduled", "schedule"],
            ["triggers", "trigger"],
            ["parent", "parent_pipeline"],
            ["web_ide", "webide"],
        ] as const
    ).map(([value, meant]) => claim("pipelineSource", value, "a pipeline source of GitLab", `Write "${meant}".`)),
    ...["1", "", "tag", "manual"].map((value) =>
        claim("pipelineSource", value, "a pipeline source of GitLab", `Write ${PIPELINE_SOURCES}.`),
    ),
    ...PIPELINE_SOURCES.slice("one of ".length)
        .split(", ")
        .map((value) => claim("pipelineSource", value)),
    ...["gitlab-hosted", "self-hosted"].map((value) => claim("runnerEnvironment", value)),
    claim("runnerEnvironment", "hosted", "a runner environment of GitLab", "Write one of gitlab-hosted, self-hosted."),
];

const NOBODY_YET =
    "is not in the request when a job exchanges its ID token, because the caller has no AWS identity yet. The condition would never be met.";

function condition(operator: string, key: string, values: readonly string[], ...expected: readonly Said[]): Row {
    return [
        `${operator} ${key} ${values.join(" ")}`,
        (f) => checkConditions({ [operator]: { [key]: values } }, "gitlab.com", "x", f),
        ...expected,
    ];
}

const POSITIVE = ["String", "StringNot"].flatMap((o) => [`${o}Equals`, `${o}EqualsIgnoreCase`, `${o}Like`]);
const OPERATORS: readonly string[] = [
    ...POSITIVE,
    ...["Numeric", "Date"].flatMap((kind) =>
        ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"].map((o) => kind + o),
    ),
    ...["Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"],
    ...["StringNotEqualsIfExists", "ForAnyValue:StringLike", "ForAnyValue:ArnLike", "Null"],
];

/** A value that each operator can compare. */
const FITTING: readonly (readonly [operator: RegExp, value: string])[] = [
    [/Bool|Null/, "true"],
    [/Date/, "2030-01-31"],
    [/Ip/, "203.0.113.0/24"],
    [/Arn/, "arn:aws:iam::111122223333:role/x"],
    [/^/, "1"],
];

/** Operators that compare more than text, with values that they can compare and others. */
const TYPED = [
    ["Bool", "true or false", "true", ["true", "FALSE"], ["maybe", "1", "", "yes"]],
    ["Null", "true or false", "true", ["true", "False"], ["maybe", "1", ""]],
    ["NumericEquals", "a number", "3600", ["20", "-1.5", "1e3"], ["abc", "", "20*", "0x10"]],
    ["NumericGreaterThan", "a number", "3600", ["20"], ["abc"]],
    [
        "DateLessThan",
        "a date",
        "2030-01-31T00:00:00Z",
        ["2030-01-31T00:00:00Z", "2030-01-31", "1900000000"],
        ["yesterday", "31.01.2030", "", "2030-13-45"],
    ],
    [
        "IpAddress",
        "an IP address or a range of them",
        "203.0.113.0/24",
        ["10.0.0.0/8", "203.0.113.7", "2001:db8::/32", "::1"],
        ["not an ip", "1", "10.0.0.0/33", "10.0.0/8", "2001:db8::/129", "10.0.0.0/8/8", "10.0.0.0/", ""],
    ],
    [
        "ArnLike",
        "an ARN",
        "arn:aws:iam::111122223333:role/deploy",
        ["arn:aws:ec2:*:111122223333:vpc/*", "*"],
        ["vpc-1", "a?", "111122223333"],
    ],
] as const;

const NEGATED: Readonly<Record<string, string>> = {
    NumericEquals: "NumericNotEquals",
    IpAddress: "NotIpAddress",
    ArnLike: "ArnNotLike",
};

const CONDITIONS: readonly Row[] = [
    ...OPERATORS.map((operator) => condition(operator, "aws:SourceIp", [FITTING.find(([o]) => o.test(operator))![1]])),
    ...TYPED.flatMap(([operator, what, example, right, wrong]) => [
        ...right.map((value) => condition(operator, "aws:CurrentTime", [value])),
        ...wrong.map((value) =>
            condition(
                operator,
                "aws:CurrentTime",
                [right[0], value],
                [
                    "condition-value",
                    `"${value}" is not ${what}, as ${operator} requires: no job matches.`,
                    `Write ${what}: "${example}".`,
                ],
            ),
        ),
        ...[NEGATED[operator] ?? []]
            .flat()
            .map((negated) =>
                condition(
                    negated,
                    "aws:CurrentTime",
                    [wrong[0]],
                    [
                        "condition-value",
                        `"${wrong[0]}" is not ${what}, as ${negated} requires: every job matches.`,
                        `Write ${what}: "${example}".`,
                    ],
                ),
            ),
    ]),
    ...(
        [
            ["String", "Write StringLike."],
            ["StringEqual", "Write StringEquals."],
            ["stringequals", "Write StringEquals."],
            ["StringLess", undefined],
            ["StringNot", "Write StringNotLike."],
            ["NumericLike", undefined],
            ["BoolEquals", "Write Bool."],
            ["NotBool", undefined],
            ["NullIfExists", "Write Null."],
            ["xNull", "Write Null."],
            ["Nullx", "Write Null."],
            ["xStringEquals", "Write StringEquals."],
            ["ForAnyValue:Null", undefined],
            ["ForAnyValue", undefined],
            ["StringEqualsIfExistsIfExists", "Write StringEquals."],
            ["x", undefined],
        ] as const
    ).map(([operator, fix]) =>
        condition(
            operator,
            "aws:SourceIp",
            ["1"],
            [
                "condition-operator",
                `"${operator}" is not a condition operator of IAM.`,
                fix ?? "Use, for example, StringEquals, StringLike, NumericLessThan or IpAddress.",
            ],
        ),
    ),
    ...["StringEquals", "StringLike", "NumericLessThan", "Bool", "ForAnyValue:StringLike"].map((operator) =>
        condition(
            `${operator}IfExists`,
            "aws:SourceIp",
            [FITTING.find(([o]) => o.test(operator))![1]],
            ["if-exists", SAYS.ifExists(`${operator}IfExists`), `Use "${operator}".`],
        ),
    ),
    ...["StringNotEqualsIfExists", "NotIpAddressIfExists"].map((operator) =>
        condition(operator, "aws:SourceIp", [FITTING.find(([o]) => o.test(operator))![1]]),
    ),
    condition(
        "ForAllValues:StringLike",
        "aws:SourceIp",
        ["1"],
        ["for-all-values", SAYS.forAllValues, 'Use "StringLike" or `ForAnyValue:`.'],
    ),
    condition(
        "xForAllValues:StringLike",
        "aws:SourceIp",
        ["1"],
        [
            "condition-operator",
            '"xForAllValues:StringLike" is not a condition operator of IAM.',
            "Use, for example, StringEquals, StringLike, NumericLessThan or IpAddress.",
        ],
    ),
    ...[
        "aws:PrincipalArn",
        "aws:PrincipalOrgID",
        "aws:PrincipalTag/a:b",
        "aws:username",
        "aws:userid",
        "aws:MultiFactorAuthPresent",
        "aws:MultiFactorAuthAge",
        "aws:TokenIssueTime",
        "aws:SourceIdentity",
        "aws:SourceAccount",
        "aws:SourceArn",
        "aws:SourceOrgID",
        "aws:SourceOrgPaths",
        "aws:SourceOwner",
        "aws:CalledVia",
        "aws:CalledViaFirst",
        "aws:ViaAWSService",
        "aws:FederatedProvider",
        "aws:ResourceOrgID",
        "sts:ExternalId",
        "sts:SourceIdentity",
        "sts:AWSServiceName",
        "STS:externalid",
        "Aws:USERNAME",
    ].map((key) => condition("StringEquals", key, ["1"], ["condition-key", `"${key}" ${NOBODY_YET}`, SAYS.whoMayCall])),
    ...[
        "aws:SourceIp",
        "aws:sourceIP",
        "aws:SourceVpc",
        "aws:SourceVpce",
        "aws:SourceVpcArn",
        "aws:VpceOrgID",
        "aws:RequestedRegion",
        "aws:CurrentTime",
        "aws:EpochTime",
        "aws:SecureTransport",
        "aws:UserAgent",
        "aws:referer",
        "aws:TagKeys",
        "aws:RequestTag/x",
        "aws:RequestTag/a:b",
        "aws:ResourceTag/x",
        "sts:RoleSessionName",
        "sts:TransitiveTagKeys",
        "gitlab.com:amr",
        "gitlab.com:AMR",
    ].map((key) => condition("StringEquals", key, ["1"])),
    ...(
        [
            ["aws:usernames", undefined],
            ["aws:sts:ExternalId", undefined],
            ["sts:aws:username", undefined],
            ["sts:aws:PrincipalTag/x", undefined],
            ["aws:PrincipalTag.x/y", undefined],
            ["aws:RequestTag/", undefined],
            ["sts:ExternalIds", undefined],
            ["aws:SourceIpAddress", "aws:SourceIp"],
            ["aws:RequestedRegions", "aws:RequestedRegion"],
            ["aws:Region", undefined],
            ["aws:SecureTransports", "aws:SecureTransport"],
            ["sts:RoleSession", "sts:RoleSessionName"],
            ["AWS:NewKey", undefined],
        ] as const
    ).map(([key, meant]) =>
        condition(
            "StringEquals",
            key,
            ["1"],
            [
                "unknown-key",
                `"${key}" is not a condition key that this package knows. If AWS does not have it either, the condition is never met.`,
                meant === undefined
                    ? "Look it up in AWS's lists of global condition keys and of condition keys for STS."
                    : `Write "${meant}".`,
            ],
        ),
    ),
    condition(
        "StringNotEquals",
        "aws:NewKey",
        ["1"],
        [
            "unknown-key",
            '"aws:NewKey" is not a condition key that this package knows. If AWS does not have it either, the condition is always met.',
            "Look it up in AWS's lists of global condition keys and of condition keys for STS.",
        ],
    ),

    // gitlab.com's keys have the values that typed fields have
    ...(
        [
            ["project_id", ["20", "4711"]],
            ["namespace_id", ["72"]],
            ["user_id", ["1"]],
            ["user_login", ["jane", "_a.b-c"]],
            ["user_email", ["jane@example.com"]],
            ["user_access_level", ["maintainer", "owner"]],
            ["ref_protected", ["true"]],
            ["pipeline_source", ["push", "merge_request_event"]],
            ["runner_environment", ["gitlab-hosted"]],
        ] as const
    ).map(([name, values]) => condition("StringEquals", `gitlab.com:${name}`, values)),
    ...(
        [
            ["StringLike", "project_id", "20*", "project-id", SAYS.idWildcard("20*"), SAYS.writeId],
            ["StringEquals", "project_id", "20*", "project-id", SAYS.idWildcard("20*"), SAYS.writeId],
            ["StringEquals", "project_id", "g/p", "project-id", SAYS.notAnId("g/p"), SAYS.writeId],
            ["StringEquals", "ref_protected", "TRUE", "claim-value", SAYS.notBoolean("TRUE"), "Write true."],
            ["StringEquals", "ref_protected", "1", "claim-value", SAYS.notBoolean("1"), "Write true or false."],
            [
                "StringEquals",
                "user_login",
                "",
                "claim-value",
                '"" is not a user name.',
                'Write a user name, such as "jdoe".',
            ],
            [
                "StringEquals",
                "user_email",
                "jane",
                "claim-value",
                '"jane" is not an email address.',
                'Write an email address, such as "jdoe@example.com".',
            ],
            [
                "StringEquals",
                "namespace_id",
                "g",
                "claim-value",
                '"g" is not a numeric ID.',
                'Write a numeric ID, such as "123456".',
            ],
            [
                "StringEquals",
                "user_id",
                "0",
                "claim-value",
                '"0" is not a numeric ID.',
                'Write a numeric ID, such as "123456".',
            ],
            [
                "StringEquals",
                "user_access_level",
                "maintainers",
                "claim-value",
                '"maintainers" is not an access level of GitLab.',
                'Write "maintainer".',
            ],
            [
                "StringEquals",
                "runner_environment",
                "gitlab_hosted",
                "claim-value",
                '"gitlab_hosted" is not a runner environment of GitLab.',
                'Write "gitlab-hosted".',
            ],
            [
                "StringEquals",
                "pipeline_source",
                "merge_request",
                "claim-value",
                '"merge_request" is not a pipeline source of GitLab.',
                'Write "merge_request_event".',
            ],
            [
                "StringLike",
                "user_login",
                "jan*",
                "claim-value",
                '"jan*" has a wildcard, but claims are compared exactly: a pattern could match someone else\'s ID or name.',
                "List the values one by one.",
            ],
        ] as const
    ).map(([operator, name, value, id, why, fix]) =>
        condition(operator, `gitlab.com:${name}`, [value], [id, why, fix]),
    ),
    ...(
        [
            ["StringNotLike", "project_id", ["20*"]],
            ["StringNotEquals", "ref_protected", ["TRUE"]],
            ["StringEqualsIgnoreCase", "ref_protected", ["TRUE"]],
            ["Null", "project_id", ["false"]],
            ["Null", "project_id", ["true", "false"]],
        ] as const
    ).map(([operator, name, values]) => condition(operator, `gitlab.com:${name}`, values)),
    ...GITLAB_COM_KEYS.map((name) =>
        condition(
            "Null",
            `gitlab.com:${name}`,
            ["true"],
            [
                "condition-conflict",
                `requires a call without "gitlab.com:${name}", but every ID token of "gitlab.com" has it. No job can match.`,
                "Leave it out.",
            ],
        ),
    ),
    ...(
        [
            ["NumericEquals", "project_id", ["20"], 'Write "StringEquals": { "gitlab.com:project_id": "20" }.'],
            [
                "NumericEqualsIfExists",
                "user_id",
                ["1", "2"],
                'Write "StringEquals": { "gitlab.com:user_id": ["1", "2"] }.',
            ],
            ["NumericNotEquals", "project_id", ["20"], 'Write "StringNotEquals": { "gitlab.com:project_id": "20" }.'],
            ["NumericGreaterThan", "project_id", ["0"], 'Write "StringEquals": { "gitlab.com:project_id": "0" }.'],
            ["Bool", "ref_protected", ["True"], 'Write "StringEquals": { "gitlab.com:ref_protected": "true" }.'],
            ["ArnLike", "user_login", ["j*"], 'Write "StringLike": { "gitlab.com:user_login": "j*" }.'],
            ["DateEquals", "namespace_id", ["1"], 'Write "StringEquals": { "gitlab.com:namespace_id": "1" }.'],
            ["IpAddress", "user_login", ["jane"], 'Write "StringEquals": { "gitlab.com:user_login": "jane" }.'],
            ["BinaryEquals", "user_id", ["1"], 'Write "StringEquals": { "gitlab.com:user_id": "1" }.'],
        ] as const
    ).map(([operator, name, values, fix]) =>
        condition(
            operator,
            `gitlab.com:${name}`,
            values,
            ...(operator.endsWith("IfExists")
                ? [["if-exists", SAYS.ifExists(operator), 'Use "NumericEquals".'] as const]
                : []),
            ["condition-operator", SAYS.notText(operator, `gitlab.com:${name}`), fix],
        ),
    ),
    ...["xaws:username", "awsx:username", "gitlab.com/x:sub", "sub", "gitlab.comx", "x:aws:username"].map((key) =>
        condition(
            "StringEquals",
            key,
            ["1"],
            ["condition-key", SAYS.noSuchKey(key, "gitlab.com"), SAYS.keysBegin("gitlab.com")],
        ),
    ),
    condition(
        "StringEquals",
        "gitlab.com:ref",
        ["1"],
        [
            "condition-key",
            SAYS.notLookedAt("gitlab.com:ref"),
            SAYS.keysAre(
                "sub, aud, namespace_id, project_id, user_id, user_login, user_email, user_access_level, ref_protected, pipeline_source, runner_environment",
            ),
        ],
    ),
    [
        "a claim that AWS does not look at, on another issuer",
        (f) => checkConditions({ StringEquals: { "gitlab.example.com:ref": ["1"] } }, "gitlab.example.com", "x", f),
        ["condition-key", SAYS.notLookedAt("gitlab.example.com:ref"), SAYS.keysAre("sub, aud")],
    ],
    [
        "a key of gitlab.com on another issuer",
        (f) => checkConditions({ StringEquals: { "gitlab.example.com:user_id": ["1"] } }, "gitlab.example.com", "x", f),
        ["condition-key", SAYS.gitlabComKey("gitlab.example.com:user_id"), SAYS.leaveOutKey],
    ],
    ["any key, while the issuer is not known", (f) => checkConditions({ Bool: { x: ["true"] } }, undefined, "x", f)],
    ...["gitlab.com:sub", "gitlab.com:aud"].map((key) =>
        condition(
            "StringEquals",
            key,
            ["1"],
            [
                "condition-conflict",
                `"${key}" is already set by \`subjects\` and \`audiences\`. A second condition on it would replace theirs, or exclude every job.`,
                "Remove it, and add a subject or an audience instead.",
            ],
        ),
    ),
    condition(
        "Bool",
        "aws:SecureTransport",
        [],
        ["condition-conflict", "is empty, so no request can match.", "Add a value, or remove the key."],
    ),
    condition(
        "StringLike",
        "aws:SourceIp",
        ["a${b}"],
        ["policy-variable", SAYS.policyVariable("a${b}"), SAYS.writeValue],
    ),
    ...["a${*}", "${?}", "${$}{b}"].map((value) => condition("StringEquals", "aws:UserAgent", [value])),
    ...(
        [
            ["StringEquals", "no", "StringLike"],
            ["StringNotEquals", "every", "StringNotLike"],
            ["StringEqualsIgnoreCase", "no", "StringLike"],
            ["ForAnyValue:StringNotEqualsIfExists", "every", "ForAnyValue:StringNotLikeIfExists"],
        ] as const
    ).map(([operator, jobs, instead]) =>
        condition(
            operator,
            "aws:SourceIp",
            ["a?"],
            [
                "literal-wildcard",
                `"a?" has a wildcard, which ${operator} compares as a plain character: ${jobs} job matches.`,
                `Use ${instead}.`,
            ],
        ),
    ),
    condition("StringLike", "aws:SourceIp", ["a?"]),
    condition("StringEquals", "aws:SourceIp", ["✓"], ["latin1", SAYS.notLatin1("✓", "2713"), SAYS.writeLatin1]),
];

const ALIKE = "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com";

/** Inputs of a trust policy for gitlab.example.com, and what is said about them. */
function policy(title: string, inputs: object, ...expected: readonly Said[]): Row {
    return [
        title,
        (f) => checkTrustPolicyInputs({ providerArn: ALIKE, subjects: [PLAIN], ...inputs }, "x", f),
        ...expected,
    ];
}

/** Subjects whose `sub` has 42 characters and the branch's name. */
const branches = (count: number, length: number): readonly Subject[] =>
    Array.from({ length: count }, (_, i) => ({ project: "g/p", branch: String(i).padStart(length, "b") }));

const LONG_SUB: Said = [
    "long-sub",
    "Its sub claim has 256 characters. AWS does not document that STS accepts more than 255.",
    SAYS.leadWithId,
];

const POLICIES: readonly Row[] = [
    policy("an ARN of something else", { providerArn: "x" }, [
        "provider-arn",
        SAYS.notProviderArn("x"),
        SAYS.likeProviderArn("gitlab.com"),
    ]),
    policy("an ARN of something else beside a url", { providerArn: "x", url: "https://example.com/gitlab" }, [
        "provider-arn",
        SAYS.notProviderArn("x"),
        SAYS.likeProviderArn("example.com/gitlab"),
    ]),
    policy("the ARN of another instance", { url: "https://gitlab.com" }, [
        "provider-arn",
        `"${ALIKE}" is the identity provider of "https://gitlab.example.com", but the URL is "https://gitlab.com": no token would match.`,
        "Use the ARN and the URL of the same instance.",
    ]),
    policy("the ARN of no instance", { providerArn: `${ALIKE}/` }, [
        "provider-arn",
        `"${ALIKE}/" belongs to no GitLab instance: "https://gitlab.example.com/" ends with a slash: GitLab's \`iss\` has none, so no token would match.`,
        "Create an identity provider with the URL of the instance, and use its ARN.",
    ]),
    policy("no subject", { subjects: [] }, [
        "no-subject",
        "is empty, so no job could assume the role.",
        'Add a subject: [{ project: "mygroup/myproject", branch: "main" }].',
    ]),
    policy("a sub of 255 characters", { subjects: branches(1, 255 - 37), gitlabVersion: "19.1" }),
    policy("a sub of 256 characters", { subjects: branches(1, 256 - 37), gitlabVersion: "19.1" }, LONG_SUB),
    policy(
        "a sub of 256 characters by declared components",
        { subjects: [{ projectId: "20", branch: "b".repeat(256 - 34) }], subClaimComponents: BY_ID },
        LONG_SUB,
    ),
    policy(
        "a long sub that is wrong otherwise",
        { subjects: [{ project: "g/p", branch: `${"b".repeat(255)} ` }], gitlabVersion: "19.1" },
        ["ref-name", `"${"b".repeat(115)}…" ${GIT_NAMES}`, SAYS.shortName("branch", "branch")],
    ),
    policy(
        "a subject beside an ARN of something else",
        { providerArn: "x", subjects: [{ project: "g/p" }] },
        ["provider-arn", SAYS.notProviderArn("x"), SAYS.likeProviderArn("gitlab.com")],
        [
            "no-ref",
            "names neither branch nor tag.",
            'Add branch: "main" or tag: "v*". Avoid branch: "*": anyone who can push a branch could assume the role.',
        ],
    ),
    policy(
        "a url that is wrong, of which there is a provider",
        { providerArn: `${ALIKE}/`, url: "https://gitlab.example.com/" },
        [
            "issuer-url",
            `"https://gitlab.example.com/" ${SLASH}.`,
            'Write "https://gitlab.example.com", exactly as in the `iss` claim of the instance\'s ID tokens.',
        ],
    ),
    [
        "components that are none, which were told before",
        (f) => checkSubjects({ providerArn: ALIKE, subjects: branches(1, 300), subClaimComponents: ["ref"] }, "x", f),
    ],
    ["inputs that are still to come", (f) => checkTrustPolicyInputs(UNKNOWN, "x", f)],
    [
        "a condition on a claim that no subject asks for",
        (f) =>
            checkTrustPolicyInputs(
                {
                    providerArn: "arn:aws:iam::111122223333:oidc-provider/gitlab.com",
                    subjects: [{ ...PLAIN, refProtected: true, claims: { userId: ["1"] } }],
                    conditions: { StringEquals: { "gitlab.com:project_id": ["20"] } },
                },
                "x",
                f,
            ),
        ["path-only", SAYS.pathOnly, SAYS.addNumericId('projectId: "<project id>"')],
    ],
    [
        "a condition on a claim of the subjects",
        (f) =>
            checkTrustPolicyInputs(
                {
                    providerArn: "arn:aws:iam::111122223333:oidc-provider/gitlab.com",
                    subjects: [{ ...PLAIN, projectId: "20" }],
                    conditions: {
                        StringEquals: { "gitlab.com:project_id": ["20"], "gitlab.com:user_id": ["1"] },
                        StringLike: { "gitlab.com:project_id": ["20"] },
                    },
                },
                "x",
                f,
            ),
        [
            "condition-conflict",
            'The subjects also set "gitlab.com:project_id", and one of the two would be lost.',
            "Set it only in the subjects.",
        ],
    ],
];

const ARN = "arn:aws:iam::111122223333";

/** A role of the given inputs, named `r` where it is not named otherwise. */
function role(title: string, inputs: object, ...expected: readonly Said[]): Row {
    return [title, (f) => checkRole(inputs, { resourceName: "r", providerArn: ALIKE }, "x", f), ...expected];
}

function tags(title: string, value: Readonly<Record<string, string>>, ...expected: readonly Said[]): Row {
    return [`tags: ${title}`, (f) => checkTags(value, "x", f), ...expected];
}

function named(resourceName: string, isLong = true): Row {
    return [
        `a resource named ${resourceName}`,
        (f) => checkRole({}, { resourceName, providerArn: undefined }, "x", f),
        ...(isLong
            ? [
                  [
                      "role-name",
                      `is not set, and IAM rejects "${resourceName}" with a random suffix: names have at most 64 letters, digits and + = , . @ - _.`,
                      "Set `name`, or choose a shorter name for the resource or a shorter key for the role.",
                  ] as const,
              ]
            : []),
    ];
}

const TAG_KEY: Said = [
    "tags",
    "is not a tag key that IAM accepts: 1 to 128 letters, digits, spaces and _ . : / = + - @, not beginning with `aws:`.",
    "Rename it.",
];
const TAG_VALUE = "is not a tag value that IAM accepts: up to 256 letters, digits, spaces and _ . : / = + - @.";
const NAME_CHARACTERS = "Use letters, digits and + = , . @ - _.";
const ROLE_PATH = 'is not a path that IAM accepts: at most 512 printable characters, beginning and ending with "/".';
const WRITE_ARN =
    'Write "arn:aws:iam::aws:policy/x" for a policy of AWS, or "arn:aws:iam::<account ID>:policy/x" for your own.';

const many = <T>(count: number, value: (i: number) => T): Record<string, T> =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${String(i)}`, value(i)]));
const managed = (count: number): object => ({ managedPolicies: many(count, (i) => `${ARN}:policy/p${String(i)}`) });
const TOGETHER = "Combine statements in one policy.";

function inline(title: string, document: unknown, ...expected: readonly Said[]): Row {
    return role(`inline policy: ${title}`, { inlinePolicies: { a: document } }, ...expected);
}
const STATEMENT_SHAPE =
    'Write { "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": ..., "Resource": ... }] }.';
const AS_JSON = "Pass the policy as a JSON string or as an object.";
const FULL_ACCESS: Said = [
    "full-access",
    "allows every action on every resource. Anyone who can start a trusted job controls the account.",
    "Grant only what the job needs.",
];
const PASS_ROLE: Said = [
    "pass-role",
    "allows iam:PassRole for every role. The job can pass a more powerful role to a service and act through it.",
    "List the roles in Resource.",
];
const allow = (Action: unknown, Resource: unknown = "*"): object => ({
    Statement: [{ Effect: "Allow", Action, Resource }],
});
/** An inline policy of so many characters. */
const sized = (length: number): string => `{"Statement":[{"Sid":"${"x".repeat(length - 26)}"}]}`;

const UPDATE =
    'Update the instance to 19.1 or later, then set gitlabVersion: "<version of the instance>". From 19.1 on, `project_id` can also begin the sub claim.';

/** A version of gitlab.example.com, and what is said about it. */
function version(gitlabVersion: string | undefined, ...expected: readonly Said[]): Row {
    return policy(`version ${String(gitlabVersion)}`, { gitlabVersion }, ...expected);
}

const VERSIONS: readonly Row[] = [
    version(undefined, [
        "self-managed-version",
        "is not set. Before GitLab 18.2.2, a fork's pipeline in the parent project has the parent's `sub`. Before 19.1, a new project at the path of a deleted or renamed one has it too. Both could assume the role.",
        'Set gitlabVersion: "<version of the instance>" (shown at /help), and update an instance older than 19.1.',
    ]),
    version("18.2.1", [
        "self-managed-version",
        "\"18.2.1\" is older than 18.2.2. A fork's pipeline in the parent project has the parent's `sub`, as does a new project at the path of a deleted or renamed one. Both could assume the role.",
        UPDATE,
    ]),
    version("18.2.2", [
        "self-managed-version",
        '"18.2.2" is older than 19.1. A new project at the path of a deleted or renamed one has its `sub`, and could assume the role.',
        UPDATE,
    ]),
    version("19.1"),
    version("19.1.10-ee.10"),
    ...["18.5", "18.11.10"].map((within) =>
        version(`v${within}`, [
            "gitlab-version",
            `"v${within}" is not a version of GitLab.`,
            `Write it as the instance's page /help shows it: "${within}".`,
        ]),
    ),
    version("latest", [
        "gitlab-version",
        '"latest" is not a version of GitLab.',
        'Write it as the instance\'s page /help shows it: "<version of the instance>".',
    ]),
    policy(
        "a version of gitlab.com",
        { url: "https://gitlab.com", providerArn: UNKNOWN, gitlabVersion: "19.1", subjects: [] },
        [
            "gitlab-version",
            "is only for self-managed instances: gitlab.com always runs the current version.",
            "Remove it, or set the `url` of the instance.",
        ],
        [
            "no-subject",
            "is empty, so no job could assume the role.",
            'Add a subject: [{ project: "mygroup/myproject", branch: "main" }].',
        ],
    ),
    policy(
        "a component that the version does not offer",
        { gitlabVersion: "19.0.2-ee", subjects: [{ projectId: "20", branch: "main" }], subClaimComponents: BY_ID },
        [
            "sub-components",
            'has "project_id", which GitLab supports from version 19.1 on. The instance has "19.0.2-ee".',
            "Update the instance to 19.1 or later, or remove the component from the project's setting and from `subClaimComponents`.",
        ],
    ),
    policy(
        "a path in two cases",
        {
            gitlabVersion: "19.1",
            subjects: [PLAIN, { project: "g/sub/p", branch: "main" }, { project: "g/Sub/q", branch: "main" }],
        },
        [
            "path-case",
            '"g/Sub" and "g/sub" (x.subjects[1].project) are the same path in GitLab. AWS compares exactly, so the spelling that is not in the token never matches.',
            SAYS.caseShown,
        ],
    ),
    policy(
        "a path that differs in two segments",
        {
            gitlabVersion: "19.1",
            subjects: [PLAIN, { project: "G/P", branch: "main" }],
        },
        [
            "path-case",
            '"G" and "g" (x.subjects[0].project) are the same path in GitLab. AWS compares exactly, so the spelling that is not in the token never matches.',
            SAYS.caseShown,
        ],
    ),
];

const ROLES: readonly Row[] = [
    role("an empty name", { name: "" }, [
        "role-name",
        '"" has 0 characters, but IAM accepts 1 to 64.',
        "Choose a shorter name, or leave it out.",
    ]),
    role("a name of one character", { name: "a" }),
    ...["a b", " a", "a/"].map((name) =>
        role(`name "${name}"`, { name }, [
            "role-name",
            `"${name}" has characters that IAM does not accept.`,
            NAME_CHARACTERS,
        ]),
    ),
    role("a name of all characters", { name: "aZ09_+=,.@-" }),
    named("x".repeat(56), false),
    named("x".repeat(57)),
    named("a b"),
    named("a:"),
    named(":a"),
    [
        "a resource's name that is none, while the role's own is still to come",
        (f) => checkRole({ name: UNKNOWN }, { resourceName: "a b", providerArn: undefined }, "x", f),
    ],
    ...["", "ci", "/ci", "ci/", "/a b/", "//", "x/ci/"].map((path): Row => [
        `path "${path}"`,
        (f) => checkPath(path, "x", f),
        ["role-path", `"${path}" ${ROLE_PATH}`, 'Use, for example, "/gitlab/".'],
    ]),
    ...["/", "/ci/gitlab/", `/${"x".repeat(510)}/`].map((path): Row => [
        `path of ${String(path.length)}`,
        (f) => checkPath(path, "x", f),
    ]),
    role("a description of 1000 characters", { description: "x".repeat(1000) }),
    role("a description of 1001 characters", { description: "x".repeat(1001) }, [
        "role-description",
        "has 1001 characters, but IAM accepts at most 1000.",
        "Shorten or reword it.",
    ]),
    ...["✓", "a✓", "✓a", `${"x".repeat(999)}✓`].map((description) =>
        role(`description ${description.slice(0, 3)}, ${String(description.length)} characters`, { description }, [
            "role-description",
            "has characters outside Latin-1, which IAM does not accept.",
            "Shorten or reword it.",
        ]),
    ),
    role("an empty description", { description: "" }),
    role("a description of several lines", { description: "a\n\tb\r\né" }),
    ...[3600, 43200].map((seconds): Row => [`${String(seconds)} s`, (f) => checkDuration(seconds, "x", f)]),
    [
        "3599 s",
        (f) => checkDuration(3599, "x", f),
        [
            "role-duration",
            "3599 seconds is outside the range that IAM accepts: 3600 (1 hour) to 43200 (12 hours).",
            "Write 3600. A job can request a shorter session from STS, from 900 seconds.",
        ],
    ],
    [
        "43201 s",
        (f) => checkDuration(43201, "x", f),
        [
            "role-duration",
            "43201 seconds is outside the range that IAM accepts: 3600 (1 hour) to 43200 (12 hours).",
            "Write at most 43200, the longest session in AWS.",
        ],
    ],
    tags(
        "50",
        many(50, () => "x"),
    ),
    tags(
        "51",
        many(51, () => "x"),
        ["tags", "has 51 tags, but IAM accepts at most 50.", "Use fewer."],
    ),
    tags("every kind of character", { "é 1_.:/=+-@": "é 1_.:/=+-@" }),
    tags("aws in a key", { "x-aws:x": "", aws: "", "aws-x": "" }),
    tags("the longest", { ["k".repeat(128)]: "v".repeat(256) }),
    ...["", "k".repeat(129), "aws:x", "AWS:x", "a*", "*a", "a\tb"].map((name) => tags(name, { [name]: "" }, TAG_KEY)),
    ...["a*", "*a"].map((value) =>
        tags(value, { a: value }, ["tags", `"${value}" ${TAG_VALUE}`, "Shorten or reword it."]),
    ),
    tags("a value of 257 characters", { a: "v".repeat(257) }, [
        "tags",
        `"${"v".repeat(115)}…" ${TAG_VALUE}`,
        "Shorten or reword it.",
    ]),
    role("a boundary that is none", { permissionsBoundary: "x" }, [
        "policy-arn",
        SAYS.notManagedPolicy("x"),
        WRITE_ARN,
    ]),
    [
        "a policy that is none, in another partition",
        (f) => checkPolicyArn("x", "aws-cn", "x", f),
        [
            "policy-arn",
            SAYS.notManagedPolicy("x"),
            'Write "arn:aws-cn:iam::aws:policy/x" for a policy of AWS, or "arn:aws-cn:iam::<account ID>:policy/x" for your own.',
        ],
    ],
    ...(
        [
            ["ReadOnlyAccess", "ReadOnlyAccess"],
            [" job-function/ViewOnlyAccess", "job-function/ViewOnlyAccess"],
            ["policy/ReadOnlyAccess", "ReadOnlyAccess"],
            ["arn:aws:iam:aws:policy/ReadOnlyAccess", "ReadOnlyAccess"],
        ] as const
    ).map(([text, name]): Row => [
        `the name of a policy: ${text}`,
        (f) => checkPolicyArn(text, undefined, "x", f),
        [
            "policy-arn",
            SAYS.notManagedPolicy(text),
            `Write "arn:aws:iam::aws:policy/${name}" for a policy of AWS, or "arn:aws:iam::<account ID>:policy/${name}" for your own.`,
        ],
    ]),
    ...["", "Read only", "arn:aws:iam::aws:policy:ReadOnlyAccess"].map((text): Row => [
        `neither the ARN nor the name of a policy: "${text}"`,
        (f) => checkPolicyArn(text, undefined, "x", f),
        ["policy-arn", SAYS.notManagedPolicy(text), 'It looks like "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess".'],
    ]),
    [
        "a policy that is none, while the partition is not known",
        (f) => checkPolicyArn("x", undefined, "x", f),
        ["policy-arn", SAYS.notManagedPolicy("x"), WRITE_ARN],
    ],
    [
        "a policy of another partition",
        (f) => checkPolicyArn("arn:aws:iam::aws:policy/ReadOnlyAccess", "aws-cn", "x", f),
        [
            "policy-arn",
            '"arn:aws:iam::aws:policy/ReadOnlyAccess" is in the partition "aws", but the identity provider is in "aws-cn".',
            'Write "arn:aws-cn:iam::aws:policy/ReadOnlyAccess".',
        ],
    ],
    ["any partition", (f) => checkPolicyArn("arn:aws-cn:iam::aws:policy/ReadOnlyAccess", undefined, "x", f)],
    role("10 policies", managed(10)),
    ...[11, 25].map((count) =>
        role(`${String(count)} policies`, managed(count), [
            "managed-policy-quota",
            `has ${String(count)} policies, more than the quota "Managed policies per role" of 10, unless yours was raised.`,
            TOGETHER,
        ]),
    ),
    role("26 policies", managed(26), [
        "managed-policy-count",
        "has 26 policies, but IAM accepts at most 25.",
        TOGETHER,
    ]),
    role("an administrator", { managedPolicies: { a: "arn:aws:iam::aws:policy/AdministratorAccess" } }, [
        "administrator-access",
        "Anyone who can start a trusted job is an administrator of the account.",
        "Grant only what the job needs.",
    ]),
    role("an administrator's namesakes", {
        managedPolicies: {
            a: `${ARN}:policy/AdministratorAccess`,
            b: "arn:aws:iam::aws:policy/AdministratorAccess-Amplify",
        },
    }),
    ...(
        [
            ["a b", ': "a-b"'],
            ["", ""],
            ["é", ""],
            ["a.", ': "a"'],
            [".a", ': "a"'],
            ["__proto__", ""],
            ["x".repeat(129), ""],
        ] as const
    ).map(([name, example]): Row => [
        `key ${name.slice(0, 20)}`,
        (f) => checkKey(name, "x", f),
        [
            "key",
            `${name.length > 120 ? `"${"x".repeat(115)}…"` : `"${name}"`} cannot be a key, because it becomes part of names in Pulumi and IAM.`,
            `Use 1 to 128 letters, digits, _ and -${example}.`,
        ],
    ]),
    ...["a", "x".repeat(128), "aZ09_-"].map((name): Row => [
        `key ${name.slice(0, 20)} is one`,
        (f) => checkKey(name, "x", f),
    ]),
    inline("text that is not JSON", "{", ["policy-document", '"{" is not JSON.', AS_JSON]),
    inline("a bigint", 5n, ["policy-document", "cannot be written as JSON.", AS_JSON]),
    inline("no statement", {}, ["policy-document", "has no `Statement`.", STATEMENT_SHAPE]),
    inline("null", "null", ["policy-document", "has no `Statement`.", STATEMENT_SHAPE]),
    ...["x", null, [[]], [{}, 5]].map((Statement) =>
        inline(`statement ${JSON.stringify(Statement)}`, { Statement }, [
            "policy-document",
            Array.isArray(Statement) && Statement.flat().length === 0
                ? "has a `Statement` that is not an object."
                : Statement === null
                  ? "has no `Statement`."
                  : "has a `Statement` that is not an object.",
            STATEMENT_SHAPE,
        ]),
    ),
    inline("one statement without a list", { Statement: { Effect: "Allow", Action: "s3:Get*", Resource: "*" } }),
    ...["*", "*:*", ["s3:Get*", "*"]].map((action) => inline(`action ${String(action)}`, allow(action), FULL_ACCESS)),
    ...["iam:PassRole", "IAM:passrole", "iam:*", "iam:Pass*", ["iam:Get*", "iam:PassRole"]].map((action) =>
        inline(`action ${String(action)}`, allow(action), PASS_ROLE),
    ),
    ...["s3:*", "**", "*:x", "x:iam:*", "iam:PassRoles", "iam:Get*", 5, undefined, [["*"]]].map((action) =>
        inline(`action ${JSON.stringify([action])}`, allow(action)),
    ),
    inline("every action on something", allow("*", "arn:aws:s3:::x")),
    inline("every action on anything among others", allow("*", ["arn:aws:s3:::x", "*"]), FULL_ACCESS),
    inline("every action, denied", { Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] }),
    role("inline policies of 10,240 characters", { inlinePolicies: { a: sized(5120), b: ` ${sized(5120)}\n` } }),
    role("inline policies of 10,241 characters", { inlinePolicies: { a: sized(5120), b: sized(5121) } }, [
        "inline-policy-size",
        "have 10241 characters without white space, but IAM accepts 10240 for a role.",
        "Move the largest to a managed policy and attach that.",
    ]),
    [
        "an accepted id that is none",
        (f) => checkAccept(["no-subject"], "x", f),
        [
            "accept",
            '"no-subject" is the ID of an error, and errors cannot be accepted.',
            "Leave it out and fix the error.",
        ],
    ],
];

const TABLES: Readonly<Record<string, readonly Row[]>> = {
    "names of groups, projects, branches and tags": NAMES,
    "urls of issuers": URLS,
    "urls of issuers of others": OTHER_URLS,
    audiences: AUDIENCES,
    subjects: SUBJECTS,
    claims: CLAIMS,
    conditions: CONDITIONS,
    "trust policies": POLICIES,
    "versions and paths": VERSIONS,
    roles: ROLES,
};

describe("what findings say", () => {
    for (const [name, rows] of Object.entries(TABLES)) {
        describe(name, () => {
            for (const [title, check, ...expected] of rows) {
                it(title, () => {
                    expect(said(check)).to.deep.equal(expected);
                });
            }
        });
    }
});

describe("ARNs", () => {
    it("of identity providers come apart", () => {
        expect(parseProviderArn("arn:aws-us-gov:iam::111122223333:oidc-provider/example.com/a:b")).to.deep.equal({
            partition: "aws-us-gov",
            account: "111122223333",
            issuer: "example.com/a:b",
        });
    });

    const PROVIDERS: readonly (readonly [arn: string, partition: string | undefined])[] = [
        ["arn:aws-iso-b:iam::111122223333:oidc-provider/gitlab.com", "aws-iso-b"],
        ["arn:aws-isob:iam::111122223333:oidc-provider/gitlab.com", undefined],
        ["arn:awsx:iam::111122223333:oidc-provider/gitlab.com", undefined],
        ["xarn:aws:iam::111122223333:oidc-provider/gitlab.com", undefined],
        ["arn:aws:iam::111122223333:oidc-provider/gitlab.com ", undefined],
        ["arn:aws:iam::111122223333:oidc-provider/", undefined],
        ["arn:aws:iam::1111222233334:oidc-provider/gitlab.com", undefined],
    ];
    for (const [arn, partition] of PROVIDERS) {
        it(`${arn} is ${partition === undefined ? "no provider's" : "a provider's"}`, () => {
            expect(parseProviderArn(arn)?.partition).to.equal(partition);
        });
    }

    const POLICIES: readonly (readonly [arn: string, partition: string | undefined])[] = [
        ["arn:aws:iam::aws:policy/job-function/Billing", "aws"],
        ["arn:aws-cn:iam::111122223333:policy/x", "aws-cn"],
        ["arn:aws:iam::azure:policy/x", undefined],
        ["xarn:aws:iam::aws:policy/x", undefined],
        ["arn:aws:iam::aws:policy/x y", undefined],
        ["arn:aws:iam::aws:policy/", undefined],
    ];
    for (const [arn, partition] of POLICIES) {
        it(`${arn} is ${partition === undefined ? "no policy's" : "a policy's"}`, () => {
            expect(policyPartition(arn)).to.equal(partition);
        });
    }

    const ROLES: readonly (readonly [arn: string, isRole: boolean])[] = [
        ["arn:aws:iam::111122223333:role/deploy", true],
        ["arn:aws:iam::111122223333:role/ci/gitlab/a+b=c,d.e@f-g_1", true],
        [`arn:aws:iam::111122223333:role/${"x".repeat(64)}`, true],
        [`arn:aws:iam::111122223333:role/${"x".repeat(65)}`, false],
        ["arn:aws:iam::aws:role/deploy", false],
        ["arn:aws:iam::111122223333:role/", false],
        ["arn:aws:iam::111122223333:role/a b", false],
        ["xarn:aws:iam::111122223333:role/deploy", false],
    ];
    for (const [arn, isRole] of ROLES) {
        it(`${arn.slice(0, 60)} is ${isRole ? "a role's" : "no role's"}`, () => {
            expect(isRoleArn(arn)).to.equal(isRole);
        });
    }
});

describe("issuerOf", () => {
    it("takes the scheme off, at the beginning only", () => {
        expect(issuerOf("https://gitlab.com/a")).to.equal("gitlab.com/a");
        expect(issuerOf("x/https://gitlab.com")).to.equal("x/https://gitlab.com");
    });
});

describe("parseSub", () => {
    const ROWS: readonly (readonly [sub: string, components: readonly SubClaimComponent[], fields: Subject])[] = [
        ["project_path:g/p:ref_type:branch:ref:main", DEFAULT_COMPONENTS, { project: "g/p", branch: "main" }],
        ["project_path:g/h/*:ref_type:tag:ref:v*", DEFAULT_COMPONENTS, { group: "g/h", tag: "v*" }],
        ["project_path:g/*/p:ref_type:tag:ref:v1", DEFAULT_COMPONENTS, { project: "g/*/p", tag: "v1" }],
        ["project_path:*/*:ref_type:tag:ref:v1", DEFAULT_COMPONENTS, { project: "*/*", tag: "v1" }],
        ["project_path:g/*x:ref_type:tag:ref:v1", DEFAULT_COMPONENTS, { project: "g/*x", tag: "v1" }],
        ["project_id:20:ref_type:tag", ["project_id", "ref_type"], { projectId: "20", tag: "*" }],
        ["project_path:g/p:ref:main", ["project_path", "ref"], { project: "g/p", branch: "main" }],
        ["project_path:g/p", ["project_path"], { project: "g/p" }],
        [
            "project_path:g/p:project_id:20:ref_type:branch:ref:main:ref_protected:true:environment_protected:false:deployment_tier:other",
            EVERY,
            {
                project: "g/p",
                projectId: "20",
                branch: "main",
                refProtected: "true",
                environmentProtected: "false",
                deploymentTier: "other",
            },
        ],
        [
            "project_path:g/p:project_id:20:ref_type:branch:ref:main:ref_protected:false",
            EVERY,
            { project: "g/p", projectId: "20", branch: "main", refProtected: "false" },
        ],
    ];
    for (const [sub, declared, fields] of ROWS) {
        it(sub, () => {
            expect(parseSub(sub, declared)).to.deep.equal(fields);
        });
    }
});

describe("urlOf", () => {
    it("is the given url, else that of the ARN", () => {
        expect(urlOf({ url: "https://a.example.com", providerArn: ALIKE })).to.equal("https://a.example.com");
        expect(urlOf({ providerArn: ALIKE })).to.equal("https://gitlab.example.com");
        expect(urlOf({ providerArn: "x" })).to.equal(undefined);
        expect(urlOf({})).to.equal(undefined);
    });
});

describe("the size of a trust policy", () => {
    /** Inputs whose policy has that many characters. */
    function ofSize(size: number, count = 1, providerArn = ALIKE): TrustPolicyInputs {
        const inputs = (filler: string): TrustPolicyInputs => ({
            providerArn,
            gitlabVersion: "19.1",
            subjects: branches(count, 60),
            conditions: { StringLike: { "sts:RoleSessionName": [filler] } },
        });
        const { json } = buildTrustPolicy(inputs("x"));
        return inputs("x".repeat(size - json.length + 1));
    }

    it("is counted without white space", () => {
        expect(policySize('{ "a":\t"b c",\n"d": 1 }')).to.equal('{"a":"bc","d":1}'.length);
    });

    it("is nothing to tell up to the quota", () => {
        const { json, warnings } = buildTrustPolicy(ofSize(2048));
        expect(json).to.have.length(2048);
        expect(warnings).to.deep.equal([]);
    });

    it("is a warning up to the most that AWS takes", () => {
        const quota = 'more than the quota "Role trust policy length" of 2048, unless yours was raised.';
        for (const [size, count, fix] of [
            [2049, 1, "Shorten the conditions and the list of audiences: they leave no room for a subject."],
            [8192, 1, "Shorten the conditions and the list of audiences: they leave no room for a subject."],
            [
                2049,
                10,
                "The first 9 of 10 subjects fit into 2048 characters. Create more roles for the others, or trust a group.",
            ],
        ] as const) {
            const { json, warnings } = buildTrustPolicy(ofSize(size, count));
            expect(json).to.have.length(size);
            expect(warnings).to.deep.equal([
                {
                    id: "trust-policy-quota",
                    severity: "warning",
                    path: "subjects",
                    message: `${SAYS.withoutWhiteSpace(String(size))}: ${quota}`,
                    fix,
                },
            ]);
        }
    });

    it("tells how many subjects fit, also where they fit exactly", () => {
        const inputs = ofSize(2048);
        const { warnings } = buildTrustPolicy({ ...inputs, subjects: [...inputs.subjects, ...branches(1, 9)] });
        expect(warnings.map((w) => w.fix)).to.deep.equal([
            "The first 1 of 2 subjects fit into 2048 characters. Create more roles for the others, or trust a group.",
        ]);
    });

    it("is that of the provider's own ARN, or of one of commercial AWS where it is still to be made", () => {
        const ids = (inputs: MaybeUnknown<TrustPolicyInputs>): readonly string[] => {
            const findings = new Findings();
            checkTrustPolicyInputs(inputs, "", findings);
            return findings.warnings.map((w) => w.id);
        };
        const china = ALIKE.replace("arn:aws:", "arn:aws-cn:");
        expect(ids(ofSize(2048, 1, china))).to.deep.equal([]);
        expect(ids(ofSize(2049, 1, china))).to.deep.equal(["trust-policy-quota"]);
        const late = { providerArn: UNKNOWN, url: "https://gitlab.example.com" } as const;
        expect(ids({ ...ofSize(2048), ...late })).to.deep.equal([]);
        expect(ids({ ...ofSize(2049), ...late })).to.deep.equal(["trust-policy-quota"]);
    });

    it("is an error above", () => {
        expect(() => buildTrustPolicy(ofSize(8193))).to.throw(
            `subjects: ${SAYS.withoutWhiteSpace("8193")}. AWS accepts at most 8192. Shorten the conditions and the list of audiences: they leave no room for a subject. [trust-policy-size]`,
        );
    });
});

describe("a fix", () => {
    /** What stands in quotes behind `Write`, and for which field. */
    const PASTED = /^Write (?:(project|group): )?("(?:[^"\\]|\\.)*")(?:, or group: ("[^"]*"))?/;

    it("that has a path is itself refused nothing", () => {
        const segment = fc.constantFrom(
            "g",
            "p",
            "",
            "*",
            "a*",
            ".git",
            "x.git",
            "-",
            "a b",
            "tree",
            "é",
            "p?x",
            "a#b",
        );
        const start = fc.constantFrom("", "", "", "/", "https://gitlab.com/", "https://gitlab.com", "git@gitlab.com:");
        const text = fc.tuple(start, fc.array(segment, { maxLength: 6 })).map(([s, all]) => s + all.join("/"));
        fc.assert(
            fc.property(fc.constantFrom("group" as const, "project" as const), text, (kind, value) => {
                for (const [, , fix] of said((f) => f.addAll(gitLabPathFindings(kind, value, "x")))) {
                    const [, field, path, group] = PASTED.exec(fix) ?? [];
                    const pasted = [
                        ...(path === undefined ? [] : [[(field ?? kind) as typeof kind, path] as const]),
                        ...(group === undefined ? [] : [["group", group] as const]),
                    ];
                    for (const [as, instead] of pasted) {
                        expect(
                            said((f) => f.addAll(gitLabPathFindings(as, JSON.parse(instead) as string, "x"))),
                            fix,
                        ).to.deep.equal([]);
                    }
                }
            }),
            { numRuns: 5_000 },
        );
    });

    it("that has a url is itself refused nothing", () => {
        const part = fc.constantFrom(
            "/",
            "//",
            "a",
            "*",
            "$",
            "?q",
            "#f",
            ":80",
            " ",
            "é",
            "..",
            "me@",
            "x".repeat(250),
        );
        const text = fc
            .tuple(fc.constantFrom("https://", "http:", "HTTPS://"), fc.array(part, { maxLength: 5 }))
            .map(([scheme, parts]) => `${scheme}gitlab.com${parts.join("")}`);
        fc.assert(
            fc.property(text, (value) => {
                for (const [, , fix] of said((f) => f.addAll(issuerUrlFindings(value, "x")))) {
                    const instead = /"(https:.*?)"/.exec(fix)![1]!;
                    expect(
                        said((f) => f.addAll(issuerUrlFindings(instead, "x"))),
                        fix,
                    ).to.deep.equal([]);
                }
            }),
            { numRuns: 5_000 },
        );
    });
});

describe("ciRule", () => {
    const ROWS: readonly (readonly [value: string, rule: string])[] = [
        ["main", '$X == "main"'],
        ["release/1.0-a_b+c@d", '$X == "release/1.0-a_b+c@d"'],
        ["*", "$X"],
        ["**", "$X"],
        ["*a", "$X =~ /^.*a$/"],
        ["v?.*", "$X =~ /^v.\\..*$/"],
        ["a/b*", "$X =~ /^a\\/b.*$/"],
        ["a\"'$", "$X =~ /^a\\x22\\x27\\x24$/"],
        ["\u00a0\u00ff\u0100", "$X =~ /^\\xA0\\xFF.$/"],
        ["\t", "$X =~ /^\\x09$/"],
    ];
    for (const [value, rule] of ROWS) {
        it(JSON.stringify(value), () => {
            expect(ciRule("X", value)).to.equal(rule);
        });
    }
});

describe("withoutAccepted", () => {
    const warning = { id: "group-wide", severity: "warning", path: "x", message: "m", fix: "c" } as const;
    const UNUSED = {
        id: "unused-accept",
        severity: "warning",
        path: "x.accept",
        message: '"any-branch" suppresses nothing.',
        fix: "Leave it out.",
    } as const;

    it("leaves out what is accepted, and tells what is accepted for nothing", () => {
        expect(withoutAccepted([warning], [], "x")).to.deep.equal([warning]);
        expect(withoutAccepted([warning], ["group-wide"], "x")).to.deep.equal([]);
        expect(withoutAccepted([warning], ["any-branch"], "x")).to.deep.equal([warning, UNUSED]);
        expect(withoutAccepted([warning], ["any-branch", "no-subject"], "x")).to.deep.equal([warning, UNUSED]);
        expect(withoutAccepted([], ["any-branch", "unused-accept"], "x")).to.deep.equal([]);
    });
});

describe("compileTrustPolicy", () => {
    const inputs: TrustPolicyInputs = { providerArn: ALIKE, subjects: [PLAIN] };

    it("writes operators and keys in one order", () => {
        const expected =
            '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/gitlab.example.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"gitlab.example.com:aud":"https://gitlab.example.com","gitlab.example.com:sub":"project_path:g/p:ref_type:branch:ref:main"},"Bool":{"aws:SecureTransport":"true"},"StringLike":{"aws:SourceVpc":"a","sts:RoleSessionName":["b","c"]}}}]}';
        const [secure, vpc, name] = [{ "aws:SecureTransport": ["true"] }, ["a"], ["c", "b", "c"]];
        for (const conditions of [
            { Bool: secure, StringLike: { "aws:SourceVpc": vpc, "sts:RoleSessionName": name } },
            { StringLike: { "sts:RoleSessionName": name, "aws:SourceVpc": vpc }, Bool: secure },
        ]) {
            expect(compileTrustPolicy({ ...inputs, conditions })).to.equal(expected);
        }
    });

    it("never lets a condition replace one of the subjects', in whatever case it is written", () => {
        for (const name of ["gitlab.example.com:sub", "GitLab.example.com:SUB"]) {
            expect(() => compileTrustPolicy({ ...inputs, conditions: { StringEquals: { [name]: ["x"] } } })).to.throw(
                `conditions["StringEquals"]["${name}"]: The subjects also set "${name}", and one of the two would be lost.`,
            );
        }
    });
});

describe("compileSubject", () => {
    it("takes a claim without a value for one that is left out", () => {
        const claims = { userId: undefined, pipelineSource: ["push"] };
        expect(compileSubject({ ...PLAIN, claims }, DEFAULT_COMPONENTS).claims).to.deep.equal({
            pipeline_source: ["push"],
        });
    });
});

describe("documentText", () => {
    it("is the text itself, or the object as JSON", () => {
        expect(documentText(' { "a": 1 }')).to.equal(' { "a": 1 }');
        expect(documentText({ a: 1 })).to.equal('{"a":1}');
    });
});
