import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packerOutput } from '../../../src/builders/packer-output.js'

const ID = `sha256:${'0123456789abcdef'.repeat(4)}`
const BASE_ID = `sha256:${'f'.repeat(64)}`

/** Reads output that comes in pieces; the memory of each piece holds something else afterwards. */
function read(...pieces: (string | Buffer)[]) {
  const output = packerOutput()
  const shown = pieces.map(piece => {
    const memory = Buffer.from(piece)
    const copy = Buffer.from(output.decode(memory))
    memory.fill('#')
    return copy
  })
  return { text: Buffer.concat([...shown, output.rest()]).toString(), ...output.produced() }
}

const artifact = (property: string, value: string) =>
  `1600000000,docker,artifact,0,${property},${value}\n`

/** As Packer 1.6 prints it. */
const BUILD = [
  '1600000000,,ui,say,==> docker: Creating a temporary directory for sharing data...\n',
  '1600000000,,ui,message,    docker: Dépôt 日本%!(PACKER_COMMA) 🐳 — prêt\n',
  "1600000000,,ui,say,Build 'docker' finished.\\n\\n==> Builds finished.\n",
  '1600000000,,ui,error,it broke\\r\\n\n',
  '1600000000,docker,artifact-count,2\n',
  artifact('builder-id', 'packer.post-processor.docker-import'),
  artifact('id', BASE_ID),
  artifact('string', `Imported Docker image: ${BASE_ID}`),
  artifact('files-count', '0'),
  artifact('end', '').replace(/,$/m, ''),
  '1600000000,docker,artifact,1,id,acme/base:2\n',
  '1600000000,docker,artifact,1,string,Imported Docker image: acme/base:2 with tags acme/base:1 acme/base:2\n',
  'panic: not a machine line, 1,2\n',
  '\n',
  '1600000000,,error-count,0'
].join('')

const BUILD_TEXT = [
  '==> docker: Creating a temporary directory for sharing data...\n',
  '    docker: Dépôt 日本, 🐳 — prêt\n',
  "Build 'docker' finished.\n\n==> Builds finished.\n",
  'it broke\r\n\n',
  'panic: not a machine line, 1,2\n',
  '\n'
].join('')

describe('what a person sees', () => {
  it('is what Packer says, without its machine-readable shell', () => {
    expect(read(BUILD).text).toBe(BUILD_TEXT)
  })

  it('has every comma, whether Packer escaped it or not', () => {
    expect(read('1,,ui,say,a%!(PACKER_COMMA)b,c,d%!(PACKER_COMMA)%!(PACKER_COMMA)\n').text).toBe(
      'a,b,c,d,,\n'
    )
  })

  it('has lines that are not machine-readable as they are', () => {
    const text = 'Error: x\n12,months,Later\n,,ui,say,x\n  at y:1,2\r\n'
    expect(read(text).text).toBe(text)
  })

  it('has the bytes that are no text as they are', () => {
    const bytes = Buffer.from([
      0x31, 0x2c, 0x2c, 0x75, 0x69, 0x2c, 0x73, 0x2c, 0xff, 0x00, 0x80, 0x0a
    ])
    const output = packerOutput()
    expect([...output.decode(bytes)]).toEqual([0xff, 0x00, 0x80, 0x0a])
  })

  it('has the last line although it is not ended', () => {
    expect(read('1,,ui,say,one\n1,,ui,say,two').text).toBe('one\ntwo\n')
  })

  it('is nothing where Packer said nothing', () => {
    expect(read()).toEqual({ text: '', tags: [], imageIds: [] })
  })

  it('has a line of any length, of which no more than a few are held', () => {
    const output = packerOutput()
    const piece = Buffer.alloc(1 << 18, 'x')
    const shown = Array.from({ length: 40 }, () => output.decode(piece).length)
    const all = shown.reduce((sum, each) => sum + each) + output.rest().length
    expect(shown.some(length => length > 0)).toBe(true)
    expect(all).toBeGreaterThanOrEqual(40 * piece.length)
  })
})

describe('what Packer made', () => {
  it('is every tag and every id that its artifacts name', () => {
    const { tags, imageIds } = read(BUILD)
    expect(tags).toEqual(['acme/base:1', 'acme/base:2'])
    expect(imageIds).toEqual([BASE_ID])
  })

  it('has a single tag, too', () => {
    const line = artifact('string', 'Imported Docker image: acme/base:1 with tags acme/base:1')
    expect(read(line).tags).toEqual(['acme/base:1'])
  })

  it('has the name that docker-import gave, which comes without the word tags', () => {
    expect(read(artifact('string', 'Imported Docker image: acme/imported:3')).tags).toEqual([
      'acme/imported:3'
    ])
  })

  it('takes no id for a tag', () => {
    const { tags, imageIds } = read(artifact('string', `Imported Docker image: ${ID}`))
    expect({ tags, imageIds }).toEqual({ tags: [], imageIds: [ID] })
  })

  it('has each tag and id once, although several artifacts name it', () => {
    const line = artifact('string', 'Imported Docker image: a:2 with tags a:1 a:2')
    const { tags, imageIds } = read(line, line, artifact('id', ID), artifact('id', ID))
    expect({ tags, imageIds }).toEqual({ tags: ['a:1', 'a:2'], imageIds: [ID] })
  })

  it('is not what a script prints in a build', () => {
    const printed = '1,,ui,message,    docker: 1%!(PACKER_COMMA)x%!(PACKER_COMMA)artifact\n'
    const faked = '1,,ui,message,    docker: Imported Docker image: evil:1 with tags evil:1\n'
    expect(read(printed, faked).tags).toEqual([])
  })

  it('is not what is no image, such as an exported file', () => {
    expect(read(artifact('string', 'Exported Docker file: out.tar')).tags).toEqual([])
  })
})

describe('output in any pieces', () => {
  const bytes = Buffer.from(BUILD)
  const whole = read(bytes)

  const inPieces = (cuts: readonly number[]) => {
    const sorted = [0, ...[...cuts].sort((a, b) => a - b), bytes.length]
    return sorted.slice(1).map((end, at) => bytes.subarray(sorted[at], end))
  }

  it('says the same, wherever it is cut: in a character, an escape or a line', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 60 }), cuts => {
        expect(read(...inPieces(cuts))).toEqual(whole)
      }),
      { numRuns: 500 }
    )
  })

  it('says the same byte by byte', () => {
    expect(read(...inPieces([...bytes.keys()]))).toEqual(whole)
  })

  it('says the same for any lines, machine-readable or not', () => {
    const field = fc.string({ unit: fc.constantFrom(...'ab,%!(PACKER_COMMA)\\nré🐳: ') })
    const kind = fc.constantFrom(
      'ui,say',
      'ui,error',
      'artifact,0,id',
      'artifact,0,string',
      'error'
    )
    const line = fc.oneof(
      field,
      fc.tuple(kind, field).map(([name, text]) => `1,docker,${name},${text}`)
    )
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat({ max: 500 })), (lines, cuts) => {
        const data = Buffer.from(lines.join('\n'))
        const ends = [
          0,
          ...cuts.map(cut => cut % (data.length + 1)).sort((a, b) => a - b),
          data.length
        ]
        const pieces = ends.slice(1).map((end, at) => data.subarray(ends[at], end))
        expect(read(...pieces)).toEqual(read(data))
      }),
      { numRuns: 300 }
    )
  })
})
