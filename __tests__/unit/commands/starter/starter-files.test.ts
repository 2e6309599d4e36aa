import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { generate, isStale } from '../../../../src/commands/generate.js'
import { readAnswers } from '../../../../src/commands/starter/answers.js'
import { starterFiles } from '../../../../src/commands/starter/starter-files.js'
import { STARTER_WORKFLOW } from '../../../../src/commands/starter/starter-workflow.js'
import { parseManifest } from '../../../../src/manifest/read.js'
import { resolveManifest } from '../../../../src/manifest/resolve.js'
import { memoryFiles } from '../../../fixtures/fake-ports.js'
import { readMarkdown } from '../../../fixtures/markdown.js'

const REQUESTS = [
  { tag: 'acme/web:1.0', base: 'debian:12', systemd: true },
  { tag: 'registry.example.org:5000/a/b/web:2', base: 'ubuntu:24.04', systemd: false },
  { tag: 'web', base: 'debian', systemd: true }
]

const written = (request: (typeof REQUESTS)[number]) => {
  const files = starterFiles(readAnswers(request))
  return new Map(files.map(({ path, text }) => [`/shop/${path}`, text]))
}

const textOf = (files: ReadonlyMap<string, string>, path: string) =>
  files.get(`/shop/${path}`) ?? ''

async function imagesOf(files: ReadonlyMap<string, string>) {
  const path = '.docker/IMAGES.json'
  const document = await parseManifest(Buffer.from(textOf(files, path)), path)
  return resolveManifest(document, { root: '/shop', env: {}, exists: file => files.has(file) })
}

describe.each(REQUESTS)('a starting chain for $tag on $base', request => {
  const files = written(request)

  it('has every file that its manifest asks for, and no warning', async () => {
    const { images, warnings } = await imagesOf(files)
    expect(images).toHaveLength(3)
    for (const { file } of images) expect([...files.keys()]).toContain(file)
    expect(warnings).toEqual([])
  })

  it('has the template that generate would make', async () => {
    const { images } = await imagesOf(files)
    const made = await generate(
      images,
      {
        root: '/shop',
        packerTemplate: undefined,
        ansibleFolder: undefined,
        saltFolder: undefined,
        images: [],
        skipImages: []
      },
      memoryFiles({ ...Object.fromEntries(files), '/shop/.ansible': '' })
    )
    expect(made.files).toHaveLength(1)
    expect(made.files.filter(isStale)).toEqual([])
    expect(made.warnings).toEqual([])
  })

  it('stands on the base that was asked for', () => {
    expect(textOf(files, '.docker/base/Dockerfile')).toContain(`\nFROM ${request.base}\n`)
  })

  it('runs systemd where it is wanted, and only there', () => {
    const template = JSON.parse(textOf(files, '.docker/packer.json'))
    expect(template.builders[0].run_command.includes('/sbin/init')).toBe(request.systemd)
    const playbook = textOf(files, '.ansible/playbooks/site_docker.yml')
    expect(playbook.includes('ansible.builtin.systemd')).toBe(request.systemd)
    expect(textOf(files, '.docker/provision.sh').includes('systemctl')).toBe(request.systemd)
  })

  it('has a playbook and a workflow in YAML', () => {
    expect(load(textOf(files, '.ansible/playbooks/site_docker.yml'))).toHaveLength(1)
    expect(load(textOf(files, '.github/workflows/images.yml'))).toMatchObject({
      permissions: { contents: 'read' }
    })
  })
})

it('has programs that say what runs them', () => {
  for (const { text, isProgram } of starterFiles(readAnswers(REQUESTS[0] as never))) {
    expect(text.startsWith('#!')).toBe(isProgram)
    expect(text.endsWith('\n')).toBe(true)
  }
})

it('has a workflow with the actions that the README pins', () => {
  const readme = readMarkdown('README.md').text
  const lines = STARTER_WORKFLOW.match(/uses: .*/g) ?? []
  expect(lines.length).toBeGreaterThan(1)
  for (const line of lines) expect(readme).toContain(line)
})
