/** What archive-program is to do, with an archive of the images whose ids are its further arguments. */
export interface ArchiveCall {
  /** From the daemon, to the daemon, or nowhere: only looked at. */
  readonly way: 'save' | 'load' | 'check'
  /** Bytes that it may have at most. */
  readonly limit: number
  /** Path of the daemon's socket; where there is none a docker command stands in its place, at the program's input or output. */
  readonly socket?: string | undefined
}

/** What came of it: in words why the archive is refused, or what went wrong. */
export type ArchiveAnswer =
  | { readonly what: 'done' | 'too large' }
  | { readonly what: 'refused' | 'failed'; readonly why: string }
