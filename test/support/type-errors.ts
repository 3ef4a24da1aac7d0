import { join, relative } from "node:path";
import ts from "typescript";

const root = join(__dirname, "../..");

/** What the compiler reports for sources by their paths, with the settings of this repository. The files need not exist. */
export function typeErrors(sources: ReadonlyMap<string, string>): readonly string[] {
    const config = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path));
    const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
    const host = ts.createCompilerHost(options);
    const read = host.readFile.bind(host);
    const exists = host.fileExists.bind(host);
    host.readFile = (path) => sources.get(path) ?? read(path);
    host.fileExists = (path) => sources.has(path) || exists(path);
    const program = ts.createProgram([...sources.keys()], options, host);
    return ts
        .getPreEmitDiagnostics(program)
        .map(
            (d) => `${relative(root, d.file?.fileName ?? "")}: ${ts.flattenDiagnosticMessageText(d.messageText, "\n")}`,
        );
}
