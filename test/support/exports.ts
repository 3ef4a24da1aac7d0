import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** The files that export something of their own under a name, for each name: what is handed on from another file does not count. */
export function exportsOf(root: string, folder: string): ReadonlyMap<string, readonly string[]> {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).filter((file) =>
        /\.tsx?$/.test(file),
    );
    const exported = new Map<string, readonly string[]>();
    for (const file of files) {
        for (const name of new Set(exportedNames(readFileSync(join(root, folder, file), "utf8"), file))) {
            exported.set(name, [...(exported.get(name) ?? []), join(folder, file)].sort());
        }
    }
    return exported;
}

/** The names that a file gives to what it exports. */
export function exportedNames(text: string, name = "file.ts"): readonly string[] {
    const { statements } = ts.createSourceFile(name, text, ts.ScriptTarget.Latest);
    return statements.filter(isExported).flatMap((statement) => {
        if (ts.isVariableStatement(statement)) {
            return statement.declarationList.declarations.flatMap(({ name: own }) =>
                ts.isIdentifier(own) ? own.text : [],
            );
        }
        const { name: own } = statement as { readonly name?: ts.Identifier };
        return own === undefined ? [] : [own.text];
    });
}

function isExported(statement: ts.Statement): boolean {
    return (
        ts.canHaveModifiers(statement) &&
        (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    );
}
