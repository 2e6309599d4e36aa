import { createHash, type Hash } from 'node:crypto'
import * as z from 'zod/mini'
import { type TarContent, type TarMember, TarReader } from './tar-reader.js'

const HEX = '[0-9a-f]{64}'

/**
 * What `docker save` writes: a folder a layer and a file an image, or since Docker 25 the layout of
 * OCI (https://github.com/moby/moby/blob/master/image/spec/v1.2.md,
 * https://github.com/opencontainers/image-spec/blob/main/image-layout.md). `repositories` is not
 * among them: it is written for tags only.
 */
const NAMES: Readonly<Record<TarMember['kind'], RegExp>> = {
  folder: new RegExp(`^(${HEX}|blobs|blobs/sha256)/?$`),
  file: new RegExp(
    `^(manifest\\.json|index\\.json|oci-layout|${HEX}\\.json|${HEX}/(VERSION|json|layer\\.tar)|blobs/sha256/${HEX})$`
  ),
  // A layer that another image of the archive has already.
  link: new RegExp(`^${HEX}/layer\\.tar$`)
}

const LINK = new RegExp(`^\\.\\./(${HEX}/layer\\.tar)$`)

const MOST_BYTES = 16_000_000

const manifestSchema = z.array(
  z.strictObject({
    Config: z.string(),
    RepoTags: z.nullish(z.array(z.string())),
    Layers: z.nullable(z.array(z.string())),
    Parent: z.optional(z.string()),
    LayerSources: z.optional(z.record(z.string(), z.unknown()))
  })
)

const indexSchema = z.object({ manifests: z.array(z.object({ digest: z.string() })) })

/** Annotations of an index by which a containerd image store names what it loads. */
const NAMING = /io\.containerd\.image\.name|org\.opencontainers\.image\.ref\.name/i

/** Lists of images. */
const LISTS = ['manifest.json', 'index.json']

/** The hash that a member is named by. */
const NAMED = /^(?:blobs\/sha256\/)?([0-9a-f]{64})(?:\.json)?$/

const isSame = (one: ReadonlySet<string>, other: ReadonlySet<string>) =>
  one.size > 0 && one.size === other.size && [...one].every(id => other.has(id))

/**
 * Whether keys stand in a value that Go may take for one another (https://pkg.go.dev/encoding/json#Unmarshal):
 * it does not tell capitals from small letters, nor some letters beyond ASCII from those in it.
 */
function hasTwins(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const keys = Array.isArray(value) ? [] : Object.keys(value)
  const isOdd = new Set(keys.map(key => key.toLowerCase())).size < keys.length
  const isForeign = keys.some(key => /[^ -~]/.test(key))
  return isOdd || isForeign || Object.values(value).some(hasTwins)
}

/**
 * Looks at an archive of `docker save` as it passes, before the daemon reads it. Refused is, in the
 * words of what is thrown, what would set tags, holds other images or odd members, or is damaged where
 * its list stands; a damaged layer is what the daemon itself refuses.
 */
export class ArchiveCheck {
  readonly #ids: ReadonlySet<string>
  readonly #reader = new TarReader({ member: member => this.#member(member) })
  readonly #members = new Map<string, TarMember>()
  readonly #lists = new Map<string, Buffer[]>()
  readonly #hashes = new Map<string, Hash>()

  /** @param ids of the images that it is to hold, no more and no less */
  constructor(ids: ReadonlySet<string>) {
    this.#ids = ids
  }

  /**
   * Looks at the next piece.
   * @returns how many of its bytes may be passed on before `end` has given its answer
   * @throws Error in words why the archive is refused
   */
  take(piece: Buffer): number {
    return this.#reader.take(piece)
  }

  /**
   * Tells that the archive has passed.
   * @throws Error in words why it is refused
   */
  end(): void {
    this.#reader.end()
    for (const { name, kind, target } of this.#members.values()) {
      if (kind !== 'link') continue
      const shared = LINK.exec(target)?.[1] ?? ''
      if (this.#members.get(shared)?.kind !== 'file') throw new Error(`${name} leads outside`)
    }
    const [configs, manifests] = [this.#configIds(), this.#manifestIds()]
    if (isSame(configs, this.#ids) || isSame(manifests, this.#ids)) return
    throw new Error('its images are not those of its records')
  }

  #member(member: TarMember): TarContent | undefined {
    const { name, kind, target, size } = member
    if (!NAMES[kind].test(name)) throw new Error(`${name} does not belong in it`)
    if (kind === 'link' && !LINK.test(target)) throw new Error(`${name} leads outside`)
    if (this.#members.has(name)) throw new Error('a name stands in it twice')
    this.#members.set(name, member)
    if (kind !== 'file' || size > MOST_BYTES) return undefined
    if (LISTS.includes(name)) {
      const pieces: Buffer[] = []
      this.#lists.set(name, pieces)
      return piece => pieces.push(Buffer.from(piece))
    }
    const hash = NAMED.exec(name)?.[1]
    if (!this.#ids.has(`sha256:${hash}`)) return undefined
    const content = createHash('sha256')
    this.#hashes.set(name, content)
    return piece => content.update(piece)
  }

  /** A list in the archive, its text the one way to write its value. */
  #readList(name: string) {
    const pieces = this.#lists.get(name)
    if (!pieces) throw new Error(`${name} is not in it`)
    const text = Buffer.concat(pieces).toString().trim()
    const value: unknown = JSON.parse(text)
    const isPlain = JSON.stringify(value) === text && !hasTwins(value)
    if (!isPlain) throw new Error(`${name} is not as docker writes it`)
    return { text, value }
  }

  /** Ids of its images by the digests of their configurations; of those that are no image of ours, their names. */
  #configIds(): Set<string> {
    const { value } = this.#readList('manifest.json')
    const ids = new Set<string>()
    for (const { Config, RepoTags } of manifestSchema.parse(value)) {
      if (RepoTags?.length) throw new Error('it would set tags')
      if (this.#members.get(Config)?.kind !== 'file') throw new Error(`${Config} is not in it`)
      const digest = this.#hashes.get(Config)?.copy().digest('hex')
      ids.add(digest ? `sha256:${digest}` : Config)
    }
    return ids
  }

  /** Ids of its images by the digests of their manifests, as a containerd image store counts. */
  #manifestIds(): Set<string> {
    if (!this.#members.has('index.json')) return new Set()
    const { text, value } = this.#readList('index.json')
    if (NAMING.test(text)) throw new Error('it would set tags')
    const { manifests } = indexSchema.parse(value)
    return new Set(manifests.map(({ digest }) => digest))
  }
}

/** In words why an archive is refused, by what was thrown. */
export const refusalOf = (failure: unknown): string => {
  if (failure instanceof z.core.$ZodError) return 'its list of images is odd'
  return failure instanceof Error ? failure.message : String(failure)
}
