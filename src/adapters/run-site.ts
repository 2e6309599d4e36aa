import { nodeCrypto } from '../chain/node-crypto.js'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dockerShim } from '../builders/docker-shim.js'
import { ChainError } from '../errors.js'
import type { RunSite } from '../ports.js'
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

/** Makes a site for a run whose logs go below `folder`. */
export function openRunSite(folder: string): RunSite {
  const id = nodeCrypto().randomBytes(8).toString('hex')
  const label = `${RUN_LABEL}=${id}`
  let shimFolder: string | undefined

  const prepareShim = async (bases: readonly string[]) => {
    shimFolder = await mkdtemp(join(tmpdir(), 'build-chain-'))
    const basesFile = join(shimFolder, 'bases')
    const bin = join(shimFolder, 'bin')
    await mkdir(bin)
    await writeFile(basesFile, `${bases.join('\n')}\n`)
    const script = dockerShim({ docker: realDocker(), basesFile, label })
    await writeFile(join(bin, 'docker'), script, { mode: 0o700 })
    return bin
  }

  const remove = async () => {
    if (shimFolder) await rm(shimFolder, { recursive: true, force: true })
  }

  return { id, label, folder: join(folder, id), prepareShim, remove }
}
