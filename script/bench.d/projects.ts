import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from './bench.js'
import { type Member, write, writeFamily } from './family.js'
import { ourCall } from './ours.js'
import { timed } from './run.js'

/** A project whose images are on the daemon and remembered. */
export interface BuiltFamily {
  readonly project: string
  readonly state: string
  readonly members: readonly Member[]
}

interface Report {
  readonly images: readonly { readonly status: string }[]
}

/** Fails where a further run would build something: then it would not be what is measured. */
async function checkUnchanged(project: string, state: string): Promise<void> {
  const report = join(state, 'report.json')
  await timed(ourCall({ project, state, args: ['build', '--report', report] }))
  const { images } = JSON.parse(readFileSync(report, 'utf8')) as Report
  const built = images.filter(({ status }) => status !== 'reused').length
  if (built > 0) throw new Error(`of ${images.length} unchanged images ${built} were built again`)
}

/** Builds the images of a project, so that nothing is left to build. */
export async function buildAll(project: string, state: string): Promise<void> {
  await timed(ourCall({ project, state, args: ['build'] }))
  await checkUnchanged(project, state)
}

/** Writes a family and builds it, so that nothing is left to build. */
export async function builtFamily(
  bench: Bench,
  count: number,
  depth: number
): Promise<BuiltFamily> {
  const project = bench.folder(`family-${count}`)
  const state = bench.folder(`family-${count}-state`)
  const members = writeFamily({ project, mark: `${bench.mark}/of-${count}`, count, depth })
  bench.say(`building ${count} images, to have nothing to build`)
  await buildAll(project, state)
  return { project, state, members }
}

/** A project whose manifest lists nothing. */
export function writeEmptyProject(bench: Bench): string {
  const project = bench.folder('empty')
  write(join(project, 'docker/IMAGES.json'), JSON.stringify({ images: [] }))
  return project
}

const VERSIONS = 24

/** A manifest alone of 24 images of the shape that real ones of this size have: versions of two Dockerfiles. */
export function writeVersionsManifest(bench: Bench, name = 'manifest'): string {
  const project = bench.folder(name)
  const images = Array.from({ length: VERSIONS }, (_, number) => ({
    tag: `${bench.mark}/service:v1.${number}.0${number < 10 ? '-py36' : ''}`,
    builder_type: 'docker',
    ...(number < 10 ? { dockerfile: 'Dockerfile.36' } : {}),
    extra_args: '--build-arg SERVICE_VERSION={img_parts[tag]}'
  }))
  write(join(project, 'docker/IMAGES.json'), JSON.stringify({ images }, null, 2))
  return project
}

/** The same with its Dockerfiles and a context. */
export function writeVersionsProject(bench: Bench): string {
  const project = writeVersionsManifest(bench, 'versions')
  const lines = ['FROM scratch', 'ARG SERVICE_VERSION', 'LABEL version=$SERVICE_VERSION']
  const dockerfile = [...lines, 'COPY docker-service /srv', 'CMD ["/srv/start"]', ''].join('\n')
  for (const name of ['Dockerfile', 'Dockerfile.36']) write(join(project, name), dockerfile)
  for (const name of ['start', 'log.yaml', 'conf/homeserver.yaml', 'conf/turnserver.conf']) {
    write(join(project, 'docker-service', name), `${name}\n`.repeat(40))
  }
  return project
}
