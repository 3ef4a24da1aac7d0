export { buildGitLabCi } from "./build";
export type { GitLabCiInputs } from "./build";
export type { CiRole } from "../types";
