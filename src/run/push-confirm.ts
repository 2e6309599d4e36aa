import { normaliseReference } from '../manifest/reference.js'
import type { Engine, EngineImage, ImageRegistry, RegistryImage } from '../ports.js'
import { pause } from './pause.js'
import { problemOf } from './problem-of.js'
import { isRefused, registryOf } from './push-failures.js'

/** A push that docker says has ended well. */
export interface EndedPush {
  readonly tag: string
  readonly imageId: string
  readonly registry: ImageRegistry
  readonly engine: Engine
  readonly signal: AbortSignal
}

/** The digest that a registry has, or in words why none is known; `doubt` says why it is the daemon's word alone. */
type Confirmed = { readonly digest: string; readonly doubt?: string } | { readonly problem: string }

/** Looks at the registry: some show what they got only a moment later. */
const LOOKS = 4

/** Milliseconds before the second look; it doubles. */
const FIRST_WAIT = 500

/** Last line of a push that ended well. */
const SAID = /digest: (sha256:[0-9a-f]{64}) size: \d+/

type Digested = RegistryImage & { readonly digest: string }

const isKnown = (found: RegistryImage | string): found is Digested =>
  typeof found === 'object' && found.digest !== undefined

/**
 * Whether what a registry has is an image of the daemon. The id of an image is the digest of its
 * configuration, or of its manifest or index where the daemon stores images in containerd.
 */
export function isOurs(found: RegistryImage | string, imageId: string): found is Digested {
  return isKnown(found) && (found.config === imageId || found.digest === imageId)
}

/** Reads back from the registry what a push has left there. */
export async function confirmPush(
  push: EndedPush,
  lastLines: readonly string[]
): Promise<Confirmed> {
  const said = lastLines.flatMap(line => SAID.exec(line)?.[1] ?? []).at(-1)
  const found = await findPushed(push, said)
  if (isKnown(found) && (await isPushed(found, push, said))) return { digest: found.digest }
  if (push.signal.aborted) return { problem: 'interrupted' }
  if (typeof found === 'string') return byDaemon(push, { said, why: found })
  const [host, other] = [registryOf(push.tag), found.digest ?? 'an index']
  return { problem: `it was pushed, but ${host} has another image there: ${other}` }
}

/** What the registry has, after several looks where that is not what was pushed. */
async function findPushed(
  push: EndedPush,
  said: string | undefined
): Promise<RegistryImage | string> {
  const { tag, imageId, registry, signal } = push
  const candidates = said === undefined ? [imageId] : [said, imageId]
  for (let look = 1; ; look += 1) {
    const found = await registry.find(tag, { candidates, signal })
    const isOver =
      typeof found === 'string' ? isRefused([found]) : await isPushed(found, push, said)
    if (isOver || look === LOOKS || signal.aborted) return found
    await pause(FIRST_WAIT * 2 ** (look - 1), signal)
  }
}

/** Of an image for several platforms the daemon may push one, whose digest is not the image's id. */
async function isPushed(
  found: RegistryImage,
  push: EndedPush,
  said: string | undefined
): Promise<boolean> {
  if (isOurs(found, push.imageId)) return true
  return isKnown(found) && found.digest === said && (await daemonHas(push)) !== undefined
}

/** The daemon's image, if its tag still is the one that was to be pushed. */
async function daemonHas({ tag, imageId, engine }: EndedPush): Promise<EngineImage | undefined> {
  const there = await engine.inspect(tag).catch(problemOf)
  return typeof there === 'object' && there.id === imageId ? there : undefined
}

/** Where the docker command may not read what it has pushed, the daemon's word has to do. */
async function byDaemon(
  push: EndedPush,
  { said, why }: { readonly said: string | undefined; readonly why: string }
): Promise<Confirmed> {
  const digests = (await daemonHas(push))?.digests ?? []
  const wanted = `${nameOf(normaliseReference(push.tag))}@${said}`
  if (said === undefined || !digests.some(each => normaliseReference(each) === wanted)) {
    return { problem: `it was pushed, but its digest cannot be read back: ${why}` }
  }
  const doubt = `its digest is the daemon's word, since it cannot be read back: ${why}`
  return { digest: said, doubt }
}

/** A normalised reference less its tag. */
const nameOf = (reference: string): string => reference.slice(0, reference.lastIndexOf(':'))
