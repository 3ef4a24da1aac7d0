export { buildGitLabCi } from "./build";
export type { GetGitlabCiArgs, GetGitlabCiResult, GitLabCiOptions, GitLabCiRole } from "../types";
