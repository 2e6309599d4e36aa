import type { Forms } from './secret-forms.js'
import type { Needle } from './secret-needles.js'

/** Some bytes that forms of one character begin with. */
interface FormNode {
  readonly next: Map<number, FormNode>
  /** These bytes are a form. */
  isForm: boolean
}

const formNode = (): FormNode => ({ next: new Map(), isForm: false })

const trees = new WeakMap<Forms, FormNode>()

function formTree(forms: Forms): FormNode {
  const found = trees.get(forms)
  if (found) return found
  const root = formNode()
  for (const form of forms) {
    let node = root
    for (const byte of form) {
      const next = node.next.get(byte) ?? formNode()
      node.next.set(byte, next)
      node = next
    }
    node.isForm = true
  }
  trees.set(forms, root)
  return root
}

/** What the bytes since a place may be the beginning of: a form of the next character of some needles. */
interface Beginning {
  readonly node: FormNode
  /** Where these needles are when the form has ended. */
  readonly place: Place
}

/** What some bytes after a place may be; made as a text asks for it, since most never are. */
export class Step {
  #known: Map<number, Step> | undefined
  readonly #beginnings: readonly Beginning[]
  /** Where needles are whose form ends with these bytes. */
  readonly reached: readonly Place[]
  /** Longer forms begin with these bytes. */
  readonly goesOn: boolean
  /** Used by who follows steps: when it was added last, and as which. */
  mark = 0
  index = 0

  constructor(beginnings: readonly Beginning[]) {
    this.reached = beginnings.filter(({ node }) => node.isForm).map(({ place }) => place)
    this.#beginnings = beginnings.filter(({ node }) => node.next.size > 0)
    this.goesOn = this.#beginnings.length > 0
  }

  /** The step that is longer by a byte. */
  after(byte: number): Step {
    const found = this.#known?.get(byte)
    if (found) return found
    const beginnings: Beginning[] = []
    for (const { node, place } of this.#beginnings) {
      const next = node.next.get(byte)
      if (next) beginnings.push({ node: next, place })
    }
    const step = beginnings.length > 0 ? new Step(beginnings) : NONE
    this.#known ??= new Map()
    this.#known.set(byte, step)
    return step
  }
}

const NONE = new Step([])

const least = (needles: readonly Needle[]): number =>
  needles.reduce((least, { keep }) => Math.min(least, keep), Number.POSITIVE_INFINITY)

/** The needles that begin with the same characters, after which they stand: so their number costs nothing. */
export class Place {
  readonly #going: readonly Needle[]
  #step: Step | undefined
  /** Bytes that are not masked of a needle that ends here, at least; infinite where none does. */
  readonly whole: number
  /** The same of those that end where a word does. */
  readonly word: number
  /** The same of all. */
  readonly keep: number

  constructor(
    needles: readonly Needle[],
    /** Characters before it. */
    readonly depth: number
  ) {
    const ended = needles.filter(({ characters }) => characters.length === depth)
    this.#going =
      ended.length > 0 ? needles.filter(({ characters }) => characters.length > depth) : needles
    this.whole = least(ended.filter(({ isWord }) => !isWord))
    this.word = least(ended.filter(({ isWord }) => isWord))
    this.keep = least(needles)
  }

  /** Nothing yet of the characters that may follow. */
  get step(): Step {
    this.#step ??= new Step(this.#beginnings())
    return this.#step
  }

  #beginnings(): readonly Beginning[] {
    const groups = new Map<Forms, Needle[]>()
    for (const needle of this.#going) {
      const forms = needle.characters[this.depth] as Forms
      const group = groups.get(forms)
      if (group) group.push(needle)
      else groups.set(forms, [needle])
    }
    return [...groups].map(([forms, needles]) => ({
      node: formTree(forms),
      place: new Place(needles, this.depth + 1)
    }))
  }
}
