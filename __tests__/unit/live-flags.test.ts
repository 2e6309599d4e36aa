import { describe, expect, it } from 'vitest'
import { ChainError } from '../../src/errors.js'
import { readLiveLine } from '../../src/live-flags.js'
import { LIVE_FLAGS, LIVE_VARIABLES } from '../../src/option-table.js'
import { marked, readMarkdown, rowsOf } from '../fixtures/markdown.js'

const read = (...args: string[]) => readLiveLine(args, {})

describe('the command line of live', () => {
  it('has a template, options, and a command after --', () => {
    expect(read('app.json', '--keep', '--provision', '--', 'ls', '--keep')).toMatchObject({
      template: 'app.json',
      keep: true,
      detach: false,
      provision: true,
      command: ['ls', '--keep']
    })
  })

  it("takes Packer's own spelling of variables, to the letter", () => {
    const { packerArguments } = read(
      '-var',
      'a=b,c',
      '--var=d=e',
      '-var-file',
      'f.json',
      '--only',
      'x'
    )
    expect(packerArguments).toEqual(['-var=a=b,c', '-var=d=e', '-var-file=f.json', '-only=x'])
  })

  it('takes the provisioner in the same word alone', () => {
    expect(read('--provision=2').provision).toBe('2')
    expect(read('--provision', 'app.json')).toMatchObject({ provision: true, template: 'app.json' })
  })

  it('takes the options that find a manifest, and switches off', () => {
    expect(
      read('--docker-folder', '.docker', '--keep', '--no-keep', '--detach=true')
    ).toMatchObject({
      raw: { 'docker-folder': '.docker' },
      keep: false,
      detach: true
    })
  })

  it('takes the template from PACKER_FILE where no argument gives it, and images from nowhere', () => {
    const env = { PACKER_FILE: 'b.json', IMAGES: 'x y', DOCKER_FOLDER: '.docker' }
    expect(readLiveLine([], env)).toMatchObject({
      template: 'b.json',
      raw: { 'docker-folder': '.docker' }
    })
    expect(readLiveLine(['a.json'], env).template).toBe('a.json')
    expect(readLiveLine([], { IMAGES: 'x' }).template).toBeUndefined()
  })

  it('refuses a second template, a value that is none, and an unknown option', () => {
    const refusal = (...args: string[]) => {
      try {
        return read(...args)
      } catch (error) {
        return error instanceof ChainError ? error.problems.map(({ message }) => message) : error
      }
    }
    expect(refusal('a', 'b')).toEqual(['found a b, expected one template'])
    expect(refusal('--keep=perhaps')).toEqual(['keep: found "perhaps", expected true or false'])
    expect(refusal('-var')).toEqual(['-var: found no value, expected one'])
    expect(refusal('--kep')).toEqual(['--kep: found no such option'])
  })

  it('is in the documentation with every option and variable', () => {
    const page = readMarkdown('docs/command-line.md')
    const names = (mark: string) => rowsOf(marked(page, mark)).map(([name]) => name)
    expect(names('live')).toEqual(LIVE_FLAGS.map(({ name }) => `\`--${name}\``))
    expect(names('live-variables')).toEqual(LIVE_VARIABLES.map(name => `\`${name}\``))
  })
})
