import { AssumeRoleWithWebIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { buildGitLabCi } from "pulumi-aws-gitlab-oidc/gitlab-ci";
import { buildTrustPolicy } from "pulumi-aws-gitlab-oidc/trust";
import type { GitLabCiRole, SubClaimComponent, Subject } from "../../provider/contract/types";
import type { AccountRole } from "./account";
import { DENIED, identities, startRunner, type Place, type Project, type Runner } from "./runner";

const GROUP_PROJECT = { project: "mygroup/myproject", projectId: "20" };
const WITH_TIER: readonly SubClaimComponent[] = [
    "project_path",
    "ref_type",
    "ref",
    "deployment_tier",
    "environment_protected",
];

/** A role of the account, and its job. */
interface Role extends GitLabCiRole {
    readonly subjects: readonly Subject[];
    readonly subClaimComponents?: readonly SubClaimComponent[];
}

const PIPELINES: Readonly<Record<string, Role>> = {
    main: { subjects: [{ ...GROUP_PROJECT, branch: "main" }] },
    requests: { subjects: [{ ...GROUP_PROJECT, branch: "feature/*", mergeRequests: true }] },
    both: {
        subjects: [
            { ...GROUP_PROJECT, branch: "feature/*", claims: { pipelineSource: ["push", "merge_request_event"] } },
        ],
    },
    tags: { subjects: [{ ...GROUP_PROJECT, tag: "v*", refProtected: true }] },
    scheduled: { subjects: [{ ...GROUP_PROJECT, branch: "main", claims: { pipelineSource: ["schedule"] } }] },
};

const MAIN = { ...GROUP_PROJECT, branch: "main" };
const ENVIRONMENTS: Readonly<Record<string, Role>> = {
    production: {
        subjects: [{ ...MAIN, deploymentTier: "production", environmentProtected: true }],
        gitlabCi: { environment: "production" },
    },
    blue: {
        subjects: [{ ...MAIN, deploymentTier: "staging", environmentProtected: "*" }],
        gitlabCi: { environment: { name: "blue", tier: "staging", url: "https://blue.example.com", action: "start" } },
    },
    qa: {
        subjects: ["production", "staging"].map((deploymentTier) => ({
            ...MAIN,
            deploymentTier,
            environmentProtected: "*",
        })),
        gitlabCi: { environment: "qa" },
    },
    absent: { subjects: [{ ...MAIN, deploymentTier: "production", environmentProtected: "*" }] },
    none: { subjects: [MAIN] },
};

function accountRole([name, { subjects, subClaimComponents }]: readonly [string, Role]): AccountRole {
    const providerArn = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
    const { json } = buildTrustPolicy({
        providerArn,
        subjects,
        ...(subClaimComponents !== undefined && { subClaimComponents }),
    });
    return { RoleName: name, trustPolicy: json };
}

const arnOf = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;

/** Whether GitLab starts the job, and whether AWS allows it. */
type Fate = "runs" | "starts, is denied" | "not started, would be allowed" | "not started";

describe("merge requests, tags, schedules and environments, by gitlab-ci-local", function () {
    let runner: Runner | undefined;
    let sts: STSClient;

    before(async function () {
        runner = await startRunner(this, [
            ...Object.entries(PIPELINES).map(accountRole),
            ...Object.entries(ENVIRONMENTS).map(([name, role]) =>
                accountRole([name, { ...role, subClaimComponents: WITH_TIER }]),
            ),
        ]);
        sts = new STSClient({
            endpoint: runner.gate.endpoint,
            region: "us-east-1",
            credentials: { accessKeyId: "testing", secretAccessKey: "testing" },
        });
    });

    after(() => runner?.stop());

    function projectWith(roles: Readonly<Record<string, Role>>): Project {
        const { yaml } = buildGitLabCi({
            roleArns: Object.fromEntries(Object.keys(roles).map((name) => [name, arnOf(name)])),
            roles: Object.fromEntries(
                Object.entries(roles).map(([name, { subjects, gitlabCi }]) => [
                    name,
                    { subjects, ...(gitlabCi !== undefined && { gitlabCi }) },
                ]),
            ),
        });
        return runner!.project({ ".gitlab-ci.yml": yaml });
    }

    async function isAllowed(name: string, place: Place): Promise<boolean> {
        try {
            await sts.send(
                new AssumeRoleWithWebIdentityCommand({
                    RoleArn: arnOf(name),
                    RoleSessionName: "test",
                    WebIdentityToken: await runner!.token(place),
                }),
            );
            return true;
        } catch (error) {
            expect((error as Error).message).to.equal("Not authorized to perform sts:AssumeRoleWithWebIdentity");
            return false;
        }
    }

    /** The fate of the job of each role. Started jobs are run, and AWS is asked about the others. */
    async function fatesOf(
        names: readonly string[],
        project: Project,
        place: Place,
    ): Promise<Readonly<Record<string, Fate>>> {
        const started = await project.started(place);
        const fates: Record<string, Fate> = {};
        for (const name of names) {
            const job = `assume role ${name}`;
            fates[name] = started.includes(job)
                ? await fateOfStarted(name, job, { project, place })
                : (await isAllowed(name, place))
                  ? "not started, would be allowed"
                  : "not started";
        }
        return fates;
    }

    async function fateOfStarted(
        name: string,
        job: string,
        { project, place }: { readonly project: Project; readonly place: Place },
    ): Promise<Fate> {
        const run = await project.run([job], place);
        const text = run.of(job);
        if (run.status === 0) {
            expect(identities(text), run.log).to.have.length(1);
            expect(identities(text)[0]).to.contain(`:assumed-role/${name}/`);
            return "runs";
        }
        expect(text).to.contain(DENIED);
        return "starts, is denied";
    }

    const SOURCE = { path: "mygroup/myproject", id: "20" };
    const FORK = { path: "jdoe/myproject", id: "21" };
    const REQUEST = { id: "20", source: "merge_request_event", branch: "feature/a", mergeRequestOf: SOURCE };

    const TABLE: readonly (readonly [title: string, place: Place, fates: Readonly<Record<string, Fate>>])[] = [
        ["a push to main", { id: "20" }, { main: "runs" }],
        ["a push to feature/a", { id: "20", branch: "feature/a" }, { both: "runs" }],
        ["a merge request of the project", REQUEST, { requests: "runs", both: "runs" }],
        [
            "a merge request of the project to another project, which runs there",
            { ...REQUEST, path: "upstream/myproject", id: "22" },
            { requests: "runs", both: "runs" },
        ],
        ["a merge request of a fork, in the fork", { ...REQUEST, ...FORK, mergeRequestOf: FORK }, {}],
        ["a merge request of a fork, in the project", { ...REQUEST, mergeRequestOf: FORK }, {}],
        [
            "a merge request from main, which no subject names",
            { ...REQUEST, branch: "main" },
            { main: "not started, would be allowed" },
        ],
        ["a protected tag", { id: "20", tag: "v1.0", isProtected: true }, { tags: "runs" }],
        ["a tag that is not protected", { id: "20", tag: "v1.0" }, {}],
        ["a schedule", { id: "20", source: "schedule" }, { main: "runs", scheduled: "runs" }],
    ];
    for (const [title, place, fates] of TABLE) {
        it(`${title}: ${JSON.stringify(fates)}`, async () => {
            const names = Object.keys(PIPELINES);
            const others = Object.fromEntries(names.map((name) => [name, "not started"]));
            expect(await fatesOf(names, projectWith(PIPELINES), place)).to.deep.equal({ ...others, ...fates });
        });
    }

    /** The environment of the job in its token. GitLab takes the tier from the job, or from the environment that it has. */
    const IN_ENVIRONMENT: readonly (readonly [name: string, environment: Place["environment"], fate: Fate])[] = [
        ["production", { name: "production", tier: "production", isProtected: true }, "runs"],
        ["production", { name: "production", tier: "production" }, "starts, is denied"],
        ["blue", { name: "blue", tier: "staging" }, "runs"],
        ["qa", { name: "qa", tier: "testing" }, "starts, is denied"],
        ["qa", { name: "qa", tier: "staging" }, "runs"],
        ["absent", undefined, "starts, is denied"],
        ["none", undefined, "runs"],
        ["none", { name: "production", tier: "production" }, "starts, is denied"],
    ];
    for (const [name, environment, fate] of IN_ENVIRONMENT) {
        it(`the job ${name} in ${environment === undefined ? "no environment" : JSON.stringify(environment)} ${fate}`, async () => {
            const place: Place = { id: "20", components: WITH_TIER, ...(environment !== undefined && { environment }) };
            expect(await fatesOf([name], projectWith(ENVIRONMENTS), place)).to.deep.equal({ [name]: fate });
        });
    }
});
