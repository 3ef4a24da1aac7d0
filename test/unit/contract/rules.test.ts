import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse as parseYaml } from "yaml";
import { CALLS } from "../../../provider/operations/calls";
import { checkedArgs } from "../../../provider/operations/check-issuer";
import { checkOneProject } from "../../../provider/operations/check-project";
import { Findings, InvalidInputsError } from "../../../provider/contract/findings";
import { RULES } from "../../../provider/contract/rules";
import { checkGitLabOidc } from "../../../provider/components/gitlab-oidc-check";
import { checkPipelineRole } from "../../../provider/components/pipeline-role-check";
import { type InputsView } from "../../../provider/components/checked";
import { UNKNOWN } from "../../../provider/contract/unknown";
import { checkOrganizationGuardrail } from "../../../provider/components/organization-guardrail-check";
import { checkIssuerMirror } from "../../../provider/components/issuer-mirror-check";
import { anchorsOf, filled, pageText } from "../../support/pages";

const root = join(__dirname, "../../..");

const PAGE = "docs/reference/rules.md";

/** What docs/reference/rules.md has about a rule. */
interface Entry {
    readonly id: string;
    readonly severity: string;
    /** What the bad example is, without the dots: `inputs of GitLabOidc`. */
    readonly kind: string;
    readonly bad: InputsView;
    readonly good: InputsView;
    readonly accept?: readonly string[];
}

const SHAPE = new RegExp(
    [
        "^(?<id>\\S+)",
        "\\*\\*(?<severity>Error|Warning)\\.\\*\\* \\S.*?",
        "Bad (?<kind>[^\\n]*):",
        "```(?:yaml|json)\\n(?<bad>.*?)\\n```",
        "Good:",
        "```(?:yaml|json)\\n(?<good>.*?)\\n```",
        "\\*\\*Fix:\\*\\* [^\\n]+",
    ].join("\\n\\n") + "(?:\\n\\n\\*\\*Accept:\\*\\* `accept: (?<accept>\\[.*\\])`)?\\s*$",
    "s",
);

function readEntries(markdown: string): readonly Entry[] {
    return markdown
        .split(/^## /m)
        .slice(1)
        .map((section) => {
            const found = SHAPE.exec(section)?.groups;
            if (found === undefined) {
                throw new Error(`${PAGE} has another shape here: ${section}`);
            }
            return {
                id: found["id"]!,
                severity: found["severity"]!.toLowerCase(),
                kind: found["kind"]!.replaceAll("`", ""),
                bad: parse(found["bad"]!),
                good: parse(found["good"]!),
                ...(found["accept"] !== undefined && { accept: JSON.parse(found["accept"]) as string[] }),
            };
        });
}

/** The value of an example, with what its placeholders and abbreviations represent. */
function parse(example: string): InputsView {
    return expand(parseYaml(filled(example))) as InputsView;
}

const RANGE = /\{1\.\.(\d+)\}/;

function expand(value: unknown): unknown {
    if (typeof value === "string") {
        return /^\$\{\w+\.\w+\}$/.test(value)
            ? UNKNOWN
            : value.replace(/\{(\d+) × (.)\}/g, (_, count: string, text: string) => text.repeat(Number(count)));
    }
    if (Array.isArray(value)) {
        return value.flatMap((item: unknown) => numbered(item).map(expand));
    }
    if (typeof value === "object" && value !== null) {
        const entries = Object.entries(value).flatMap((entry) =>
            RANGE.test(entry[0]) ? (numbered(entry) as (typeof entry)[]) : [entry],
        );
        return Object.fromEntries(entries.map(([k, v]) => [k, expand(v)]));
    }
    return value;
}

/** The entries that one entry with a range stands for. */
function numbered(entry: unknown): readonly unknown[] {
    const text = JSON.stringify(entry);
    const count = RANGE.exec(text)?.[1];
    return count === undefined
        ? [entry]
        : Array.from({ length: Number(count) }, (_, i): unknown =>
              JSON.parse(text.replaceAll(`{1..${count}}`, String(i + 1))),
          );
}

const ACCOUNT = "arn:aws:iam::111122223333";
const PATH = { project: "mygroup/myproject", branch: "main" };
const PATH_AND_ID = { ...PATH, projectId: "4711" };
const STATEMENT = {
    Effect: "Allow",
    Principal: { Federated: `${ACCOUNT}:oidc-provider/gitlab.example.com` },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
        StringEquals: {
            "gitlab.example.com:aud": "https://gitlab.example.com",
            "gitlab.example.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main",
        },
    },
};

type Run = (example: InputsView) => readonly string[];

/** Ids of what GitLabOidc says. */
const gitlabOidc: Run = (example) => {
    const subject = example["url"] === undefined ? PATH_AND_ID : PATH;
    const checked = checkGitLabOidc("gitlab", { roles: { deploy: { subjects: [subject] } }, ...example });
    return [...checked.errors, ...checked.warnings, ...[...checked.roleWarnings.values()].flat()].map((f) => f.id);
};

const pipelineRole: Run = (example) => {
    const inputs = { providerArn: `${ACCOUNT}:oidc-provider/gitlab.com`, subjects: [PATH_AND_ID], ...example };
    const { errors, warnings } = checkPipelineRole("role", inputs);
    return [...errors, ...warnings].map((f) => f.id);
};

const issuerMirror: Run = (example) => {
    const { errors, warnings } = checkIssuerMirror(
        {
            discovery: UNKNOWN,
            keys: UNKNOWN,
            bucketName: "mycompany-gitlab-issuer",
            ...example,
        },
        "7.48.0",
    );
    return [...errors, ...warnings].map((f) => f.id);
};

const organizationGuardrail: Run = (example) => {
    const { errors, warnings } = checkOrganizationGuardrail("guardrail", example);
    return [...errors, ...warnings].map((f) => f.id);
};

const statement: Run = (example) =>
    CALLS.lintTrustPolicy({
        trustPolicy: { Version: "2012-10-17", Statement: [{ ...STATEMENT, ...example }] },
    }).findings.map((f) => f.id);

function call(run: (args: object) => unknown): Run {
    return (example) => {
        try {
            run(example);
            return [];
        } catch (error) {
            if (error instanceof InvalidInputsError) {
                return error.findings.map((f) => f.id);
            }
            throw error;
        }
    };
}

/** What the examples are, by the words above them. */
const KINDS: Readonly<Record<string, Run>> = {
    "inputs of GitLabOidc": gitlabOidc,
    "inputs of PipelineRole": pipelineRole,
    "inputs of IssuerMirror": issuerMirror,
    "inputs of OrganizationGuardrail": organizationGuardrail,
    "statement of a trust policy": statement,
    "arguments of getGitlabCi": call((args) => CALLS.getGitlabCi(args as never)),
    "arguments of checkIssuer": call((args) => checkedArgs({ url: "https://gitlab.example.com", ...args })),
    // GitLab's answer is in test/unit/issuer/project.test.ts.
    "arguments of lookupProject": call((args) =>
        checkOneProject((args as { project: string }).project, new Findings()),
    ),
    "arguments of explainTrust": call((args) => CALLS.explainTrust({ trustPolicy: { Statement: STATEMENT }, ...args })),
};

/** Rules that only an answer of AWS or GitLab breaks. */
const BY_ANSWER: Readonly<Record<string, string>> = {
    "adopt-missing": "test/engine/adopt.test.ts",
    "adopt-lookup": "test/engine/adopt.test.ts",
    "adopt-audience": "test/engine/adopt.test.ts",
    "cloud-front-partition": "test/engine/mirror.test.ts",
    "project-lookup": "test/engine/projects.test.ts",
};

describe(PAGE, () => {
    const entries = readEntries(pageText(PAGE));

    it("has one heading for every rule of the code, with its severity, and no other", () => {
        const listed = entries.map(({ id, severity }) => [id, severity] as const);
        expect(listed.map(([id]) => id)).to.have.lengthOf(new Set(listed.map(([id]) => id)).size);
        expect(Object.fromEntries(listed)).to.deep.equal(RULES);
    });

    it("lists every rule at its beginning, in the order of the headings", () => {
        const links = pageText(PAGE)
            .split(/^## /m)[0]!
            .matchAll(/\[([\w-]+)\]\(#([\w-]+)\)/g);
        const ids = entries.map(({ id }) => id);
        expect(Array.from(links, ([, text, anchor]) => [text, anchor])).to.deep.equal(ids.map((id) => [id, id]));
    });

    it("has anchors that are the ids", () => {
        expect(anchorsOf(pageText(PAGE)).slice(1)).to.deep.equal(entries.map(({ id }) => id));
    });

    it("has examples of every kind that is known here", () => {
        expect([...new Set(entries.map(({ kind }) => kind))]).to.have.members(Object.keys(KINDS));
    });

    for (const { id, severity, kind, bad, good, accept } of entries) {
        it(`${id}: the bad example gives it and nothing else, the good one gives nothing`, () => {
            const run = KINDS[kind]!;
            expect(run(bad)).to.satisfy((ids: readonly string[]) =>
                id in BY_ANSWER ? ids.length === 0 : ids.length > 0 && ids.every((found) => found === id),
            );
            expect(run(good)).to.deep.equal([]);
        });

        it(`${id}: ${severity === "warning" ? "what it shows accepts it" : "it shows no way to accept it"}`, () => {
            expect(accept !== undefined).to.equal(severity === "warning");
            if (accept !== undefined) {
                expect(accept).to.include(id);
                const earlier = (bad["accept"] ?? []) as readonly string[];
                expect(KINDS[kind]!({ ...bad, accept: [...new Set([...earlier, ...accept])] })).to.deep.equal([]);
            }
        });
    }

    it("leaves to an engine test what only AWS or GitLab can report", () => {
        for (const [id, test] of Object.entries(BY_ANSWER)) {
            expect(readFileSync(join(root, test), "utf8")).to.contain(`[${id}]`);
        }
    });
});
