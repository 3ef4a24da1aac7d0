import { Findings } from "../contract/findings";
import { isObject } from "../contract/object";
import { property } from "../contract/paths";
import { quote } from "../contract/quote";
import { typedInputs, type Checked, type InputsView } from "./checked";
import { containsUnknown, known, type MaybeUnknown } from "../contract/unknown";
import { checkTags } from "../iam/tags";
import type { IssuerMirrorCloudFront } from "../contract/types";
import { checkBucketName, checkNamespace } from "../mirror/bucket";
import { readPublicKeys } from "../mirror/documents";
import { readDiscovery } from "../oidc/discovery";
import type { Source } from "../oidc/json";
import type { Problem } from "../oidc/problem";

interface MirrorView {
    readonly discovery: unknown;
    readonly keys: unknown;
    readonly bucketName: MaybeUnknown<string>;
    readonly cloudFront?: MaybeUnknown<IssuerMirrorCloudFront>;
    readonly cacheSeconds?: MaybeUnknown<number>;
    readonly tags?: MaybeUnknown<Readonly<Record<string, string>>>;
}

const MOST_CACHE_SECONDS = 86_400;

/** Checks the inputs of `IssuerMirror`, which uses the resources of that version of `@pulumi/aws`. */
export function checkIssuerMirror(inputs: InputsView, awsVersion: string): Checked {
    const findings = new Findings();
    const mirror = typedInputs("IssuerMirror", inputs, "", findings) as unknown as MirrorView;
    checkDocument(mirror.discovery, "discovery", findings);
    checkDocument(mirror.keys, "keys", findings);
    const name = known(mirror.bucketName);
    if (name !== undefined) {
        checkBucketName(name, "bucketName", findings);
        checkNamespace({ name, awsVersion }, "bucketName", findings);
    }
    const seconds = known(mirror.cacheSeconds);
    if (seconds !== undefined && (seconds < 0 || seconds > MOST_CACHE_SECONDS)) {
        findings.add(
            "cache-seconds",
            "cacheSeconds",
            `${String(seconds)} seconds is not between 0 and ${String(MOST_CACHE_SECONDS)} (a day), the time for which a new key can stay invisible.`,
            "Write 300, or leave it out.",
        );
    }
    const cloudFront = known(mirror.cloudFront);
    if (cloudFront !== undefined) {
        checkCloudFront(cloudFront, "cloudFront", findings);
    }
    checkTags(mirror.tags, "tags", findings);
    return { errors: findings.errors, warnings: findings.warnings };
}

/** The reader and the file of each document. The `jwks_uri` is not checked, because the mirror has its own. */
const DOCUMENTS = {
    discovery: {
        problems: (source: Source): readonly Problem[] =>
            readDiscovery(source).problems.filter(({ id }) => id !== "discovery-jwks-uri"),
        file: "openid-configuration.json",
    },
    keys: { problems: (source: Source): readonly Problem[] => readPublicKeys(source).problems, file: "jwks.json" },
} as const;

/** Reports every problem of a document, including those that are warnings elsewhere: see `readPublicKeys`. */
function checkDocument(given: unknown, name: keyof typeof DOCUMENTS, findings: Findings): void {
    if (given === undefined || containsUnknown(given)) {
        return;
    }
    const { problems, file } = DOCUMENTS[name];
    if (typeof given !== "string" && !isObject(given)) {
        findings.add("mirror-document", name, "is not an object.", `Use ${textOf(file)}.`);
        return;
    }
    for (const { id, path, message, fix } of problems(given)) {
        findings.add(
            id === "keys-private" ? "private-key" : "mirror-document",
            path === "" ? name : `${name}.${path}`,
            message,
            path === "" ? `Use ${textOf(file)}.` : fix,
        );
    }
}

function textOf(file: string): string {
    return `the text of ${file}, which \`aws-gitlab-oidc mirror fetch\` writes`;
}

const PRICE_CLASSES = ["PriceClass_100", "PriceClass_200", "PriceClass_All"];

type CloudFrontView = Exclude<MaybeUnknown<IssuerMirrorCloudFront>, symbol>;

function checkCloudFront(cloudFront: CloudFrontView, path: string, findings: Findings): void {
    const wrong = (name: keyof IssuerMirrorCloudFront, message: string, fix: string): void =>
        findings.add("cloud-front", property(path, name), message, fix);
    const domainName = known(cloudFront.domainName);
    const certificateArn = known(cloudFront.certificateArn);
    const priceClass = known(cloudFront.priceClass);
    if (domainName !== undefined) {
        checkDomainName(domainName, wrong);
    }
    if (certificateArn !== undefined) {
        checkCertificate(certificateArn, wrong);
    }
    if (cloudFront.domainName !== undefined && cloudFront.certificateArn === undefined) {
        wrong(
            "certificateArn",
            "is missing, but CloudFront serves a custom domain only with a certificate for it.",
            "Use the ARN of a certificate in AWS Certificate Manager, in us-east-1.",
        );
    }
    if (cloudFront.certificateArn !== undefined && cloudFront.domainName === undefined) {
        wrong(
            "domainName",
            "is missing, but the certificate is only for a custom domain.",
            "Set it, or leave certificateArn out.",
        );
    }
    if (priceClass !== undefined && !PRICE_CLASSES.includes(priceClass)) {
        wrong("priceClass", `${quote(priceClass)} is not one of ${PRICE_CLASSES.join(", ")}.`, "Leave it out.");
    }
}

type Wrong = (name: keyof IssuerMirrorCloudFront, message: string, fix: string) => void;

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

function checkDomainName(name: string, wrong: Wrong): void {
    const labels = name.split(".");
    // IAM accepts 255 characters including "https://", which is less than DNS allows.
    if (labels.length < 2 || name.length > 247 || !labels.every((label) => LABEL.test(label))) {
        wrong(
            "domainName",
            `${quote(name)} is not a domain name for the URL of an issuer: two or more parts of lowercase letters, digits and hyphens with dots between them, without scheme, port, path or wildcard.`,
            'Write for example "oidc.example.com".',
        );
    } else if (name.endsWith(".cloudfront.net")) {
        wrong(
            "domainName",
            `${quote(name)} is a name that CloudFront assigns.`,
            "Leave it out, or use a domain name that you control.",
        );
    }
}

function checkCertificate(arn: string, wrong: Wrong): void {
    const [, partition, region] = /^arn:([\w-]+):acm:([a-z0-9-]+):\d{12}:certificate\/[A-Za-z0-9-]+$/.exec(arn) ?? [];
    const example =
        'It looks like "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012".';
    if (partition === undefined) {
        wrong("certificateArn", `${quote(arn)} is not the ARN of a certificate in AWS Certificate Manager.`, example);
    } else if (partition !== "aws") {
        wrong(
            "certificateArn",
            `${quote(arn)} is in the partition ${quote(partition)}, where CloudFront does not accept certificates of AWS Certificate Manager or does not exist.`,
            "Leave cloudFront out. The documents are then public in S3.",
        );
    } else if (region !== "us-east-1") {
        wrong(
            "certificateArn",
            `${quote(arn)} is in ${region!}, and CloudFront accepts certificates of us-east-1 only, in every region of the bucket.`,
            "Request or import the certificate there.",
        );
    }
}
