import { chmod, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { packageJson } from "../../provider/contract/schema";
import { inTemporaryFolder, logFile, projectRoot, run } from "../setup/cache";
import { javaHost } from "../setup/java-host";
import { pulumiCli } from "../setup/pulumi";

/** What schema.json says about the package as a whole. */
interface Metadata {
    readonly name: string;
    readonly description: string;
    readonly homepage: string;
    readonly repository: string;
    readonly license: string;
    readonly publisher: string;
    readonly pluginDownloadURL: string;
    readonly language: { readonly java: { readonly dependencies: Readonly<Record<string, string>> } };
}

const schemaFile = join(projectRoot, "schema.json");

/** Writes the Java SDK into the folder `java` below `out`: the sources by Pulumi's Java language host, and what Maven needs. */
export async function writeJavaSdk(out: string): Promise<void> {
    const metadata = JSON.parse(await readFile(schemaFile, "utf8")) as Metadata;
    const { version } = packageJson();
    const folder = join(out, "java");
    await rm(folder, { recursive: true, force: true });
    await generate(out, version);
    await write(join(folder, "pom.xml"), pom(metadata, version));
    await write(join(folder, "src/main/resources", pluginFile), plugin(metadata, version));
    await makeReadable(folder);
}

/**
 * Where the Pulumi SDK for Java looks for the plugin of a package. Its pattern is `com/NAMESPACE/NAME/plugin.json`, whatever the
 * Java package is called.
 */
const pluginFile = "com/aws_gitlab_oidc/awsgitlaboidc/plugin.json";

async function generate(out: string, version: string): Promise<void> {
    const cli = await pulumiCli();
    const host = await javaHost(cli);
    await inTemporaryFolder("home", async (home) => {
        const flags = ["--language", "java", "--version", version, "--out", out, "--non-interactive"];
        await run(cli.path, ["package", "gen-sdk", schemaFile, ...flags], {
            log: logFile("gen-sdk-java"),
            env: {
                ...process.env,
                PATH: [host, process.env.PATH].join(delimiter),
                PULUMI_HOME: home,
                PULUMI_SKIP_UPDATE_CHECK: "true",
                PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
            },
        });
    });
}

function plugin({ name, pluginDownloadURL }: Metadata, version: string): string {
    return `${JSON.stringify({ resource: true, name, version, server: pluginDownloadURL }, undefined, 4)}\n`;
}

function pom(metadata: Metadata, version: string): string {
    const { name, description, homepage, repository, license, publisher, language } = metadata;
    const [group, git] = [`io.github.${publisher}`, repository.replace("https://", "")];
    const dependencies = Object.entries(language.java.dependencies).map(([coordinates, of]) => {
        const [groupId = "", artifactId = ""] = coordinates.split(":");
        return `        <dependency>
            <groupId>${groupId}</groupId>
            <artifactId>${artifactId}</artifactId>
            <version>${of}</version>
        </dependency>
`;
    });
    return `<?xml version="1.0" encoding="UTF-8"?>
<!-- Written by "make sdk". Do not edit by hand. -->
<project xmlns="http://maven.apache.org/POM/4.0.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
         xsi:schemaLocation="http://maven.apache.org/POM/4.0.0 https://maven.apache.org/xsd/maven-4.0.0.xsd">
    <modelVersion>4.0.0</modelVersion>
    <groupId>${group}</groupId>
    <artifactId>pulumi-${name}</artifactId>
    <version>${version}</version>

    <name>pulumi-${name}</name>
    <description>${description}</description>
    <url>${homepage}</url>
    <licenses>
        <license>
            <name>${license}</name>
            <url>https://www.apache.org/licenses/LICENSE-2.0.txt</url>
        </license>
    </licenses>
    <developers>
        <developer>
            <name>${publisher}</name>
            <url>${repository}</url>
        </developer>
    </developers>
    <scm>
        <connection>scm:git:https://${git}.git</connection>
        <developerConnection>scm:git:ssh://git@${git}.git</developerConnection>
        <url>${repository}</url>
    </scm>
    <issueManagement>
        <url>${repository}/issues</url>
    </issueManagement>

    <properties>
        <maven.compiler.release>11</maven.compiler.release>
        <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
        <project.build.outputTimestamp>1980-01-01T00:00:02Z</project.build.outputTimestamp>
    </properties>

    <dependencies>
${dependencies.join("")}    </dependencies>

    <build>
        <plugins>
${Object.entries(mavenPlugins).map(mavenPlugin).join("")}        </plugins>
    </build>

    <profiles>
        <!-- What Maven Central asks for beside the jar. -->
        <profile>
            <id>release</id>
            <build>
                <plugins>
                    <plugin>
                        <groupId>org.apache.maven.plugins</groupId>
                        <artifactId>maven-source-plugin</artifactId>
                        <version>3.3.1</version>
                        <executions>
                            <execution>
                                <id>attach-sources</id>
                                <goals>
                                    <goal>jar-no-fork</goal>
                                </goals>
                            </execution>
                        </executions>
                    </plugin>
                    <plugin>
                        <groupId>org.apache.maven.plugins</groupId>
                        <artifactId>maven-javadoc-plugin</artifactId>
                        <version>3.11.2</version>
                        <configuration>
                            <!-- The comments of generated classes are text, not HTML. -->
                            <doclint>none</doclint>
                            <quiet>true</quiet>
                            <notimestamp>true</notimestamp>
                            <!-- No link is looked up on the network. -->
                            <detectLinks>false</detectLinks>
                            <detectJavaApiLink>false</detectJavaApiLink>
                        </configuration>
                        <executions>
                            <execution>
                                <id>attach-javadocs</id>
                                <goals>
                                    <goal>jar</goal>
                                </goals>
                            </execution>
                        </executions>
                    </plugin>
                </plugins>
            </build>
        </profile>
    </profiles>
</project>
`;
}

/** Those that build the jar: what Maven takes without being told depends on its own version. */
const mavenPlugins = {
    "maven-resources-plugin": "3.3.1",
    "maven-compiler-plugin": "3.13.0",
    "maven-surefire-plugin": "3.5.2",
    "maven-jar-plugin": "3.4.2",
    "maven-install-plugin": "3.1.3",
};

function mavenPlugin([name, version]: [string, string]): string {
    return `            <plugin>
                <groupId>org.apache.maven.plugins</groupId>
                <artifactId>${name}</artifactId>
                <version>${version}</version>
            </plugin>
`;
}

async function write(file: string, text: string): Promise<void> {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
}

/** The host lets nobody but its user read what it writes. */
async function makeReadable(folder: string): Promise<void> {
    await chmod(folder, 0o755);
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
    }
}
