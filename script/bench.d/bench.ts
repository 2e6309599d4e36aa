import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { alternate, type Side } from './alternate.js'
import { type Figure, type FigureHead, type GroupName, makeFigure, missedBars } from './figures.js'
import { barWords, inDigits, spreadWords, withUnit } from './format.js'
import type { LeftOut, ScheduledBuild, Series } from './results.js'

/** The project's root; the bundle of these files lies in node_modules/.cache/bench-NAME. */
export const ROOT = resolve(process.cwd())

/** Milliseconds after which another round is told. */
const SILENCE = 10_000

/** What groups share: how often they measure, where they write, and what they found. */
export class Bench {
  readonly figures: Figure[] = []
  readonly series: Series[] = []
  readonly leftOut: LeftOut[] = []
  schedule: readonly ScheduledBuild[] = []
  readonly isShort: boolean
  /** Whether peaks of memory can be told on this machine. */
  readonly tellsMemory: boolean
  /** Part of the names of all images that are made, so that they can be found again. */
  readonly mark: string
  group: GroupName = 'start'
  readonly #home: string
  readonly #rounds: number | undefined
  readonly #say: (text: string) => void
  #saidAt = 0

  constructor(options: {
    readonly isShort: boolean
    readonly tellsMemory: boolean
    /** Rounds of every comparison, in place of what is laid down for it. */
    readonly rounds: number | undefined
    readonly say: (text: string) => void
  }) {
    this.isShort = options.isShort
    this.tellsMemory = options.tellsMemory
    this.#rounds = options.rounds
    this.#say = options.say
    this.#home = mkdtempSync(join(tmpdir(), 'build-chain-bench-'))
    this.mark = `build-chain-bench-${this.#home.slice(-6).toLowerCase()}`
  }

  /** Tells that it is alive, and where it is. */
  say(text: string): void {
    this.#saidAt = performance.now()
    this.#say(`${this.group}: ${text}`)
  }

  /** Says what cannot be measured here, and why. */
  leaveOut(why: string): void {
    this.leftOut.push({ group: this.group, why })
    this.say(`left out: ${why}`)
  }

  /** A folder below one that goes when the benchmarks end. */
  folder(name: string): string {
    const path = join(this.#home, name)
    mkdirSync(path, { recursive: true })
    return path
  }

  /** Removes a folder that was made here. */
  removeFolder(name: string): void {
    rmSync(join(this.#home, name), { recursive: true, force: true })
  }

  /** Rounds of a comparison: ten or more, in the short form as many as are given for it. */
  rounds(short: number, whole = 10): number {
    return this.#rounds ?? (this.isShort ? short : whole)
  }

  /** Measures sides in turns. */
  async measure<Name extends string>(
    name: string,
    sides: Readonly<Record<Name, Side>>,
    options: { readonly rounds: number; readonly warmUp?: boolean }
  ): Promise<Record<Name, number[]>> {
    this.say(`${name}, ${options.rounds} rounds`)
    return alternate(sides, {
      count: options.rounds,
      warmUp: options.warmUp ?? true,
      onRound: round => {
        if (performance.now() - this.#saidAt < SILENCE) return
        this.say(`${name}, round ${round} of ${options.rounds}`)
      }
    })
  }

  /** Keeps a figure. */
  add(
    head: Omit<FigureHead, 'group'>,
    ours: readonly number[] = [],
    theirs: readonly number[] = []
  ): Figure {
    const figure = makeFigure({ ...head, group: this.group }, ours, theirs)
    this.figures.push(figure)
    this.say(figureWords(figure))
    return figure
  }

  /** Forgets what was found in the group, to measure it again. */
  forgetGroup(): void {
    removeGroup(this.figures, this.group)
    removeGroup(this.series, this.group)
    removeGroup(this.leftOut, this.group)
  }

  /** Removes all folders. */
  close(): void {
    rmSync(this.#home, { recursive: true, force: true })
  }
}

function removeGroup<Row extends { readonly group: GroupName }>(
  rows: Row[],
  name: GroupName
): void {
  rows.splice(0, rows.length, ...rows.filter(({ group }) => group !== name))
}

/** A figure in a line. */
export function figureWords(figure: Figure): string {
  const { name, against, ratio, unit, ours, theirs } = figure
  const missed = missedBars(figure).map(bar => barWords(bar, unit))
  const values = `${withUnit(ours, unit)} to ${withUnit(theirs, unit)}`
  const end = missed.length > 0 ? `; MISSED: ${missed.join(', ')}` : ''
  return `${name} / ${against}: ${inDigits(ratio.median)}, ${spreadWords(figure)}; ${values}${end}`
}
