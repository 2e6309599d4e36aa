import { trimLeft } from './dockerfile-words.js'

/** `# name=value` at the head of a file. */
export interface Directive {
  readonly name: 'syntax' | 'escape' | 'check'
  readonly value: string
  readonly line: number
}

const DIRECTIVE = /^([a-zA-Z][a-zA-Z0-9]*)[\t\f\r ]*=(.+)$/

/**
 * Reads the lines at the head of a file, one call a line, until the first that is no directive.
 * Gives the directive, undefined for none, or the reason why BuildKit refuses the line.
 */
export class DirectiveReader {
  readonly #comment: string
  readonly #seen = new Set<string>()
  #done = false

  constructor(comment = '#') {
    this.#comment = comment
  }

  read(text: string, line: number): Directive | string | undefined {
    const found = this.#done ? undefined : this.#match(text)
    this.#done ||= !found
    if (!found) return undefined
    if (this.#seen.has(found.name)) return `only one ${found.name} parser directive can be used`
    this.#seen.add(found.name)
    return { ...found, line }
  }

  get done(): boolean {
    return this.#done
  }

  #match(text: string): Omit<Directive, 'line'> | undefined {
    if (!text.startsWith(this.#comment)) return undefined
    const [, word, value] = DIRECTIVE.exec(trimLeft(text.slice(this.#comment.length))) ?? []
    const name = word?.toLowerCase()
    if (name !== 'syntax' && name !== 'escape' && name !== 'check') return undefined
    return { name, value: (value ?? '').trim() }
  }
}

/**
 * The image that reads the file in BuildKit's place: `# syntax=IMAGE`, also with `//` for `#`.
 * Follows https://github.com/moby/buildkit/blob/v0.34.2/frontend/dockerfile/parser/directives.go.
 */
export function detectSyntax(text: string): Omit<Directive, 'name'> | undefined {
  const lines = text.replace(/^\ufeff/, '').split('\n', 200)
  const first = lines[0]?.startsWith('#!') ? 1 : 0
  for (const comment of ['#', '//']) {
    const reader = new DirectiveReader(comment)
    for (let index = first; index < lines.length && !reader.done; index++) {
      const found = reader.read((lines[index] ?? '').replace(/\r$/, ''), index + 1)
      if (typeof found === 'string') break
      if (found?.name === 'syntax') {
        return { value: found.value.split(' ', 1)[0] ?? '', line: found.line }
      }
    }
  }
  return undefined
}
