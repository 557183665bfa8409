# A dump of the database before every update, proven by restoring it.

in_postgres() { docker exec -i bw-postgres "$@"; }
admin_sql() {
  docker exec -e PGOPTIONS='-c client_min_messages=warning' bw-postgres \
    psql -U admin -d "${2:-postgres}" -XAtq -v ON_ERROR_STOP=1 -c "$1"
}

# The histories alone, empty, are what init-schemas.sql makes.
has_data() {
  local tables
  tables=$(admin_sql "SELECT count(*) FROM pg_tables WHERE tablename <> '_prisma_migrations'
    AND schemaname NOT IN ('pg_catalog', 'information_schema')")
  [[ $tables != 0 ]]
}

scratch=backup_trial

take_backup() {
  local verify=$1 file began=$SECONDS size_mb
  mkdir -p backups
  remove_broken_off
  size_mb=$(admin_sql "SELECT pg_database_size('postgres') / 1048576")
  need_disk $((size_mb + 50)) 'the backup' "$PWD/backups"
  file=backups/postgres_$(date -u +%Y%m%d_%H%M%S).dump
  in_postgres pg_dump -U admin -Fc postgres >"$file.part" ||
    { rm -f "$file.part"; fail 'The backup failed; the reason is above. Nothing was changed.'; }
  if [[ $verify == yes ]]; then
    need_disk $((size_mb * 2 + 50)) 'restoring the backup on trial'
    verify_backup "$file.part" || { rm -f "$file.part"; fail 'The backup cannot be restored. Nothing was changed.'; }
  fi
  mv "$file.part" "$file"
  note "$file ($(du -h "$file" | cut -f1), $((SECONDS - began)) s$([[ $verify == yes ]] && echo ', restored on trial'))"
  remove_old_backups
}

# What a backup leaves that was broken off: half a dump, and the database of its trial.
remove_broken_off() {
  rm -f backups/postgres_*.dump.part
  admin_sql "DROP DATABASE IF EXISTS $scratch WITH (FORCE)"
}

# Every table of the dump is read back into a scratch database; an error anywhere fails it.
verify_backup() {
  local restored listed status=0
  admin_sql "CREATE DATABASE $scratch TEMPLATE template0"
  quietly in_postgres pg_restore -U admin -d "$scratch" --exit-on-error <"$1" || status=1
  if [[ $status == 0 ]]; then
    listed=$(in_postgres pg_restore --list <"$1" | grep -c ' TABLE DATA ')
    restored=$(admin_sql "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace::regnamespace::text !~ '^(pg_|information_schema)'" "$scratch")
    [[ $listed == "$restored" ]] || { note "$restored of $listed tables came back."; status=1; }
  fi
  admin_sql "DROP DATABASE IF EXISTS $scratch WITH (FORCE)"
  return $status
}

remove_old_backups() {
  local old
  find backups -name 'postgres_*.dump' | sort -r | tail -n "+$((${BACKUPS_KEPT:-10} + 1))" |
    while read -r old; do rm -f "$old"; done
}
