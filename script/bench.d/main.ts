import { Bench } from './bench.js'
import { removeImages } from './daemon.js'
import type { GroupName } from './figures.js'
import { finish, redraw } from './finish.js'
import { chains } from './groups/chains.js'
import { growth } from './groups/growth.js'
import { overhead } from './groups/overhead.js'
import { size } from './groups/size.js'
import { start } from './groups/start.js'
import { stores } from './groups/stores.js'
import { unchanged } from './groups/unchanged.js'
import { versions } from './groups/versions.js'
import { type BenchOptions, readBenchOptions, USAGE } from './options.js'
import { canMeasureMemory, endPrograms } from './run.js'

const TAKES: Readonly<Record<GroupName, (bench: Bench) => Promise<void>>> = {
  start,
  unchanged,
  chains,
  growth,
  versions,
  overhead,
  stores,
  size
}

const startedAt = performance.now()

/** A line on standard error, with the minutes since the start. */
function say(text: string): void {
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  process.stderr.write(`${clock.padStart(6)}  ${text}\n`)
}

async function takeGroup(bench: Bench, group: GroupName): Promise<boolean> {
  bench.group = group
  try {
    await TAKES[group](bench)
    return true
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    bench.say(`FAILED: ${words}`)
    bench.leftOut.push({ group, why: `the rest, since it failed: ${words.split('\n')[0]}` })
    return false
  }
}

async function tidy(bench: Bench): Promise<void> {
  await removeImages(bench.mark)
  bench.close()
}

async function takeAll(options: BenchOptions): Promise<number> {
  const tellsMemory = await canMeasureMemory()
  const { isShort, rounds } = options
  const bench = new Bench({ isShort, rounds, tellsMemory, say })
  const interrupted = (status: number) => () => {
    say('interrupted: removing what was made')
    endPrograms()
    void tidy(bench).finally(() => process.exit(status))
  }
  process.once('uncaughtException', error => {
    say(`FAILED: ${error.stack ?? error.message}`)
    interrupted(1)()
  })
  process.once('SIGINT', interrupted(130))
  process.once('SIGTERM', interrupted(143))
  if (!tellsMemory) bench.leaveOut('memory: there is no GNU time (apt-get install time)')
  const failed: GroupName[] = []
  for (const group of options.groups) if (!(await takeGroup(bench, group))) failed.push(group)
  const status = await finish(bench, options, async group => takeGroup(bench, group))
  await tidy(bench)
  if (failed.length > 0) say(`failed: ${failed.join(', ')}`)
  return failed.length > 0 ? 1 : status
}

/** Takes the benchmarks, by the words of the command line; gives the exit status. */
export async function main(words: readonly string[]): Promise<number> {
  const options = readBenchOptions(words)
  if (typeof options === 'string') {
    process.stderr.write(`script/bench: ${options}\n${USAGE}`)
    return 2
  }
  if (options.redraws) return redraw() ? 0 : 1
  if (!options.help) return takeAll(options)
  process.stdout.write(USAGE)
  return 0
}
