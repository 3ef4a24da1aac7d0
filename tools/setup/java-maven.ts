import { createHash } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { SetupError, keyOf, logFile, messageOf, once, outputOf, run, which } from "./cache";
import { compareVersions, maven, minimumMaven } from "./versions";

/** The `mvn` command: the one on PATH if it is new enough, else from the mirror of Maven Central that is named; undefined where none is. */
export async function mavenTool(javaHome: string | undefined): Promise<string | undefined> {
    const found = await which("mvn");
    if (found !== undefined) {
        try {
            if (compareVersions(await mavenVersion(found), minimumMaven) >= 0) {
                return found;
            }
        } catch {
            // One that does not run is as good as none.
        }
    }
    // Where Maven itself is fetched from. Everything else Maven fetches, by the user's settings.xml.
    const mirror = process.env.AWS_GITLAB_OIDC_MAVEN_CENTRAL;
    return mirror === undefined ? undefined : fetchMaven(mirror, javaHome);
}

export async function mavenVersion(command: string): Promise<string> {
    return /Apache Maven (\S+)/.exec(await outputOf(command, ["--version"]))?.[1] ?? "0";
}

async function fetchMaven(mirror: string, javaHome: string | undefined): Promise<string> {
    const { version, sha512 } = maven;
    const dir = await once(
        keyOf(`maven-${version}`, sha512),
        `fetching Maven ${version} from Maven Central (9 MB, some seconds)`,
        async (dir) => {
            const archive = join(dir, "maven.tar.gz");
            const url = `${mirror}/org/apache/maven/apache-maven/${version}/apache-maven-${version}-bin.tar.gz`;
            const content = await get(url);
            const actual = createHash("sha512").update(content).digest("hex");
            if (actual !== sha512) {
                throw new SetupError(
                    `${url} is not what was published: its SHA-512 is ${actual}, it should be ${sha512}.`,
                );
            }
            await writeFile(archive, content);
            await run("tar", ["-xzf", archive, "-C", dir, "--strip-components=1"], { log: logFile("tar-maven") });
            await rm(archive);
            await run(join(dir, "bin", "mvn"), ["--version"], { log: logFile("mvn"), env: environmentOf(javaHome) });
        },
    );
    return join(dir, "bin", "mvn");
}

async function get(url: string): Promise<Buffer> {
    const how = "Install Maven, or name another mirror of Maven Central in AWS_GITLAB_OIDC_MAVEN_CENTRAL.";
    let response: Response;
    try {
        response = await fetch(url, { signal: AbortSignal.timeout(300_000) });
    } catch (error) {
        const reason = error instanceof Error ? (error.cause ?? error) : error;
        throw new SetupError(`${url} could not be reached: ${messageOf(reason)}. ${how}`);
    }
    if (!response.ok) {
        throw new SetupError(`${url} answered ${response.status}. ${how}`);
    }
    return Buffer.from(await response.arrayBuffer());
}

/** The environment of `mvn`, which takes the JDK of JAVA_HOME if there is one, else that of PATH. */
export function environmentOf(javaHome: string | undefined): NodeJS.ProcessEnv {
    return { HOME: homedir(), ...process.env, ...(javaHome === undefined ? {} : { JAVA_HOME: javaHome }) };
}
