import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DIAMOND_TAGS, diamond } from '../fixtures/fault-chain.js'
import { amount, figure } from '../fixtures/figures.js'
import { type Measured, runMeasured } from '../fixtures/measured.js'
import { runCli } from '../fixtures/program.js'
import { standIns } from '../fixtures/stand-ins.js'
import { temporaryFolder, writeScript } from '../fixtures/temporary-folder.js'

const area = 'builders'

interface Reported {
  readonly status: string
  readonly logFile: string | null
  readonly failure?: { readonly message: string; readonly lastLines: readonly string[] }
}

/** A chain whose Packer does what a script says before it builds, or in place of it. */
function withPacker(script: string) {
  const { env, builds } = standIns()
  const bin = temporaryFolder()
  const real = join(import.meta.dirname, '../fixtures/stand-ins/packer')
  writeScript(
    join(bin, 'packer'),
    `[ "$1" = build ] || exec '${real}' "$@"\n${script}\nexec '${real}' "$@"`
  )
  const cwd = diamond()
  const report = join(cwd, 'report.json')
  const images = () => (JSON.parse(readFileSync(report, 'utf8')) as { images: Reported[] }).images
  return {
    cwd,
    builds,
    env: { ...env, PATH: [bin, env.PATH].join(delimiter) },
    words: ['build', '--report', report],
    images,
    statuses: () => images().map(({ status }) => status),
    right: () => images()[2] as Reported
  }
}

const FAILED = ['built', 'built', 'failed', 'blocked']
const BUILT = ['built', 'built', 'built', 'built']

/** MiB that the program may have whatever a builder says. */
const MOST_MEMORY = 200

const expectBounded = ({ peak }: Measured) => expect(peak).toBeLessThan(MOST_MEMORY)

describe('a builder', () => {
  it('that dies fails its image alone, and what was built before stands', async () => {
    const made = withPacker('echo half; kill -9 $$')
    const run = await runCli(made.words, made)
    expect(run.status).toBe(1)
    expect(run.stdout).toBe('acme/base:1\nacme/left:1\n')
    expect(made.statuses()).toEqual(FAILED)
    expect(run.stderr).toMatch(/acme\/right:1 failed: packer ended .*\n/)
    expect(made.right().failure?.lastLines.at(-1)).toBe('half')
  })

  it('that ignores signals is ended when its time is over', async () => {
    const made = withPacker("trap '' TERM INT HUP; echo $$; while :; do sleep 0.1; done")
    const run = await runMeasured([...made.words, '--timeout-minutes', '0.2'], made)
    expect(run.status).toBe(1)
    expect(made.right().failure?.message).toContain('took longer than 0.2 minutes')
    const pid = Number(made.right().failure?.lastLines.at(-1))
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
    expect(run.seconds).toBeLessThan(60)
  })

  it('may print without end: its log has all of it, and memory stays', async () => {
    const bytes = amount(1 << 30, 64 << 20)
    const made = withPacker(
      `yes 'a line of a builder that does not come to an end' | head -c ${bytes}; echo`
    )
    const run = await runMeasured(made.words, made)
    expect(run.lastWords).toContain('acme/app:1 built')
    expect(made.statuses()).toEqual(BUILT)
    expect(statSync(made.right().logFile ?? '').size).toBeGreaterThan(bytes)
    figure({ area, name: 'bytes that a builder printed', value: `${bytes >> 20} MiB` })
    figure({
      area,
      name: 'most memory of the program meanwhile',
      value: `${run.peak.toFixed(0)} MiB`
    })
    expectBounded(run)
  })

  it('may print one line of any length', async () => {
    const bytes = amount(100 << 20, 16 << 20)
    const made = withPacker(`head -c ${bytes} /dev/zero | tr '\\0' x; echo; echo after`)
    const run = await runMeasured(made.words, made)
    expect(run.lastWords).toContain('acme/app:1 built')
    expect(made.statuses()).toEqual(BUILT)
    figure({ area, name: 'length of one line that a builder printed', value: `${bytes >> 20} MiB` })
    figure({
      area,
      name: 'most memory of the program for that',
      value: `${run.peak.toFixed(0)} MiB`
    })
    expectBounded(run)
  })

  it('may fail with one long line, of which a person is shown a part', async () => {
    const made = withPacker(`head -c ${16 << 20} /dev/zero | tr '\\0' x; exit 3`)
    const run = await runMeasured(made.words, made)
    expect(made.statuses()).toEqual(FAILED)
    expect(made.right().failure?.message).toContain('exit status 3')
    expect(JSON.stringify(made.images()).length).toBeLessThan(20_000)
    expectBounded(run)
  })

  it('may print what is no text: the log has its bytes, and report and page are whole', async () => {
    const made = withPacker("printf 'good \\377\\376\\300\\200 \\355\\240\\200 \\0 bad\\n'; exit 4")
    const page = join(made.cwd, 'page.html')
    const run = await runCli([...made.words, '--report-html', page], made)
    expect(run.status).toBe(1)
    expect(made.statuses()).toEqual(FAILED)
    expect(made.right().failure?.lastLines.at(-1)).toMatch(/^good .*bad$/)
    const log = readFileSync(made.right().logFile ?? '')
    expect(log.includes(Buffer.from('good \xff\xfe\xc0\x80', 'latin1'))).toBe(true)
    expect(readFileSync(page, 'utf8')).toMatch(/<\/html>\s*$/)
  })

  it.each([
    ['says nothing', 'sleep 600 &'],
    ['goes on to print', '(while :; do echo more; sleep 0.01; done) &']
  ])(
    'may leave a child that holds its output and %s: it is not waited for',
    async (_name, script) => {
      const made = withPacker(`${script}\necho "child $!"`)
      const run = await runMeasured(made.words, made)
      expect(run.status).toBe(0)
      expect(made.statuses()).toEqual(BUILT)
      const log = readFileSync(made.right().logFile ?? '', 'utf8')
      const [, child = ''] = /^child (\d+)$/m.exec(log) ?? []
      spawnSync('kill', ['-9', child])
      expect(run.seconds).toBeLessThan(60)
    }
  )

  it('whose run goes on is asked once: the next run builds nothing', async () => {
    const made = withPacker('printf "\\377\\n"')
    expect((await runCli(made.words, made)).stdout).toBe(DIAMOND_TAGS)
    expect((await runCli(made.words, made)).stdout).toBe(DIAMOND_TAGS)
    expect(made.statuses()).toEqual(Array(4).fill('reused'))
    expect(made.builds()).toHaveLength(4)
  })
})
