import { resolve } from 'node:path'
import { ChainError } from '../errors.js'
import type { Files, NewFile, NewFiles } from '../ports.js'

/** Manifests that a project may have already: one of them would be found before or beside a new one. */
const MANIFESTS = ['docker', '.docker'].flatMap(folder =>
  ['json', 'yaml', 'yml'].map(ending => `${folder}/IMAGES.${ending}`)
)

/** What `init` looks at and writes with. */
export interface InitPorts {
  readonly files: Pick<Files, 'exists'>
  readonly newFiles: NewFiles
}

function obstacles(
  folder: string,
  wanted: readonly NewFile[],
  { files, newFiles }: InitPorts
): readonly string[] {
  const manifests = MANIFESTS.filter(path => files.exists(resolve(folder, path)))
  const inTheWay = wanted.map(({ path }) => newFiles.obstacle(folder, path))
  const found = [...manifests.map(path => `${path} is there`), ...inTheWay]
  return [...new Set(found.filter(reason => reason !== undefined))]
}

/**
 * Refuses to write where something is in the way, before anything is written.
 * @param folder absolute
 * @throws ChainError OPTIONS_INVALID that names everything that is there
 */
export function refuseObstacles(
  folder: string,
  wanted: readonly NewFile[],
  ports: InitPorts
): void {
  const found = obstacles(folder, wanted, ports)
  if (found.length === 0) return
  throw new ChainError('OPTIONS_INVALID', 'init overwrites nothing', {
    problems: found.map(message => ({ message })),
    hint: 'Nothing was written: init overwrites nothing. `build-chain init FOLDER` starts in a new folder, `build-chain init --from .` makes a manifest for the Dockerfiles of a project that has none.'
  })
}
