"""The stack of the platform team: the identity provider, and the roles that GitLab jobs can assume."""

import pulumi
from pulumi_aws_gitlab_oidc import GitLabOidc, RoleArgs, SubjectArgs

config = pulumi.Config()

gitlab = GitLabOidc(
    "gitlab",
    url=config.require("gitlabUrl"),
    gitlab_version="19.1",
    roles={
        # Jobs on branch main of one project. The application stack attaches the permissions.
        "deploy": RoleArgs(
            subjects=[SubjectArgs(project="mygroup/myproject", branch="main")],
        ),
        # Jobs on any branch of every project in the group get read-only access. `accept` records that this is intended.
        "plan": RoleArgs(
            subjects=[SubjectArgs(group="mygroup", branch="*")],
            accept=["group-wide", "any-branch"],
            managed_policies={"readOnly": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
        ),
    },
    tags={"managed-by": "platform"},
)

pulumi.export("providerArn", gitlab.provider_arn)
pulumi.export("roleArns", gitlab.role_arns)
pulumi.export("roleNames", gitlab.role_names)
pulumi.export("gitlabCiYml", gitlab.gitlab_ci_yml)
