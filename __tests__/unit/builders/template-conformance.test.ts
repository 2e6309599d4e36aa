import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readFiles, shown } from './template-support.js'

interface Case {
  readonly generated: Readonly<Record<string, string>>
}

const FOLDER = join(import.meta.dirname, '../../../../shared/conformance/generate')
const isThere = existsSync(FOLDER)

const templates = (): [string, string][] =>
  readdirSync(FOLDER).flatMap(name => {
    const { generated }: Case = JSON.parse(readFileSync(join(FOLDER, name), 'utf8'))
    return Object.entries(generated)
  })

describe.skipIf(!isThere)('a template that a real user generated', () => {
  it.each(isThere ? templates() : [])(
    '%s is read whole, and can be tracked',
    async (path, text) => {
      const tag = /"tag": "([^"]+)"/.exec(text)?.[1]
      const template = await readFiles({ [path]: text })
      const [builder] = template.builders
      expect(template.problems).toEqual([])
      expect(shown([builder?.image])).toEqual(['corpusops/ubuntu:16.04'])
      expect(shown(template.tags)).toEqual([tag])
      expect(shown(template.mounts)).toEqual(['/project'])
      expect(shown(template.inputs.map(input => input.path))).toEqual([
        '/project/.docker/provision.sh'
      ])
      expect(template.untracked).toEqual([])
      expect(shown(builder?.runCommand ?? []).slice(-2)).toEqual(['{{.Image}}', '/entry_point'])
    }
  )
})
