/** What archive-program is to do, with an archive of the images whose ids are its further arguments. */
export interface ArchiveCall {
  /** From the daemon, or to it: only looked at where it has no socket. */
  readonly way: 'save' | 'load'
  /** Bytes that it may have at most. */
  readonly limit: number
  /** Path of the daemon's socket; where there is none, `docker save` stands at the program's input. */
  readonly socket?: string | undefined
}

/** What came of it: in words why the archive is refused, or what went wrong. */
export type ArchiveAnswer =
  | { readonly what: 'done' }
  | { readonly what: 'too large' }
  | { readonly what: 'refused' | 'failed'; readonly why: string }
