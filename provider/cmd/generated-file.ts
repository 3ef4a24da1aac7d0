import { existsSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

const MARK = "Written by aws-gitlab-oidc snippet.";
const FIRST_LINE = new RegExp(`^\\uFEFF?(?:# |<!-- )${MARK.replaceAll(".", "\\.")}`);

/** Characters that could end the comment, or that an editor or terminal would act on. */
const NOT_FOR_COMMENTS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|-->/u;

/** The content of a file, below a line with the command that updates it. */
export function withHeader(path: string, content: string, options: readonly string[]): string {
    const words = options.map((option) => (NOT_FOR_COMMENTS.test(option) ? "…" : option));
    const line = `${MARK} To update it: pulumi stack output --json | aws-gitlab-oidc snippet ${words.join(" ")}`;
    return `${path.endsWith(".md") ? `<!-- ${line} -->` : `# ${line}`}\n${content}`;
}

/** Whether the text begins with the line of `withHeader`. */
export function hasHeader(text: string): boolean {
    return FIRST_LINE.test(text);
}

/** Whether the path is in a Git repository. */
export function isInRepository(path: string): boolean {
    return repositoryOf(dirname(path)) !== undefined;
}

/** The path from the root of its Git repository; outside of one, from the working directory. */
export function pathInRepository(path: string): string {
    const isIn = (folder: string): boolean => path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
    const root = repositoryOf(dirname(path)) ?? (isIn(process.cwd()) ? process.cwd() : dirname(path));
    return relative(root, path).replaceAll(sep, "/");
}

function repositoryOf(folder: string): string | undefined {
    if (existsSync(join(folder, ".git"))) {
        return folder;
    }
    return dirname(folder) === folder ? undefined : repositoryOf(dirname(folder));
}
