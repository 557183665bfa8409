#!/usr/bin/env bash
# Copies every service's schema and migration history to migrations/prisma/. See: ./sync-schemas.sh --help
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
exec node bin/db sync "$@"
