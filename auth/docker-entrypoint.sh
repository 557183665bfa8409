#!/bin/bash
# Waits for the database, deploys this service's migrations, then becomes the service.
#   DATABASE_WAIT          seconds to wait for the database (60)
#   ON_MIGRATION_FAILURE   exit (default), or hold: stay up without serving and try again, so that one can look inside
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
service=$(basename "$PWD")
settings=../.data/env/$service.env
# Tells whoever waits for this container that it will not become ready by itself.
failed=/tmp/migrations-failed

say() { printf '[%s] %s\n' "$service" "$*" >&2; }

# Runs a command so that a stop reaches it at once.
child=
run() {
  "$@" &
  child=$!
  wait "$child"
}
trap 'kill -TERM "$child" 2>/dev/null && wait "$child"; exit 143' TERM INT

wait_for_database() {
  local url deadline=$((SECONDS + ${DATABASE_WAIT:-60}))
  url=$(node --env-file-if-exists="$settings" -p 'process.env.MIGRATION_DATABASE_URL || process.env.DATABASE_URL || ""')
  [[ $url =~ ^postgres(ql)?://([^@/]*@)?([^:/?]+)(:([0-9]+))?/ ]] || {
    say 'No database is configured: set DATABASE_URL, or mount it at /app/.data/env/'"$service.env."
    exit 1
  }
  local host=${BASH_REMATCH[3]} port=${BASH_REMATCH[5]:-5432}
  until (exec 3<>"/dev/tcp/$host/$port") 2>/dev/null; do
    if ((SECONDS >= deadline)); then
      say "No PostgreSQL answers at $host:$port after ${DATABASE_WAIT:-60} s."
      exit 1
    fi
    run sleep 0.5
  done
}

deploy_migrations() {
  until run ../migrations/bin/db deploy --service "$service" --server-wait "${DATABASE_WAIT:-60}s"; do
    touch "$failed"
    if [[ ${ON_MIGRATION_FAILURE:-exit} != hold ]]; then
      say 'The migrations could not be deployed; the reason is above. The service was not started.'
      exit 1
    fi
    say 'The migrations could not be deployed; the reason is above. Trying again in 15 s.'
    run sleep 15
  done
  rm -f "$failed"
}

wait_for_database
deploy_migrations
# Other commands than the service itself are for development.
if (($# > 0)); then exec "$@"; fi
# The owner's password was for the migrations: an empty value keeps the file's out of what serves.
MIGRATION_DATABASE_URL='' exec node --env-file-if-exists="$settings" dist/main.js
