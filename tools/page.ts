import { build, type Metafile } from "esbuild";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AUDIT_PAGE, REPORT_MARK } from "../provider/cmd/audit-page";
import { bundledPackages, noticesOf } from "./dist/notices";

/** The page of the audit without a report. */
export interface AuditPage {
    readonly html: string;
    /** The files in it. */
    readonly metafile: Metafile;
}

/** Bundles the page of the audit: one file, which allows no script, style or request but its own. */
export async function auditPage(root: string): Promise<AuditPage> {
    const source = join(root, "provider/audit/page");
    const { outputFiles, metafile } = await build({
        absWorkingDir: root,
        entryPoints: [join(source, "main.tsx"), join(source, "style.css")],
        tsconfig: join(source, "tsconfig.json"),
        outdir: join(root, "page"),
        write: false,
        metafile: true,
        bundle: true,
        platform: "browser",
        format: "iife",
        target: ["es2022", "chrome109", "firefox115", "safari16"],
        minify: true,
        legalComments: "none",
        logLevel: "warning",
        plugins: [
            {
                // The evaluator's files import Node.js for parts that the page does not use.
                name: "without-node",
                setup(b) {
                    b.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: NODE, sideEffects: false }));
                    b.onLoad({ filter: /./, namespace: NODE }, () => ({ contents: "module.exports = {};" }));
                },
            },
        ],
    });
    checkImports(metafile);
    const output = (extension: string): string => outputFiles.find(({ path }) => path.endsWith(extension))!.text.trim();
    const [script, style] = [output(".js"), output(".css")];
    const policy = [
        "default-src 'none'",
        `script-src '${hashOf(script)}'`,
        `style-src '${hashOf(style)}'`,
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ].join("; ");
    const values: Readonly<Record<string, string>> = {
        script,
        style,
        policy,
        notices: noticesOf(bundledPackages(metafile), root).trim(),
    };
    const html = readFileSync(join(source, "page.html"), "utf8").replace(
        /\{\{(\w+)\}\}/g,
        (mark, name: string) => values[name] ?? mark,
    );
    if (html.split(REPORT_MARK).length !== 2 || /<!--|<script|<\/style/i.test(script + style)) {
        throw new Error("The page of the audit has text that HTML reads in another way.");
    }
    return { html, metafile };
}

const NODE = "node";

/** Throws if the page would need Node.js. */
function checkImports({ outputs }: Metafile): void {
    const needed = Object.values(outputs).flatMap(({ inputs }) =>
        Object.entries(inputs).flatMap(([path, { bytesInOutput }]) =>
            path.startsWith(`${NODE}:`) && bytesInOutput > 0 ? [path] : [],
        ),
    );
    if (needed.length > 0) {
        throw new Error(`The page of the audit needs ${needed.join(", ")}.`);
    }
}

/** The source of a script or style as a Content Security Policy names it. */
function hashOf(source: string): string {
    return `sha256-${createHash("sha256").update(source).digest("base64")}`;
}

/** The page without a report, as the last build wrote it. */
export function builtAuditPage(): string {
    return readFileSync(join(__dirname, "../dist/cmd", AUDIT_PAGE), "utf8");
}
