import { describe, expect, it } from 'vitest'
import { findTemplate, liveName, type TemplateSearch } from '../../../src/commands/find-template.js'
import { memoryFiles } from '../../fixtures/fake-ports.js'
import { anImage } from '../../fixtures/image.js'

const text = (image = 'base:1') =>
  JSON.stringify({
    variables: { who: 'nobody' },
    builders: [
      { type: 'docker', image, commit: true, run_command: ['{{user `who`}}', '{{.Image}}'] }
    ],
    'post-processors': [{ type: 'docker-tag', repository: 'acme/app', tag: '1.0' }]
  })

const FILES = {
  '/project/docker/packer/app-1.9.json': text(),
  '/project/docker/packer/app-1.10.json': text(),
  '/project/docker/packer/notes.txt': '',
  '/project/other.json': text(),
  '/project/none.json': '{"builders": [{"type": "null"}]}'
}

const listed = anImage({
  builder: 'packer',
  tags: ['acme/app:1.9'],
  file: '/project/docker/packer/app-1.9.json',
  workingDirectory: '/elsewhere',
  buildArguments: [['who', 'manifest']]
})

const find = (template: string | undefined, more: Partial<TemplateSearch> = {}) =>
  findTemplate(
    {
      root: '/project',
      images: [listed],
      folders: ['/project/docker'],
      template,
      packerArguments: [],
      env: {},
      ...more
    },
    memoryFiles(FILES)
  )

const who = async (found: ReturnType<typeof find>) => {
  const [first] = (await found).builder.runCommand ?? []
  return first?.known && first.text
}

describe('the template that is tried', () => {
  it('is the newest by name, the numbers in it counted as numbers', async () => {
    expect((await find(undefined)).file).toBe('/project/docker/packer/app-1.10.json')
  })

  it.each([
    ['other.json', '/project/other.json'],
    ['docker/packer/app-1.9.json', '/project/docker/packer/app-1.9.json'],
    ['app-1.9.json', '/project/docker/packer/app-1.9.json'],
    ['acme/app:1.9', '/project/docker/packer/app-1.9.json']
  ])('is found by %s', async (word, file) => {
    expect((await find(word)).file).toBe(file)
  })

  it('is read with what its image in the manifest says, and the variables that are given win', async () => {
    expect((await find('app-1.9.json')).workingDirectory).toBe('/elsewhere')
    expect(await who(find('app-1.9.json'))).toBe('manifest')
    expect(await who(find('app-1.9.json', { packerArguments: ['-var=who=me'] }))).toBe('me')
    expect(await who(find('other.json'))).toBe('nobody')
  })

  it('is refused where it is not there, or makes no container', async () => {
    await expect(find('missing.json')).rejects.toMatchObject({ code: 'FILE_MISSING' })
    await expect(find(undefined, { folders: ['/empty'] })).rejects.toMatchObject({
      code: 'FILE_MISSING'
    })
    await expect(find('none.json')).rejects.toMatchObject({ code: 'TEMPLATE_INVALID' })
  })

  it('gives its container the name that the earlier helper gave it', async () => {
    expect(liveName(await find('other.json'))).toBe('acmeapp10live')
    expect(liveName({ ...(await find('other.json')), tags: [] })).toBe('otherlive')
  })
})
