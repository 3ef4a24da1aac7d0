import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as components from "pulumi-aws-gitlab-oidc";
import * as ts from "typescript";
import { projectRoot } from "../setup/cache";

const load = createRequire(__filename);

/** The value for the placeholder of the README's program. */
const PROJECT_ID = "4711";

/** The program of the README's quick start, with a project ID in place of its placeholder. */
export async function quickStart(): Promise<Readonly<Record<string, unknown>>> {
    const readme = readFileSync(join(projectRoot, "README.md"), "utf8");
    const block = /^( *)```ts\n(.*?)^\1```$/ms.exec(readme)?.[2];
    if (block?.includes("<project id>") !== true) {
        throw new Error("The first program of README.md has no <project id>.");
    }
    const { outputText } = ts.transpileModule(block.replace("<project id>", PROJECT_ID), {
        compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    const exported: Record<string, unknown> = {};
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    const program = new Function("require", "exports", outputText) as (require: unknown, exports: unknown) => void;
    program(
        (name: string): unknown => (name === "pulumi-aws-gitlab-oidc" ? components : (load(name) as unknown)),
        exported,
    );
    return Promise.resolve(exported);
}
