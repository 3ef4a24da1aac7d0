// Lets GitLab CI/CD jobs use AWS without stored keys: the IAM OIDC identity provider, conditioned roles and the .gitlab-ci.yml that assumes them.
package awsgitlaboidc
