import { createHash } from 'node:crypto'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkArchive } from '../../../../src/adapters/stores/docker-archive.js'
import { type TarPart, tarArchive } from '../../../fixtures/tar-archive.js'
import { temporaryFolder } from '../../../fixtures/temporary-folder.js'

const sha = (text: string) => createHash('sha256').update(text).digest('hex')

const CONFIG = '{"architecture":"amd64"}'
const ID = `sha256:${sha(CONFIG)}`
const LAYER = 'a'.repeat(64)

const legacy = (entry: object = {}) => ({
  RepoTags: null,
  Layers: [`${LAYER}/layer.tar`],
  ...entry
})

/** As Docker before 25 writes it. */
const parts = (manifest: unknown = [{ Config: `${sha(CONFIG)}.json`, ...legacy() }]): TarPart[] => [
  { name: `${sha(CONFIG)}.json`, content: CONFIG },
  { name: `${LAYER}/`, type: '5' },
  { name: `${LAYER}/VERSION`, content: '1.0' },
  { name: `${LAYER}/json`, content: '{}' },
  { name: `${LAYER}/layer.tar`, content: 'layer' },
  {
    name: 'manifest.json',
    content: typeof manifest === 'string' ? manifest : `${JSON.stringify(manifest)}\n`
  }
]

const config = `${sha(CONFIG)}.json`

/** As Docker from 25 on writes it: the layout of OCI, with Docker's own list. */
const layout = (descriptor: object = {}): TarPart[] => [
  { name: 'blobs/', type: '5' },
  { name: 'blobs/sha256/', type: '5' },
  { name: `blobs/sha256/${sha(CONFIG)}`, content: CONFIG },
  { name: 'oci-layout', content: '{"imageLayoutVersion":"1.0.0"}' },
  {
    name: 'index.json',
    content: JSON.stringify({
      schemaVersion: 2,
      manifests: [{ digest: `sha256:${'d'.repeat(64)}`, size: 1, ...descriptor }]
    })
  },
  {
    name: 'manifest.json',
    content: JSON.stringify([{ Config: `blobs/sha256/${sha(CONFIG)}`, RepoTags: null, Layers: [] }])
  }
]

function write(archive: Buffer): string {
  const path = join(temporaryFolder(), 'images.tar')
  writeFileSync(path, archive)
  return path
}

const check = (members: readonly TarPart[], ids: readonly string[] = [ID]) =>
  checkArchive(write(tarArchive(members)), new Set(ids))

describe('an archive of docker save', () => {
  it('by id is let through', async () => {
    expect(await check(parts())).toBeUndefined()
    expect(await check(parts([{ Config: config, ...legacy({ RepoTags: [] }) }]))).toBeUndefined()
  })

  it('whose images share a layer is let through', async () => {
    const link = { name: `${'b'.repeat(64)}/layer.tar`, type: '2', target: `../${LAYER}/layer.tar` }
    expect(await check([...parts(), link])).toBeUndefined()
  })

  it('in the layout of OCI is let through, by either kind of id', async () => {
    expect(await check(layout())).toBeUndefined()
    expect(await check(layout(), [`sha256:${'d'.repeat(64)}`])).toBeUndefined()
  })

  it.each([
    ['tags', parts([{ Config: config, ...legacy({ RepoTags: ['evil:1'] }) }]), 'would set tags'],
    [
      'tags under a key that only Go reads so',
      parts([{ Config: config, ...legacy({ RepoTags: undefined, repotags: ['evil:1'] }) }]),
      'its list of images is odd'
    ],
    [
      'a key that stands twice',
      parts(`[{"Config":"${config}","RepoTags":["evil:1"],"RepoTags":null,"Layers":[]}]`),
      'not as docker writes it'
    ],
    ['tags of the old kind', [...parts(), { name: 'repositories', content: '{}' }], 'repositories'],
    [
      'a name for a containerd image store',
      layout({ annotations: { 'io.containerd.image.name': 'evil:1' } }),
      'would set tags'
    ],
    [
      'such a name under a key that only Go reads so',
      layout({ Annotations: { 'Org.OpenContainers.image.ref.name': 'evil' } }),
      'would set tags'
    ],
    ['a member of its own', [...parts(), { name: 'etc/passwd', content: '' }], 'does not belong'],
    [
      'a member outside',
      [...parts(), { name: `../${LAYER}.json`, content: '' }],
      'does not belong'
    ],
    [
      'a link outside',
      [...parts(), { name: `${'b'.repeat(64)}/layer.tar`, type: '2', target: '/etc/passwd' }],
      'leads outside'
    ],
    [
      'a link to a link',
      [
        ...parts(),
        {
          name: `${'b'.repeat(64)}/layer.tar`,
          type: '2',
          target: `../${'b'.repeat(64)}/layer.tar`
        }
      ],
      'leads outside'
    ],
    [
      'a hard link',
      [...parts(), { name: LAYER, type: '1', target: '/etc/passwd' }],
      'unknown kind'
    ],
    ['a member twice', [...parts(), ...parts().slice(0, 1)], 'stands in it twice'],
    [
      'another configuration under a name',
      parts().map(part => (part.name === config ? { ...part, content: '{}' } : part)),
      'not those of its records'
    ],
    [
      'no list',
      parts().filter(({ name }) => name !== 'manifest.json'),
      'manifest.json is not in it'
    ],
    ['a list of something else', parts({ not: 'a list' }), 'its list of images is odd'],
    ['no members at all', [], 'manifest.json is not in it']
  ])('with %s is refused', async (_, members, problem) => {
    expect(await check(members as TarPart[])).toContain(problem)
  })

  it('with fewer or more images than its records is refused', async () => {
    expect(await check(parts(), [])).toContain('not those of its records')
    expect(await check(parts(), [ID, `sha256:${'0'.repeat(64)}`])).toContain('not those')
  })

  it('that is no file of its own is refused', async () => {
    const folder = temporaryFolder()
    symlinkSync(write(tarArchive(parts())), join(folder, 'link'))
    mkdirSync(join(folder, 'folder'))
    for (const name of ['link', 'folder', 'none']) {
      expect(await checkArchive(join(folder, name), new Set([ID]))).toBeTypeOf('string')
    }
  })
})
