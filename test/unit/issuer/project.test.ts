import { expect } from "chai";
import { connect } from "node:net";
import type { CheckProjectArgs, CheckProjectResult, Subject } from "../../../provider/contract/types";
import { PROJECT_CHECKS } from "../../../provider/gitlab/project-checks";
import { InvalidInputsError } from "../../../provider/contract/findings";
import type { Network } from "../../../provider/issuer/connection";
import { checkProjectOn } from "../../../provider/operations/check-project";
import { lookupProjectOn } from "../../../provider/operations/lookup-project";
import { authority, issue } from "../../support/certificates";
import { PROJECT_CHECK_IDS } from "../../support/checks";
import { StoppedClock } from "../../support/clock";
import {
    DEVELOPERS,
    MAINTAINERS,
    NOBODY,
    sendJson,
    startGitLab,
    type FakeGitLab,
    type FakeProject,
    type GitLabServer,
} from "../../support/gitlab-server";
import { DISCOVERY, DISCOVERY_DOCUMENT, ISSUER } from "../../support/issuer-server";

const TOKEN = "glpat-aaaaaaaaaaaaaaaaaaaa";
const REPORTER = "glpat-bbbbbbbbbbbbbbbbbbbb";
const NO_SCOPE = "glpat-cccccccccccccccccccc";
const GUEST = "glpat-dddddddddddddddddddd";

const TOKENS: FakeGitLab["tokens"] = {
    [TOKEN]: { scopes: ["read_api"], roles: { "*": "maintainer" } },
    [REPORTER]: { scopes: ["read_api"], roles: { "*": "reporter" } },
    [NO_SCOPE]: { scopes: ["read_registry"], roles: { "*": "maintainer" } },
    [GUEST]: { scopes: ["read_api"], roles: { "*": "guest" } },
};

const APP: FakeProject = {
    id: 4711,
    path: "mygroup/App",
    branches: ["main", "dev", "release/1"],
    tags: ["v1", "nightly"],
    protectedBranches: {
        main: { push: [NOBODY], merge: [DEVELOPERS] },
        "release/*": {
            push: [MAINTAINERS, { access_level: 40, deploy_key_id: 1 }],
            merge: [{ access_level: null, user_id: 10, group_id: null }],
        },
    },
    protectedTags: { "v*": [MAINTAINERS] },
    environments: { prod: "production", "review/1": "development" },
    protectedEnvironments: { prod: [MAINTAINERS] },
    formerPaths: ["old/app"],
};

const GITLAB: FakeGitLab = { projects: [APP], tokens: TOKENS, isPremium: true };

const TIERS = ["project_path", "ref_type", "ref", "environment_protected", "deployment_tier"] as const;
const IDS = ["project_id", "ref_type", "ref"] as const;
const PROTECTED = ["project_path", "ref_type", "ref", "ref_protected"] as const;

describe("projects of an instance", () => {
    let server: GitLabServer | undefined;
    const clock = new StoppedClock();
    beforeEach(() => clock.start());
    afterEach(async () => {
        clock.stop();
        await server?.close();
        server = undefined;
    });

    /** Connects every host to the fake instance, so that a request to another host would be seen there. */
    const network = (): Network => ({
        resolve: () => Promise.resolve(["192.0.2.1"]),
        connect: () => connect(server!.port, "127.0.0.1"),
    });

    async function access(gitlab: FakeGitLab): Promise<{ url: string; certificateAuthorities: string }> {
        await server?.close();
        server = await startGitLab(gitlab);
        return { url: ISSUER, certificateAuthorities: (await authority()).root.pem };
    }

    async function check(gitlab: FakeGitLab, args: CheckProjectArgs): Promise<CheckProjectResult> {
        const result = await checkProjectOn(network(), { ...(await access(gitlab)), token: TOKEN, ...args });
        for (const token of Object.keys(TOKENS!)) {
            expect(JSON.stringify(result)).not.to.contain(token);
        }
        return result;
    }

    /** The results of checks, without those that passed. */
    const notPassed = ({ checks }: CheckProjectResult): readonly string[] =>
        checks
            .filter(({ status }) => status !== "pass")
            .map(({ id, status, path }) => `${id} ${status}${path === undefined ? "" : ` ${path}`}`);

    const find = ({ checks }: CheckProjectResult, id: string) => checks.find((c) => c.id === id)!;

    it("has public IDs for its checks", () => {
        expect(Object.keys(PROJECT_CHECKS)).to.deep.equal(PROJECT_CHECK_IDS);
    });

    it("describes a project that the token may read completely", async () => {
        const result = await check(GITLAB, { project: "mygroup/App" });
        expect(result).to.deep.equal({
            ok: true,
            checks: [
                { id: "rest-api", status: "pass", message: "Every request returned a complete response." },
                { id: "instance-issuer", status: "pass", message: 'The issuer is "https://gitlab.example.com".' },
                { id: "instance-version", status: "pass", message: 'The version is "19.1.0-ee".' },
                {
                    id: "project-access",
                    status: "pass",
                    project: "mygroup/App",
                    message: 'ID 4711, default branch "main".',
                },
            ],
            projects: [
                {
                    project: "mygroup/App",
                    projectId: "4711",
                    subClaimComponents: ["project_path", "ref_type", "ref"],
                    defaultBranch: "main",
                    protectedBranches: [
                        { name: "main", push: [], merge: ["Developers and Maintainers"] },
                        { name: "release/*", push: ["Maintainers", "deploy key 1"], merge: ["user 10"] },
                    ],
                    protectedTags: [{ name: "v*", create: ["Maintainers"] }],
                    environments: [
                        { name: "prod", tier: "production", protected: true, deploy: ["Maintainers"] },
                        { name: "review/1", tier: "development", protected: false },
                    ],
                },
            ],
            issuer: "https://gitlab.example.com",
            gitlabVersion: "19.1.0-ee",
        });
    });

    /** Subjects, and the checks that do not pass, with a part of the message of the last one. */
    const SUBJECTS: readonly (readonly [
        title: string,
        subject: Subject,
        args: Partial<CheckProjectArgs>,
        expected: readonly string[],
        message: string,
    ])[] = [
        ["an exact subject", { project: "mygroup/App", branch: "main" }, {}, [], ""],
        [
            "another case",
            { project: "MyGroup/app", branch: "main" },
            {},
            ["project-path fail subjects[0].project"],
            '"MyGroup/app" is written in another case than "mygroup/App".',
        ],
        [
            "a group in another case",
            { group: "MyGroup", branch: "main" },
            {},
            ["project-path fail subjects[0].group"],
            '"MyGroup" is written in another case than "mygroup/App".',
        ],
        [
            "a pattern in another case",
            { project: "MyGroup/*", branch: "main" },
            {},
            ["project-path fail subjects[0].project"],
            '"MyGroup/*" is written in another case',
        ],
        [
            "the path before a move",
            { project: "old/app", branch: "main" },
            {},
            ["project-path fail subjects[0].project"],
            'The project moved from "old/app" to "mygroup/App".',
        ],
        [
            "a wrong ID",
            { projectId: "4712", project: "mygroup/App", branch: "main" },
            { subClaimComponents: ["project_id", "project_path", "ref_type", "ref"] },
            ["project-ids fail subjects[0].projectId", "project-components fail subClaimComponents"],
            "expects project_id, project_path, ref_type, ref.",
        ],
        [
            "a project that no subject is about",
            { project: "mygroup/other", branch: "main" },
            {},
            ["project-subject fail"],
            'No subject of the role is about "mygroup/App".',
        ],
        [
            "another setting",
            { projectId: "4711", branch: "main" },
            { subClaimComponents: IDS },
            ["project-components fail subClaimComponents"],
            "The project's sub claim components are project_path, ref_type, ref, but the role expects project_id, ref_type, ref.",
        ],
        [
            "a branch that does not exist",
            { project: "mygroup/App", branch: "master" },
            {},
            ["branch-exists warn subjects[0].branch", "branch-protected warn subjects[0].branch"],
            'The branch "master" is not protected. Everyone with the role Developer or higher can create it and gets the role.',
        ],
        [
            "a branch that does not exist, and that a rule covers",
            { project: "mygroup/App", branch: "release/2" },
            {},
            ["branch-exists warn subjects[0].branch"],
            'The project has no branch "release/2", so no job can use the role yet. Its default branch is "main".',
        ],
        [
            "a branch that is not protected",
            { project: "mygroup/App", branch: "dev" },
            {},
            ["branch-protected warn subjects[0].branch"],
            'The branch "dev" is not protected. Everyone with the role Developer or higher can push to it and gets the role.',
        ],
        ["a pattern that a rule covers", { project: "mygroup/App", branch: "release/*" }, {}, [], ""],
        [
            "a pattern that rules cover partly",
            { project: "mygroup/App", branch: "rel*" },
            {},
            ["branch-protected warn subjects[0].branch"],
            '"rel*" also matches a branch that is not protected.',
        ],
        [
            "a branch that must be protected, and is not",
            { project: "mygroup/App", branch: "dev", refProtected: true },
            { subClaimComponents: PROTECTED },
            ["project-components fail subClaimComponents", "branch-protected fail subjects[0].branch"],
            'The branch "dev" is not protected, but the subject requires the opposite.',
        ],
        [
            "a branch that must not be protected, and is",
            { project: "mygroup/App", branch: "main", refProtected: false },
            { subClaimComponents: PROTECTED },
            ["project-components fail subClaimComponents", "branch-protected fail subjects[0].branch"],
            'The branch "main" is protected, but the subject requires the opposite.',
        ],
        [
            "a pattern of protected branches, of which there are none",
            { project: "mygroup/App", branch: "hotfix/*", refProtected: true },
            { subClaimComponents: PROTECTED },
            ["project-components fail subClaimComponents", "branch-protected fail subjects[0].branch"],
            'No branch that matches "hotfix/*" is protected, but the subject requires the opposite.',
        ],
        [
            "a pattern of branches that are not protected, which are all protected",
            { project: "mygroup/App", branch: "release/*", refProtected: false },
            { subClaimComponents: PROTECTED },
            ["project-components fail subClaimComponents", "branch-protected fail subjects[0].branch"],
            'Every branch that matches "release/*" is protected, but the subject requires the opposite.',
        ],
        ["a protected tag", { project: "mygroup/App", tag: "v1" }, {}, [], ""],
        [
            "a tag that is not protected",
            { project: "mygroup/App", tag: "nightly" },
            {},
            ["tag-protected warn subjects[0].tag"],
            'The tag "nightly" is not protected. Everyone with the role Developer or higher can create it and gets the role.',
        ],
        [
            "a tag that does not exist, and that a rule covers",
            { project: "mygroup/App", tag: "v2" },
            {},
            ["tag-exists warn subjects[0].tag"],
            'The project has no tag "v2", so no job can use the role yet.',
        ],
        [
            "a raw sub claim",
            { sub: "project_path:mygroup/App:ref_type:branch:ref:dev" },
            {},
            ["branch-protected warn subjects[0].branch"],
            'The branch "dev" is not protected.',
        ],
        [
            "a tier that an environment has, protected",
            { project: "mygroup/App", branch: "main", deploymentTier: "production", environmentProtected: true },
            { subClaimComponents: TIERS },
            ["project-components fail subClaimComponents"],
            "",
        ],
        [
            "a tier that no environment has",
            { project: "mygroup/App", branch: "main", deploymentTier: "staging", environmentProtected: "*" },
            { subClaimComponents: TIERS },
            ["project-components fail subClaimComponents", "environment-tier warn subjects[0].deploymentTier"],
            'No environment has the tier "staging". Their tiers are "production", "development".',
        ],
        [
            "an environment that must be protected, and is not",
            { project: "mygroup/App", branch: "main", deploymentTier: "development", environmentProtected: true },
            { subClaimComponents: TIERS },
            [
                "project-components fail subClaimComponents",
                "environment-protected warn subjects[0].environmentProtected",
            ],
            "No environment of the project that the subject is about is protected.",
        ],
    ];
    for (const [title, subject, args, expected, message] of SUBJECTS) {
        it(title, async () => {
            const result = await check(GITLAB, { project: "mygroup/App", subjects: [subject], ...args });
            expect(notPassed(result)).to.deep.equal(expected);
            const last = result.checks.filter(({ status }) => status !== "pass").at(-1);
            expect(last?.message ?? "").to.contain(message);
            expect(result.ok).to.equal(!expected.some((line) => line.includes(" fail")));
            for (const { status, fix, message: text } of result.checks) {
                expect(fix !== undefined).to.equal(status === "warn" || status === "fail", text);
            }
        });
    }

    it("names those who get the role on a protected branch or tag", async () => {
        const result = await check(GITLAB, {
            project: "mygroup/App",
            subjects: [
                { project: "mygroup/App", branch: "main" },
                { project: "mygroup/App", branch: "release/*" },
                { project: "mygroup/App", tag: "v*" },
            ],
        });
        expect(result.checks.filter(({ id }) => id.endsWith("-protected")).map(({ message }) => message)).to.deep.equal(
            [
                'The branch "main" is protected. These get the role: "main" (push: nobody; merge: Developers and Maintainers).',
                'Every branch that matches "release/*" is protected. These get the role: "release/*" (push: Maintainers, deploy key 1; merge: user 10).',
                'Every tag that matches "v*" is protected. These get the role: "v*" (create: Maintainers).',
            ],
        );
    });

    it("gives the fix in the user's own values", async () => {
        const subjects = [
            { project: "MyGroup/*", branch: "main" },
            { project: "old/app", branch: "main" },
        ];
        const result = await check(GITLAB, { project: "mygroup/App", subjects });
        expect(result.checks.filter(({ id }) => id === "project-path").map(({ fix }) => fix)).to.deep.equal([
            'Write project: "mygroup/*".',
            'Write project: "mygroup/App". Anyone who can create a project at the old path can get the role until then, unless the subject has a projectId.',
        ]);
        const other = await check(
            { ...GITLAB, projects: [{ ...APP, components: IDS }] },
            { project: "mygroup/App", subjects: [{ project: "mygroup/App", branch: "main" }] },
        );
        expect(find(other, "project-components").fix).to.equal(
            'Set subClaimComponents: ["project_id","ref_type","ref"] and adapt the subjects, or change the project\'s setting: PUT /projects/4711 with ci_id_token_sub_claim_components=project_path,ref_type,ref.',
        );
    });

    it("asks for what a token may not read: checks are skipped, with the scope and the role", async () => {
        const subjects: readonly Subject[] = [
            {
                project: "mygroup/App",
                branch: "main",
                deploymentTier: "production",
                environmentProtected: true,
            },
            { project: "mygroup/App", branch: "x/*", deploymentTier: "*", environmentProtected: "*" },
        ];
        const args = { project: "mygroup/App", subjects, subClaimComponents: TIERS };
        const reporter = await check(GITLAB, { ...args, token: REPORTER });
        expect(notPassed(reporter)).to.deep.equal([
            "project-components skipped",
            "branch-protected skipped subjects[1].branch",
            "environment-protected skipped subjects[0].environmentProtected",
        ]);
        expect(find(reporter, "project-components").message).to.equal(
            "Skipped: the setting of the project is not visible. The token needs the scope read_api and the role Maintainer.",
        );
        expect(find(reporter, "branch-protected").message).to.equal(
            'The branch "main" is protected. The token may not read who can change it. GitLab responds with status 403. The token needs the scope read_api and the role Maintainer.',
        );
        expect(find(reporter, "environment-protected").message).to.equal(
            "Skipped: protected environments are not visible. GitLab responds with status 403. The token needs the scope read_api and the role Maintainer, and the instance GitLab Premium or Ultimate.",
        );
        expect(reporter.projects).to.deep.equal([
            {
                project: "mygroup/App",
                projectId: "4711",
                defaultBranch: "main",
                environments: [
                    { name: "prod", tier: "production" },
                    { name: "review/1", tier: "development" },
                ],
            },
        ]);
        const guest = await check(GITLAB, { ...args, token: GUEST });
        expect(notPassed(guest)).to.deep.equal([
            "project-components skipped",
            "branch-exists skipped subjects[0].branch",
            "branch-protected skipped subjects[0].branch",
            "branch-protected skipped subjects[1].branch",
            "environment-tier skipped subjects[0].deploymentTier",
            "environment-protected skipped subjects[0].environmentProtected",
        ]);
        expect(find(guest, "branch-exists").message).to.equal(
            'Skipped: the branch "main" is not visible. GitLab responds with status 404. The token needs the scope read_api and the role Reporter.',
        );
    });

    it("needs no token for a public project, and asks for one for the rest", async () => {
        const result = await check(
            { ...GITLAB, projects: [{ ...APP, visibility: "public" }] },
            { project: "mygroup/App", subjects: [{ project: "mygroup/App", branch: "dev" }], token: null as never },
        );
        expect(notPassed(result)).to.deep.equal([
            "instance-version skipped",
            "project-components skipped",
            "branch-protected warn subjects[0].branch",
        ]);
        expect(find(result, "instance-version").message).to.equal(
            "Skipped: the version is not visible. GitLab responds with status 401. Set GITLAB_TOKEN to a token with the scope read_api and any role on the instance.",
        );
        expect(new Set(server!.seen.map(({ authorization }) => authorization))).to.deep.equal(new Set([undefined]));
    });

    /** Projects that GitLab does not return: the token, the message and the fix. */
    for (const [title, token, message, fix] of [
        [
            "401: a token that GitLab does not know",
            "glpat-expired",
            "GitLab rejects the token (status 401): it is expired, revoked, or from another instance.",
            "Create a personal, project or group access token with the scope read_api. A CI/CD job token is not supported.",
        ],
        [
            "403: a token without the scope",
            NO_SCOPE,
            'GitLab does not let the token read "mygroup/App" (status 403).',
            "The token needs the scope read_api and membership in the project or group.",
        ],
        [
            "404: a private project without a token",
            null,
            '"mygroup/App" does not exist, or it is private (status 404).',
            "Check the path. Set GITLAB_TOKEN to a token with the scope read_api and membership in the project or group.",
        ],
    ] as const) {
        it(title, async () => {
            const result = await check(GITLAB, { project: "mygroup/App", token: token as never });
            expect(find(result, "project-access")).to.deep.equal({
                id: "project-access",
                status: "fail",
                project: "mygroup/App",
                message,
                fix,
            });
            expect(result.ok).to.equal(false);
            const args = { ...(await access(GITLAB)), project: "mygroup/App", token: token as never };
            const error: unknown = await lookupProjectOn(network(), args).catch((e: unknown) => e);
            expect(error).to.be.instanceOf(InvalidInputsError);
            expect((error as InvalidInputsError).findings).to.deep.equal([
                { id: "project-lookup", severity: "error", path: "project", message, fix },
            ]);
        });
    }

    it("404: a project that does not exist, with a token", async () => {
        const result = await check(GITLAB, { project: "mygroup/none" });
        expect(find(result, "project-access").message).to.equal(
            '"mygroup/none" does not exist, or the token may not read it (status 404).',
        );
    });

    const PROJECT = "projects/mygroup%2FApp";
    /** Responses that are none, with the words for them. */
    const FAULTS: Readonly<Record<string, readonly [fault: NonNullable<FakeGitLab["faults"]>[string], words: string]>> =
        {
            "429 with a long Retry-After": [
                (_, response) => response.writeHead(429, { "retry-after": "3600" }).end("Retry later"),
                "it limits the rate of requests (status 429) and asks to wait 3600 s",
            ],
            "a page of HTML": [
                (_, response) =>
                    response
                        .writeHead(200, { "content-type": "text/html" })
                        .end("<!DOCTYPE html><title>Sign in</title>"),
                "it returns a response that is not JSON, but looks like a web page",
            ],
            "JSON of another shape": [
                (_, response) => sendJson(response, 200, { message: "ok" }),
                "it returns JSON of another shape than GitLab documents",
            ],
            "an empty response": [
                (_, response) => response.writeHead(200).end(),
                "it returns a response that is empty",
            ],
            "a slow response": [() => clock.pass(10_001), "it did not end within 10 s"],
            "a truncated response": [
                (request, response) => {
                    response
                        .writeHead(200, { "content-length": "1000" })
                        .write('{"id":4711', () => request.socket.destroy());
                },
                "it ended before the announced length",
            ],
            "a huge response": [
                (_, response) => response.writeHead(200).end(`"${"x".repeat(4_000_001)}"`),
                "it has more than 4000000 bytes",
            ],
            "a redirect to the sign-in page": [
                (_, response) => response.writeHead(302, { location: "/users/sign_in?token=secret" }).end(),
                'it is redirected to "https://gitlab.example.com/users/sign_in", which is not part of the REST API',
            ],
            "a redirect to another host": [
                (_, response) =>
                    response.writeHead(301, { location: "https://evil.example.com/api/v4/projects/1" }).end(),
                'it is redirected to "https://evil.example.com/api/v4/projects/1", which is not part of the REST API',
            ],
            "a redirect in a circle": [
                (request, response) => response.writeHead(301, { location: request.url }).end(),
                "it is redirected more than 3 times",
            ],
            "a server error": [
                (_, response) => sendJson(response, 502, { message: "502 Bad Gateway" }),
                "it responds with status 502",
            ],
            "a response that repeats the token": [
                (request, response) =>
                    sendJson(response, 200, { id: 1, path_with_namespace: request.headers.authorization }),
                "it repeats the access token",
            ],
        };
    for (const [title, [fault, words]] of Object.entries(FAULTS)) {
        it(title, async () => {
            const gitlab = { ...GITLAB, faults: { [PROJECT]: fault } };
            const result = await check(gitlab, { project: "mygroup/App" });
            expect(result.ok).to.equal(false);
            const { message, fix } = find(result, "rest-api");
            expect(message).to.equal(`The REST API at "https://gitlab.example.com/api/v4" cannot be used: ${words}.`);
            expect(fix).to.match(/^\S.*\.$/);
            expect(result.projects).to.deep.equal([]);
            expect(server!.seen.every(({ path }) => path.startsWith("/api/v4/"))).to.equal(true);
            const error: unknown = await access(gitlab)
                .then((args) => lookupProjectOn(network(), { ...args, project: "mygroup/App", token: TOKEN }))
                .catch((e: unknown) => e);
            expect(error).to.be.instanceOf(InvalidInputsError);
            const { findings } = error as InvalidInputsError;
            expect(findings.map(({ id, path }) => `${path} ${id}`)).to.deep.equal(["url project-lookup"]);
            expect(findings[0]!.message).to.contain(words).and.not.to.contain(TOKEN);
        });
    }

    it("429 with a short Retry-After: waits and asks again", async () => {
        clock.stop();
        let count = 0;
        const real: FakeGitLab["faults"] = {
            metadata: (_, response) =>
                count++ === 0
                    ? response.writeHead(429, { "retry-after": "0" }).end("Retry later")
                    : sendJson(response, 200, { version: "18.1.0", revision: "x" }),
        };
        const result = await check(
            { ...GITLAB, faults: real },
            { project: "mygroup/App", timeout: 600, requestTimeout: 60 },
        );
        expect(count).to.equal(2);
        expect(result.gitlabVersion).to.equal("18.1.0");
    });

    it("a fault later leaves the other checks, and says why checks are skipped", async () => {
        const result = await check(
            {
                ...GITLAB,
                faults: { "projects/4711/protected_branches": (_, response) => response.writeHead(500).end() },
            },
            { project: "mygroup/App", subjects: [{ project: "mygroup/App", branch: "x*" }] },
        );
        expect(notPassed(result)).to.deep.equal(["rest-api fail", "branch-protected skipped subjects[0].branch"]);
        expect(find(result, "branch-protected").message).to.contain("see `rest-api`");
    });

    it("stops at the total time limit", async () => {
        const result = await check(
            { ...GITLAB, faults: { [PROJECT]: () => clock.pass(5001) } },
            { project: "mygroup/App", timeout: 5 },
        );
        expect(find(result, "rest-api").message).to.contain("it did not complete within the total limit of 5 s.");
    });

    it("an instance that cannot be reached", async () => {
        const args = { ...(await access(GITLAB)), project: "mygroup/App", token: TOKEN };
        const nowhere: Network = {
            resolve: () => Promise.reject(Object.assign(new Error("x"), { code: "ENOTFOUND" })),
            connect: () => expect.fail("connects"),
        };
        const result = await checkProjectOn(nowhere, args);
        expect(notPassed(result)).to.deep.equal([
            "rest-api fail",
            "instance-issuer skipped",
            "instance-version skipped",
        ]);
        expect(find(result, "rest-api").message).to.equal(
            'The REST API at "https://gitlab.example.com/api/v4" cannot be used: "gitlab.example.com" is not found by DNS (ENOTFOUND).',
        );
    });

    it("a private CA that is not trusted", async () => {
        const { url } = await access(GITLAB);
        const result = await checkProjectOn(network(), { url, project: "mygroup/App", token: TOKEN });
        expect(find(result, "rest-api").message).to.contain("it has a certificate that is not trusted");
        expect(find(result, "rest-api").fix).to.contain("certificateAuthorities");
        expect(server!.seen).to.deep.equal([]);
    });

    it("sends the token to the API of the instance only, also after the redirect of a moved project", async () => {
        await check(GITLAB, { project: "old/app" });
        expect(server!.seen.slice(0, 3).map(({ path }) => path)).to.have.members([
            "/api/v4/metadata",
            "/api/v4/projects/old%2Fapp",
            "/api/v4/projects/4711",
        ]);
        for (const { path, authorization } of server!.seen) {
            expect(path).to.match(/^\/api\/v4\//);
            expect(authorization).to.equal(`Bearer ${TOKEN}`);
        }
        // The discovery document is public, so it is requested without the token.
        expect(server!.requests).to.include(DISCOVERY);
    });

    describe("groups", () => {
        const many: FakeGitLab = {
            ...GITLAB,
            projects: [
                APP,
                ...Array.from({ length: 7 }, (_, i) => ({
                    id: i + 1,
                    path: `mygroup/sub/p${String(i + 1)}`,
                    branches: ["main"],
                    protectedBranches: { main: { push: [MAINTAINERS], merge: [MAINTAINERS] } },
                })),
                { id: 90, path: "mygroup/archive", archived: true },
                { id: 91, path: "mygroup-other/x" },
            ],
        };
        const paths = ["mygroup/App", ...[1, 2, 3, 4, 5, 6, 7].map((i) => `mygroup/sub/p${String(i)}`)];

        for (const pageHeaders of [["link"], ["x-next-page"], ["link", "x-next-page"]] as const) {
            it(`every project below it, of all pages, by ${pageHeaders.join(" and ")}`, async () => {
                const result = await check({ ...many, mostOnPage: 3, pageHeaders }, { group: "mygroup" });
                expect(result.projects.map(({ project }) => project)).to.deep.equal(paths);
                expect(result.ok).to.equal(true);
            });
        }

        it("every page of the rules of a project", async () => {
            const result = await check({ ...GITLAB, mostOnPage: 1 }, { project: "mygroup/App" });
            expect(result.projects[0]!.protectedBranches!.map(({ name }) => name)).to.deep.equal(["main", "release/*"]);
        });

        it("a list without an end", async () => {
            const endless: FakeGitLab["faults"] = {
                "groups/mygroup/projects": (request, response) =>
                    sendJson(response, 200, [], { link: `<${ISSUER}${request.url!}>; rel="next"` }),
            };
            const result = await check({ ...many, faults: endless }, { group: "mygroup" });
            expect(find(result, "rest-api").message).to.contain("it returns more than 100 pages, or a page twice.");
        });

        it("each project against the subjects", async () => {
            const result = await check(many, {
                group: "mygroup",
                subjects: [
                    { group: "mygroup/sub", branch: "main" },
                    { project: "mygroup/sub/P2", branch: "main" },
                ],
            });
            expect(
                result.checks
                    .filter(({ status }) => status !== "pass")
                    .map(({ id, status, project }) => `${id} ${status} ${project!}`),
            ).to.deep.equal(["project-subject skipped mygroup/App", "project-path fail mygroup/sub/p2"]);
        });

        it("a group that does not exist", async () => {
            const result = await check(many, { group: "nogroup" });
            expect(find(result, "project-access")).to.include({ status: "fail", project: "nogroup" });
        });

        it("without a project: those that the subjects name, each once", async () => {
            const result = await check(many, {
                subjects: [
                    { project: "old/app", branch: "main" },
                    { project: "mygroup/App", branch: "main" },
                    { project: "mygroup/*/p3", branch: "main" },
                    { group: "mygroup-other", branch: "main" },
                    { project: "mygroup/none", branch: "main" },
                ],
            });
            expect(result.projects.map(({ project }) => project)).to.deep.equal([
                "mygroup/App",
                "mygroup/sub/p3",
                "mygroup-other/x",
            ]);
            expect(
                result.checks.filter(({ status }) => status === "fail").map(({ id, project }) => `${id} ${project!}`),
            ).to.deep.equal(["project-path mygroup/App", "project-access mygroup/none"]);
        });

        it("without a project, by its ID", async () => {
            const result = await check(many, {
                subClaimComponents: IDS,
                subjects: [{ projectId: "3", branch: "main" }],
            });
            expect(result.projects.map(({ project }) => project)).to.deep.equal(["mygroup/sub/p3"]);
        });
    });

    describe("the instance", () => {
        for (const [version, args, status, message] of [
            ["19.1.0", {}, "pass", 'The version is "19.1.0".'],
            ["19.1.0-ee", { gitlabVersion: "19.1" }, "pass", 'The version is "19.1.0-ee".'],
            ["18.2.1", {}, "warn", '"18.2.1" is older than 18.2.2.'],
            ["18.11.3-ee", {}, "warn", '"18.11.3-ee" is older than 19.1.'],
            [
                "19.2.0",
                { gitlabVersion: "19.1.0" },
                "warn",
                'gitlabVersion is "19.1.0", but the instance has "19.2.0".',
            ],
            ["unknown", {}, "warn", '"unknown" is not a version of GitLab.'],
        ] as const) {
            it(`version ${version}${JSON.stringify(args)}: ${status}`, async () => {
                const result = await check({ ...GITLAB, version }, { project: "mygroup/App", ...args });
                expect(find(result, "instance-version")).to.include({ status });
                expect(find(result, "instance-version").message).to.contain(message);
                expect(result.gitlabVersion).to.equal(version);
            });
        }

        it("another issuer in the discovery document", async () => {
            const behaviour = {
                replies: { [DISCOVERY]: { ...DISCOVERY_DOCUMENT, issuer: "https://issuer.example.com" } },
            };
            const result = await check({ ...GITLAB, behaviour }, { project: "mygroup/App" });
            expect(result.issuer).to.equal("https://issuer.example.com");
            expect(find(result, "instance-issuer")).to.include({ status: "warn" });
            expect(find(result, "instance-issuer").message).to.contain(
                'has the issuer "https://issuer.example.com", not "https://gitlab.example.com".',
            );
        });

        it("no discovery document", async () => {
            const behaviour = {
                replies: {
                    [DISCOVERY]: (_: unknown, r: { writeHead(s: number): { end(): void } }) => r.writeHead(404).end(),
                },
            };
            const result = await check({ ...GITLAB, behaviour }, { project: "mygroup/App" });
            expect(find(result, "instance-issuer")).to.include({
                status: "skipped",
                message: "Skipped: no discovery document. Status 404, without an `issuer`.",
            });
        });

        it("gitlab.com: always current, with the ID as condition key", async () => {
            const { root, intermediate } = await authority();
            const leaf = await issue({ subject: "gitlab.com", by: intermediate, names: ["gitlab.com"] });
            const behaviour = {
                chain: [leaf, intermediate],
                replies: { [DISCOVERY]: { ...DISCOVERY_DOCUMENT, issuer: "https://gitlab.com" } },
            };
            server = await startGitLab({ ...GITLAB, behaviour });
            const result = await checkProjectOn(network(), {
                certificateAuthorities: root.pem,
                token: TOKEN,
                subjects: [{ project: "mygroup/App", projectId: "4712", branch: "main", refProtected: true }],
            });
            expect(notPassed(result)).to.deep.equal(["project-ids fail subjects[0].projectId"]);
            expect(find(result, "project-ids")).to.include({
                message: '"4712" is not the ID of "mygroup/App", which is "4711". AWS denies every job of the project.',
            });
            expect(result).not.to.have.property("gitlabVersion");
            expect(server.seen.map(({ path }) => path)).not.to.include("/api/v4/metadata");
            const found = await lookupProjectOn(network(), {
                certificateAuthorities: root.pem,
                token: TOKEN,
                project: "MYGROUP/app",
            });
            expect(found).to.deep.equal({
                project: "mygroup/App",
                projectId: "4711",
                subClaimComponents: ["project_path", "ref_type", "ref"],
                defaultBranch: "main",
            });
        });

        it("below a path, and with a port", async () => {
            const args = { ...(await access(GITLAB)), token: TOKEN, project: "mygroup/App" };
            for (const [url, start] of [
                [`${ISSUER}/gitlab/`, "/gitlab/api/v4/"],
                [`${ISSUER}:8443`, "/api/v4/"],
            ] as const) {
                const before = server!.seen.length;
                await checkProjectOn(network(), { ...args, url });
                const seen = server!.seen.slice(before).filter(({ path }) => !path.includes("openid"));
                expect(seen).to.have.length.greaterThan(1);
                expect(seen.every(({ path }) => path.startsWith(start))).to.equal(true);
            }
        });
    });

    describe("trust policies", () => {
        const policy = (condition: object, arn = "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com") => ({
            Version: "2012-10-17",
            Statement: [
                {
                    Effect: "Allow",
                    Principal: { Federated: arn },
                    Action: "sts:AssumeRoleWithWebIdentity",
                    Condition: condition,
                },
            ],
        });
        const equals = (sub: string, issuer = "gitlab.example.com"): object => ({
            StringEquals: { [`${issuer}:aud`]: ISSUER, [`${issuer}:sub`]: sub },
        });

        it("its subjects, and its sub claim components", async () => {
            const sub = "project_id:4711:ref_type:branch:ref:dev";
            const result = await check(GITLAB, { trustPolicy: policy(equals(sub)) });
            expect(notPassed(result)).to.deep.equal([
                "project-components fail subClaimComponents",
                "branch-protected warn subjects[0].branch",
            ]);
            expect(find(result, "trust-policy").status).to.equal("pass");
        });

        it("as the AWS CLI prints it, with parts that cannot be compared", async () => {
            const document = policy({
                StringEquals: { "gitlab.example.com:aud": ISSUER },
                StringLike: { "gitlab.example.com:sub": "project_path:mygroup/A*:ref_type:branch:ref:main" },
            });
            const result = await check(GITLAB, {
                project: "mygroup/App",
                trustPolicy: JSON.stringify({ Role: { RoleName: "x", AssumeRolePolicyDocument: document } }),
            });
            expect(find(result, "trust-policy")).to.include({ status: "warn" });
            expect(find(result, "trust-policy").message).to.match(/^Not compared: .*Statement\[0\]/);
        });

        it("of another issuer than the instance: a mirror", async () => {
            const arn = "arn:aws:iam::111122223333:oidc-provider/issuer.example.com";
            const result = await check(GITLAB, {
                project: "mygroup/App",
                trustPolicy: policy(
                    equals("project_path:mygroup/App:ref_type:branch:ref:main", "issuer.example.com"),
                    arn,
                ),
            });
            expect(notPassed(result)).to.deep.equal(["instance-issuer warn"]);
            expect(find(result, "instance-issuer").message).to.contain('the role trusts "https://issuer.example.com"');
        });
    });

    describe("lookupProject", () => {
        it("the exact path, the ID, the setting and the version, also after a move", async () => {
            const args = { ...(await access(GITLAB)), token: TOKEN };
            const expected = {
                project: "mygroup/App",
                projectId: "4711",
                subClaimComponents: ["project_path", "ref_type", "ref"],
                gitlabVersion: "19.1.0-ee",
                defaultBranch: "main",
            };
            for (const project of ["mygroup/App", "MyGroup/app", "old/app"]) {
                expect(await lookupProjectOn(network(), { ...args, project })).to.deep.equal(expected);
            }
        });

        it("leaves out what the token may not read", async () => {
            const args = { ...(await access({ ...GITLAB, projects: [{ ...APP, visibility: "public" }] })) };
            const project = "mygroup/App";
            expect(await lookupProjectOn(network(), { ...args, project })).to.deep.equal({
                project: "mygroup/App",
                projectId: "4711",
                defaultBranch: "main",
            });
        });

        it("rejects components that this package does not know", async () => {
            const args = {
                ...(await access({ ...GITLAB, projects: [{ ...APP, components: ["project_path", "x"] }] })),
            };
            const error: unknown = await lookupProjectOn(network(), {
                ...args,
                token: TOKEN,
                project: "mygroup/App",
            }).catch((e: unknown) => e);
            expect((error as InvalidInputsError).findings.map(({ id, path }) => `${path} ${id}`)).to.deep.equal([
                "project sub-components",
            ]);
        });
    });

    describe("arguments", () => {
        const given = { url: ISSUER, project: "mygroup/App" };
        for (const [title, args, expected] of [
            ["nothing to check", { url: ISSUER }, ["project required"]],
            ["two targets", { ...given, group: "mygroup" }, ["project required"]],
            [
                "two roles",
                { ...given, subjects: [{ project: "mygroup/App", branch: "main" }], trustPolicy: "x" },
                ["subjects required"],
            ],
            ["a wildcard", { url: ISSUER, project: "mygroup/*" }, ["project path-wildcard"]],
            ["a group as project", { url: ISSUER, project: "mygroup" }, ["project gitlab-path"]],
            ["an address without https", { ...given, url: "http://gitlab.example.com" }, ["url issuer-option"]],
            ["an address with credentials", { ...given, url: "https://u:p@gitlab.example.com" }, ["url issuer-option"]],
            ["a token with a line break", { ...given, token: "glpat-x\n" }, ["token issuer-option"]],
            ["an empty token", { ...given, token: "" }, ["token issuer-option"]],
            [
                "a limit",
                { ...given, timeout: 0, requestTimeout: 61 },
                ["timeout issuer-option", "requestTimeout issuer-option"],
            ],
            [
                "a subject that PipelineRole rejects",
                { ...given, subjects: [{ project: "mygroup", branch: "refs/heads/main" }] },
                ["subjects[0].project gitlab-path", "subjects[0].branch ref-name"],
            ],
            ["a trust policy that IAM would not store", { ...given, trustPolicy: "x" }, [" policy-document"]],
            ["a version", { ...given, gitlabVersion: "v19" }, ["gitlabVersion gitlab-version"]],
        ] as const) {
            it(title, async () => {
                const error: unknown = await checkProjectOn(network(), args as never).catch((e: unknown) => e);
                expect(error).to.be.instanceOf(InvalidInputsError);
                const { findings, message } = error as InvalidInputsError;
                expect(findings.map(({ id, path }) => `${path} ${id}`)).to.deep.equal(expected);
                expect(message).not.to.contain("glpat-x");
                expect(message).not.to.contain("u:p");
            });
        }

        it("the token of the environment, unless one is given", async () => {
            const before = process.env["GITLAB_TOKEN"];
            process.env["GITLAB_TOKEN"] = REPORTER;
            try {
                const args = { ...(await access(GITLAB)), project: "mygroup/App" };
                await lookupProjectOn(network(), args);
                await lookupProjectOn(network(), { ...args, token: TOKEN });
                expect([...new Set(server!.seen.map(({ authorization }) => authorization))]).to.deep.equal([
                    `Bearer ${REPORTER}`,
                    `Bearer ${TOKEN}`,
                ]);
            } finally {
                if (before === undefined) {
                    delete process.env["GITLAB_TOKEN"];
                } else {
                    process.env["GITLAB_TOKEN"] = before;
                }
            }
        });
    });
});
