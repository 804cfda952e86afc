#!/bin/bash
# Runs once before the stack: makes the secrets nobody gave, checks those somebody did, and that the containers can read
# their configuration. Each fault is one sentence that says how to mend it; with any fault nothing starts.
#
#   /secrets/given    what the operator put into docker/secrets, read only
#   /secrets/bridge   for alert-bridge and Alertmanager: webhook_token, webhook_token_previous, telegram_bot_token
#   /secrets/grafana  for Grafana: grafana_admin_password
#
# The image has no other program than bash and node, and node would need more memory than all of this may use.
set -uo pipefail
LC_ALL=C
umask 027
given=${PREFLIGHT_GIVEN:-/secrets/given}
made=${PREFLIGHT_MADE:-/secrets}
faults=0

fault() {
  printf 'preflight: %s\n' "$1" >&2
  faults=1
}

# Prints 43 letters and digits from the kernel's random source, 256 bits.
random_text() {
  local text='' character
  while ((${#text} < 43)); do
    IFS= read -r -N 1 -d '' character || true
    [[ $character == [A-Za-z0-9] ]] && text+=$character
  done </dev/urandom
  printf '%s' "$text"
}

# Takes a secret over from the operator; with `generate`, makes one where neither side has any.
secret() { # NAME FILE [generate]
  local name=$1 file=$2 value='' source=$given/$1
  if [[ -d $source ]]; then
    fault "docker/secrets/$name is a directory: put a file there that holds nothing but the secret"
    return
  elif [[ -e $source && ! -r $source ]]; then
    fault "docker/secrets/$name cannot be read by the containers (user 10001): run  sudo chown 10001 docker/secrets/$name"
    return
  elif [[ -e $source ]]; then
    read -r value <"$source" || true
    if [[ -z $value ]]; then
      fault "docker/secrets/$name is empty: write the secret into it, or remove the file"
      return
    fi
  elif [[ ${3:-} == generate ]]; then
    [[ -s $file ]] && return
    value=$(random_text)
    printf 'preflight: made a new %s\n' "$name"
  elif [[ ! -s $file ]]; then
    return
  fi
  [[ -f $file && $(<"$file") == "$value" ]] && return
  printf '%s' "$value" 2>/dev/null >"$file" ||
    fault "cannot write $file: the volume belongs to somebody else; remove it with  docker volume rm  and start again"
}

# A checkout made under a strict umask is private to its owner; the engines run as other users.
readable() { # DIRECTORY NAME
  local entry
  [[ -d $1 ]] || return 0
  for entry in "$1" "$1"/* "$1"/*/*; do
    [[ ! -e $entry || -r $entry ]] && continue
    fault "$2${entry#"$1"} cannot be read by the containers: run  chmod -R a+rX $2"
    return
  done
}

if [[ ! -x $given || ! -r $given ]]; then
  fault 'docker/secrets cannot be read by the containers (user 10001): run  chmod a+rx docker/secrets'
else
  secret webhook_token "$made/bridge/webhook_token" generate
  secret webhook_token_previous "$made/bridge/webhook_token_previous"
  secret telegram_bot_token "$made/bridge/telegram_bot_token"
  secret grafana_admin_password "$made/grafana/grafana_admin_password" generate
fi

if [[ -s $given/telegram_bot_token && -n ${TELEGRAM_BOT_TOKEN:-} ]]; then
  fault 'TELEGRAM_BOT_TOKEN is set and docker/secrets/telegram_bot_token exists: keep one of them'
fi
if [[ -z ${TELEGRAM_CHAT_ID:-} && (-s $given/telegram_bot_token || -n ${TELEGRAM_BOT_TOKEN:-}) ]]; then
  fault 'there is a Telegram bot token but no chat: set TELEGRAM_CHAT_ID in .env'
fi
if [[ -r $given/grafana_admin_password && $(<"$given/grafana_admin_password") == admin ]]; then
  fault 'docker/secrets/grafana_admin_password is "admin": choose another, or remove the file and one is made'
fi

readable /configuration/prometheus prometheus
readable /configuration/alertmanager alertmanager
readable /configuration/grafana grafana
readable /configuration/docker docker

((faults == 0)) && echo 'preflight: all secrets and configuration are in place'
exit "$faults"
