import { chmod, cp, mkdir, readFile, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { contents, isExecutable, keyOf, logFile, messageOf, once, outputOf, projectRoot, run, which } from "./cache";
import { environmentOf, mavenTool, mavenVersion } from "./java-maven";
import { compareVersions, minimumJava, minimumMaven } from "./versions";

/** What builds and runs Java programs without a network. */
export interface JavaTools {
    readonly missing?: undefined;
    /** The folder that holds `bin/javac`, if it is not the one that PATH leads to. */
    readonly javaHome: string | undefined;
    /** The `mvn` command. */
    readonly maven: string;
    /** A local repository of Maven with all that `sdk/java` and `examples/java` need, but for the SDK itself. */
    readonly repository: string;
}

/** There is no JDK, or no Maven. */
export interface NoJava {
    readonly missing: string;
}

/** The group of the SDK, as folders of a local repository. */
const sdkGroup = ["io", "github", "aws-gitlab-oidc"] as const;

const examples = ["platform", "app-stack"] as const;

/** The JDK of JAVA_HOME or PATH, Maven, and what they need from Maven Central. */
export async function javaTools(): Promise<JavaTools | NoJava> {
    const jdk = await findJdk();
    if (jdk.missing !== undefined) {
        return jdk;
    }
    const command = await mavenTool(jdk.javaHome);
    if (command === undefined) {
        const missing = `there is no Maven ${minimumMaven} or newer (mvn on PATH), and AWS_GITLAB_OIDC_MAVEN_CENTRAL names no mirror of Maven Central`;
        return { missing };
    }
    return { ...jdk, maven: command, repository: await repository(jdk.javaHome, command) };
}

/** A command that is Maven with that local repository, quick to start and without a network. */
export async function writeMavenWrapper(file: string, tools: JavaTools, localRepository: string): Promise<void> {
    const lines = [
        "#!/bin/sh",
        ...(tools.javaHome === undefined ? [] : [`export JAVA_HOME='${tools.javaHome}'`]),
        "export MAVEN_OPTS='-XX:TieredStopAtLevel=1 -XX:+UseSerialGC'",
        `exec '${tools.maven}' --batch-mode --offline '-Dmaven.repo.local=${localRepository}' "$@"`,
    ];
    await writeFile(file, `${lines.join("\n")}\n`);
    await chmod(file, 0o755);
}

/** Makes a local repository in a new folder that has the SDK of this checkout too, as `mvn install` leaves it. */
export async function writeRepositoryWithSdk(folder: string, tools: JavaTools): Promise<void> {
    const source = join(projectRoot, "sdk", "java");
    const key = keyOf("java-sdk", await mavenVersion(tools.maven), ...(await contents(source)));
    const sdk = await once(key, "installing sdk/java (under a minute)", async (dir) => {
        const repository = join(dir, "repository");
        const work = join(dir, "work");
        await link(tools.repository, repository, sdkGroup);
        await cp(source, work, { recursive: true });
        await writeMavenWrapper(join(work, "mvnw"), tools, repository);
        await run("./mvnw", ["--quiet", "install"], { log: logFile("mvn-sdk"), cwd: work });
        await rename(join(repository, ...sdkGroup), join(dir, "installed"));
        await rm(repository, { recursive: true });
        await rm(work, { recursive: true });
    });
    await link(tools.repository, folder, sdkGroup);
    await mkdir(join(folder, ...sdkGroup), { recursive: true });
    for (const name of await readdir(join(sdk, "installed"))) {
        await symlink(join(sdk, "installed", name), join(folder, ...sdkGroup, name));
    }
}

async function link(from: string, to: string, [apart, ...below]: readonly string[]): Promise<void> {
    await mkdir(to);
    for (const name of await readdir(from)) {
        if (name === apart) {
            await link(join(from, name), join(to, name), below);
        } else {
            await symlink(join(from, name), join(to, name));
        }
    }
}

async function findJdk(): Promise<{ missing?: undefined; javaHome: string | undefined } | NoJava> {
    const how = `Install a JDK of version ${minimumJava} or later (Debian, Ubuntu: apt-get install openjdk-17-jdk-headless).`;
    // `||`, as empty is unset.
    const javaHome = process.env.JAVA_HOME || undefined;
    const javac = javaHome === undefined ? await which("javac") : join(javaHome, "bin", "javac");
    if (javac === undefined) {
        return { missing: `javac is not on PATH. ${how}` };
    }
    if (!(await isExecutable(javac))) {
        return { missing: `JAVA_HOME names no JDK: there is no ${javac}. ${how}` };
    }
    try {
        const version = await outputOf(javac, ["-version"]);
        return compareVersions(version, minimumJava) < 0
            ? { missing: `${javac} is ${version}, which is too old. ${how}` }
            : { javaHome };
    } catch (error) {
        return { missing: `${javac} does not run: ${messageOf(error)}\n${how}` };
    }
}

/** Fetched by doing with the pom.xml files alone what is done later with the sources. */
async function repository(javaHome: string | undefined, command: string): Promise<string> {
    const folders = ["sdk/java", ...examples.map((name) => `examples/java/${name}`)];
    const poms = await Promise.all(folders.map((folder) => readFile(join(projectRoot, folder, "pom.xml"))));
    const key = keyOf("maven-repository", await mavenVersion(command), ...poms);
    return once(key, "fetching what Java programs need from Maven Central (65 MB, about a minute)", async (dir) => {
        const work = join(dir, "work");
        for (const [index, folder] of folders.entries()) {
            await mkdir(join(work, folder), { recursive: true });
            await writeFile(join(work, folder, "pom.xml"), poms[index]!);
            const goals = folder === "sdk/java" ? ["--activate-profiles", "release", "install"] : plugins;
            await run(command, ["--batch-mode", "--no-transfer-progress", `-Dmaven.repo.local=${dir}`, ...goals], {
                log: logFile("mvn"),
                cwd: join(work, folder),
                env: environmentOf(javaHome),
                fetching: "the Pulumi SDK for Java and Maven's plugins from Maven Central",
            });
        }
        await rm(work, { recursive: true });
        await rm(join(dir, ...sdkGroup), { recursive: true });
        await forgetOrigins(dir);
    });
}

/** Without these notes Maven takes what is there, whichever mirror the user's settings.xml names later. */
async function forgetOrigins(repository: string): Promise<void> {
    for (const entry of await readdir(repository, { recursive: true, withFileTypes: true })) {
        if (entry.name === "_remote.repositories") {
            await rm(join(entry.parentPath, entry.name));
        }
    }
}

/** What the language host runs to ask for the plugins: of a program it needs the dependencies, not the sources. */
const plugins = ["compile", "exec:java", "-DmainClass=com.pulumi.bootstrap.internal.Main", "-DmainArgs=packages"];
