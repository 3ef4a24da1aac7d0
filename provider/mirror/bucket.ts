import { Findings } from "../contract/findings";
import { quote } from "../contract/quote";
import { DISCOVERY_KEY, KEYS_KEY } from "./documents";

/** Starts and ends of names that S3 reserves. */
const RESERVED_STARTS = ["xn--", "sthree-", "amzn-s3-demo-"];
const RESERVED_ENDS = ["-s3alias", "--ol-s3", "--x-s3", "--table-s3"];

/** Whether the name is in the account's own namespace: NAME-ACCOUNT-REGION-an. */
export function isInOwnNamespace(name: string): boolean {
    return /-\d{12}-[a-z]{2,}(?:-[a-z]+)+-\d-an$/.test(name);
}

/** Reports what is wrong with the name of the bucket, which becomes part of the issuer URL. */
export function checkBucketName(name: string, path: string, findings: Findings): void {
    const faults: string[] = [];
    if (name.includes(".")) {
        faults.push("has a dot. The TLS certificate of S3 covers only names without a dot, so AWS could not connect");
    }
    if (name.length < 3 || name.length > 63) {
        faults.push(`has ${String(name.length)} characters. S3 accepts 3 to 63`);
    }
    if (!/^[a-z0-9.-]*$/.test(name)) {
        faults.push("has characters other than lowercase letters, digits and hyphens");
    } else if (/^-|-$/.test(name)) {
        faults.push("begins or ends with a hyphen");
    }
    const start = RESERVED_STARTS.find((prefix) => name.startsWith(prefix));
    const end = [...RESERVED_ENDS, ...(isInOwnNamespace(name) ? [] : ["-an"])].find((suffix) => name.endsWith(suffix));
    if (start !== undefined) {
        faults.push(`begins with ${quote(start)}, which S3 reserves`);
    }
    if (end !== undefined) {
        faults.push(`ends with ${quote(end)}, which S3 reserves`);
    }
    if (faults.length > 0) {
        findings.add(
            "bucket-name",
            path,
            `${quote(name)} ${faults.join("; it ")}.`,
            'Choose a globally unique name, for example "mycompany-gitlab-issuer".',
        );
    }
}

/** The first version of `@pulumi/aws` that can create a bucket in the account's own namespace. Older versions drop that input. */
const FIRST_WITH_NAMESPACES = [7, 24];

/** Reports a name in the account's own namespace if `@pulumi/aws` is too old for it. */
export function checkNamespace(
    { name, awsVersion }: { readonly name: string; readonly awsVersion: string },
    path: string,
    findings: Findings,
): void {
    if (!isInOwnNamespace(name) || isFrom(FIRST_WITH_NAMESPACES, awsVersion)) {
        return;
    }
    findings.add(
        "bucket-name",
        path,
        `${quote(name)} is a name in the account's own namespace. \`@pulumi/aws\` ${awsVersion} cannot create a bucket there, and S3 rejects the name elsewhere.`,
        'Update `@pulumi/aws` to 7.24.0 or newer, or choose another name, for example "mycompany-gitlab-issuer".',
    );
}

function isFrom([major, minor]: readonly number[], version: string): boolean {
    const [ownMajor, ownMinor] = version.split(".").map(Number);
    return ownMajor === major ? ownMinor! >= minor! : ownMajor! > major!;
}

/** Who can read the two objects: everybody, or the distribution in front of the bucket. */
export type Reader = "everybody" | { readonly distributionArn: string };

/** The bucket policy: allows the reader to read the two objects, and denies requests without TLS. */
export function bucketPolicy(bucketArn: string, reader: Reader): string {
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "ReadDocuments",
                Effect: "Allow",
                ...(reader === "everybody"
                    ? { Principal: "*" }
                    : { Principal: { Service: "cloudfront.amazonaws.com" } }),
                Action: "s3:GetObject",
                Resource: [`${bucketArn}/${DISCOVERY_KEY}`, `${bucketArn}/${KEYS_KEY}`],
                ...(reader !== "everybody" && {
                    Condition: { StringEquals: { "AWS:SourceArn": reader.distributionArn } },
                }),
            },
            {
                Sid: "DenyWithoutTls",
                Effect: "Deny",
                Principal: "*",
                Action: "s3:*",
                Resource: [bucketArn, `${bucketArn}/*`],
                Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
        ],
    });
}
