import { expect } from "chai";
import { PowerJudge, type PowerLevel, type RolePermissions } from "../../../provider/audit/power";

const ARN = "arn:aws:iam::111122223333:role/ci/deploy";

const SECRET = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/db-AbCd3F";

type Statement = Readonly<Record<string, unknown>>;

function policy(...statements: readonly Statement[]): object {
    return { Version: "2012-10-17", Statement: statements };
}

function allow(
    action: string | readonly string[],
    resource: string | readonly string[] = "*",
    more?: Statement,
): Statement {
    return { Effect: "Allow", Action: action, Resource: resource, ...more };
}

function deny(
    action: string | readonly string[],
    resource: string | readonly string[] = "*",
    more?: Statement,
): Statement {
    return { Effect: "Deny", Action: action, Resource: resource, ...more };
}

const when = (operator: string, key: string, value: string | readonly string[]): Statement => ({
    Condition: { [operator]: { [key]: value } },
});

const role = (document: unknown, more: Partial<RolePermissions> = {}): RolePermissions => ({
    arn: ARN,
    policies: [{ name: "inline", document }],
    boundary: "none",
    ...more,
});

const limited = (document: unknown, boundary: unknown): RolePermissions =>
    role(document, { boundary: { name: "limit", document: boundary } });

const managed = (name: string, document?: unknown): RolePermissions => ({
    arn: ARN,
    policies: [{ name, arn: `arn:aws:iam::aws:policy/${name}`, document }],
    boundary: "none",
});

/** AWS's managed policies, without repeated statements. */
const PUBLISHED = {
    AdministratorAccess: policy(allow("*")),
    PowerUserAccess: policy(
        { Effect: "Allow", NotAction: ["iam:*", "organizations:*", "account:*"], Resource: "*" },
        allow([
            "account:GetAccountInformation",
            "account:GetGovCloudAccountInformation",
            "account:GetPrimaryEmail",
            "account:ListRegions",
            "iam:CreateServiceLinkedRole",
            "iam:DeleteServiceLinkedRole",
            "iam:ListRoles",
            "organizations:DescribeEffectivePolicy",
            "organizations:DescribeOrganization",
        ]),
    ),
    IAMFullAccess: policy(
        allow([
            "iam:*",
            "organizations:DescribeAccount",
            "organizations:DescribeOrganization",
            "organizations:DescribeOrganizationalUnit",
            "organizations:DescribePolicy",
            "organizations:ListChildren",
            "organizations:ListParents",
            "organizations:ListPoliciesForTarget",
            "organizations:ListRoots",
            "organizations:ListPolicies",
            "organizations:ListTargetsForPolicy",
        ]),
    ),
    IAMReadOnlyAccess: policy(
        allow([
            "iam:GenerateCredentialReport",
            "iam:GenerateServiceLastAccessedDetails",
            "iam:Get*",
            "iam:List*",
            "iam:SimulateCustomPolicy",
            "iam:SimulatePrincipalPolicy",
        ]),
    ),
    AmazonS3ReadOnlyAccess: policy(
        allow(["s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*", "s3-object-lambda:List*"]),
    ),
    AmazonS3FullAccess: policy(allow(["s3:*", "s3-object-lambda:*"])),
    AmazonEC2ReadOnlyAccess: policy(
        allow("ec2:Describe*"),
        allow("elasticloadbalancing:Describe*"),
        allow(["cloudwatch:ListMetrics", "cloudwatch:GetMetricStatistics", "cloudwatch:Describe*"]),
        allow("autoscaling:Describe*"),
    ),
    AmazonEC2ContainerRegistryPowerUser: policy(
        allow([
            "ecr:GetAuthorizationToken",
            "ecr:BatchCheckLayerAvailability",
            "ecr:GetDownloadUrlForLayer",
            "ecr:GetRepositoryPolicy",
            "ecr:DescribeRepositories",
            "ecr:ListImages",
            "ecr:DescribeImages",
            "ecr:BatchGetImage",
            "ecr:GetLifecyclePolicy",
            "ecr:GetLifecyclePolicyPreview",
            "ecr:ListTagsForResource",
            "ecr:DescribeImageScanFindings",
            "ecr:InitiateLayerUpload",
            "ecr:UploadLayerPart",
            "ecr:CompleteLayerUpload",
            "ecr:PutImage",
        ]),
    ),
    AmazonEC2ContainerRegistryReadOnly: policy(
        allow([
            "ecr:GetAuthorizationToken",
            "ecr:BatchCheckLayerAvailability",
            "ecr:GetDownloadUrlForLayer",
            "ecr:GetRepositoryPolicy",
            "ecr:DescribeRepositories",
            "ecr:ListImages",
            "ecr:DescribeImages",
            "ecr:BatchGetImage",
            "ecr:GetLifecyclePolicy",
            "ecr:GetLifecyclePolicyPreview",
            "ecr:ListTagsForResource",
            "ecr:DescribeImageScanFindings",
        ]),
    ),
    CloudWatchLogsReadOnlyAccess: policy(
        allow([
            "logs:Describe*",
            "logs:Get*",
            "logs:List*",
            "logs:StartQuery",
            "logs:StopQuery",
            "logs:TestMetricFilter",
            "logs:FilterLogEvents",
            "logs:StartLiveTail",
            "logs:StopLiveTail",
            "cloudwatch:GenerateQuery",
        ]),
    ),
    AWSLambdaBasicExecutionRole: policy(allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"])),
    AmazonEC2FullAccess: policy(
        allow("ec2:*"),
        allow("elasticloadbalancing:*"),
        allow("cloudwatch:*"),
        allow("autoscaling:*"),
        allow(
            "iam:CreateServiceLinkedRole",
            "*",
            when("StringEquals", "iam:AWSServiceName", ["autoscaling.amazonaws.com", "ec2scheduled.amazonaws.com"]),
        ),
    ),
    AWSLambda_FullAccess: policy(
        allow([
            "cloudformation:DescribeStacks",
            "cloudformation:ListStackResources",
            "cloudwatch:ListMetrics",
            "cloudwatch:GetMetricData",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
            "kms:ListAliases",
            "iam:GetPolicy",
            "iam:GetPolicyVersion",
            "iam:GetRole",
            "iam:GetRolePolicy",
            "iam:ListAttachedRolePolicies",
            "iam:ListRolePolicies",
            "iam:ListRoles",
            "lambda:*",
            "logs:DescribeLogGroups",
            "states:DescribeStateMachine",
            "states:ListStateMachines",
            "tag:GetResources",
            "xray:GetTraceSummaries",
            "xray:BatchGetTraces",
        ]),
        allow("iam:PassRole", "*", when("StringEquals", "iam:PassedToService", "lambda.amazonaws.com")),
    ),
};

const S3 = "arn:aws:s3:::bucket/*";
const MFA = when("Bool", "aws:MultiFactorAuthPresent", "true");
const FROM_OFFICE = when("IpAddress", "aws:SourceIp", "203.0.113.0/24");
const NOT_FROM_OFFICE = when("NotIpAddress", "aws:SourceIp", "203.0.113.0/24");
const OUTSIDE_EU = when("StringNotEquals", "aws:RequestedRegion", ["eu-central-1", "eu-west-1"]);
const ADMINISTRATOR = policy(allow("*"));
const LIST_FUNCTIONS = allow("lambda:ListFunctions");

const CASES: readonly (readonly [what: string, permissions: RolePermissions, power: PowerLevel, complete: boolean])[] =
    [
        // AWS's managed policies, with their documents
        ["AdministratorAccess", managed("AdministratorAccess", PUBLISHED.AdministratorAccess), "administrator", true],
        ["PowerUserAccess", managed("PowerUserAccess", PUBLISHED.PowerUserAccess), "escalation", true],
        ["IAMFullAccess", managed("IAMFullAccess", PUBLISHED.IAMFullAccess), "escalation", true],
        ["IAMReadOnlyAccess", managed("IAMReadOnlyAccess", PUBLISHED.IAMReadOnlyAccess), "read", true],
        ["AmazonS3ReadOnlyAccess", managed("AmazonS3ReadOnlyAccess", PUBLISHED.AmazonS3ReadOnlyAccess), "read", true],
        ["AmazonS3FullAccess", managed("AmazonS3FullAccess", PUBLISHED.AmazonS3FullAccess), "write", true],
        [
            "AmazonEC2ReadOnlyAccess",
            managed("AmazonEC2ReadOnlyAccess", PUBLISHED.AmazonEC2ReadOnlyAccess),
            "read",
            true,
        ],
        [
            "AmazonEC2ContainerRegistryPowerUser",
            managed("x", PUBLISHED.AmazonEC2ContainerRegistryPowerUser),
            "write",
            true,
        ],
        [
            "AmazonEC2ContainerRegistryReadOnly",
            managed("x", PUBLISHED.AmazonEC2ContainerRegistryReadOnly),
            "read",
            true,
        ],
        ["CloudWatchLogsReadOnlyAccess", managed("x", PUBLISHED.CloudWatchLogsReadOnlyAccess), "read", true],
        ["AWSLambdaBasicExecutionRole", managed("x", PUBLISHED.AWSLambdaBasicExecutionRole), "write", true],
        ["AmazonEC2FullAccess", managed("x", PUBLISHED.AmazonEC2FullAccess), "escalation", true],
        ["AWSLambda_FullAccess", managed("x", PUBLISHED.AWSLambda_FullAccess), "escalation", true],

        // and without
        ["AdministratorAccess without document", managed("AdministratorAccess"), "administrator", true],
        ["PowerUserAccess without document", managed("PowerUserAccess"), "escalation", true],
        ["IAMFullAccess without document", managed("IAMFullAccess"), "escalation", true],
        ["ReadOnlyAccess without document", managed("ReadOnlyAccess"), "read", true],
        ["another one without document", managed("SecurityAudit"), "none", false],
        [
            "a policy of the account that has the name of AWS's",
            role(undefined, {
                policies: [
                    {
                        name: "AdministratorAccess",
                        arn: "arn:aws:iam::111122223333:policy/AdministratorAccess",
                        document: undefined,
                    },
                ],
            }),
            "none",
            false,
        ],
        [
            "a missing document and a write",
            role(undefined, {
                policies: [
                    { name: "a", document: policy(allow("s3:PutObject", S3)) },
                    { name: "b", arn: "arn:aws:iam::aws:policy/Other", document: undefined },
                ],
            }),
            "write",
            false,
        ],

        // reading documents
        ["no policy", role(undefined, { policies: [] }), "none", true],
        ["JSON text", role(JSON.stringify(policy(allow("s3:GetObject", S3)))), "read", true],
        ["one statement without brackets", role({ Statement: allow("s3:GetObject", S3) }), "read", true],
        ["text that is not JSON", role("{"), "none", false],
        ["no statement", role({ Version: "2012-10-17" }), "none", false],
        ["an effect in small letters", role(policy({ ...allow("*"), Effect: "allow" })), "none", false],
        ["Action beside NotAction", role(policy({ ...allow("s3:*"), NotAction: "iam:*" })), "none", false],
        ["Resource beside NotResource", role(policy({ ...allow("s3:*"), NotResource: S3 })), "none", false],
        [
            "a condition that IAM does not know",
            role(policy(allow("*", "*", when("StringIs", "a:b", "c")))),
            "none",
            false,
        ],

        // access levels
        ["Read", role(policy(allow("s3:GetObject", S3))), "read", true],
        ["List", role(policy(allow("s3:ListBucket", "arn:aws:s3:::bucket"))), "read", true],
        ["Write", role(policy(allow("s3:PutObject", S3))), "write", true],
        ["Tagging", role(policy(allow("s3:PutObjectTagging", S3))), "write", true],
        ["Permissions management", role(policy(allow("s3:PutBucketPolicy", "arn:aws:s3:::bucket"))), "write", true],
        ["the action's case does not matter", role(policy(allow("S3:getobject", S3))), "read", true],
        ["a read whose verb writes", role(policy(allow("ec2:ExportTransitGatewayRoutes"))), "write", true],
        [
            "a verb that reads in one service, writes in another",
            role(policy(allow("lambda:InvokeFunction"))),
            "write",
            true,
        ],
        ["sts:GetCallerIdentity", role(policy(allow("sts:GetCallerIdentity"))), "read", true],
        ["sts:AssumeRole, which is for the caller", role(policy(allow("sts:AssumeRole"))), "write", true],
        ["an unknown service", role(policy(allow("nosuchservice:GetThing"))), "write", false],
        ["an unknown verb", role(policy(allow("s3:FrobnicateObject", S3))), "write", false],
        ["an unknown action and a write", role(policy(allow(["s3:PutObject", "x:Y"], S3))), "write", true],

        // wildcards
        ["reads of a service", role(policy(allow("dynamodb:Get*"))), "read", true],
        ["all of a service", role(policy(allow("dynamodb:*"))), "write", true],
        ["a part of a name", role(policy(allow("s3:*Object", S3))), "write", true],
        ["a part of a verb", role(policy(allow("s3:G*", S3))), "read", true],
        ["one character", role(policy(allow("s3:?etObject", S3))), "read", true],
        ["a wildcard in the service", role(policy(allow("sq?:Get*"))), "read", true],
        ["everything, in two parts", role(policy(allow("*:*"))), "administrator", true],
        ["everything on one bucket", role(policy(allow("*", S3))), "write", true],
        ["NotAction", role(policy({ Effect: "Allow", NotAction: "iam:*", Resource: S3 })), "write", true],
        [
            "NotAction of nothing that matters",
            role(policy({ Effect: "Allow", NotAction: "aws-portal:*", Resource: "*" })),
            "administrator",
            true,
        ],
        ["NotResource", role(policy({ Effect: "Allow", Action: "s3:Get*", NotResource: S3 })), "read", true],

        // Deny
        ["a Deny of the same", role(policy(allow("s3:GetObject", S3), deny("s3:GetObject", S3))), "none", true],
        ["a Deny of all", role(policy(allow("*"), deny("*"))), "none", true],
        [
            "a Deny of writes",
            role(policy(allow("s3:*", S3), { Effect: "Deny", NotAction: ["s3:Get*", "s3:List*"], Resource: "*" })),
            "read",
            true,
        ],
        ["a Deny of one write among many", role(policy(allow("s3:*", S3), deny("s3:DeleteObject", S3))), "write", true],
        [
            "a Deny of a wider resource",
            role(policy(allow("s3:GetObject", S3), deny("s3:*", "arn:aws:s3:::*"))),
            "none",
            true,
        ],
        [
            "a Deny of a narrower resource",
            role(policy(allow("s3:GetObject", S3), deny("s3:*", "arn:aws:s3:::bucket/private/*"))),
            "read",
            true,
        ],
        [
            "a Deny of all other resources",
            role(policy(allow("s3:GetObject"), { Effect: "Deny", Action: "*", NotResource: S3 })),
            "read",
            true,
        ],
        [
            "a Deny of all other resources than other ones",
            role(policy(allow("s3:GetObject", S3), { Effect: "Deny", Action: "*", NotResource: "arn:aws:s3:::other" })),
            "none",
            true,
        ],
        ["an administrator without one bucket", role(policy(allow("*"), deny("s3:*", S3))), "administrator", true],
        ["an administrator without IAM", role(policy(allow("*"), deny("iam:*"))), "escalation", true],
        [
            "a Deny in another policy",
            role(undefined, {
                policies: [
                    { name: "a", document: policy(allow("s3:PutObject", S3)) },
                    { name: "b", document: policy(deny("s3:Put*")) },
                ],
            }),
            "none",
            true,
        ],

        // boundary
        ["a boundary of reads", limited(ADMINISTRATOR, policy(allow(["s3:Get*", "s3:List*"]))), "read", true],
        [
            "a boundary of another service",
            limited(policy(allow("s3:GetObject", S3)), policy(allow("ec2:*"))),
            "none",
            true,
        ],
        [
            "a boundary of another resource",
            limited(policy(allow("s3:GetObject", S3)), policy(allow("s3:*", "arn:aws:s3:::other/*"))),
            "none",
            true,
        ],
        [
            "a boundary of a narrower resource",
            limited(policy(allow("s3:GetObject")), policy(allow("s3:*", S3))),
            "read",
            true,
        ],
        ["a boundary of everything", limited(ADMINISTRATOR, policy(allow("*"))), "administrator", true],
        ["a boundary that denies IAM", limited(ADMINISTRATOR, policy(allow("*"), deny("iam:*"))), "escalation", true],
        [
            "a boundary alone gives nothing",
            limited(policy(allow("s3:GetObject", S3)), policy(allow("*"))),
            "read",
            true,
        ],
        ["an unknown boundary", role(ADMINISTRATOR, { boundary: "unknown" }), "administrator", false],
        [
            "an unknown boundary of a role without power",
            role(undefined, { policies: [], boundary: "unknown" }),
            "none",
            true,
        ],
        ["a boundary without document", limited(policy(allow("s3:PutObject", S3)), undefined), "write", false],
        [
            "AWS's PowerUserAccess as boundary, without document",
            role(policy(allow("iam:*")), {
                boundary: { name: "p", arn: "arn:aws:iam::aws:policy/PowerUserAccess", document: undefined },
            }),
            "none",
            true,
        ],

        // conditions
        ["an Allow that only some addresses have", role(policy(allow("s3:PutObject", S3, FROM_OFFICE))), "none", false],
        [
            "the same and a certain write",
            role(policy(allow("s3:PutObject", S3, FROM_OFFICE), allow("s3:DeleteObject", S3))),
            "write",
            true,
        ],
        [
            "the same and a certain read",
            role(policy(allow("s3:PutObject", S3, FROM_OFFICE), allow("s3:GetObject", S3))),
            "read",
            false,
        ],
        [
            "a Deny for some addresses",
            role(policy(allow("*"), deny("*", "*", NOT_FROM_OFFICE))),
            "administrator",
            false,
        ],
        [
            "a Deny for some addresses that does not change the power",
            role(policy(allow("s3:*", S3), deny("s3:Put*", "*", NOT_FROM_OFFICE))),
            "write",
            true,
        ],
        [
            "an Allow with a second factor, which GitLab's tokens do not have",
            role(policy(allow("*", "*", MFA))),
            "none",
            true,
        ],
        [
            "a Deny without TLS, which AWS's clients always use",
            role(policy(allow("s3:PutObject", S3), deny("s3:*", "*", when("Bool", "aws:SecureTransport", "false")))),
            "write",
            true,
        ],
        [
            "a Deny for other roles",
            role(policy(allow("s3:PutObject", S3), deny("*", "*", when("ArnNotEquals", "aws:PrincipalArn", ARN)))),
            "write",
            true,
        ],
        [
            "a Deny for this role",
            role(
                policy(
                    allow("s3:PutObject", S3),
                    deny("*", "*", when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/ci/*")),
                ),
            ),
            "none",
            true,
        ],
        [
            "an Allow in one region",
            role(policy(allow("ec2:*", "*", when("StringEquals", "aws:RequestedRegion", "eu-central-1")))),
            "escalation",
            true,
        ],
        [
            "a Deny outside of regions, with IAM left out",
            role(policy(allow("*"), { Effect: "Deny", NotAction: ["iam:*", "sts:*"], Resource: "*", ...OUTSIDE_EU })),
            "administrator",
            true,
        ],
        [
            "a Deny outside of regions, IAM too",
            role(policy(allow("*"), deny("*", "*", OUTSIDE_EU))),
            "escalation",
            true,
        ],
        [
            "two regions that exclude each other",
            role(
                policy(
                    allow("s3:PutObject", S3, when("StringEquals", "aws:RequestedRegion", "us-west-2")),
                    deny("*", "*", OUTSIDE_EU),
                ),
            ),
            "none",
            true,
        ],
        [
            "a prefix, which the caller chooses",
            role(policy(allow("s3:ListBucket", "*", when("StringLike", "s3:prefix", "home/*")))),
            "read",
            true,
        ],
        [
            "a tag of the resource",
            role(policy(allow("ec2:TerminateInstances", "*", when("StringEquals", "aws:ResourceTag/team", "ci")))),
            "none",
            false,
        ],
        [
            "a resource by a tag of the role",
            role(policy(allow("s3:GetObject", "arn:aws:s3:::b/${aws:PrincipalTag/team}/*"))),
            "none",
            false,
        ],
        [
            "a resource by the user's name, which a role does not have",
            role(policy(allow("s3:GetObject", "arn:aws:s3:::b/${aws:username}/*"))),
            "none",
            true,
        ],
        [
            "a resource by the role's account",
            role(policy(allow("s3:GetObject", "arn:aws:s3:::b-${aws:PrincipalAccount}/*"))),
            "read",
            true,
        ],
        [
            "the policy that the components write for secrets with a key",
            role(
                policy(allow("secretsmanager:GetSecretValue", SECRET), {
                    ...allow("kms:Decrypt", "arn:aws:kms:eu-central-1:111122223333:key/1"),
                    Condition: {
                        StringEquals: {
                            "kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com",
                            "kms:EncryptionContext:SecretARN": SECRET,
                        },
                    },
                }),
            ),
            "read",
            true,
        ],
        [
            "a key without that condition",
            role(policy(allow("kms:Decrypt", "arn:aws:kms:eu-central-1:111122223333:key/1"))),
            "write",
            true,
        ],
        [
            "a key, except through another service",
            role(
                policy(
                    allow("kms:Decrypt"),
                    deny("kms:*", "*", when("StringEquals", "kms:ViaService", "s3.eu-central-1.amazonaws.com")),
                ),
            ),
            "write",
            true,
        ],
        [
            "a key only through a service",
            role(policy(allow("kms:Decrypt"), deny("kms:*", "*", when("Null", "kms:ViaService", "true")))),
            "none",
            true,
        ],
        [
            "a variable in the old version, which has none",
            role({ Version: "2008-10-17", Statement: allow("s3:GetObject", "arn:aws:s3:::b/${aws:username}/*") }),
            "read",
            true,
        ],

        // escalation
        ...(
            [
                "iam:CreatePolicyVersion",
                "iam:SetDefaultPolicyVersion",
                "iam:AttachRolePolicy",
                "iam:PutRolePolicy",
                "iam:AttachUserPolicy",
                "iam:PutUserPolicy",
                "iam:AttachGroupPolicy",
                "iam:PutGroupPolicy",
                "iam:AddUserToGroup",
                "iam:UpdateAssumeRolePolicy",
                "iam:CreateAccessKey",
                "iam:CreateLoginProfile",
                "iam:UpdateLoginProfile",
                "lambda:UpdateFunctionCode",
                "codebuild:StartBuild",
                "ssm:SendCommand",
                "ssm:StartSession",
            ] as const
        ).map((action) => [action, role(policy(allow(action))), "escalation", true] as const),
        ...(
            [
                ["ec2:RunInstances"],
                ["lambda:CreateFunction", "lambda:InvokeFunction"],
                ["glue:CreateDevEndpoint"],
                ["cloudformation:CreateStack"],
                ["codebuild:CreateProject", "codebuild:StartBuildBatch"],
                ["ecs:RegisterTaskDefinition", "ecs:RunTask"],
                ["sagemaker:CreateNotebookInstance"],
                ["datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition", "datapipeline:ActivatePipeline"],
                ["apprunner:CreateService"],
                ["states:CreateStateMachine", "states:StartExecution"],
            ] as const
        ).map(
            (actions) =>
                [
                    `PassRole with ${actions.join(", ")}`,
                    role(policy(allow(["iam:PassRole", ...actions]))),
                    "escalation",
                    true,
                ] as const,
        ),
        ["PassRole alone", role(policy(allow("iam:PassRole"))), "write", true],
        [
            "PassRole and a function that cannot be invoked",
            role(policy(allow(["iam:PassRole", "lambda:CreateFunction"]))),
            "write",
            true,
        ],
        [
            "PassRole of one role",
            role(policy(allow("iam:PassRole", "arn:aws:iam::111122223333:role/task"), allow("ecs:*"))),
            "escalation",
            true,
        ],
        [
            "PassRole of one role, and no command in running tasks",
            role(
                policy(
                    allow("iam:PassRole", "arn:aws:iam::111122223333:role/task"),
                    allow(["ecs:RegisterTaskDefinition", "ecs:RunTask"]),
                ),
            ),
            "write",
            true,
        ],
        [
            "PassRole of all roles of the account",
            role(policy(allow("iam:PassRole", "arn:aws:iam::111122223333:role/*"), allow("ec2:RunInstances"))),
            "escalation",
            true,
        ],
        [
            "PassRole to the right service",
            role(
                policy(
                    allow("iam:PassRole", "*", when("StringEquals", "iam:PassedToService", "ec2.amazonaws.com")),
                    allow("ec2:RunInstances"),
                ),
            ),
            "escalation",
            true,
        ],
        [
            "PassRole to another service",
            role(
                policy(
                    allow("iam:PassRole", "*", when("StringEquals", "iam:PassedToService", "lambda.amazonaws.com")),
                    allow("ec2:RunInstances"),
                ),
            ),
            "write",
            true,
        ],
        [
            "PassRole, denied to the service",
            role(
                policy(
                    allow(["iam:PassRole", "ec2:RunInstances"]),
                    deny("iam:PassRole", "*", when("StringEquals", "iam:PassedToService", "ec2.amazonaws.com")),
                ),
            ),
            "write",
            true,
        ],
        [
            "PassRole with instances that need a tag of the image",
            role(
                policy(
                    allow("iam:PassRole"),
                    allow("ec2:RunInstances", "*", when("StringEquals", "ec2:ResourceTag/ok", "yes")),
                ),
            ),
            "write",
            false,
        ],
        [
            "one function's code",
            role(policy(allow("lambda:UpdateFunctionCode", "arn:aws:lambda:eu-central-1:111122223333:function:shop"))),
            "write",
            true,
        ],
        [
            "every function's code in a region",
            role(policy(allow("lambda:UpdateFunctionCode", "arn:aws:lambda:eu-central-1:111122223333:function:*"))),
            "escalation",
            true,
        ],
        [
            "every function's code but one",
            role(
                policy(
                    allow("lambda:UpdateFunctionCode"),
                    deny("lambda:*", "arn:aws:lambda:*:*:function:shop"),
                    LIST_FUNCTIONS,
                ),
            ),
            "escalation",
            true,
        ],
        ["its own inline policy", role(policy(allow("iam:PutRolePolicy", ARN))), "escalation", true],
        [
            "another role's inline policy",
            role(policy(allow("iam:PutRolePolicy", "arn:aws:iam::111122223333:role/other"))),
            "write",
            true,
        ],
        [
            "a policy that it has",
            role(undefined, {
                policies: [
                    {
                        name: "p",
                        arn: "arn:aws:iam::111122223333:policy/own",
                        document: policy(allow("iam:CreatePolicyVersion", "arn:aws:iam::111122223333:policy/own")),
                    },
                ],
            }),
            "escalation",
            true,
        ],
        [
            "roles with a boundary only",
            role(
                policy(
                    allow(
                        ["iam:CreateRole", "iam:PutRolePolicy"],
                        "*",
                        when("StringEquals", "iam:PermissionsBoundary", "arn:aws:iam::111122223333:policy/limit"),
                    ),
                ),
            ),
            "write",
            false,
        ],
        [
            "attaching one policy only",
            role(
                policy(
                    allow(
                        "iam:AttachRolePolicy",
                        "*",
                        when("ArnEquals", "iam:PolicyARN", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
                    ),
                ),
            ),
            "write",
            false,
        ],
        [
            "new roles of some names, with any permissions",
            role(policy(allow(["iam:CreateRole", "iam:PutRolePolicy"], "arn:aws:iam::111122223333:role/app-*"))),
            "escalation",
            true,
        ],
        [
            "new roles of some names, and permissions of others",
            role(
                policy(
                    allow("iam:CreateRole", "arn:aws:iam::111122223333:role/app-*"),
                    allow("iam:PutRolePolicy", "arn:aws:iam::111122223333:role/task-*"),
                ),
            ),
            "write",
            true,
        ],
        [
            "one role's permissions and trust policy",
            role(
                policy(
                    allow(
                        ["iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy"],
                        "arn:aws:iam::111122223333:role/other",
                    ),
                ),
            ),
            "escalation",
            true,
        ],
        [
            "one user's permissions and access keys",
            role(policy(allow(["iam:PutUserPolicy", "iam:CreateAccessKey"], "arn:aws:iam::111122223333:user/bot"))),
            "escalation",
            true,
        ],
        [
            "IAM behind a Deny of changes",
            role(policy(allow("iam:*"), { Effect: "Deny", NotAction: ["iam:Get*", "iam:List*"], Resource: "*" })),
            "read",
            true,
        ],
        [
            "an escalation outside of the boundary",
            limited(policy(allow("iam:*"), allow("s3:PutObject", S3)), policy(allow("s3:*"))),
            "write",
            true,
        ],
    ];

describe("power of a role", () => {
    const judge = new PowerJudge();
    for (const [what, permissions, power, complete] of CASES) {
        it(`${what}: ${power}${complete ? "" : ", at least"}`, () => {
            const found = judge.powerOf(permissions);
            expect([found.power, found.powerComplete], JSON.stringify(found.reasons, null, 1)).to.deep.equal([
                power,
                complete,
            ]);
        });
    }
});
