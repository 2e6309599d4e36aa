import { type Figure, GROUPS, type GroupName } from './figures.js'

/** The machine that measured. */
export interface Machine {
  readonly processor: string
  readonly processors: number
  /** Bytes. */
  readonly memory: number
  readonly system: string
  /** Versions by the name of a program. */
  readonly versions: Readonly<Record<string, string>>
}

/** A measure that grows: what `x` counts, and the medians at each. */
export interface Series {
  readonly id: string
  readonly group: GroupName
  readonly name: string
  /** What `x` counts. */
  readonly of: string
  readonly points: readonly SeriesPoint[]
}

export interface SeriesPoint {
  readonly x: number
  readonly seconds: number
  /** The most memory that it held; undefined where nothing on the machine tells. */
  readonly bytes?: number | undefined
}

/** A build of a schedule that is drawn; seconds since the run began. */
export interface ScheduledBuild {
  readonly name: string
  readonly chain: number
  readonly from: number
  readonly to: number
}

/** All that a run of the benchmarks found. */
export interface Results {
  readonly measured: string
  readonly machine: Machine
  readonly figures: readonly Figure[]
  readonly series: readonly Series[]
  readonly schedule: readonly ScheduledBuild[]
  /** What could not be measured, and why. */
  readonly leftOut: readonly LeftOut[]
}

export interface LeftOut {
  readonly group: GroupName
  readonly why: string
}

const inOrder = <Row extends { readonly group: GroupName }>(rows: readonly Row[]): Row[] =>
  GROUPS.flatMap(group => rows.filter(row => row.group === group))

/** Earlier results with the groups that were measured again in the place of what they had. */
export function mergeResults(
  earlier: Results | undefined,
  now: Results,
  groups: readonly GroupName[]
): Results {
  if (!earlier) return now
  const merged = <Row extends { readonly group: GroupName }>(
    old: readonly Row[],
    fresh: readonly Row[]
  ) => inOrder([...old.filter(({ group }) => !groups.includes(group)), ...fresh])
  return {
    ...now,
    figures: merged(earlier.figures, now.figures),
    series: merged(earlier.series, now.series),
    schedule: groups.includes('chains') ? now.schedule : earlier.schedule,
    leftOut: merged(earlier.leftOut, now.leftOut)
  }
}
