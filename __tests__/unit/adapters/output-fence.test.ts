import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outputFence } from '../../../src/adapters/output-fence.js'
import { listen } from '../../fixtures/runner-log.js'

/** A fence whose words a test knows: what is said of `WORD` is said of the one that stands. */
function openFence() {
  const printed: Buffer[] = []
  let count = 0
  let word = ''
  const fence = outputFence({
    print: text => void printed.push(Buffer.from(text)),
    token: () => {
      count += 1
      word = `${count}`.padStart(4, '0').repeat(16)
      return word
    }
  })
  return {
    fence,
    log: () => Buffer.concat(printed).toString('utf8'),
    say: (text: string) => fence.write(Buffer.from(text.replaceAll('WORD', word))),
    command: (text: string) => void printed.push(Buffer.from(`${text}\n`))
  }
}

const heardIn = (log: string) => listen(log).heard

describe('behind the fence', () => {
  it('nothing is a command, whatever it is and however it is written', () => {
    const { fence, log, say } = openFence()
    fence.raise()
    say('::set-output name=tags::evil\n  ::ADD-MASK::evil\r::error::evil\r\n')
    say('##[error]evil\nplain ##[set-env name=A]evil\n::stop-commands::evil\n::evil::\n')
    say('::add-mask::no end of line')
    fence.lower()
    expect(heardIn(log())).toEqual([])
    expect(listen(log()).lines).toContain('::set-output name=tags::evil')
  })

  it.each([
    ['in one piece', ['::WORD::\n::error::evil\n']],
    ['as the older form', ['x ##[WORD]\n::error::evil\n']],
    ['in pieces', ['::', 'WORD', '::\n', '::error::evil\n']],
    ['after white space and a CR', ['line\r  ::WORD::\r::error::evil\r']],
    ['again and again', ['::WORD::\n', '::WORD::\n', '::error::evil\n']]
  ])('its own word ends nothing, %s', (_, pieces) => {
    const { fence, log, say } = openFence()
    fence.raise()
    for (const piece of pieces) say(piece)
    fence.lower()
    expect(heardIn(log())).toEqual([])
    expect(listen(log()).lines.filter(line => line === '::error::evil')).toHaveLength(1)
  })

  it('its own word ends nothing when it comes letter by letter, or in other letters', () => {
    const { fence, log } = openFence()
    const word = fence.raise()
    for (const letter of `::${word}::\n::error::evil\n`) fence.write(Buffer.from(letter))
    fence.lower()
    expect(heardIn(log())).toEqual([])
    const printed: string[] = []
    const other = outputFence({
      print: text => void printed.push(String(text)),
      token: () => `${printed.length}`.padEnd(64, 'ab')
    })
    const letters = other.raise()
    other.write(Buffer.from(`::${letters.toUpperCase()}::\n::error::evil\n`))
    other.lower()
    expect(heardIn(printed.join(''))).toEqual([])
  })

  it('whoever knows the word that stands can act on nothing, in any pieces', () => {
    const piece = fc.constantFrom(
      ...['::', 'WORD', '##[', ']', '\n', '\r', ' ', 'error', 'set-output name=a', 'stop-commands'],
      ...['::error::evil\n', '::WORD::\n', '##[WORD]', 'é', '']
    )
    fc.assert(
      fc.property(fc.array(fc.array(piece, { maxLength: 4 }), { maxLength: 12 }), pieces => {
        const { fence, log, say } = openFence()
        fence.raise()
        for (const each of pieces) say(each.join(''))
        fence.lower()
        fence.unfenced(() => {})
        expect(heardIn(`${log()}::notice::end\n`)).toEqual([{ command: 'notice', data: 'end' }])
      }),
      { numRuns: 500 }
    )
  })

  it('all that was written is there, in its order', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), texts => {
        const { fence, log } = openFence()
        fence.raise()
        for (const text of texts) fence.write(Buffer.from(text))
        fence.lower()
        const inner = log().replace(/^::stop-commands::.*\n/, '')
        expect(inner.startsWith(Buffer.from(texts.join('')).toString('utf8'))).toBe(true)
      })
    )
  })
})

describe('a line of ours', () => {
  it('is printed as it is where it cannot be a command', () => {
    const { fence, log } = openFence()
    fence.line('acme/app:1 built in 1.0 s')
    expect(log()).toBe('acme/app:1 built in 1.0 s\n')
  })

  it.each(['reused: a\n::set-output name=tags::evil', 'reused: ##[error]evil', '::add-mask::e'])(
    'that holds what others said is no command: %j',
    text => {
      const { fence, log } = openFence()
      fence.line(text)
      expect(heardIn(log())).toEqual([])
      expect(log()).toContain(`${text}\n`)
      expect(heardIn(`${log()}::error::ours\n`)).toEqual([{ command: 'error', data: 'ours' }])
    }
  )

  it('stands in a line of its own amid the output of others', () => {
    const { fence, log } = openFence()
    fence.write(Buffer.from('half a line'))
    fence.line('::note::ours')
    fence.write(Buffer.from('::error::evil\n'))
    fence.lower()
    expect(heardIn(log())).toEqual([])
    expect(listen(log()).lines).toContain('half a line')
  })
})

describe('amid the output of others', () => {
  it('the runner is spoken to, and the fence stands again after it', () => {
    const { fence, log, say, command } = openFence()
    fence.raise()
    say('half')
    fence.unfenced(() => command('::warning::ours'))
    say('::error::evil\n')
    fence.lower()
    expect(heardIn(log())).toEqual([{ command: 'warning', data: 'ours' }])
  })
})
