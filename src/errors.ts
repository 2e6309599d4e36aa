/** Every way in which the program refuses or fails on purpose; docs and tests hold the whole list. */
export type ErrorCode =
  | 'OPTIONS_INVALID'
  | 'MANIFEST_NOT_FOUND'
  | 'MANIFEST_INVALID'
  | 'SELECTION_EMPTY'
  | 'CHAIN_CYCLE'
  | 'FILE_MISSING'
  | 'FILE_UNREADABLE'
  | 'TEMPLATE_INVALID'
  | 'ENGINE_UNAVAILABLE'
  | 'TOOL_MISSING'
  | 'BUILD_FAILED'
  | 'BUILD_TIMEOUT'
  | 'IMAGE_NOT_FOUND'
  | 'INTERRUPTED'
  | 'CHECK_FAILED'
  | 'PUSH_FAILED'
  | 'TEST_FAILED'
  | 'DOWNLOAD_FAILED'
  | 'VERIFICATION_FAILED'
  | 'PLUGIN_FAILED'
  | 'OUTPUT_UNWRITABLE'
  | 'MOUNT_UNREACHABLE'

/** A place in a text file: `line` and `column` count from 1, `column` in UTF-16 units. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** A place that a message can point at. */
export interface Place {
  readonly file: string
  readonly position?: Position | undefined
}

/** One finding among several that are told at once. */
export interface Problem {
  readonly place?: Place | undefined
  readonly message: string
}

interface ChainErrorOptions {
  readonly hint: string
  readonly where?: Place | undefined
  readonly cause?: unknown
  readonly problems?: readonly Problem[]
}

/** An expected failure: `message` says what was found and expected, `hint` what to do. */
export class ChainError extends Error {
  override readonly name = 'ChainError'
  readonly code: ErrorCode
  readonly hint: string
  readonly where: Place | undefined
  readonly problems: readonly Problem[]

  constructor(code: ErrorCode, message: string, options: ChainErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint
    this.where = options.where
    this.problems = options.problems ?? []
  }
}

/** `FILE:LINE:COLUMN`, `FILE:LINE` being what editors and the runner's problem matchers jump to. */
export function formatPlace(place: Place): string {
  const { file, position } = place
  return position ? `${file}:${position.line}:${position.column}` : file
}

/** One line for a problem: its place, then what was found and expected. */
export function formatProblem(problem: Problem): string {
  return problem.place ? `${formatPlace(problem.place)}: ${problem.message}` : problem.message
}

/** What an error was caused by, and that by, with their stacks; where a refusal of the system came. */
function causesOf(error: unknown): readonly string[] {
  if (formatRefusal(error) && error instanceof Error) return [error.stack ?? '']
  const cause = error instanceof Error ? error.cause : undefined
  if (cause === undefined) return []
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
  return [`caused by ${text}`, ...causesOf(cause)]
}

/**
 * The whole text of an error for a person: every problem on a line of its own, then the remedy.
 * @param withCauses what caused it, too, for who wants to see more
 */
export function formatError(error: unknown, withCauses = false): string {
  const text = formatAlone(error)
  return withCauses ? [text, ...causesOf(error)].join('\n') : text
}

const ROOM =
  'Make room on that disk, or set TMPDIR, XDG_STATE_HOME or XDG_CACHE_HOME to a folder on another.'

const FOLDER =
  'Set TMPDIR, XDG_STATE_HOME or XDG_CACHE_HOME to a folder that this user can write to.'

/** What mends what the system refuses, by its code: https://man7.org/linux/man-pages/man3/errno.3.html */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: ROOM,
  EDQUOT: ROOM,
  EROFS: FOLDER,
  EACCES: FOLDER,
  EPERM: FOLDER,
  ENOENT: FOLDER,
  EMFILE: 'Let the program open more files: ulimit -n.',
  ENFILE: 'Let the machine open more files: sysctl fs.file-max.',
  EIO: 'Look at the disk: it fails.'
}

/** What the system has refused, and what mends that; undefined for what is a bug. */
function formatRefusal(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined
  const remedy = REMEDIES[String(error.code)]
  return remedy && `${error.message}\n${remedy}`
}

function formatAlone(error: unknown): string {
  if (!(error instanceof ChainError)) {
    const refusal = formatRefusal(error)
    if (refusal) return refusal
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
  const head = formatProblem({ place: error.where, message: error.message })
  const lines = error.problems.length > 0 ? error.problems.map(formatProblem) : [head]
  return [...lines, error.hint].join('\n')
}

const EXIT_STATUS: Partial<Record<ErrorCode, number>> = {
  OPTIONS_INVALID: 2,
  MANIFEST_NOT_FOUND: 2,
  MANIFEST_INVALID: 2,
  SELECTION_EMPTY: 2,
  CHAIN_CYCLE: 2,
  ENGINE_UNAVAILABLE: 3,
  TOOL_MISSING: 3,
  DOWNLOAD_FAILED: 3,
  VERIFICATION_FAILED: 3,
  PLUGIN_FAILED: 3,
  MOUNT_UNREACHABLE: 3,
  INTERRUPTED: 130
}

/** The exit status of docs/command-line.md: 1 a failed image, 2 bad input, 3 a missing tool, 130 interrupted. */
export function exitStatus(error: unknown): number {
  return error instanceof ChainError ? (EXIT_STATUS[error.code] ?? 1) : 1
}
