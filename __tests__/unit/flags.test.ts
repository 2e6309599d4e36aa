import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChainError } from '../../src/errors.js'
import { COMMANDS, misspeltCommand, readCommandLine } from '../../src/flags.js'
import { FLAGS, INPUTS } from '../../src/option-table.js'
import { parseOptions } from '../../src/options.js'

const read = (...args: string[]) => readCommandLine(args, {})
const raw = (...args: string[]) => read(...args).raw

function problemsOf(...args: string[]): string[] {
  try {
    readCommandLine(args, {})
  } catch (error) {
    if (error instanceof ChainError && error.code === 'OPTIONS_INVALID') {
      return error.problems.map(problem => problem.message)
    }
    throw error
  }
  return []
}

describe('the command', () => {
  it('is build where none is given', () => {
    expect(read()).toMatchObject({ command: 'build', raw: {}, wants: undefined, isNamed: false })
  })

  it.each(COMMANDS)('is %s where that is the first word', word => {
    expect(read(word).command).toBe(word)
    expect(read('--quiet', word).command).toBe(word)
  })

  it('is plan with --dry-run, where it would be build', () => {
    expect(read('--dry-run').command).toBe('plan')
    expect(read('build', '--dry-run').command).toBe('plan')
    expect(read('generate', '--dry-run')).toMatchObject({
      command: 'generate',
      raw: { 'dry-run': 'true' }
    })
  })

  it.each([
    ['--generate-images', 'generate'],
    ['--list', 'list']
  ])('of the earlier option %s is %s', (flag, command) => {
    expect(read(flag).command).toBe(command)
    expect(read(flag, '--images', 'a', 'b', '--dry-run').command).toBe(command)
    expect(read(`${flag}=false`).command).toBe('build')
  })

  it('of both earlier options is generate, as it was', () => {
    expect(read('--list', '--generate-images').command).toBe('generate')
  })

  it('that is misspelt is known by what is near', () => {
    expect(misspeltCommand(read('biuld', '--quiet'))).toBe('build')
    expect(misspeltCommand(read('docter'))).toBe('doctor')
    expect(misspeltCommand(read('acme/app:1'))).toBeUndefined()
    expect(misspeltCommand(read('build', 'plna'))).toBeUndefined()
    expect(misspeltCommand(read())).toBeUndefined()
  })

  it.each(['true', 'True', 'TRUE'])('is plan with --dry-run=%s', text => {
    expect(read(`--dry-run=${text}`).command).toBe('plan')
  })

  it('is build with --no-dry-run', () => {
    expect(read('--no-dry-run').command).toBe('build')
    expect(read('--dry-run', '--no-dry-run').command).toBe('build')
  })

  it('is that of --command, which is an option as every input is', () => {
    expect(read('--command', 'plan').command).toBe('plan')
  })

  it('is a word that is no image', () => {
    expect(read('plan', 'acme/app:1')).toMatchObject({
      command: 'plan',
      raw: { images: 'acme/app:1' }
    })
  })

  it('is only the first word: a later one is an image', () => {
    expect(read('acme/app:1', 'plan')).toMatchObject({
      command: 'build',
      raw: { images: 'acme/app:1\nplan' }
    })
  })
})

describe('--help and --version', () => {
  it.each([
    ['--help', 'help'],
    ['-h', 'help'],
    ['--version', 'version']
  ])('%s asks for it', (flag, wants) => {
    expect(read(flag).wants).toBe(wants)
    expect(read('plan', flag, 'x').wants).toBe(wants)
  })

  it('leave no option behind', () => {
    expect(raw('--help', '--version')).toEqual({})
  })
})

describe('an option', () => {
  it('takes its value after a space or an equals sign', () => {
    expect(raw('--report', 'r.json', '--max-age=3d')).toEqual({ report: 'r.json', 'max-age': '3d' })
  })

  it('may have an equals sign in its value', () => {
    expect(raw('--builder-args=--build-arg A=b')).toEqual({ 'builder-args': '--build-arg A=b' })
  })

  it.each([
    ['--builder-args', '--no-cache --pull'],
    ['--builder-args', '-q']
  ])('%s takes a value that begins with a dash', (flag, value) => {
    expect(raw(flag, value)).toEqual({ 'builder-args': value })
  })

  it('counts the last time that it is given', () => {
    expect(raw('--report', 'a', '--report', 'b', '--push', '--no-push')).toEqual({
      report: 'b',
      push: 'false'
    })
  })

  it('adds up where it is a list', () => {
    expect(raw('--packer-plugins', 'a', '--packer-plugins=b,c')).toEqual({
      'packer-plugins': 'a\nb,c'
    })
  })

  it('is there for every input of the action', () => {
    for (const { name, kind } of [...INPUTS, ...FLAGS]) {
      const args = kind === 'boolean' ? [`--${name}`] : [`--${name}`, 'x']
      expect(raw(...args)).toMatchObject({ [name]: kind === 'boolean' ? 'true' : 'x' })
    }
  })

  it('without its value is an error', () => {
    expect(problemsOf('plan', '--report')).toEqual([
      '--report: found no value, expected one after it'
    ])
  })

  it('does not take another option for its value', () => {
    expect(problemsOf('--report', '--quiet')).toEqual([
      '--report: found no value, expected one after it'
    ])
  })

  it('that is unknown is an error, and all that is wrong is told in one go', () => {
    expect(problemsOf('--nope', '--no-such', '-x', '--constructor', '--report')).toEqual([
      '--nope: found no such option',
      '--no-such: found no such option',
      '-x: found no such option',
      '--constructor: found no such option',
      '--report: found no value, expected one after it'
    ])
  })

  it.each([
    ['--imags', '--images'],
    ['--no-fail-fats', '--no-fail-fast'],
    ['--skip', '--skip-images'],
    ['--ansible', '--ansible-folder']
  ])('that is misspelt, %s, brings what was meant: %s', (wrong, right) => {
    expect(problemsOf(wrong)).toEqual([
      `${wrong}: found no such option: did you mean \`${right}\`?`
    ])
  })

  it('that takes a value has no negative form', () => {
    expect(problemsOf('--no-report')).toEqual(['--no-report: found no such option'])
  })
})

describe('a boolean option', () => {
  const booleans = [...INPUTS, ...FLAGS].filter(({ kind }) => kind === 'boolean')

  it.each(booleans)('$name is set by its name, unset by --no-$name, or given a value', row => {
    const { name } = row
    expect(raw(`--${name}`)).toEqual({ [name]: 'true' })
    expect(raw(`--no-${name}`)).toEqual({ [name]: 'false' })
    expect(raw(`--${name}=false`)).toEqual({ [name]: 'false' })
    expect(raw(`--${name}=TRUE`)).toEqual({ [name]: 'TRUE' })
  })

  it('takes no word after it', () => {
    expect(raw('--push', 'false')).toEqual({ push: 'true', images: 'false' })
  })

  it('is checked as strictly as an input', () => {
    expect(() => parseOptions(raw('--push=yes'))).toThrow(ChainError)
    expect(() => parseOptions(raw('--push='))).not.toThrow()
  })

  it('cannot be negative and have a value, which would mean two things', () => {
    expect(problemsOf('--no-push=false')).toHaveLength(1)
    expect(problemsOf('--no-push=true')).toHaveLength(1)
  })
})

describe('an option of the earlier tool', () => {
  it.each(['images', 'skip-images', 'images-files'])('--%s takes all words that follow', name => {
    expect(raw(`--${name}`, 'a', 'b', 'c')).toEqual({ [name]: 'a\nb\nc' })
    expect(raw(`--${name}=a`, 'b')).toEqual({ [name]: 'a\nb' })
  })

  it('takes words up to the next option', () => {
    expect(raw('--images', 'a', 'b', '--quiet', '--skip-images', 'c', 'd')).toEqual({
      images: 'a\nb',
      quiet: 'true',
      'skip-images': 'c\nd'
    })
  })

  it('takes words up to --, after which come images', () => {
    expect(raw('--skip-images', 'a', '--', 'b', '--quiet')).toEqual({
      'skip-images': 'a',
      images: 'b\n--quiet'
    })
  })

  it('gives the words after another option to no list', () => {
    expect(raw('--skip-images', 'a', '--push', 'b')).toEqual({
      'skip-images': 'a',
      push: 'true',
      images: 'b'
    })
  })

  it('adds the images of --images and those that stand alone', () => {
    expect(raw('one', '--images', 'two', 'three')).toEqual({ images: 'two\nthree\none' })
  })

  it('may be an empty list, which is all images', () => {
    expect(parseOptions(raw('--images', '--skip-images', 'a'))).toMatchObject({
      images: [],
      skipImages: ['a']
    })
    expect(parseOptions(raw('--images')).images).toEqual([])
  })

  it('--image-name is taken with its words and means nothing', () => {
    expect(read('plan', '--image-name', 'a', 'b')).toMatchObject({ command: 'plan', raw: {} })
  })

  it.each([
    ['debug', { verbose: true, quiet: false }],
    ['INFO', { verbose: false, quiet: false }],
    ['Warning', { verbose: false, quiet: true }],
    ['error', { verbose: false, quiet: true }],
    ['critical', { verbose: false, quiet: true }],
    ['warn', { verbose: false, quiet: true }],
    ['fatal', { verbose: false, quiet: true }],
    ['notset', { verbose: true, quiet: false }]
  ])('--log-level %s is more or fewer words', (level, expected) => {
    expect(parseOptions(raw('--log-level', level))).toMatchObject(expected)
  })

  it('--log-level yields to --quiet and --verbose', () => {
    expect(parseOptions(raw('--log-level', 'debug', '--quiet'))).toMatchObject({
      verbose: false,
      quiet: true
    })
    expect(parseOptions(raw('--no-quiet', '--log-level', 'error')).quiet).toBe(false)
  })

  it('--log-level with a level that is none is an error', () => {
    expect(() => parseOptions(raw('--log-level', 'loud'))).toThrow(ChainError)
  })

  it('--no-squash is the option with that name', () => {
    expect(raw('--no-squash')).toEqual({ squash: 'false' })
  })

  it('keeps every list whole, whatever stands around it', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9:/.]{0,8}$/).filter(text => text !== 'plan')
    const words = fc.array(word, { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(words, words, words, (images, skipped, files) => {
        const args = ['plan', '--images', ...images, '--push', '--skip-images', ...skipped]
        const { command, raw } = read(...args, '--images-files', ...files)
        expect(command).toBe('plan')
        expect(raw).toEqual({
          images: images.join('\n'),
          push: 'true',
          'skip-images': skipped.join('\n'),
          'images-files': files.join('\n')
        })
      })
    )
  })
})

describe('a variable of the earlier tool', () => {
  it.each([
    ['IMAGES', 'images'],
    ['BUILD_IMAGES', 'images'],
    ['SKIP_IMAGES', 'skip-images'],
    ['IMAGES_FILE', 'images-files']
  ])('%s is a list parted by white space', (variable, option) => {
    const { raw } = readCommandLine([], { [variable]: ' a  b\tc\n' })
    expect(raw).toEqual({ [option]: 'a\nb\nc' })
  })

  it.each([
    ['BUILDER_ARGS', 'builder-args', '--no-cache --pull'],
    ['PACKER_TEMPLATE', 'packer-template', 'my template.json'],
    ['DOCKER_FOLDER', 'docker-folder', 'my docker'],
    ['ANSIBLE_FOLDER', 'ansible-folder', 'my ansible'],
    ['SALT_FOLDER', 'salt-folder', 'my salt']
  ])('%s is one text', (variable, option, text) => {
    expect(readCommandLine([], { [variable]: text }).raw).toEqual({ [option]: text })
  })

  it('IMAGES wins over BUILD_IMAGES, as it did', () => {
    expect(readCommandLine([], { IMAGES: 'a', BUILD_IMAGES: 'b' }).raw).toEqual({ images: 'a' })
    expect(readCommandLine([], { IMAGES: ' ', BUILD_IMAGES: 'b' }).raw).toEqual({ images: 'b' })
  })

  it.each(['1', 'true', 'false', '0'])(
    'NO_SQUASH=%s switches squash off, whatever it says',
    text => {
      expect(readCommandLine([], { NO_SQUASH: text }).raw).toEqual({ squash: 'false' })
      expect(readCommandLine(['--squash'], { NO_SQUASH: text }).raw).toEqual({ squash: 'true' })
    }
  )

  it('LOGLEVEL is --log-level, and one that is no level is left to whom it belongs', () => {
    expect(parseOptions(readCommandLine([], { LOGLEVEL: 'ERROR' }).raw).quiet).toBe(true)
    expect(readCommandLine([], { LOGLEVEL: 'trace' }).raw).toEqual({})
    expect(
      parseOptions(readCommandLine(['--log-level=info'], { LOGLEVEL: 'error' }).raw).quiet
    ).toBe(false)
  })

  it('yields to the option', () => {
    const env = { IMAGES: 'a', BUILDER_ARGS: '--pull', SKIP_IMAGES: 'c' }
    expect(readCommandLine(['x', '--builder-args=-q'], env).raw).toEqual({
      images: 'x',
      'builder-args': '-q',
      'skip-images': 'c'
    })
  })

  it('that is blank is as good as unset', () => {
    expect(
      readCommandLine([], { IMAGES: '  ', BUILDER_ARGS: '', SKIP_IMAGES: undefined }).raw
    ).toEqual({})
  })

  it('that is not of the earlier tool is not looked at', () => {
    expect(readCommandLine([], { INPUT_IMAGES: 'a', PUSH: 'true', REPORT: 'r' }).raw).toEqual({})
  })
})

describe('any words', () => {
  it('are read or refused, never a crash', () => {
    const names = fc.constantFrom(...[...INPUTS, ...FLAGS].map(({ name }) => `--${name}`))
    const word = fc.oneof(fc.string(), names, fc.constantFrom('--', '-', '-h', '--no-', '--=x'))
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), args => {
        expect(() => problemsOf(...args)).not.toThrow()
      }),
      { numRuns: 1_000 }
    )
  })
})
