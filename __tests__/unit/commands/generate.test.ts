import { describe, expect, it } from 'vitest'
import { type GenerateRequest, generate, isStale } from '../../../src/commands/generate.js'
import { ChainError } from '../../../src/errors.js'
import { memoryFiles } from '../../fixtures/fake-ports.js'
import { anImage } from '../../fixtures/image.js'

const REQUEST: GenerateRequest = {
  root: '/project',
  packerTemplate: undefined,
  ansibleFolder: undefined,
  saltFolder: undefined,
  images: [],
  skipImages: []
}

const TEMPLATE = '{"tag": "acme/__NAME__:__VERSION__", "at": "__DOCKER_FOLDER"}\n'
const packer = (tag: string, overrides = {}) =>
  anImage({ builder: 'packer', tags: [tag], ...overrides })

const FILES = { '/project/docker/packer.json': TEMPLATE }

async function errorOf(made: Promise<unknown>): Promise<ChainError> {
  const error = await made.catch((thrown: unknown) => thrown)
  if (error instanceof ChainError) return error
  throw error ?? new Error('nothing was thrown')
}

describe('generating', () => {
  it('makes a template for each Packer image, and leaves Dockerfiles alone', async () => {
    const images = [packer('acme/a:1'), anImage({ tags: ['acme/b:1'] }), packer('acme/c:2')]
    const { files, warnings } = await generate(images, REQUEST, memoryFiles(FILES))
    expect(files).toEqual([
      {
        path: '/project/docker/packer/a-1.json',
        name: 'docker/packer/a-1.json',
        text: '{"tag": "acme/a:1", "at": "docker"}\n',
        before: undefined
      },
      expect.objectContaining({ text: '{"tag": "acme/c:2", "at": "docker"}\n' })
    ])
    expect(warnings).toEqual([])
  })

  it('tells what is up to date from what is not, to the byte', async () => {
    const there = {
      ...FILES,
      '/project/docker/packer/a-1.json': '{"tag": "acme/a:1", "at": "docker"}\n',
      '/project/docker/packer/c-2.json': '{"tag": "acme/c:2", "at": "docker"}'
    }
    const images = [packer('acme/a:1'), packer('acme/c:2')]
    const { files } = await generate(images, REQUEST, memoryFiles(there))
    expect(files.map(isStale)).toEqual([false, true])
  })

  it('makes the chosen ones only', async () => {
    const images = [packer('acme/a:1'), packer('acme/c:2')]
    const request = { ...REQUEST, images: ['acme/c:2'] }
    const { files } = await generate(images, request, memoryFiles(FILES))
    expect(files.map(({ name }) => name)).toEqual(['docker/packer/c-2.json'])
  })

  it('takes the template that is named, relative to the root', async () => {
    const request = { ...REQUEST, packerTemplate: 'shared/t.json' }
    const files = memoryFiles({ '/project/shared/t.json': '{"v": "__VERSION__"}' })
    const made = await generate([packer('acme/a:1')], request, files)
    expect(made.files[0]?.text).toBe('{"v": "1"}')
  })

  it('takes the template beside each of several manifests', async () => {
    const other = packer('acme/b:1', {
      manifest: 'other/docker/IMAGES.json',
      workingDirectory: '/project/other',
      file: '/project/other/docker/packer/b-1.json'
    })
    const there = memoryFiles({
      ...FILES,
      '/project/other/docker/packer.json': '{"other": "__DOCKER_FOLDER"}'
    })
    const { files } = await generate([packer('acme/a:1'), other], REQUEST, there)
    expect(files.map(({ text }) => text)).toEqual([
      '{"tag": "acme/a:1", "at": "docker"}\n',
      '{"other": "docker"}'
    ])
  })

  it('leaves out what is no JSON template or lies elsewhere, and says so', async () => {
    const images = [
      packer('acme/a:1', { file: '/project/docker/packer/a.pkr.hcl', fileAsWritten: 'a.pkr.hcl' }),
      packer('acme/b:1', { file: '/project/docker/packer.json', fileAsWritten: '../packer.json' })
    ]
    const { files, warnings } = await generate(images, REQUEST, memoryFiles(FILES))
    expect(files).toEqual([])
    expect(warnings.map(({ message }) => message)).toEqual([
      'a.pkr.hcl is not generated: it is no JSON template',
      "../packer.json is not generated: it is not in the manifest's folder `packer/`"
    ])
  })
})

describe('the folders of a template', () => {
  const text = '"__ANSIBLE_FOLDER __SALT_FOLDER __DOCKER_FOLDER"'
  const made = async (there: readonly string[], request = {}, image = packer('acme/a:1')) => {
    const folders = Object.fromEntries(there.map(path => [`${path}/x`, '']))
    const files = memoryFiles({ '/project/docker/packer.json': text, ...folders })
    return (await generate([image], { ...REQUEST, ...request }, files)).files[0]?.text
  }

  it.each([
    [[], 'ansible salt'],
    [['/project/.ansible', '/project/.salt'], '.ansible .salt'],
    [['/project/ansible', '/project/.ansible'], 'ansible salt']
  ])('are those that exist, of %j', async (there, expected) => {
    expect(await made(there)).toBe(`"${expected} docker"`)
  })

  it('are those that the options name, with a dot before it where only that is there', async () => {
    const request = { ansibleFolder: 'provision', saltFolder: '/srv/salt' }
    expect(await made(['/project/.provision'], request)).toBe('".provision /srv/salt docker"')
    expect(await made([], request)).toBe('"provision /srv/salt docker"')
  })

  it('are as Packer sees them from its working directory', async () => {
    const image = packer('acme/a:1', { workingDirectory: '/project/docker' })
    expect(await made(['/project/.ansible'], {}, image)).toBe('"../.ansible salt ."')
  })
})

describe('generating is refused', () => {
  it('where the template is missing, with its place', async () => {
    const error = await errorOf(generate([packer('acme/a:1')], REQUEST, memoryFiles({})))
    expect(error).toMatchObject({
      code: 'FILE_MISSING',
      problems: [{ place: { file: 'docker/packer.json' } }]
    })
    expect(error.hint).toContain('packer-template')
  })

  it('where what comes out is no JSON, with line and column', async () => {
    const files = memoryFiles({ '/project/docker/packer.json': '{\n "v": __VERSION__\n}' })
    const made = (tag: string) => generate([packer(tag)], REQUEST, files)
    expect((await made('acme/a:1')).files[0]?.text).toBe('{\n "v": 1\n}')
    expect(await errorOf(made('acme/a:1.0.1'))).toMatchObject({
      code: 'TEMPLATE_INVALID',
      problems: [{ place: { file: 'docker/packer/a-1.0.1.json', position: { line: 2 } } }]
    })
  })

  it('where the template is not UTF-8', async () => {
    const files = { ...memoryFiles(FILES), read: async () => Uint8Array.of(0x22, 0xe9, 0x22) }
    const error = await errorOf(generate([packer('acme/a:1')], REQUEST, files))
    expect(error).toMatchObject({ code: 'TEMPLATE_INVALID', where: { file: expect.any(String) } })
  })

  it('where one file would have two contents', async () => {
    const file = '/project/docker/packer/x.json'
    const images = [packer('acme/a:1', { file }), packer('acme/b:1', { file })]
    expect(await errorOf(generate(images, REQUEST, memoryFiles(FILES)))).toMatchObject({
      code: 'MANIFEST_INVALID',
      problems: [{ place: { file: 'docker/IMAGES.json' } }]
    })
  })
})
