#!/bin/sh
# Usage: sh tools/with-node.sh COMMAND ARGUMENT…
# Runs COMMAND with a Node.js that is new enough first on PATH and with node_modules as package-lock.json says.
set -eu

if ! command -v node >/dev/null 2>&1; then
    echo "[set-up] node is missing. Install Node.js with npm (any version from 18; a newer one is fetched where needed)," >&2
    echo "[set-up] from your package manager (Debian, Ubuntu: apt-get install nodejs npm) or from nodejs.org." >&2
    exit 1
fi
bin=$(node "$(dirname "$0")/bootstrap.cjs") || exit 1
if [ -n "$bin" ]; then
    PATH=$bin:$PATH
    export PATH
fi
exec "$@"
