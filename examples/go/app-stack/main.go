// The stack of an application team: its own role, for the identity provider of the platform stack.
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
	platform, err := pulumi.NewStackReference(ctx, "platform", &pulumi.StackReferenceArgs{
		// ORGANIZATION/gitlab-oidc-platform/STACK
		Name: pulumi.String(config.Require(ctx, "platformStack")),
	})
	if err != nil {
		return err
	}

	// Jobs on tags v* of the project can publish releases. These tags are protected in GitLab.
	release, err := awsgitlaboidc.NewPipelineRole(ctx, "myproject-release", &awsgitlaboidc.PipelineRoleArgs{
		ProviderArn:   platform.GetStringOutput(pulumi.String("providerArn")),
		GitlabVersion: pulumi.String("19.1"),
		Subjects: awsgitlaboidc.SubjectArray{
			awsgitlaboidc.SubjectArgs{Project: pulumi.String("mygroup/myproject"), Tag: pulumi.String("v*")},
		},
		Accept: []string{"unprotected-tag"},
		InlinePolicies: map[string]pulumi.Input{
			"releases": pulumi.Map{
				"Version": pulumi.String("2012-10-17"),
				"Statement": pulumi.Array{
					pulumi.Map{
						"Effect":   pulumi.String("Allow"),
						"Action":   pulumi.String("s3:PutObject"),
						"Resource": pulumi.String("arn:aws:s3:::myproject-releases/*"),
					},
				},
			},
		},
	})
	if err != nil {
		return err
	}

	ctx.Export("roleArn", release.Arn)
	ctx.Export("gitlabCiYml", release.GitlabCiYml)
	return nil
}
