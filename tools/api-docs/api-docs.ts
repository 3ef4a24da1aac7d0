import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LogLevel as Level, TypeDocOptions } from "typedoc";
import { RULES } from "../../provider/contract/rules";
import { PROJECT_CHECKS } from "../../provider/gitlab/project-checks";
import { CHECKS } from "../../provider/issuer/checks";
import { packageJson } from "../../provider/contract/schema";
import { projectRoot } from "../setup/cache";

/** A package whose API documentation is written. */
export interface Documented {
    /** The folder of its package.json and its tsconfig. */
    readonly root: string;
    readonly tsconfig: string;
    /** Source files, one for each module that users import. */
    readonly entryPoints: readonly string[];
    /** Names that need no comment. */
    readonly undocumented: readonly string[];
}

/** What the API documentation is about: the modules that package.json exports. */
export const ownPackage: Documented = {
    root: projectRoot,
    tsconfig: "tsconfig.build.json",
    entryPoints: entryPointsOf(readFileSync(join(projectRoot, "package.json"), "utf8")),
    // docs/reference/rules.md and docs/reference/checks.md have a heading for each.
    undocumented: [
        ...Object.keys(RULES).map((id) => `pulumi-aws-gitlab-oidc/trust.RULES.__type.${id}`),
        ...Object.keys(CHECKS).map((id) => `pulumi-aws-gitlab-oidc/issuer.CHECKS.__type.${id}`),
        ...Object.keys(PROJECT_CHECKS).map((id) => `pulumi-aws-gitlab-oidc/issuer.PROJECT_CHECKS.__type.${id}`),
    ],
};

/** The sources of the modules that a package.json exports. */
export function entryPointsOf(manifest: string): readonly string[] {
    const { exports } = JSON.parse(manifest) as {
        readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
    };
    return Object.values(exports).flatMap((target) =>
        typeof target === "string" ? [] : [target.default.replace(/^\.\/dist\/(.*)\.js$/, "provider/$1.ts")],
    );
}

/**
 * Writes the API documentation from the doc comments.
 *
 * @param out The folder to write to, which is emptied; nothing is written where something was found.
 * @returns What was found: a missing comment, a link that leads nowhere, a type that is used and not exported.
 */
export async function writeApiDocs(
    out: string,
    { root, tsconfig, entryPoints, undocumented }: Documented = ownPackage,
): Promise<readonly string[]> {
    // Loaded here, as it is large and its loader no business of those who only import this file.
    const { Application, LogLevel, Logger } = await import("typedoc");
    const found: string[] = [];
    class Collector extends Logger {
        override log(message: string, level: Level): void {
            if (level >= LogLevel.Warn) {
                found.push(message);
            }
        }
    }
    const app = await Application.bootstrap({
        ...OPTIONS,
        basePath: root,
        tsconfig: join(root, tsconfig),
        entryPoints: entryPoints.map((path) => join(root, path)),
        intentionallyNotDocumented: [...undocumented],
    });
    app.logger = new Collector();
    const project = await app.convert();
    if (project !== undefined) {
        app.validate(project);
    }
    if (project !== undefined && found.length === 0) {
        await app.generateDocs(project, out);
    }
    return found;
}

const OPTIONS: TypeDocOptions = {
    name: "pulumi-aws-gitlab-oidc",
    includeVersion: true,
    // Its links lead to files of the repository.
    readme: "none",
    githubPages: false,
    // The release's, wherever this copy of the repository came from.
    disableGit: true,
    gitRevision: `v${packageJson().version}`,
    sourceLinkTemplate: "https://github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc/blob/{gitRevision}/provider/{path}#L{line}",
    // What components inherit is in Pulumi's documentation.
    excludeExternals: true,
    excludePrivate: true,
    // `make lint` and the tests look at the types.
    skipErrorChecking: true,
    validation: { invalidLink: true, invalidPath: true, rewrittenLink: true, notDocumented: true, notExported: true },
    requiredToBeDocumented: [
        ...(["Module", "Class", "Constructor", "Interface", "TypeAlias", "Enum", "EnumMember"] as const),
        ...(["Function", "Variable", "Property", "Method", "Accessor"] as const),
    ],
};
