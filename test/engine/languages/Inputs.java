package appstack;

import com.pulumi.Context;
import com.pulumi.core.Output;
import io.github.aws_gitlab_oidc.awsgitlaboidc.AwsgitlaboidcFunctions;
import io.github.aws_gitlab_oidc.awsgitlaboidc.GitLabOidc;
import io.github.aws_gitlab_oidc.awsgitlaboidc.GitLabOidcArgs;
import io.github.aws_gitlab_oidc.awsgitlaboidc.OrganizationGuardrail;
import io.github.aws_gitlab_oidc.awsgitlaboidc.OrganizationGuardrailArgs;
import io.github.aws_gitlab_oidc.awsgitlaboidc.PipelineRole;
import io.github.aws_gitlab_oidc.awsgitlaboidc.PipelineRoleArgs;
import io.github.aws_gitlab_oidc.awsgitlaboidc.enums.GitLabCiForm;
import io.github.aws_gitlab_oidc.awsgitlaboidc.enums.IssuerCheckStatus;
import io.github.aws_gitlab_oidc.awsgitlaboidc.enums.SubClaimComponent;
import io.github.aws_gitlab_oidc.awsgitlaboidc.inputs.*;
import io.github.aws_gitlab_oidc.awsgitlaboidc.outputs.GetGitlabCiResult;
import io.github.aws_gitlab_oidc.awsgitlaboidc.outputs.GetOrganizationGuardrailResult;
import io.github.aws_gitlab_oidc.awsgitlaboidc.outputs.GetTrustPolicyResult;
import io.github.aws_gitlab_oidc.awsgitlaboidc.outputs.LookupProjectResult;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Inputs and functions that no example has: as arguments and plain values, as null, and as outputs without a value. */
class Inputs {
    private static final String ACCOUNT = "arn:aws:iam::111122223333";
    private static final String VENDOR = "arn:aws:iam::444455556666:root";
    private static final Map<String, Map<String, List<String>>> EXTERNAL_ID =
        Map.of("StringEquals", Map.of("sts:ExternalId", List.of("shared")));

    static void stack(Context ctx) {
        var connectTo = System.getenv("GITLAB_CONNECT_TO");
        var authorities = System.getenv("GITLAB_CA");
        Output<String> nothing = Output.ofNullable(null);

        // A private project, with the token of the environment.
        var lookup = AwsgitlaboidcFunctions.lookupProject(LookupProjectArgs.builder()
            .url("https://gitlab.example.com")
            .connectTo(connectTo)
            .certificateAuthorities(authorities)
            .project("mygroup/app")
            .token(nothing)
            .timeout((Output<Double>) null)
            .build());

        var migrate = new PipelineRole("migrate", PipelineRoleArgs.builder()
            .providerArn(ACCOUNT + ":oidc-provider/gitlab.example.com")
            .url((Output<String>) null)
            .name("migrate")
            .subClaimComponents(lookup.applyValue(LookupProjectResult::subClaimComponents))
            .gitlabVersion(lookup.applyValue(result -> result.gitlabVersion().orElse(null)))
            .subjects(SubjectArgs.builder()
                .project(lookup.applyValue(LookupProjectResult::project))
                .projectId(lookup.applyValue(LookupProjectResult::projectId))
                .branch(lookup.applyValue(result -> result.defaultBranch().orElse(null)))
                .tag((Output<String>) null)
                .group(nothing)
                .mergeRequests(Output.<Boolean>ofNullable(null))
                .claims((Output<ClaimsArgs>) null)
                .build())
            .additionalPrincipals(Output.<List<AdditionalPrincipalArgs>>ofNullable(null))
            .secretArns("arn:aws:secretsmanager:eu-central-1:111122223333:secret:app/database-??????")
            .secretKmsKeyArns("arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")
            .gitlabCi(GitLabCiOptionsArgs.builder()
                .form(GitLabCiForm.Secrets)
                .environment(GitLabCiEnvironmentArgs.builder()
                    .name("production")
                    .tier("production")
                    .url((Output<String>) null)
                    .action(nothing)
                    .build())
                .secrets(Map.of(
                    "PASSWORD", GitLabCiSecretArgs.builder()
                        .secretId("app/database")
                        .field("password")
                        .file(false)
                        .versionId(nothing)
                        .build(),
                    "KEY", GitLabCiSecretArgs.builder().secretId("app/key").versionStage("AWSPREVIOUS").build()))
                .assumeRole((Output<GitLabCiAssumeRoleArgs>) null)
                .region("eu-central-1")
                .script("./migrate.sh")
                .build())
            .build());

        // A public project: the token may not read its setting, so the lookup has no sub claim components.
        var open = AwsgitlaboidcFunctions.lookupProject(LookupProjectArgs.builder()
            .url("https://gitlab.example.com")
            .connectTo(connectTo)
            .certificateAuthorities(authorities)
            .project("mygroup/docs")
            .build());

        new PipelineRole("docs", PipelineRoleArgs.builder()
            .providerArn(ACCOUNT + ":oidc-provider/gitlab.example.com")
            .name("docs")
            .subClaimComponents(open.applyValue(result ->
                result.subClaimComponents().isEmpty() ? null : result.subClaimComponents()))
            .gitlabVersion(open.applyValue(result -> result.gitlabVersion().orElse(null)))
            .subjects(SubjectArgs.builder()
                .project(open.applyValue(LookupProjectResult::project))
                .branch(open.applyValue(result -> result.defaultBranch().orElse(null)))
                .build())
            .build());

        var review = new GitLabOidc("review", GitLabOidcArgs.builder()
            .existingProviderArn(ACCOUNT + ":oidc-provider/gitlab.com")
            .gitlabCi((Output<GitLabCiOptionsArgs>) null)
            .roles(Map.of("review", RoleArgs.builder()
                .name("review")
                .subjects(SubjectArgs.builder()
                    .project("mygroup/myproject")
                    .projectId("4711")
                    .branch("main")
                    .refProtected(true)
                    .mergeRequests(true)
                    .build())
                .additionalPrincipals(
                    AdditionalPrincipalArgs.builder().arn(VENDOR).conditions(EXTERNAL_ID).build(),
                    AdditionalPrincipalArgs.builder()
                        .arn(ACCOUNT + ":user/break-glass")
                        .conditions((Output<Map<String, Map<String, List<String>>>>) null)
                        .build())
                .accept("other-principal")
                .secretArns(Output.<List<String>>ofNullable(null))
                .secretKmsKeyArns((Output<List<String>>) null)
                .gitlabCi(GitLabCiOptionsArgs.builder()
                    .form((Output<GitLabCiForm>) null)
                    .secrets((Output<Map<String, GitLabCiSecretArgs>>) null)
                    .environment(GitLabCiEnvironmentArgs.builder()
                        .name("review/$CI_COMMIT_REF_SLUG")
                        .tier("development")
                        .url("https://$CI_ENVIRONMENT_SLUG.example.com")
                        .action("start")
                        .build())
                    .assumeRole(GitLabCiAssumeRoleArgs.builder()
                        .roleArn("arn:aws:iam::444455556666:role/deploy")
                        .externalId("mygroup")
                        .duration(1800)
                        .sessionName("review")
                        .build())
                    .build())
                .build()))
            .build());

        var guardrail = new OrganizationGuardrail("guardrail", OrganizationGuardrailArgs.builder()
            .groups("mygroup")
            .audiences("https://gitlab.com")
            .projectIds(Output.<List<String>>ofNullable(null))
            .exceptRoles((Output<List<String>>) null)
            .targets(Map.of("account", "111122223333"))
            .name("gitlab")
            .tags(Map.of("team", "platform"))
            .build());

        var checked = AwsgitlaboidcFunctions.checkProject(CheckProjectArgs.builder()
            .url("https://gitlab.example.com")
            .connectTo(connectTo)
            .certificateAuthorities(authorities)
            .project(lookup.applyValue(LookupProjectResult::project))
            .group(nothing)
            .subjects(SubjectArgs.builder().project("mygroup/app").projectId("4711").branch("main").build())
            .subClaimComponents(
                SubClaimComponent.ProjectPath,
                SubClaimComponent.ProjectId,
                SubClaimComponent.RefType,
                SubClaimComponent.Ref)
            .gitlabVersion(lookup.applyValue(result -> result.gitlabVersion().orElse(null)))
            .build());

        var trust = AwsgitlaboidcFunctions.getTrustPolicyPlain(GetTrustPolicyPlainArgs.builder()
            .providerArn(ACCOUNT + ":oidc-provider/gitlab.com")
            .subjects(Subject.builder()
                .project("mygroup/myproject")
                .projectId("4711")
                .branch("main")
                .refProtected(true)
                .mergeRequests(true)
                .build())
            .additionalPrincipals(
                AdditionalPrincipal.builder().arn(VENDOR).conditions(EXTERNAL_ID).build(),
                AdditionalPrincipal.builder().arn(ACCOUNT + ":user/break-glass").conditions(null).build())
            .url(null)
            .build());

        var ci = AwsgitlaboidcFunctions.getGitlabCiPlain(GetGitlabCiPlainArgs.builder()
            .url("https://gitlab.example.com")
            .roleArns(Map.of("migrate", ACCOUNT + ":role/migrate"))
            .gitlabCi(GitLabCiOptions.builder().form(GitLabCiForm.Secrets).region("eu-central-1").assumeRole(null).build())
            .roles(Map.of("migrate", GitLabCiRole.builder()
                .subjects(Subject.builder().project("mygroup/App").projectId("4711").branch("main").build())
                .gitlabCi(GitLabCiOptions.builder()
                    .environment(GitLabCiEnvironment.builder().name("production").tier("production").build())
                    .secrets(Map.of(
                        "PASSWORD", GitLabCiSecret.builder()
                            .secretId("app/database")
                            .field("password")
                            .file(false)
                            .build(),
                        "KEY", GitLabCiSecret.builder().secretId("app/key").versionStage("AWSPREVIOUS").build()))
                    .script("./migrate.sh")
                    .build())
                .build()))
            .build());

        var document = AwsgitlaboidcFunctions.getOrganizationGuardrailPlain(GetOrganizationGuardrailPlainArgs.builder()
            .groups("mygroup")
            .audiences("https://gitlab.com")
            .build());

        ctx.export("migrateCi", migrate.gitlabCiYml());
        ctx.export("reviewCi", review.gitlabCiYml());
        ctx.export("guardrail", guardrail.policy());
        ctx.export("failed", checked.applyValue(result -> result.checks().stream()
            .filter(check -> check.status() == IssuerCheckStatus.Fail)
            .map(check -> check.path().orElseThrow() + ": " + check.message())
            .collect(Collectors.toList())));
        ctx.export("trust", Output.of(trust.thenApply(GetTrustPolicyResult::json)));
        ctx.export("ci", Output.of(ci.thenApply(GetGitlabCiResult::yaml)));
        ctx.export("document", Output.of(document.thenApply(GetOrganizationGuardrailResult::json)));
    }
}
