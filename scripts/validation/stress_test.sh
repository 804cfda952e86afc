#!/usr/bin/env bash
# The stress test within a bound of time, on simulators at loopback only: 1,000 liquidations a minute, 1,000 concurrent
# operations, reconnect storm, REST rate limiting, memory pressure, starved processors. Arguments go to `npm run stress`.
# Ends with the exit code of npm run stress, or 124 when STRESS_LIMIT_SECONDS (900 by default) are up. See --help.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec timeout --signal=TERM --kill-after=20 "${STRESS_LIMIT_SECONDS:-900}" node scripts/run.mjs bench/stress.ts "$@"
