import type * as pulumi from "@pulumi/pulumi";
import { createRequire } from "node:module";
import ts from "typescript";
import type { Program } from "./engine";

/** The program of a text in TypeScript. */
export function programOf(text: string): Program {
    const { outputText } = ts.transpileModule(text, {
        compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    return () => {
        const exports: Record<string, pulumi.Output<unknown>> = {};
        // eslint-disable-next-line @typescript-eslint/no-implied-eval
        const run = new Function("exports", "require", outputText) as (...args: unknown[]) => void;
        run(exports, createRequire(__filename));
        return exports;
    };
}
