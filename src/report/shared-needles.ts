import type { Forms } from './secret-forms.js'
import type { Needle } from './secret-needles.js'
import { skipsOf } from './secret-skips.js'
import { Place, type Step } from './secret-trie.js'

/** Characters of a secret that are masked although the rest of it was cut off. */
export const TELLING = 4

/** Which bytes the forms of needles have. */
function bytesOf(needles: readonly Needle[]): Uint8Array {
  const found = new Uint8Array(256)
  const forms = new Set<Forms>()
  for (const { characters } of needles) for (const each of characters) forms.add(each)
  for (const each of forms) for (const form of each) for (const byte of form) found[byte] = 1
  return found
}

/** What all scans for some needles share. */
export class SharedNeedles {
  readonly skips
  readonly #all: readonly Needle[]
  #bytes: Uint8Array | undefined
  #root: Place
  #since = 0
  /** Steps that all scans have taken. */
  taken = 0
  /** Bytes that all scans have looked at. */
  tick = 0

  constructor(
    needles: readonly Needle[],
    /** Also needles that were cut off count. */
    readonly cut: boolean
  ) {
    this.#all = needles
    this.skips = skipsOf(needles, cut ? TELLING : undefined)
    this.#root = new Place(needles, 0)
  }

  /** Bytes that may stand in a secret. */
  get bytes(): Uint8Array {
    this.#bytes ??= bytesOf(this.#all)
    return this.#bytes
  }

  /** Nothing yet of any needle; what was made to go on from there is made anew now and then, so that it stays small. */
  get first(): Step {
    if (this.taken - this.#since > MOST_TAKEN) {
      this.#root = new Place(this.#all, 0)
      this.#since = this.taken
    }
    return this.#root.step
  }
}

/** Steps that are taken, each of which may be a new one, until all are made anew. */
const MOST_TAKEN = 500_000
