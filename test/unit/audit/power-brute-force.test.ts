import { expect } from "chai";
import fc from "fast-check";
import { PowerJudge, type RolePermissions } from "../../../provider/audit/power";

/**
 * A second judge, written apart: it tries every action on every resource. It knows a few dozen actions, of which the policies below
 * name only some; the others represent the rest of AWS.
 */
const READ = [
    "s3:GetObject",
    "s3:ListBucket",
    "s3:GetBucketTagging",
    "s3:ListAllMyBuckets",
    "s3:DescribeJob",
    "dynamodb:GetItem",
    "dynamodb:GetRecords",
    "dynamodb:ListTables",
    "dynamodb:DescribeTable",
    "lambda:GetFunction",
    "lambda:GetPolicy",
    "lambda:ListFunctions",
    "iam:GetRole",
    "iam:GetUser",
    "iam:ListRoles",
    "ec2:DescribeInstances",
    "sts:GetCallerIdentity",
];

const WRITE = [
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:PutBucketTagging",
    "s3:DeleteBucket",
    "s3:AbortMultipartUpload",
    "dynamodb:PutItem",
    "dynamodb:DeleteItem",
    "dynamodb:PutResourcePolicy",
    "dynamodb:DeleteTable",
    "dynamodb:UpdateTable",
    "lambda:CreateFunction",
    "lambda:InvokeFunction",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
    "lambda:CreateEventSourceMapping",
    "lambda:AddPermission",
    "lambda:DeleteFunction",
    "lambda:PublishVersion",
    "iam:PassRole",
    "iam:PutRolePolicy",
    "iam:AttachRolePolicy",
    "iam:UpdateAssumeRolePolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:UpdateLoginProfile",
    "iam:AttachUserPolicy",
    "iam:PutUserPolicy",
    "iam:AttachGroupPolicy",
    "iam:PutGroupPolicy",
    "iam:AddUserToGroup",
    "iam:CreatePolicyVersion",
    "iam:SetDefaultPolicyVersion",
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:TagRole",
    "ec2:RunInstances",
    "ec2:TerminateInstances",
    "ssm:SendCommand",
];

const SELF = "arn:aws:iam::111122223333:role/ci/self";
const IAM = "arn:aws:iam::111122223333";
const FUNCTION = "arn:aws:lambda:eu-central-1:111122223333:function";

const BUCKETS = ["arn:aws:s3:::b/x", "arn:aws:s3:::b/y", "arn:aws:s3:::c/x", "arn:aws:s3:::unheard"];
const IDENTITIES = [
    ...[`${IAM}:role/unheard`, `${IAM}:role/app-1`, SELF],
    ...[`${IAM}:user/unheard`, `${IAM}:group/unheard`, `${IAM}:policy/unheard`],
];
const INSTANCE = "arn:aws:ec2:eu-central-1:111122223333:instance/unheard";

/** The resources that actions of a service can be about. Some belong to other services. */
const RESOURCES: Readonly<Record<string, readonly string[]>> = {
    s3: BUCKETS,
    dynamodb: ["arn:aws:dynamodb:eu-central-1:111122223333:table/unheard"],
    lambda: [`${FUNCTION}:unheard`, `${FUNCTION}:f1`, "arn:aws:lambda:eu-central-1:111122223333:layer:unheard"],
    iam: IDENTITIES,
    ec2: [INSTANCE, ...IDENTITIES],
    ssm: ["arn:aws:ssm:eu-central-1:111122223333:document/unheard", INSTANCE, ...IDENTITIES, ...BUCKETS],
    sts: ["arn:aws:sts::111122223333:unheard", ...IDENTITIES],
};

type View = "least" | "reported" | "most";
type Truth = "yes" | "no" | "perhaps";

interface Statement {
    readonly Effect: "Allow" | "Deny";
    readonly Action?: readonly string[];
    readonly NotAction?: readonly string[];
    readonly Resource?: readonly string[];
    readonly NotResource?: readonly string[];
    readonly Condition?: object;
}

interface Policy {
    readonly Version: "2012-10-17";
    readonly Statement: readonly Statement[];
}

function matches(pattern: string, text: string): boolean {
    const source = pattern
        .replace(/[.+^${}()|[\]\\]/g, "\\$&")
        .replace(/\*/g, ".*")
        .replace(/\?/g, ".");
    return new RegExp(`^${source}$`, "is").test(text);
}

function names(yes: readonly string[] | undefined, no: readonly string[] | undefined, text: string): boolean {
    return yes !== undefined ? yes.some((p) => matches(p, text)) : !no!.some((p) => matches(p, text));
}

/** The conditions below, as the guide reads them. */
function conditionOf({ Condition: condition }: Statement, passedTo: string | undefined): Truth {
    const text = JSON.stringify(condition ?? {});
    switch (text) {
        case "{}":
        case '{"Bool":{"aws:SecureTransport":"true"}}':
            return "yes";
        case '{"Bool":{"aws:MultiFactorAuthPresent":"true"}}':
            return "no";
        case '{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}':
            return "perhaps";
        default:
            return text.includes(passedTo!) ? "yes" : "no";
    }
}

function may(view: View, { policies, boundary }: Drawn, action: string, resource: string, passedTo?: string): boolean {
    const applies = (statements: readonly Statement[], effect: string, counts: boolean): boolean =>
        statements.some((s) => {
            const condition = conditionOf(s, passedTo);
            return (
                s.Effect === effect &&
                names(s.Action, s.NotAction, action) &&
                names(s.Resource, s.NotResource, resource) &&
                (condition === "yes" || (condition === "perhaps" && counts))
            );
        });
    const own = policies.flatMap((p) => p.Statement);
    const limit = boundary?.Statement;
    return (
        applies(own, "Allow", view === "most") &&
        !applies(own, "Deny", view === "least") &&
        (limit === undefined ||
            (applies(limit, "Allow", view !== "least") && !applies(limit, "Deny", view === "least")))
    );
}

interface Drawn {
    readonly policies: readonly Policy[];
    readonly boundary: Policy | undefined;
}

function powerBySearch(view: View, drawn: Drawn): string {
    const can = (action: string, resource: string, passedTo?: string): boolean =>
        may(view, drawn, action, resource, passedTo);
    const canSomewhere = (action: string): boolean =>
        RESOURCES[action.split(":")[0]!]!.some((r) => levelCan(action, r));
    // To pass a role as such, the caller chooses a service.
    const levelCan = (action: string, resource: string): boolean =>
        action === "iam:PassRole"
            ? ["lambda.amazonaws.com", "ec2.amazonaws.com", "ecs.amazonaws.com"].some((s) => can(action, resource, s))
            : can(action, resource);
    const canMake = (action: string): boolean => {
        const service = action.split(":")[0]!;
        return RESOURCES[service]!.some((r) => r.startsWith(`arn:aws:${service}:`) && can(action, r));
    };
    const changes =
        ["PutRolePolicy", "AttachRolePolicy"].some(
            (a) => can(`iam:${a}`, `${IAM}:role/unheard`) || can(`iam:${a}`, SELF),
        ) ||
        can("iam:UpdateAssumeRolePolicy", `${IAM}:role/unheard`) ||
        ["CreateAccessKey", "CreateLoginProfile", "UpdateLoginProfile", "AttachUserPolicy", "PutUserPolicy"].some((a) =>
            can(`iam:${a}`, `${IAM}:user/unheard`),
        ) ||
        ["AttachGroupPolicy", "PutGroupPolicy", "AddUserToGroup"].some((a) =>
            can(`iam:${a}`, `${IAM}:group/unheard`),
        ) ||
        ["CreatePolicyVersion", "SetDefaultPolicyVersion"].some((a) => can(`iam:${a}`, `${IAM}:policy/unheard`)) ||
        IDENTITIES.filter((r) => r.includes(":role/")).some(
            (r) =>
                (can("iam:UpdateAssumeRolePolicy", r) || can("iam:CreateRole", r)) &&
                (can("iam:PutRolePolicy", r) || can("iam:AttachRolePolicy", r)),
        );
    if (changes && can("other:Thing", "arn:aws:other:eu-central-1:111122223333:unheard")) {
        return "administrator";
    }
    const passes = (service: string): boolean => can("iam:PassRole", `${IAM}:role/unheard`, service);
    const escalates =
        changes ||
        (passes("lambda.amazonaws.com") &&
            canMake("lambda:CreateFunction") &&
            ["InvokeFunction", "CreateEventSourceMapping", "AddPermission"].some((a) => canMake(`lambda:${a}`))) ||
        (passes("ec2.amazonaws.com") && canMake("ec2:RunInstances")) ||
        ["UpdateFunctionCode", "UpdateFunctionConfiguration"].some((a) => can(`lambda:${a}`, `${FUNCTION}:unheard`)) ||
        can("ssm:SendCommand", "arn:aws:ec2:eu-central-1:111122223333:instance/unheard");
    return escalates ? "escalation" : WRITE.some(canSomewhere) ? "write" : READ.some(canSomewhere) ? "read" : "none";
}

const actionPattern = fc.constantFrom(
    "*",
    "s3:*",
    "s3:Get*",
    "s3:List*",
    "s3:Put*",
    "s3:Delete*",
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:ListBucket",
    "dynamodb:*",
    "dynamodb:Get*",
    "dynamodb:PutItem",
    "dynamodb:GetItem",
    "lambda:*",
    "lambda:Get*",
    "lambda:Update*",
    "lambda:CreateFunction",
    "lambda:InvokeFunction",
    "lambda:UpdateFunctionCode",
    "iam:*",
    "iam:Get*",
    "iam:Put*",
    "iam:PassRole",
    "iam:passrole",
    "iam:PutRolePolicy",
    "iam:CreateAccessKey",
    "iam:CreateRole",
    "ec2:RunInstances",
    "ec2:Describe*",
);

const resourcePattern = fc.oneof(
    { weight: 2, arbitrary: fc.constant("*") },
    {
        weight: 3,
        arbitrary: fc.constantFrom(
            "arn:aws:s3:::*",
            "arn:aws:s3:::b/*",
            "arn:aws:s3:::b/x",
            `${IAM}:role/*`,
            `${IAM}:role/app-*`,
            `${IAM}:user/*`,
            SELF,
            "arn:aws:lambda:*:*:function:*",
            "arn:aws:lambda:*:111122223333:function:f*",
        ),
    },
);

const condition = fc.oneof(
    { weight: 5, arbitrary: fc.constant({}) },
    {
        weight: 3,
        arbitrary: fc.constantFrom(
            { Condition: { Bool: { "aws:SecureTransport": "true" } } },
            { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } },
            { Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } },
        ),
    },
);

const patterns = (pattern: fc.Arbitrary<string>): fc.Arbitrary<readonly string[]> =>
    fc.array(pattern, { minLength: 1, maxLength: 3 });

const statement: fc.Arbitrary<Statement> = fc
    .tuple(
        fc.oneof(
            { weight: 3, arbitrary: fc.constant("Allow" as const) },
            { weight: 1, arbitrary: fc.constant("Deny" as const) },
        ),
        fc.oneof(
            { weight: 5, arbitrary: patterns(actionPattern).map((Action) => ({ Action })) },
            { weight: 1, arbitrary: patterns(actionPattern).map((NotAction) => ({ NotAction })) },
        ),
        fc.oneof(
            { weight: 6, arbitrary: patterns(resourcePattern).map((Resource) => ({ Resource })) },
            { weight: 1, arbitrary: patterns(resourcePattern).map((NotResource) => ({ NotResource })) },
        ),
        condition,
    )
    .map(([Effect, action, resource, more]): Statement => ({ Effect, ...action, ...resource, ...more }));

const passRole: fc.Arbitrary<Statement> = fc
    .tuple(
        fc.constantFrom("Allow" as const, "Deny" as const),
        resourcePattern,
        fc.constantFrom("lambda.amazonaws.com", "ec2.amazonaws.com"),
    )
    .map(([Effect, resource, service]) => ({
        Effect,
        Action: ["iam:PassRole"],
        Resource: [resource],
        Condition: { StringEquals: { "iam:PassedToService": service } },
    }));

const policy: fc.Arbitrary<Policy> = fc
    .array(fc.oneof({ weight: 5, arbitrary: statement }, { weight: 1, arbitrary: passRole }), {
        minLength: 1,
        maxLength: 4,
    })
    .map((statements) => ({ Version: "2012-10-17", Statement: statements }));

const drawn: fc.Arbitrary<Drawn> = fc.record({
    policies: fc.array(policy, { minLength: 1, maxLength: 2 }),
    boundary: fc.option(policy, { nil: undefined, freq: 3 }),
});

function permissionsOf({ policies, boundary }: Drawn): RolePermissions {
    return {
        arn: SELF,
        policies: policies.map((document, i) => ({ name: `p${String(i)}`, document })),
        boundary: boundary === undefined ? "none" : { name: "boundary", document: boundary },
    };
}

describe("power of a role, against a search through actions and resources", () => {
    const judge = new PowerJudge();

    it("is the same if a boundary excludes all roles of the account by NotResource", () => {
        const allow = { Effect: "Allow" as const, Resource: ["*"] };
        const role: Drawn = {
            policies: [{ Version: "2012-10-17", Statement: [{ ...allow, Action: ["*"] }] }],
            boundary: {
                Version: "2012-10-17",
                Statement: [
                    {
                        Effect: "Allow",
                        Action: ["iam:PutRolePolicy", "iam:CreateRole"],
                        NotResource: [`${IAM}:role/*`],
                    },
                ],
            },
        };
        expect(powerBySearch("reported", role)).to.equal("write");
        expect(judge.powerOf(permissionsOf(role)).power).to.equal("write");
    });

    it("is the same", () => {
        const seen = new Map<string, number>();
        fc.assert(
            fc.property(drawn, (role) => {
                const { power, powerComplete } = judge.powerOf(permissionsOf(role));
                const reported = powerBySearch("reported", role);
                const complete = powerBySearch("least", role) === reported && powerBySearch("most", role) === reported;
                expect([power, powerComplete]).to.deep.equal([reported, complete]);
                const key = `${power} ${String(powerComplete)}`;
                seen.set(key, (seen.get(key) ?? 0) + 1);
            }),
            { numRuns: Number(process.env["N"] ?? 500) },
        );
        // Else it would compare nothing.
        expect([...seen.keys()]).to.include.members([
            "administrator true",
            "escalation true",
            "write true",
            "read true",
            "none true",
            "none false",
        ]);
    });
});
