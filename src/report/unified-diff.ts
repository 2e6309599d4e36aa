import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'

/** A file as it is and as it is to be; `before` is undefined where there is none. */
export interface ChangedFile {
  /** For the heading, relative, `/` between names. */
  readonly name: string
  readonly before: string | undefined
  readonly text: string
}

/** How a file differs from what it is to be, as `patch -p1` and `git apply` take it. */
export function unifiedDiff({ name, before, text }: ChangedFile): string {
  const from = before === undefined ? '/dev/null' : `a/${name}`
  const options = { context: 3, headerOptions: FILE_HEADERS_ONLY }
  return createTwoFilesPatch(from, `b/${name}`, before ?? '', text, undefined, undefined, options)
}

/** The first line of a file that is not what it is to be, counted from 1. */
export function firstDifference({ before = '', text }: ChangedFile): number {
  const lines = text.split('\n')
  const differs = before.split('\n').findIndex((line, index) => line !== lines[index])
  return differs < 0 ? before.split('\n').length : differs + 1
}
