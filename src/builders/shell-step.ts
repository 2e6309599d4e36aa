import { ChainError } from '../errors.js'
import type { ShellStep, TemplateStep } from './template-steps.js'
import type { Value } from './template-value.js'

/** The text of a setting that has to be known to do what a provisioner does. */
export function settled(value: Value, { place, number }: TemplateStep): string {
  if (value.known) return value.text
  throw new ChainError('TEMPLATE_INVALID', `provisioner ${number} is not known: ${value.why}`, {
    where: place,
    hint: 'Only Packer can tell it; give the variable with -var.'
  })
}

/** Something that a shell provisioner runs: a local script, or a text of the template. */
export type ShellSource =
  | { readonly path: string; readonly text?: undefined }
  | { readonly path?: undefined; readonly text: string }

/** A script of a shell provisioner, and where it goes. */
export interface ShellUpload {
  readonly source: ShellSource
  /** Path in the container. */
  readonly remotePath: string
}

const DEFAULT_SHEBANG = '/bin/sh -e'

function inlineText(step: ShellStep, lines: readonly Value[]): string {
  const text = lines.map(line => `${settled(line, step)}\n`).join('')
  if (!step.shebang && text.startsWith('#!')) return text
  return `#!${step.shebang ? settled(step.shebang, step) : DEFAULT_SHEBANG}\n${text}`
}

function sourcesOf(step: ShellStep): readonly ShellSource[] {
  const scripts = step.scripts.map(path => ({ path: settled(path, step) }))
  return step.inline ? [...scripts, { text: inlineText(step, step.inline) }] : scripts
}

const folderOf = (step: ShellStep) =>
  step.remoteFolder ? settled(step.remoteFolder, step) : '/tmp'

/** Packer takes a random number for the name; here it is the provisioner's. */
function remotePath(step: ShellStep, index: number, count: number): string {
  if (step.remotePath) return settled(step.remotePath, step)
  const suffix = count > 1 ? `_${index + 1}` : ''
  const file = step.remoteFile
    ? settled(step.remoteFile, step)
    : `script_${step.number}${suffix}.sh`
  return `${folderOf(step)}/${file}`
}

/** The scripts of a shell provisioner in the order in which they run. */
export function shellUploads(step: ShellStep): readonly ShellUpload[] {
  const sources = sourcesOf(step)
  return sources.map((source, index) => ({
    source,
    remotePath: remotePath(step, index, sources.length)
  }))
}

/** What Packer tells every script of a build. */
export interface BuildNames {
  readonly buildName: string
  readonly builderType: string
}

const escaped = (value: string) => value.replaceAll("'", `'"'"'`)

function environmentOf(step: ShellStep, names: BuildNames): ReadonlyMap<string, string> {
  const pairs = step.environment.map((word): [string, string] => {
    const text = settled(word, step)
    const at = text.indexOf('=')
    return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
  })
  const map = step.environmentMap.map(([name, value]): [string, string] => [
    settled(name, step),
    settled(value, step)
  ])
  const all = new Map([
    ['PACKER_BUILD_NAME', names.buildName],
    ['PACKER_BUILDER_TYPE', names.builderType],
    ...map,
    ...pairs
  ])
  return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)))
}

const formatted = (format: string, name: string, value: string) => {
  const words = [name, value]
  return format.replace(/%s/g, () => words.shift() ?? '%s')
}

/** The variables of a provisioner as Packer writes them before its script. */
export function environmentText(step: ShellStep, names: BuildNames): string {
  const usual = step.usesEnvironmentFile ? "export %s='%s'\n" : "%s='%s' "
  const format = step.environmentFormat ? settled(step.environmentFormat, step) : usual
  const environment = environmentOf(step, names)
  return [...environment].map(([name, value]) => formatted(format, name, escaped(value))).join('')
}

/** Where the file of a provisioner's variables goes; undefined where it has none. */
export function environmentFile(step: ShellStep): string | undefined {
  return step.usesEnvironmentFile ? `${folderOf(step)}/varfile_${step.number}.sh` : undefined
}

const INLINE_VARIABLES = 'chmod +x {{.Path}}; {{.Vars}} {{.Path}}'
const FILE_OF_VARIABLES = 'chmod +x {{.Path}}; . {{.EnvVarFile}} && {{.Path}}'

/** The command that runs an uploaded script of a provisioner, for `/bin/sh -c` in the container. */
export function shellCommand(step: ShellStep, path: string, names: BuildNames): string {
  const file = environmentFile(step)
  const usual = file === undefined ? INLINE_VARIABLES : FILE_OF_VARIABLES
  const fields: Readonly<Record<string, string>> = {
    Path: path,
    Vars: environmentText(step, names),
    EnvVarFile: file ?? ''
  }
  const command = step.executeCommand ? settled(step.executeCommand, step) : usual
  const filled = command.replace(/\{\{\.(\w+)\}\}/g, (all, name: string) =>
    Object.hasOwn(fields, name) ? (fields[name] ?? all) : all
  )
  return `(${filled})`
}

/** Exit statuses with which a script of a provisioner has done well. */
export function isGoodStatus(step: ShellStep, status: number): boolean {
  const valid = step.exitCodes.map(code => Number(settled(code, step)))
  return valid.length > 0 ? valid.includes(status) : status === 0
}

const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 }

/** Milliseconds of a Go duration such as `1m30s`; 0 where it is none. */
export function milliseconds(duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/gy)]
  if (parts.map(([part]) => part).join('') !== duration) return 0
  return (
    parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (SECONDS[unit] ?? 0), 0) *
    1000
  )
}
