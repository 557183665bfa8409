#!/usr/bin/env bash
# Usage: ./dev.sh [--docker | --embedded]
#
# Starts PostgreSQL, applies every service's migrations and runs the services, restarting those whose sources change.
# Returns when all are ready. Run again, it changes nothing and says what is running.
#
#   --docker     run everything in containers (the default where a Docker engine answers)
#   --embedded   run local processes and the PostgreSQL from the npm registry (the default elsewhere)
#   --help       show this text
#
# Ports: POSTGRES_PORT (5435), and two for each service, such as AUTH_HTTP_PORT (9001) and AUTH_GRPC_PORT (50051).
# Data, logs and settings are below .data/.
# Stop with ./dev-stop.sh, test with ./dev.run.

set -euo pipefail
cd -P "$(dirname "${BASH_SOURCE[0]}")"
. scripts/lib.sh

help_if_asked "$@"
prepare
exec node --enable-source-maps "$PWD/scripts/dist/commands/dev-start.js" "$@"
