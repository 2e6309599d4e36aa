import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KeptThing, KeptThings } from '../ports.js'

const FIELDS = ['kind', 'id', 'name', 'daemon', 'why'] as const

/** Undefined for what is no such thing. */
function read(path: string): KeptThing | undefined {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as Partial<KeptThing>
    const { kind, process = 0, folder = '' } = value
    const isWhole =
      FIELDS.every(field => typeof value[field] === 'string') &&
      (kind === 'container' || kind === 'image') &&
      Number.isInteger(process) &&
      typeof folder === 'string'
    return isWhole ? (value as KeptThing) : undefined
  } catch {
    return undefined
  }
}

/**
 * What runs have left on purpose, each in a file of its own. A label alone would not do: images inherit the
 * labels of the containers that they are made from, and hand them on to the containers of others.
 * @param folder absolute; made with the first thing
 */
export function openKept(folder: string): KeptThings {
  const fileOf = ({ id }: KeptThing) => join(folder, `${id.replace(/[^\w.-]/g, '_')}.json`)

  const list = () => {
    let names: string[] = []
    try {
      names = readdirSync(folder).sort()
    } catch {
      return []
    }
    return names.flatMap(name => read(join(folder, name)) ?? [])
  }

  const add = (thing: KeptThing) => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(fileOf(thing), `${JSON.stringify(thing)}\n`, { mode: 0o600 })
  }

  const forget = (thing: KeptThing) => rmSync(fileOf(thing), { force: true })

  return { list, add, forget }
}
