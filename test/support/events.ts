/* Events as AWS documents them: "Logging IAM and AWS STS API calls with AWS CloudTrail" and "CloudTrail record contents". */

/** A call that AWS allowed. */
export const ALLOWED = {
    eventVersion: "1.08",
    userIdentity: {
        type: "WebIdentityUser",
        principalId:
            "arn:aws:iam::111122223333:oidc-provider/gitlab.com:https://gitlab.com:project_path:acme/app:ref_type:branch:ref:main",
        userName: "project_path:acme/app:ref_type:branch:ref:main",
        identityProvider: "arn:aws:iam::111122223333:oidc-provider/gitlab.com",
    },
    eventTime: "2026-11-02T08:30:00Z",
    eventSource: "sts.amazonaws.com",
    eventName: "AssumeRoleWithWebIdentity",
    awsRegion: "eu-central-1",
    sourceIPAddress: "203.0.113.7",
    userAgent: "aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux#6.1",
    requestParameters: {
        roleArn: "arn:aws:iam::111122223333:role/ci/deploy",
        roleSessionName: "gitlab-acme-app-4711",
        durationSeconds: 3600,
    },
    responseElements: {
        credentials: {
            accessKeyId: "ASIAIOSFODNN7EXAMPLE",
            sessionToken: "<encoded session token blob>",
            expiration: "Nov 2, 2026, 9:30:00 AM",
        },
        subjectFromWebIdentityToken: "project_path:acme/app:ref_type:branch:ref:main",
        assumedRoleUser: {
            assumedRoleId: "AROACQRSTUVWRAOEXAMPLE:gitlab-acme-app-4711",
            arn: "arn:aws:sts::111122223333:assumed-role/deploy/gitlab-acme-app-4711",
        },
        provider: "arn:aws:iam::111122223333:oidc-provider/gitlab.com",
        audience: "https://gitlab.com",
    },
    additionalEventData: { identityProviderConnectionVerificationMethod: "IAMTrustStore" },
    resources: [{ ARN: "arn:aws:iam::111122223333:role/ci/deploy", accountId: "111122223333", type: "AWS::IAM::Role" }],
    requestID: "4c4ad9e6-1c2b-4a5a-9a38-4b7d6f2c1a10",
    eventID: "bEXAMPLE-7b2a-4f0e-9c55-0e1a2b3c4d5e",
    readOnly: true,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: "111122223333",
    eventCategory: "Management",
    tlsDetails: {
        tlsVersion: "TLSv1.3",
        cipherSuite: "TLS_AES_128_GCM_SHA256",
        clientProvidedHostHeader: "sts.eu-central-1.amazonaws.com",
    },
};

/** A call that the trust policy denied. */
export const DENIED = {
    eventVersion: "1.08",
    userIdentity: {
        type: "WebIdentityUser",
        principalId:
            "arn:aws:iam::111122223333:oidc-provider/gitlab.com:https://gitlab.com:project_path:acme/app:ref_type:branch:ref:feature/x",
        userName: "project_path:acme/app:ref_type:branch:ref:feature/x",
        identityProvider: "arn:aws:iam::111122223333:oidc-provider/gitlab.com",
    },
    eventTime: "2026-11-03T10:00:00Z",
    eventSource: "sts.amazonaws.com",
    eventName: "AssumeRoleWithWebIdentity",
    awsRegion: "us-east-1",
    sourceIPAddress: "198.51.100.20",
    userAgent: "aws-cli/2.31.0",
    errorCode: "AccessDenied",
    errorMessage: "An unknown error occurred",
    requestParameters: {
        roleArn: "arn:aws:iam::111122223333:role/ci/deploy",
        roleSessionName: "gitlab-acme-app-4712",
    },
    responseElements: null,
    requestID: "11aa22bb-1c2b-4a5a-9a38-4b7d6f2c1a10",
    eventID: "cEXAMPLE-7b2a-4f0e-9c55-0e1a2b3c4d5e",
    readOnly: true,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: "111122223333",
    eventCategory: "Management",
};

/** The same as an item of `aws cloudtrail lookup-events`. */
export const LOOKED_UP = {
    EventId: "cEXAMPLE-7b2a-4f0e-9c55-0e1a2b3c4d5e",
    EventName: "AssumeRoleWithWebIdentity",
    ReadOnly: "true",
    EventTime: "2026-11-03T11:00:00+01:00",
    EventSource: "sts.amazonaws.com",
    Username: "project_path:acme/app:ref_type:branch:ref:feature/x",
    Resources: [{ ResourceType: "AWS::IAM::Role", ResourceName: "arn:aws:iam::111122223333:role/ci/deploy" }],
    CloudTrailEvent: JSON.stringify(DENIED),
};

interface Changes {
    readonly sub?: string;
    readonly audience?: string;
    readonly provider?: string;
    readonly roleArn?: string;
    readonly time?: string;
    readonly address?: string;
    readonly region?: string;
    readonly errorCode?: string;
    readonly vpcEndpointId?: string;
}

let ids = 0;

/** An event like the one above, with other values and an ID of its own. */
export function eventOf({
    sub = "project_path:acme/app:ref_type:branch:ref:main",
    audience = "https://gitlab.com",
    provider = "arn:aws:iam::111122223333:oidc-provider/gitlab.com",
    roleArn = "arn:aws:iam::111122223333:role/ci/deploy",
    time = "2026-11-02T08:30:00Z",
    address = "203.0.113.7",
    region = "eu-central-1",
    errorCode,
    vpcEndpointId,
}: Changes): object {
    return {
        ...(errorCode === undefined ? ALLOWED : DENIED),
        eventID: `00000000-7b2a-4f0e-9c55-${(ids++).toString(16).padStart(12, "0")}`,
        userIdentity: {
            type: "WebIdentityUser",
            principalId: `${provider}:${audience}:${sub}`,
            userName: sub,
            identityProvider: provider,
        },
        eventTime: time,
        awsRegion: region,
        sourceIPAddress: address,
        requestParameters: { roleArn, roleSessionName: "gitlab-job" },
        ...(errorCode !== undefined && { errorCode }),
        ...(vpcEndpointId !== undefined && { vpcEndpointId }),
    };
}
