#!/bin/sh
# Usage: sh tools/dist/try-plugin.sh ARCHIVE
# Unpacks a released plugin of this machine's platform and starts it: a plugin that is ready prints its port.
set -eu

folder=$(mktemp -d)
plugin=
trap 'kill $plugin 2>/dev/null || true; rm -rf "$folder"' EXIT
tar -xzf "$1" -C "$folder"
file=$(ls "$folder"/pulumi-resource-*)
if [ "$(uname)" = Darwin ]; then
    codesign --verify --strict --verbose "$file"
fi
"$file" 127.0.0.1:1 >"$folder/port" &
plugin=$!
seconds=0
until grep -Eq '^[0-9]+' "$folder/port"; do
    if [ "$seconds" -ge 30 ]; then
        echo "$1 does not answer" >&2
        exit 1
    fi
    seconds=$((seconds + 1))
    sleep 1
done
echo "$1 answers"
