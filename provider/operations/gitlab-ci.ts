/**
 * The CI configuration with which GitLab CI/CD jobs assume roles in AWS, synchronously and without Pulumi.
 *
 * @module pulumi-aws-gitlab-oidc/gitlab-ci
 */

export { buildGitLabCi } from "./get-gitlab-ci";
export type {
    GetGitlabCiArgs,
    GetGitlabCiResult,
    GitLabCiCredentials,
    GitLabCiForm,
    GitLabCiEnvironment,
    GitLabCiOptions,
    GitLabCiRole,
    GitLabCiSecret,
    Subject,
} from "../contract/types";
