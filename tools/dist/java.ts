import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { inTemporaryFolder, logFile, projectRoot, run } from "../setup/cache";
import { javaTools, writeMavenWrapper } from "../setup/java";

/** Writes the jar of the Java SDK. It gives back its name, or why there is none. */
export async function packJava(out: string): Promise<{ readonly name: string } | { readonly missing: string }> {
    const java = await javaTools();
    if (java.missing !== undefined) {
        return { missing: java.missing };
    }
    return inTemporaryFolder("java", async (stage) => {
        await cp(join(projectRoot, "sdk/java"), stage, { recursive: true });
        await cp(join(projectRoot, "LICENSE"), join(stage, "src/main/resources/META-INF/LICENSE"));
        await writeMavenWrapper(join(stage, "mvnw"), java, java.repository);
        await run("./mvnw", ["--quiet", "package"], { log: logFile("mvn-package"), cwd: stage });
        const name = (await readdir(join(stage, "target"))).find((file) => file.endsWith(".jar"))!;
        await cp(join(stage, "target", name), join(out, name));
        return { name };
    });
}
