const IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide";
const CLOUDFRONT = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide";
const S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide";
const SECRETS_MANAGER = "https://docs.aws.amazon.com/secretsmanager/latest/userguide";
const ORGANIZATIONS = "https://docs.aws.amazon.com/organizations/latest";
const GITLAB = "https://docs.gitlab.com/ci";
const GITLAB_API = "https://docs.gitlab.com/api";

/** The pages that schema.json names as sources, by publisher and title. */
export const SOURCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    AWS: {
        "AWS Regions": "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html",
        "Assume role credential provider":
            "https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html",
        AssumeRole: "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html",
        AssumeRoleWithWebIdentity:
            "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html",
        "AWS JSON policy elements: Principal": `${IAM}/reference_policies_elements_principal.html`,
        AttachPolicy: `${ORGANIZATIONS}/APIReference/API_AttachPolicy.html`,
        CreateOpenIDConnectProvider:
            "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html",
        "CloudFront pricing": `${CLOUDFRONT}/CloudFrontPricing.html`,
        "Create an OpenID Connect (OIDC) identity provider in IAM": `${IAM}/id_roles_providers_create_oidc.html`,
        CreatePolicy: `${ORGANIZATIONS}/APIReference/API_CreatePolicy.html`,
        "General purpose bucket naming rules": `${S3}/bucketnamingrules.html`,
        GetSecretValue: "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html",
        "How do I resolve the AWS STS AssumeRoleWithWebIdentity API call error InvalidIdentityToken?":
            "https://repost.aws/knowledge-center/iam-sts-invalididentitytoken",
        "IAM and AWS STS condition context keys": `${IAM}/reference_policies_iam-condition-keys.html`,
        "IAM and AWS STS quotas": `${IAM}/reference_iam-quotas.html`,
        "IAM identifiers": `${IAM}/reference_identifiers.html`,
        "IAM JSON policy elements: Condition operators": `${IAM}/reference_policies_elements_condition_operators.html`,
        "Manage how long content stays in the cache (expiration)": `${CLOUDFRONT}/Expiration.html`,
        "Methods to assume a role": `${IAM}/id_roles_manage-assume.html`,
        "Obtain the thumbprint for an OpenID Connect identity provider": `${IAM}/id_roles_providers_create_oidc_verify-thumbprint.html`,
        "Permissions boundaries for IAM entities": `${IAM}/access_policies_boundaries.html`,
        "Permissions policy examples for AWS Secrets Manager": `${SECRETS_MANAGER}/auth-and-access_examples.html`,
        "RCP syntax": `${ORGANIZATIONS}/userguide/orgs_manage_policies_rcps_syntax.html`,
        "Requirements for using SSL/TLS certificates with CloudFront": `${CLOUDFRONT}/cnames-and-https-requirements.html`,
        "Secret encryption and decryption in AWS Secrets Manager": `${SECRETS_MANAGER}/security-encryption.html`,
        "Tagging AWS Organizations resources": `${ORGANIZATIONS}/userguide/orgs_tagging.html`,
        "Tags for AWS Identity and Access Management resources": `${IAM}/id_tags.html`,
        "Update a role's maximum session duration": `${IAM}/id_roles_update-role-settings.html#id_roles_update-session-duration`,
        "Use custom URLs by adding alternate domain names (CNAMEs)": `${CLOUDFRONT}/CNAMEs.html`,
        "Using cost allocation S3 bucket tags": `${S3}/CostAllocTagging.html`,
    },
    GitLab: {
        "CI/CD components": `${GITLAB}/components/`,
        "CI/CD components: Component versions": `${GITLAB}/components/#component-versions`,
        "CI/CD YAML syntax reference: environment": `${GITLAB}/yaml/#environment`,
        "CI/CD YAML syntax reference: image": `${GITLAB}/yaml/#image`,
        "CI/CD YAML syntax reference: Job keywords": `${GITLAB}/yaml/#job-keywords`,
        "CI/CD YAML syntax reference: rules": `${GITLAB}/yaml/#rules`,
        "CI/CD YAML syntax reference: script": `${GITLAB}/yaml/#script`,
        "CI/CD YAML syntax reference: secrets:file": `${GITLAB}/yaml/#secretsfile`,
        "CI/CD YAML syntax reference: stage": `${GITLAB}/yaml/#stage`,
        "Configure OpenID Connect in AWS to retrieve temporary credentials": `${GITLAB}/cloud_services/aws/`,
        "Configure SSL for a Linux package installation": "https://docs.gitlab.com/omnibus/settings/ssl/",
        "Connect to cloud services": `${GITLAB}/cloud_services/`,
        Environments: `${GITLAB}/environments/#deployment-tier-of-environments`,
        "Merge request pipelines": `${GITLAB}/pipelines/merge_request_pipelines/`,
        "Groups API": `${GITLAB_API}/groups/`,
        "Metadata API": `${GITLAB_API}/metadata/`,
        "OpenID Connect (OIDC) Authentication Using ID Tokens": `${GITLAB}/secrets/id_token_authentication/`,
        "Override the entrypoint of an image": `${GITLAB}/docker/using_docker_images/#override-the-entrypoint-of-an-image`,
        "Projects API": `${GITLAB_API}/projects/`,
        "REST API": `${GITLAB_API}/rest/`,
        "REST API authentication": `${GITLAB_API}/rest/authentication/`,
        "Use AWS Secrets Manager secrets in GitLab CI/CD": `${GITLAB}/secrets/aws_secrets_manager/`,
    },
    Pulumi: {
        "Resource option: aliases": "https://www.pulumi.com/docs/iac/concepts/resources/options/aliases/",
    },
};

/** How schema.json names a page: publisher, then the title in quotation marks. */
const NAMED = /\b(AWS|GitLab|Pulumi), "([^"]+)"/g;

/** A text whose named pages are links. */
export function withLinks(text: string): string {
    return text.replace(NAMED, (_, publisher: string, title: string) => {
        const url = SOURCES[publisher]?.[title];
        if (url === undefined) {
            throw new Error(`tools/schema/sources.ts has no address for ${publisher}, "${title}".`);
        }
        return `${publisher}, [${title}](${url})`;
    });
}
