import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryRoot } from '../adapters/current-run.js'
import type { Exec, Output } from '../ports.js'
import { askingEnvironment } from './path-packer.js'
import type { Component, ComponentKind } from './plugin-table.js'
import { withPrivateFolder } from './private-folder.js'

/** A Packer that can be asked. */
export interface AskedPacker {
  readonly path: string
  readonly version: string
  readonly exec: Exec
  readonly env: Readonly<Record<string, string>>
}

/** Milliseconds for one question. */
const TIMEOUT = 60_000

/**
 * How Packers from 1.6 to 1.15 say that they have no such component: `Unknown builder x`, `The builder x
 * is unknown by Packer`, `Unknown data type x`, only `Did you mean to use "y"?`, or, before 1.7,
 * that there are no data blocks. Lines are folded at 80 columns.
 */
const UNKNOWN =
  /unknown (builder|provisioner|post-processor|source|data)\b|is unknown by packer|did you mean to use|blocks of type "data" are not expected/i

/** A template that uses components and says nothing else; data sources cannot stand beside others. */
export function probeTemplate(components: readonly Component[]): {
  readonly name: string
  readonly text: string
} {
  const of = (kind: ComponentKind) =>
    components.filter(each => each.kind === kind).map(({ type }) => ({ type }))
  const data = of('data-source').map(({ type }) => `data "${type}" "probe" {\n}\n`)
  if (data.length > 0) return { name: 'probe.pkr.hcl', text: data.join('') }
  const builders = of('builder')
  const template = {
    builders: builders.length > 0 ? builders : [{ type: 'null', communicator: 'none' }],
    provisioners: of('provisioner'),
    'post-processors': of('post-processor')
  }
  return { name: 'probe.json', text: JSON.stringify(template) }
}

/** Where Packer found all components and then settings that are missing, or none. */
const KNOWN = /failed to prepare build|the configuration is valid/i

/**
 * What `packer validate` of a probe says: whether Packer has the components, or undefined where its
 * words are others.
 */
export function parseVerdict(output: Output): boolean | undefined {
  const text = `${output.stdout}\n${output.stderr}`.replace(/\s+/g, ' ')
  if (UNKNOWN.test(text)) return false
  return output.status === 0 || KNOWN.test(text) ? true : undefined
}

/**
 * Whether Packer has all these components, built in or as plugins that it finds: it is asked by
 * `packer validate` of a template that uses them. What else is wrong with that template is no matter.
 * Undefined where it does not answer.
 */
export async function askAbout(
  packer: AskedPacker,
  components: readonly Component[]
): Promise<boolean | undefined> {
  return await withPrivateFolder(temporaryRoot(), async folder => {
    const { name, text } = probeTemplate(components)
    await writeFile(join(folder, name), text)
    const options = { cwd: folder, env: askingEnvironment(packer.env), timeout: TIMEOUT }
    const output = await packer.exec
      .capture(packer.path, ['validate', name], options)
      .catch(() => undefined)
    return output && parseVerdict(output)
  })
}
