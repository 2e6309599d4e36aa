import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import * as z from 'zod/mini'
import { readMember, type TarMember, tarMembers } from './tar-members.js'

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

type Members = ReadonlyMap<string, TarMember>

function checkMembers(members: readonly TarMember[]): Members {
  const byName = new Map(members.map(member => [member.name, member]))
  if (byName.size < members.length) throw new Error('a name stands in it twice')
  for (const { name, kind, target } of members) {
    if (!NAMES[kind].test(name)) throw new Error(`${name} does not belong in it`)
    if (kind !== 'link') continue
    const shared = LINK.exec(target)?.[1] ?? ''
    if (byName.get(shared)?.kind !== 'file') throw new Error(`${name} leads outside`)
  }
  return byName
}

/**
 * A list in the archive, its text the one way to write its value: Go would read a key that stands
 * twice, or in capitals, in another way than this program.
 */
async function readList(file: FileHandle, members: Members, name: string) {
  const text = (await contentOf(file, members, name)).toString().trim()
  const value: unknown = JSON.parse(text)
  if (JSON.stringify(value) !== text) throw new Error(`${name} is not as docker writes it`)
  return { text, value }
}

async function contentOf(file: FileHandle, members: Members, name: string): Promise<Buffer> {
  const member = members.get(name)
  if (member?.kind !== 'file' || member.size > MOST_BYTES) throw new Error(`${name} is not in it`)
  return readMember(file, member)
}

/** Ids of its images by the digests of their configurations. */
async function configIds(file: FileHandle, members: Members): Promise<Set<string>> {
  const { value } = await readList(file, members, 'manifest.json')
  const ids = new Set<string>()
  for (const { Config, RepoTags } of manifestSchema.parse(value)) {
    if (RepoTags?.length) throw new Error('it would set tags')
    const digest = createHash('sha256').update(await contentOf(file, members, Config))
    ids.add(`sha256:${digest.digest('hex')}`)
  }
  return ids
}

/** Ids of its images by the digests of their manifests, as a containerd image store counts. */
async function manifestIds(file: FileHandle, members: Members): Promise<Set<string>> {
  if (!members.has('index.json')) return new Set()
  const { text, value } = await readList(file, members, 'index.json')
  if (NAMING.test(text)) throw new Error('it would set tags')
  const { manifests } = indexSchema.parse(value)
  return new Set(manifests.map(({ digest }) => digest))
}

const isSame = (one: ReadonlySet<string>, other: ReadonlySet<string>) =>
  one.size > 0 && one.size === other.size && [...one].every(id => other.has(id))

/**
 * Reads an archive of `docker save` before the daemon does.
 * @param ids of the images that it is to hold, no more and no less
 * @returns in words why it is not to be loaded: it would set tags, holds other images or odd
 *   members, or is damaged where its list stands; a damaged layer is what the daemon itself refuses
 */
export async function checkArchive(
  path: string,
  ids: ReadonlySet<string>
): Promise<string | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
    try {
      const members = checkMembers(await tarMembers(file))
      const configs = await configIds(file, members)
      const manifests = await manifestIds(file, members)
      if (isSame(configs, ids) || isSame(manifests, ids)) return undefined
      return 'its images are not those of its records'
    } finally {
      await file.close()
    }
  } catch (failure) {
    return failure instanceof z.core.$ZodError ? 'its list of images is odd' : messageOf(failure)
  }
}

const messageOf = (failure: unknown) =>
  failure instanceof Error ? failure.message : String(failure)
