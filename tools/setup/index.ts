import { delimiter, dirname } from "node:path";
import { SetupError, which } from "./cache";
import { debianTools, type DebianTools } from "./debian";
import { pulumiCli, type PulumiCli } from "./pulumi";
import { pythonTools, type PythonTools } from "./python";
import { yamlHost } from "./yaml-host";

export interface Toolchain {
    pulumi: PulumiCli;
    /** The folder that holds `pulumi-language-yaml`. */
    yamlHostDir: string;
    python: PythonTools;
    debian: DebianTools;
    /** The environment of this process with all of it on PATH. */
    env: Record<string, string>;
}

/** Everything that tests and demo need, fetched or built where it is missing. */
export async function toolchain(): Promise<Toolchain> {
    if ((await which("git")) === undefined) {
        throw new SetupError("git is missing. Install it (Debian, Ubuntu: apt-get install git).");
    }
    // Building uses the processors, the others the network; the two Go builds would only get in each other's way.
    const [[pulumi, yamlHostDir], python, debian] = await Promise.all([engine(), pythonTools(), debianTools()]);
    const folders = [dirname(process.execPath), dirname(pulumi.path), yamlHostDir, python.bin];
    const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return {
        pulumi,
        yamlHostDir,
        python,
        debian,
        env: {
            ...Object.fromEntries(inherited),
            PATH: [...new Set([...folders, ...(process.env.PATH ?? "").split(delimiter), ...debian.bin])].join(
                delimiter,
            ),
            PULUMI_SKIP_UPDATE_CHECK: "true",
        },
    };
}

async function engine(): Promise<[PulumiCli, string]> {
    const pulumi = await pulumiCli();
    return [pulumi, await yamlHost(pulumi)];
}
