import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { runCommand } from "../../../provider/cmd/command";
import { packageJson } from "../../../provider/contract/schema";
import { pythonTools } from "../../../tools/setup/python";
import { authority } from "../../support/certificates";
import {
    DISCOVERY,
    DISCOVERY_DOCUMENT,
    ISSUER,
    KEY,
    KEY_SET,
    KEYS,
    signingKey,
    startIssuer,
    tokenOf,
    type IssuerServer,
    type Reply,
} from "../../support/issuer-server";
import { SAYS } from "../../support/wording";

/** The certificate of the tests' servers is for this name, for both of them. */
const MIRROR = `${ISSUER}/mirror`;
const MIRROR_DISCOVERY = {
    issuer: MIRROR,
    jwks_uri: `${MIRROR}/oauth/discovery/keys`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    claims_supported: ["iss", "sub", "aud", "exp", "iat"],
};
const OLD = signingKey("old");

interface Ran {
    readonly status: number;
    readonly out: string;
    readonly err: string;
}

describe("command mirror", () => {
    let folder: string;
    let into: string;
    let server: IssuerServer | undefined;
    const environment = { ...process.env };

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "mirror-command-"));
        writeFileSync(join(folder, "ca.pem"), (await authority()).root.pem);
    });
    after(() => rmSync(folder, { recursive: true }));
    beforeEach(() => {
        into = mkdtempSync(join(folder, "into-"));
    });
    afterEach(async () => {
        await server?.close();
        server = undefined;
        for (const name of ["AWS_WEB_IDENTITY_TOKEN_FILE", "GITLAB_OIDC_TOKEN"]) {
            Reflect.deleteProperty(process.env, name);
        }
        Object.assign(process.env, environment);
    });

    async function run(args: readonly string[], stdin = ""): Promise<Ran> {
        const texts = { out: "", err: "" };
        const status = await runCommand(["mirror", ...args], {
            out: (text) => void (texts.out += text),
            err: (text) => void (texts.err += text),
            stdin: () => stdin,
            colour: false,
        });
        return { status, ...texts };
    }

    /** A server for both the instance and, below /mirror, its mirror. */
    async function serve(replies: Readonly<Record<string, Reply>> = {}): Promise<void> {
        server = await startIssuer({
            replies: { [`/mirror${DISCOVERY}`]: MIRROR_DISCOVERY, [`/mirror${KEYS}`]: KEY_SET, ...replies },
        });
    }

    const at = (ca = join(folder, "ca.pem")): readonly string[] => {
        const target = `127.0.0.1:${String(server!.port)}`;
        return ["--ca", ca, "--connect-to", target, "--mirror-connect-to", target];
    };
    const fetch = (...more: readonly string[]): Promise<Ran> => run(["fetch", ISSUER, "--dir", into, ...at(), ...more]);
    const check = (...more: readonly string[]): Promise<Ran> =>
        run(["check", ISSUER, "--mirror", MIRROR, ...at(), ...more]);
    const read = (name: string): string => readFileSync(join(into, name), "utf8");
    const keysIn = (): readonly { kid: string; exp?: number }[] =>
        (JSON.parse(read("jwks.json")) as { keys: { kid: string; exp?: number }[] }).keys;
    const now = (): number => Math.floor(Date.now() / 1000);
    const PUBLIC_KEY = { kty: "RSA", kid: "first", use: "sig", alg: "RS256", n: KEY.jwk.n, e: "AQAB" };

    describe("fetch", () => {
        it("writes both documents, without what nobody needs, and the same again", async () => {
            await serve();
            expect(await fetch("--published", "none")).to.deep.equal({
                status: 0,
                out: `"${into}/openid-configuration.json" is written.\n"${into}/jwks.json" is written.\n"first" is a key of the instance.\n`,
                err: "",
            });
            expect(JSON.parse(read("openid-configuration.json"))).to.deep.equal({
                issuer: "https://gitlab.example.com",
                jwks_uri: "https://gitlab.example.com/oauth/discovery/keys",
                response_types_supported: ["code"],
                subject_types_supported: ["public"],
                id_token_signing_alg_values_supported: ["RS256"],
                claims_supported: ["iss", "sub", "aud", "exp", "iat"],
            });
            expect(JSON.parse(read("jwks.json"))).to.deep.equal({ keys: [PUBLIC_KEY] });
            const again = await fetch("--json");
            expect([again.status, JSON.parse(again.out)]).to.deep.equal([
                0,
                {
                    files: [
                        { file: `${into}/openid-configuration.json`, changed: false },
                        { file: `${into}/jwks.json`, changed: false },
                    ],
                    keys: [{ kid: "first" }],
                    dropped: [],
                },
            ]);
            expect(readdirSync(into).sort()).to.deep.equal(["jwks.json", "openid-configuration.json"]);
        });

        it("reads the CAs from standard input", async () => {
            await serve();
            const pem = readFileSync(join(folder, "ca.pem"), "utf8");
            const args = ["fetch", ISSUER, "--dir", into, "--published", "none", ...at("-")];
            expect((await run(args, pem)).status).to.equal(0);
            const { status, err } = await run(args, "no certificate");
            expect(status).to.equal(2);
            expect(err).to.contain("--ca from standard input does not contain a certificate in PEM format.");
        });

        it("keeps a key that is gone for the overlap, and no longer", async () => {
            await serve();
            writeFileSync(join(into, "jwks.json"), JSON.stringify({ keys: [OLD.jwk] }));
            const began = now();
            const { status, out } = await fetch("--overlap", "2");
            expect(status).to.equal(0);
            expect(out).to.match(/^"old" is not a key of the instance. It stays until \d{4}-.*Z\.$/m);
            const [own, kept] = keysIn();
            expect(own).to.deep.equal(PUBLIC_KEY);
            expect(kept!.exp).to.be.within(began + 7200, now() + 7200);
            expect((await fetch("--overlap", "9")).status).to.equal(0);
            expect(keysIn()[1]!.exp).to.equal(kept!.exp);

            writeFileSync(join(into, "jwks.json"), JSON.stringify({ keys: [{ ...OLD.jwk, exp: 1_000_000_000 }] }));
            expect((await fetch()).out).to.contain('"old" is removed: its overlap ended at 2001-09-09T01:46:40Z.');
            expect(keysIn()).to.deep.equal([PUBLIC_KEY]);
        });

        it("keeps the keys that are published", async () => {
            const exp = now() + 5000;
            await serve({ [`/mirror${KEYS}`]: { keys: [KEY.jwk, { ...OLD.jwk, exp }] } });
            expect((await fetch("--published", MIRROR)).status).to.equal(0);
            expect(keysIn().map(({ kid, exp }) => [kid, exp])).to.deep.equal([
                ["first", undefined],
                ["old", exp],
            ]);
        });

        it("asks which keys are published if the folder does not have a JWKS", async () => {
            await serve();
            expect(await fetch()).to.deep.equal({
                status: 2,
                out: "",
                err: `aws-gitlab-oidc: "${into}/jwks.json" does not exist, so the keys that are published already are unknown. Add --published URL with the address of the mirror, or --published none if nothing is published yet.\n`,
            });
            expect(server!.requests).to.deep.equal([]);
        });

        const bad: readonly (readonly [title: string, replies: Readonly<Record<string, Reply>>, words: string])[] = [
            ["a page instead of the document", { [DISCOVERY]: "<html>" }, SAYS.jsonWebPage],
            [
                "the document of another",
                { [DISCOVERY]: { ...DISCOVERY_DOCUMENT, issuer: "https://x" } },
                '`issuer` is "https://x"',
            ],
            ["no keys", { [KEYS]: { keys: [] } }, SAYS.emptyJwks],
            ["a private key", { [KEYS]: { keys: [{ ...KEY.jwk, d: "SECRET" }] } }, 'keys[0] ("first")'],
            [
                "a key of another kind",
                { [KEYS]: { keys: [KEY.jwk, { kty: "OKP", kid: "x" }] } },
                'keys[1] ("x") is of the kind "OKP": AWS verifies tokens with RSA and EC keys only.',
            ],
            ["an error", { [KEYS]: (_, response) => void response.writeHead(503).end() }, "returned status 503"],
            [
                "a redirect",
                { [DISCOVERY]: (_, response) => void response.writeHead(302, { location: "/x" }).end() },
                "returned status 302",
            ],
            ["a megabyte and more", { [KEYS]: `{"keys":["${"x".repeat(1_000_000)}"]}` }, "has more than 1000000 bytes"],
        ];
        for (const [title, replies, words] of bad) {
            it(`rejects ${title}, and writes nothing`, async () => {
                await serve(replies);
                const { status, out, err } = await fetch("--published", "none");
                expect([status, out]).to.deep.equal([2, ""]);
                expect(err)
                    .to.contain(words)
                    .and.not.to.contain("SECRET")
                    .and.not.to.match(/^ +at /m);
                expect(readdirSync(into)).to.deep.equal([]);
            });
        }

        it("does not trust a server of an unknown CA", async () => {
            await serve();
            const target = ["--connect-to", `127.0.0.1:${String(server!.port)}`];
            const { status, err } = await run(["fetch", ISSUER, "--dir", into, "--published", "none", ...target]);
            expect(status).to.equal(2);
            expect(err).to.contain(`${ISSUER}/.well-known/openid-configuration cannot be read: it `);
        });

        it("reports a host that does not exist", async () => {
            const nobody = "https://gitlab.invalid";
            const { status, err } = await run(["fetch", nobody, "--dir", into, "--published", "none"]);
            expect(status).to.equal(2);
            const document = "https://gitlab.invalid/.well-known/openid-configuration";
            expect(err).to.contain(`aws-gitlab-oidc: ${document} cannot be read: ${SAYS.dnsUnknown("gitlab.invalid")}`);
        });

        it("stops a job that authenticates through the mirror, and warns about other tokens of it", async () => {
            await serve();
            const token = tokenOf({ iss: MIRROR, sub: "project_path:a/b" });
            process.env["GITLAB_OIDC_TOKEN"] = token;
            const warned = await fetch("--published", MIRROR);
            expect(warned.status).to.equal(0);
            expect(warned.err).to.contain("GITLAB_OIDC_TOKEN has an ID token of").and.not.to.contain(token);
            writeFileSync(join(folder, "token"), token);
            process.env["AWS_WEB_IDENTITY_TOKEN_FILE"] = join(folder, "token");
            const refused = await fetch("--published", MIRROR);
            expect(refused.status).to.equal(1);
            expect(refused.err).to.contain(`AWS_WEB_IDENTITY_TOKEN_FILE has a token of ${MIRROR}`);
            writeFileSync(join(folder, "token"), tokenOf({ iss: "https://other.example.com" }));
            Reflect.deleteProperty(process.env, "GITLAB_OIDC_TOKEN");
            expect(await fetch("--published", MIRROR)).to.include({ status: 0, err: "" });
        });
    });

    describe("check", () => {
        it("finds the mirror up to date", async () => {
            const exp = now() + 5000;
            await serve({ [`/mirror${KEYS}`]: { keys: [KEY.jwk, { ...OLD.jwk, exp }] } });
            const { status, out, err } = await check();
            expect([status, err]).to.deep.equal([0, ""]);
            expect(out).to.match(
                /^The key "old" stays published until .*Z\.\n.* is up to date: it publishes every signing key of .*\n$/,
            );
        });

        const OTHER = signingKey("first");
        const different: readonly (readonly [
            title: string,
            replies: Readonly<Record<string, Reply>>,
            ids: readonly string[],
        ])[] = [
            ["a key that is missing", { [KEYS]: { keys: [KEY.jwk, OLD.jwk] } }, ["key-missing"]],
            ["a key that is another", { [`/mirror${KEYS}`]: { keys: [OTHER.jwk] } }, ["key-changed"]],
            [
                "a key that is overdue",
                { [`/mirror${KEYS}`]: { keys: [KEY.jwk, { ...OLD.jwk, exp: 1 }] } },
                ["key-overdue"],
            ],
            ["a key that nobody knows", { [`/mirror${KEYS}`]: { keys: [KEY.jwk, OLD.jwk] } }, ["key-without-end"]],
            ["another issuer", { [`/mirror${DISCOVERY}`]: { ...MIRROR_DISCOVERY, issuer: ISSUER } }, ["issuer"]],
            [
                "keys from elsewhere",
                { [`/mirror${DISCOVERY}`]: { ...MIRROR_DISCOVERY, jwks_uri: "https://evil.example.com/" } },
                ["jwks-uri"],
            ],
            [
                "other lists",
                { [`/mirror${DISCOVERY}`]: { ...MIRROR_DISCOVERY, claims_supported: ["iss"] } },
                ["members"],
            ],
        ];
        for (const [title, replies, ids] of different) {
            it(`finds ${title}: status 1`, async () => {
                await serve(replies);
                const { status, out } = await check("--json");
                const found = JSON.parse(out) as { ok: boolean; differences: { id: string; fix: string }[] };
                expect([status, found.ok, found.differences.map(({ id }) => id)]).to.deep.equal([1, false, ids]);
                expect(found.differences[0]!.fix).to.match(/\S/);
                expect((await check()).out)
                    .to.contain("    Fix: ")
                    .and.to.contain(`is not up to date with ${ISSUER}.`);
            });
        }

        it("waits until caches have passed", async () => {
            await serve({
                [`/mirror${KEYS}`]: (_, response, count) =>
                    void response.end(JSON.stringify({ keys: count === 1 ? [OLD.jwk] : [KEY.jwk] })),
            });
            expect((await check("--wait", "1")).status).to.equal(0);
        });

        it("cannot use a mirror that is not there: status 2", async () => {
            await serve({ [`/mirror${DISCOVERY}`]: (_, response) => void response.writeHead(403).end() });
            const { status, err } = await check();
            expect(status).to.equal(2);
            expect(err).to.equal(`aws-gitlab-oidc: ${MIRROR}/.well-known/openid-configuration returned status 403.\n`);
        });
    });

    describe("add-key", () => {
        const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
        const pem = (key: KeyObject, type: "pkcs1" | "pkcs8" | "spki"): string =>
            key.export({ type: type, format: "pem" }) as string;
        const { n, e } = publicKey.export({ format: "jwk" });
        /** RFC 7638, written out. */
        const kid = createHash("sha256").update(`{"e":"${e!}","kty":"RSA","n":"${n!}"}`).digest("base64url");
        const add = (stdin: string, ...more: readonly string[]): Promise<Ran> =>
            run(["add-key", "-", "--dir", into, ...more], stdin);
        beforeEach(() => writeFileSync(join(into, "jwks.json"), JSON.stringify({ keys: [PUBLIC_KEY] })));

        for (const [title, text] of [
            ["private key of OpenSSL", pem(privateKey, "pkcs8")],
            ["private key of older ones", pem(privateKey, "pkcs1")],
            ["public key", pem(publicKey, "spki")],
        ] as const) {
            it(`publishes the public part of a ${title} alone`, async () => {
                const began = now();
                const { status, out, err } = await add(text);
                expect([status, err]).to.deep.equal([0, ""]);
                expect(out).to.contain(
                    `Added "${kid}" to "${into}/jwks.json". If the instance does not use the key by `,
                );
                const [own, added] = keysIn();
                expect(own).to.deep.equal(PUBLIC_KEY);
                expect(added).to.deep.equal({ kty: "RSA", kid, use: "sig", alg: "RS256", n, e, exp: added!.exp });
                expect(added!.exp).to.be.within(began + 2_592_000, now() + 2_592_000);
            });
        }

        it("for the given number of days, and survives a fetch", async () => {
            await serve();
            const began = now();
            expect((await add(pem(publicKey, "spki"), "--days", "2", "--json")).status).to.equal(0);
            const { exp } = keysIn()[1]!;
            expect(exp).to.be.within(began + 172_800, now() + 172_800);
            expect((await fetch()).status).to.equal(0);
            expect(keysIn().map(({ kid, exp }) => [kid, exp])).to.deep.equal([
                ["first", undefined],
                [kid, exp],
            ]);
        });

        const small = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey;
        const elliptic = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
        const encrypted = privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" });
        /** A key with the exponent 1. No tool creates one, but node writes it. */
        const exponentOne = createPublicKey({ key: { kty: "RSA", n: n!, e: "AQ" }, format: "jwk" });
        for (const [title, text, words] of [
            ["a short key", pem(small, "spki"), "cannot be published:\n  - "],
            ["a key with the exponent 1", pem(exponentOne, "spki"), "cannot be published:\n  - "],
            ["a key of an elliptic curve", pem(elliptic, "spki"), "is not an RSA key"],
            ["an encrypted key", String(encrypted), "is encrypted"],
            ["a certificate", "-----BEGIN CERTIFICATE-----\n", "is a certificate"],
            ["something else", "hello", "is not a key in PEM format."],
        ] as const) {
            it(`rejects ${title}`, async () => {
                const { status, out, err } = await add(text);
                expect([status, out]).to.deep.equal([2, ""]);
                expect(err).to.contain(`Standard input ${words}`);
                expect(keysIn()).to.deep.equal([PUBLIC_KEY]);
            });
        }

        it("rejects a key that is there already, and a folder that was never fetched", async () => {
            await add(pem(publicKey, "spki"));
            expect((await add(pem(privateKey, "pkcs8"))).err).to.contain(`already has the key "${kid}".`);
            rmSync(join(into, "jwks.json"));
            const { status, err } = await add(pem(publicKey, "spki"));
            expect(status).to.equal(2);
            expect(err).to.contain("Run `aws-gitlab-oidc mirror fetch` first.");
            expect(existsSync(join(into, "jwks.json"))).to.equal(false);
        });
    });

    describe("job", () => {
        const job = (...more: readonly string[]): Promise<Ran> =>
            run(["job", ISSUER, "--mirror", MIRROR, "--dir", "issuer", "--stack", "org/prod", ...more]);

        it("is valid by GitLab's schema, runs on a schedule, and has no ID token", async function () {
            const { status, out } = await job(
                "--image",
                "pulumi/pulumi-nodejs",
                "--stage",
                "deploy",
                "--ca",
                "it's.pem",
            );
            expect(status).to.equal(0);
            const command = `npx --yes --package=pulumi-aws-gitlab-oidc@${packageJson().version} aws-gitlab-oidc mirror`;
            expect(parse(out)).to.deep.equal({
                "refresh issuer mirror": {
                    stage: "deploy",
                    image: { name: "pulumi/pulumi-nodejs", entrypoint: [""] },
                    inherit: { default: ["image", "before_script", "tags", "interruptible"] },
                    resource_group: "issuer-mirror",
                    rules: [{ if: '$CI_PIPELINE_SOURCE == "schedule"' }],
                    script: [
                        `${command} fetch ${ISSUER} --dir issuer --published ${MIRROR} --overlap 24 --ca 'it'\\''s.pem'`,
                        "pulumi up --yes --non-interactive --stack org/prod",
                        `${command} check ${ISSUER} --mirror ${MIRROR} --wait 600 --ca 'it'\\''s.pem'`,
                    ],
                },
            });
            const path = join(folder, "job.yml");
            writeFileSync(path, `stages: [deploy]\n${out}`);
            const { bin } = await pythonTools();
            const args = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", path];
            const { stdout, stderr } = spawnSync(join(bin, "check-jsonschema"), args, { encoding: "utf8" });
            expect(stdout + stderr).to.equal("ok -- validation done\n");
        });

        it("rejects a role: its token would have the mirror as its issuer", async () => {
            const { status, out, err } = await job("--role", "arn:aws:iam::111122223333:role/refresh");
            expect([status, out]).to.deep.equal([2, ""]);
            expect(err).to.contain("this job must not assume a role with an ID token");
        });
    });

    const unusable: readonly (readonly [line: string, words: string])[] = [
        ["", "mirror requires a command: fetch, check, add-key, job. Help: aws-gitlab-oidc help mirror\n"],
        [
            "sync",
            '"mirror sync" is not a command. Commands: fetch, check, add-key, job. Help: aws-gitlab-oidc help mirror\n',
        ],
        ["fech", '"mirror fech" is not a command. Did you mean mirror fetch? Help: aws-gitlab-oidc help mirror\n'],
        [
            "fetch",
            "URL is missing: the address of the GitLab instance, for example https://gitlab.internal.example. Help: aws-gitlab-oidc help mirror fetch\n",
        ],
        [
            "fetch http://gitlab.example.com --dir x",
            "is not a valid issuer. Write it as in the `iss` claim of tokens: https,",
        ],
        [
            "fetch https://gitlab.example.com/ --dir x",
            "is not a valid issuer. Write it as in the `iss` claim of tokens: https,",
        ],
        [
            "fetch https://u:p@gitlab.example.com --dir x",
            "is not a valid issuer. Write it as in the `iss` claim of tokens: https,",
        ],
        [
            "fetch https://GitLab.example.com --dir x",
            "is not a valid issuer. Write it as in the `iss` claim of tokens: https,",
        ],
        ["fetch https://gitlab.example.com", "--dir DIR is missing"],
        [
            "fetch https://gitlab.example.com https://x --dir y",
            'mirror fetch accepts one URL, not 2: "https://gitlab.example.com", "https://x".',
        ],
        ["fetch https://gitlab.example.com --dir x --overlap 0", '--overlap "0" is not a whole number from 1 to 8760.'],
        ["fetch https://gitlab.example.com --dir x --timeout soon", '--timeout "soon" is not a whole number'],
        [
            "fetch https://gitlab.example.com --dir x --connect-to 127.0.0.1",
            '--connect-to "127.0.0.1" is not HOST:PORT. Write a host and a port, for example "192.0.2.1:443". An IPv6 address needs brackets.\n',
        ],
        ["fetch https://gitlab.example.com --dir x --ca /nowhere", '--ca "/nowhere" cannot be read'],
        [
            "fetch https://gitlab.example.com --dir /nowhere/x --published mirror",
            '--published "mirror" does not have a scheme. Write "https://mirror".',
        ],
        ...["check", "job"].map(
            (name) =>
                [
                    `${name} https://gitlab.example.com`,
                    "--mirror URL is missing: the address of the mirror, for example https://BUCKET.s3.REGION.amazonaws.com.",
                ] as const,
        ),
        ["check https://gitlab.example.com --mirror https://x.example.com --wait 9999", '--wait "9999" is not'],
        ["add-key", "FILE is missing: the private or public key in PEM. Help: aws-gitlab-oidc help mirror add-key\n"],
        ["add-key key.pem", "--dir DIR is missing"],
        ["add-key key.pem --dir x --days 0", '--days "0" is not a whole number from 1 to 365.'],
        ["job https://gitlab.example.com --mirror https://x.example.com --stack dev", "--dir DIR is missing"],
        ["job https://gitlab.example.com --mirror https://x.example.com --dir x", "--stack NAME is missing"],
        [
            "job https://gitlab.example.com --nothing",
            'mirror job does not have the option "--nothing". Help: aws-gitlab-oidc help mirror job\n',
        ],
    ];
    for (const [line, words] of unusable) {
        it(`rejects "mirror ${line}": status 2`, async () => {
            const { status, out, err } = await run(line === "" ? [] : line.split(" "));
            expect([status, out]).to.deep.equal([2, ""]);
            expect(err).to.contain(words);
        });
    }
});
