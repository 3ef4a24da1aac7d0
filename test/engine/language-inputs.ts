import { appendFileSync, cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { denial, policy, statement, trustPolicy } from "../support/policies";
import type { Made } from "./examples";

const programs = join(__dirname, "languages");

/** By language, adds the program in languages/ to that of `app-stack`, so one process runs both. */
export const addInputs: Readonly<Record<string, (folder: string) => void>> = {
    python: (folder) => {
        appendFileSync(join(folder, "__main__.py"), readFileSync(join(programs, "inputs.py")));
    },
    go: (folder) => {
        cpSync(join(programs, "inputs.go"), join(folder, "inputs.go"));
        replace(join(folder, "main.go"), "\treturn nil\n}\n", "\treturn inputs(ctx)\n}\n");
    },
    java: (folder) => {
        const sources = join(folder, "src/main/java/appstack");
        cpSync(join(programs, "Inputs.java"), join(sources, "Inputs.java"));
        const call = "Pulumi.run(ctx -> { stack(ctx); Inputs.stack(ctx); });";
        replace(join(sources, "App.java"), "Pulumi.run(App::stack);", call);
    },
};

function replace(file: string, from: string, to: string): void {
    const parts = readFileSync(file, "utf8").split(from);
    if (parts.length !== 2) {
        throw new Error(`${file} has ${String(parts.length - 1)} times ${JSON.stringify(from)}`);
    }
    writeFileSync(file, parts.join(to));
}

const MIGRATE = "arn:aws:iam::111122223333:role/migrate";
const SECRET = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:app/database-??????";
const SESSION = "GitLabRunner-$CI_PROJECT_ID-$CI_PIPELINE_ID-$CI_JOB_ID";

const REVIEW_TRUST = policy(
    statement({
        StringEquals: {
            "gitlab.com:aud": "https://gitlab.com",
            "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main",
            "gitlab.com:project_id": "4711",
            "gitlab.com:ref_protected": "true",
            "gitlab.com:pipeline_source": "merge_request_event",
        },
    }),
    {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::444455556666:root" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": "shared" } },
    },
    { Effect: "Allow", Principal: { AWS: "arn:aws:iam::111122223333:user/break-glass" }, Action: "sts:AssumeRole" },
);

const MIGRATE_JOB = {
    environment: { name: "production", deployment_tier: "production" },
    rules: [{ if: '$CI_PROJECT_PATH == "mygroup/App" && $CI_PROJECT_ID == "4711" && $CI_COMMIT_BRANCH == "main"' }],
    id_tokens: { AWS_ID_TOKEN: { aud: "https://gitlab.example.com" } },
    secrets: {
        KEY: {
            aws_secrets_manager: {
                secret_id: "app/key",
                version_stage: "AWSPREVIOUS",
                region: "eu-central-1",
                role_arn: MIGRATE,
                role_session_name: SESSION,
            },
            token: "$AWS_ID_TOKEN",
            file: true,
        },
        PASSWORD: {
            aws_secrets_manager: {
                secret_id: "app/database",
                field: "password",
                region: "eu-central-1",
                role_arn: MIGRATE,
                role_session_name: SESSION,
            },
            token: "$AWS_ID_TOKEN",
            file: false,
        },
    },
    script: ["./migrate.sh"],
};

/** The resource control policy. */
export const GUARDRAIL = {
    Version: "2012-10-17",
    Statement: [
        denial("GitLabSubjects", {
            Null: { "gitlab.com:sub": "false" },
            StringNotLike: { "gitlab.com:sub": "project_path:mygroup/*" },
        }),
        denial("GitLabAudiences", {
            Null: { "gitlab.com:aud": "false" },
            StringNotEquals: { "gitlab.com:aud": "https://gitlab.com" },
        }),
    ],
};

/** The resources and outputs of the program in languages/, which are the same in every language. */
const INPUTS: Pick<Made, "urns" | "roles" | "outputs"> = {
    urns: [
        "GitLabOidc$aws-gitlab-oidc:index:PipelineRole$aws:iam/role:Role::review-review",
        "GitLabOidc$aws-gitlab-oidc:index:PipelineRole::review-review",
        "GitLabOidc::review",
        "OrganizationGuardrail$aws:organizations/policy:Policy$aws:organizations/policyAttachment:PolicyAttachment::guardrail:111122223333",
        "OrganizationGuardrail$aws:organizations/policy:Policy::guardrail",
        "OrganizationGuardrail::guardrail",
        "PipelineRole$aws:iam/role:Role$aws:iam/rolePolicy:RolePolicy::migrate:secretArns",
        "PipelineRole$aws:iam/role:Role::docs",
        "PipelineRole$aws:iam/role:Role::migrate",
        "PipelineRole::docs",
        "PipelineRole::migrate",
    ].map((end) => `urn:pulumi:dev::gitlab-oidc-app::aws-gitlab-oidc:index:${end}`),
    roles: {
        migrate: {
            trust: trustPolicy(
                {
                    StringEquals: {
                        "gitlab.example.com:aud": "https://gitlab.example.com",
                        "gitlab.example.com:sub": "project_path:mygroup/App:project_id:4711:ref_type:branch:ref:main",
                    },
                },
                "gitlab.example.com",
            ),
            inline: {
                secretArns: {
                    Version: "2012-10-17",
                    Statement: [
                        { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: SECRET },
                        {
                            Effect: "Allow",
                            Action: "kms:Decrypt",
                            Resource: "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                            Condition: {
                                StringEquals: { "kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com" },
                                StringLike: { "kms:EncryptionContext:SecretARN": SECRET },
                            },
                        },
                    ],
                },
            },
            managed: [],
            tags: {},
        },
        review: {
            trust: REVIEW_TRUST,
            inline: {},
            managed: [],
            // The tag lists only warnings about the role itself.
            tags: {},
        },
        docs: {
            trust: trustPolicy(
                {
                    StringEquals: {
                        "gitlab.example.com:aud": "https://gitlab.example.com",
                        "gitlab.example.com:sub": "project_path:mygroup/docs:ref_type:branch:ref:main",
                    },
                },
                "gitlab.example.com",
            ),
            inline: {},
            managed: [],
            tags: {},
        },
    },
    outputs: {
        migrateCi: { "secrets migrate": MIGRATE_JOB },
        reviewCi: {
            "assume role review": {
                environment: {
                    name: "review/$CI_COMMIT_REF_SLUG",
                    deployment_tier: "development",
                    url: "https://$CI_ENVIRONMENT_SLUG.example.com",
                    action: "start",
                },
                rules: [
                    {
                        if: '$CI_MERGE_REQUEST_SOURCE_PROJECT_PATH == "mygroup/myproject" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == "4711" && $CI_MERGE_REQUEST_SOURCE_BRANCH_NAME == "main" && $CI_COMMIT_REF_PROTECTED == "true" && $CI_PIPELINE_SOURCE == "merge_request_event"',
                    },
                ],
                id_tokens: { GITLAB_OIDC_TOKEN: { aud: "https://gitlab.com" } },
                // The arguments of the two requests.
                script: [
                    "--role-arn 'arn:aws:iam::111122223333:role/review'",
                    '--role-session-name="GitLabRunner-$CI_PROJECT_ID-$CI_PIPELINE_ID-$CI_JOB_ID"',
                    "--duration-seconds 900",
                    "--role-arn 'arn:aws:iam::444455556666:role/deploy'",
                    '--role-session-name="review"',
                    `--cli-input-json '{"ExternalId":"mygroup"}'`,
                    "--duration-seconds 1800",
                ],
            },
        },
        guardrail: GUARDRAIL,
        failed: [
            'subjects[0].project: "mygroup/app" is written in another case than "mygroup/App". AWS compares exactly and denies every job of the project.',
        ],
        trust: REVIEW_TRUST,
        ci: { "secrets migrate": MIGRATE_JOB },
        document: GUARDRAIL,
    },
};

/** The resources and outputs of `app-stack` together with those of the program in languages/. */
export function withInputs({ urns, roles, outputs }: Omit<Made, "gitlabCiYml">): Omit<Made, "gitlabCiYml"> {
    return {
        urns: [...urns, ...INPUTS.urns].sort(),
        roles: { ...roles, ...INPUTS.roles },
        outputs: { ...outputs, ...INPUTS.outputs },
    };
}

/** The outputs with documents in place of their text, and of a script only the arguments of its requests. */
export function documentsIn(outputs: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const texts = new Set(["migrateCi", "reviewCi", "guardrail", "trust", "ci", "document"]);
    return Object.fromEntries(
        Object.entries(outputs).map(([key, value]) => [key, texts.has(key) ? parse(String(value), requests) : value]),
    );
}

const requests = (key: unknown, value: unknown): unknown =>
    key === "script" && String(value).includes("aws sts")
        ? String(value).match(
              /--(?:role-arn|cli-input-json|duration-seconds|role-session-name)[= ](?:'[^']*'|"[^"]*"|\S+)/g,
          )
        : value;
