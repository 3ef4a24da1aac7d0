import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { buildGitLabCi, type GetGitlabCiArgs, type GitLabCiOptions } from "../../../provider/operations/gitlab-ci";
import type { Subject } from "../../../provider/contract/types";
import { pythonTools } from "../../../tools/setup/python";
import { documentsOf, jobsOf, withInputs } from "../../pipeline/job";

const EVERYTHING_PRINTABLE = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).join("");
const HOSTILE_PATH = `arn:aws:iam::111122223333:role/${EVERYTHING_PRINTABLE}$(exit)\${HOME}$[[inputs.x]]'"\`/deploy`;
const SUBJECTS: readonly Subject[] = [
    { project: "mygroup/myproject", branch: "main", deploymentTier: "production" },
    { group: "mygroup", tag: `v*'"$\`é`, refProtected: true, claims: { pipelineSource: ["push", "web"] } },
];

const FORMS: readonly GitLabCiOptions[] = [
    { form: "job" },
    { form: "template" },
    { form: "component", componentProject: "mygroup/aws-roles" },
];
const CREDENTIALS: readonly GitLabCiOptions[] = [
    { credentials: "export" },
    { credentials: "web-identity" },
    { credentials: "profile" },
];

interface Group {
    readonly options: GitLabCiOptions;
    readonly roleArn?: string;
    readonly key?: string;
    readonly audience?: string;
    readonly subjects?: readonly Subject[];
}

/** Options that belong together, by the name of the file that they are tried in. */
const GROUPS: Readonly<Record<string, Group>> = {
    nothing: { options: {} },
    runner: { options: { stage: "on", image: "hashicorp/terraform:1.13", tokenVariable: "TOKEN_1" } },
    entrypoint: { options: { image: "$IMAGE", entrypoint: ["", `"'$HOME: #`] } },
    environment: { options: { environment: "review/$CI_COMMIT_REF_SLUG" }, subjects: SUBJECTS.slice(0, 1) },
    rules: { options: {}, subjects: SUBJECTS },
    region: { options: { region: "cn-northwest-1" }, roleArn: "arn:aws-cn:iam::111122223333:role/deploy" },
    partition: { options: {}, roleArn: "arn:aws-us-gov:iam::111122223333:role/deploy" },
    names: { options: { sessionName: "-${CI_COMMIT_REF_NAME}-$GITLAB_USER_LOGIN", roleArnVariable: "ROLE_ARN" } },
    script: { options: { script: [`echo: "it's" # $HOME`, "- a", "if true; then\n  b: c\nfi", "*", "é\u2028"] } },
    hostile: {
        options: { stage: "a", script: [EVERYTHING_PRINTABLE] },
        roleArn: HOSTILE_PATH,
        key: "-",
        audience: EVERYTHING_PRINTABLE.replace(/[*?$]/g, ""),
        subjects: [{ project: "a/b", branch: `a'"$(x)\`\${y}&&||/é;#` }],
    },
};

interface Sample {
    readonly name: string;
    readonly files: Readonly<Record<string, string>>;
    /** The commands that take the credentials. */
    readonly exchange: string;
}

function sampleOf(group: string, form: GitLabCiOptions, credentials: GitLabCiOptions): Sample {
    const {
        options,
        roleArn = "arn:aws:iam::111122223333:role/deploy",
        key = "deploy",
        audience,
        subjects,
    } = GROUPS[group]!;
    const gitlabCi = { ...options, ...form, ...credentials };
    const name = [group, form.form, credentials.credentials].join("-");
    const { yaml, files } = buildGitLabCi({
        roleArns: { [key]: roleArn },
        gitlabCi,
        ...(audience !== undefined && { audience }),
        ...(subjects !== undefined && { roles: { [key]: { subjects } } }),
    } satisfies GetGitlabCiArgs);
    const template = files[`templates/${key}.yml`];
    if (template === undefined) {
        return { name, files: { [`${name}.yml`]: yaml }, exchange: exchangeIn(yaml) };
    }
    const [header, body] = documentsOf(template);
    const used = withInputs(template, { job: "deploy it", region: "", script: ["a: b", "# c"] });
    return {
        name,
        files: {
            [`${name}-include.yml`]: yaml,
            [`${name}-header.yml`]: header,
            [`${name}-body.yml`]: body,
            [`${name}-used.yml`]: used,
        },
        exchange: exchangeIn(withInputs(template)),
    };
}

function exchangeIn(yaml: string): string {
    const [job] = Object.values(jobsOf(yaml));
    return (job!.before_script ?? job!.script)![0]!;
}

const samples = Object.keys(GROUPS).flatMap((group) =>
    FORMS.flatMap((form) => CREDENTIALS.map((credentials) => sampleOf(group, form, credentials))),
);

describe("generated CI configuration, seen by other tools", function () {
    let bin: string;
    let folder: string;
    before(async function () {
        ({ bin } = await pythonTools());
        folder = mkdtempSync(join(tmpdir(), "gitlab-ci-"));
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    /** Writes the files and names them to the tool. */
    function run(tool: string, args: readonly string[], files: Readonly<Record<string, string>>) {
        for (const [name, text] of Object.entries(files)) {
            writeFileSync(join(folder, name), text);
        }
        const { status, stdout, stderr } = spawnSync(join(bin, tool), [...args, ...Object.keys(files)], {
            cwd: folder,
            encoding: "utf8",
        });
        return { status, log: stdout + stderr };
    }

    it("is valid by GitLab's schema", () => {
        const files = Object.assign({}, ...samples.map((sample) => sample.files)) as Record<string, string>;
        expect(Object.keys(files)).to.have.length(Object.keys(GROUPS).length * CREDENTIALS.length * (1 + 1 + 4));
        expect(run("check-jsonschema", ["--builtin-schema", "vendor.gitlab-ci"], files)).to.deep.equal({
            status: 0,
            log: "ok -- validation done\n",
        });
    });

    it("is valid by GitLab's schema with secrets, which looks at them", () => {
        const { yaml } = buildGitLabCi({
            roleArns: { deploy: HOSTILE_PATH, plan: "arn:aws:iam::111122223333:role/plan" },
            gitlabCi: {
                form: "secrets",
                secrets: {
                    DATABASE_PASSWORD: {
                        secretId: "app/database",
                        field: EVERYTHING_PRINTABLE,
                        file: false,
                        versionStage: "AWSPREVIOUS",
                        region: "eu-central-1",
                    },
                    TLS_KEY: {
                        secretId: "arn:aws:secretsmanager:eu-west-1:444455556666:secret:tls-AbCdEf",
                        versionId: "01234567-89ab-cdef-0123-456789abcdef",
                    },
                },
            },
            roles: { plan: { gitlabCi: { jobName: ".plan", roleArnVariable: "PLAN_ROLE_ARN" } } },
        });
        const schema = ["--builtin-schema", "vendor.gitlab-ci"];
        expect(run("check-jsonschema", schema, { "secrets.yml": yaml })).to.deep.equal({
            status: 0,
            log: "ok -- validation done\n",
        });
        const { status, log } = run("check-jsonschema", schema, {
            "bad-id.yml": yaml.replace("secret_id:", "name:"),
            "bad-key.yml": yaml.replace("field:", "fields:"),
            "bad-file.yml": yaml.replace("file: false", 'file: "false"'),
            "bad-token.yml": yaml.replace("token: $AWS_ID_TOKEN", "jwt: $AWS_ID_TOKEN"),
        });
        expect(status).to.equal(1);
        for (const name of ["id", "key", "file", "token"]) {
            expect(log).to.contain(`bad-${name}.yml`);
        }
    });

    it("is looked at by the schema", () => {
        const good = samples[0]!.files["nothing-job-export.yml"]!;
        const header = samples.find(({ name }) => name === "nothing-component-export")!.files;
        const { status, log } = run("check-jsonschema", ["--builtin-schema", "vendor.gitlab-ci"], {
            "bad-token.yml": good.replace("aud:", "audience:"),
            "bad-script.yml": good.replace("  script:", "  scripts:"),
            "bad-stage.yml": good.replace("  script:", "  stage: {}\n  script:"),
            "bad-header.yml": header["nothing-component-export-header.yml"]!.replace("type: array", "type: list"),
            "bad-include.yml": header["nothing-component-export-include.yml"]!.replace("component:", "components:"),
        });
        expect(status).to.equal(1);
        for (const name of ["token", "script", "stage", "header", "include"]) {
            expect(log).to.contain(`bad-${name}.yml`);
        }
        expect(log).to.contain("'aud' is a required property");
    });

    it("has scripts without a finding of shellcheck", () => {
        const shellcheck = (severity: string, files: Readonly<Record<string, string>>) =>
            run("shellcheck", ["-s", "sh", "-f", "gcc", "-S", severity], files);
        // Options that are not for the script leave it as it is.
        const scripts = [...new Map(samples.map(({ name, exchange }) => [exchange, `${name}.sh`]))].map(
            ([exchange, name]): [string, string] => [name, exchange],
        );
        expect(scripts).to.have.length.greaterThan(30);
        const isHostile = ([name]: readonly [string, string]): boolean => name.startsWith("hostile-");
        const clean = { status: 0, log: "" };
        expect(shellcheck("style", Object.fromEntries(scripts.filter((s) => !isHostile(s))))).to.deep.equal(clean);
        // Less than an error are guesses at what somebody could have meant by $ or \ in single quotes.
        expect(shellcheck("error", Object.fromEntries(scripts.filter(isHostile)))).to.deep.equal(clean);
        // It does look at them.
        const [name, script] = scripts[0]!;
        const { status, log } = shellcheck("style", {
            [name]: script.replace('"$GITLAB_OIDC_TOKEN"', "$GITLAB_OIDC_TOKEN <<< x"),
        });
        expect(status).to.equal(1);
        expect(log).to.contain("SC2086").and.to.contain("SC3011");
    });
});
