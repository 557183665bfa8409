# The container engine, Compose, and what they need of the machine.

# A service is a folder with a Prisma schema, as everywhere in this repository.
services=()
for schema in */prisma/schema.prisma; do
  [[ $schema == migrations/* ]] || services+=("${schema%%/*}")
done
oldest_engine=20
container_of() { echo "bw-$1-service"; }
image_of() { echo "bw-$1-service"; }

compose() {
  local files=(-f docker-compose.prod.yml)
  [[ -z ${DOMAIN:-} ]] || files+=(-f deploy/gateway/domain.yml)
  "${compose_command[@]}" "${files[@]}" "$@"
}

need_engine() {
  command -v docker >/dev/null ||
    fail 'There is no docker on this machine.' 'Install Docker Engine: https://docs.docker.com/engine/install/'
  local version
  version=$(docker version --format '{{.Server.Version}}' 2>/dev/null) ||
    fail 'The Docker engine does not answer.' 'Start it (sudo systemctl start docker), or join the group docker.'
  ((${version%%.*} >= oldest_engine)) ||
    fail "The Docker engine is version $version; $oldest_engine or newer is needed." 'Update Docker Engine.'
  if docker compose version >/dev/null 2>&1; then
    compose_command=(docker compose)
  elif [[ $(docker-compose version --short 2>/dev/null) == ?(v)[2-9]* ]]; then
    compose_command=(docker-compose)
  else
    fail 'Docker Compose v2 is missing.' 'Install the package docker-compose-plugin.'
  fi
}

# One of the two at a time: they have the same names, and people would take one for the other.
refuse_development() {
  local running pid
  running=$(docker ps --quiet --filter label=bw.environment=development)
  pid=$(cat .data/run/watch.pid 2>/dev/null || true)
  if [[ -z $running && -n $pid ]] && ps -ww -o command= -p "$pid" 2>/dev/null | grep -q "$PWD/scripts/dist/dev/watch.js"; then
    running=$pid
  fi
  [[ -z $running ]] || fail 'The development environment is running on this machine.' 'Stop it first: ./dev-stop.sh'
}

# The gateway's own ports are in use, too, but a new one gets them.
need_free_port() {
  local port own advice='Stop that program, or choose another port: GATEWAY_PORT=8080 ./prod.sh'
  [[ -z ${DOMAIN:-} ]] || advice="Stop that program: for the domain $DOMAIN the gateway needs the ports 80 and 443."
  own=" $(ports_of bw-gateway) "
  for port in $(published_ports); do
    [[ $own != *" $port "* ]] || continue
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      fail "Port $port is in use by another program." "$advice"
    fi
  done
}

# What a running container publishes.
ports_of() {
  docker container inspect --format '{{range .NetworkSettings.Ports}}{{range .}}{{.HostPort}} {{end}}{{end}}' "$1" 2>/dev/null || true
}

need_disk() {
  local needed_mb=$1 why=$2 folder=${3:-$(docker info --format '{{.DockerRootDir}}')} free_mb
  [[ -d $folder ]] || return 0
  free_mb=$(df -Pm "$folder" | awk 'NR == 2 { print $4 }')
  ((free_mb >= needed_mb)) ||
    fail "The disk that holds $folder has $free_mb MB left; $why needs $needed_mb MB." \
      'Free some space. Unused images: docker image prune --all'
}

published_ports() { if [[ -n ${DOMAIN:-} ]]; then echo 80 443; else echo "${GATEWAY_PORT:-8000}"; fi; }
site_url() { if [[ -n ${DOMAIN:-} ]]; then echo "https://$DOMAIN"; else echo "http://127.0.0.1:${GATEWAY_PORT:-8000}"; fi; }

exists() { docker container inspect "$1" >/dev/null 2>&1; }
is_running() { [[ $(docker container inspect --format '{{.State.Running}}' "$1" 2>/dev/null) == true ]]; }
image_in() { docker container inspect --format '{{.Image}}' "$1" 2>/dev/null || true; }
image_id() { docker image inspect --format '{{.Id}}' "$1" 2>/dev/null || true; }
image_exists() { docker image inspect "$1" >/dev/null 2>&1; }

# healthy, or why it will not become so.
state_of() {
  local state format='{{if eq .State.Health.Status "healthy"}}healthy{{else if not .State.Running}}ended'
  format+='{{else if or .State.Restarting (gt .RestartCount 2)}}restarting{{else}}{{.State.Health.Status}}{{end}}'
  state=$(docker container inspect --format "$format" "$1" 2>/dev/null) || state=missing
  echo "$state"
}

# Running, if perhaps not healthy: worth keeping until there is something better.
serves() { case "$(state_of "$1")" in ended | restarting | missing) return 1 ;; esac; }

# wait_healthy CONTAINER SECONDS
wait_healthy() {
  local deadline=$((SECONDS + $2)) state
  while state=$(state_of "$1"); [[ $state != healthy ]]; do
    case "$state" in ended | restarting | missing) return 1 ;; esac
    ((SECONDS < deadline)) || return 1
    ! docker exec "$1" test -e /tmp/migrations-failed 2>/dev/null || return 1
    sleep 0.5
  done
}

show_log() {
  exists "$1" || return 0
  note "the last lines of $1:"
  docker logs --tail 20 "$1" 2>&1 | sed 's/^/  | /' >&2
}
