import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { ArchiveCheck, refusalOf } from '../../../src/adapters/stores/docker-archive.js'
import { TarReader } from '../../../src/adapters/stores/tar-reader.js'
import { checkArchive, extractProgram, isProgram, programName } from '../../../src/packer/zip.js'
import { damages, reshapes } from '../../fixtures/damage.js'
import { evilTexts } from '../../fixtures/hostile-text.js'
import { type ZipEntry, zip } from '../../fixtures/release-server/zip.js'
import { type TarPart, tarArchive } from '../../fixtures/tar-archive.js'
import { scratch } from './scratch.js'
import { must, type Target, target } from './target.js'

const NAMES = [
  'packer',
  '../packer',
  '/packer',
  'a/../../packer',
  'packer\0',
  'C:\\packer',
  '..\\packer',
  'packer/',
  './packer',
  'PACKER'
]
const names = fc.oneof(
  fc.constantFrom(...NAMES),
  evilTexts.map(text => text.slice(0, 300))
)
const contents = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes)),
  fc.integer({ min: 1, max: 200_000 }).map(size => Buffer.alloc(size))
)
const MODES = [0o100755, 0o120777, 0o010644, 0o040755, 0o060644, 0]

const zipEntries: fc.Arbitrary<ZipEntry> = fc.record({
  name: names,
  bytes: contents,
  mode: fc.constantFrom(...MODES)
})

/** A good archive, or one of odd entries; as it is, or damaged, so that what it says of sizes may be a lie. */
const zips = fc
  .tuple(
    fc.oneof(fc.constant<ZipEntry[]>([]), fc.array(zipEntries, { maxLength: 4 })),
    fc.array(damages, { maxLength: 2 })
  )
  .map(([odd, harm]) =>
    harm.reduce(
      (bytes, damage) => damage(bytes),
      zip([{ name: 'packer', bytes: Buffer.from('a program'), mode: 0o100755 }, ...odd])
    )
  )

async function holdZip(bytes: Buffer): Promise<void> {
  const folder = scratch('zip')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, 'to'), { recursive: true })
  const archive = join(folder, 'x.zip')
  writeFileSync(archive, bytes)
  const program = { archive, name: 'x.zip', file: /^packer$/ }
  const calls = [
    checkArchive(archive, 'x.zip'),
    programName(program),
    extractProgram(program, join(folder, 'to', 'packer')),
    isProgram(program, archive)
  ]
  for (const each of await Promise.allSettled(calls)) {
    if (each.status === 'rejected')
      must(each.reason?.name === 'ChainError', String(each.reason?.stack))
  }
  must(readdirSync(folder).join() === 'to,x.zip', 'a file came outside')
  must(
    readdirSync(join(folder, 'to')).every(name => name === 'packer'),
    'another file came'
  )
}

const hex = 'a'.repeat(64)
const GOOD: readonly TarPart[] = [
  { name: `${hex}.json`, content: '{}' },
  { name: `${hex}/`, type: '5' },
  { name: `${hex}/layer.tar`, content: 'x' },
  {
    name: 'manifest.json',
    content: `[{"Config":"${hex}.json","RepoTags":null,"Layers":["${hex}/layer.tar"]}]`
  }
]

const tarPart: fc.Arbitrary<TarPart> = fc.record(
  {
    name: fc
      .oneof(
        fc.constantFrom('../x', '/etc/passwd', `${hex}/layer.tar`, 'manifest.json', 'oci-layout'),
        evilTexts
      )
      .map(text => text.slice(0, 99)),
    content: fc.oneof(fc.constantFrom('x', '[]', '[{}]', '27 mtime=1'), evilTexts),
    type: fc.constantFrom('0', '1', '2', '3', '5', '6', 'x', 'g', 'L', 'K', '\0'),
    target: fc.constantFrom('', '../../etc/passwd', `../${hex}/layer.tar`, '/')
  },
  { requiredKeys: ['name'] }
)

const tars = fc
  .tuple(
    fc.array(tarPart, { maxLength: 3 }),
    fc.boolean(),
    fc.array(fc.oneof(damages, reshapes), { maxLength: 2 })
  )
  .map(([odd, good, harm]) => {
    try {
      return harm.reduce(
        (bytes, damage) => damage(bytes),
        tarArchive(good ? [...GOOD, ...odd] : odd)
      )
    } catch {
      // A reshaped archive was not one any more.
      return tarArchive(odd)
    }
  })

/** Has an archive taken in pieces of an odd length. */
function takeAll(bytes: Buffer, { take, end }: Pick<TarReader, 'take' | 'end'>): void {
  const step = 1 + (bytes.length % 700)
  for (let at = 0; at < bytes.length; at += step) {
    const piece = bytes.subarray(at, at + step)
    const before = take(piece)
    must(before >= 0 && before <= piece.length, 'more is passed on than came')
  }
  end()
}

function readTar(bytes: Buffer): void {
  const left = new Map<string, number>()
  const reader = new TarReader({
    member: ({ name, size }) => {
      left.set(name, size)
      return piece => {
        const rest = (left.get(name) ?? 0) - piece.length
        must(rest >= 0, `${name} has more than its size`)
        left.set(name, rest)
      }
    }
  })
  try {
    takeAll(bytes, { take: piece => reader.take(piece), end: () => reader.end() })
  } catch {
    return
  }
  must(
    [...left.values()].every(rest => rest === 0),
    'a member is cut short'
  )
}

function holdTar(bytes: Buffer): void {
  readTar(bytes)
  const check = new ArchiveCheck(new Set([`sha256:${hex}`]))
  try {
    takeAll(bytes, { take: piece => check.take(piece), end: () => check.end() })
  } catch (failure) {
    must(refusalOf(failure) !== '', 'a refusal without a word')
  }
}

export const ARCHIVE_TARGETS: readonly Target[] = [
  target('entries of a zip', zips, holdZip),
  target('bytes of a zip', fc.uint8Array({ maxLength: 400 }), bytes =>
    holdZip(Buffer.concat([Buffer.from('PK\x03\x04'), bytes, Buffer.from('PK\x05\x06'), bytes]))
  ),
  target('entries of a tar', tars, holdTar)
]
