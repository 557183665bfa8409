# How prod.sh speaks: progress and faults on stderr, results on stdout.

step() { printf '\033[1m%s\033[0m\n' "→ $*" >&2; }
note() { printf '  %s\n' "$*" >&2; }

# fail WHAT [NEXT]: what is wrong, then what to do about it.
fail() {
  printf '\nerror: %s\n' "$1" >&2
  [[ $# -lt 2 ]] || printf '%s\n' "${@:2}" >&2
  exit 1
}

# Runs something that talks a lot; what it said is shown only when it fails.
quietly() {
  local output
  output=$("$@" 2>&1) && return
  printf '%s\n' "$output" | tail -n "${LINES_SHOWN:-30}" | sed 's/^/  | /' >&2
  return 1
}
