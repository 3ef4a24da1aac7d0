import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { inTemporaryFolder, logFile, projectRoot, run } from "../setup/cache";
import { javaTools, writeMavenWrapper } from "../setup/java";

/** Writes the jars of the Java SDK: classes, sources and javadoc. It gives back their names, or why there are none. */
export async function packJava(
    out: string,
): Promise<{ readonly missing?: undefined; readonly names: readonly string[] } | { readonly missing: string }> {
    const java = await javaTools();
    if (java.missing !== undefined) {
        return { missing: java.missing };
    }
    return inTemporaryFolder("java", async (stage) => {
        await cp(join(projectRoot, "sdk/java"), stage, { recursive: true });
        await cp(join(projectRoot, "LICENSE"), join(stage, "src/main/resources/META-INF/LICENSE"));
        await writeMavenWrapper(join(stage, "mvnw"), java, java.repository);
        await run("./mvnw", ["--quiet", "--activate-profiles", "release", "package"], { log: logFile("mvn-package"), cwd: stage });
        const names = (await readdir(join(stage, "target"))).filter((file) => file.endsWith(".jar")).sort();
        for (const name of names) {
            await cp(join(stage, "target", name), join(out, name));
        }
        return { names };
    });
}
