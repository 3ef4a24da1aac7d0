/** The source of a merge request pipeline. Source: GitLab, "Predefined CI/CD variables reference", `CI_PIPELINE_SOURCE`. */
export const MERGE_REQUEST_EVENT = "merge_request_event";
