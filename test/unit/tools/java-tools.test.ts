import { expect } from "chai";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../tools/setup/cache";
import { javaTools } from "../../../tools/setup/java";
import { mavenTool } from "../../../tools/setup/java-maven";
import { maven, pulumiJavaVersion } from "../../../tools/setup/versions";

describe("set-up of the tools for Java", () => {
    const how = "Install a JDK of version 11 or later (Debian, Ubuntu: apt-get install openjdk-17-jdk-headless).";
    const environment = { ...process.env };
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "java-tools-"));
        process.env.AWS_GITLAB_OIDC_CACHE = join(folder, "cache");
        process.env.PATH = join(folder, "bin");
        delete process.env.JAVA_HOME;
    });
    afterEach(() => {
        process.env = { ...environment };
        rmSync(folder, { recursive: true, force: true });
    });

    function script(file: string, text: string): void {
        mkdirSync(join(file, ".."), { recursive: true });
        writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    }

    it("say why there is no JDK", async () => {
        expect(await javaTools()).to.deep.equal({ missing: `javac is not on PATH. ${how}` });

        const javac = join(folder, "bin/javac");
        script(javac, "echo javac 1.8.0_442");
        expect(await javaTools()).to.deep.equal({
            missing: `${javac} is javac 1.8.0_442, which is too old. ${how}`,
        });

        process.env.JAVA_HOME = join(folder, "none");
        expect(await javaTools()).to.deep.equal({
            missing: `JAVA_HOME names no JDK: there is no ${folder}/none/bin/javac. ${how}`,
        });
    });

    it("take Maven from PATH if it is new enough", async () => {
        const mvn = join(folder, "bin/mvn");
        script(mvn, "printf '\\033[1mApache Maven 3.6.3 (abc)\\033[m\\n'");
        expect(await mavenTool(undefined)).to.equal(mvn);
    });

    it("say that there is no Maven where none is named", async () => {
        delete process.env.AWS_GITLAB_OIDC_MAVEN_CENTRAL;
        process.env.PATH = join(folder, "bin");
        expect(await mavenTool(undefined)).to.equal(undefined);
    });

    describe("of Maven Central", () => {
        let server: Server;
        const asked: (string | undefined)[] = [];
        const serve = async (status: number) => {
            server = createServer(({ url }, response) => {
                asked.push(url);
                response.writeHead(status).end("not Maven");
            });
            await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
            const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
            process.env.AWS_GITLAB_OIDC_MAVEN_CENTRAL = base;
            return base;
        };
        afterEach(() => void server.close());

        const path = `/org/apache/maven/apache-maven/${maven.version}/apache-maven-${maven.version}-bin.tar.gz`;
        const failure = () => mavenTool(undefined).catch((error: unknown) => (error as Error).message);

        it("use no other Maven than the one whose hash is known", async () => {
            const base = await serve(200);
            expect(await failure()).to.match(
                new RegExp(
                    `^${base}${path} is not what was published: its SHA-512 is [0-9a-f]{128}, it should be 831a8591`,
                ),
            );
            expect(asked).to.deep.equal([path]);
            expect(readdirSync(join(folder, "cache"))).to.deep.equal([]);
        });

        it("say what to do where it cannot be had", async () => {
            const base = await serve(404);
            expect(await failure()).to.equal(
                `${base}${path} answered 404. Install Maven, or name another mirror of Maven Central in AWS_GITLAB_OIDC_MAVEN_CENTRAL.`,
            );
        });
    });

    it("build the language host that versions.ts names", () => {
        expect(readFileSync(join(projectRoot, "tools/go/java/go.mod"), "utf8")).to.contain(
            `github.com/pulumi/pulumi-java/pkg v${pulumiJavaVersion} `,
        );
    });
});
