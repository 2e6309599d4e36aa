import type { Needle } from './secret-needles.js'

/** A form of one of a needle's characters, of which some bytes were found. */
export interface Thread {
  readonly needle: Needle
  readonly character: number
  readonly form: Uint8Array
  /** The byte of the form that is next. */
  readonly byte: number
}

/** Some bytes that needles begin with. */
export interface Start {
  /** Needles that these bytes are. */
  readonly ended: readonly Needle[]
  /** What may follow them. */
  readonly threads: readonly Thread[]
  /** The start that is longer by a byte; one without threads where no needle goes on with it. */
  after(byte: number): Start
}

/** Starts that are kept: a text may hold any number of ways to write what is escaped. */
const MOST = 20_000

const threadsAt = (needle: Needle, character: number): readonly Thread[] =>
  (needle.characters[character] ?? []).map(form => ({ needle, character, form, byte: 0 }))

/** What follows the threads that have a byte, and the needles that end with it, each once. */
function advance(threads: readonly Thread[]): Pick<Start, 'threads' | 'ended'> {
  const next: Thread[] = []
  const ended: Needle[] = []
  const seen = new Map<Needle, Set<number>>()
  for (const { needle, character, form, byte } of threads) {
    if (byte + 1 < form.length) {
      next.push({ needle, character, form, byte: byte + 1 })
      continue
    }
    // Two spellings of the same characters may be of the same length.
    const reached = seen.get(needle) ?? new Set()
    if (reached.has(character)) continue
    seen.set(needle, reached.add(character))
    if (character + 1 === needle.characters.length) ended.push(needle)
    else for (const thread of threadsAt(needle, character + 1)) next.push(thread)
  }
  return { threads: next, ended }
}

function byNextByte(threads: readonly Thread[]): ReadonlyMap<number, readonly Thread[]> {
  const groups = new Map<number, Thread[]>()
  for (const thread of threads) {
    const byte = thread.form[thread.byte] ?? 0
    const group = groups.get(byte)
    if (group) group.push(thread)
    else groups.set(byte, [thread])
  }
  return groups
}

const NONE: Start = { ended: [], threads: [], after: () => NONE }

/** The start of no bytes. The others are made as a text asks for them: most never are. */
export function openStart(needles: readonly Needle[]): Start {
  let made = 0
  function startOf({ threads, ended }: Pick<Start, 'threads' | 'ended'>): Start {
    made += 1
    const known = new Map<number, Start>()
    let groups: ReadonlyMap<number, readonly Thread[]> | undefined
    const after = (byte: number) => {
      const found = known.get(byte)
      if (found) return found
      groups ??= byNextByte(threads)
      const group = groups.get(byte)
      const start = group ? startOf(advance(group)) : NONE
      if (made < MOST) known.set(byte, start)
      return start
    }
    return { threads, ended, after }
  }
  return startOf({ threads: needles.flatMap(needle => threadsAt(needle, 0)), ended: [] })
}
