#!/usr/bin/env bash
# Production on this machine, in containers. Needs bash and Docker, nothing else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
umask 077  # secrets and backups are nobody else's to read

usage() {
  cat <<'TEXT'
usage: ./prod.sh [command]

  up         start, or update to the code in this folder without a failed request (the default)
  status     what runs, which version, where
  logs       follow the logs; ./prod.sh logs auth for one service
  rollback   go back to the version before the last update
  restore    ./prod.sh restore FILE puts a backup in the place of the database, which stays under another name
  stop       stop everything; data, secrets and backups stay

options of up
  --no-backup    start the new version without a backup of the database
  --no-verify    take the backup without restoring it into a scratch database first

environment, or lines in secrets/settings.env
  DOMAIN         the domain of this machine: HTTPS with automatic certificates on ports 80 and 443
  GATEWAY_PORT   the port without a domain (8000)
  PUBLIC_URL     the address in mails, where it is not that of DOMAIN or GATEWAY_PORT: behind a proxy of your own
  GATEWAY_TRUSTED_PROXIES   networks of your own proxies before the gateway (none)
  BACKUPS_KEPT   how many backups stay in backups/ (10)
  START_TIMEOUT  seconds in which a new version has to be ready, migrations included (180)
The first three are kept in that file for later runs once the gateway serves with them; DOMAIN= ./prod.sh takes it out.

Secrets are made on the first run, in secrets/, for your eyes only. They are never changed or shown: keep a copy.
TEXT
}

for part in output engine secrets backup restore release commands; do
  # shellcheck source=/dev/null
  source "scripts/prod/$part.sh"
done

# Wherever it stands: whoever asks for help wants nothing stopped.
for argument in "$@"; do
  case "$argument" in -h | --help) usage && exit ;; esac
done

command=up
case "${1:-}" in
  '' | -*) ;;
  *) command=$1 && shift ;;
esac
case "$command" in
  up | status | logs | rollback | restore | stop) "command_$command" "$@" ;;
  help) usage ;;
  *) fail "There is no command \"$command\"." './prod.sh --help lists the commands.' ;;
esac
