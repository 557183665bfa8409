#!/usr/bin/env bash
# Deploys the migrations of every service. With ADMIN_DATABASE_URL set it first makes the schemas, roles and the
# history view, so that an empty managed database needs nothing else:
#   ADMIN_DATABASE_URL=postgresql://… migrations/migrate-multi-schema.sh
# Roles get the passwords of AUTH_MIGRATION_DATABASE_URL and so on where these are set. See: … --help
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
exec node bin/db deploy --prepare "$@"
