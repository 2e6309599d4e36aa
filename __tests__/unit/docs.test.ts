import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { ChainError, type ErrorCode, exitStatus } from '../../src/errors.js'
import { COMMANDS, readCommandLine } from '../../src/flags.js'
import { FIELD_DOCS } from '../../src/manifest/field-docs.js'
import { FLAGS, INPUTS, OUTPUTS } from '../../src/option-table.js'
import {
  codesIn,
  marked,
  ROOT,
  readDocuments,
  readMarkdown,
  rowsOf,
  targetOf,
  unquoted
} from '../fixtures/markdown.js'

const documents = readDocuments()
const commandLine = readMarkdown('docs/command-line.md')
const architecture = readMarkdown('docs/architecture.md')

describe('the tables', () => {
  test('of inputs, outputs and options, and action.yml, are what script/docs-tables writes', async () => {
    const check = promisify(execFile)(process.execPath, ['script/docs-tables', '--check'], {
      cwd: ROOT
    })
    await expect(check).resolves.toMatchObject({ stderr: '' })
  })

  test.each(['README.md', 'docs/action.md'])('of %s name every input and output', path => {
    const names = (mark: string) => rowsOf(marked(readMarkdown(path), mark)).map(([name]) => name)
    expect(names('inputs')).toEqual(INPUTS.map(({ name }) => `\`${name}\``))
    expect(names('outputs')).toEqual(OUTPUTS.map(({ name }) => `\`${name}\``))
  })

  test('of the command line name every option and command', () => {
    const names = rowsOf(marked(commandLine, 'flags')).map(([name]) => name)
    expect(names).toEqual(FLAGS.map(({ name }) => `\`--${name}\``))
    const [, commands = ''] = commandLine.text.split('## Commands')
    expect(rowsOf(commands.split('##')[0] ?? '').map(([name]) => unquoted(name ?? ''))).toEqual(
      COMMANDS
    )
  })

  test('of the fields are what the JSON Schema says of them', () => {
    expect(rowsOf(marked(readMarkdown('docs/manifest.md'), 'fields'))).toEqual(
      Object.entries(FIELD_DOCS).map(([name, doc]) => [`\`${name}\``, doc.default, doc.meaning])
    )
  })

  test.each(
    rowsOf(marked(readMarkdown('docs/migrating.md'), 'variables')).map(row => row.map(unquoted))
  )('of variables are right: %s is %s', (variable = '', option = '') => {
    const { raw } = readCommandLine([], { [variable]: 'a-value' })
    expect(raw).toEqual({ [option.replace('--', '')]: 'a-value' })
  })

  test('of error codes name each with its exit status', () => {
    const source = readFileSync(join(ROOT, 'src/errors.ts'), 'utf8')
    const [, union = ''] = /type ErrorCode =([^]*?)\n\n/.exec(source) ?? []
    const codes = [...union.matchAll(/'(\w+)'/g)].map(match => match[1] as ErrorCode)
    const written = rowsOf(marked(architecture, 'codes')).flatMap(([status, names = '']) =>
      codesIn(names).map(name => [name, Number(status)])
    )
    const expected = codes.map(code => [code, exitStatus(new ChainError(code, '', { hint: '' }))])
    expect(Object.fromEntries(written)).toEqual(Object.fromEntries(expected))
  })

  test('of rooms name every folder of src', () => {
    const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(({ name }) => `src/${name}/`)
    const rooms = rowsOf(marked(architecture, 'rooms')).map(([room = '']) => unquoted(room))
    expect(rooms.filter(room => room !== 'src/*.ts').sort()).toEqual(folders.sort())
  })
})

describe('every link', () => {
  const links = documents.flatMap(each => each.links.map(link => [each.path, link] as const))

  test('of several documents is looked at', () => {
    expect(new Set(links.map(([path]) => path)).size).toBeGreaterThan(4)
  })

  test.each(links)('of %s leads to something that is there: %s', (from, link) => {
    const { path, anchor } = targetOf(readMarkdown(from), link)
    expect(existsSync(path), path).toBe(true)
    if (anchor === '') return
    expect([...readMarkdown(relative(ROOT, path)).anchors]).toContain(anchor)
  })

  test('from the code to a page of docs leads to a page that is there', () => {
    const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    const pages = files
      .filter(name => name.endsWith('.ts'))
      .flatMap(
        name => readFileSync(join(ROOT, 'src', name), 'utf8').match(/docs\/[\w-]+\.md/g) ?? []
      )
    expect(pages.length).toBeGreaterThan(0)
    expect([...new Set(pages)].filter(page => !existsSync(join(ROOT, page)))).toEqual([])
  })
})

describe('the index', () => {
  const index = readMarkdown('docs/README.md')
  const targets = index.links.map(link => relative(ROOT, targetOf(index, link).path))

  test('leads to every document', () => {
    const others = documents.map(({ path }) => path).filter(path => path !== index.path)
    expect(others.filter(path => !targets.includes(path))).toEqual([])
  })
})

describe('CONTRIBUTING.md', () => {
  const contributing = readMarkdown('CONTRIBUTING.md')
  const steps = rowsOf(contributing.text).filter(([file]) => file?.startsWith('`'))

  test('tells of a builder and of a store', () => {
    expect(steps.length).toBeGreaterThan(15)
  })

  test.each(steps)('names what stands in %s: %s', (cell, step) => {
    const text = readFileSync(join(ROOT, unquoted(cell ?? '')), 'utf8')
    for (const name of codesIn(step ?? '').filter(code => !code.startsWith('src/'))) {
      expect(text).toContain(name.replace(/\(\)$/, '('))
    }
  })

  test.each(
    [contributing, architecture].flatMap(({ path, text }) =>
      codesIn(text)
        .filter(code => /^(src|__tests__|script|docs|docker|examples)\/[\w./-]+$/.test(code))
        .map(code => [path, code] as const)
    )
  )('and docs/architecture.md name files that are there: %s %s', (_, path) => {
    expect(existsSync(join(ROOT, path)), path).toBe(true)
  })
})

test('the image of the command line is of the version that package.json has', () => {
  const version = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'))
  const tags = version('docker/IMAGES.json').images.map(({ tag }: { tag: string }) => tag)
  expect(tags).toContain(`ghcr.io/corpusops/build-chain:${version('package.json').version}`)
})

test('the picture of the README tells in words what it shows', () => {
  const picture = readFileSync(join(ROOT, 'docs/assets/chain.svg'), 'utf8')
  expect(readMarkdown('README.md').links).toContain('docs/assets/chain.svg')
  expect(picture).toMatch(/<title[^]*<desc/)
})
