import type { StarterAnswers } from './answers.js'

const WAIT_FOR_SYSTEMD = `
# systemd may not answer yet; "degraded" is as good as "running" in a container.
tries=0
until systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded'; do
  tries=$((tries + 1))
  if [ "$tries" -ge 60 ]; then
    echo "systemd is not up after $tries s" >&2
    exit 1
  fi
  sleep 1
done
`

/** `.docker/provision.sh`, which Packer runs in the container. */
export function provisionScript({ systemd }: StarterAnswers): string {
  return `#!/bin/sh
# Runs in the container that Packer starts, and makes of it what the playbook says.
set -eu
${systemd ? WAIT_FOR_SYSTEMD : ''}
# ansible refuses to run without UTF-8.
export LC_ALL=C.UTF-8
cd "$_P"
ansible-playbook --connection local --inventory localhost, "$PLAYBOOK"
rm -rf "$HOME/.ansible"
`
}

const FIND_PROGRAM = `cd "$(dirname "$0")/.."

build_chain() {
  if command -v build-chain >/dev/null; then
    build-chain "$@"
  else
    npx --yes github:corpusops/build-chain#v1 "$@"
  fi
}
`

/** `bin/build.sh`. */
export const BUILD_SCRIPT = `#!/bin/sh
# Builds what has changed: bin/build.sh [OPTIONS] [IMAGE...]
set -e
${FIND_PROGRAM}
build_chain generate --quiet >&2
build_chain build "$@"
`

/** `bin/run_livepacker_test.sh`. */
export const LIVE_SCRIPT = `#!/bin/sh
# Opens a shell in a container that is started as Packer would start it, to try the provisioning in.
# DNAME names the container, DOCKER_EXTRA_ARGS has more for docker run, PACKER_FILE names the template.
set -e
${FIND_PROGRAM}
build_chain live "$@"
`
