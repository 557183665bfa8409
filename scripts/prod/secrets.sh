# The files in secrets/: made once, read by the containers, never printed.

settings_file=secrets/settings.env
settings=(DOMAIN GATEWAY_PORT PUBLIC_URL GATEWAY_TRUSTED_PROXIES BACKUPS_KEPT START_TIMEOUT)
declare -A saved=() given=()

# Settings that are not secret stand in a file; the environment wins, also with nothing in it.
load_settings() {
  local name
  read_settings
  for name in "${settings[@]}"; do
    if [[ -v $name ]]; then
      given[$name]=${!name}
    elif [[ -n ${saved[$name]:-} ]]; then
      export "$name=${saved[$name]}"
    fi
  done
  patience=${START_TIMEOUT:-180}
  PUBLIC_URL=${PUBLIC_URL:-$(site_url)}
  export PUBLIC_URL
  # As root the services keep the user of the image; otherwise they are whoever owns the secrets.
  if [[ $EUID != 0 ]]; then SERVICE_USER="$EUID:$(id -g)"; export SERVICE_USER; fi
}

# As people and editors write them: in quotes or not, with any end of line, or none after the last.
read_settings() {
  [[ -f $settings_file ]] || return 0
  local line name value number=0 form='^([A-Z_]+)=(.*)$' quoted='^"(.*)"$|^'"'(.*)'"'$'
  while read -r line || [[ -n $line ]]; do
    ((number += 1))
    line=${line%$'\r'}
    [[ -n $line && $line != '#'* ]] || continue
    [[ $line =~ $form ]] || bad_setting "$number" 'is not NAME=value'
    name=${BASH_REMATCH[1]} value=${BASH_REMATCH[2]}
    [[ " ${settings[*]} " == *" $name "* ]] || bad_setting "$number" "sets $name, which is no setting"
    if [[ $value =~ $quoted ]]; then value=${BASH_REMATCH[1]}${BASH_REMATCH[2]}; fi
    [[ $value != *[[:space:]\"\']* || $name == GATEWAY_TRUSTED_PROXIES ]] || bad_setting "$number" "gives $name a value with spaces or quotes in it"
    saved[$name]=$value
  done <"$settings_file"
}

bad_setting() {
  fail "Line $1 of $settings_file $2." "Correct it: there may be ${settings[*]}, each as NAME=value on a line of its own."
}

check_settings() {
  local advice="Correct it in the environment or in $settings_file. Nothing was changed."
  [[ ${BACKUPS_KEPT:-10} =~ ^[1-9][0-9]*$ ]] ||
    fail "BACKUPS_KEPT is \"$BACKUPS_KEPT\"; it has to be a number of at least 1." "$advice"
  [[ $patience =~ ^[1-9][0-9]*$ ]] ||
    fail "START_TIMEOUT is \"$START_TIMEOUT\"; it has to be a number of seconds." "$advice"
  [[ ${GATEWAY_PORT:-8000} =~ ^[1-9][0-9]{0,4}$ && ${GATEWAY_PORT:-8000} -le 65535 ]] ||
    fail "GATEWAY_PORT is \"$GATEWAY_PORT\"; it has to be the number of a port." "$advice"
  [[ ${DOMAIN:-} != *[[:space:]\"\'/]* ]] ||
    fail "DOMAIN is \"$DOMAIN\"; it has to be a name as www.example.com." "$advice"
  [[ $PUBLIC_URL =~ ^https?://[^[:space:]\"\']+$ ]] ||
    fail "PUBLIC_URL is \"$PUBLIC_URL\"; it has to be an address as https://www.example.com." "$advice"
}

# What was given once stays: without it the next run would take the system's address away.
save_settings() {
  local name value
  for name in DOMAIN GATEWAY_PORT PUBLIC_URL; do
    value=${given[$name]-${saved[$name]:-}}
    [[ $value != "${saved[$name]:-}" ]] || continue
    {
      [[ ! -f $settings_file ]] || grep -v "^[[:space:]]*$name=" "$settings_file" || true
      [[ -z $value ]] || printf '%s=%s\n' "$name" "$value"
    } >"$settings_file.new"
    mv "$settings_file.new" "$settings_file"
    if [[ -n $value ]]; then note "$name=$value is kept in $settings_file"; else note "$name is gone from $settings_file"; fi
  done
}

check_secrets() {
  [[ -d secrets ]] || return 0
  local open
  open=$(find secrets ! -type l -perm /077 2>/dev/null | head -3 | tr '\n' ' ')
  [[ -z $open ]] ||
    fail "Others on this machine can read $open" \
      'If they may have: change the passwords in there. Then: chmod -R u=rwX,go= secrets'
  local needed=(postgres_password admin.env) name
  for name in "${services[@]}"; do is_new_service "$name" || needed+=("$name.env"); done
  exists bw-postgres || docker volume inspect nestjs-microservices_postgres_data >/dev/null 2>&1 || return 0
  for name in "${needed[@]}"; do
    [[ -s secrets/$name ]] ||
      fail "secrets/$name is missing, and the database was made with the secrets that were in it." \
        'Put your copy back. New ones would lock the services out.'
  done
}

# Every service's file names the others, so a lost one is still known to them; one that is known to none never had a file.
is_new_service() {
  local known
  known=$(sed -n 's/^TRUSTED_SERVICES=//p' secrets/*.env 2>/dev/null) || true
  [[ -n $known && $known != *[\",]"$1"=* ]]
}

# Fills in what is missing and changes nothing that is there.
make_secrets() {
  mkdir -p secrets
  quietly docker run --rm --user "$EUID:$(id -g)" --network none -v "$PWD/secrets:/app/secrets" --entrypoint node \
    bw-tools:next scripts/dist/prod/secrets.js || fail 'The secrets could not be made; the reason is above.'
  [[ $EUID != 0 ]] || chown -R 1000:1000 secrets
}
