export { buildGitLabCi } from "./build";
export type { GitLabCiInputs } from "./build";
