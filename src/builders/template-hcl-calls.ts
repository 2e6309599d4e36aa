import { resolve } from 'node:path'
import type { TemplateInput } from './template.js'
import { callPure } from './template-hcl-functions.js'
import type { HclScope } from './template-hcl-scope.js'
import { LONGEST_PATH } from './template-hcl-size.js'
import { type Cty, ctyBecause, ctyString, ctyText, ctyUnknown } from './template-hcl-value.js'
import { changing, mapped, unknown, type Value } from './template-value.js'

const SERVICES = /^(consul_key|vault|aws_secretsmanager|aws_secretsmanager_raw)$/
const TIMES = /^(timestamp|uuidv4|bcrypt|legacy_isotime|legacy_strftime)$/

const FILES: Readonly<Record<string, TemplateInput['kind'] | undefined>> = {
  file: 'file',
  filebase64: 'file',
  templatefile: 'file',
  fileexists: 'file-or-folder',
  fileset: 'folder'
}

function pathIn(value: Cty | undefined): Value {
  const path = value ? ctyText(value) : unknown('no path')
  return path.known && path.text.length > LONGEST_PATH ? unknown('no path is that long') : path
}

/** The content is not looked at here: it is an input, so a change of it shows. */
function readFile(
  name: string,
  kind: TemplateInput['kind'],
  args: readonly Cty[],
  scope: HclScope
): Cty {
  const path = pathIn(args[0])
  const absolute = mapped(path, text => resolve(scope.templateDirectory, text))
  scope.reads(kind, absolute, `function ${name}`)
  return ctyBecause(`${name} reads a file`, args)
}

function environmentValue([name]: readonly Cty[], scope: HclScope): Cty {
  return name?.kind === 'string' ? ctyString(scope.env(name.text)) : ctyUnknown('env needs a name')
}

/** Calls a function of an HCL template: one that reads the world, or a pure one. */
export function callFunction(name: string, args: readonly Cty[], scope: HclScope): Cty {
  if (name === 'env' && scope.calls === 'env') return environmentValue(args, scope)
  if (scope.calls !== 'all') return ctyBecause(`${name} cannot be called here`, args)
  if (SERVICES.test(name)) return { kind: 'unknown', value: changing(`${name} asks a service`) }
  if (TIMES.test(name)) return { kind: 'unknown', value: changing(`${name} changes each time`) }
  const kind = Object.hasOwn(FILES, name) ? FILES[name] : undefined
  return kind ? readFile(name, kind, args, scope) : callPure(name, args, scope.workingDirectory)
}
