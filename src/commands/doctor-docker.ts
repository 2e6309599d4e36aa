import type { Finding } from './doctor.js'
import type { DaemonFacts, DockerFacts } from './doctor-facts.js'

const NO_CLIENT =
  'Install Docker: https://docs.docker.com/engine/install (Debian: apt-get install docker.io).'
const NO_DAEMON =
  'Start it (systemctl start docker, or dockerd), join the group docker, or point DOCKER_HOST at one that runs.'
const NO_BUILDX = 'Install the plugin (docker-buildx-plugin), or unset DOCKER_BUILDKIT.'

/** Clients before this one have BuildKit in themselves. */
const BUILDX_SINCE = 23

/** What there is to say of docker, its daemon and its builders. */
export function checkDocker(docker: DockerFacts): readonly Finding[] {
  const { path, clientVersion, daemon, complaint } = docker
  if (path === undefined) {
    return [{ check: 'docker', status: 'missing', found: 'no docker on PATH', remedy: NO_CLIENT }]
  }
  const client: Finding = {
    check: 'docker',
    status: 'ok',
    found: [clientVersion, path].filter(Boolean).join(', ')
  }
  if (!daemon) {
    const found = `does not answer: ${complaint}`
    return [client, { check: 'docker daemon', status: 'missing', found, remedy: NO_DAEMON }]
  }
  return [client, daemonFinding(daemon), builderFinding(docker), squashFinding(daemon)]
}

const daemonFinding = ({ version, storage, system, controlGroups }: DaemonFacts): Finding => ({
  check: 'docker daemon',
  status: 'ok',
  found: [version, system, storage, controlGroups && `cgroups v${controlGroups}`]
    .filter(Boolean)
    .join(', ')
})

function builderFinding({ clientVersion = '', buildx, wantsBuildKit }: DockerFacts): Finding {
  const check = 'docker builder'
  const isNew = Number.parseInt(clientVersion, 10) >= BUILDX_SINCE
  if (wantsBuildKit === '0') return { check, status: 'ok', found: 'classic, by DOCKER_BUILDKIT=0' }
  if (buildx !== undefined && isNew)
    return { check, status: 'ok', found: `BuildKit, buildx ${buildx}` }
  if (wantsBuildKit === '1' && isNew) {
    const found = 'DOCKER_BUILDKIT=1, and the docker command has no buildx'
    return { check, status: 'missing', found, remedy: NO_BUILDX }
  }
  if (wantsBuildKit === '1') return { check, status: 'ok', found: 'BuildKit, by DOCKER_BUILDKIT=1' }
  return {
    check,
    status: 'ok',
    found: isNew
      ? 'classic: the docker command has no buildx'
      : 'classic; DOCKER_BUILDKIT=1 chooses BuildKit'
  }
}

const squashFinding = ({ isExperimental }: DaemonFacts): Finding => ({
  check: 'squash',
  status: 'ok',
  found: isExperimental
    ? 'the daemon can, with the classic builder'
    : 'the daemon cannot: its experimental features are off'
})
