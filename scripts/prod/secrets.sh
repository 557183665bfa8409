# The files in secrets/: made once, read by the containers, never printed.

# Settings that are not secret may stand in a file; the environment wins.
load_settings() {
  local name value
  if [[ -f secrets/settings.env ]]; then
    while IFS='=' read -r name value; do
      [[ $name =~ ^(DOMAIN|GATEWAY_PORT|BACKUPS_KEPT)$ && -z ${!name:-} ]] && export "$name=$value"
    done <secrets/settings.env
  fi
  PUBLIC_URL=$(site_url)
  export PUBLIC_URL
  # As root the services keep the user of the image; otherwise they are whoever owns the secrets.
  if [[ $EUID != 0 ]]; then SERVICE_USER="$EUID:$(id -g)"; export SERVICE_USER; fi
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
