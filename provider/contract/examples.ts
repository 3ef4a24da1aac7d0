/** How an input is written, for messages about one that is missing or has another type. */
export interface Example {
    readonly value: string;
    /** The kind of value, `a map of key to role`. Default: the name of its type in the schema. */
    readonly kind?: string;
}

const SUBJECT = '{ project: "mygroup/myproject", branch: "main" }';
const ROLE_ARN = '{ deploy: "arn:aws:iam::111122223333:role/deploy" }';
const FORMER = '["old-key"]';
const IDS = '["1234"]';

/** Examples by property, or by `Owner.property` if the name has several meanings. */
const PROPERTIES: Readonly<Record<string, Example>> = {
    // required
    roles: { kind: "a map of key to role", value: `{ deploy: { subjects: [${SUBJECT}] } }` },
    subjects: { kind: "an array of subjects", value: `[${SUBJECT}]` },
    providerArn: { value: '"arn:aws:iam::111122223333:oidc-provider/gitlab.com"' },
    url: { value: '"https://gitlab.example.com"' },
    trustPolicy: { value: '{ Version: "2012-10-17", Statement: [...] }' },
    roleArns: { kind: "a map of key to role ARN", value: ROLE_ARN },
    discovery: { value: "the JSON text of openid-configuration.json" },
    keys: { value: "the JSON text of jwks.json" },
    bucketName: { value: '"mycompany-gitlab-issuer"' },
    "GitLabCiEnvironment.name": { value: '"production"' },
    "GitLabCiAssumeRole.roleArn": { value: '"arn:aws:iam::444455556666:role/deploy"' },
    "GitLabCiSecret.secretId": { value: '"app/database"' },
    "AdditionalPrincipal.arn": { value: '"arn:aws:iam::111122223333:role/break-glass"' },
    "lookupProject.project": { value: '"mygroup/myproject"' },

    // maps
    "getGitlabCi.roles": {
        kind: "a map of key to details of the role",
        value: `{ deploy: { subjects: [${SUBJECT}] } }`,
    },
    managedPolicies: {
        kind: "a map of key to policy ARN",
        value: '{ s3: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" }',
    },
    inlinePolicies: {
        kind: "a map of key to policy document",
        value: '{ deploy: { Version: "2012-10-17", Statement: [...] } }',
    },
    secrets: {
        kind: "a map of variable to secret",
        value: '{ DATABASE_PASSWORD: { secretId: "app/database", field: "password" } }',
    },
    formerPolicyKeys: { kind: "a map of key to former keys", value: '{ deploy: ["old-key"] }' },
    targets: { kind: "a map of key to ID", value: '{ sandbox: "ou-ab12-cd34ef56" }' },
    tags: { kind: "a map of tag to value", value: '{ team: "platform" }' },
    conditions: {
        kind: "a map of operator to condition keys",
        value: '{ StringEquals: { "aws:RequestedRegion": ["eu-central-1"] } }',
    },
    context: { kind: "a map of condition key to value", value: '{ "aws:SourceIp": "192.0.2.1" }' },
    "explainTrust.claims": {
        kind: "a map of claim to value",
        value: '{ iss: "https://gitlab.com", sub: "project_path:mygroup/myproject:ref_type:branch:ref:main", aud: "https://gitlab.com" }',
    },

    // objects
    role: {
        value: `{ providerArn: "arn:aws:iam::111122223333:oidc-provider/gitlab.com", subjects: [${SUBJECT}] }`,
    },
    claims: { value: '{ pipelineSource: ["push"] }' },
    assumeRole: { value: '{ roleArn: "arn:aws:iam::444455556666:role/deploy" }' },
    gitlabCi: { value: '{ region: "eu-central-1" }' },
    cloudFront: { value: "{}" },

    // arrays
    audiences: { value: '["https://gitlab.com"]' },
    additionalPrincipals: {
        kind: "an array of principals",
        value: '[{ arn: "arn:aws:iam::111122223333:role/break-glass" }]',
    },
    secretArns: {
        kind: "an array of secret ARNs",
        value: '["arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/db-??????"]',
    },
    secretKmsKeyArns: {
        kind: "an array of key ARNs",
        value: '["arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"]',
    },
    thumbprints: { value: '["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"]' },
    subClaimComponents: { value: '["project_path", "ref_type", "ref"]' },
    accept: { kind: "an array of warning IDs", value: '["any-branch"]' },
    groups: { kind: "an array of group paths", value: '["mygroup"]' },
    projectIds: { value: IDS },
    trustedIssuers: { kind: "an array of URLs", value: '["https://token.actions.githubusercontent.com"]' },
    exceptRoles: { kind: "an array of role ARNs", value: '["arn:aws:iam::111122223333:role/legacy-*"]' },
    guardrails: {
        kind: "an array of resource control policies",
        value: '[{ Version: "2012-10-17", Statement: [...] }]',
    },
    formerKeys: { value: FORMER },
    script: { value: '["aws s3 ls"]' },
    entrypoint: { value: '[""]' },
    namespaceId: { value: IDS },
    userId: { value: IDS },
    userLogin: { value: '["alice"]' },
    userEmail: { value: '["alice@example.com"]' },
    userAccessLevel: { value: '["maintainer"]' },
    pipelineSource: { value: '["push"]' },
    runnerEnvironment: { value: '["gitlab-hosted"]' },

    // numbers
    maxSessionDuration: { kind: "a whole number of seconds", value: "3600" },
    duration: { kind: "a whole number of seconds", value: "3600" },
    cacheSeconds: { kind: "a whole number of seconds", value: "300" },
    timeout: { kind: "a number of seconds", value: "30" },
    requestTimeout: { kind: "a number of seconds", value: "6" },
    maxBytes: { kind: "a whole number of bytes", value: "262144" },
    maxRedirects: { value: "3" },
    attempts: { value: "3" },
};

/** How the input of a component, type or function is written. */
export function exampleOf(owner: string, name: string): Example | undefined {
    const own = `${owner}.${name}`;
    return [own, name].filter((key) => Object.hasOwn(PROPERTIES, key)).map((key) => PROPERTIES[key])[0];
}

/** Properties of which one is needed although none is required by itself. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
    Subject: ["project", "group", "branch", "tag", "sub"],
    explainTrust: ["trustPolicy", "role", "claims", "token"],
    checkProject: ["project", "group", "subjects", "trustPolicy"],
};

/** Whether leaving out the property may be an error, although it is not required by itself. */
export function isNeeded(owner: string, name: string): boolean {
    return NEEDED[owner]?.includes(name) === true;
}

interface OtherName {
    readonly fix: string;
    /** The property that was probably meant. */
    readonly meant: readonly string[];
}

const NO_ENVIRONMENT: OtherName = {
    fix: 'AWS does not see the name of an environment. Use deploymentTier: "production" or environmentProtected: true in the subject.',
    meant: [],
};
const ISSUER: OtherName = { fix: 'Use url: "https://gitlab.example.com".', meant: ["url"] };

/** Names that users try for something that has another name here, or that AWS cannot check, by `Owner.property`. */
const OTHER_NAMES: Readonly<Record<string, OtherName>> = {
    "Subject.environment": NO_ENVIRONMENT,
    "Claims.environment": NO_ENVIRONMENT,
    "Subject.ref": { fix: 'Use branch: "main" or tag: "v1.0".', meant: ["branch"] },
    "GitLabOidc.issuer": ISSUER,
    "GitLabOidc.subject": {
        fix: `Subjects belong to a role. Use roles: { deploy: { subjects: [${SUBJECT}] } }.`,
        meant: ["roles"],
    },
    "IdentityProvider.issuer": ISSUER,
};

/** The replacement of a property that the component, type or function does not have. */
export function otherNameOf(owner: string, name: string): OtherName | undefined {
    const own = `${owner}.${name.toLowerCase().replace(/s$/, "")}`;
    return Object.hasOwn(OTHER_NAMES, own) ? OTHER_NAMES[own] : undefined;
}
