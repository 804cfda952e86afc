#!/bin/bash
# What PostgreSQL's own image does at its start, as far as docker-compose.scale.yml relies on it: makes the cluster, the
# user and the database where there is none, and becomes the server.
set -euo pipefail
bin=$(dirname "$(ls /usr/lib/postgresql/*/bin/initdb)")
if [[ ! -s $PGDATA/PG_VERSION ]]; then
  "$bin/initdb" --pgdata "$PGDATA" --username "$POSTGRES_USER" --pwfile "$POSTGRES_PASSWORD_FILE" \
    --auth-host scram-sha-256 --auth-local trust --encoding UTF8 --no-locale >/dev/null
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  "$bin/pg_ctl" --pgdata "$PGDATA" --wait --options "-c listen_addresses=''" start >/dev/null
  "$bin/createdb" --host /var/run/postgresql --username "$POSTGRES_USER" "$POSTGRES_DB"
  "$bin/pg_ctl" --pgdata "$PGDATA" --wait stop >/dev/null
fi
shift
exec "$bin/postgres" -D "$PGDATA" -c listen_addresses='*' "$@"
