package appstack;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.resources.StackReference;
import com.pulumi.resources.StackReferenceArgs;
import io.github.aws_gitlab_oidc.awsgitlaboidc.PipelineRole;
import io.github.aws_gitlab_oidc.awsgitlaboidc.PipelineRoleArgs;
import io.github.aws_gitlab_oidc.awsgitlaboidc.inputs.SubjectArgs;
import java.util.List;
import java.util.Map;

public class App {
    public static void main(String[] args) {
        Pulumi.run(App::stack);
    }

    private static void stack(Context ctx) {
        // ORGANIZATION/gitlab-oidc-platform/STACK
        var platformStack = ctx.config().require("platformStack");
        var platform = new StackReference("platform", StackReferenceArgs.builder().name(platformStack).build());

        // Jobs on tags v* of the project can publish releases. These tags are protected in GitLab.
        var release = new PipelineRole("myproject-release", PipelineRoleArgs.builder()
            .providerArn(platform.requireOutput("providerArn").applyValue(Object::toString))
            .gitlabVersion("19.1")
            .subjects(SubjectArgs.builder().project("mygroup/myproject").tag("v*").build())
            .accept("unprotected-tag")
            .inlinePolicies(Map.of("releases", Map.of(
                "Version", "2012-10-17",
                "Statement", List.of(Map.of(
                    "Effect", "Allow",
                    "Action", "s3:PutObject",
                    "Resource", "arn:aws:s3:::myproject-releases/*")))))
            .build());

        ctx.export("roleArn", release.arn());
        ctx.export("gitlabCiYml", release.gitlabCiYml());
    }
}
