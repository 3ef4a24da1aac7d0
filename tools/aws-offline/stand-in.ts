import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** The version this plugin answers for: that of the installed `@pulumi/aws` (a constant in the built plugin). */
export function awsVersion(): string {
    const built = process.env.AWS_OFFLINE_VERSION;
    if (built !== undefined) return built;
    const manifest = readFileSync(createRequire(__filename).resolve("@pulumi/aws/package.json"), "utf8");
    return (JSON.parse(manifest) as { version: string }).version;
}

/** Ends every refusal that is due to this stand-in and not to AWS. */
export function standInKnows(what: string): string {
    return (
        `the offline aws provider of this repository knows only ${what}; ` +
        "run with PULUMI_AWS_PLUGIN=<folder of the real pulumi-resource-aws> for the real one"
    );
}
