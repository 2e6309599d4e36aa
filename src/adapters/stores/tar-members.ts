import type { FileHandle } from 'node:fs/promises'

/** A member of a tar archive. */
export interface TarMember {
  readonly name: string
  readonly kind: 'file' | 'folder' | 'link'
  /** Where a link points; empty for the others. */
  readonly target: string
  /** Where its content begins, and how many bytes it has. */
  readonly offset: number
  readonly size: number
}

const BLOCK = 512
const MOST_MEMBERS = 100_000

const KINDS: Readonly<Record<string, TarMember['kind']>> = {
  '0': 'file',
  '\0': 'file',
  '2': 'link',
  '5': 'folder'
}

/** Records of an extended header that change nothing of what a member is. */
const HARMLESS = /^(\d+ (mtime|atime|ctime)=[\d.]+\n)+$/

function textAt(block: Buffer, start: number, length: number): string {
  const field = block.subarray(start, start + length)
  const end = field.indexOf(0)
  return field.subarray(0, end === -1 ? length : end).toString('latin1')
}

function numberAt(block: Buffer, start: number, length: number): number {
  const text = textAt(block, start, length).trim()
  if (!/^[0-7]+$/.test(text)) throw new Error('a number in it is not octal')
  return Number.parseInt(text, 8)
}

function checkSum(block: Buffer): void {
  let sum = 0
  for (const [at, byte] of block.entries()) sum += at >= 148 && at < 156 ? 32 : byte
  if (sum !== numberAt(block, 148, 8)) throw new Error('the sum of a header is wrong')
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled)
    if (bytesRead === 0) throw new Error('it is cut short')
    filled += bytesRead
  }
  return buffer
}

/** The content of a member. */
export function readMember(file: FileHandle, member: TarMember): Promise<Buffer> {
  return readAt(file, member.offset, member.size)
}

function parseHeader(block: Buffer, offset: number): TarMember & { readonly letter: string } {
  checkSum(block)
  // What follows `ustar\0` is the prefix of long names; old GNU archives keep other things there.
  const isPosix = block.subarray(257, 263).toString('latin1') === 'ustar\0'
  const prefix = isPosix ? textAt(block, 345, 155) : ''
  const name = textAt(block, 0, 100)
  const letter = String.fromCharCode(block[156] ?? 0)
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    letter,
    kind: KINDS[letter] ?? 'file',
    target: letter === '2' ? textAt(block, 157, 100) : '',
    offset: offset + BLOCK,
    size: letter === '2' || letter === '5' ? 0 : numberAt(block, 124, 12)
  }
}

/**
 * The members of a tar archive in order (https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html).
 * Strict, so that no other program reads other members from the same bytes: fails at long names of
 * GNU, at extended headers that rename, at devices, and at an archive that is cut short.
 */
export async function tarMembers(file: FileHandle): Promise<readonly TarMember[]> {
  const members: TarMember[] = []
  let offset = 0
  for (;;) {
    const block = await readAt(file, offset, BLOCK)
    if (block.every(byte => byte === 0)) break
    const { letter, ...member } = parseHeader(block, offset)
    offset = member.offset + Math.ceil(member.size / BLOCK) * BLOCK
    if (letter === 'x') await checkExtension(file, member)
    else if (letter in KINDS) members.push(member)
    else throw new Error(`${member.name} is of an unknown kind`)
    if (members.length > MOST_MEMBERS) throw new Error('it has too many members')
  }
  const last = await readAt(file, offset, 2 * BLOCK)
  if (last.some(byte => byte !== 0)) throw new Error('it does not end as archives do')
  return members
}

async function checkExtension(file: FileHandle, member: TarMember): Promise<void> {
  const text = member.size > BLOCK ? '' : (await readMember(file, member)).toString()
  if (!HARMLESS.test(text)) throw new Error(`${member.name} changes what comes after it`)
}
