import { describe, expect, it } from 'vitest'
import { annotationOf } from '../../../src/adapters/action-screen.js'
import { runModule } from '../../fixtures/child.js'
import { listen } from '../../fixtures/runner-log.js'

/** Plays a run on the screen of an action in a process of its own. */
async function play(story: string): Promise<string> {
  const { stdout, stderr } = await runModule(`
import * as core from '@actions/core'
import { actionScreen } from './src/adapters/action-screen.ts'
const screen = actionScreen(core)
const image = tag => ({
  id: 'dockerfile__' + tag, tags: [tag], manifest: 'docker/IMAGES.json', position: { line: 2, column: 3 }
})
const result = (tag, more = {}) => ({
  image: image(tag), status: 'built', reason: 'r', tags: [], seconds: 1, logFile: '/logs/1.log', ...more
})
const failed = tag => result(tag, {
  status: 'failed',
  failure: {
    message: 'ended with exit status 2',
    command: { tool: 'docker', args: ['build'], cwd: '/project' },
    exitStatus: 2,
    lastLines: ['::set-env name=EVIL::1', '##[add-path]/evil', '100% done, a:b']
  }
})
const push = (tag, more = {}) => ({
  image: image(tag), status: 'pushed', reason: '', seconds: 1, logFile: '/logs/2.log',
  pushed: [{ tag, digest: 'sha256:d', sent: true }], ...more
})
const refused = tag => push(tag, {
  status: 'failed', reason: 'r.io refused it: ::error::denied', pushed: [],
  failure: {
    tag, message: 'refused', command: { tool: 'docker', args: ['push', tag], cwd: '/' },
    exitStatus: 1, lastLines: ['::error::denied'], advice: ['log in']
  }
})
const write = text => screen.write(Buffer.from(text))
${story}`)
  expect(stderr.toString()).toBe('')
  return stdout.toString()
}

const ATTACK = [
  '::set-env name=EVIL::1',
  '  ::add-path::/evil',
  '::error file=x::evil',
  '::add-mask::e',
  '::group::evil',
  '::endgroup::',
  '::stop-commands::evil',
  '::evil::',
  '##[add-path]/evil',
  'plain ##[set-env name=EVIL]1',
  '::save-state name=label::evil'
].join('\\n')

describe('the log of a step', () => {
  it('has a group for each image, with its output, and its outcome after it', async () => {
    const { heard, lines } = listen(
      await play(`
screen.open(image('acme/a:1'))
write('Step 1\\nStep')
write(' 2\\n')
screen.close(result('acme/a:1'))`)
    )
    expect(heard).toEqual([
      { command: 'group', data: 'acme/a:1' },
      { command: 'endgroup', data: '' }
    ])
    expect(lines).toEqual(['Step 1', 'Step 2', 'acme/a:1 built in 1.0 s', ''])
  })

  it('lets no builder speak to the runner, and shows what it said', async () => {
    const { heard, lines } = listen(
      await play(`
screen.open(image('acme/a:1'))
write('${ATTACK}\\n')
screen.close(result('acme/a:1'))
screen.open(image('acme/b:1'))
write('${ATTACK}')
screen.close(result('acme/b:1'))`)
    )
    expect(heard.map(({ command }) => command)).toEqual(['group', 'endgroup', 'group', 'endgroup'])
    expect(lines.filter(line => line === '::set-env name=EVIL::1')).toHaveLength(2)
    expect(lines.filter(line => line === '::save-state name=label::evil')).toHaveLength(2)
  })

  it('speaks to the runner itself in the middle of an output, and takes nothing of it along', async () => {
    const { heard, lines } = listen(
      await play(`
screen.open(image('acme/a:1'))
write('no end of line')
screen.warn({ message: 'careful, 100%', file: 'docker/IMAGES.json', position: { line: 7, column: 9 } })
write('::set-env name=EVIL::1\\n')
screen.note('by the way')
write('::set-env name=EVIL::1')
screen.leave(result('acme/b:1', { status: 'blocked', reason: 'stands on a' }))
write('::set-env name=EVIL::1')
screen.close(result('acme/a:1'))`)
    )
    expect(heard).toEqual([
      { command: 'group', data: 'acme/a:1' },
      { command: 'warning', data: 'careful, 100%25' },
      { command: 'endgroup', data: '' }
    ])
    expect(lines.filter(Boolean)).toEqual([
      'no end of line',
      '::set-env name=EVIL::1',
      'by the way',
      '::set-env name=EVIL::1',
      'acme/b:1 blocked: stands on a',
      '::set-env name=EVIL::1',
      'acme/a:1 built in 1.0 s'
    ])
  })

  it('lets no file name, reason or message speak to the runner either', async () => {
    const evil = String.raw`docker/a\n::set-output name=tags::evil\n##[error]evil changed`
    const { heard } = listen(
      await play(`
screen.leave(result('acme/a:1', { status: 'reused', reason: '${evil}' }))
screen.note('${evil}')
screen.open(image('acme/b:1'))
screen.note('${evil}')
screen.close(result('acme/b:1', { status: 'failed', failure: { message: '${evil}', lastLines: [], command: { tool: 'docker', args: [], cwd: '/' } } }))`)
    )
    expect(heard.map(({ command }) => command)).toEqual(['group', 'endgroup', 'error'])
  })

  it('makes a failure an annotation at its place in the manifest, with the last lines', async () => {
    const log = await play(`
screen.open(image('acme/a:1'))
screen.close(failed('acme/a:1'))`)
    const { heard } = listen(log)
    expect(heard.map(({ command }) => command)).toEqual(['group', 'endgroup', 'error'])
    expect(log).toContain(
      '::error title=acme/a%3A1 failed%3A docker ended with exit status 2,file=docker/IMAGES.json,line=2,col=3::'
    )
    const data = heard[2]?.data.replaceAll('%0A', '\n').replaceAll('%25', '%')
    expect(data).toContain(
      '    ::set-env name=EVIL::1\n    ##[add-path]/evil\n    100% done, a:b\n'
    )
    expect(data).toContain('whole log: /logs/1.log')
  })

  it('has a fenced group for each push, and an annotation for one that failed', async () => {
    const { heard, lines } = listen(
      await play(`
screen.openPush(image('acme/a:1'))
write('::set-env name=EVIL::1\\n')
screen.closePush(push('acme/a:1'))
screen.openPush(image('acme/b:1'))
screen.closePush(refused('acme/b:1'))
screen.leavePush(push('acme/c:1', { status: 'blocked', reason: 'stands on b' }))`)
    )
    expect(heard.map(({ command, data }) => [command, data.split('%0A')[0]])).toEqual([
      ['group', 'push acme/a:1'],
      ['endgroup', ''],
      ['group', 'push acme/b:1'],
      ['endgroup', ''],
      ['error', 'push of acme/b:1 failed: r.io refused it: ::error::denied']
    ])
    expect(heard.at(-1)?.data).toContain('log in')
    expect(lines.filter(Boolean)).toEqual([
      '::set-env name=EVIL::1',
      'acme/a:1 pushed in 1.0 s: sha256:d',
      'push of acme/b:1 failed: r.io refused it: ::error::denied',
      'push of acme/c:1 blocked: stands on b'
    ])
  })

  it('is fenced by a word that nobody can guess', async () => {
    const story = `screen.open(image('a:1')); screen.close(result('a:1'));`
    const log = await play(`${story}${story}`)
    const tokens = [...log.matchAll(/^::stop-commands::(.+)$/gm)].map(match => match[1])
    expect(new Set(tokens).size).toBe(2)
    for (const token of tokens) {
      expect(token).toMatch(/^[0-9a-f]{64}$/)
      expect(log).toContain(`\n::${token}::\n`)
    }
  })

  it('has no line of its own for an image that said nothing', async () => {
    const { lines } = listen(await play(`screen.open(image('a:1')); screen.close(result('a:1'))`))
    expect(lines).toEqual(['a:1 built in 1.0 s', ''])
  })
})

describe('the place of an annotation', () => {
  it('is a file with line and column, as far as they are known', () => {
    expect(annotationOf({ file: 'a.json', position: { line: 1, column: 2 } })).toEqual({
      file: 'a.json',
      startLine: 1,
      startColumn: 2
    })
    expect(annotationOf({ file: 'a.json' })).toEqual({ file: 'a.json' })
    expect(annotationOf({})).toEqual({})
  })

  it('counts from the workspace, since that is where the runner looks for files', () => {
    expect(annotationOf({ file: 'docker/IMAGES.json' }, 'sub/project')).toEqual({
      file: 'sub/project/docker/IMAGES.json'
    })
    expect(annotationOf({ file: '/abs/IMAGES.json' }, 'sub')).toEqual({ file: '/abs/IMAGES.json' })
  })
})
