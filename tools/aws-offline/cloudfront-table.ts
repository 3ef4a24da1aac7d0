import { arn, oneOf, tags, tagsAll } from "./properties";
import type { Property, Resource } from "./resource";

const etag: Property = { kind: "string", description: "Current version of the configuration." };

function required(kind: Property["kind"], description: string, more: Partial<Property> = {}): Property {
    return { kind, description, input: "required", ...more };
}

function optional(kind: Property["kind"], description: string, more: Partial<Property> = {}): Property {
    return { kind, description, input: "optional", ...more };
}

const originAccessControl: Resource = {
    description: "Manages an AWS CloudFront Origin Access Control.",
    properties: {
        name: optional("string", "Name that identifies the Origin Access Control.", {
            replaces: true,
            computed: true,
            autoname: 64,
        }),
        description: optional("string", "Description of the Origin Access Control.", { default: "Managed by Pulumi" }),
        originAccessControlOriginType: required("string", "Type of origin.", {
            problem: oneOf("s3", "mediastore", "mediapackagev2", "lambda"),
        }),
        signingBehavior: required("string", "Which requests CloudFront signs.", {
            problem: oneOf("always", "never", "no-override"),
        }),
        signingProtocol: required("string", "How CloudFront signs requests.", { problem: oneOf("sigv4") }),
        arn,
        etag,
    },
};

const origin: Property["members"] = {
    originId: required("string", "Unique identifier for the origin."),
    domainName: required("string", "Domain name of the S3 bucket."),
    originPath: optional("string", "Directory of the origin.", { default: "" }),
    originAccessControlId: optional("string", "Origin access control of the origin."),
    connectionAttempts: optional("integer", "Number of times that CloudFront attempts to connect.", { default: 3 }),
    connectionTimeout: optional("integer", "Seconds that CloudFront waits for a connection.", { default: 10 }),
};

const defaultCacheBehavior: Property["members"] = {
    targetOriginId: required("string", "Origin that requests are routed to."),
    viewerProtocolPolicy: required("string", "Protocol that viewers may use.", {
        problem: oneOf("allow-all", "https-only", "redirect-to-https"),
    }),
    allowedMethods: required("textSet", "HTTP methods that are forwarded."),
    cachedMethods: required("textSet", "HTTP methods whose responses are cached."),
    // Without one the real provider asks for forwardedValues, which is the old way.
    cachePolicyId: required("string", "Cache policy."),
    compress: optional("boolean", "Whether content is compressed.", { default: false }),
};

const distribution: Resource = {
    description: "Creates an Amazon CloudFront web distribution, with S3 origins.",
    properties: {
        enabled: required("boolean", "Whether the distribution accepts requests."),
        aliases: optional("textSet", "Alternate domain names."),
        comment: optional("string", "Comment about the distribution."),
        defaultCacheBehavior: required("block", "Default cache behavior.", { members: defaultCacheBehavior }),
        defaultRootObject: optional("string", "Object for a request of the root."),
        httpVersion: optional("string", "Maximum HTTP version.", {
            default: "http2",
            problem: oneOf("http1.1", "http2", "http3", "http2and3"),
        }),
        isIpv6Enabled: optional("boolean", "Whether IPv6 is enabled."),
        origins: required("blocks", "Origins.", { members: origin }),
        priceClass: optional("string", "Price class.", {
            default: "PriceClass_All",
            problem: oneOf("PriceClass_100", "PriceClass_200", "PriceClass_All"),
        }),
        restrictions: required("block", "Restriction configuration.", {
            members: {
                geoRestriction: required("block", "Restriction by country.", {
                    members: {
                        restrictionType: required("string", "Kind of restriction.", {
                            problem: oneOf("none", "whitelist", "blacklist"),
                        }),
                        locations: optional("textSet", "ISO 3166-1-alpha-2 codes of the countries."),
                    },
                }),
            },
        }),
        retainOnDelete: optional("boolean", "Disables the distribution instead of deleting it.", { default: false }),
        staging: {
            kind: "boolean",
            description: "Whether this is a staging distribution.",
            refused: "an input only the real provider has",
        },
        viewerCertificate: required("block", "SSL configuration.", {
            members: {
                cloudfrontDefaultCertificate: optional("boolean", "Whether viewers see CloudFront's own certificate."),
                acmCertificateArn: optional("string", "Certificate in AWS Certificate Manager."),
                minimumProtocolVersion: optional("string", "Minimum version of TLS.", { default: "TLSv1" }),
                sslSupportMethod: optional("string", "How HTTPS requests are served."),
            },
        }),
        waitForDeployment: optional("boolean", "Waits until the distribution is deployed.", { default: true }),
        arn,
        callerReference: { kind: "string", description: "Value that makes the creation unique." },
        domainName: { kind: "string", description: "Domain name of the distribution." },
        etag,
        hostedZoneId: { kind: "string", description: "Route 53 zone of the domain name, for alias records." },
        lastModifiedTime: { kind: "string", description: "When the distribution was last changed." },
        status: { kind: "string", description: "Whether the distribution is deployed." },
        tags,
        tagsAll,
    },
};

export const cloudFrontResources: Readonly<Record<string, Resource>> = {
    "aws:cloudfront/distribution:Distribution": distribution,
    "aws:cloudfront/originAccessControl:OriginAccessControl": originAccessControl,
};
