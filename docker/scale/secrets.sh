#!/bin/bash
# Runs once before the scaled stack: makes the password of PostgreSQL where there is none, and from it the URL that the
# bridges read. A database of your own instead: put its URL into docker/secrets/database_url and start with
# `--scale postgres=0`. Each fault is one sentence that says how to mend it; with any fault no bridge starts.
#
#   /secrets/given     what the operator put into docker/secrets, read only
#   /secrets/bridge    for the bridges: database_url
#   /secrets/grafana   for PostgreSQL: password. Its own volume; only the folder's name is another's, because the image has
#                      one there that belongs to the user of the containers, and a new volume takes that over
#   /data              for the same reason: so that the history's volume is made as its user's own
set -uo pipefail
LC_ALL=C
umask 027
given=${SCALE_GIVEN:-/secrets/given}
made=${SCALE_MADE:-/secrets}
own=$given/database_url
password=$made/grafana/password

fault() {
  printf 'scale: %s\n' "$1" >&2
  exit 1
}

write() { # FILE TEXT
  printf '%s' "$2" 2>/dev/null >"$1" ||
    fault "cannot write $1: the volume belongs to somebody else; remove it with  docker volume rm  and start again"
}

# Letters and digits only, so that they stand in a URL as they are; 43 of them are 256 bits.
random_text() {
  local text='' character
  while ((${#text} < 43)); do
    IFS= read -r -N 1 -d '' character || true
    [[ $character == [A-Za-z0-9] ]] && text+=$character
  done </dev/urandom
  printf '%s' "$text"
}

if [[ -d $own ]]; then
  fault 'docker/secrets/database_url is a directory: put a file there that holds nothing but the URL'
elif [[ -e $own && ! -r $own ]]; then
  fault 'docker/secrets/database_url cannot be read by the containers (user 10001): run  sudo chown 10001 docker/secrets/database_url'
elif [[ -e $own ]]; then
  read -r url <"$own" || true
  [[ ${url:-} == postgres://* || ${url:-} == postgresql://* ]] ||
    fault 'docker/secrets/database_url is no URL of a database: it has to begin with postgres://'
  write "$made/bridge/database_url" "$url"
else
  if [[ ! -s $password ]]; then
    write "$password" "$(random_text)"
    echo 'scale: made a new password for PostgreSQL'
  fi
  write "$made/bridge/database_url" "postgres://bridge:$(<"$password")@postgres:5432/bridge"
fi
echo 'scale: the bridges know their database'
