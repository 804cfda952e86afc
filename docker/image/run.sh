#!/bin/bash
# Starts the bundle that is named as the first argument, with the flags that keep Node small, and becomes it.
set -euo pipefail

# Preflight leaves here what the operator gave as a file. A variable that is set wins.
secret_file() { # VARIABLE NAME
  local file=/secrets/bridge/$2 twin=$1_FILE
  if [[ -z ${!1:-} && -z ${!twin:-} && -r $file && -s $file ]]; then export "$twin=$file"; fi
}
secret_file TELEGRAM_BOT_TOKEN telegram_bot_token
secret_file BRIDGE_WEBHOOK_TOKEN webhook_token
secret_file BRIDGE_WEBHOOK_TOKEN_PREVIOUS webhook_token_previous

# The same flags as supervisor/commands.ts, which says what they save.
exec node --optimize-for-size --max-semi-space-size=1 --v8-pool-size=0 --bytecode-old-age=2 \
  --memory-reducer-for-small-heaps "$@"
