#!/usr/bin/env bash
# Thin on purpose: everything is in operations/validation/regression-check.ts. See --help.
set -euo pipefail
exec node "$(dirname "$0")/../run.mjs" operations/validation/regression-check.ts "$@"
