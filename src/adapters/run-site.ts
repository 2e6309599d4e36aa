import { mkdirSync, promises, readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { dockerShim } from '../builders/docker-shim.js'
import { ChainError } from '../errors.js'
import type { IdFile, RunSite } from '../ports.js'
import { noteTemporary, runFolder, temporaryRoot } from './current-run.js'
import type { DaemonView, RunSettings } from './daemon-view.js'
import { randomWord } from './random.js'
import { which } from './which.js'

/** Label of every container that a run starts; its value is the run's id. */
export const RUN_LABEL = 'io.github.corpusops.build-chain.run'

/** Label of the containers that are to outlive a run: its value is the run's id, too. */
export const KEPT_LABEL = 'io.github.corpusops.build-chain.kept'

function realDocker(): string {
  const docker = which('docker')
  if (docker) return docker
  throw new ChainError('TOOL_MISSING', 'docker is not on PATH', {
    hint: 'Install the docker command, or add its folder to PATH.'
  })
}

/** A file at a path, for the id of one image. */
function idFile(path: string): IdFile {
  const take = async () => {
    const text = await promises.readFile(path, 'utf8').catch(() => undefined)
    await promises.rm(path, { force: true })
    return text?.trim()
  }
  return { path, take }
}

/** How containers that Packer starts see what this program sees. */
export interface ContainerSight {
  /** Finds out what the daemon sees; `own` is a folder that nobody else has. */
  readonly look: (docker: string, own: string) => Promise<DaemonView>
  /** Absolute path of the program that starts containers where paths have to be mapped. */
  readonly program: string
}

/** Whether a line of a text of refusals, one a line, stands in a builder's lines. */
function isToldIn(file: string, lines: readonly string[]): boolean {
  try {
    const refusals = readFileSync(file, 'utf8').split('\n').filter(Boolean)
    return refusals.some(refusal => lines.some(line => line.includes(refusal)))
  } catch {
    return false
  }
}

/** Lines of a file that a program adds to; none before it does. */
const linesOf = async (path: string): Promise<readonly string[]> =>
  (await promises.readFile(path, 'utf8').catch(() => '')).split('\n').filter(Boolean)

/** What a site is to know of its machine and its run. */
export interface SiteOptions {
  /** Where the daemon may see other paths than this program. */
  readonly sight?: ContainerSight | undefined
  /** The containers that Packer starts may outlive the run: they carry another label. */
  readonly keepsFailed?: boolean | undefined
}

/** Makes a site for a run whose logs go below `folder`. */
export function openRunSite(folder: string, { sight, keepsFailed }: SiteOptions = {}): RunSite {
  const id = randomWord(8)
  const label = `${RUN_LABEL}=${id}`
  const containerLabel = keepsFailed ? `${KEPT_LABEL}=${id}` : label
  let made: Promise<string> | undefined
  let idFiles = 0
  const ownFolder = () => {
    made ??= promises.mkdtemp(join(temporaryRoot(), 'build-chain-'))
    return made
  }

  let packerFolder: string | undefined
  let refusals = ''

  /**
   * Where the user says, else beside the logs: a daemon in a machine of its own may see the user's
   * folders and no others.
   */
  const openPackerFolder = async () => {
    const asked = process.env.PACKER_TMP_DIR
    if (asked && !isAbsolute(asked)) return undefined
    const path = join(asked || join(folder, id), `.build-chain-${randomWord(6)}`)
    noteTemporary(path)
    await promises.mkdir(path, { recursive: true })
    return path
  }

  let builders: string | undefined
  const temporary = () => {
    const root = runFolder()
    if (builders !== undefined || root === undefined) return builders
    builders = join(root, 't')
    mkdirSync(builders, { recursive: true })
    return builders
  }

  /** The command that starts containers, where their mounts have to be mapped. */
  const runCommand = async (docker: string, own: string) => {
    const view = await sight?.look(docker, own)
    if (!sight || !view || view === 'same') {
      if (!keepsFailed) packerFolder = await openPackerFolder()
      return undefined
    }
    const temporary = join(own, 'packer')
    packerFolder = temporary
    refusals = join(own, 'refusals')
    await promises.mkdir(temporary)
    const settings: RunSettings = {
      docker,
      label: containerLabel,
      mounts: view.mounts,
      packerTemporary: temporary,
      refusals
    }
    const file = join(own, 'run.json')
    await promises.writeFile(file, JSON.stringify(settings))
    return [process.execPath, sight.program, file]
  }

  const prepareShim = async (bases: readonly string[]) => {
    const own = await ownFolder()
    const basesFile = join(own, 'bases')
    const bin = join(own, 'bin')
    await promises.mkdir(bin)
    await promises.writeFile(basesFile, `${bases.join('\n')}\n`)
    const docker = realDocker()
    const script = dockerShim({
      docker,
      basesFile,
      label: containerLabel,
      setsid: which('setsid'),
      run: await runCommand(docker, own),
      containersFile: keepsFailed ? join(own, 'containers') : undefined
    })
    await promises.writeFile(join(bin, 'docker'), script, { mode: 0o700 })
    return bin
  }

  const openIdFile = async () => {
    idFiles += 1
    // Named before the wait: of two builds that ask at once each gets a file of its own.
    const name = `id-${idFiles}`
    return idFile(join(await ownFolder(), name))
  }

  const containers = async () =>
    made && keepsFailed ? linesOf(join(await made, 'containers')) : []

  const remove = async () => {
    if (made) await promises.rm(await made, { recursive: true, force: true })
    if (packerFolder) await promises.rm(packerFolder, { recursive: true, force: true })
  }

  return {
    id,
    label,
    folder: join(folder, id),
    prepareShim,
    temporary,
    packerTemporary: () => packerFolder,
    hasRefused: lines => isToldIn(refusals, lines),
    containers,
    openIdFile,
    remove
  }
}
