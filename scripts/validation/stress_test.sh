#!/usr/bin/env bash
# The stress test within a bound of time, on stand-ins at loopback only: 1,000 liquidations a minute, 1,000 concurrent
# operations, reconnect storm, REST rate limiting, memory pressure, starved processors. Arguments go to `npm run stress`.
#
#   stress_test.sh [--help] [--seconds N] [--only NAME]      STRESS_LIMIT_SECONDS=900 by default
#
# Exit codes: those of npm run stress; 124 when the time was up.
set -euo pipefail
if [[ ${1:-} == --help ]]; then
  sed -n '2,7s/^# \{0,1\}//p' "$0"
  exit 0
fi
cd "$(dirname "$0")/../.."
exec timeout --signal=TERM --kill-after=20 "${STRESS_LIMIT_SECONDS:-900}" node scripts/run.mjs bench/stress.ts "$@"
