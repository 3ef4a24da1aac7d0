import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inTemporaryFolder, projectRoot, say, SetupError } from "../setup/cache";
import { cachedPackages } from "../setup/npm";

/** The core: what GitLab and IAM say, and what is decided about a trust policy. */
const CORE = ["gitlab", "iam", "trust"].map((folder) => `provider/${folder}/**/*.ts`);

/** Percentage of the changes to the core that the tests have to notice. */
const REQUIRED = 90;

/** Tests that are about the trust core, quick ones first: what one of them notices is not run again. */
const TESTS = [
    "trust/policy",
    "trust/details",
    "trust/evaluation-details",
    "trust/evaluate",
    "trust/explain",
    "trust/lint",
    "iam/ip-range",
    "components/refusals",
    "trust/properties",
].map((name) => `test/unit/${name}.test.ts`);

/**
 * How Stryker runs. Every mutator is on, also the one that empties texts: what a finding says is part of what users get, and
 * trust/details.test.ts and trust/evaluation-details.test.ts have it word for word.
 */
function optionsFor(files: readonly string[], temporary: string): object {
    return {
        mutate: files,
        testRunner: "mocha",
        plugins: ["@stryker-mutator/mocha-runner"],
        mochaOptions: {
            "no-config": true,
            "no-package": true,
            extension: ["ts"],
            require: ["tsx/cjs", "./tools/mutation/fixed-seed.ts"],
            spec: TESTS,
            // Thousands of inputs that only must not throw, and tests of speed, which counting slows down.
            grep: "^(?!hostile values|pathological patterns)",
        },
        coverageAnalysis: "perTest",
        // A regular expression or a table that is made when its module is loaded is a rule like any other.
        ignoreStatic: false,
        // Only what the tests read is copied, and to a folder outside of the project.
        ignorePatterns: [
            "**",
            ...["provider/**", ...TESTS, "tools/mutation/fixed-seed.ts", "schema.json", "package.json"].map(
                (f) => `!${f}`,
            ),
        ],
        tsconfigFile: "none",
        tempDirName: join(temporary, "sandbox"),
        // Generous, as a busy machine is no proof that a change was noticed; endless loops are found by counting.
        timeoutMS: 30_000,
        concurrency: 2,
        reporters: ["progress-append-only", "json"],
        jsonReporter: { fileName: join(temporary, "report.json") },
        logLevel: "warn",
        allowConsoleColors: false,
    };
}

/** What Stryker writes, as far as it is used here. Source: Stryker, "mutation-testing-report-schema". */
interface Report {
    readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>>;
}

interface Mutant {
    readonly location: { readonly start: { readonly line: number; readonly column: number } };
    readonly mutatorName: string;
    readonly replacement?: string;
    readonly status: "Killed" | "Timeout" | "Survived" | "NoCoverage" | "CompileError" | "RuntimeError" | "Ignored";
}

const isNoticed = ({ status }: Mutant): boolean => status === "Killed" || status === "Timeout";
const isMissed = ({ status }: Mutant): boolean => status === "Survived" || status === "NoCoverage";

async function main(): Promise<void> {
    const files = (process.env["FILES"] ?? "").split(/[\s,]+/).filter((file) => file !== "");
    const stryker = await strykerCommand();
    await inTemporaryFolder("mutation", async (temporary) => {
        const options = join(temporary, "stryker.json");
        await writeFile(options, JSON.stringify(optionsFor(files.length > 0 ? files : CORE, temporary)));
        const status = await runToEnd(process.execPath, [stryker, "run", options]);
        if (status !== 0) {
            throw new SetupError(`Stryker ended with ${status}; the lines above say why.`);
        }
        report(JSON.parse(await readFile(join(temporary, "report.json"), "utf8")) as Report);
    });
}

/** Stryker's command, from the cache. */
async function strykerCommand(): Promise<string> {
    const dir = await cachedPackages(__dirname, "mutation", "installing Stryker (75 MB, under a minute)");
    return join(dir, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
}

/** Runs a command in the project's folder, with its output shown; Ctrl-C ends it, and what it leaves is then cleaned up here. */
function runToEnd(command: string, args: readonly string[]): Promise<number | string> {
    const preload = `--require ${JSON.stringify(join(__dirname, "preload.cjs"))}`;
    const env = {
        ...process.env,
        NODE_OPTIONS: [process.env["NODE_OPTIONS"] ?? "", preload].join(" "),
        // Stryker links node_modules into its copy of the project, unless it is itself a link, as set-up makes it.
        NODE_PATH: join(projectRoot, "node_modules"),
    };
    const ignore = (): void => undefined;
    process.on("SIGINT", ignore);
    return new Promise<number | string>((resolve, reject) => {
        spawn(command, args, { cwd: projectRoot, env, stdio: "inherit" })
            .on("error", reject)
            .on("close", (code, signal) => resolve(code ?? String(signal)));
    }).finally(() => process.off("SIGINT", ignore));
}

/** What was missed, then the scores. */
function report({ files }: Report): void {
    for (const [file, { mutants }] of Object.entries(files)) {
        for (const { location, mutatorName, replacement = "", status } of mutants.filter(isMissed)) {
            const at = `${file}:${String(location.start.line)}:${String(location.start.column)}`;
            const untested = status === "NoCoverage" ? " (no test runs it)" : "";
            console.log(`${at} ${mutatorName}${untested}: ${replacement.replace(/\s+/g, " ").slice(0, 400)}`);
        }
    }
    const all = Object.values(files).flatMap(({ mutants }) => mutants);
    if (all.length === 0) {
        throw new SetupError("There is nothing to change in these files.");
    }
    const scores: readonly (readonly [string, readonly Mutant[]])[] = [
        ...Object.entries(files).map(([file, { mutants }]) => [file, mutants] as const),
        ["texts", all.filter((m) => m.mutatorName === "StringLiteral")],
        ["everything but texts", all.filter((m) => m.mutatorName !== "StringLiteral")],
        ["in all", all],
    ];
    for (const [name, mutants] of scores) {
        const { noticed, missed, score } = scoreOf(mutants);
        console.log(
            `${name.padEnd(32)} ${score.toFixed(1).padStart(5)} % (${String(noticed)} of ${String(noticed + missed)})`,
        );
    }
    if (scoreOf(all).score < REQUIRED) {
        console.log(`${String(REQUIRED)} % are required.`);
        process.exitCode = 1;
    }
}

function scoreOf(mutants: readonly Mutant[]): { noticed: number; missed: number; score: number } {
    const noticed = mutants.filter(isNoticed).length;
    const missed = mutants.filter(isMissed).length;
    return { noticed, missed, score: noticed + missed === 0 ? 100 : (100 * noticed) / (noticed + missed) };
}

main().catch((error: unknown) => {
    const text = error instanceof SetupError ? error.message : error instanceof Error ? error.stack : String(error);
    (text ?? "").split("\n").forEach(say);
    process.exitCode = 1;
});
