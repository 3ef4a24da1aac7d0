import * as pulumi from "@pulumi/pulumi";
import { getVersion } from "@pulumi/aws/utilities";
import { expect } from "chai";
import { generateKeyPairSync } from "node:crypto";
import { IssuerMirror } from "../../../provider";
import type { Finding } from "../../../provider/contract/types";
import { UNKNOWN } from "../../../provider/contract/unknown";
import { checkIssuerMirror } from "../../../provider/components/issuer-mirror-check";
import { nextKeys } from "../../../provider/mirror/rotation";
import type { PublicKey } from "../../../provider/mirror/documents";

const BUCKET = "mycompany-gitlab-issuer";
/** The lowest version of @pulumi/aws that the package takes. */
const NAMESPACES_ARE_MISSING = ["7.2.0"];
const MODULUS = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ format: "jwk" }).n!;
const SMALL = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ format: "jwk" }).n!;

const DISCOVERY = {
    issuer: "https://gitlab.internal",
    authorization_endpoint: "https://gitlab.internal/oauth/authorize",
    jwks_uri: "https://gitlab.internal/oauth/discovery/keys",
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    claims_supported: ["iss", "sub"],
};
const ONE = { kty: "RSA", kid: "one", use: "sig", alg: "RS256", n: MODULUS, e: "AQAB" };
const ELLIPTIC = {
    ...generateKeyPairSync("ec", { namedCurve: "P-521" }).publicKey.export({ format: "jwk" }),
    kid: "ec",
    alg: "ES512",
};
const TWO = { ...ONE, kid: "two", exp: 1_900_000_000 };
const SOUND = { discovery: DISCOVERY, keys: { keys: [ONE] }, bucketName: BUCKET };

describe("IssuerMirror", () => {
    interface Made {
        readonly type: string;
        readonly name: string;
        readonly inputs: unknown;
    }
    let made: Made[] = [];
    let partition = { partition: "aws", dnsSuffix: "amazonaws.com" };
    let region = "eu-central-1";

    beforeEach(async () => {
        made = [];
        partition = { partition: "aws", dnsSuffix: "amazonaws.com" };
        region = "eu-central-1";
        await pulumi.runtime.setMocks({
            newResource: ({ type, name, inputs }) => {
                const given = inputs as Record<string, unknown>;
                made.push({ type, name, inputs: given });
                return { id: `${name}-id`, state: { ...given, ...AWS[type]?.(given) } };
            },
            call: ({ token }) => (token.includes("getRegion") ? { region } : partition),
        });
    });

    const AWS: Readonly<Record<string, (given: Record<string, unknown>) => object>> = {
        "aws:s3/bucket:Bucket": ({ bucket }) => ({
            arn: `arn:aws:s3:::${String(bucket)}`,
            bucketRegionalDomainName: `${String(bucket)}.s3.eu-central-1.amazonaws.com`,
        }),
        "aws:cloudfront/distribution:Distribution": () => ({
            arn: "arn:aws:cloudfront::111122223333:distribution/E1",
            domainName: "d1.cloudfront.net",
            hostedZoneId: "Z2FDTNDATAQYW2",
        }),
    };

    function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
        return new Promise((resolve) => output.apply((value) => resolve(value)));
    }

    const children = (): Made[] => made.filter(({ type }) => type.startsWith("aws:"));
    const childrenByName = (): Record<string, unknown> =>
        Object.fromEntries(children().map(({ type, name, inputs }) => [`${type.split(":")[2]!} ${name}`, inputs]));

    it("makes a bucket with exactly two public objects, and nothing of CloudFront", async () => {
        const mirror = new IssuerMirror("mirror", {
            discovery: JSON.stringify(DISCOVERY),
            keys: { keys: [ONE, { ...TWO, x5t: "unknown", further: ["x"] }] },
            bucketName: pulumi.output(BUCKET),
            tags: { team: "platform" },
        });
        const url = "https://mycompany-gitlab-issuer.s3.eu-central-1.amazonaws.com";
        expect(await valueOf(mirror.issuerUrl)).to.equal(url);
        expect(await valueOf(mirror.jwksUri)).to.equal(`${url}/oauth/discovery/keys`);
        expect(await valueOf(mirror.bucketName)).to.equal(BUCKET);
        expect(await valueOf(mirror.gitlabRb)).to.equal(`gitlab_rails['ci_id_tokens_issuer_url'] = '${url}'`);
        expect(await valueOf(mirror.distributionDomainName)).to.equal(undefined);
        expect(await valueOf(mirror.distributionHostedZoneId)).to.equal(undefined);
        expect(childrenByName()).to.deep.equal({
            "Bucket mirror": { bucket: BUCKET, tags: { team: "platform" } },
            "BucketOwnershipControls mirror-ownership": {
                bucket: BUCKET,
                rule: { objectOwnership: "BucketOwnerEnforced" },
            },
            "BucketPublicAccessBlock mirror-public-access": {
                bucket: BUCKET,
                blockPublicAcls: true,
                ignorePublicAcls: true,
                blockPublicPolicy: false,
                restrictPublicBuckets: false,
            },
            "BucketPolicy mirror-policy": {
                bucket: BUCKET,
                policy:
                    '{"Version":"2012-10-17","Statement":[{"Sid":"ReadDocuments","Effect":"Allow","Principal":"*","Action":"s3:GetObject",' +
                    '"Resource":["arn:aws:s3:::mycompany-gitlab-issuer/.well-known/openid-configuration","arn:aws:s3:::mycompany-gitlab-issuer/oauth/discovery/keys"]},' +
                    '{"Sid":"DenyWithoutTls","Effect":"Deny","Principal":"*","Action":"s3:*",' +
                    '"Resource":["arn:aws:s3:::mycompany-gitlab-issuer","arn:aws:s3:::mycompany-gitlab-issuer/*"],' +
                    '"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}',
            },
            "BucketObjectv2 mirror-discovery": {
                bucket: BUCKET,
                key: ".well-known/openid-configuration",
                content: `{"issuer":"${url}","jwks_uri":"${url}/oauth/discovery/keys","response_types_supported":["code"],"subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256"],"claims_supported":["iss","sub"]}`,
                contentType: "application/json",
                cacheControl: "public, max-age=300",
            },
            "BucketObjectv2 mirror-keys": {
                bucket: BUCKET,
                key: "oauth/discovery/keys",
                content: `{"keys":[{"kty":"RSA","kid":"one","use":"sig","alg":"RS256","n":"${MODULUS}","e":"AQAB"},{"kty":"RSA","kid":"two","use":"sig","alg":"RS256","n":"${MODULUS}","e":"AQAB","exp":1900000000}]}`,
                contentType: "application/json",
                cacheControl: "public, max-age=300",
            },
        });
    });

    it("has the names of the region's partition", async () => {
        partition = { partition: "aws-cn", dnsSuffix: "amazonaws.com.cn" };
        region = "cn-north-1";
        const mirror = new IssuerMirror("mirror", SOUND);
        expect(await valueOf(mirror.issuerUrl)).to.equal(
            "https://mycompany-gitlab-issuer.s3.cn-north-1.amazonaws.com.cn",
        );
    });

    it("puts CloudFront in front of a private bucket, with an own domain", async () => {
        const certificateArn = "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012";
        const mirror = new IssuerMirror("mirror", {
            ...SOUND,
            cloudFront: { domainName: "oidc.example.com", certificateArn, priceClass: "PriceClass_All" },
            cacheSeconds: 60,
            forceDestroy: true,
            tags: { team: "platform" },
        });
        expect(await valueOf(mirror.issuerUrl)).to.equal("https://oidc.example.com");
        expect(await valueOf(mirror.distributionDomainName)).to.equal("d1.cloudfront.net");
        expect(await valueOf(mirror.distributionHostedZoneId)).to.equal("Z2FDTNDATAQYW2");
        const all = childrenByName();
        expect(all["Bucket mirror"]).to.deep.equal({ bucket: BUCKET, forceDestroy: true, tags: { team: "platform" } });
        expect(all["BucketPublicAccessBlock mirror-public-access"]).to.deep.equal({
            bucket: BUCKET,
            blockPublicAcls: true,
            ignorePublicAcls: true,
            blockPublicPolicy: true,
            restrictPublicBuckets: true,
        });
        expect(JSON.parse((all["BucketPolicy mirror-policy"] as { policy: string }).policy)).to.deep.equal({
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "ReadDocuments",
                    Effect: "Allow",
                    Principal: { Service: "cloudfront.amazonaws.com" },
                    Action: "s3:GetObject",
                    Resource: [
                        "arn:aws:s3:::mycompany-gitlab-issuer/.well-known/openid-configuration",
                        "arn:aws:s3:::mycompany-gitlab-issuer/oauth/discovery/keys",
                    ],
                    Condition: {
                        StringEquals: { "AWS:SourceArn": "arn:aws:cloudfront::111122223333:distribution/E1" },
                    },
                },
                {
                    Sid: "DenyWithoutTls",
                    Effect: "Deny",
                    Principal: "*",
                    Action: "s3:*",
                    Resource: ["arn:aws:s3:::mycompany-gitlab-issuer", "arn:aws:s3:::mycompany-gitlab-issuer/*"],
                    Condition: { Bool: { "aws:SecureTransport": "false" } },
                },
            ],
        });
        expect(all["OriginAccessControl mirror-access"]).to.deep.equal({
            originAccessControlOriginType: "s3",
            signingBehavior: "always",
            signingProtocol: "sigv4",
        });
        expect(all["Distribution mirror-distribution"]).to.deep.equal({
            enabled: true,
            isIpv6Enabled: true,
            comment: "GitLab issuer mirror",
            priceClass: "PriceClass_All",
            aliases: ["oidc.example.com"],
            origins: [
                {
                    originId: "bucket",
                    domainName: "mycompany-gitlab-issuer.s3.eu-central-1.amazonaws.com",
                    originAccessControlId: "mirror-access-id",
                },
            ],
            defaultCacheBehavior: {
                targetOriginId: "bucket",
                viewerProtocolPolicy: "https-only",
                allowedMethods: ["GET", "HEAD"],
                cachedMethods: ["GET", "HEAD"],
                cachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
            },
            restrictions: { geoRestriction: { restrictionType: "none" } },
            viewerCertificate: {
                acmCertificateArn: certificateArn,
                sslSupportMethod: "sni-only",
                minimumProtocolVersion: "TLSv1.2_2021",
            },
            tags: { team: "platform" },
        });
        expect((all["BucketObjectv2 mirror-keys"] as { cacheControl: string }).cacheControl).to.equal(
            "public, max-age=60",
        );
    });

    it("behind CloudFront without a domain has the name of the distribution", async () => {
        const mirror = new IssuerMirror("mirror", { ...SOUND, cloudFront: {} });
        expect(await valueOf(mirror.issuerUrl)).to.equal("https://d1.cloudfront.net");
        const { viewerCertificate, aliases, priceClass } = childrenByName()[
            "Distribution mirror-distribution"
        ] as Record<string, unknown>;
        expect({ viewerCertificate, aliases, priceClass }).to.deep.equal({
            viewerCertificate: { cloudfrontDefaultCertificate: true },
            aliases: undefined,
            priceClass: "PriceClass_100",
        });
    });

    const bucketName = "issuer-111122223333-eu-central-1-an";

    // Who runs these tests on an older @pulumi/aws sees the other side.
    it("asks for the account's own namespace where the name is one of it, or rejects it", async () => {
        if (NAMESPACES_ARE_MISSING.includes(getVersion())) {
            expect(() => new IssuerMirror("mirror", { ...SOUND, bucketName })).to.throw("[bucket-name]");
            expect(children()).to.deep.equal([]);
            return;
        }
        const mirror = new IssuerMirror("mirror", { ...SOUND, bucketName });
        await valueOf(mirror.issuerUrl);
        expect(childrenByName()["Bucket mirror"]).to.deep.equal({
            bucket: bucketName,
            bucketNamespace: "account-regional",
        });
    });

    for (const [version, has] of [
        ["6.83.4", false],
        ["7.2.0", false],
        ["7.23.0", false],
        ["7.24.0", true],
        ["7.100.0", true],
        ["8.0.0", true],
    ] as const) {
        it(`@pulumi/aws ${version} ${has ? "has" : "lacks"} the account's own namespace`, () => {
            expect(checkIssuerMirror({ ...SOUND, bucketName }, version).errors).to.deep.equal(
                has
                    ? []
                    : [
                          {
                              id: "bucket-name",
                              severity: "error",
                              path: "bucketName",
                              message: `"issuer-111122223333-eu-central-1-an" is a name in the account's own namespace. \`@pulumi/aws\` ${version} cannot create a bucket there, and S3 rejects the name elsewhere.`,
                              fix: 'Update `@pulumi/aws` to 7.24.0 or newer, or choose another name, for example "mycompany-gitlab-issuer".',
                          },
                      ],
            );
            expect(checkIssuerMirror(SOUND, version).errors).to.deep.equal([]);
        });
    }

    it("refuses what is wrong before anything is made, with every problem", () => {
        const broken = {
            ...SOUND,
            bucketName: "My.Bucket",
            keys: { keys: [{ ...ONE, d: "SECRET-EXPONENT" }] },
        };
        expect(() => new IssuerMirror("mirror", broken))
            .to.throw('IssuerMirror "mirror": 2 problems with the inputs:')
            .that.satisfies((e: Error) => pulumi.RunError.isInstance(e) && !e.message.includes("SECRET-EXPONENT"));
        expect(children()).to.deep.equal([]);
    });

    const CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/12345678";
    const keys = (...list: readonly unknown[]): object => ({ keys: { keys: list } });

    const refusals: readonly (readonly [title: string, inputs: object, expected: readonly string[]])[] = [
        [
            "nothing",
            { discovery: undefined, keys: undefined, bucketName: undefined },
            ["discovery required", "keys required", "bucketName required"],
        ],
        ["a discovery document that is not JSON", { discovery: "<html>" }, ["discovery mirror-document"]],
        ["a discovery document that is a list", { discovery: "[]" }, ["discovery mirror-document"]],
        [
            "a discovery document that is another one",
            { discovery: "{}" },
            [
                "discovery.issuer mirror-document",
                "discovery.id_token_signing_alg_values_supported mirror-document",
                "discovery.response_types_supported mirror-document",
                "discovery.subject_types_supported mirror-document",
            ],
        ],
        [
            "an instance that does not sign with RS256",
            { discovery: { ...DISCOVERY, id_token_signing_alg_values_supported: ["ES256"] } },
            ["discovery.id_token_signing_alg_values_supported mirror-document"],
        ],
        [
            "claims that are no list",
            { discovery: { ...DISCOVERY, claims_supported: "iss" } },
            ["discovery.claims_supported mirror-document"],
        ],
        ["keys that are not JSON", { keys: "{" }, ["keys mirror-document"]],
        ["keys without a list", { keys: {} }, ["keys.keys mirror-document"]],
        ["no key", keys(), ["keys.keys mirror-document"]],
        ["a key that is a text", keys(ONE, "key"), ["keys.keys[1] mirror-document"]],
        ["a private key", keys(ONE, { ...ONE, kid: "two", d: "x", p: "y" }), ["keys.keys[1] private-key"]],
        ["a symmetric key", keys(ONE, { kty: "oct", kid: "mac", k: "x" }), ["keys.keys[1] private-key"]],
        [
            "a key of another kind",
            keys(ONE, { kty: "OKP", kid: "two", crv: "Ed25519", x: "AA" }),
            ["keys.keys[1].kty mirror-document"],
        ],
        ["a key without id", keys({ ...ONE, kid: undefined }), ["keys.keys[0].kid mirror-document"]],
        ["two keys of one id", keys(ONE, ONE), ["keys.keys[1].kid mirror-document"]],
        ["a key that encrypts", keys({ ...ONE, use: "enc" }), ["keys.keys[0].use mirror-document"]],
        ["a key of another algorithm", keys({ ...ONE, alg: "PS256" }), ["keys.keys[0].alg mirror-document"]],
        ["a short key", keys({ ...ONE, n: SMALL }), ["keys.keys[0].n mirror-document"]],
        [
            "a key that is no number",
            keys({ ...ONE, n: "a+b", e: 3 }),
            ["keys.keys[0].n mirror-document", "keys.keys[0].e mirror-document"],
        ],
        ["an end that is no time", keys({ ...ONE, exp: "tomorrow" }), ["keys.keys[0].exp mirror-document"]],
        ["only a key of an elliptic curve", keys(ELLIPTIC), ["keys.keys mirror-document"]],
        [
            "coordinates of another curve",
            keys(ONE, { kty: "EC", kid: "two", crv: "P-384", x: "A".repeat(43), y: "A".repeat(64) }),
            ["keys.keys[1].x mirror-document"],
        ],
        [
            "an unknown curve",
            keys(ONE, { kty: "EC", kid: "two", crv: "secp256k1", x: "AA", y: "AA" }),
            ["keys.keys[1].crv mirror-document"],
        ],
        [
            "too many keys",
            keys(...Array.from({ length: 101 }, (_, i) => ({ ...ONE, kid: String(i) }))),
            ["keys.keys mirror-document"],
        ],
        ["a bucket name with dots", { bucketName: "gitlab.example.com" }, ["bucketName bucket-name"]],
        ["a bucket name with capitals", { bucketName: "GitLab" }, ["bucketName bucket-name"]],
        ["a bucket name that is too short", { bucketName: "ab" }, ["bucketName bucket-name"]],
        ["a bucket name that is too long", { bucketName: "a".repeat(64) }, ["bucketName bucket-name"]],
        ["a bucket name that ends with a hyphen", { bucketName: "gitlab-" }, ["bucketName bucket-name"]],
        ["a bucket name that S3 reserves", { bucketName: "xn--gitlab" }, ["bucketName bucket-name"]],
        ["a bucket name of an alias", { bucketName: "gitlab-s3alias" }, ["bucketName bucket-name"]],
        [
            "a bucket name that only looks like one of the own namespace",
            { bucketName: "gitlab-an" },
            ["bucketName bucket-name"],
        ],
        ["a day and a second", { cacheSeconds: 86_401 }, ["cacheSeconds cache-seconds"]],
        ["less than no time", { cacheSeconds: -1 }, ["cacheSeconds cache-seconds"]],
        ["half a second", { cacheSeconds: 0.5 }, ["cacheSeconds wrong-type"]],
        ["CloudFront that is known too late", { cloudFront: UNKNOWN }, ["cloudFront plain-required"]],
        [
            "a domain without a certificate",
            { cloudFront: { domainName: "oidc.example.com" } },
            ["cloudFront.certificateArn cloud-front"],
        ],
        [
            "a certificate without a domain",
            { cloudFront: { certificateArn: CERTIFICATE } },
            ["cloudFront.domainName cloud-front"],
        ],
        [
            "a domain with a scheme",
            { cloudFront: { domainName: "https://oidc.example.com", certificateArn: CERTIFICATE } },
            ["cloudFront.domainName cloud-front"],
        ],
        [
            "a domain with a wildcard",
            { cloudFront: { domainName: "*.example.com", certificateArn: CERTIFICATE } },
            ["cloudFront.domainName cloud-front"],
        ],
        [
            "a domain in capitals",
            { cloudFront: { domainName: "OIDC.example.com", certificateArn: CERTIFICATE } },
            ["cloudFront.domainName cloud-front"],
        ],
        [
            "a domain with a port",
            { cloudFront: { domainName: "oidc.example.com:8443", certificateArn: CERTIFICATE } },
            ["cloudFront.domainName cloud-front"],
        ],
        [
            "a domain too long for IAM",
            { cloudFront: { domainName: `${`${"a".repeat(61)}.`.repeat(4)}com`, certificateArn: CERTIFICATE } },
            ["cloudFront.domainName cloud-front"],
        ],
        [
            "a domain of CloudFront",
            { cloudFront: { domainName: "d1.cloudfront.net", certificateArn: CERTIFICATE } },
            ["cloudFront.domainName cloud-front"],
        ],
        [
            "a certificate elsewhere",
            {
                cloudFront: {
                    domainName: "oidc.example.com",
                    certificateArn: CERTIFICATE.replace("us-east-1", "eu-central-1"),
                },
            },
            ["cloudFront.certificateArn cloud-front"],
        ],
        [
            "a certificate of China",
            {
                cloudFront: {
                    domainName: "oidc.example.com",
                    certificateArn: CERTIFICATE.replace("arn:aws:", "arn:aws-cn:"),
                },
            },
            ["cloudFront.certificateArn cloud-front"],
        ],
        [
            "a certificate of IAM",
            {
                cloudFront: {
                    domainName: "oidc.example.com",
                    certificateArn: "arn:aws:iam::111122223333:server-certificate/x",
                },
            },
            ["cloudFront.certificateArn cloud-front"],
        ],
        ["an unknown price class", { cloudFront: { priceClass: "cheap" } }, ["cloudFront.priceClass cloud-front"]],
        ["a tag of AWS", { tags: { "aws:x": "y" } }, ['tags["aws:x"] tags']],
        ["an unknown input", { region: "eu-central-1" }, ["region unknown-property"]],
    ];
    for (const [title, inputs, expected] of refusals) {
        it(`refuses ${title}`, () => {
            const { errors, warnings } = checkIssuerMirror({ ...SOUND, ...inputs }, "7.48.0");
            const found = [...errors, ...warnings].map(({ path, id }: Finding) => `${path} ${id}`);
            expect(found).to.deep.equal(expected);
        });
    }

    it("says nothing about what is sound, or not known yet", () => {
        for (const inputs of [
            {},
            keys(ONE, TWO, ELLIPTIC),
            { discovery: UNKNOWN, keys: UNKNOWN, bucketName: UNKNOWN, cacheSeconds: UNKNOWN, tags: UNKNOWN },
            { keys: { keys: [{ ...ONE, n: UNKNOWN }] } },
            { bucketName: "issuer-111122223333-us-gov-west-1-an", cacheSeconds: 0 },
            { cloudFront: { domainName: UNKNOWN, certificateArn: UNKNOWN, priceClass: UNKNOWN } },
            { cloudFront: { domainName: "oidc.example.com", certificateArn: CERTIFICATE } },
        ]) {
            expect(checkIssuerMirror({ ...SOUND, ...inputs }, "7.48.0"), JSON.stringify(inputs)).to.deep.equal({
                errors: [],
                warnings: [],
            });
        }
    });
});

describe("the keys of a mirror", () => {
    const key = (kid: string, more: object = {}): PublicKey => ({ ...ONE, kid, ...more }) as PublicKey;
    const cases: readonly {
        title: string;
        instance: readonly PublicKey[];
        earlier: readonly (readonly PublicKey[])[];
        keys: readonly PublicKey[];
        dropped?: readonly string[];
    }[] = [
        { title: "are the instance's own", instance: [key("b"), key("a")], earlier: [], keys: [key("b"), key("a")] },
        {
            title: "stay for the overlap when the instance has them no more",
            instance: [key("new")],
            earlier: [[key("old")]],
            keys: [key("new"), key("old", { exp: 1100 })],
        },
        {
            title: "keep their end",
            instance: [key("new")],
            earlier: [[key("old", { exp: 1001 })]],
            keys: [key("new"), key("old", { exp: 1001 })],
        },
        {
            title: "go when their time is over",
            instance: [key("new")],
            earlier: [[key("old", { exp: 1000 })]],
            keys: [key("new")],
            dropped: ["old"],
        },
        {
            title: "lose their end when the instance has them again",
            instance: [key("old")],
            earlier: [[key("old", { exp: 900 })]],
            keys: [key("old")],
        },
        {
            title: "that were added beforehand stay until their end",
            instance: [key("now")],
            earlier: [[key("now"), key("next", { exp: 9000 })]],
            keys: [key("now"), key("next", { exp: 9000 })],
        },
        {
            title: "take the end that one of the earlier sets has",
            instance: [key("new")],
            earlier: [[key("old")], [key("old", { exp: 1050 }), key("older")]],
            keys: [key("new"), key("old", { exp: 1050 }), key("older", { exp: 1100 })],
        },
    ];
    for (const { title, instance, earlier, keys, dropped = [] } of cases) {
        it(title, () => {
            const next = nextKeys({ instance, earlier, now: 1000, overlap: 100 });
            expect(next.keys).to.deep.equal(keys);
            expect(next.dropped.map(({ kid }) => kid)).to.deep.equal(dropped);
        });
    }
});
