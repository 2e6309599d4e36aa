import { join } from 'node:path'
import type { EngineView } from '../chain/decide.js'
import { hashOf, type Inputs } from '../chain/fingerprint.js'
import type { ImageRecord } from '../chain/record.js'
import type { Image } from '../manifest/image.js'
import type { Command, Engine, Files, Trees } from '../ports.js'
import { type NamedEntry, projectEntries } from './file-sets.js'
import { type Look, openLook } from './look.js'
import type { ReadImage } from './read-image.js'

/** What a survey looks with. */
export interface SurveyPorts {
  readonly files: Files
  readonly trees: Trees
  readonly engine: Engine
  readonly view: EngineView
  readonly records: ReadonlyMap<string, ImageRecord>
}

/** An image to survey. */
export interface SurveyRequest {
  readonly read: ReadImage
  readonly command: Command
  /** Such as `linux/amd64`: what the daemon builds for where nothing else is asked. */
  readonly platform: string
  /** The images of the chain that it stands on. */
  readonly parents: readonly ReadImage[]
  /** References that it stands on and that the chain does not make, normalised. */
  readonly outside: readonly string[]
}

/** Arguments less what names a place on this machine or a tag, which change no content. */
function contentArguments(image: Image, command: Command): string {
  const tags = new Set(image.tags)
  const args = command.args.filter(
    (word, at) => !(tags.has(word) || (word === '-t' && tags.has(command.args[at + 1] ?? '')))
  )
  const root = image.workingDirectory
  const words = args.map(word => (word.startsWith(root) ? `.${word.slice(root.length)}` : word))
  return JSON.stringify([command.tool, ...words])
}

async function declaredEntries(
  image: Image,
  patterns: readonly string[],
  trees: Trees
): Promise<readonly NamedEntry[]> {
  const { default: picomatch } = await import('picomatch')
  const matches = picomatch(
    patterns.flatMap(pattern => [pattern, join(pattern, '**')]),
    { dot: true }
  )
  const all = await projectEntries(image.workingDirectory, trees)
  return all.filter(({ name }) => matches(name))
}

/** Triggers of an outside base, asked of the daemon once in the life of an image id. */
function triggerLookup({ engine, records }: SurveyPorts) {
  const known = new Map<string, readonly string[]>()
  for (const { triggers } of records.values()) {
    for (const [id, list] of Object.entries(triggers)) known.set(id, list)
  }
  return async (id: string) => {
    const list = known.get(id) ?? (await engine.triggers(id))
    known.set(id, list)
    return list
  }
}

/**
 * Opens a look at what images are made from: every folder is listed once, so that what is seen is
 * of one moment. A later look needs a survey of its own.
 */
export function openSurvey(ports: SurveyPorts): (request: SurveyRequest) => Promise<Inputs> {
  const look: Look = openLook(ports)
  const lookUp = triggerLookup(ports)
  return async ({ read, command, platform, parents, outside }) => {
    const { image } = read
    const triggers = new Map<string, readonly string[]>()
    for (const reference of outside) {
      const id = ports.view.byTag.get(reference)
      if (id !== undefined) triggers.set(id, await lookUp(id))
    }
    const inherited = [
      ...parents.flatMap(({ onbuild }) => onbuild),
      ...[...triggers.values()].flat()
    ]
    const taken = await read.takeIn(look, inherited)
    const declared = image.inputs ? await declaredEntries(image, image.inputs, ports.trees) : []
    const entries = declared.length > 0 ? [...taken.entries, ...declared] : taken.entries
    return {
      parts: new Map([
        ['arguments', hashOf(contentArguments(image, command))],
        ['platform', platform],
        ...taken.values
      ]),
      files: look.fileSet(entries),
      untracked: taken.untracked,
      triggers
    }
  }
}
