import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChainError } from '../../src/errors.js'
import { FLAGS, INPUTS } from '../../src/option-table.js'
import { OPTION_NAMES, parseOptions, type RawOptions } from '../../src/options.js'

function problemsOf(raw: RawOptions): string[] {
  try {
    parseOptions(raw)
  } catch (error) {
    if (error instanceof ChainError && error.code === 'OPTIONS_INVALID') {
      return error.problems.map(problem => problem.message)
    }
    throw error
  }
  return []
}

describe('options that are not given', () => {
  it('have the values that the documents show', () => {
    expect(parseOptions({})).toMatchObject({
      workingDirectory: '.',
      images: [],
      skipImages: [],
      builderArgs: '',
      packerPlugins: ['auto'],
      check: false,
      failFast: true,
      reuse: ['local'],
      maxAge: 7 * 24 * 3600,
      push: false,
      squash: false,
      summary: true
    })
  })

  it('have no value where the run decides', () => {
    const options = parseOptions({})
    expect(options.imagesFiles).toBeUndefined()
    expect(options.maxParallel).toBeUndefined()
    expect(options.retries).toBeUndefined()
    expect(options.timeoutMinutes).toBeUndefined()
    expect(options.githubToken).toBeUndefined()
  })

  it.each(['', '  ', '\n'])('are the same as those whose text is %j', blank => {
    const raw = Object.fromEntries(OPTION_NAMES.map(name => [name, blank]))
    expect(parseOptions(raw)).toEqual(parseOptions({}))
  })

  it('are known by their names: every row of the table is read', () => {
    const read = Object.keys(parseOptions(Object.fromEntries(OPTION_NAMES.map(name => [name, '']))))
    const camel = (name: string) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase())
    const given = parseOptions({
      command: 'plan',
      'images-files': 'a',
      'packer-version': '1',
      'packer-releases': 'r',
      'packer-releases-key': 'k',
      'packer-template': 't',
      'max-parallel': '1',
      retries: '1',
      'timeout-minutes': '1',
      'reuse-registry': 'r',
      'github-token': 't',
      report: 'r',
      'report-html': 'h',
      trace: 't',
      'docker-folder': 'd',
      'ansible-folder': 'a',
      'salt-folder': 's',
      tag: 't',
      base: 'b',
      systemd: 'true',
      from: 'f'
    })
    const known = new Set([...read, ...Object.keys(given)])
    expect(
      [...INPUTS, ...FLAGS].map(row => camel(row.name)).filter(name => !known.has(name))
    ).toEqual([])
  })
})

describe('a boolean', () => {
  const names = [...INPUTS, ...FLAGS].filter(({ kind }) => kind === 'boolean').map(row => row.name)

  it.each(['true', 'True', 'TRUE'])('is true as %s', text => {
    expect(parseOptions({ push: text }).push).toBe(true)
  })

  it.each(['false', 'False', 'FALSE'])('is false as %s', text => {
    expect(parseOptions({ summary: text }).summary).toBe(false)
  })

  it.each(names)('%s is read as a boolean', name => {
    expect(problemsOf({ [name]: 'yes' })).toEqual([`${name}: found "yes", expected true or false`])
  })

  it('is nothing but one of the six words of YAML 1.2', () => {
    const words = ['true', 'True', 'TRUE', 'false', 'False', 'FALSE']
    const near = fc.constantFrom('yes', 'no', 'on', 'off', '1', '0', 'tRUE', 'truee', 'y', 'n')
    const other = fc.oneof(near, fc.string()).filter(text => !words.includes(text) && !!text.trim())
    fc.assert(
      fc.property(other, text => {
        expect(problemsOf({ push: text })).toHaveLength(1)
      })
    )
  })
})

describe('a list', () => {
  it('is parted by lines and by commas, without the blanks around its items', () => {
    const { images } = parseOptions({ images: ' a:1 , b:2\n\n  c:3\r\n,d,' })
    expect(images).toEqual(['a:1', 'b:2', 'c:3', 'd'])
  })

  it.each(['images', 'skip-images', 'images-files', 'packer-plugins'])('%s is one', name => {
    const options = parseOptions({ [name]: 'a,b\nc' })
    expect(Object.values(options)).toContainEqual(['a', 'b', 'c'])
  })

  it('gives back what was joined, whichever way it was', () => {
    const item = fc.stringMatching(/^[^\s,](?:[^\n\r,]*[^\s,])?$/)
    const parting = fc.constantFrom(',', '\n', ', ', ' \n ', ',\n')
    fc.assert(
      fc.property(fc.array(item, { minLength: 1 }), parting, (items, by) => {
        expect(parseOptions({ images: items.join(by) }).images).toEqual(items)
      })
    )
  })
})

describe('a number', () => {
  it('is read in full', () => {
    const raw = { 'max-parallel': '4', retries: '0', 'timeout-minutes': '1.5' }
    expect(parseOptions(raw)).toMatchObject({ maxParallel: 4, retries: 0, timeoutMinutes: 1.5 })
  })

  it.each(['0', '-1', '1.5', '2x', 'x', '1e3', '0x10', 'NaN', 'Infinity', '1 2'])(
    'of builds at a time is not %s',
    text => {
      expect(problemsOf({ 'max-parallel': text })).toEqual([
        `max-parallel: found "${text}", expected a whole number, 1 or more`
      ])
    }
  )

  it.each(['0', '-2', 'none', '.5'])('of minutes is not %s', text => {
    expect(problemsOf({ 'timeout-minutes': text })).toEqual([
      `timeout-minutes: found "${text}", expected a number of minutes above 0`
    ])
  })

  it.each(['-1', '0.5', 'two'])('of retries is not %s', text => {
    expect(problemsOf({ retries: text })).toEqual([
      `retries: found "${text}", expected a whole number, 0 or more`
    ])
  })
})

describe('max-age', () => {
  it.each([
    ['7d', 604_800],
    ['12h', 43_200],
    ['30m', 1_800],
    ['45s', 45],
    ['none', undefined]
  ])('%s is read in seconds', (text, seconds) => {
    expect(parseOptions({ 'max-age': text }).maxAge).toBe(seconds)
  })

  it.each(['7', '7 d', '1.5d', '7w', '-7d', 'd', 'never'])('is not %s', text => {
    expect(problemsOf({ 'max-age': text })).toEqual([
      `max-age: found "${text}", expected 7d, 12h, 30m or none`
    ])
  })
})

describe('reuse', () => {
  it.each([
    ['local', ['local']],
    ['local, registry', ['local', 'registry']],
    ['github\nlocal', ['github', 'local']],
    ['off', []]
  ])('%j names stores', (text, stores) => {
    expect(parseOptions({ reuse: text }).reuse).toEqual(stores)
  })

  it.each(['remote', 'local,off', 'local;github', ','])('is not %j', text => {
    expect(problemsOf({ reuse: text })).toEqual([
      `reuse: found ${JSON.stringify(text)}, expected off, or any of local, github, registry`
    ])
  })
})

describe('a choice', () => {
  it('is one of its words', () => {
    expect(parseOptions({ command: 'plan', format: 'json' })).toMatchObject({
      command: 'plan',
      format: 'json'
    })
  })

  it('that is not among them is an error that lists them', () => {
    expect(problemsOf({ command: 'destroy' })).toEqual([
      'command: found "destroy", expected build, plan, generate'
    ])
  })
})

describe('options that are wrong', () => {
  it('are told all in one go, with what was found and expected', () => {
    const raw = { push: 'yes', retries: '-1', 'max-age': 'old', images: 'fine', reuse: 'some' }
    expect(problemsOf(raw).map(message => message.split(':')[0])).toEqual([
      'retries',
      'reuse',
      'max-age',
      'push'
    ])
  })
})
