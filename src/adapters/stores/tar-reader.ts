/** A member of a tar archive. */
export interface TarMember {
  readonly name: string
  readonly kind: 'file' | 'folder' | 'link'
  /** Where a link points; empty for the others. */
  readonly target: string
  /** Bytes of its content. */
  readonly size: number
}

/** Takes the content of a member, piece after piece, each in memory that is used again afterwards. */
export type TarContent = (piece: Buffer) => void

/** What looks at an archive as it passes. */
export interface TarVisitor {
  /** Comes before anything of a member does: refuses it by throwing, or takes its content. */
  member(member: TarMember): TarContent | undefined
}

const BLOCK = 512
const MOST_MEMBERS = 100_000

/** Bytes that may follow the last member: GNU's tar fills up to 10 KiB. */
const MOST_AFTER = 64 * 1024

const KINDS: Readonly<Record<string, TarMember['kind']>> = {
  '0': 'file',
  '\0': 'file',
  '2': 'link',
  '5': 'folder'
}

/**
 * Names of extended headers, as Go gives them: a name of another kind at the very beginning of an
 * archive could pass for the magic of a compressed one.
 */
const EXTENSION = /^[0-9a-z/._-]*PaxHeaders[.0-9]*(\/[\w.-]*)?$/

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

const isBlank = (bytes: Buffer) => bytes.every(byte => byte === 0)

function checkSum(block: Buffer): void {
  let sum = 0
  for (const [at, byte] of block.entries()) sum += at >= 148 && at < 156 ? 32 : byte
  if (sum !== numberAt(block, 148, 8)) throw new Error('the sum of a header is wrong')
}

function parseHeader(block: Buffer): TarMember & { readonly letter: string } {
  checkSum(block)
  // After this magic stands the prefix of long names; others keep what else they know of a member there.
  const isPosix = block.subarray(257, 265).toString('latin1') === 'ustar\u000000'
  if (!isPosix && !isBlank(block.subarray(345))) throw new Error('a header in it is of an old form')
  const prefix = isPosix ? textAt(block, 345, 155) : ''
  const name = textAt(block, 0, 100)
  const letter = String.fromCharCode(block[156] ?? 0)
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    letter,
    kind: KINDS[letter] ?? 'file',
    target: letter === '2' ? textAt(block, 157, 100) : '',
    size: letter === '2' || letter === '5' ? 0 : numberAt(block, 124, 12)
  }
}

/**
 * Reads a tar archive as it passes (https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html),
 * cut into pieces anyhow. Strict, so that no other program reads other members from the same bytes:
 * fails at long names of GNU, at extended headers that rename, at devices, and at an archive that is
 * cut short.
 */
export class TarReader {
  readonly #visitor: TarVisitor
  readonly #header = Buffer.alloc(BLOCK)
  /** Bytes that the header has so far. */
  #filled = 0
  /** Bytes that are still to come of a content, and of what fills up its last block. */
  #content = 0
  #filling = 0
  #take: TarContent | undefined
  #members = 0
  /** Bytes that came from the first blank header on. */
  #after = 0

  constructor(visitor: TarVisitor) {
    this.#visitor = visitor
  }

  /**
   * Takes the next piece.
   * @returns how many of its bytes come before the end of the archive: as long as the others are held
   *   back, and the stream is not ended either, nobody can take the archive for whole
   * @throws Error in words why the archive is refused
   */
  take(piece: Buffer): number {
    let before = this.#after > 0 ? 0 : piece.length
    let at = 0
    while (at < piece.length) {
      const rest = piece.subarray(at)
      if (this.#after > 0) at += this.#takeAfter(rest)
      else if (this.#content + this.#filling > 0) at += this.#takeContent(rest)
      else {
        const taken = this.#takeHeader(rest)
        if (this.#after > 0) before = at
        at += taken
      }
    }
    return before
  }

  /**
   * Ends the archive.
   * @throws Error where it is cut short
   */
  end(): void {
    if (this.#after < 2 * BLOCK) throw new Error('it is cut short')
  }

  #takeHeader(rest: Buffer): number {
    const taken = Math.min(BLOCK - this.#filled, rest.length)
    rest.copy(this.#header, this.#filled, 0, taken)
    this.#filled += taken
    if (this.#filled < BLOCK) return taken
    this.#filled = 0
    if (isBlank(this.#header)) this.#after = BLOCK
    else this.#begin(parseHeader(this.#header))
    return taken
  }

  #begin({ letter, ...member }: ReturnType<typeof parseHeader>): void {
    this.#members += 1
    if (this.#members > MOST_MEMBERS) throw new Error('it has too many members')
    this.#content = member.size
    this.#filling = (BLOCK - (member.size % BLOCK)) % BLOCK
    if (letter === 'x') this.#take = extension(member)
    else if (letter in KINDS) this.#take = this.#visitor.member(member)
    else throw new Error(`${member.name} is of an unknown kind`)
  }

  #takeContent(rest: Buffer): number {
    if (this.#content === 0) {
      const filled = Math.min(this.#filling, rest.length)
      this.#filling -= filled
      return filled
    }
    const taken = Math.min(this.#content, rest.length)
    this.#take?.(taken < rest.length ? rest.subarray(0, taken) : rest)
    this.#content -= taken
    return taken
  }

  #takeAfter(rest: Buffer): number {
    this.#after += rest.length
    if (this.#after > MOST_AFTER || !isBlank(rest)) {
      throw new Error('it does not end as archives do')
    }
    return rest.length
  }
}

/** Takes what an extended header says, and refuses it where it changes more than times. */
function extension({ name, size }: TarMember): TarContent {
  if (!EXTENSION.test(name)) throw new Error(`${name} is no name of an extended header`)
  const refused = new Error(`${name} changes what comes after it`)
  if (size === 0 || size > BLOCK) throw refused
  let text = ''
  return piece => {
    text += piece.toString('latin1')
    if (text.length === size && !HARMLESS.test(text)) throw refused
  }
}
