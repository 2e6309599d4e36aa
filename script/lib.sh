# Shared by the scripts beside it: read with `source`, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
program=script/$(basename "$0")
# dockerd and debootstrap live where a plain user's PATH may not look.
PATH=$PATH:/usr/sbin:/sbin

# Messages go to standard error: standard output is for results.
say() { printf '%s: %s\n' "$program" "$*" >&2; }

# Ends the script with status 3, a tool or a service is missing.
die_missing() {
  say "$*"
  exit 3
}

cache_folder() { printf '%s/build-chain\n' "${XDG_CACHE_HOME:-$HOME/.cache}"; }

has() { command -v "$1" >/dev/null 2>&1; }

docker_answers() { has docker && timeout 20 docker version --format '{{.Server.Version}}' >/dev/null 2>&1 </dev/null; }
