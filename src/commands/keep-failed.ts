import { basename } from 'node:path'
import type { Left } from '../builders/builder.js'
import { hashOf } from '../chain/fingerprint.js'
import type { PlannedImage } from '../chain/plan.js'
import type { Exec, KeptThings, RunSite } from '../ports.js'
import { shellLine } from '../run/command-line.js'

/** By what the things that failed builds leave are kept. */
export interface KeepFailedPorts {
  readonly exec: Exec
  /** The environment of builders. */
  readonly env: Readonly<Record<string, string>>
  readonly site: RunSite
  readonly kept: KeptThings
  /** What stands for the daemon in use. */
  readonly daemon: string
  /** `docker build` is BuildKit's. */
  readonly isBuildKit: boolean
}

/** What failed builds leave. */
export interface FailedBuilds {
  /** Keeps what a failed build left; gives lines for a person: how to enter it, or why there is nothing. */
  keep(planned: PlannedImage, left: Left): Promise<readonly string[]>
  /** Removes the containers of the run that are not kept. */
  end(): Promise<void>
}

const CLEAN = 'build-chain clean removes it'

const short = (id: string) => id.slice(0, 12)

/** A tag that no image of a user has, by the image and the run. */
function keptTag({ image }: PlannedImage, { id }: RunSite): string {
  const name = image.name.toLowerCase().replace(/[^a-z0-9]+/g, '')
  return `build-chain-kept/${name || 'image'}:${id}-${hashOf(image.id).slice(0, 8)}`
}

const enterCommand = (args: readonly string[]) => shellLine({ tool: 'docker', args })

/** Packer's own folder that is mounted into a container; Packer leaves it behind with the container. */
const TEMPORARY = /^tmp\d+$/

interface Look {
  readonly isRunning: boolean
  readonly name: string
  readonly folder: string | undefined
}

async function look(id: string, { exec, env }: KeepFailedPorts): Promise<Look | undefined> {
  const format = '{{.State.Running}} {{.Name}}{{range .Mounts}}\n{{.Source}}{{end}}'
  const args = ['container', 'inspect', '--format', format, id]
  const { status, stdout } = await exec.capture('docker', args, { env })
  if (status !== 0) return undefined
  const [head = '', ...sources] = stdout.trim().split('\n')
  const [running, name = ''] = head.split(' ')
  return {
    isRunning: running === 'true',
    name: name.replace(/^\//, ''),
    folder: sources.find(source => TEMPORARY.test(basename(source)))
  }
}

async function keepContainer(
  id: string,
  { image }: PlannedImage,
  ports: KeepFailedPorts
): Promise<readonly string[]> {
  const found = await look(id, ports)
  if (!found) return []
  const { name, folder } = found
  const why = `the failed build of ${image.tags[0] ?? image.id}`
  const common = { kind: 'container', id, name, daemon: ports.daemon, why } as const
  ports.kept.add({ ...common, ...(folder ? { folder } : {}) })
  const start = found.isRunning ? '' : `${enterCommand(['start', short(id)])} && `
  return [`enter: ${start}${enterCommand(['exec', '-it', short(id), '/bin/sh'])} (${CLEAN})`]
}

async function keepLayer(
  { step, layer }: NonNullable<Left['step']>,
  planned: PlannedImage,
  { exec, env, site, kept, daemon }: KeepFailedPorts
): Promise<readonly string[]> {
  if (layer === undefined) return ['nothing is kept: no layer was made before the step that failed']
  const tag = keptTag(planned, site)
  const asked = await exec.capture('docker', ['image', 'inspect', '--format', '{{.Id}}', layer], {
    env
  })
  const tagged = await exec.capture('docker', ['image', 'tag', layer, tag], { env })
  if (asked.status !== 0 || tagged.status !== 0) return []
  const { image } = planned
  const why = `the failed build of ${image.tags[0] ?? image.id}`
  kept.add({ kind: 'image', id: asked.stdout.trim(), name: tag, daemon, why })
  const enter = enterCommand(['run', '--rm', '-it', '--entrypoint', '/bin/sh', tag])
  return [`failed step: ${step}`, `enter the layer before it: ${enter} (${CLEAN})`]
}

const BUILDKIT =
  'nothing is kept: BuildKit keeps no layer of a failed build; the classic builder does (DOCKER_BUILDKIT=0)'

/** Keeps what failed builds of a run leave. */
export function openFailedBuilds(ports: KeepFailedPorts): FailedBuilds {
  const { exec, env, site } = ports
  const keptIds = new Set<string>()

  const keep: FailedBuilds['keep'] = async (planned, left) => {
    if (left.step) return keepLayer(left.step, planned, ports)
    if (planned.image.builder === 'dockerfile') return ports.isBuildKit ? [BUILDKIT] : []
    // What a provisioner prints could name a container of someone else's.
    const started = new Set(await site.containers?.())
    const ours = left.containers.filter(id => started.has(id) && !keptIds.has(id))
    for (const id of ours) keptIds.add(id)
    const lines = await Promise.all(ours.map(id => keepContainer(id, planned, ports)))
    return ours.length > 0
      ? lines.flat()
      : ['nothing is kept: Packer failed before it started a container']
  }

  const end = async () => {
    const rest = (await site.containers?.())?.filter(id => !keptIds.has(id)) ?? []
    if (rest.length > 0)
      await exec.capture('docker', ['rm', '--force', '--volumes', ...rest], { env })
  }
  return { keep, end }
}
