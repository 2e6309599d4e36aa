import { GROUPS, type GroupName } from './figures.js'

export interface BenchOptions {
  readonly groups: readonly GroupName[]
  /** What CI takes: fewer rounds, and not the figures that take minutes. */
  readonly isShort: boolean
  /** Compare with what is committed. */
  readonly checks: boolean
  /** Keep the results in docs. */
  readonly writes: boolean
  /** Rounds of every comparison, in place of what is laid down for it. */
  readonly rounds: number | undefined
  /** Measure nothing: write the page and its plots from what is committed. */
  readonly redraws: boolean
  readonly help: boolean
}

export const USAGE = `usage: script/bench [--short] [--check] [--write | --redraw] [--rounds=N] [GROUP...]
  --short     what CI takes: fewer rounds, and not the figures that take minutes
  --check     fail where a ratio is worse by a quarter than the one in docs/benchmarks.json
  --write     keep the results: docs/benchmarks.json, docs/benchmarks.md and its plots
  --redraw    measure nothing, and make the page and its plots from docs/benchmarks.json again
  --rounds=N  of each comparison, in place of ten and more
  GROUP       only these: ${GROUPS.join(', ')}
`

const FLAGS = ['--short', '--check', '--write', '--redraw', '--help', '-h']

const ROUNDS = /^--rounds=([1-9]\d*)$/

function roundsIn(flags: readonly string[]): number | undefined {
  const [given] = flags.flatMap(flag => ROUNDS.exec(flag)?.[1] ?? [])
  return given === undefined ? undefined : Number(given)
}

/**
 * Reads the words of the command line.
 * @returns a text that says what is wrong with them, where something is
 */
export function readBenchOptions(words: readonly string[]): BenchOptions | string {
  const named = words.filter(word => !word.startsWith('-'))
  const flags = words.filter(word => word.startsWith('-'))
  const rounds = roundsIn(flags)
  const wrongFlag = flags.find(flag => !FLAGS.includes(flag) && !ROUNDS.test(flag))
  if (wrongFlag !== undefined) return `there is no option ${wrongFlag}`
  const wrongGroup = named.find(name => !GROUPS.some(group => group === name))
  if (wrongGroup !== undefined) return `there is no group ${wrongGroup}`
  const isShort = flags.includes('--short')
  const writes = flags.includes('--write')
  if (isShort && writes) return '--write keeps the whole form, not the one of --short'
  if (writes && rounds !== undefined && rounds < 10) return '--write keeps ten rounds or more'
  return {
    rounds,
    groups: named.length === 0 ? GROUPS : GROUPS.filter(group => named.includes(group)),
    isShort,
    checks: flags.includes('--check'),
    writes,
    redraws: flags.includes('--redraw'),
    help: flags.includes('--help') || flags.includes('-h')
  }
}
