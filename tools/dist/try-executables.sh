#!/bin/sh
# Usage: sh tools/dist/try-executables.sh PLATFORM
# Unpacks the command, the plugin and the policy pack of this machine's platform from dist-packages/ and starts them. The command prints
# its version and writes the page of an audit. The others print their ports when they are ready.
set -eu

folder=$(mktemp -d)
plugin=
trap 'kill $plugin 2>/dev/null || true; rm -rf "$folder"' EXIT
for name in aws-gitlab-oidc pulumi-resource-aws-gitlab-oidc pulumi-aws-gitlab-oidc-policy; do
    tar -xzf "$(ls dist-packages/$name-v*-"$1".tar.gz)" -C "$folder"
    if [ "$(uname)" = Darwin ]; then
        codesign --verify --strict --verbose "$folder/$name"
    fi
done
"$folder/aws-gitlab-oidc" --version
echo '{"RoleDetailList": [{"RoleName": "deploy", "Arn": "arn:aws:iam::111122223333:role/deploy", "AssumeRolePolicyDocument": {}}]}' |
    "$folder/aws-gitlab-oidc" audit - --html "$folder/audit.html"
for name in pulumi-resource-aws-gitlab-oidc pulumi-aws-gitlab-oidc-policy; do
    "$folder/$name" 127.0.0.1:1 >"$folder/port" &
    plugin=$!
    seconds=0
    until grep -Eq '^[0-9]+' "$folder/port"; do
        if [ "$seconds" -ge 30 ]; then
            echo "$name does not answer" >&2
            exit 1
        fi
        seconds=$((seconds + 1))
        sleep 1
    done
    kill $plugin
    echo "$name answers"
done
