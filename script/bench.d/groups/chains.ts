import type { Bench } from '../bench.js'
import { changeAll, readRun, writeChains } from '../cold-chains.js'
import { daemonAnswers, dockerPath, removeImages } from '../daemon.js'
import { dockerLoop } from '../docker-loop.js'
import type { Member } from '../family.js'
import { ratioAtMost } from '../figures.js'
import { ourCall } from '../ours.js'
import { timed } from '../run.js'
import { idealSchedule, lowerBound } from '../schedule.js'
import { type StandIns, writeStandIns } from '../stand-ins.js'
import { staticBusybox } from '../tools.js'

const DRAWN = 4

const placesOf = (bench: Bench): readonly number[] => (bench.isShort ? [DRAWN] : [2, 4, 8])

/** The cold builds of a bench, with what its runs say of themselves. */
class ColdBuilds {
  readonly bounds = new Map<number, number[]>()
  readonly ideals = new Map<number, number[]>()
  readonly #bench: Bench
  readonly #members: readonly Member[]
  readonly #project: string
  readonly #standIns: StandIns
  #round = 0

  constructor(bench: Bench, real: { readonly docker: string; readonly busybox: string }) {
    this.#bench = bench
    this.#standIns = writeStandIns(bench.folder('chains-times'), { ...real, image: '' })
    this.#project = bench.folder('chains')
    this.#members = writeChains(this.#project, `${bench.mark}/chains`, real.busybox)
  }

  /** Takes out what was built, and changes all files. */
  async #renew(): Promise<void> {
    this.#round += 1
    await removeImages(`${this.#bench.mark}/chains`)
    changeAll(this.#members, `${this.#bench.mark} ${this.#round}`)
  }

  async ours(places: number): Promise<number> {
    await this.#renew()
    this.#standIns.forget()
    const args = ['build', '--max-parallel', String(places)]
    const state = this.#bench.folder('chains-state')
    const { env, spans } = this.#standIns
    const seconds = await timed(ourCall({ project: this.#project, state, args, env }))
    this.#bench.removeFolder('chains-state')
    const { jobs, builds } = readRun(spans(), this.#members)
    this.#keep(this.bounds, places, lowerBound(jobs, places))
    this.#keep(this.ideals, places, idealSchedule(jobs, places))
    if (places === DRAWN) this.#bench.schedule = builds
    return seconds
  }

  async listOrder(): Promise<number> {
    await this.#renew()
    return timed(dockerLoop('docker', this.#members))
  }

  #keep(of: Map<number, number[]>, places: number, seconds: number): void {
    of.set(places, [...(of.get(places) ?? []), seconds])
  }
}

function addFigures(bench: Bench, builds: ColdBuilds, times: Readonly<Record<string, number[]>>) {
  for (const places of placesOf(bench)) {
    const ours = times[`ours${places}`] ?? []
    const name = `cold \`build\` of 8 chains of 3, \`max-parallel\` ${places}`
    const common = { name, unit: 'seconds' } as const
    const cost = { ...common, kind: 'cost' } as const
    bench.add(
      {
        ...cost,
        id: `chains-bound-${places}`,
        against: 'the critical path, or the work over the places',
        bars: [ratioAtMost(1.1)]
      },
      ours,
      builds.bounds.get(places)
    )
    bench.add(
      {
        ...cost,
        id: `chains-ideal-${places}`,
        against: 'a schedule that knows every time beforehand',
        bars: []
      },
      ours,
      builds.ideals.get(places)
    )
    if (!times.list) continue
    bench.add(
      {
        ...common,
        kind: 'gain',
        id: `chains-list-${places}`,
        against: 'the order of the list, one after another',
        bars: []
      },
      ours,
      times.list
    )
  }
}

/** Cold builds against the shortest time that their own builds allow, and against the list's order. */
export async function chains(bench: Bench): Promise<void> {
  if (!(await daemonAnswers())) return bench.leaveOut('all of it: no Docker daemon answers')
  const busybox = await staticBusybox()
  if (!busybox) return bench.leaveOut('all of it: there is no static busybox')
  const builds = new ColdBuilds(bench, { docker: await dockerPath(), busybox })
  const sides = Object.fromEntries(
    placesOf(bench).map(places => [`ours${places}`, () => builds.ours(places)] as const)
  )
  const list = { list: () => builds.listOrder() }
  const times = await bench.measure('cold chains', bench.isShort ? sides : { ...sides, ...list }, {
    rounds: bench.rounds(3),
    warmUp: false
  })
  addFigures(bench, builds, times)
}
