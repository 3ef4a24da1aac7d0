module gitlab-oidc-platform

go 1.24.0

require (
	github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc/sdk/go v0.1.0
	github.com/pulumi/pulumi/sdk/v3 v3.213.0
)
