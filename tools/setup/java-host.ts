import { dirname } from "node:path";
import { goBuild } from "./go";
import { languageHosts, type PulumiCli } from "./pulumi";
import { pulumiJavaVersion } from "./versions";

/**
 * The folder that holds `pulumi-language-java`: beside the CLI or on PATH, else built with Go.
 *
 * @param cli Where to look first.
 */
export async function javaHost(cli: PulumiCli): Promise<string> {
    const { java } = await languageHosts(cli.path);
    if (java !== undefined) {
        return dirname(java);
    }
    return goBuild({
        name: "pulumi-language-java",
        version: pulumiJavaVersion,
        module: "java",
        package: "github.com/pulumi/pulumi-java/pkg/cmd/pulumi-language-java",
        versionVariable: "github.com/pulumi/pulumi-java/pkg/version.Version",
        label: `building Pulumi's Java language host ${pulumiJavaVersion} with Go (about a minute)`,
    });
}
