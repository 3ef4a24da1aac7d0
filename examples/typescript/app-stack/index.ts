import * as pulumi from "@pulumi/pulumi";
import { PipelineRole } from "pulumi-aws-gitlab-oidc";

const config = new pulumi.Config();

// ORGANIZATION/gitlab-oidc-platform/STACK
const platform = new pulumi.StackReference("platform", { name: config.require("platformStack") });

// Jobs on tags v* of the project can publish releases. These tags are protected in GitLab.
const release = new PipelineRole("myproject-release", {
    providerArn: platform.requireOutput("providerArn") as pulumi.Output<string>,
    gitlabVersion: "19.1",
    subjects: [{ project: "mygroup/myproject", tag: "v*" }],
    accept: ["unprotected-tag"],
    inlinePolicies: {
        releases: {
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: "s3:PutObject", Resource: "arn:aws:s3:::myproject-releases/*" }],
        },
    },
});

export const roleArn = release.arn;
export const gitlabCiYml = release.gitlabCiYml;
