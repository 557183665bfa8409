# Replacing a running version. Each service is started anew beside the old one under the name …-next; once that is
# ready, the old one is replaced while …-next serves. At every moment one ready instance is known to the gateway.
#
# Image tags: next is what is being brought in, current what runs, previous what ran before it. The previous ones of all
# services are one set, taken when an update begins to replace: rollback brings back what ran together.

build_images() {
  local name
  need_disk 3000 'building the images'
  RELEASE=next LINES_SHOWN=60 quietly compose --profile setup build ||
    fail 'The images could not be built; the reason is above. What runs was not touched.'
  for name in "${services[@]}"; do
    note "$(image_of "$name"):next $(docker image inspect --format '{{.Size}}' "$(image_of "$name"):next" | awk '{ printf "%.0f MB", $1 / 1e6 }')"
  done
}

start_database() {
  # One that runs is never recreated in passing: that would end every session.
  local keep=()
  ! is_running bw-postgres || keep=(--no-recreate)
  quietly compose up -d "${keep[@]}" postgres || fail 'PostgreSQL could not be started; the reason is above.'
  wait_healthy bw-postgres 90 || { show_log bw-postgres; fail 'PostgreSQL did not become ready.'; }
}

initialize_database() {
  RELEASE=next quietly compose run --rm --no-deps database ||
    fail 'Schemas and roles could not be prepared; the reason is above.' 'What runs was not touched.'
}

# The new version of every service, beside the old. Whatever fails here leaves the old one as it is.
start_next() {
  local name next
  for name in "$@"; do
    next=$(container_of "$name")-next
    docker rm -f "$next" >/dev/null 2>&1 || true
    # Its own process ends when its migrations fail, so that the reason is known at once.
    RELEASE=next ON_MIGRATION_FAILURE=exit quietly compose run -d --no-deps --use-aliases --name "$next" "$name" ||
      abandon "$name" 'could not be started'
  done
  for name in "$@"; do
    wait_healthy "$(container_of "$name")-next" "$patience" || abandon "$name" 'did not become ready'
  done
}

abandon() {
  show_log "$(container_of "$1")-next"
  remove_next "${services[@]}"
  fail "The new version of $1 $2; the reason is above." 'The old version was left alone and serves on.'
}

# Taken only when a version changes, not when settings do. An update that was broken off, or that replaced some services
# and failed, leaves a mark: the next one then keeps the set of the last that was finished.
unfinished=secrets/.unfinished
keep_previous() {
  [[ ! -e $unfinished ]] || return 0
  local name now changes=no
  for name in "${services[@]}"; do
    [[ $(version_of "$name") == "$(image_id "$(image_of "$name"):next")" ]] || changes=yes
  done
  [[ $changes == yes ]] || return 0
  for name in "${services[@]}"; do
    now=$(version_of "$name")
    if [[ -n $now ]]; then
      docker tag "$now" "$(image_of "$name"):previous"
    elif image_exists "$(image_of "$name"):previous"; then
      docker rmi "$(image_of "$name"):previous" >/dev/null
    fi
  done
  : >"$unfinished"
}

# What a service runs, or ran last; empty for one that is new.
version_of() {
  local container
  container=$(container_of "$1")
  if exists "$container"; then image_in "$container"; else image_id "$(image_of "$1"):current"; fi
}

# swap SERVICE: the container with the fixed name becomes the new version while the other one serves.
swap() {
  local image name old
  name=$(container_of "$1") image=$(image_of "$1")
  old=$(image_in "$name")
  docker tag "$image:next" "$image:current"
  if ! quietly compose up -d --no-deps --force-recreate "$1" || ! wait_healthy "$name" "$patience"; then
    show_log "$name"
    go_back "$1" "$old"
  fi
}

# go_back SERVICE IMAGE: to the image that its container ran, or to nothing where that is not known.
go_back() {
  if [[ -n $2 ]] && docker tag "$2" "$(image_of "$1"):current"; then
    quietly compose up -d --no-deps "$1" && wait_healthy "$(container_of "$1")" "$patience" && remove_next "${services[@]}" &&
      fail "The new version of $1 did not start a second time; the reason is above. The old version serves again."
  fi
  fail "$1 did not start; the reason is above." "$(container_of "$1")-next serves in its place. Look with: ./prod.sh logs $1"
}

# The gateway looks every second for who is ready, and a look may take two.
let_gateway_see() { sleep 3; }

# After SIGTERM an instance serves for a few seconds more, in which the gateway notices the other one.
remove_next() {
  local name next
  for name in "$@"; do
    next=$(container_of "$name")-next
    exists "$next" || continue
    docker stop -t 30 "$next" >/dev/null 2>&1 || true
    docker rm -f "$next" >/dev/null 2>&1 || true
  done
}

# The services whose image, configuration or settings are not what runs.
outdated() {
  local name
  for name in "${services[@]}"; do is_current "$name" || echo "$name"; done
}

is_current() {
  local container plan started
  container=$(container_of "$1")
  wait_healthy "$container" 30 || return 1
  [[ $(image_in "$container") == "$(image_id "$(image_of "$1"):next")" ]] ||
    return 1
  started=$(docker container inspect --format '{{.State.StartedAt}}' "$container")
  [[ -z $(find "secrets/$1.env" -newermt "$started") ]] || return 1
  plan=$(compose --dry-run up -d --no-deps "$1" 2>&1)
  [[ $plan == *"$container  Running"* ]]
}

check_gateway() {
  quietly docker run --rm --network none -e SITE="${DOMAIN:-:8000}" \
    -e GATEWAY_TRUSTED_PROXIES="${GATEWAY_TRUSTED_PROXIES:-127.0.0.1/32}" -v "$PWD/deploy/gateway:/etc/caddy:ro" caddy:2 \
    caddy validate --config /etc/caddy/Caddyfile --adapter caddyfile ||
    fail 'deploy/gateway/Caddyfile is not valid; the reason is above. What runs was not touched.'
}

start_gateway() {
  quietly compose up -d --no-deps gateway && wait_healthy bw-gateway 60 ||
    { show_log bw-gateway; fail 'The gateway could not be started; the reason is above.'; }
  # The file may have changed while the container has not; a reload fails no request.
  quietly docker exec bw-gateway caddy reload --config /etc/caddy/Caddyfile --adapter caddyfile ||
    { show_log bw-gateway; fail 'The gateway did not take its configuration; the reason is above.'; }
}

release() {
  local changed fresh=() running=() name
  mapfile -t changed < <(outdated)
  [[ ${#changed[@]} -gt 0 ]] || note 'every service runs this version already'
  for name in "${changed[@]}"; do
    if serves "$(container_of "$name")"; then running+=("$name"); else fresh+=("$name"); fi
  done
  start_fresh "${fresh[@]}"
  replace "${running[@]}"
  # With them goes what an update that was broken off has left.
  remove_next "${services[@]}"
  rm -f "$unfinished"
  docker image prune --force --filter label=bw.project=nestjs-microservices >/dev/null
}

replace() {
  [[ $# -gt 0 ]] || return 0
  local name
  step "Starting the new version of $* beside the old"
  start_next "$@"
  step 'Replacing the old version'
  keep_previous
  let_gateway_see
  for name in "$@"; do swap "$name"; done
  let_gateway_see
}

# Where nothing runs there is nothing to be kept serving.
start_fresh() {
  [[ $# -gt 0 ]] || return 0
  step "Starting $*"
  keep_previous
  local name
  for name in "$@"; do
    docker tag "$(image_of "$name"):next" "$(image_of "$name"):current"
    quietly compose up -d --no-deps "$name" || abandon_fresh "$name" "$@"
  done
  for name in "$@"; do wait_healthy "$(container_of "$name")" "$patience" || abandon_fresh "$name" "$@"; done
}

abandon_fresh() {
  show_log "$(container_of "$1")"
  quietly compose rm --stop --force "${@:2}" || true
  fail "$1 did not start; the reason is above." 'Correct it and run ./prod.sh again.'
}
