import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dockerShim } from '../builders/docker-shim.js'
import { nodeCrypto } from '../chain/node-crypto.js'
import { ChainError } from '../errors.js'
import type { IdFile, RunSite } from '../ports.js'
import { which } from './which.js'

/** Label of every container that a run starts; its value is the run's id. */
export const RUN_LABEL = 'io.github.corpusops.build-chain.run'

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
    const text = await readFile(path, 'utf8').catch(() => undefined)
    await rm(path, { force: true })
    return text?.trim()
  }
  return { path, take }
}

/** Makes a site for a run whose logs go below `folder`. */
export function openRunSite(folder: string): RunSite {
  const id = nodeCrypto().randomBytes(8).toString('hex')
  const label = `${RUN_LABEL}=${id}`
  let made: Promise<string> | undefined
  let idFiles = 0
  const ownFolder = () => {
    made ??= mkdtemp(join(tmpdir(), 'build-chain-'))
    return made
  }

  const prepareShim = async (bases: readonly string[]) => {
    const own = await ownFolder()
    const basesFile = join(own, 'bases')
    const bin = join(own, 'bin')
    await mkdir(bin)
    await writeFile(basesFile, `${bases.join('\n')}\n`)
    const script = dockerShim({ docker: realDocker(), basesFile, label })
    await writeFile(join(bin, 'docker'), script, { mode: 0o700 })
    return bin
  }

  const openIdFile = async () => {
    idFiles += 1
    return idFile(join(await ownFolder(), `id-${idFiles}`))
  }

  const remove = async () => {
    if (made) await rm(await made, { recursive: true, force: true })
  }

  return { id, label, folder: join(folder, id), prepareShim, openIdFile, remove }
}
