import { expect } from "chai";
import { checkGitLabOidc } from "../../../provider/components/gitlab-oidc-check";
import { checkIdentityProvider } from "../../../provider/components/identity-provider-check";
import { checkIssuerMirror } from "../../../provider/components/issuer-mirror-check";
import { checkPipelineRole } from "../../../provider/components/pipeline-role-check";
import { exampleOf } from "../../../provider/contract/examples";
import { InvalidInputsError } from "../../../provider/contract/findings";
import { schema, type Properties, type PropertySpec } from "../../../provider/contract/schema";
import type { Finding } from "../../../provider/contract/types";
import { checkIssuer } from "../../../provider/operations/check-issuer";
import { buildGitLabCi } from "../../../provider/operations/get-gitlab-ci";
import { explainTrust, lintTrustPolicy } from "../../../provider/operations/trust";

type Problems = readonly Finding[];

const SUBJECT = { project: "mygroup/myproject", projectId: "4711", branch: "main" };
const gitlab = (inputs: unknown): Problems => checkGitLabOidc("gitlab", inputs as never).errors;
const role = (inputs: object): Problems => gitlab({ roles: { deploy: { subjects: [SUBJECT], ...inputs } } });
const subject = (properties: object): Problems => role({ subjects: [properties] });

async function call(run: () => unknown): Promise<Problems> {
    try {
        await run();
        return [];
    } catch (error) {
        return (error as InvalidInputsError).findings;
    }
}

/** Path, message, fix and ID of each finding, written as they are printed, without the address. */
async function printed(problems: Problems | Promise<Problems>): Promise<readonly string[]> {
    return (await problems).map(({ path, message, fix, id }) => `${path}: ${message} ${fix} [${id}]`);
}

const AT = 'roles["deploy"]';

describe("shape of the inputs: messages", () => {
    for (const [title, problems, expected] of [
        [
            "no args",
            () => gitlab(undefined),
            [
                'args: missing. GitLabOidc needs an arguments object with at least `roles`: { roles: { deploy: { subjects: [{ project: "mygroup/myproject", branch: "main" }] } } }. [required]',
            ],
        ],
        [
            "no args of a component without required ones",
            () => checkIdentityProvider(null as never).errors,
            ["args: missing. IdentityProvider needs an arguments object. [required]"],
        ],
        [
            "no args of a component with several required ones",
            () => checkIssuerMirror(undefined as never, "7.48.0").errors,
            [
                'args: missing. IssuerMirror needs an arguments object with at least `discovery`, `keys` and `bucketName`: { discovery: the JSON text of openid-configuration.json, keys: the JSON text of jwks.json, bucketName: "mycompany-gitlab-issuer" }. [required]',
            ],
        ],
        [
            "args of a role that are a string",
            () => checkPipelineRole("deploy", "x" as never).errors,
            [
                'args: is not an object. PipelineRole needs an arguments object with at least `providerArn` and `subjects`: { providerArn: "arn:aws:iam::111122223333:oidc-provider/gitlab.com", subjects: [{ project: "mygroup/myproject", branch: "main" }] }. [wrong-type]',
            ],
        ],
        [
            "no arguments of a function, of which one of two is required",
            () => call(() => explainTrust(undefined as never)),
            ["args: missing. explainTrust needs an arguments object. [required]"],
        ],
        [
            "arguments of a function that are an array",
            () => call(() => lintTrustPolicy([] as never)),
            [
                'args: is not an object. lintTrustPolicy needs an arguments object with at least `trustPolicy`: { trustPolicy: { Version: "2012-10-17", Statement: [...] } }. [wrong-type]',
            ],
        ],
        [
            "no roles",
            () => gitlab({}),
            [
                'roles: is missing. Write roles: { deploy: { subjects: [{ project: "mygroup/myproject", branch: "main" }] } }. [required]',
            ],
        ],
        [
            "no subjects",
            () => gitlab({ roles: { deploy: {} } }),
            [
                `${AT}.subjects: is missing. Write subjects: [{ project: "mygroup/myproject", branch: "main" }]. [required]`,
            ],
        ],
        [
            "a misspelt name, without the missing one that follows from it",
            () => gitlab({ rolles: { deploy: {} } }),
            ["rolles: is not a property of GitLabOidc. Did you mean roles? [unknown-property]"],
        ],
        [
            "a singular for a plural",
            () => gitlab({ roles: { deploy: { subject: [SUBJECT] } } }),
            [`${AT}.subject: is not a property of Role. Did you mean subjects? [unknown-property]`],
        ],
        [
            "a misspelt branch, without the missing one that follows from it",
            () => subject({ project: "mygroup/myproject", projectId: "4711", brnch: "main" }),
            [`${AT}.subjects[0].brnch: is not a property of Subject. Did you mean branch? [unknown-property]`],
        ],
        [
            "a misspelt argument of a function, of which one of two is required",
            () => call(() => explainTrust({ trustpolicy: {}, claims: { iss: "https://gitlab.com" } } as never)),
            ["trustpolicy: is not a property of explainTrust. Did you mean trustPolicy? [unknown-property]"],
        ],
        [
            "a name in Python's spelling",
            () => role({ max_session_duration: 3600 }),
            [
                `${AT}.max_session_duration: is not a property of Role. Did you mean maxSessionDuration? [unknown-property]`,
            ],
        ],
        [
            "a name beside the right one",
            () => gitlab({ roles: { deploy: { subjects: [SUBJECT] } }, audiences: ["x"], audience: "x" }),
            [
                "audience: is not a property of GitLabOidc. Did you mean audiences, which is already set? [unknown-property]",
            ],
        ],
        [
            "a name that is like none",
            () => subject({ ...SUBJECT, stuff: 1 }),
            [
                `${AT}.subjects[0].stuff: is not a property of Subject. Properties are project, group, projectId, branch, tag, refProtected, mergeRequests, environmentProtected, deploymentTier, claims, sub. [unknown-property]`,
            ],
        ],
        [
            "the name of an environment",
            () => subject({ ...SUBJECT, environment: "production" }),
            [
                `${AT}.subjects[0].environment: is not a property of Subject. AWS does not see the name of an environment. Use deploymentTier: "production" or environmentProtected: true in the subject. [unknown-property]`,
            ],
        ],
        [
            "the name of an environment as a claim",
            () => subject({ ...SUBJECT, claims: { environment: ["production"] } }),
            [
                `${AT}.subjects[0].claims.environment: is not a property of Claims. AWS does not see the name of an environment. Use deploymentTier: "production" or environmentProtected: true in the subject. [unknown-property]`,
            ],
        ],
        [
            "a ref without its type",
            () => subject({ project: "mygroup/myproject", projectId: "4711", ref: "main" }),
            [
                `${AT}.subjects[0].ref: is not a property of Subject. Use branch: "main" or tag: "v1.0". [unknown-property]`,
            ],
        ],
        [
            "subjects without a role",
            () => gitlab({ subjects: [SUBJECT] }),
            [
                'subjects: is not a property of GitLabOidc. Subjects belong to a role. Use roles: { deploy: { subjects: [{ project: "mygroup/myproject", branch: "main" }] } }. [unknown-property]',
            ],
        ],
        [
            "an issuer instead of a url",
            () => gitlab({ roles: { deploy: { subjects: [SUBJECT] } }, issuer: "https://gitlab.com" }),
            ['issuer: is not a property of GitLabOidc. Use url: "https://gitlab.example.com". [unknown-property]'],
        ],
        [
            "a list of roles",
            () => gitlab({ roles: [{ subjects: [SUBJECT] }] }),
            [
                'roles: is an array. Use a map of key to role: { deploy: { subjects: [{ project: "mygroup/myproject", branch: "main" }] } }. [wrong-type]',
            ],
        ],
        [
            "a list of managed policies",
            () => role({ managedPolicies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }),
            [
                `${AT}.managedPolicies: is an array. Use a map of key to policy ARN: { s3: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" }. [wrong-type]`,
            ],
        ],
        [
            "a list for one role",
            () => gitlab({ roles: { deploy: [] } }),
            [
                `${AT}: is an array. Use an object: { subjects: [{ project: "mygroup/myproject", branch: "main" }] }. [wrong-type]`,
            ],
        ],
        [
            "one subject instead of an array",
            () => role({ subjects: SUBJECT }),
            [
                `${AT}.subjects: is an object. Use an array of subjects: [{ project: "mygroup/myproject", branch: "main" }]. [wrong-type]`,
            ],
        ],
        [
            "one string instead of an array",
            () => gitlab({ roles: { deploy: { subjects: [SUBJECT] } }, audiences: "sts.amazonaws.com" }),
            ['audiences: is the string "sts.amazonaws.com". Use an array: ["sts.amazonaws.com"]. [wrong-type]'],
        ],
        [
            "null in an array",
            () => role({ subjects: [SUBJECT, null] }),
            [
                `${AT}.subjects[1]: is missing. Use an object: { project: "mygroup/myproject", branch: "main" }. [wrong-type]`,
            ],
        ],
        [
            "a number for a string",
            () => subject({ ...SUBJECT, projectId: 4711 }),
            [`${AT}.subjects[0].projectId: is 4711. Use a string: "4711". [wrong-type]`],
        ],
        [
            "an array for a string",
            () => subject({ ...SUBJECT, branch: ["main"] }),
            [`${AT}.subjects[0].branch: is an array. Use a string. [wrong-type]`],
        ],
        ...(
            [
                ["1h", "3600"],
                ["90 min", "5400"],
                ["3600", "3600"],
                ["7200s", "7200"],
                ["long", "3600"],
                ["5ms", "3600"],
            ] as const
        ).map(
            ([duration, seconds]) =>
                [
                    `the duration ${duration}`,
                    () => role({ maxSessionDuration: duration }),
                    [
                        `${AT}.maxSessionDuration: is the string "${duration}". Use a whole number of seconds: ${seconds}. [wrong-type]`,
                    ],
                ] as const,
        ),
        [
            "a fraction",
            () => role({ maxSessionDuration: 3600.5 }),
            [`${AT}.maxSessionDuration: is 3600.5. Use a whole number of seconds: 3600. [wrong-type]`],
        ],
        [
            "a number as a string, and a time where there is none",
            () => call(() => checkIssuer({ url: "https://gitlab.com", attempts: "2", maxRedirects: "1h" } as never)),
            [
                'attempts: is the string "2". Use a whole number: 2. [wrong-type]',
                'maxRedirects: is the string "1h". Use a whole number: 3. [wrong-type]',
            ],
        ],
        [
            "strings for a flag",
            () =>
                gitlab({
                    roles: { deploy: { subjects: [SUBJECT], gitlabCi: { rules: "True" } } },
                    adoptExisting: "yes",
                }),
            [
                `${AT}.gitlabCi.rules: is the string "True". Use true. [wrong-type]`,
                'adoptExisting: is the string "yes". Use true or false. [wrong-type]',
            ],
        ],
        [
            "a number for a flag or a string",
            () => subject({ ...SUBJECT, refProtected: 1 }),
            [`${AT}.subjects[0].refProtected: is 1. Use true or false, or a string. [wrong-type]`],
        ],
        [
            "a string for an object",
            () => call(() => buildGitLabCi({ roleArns: "x", gitlabCi: "y" } as never)),
            [
                'roleArns: is the string "x". Use a map of key to role ARN: { deploy: "arn:aws:iam::111122223333:role/deploy" }. [wrong-type]',
                'gitlabCi: is the string "y". Use an object: { region: "eu-central-1" }. [wrong-type]',
            ],
        ],
        [
            "a typo in accept",
            () => role({ accept: ["any_branch"] }),
            [`${AT}.accept[0]: "any_branch" is not the ID of a warning. Did you mean "any-branch"? [accept]`],
        ],
        [
            "an error in accept",
            () => role({ accept: ["path-wildcard"] }),
            [
                `${AT}.accept[0]: "path-wildcard" is the ID of an error, and errors cannot be accepted. Leave it out and fix the error. [accept]`,
            ],
        ],
        [
            "something else in accept",
            () => role({ accept: ["foo"] }),
            [
                `${AT}.accept[0]: "foo" is not the ID of a warning. IDs are redundant-thumbprints, self-managed-version, group-wide, any-branch, any-ref, ref-type-undeclared, unprotected-branch, unprotected-tag, path-only, path-case, namespace-only, user-name-only, merge-requests-unchecked, long-sub, other-principal, unknown-key, trust-policy-quota, managed-policy-quota, administrator-access, full-access, pass-role, secret-suffix, ci-environment, ci-private-image, ci-network, ci-secret, guardrail-project-ids, guardrail-issuers, unused-accept. [accept]`,
            ],
        ],
        [
            "a key with a dot: one error, not a second about the name of the role",
            () => gitlab({ roles: { "deploy.prod": { subjects: [SUBJECT] } } }),
            [
                'roles["deploy.prod"]: "deploy.prod" cannot be a key, because it becomes part of names in Pulumi and IAM. Use 1 to 128 letters, digits, _ and -: "deploy-prod". [key]',
            ],
        ],
        [
            "a key with a space",
            () => gitlab({ roles: { "a b": { subjects: [SUBJECT] } } }),
            [
                'roles["a b"]: "a b" cannot be a key, because it becomes part of names in Pulumi and IAM. Use 1 to 128 letters, digits, _ and -: "a-b". [key]',
            ],
        ],
        [
            "an empty key",
            () => gitlab({ roles: { "": { subjects: [SUBJECT] } } }),
            [
                'roles[""]: "" cannot be a key, because it becomes part of names in Pulumi and IAM. Use 1 to 128 letters, digits, _ and -. [key]',
            ],
        ],
    ] as readonly (readonly [string, () => Problems | Promise<Problems>, readonly string[]])[]) {
        it(title, async () => {
            expect(await printed(problems())).to.have.members(expected);
        });
    }
});

/** Properties that have no example because their kind is enough: strings and flags. */
function needsExample({ type, $ref }: PropertySpec): boolean {
    const isObject = $ref?.startsWith("#/types/") === true && schema().types[$ref.slice(8)]!.enum === undefined;
    return isObject || ["array", "object", "integer", "number"].includes(type ?? "");
}

describe("shape of the inputs: examples", () => {
    const { types, resources, functions } = schema();
    const results =
        /Finding|Issuer|Explanation|Cause|Unchecked|Described|Unexplained|ProjectCheck|GitLab(?:Project|Protected|Environment)/;
    const inputs: readonly (readonly [string, Properties, readonly string[]])[] = [
        ...Object.entries(types)
            .filter(([token, { properties }]) => properties !== undefined && !results.test(token))
            .map(([token, t]) => [token, t.properties!, t.required ?? []] as const),
        ...Object.entries(resources).map(([token, r]) => [token, r.inputProperties, r.requiredInputs ?? []] as const),
        ...Object.entries(functions).map(
            ([token, f]) => [token, f.inputs.properties, f.inputs.required ?? []] as const,
        ),
    ];
    for (const [token, properties, required] of inputs) {
        const owner = token.split(":").pop()!;
        it(`${owner}: each required property, map, array, object and number has one`, () => {
            const without = Object.entries(properties)
                .filter(([name, spec]) => required.includes(name) || needsExample(spec))
                .filter(([name]) => exampleOf(owner, name) === undefined);
            expect(without.map(([name]) => name)).to.deep.equal([]);
        });
    }
});
