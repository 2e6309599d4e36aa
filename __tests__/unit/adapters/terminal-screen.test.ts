import { describe, expect, it } from 'vitest'
import { runModule } from '../../fixtures/child.js'

/** Plays a run on a terminal's screen in a process of its own. */
async function play(quiet: boolean): Promise<{ stdout: string; stderr: string }> {
  const { stdout, stderr } = await runModule(`
import { terminalScreen } from './src/adapters/terminal-screen.ts'
const image = tag => ({ id: 'dockerfile__' + tag, tags: tag ? [tag] : [], name: tag })
const screen = terminalScreen({ quiet: ${quiet} })
const built = { image: image('acme/a:1'), status: 'built', reason: 'r', tags: [], seconds: 1.25 }
screen.warn({ message: 'careful', file: 'docker/IMAGES.json', position: { line: 2, column: 3 } })
screen.warn({ message: 'so so' })
screen.note('by the way')
screen.open(image('acme/a:1'))
screen.write(Buffer.from('Step 1\\nStep 2'))
screen.close(built)
screen.open(image('acme/b:1'))
screen.write(Buffer.from('boom\\n'))
screen.close({
  ...built,
  image: image('acme/b:1'),
  status: 'failed',
  logFile: '/logs/b.log',
  failure: {
    message: 'ended with exit status 2',
    command: { tool: 'docker', args: ['build', 'a b'], cwd: '/project' },
    exitStatus: 2,
    lastLines: ['boom']
  }
})
screen.leave({ ...built, image: image('acme/c:1'), status: 'blocked', reason: 'stands on b' })
const push = { image: image('acme/a:1'), reason: '', seconds: 2, pushed: [] }
const pushed = [{ tag: 'acme/a:1', digest: 'sha256:d', sent: true }]
screen.openPush(image('acme/a:1'))
screen.write(Buffer.from('Layer'))
screen.closePush({ ...push, status: 'pushed', pushed })
screen.openPush(image('acme/b:1'))
screen.closePush({
  ...push,
  status: 'failed',
  reason: 'refused',
  logFile: '/logs/push.log',
  failure: {
    tag: 'acme/b:1',
    command: { tool: 'docker', args: ['push', 'acme/b:1'] },
    lastLines: ['denied'],
    advice: ['log in']
  }
})
screen.leavePush({ ...push, image: image('acme/c:1'), status: 'skipped', reason: 'interrupted' })
`)
  return { stdout: stdout.toString(), stderr: stderr.toString() }
}

const FAILURE = `acme/b:1 failed: docker ended with exit status 2
  command: docker build 'a b'
  in: /project
  last lines:
    boom
  whole log: /logs/b.log
`

const PUSH_FAILURE = `push of acme/b:1 failed: refused
  command: docker push acme/b:1
  last lines:
    denied
  log in
  whole log: /logs/push.log
`

describe('the screen of a terminal', () => {
  it('tells everything on standard error, each outcome on a line of its own', async () => {
    expect(await play(false)).toEqual({
      stdout: '',
      stderr: `warning: docker/IMAGES.json:2:3: careful
warning: so so
by the way
==> acme/a:1
Step 1
Step 2
<== acme/a:1 built in 1.3 s
==> acme/b:1
boom
<== acme/b:1 failed in 1.3 s: ended with exit status 2
${FAILURE}--- acme/c:1 blocked: stands on b
==> push acme/a:1
Layer
<== acme/a:1 pushed in 2.0 s: sha256:d
==> push acme/b:1
<== push of acme/b:1 failed: refused
${PUSH_FAILURE}--- push of acme/c:1 skipped: interrupted
`
    })
  })

  it('tells only what failed where it is to be quiet', async () => {
    expect(await play(true)).toEqual({ stdout: '', stderr: FAILURE + PUSH_FAILURE })
  })
})
