import type { Needle } from './secret-needles.js'
import { nextPlace } from './secret-skips.js'
import type { Step } from './secret-trie.js'
import { SharedNeedles, TELLING } from './shared-needles.js'

/** A part of a text that is masked. */
export interface Match {
  readonly start: number
  readonly end: number
}

/** Follows all needles through a text that comes piece by piece. All places count from its beginning. */
export interface Scan {
  /** Takes the next piece; gives what is masked by now, which later pieces may make longer. */
  next(piece: Uint8Array): readonly Match[]
  /** What is masked since nothing more comes. */
  end(): readonly Match[]
  /** From here on the text may hold the beginning of a secret. */
  readonly open: number
}

/** Where a secret was cut off in a message: `…` in UTF-8. */
const CUT = Buffer.from('…')

/**
 * Ways that are followed at once. Secrets that can be read in more of them have hardly a letter: all is
 * masked from their beginning to the first byte that no secret has.
 */
const MOST_WAYS = 64

/** Bytes that make a word go on. */
const isWordByte = (byte: number) =>
  (byte >= 0x30 && byte <= 0x39) ||
  (byte >= 0x41 && byte <= 0x5a) ||
  (byte >= 0x61 && byte <= 0x7a) ||
  byte === 0x5f

class NeedleScan implements Scan {
  readonly #needles: SharedNeedles
  /** Where the piece begins. */
  #base = 0
  #length = 0
  #steps: Step[] = []
  /** Where each of the steps began, at the earliest. */
  #starts: number[] = []
  /** Ends of words, if no word goes on there: where their needles begin, and what is masked of them. */
  #word = NOWHERE
  #wordMask = NOWHERE
  /** Since where all is masked. */
  #all = NOWHERE
  #found: { start: number; end: number }[] = []

  constructor(needles: SharedNeedles) {
    this.#needles = needles
  }

  get open(): number {
    // A byte of what is masked is kept, so that what follows is a part of it.
    if (this.#all !== NOWHERE) return this.#length - 1
    return this.#starts.reduce(
      (least, start) => Math.min(least, start),
      Math.min(this.#length, this.#word)
    )
  }

  next(piece: Uint8Array): readonly Match[] {
    this.#base = this.#length
    this.#length += piece.length
    this.#found = []
    const { skips } = this.#needles
    let candidate = nextPlace(piece, 0, skips)
    for (let at = 0; at < piece.length; at += 1) {
      if (this.#all !== NOWHERE) {
        at = this.#maskOn(piece, at)
        candidate = nextPlace(piece, at, skips)
      }
      if (this.#steps.length === 0 && this.#word === NOWHERE) at = Math.max(at, candidate)
      if (at >= piece.length) break
      if (at === candidate) {
        this.#steps.push(this.#needles.first)
        this.#starts.push(this.#base + at)
        candidate = nextPlace(piece, at + 1, skips)
      }
      this.#take(piece, at)
    }
    return this.#found
  }

  end(): readonly Match[] {
    this.#found = []
    this.#endWord(this.#length)
    return this.#found
  }

  /** Goes by all that may be of a secret. */
  #maskOn(piece: Uint8Array, from: number): number {
    const { bytes } = this.#needles
    let at = from
    while (at < piece.length && bytes[piece[at] as number] === 1) at += 1
    this.#mask(this.#all, this.#base + at)
    if (at < piece.length) this.#all = NOWHERE
    return at
  }

  #take(piece: Uint8Array, at: number): void {
    const byte = piece[at] as number
    const place = this.#base + at
    if (this.#word !== NOWHERE && !isWordByte(byte)) this.#endWord(place)
    this.#word = NOWHERE
    this.#wordMask = NOWHERE
    const steps = this.#steps
    const starts = this.#starts
    this.#steps = []
    this.#starts = []
    this.#needles.tick += 1
    this.#needles.taken += steps.length
    const isCut = this.#needles.cut && CUT.every((each, next) => piece[at + 1 + next] === each)
    let mask = NOWHERE
    for (let index = 0; index < steps.length; index += 1) {
      const step = (steps[index] as Step).after(byte)
      const start = starts[index] as number
      for (const reached of step.reached) {
        mask = Math.min(mask, start + reached.whole)
        this.#word = Math.min(this.#word, reached.word === NOWHERE ? NOWHERE : start)
        this.#wordMask = Math.min(this.#wordMask, start + reached.word)
        if (isCut && reached.depth >= TELLING) mask = Math.min(mask, start + reached.keep)
        this.#add(reached.step, start)
      }
      this.#add(step, start)
    }
    if (mask <= place) this.#mask(mask, place + 1)
    if (this.#steps.length > MOST_WAYS) this.#giveUp(place + 1)
  }

  /** Follows a step, once from the earliest of its beginnings. */
  #add(step: Step, start: number): void {
    if (!step.goesOn) return
    const { tick } = this.#needles
    if (step.mark === tick) {
      this.#starts[step.index] = Math.min(this.#starts[step.index] as number, start)
      return
    }
    step.mark = tick
    step.index = this.#steps.length
    this.#steps.push(step)
    this.#starts.push(start)
  }

  /** Masks all from here on where there are too many ways; those do not count that a search may have gone by. */
  #giveUp(place: number): void {
    const since = place - this.#needles.skips.window
    const ways = this.#starts.filter(start => start <= since)
    if (ways.length <= MOST_WAYS) return
    this.#all = ways.reduce((least, start) => Math.min(least, start), this.#word)
    this.#mask(this.#all, place)
    this.#steps = []
    this.#starts = []
    this.#word = NOWHERE
    this.#wordMask = NOWHERE
  }

  #endWord(place: number): void {
    if (this.#wordMask < place) this.#mask(this.#wordMask, place)
  }

  /** Ends only grow, so what overlaps is one already. */
  #mask(from: number, end: number): void {
    let start = from
    for (let last = this.#found.at(-1); last && last.end > start; last = this.#found.at(-1)) {
      start = Math.min(start, last.start)
      this.#found.pop()
    }
    this.#found.push({ start, end })
  }
}

const NOWHERE = Number.POSITIVE_INFINITY

/**
 * Makes what scans texts for needles. Those that begin alike are followed as one, so its time does not grow
 * with their number.
 * @param cut finds secrets, too, that a message has cut off, where the text comes in one piece
 */
export function openMatcher(needles: readonly Needle[], cut: boolean): () => Scan {
  const shared = new SharedNeedles(needles, cut)
  return () => new NeedleScan(shared)
}
