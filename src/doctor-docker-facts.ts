import type { DaemonFacts, DockerFacts } from './commands/doctor-facts.js'
import type { Exec, Output } from './ports.js'

/** Milliseconds: a daemon that hangs is no daemon. */
const PATIENCE = 10_000

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

function parseInfo(output: Output | undefined): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(output?.stdout ?? ''))
  } catch {
    return {}
  }
}

function daemonOf(info: Readonly<Record<string, unknown>>): DaemonFacts | undefined {
  const version = text(info.ServerVersion)
  if (version === '') return undefined
  return {
    version,
    storage: text(info.Driver),
    system: text(info.OperatingSystem),
    controlGroups: text(info.CgroupVersion),
    folder: text(info.DockerRootDir),
    isExperimental: info.ExperimentalBuild === true
  }
}

/** The last line that docker said, which is the reason. */
const complaintOf = (output: Output | undefined, info: Readonly<Record<string, unknown>>) =>
  [output?.stderr.trim().split('\n').at(-1), ...[info.ServerErrors].flat().map(text)]
    .filter(Boolean)
    .at(0) ?? 'it says nothing'

/** Asks the docker command for itself, its daemon and buildx. */
export async function dockerFacts(
  exec: Exec,
  env: Readonly<Record<string, string>>
): Promise<DockerFacts> {
  const path = exec.which('docker')
  const ask = async (...args: string[]) =>
    path === undefined
      ? undefined
      : await exec.capture(path, args, { env, timeout: PATIENCE }).catch(() => undefined)
  const [client, described, buildx] = await Promise.all([
    ask('--version'),
    ask('info', '--format', '{{json .}}'),
    ask('buildx', 'version')
  ])
  const info = parseInfo(described)
  return {
    path,
    clientVersion: /version (\d[^\s,]*)/.exec(client?.stdout ?? '')?.[1],
    daemon: daemonOf(info),
    complaint: complaintOf(described, info),
    buildx:
      buildx?.status === 0
        ? /(\d{1,9}\.\d{1,9}\.\d{1,9}[\w.+~-]*)/.exec(buildx.stdout)?.[1]
        : undefined,
    wantsBuildKit: env.DOCKER_BUILDKIT
  }
}
