# What the root commands share: from a clean clone to compiled commands, with nothing but bash, Node and npm at hand.
# Sourced with the root as the current folder.

# Prints the comment at the top of the calling script when help is asked for.
help_if_asked() {
  local argument
  for argument in "$@"; do
    case $argument in -h | --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$(basename "$0")"; exit 0 ;; esac
  done
}

fail() {
  printf 'error %s\n' "$@" >&2
  exit 1
}

require_node() {
  local hint='Install it from https://nodejs.org or with your version manager.'
  command -v node > /dev/null || fail "Node 20.19 or newer is needed, and node is not installed. $hint"
  node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' ||
    fail "Node 20.19 or newer is needed; this is $(node --version). $hint"
}

# Sets $yarn to a Yarn of the version that package.json names, fetching it when there is none.
find_yarn() {
  local version
  version=$(sed -n 's/.*"packageManager": "yarn@\([^"+]*\).*/\1/p' package.json)
  yarn=$PWD/.tools/node_modules/.bin/yarn
  [ "$("$yarn" --version 2> /dev/null)" = "$version" ] && return
  if [ "$(COREPACK_ENABLE_DOWNLOAD_PROMPT=0 yarn --version 2> /dev/null)" = "$version" ]; then
    yarn=yarn
    return
  fi
  echo "Fetching Yarn $version …" >&2
  npm install --silent --no-save --no-audit --no-fund --prefix .tools "@yarnpkg/cli-dist@$version" >&2 ||
    fail "Yarn $version could not be fetched from the npm registry. Is it reachable? (npm ping)"
}

# Shows, on a terminal, the newest line of what it reads in place of the one before.
show_newest_line() {
  local line
  if [ -t 2 ]; then
    while IFS= read -r line; do printf '\r\033[K  %.70s' "$line" >&2; done
    printf '\r\033[K' >&2
  else
    cat > /dev/null
  fi
}

# Installs packages when what is declared differs from what was installed last.
install_packages() {
  local stamp=node_modules/.installed declared
  declared=$(cat package.json */package.json yarn.lock .yarnrc.yml | cksum)
  [ "$(cat "$stamp" 2> /dev/null)" = "$declared" ] && return
  find_yarn
  echo 'Installing packages …' >&2
  local log
  log=$(mktemp)
  if ! "$yarn" install --immutable 2>&1 | tee "$log" | show_newest_line; then
    cat "$log" >&2
    rm -f "$log"
    fail 'The packages could not be installed; the reason is above.'
  fi
  rm -f "$log"
  echo "$declared" > "$stamp"
}

prepare() {
  require_node
  install_packages
  node scripts/build.mjs > /dev/null || fail 'The sources do not compile; the reason is above.'
}
