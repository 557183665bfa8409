#!/usr/bin/env bash
# Usage: ./dev-stop.sh [-v] [--yes]
#
# Stops what ./dev.sh started and keeps the data.
#
#   -v, --volumes   throw the development data away too; asks first
#   --yes           do not ask
#   --help          show this text

set -euo pipefail
cd -P "$(dirname "${BASH_SOURCE[0]}")"
. scripts/lib.sh

help_if_asked "$@"
# Stopping must not depend on sources that compile.
[ -f scripts/dist/commands/dev-stop.js ] || prepare
exec node --enable-source-maps "$PWD/scripts/dist/commands/dev-stop.js" "$@"
