import { expect } from "chai";
import { parse, parseAllDocuments } from "yaml";
import { buildGitLabCi, type GitLabCiOptions } from "../../../provider/operations/gitlab-ci";

const ROLE_ARNS = { deploy: "arn:aws:iam::111122223333:role/deploy" };

/** YAML 1.2, and 1.1, which GitLab's reader is of. */
const VERSIONS = ["1.2", "1.1"] as const;

interface Job {
    readonly id_tokens: Readonly<Record<string, unknown>>;
    readonly stage?: unknown;
    readonly image?: unknown;
    readonly environment?: { readonly name: unknown };
    readonly script?: readonly unknown[];
}

function jobOf(gitlabCi: GitLabCiOptions, version: (typeof VERSIONS)[number]): readonly [name: string, Job] {
    const { yaml } = buildGitLabCi({ roleArns: ROLE_ARNS, gitlabCi });
    const [job, ...others] = parse(yaml, { version, mapAsMap: true }) as unknown as Map<string, unknown>;
    expect(others).to.deep.equal([]);
    return [job![0], (parse(yaml, { version }) as Record<string, Job>)[job![0]]!];
}

/** Names of variables that YAML of some version reads as something else than text. */
const VARIABLES =
    "y Y n N yes Yes YES no No NO on On ON off Off OFF true True TRUE false False FALSE null Null NULL nan NaN inf e1 E9 E_1 _1 _y";

describe("a variable of the ID token is text to YAML", () => {
    for (const tokenVariable of VARIABLES.split(" ")) {
        it(tokenVariable, () => {
            for (const version of VERSIONS) {
                for (const credentials of ["export", "web-identity", "profile"] as const) {
                    const [, job] = jobOf({ tokenVariable, credentials }, version);
                    expect(job.id_tokens).to.deep.equal({ [tokenVariable]: { aud: "https://gitlab.com" } });
                }
                const template = jobOf({ tokenVariable, form: "template" }, version)[1];
                expect(Object.keys(template.id_tokens)).to.deep.equal([tokenVariable]);
                const { files } = buildGitLabCi({
                    roleArns: ROLE_ARNS,
                    gitlabCi: { tokenVariable, form: "component", componentProject: "mygroup/aws-roles" },
                });
                const [, component] = parseAllDocuments(files["templates/deploy.yml"]!, { version });
                const keys = component!.toJS({ mapAsMap: true }) as Map<string, Map<string, Map<unknown, unknown>>>;
                expect([...keys.get("$[[ inputs.job ]]")!.get("id_tokens")!.keys()]).to.deep.equal([tokenVariable]);
            }
        });
    }

    it("and stands without quotes where nothing else could be read", () => {
        for (const [tokenVariable, line] of [
            ["AWS_ID_TOKEN", "    AWS_ID_TOKEN:"],
            ["yes", '    "yes":'],
            ["null", '    "null":'],
            ["_TOKEN", '    "_TOKEN":'],
        ] as const) {
            const { yaml } = buildGitLabCi({ roleArns: ROLE_ARNS, gitlabCi: { tokenVariable } });
            expect(yaml.split("\n")).to.include(line);
        }
    });
});

/** Text that YAML of some version reads as a number, a time, a date, nothing or a truth value. */
const WORDS =
    "~ y Y n NO yes off True null 1 1e3 1E3 0x1F 0o17 0b1 017 1_000 +1 -1 -.5 .5 1.5 .inf -.INF .NaN 12:30 12:30:45 2026-01-31 2026-01-31T12:00:00Z = e1 -";

describe("names and commands are text to YAML", () => {
    for (const word of WORDS.split(" ")) {
        it(word, () => {
            for (const version of VERSIONS) {
                const [, { stage, script }] = jobOf({ stage: word, script: [word] }, version);
                expect({ stage, script: script!.slice(1) }).to.deep.equal({ stage: word, script: [word] });
                const [, { image }] = jobOf({ image: word }, version);
                expect(image).to.equal(word);
                if (!word.startsWith(".")) {
                    expect(jobOf({ jobName: word }, version)[0]).to.equal(word);
                }
                if (/^[\w.-]+$/.test(word)) {
                    const [, { environment }] = jobOf({ environment: word }, version);
                    expect(environment).to.deep.equal({ name: word });
                }
            }
        });
    }
});
