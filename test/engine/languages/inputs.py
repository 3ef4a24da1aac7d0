"""Inputs and functions that no example has: as classes and dictionaries, as None, and as outputs without a value."""

import os

from pulumi_aws_gitlab_oidc import (
    AdditionalPrincipal,
    AdditionalPrincipalArgs,
    GitLabCiAssumeRoleArgs,
    GitLabCiEnvironment,
    GitLabCiEnvironmentArgs,
    GitLabCiForm,
    GitLabCiOptions,
    GitLabCiOptionsArgs,
    GitLabCiRole,
    GitLabCiSecret,
    GitLabOidc,
    OrganizationGuardrail,
    PipelineRole,
    RoleArgs,
    SubClaimComponent,
    Subject,
    SubjectArgs,
    check_project_output,
    get_gitlab_ci,
    get_organization_guardrail,
    get_trust_policy,
    lookup_project_output,
)

import pulumi

ACCOUNT = "arn:aws:iam::111122223333"
VENDOR = "arn:aws:iam::444455556666:root"
EXTERNAL_ID = {"StringEquals": {"sts:ExternalId": ["shared"]}}
nothing = pulumi.Output.from_input(None)

# A private project, with the token of the environment.
lookup = lookup_project_output(
    url="https://gitlab.example.com",
    connect_to=os.environ["GITLAB_CONNECT_TO"],
    certificate_authorities=os.environ["GITLAB_CA"],
    project="mygroup/app",
    token=None,
    timeout=None,
)

migrate = PipelineRole(
    "migrate",
    provider_arn=f"{ACCOUNT}:oidc-provider/gitlab.example.com",
    url=None,
    name="migrate",
    sub_claim_components=lookup.sub_claim_components,
    gitlab_version=lookup.gitlab_version,
    subjects=[
        {
            "project": lookup.project,
            "project_id": lookup.project_id,
            "branch": lookup.default_branch,
            "tag": None,
            "group": nothing,
            "merge_requests": None,
            "claims": None,
        }
    ],
    additional_principals=nothing,
    secret_arns=["arn:aws:secretsmanager:eu-central-1:111122223333:secret:app/database-??????"],
    secret_kms_key_arns=["arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"],
    gitlab_ci={
        "form": GitLabCiForm.SECRETS,
        "environment": {"name": "production", "tier": "production", "url": None, "action": nothing},
        "secrets": {
            "PASSWORD": {"secret_id": "app/database", "field": "password", "file": False, "version_id": None},
            "KEY": {"secret_id": "app/key", "version_stage": "AWSPREVIOUS"},
        },
        "assume_role": None,
        "credentials": nothing,
        "region": "eu-central-1",
        "script": ["./migrate.sh"],
    },
)

# A public project: the token may not read its setting, so the lookup has no sub claim components.
public = lookup_project_output(
    url="https://gitlab.example.com",
    connect_to=os.environ["GITLAB_CONNECT_TO"],
    certificate_authorities=os.environ["GITLAB_CA"],
    project="mygroup/docs",
)

PipelineRole(
    "docs",
    provider_arn=f"{ACCOUNT}:oidc-provider/gitlab.example.com",
    name="docs",
    sub_claim_components=public.sub_claim_components,
    gitlab_version=public.gitlab_version,
    subjects=[SubjectArgs(project=public.project, branch=public.default_branch)],
)

review = GitLabOidc(
    "review",
    existing_provider_arn=f"{ACCOUNT}:oidc-provider/gitlab.com",
    gitlab_ci=None,
    roles={
        "review": RoleArgs(
            name="review",
            subjects=[
                SubjectArgs(
                    project="mygroup/myproject",
                    project_id="4711",
                    branch="main",
                    ref_protected=True,
                    merge_requests=True,
                )
            ],
            additional_principals=[
                AdditionalPrincipalArgs(arn=VENDOR, conditions=EXTERNAL_ID),
                AdditionalPrincipalArgs(arn=f"{ACCOUNT}:user/break-glass", conditions=None),
            ],
            accept=["other-principal"],
            secret_arns=None,
            secret_kms_key_arns=nothing,
            gitlab_ci=GitLabCiOptionsArgs(
                form=None,
                secrets=nothing,
                environment=GitLabCiEnvironmentArgs(
                    name="review/$CI_COMMIT_REF_SLUG",
                    tier="development",
                    url="https://$CI_ENVIRONMENT_SLUG.example.com",
                    action="start",
                ),
                assume_role=GitLabCiAssumeRoleArgs(
                    role_arn="arn:aws:iam::444455556666:role/deploy",
                    external_id="mygroup",
                    duration=1800,
                    session_name="review",
                ),
            ),
        ),
    },
)

guardrail = OrganizationGuardrail(
    "guardrail",
    groups=["mygroup"],
    audiences=["https://gitlab.com"],
    project_ids=None,
    except_roles=nothing,
    targets={"account": "111122223333"},
    name="gitlab",
    tags={"team": "platform"},
)

checked = check_project_output(
    url="https://gitlab.example.com",
    connect_to=os.environ["GITLAB_CONNECT_TO"],
    certificate_authorities=os.environ["GITLAB_CA"],
    project=lookup.project,
    group=None,
    subjects=[Subject(project="mygroup/app", project_id="4711", branch="main")],
    sub_claim_components=[
        SubClaimComponent.PROJECT_PATH,
        SubClaimComponent.PROJECT_ID,
        SubClaimComponent.REF_TYPE,
        SubClaimComponent.REF,
    ],
    gitlab_version=lookup.gitlab_version,
)

trust = get_trust_policy(
    provider_arn=f"{ACCOUNT}:oidc-provider/gitlab.com",
    subjects=[
        Subject(project="mygroup/myproject", project_id="4711", branch="main", ref_protected=True, merge_requests=True)
    ],
    additional_principals=[
        AdditionalPrincipal(arn=VENDOR, conditions=EXTERNAL_ID),
        AdditionalPrincipal(arn=f"{ACCOUNT}:user/break-glass"),
    ],
)

ci = get_gitlab_ci(
    url="https://gitlab.example.com",
    role_arns={"migrate": f"{ACCOUNT}:role/migrate"},
    gitlab_ci=GitLabCiOptions(form=GitLabCiForm.SECRETS, region="eu-central-1", environment=None),
    roles={
        "migrate": GitLabCiRole(
            subjects=[Subject(project="mygroup/App", project_id="4711", branch="main")],
            gitlab_ci=GitLabCiOptions(
                environment=GitLabCiEnvironment(name="production", tier="production"),
                secrets={
                    "PASSWORD": GitLabCiSecret(secret_id="app/database", field="password", file=False),
                    "KEY": GitLabCiSecret(secret_id="app/key", version_stage="AWSPREVIOUS"),
                },
                script=["./migrate.sh"],
            ),
        )
    },
)

pulumi.export("migrateCi", migrate.gitlab_ci_yml)
pulumi.export("reviewCi", review.gitlab_ci_yml)
pulumi.export("guardrail", guardrail.policy)
pulumi.export(
    "failed",
    checked.apply(lambda result: [f"{c.path}: {c.message}" for c in result.checks if c.status == "fail"]),
)
pulumi.export("trust", trust.json)
pulumi.export("ci", ci.yaml)
pulumi.export("document", get_organization_guardrail(groups=["mygroup"], audiences=["https://gitlab.com"]).json)
