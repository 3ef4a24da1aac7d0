package main

import (
	"os"

	"github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc/sdk/go/awsgitlaboidc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	account = "arn:aws:iam::111122223333"
	vendor  = "arn:aws:iam::444455556666:root"
)

// inputs uses what no example has: as arguments and plain values, as nil, and as outputs without a value.
func inputs(ctx *pulumi.Context) error {
	connectTo, authorities := os.Getenv("GITLAB_CONNECT_TO"), os.Getenv("GITLAB_CA")

	// A private project, with the token of the environment.
	lookup := awsgitlaboidc.LookupProjectOutput(ctx, awsgitlaboidc.LookupProjectOutputArgs{
		Url:                    pulumi.StringPtr("https://gitlab.example.com"),
		ConnectTo:              pulumi.StringPtr(connectTo),
		CertificateAuthorities: pulumi.StringPtr(authorities),
		Project:                pulumi.String("mygroup/app"),
		Token:                  pulumi.StringPtrFromPtr(nil),
		Timeout:                nil,
	})
	nothing := lookup.ApplyT(func(awsgitlaboidc.LookupProjectResult) *string { return nil }).(pulumi.StringPtrOutput)

	migrate, err := awsgitlaboidc.NewPipelineRole(ctx, "migrate", &awsgitlaboidc.PipelineRoleArgs{
		ProviderArn:        pulumi.String(account + ":oidc-provider/gitlab.example.com"),
		Url:                nothing,
		Name:               pulumi.String("migrate"),
		SubClaimComponents: lookup.SubClaimComponents(),
		GitlabVersion:      lookup.GitlabVersion(),
		Subjects: awsgitlaboidc.SubjectArray{
			awsgitlaboidc.SubjectArgs{
				Project:       lookup.Project(),
				ProjectId:     lookup.ProjectId(),
				Branch:        lookup.DefaultBranch(),
				Tag:           nil,
				Group:         nothing,
				MergeRequests: pulumi.BoolPtrFromPtr(nil),
				RefProtected:  nil,
				Claims:        awsgitlaboidc.ClaimsPtr(nil),
			},
		},
		AdditionalPrincipals: awsgitlaboidc.AdditionalPrincipalArray(nil),
		SecretArns: pulumi.StringArray{
			pulumi.String("arn:aws:secretsmanager:eu-central-1:111122223333:secret:app/database-??????"),
		},
		SecretKmsKeyArns: pulumi.StringArray{
			pulumi.String("arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
		},
		GitlabCi: awsgitlaboidc.GitLabCiOptionsArgs{
			Form: awsgitlaboidc.GitLabCiFormSecrets,
			Environment: awsgitlaboidc.GitLabCiEnvironmentArgs{
				Name:   pulumi.String("production"),
				Tier:   pulumi.StringPtr("production"),
				Url:    nil,
				Action: nothing,
			},
			Secrets: awsgitlaboidc.GitLabCiSecretMap{
				"PASSWORD": awsgitlaboidc.GitLabCiSecretArgs{
					SecretId:  pulumi.String("app/database"),
					Field:     pulumi.StringPtr("password"),
					File:      pulumi.BoolPtr(false),
					VersionId: nothing,
				},
				"KEY": awsgitlaboidc.GitLabCiSecretArgs{
					SecretId:     pulumi.String("app/key"),
					VersionStage: pulumi.StringPtr("AWSPREVIOUS"),
				},
			},
			AssumeRole: awsgitlaboidc.GitLabCiAssumeRolePtr(nil),
			Region:     pulumi.StringPtr("eu-central-1"),
			Script:     pulumi.StringArray{pulumi.String("./migrate.sh")},
		},
	})
	if err != nil {
		return err
	}

	// A public project: the token may not read its setting, so the lookup has no sub claim components.
	public := awsgitlaboidc.LookupProjectOutput(ctx, awsgitlaboidc.LookupProjectOutputArgs{
		Url:                    pulumi.StringPtr("https://gitlab.example.com"),
		ConnectTo:              pulumi.StringPtr(connectTo),
		CertificateAuthorities: pulumi.StringPtr(authorities),
		Project:                pulumi.String("mygroup/docs"),
	})

	if _, err := awsgitlaboidc.NewPipelineRole(ctx, "docs", &awsgitlaboidc.PipelineRoleArgs{
		ProviderArn:        pulumi.String(account + ":oidc-provider/gitlab.example.com"),
		Name:               pulumi.String("docs"),
		SubClaimComponents: public.SubClaimComponents(),
		GitlabVersion:      public.GitlabVersion(),
		Subjects: awsgitlaboidc.SubjectArray{
			awsgitlaboidc.SubjectArgs{Project: public.Project(), Branch: public.DefaultBranch()},
		},
	}); err != nil {
		return err
	}

	review, err := awsgitlaboidc.NewGitLabOidc(ctx, "review", &awsgitlaboidc.GitLabOidcArgs{
		ExistingProviderArn: pulumi.String(account + ":oidc-provider/gitlab.com"),
		GitlabCi:            awsgitlaboidc.GitLabCiOptionsPtr(nil),
		Roles: map[string]awsgitlaboidc.RoleArgs{
			"review": {
				Name: pulumi.String("review"),
				Subjects: awsgitlaboidc.SubjectArray{
					awsgitlaboidc.SubjectArgs{
						Project:       pulumi.String("mygroup/myproject"),
						ProjectId:     pulumi.String("4711"),
						Branch:        pulumi.String("main"),
						RefProtected:  pulumi.Bool(true),
						MergeRequests: pulumi.Bool(true),
					},
				},
				AdditionalPrincipals: awsgitlaboidc.AdditionalPrincipalArray{
					awsgitlaboidc.AdditionalPrincipalArgs{
						Arn: pulumi.String(vendor),
						Conditions: pulumi.StringArrayMapMap{
							"StringEquals": pulumi.StringArrayMap{
								"sts:ExternalId": pulumi.StringArray{pulumi.String("shared")},
							},
						},
					},
					awsgitlaboidc.AdditionalPrincipalArgs{
						Arn:        pulumi.String(account + ":user/break-glass"),
						Conditions: pulumi.StringArrayMapMap(nil),
					},
				},
				Accept:           []string{"other-principal"},
				SecretArns:       pulumi.StringArray(nil),
				SecretKmsKeyArns: nil,
				GitlabCi: awsgitlaboidc.GitLabCiOptionsArgs{
					Secrets: awsgitlaboidc.GitLabCiSecretMap(nil),
					Environment: awsgitlaboidc.GitLabCiEnvironmentArgs{
						Name:   pulumi.String("review/$CI_COMMIT_REF_SLUG"),
						Tier:   pulumi.StringPtr("development"),
						Url:    pulumi.StringPtr("https://$CI_ENVIRONMENT_SLUG.example.com"),
						Action: pulumi.StringPtr("start"),
					},
					AssumeRole: awsgitlaboidc.GitLabCiAssumeRoleArgs{
						RoleArn:     pulumi.String("arn:aws:iam::444455556666:role/deploy"),
						ExternalId:  pulumi.StringPtr("mygroup"),
						Duration:    pulumi.IntPtr(1800),
						SessionName: pulumi.StringPtr("review"),
					},
				},
			},
		},
	})
	if err != nil {
		return err
	}

	guardrail, err := awsgitlaboidc.NewOrganizationGuardrail(ctx, "guardrail", &awsgitlaboidc.OrganizationGuardrailArgs{
		Groups:      pulumi.StringArray{pulumi.String("mygroup")},
		Audiences:   pulumi.StringArray{pulumi.String("https://gitlab.com")},
		ProjectIds:  pulumi.StringArray(nil),
		ExceptRoles: nil,
		Targets:     map[string]pulumi.StringInput{"account": pulumi.String("111122223333")},
		Name:        pulumi.String("gitlab"),
		Tags:        pulumi.StringMap{"team": pulumi.String("platform")},
	})
	if err != nil {
		return err
	}

	checked := awsgitlaboidc.CheckProjectOutput(ctx, awsgitlaboidc.CheckProjectOutputArgs{
		Url:                    pulumi.StringPtr("https://gitlab.example.com"),
		ConnectTo:              pulumi.StringPtr(connectTo),
		CertificateAuthorities: pulumi.StringPtr(authorities),
		Project:                lookup.Project(),
		Group:                  nothing,
		Subjects: awsgitlaboidc.SubjectArray{
			awsgitlaboidc.SubjectArgs{
				Project:   pulumi.String("mygroup/app"),
				ProjectId: pulumi.String("4711"),
				Branch:    pulumi.String("main"),
			},
		},
		SubClaimComponents: awsgitlaboidc.SubClaimComponentArray{
			awsgitlaboidc.SubClaimComponentProjectPath,
			awsgitlaboidc.SubClaimComponentProjectId,
			awsgitlaboidc.SubClaimComponentRefType,
			awsgitlaboidc.SubClaimComponentRef,
		},
		GitlabVersion: lookup.GitlabVersion(),
	})

	isTrue := true
	trust, err := awsgitlaboidc.GetTrustPolicy(ctx, &awsgitlaboidc.GetTrustPolicyArgs{
		ProviderArn: account + ":oidc-provider/gitlab.com",
		Subjects: []awsgitlaboidc.Subject{
			{
				Project:       text("mygroup/myproject"),
				ProjectId:     text("4711"),
				Branch:        text("main"),
				RefProtected:  true,
				MergeRequests: &isTrue,
			},
		},
		AdditionalPrincipals: []awsgitlaboidc.AdditionalPrincipal{
			{Arn: vendor, Conditions: map[string]map[string][]string{"StringEquals": {"sts:ExternalId": {"shared"}}}},
			{Arn: account + ":user/break-glass", Conditions: nil},
		},
		Url: nil,
	})
	if err != nil {
		return err
	}

	isFile := false
	ci, err := awsgitlaboidc.GetGitlabCi(ctx, &awsgitlaboidc.GetGitlabCiArgs{
		Url:      text("https://gitlab.example.com"),
		RoleArns: map[string]string{"migrate": account + ":role/migrate"},
		GitlabCi: &awsgitlaboidc.GitLabCiOptions{
			Form:        form(awsgitlaboidc.GitLabCiFormSecrets),
			Region:      text("eu-central-1"),
			Environment: nil,
		},
		Roles: map[string]awsgitlaboidc.GitLabCiRole{
			"migrate": {
				Subjects: []awsgitlaboidc.Subject{
					{Project: text("mygroup/App"), ProjectId: text("4711"), Branch: text("main")},
				},
				GitlabCi: &awsgitlaboidc.GitLabCiOptions{
					Environment: awsgitlaboidc.GitLabCiEnvironment{Name: "production", Tier: text("production")},
					Secrets: map[string]awsgitlaboidc.GitLabCiSecret{
						"PASSWORD": {SecretId: "app/database", Field: text("password"), File: &isFile},
						"KEY":      {SecretId: "app/key", VersionStage: text("AWSPREVIOUS")},
					},
					Script: []string{"./migrate.sh"},
				},
			},
		},
	})
	if err != nil {
		return err
	}

	document, err := awsgitlaboidc.GetOrganizationGuardrail(ctx, &awsgitlaboidc.GetOrganizationGuardrailArgs{
		Groups:    []string{"mygroup"},
		Audiences: []string{"https://gitlab.com"},
	})
	if err != nil {
		return err
	}

	ctx.Export("migrateCi", migrate.GitlabCiYml)
	ctx.Export("reviewCi", review.GitlabCiYml)
	ctx.Export("guardrail", guardrail.Policy)
	ctx.Export("failed", checked.Checks().ApplyT(func(checks []awsgitlaboidc.ProjectCheck) []string {
		var failed []string
		for _, check := range checks {
			if check.Status == awsgitlaboidc.IssuerCheckStatusFail {
				failed = append(failed, *check.Path+": "+check.Message)
			}
		}
		return failed
	}))
	ctx.Export("trust", pulumi.String(trust.Json))
	ctx.Export("ci", pulumi.String(ci.Yaml))
	ctx.Export("document", pulumi.String(document.Json))
	return nil
}

func text(value string) *string {
	return &value
}

func form(value awsgitlaboidc.GitLabCiForm) *awsgitlaboidc.GitLabCiForm {
	return &value
}
