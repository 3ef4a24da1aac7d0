import { closeSync, openSync, writeSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const ACCOUNT = "111122223333";
const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/gitlab.com`;
const AUDIENCE = "https://gitlab.com";

const roleArn = (i: number): string => `arn:aws:iam::${ACCOUNT}:role/ci/role${String(i)}`;
const project = (i: number): string => `group${String(i % 50)}/project${String(i)}`;
const sub = (i: number, ref = "branch:ref:main"): string => `project_path:${project(i)}:ref_type:${ref}`;

/** Writes the output of `aws iam get-account-authorization-details` for that many roles, all of which GitLab jobs can assume. */
export async function writeDetails(file: string, roles: number, bytes: number): Promise<void> {
    const list = Array.from({ length: roles }, (_, i) => JSON.stringify(role(i, bytes / roles)));
    await writeFile(
        file,
        `{"UserDetailList":[],"GroupDetailList":[],"RoleDetailList":[${list.join(",")}],"Policies":[],"IsTruncated":false}`,
    );
}

/** A role of about that many bytes. One of seven trusts a group. */
function role(i: number, bytes: number): object {
    const condition =
        i % 7 === 0
            ? {
                  StringEquals: { "gitlab.com:aud": AUDIENCE },
                  StringLike: { "gitlab.com:sub": `project_path:group${String(i % 50)}/*:ref_type:branch:ref:main` },
              }
            : {
                  StringEquals: {
                      "gitlab.com:aud": AUDIENCE,
                      "gitlab.com:project_id": String(i),
                      "gitlab.com:sub": [sub(i), sub(i, "tag:ref:v1")],
                  },
              };
    const statements: object[] = [
        {
            Effect: "Allow",
            Action: ["s3:GetObject", "s3:PutObject", "ec2:Describe*"],
            Resource: [`arn:aws:s3:::bucket-${String(i)}/*`, "*"],
        },
    ];
    const result = {
        Path: "/ci/",
        RoleName: `role${String(i)}`,
        RoleId: `AROAEXAMPLE${String(i)}`,
        Arn: roleArn(i),
        CreateDate: "2026-01-02T03:04:05+00:00",
        AssumeRolePolicyDocument: {
            Version: "2012-10-17",
            Statement: [
                {
                    Effect: "Allow",
                    Principal: { Federated: PROVIDER },
                    Action: "sts:AssumeRoleWithWebIdentity",
                    Condition: condition,
                },
            ],
        },
        InstanceProfileList: [],
        RolePolicyList: [{ PolicyName: "own", PolicyDocument: { Version: "2012-10-17", Statement: statements } }],
        AttachedManagedPolicies: [
            { PolicyName: "ReadOnlyAccess", PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
        ],
        Tags: [{ Key: "team", Value: `team${String(i % 30)}` }],
        RoleLastUsed: { LastUsedDate: "2026-11-02T08:30:00+00:00", Region: "eu-central-1" },
    };
    let length = JSON.stringify(result).length;
    for (let n = 0; length < bytes; n++) {
        const name = `${String(i)}-${String(n)}`;
        const statement = {
            Sid: `S${String(n)}`,
            Effect: "Allow",
            Action: ["dynamodb:GetItem", "dynamodb:Query", "sqs:SendMessage"],
            Resource: [
                `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/table-${name}`,
                `arn:aws:sqs:eu-central-1:${ACCOUNT}:queue-${name}`,
            ],
        };
        length += JSON.stringify(statement).length + 1;
        statements.push(statement);
    }
    return result;
}

/** Events of a log file. */
const EVENTS = 1000;

/** Writes CloudTrail log files of 1,000 events each, compressed and one after the other in one file. */
export function writeEvents(file: string, events: number, roles: number): void {
    const open = openSync(file, "w");
    try {
        for (let begin = 0; begin < events; begin += EVENTS) {
            const records = Array.from({ length: EVENTS }, (_, i) => event(begin + i, roles));
            writeSync(open, gzipSync(`${JSON.stringify({ Records: records })}\n`, { level: 1 }));
        }
    } finally {
        closeSync(open);
    }
}

/** An event in the form of AWS, "Logging IAM and AWS STS API calls with AWS CloudTrail". One of twenty calls is denied. */
function event(i: number, roles: number): object {
    const job = i % roles;
    const claim = sub(job, i % 5 === 0 ? `branch:ref:feature/${String(i % 17)}` : undefined);
    const session = `gitlab-${String(i)}`;
    const isDenied = i % 20 === 0;
    const id = i.toString(16).padStart(8, "0");
    return {
        eventVersion: "1.08",
        userIdentity: {
            type: "WebIdentityUser",
            principalId: `${PROVIDER}:${AUDIENCE}:${claim}`,
            userName: claim,
            identityProvider: PROVIDER,
        },
        eventTime: `${new Date(Date.UTC(2026, 7, 1) + i * 7000).toISOString().slice(0, -".000Z".length)}Z`,
        eventSource: "sts.amazonaws.com",
        eventName: "AssumeRoleWithWebIdentity",
        awsRegion: "eu-central-1",
        sourceIPAddress: `203.0.113.${String(i % 250)}`,
        userAgent: "aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux#6.1",
        requestParameters: { roleArn: roleArn(job), roleSessionName: session, durationSeconds: 3600 },
        responseElements: isDenied
            ? null
            : {
                  credentials: {
                      accessKeyId: "ASIAIOSFODNN7EXAMPLE",
                      sessionToken: "IQoJb3JpZ2luX2VjE".repeat(30),
                      expiration: "Nov 2, 2026, 9:30:00 AM",
                  },
                  subjectFromWebIdentityToken: claim,
                  assumedRoleUser: {
                      assumedRoleId: `AROACQRSTUVWRAOEXAMPLE:${session}`,
                      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/role${String(job)}/${session}`,
                  },
                  provider: PROVIDER,
                  audience: AUDIENCE,
              },
        ...(isDenied && { errorCode: "AccessDenied", errorMessage: "An unknown error occurred" }),
        additionalEventData: { identityProviderConnectionVerificationMethod: "IAMTrustStore" },
        resources: [{ ARN: roleArn(job), accountId: ACCOUNT, type: "AWS::IAM::Role" }],
        requestID: `${id}-1c2b-4a5a-9a38-4b7d6f2c1a10`,
        eventID: `${id}-7b2a-4f0e-9c55-0e1a2b3c4d5e`,
        readOnly: true,
        eventType: "AwsApiCall",
        managementEvent: true,
        recipientAccountId: ACCOUNT,
        eventCategory: "Management",
        tlsDetails: {
            tlsVersion: "TLSv1.3",
            cipherSuite: "TLS_AES_128_GCM_SHA256",
            clientProvidedHostHeader: "sts.eu-central-1.amazonaws.com",
        },
    };
}
