import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTemplate, type Template, type TemplateBuilder } from '../../src/builders/template.js'
import type { Value } from '../../src/builders/template-value.js'
import { HCL_CASES } from './template-oracle-hcl.js'
import { JSON_CASES } from './template-oracle-json.js'
import {
  askPacker,
  findPackers,
  layOut,
  type OracleAnswer,
  type OracleCase,
  type OraclePacker
} from './template-oracle-packer.js'
import { RANDOM_CASES } from './template-oracle-random.js'

const PACKERS = findPackers()
const OF_TEMPLATE = /\.pkr\.(hcl|json)$|\.auto\.pkrvars\.(hcl|json)$/

/** Our reading of a case that is laid out in a project. */
function read(one: OracleCase, project: string): Promise<Template> {
  const files = Object.entries(one.files).map(([path, text]) => ({
    path: join(project, path),
    text
  }))
  const given = join(project, one.template)
  const isFolder = !/\.(hcl|json)$/.test(given)
  const inFolder = files.filter(file => dirname(file.path) === given && OF_TEMPLATE.test(file.path))
  const named = (path: string) => files.filter(file => file.path === join(project, path))
  return readTemplate({
    files: isFolder ? inFolder : named(one.template),
    variables: {
      cli: new Map(Object.entries(one.variables ?? {})),
      files: (one.variableFiles ?? []).flatMap(named),
      env: one.env ?? {}
    },
    workingDirectory: project,
    templateDirectory: isFolder ? given : dirname(given)
  })
}

const texts = (values: readonly Value[]) =>
  values.map(value => (value.known ? value.text : undefined))

/** Values of ours that are known, and that Packer used in none of its own. */
function wrong(ours: readonly (string | undefined)[], packers: readonly string[]): string[] {
  const left = [...packers]
  return ours.flatMap(text => {
    const at = text === undefined ? 0 : left.indexOf(text)
    if (text !== undefined && at >= 0) left.splice(at, 1)
    return at < 0 && text !== undefined ? [text] : []
  })
}

/** The words of `docker run` that a builder asks for, in the order in which Packer writes them. */
function runWords(builder: TemplateBuilder): (string | undefined)[] {
  const image = builder.image?.known ? builder.image.text : undefined
  const words = texts(builder.runCommand ?? [])
  return words.map(word => word?.replaceAll('{{.Image}}', image ?? '{{.Image}}'))
}

function wrongRuns(builder: TemplateBuilder, runs: readonly (readonly string[])[]): string[] {
  const ours = runWords(builder)
  const volumes = builder.volumes.map(([host, container]) =>
    host.known && container.known ? `${host.text}:${container.text}` : undefined
  )
  const flags = [...texts(builder.capAdd), ...texts(builder.device), ...texts(builder.tmpfs)]
  const fits = runs.some(
    run =>
      ours.every((word, at) => word === undefined || word === run[run.length - ours.length + at]) &&
      [...volumes, ...flags].every(word => word === undefined || run.includes(word)) &&
      run.includes('--privileged') === builder.privileged
  )
  return fits ? [] : [`run ${ours.join(' ')}`]
}

function wrongAnswers(template: Template, answer: OracleAnswer): string[] {
  const pulled = template.builders.filter(builder => builder.pull)
  const images = pulled.map(({ image }) => (image?.known ? image.text : undefined))
  const committed = template.builders.flatMap(({ changes }) => texts(changes))
  return [
    ...wrong(images, answer.pulls),
    ...wrong(texts(template.tags), answer.tags),
    ...wrong(committed, answer.changes),
    ...template.builders.flatMap(builder => wrongRuns(builder, answer.runs))
  ]
}

/** What is not known, of all that is compared. */
function unknownValues(template: Template): string[] {
  const { builders, tags } = template
  const values = [
    ...tags,
    ...builders.flatMap(({ image, changes, runCommand }) => [
      ...(image ? [image] : []),
      ...changes,
      ...(runCommand ?? [])
    ])
  ]
  return values.flatMap(value => (value.known ? [] : [value.why]))
}

const isRefused = ({ refusedBy }: OracleCase, { age }: OraclePacker): boolean =>
  refusedBy === 'all' || refusedBy === age

async function compare(one: OracleCase, packer: OraclePacker, folder: string): Promise<void> {
  const project = layOut(folder, one)
  const template = await read(one, project)
  const answer = await askPacker(packer, one, folder)
  if (packer.age !== 'between') {
    expect(answer.status === 0, answer.output).toBe(!isRefused(one, packer))
  }
  if (answer.status !== 0) return
  expect(wrongAnswers(template, answer)).toEqual([])
  expect(template.tags).toHaveLength(new Set(answer.tags).size)
  expect(template.problems).toEqual([])
  if (!one.left) expect(unknownValues(template)).toEqual([])
}

describe('what a template says, held against Packer itself', () => {
  if (PACKERS.length === 0) {
    it('asks a Packer', context => {
      context.skip('no Packer that builds with docker: install packer, or run script/modern-packer')
    })
    return
  }

  describe.each(PACKERS)('Packer $version', packer => {
    // A Packer keeps one processor busy, and waits for its plugins.
    it.concurrent.for([...JSON_CASES, ...HCL_CASES, ...RANDOM_CASES])(
      '$name',
      async (one, { onTestFinished }) => {
        const folder = mkdtempSync(join(tmpdir(), 'template-oracle-'))
        onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
        await compare(one, packer, folder)
      }
    )
  })
})
