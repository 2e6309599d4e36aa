import { contentArguments } from '../builders/content-arguments.js'
import { hashOf, hashOfAll, type Inputs } from '../chain/fingerprint.js'
import type { Image } from '../manifest/image.js'
import type { Files, Trees } from '../ports.js'
import type { DeclaredInputs } from './declared-inputs.js'
import type { Inherited } from './inherit-triggers.js'
import { type Look, openLook } from './look.js'
import type { ReadImage } from './read-image.js'

/** What a survey looks with. */
export interface SurveyPorts {
  readonly files: Files
  readonly trees: Trees
  /** Whether a path lies in the project; undefined where every path may be read. */
  readonly mayRead: ((path: string) => boolean) | undefined
}

/** An image to survey. */
export interface SurveyRequest {
  readonly read: ReadImage
  /** The environment of builders. */
  readonly env: Readonly<Record<string, string>>
  /** Such as `linux/amd64`: what the daemon builds for where nothing else is asked. */
  readonly platform: string
  readonly inherited: Inherited
}

const NOTHING: DeclaredInputs = { entries: [], watched: [], warnings: [] }

async function declaredIn(image: Image, look: Look): Promise<DeclaredInputs> {
  if (!image.inputs) return NOTHING
  const { declaredInputs } = await import('./declared-inputs.js')
  return declaredInputs(image, image.inputs, look)
}

/**
 * Opens a look at what images are made from: every folder is listed once, so that what is seen is
 * of one moment. A later look needs a survey of its own.
 */
export function openSurvey(ports: SurveyPorts): (request: SurveyRequest) => Promise<Inputs> {
  const look = openLook(ports)
  return async ({ read, env, platform, inherited }) => {
    const taken = await read.takeIn(look)
    const declared = await declaredIn(read.image, look)
    const entries =
      declared.entries.length > 0 ? [...taken.entries, ...declared.entries] : taken.entries
    const files = taken.context?.known ?? (await look.hashedSet(entries))
    if (!taken.context?.known) taken.context?.keep(files)
    const watched = [...taken.watched, ...declared.watched].map(
      path => `${path}\0${look.stamp(path)}`
    )
    const { image, command, secrets = [] } = read
    return {
      parts: new Map([
        ['arguments', hashOf(contentArguments({ image, command, env, secrets }))],
        ['platform', platform],
        ...taken.values
      ]),
      files: { ...files, stamps: hashOfAll([files.stamps, ...watched]) },
      untracked: [...taken.untracked, ...inherited.hidden],
      triggers: inherited.outside,
      missing: inherited.missing,
      warnings: declared.warnings
    }
  }
}
