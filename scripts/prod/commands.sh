# One function for each command of prod.sh.

command_up() {
  local backup=yes verify=yes
  while [[ $# -gt 0 ]]; do
    case "$1" in
      --no-backup) backup=no ;;
      --no-verify) verify=no ;;
      *) fail "up has no option \"$1\"." './prod.sh --help lists the options.' ;;
    esac
    shift
  done
  prepare
  step 'Building'
  build_images
  make_secrets
  step 'Database'
  start_database
  if [[ $backup == yes ]] && has_data; then take_backup "$verify"; fi
  initialize_database
  release
  docker tag bw-tools:next bw-tools:current
  start_gateway
  save_settings
  report
}

# Whatever forbids to start anything is found here, before anything is touched.
prepare() {
  one_at_a_time
  load_settings
  check_settings
  need_engine
  refuse_development
  check_secrets
  need_free_port
  check_gateway
}

command_rollback() {
  no_arguments rollback "$@"
  prepare
  local name all=("${services[@]}")
  services=()
  for name in "${all[@]}"; do
    # One that the last update added has no version before: it is left as it is.
    ! image_exists "$(image_of "$name"):previous" || services+=("$name")
  done
  [[ ${#services[@]} -gt 0 ]] || fail 'There is no previous version to go back to.'
  for name in "${services[@]}"; do docker tag "$(image_of "$name"):previous" "$(image_of "$name"):next"; done
  note 'Migrations stay applied: the version before has to work with them, as it did during the update.'
  start_database
  release
  start_gateway
  save_settings
  services=("${all[@]}")
  report
}

command_status() {
  no_arguments status "$@"
  load_settings
  need_engine
  report
}

no_arguments() {
  [[ $# -eq 1 ]] || fail "$1 takes no \"$2\"." './prod.sh --help lists commands and options.'
}

command_logs() {
  need_engine
  compose logs --tail 100 --follow "$@"
}

command_stop() {
  no_arguments stop "$@"
  one_at_a_time
  load_settings
  need_engine
  remove_next "${services[@]}"
  compose --profile setup stop
}

report() {
  local container image containers=(bw-gateway) name width=0
  for name in "${services[@]}"; do
    container=$(container_of "$name")
    containers+=("$container")
    # There while an update is at work, and after one that was broken off: it may be what serves.
    ! exists "$container-next" || containers+=("$container-next")
  done
  for container in "${containers[@]}"; do ((width >= ${#container})) || width=${#container}; done
  printf '%-*s %-12s %-14s %s\n' "$width" CONTAINER STATE VERSION SINCE
  for container in "${containers[@]}" bw-postgres; do
    exists "$container" || { printf '%-*s %s\n' "$width" "$container" 'not there'; continue; }
    image=$(image_in "$container")
    printf '%-*s %-12s %-14s %s\n' "$width" "$container" "$(state_of "$container")" "${image:7:12}" \
      "$(docker container inspect --format '{{.State.StartedAt}}' "$container" | cut -c1-19)"
  done
  is_running bw-gateway || return 0
  printf '\n%s\n' "$(site_url)"
  [[ $PUBLIC_URL == "$(site_url)" ]] || printf 'known to users as %s\n' "$PUBLIC_URL"
  printf '%s\n' 'Test it with ./prod.run; look inside with ./prod.sh logs.'
}

# Two at once would take each other's containers away.
one_at_a_time() {
  command -v flock >/dev/null || return 0
  mkdir -p secrets
  exec 9>secrets/.lock
  flock --nonblock 9 || fail 'Another ./prod.sh is at work on this machine.' 'Wait for it to end.'
}
