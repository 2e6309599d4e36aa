/** Output between two words that nobody can guess, in which the runner heeds no workflow command. */
export interface OutputFence {
  /** Begins the fenced part; gives the word that ends it. */
  raise(): string
  /** Ends it; nothing where none has begun. */
  lower(): void
  /** Prints what others said, behind the fence. */
  write(chunk: Uint8Array): void
  /** Prints a line of ours that may hold what others said, fenced wherever it could be a command. */
  line(text: string): void
  /** Prints by `speak` as the runner itself is spoken to. */
  unfenced(speak: () => void): void
}

interface FencePorts {
  readonly print: (text: string | Uint8Array) => void
  /** A word that nobody can guess: lower-case letters and digits. */
  readonly token: () => string
}

const NEWLINE = 0x0a

const textOf = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  Buffer.from(buffer, byteOffset, byteLength).toString('latin1')

/** Where the runner looks for commands: at the start of a line, and the older ones anywhere. */
const MAY_BE_COMMAND = /::|##\[/

/**
 * Makes the fence of a step's log.
 * https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions#stopping-and-starting-workflow-commands
 */
export function outputFence({ print, token }: FencePorts): OutputFence {
  let fence: string | undefined
  /** The fence's word; the runner compares without regard to case. */
  let word = /$^/
  let atLineStart = true
  /** The end of what was written last: it may be the start of the fence's word. */
  let tail = ''

  const raise = (): string => {
    fence = token()
    word = new RegExp(fence, 'i')
    atLineStart = true
    tail = ''
    print(`::stop-commands::${fence}\n`)
    return fence
  }
  const endLine = () => {
    if (!atLineStart) print('\n')
    atLineStart = true
  }
  const lower = () => {
    if (fence === undefined) return
    endLine()
    print(`::${fence}::\n`)
    fence = undefined
  }
  const unfenced = (speak: () => void) => {
    const wasFenced = fence !== undefined
    lower()
    speak()
    if (wasFenced) raise()
  }
  const write = (chunk: Uint8Array) => {
    if (chunk.length === 0) return
    const { length } = fence ?? raise()
    const text = textOf(chunk)
    if (word.test(tail + text.slice(0, length)) || word.test(text)) unfenced(() => {})
    tail = text.length < length ? (tail + text).slice(-length) : text.slice(-length)
    print(chunk)
    atLineStart = chunk.at(-1) === NEWLINE
  }
  const line = (text: string) => {
    const wasFenced = fence !== undefined
    if (!wasFenced && MAY_BE_COMMAND.test(text)) raise()
    if (fence === undefined) return print(`${text}\n`)
    endLine()
    write(Buffer.from(`${text}\n`))
    if (!wasFenced) lower()
  }
  return { raise, lower, write, line, unfenced }
}
