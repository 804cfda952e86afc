#!/usr/bin/env bash
# Thin on purpose: everything is in operations/deployment/stop.ts. See --help.
set -euo pipefail
exec node "$(dirname "$0")/../run.mjs" operations/deployment/stop.ts "$@"
