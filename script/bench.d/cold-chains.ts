import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Member, write } from './family.js'
import type { ScheduledBuild } from './results.js'
import type { Job } from './schedule.js'
import type { Span } from './stand-ins.js'

export const WIDTH = 8
export const DEPTH = 3

/** Seconds that the build of an image sleeps: from 0.3 to 1.1, in an order without an order. */
const sleepOf = (number: number): number => 0.3 + (((number * 7) % 24) / 23) * 0.8

function dockerfile(number: number, base: string | undefined): string {
  const start =
    base === undefined ? ['FROM scratch', 'COPY busybox /bin/busybox'] : [`FROM ${base}`]
  const work = `RUN ["/bin/busybox", "sleep", "${sleepOf(number).toFixed(2)}"]`
  return `${[...start, `COPY round /round-${number}`, work].join('\n')}\n`
}

/**
 * Writes chains of images: each sleeps for a time of its own, so that a machine with few processors
 * can show what a schedule is worth.
 * @param busybox a static one
 * @returns the images as the manifest lists them: all first ones, then all second ones
 */
export function writeChains(project: string, mark: string, busybox: string): readonly Member[] {
  const members: Member[] = []
  for (let number = 0; number < WIDTH * DEPTH; number += 1) {
    const folder = join(project, `image-${number}`)
    const on = number < WIDTH ? undefined : number - WIDTH
    const base = on === undefined ? undefined : members[on]?.tag
    write(join(folder, 'Dockerfile'), dockerfile(number, base))
    if (on === undefined) copyFileSync(busybox, join(folder, 'busybox'))
    members.push({ tag: `${mark}/image-${number}:1.0`, folder, on })
  }
  const images = members.map(({ tag }, number) => ({
    tag,
    dockerfile: 'Dockerfile',
    working_dir: `../image-${number}`
  }))
  write(join(project, 'docker/IMAGES.json'), JSON.stringify({ images }, null, 2))
  return members
}

/** Changes a file of every image, so that no layer of an earlier round is of use. */
export function changeAll(members: readonly Member[], round: string): void {
  for (const { folder } of members) write(join(folder, 'round'), `${round}\n`)
}

/** The builds of a run. */
export interface RunOfChains {
  readonly jobs: readonly Job[]
  readonly builds: readonly ScheduledBuild[]
}

/** Tells which of the builds that ran was which image's. */
export function readRun(spans: readonly Span[], members: readonly Member[]): RunOfChains {
  const times = members.map(({ tag }) => {
    const { began = 0, ended = 0 } = spans.find(({ words }) => words.includes(tag)) ?? {}
    return { began, ended }
  })
  const start = Math.min(...times.map(({ began }) => began))
  return {
    jobs: members.map(({ tag, on }, number) => {
      const { began = 0, ended = 0 } = times[number] ?? {}
      const after = on === undefined ? [] : [members[on]?.tag ?? '']
      return { id: tag, seconds: ended - began, after }
    }),
    builds: times.map(({ began, ended }, number) => ({
      name: `${(number % WIDTH) + 1}.${Math.floor(number / WIDTH) + 1}`,
      chain: number % WIDTH,
      from: began - start,
      to: ended - start
    }))
  }
}
