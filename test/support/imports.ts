import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";

/** What each file imports. */
export type Imports = Readonly<Record<string, readonly string[]>>;

/** What the TypeScript files below a folder import of one another, types too, by their paths from the root. */
export function importsOf(root: string, folder: string): Imports {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => /\.tsx?$/.test(file))
        .map((file) => join(root, folder, file));
    return Object.fromEntries(
        files.map((file) => [
            relative(root, file),
            ts
                .preProcessFile(readFileSync(file, "utf8"))
                .importedFiles.filter(({ fileName }) => fileName.startsWith("."))
                .flatMap(({ fileName }) => sourceOf(join(dirname(file), fileName)))
                .map((imported) => relative(root, imported)),
        ]),
    );
}

function sourceOf(path: string): readonly string[] {
    const module = path.replace(/\.js$/, "");
    return [`${module}.ts`, `${module}.tsx`, join(module, "index.ts")].filter((file) => existsSync(file));
}

/** The cycles that a depth-first search finds: none if and only if there is none. */
export function cyclesOf(imports: Imports): readonly (readonly string[])[] {
    const cycles: (readonly string[])[] = [];
    const done = new Set<string>();
    const visit = (file: string, way: readonly string[]): void => {
        if (way.includes(file)) {
            cycles.push([...way.slice(way.indexOf(file)), file]);
        } else if (!done.has(file)) {
            for (const imported of imports[file] ?? []) {
                visit(imported, [...way, file]);
            }
            done.add(file);
        }
    };
    Object.keys(imports).forEach((file) => visit(file, []));
    return cycles;
}
