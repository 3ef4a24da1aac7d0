import { dirname } from "node:path";
import { goBuild } from "./go";
import { languageHosts, type PulumiCli } from "./pulumi";
import { pulumiYamlVersion } from "./versions";

/**
 * The folder that holds `pulumi-language-yaml`: beside the CLI or on PATH, else built with Go.
 *
 * @param cli Where to look first.
 */
export async function yamlHost(cli: PulumiCli): Promise<string> {
    const { yaml } = await languageHosts(cli.path);
    if (yaml !== undefined) {
        return dirname(yaml);
    }
    return goBuild({
        name: "pulumi-language-yaml",
        version: pulumiYamlVersion,
        module: "yaml",
        package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
        versionVariable: "github.com/pulumi/pulumi-yaml/pkg/version.Version",
        label: `building Pulumi's YAML language host ${pulumiYamlVersion} with Go (about a minute)`,
    });
}
