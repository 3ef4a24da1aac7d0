import { expect } from "chai";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { runCommand } from "../../../provider/cmd/command";
import type { CheckIssuerResult } from "../../../provider/contract/types";
import { authority } from "../../support/certificates";
import { STOPPED_CLOCK, StoppedClock } from "../../support/clock";
import {
    DISCOVERY,
    DISCOVERY_DOCUMENT,
    ISSUER,
    KEY_SET,
    KEYS,
    startIssuer,
    tokenOf,
    type Behaviour,
    type IssuerServer,
} from "../../support/issuer-server";
import { CHECK_IDS } from "../../support/checks";
import { expectFindings, type Printed } from "../../support/findings";
import { SAYS } from "../../support/wording";

const root = join(__dirname, "../../..");

interface Ran {
    readonly status: number | null;
    readonly out: string;
    readonly err: string;
}

describe("command doctor", () => {
    let folder: string;
    let server: IssuerServer | undefined;
    const clock = new StoppedClock();
    const seconds = Math.floor(Date.now() / 1000);
    const token = tokenOf({ iss: ISSUER, aud: "sts", sub: "x", iat: seconds - 5, exp: seconds + 86_400 });

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "doctor-"));
        writeFileSync(join(folder, "ca.pem"), (await authority()).root.pem);
        writeFileSync(join(folder, "token"), `${token}\n`);
        writeFileSync(join(folder, "empty"), "");
    });
    after(() => rmSync(folder, { recursive: true }));
    beforeEach(() => clock.start());
    afterEach(async () => {
        clock.stop();
        await server?.close();
        server = undefined;
    });

    async function run(line: string, { stdin = "", colour = false } = {}): Promise<Ran> {
        const texts = { out: "", err: "" };
        const status = await runCommand(line.replaceAll("@", `${folder}/`).split(" "), {
            out: (text) => void (texts.out += text),
            err: (text) => void (texts.err += text),
            stdin: () => stdin,
            colour,
        });
        return { status, ...texts };
    }

    /** The options that lead to the server. */
    async function serve(behaviour: Behaviour = {}): Promise<string> {
        server = await startIssuer(behaviour);
        return `doctor ${ISSUER} --ca @ca.pem --connect-to 127.0.0.1:${String(server.port)}`;
    }

    /** Without what is another at each run. */
    function steady(text: string): string {
        return text
            .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
            .replace(/\b[0-9a-f]{40}\b/g, "THUMBPRINT")
            .replace(/\b\d{4}-\d\d-\d\d\b/g, "DATE")
            .replace(/\b\d+ bytes of/g, "SIZE bytes of")
            .replace(/\b(\d+)\.\d\d s\b/g, "$1 s");
    }

    const doc = readFileSync(join(root, "docs/guides/check-an-issuer.md"), "utf8");
    const printed = [...doc.matchAll(/```text\n([^]*?)```/g)].map(([, text]) => text!);

    it("prints the example of a good issuer in the documentation: status 0", async () => {
        const { status, out, err } = await run(await serve());
        expect({ status, err }).to.deep.equal({ status: 0, err: "" });
        expect(steady(out)).to.equal(steady(printed[0]!));
    });

    it("prints the example of a swapped chain in the documentation: status 1", async () => {
        const { leaf, intermediate, root: top } = await authority();
        const { status, out, err } = await run(await serve({ chain: [leaf, top, intermediate] }));
        expect({ status, err }).to.deep.equal({ status: 1, err: "" });
        expect(steady(out)).to.equal(steady(printed[1]!));
    });

    it("prints the example of a slow issuer in the documentation: status 1", async () => {
        const line = await serve({
            replies: {
                [KEYS]: (_, response) => {
                    clock.pass(5200);
                    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(KEY_SET));
                },
            },
        });
        const { status, out, err } = await run(line);
        expect({ status, err }).to.deep.equal({ status: 1, err: "" });
        expect(steady(out)).to.equal(steady(printed[2]!));
        expect(printed).to.have.length(3);
    });

    it("--json gives the result of checkIssuer, and nothing else", async () => {
        const line = await serve({ replies: { [DISCOVERY]: { ...DISCOVERY_DOCUMENT, issuer: "x" } } });
        const { status, out, err } = await run(`${line} --json`);
        expect({ status, err }).to.deep.equal({ status: 1, err: "" });
        const result = JSON.parse(out) as CheckIssuerResult;
        expect(Object.keys(result)).to.deep.equal(["ok", "checks"]);
        expect(result.ok).to.equal(false);
        expect(result.checks.map(({ id }) => id)).to.deep.equal(CHECK_IDS.filter((id) => !id.startsWith("token")));
        for (const check of result.checks) {
            expect(["id,status,message", "id,status,message,fix"]).to.include(Object.keys(check).join(","));
        }
        expect(result.checks.find(({ id }) => id === "discovery-issuer")).to.deep.equal({
            id: "discovery-issuer",
            status: "fail",
            message: SAYS.issuerDiffers('"x"', "https://gitlab.example.com"),
            fix: "Set `external_url` of GitLab (or `ci_id_tokens_issuer_url`) to the URL of the identity provider. Or create the identity provider for the `issuer` in the document.",
        });
        expect((await run(`${line} --json`, { colour: true })).out).not.to.contain("\u001b");
    });

    it("prints each check when it ends, and the JSON only at the end", async () => {
        let printed = "";
        const seen: string[] = [];
        const line = await serve({
            replies: {
                [KEYS]: (_, response) => {
                    seen.push(printed);
                    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(KEY_SET));
                },
            },
        });
        const runWith = async (more: readonly string[]): Promise<readonly string[]> => {
            printed = "";
            seen.length = 0;
            await runCommand([...line.replaceAll("@", `${folder}/`).split(" "), ...more], {
                out: (text) => void (printed += text),
                err: () => undefined,
                stdin: () => "",
                colour: false,
            });
            return [...seen];
        };
        const [first, second, ...others] = await runWith([]);
        expect(others).to.have.length(1);
        expect(first)
            .to.match(/^pass {5}url /)
            .and.match(/\npass {5}keys-host .*\npass {5}thumbprint .*\n$/);
        expect(second).to.match(/\npass {5}keys-cache .*\n$/);
        expect(await runWith(["--json"])).to.deep.equal(["", "", ""]);
    });

    it("puts checks that were skipped for one reason into one line", async () => {
        const { status, out } = await run("doctor https://gitlab.invalid");
        expect(status).to.equal(1);
        expect(out.split("\n")).to.deep.equal([
            "pass     url                       IAM accepts the URL.",
            out.split("\n")[1],
            "                                   Fix: Check the spelling of the host, or create a public DNS record for it. If the instance must stay private, publish its documents with IssuerMirror.",
            "                                   Help: https://github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc/blob/main/docs/reference/checks.md#dns",
            "46 checks skipped: `dns` failed.",
            "",
            "1 pass, 0 warn, 1 fail, 46 skipped",
            out.split("\n")[7],
            "",
        ]);
        expect(out).to.contain(`\nfail     dns                       ${SAYS.dnsUnknown("gitlab.invalid")}`);
    });

    it("adds https:// to an address without a scheme, with a note", async () => {
        const line = await serve();
        const whole = await run(line);
        const short = await run(line.replace("https://", ""));
        expect(short.status).to.equal(0);
        expect(short.err).to.equal(
            'aws-gitlab-oidc: "gitlab.example.com" does not have a scheme. Checking "https://gitlab.example.com".\n',
        );
        expect(steady(short.out)).to.equal(steady(whole.out));
    });

    it("checks a token, of a file or of standard input, and prints none of it", async () => {
        const line = await serve();
        for (const [more, stdin] of [
            ["--token @token --audience sts", ""],
            ["--token - --audience sts", `${token}\r\n`],
        ] as const) {
            const { status, out } = await run(`${line} ${more}`, { stdin });
            expect(status).to.equal(0);
            expect(out).to.match(/^pass {5}token-signature +The signature is valid\.$/m);
            for (const part of token.split(".")) {
                expect(out).not.to.contain(part.slice(0, 12));
            }
        }
        const refused = await run(`${line} --token @token --audience ${ISSUER}`);
        expect(refused.status).to.equal(1);
        expect(refused.out).to.match(/\nAWS would report: .*Incorrect token audience\n$/);
    });

    it("does not connect to private addresses: status 1; accepts --allow-private and --timeout", async () => {
        const refused = await run("doctor https://10.255.255.1");
        expect(refused.status).to.equal(1);
        expect(refused.out).to.match(/^fail {5}addresses +"10\.255\.255\.1" is at 10\.255\.255\.1 \(private\)/m);
        const silent = await startIssuer({ afterTcp: (s) => void s.once("data", () => clock.pass(300)) });
        const line = `doctor ${ISSUER} --connect-to 127.0.0.1:${String(silent.port)} --allow-private --timeout 0.3`;
        expect((await run(line)).status).to.equal(1);
        await silent.close();
    });

    it("ends with the error message of AWS, or without a promise", async () => {
        const IN_JOB =
            "An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: ";
        const NO_KEY = `${IN_JOB}Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements`;
        const { leaf, intermediate } = await authority();
        for (const [behaviour, more, words] of [
            [{}, "", undefined],
            [
                { chain: [leaf, intermediate, intermediate] },
                "",
                `Could not connect to openid configuration of provider: ${ISSUER}`,
            ],
            [
                { replies: { [DISCOVERY]: (_, response) => response.writeHead(503).end() } },
                "",
                `Could not connect to openid configuration of provider: ${ISSUER}. In a job: ${NO_KEY}`,
            ],
            [
                { replies: { [DISCOVERY]: "{}" } },
                "",
                `Please check .well-known/openid-configuration of provider: ${ISSUER} is valid. In a job: ${NO_KEY}`,
            ],
            [{ replies: { [KEYS]: "{}" } }, "", NO_KEY],
        ] as readonly (readonly [Behaviour, string, string | undefined])[]) {
            const { out } = await run(`${await serve(behaviour)}${more}`);
            await server!.close();
            server = undefined;
            expect(out.trimEnd().split("\n").at(-1)).to.equal(
                words === undefined
                    ? "No problems found. (AWS connects from a different network, so this is not a guarantee.)"
                    : `AWS would report: ${words}`,
            );
        }
        const untrusted = await run((await serve()).replace("--ca @ca.pem ", ""));
        expect(untrusted.out).to.match(
            /\nAWS would report: .*OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint \(unless the identity provider has the thumbprint\)\n$/,
        );
        expect((await run("doctor http://gitlab.example.com")).out).to.match(
            /\nAWS would report: Invalid Open ID Connect Provider URL\n$/,
        );
    });

    it("marks what matters with colour, and nothing that comes from the server", async () => {
        const line = await serve({ replies: { [DISCOVERY]: { ...DISCOVERY_DOCUMENT, issuer: "\u001b[2J\u202e" } } });
        const [plain, coloured] = [await run(line), await run(line, { colour: true })];
        expect(coloured.out).to.contain("\u001b[31mfail   \u001b[39m");
        expect(steady(stripVTControlCharacters(coloured.out))).to.equal(steady(plain.out));
        expect(plain.out)
            .to.contain('`issuer` is "\\u001b[2J\\u202e"')
            .and.not.match(/[\u001b\u202e]/); // eslint-disable-line no-control-regex -- what must not be there
    });

    const HELP = "Help: aws-gitlab-oidc help doctor";
    for (const [line, message] of [
        [
            "doctor",
            `URL is missing: the address of the GitLab instance, for example https://gitlab.example.com. ${HELP}`,
        ],
        [`doctor ${ISSUER} x`, `doctor accepts one URL, not 2: "https://gitlab.example.com", "x". ${HELP}`],
        [`doctor ${ISSUER} --port 5`, `doctor does not have the option "--port". ${HELP}`],
        [`doctor ${ISSUER} --ca`, `--ca requires a value: --ca FILE. ${HELP}`],
        [`doctor ${ISSUER} --timeout soon`, '--timeout "soon" is not a number of seconds.'],
        [`doctor ${ISSUER} --request-timeout 1m`, '--request-timeout "1m" is not a number of seconds.'],
        [`doctor ${ISSUER} --ca @missing`, '--ca "@missing" cannot be read: no such file or directory.'],
        [`doctor ${ISSUER} --ca - --token -`, SAYS.bothFromInput("ca", "token")],
        [
            `doctor ${ISSUER} --audience y`,
            `--audience requires --token FILE: it is compared with the audience of the token. ${HELP}`,
        ],
        [
            `doctor ${ISSUER} --connect-to gitlab.example.com:443:127.0.0.1:8443`,
            [["--connect-to", "issuer-option", '"127.0.0.1:8443"']],
        ],
        [
            `doctor ${ISSUER} --ca @empty --connect-to x --timeout 0 --request-timeout 61`,
            [
                ["--timeout", "issuer-option", "0", "600"],
                ["--request-timeout", "issuer-option", "61", "60"],
                ["--ca", "issuer-option"],
                ["--connect-to", "issuer-option", '"x"'],
            ],
        ],
    ] as readonly (readonly [string, string | readonly Printed[]])[]) {
        it(`${line}: status 2`, async () => {
            const { status, out, err } = await run(line);
            expect({ status, out }).to.deep.equal({ status: 2, out: "" });
            const said = err.replaceAll(`${folder}/`, "@");
            if (typeof message === "string") {
                expect(said).to.equal(`aws-gitlab-oidc: ${message}\n`);
            } else {
                const [first, ...lines] = said.trimEnd().split("\n");
                expect(first).to.equal(
                    `aws-gitlab-oidc: ${String(message.length)} problem${message.length === 1 ? "" : "s"} with the inputs:`,
                );
                expectFindings(
                    lines
                        .join("\n")
                        .split(/^ {2}- /m)
                        .slice(1)
                        .map((finding) => finding.trimEnd().replace("\n      ", "\n    ")),
                    message,
                );
            }
        });
    }

    it("is the same as the file that users run, which ends with it", async () => {
        const { leaf, intermediate, root: top } = await authority();
        for (const chain of [
            [leaf, intermediate],
            [leaf, top, intermediate],
        ]) {
            const line = await serve({ chain });
            const inProcess = await run(line);
            const args = line.replaceAll("@", `${folder}/`).split(" ");
            const child = spawn(join(root, "bin/aws-gitlab-oidc"), args, {
                stdio: ["ignore", "pipe", "pipe"],
                env: { ...process.env, NODE_OPTIONS: STOPPED_CLOCK },
            });
            const texts = { out: "", err: "" };
            child.stdout.on("data", (text: Buffer) => (texts.out += text.toString()));
            child.stderr.on("data", (text: Buffer) => (texts.err += text.toString()));
            const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
            expect({ status, out: steady(texts.out), err: texts.err }).to.deep.equal({
                ...inProcess,
                out: steady(inProcess.out),
            });
            await server!.close();
            server = undefined;
        }
    });
});
