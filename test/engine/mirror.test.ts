import { STSClient, AssumeRoleWithWebIdentityCommand } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from "jose";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createIssuer, publicGet, publishedIssuer, startGate, type Gate, type Issuer } from "../../tools/emulator";
import { projectRoot } from "../../tools/setup/cache";
import { authority } from "../support/certificates";
import { DISCOVERY, DISCOVERY_DOCUMENT, ISSUER, KEYS, startIssuer, type IssuerServer } from "../support/issuer-server";
import { skipBucketOnRealProvider } from "../support/skip";
import { everythingInAws, nothing } from "./account";
import { emptyAccount, engine, type TestStack } from "./engine";
import { expectRefusal } from "./refusal";
import { npm, plugin, routes, type Route } from "./routes";

const BUCKET = "mycompany-gitlab-issuer";
/** Where the bucket's name and the region of the engine's environment lead. */
const MIRROR = "https://mycompany-gitlab-issuer.s3.us-east-1.amazonaws.com";

const RSA = {
    kty: "RSA",
    kid: "one",
    use: "sig",
    alg: "RS256",
    n: `s${"A".repeat(340)}Q`,
    e: "AQAB",
};
const DOCUMENTS = { discovery: DISCOVERY_DOCUMENT, keys: { keys: [RSA] } };

describe("engine: an issuer that AWS cannot reach", () => {
    emptyAccount();

    let folder: string;
    /** The instance signs in the name of the mirror, first with the one key and then with the other. */
    let first: Issuer;
    let second: Issuer;
    let instance: IssuerServer;
    let gate: Gate;
    /** What the instance serves now. */
    let keys: JSONWebKeySet;
    const ca = (): string => join(folder, "ca.pem");

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "mirror-"));
        [first, second] = await Promise.all([createIssuer(MIRROR), createIssuer(MIRROR)]);
        instance = await startIssuer({
            replies: {
                [DISCOVERY]: DISCOVERY_DOCUMENT,
                [KEYS]: (_, response) => void response.end(JSON.stringify(keys)),
            },
        });
        writeFileSync(ca(), (await authority()).root.pem);
        const { emulator } = (await engine()).workspace;
        gate = await startGate({ emulator, issuers: [publishedIssuer(emulator, MIRROR)] });
    });
    after(async () => {
        await gate.stop();
        await instance.close();
        rmSync(folder, { recursive: true });
    });
    beforeEach(() => {
        keys = first.jwks();
    });

    /** `aws-gitlab-oidc mirror fetch` of the instance; the files' text. */
    async function fetch(into: string, ...more: readonly string[]): Promise<{ discovery: string; keys: string }> {
        const args = ["mirror", "fetch", ISSUER, "--dir", into, "--ca", ca()];
        await promisify(execFile)(process.execPath, [
            join(projectRoot, "dist/cmd/aws-gitlab-oidc.js"),
            ...[...args, "--connect-to", `127.0.0.1:${String(instance.port)}`, ...more],
        ]);
        const text = (name: string): string => readFileSync(join(into, name), "utf8");
        return { discovery: text("openid-configuration.json"), keys: text("jwks.json") };
    }

    const program =
        ({ IssuerMirror, GitLabOidc }: Route, documents: { discovery: unknown; keys: unknown }) =>
        () => {
            const mirror = IssuerMirror("mirror", { ...documents, bucketName: BUCKET, tags: { team: "platform" } });
            const gitlab = GitLabOidc("gitlab", {
                url: mirror.issuerUrl,
                audiences: ["sts.amazonaws.com"],
                gitlabVersion: "19.1",
                roles: { deploy: { subjects: [{ project: "mygroup/myproject", branch: "main" }], name: "deploy" } },
            });
            return { url: mirror.issuerUrl, jwks: mirror.jwksUri, rb: mirror.gitlabRb, roles: gitlab.roleArns };
        };

    /** What STS says to a job with the token: "accepted", or the name of its refusal. */
    async function exchange(token: string): Promise<string> {
        const sts = new STSClient({
            endpoint: gate.endpoint,
            region: "us-east-1",
            credentials: { accessKeyId: "none", secretAccessKey: "none" },
        });
        try {
            await sts.send(
                new AssumeRoleWithWebIdentityCommand({
                    RoleArn: "arn:aws:iam::111122223333:role/deploy",
                    RoleSessionName: "job",
                    WebIdentityToken: token,
                }),
            );
            return "accepted";
        } catch (error) {
            return (error as Error).name;
        } finally {
            sts.destroy();
        }
    }

    async function published(path: string): Promise<unknown> {
        const { emulator } = (await engine()).workspace;
        const { status, headers, body } = await publicGet(emulator, MIRROR + path);
        expect([status, headers["content-type"], headers["cache-control"]]).to.deep.equal([
            200,
            "application/json",
            "public, max-age=300",
        ]);
        return JSON.parse(body);
    }

    it("is fetched, mirrored and trusted; a key is replaced and both verify until the overlap is over", async function () {
        skipBucketOnRealProvider(this);
        const into = join(folder, "issuer");
        const stack = await (await engine()).program(program(plugin, await fetch(into, "--published", "none")));
        const preview = await stack.preview();
        expect(preview.shown).to.include.members(["OpenIdConnectProvider gitlab", "BucketObjectv2 mirror-keys"]);
        expect(preview.text).to.contain(`gitlab_rails['ci_id_tokens_issuer_url'] = '${MIRROR}'`);
        await stack.up();
        expect(stack.outputs()).to.deep.equal({
            url: MIRROR,
            jwks: `${MIRROR}/oauth/discovery/keys`,
            rb: `gitlab_rails['ci_id_tokens_issuer_url'] = '${MIRROR}'`,
            roles: { deploy: "arn:aws:iam::111122223333:role/deploy" },
        });

        expect(await published("/.well-known/openid-configuration")).to.deep.equal({
            issuer: MIRROR,
            jwks_uri: `${MIRROR}/oauth/discovery/keys`,
            response_types_supported: ["code"],
            subject_types_supported: ["public"],
            id_token_signing_alg_values_supported: ["RS256"],
            claims_supported: ["iss", "sub", "aud", "exp", "iat"],
        });
        const token = await first.sign({ aud: "sts.amazonaws.com" });
        const next = await second.sign({ aud: "sts.amazonaws.com" });
        const set = (await published("/oauth/discovery/keys")) as JSONWebKeySet;
        expect((await jwtVerify(token, createLocalJWKSet(set), { issuer: MIRROR })).payload.sub).to.equal(
            "project_path:mygroup/myproject:ref_type:branch:ref:main",
        );
        expect(await exchange(token)).to.equal("accepted");
        expect(await exchange(next)).to.equal("InvalidIdentityTokenException");

        // The npm class takes over what the plugin made.
        await stack.edit(program(npm, await fetch(into))).unchanged();

        keys = second.jwks();
        stack.edit(program(npm, await fetch(into)));
        expect((await stack.up()).changes).to.deep.equal({ "BucketObjectv2 mirror-keys": "update" });
        expect([await exchange(token), await exchange(next)]).to.deep.equal(["accepted", "accepted"]);
        await stack.edit(program(plugin, await fetch(into))).unchanged();

        overlapIsOver(into);
        stack.edit(program(plugin, await fetch(into)));
        expect((await stack.up()).changes).to.deep.equal({ "BucketObjectv2 mirror-keys": "update" });
        expect([await exchange(token), await exchange(next)]).to.deep.equal([
            "InvalidIdentityTokenException",
            "accepted",
        ]);

        await stack.refresh("--expect-no-changes");
        await stack.destroy();
        expect(await everythingInAws()).to.deep.equal(nothing);
        expect(await exchange(next)).to.equal("InvalidIdentityTokenException");
    });

    /** As if the overlap had passed since the last fetch. */
    function overlapIsOver(into: string): void {
        const path = join(into, "jwks.json");
        const set = JSON.parse(readFileSync(path, "utf8")) as { keys: { exp?: number }[] };
        expect(set.keys.map(({ exp }) => exp !== undefined)).to.deep.equal([false, true]);
        set.keys[1]!.exp = 1;
        writeFileSync(path, JSON.stringify(set));
    }

    it("nobody reads anything else, nor without TLS, nor writes", async function () {
        skipBucketOnRealProvider(this);
        const { workspace } = await engine();
        await (await (await engine()).program(program(npm, DOCUMENTS))).up();
        const status = async (url: string, tls = true): Promise<number> =>
            (await publicGet(workspace.emulator, url, { tls })).status;
        expect(await status(`${MIRROR}/oauth/discovery/keys`)).to.equal(200);
        expect(await status(`${MIRROR}/oauth/discovery/keys`, false)).to.equal(403);
        expect(await status(`${MIRROR}/oauth/discovery`)).to.equal(403);
        expect(await status(`${MIRROR}/`)).to.equal(403);
    });

    for (const { name, IssuerMirror } of routes) {
        it(`${name}: behind CloudFront the bucket is private, and the distribution serves it`, async function () {
            skipBucketOnRealProvider(this);
            const { emulator } = (await engine()).workspace;
            const stack: TestStack = await (
                await engine()
            ).program(() => {
                const mirror = IssuerMirror("mirror", { ...DOCUMENTS, bucketName: BUCKET, cloudFront: {} });
                return {
                    url: mirror.issuerUrl,
                    host: mirror.distributionDomainName,
                    zone: mirror.distributionHostedZoneId,
                };
            });
            await stack.up();
            const { url, host, zone } = stack.outputs() as { url: string; host: string; zone: string };
            expect([url, zone]).to.deep.equal([`https://${host}`, "Z2FDTNDATAQYW2"]);
            const { body } = await publicGet(emulator, `${url}/.well-known/openid-configuration`);
            expect((JSON.parse(body) as { issuer: string }).issuer).to.equal(url);
            expect((await publicGet(emulator, `${url}/oauth/discovery/keys`)).status).to.equal(200);
            expect((await publicGet(emulator, `${MIRROR}/oauth/discovery/keys`)).status).to.equal(403);
            await stack.unchanged();
            await stack.refresh("--expect-no-changes");
            await stack.destroy();
        });

        it(`${name}: refuses CloudFront outside of the partition aws before anything is made`, async () => {
            const stack = await (
                await engine()
            ).program(() => {
                IssuerMirror("mirror", { ...DOCUMENTS, bucketName: BUCKET, cloudFront: {} });
                return {};
            });
            // The emulator's account is in the partition aws: where the provider does not ask for it, the region tells the partition.
            for (const [setting, value] of [
                ["region", "cn-north-1"],
                ["skipCredentialsValidation", "true"],
                ["skipRequestingAccountId", "true"],
            ] as const) {
                await stack.command(["config", "set", `aws:${setting}`, value, "--stack", stack.name]);
            }
            const ran = await stack.refused();
            expectRefusal(ran, "[cloud-front-partition]", 'is not possible in the partition "aws-cn"');
            expect(stack.labels().filter((label) => !label.startsWith("IssuerMirror"))).to.deep.equal([]);
        });
    }
});
