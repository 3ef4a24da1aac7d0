"""The stack of an application team: its own role, for the identity provider of the platform stack."""

import pulumi
from pulumi_aws_gitlab_oidc import PipelineRole, SubjectArgs

config = pulumi.Config()

# ORGANIZATION/gitlab-oidc-platform/STACK
platform = pulumi.StackReference("platform", stack_name=config.require("platformStack"))

# Jobs on tags v* of the project can publish releases. These tags are protected in GitLab.
release = PipelineRole(
    "myproject-release",
    provider_arn=platform.require_output("providerArn"),
    gitlab_version="19.1",
    subjects=[SubjectArgs(project="mygroup/myproject", tag="v*")],
    accept=["unprotected-tag"],
    inline_policies={
        "releases": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": "s3:PutObject",
                    "Resource": "arn:aws:s3:::myproject-releases/*",
                }
            ],
        }
    },
)

pulumi.export("roleArn", release.arn)
pulumi.export("gitlabCiYml", release.gitlab_ci_yml)
