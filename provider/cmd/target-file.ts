import { randomBytes } from "node:crypto";
import {
    accessSync,
    closeSync,
    constants,
    fchmodSync,
    fchownSync,
    fstatSync,
    fsyncSync,
    lstatSync,
    mkdirSync,
    openSync,
    readFileSync,
    readlinkSync,
    readSync,
    realpathSync,
    renameSync,
    rmSync,
    statSync,
    writeFileSync,
    type Stats,
} from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { quote } from "../contract/quote";
import { systemReason, UnusableInput } from "./unusable-input";

/** Far more than the size limit of GitLab. */
const MOST_BYTES = 16_000_000;

/** A file that a command may write, and its present text. */
export interface TargetFile {
    /** As the user wrote it. */
    readonly name: string;
    /** The real path, without symbolic links. */
    readonly path: string;
    /** Undefined if there is no such file yet. */
    readonly before: string | undefined;
}

/** A file and what it is to contain. */
export interface Change extends TargetFile {
    readonly after: string;
}

/** A file and its present content. The file and its folder may be missing. */
export function readTarget(name: string): TargetFile {
    return reported(name, "cannot be read", () => {
        const path = targetPath(name);
        return { name, path, before: contentOf(path) };
    });
}

function targetPath(name: string): string {
    if (name === "" || name === "-" || name.endsWith("/") || name.endsWith(sep)) {
        throw new Error("it is not the name of a file");
    }
    return realPath(resolve(name));
}

/**
 * A file that may be large, for a command that overwrites only what it wrote: `before` is the given beginning. The file and its folder
 * may be missing, and the file may be empty.
 */
export function readOwnTarget(name: string, beginning: string): TargetFile {
    const target = reported(name, "cannot be written", () => {
        const path = targetPath(name);
        return { name, path, before: beginningOf(path, Buffer.byteLength(beginning)) };
    });
    if (target.before !== undefined && target.before !== "" && target.before !== beginning) {
        throw foreignFiles([name]);
    }
    return target;
}

/** The error for files that another program wrote. */
export function foreignFiles(names: readonly string[]): UnusableInput {
    const [these, them, files] = names.length === 1 ? ["this file", "it", "file"] : ["these files", "them", "files"];
    return new UnusableInput(
        `${names.map(quote).join(", ")}: this command did not write ${these}, and does not overwrite ${them}. Choose a different path, or delete the ${files}.`,
    );
}

/** A file below a folder. Both may be missing. Throws if the path leads out of the folder. */
export function readTargetBelow(folder: string, path: string): TargetFile {
    const name = join(folder, path);
    return reported(name, "cannot be written", () => {
        const top = realPath(resolve(folder));
        const isPlain = path.split("/").every((part) => !["", ".", ".."].includes(part) && !/[\\:\p{Cc}]/u.test(part));
        const real = isPlain ? realPath(resolve(name)) : "";
        if (!real.startsWith(top.endsWith(sep) ? top : top + sep)) {
            throw new Error(`the path ${quote(path)} leads out of the folder`);
        }
        return { name, path: real, before: contentOf(real) };
    });
}

function contentOf(path: string): string | undefined {
    const size = sizeOf(path);
    if (size !== undefined && size > MOST_BYTES) {
        throw new Error("it has more than 16 MB");
    }
    return size === undefined ? undefined : readFileSync(path, "utf8");
}

function beginningOf(path: string, bytes: number): string | undefined {
    if (sizeOf(path) === undefined) {
        return undefined;
    }
    const file = openSync(path, "r");
    try {
        const buffer = Buffer.alloc(bytes);
        return buffer.toString("utf8", 0, readSync(file, buffer));
    } finally {
        closeSync(file);
    }
}

/** The bytes of a file; undefined if there is none. */
function sizeOf(path: string): number | undefined {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isFile() === false) {
        throw new Error(stats.isDirectory() ? "it is a directory" : "it is not a regular file");
    }
    return stats?.size;
}

/** The path without symbolic links, as far as it exists; the end of a link need not exist. */
export function realPath(path: string): string {
    try {
        return realpathSync(path);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
            throw error;
        }
        const folder = realPath(dirname(path));
        const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
        return isLink ? realPath(resolve(folder, readlinkSync(path))) : join(folder, basename(path));
    }
}

/** Writes the changed files and their folders, after a check of all files. Other processes never see half of a file. */
export function writeChanges(changes: readonly Change[]): void {
    const changed = changes.filter(({ before, after }) => before !== after);
    for (const { name, path, before } of changed) {
        if (before !== undefined) {
            reported(name, "cannot be written", () => accessSync(path, constants.W_OK));
        }
    }
    for (const { name, path, before, after } of changed) {
        reported(name, "cannot be written", () => {
            mkdirSync(dirname(path), { recursive: true });
            replace(path, before !== undefined, after);
        });
    }
}

function replace(path: string, exists: boolean, content: string): void {
    const temporary = join(dirname(path), `.aws-gitlab-oidc-${randomBytes(6).toString("hex")}`);
    const file = openSync(temporary, "wx");
    try {
        try {
            writeFileSync(file, content);
            if (exists) {
                keepOwnerAndMode(file, statSync(path));
            }
            fsyncSync(file);
        } finally {
            closeSync(file);
        }
        renameSync(temporary, path);
    } catch (error) {
        rmSync(temporary, { force: true });
        throw error;
    }
}

function keepOwnerAndMode(file: number, { uid, gid, mode }: Stats): void {
    const own = fstatSync(file);
    if (own.uid !== uid || own.gid !== gid) {
        try {
            fchownSync(file, uid, gid);
        } catch {
            // Only an administrator can change the owner. The content is correct.
        }
    }
    fchmodSync(file, mode);
}

function reported<T>(name: string, what: string, use: () => T): T {
    try {
        return use();
    } catch (error) {
        throw new UnusableInput(`${quote(name)} ${what}: ${systemReason(error)}.`);
    }
}
