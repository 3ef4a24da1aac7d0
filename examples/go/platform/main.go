// The stack of the platform team: the identity provider, and the roles that GitLab jobs can assume.
package main

import (
	"github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc/sdk/go/awsgitlaboidc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(program)
}

func program(ctx *pulumi.Context) error {
	gitlab, err := awsgitlaboidc.NewGitLabOidc(ctx, "gitlab", &awsgitlaboidc.GitLabOidcArgs{
		Url:           pulumi.String(config.Require(ctx, "gitlabUrl")),
		GitlabVersion: pulumi.String("19.1"),
		Roles: map[string]awsgitlaboidc.RoleArgs{
			// Jobs on branch main of one project. The application stack attaches the permissions.
			"deploy": {
				Subjects: awsgitlaboidc.SubjectArray{
					awsgitlaboidc.SubjectArgs{Project: pulumi.String("mygroup/myproject"), Branch: pulumi.String("main")},
				},
			},
			// Jobs on any branch of every project in the group get read-only access. `accept` records that this is intended.
			"plan": {
				Subjects: awsgitlaboidc.SubjectArray{
					awsgitlaboidc.SubjectArgs{Group: pulumi.String("mygroup"), Branch: pulumi.String("*")},
				},
				Accept: []string{"group-wide", "any-branch"},
				ManagedPolicies: map[string]pulumi.StringInput{
					"readOnly": pulumi.String("arn:aws:iam::aws:policy/ReadOnlyAccess"),
				},
			},
		},
		Tags: pulumi.StringMap{"managed-by": pulumi.String("platform")},
	})
	if err != nil {
		return err
	}

	ctx.Export("providerArn", gitlab.ProviderArn)
	ctx.Export("roleArns", gitlab.RoleArns)
	ctx.Export("roleNames", gitlab.RoleNames)
	ctx.Export("gitlabCiYml", gitlab.GitlabCiYml)
	return nil
}
