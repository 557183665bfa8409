# A backup in the place of the database there is. It is restored beside that first, so that what it cannot hold is known
# before anything stops; tables that it does not know go with the database they are in, which stays under another name.

command_restore() {
  [[ $# -eq 1 && -r $1 && -s $1 ]] || fail 'Which backup is to be restored?' './prod.sh restore backups/postgres_….dump'
  local stamp restored kept stopped
  stamp=$(date -u +%Y%m%d_%H%M%S)
  restored=postgres_restore_$stamp kept=postgres_before_$stamp
  one_at_a_time
  load_settings
  check_settings
  need_engine
  check_secrets
  start_database
  drop_broken_off
  step "Restoring $1 beside the present database"
  admin_sql "CREATE DATABASE $restored TEMPLATE template0"
  if ! quietly in_postgres pg_restore -U admin -d "$restored" --exit-on-error <"$1"; then
    drop_broken_off
    fail 'The backup cannot be restored; the reason is above. Nothing was changed.'
  fi
  step 'Putting it in the place of the present database'
  mapfile -t stopped < <(running_instances)
  [[ ${#stopped[@]} -eq 0 ]] || quietly docker stop -t 30 "${stopped[@]}"
  if ! exchange "$restored" "$kept"; then
    [[ ${#stopped[@]} -eq 0 ]] || quietly docker start "${stopped[@]}"
    fail 'The databases could not be exchanged; the reason is above. Nothing was changed.'
  fi
  initialize_database
  start_again "${stopped[@]}"
  note "The database from before stays as $kept. When it is not needed any more:"
  note "docker exec bw-postgres psql -U admin -d postgres -c 'DROP DATABASE $kept'"
}

# Left by a restore that was killed: with the lock held, nobody is at work with them.
drop_broken_off() {
  local name
  for name in $(admin_sql "SELECT datname FROM pg_database WHERE datname LIKE 'postgres\_restore\_%'"); do
    admin_sql "DROP DATABASE $name WITH (FORCE)"
  done
}

running_instances() {
  local name container
  for name in "${services[@]}"; do
    for container in "$(container_of "$name")" "$(container_of "$name")-next"; do
      ! is_running "$container" || echo "$container"
    done
  done
}

# Both names in one transaction: whatever is killed, there is one database of that name.
exchange() {
  admin_sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'postgres'" template1 >/dev/null
  admin_sql "ALTER DATABASE postgres RENAME TO $2; ALTER DATABASE $1 RENAME TO postgres" template1
}

# They deploy the migrations that the backup does not have yet.
start_again() {
  local container
  [[ $# -gt 0 ]] || return 0
  quietly docker start "$@"
  for container in "$@"; do
    wait_healthy "$container" "$patience" || { show_log "$container"; fail "$container did not become ready; the reason is above."; }
  done
}
