"""Both sides in one stack: the role in AWS, and the project with its CI/CD variables in GitLab."""

import pulumi
import pulumi_gitlab as gitlab
from pulumi_aws_gitlab_oidc import GitLabCiOptionsArgs, GitLabOidc, RoleArgs, SubClaimComponent, SubjectArgs

config = pulumi.Config()

# The sub claim begins with the project's ID, so the role stays correct if the project is renamed.
components = [SubClaimComponent.PROJECT_ID, SubClaimComponent.REF_TYPE, SubClaimComponent.REF]

project = gitlab.Project(
    "project",
    name="myproject",
    namespace_id=config.require_int("namespaceId"),
    initialize_with_readme=True,
    default_branch="main",
    ci_id_token_sub_claim_components=[component.value for component in components],
)

oidc = GitLabOidc(
    "gitlab",
    url=config.require("gitlabUrl"),
    gitlab_version="19.1",
    sub_claim_components=components,
    roles={
        "deploy": RoleArgs(
            subjects=[SubjectArgs(project_id=project.id, branch="main")],
            # The CI file reads the ARN from this variable, so the ARN does not appear in the repository.
            gitlab_ci=GitLabCiOptionsArgs(role_arn_variable="AWS_ROLE_ARN_DEPLOY"),
        ),
    },
)

# Only jobs on protected branches and tags get the variable.
gitlab.ProjectVariable(
    "roleArn",
    project=project.id,
    key="AWS_ROLE_ARN_DEPLOY",
    value=oidc.role_arns["deploy"],
    protected=True,
)

gitlab.ProjectVariable(
    "awsRegion",
    project=project.id,
    key="AWS_REGION",
    value=config.require("region"),
)

pulumi.export("project", project.path_with_namespace)
pulumi.export("roleArns", oidc.role_arns)
pulumi.export("gitlabCiYml", oidc.gitlab_ci_yml)
