import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ArchiveCheck, refusalOf } from '../../../../src/adapters/stores/docker-archive.js'
import { type TarPart, tarArchive } from '../../../fixtures/tar-archive.js'

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

/** With a list of another image beside ours. */
const twice = (key: string): TarPart[] =>
  layout().map(part => {
    if (part.name !== 'index.json') return part
    const list = JSON.parse(String(part.content)) as { manifests: unknown }
    return { ...part, content: JSON.stringify({ ...list, [key]: [] }) }
  })

/** In words why an archive is refused, which comes in pieces of so many bytes. */
function refusal(archive: Buffer, ids: readonly string[], bytes = archive.length) {
  const check = new ArchiveCheck(new Set(ids))
  try {
    for (let at = 0; at < archive.length; at += bytes) check.take(archive.subarray(at, at + bytes))
    check.end()
    return undefined
  } catch (failure) {
    return refusalOf(failure)
  }
}

const check = (members: readonly TarPart[], ids: readonly string[] = [ID]) =>
  refusal(tarArchive(members), ids)

describe('an archive of docker save', () => {
  it('by id is let through', () => {
    expect(check(parts())).toBeUndefined()
    expect(check(parts([{ Config: config, ...legacy({ RepoTags: [] }) }]))).toBeUndefined()
  })

  it('whose images share a layer is let through', () => {
    const link = { name: `${'b'.repeat(64)}/layer.tar`, type: '2', target: `../${LAYER}/layer.tar` }
    expect(check([...parts(), link])).toBeUndefined()
  })

  it('in the layout of OCI is let through, by either kind of id', () => {
    expect(check(layout())).toBeUndefined()
    expect(check(layout(), [`sha256:${'d'.repeat(64)}`])).toBeUndefined()
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
    ['a second list under a key that Go takes for the first', twice('Manifests'), 'not as docker'],
    ['a key that Go takes for another beyond ASCII', twice('manife\u017ft\u017f'), 'not as docker'],
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
  ])('with %s is refused', (_, members, problem) => {
    expect(check(members as TarPart[])).toContain(problem)
  })

  it('with fewer or more images than its records is refused', () => {
    expect(check(parts(), [])).toContain('not those of its records')
    expect(check(parts(), [ID, `sha256:${'0'.repeat(64)}`])).toContain('not those')
  })

  it('is looked at the same however it is cut', () => {
    const odd = [...parts(), { name: 'elsewhere', content: '' }]
    for (const bytes of [1, 7, 512, 1_000]) {
      expect(refusal(tarArchive(parts()), [ID], bytes)).toBeUndefined()
      expect(refusal(tarArchive(layout()), [ID], bytes)).toBeUndefined()
      expect(refusal(tarArchive(odd), [ID], bytes)).toContain('does not belong')
    }
  })

  it('is refused before anything of an odd member is passed on', () => {
    const check = new ArchiveCheck(new Set([ID]))
    const odd = tarArchive([{ name: '../outside', content: 'x' }])
    expect(() => check.take(odd)).toThrow('does not belong')
  })
})
