import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CALLS } from "../../../provider/operations/calls";
import { checkedArgs } from "../../../provider/operations/check-issuer";
import { InvalidInputsError } from "../../../provider/contract/findings";
import { RULES } from "../../../provider/contract/rules";
import { checkGitLabOidc } from "../../../provider/components/gitlab-oidc-check";
import { checkPipelineRole } from "../../../provider/components/pipeline-role-check";
import { type InputsView } from "../../../provider/components/checked";
import { UNKNOWN } from "../../../provider/contract/unknown";
import { checkIssuerMirror } from "../../../provider/components/issuer-mirror-check";

const root = join(__dirname, "../../..");

/** A row of docs/rules.md. */
interface Row {
    readonly group: string;
    readonly id: string;
    readonly severity: string;
    readonly example: string;
    readonly fix: string;
}

function readRows(markdown: string): readonly Row[] {
    return markdown.split(/^## /m).flatMap((section) =>
        section
            .split("\n")
            .filter((line) => line.startsWith("| `"))
            .map((line) => {
                const [, id, severity, , example, fix] = line.split(/ *(?<!\\)\| */);
                return {
                    group: section.split("\n", 1)[0]!,
                    id: code(id!),
                    severity: severity!,
                    example: example!,
                    fix: fix!,
                };
            }),
    );
}

/** What stands in the first backticks of a cell. */
function code(cell: string): string {
    return /`([^`]+)`/.exec(cell)![1]!;
}

/** The JSON of an example, with what its abbreviations stand for. */
function parse(cell: string): InputsView {
    return expand(JSON.parse(code(cell))) as InputsView;
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

const statement: Run = (example) =>
    CALLS.lintTrustPolicy({
        trustPolicy: { Version: "2012-10-17", Statement: [{ ...STATEMENT, ...example }] },
    }).findings.map((f) => f.id);

const call: Run = ({ getGitlabCi, checkIssuer, explainTrust }) => {
    try {
        if (getGitlabCi !== undefined) {
            CALLS.getGitlabCi(getGitlabCi as never);
        } else if (checkIssuer !== undefined) {
            checkedArgs({ url: "https://gitlab.example.com", ...(checkIssuer as object) });
        } else {
            CALLS.explainTrust({ trustPolicy: { Statement: STATEMENT }, ...(explainTrust as object) });
        }
        return [];
    } catch (error) {
        if (error instanceof InvalidInputsError) {
            return error.findings.map((f) => f.id);
        }
        throw error;
    }
};

/** What the examples of each group are, as the text above its table says. */
const GROUPS: Readonly<Record<string, Run>> = {
    "Shape of the inputs": gitlabOidc,
    "Identity provider": gitlabOidc,
    Subjects: pipelineRole,
    "Any trust policy": statement,
    Conditions: pipelineRole,
    Role: pipelineRole,
    "Roles beside each other": gitlabOidc,
    "CI configuration": gitlabOidc,
    "Mirror of an issuer": issuerMirror,
    Functions: call,
};

/** Rules that only an answer of AWS breaks. */
const BY_AWS: Readonly<Record<string, string>> = {
    "adopt-missing": "test/engine/adopt.test.ts",
    "adopt-lookup": "test/engine/adopt.test.ts",
    "adopt-audience": "test/engine/adopt.test.ts",
    "cloud-front-partition": "test/engine/mirror.test.ts",
};

describe("docs/rules.md", () => {
    const rows = readRows(readFileSync(join(root, "docs/rules.md"), "utf8"));

    it("has every rule of the code once, with its severity, and no other", () => {
        const listed = rows.map(({ id, severity }) => [id, severity] as const);
        expect(listed.map(([id]) => id)).to.have.lengthOf(new Set(listed.map(([id]) => id)).size);
        expect(Object.fromEntries(listed)).to.deep.equal(RULES);
    });

    it("has groups that are known here", () => {
        expect([...new Set(rows.map((r) => r.group))]).to.deep.equal(Object.keys(GROUPS));
    });

    for (const { id, severity, group, example, fix } of rows) {
        it(`${id}: the example gives it and nothing else, the fix gives nothing`, () => {
            const run = GROUPS[group]!;
            expect(run(parse(example))).to.satisfy((ids: readonly string[]) =>
                id in BY_AWS ? ids.length === 0 : ids.length > 0 && ids.every((found) => found === id),
            );
            expect(run(parse(fix))).to.deep.equal([]);
        });

        if (severity === "warning") {
            it(`${id}: the fix says what accepts it, and that does`, () => {
                const accept = /or `"accept": (\[.*?\])`$/.exec(fix)?.[1];
                expect(accept).to.contain(`"${id}"`);
                const inputs = parse(example);
                const earlier = (inputs["accept"] ?? []) as readonly string[];
                const all = new Set([...earlier, ...(JSON.parse(accept!) as readonly string[])]);
                expect(GROUPS[group]!({ ...inputs, accept: [...all] })).to.deep.equal([]);
            });
        }
    }

    it("says of rules that only AWS's answer breaks which test runs them", () => {
        const markdown = readFileSync(join(root, "docs/rules.md"), "utf8");
        for (const [id, test] of Object.entries(BY_AWS)) {
            expect(readFileSync(join(root, test), "utf8")).to.contain(`[${id}]`);
            expect(markdown.split("\n").find((line) => line.startsWith(`| \`${id}\``))).to.contain(`\`${test}\``);
        }
    });
});
