import { expect } from "chai";
import { buildGitLabCi } from "pulumi-aws-gitlab-oidc/gitlab-ci";
import type { GitLabCiRole } from "../../provider/contract/types";
import { identities, startRunner, type Place, type Project, type Runner } from "./runner";

const DEPLOY = "arn:aws:iam::111122223333:role/ci/deploy";
const HOSTILE = "arn:aws:iam::111122223333:role/hostile";

/** As nasty as Git lets the name of a branch be. */
const HOSTILE_BRANCH = 'it\'s-"$(id)"-`id`-é;#';

describe("rules of generated jobs, evaluated by gitlab-ci-local", function () {
    let runner: Runner | undefined;

    before(async function () {
        runner = await startRunner(this, [
            { RoleName: "deploy", Path: "/ci/" },
            { RoleName: "hostile", branch: HOSTILE_BRANCH },
        ]);
    });

    after(() => runner?.stop());

    const PROJECT = "mygroup/myproject";
    const ROLES: Readonly<Record<string, GitLabCiRole>> = {
        main: { subjects: [{ project: PROJECT, branch: "main" }] },
        release: { subjects: [{ project: PROJECT, branch: "release/*" }] },
        tags: { subjects: [{ project: PROJECT, tag: "v*" }] },
        either: {
            subjects: [
                { project: PROJECT, branch: "main" },
                { project: PROJECT, tag: "v1.0" },
            ],
        },
        protected: { subjects: [{ project: PROJECT, branch: "*", refProtected: true }] },
        unprotected: { subjects: [{ project: PROJECT, branch: "*", refProtected: false }] },
        group: { subjects: [{ group: "mygroup", branch: "main" }] },
        apps: { subjects: [{ project: "mygroup/*/app", branch: "main" }] },
        number: { subjects: [{ project: PROJECT, projectId: "1217", branch: "main" }] },
        numbered: { subjects: [{ project: PROJECT, projectId: "20", branch: "main" }] },
        scheduled: { subjects: [{ project: PROJECT, branch: "main", claims: { pipelineSource: ["schedule"] } }] },
        production: {
            subjects: [{ project: PROJECT, deploymentTier: "production" }],
            gitlabCi: { environment: "production" },
        },
        hostile: { subjects: [{ project: PROJECT, branch: HOSTILE_BRANCH }] },
        sub: { subjects: [{ sub: "project_path:mygroup/myproject:ref_type:branch:ref:main" }] },
        off: { subjects: [{ project: PROJECT, branch: "main" }], gitlabCi: { rules: false } },
        unknown: {},
    };

    let project: Project;

    before(() => {
        const { yaml } = buildGitLabCi({
            roleArns: Object.fromEntries(Object.keys(ROLES).map((name) => [name, DEPLOY])),
            roles: ROLES,
        });
        project = runner!.project({ ".gitlab-ci.yml": yaml });
    });

    const STARTED: readonly (readonly [place: Place, jobs: string])[] = [
        [{ branch: "main" }, "either group main number off production sub unknown unprotected"],
        [{ branch: "main", isProtected: true }, "either group main number off production protected sub unknown"],
        [{ branch: "feature" }, "off production unknown unprotected"],
        [{ branch: "main2" }, "off production unknown unprotected"],
        [{ branch: "release/1.0" }, "off production release unknown unprotected"],
        [{ branch: "release" }, "off production unknown unprotected"],
        [{ branch: "hot/release/1.0" }, "off production unknown unprotected"],
        [{ tag: "v1.0" }, "either off production tags unknown"],
        [{ tag: "v2", isProtected: true }, "off production tags unknown"],
        [{ tag: "main" }, "off production unknown"],
        [{ path: "mygroup/other" }, "group off unknown"],
        [{ path: "mygroup/team/app" }, "apps group off unknown"],
        [{ path: "mygroup/team/web/app" }, "apps group off unknown"],
        [{ path: "MyGroup/MyProject" }, "off unknown"],
        [{ path: "mygroup-evil/myproject" }, "off unknown"],
        [{ path: "evil/mygroup/myproject" }, "off unknown"],
        [{ source: "schedule" }, "either group main number off production scheduled sub unknown unprotected"],
        [{ source: "merge_request_event" }, "off unknown"],
        [{ branch: HOSTILE_BRANCH }, "hostile off production unknown unprotected"],
        [{ branch: HOSTILE_BRANCH.replace("é", "e") }, "off production unknown unprotected"],
    ];
    for (const [place, jobs] of STARTED) {
        it(`${JSON.stringify(place)} starts ${jobs}`, async () => {
            const started = await project.started(place);
            expect(started.map((job) => job.replace("assume role ", "")).join(" ")).to.equal(jobs);
        });
    }

    it("a pipeline has the jobs that AWS allows, and they become the role", async () => {
        const { yaml } = buildGitLabCi({
            roleArns: { main: DEPLOY, hostile: HOSTILE },
            roles: {
                main: ROLES.main!,
                hostile: { ...ROLES.hostile, gitlabCi: { sessionName: "deploy-$CI_COMMIT_REF_NAME" } },
            },
        });
        const both = runner!.project({ ".gitlab-ci.yml": yaml });

        const main = await both.run([], { branch: "main" });
        expect(main.status, main.log).to.equal(0);
        expect(identities(main.of("assume role main"))).to.deep.equal([
            "arn:aws:sts::111122223333:assumed-role/deploy/GitLabRunner-PROJECT-PIPELINE-JOB",
        ]);
        expect(main.of("assume role hostile")).to.equal("");

        const hostile = await both.run([], { branch: HOSTILE_BRANCH });
        expect(hostile.status, hostile.log).to.equal(0);
        expect(identities(hostile.of("assume role hostile"))).to.deep.equal([
            "arn:aws:sts::111122223333:assumed-role/hostile/deploy-it-s----id----id------",
        ]);
        expect(hostile.of("assume role main")).to.equal("");
    });
});
