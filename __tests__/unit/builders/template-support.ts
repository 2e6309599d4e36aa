import { readTemplate, type Template } from '../../../src/builders/template.js'
import type { Value } from '../../../src/builders/template-value.js'

/** What a test gives beside the template; the folders are `/project` and `/project/packer`. */
interface Given {
  readonly cli?: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
}

const textsOf = (files: Readonly<Record<string, string>>) =>
  Object.entries(files).map(([path, text]) => ({ path, text }))

/** Reads a template of several files, each by its path. */
export function readFiles(
  files: Readonly<Record<string, string>>,
  { cli = {}, files: variableFiles = {}, env = {} }: Given = {}
): Promise<Template> {
  return readTemplate({
    files: textsOf(files),
    variables: { cli: new Map(Object.entries(cli)), files: textsOf(variableFiles), env },
    workingDirectory: '/project',
    templateDirectory: '/project/packer'
  })
}

/** Reads a legacy template, from its text or from what the text stands for. */
export function readJson(template: unknown, given: Given = {}): Promise<Template> {
  const text = typeof template === 'string' ? template : JSON.stringify(template, null, 2)
  return readFiles({ '/project/packer/t.json': text }, given)
}

/** Reads an HCL template of one file. */
export function readHcl(text: string, given: Given = {}): Promise<Template> {
  return readFiles({ '/project/packer/t.pkr.hcl': text }, given)
}

/** A docker builder of a legacy template. */
export const dockerBuilder = (settings: object = {}) => ({
  type: 'docker',
  image: 'base:1',
  commit: true,
  ...settings
})

/** A source with the given settings in a build with the given blocks. */
export const dockerSource = (settings = '', build = '', beside = '') => `${beside}
source "docker" "one" {
  commit = true
  ${settings}
}
build {
  sources = ["docker.one"]
  ${build}
}
`

/** Values as their texts; `?` for one that is not known, `!` for one that changes each time. */
export const shown = (values: readonly (Value | undefined)[]) =>
  values.map(value => {
    if (!value) return undefined
    if (value.known) return value.text
    return value.changing ? '!' : '?'
  })

export const messages = (problems: Template['problems']) => problems.map(({ message }) => message)

export const lines = (problems: Template['problems']) =>
  problems.map(({ place }) => place?.position?.line)

export const inputs = (template: Template) =>
  template.inputs.map(({ kind, path }) => `${kind} ${shown([path])[0]}`)
