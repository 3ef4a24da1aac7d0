import { parseProviderArn } from "./arn";

interface OtherIssuer {
    readonly name: string;
    /** The issuer without its scheme, whole: a host that only begins like it is someone else's. */
    readonly issuer: RegExp;
}

/** Identity providers whose tokens have subjects of other shapes than GitLab's, with their issuers as each vendor documents them. */
const OTHER_ISSUERS: readonly OtherIssuer[] = [
    { name: "GitHub Actions", issuer: /^token\.actions\.githubusercontent\.com(?:\/[\w.-]+)?$/ },
    { name: "GitHub Actions", issuer: /^token\.actions\.[a-z0-9-]+\.ghe\.com$/ },
    { name: "Google", issuer: /^accounts\.google\.com$/ },
    { name: "Amazon EKS", issuer: /^oidc\.eks\.[a-z]+(?:-[a-z]+)+-\d+\.amazonaws\.com(?:\.cn)?\/id\/[0-9A-Za-z]+$/ },
    { name: "Amazon Cognito", issuer: /^cognito-identity\.amazonaws\.com$/ },
    { name: "Login with Amazon", issuer: /^www\.amazon\.com$/ },
    { name: "Facebook", issuer: /^graph\.facebook\.com$/ },
    { name: "HCP Terraform", issuer: /^app(?:\.eu)?\.terraform\.io$/ },
    { name: "Pulumi Cloud", issuer: /^api\.pulumi\.com\/oidc$/ },
    {
        name: "Bitbucket Pipelines",
        issuer: /^api\.bitbucket\.org\/2\.0\/workspaces\/[\w.-]+\/pipelines-config\/identity\/oidc$/,
    },
    { name: "CircleCI", issuer: /^oidc\.circleci\.com\/org\/[0-9a-f-]+$/ },
    { name: "Buildkite", issuer: /^agent\.buildkite\.com$/ },
];

/** Whose the identity provider is, given as ARN or as the name that IAM has for it; undefined where it may be a GitLab instance. */
export function otherProvider(provider: string): string | undefined {
    return /^arn:[\w-]+:iam::\d{12}:saml-provider\//.test(provider) ? "SAML" : otherIssuer(issuerOfProvider(provider));
}

/** Whose the issuer is, given without its scheme; undefined where it may be a GitLab instance. */
export function otherIssuer(issuer: string): string | undefined {
    return OTHER_ISSUERS.find((other) => other.issuer.test(issuer))?.name;
}

/** The issuer of an identity provider, given as ARN or as the name that IAM has for it. */
export function issuerOfProvider(provider: string): string {
    return parseProviderArn(provider)?.issuer ?? provider;
}
