package platform;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import io.github.aws_gitlab_oidc.awsgitlaboidc.GitLabOidc;
import io.github.aws_gitlab_oidc.awsgitlaboidc.GitLabOidcArgs;
import io.github.aws_gitlab_oidc.awsgitlaboidc.inputs.RoleArgs;
import io.github.aws_gitlab_oidc.awsgitlaboidc.inputs.SubjectArgs;
import java.util.Map;

public class App {
    public static void main(String[] args) {
        Pulumi.run(App::stack);
    }

    private static void stack(Context ctx) {
        // Jobs on branch main of one project. The application stack attaches the permissions.
        var deploy = RoleArgs.builder()
            .subjects(SubjectArgs.builder().project("mygroup/myproject").branch("main").build())
            .build();

        // Jobs on any branch of every project in the group get read-only access. `accept` records that this is intended.
        var plan = RoleArgs.builder()
            .subjects(SubjectArgs.builder().group("mygroup").branch("*").build())
            .accept("group-wide", "any-branch")
            .managedPolicies(Map.of("readOnly", "arn:aws:iam::aws:policy/ReadOnlyAccess"))
            .build();

        var gitlab = new GitLabOidc("gitlab", GitLabOidcArgs.builder()
            .url(ctx.config().require("gitlabUrl"))
            .gitlabVersion("19.1")
            .roles(Map.of("deploy", deploy, "plan", plan))
            .tags(Map.of("managed-by", "platform"))
            .build());

        ctx.export("providerArn", gitlab.providerArn());
        ctx.export("roleArns", gitlab.roleArns());
        ctx.export("roleNames", gitlab.roleNames());
        ctx.export("gitlabCiYml", gitlab.gitlabCiYml());
    }
}
