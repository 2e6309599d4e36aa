import { tmpdir } from 'node:os'
import type { Engine, Exec, Output } from '../ports.js'
import { keepPrinted } from '../printed.js'
import { imageStorage } from './engine-facts.js'
import {
  engineUnavailable,
  imageGone,
  listOf,
  parseAnswer,
  parseDetails,
  parseEngineImage,
  parseTriggers
} from './engine-image.js'

/** Ids in one call of `docker image inspect`, well below the limits of a command line. */
const BATCH = 200

/** Ids in what docker printed; no word that it could take for an option. */
const idsIn = (text: string) => text.split(/\s+/).filter(word => /^[\w:]+$/.test(word))

/** What docker says of containers that somebody else removes at this time. */
const IS_GOING = /no such container|already in progress/i

/** The daemon behind the docker command, whatever way it uses (a context, ssh, TLS). */
export function commandEngine(exec: Exec, env: Readonly<Record<string, string>>): Engine {
  const run = (args: readonly string[]) => exec.capture('docker', args, { env })
  const must = async (args: readonly string[]): Promise<string> => {
    const output = await run(args)
    if (output.status !== 0) throw engineUnavailable(output.stderr)
    return output.stdout
  }

  // A missing image makes the command fail, yet the rest is still printed.
  const foundOf = async (args: readonly string[]): Promise<Output> => {
    const output = await run(args)
    if (output.status !== 0 && !/no such image/i.test(output.stderr)) {
      throw engineUnavailable(output.stderr)
    }
    return output
  }

  const lookAll = async <T>(ids: readonly string[], read: (row: unknown) => T): Promise<T[]> => {
    const batches = Array.from({ length: Math.ceil(ids.length / BATCH) }, async (_, n) => {
      const batch = ids.slice(n * BATCH, (n + 1) * BATCH)
      return rowsIn(await foundOf(['image', 'inspect', ...batch])).map(read)
    })
    return (await Promise.all(batches)).flat()
  }

  const version = async () => (await must(['version', '--format', '{{.Server.Version}}'])).trim()
  const ping = async () => void (await version())

  const images = async () => {
    const ids = [...new Set(idsIn(await must(['image', 'ls', '--quiet', '--no-trunc'])))]
    return lookAll(ids, parseEngineImage)
  }

  const look = async (reference: string) => {
    return rowsIn(await foundOf(['image', 'inspect', '--', reference]))[0]
  }

  const inspect = async (reference: string) => {
    const found = await look(reference)
    return found === undefined ? undefined : parseEngineImage(found)
  }

  const details = async (reference: string) => {
    const found = await look(reference)
    return found === undefined ? undefined : parseDetails(found)
  }

  const platforms = async (ids: readonly string[]) => {
    const asked = new Set(ids)
    const found = (await lookAll(ids, parseDetails)).filter(({ id }) => asked.has(id))
    return new Map(found.map(({ id, platform }) => [id, platform]))
  }

  const triggers = async (imageId: string) => {
    const [row] = listOf(parseAnswer(await must(['image', 'inspect', '--', imageId])))
    return parseTriggers(row)
  }

  const canSquash = async () =>
    (await must(['version', '--format', '{{.Server.Experimental}}'])).trim() === 'true'

  const storage = async () =>
    imageStorage(parseAnswer(await must(['info', '--format', '{{json .DriverStatus}}'])))

  const tag = async (imageId: string, reference: string) => {
    const output = await run(['image', 'tag', imageId, reference])
    if (/no such image/i.test(output.stderr)) throw imageGone(imageId, reference)
    if (output.status !== 0) throw engineUnavailable(output.stderr)
  }

  const drop = async (reference: string) => {
    const { status, stderr } = await run(['image', 'rm', '--', reference])
    if (status !== 0 && !/no such image|conflict/i.test(stderr)) throw engineUnavailable(stderr)
  }

  const removeContainers: Engine['removeContainers'] = async (label, except) => {
    const found = idsIn(
      await must(['ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${label}`])
    )
    const ids = found.filter(id => !except?.has(id))
    if (ids.length === 0) return ids
    const { status, stderr } = await run(['rm', '--force', '--volumes', ...ids])
    const problems = stderr.split('\n').filter(line => line.trim() !== '' && !IS_GOING.test(line))
    if (status !== 0 && problems.length > 0) throw engineUnavailable(problems.join('; '))
    return ids
  }

  return {
    ping,
    images,
    inspect,
    details,
    platforms,
    triggers,
    pull: pullBy(exec, env),
    version,
    canSquash,
    storage,
    tag,
    drop,
    removeContainers
  }
}

/**
 * Pulls by the docker command, which has the user's credentials.
 * @returns a function that gives what docker said where an image cannot be had
 */
export function pullBy(exec: Exec, env: Readonly<Record<string, string>>): Engine['pull'] {
  return async (reference, signal) => {
    const { onOutput, text } = keepPrinted()
    const { status } = await exec.stream(
      { tool: 'docker', args: ['pull', '--quiet', '--', reference], cwd: tmpdir() },
      { env, signal, onOutput }
    )
    return status === 0 ? undefined : text().trim()
  }
}

function rowsIn(output: Output): readonly unknown[] {
  const text = output.stdout.trim()
  return text === '' ? [] : listOf(parseAnswer(text))
}
