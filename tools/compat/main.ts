import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format, getFileInfo, resolveConfig } from "prettier";
import { packClasses } from "../dist/npm";
import { inTemporaryFolder, logFile, messageOf, projectRoot, run } from "../setup/cache";
import { startWorkspace, type Workspace } from "../workspace";
import { runStack } from "./engine";
import { nodeOf } from "./packages";
import { inProject, tryInstall, typeCheck, type Packed } from "./project";
import { PARTS, withSentence, withTable, type Part, type Row } from "./table";
import { runUnitTests } from "./unit";
import { lowest, newest, nodes, typescripts, type Installed } from "./versions";

const pages = { "README.md": withSentence, "docs/installation-configuration.md": withTable };

/** Tries the package with the lowest and the newest versions that it accepts, and writes the results into the pages. */
async function main(): Promise<void> {
    const rows = await inTemporaryFolder("compat-pack", async (folder) => {
        const packed = await pack(folder);
        const workspace = await startWorkspace();
        try {
            const all: Row[] = [];
            for (const node of nodes) {
                for (const versions of [lowest, newest]) {
                    all.push(await rowOf(versions, { node, packed, workspace }));
                }
            }
            return all;
        } finally {
            await workspace.stop();
        }
    });
    for (const [path, withResults] of Object.entries(pages)) {
        const page = join(projectRoot, path);
        const text = withResults(await readFile(page, "utf8"), rows);
        const { ignored } = await getFileInfo(page, { ignorePath: join(projectRoot, ".prettierignore") });
        await writeFile(page, ignored ? text : await format(text, { ...(await resolveConfig(page)), filepath: page }));
    }
    if (rows.some(({ parts }) => PARTS.some((part) => parts[part] !== undefined))) {
        process.exitCode = 1;
    }
}

async function pack(folder: string): Promise<Packed> {
    const name = await packClasses(folder);
    const unpacked = join(folder, "unpacked");
    await mkdir(unpacked);
    await run("tar", ["-xzf", join(folder, name), "-C", unpacked], { log: logFile("compat-tar") });
    return { archive: join(folder, name), folder: join(unpacked, "package") };
}

interface Means {
    readonly node: string;
    readonly packed: Packed;
    readonly workspace: Workspace;
}

async function rowOf(versions: Installed, { node: version, packed, workspace }: Means): Promise<Row> {
    const node = await nodeOf(version);
    const { pulumi, aws, awsx } = versions;
    const work: Readonly<Record<Part, () => Promise<void>>> = {
        install: () => tryInstall(versions, packed, node),
        "type-check": () =>
            inProject(versions, packed, async (folder) => {
                for (const typescript of typescripts) {
                    await typeCheck(typescript, folder, node);
                }
            }),
        unit: () => runUnitTests(versions, node),
        engine: () => inProject(versions, packed, (folder) => runStack(versions, { folder, node, workspace })),
    };
    const parts: Partial<Record<Part, string | undefined>> = {};
    for (const part of PARTS) {
        const what = `Node.js ${version}, @pulumi/pulumi ${pulumi}, @pulumi/aws ${aws}: ${part}`;
        console.log(what);
        parts[part] = await work[part]().then(() => undefined, messageOf);
        if (parts[part] !== undefined) {
            console.error(`${what} fails:\n${parts[part]}`);
        }
    }
    return { node: version, pulumi, aws, awsx, parts: parts as Row["parts"] };
}

main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
});
