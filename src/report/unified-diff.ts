import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'

/** A file as it is and as it is to be; `before` is undefined where there is none. */
export interface ChangedFile {
  /** For the heading, relative, `/` between names. */
  readonly name: string
  readonly before: string | undefined
  readonly text: string
}

/** Changed lines beyond which the whole file is told as replaced: finding the fewest takes their square. */
const MOST_CHANGES = 2_000

function replaced(text: string, sign: '-' | '+'): string[] {
  if (text === '') return []
  const lines = text.replace(/\n$/, '').split('\n')
  const end = text.endsWith('\n') ? [] : ['\\ No newline at end of file']
  return [...lines.map(line => sign + line), ...end]
}

/** A patch that takes all lines of a file out and puts the others in. */
function wholeDiff(from: string, to: string, before: string, after: string): string {
  const old = replaced(before, '-')
  const fresh = replaced(after, '+')
  const range = (lines: readonly string[], sign: string) => {
    const count = lines.filter(line => line.startsWith(sign)).length
    return `${count === 0 ? 0 : 1},${count}`
  }
  const head = [`--- ${from}`, `+++ ${to}`, `@@ -${range(old, '-')} +${range(fresh, '+')} @@`]
  return `${[...head, ...old, ...fresh].join('\n')}\n`
}

/** How a file differs from what it is to be, as `patch -p1` and `git apply` take it. */
export function unifiedDiff({ name, before, text }: ChangedFile): string {
  const from = before === undefined ? '/dev/null' : `a/${name}`
  const to = `b/${name}`
  const options = {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
    maxEditLength: MOST_CHANGES
  }
  const patch = createTwoFilesPatch(from, to, before ?? '', text, undefined, undefined, options)
  return patch ?? wholeDiff(from, to, before ?? '', text)
}

/** The first line of a file that is not what it is to be, counted from 1. */
export function firstDifference({ before = '', text }: ChangedFile): number {
  const lines = text.split('\n')
  const differs = before.split('\n').findIndex((line, index) => line !== lines[index])
  return differs < 0 ? before.split('\n').length : differs + 1
}
