// Lets GitLab CI/CD jobs use AWS without stored keys: the IAM OIDC identity provider, roles that trust only the jobs you name, and the .gitlab-ci.yml that assumes them.
package awsgitlaboidc
