import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runAction, runCli } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { standIns } from '../fixtures/stand-ins.js'

const GOOD = 'FROM scratch\n'
const BAD =
  '# the classic builder counts no comment\nFROM acme/base:1\n\nRUN make\n# say Step 2/2 : RUN make\n# say /bin/sh: make: <b>not found</b>\n# exit 127\n'

/** A base, an app on it, and one on that. */
function checkout(app = BAD): string {
  const workspace = temporaryProject()
  writeTree(workspace, {
    'images/docker/IMAGES.json': manifest(
      { tag: 'acme/base:1', dockerfile: 'base.Dockerfile' },
      { tag: 'acme/app:1', dockerfile: 'app.Dockerfile' },
      { tag: 'acme/top:1', dockerfile: 'top.Dockerfile' }
    ),
    'images/base.Dockerfile': GOOD,
    'images/app.Dockerfile': app,
    'images/top.Dockerfile': 'FROM acme/app:1\n'
  })
  return workspace
}

const INPUTS = { 'working-directory': 'images', 'fail-fast': 'false' }

/** Files that the runner keeps after the step, since the test reads them. */
const kept = () => ({ ...standIns().env, KEEP_STEP: '1' })

describe('the job summary', () => {
  it('of a step that failed says what, where and why, in its first line', async () => {
    const step = await runAction({ workspace: checkout(), inputs: INPUTS, env: standIns().env })
    expect(step.status).toBe(1)
    const [first = ''] = step.summary.split('\n')
    expect(first).toBe(
      '## ❌ `acme/app:1` failed at app.Dockerfile:4: `/bin/sh: make: <b>not found</b>`'
    )
    expect(step.summary).toContain('**3 images:** 1 failed · 1 blocked · 1 built')
    expect(step.summary).toContain('/bin/sh: make: &lt;b&gt;not found&lt;/b&gt;\n</pre>')
    expect(step.summary).toMatch(/```mermaid\nflowchart LR\n {2}n0\["✓ acme\/base:1<br>built/)
    expect(step.summary).toMatch(/^\| ✗ \| app \| `acme\/app:1` \| \*\*failed\*\*/m)
    expect(step.summary).toMatch(/✓ acme\/base:1 +│█/)
  })

  it('of a second run says what reuse saved', async () => {
    const workspace = checkout(GOOD)
    const { env } = standIns()
    await runAction({ workspace, inputs: INPUTS, env })
    const step = await runAction({ workspace, inputs: INPUTS, env })
    expect(step.summary).toMatch(/^## ✅ nothing to build: 3 images unchanged\n/)
    expect(step.summary).toMatch(/3 reused · reuse saved about \d/)
  })

  it('of a plan says what would be built and why', async () => {
    const step = await runAction({
      workspace: checkout(),
      inputs: { ...INPUTS, command: 'plan' },
      env: standIns().env
    })
    expect(step.summary).toMatch(/^## 📋 3 of 3 images would be built\n/)
    expect(step.summary).toContain('build: not built before')
  })

  it('of a step that could not start says why', async () => {
    const workspace = checkout()
    writeTree(workspace, { 'images/docker/IMAGES.json': '{"images": [{"tag": "a b"}]}' })
    const step = await runAction({ workspace, inputs: INPUTS, env: standIns().env })
    expect(step.status).toBe(2)
    expect(step.summary).toMatch(
      /^## ❌ docker\/IMAGES\.json:1:21: expected an image reference, found &#96;a b&#96;/
    )
  })

  it('is not written where it is not wanted', async () => {
    for (const command of ['build', 'plan']) {
      const inputs = { ...INPUTS, command, summary: 'false' }
      const step = await runAction({ workspace: checkout(), inputs, env: standIns().env })
      expect(step.summary).toBe('')
    }
  })

  it('that cannot be written is a warning', async () => {
    const env = { ...standIns().env, GITHUB_STEP_SUMMARY: '/nowhere/summary' }
    const step = await runAction({ workspace: checkout(GOOD), inputs: INPUTS, env })
    expect(step.status).toBe(0)
    expect(step.stdout).toMatch(/^::warning::no job summary: .*ENOENT/m)
  })

  it('is added to by the command line in a step of a workflow', async () => {
    const workspace = checkout(GOOD)
    const file = join(workspace, 'summary.md')
    writeTree(workspace, { 'summary.md': 'mine\n\n' })
    const env = { ...standIns().env, GITHUB_STEP_SUMMARY: file }
    await runCli(['plan', '--working-directory', 'images'], { cwd: workspace, env })
    await runCli(['build', '--working-directory', 'images'], { cwd: workspace, env })
    expect(readFileSync(file, 'utf8')).toMatch(/^mine\n\n## 📋 3 of 3 [^]*\n## ✅ 3 images built\n/)
  })
})

describe('the annotation of a failed image', () => {
  it('stands on the instruction of its Dockerfile', async () => {
    const step = await runAction({ workspace: checkout(), inputs: INPUTS, env: standIns().env })
    expect(step.stdout).toMatch(
      /^::error title=acme\/app%3A1 failed[^\n]*,file=images\/app\.Dockerfile,line=4,col=1::/m
    )
  })

  it('stands in the manifest where the builder does not tell the instruction', async () => {
    const workspace = checkout('FROM acme/base:1\n# exit 9\n')
    const step = await runAction({ workspace, inputs: INPUTS, env: standIns().env })
    expect(step.stdout).toMatch(/^::error [^\n]*,file=images\/docker\/IMAGES\.json,line=7,col=5::/m)
  })
})

describe('the page and the trace of a run', () => {
  it('are written where the command line asks for them', async () => {
    const workspace = checkout()
    const options = ['--report-html', 'out/run.html', '--trace', 'out/trace.json']
    const args = ['build', '--working-directory', 'images', ...options]
    const { status } = await runCli(args, { cwd: workspace, env: standIns().env })
    expect(status).toBe(1)
    const page = readFileSync(join(workspace, 'out/run.html'), 'utf8')
    expect(page).toContain('<code>acme/app:1</code> failed at app.Dockerfile:4')
    expect(page).toMatch(/<details [^]*\$ docker build [^]*&lt;b&gt;not found/)
    const trace = JSON.parse(readFileSync(join(workspace, 'out/trace.json'), 'utf8')) as {
      traceEvents: { ph: string; name: string; dur: number }[]
    }
    const events = trace.traceEvents.filter(({ ph }) => ph === 'X')
    expect(events.map(({ name }) => name)).toEqual(['acme/base:1', 'acme/app:1'])
    for (const { dur } of events) expect(dur).toBeGreaterThan(0)
  })

  it('stand beside the report of a step', async () => {
    const step = await runAction({ workspace: checkout(), inputs: INPUTS, env: kept() })
    const folder = dirname(step.outputs.report ?? '')
    expect(existsSync(join(folder, 'report.html'))).toBe(true)
    expect(existsSync(join(folder, 'trace.json'))).toBe(true)
    const report = JSON.parse(readFileSync(step.outputs.report ?? '', 'utf8')) as {
      images: { startedAt: number | null; attempts: object[] }[]
    }
    const [base, app, top] = report.images
    expect(app?.startedAt).toBeGreaterThan(base?.startedAt ?? Infinity)
    expect(app?.attempts).toHaveLength(1)
    expect(top).toMatchObject({ startedAt: null, attempts: [] })
  })
})

describe('outputs that are too large', () => {
  it('are left empty, a notice says so, and the report has them', async () => {
    const workspace = temporaryProject()
    const tags = Array.from({ length: 3_000 }, (_, at) => `acme/${'x'.repeat(240)}-${at}:1`)
    writeTree(workspace, {
      'docker/IMAGES.json': manifest(...tags.map(tag => ({ tag, dockerfile: 'Dockerfile' }))),
      Dockerfile: GOOD
    })
    const step = await runAction({ workspace, inputs: { command: 'plan' }, env: kept() })
    expect(step.status).toBe(0)
    expect(step.outputs).toMatchObject({ tags: '', 'tags-json': '[]' })
    expect(step.stdout).toMatch(
      /^::notice::too large for an output.*: tags, tags-json[^;]*; .*report/m
    )
    const report = JSON.parse(readFileSync(step.outputs.report ?? '', 'utf8')) as {
      images: { tags: string[] }[]
      outputs: { tags: string }
    }
    expect(report.outputs.tags.split('\n')).toEqual(tags)
    expect(report.images.flatMap(image => image.tags)).toEqual(tags)
    expect(Buffer.byteLength(step.summary)).toBeLessThan(1_000_000)
  })
})
