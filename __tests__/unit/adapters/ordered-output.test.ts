import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openLogs } from '../../../src/adapters/logs.js'
import { orderedOutput, type Screen } from '../../../src/adapters/ordered-output.js'
import type { Image } from '../../../src/manifest/image.js'
import { runModule } from '../../fixtures/child.js'
import { anImage, aResult } from '../../fixtures/image.js'
import { aPush } from '../../fixtures/push.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

/** Writes down what it is told, an image's output joined to one text. */
function recorder(): Screen & { readonly shown: string[] } {
  const shown: string[] = []
  let output: string | undefined
  const say = (text: string) => {
    if (output) shown.push(output)
    output = undefined
    shown.push(text)
  }
  return {
    shown,
    open: image => say(`open ${image.name}`),
    write: chunk => {
      output = (output ?? '') + Buffer.from(chunk).toString()
    },
    close: result => say(`close ${result.image.name} ${result.status}`),
    leave: result => say(`leave ${result.image.name} ${result.status}`),
    warn: warning => say(`warn ${warning.message}`),
    note: message => say(`note ${message}`),
    openPush: image => say(`open push ${image.name}`),
    closePush: push => say(`close push ${push.image.name} ${push.status}`),
    leavePush: push => say(`leave push ${push.image.name} ${push.status}`)
  }
}

/** Images that are built side by side, each with a real log. */
function stage() {
  const logs = openLogs(temporaryFolder())
  const screen = recorder()
  const emit = orderedOutput(screen)
  const image = (name: string) => {
    const image = anImage({ tags: [`acme/${name}:1`] })
    const log = logs.open(name)
    onTestFinished(() => log.close())
    return {
      image,
      start: () => emit({ type: 'image-started', image, logFile: log.path }),
      say: (text: string) => {
        const chunk = Buffer.from(text)
        log.write(chunk)
        emit({ type: 'image-output', image, chunk })
      },
      end: () => emit({ type: 'image-ended', result: aResult({ image }) })
    }
  }
  return { emit, image, shown: screen.shown }
}

describe('the output of a run', () => {
  it('streams the first image as it comes', () => {
    const { image, shown, emit } = stage()
    const a = image('a')
    a.start()
    a.say('one\n')
    emit({ type: 'note', message: 'so far' })
    a.say('two\n')
    a.end()
    expect(shown).toEqual(['open a', 'one\n', 'note so far', 'two\n', 'close a built'])
  })

  it('shows the others whole, in the order in which they started', () => {
    const { image, shown } = stage()
    const [a, b, c] = [image('a'), image('b'), image('c')]
    for (const each of [a, b, c]) each.start()
    c.say('c1\n')
    b.say('b1\n')
    a.say('a1\n')
    c.say('c2\n')
    c.end()
    b.end()
    expect(shown).toEqual(['open a'])
    a.say('a2\n')
    a.end()
    expect(shown).toEqual([
      ...['open a', 'a1\na2\n', 'close a built'],
      ...['open b', 'b1\n', 'close b built'],
      ...['open c', 'c1\nc2\n', 'close c built']
    ])
  })

  it('shows what the next has said so far, and streams it from there', () => {
    const { image, shown } = stage()
    const [a, b] = [image('a'), image('b')]
    a.start()
    b.start()
    b.say('early\n')
    a.end()
    b.say('late\n')
    b.end()
    expect(shown).toEqual(['open a', 'close a built', 'open b', 'early\nlate\n', 'close b built'])
  })

  it('goes on with an image that starts after all others have ended', () => {
    const { image, shown } = stage()
    for (const each of [image('a'), image('b')]) {
      each.start()
      each.say('said\n')
      each.end()
    }
    expect(shown).toEqual([
      ...['open a', 'said\n', 'close a built'],
      ...['open b', 'said\n', 'close b built']
    ])
  })

  it('tells at once of an image that never ran', () => {
    const { image, shown, emit } = stage()
    const a = image('a')
    a.start()
    const left = anImage({ tags: ['acme/left:1'] })
    emit({ type: 'image-ended', result: aResult({ image: left, status: 'blocked' }) })
    expect(shown).toEqual(['open a', 'leave left blocked'])
  })

  it('shows pushes as it shows builds', () => {
    const { shown, emit } = stage()
    const logs = openLogs(temporaryFolder())
    const pushes = ['a', 'b', 'c'].map(name => anImage({ tags: [`acme/${name}:1`] }))
    const [a, b, c] = pushes as [Image, Image, Image]
    emit({ type: 'publish-started', images: pushes })
    for (const image of [a, b]) {
      const log = logs.open(image.name)
      onTestFinished(() => log.close())
      emit({ type: 'push-started', image, logFile: log.path })
      const chunk = Buffer.from(`${image.name} pushed\n`)
      log.write(chunk)
      emit({ type: 'push-output', image, chunk })
    }
    emit({ type: 'push-ended', push: aPush({ image: b }) })
    emit({ type: 'push-ended', push: aPush({ image: a, status: 'failed' }) })
    emit({ type: 'push-ended', push: aPush({ image: c, status: 'skipped' }) })
    emit({ type: 'publish-ended', pushes: [] })
    expect(shown).toEqual([
      ...['open push a', 'a pushed\n', 'close push a failed'],
      ...['open push b', 'b pushed\n', 'close push b pushed'],
      'leave push c skipped'
    ])
  })

  it('tells warnings and notes at once', () => {
    const { shown, emit } = stage()
    emit({ type: 'warning', warning: { message: 'careful' } })
    emit({ type: 'note', message: 'by the way' })
    expect(shown).toEqual(['warn careful', 'note by the way'])
  })

  it('says nothing of its own at the start and the end', () => {
    const { shown, emit } = stage()
    emit({ type: 'run-started', plan: { manifests: [], images: [], warnings: [] } })
    emit({ type: 'run-ended', results: [] })
    expect(shown).toEqual([])
  })

  it('holds each image whole and apart, however their builds run side by side', () => {
    const move = fc.tuple(fc.nat(), fc.constantFrom<Move[]>('start', 'say', 'end'))
    fc.assert(
      fc.property(fc.array(move, { maxLength: 60 }), moves => {
        const { shown, said } = play(moves)
        const whole = said.flatMap(([name, text]) => [
          `open ${name}`,
          ...(text ? [text] : []),
          `close ${name} built`
        ])
        expect(shown).toEqual(whole)
      }),
      { numRuns: 100 }
    )
  })
})

type Move = 'start' | 'say' | 'end'

/** Plays up to five builds side by side; gives what was shown, and what each said in all. */
function play(moves: readonly (readonly [pick: number, move: Move])[]) {
  const { image, shown } = stage()
  const waiting = ['a', 'b', 'c', 'd', 'e'].map(name => ({ name, ...image(name) }))
  const running: typeof waiting = []
  const said = new Map<string, string>()
  const end = (at: number) => running.splice(at, 1)[0]?.end()
  const does: Record<Move, (at: number, pick: number) => void> = {
    start: () => {
      const next = waiting.shift()
      if (!next) return
      said.set(next.name, '')
      running.push(next)
      next.start()
    },
    say: (at, pick) => {
      const one = running[at]
      const text = `${one?.name}${pick}\n`
      if (one) said.set(one.name, said.get(one.name) + text)
      one?.say(text)
    },
    end
  }
  for (const [pick, move] of moves) does[move](pick % Math.max(1, running.length), pick)
  while (running.length > 0) end(running.length - 1)
  return { shown, said: [...said] }
}

/** A run whose second image has said much by the time the first ends, shown on standard error. */
const LARGE = `
import { writeFileSync } from 'node:fs'
import { orderedOutput } from './src/adapters/ordered-output.ts'
import { terminalScreen } from './src/adapters/terminal-screen.ts'
const lines = Array.from({ length: 400_000 }, (_, at) => 'line ' + at + '\\n').join('')
writeFileSync(process.env.LOG, lines)
const image = name => ({ id: name, tags: [name] })
const result = image => ({ image, status: 'built', reason: '', tags: [], seconds: null })
const emit = orderedOutput(terminalScreen({ quiet: false }))
const [a, b] = [image('a'), image('b')]
await emit({ type: 'image-started', image: a, logFile: process.env.LOG })
await emit({ type: 'image-started', image: b, logFile: process.env.LOG })
await emit({ type: 'image-ended', result: result(a) })
await emit({ type: 'image-ended', result: result(b) })
`

/** A run with much output on standard output, which nobody reads as fast. */
const ENDLESS = `
import * as core from '@actions/core'
import { actionScreen } from './src/adapters/action-screen.ts'
import { orderedOutput } from './src/adapters/ordered-output.ts'
const image = { id: 'a', tags: ['a'] }
const emit = orderedOutput(actionScreen(core))
await emit({ type: 'image-started', image, logFile: '/dev/null' })
let most = 0
for (let turn = 0; turn < 512; turn += 1) {
  await emit({ type: 'image-output', image, chunk: Buffer.alloc(65_536, 'x\\n') })
  most = Math.max(most, process.stdout.writableLength)
}
process.stderr.write(String(most))
`

describe('much output', () => {
  it('comes whole through a pipe that is read more slowly than it is written', async () => {
    const log = join(temporaryFolder(), 'log')
    const { stderr } = await runModule(LARGE, { ...process.env, LOG: log })
    const lines = stderr.toString().split('\n')
    expect(lines.slice(0, 3)).toEqual(['==> a', '<== a built', '==> b'])
    const said = lines.slice(3, -2)
    expect(said).toHaveLength(400_000)
    expect(said.findIndex((line, at) => line !== `line ${at}`)).toBe(-1)
  })

  it('is not held in memory while its reader cannot keep up', async () => {
    const { stderr } = await runModule(ENDLESS)
    expect(Number(stderr.toString())).toBeLessThan(1_000_000)
  })
})
