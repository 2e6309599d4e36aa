/** What a process printed, kept. */
export interface Printed {
  /** To be given to Exec.stream, or called with each piece. */
  readonly onOutput: (chunk: Buffer) => void
  /** All that is kept, as text. */
  readonly text: () => string
}

/**
 * Keeps what a process prints, which Exec.stream overwrites.
 * @param most pieces that are kept, the first ones; what a short command prints comes in a few
 */
export function keepPrinted(most = Number.POSITIVE_INFINITY): Printed {
  const pieces: Buffer[] = []
  return {
    onOutput: chunk => {
      if (pieces.length < most) pieces.push(Buffer.from(chunk))
    },
    text: () => Buffer.concat(pieces).toString()
  }
}
