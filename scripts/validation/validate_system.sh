#!/usr/bin/env bash
# Thin on purpose: everything is in operations/validation/validate-system.ts. See --help.
set -euo pipefail
exec node "$(dirname "$0")/../run.mjs" operations/validation/validate-system.ts "$@"
