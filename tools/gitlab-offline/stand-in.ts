/** The version that this plugin answers for: that of pulumi-gitlab in tools/python/examples-requirements.in. */
export const GITLAB_VERSION = "10.4.0";
