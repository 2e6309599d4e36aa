import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dockerBuilder, dockerSource, readHcl, readJson, shown } from './template-support.js'

const JSON_TEMPLATE = JSON.stringify(
  {
    variables: { a: '{{user `b`}}', b: '{{env `X`}}', c: null },
    builders: [dockerBuilder({ run_command: ['-v', '{{pwd}}:/in', '{{.Image}}'] })],
    provisioners: [{ type: 'shell', script: 'a.sh' }],
    'post-processors': [[{ type: 'docker-tag', repository: 'r', tags: ['{{user `a`}}'] }]]
  },
  null,
  1
)

const HCL_TEMPLATE = `locals {
  a = [for k, v in { x = "1" } : "\${k}-\${upper(v)}" if v != ""]
}
${dockerSource('image = <<-E\n    a ${join(",", local.a)}\n  E\n  volumes = { "/a" = "/b" } # c', 'provisioner "shell" {\n    inline = ["$${x}", 1 + 2 > 3 ? "a" : "b"]\n  }')}`

/** A text with a piece cut out and another put in its place. */
const broken = (text: string) =>
  fc
    .tuple(
      fc.nat(text.length),
      fc.nat(12),
      fc.oneof(fc.string(), fc.constantFrom(...'{}[]"\\$%`<#/\n'.split('')))
    )
    .map(([at, length, piece]) => text.slice(0, at) + piece + text.slice(at + length))

describe('a template of any text', () => {
  it('is read without failing, legacy or HCL', async () => {
    const texts = fc.oneof(fc.string(), broken(JSON_TEMPLATE), broken(HCL_TEMPLATE))
    await fc.assert(
      fc.asyncProperty(texts, async text => {
        expect((await readJson(text)).format).toBe('json')
        expect((await readHcl(text)).format).toBe('hcl')
      }),
      { numRuns: 1000 }
    )
  })

  it('is read without failing where it nests too deeply', async () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}']
    ]) {
      const text = `${open?.repeat(50_000)}1${close?.repeat(50_000)}`
      expect((await readJson(text)).problems).toHaveLength(1)
    }
    expect((await readHcl(`a = ${'('.repeat(50_000)}`)).problems).toHaveLength(1)
    expect((await readHcl(`a = 1${' + 1'.repeat(50_000)}`)).builders).toEqual([])
  })
})

describe('a text without anything that Packer would fill in', () => {
  const plain = fc.string().filter(text => !text.includes('{{') && text !== '')

  it('is itself in a legacy template', async () => {
    await fc.assert(
      fc.asyncProperty(plain, async text => {
        const { builders } = await readJson({ builders: [dockerBuilder({ image: text })] })
        expect(shown([builders[0]?.image])).toEqual([text])
      })
    )
  })

  it('is itself in HCL, once its quotes and marks are escaped', async () => {
    await fc.assert(
      fc.asyncProperty(plain, async text => {
        const quoted = text.replace(/[\\"]/g, '\\$&').replace(/([$%])(?=\{)/g, '$1$1')
        const { builders } = await readHcl(dockerSource(`image = "${quoted}"`))
        expect(shown([builders[0]?.image])).toEqual([text.normalize('NFC')])
      })
    )
  })

  it('is itself as a user variable, however many call it', async () => {
    await fc.assert(
      fc.asyncProperty(plain, fc.integer({ min: 1, max: 5 }), async (text, calls) => {
        const links = Array.from({ length: calls }, (_, at) => [
          `v${at + 1}`,
          `{{user \`v${at}\`}}`
        ])
        const variables = { v0: text, ...Object.fromEntries(links) }
        const builder = dockerBuilder({ image: `{{user \`v${calls}\`}}` })
        const { builders } = await readJson({ variables, builders: [builder] })
        expect(shown([builders[0]?.image])).toEqual([text])
      })
    )
  })
})
