import { lstatSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { afterEdit, decision, isSeen, onDaemon, writeApp } from '../../fixtures/reuse-checks.js'
import { type ReuseProject, reuseProject } from '../../fixtures/reuse-project.js'

const bytes = (...parts: (string | number)[]) =>
  Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part))))

function withBase(): ReuseProject {
  const project = reuseProject()
  onDaemon(project, 'base:1')
  return project
}

describe('a name that is not UTF-8', () => {
  it('of a file in a folder that is copied: its edit is seen', async () => {
    const project = withBase()
    project.write('d/f', '1')
    const odd = bytes(project.path('d/caf'), 0xe9)
    writeFileSync(odd, '1')
    writeApp(project, 'FROM base:1\nCOPY d /\n')
    expect(await isSeen(project, () => writeFileSync(odd, '2'))).toBe(true)
  })

  it('does not hide another file that differs in that byte alone', async () => {
    const project = withBase()
    const [one, two] = [0xe8, 0xe9].map(byte => bytes(project.path('d/caf'), byte))
    project.write('d/f', '1')
    writeFileSync(one ?? '', '1')
    writeFileSync(two ?? '', '1')
    writeApp(project, 'FROM base:1\nCOPY d /\n')
    expect(await isSeen(project, () => writeFileSync(one ?? '', '2'))).toBe(true)
    expect(await isSeen(project, () => writeFileSync(two ?? '', '2'))).toBe(true)
  })

  it('of what a link points at: another one is seen', async () => {
    const project = withBase()
    const link = project.path('d/link')
    project.write('d/f', '1')
    symlinkSync(bytes('caf', 0xe9), link)
    writeApp(project, 'FROM base:1\nCOPY d /\n')
    const relink = () => {
      project.link('x', 'd/link')
      project.unlink('d/link')
      symlinkSync(bytes('caf', 0xe8), link)
    }
    expect(await isSeen(project, relink)).toBe(true)
    expect(readlinkSync(link, 'buffer').at(-1)).toBe(0xe8)
  })
})

it('a Dockerfile that is not UTF-8: an edit of such a byte is seen', async () => {
  const project = withBase()
  const text = (byte: number) => bytes('FROM base:1\nLABEL a="', byte, '"\n')
  writeApp(project, '')
  writeFileSync(project.path('Dockerfile.app'), text(0xe9))
  const edit = () => writeFileSync(project.path('Dockerfile.app'), text(0xe8))
  expect(await afterEdit(project, edit)).toBe('build: Dockerfile.app changed')
})

describe.each(['files', 'arguments', 'platform', 'base base:1', 'variable V'])(
  'a Dockerfile with the name "%s"',
  name => {
    const more = { dockerfile: name, extra_args: '--build-arg V' }
    const project = () => {
      const made = withBase()
      made.write('f', '1')
      made.env.V = '1'
      writeApp(made, '', { ...more, build_args: { X: '1' } })
      made.write(name, 'FROM base:1\nARG X\nCOPY f /\nRUN echo\n')
      return made
    }

    it('hides no edit of itself', async () => {
      const made = project()
      const edit = () => made.write(name, 'FROM base:1\nARG X\nCOPY f /\nRUN echo 2\n')
      expect(await afterEdit(made, edit)).toMatch(/^build: /)
    })

    it('hides no other change', async () => {
      const made = project()
      expect(await afterEdit(made, () => made.write('f', '2'))).toBe('build: f changed')
      await made.build()
      writeApp(made, '', { ...more, build_args: { X: '2' } })
      expect(await decision(made)).toMatch(/^build: /)
      await made.build()
      made.env.V = '2'
      expect(await decision(made)).toMatch(/^build: /)
      await made.build()
      onDaemon(made, 'base:1', 'second')
      expect(await decision(made)).toMatch(/^build: /)
    })
  }
)

it('a file with the name "base x" has changed, and not moved', async () => {
  const project = withBase()
  project.write('base x', '1')
  writeApp(project, 'FROM base:1\nCOPY . /\n')
  const after = await afterEdit(project, () => project.write('base x', '2'))
  expect(after).toBe('build: base x changed')
})

it('two images whose short names are the same are told apart', async () => {
  const project = withBase()
  onDaemon(project, 'docker.io/library/a/b:1')
  onDaemon(project, 'docker.io/a/b:1')
  writeApp(project, 'FROM docker.io/library/a/b:1\nCOPY --from=a/b:1 /x /\n')
  const move = (name: string) => () => onDaemon(project, name, 'second')
  expect(await isSeen(project, move('docker.io/library/a/b:1'))).toBe(true)
  expect(await isSeen(project, move('docker.io/a/b:1'))).toBe(true)
})

it('a link, and a file with the name under which what it leads to is known', async () => {
  const project = withBase()
  project.write('x', '1')
  project.link('x', 'l')
  project.write('l (x)', '1')
  writeApp(project, 'FROM base:1\nCOPY --from=one / /\nCOPY --from=two / /\n', {
    extra_args: ['--build-context', 'one=l', '--build-context', 'two=l (x)']
  })
  expect(await isSeen(project, () => project.write('x', '2'))).toBe(true)
  expect(await isSeen(project, () => project.write('l (x)', '2'))).toBe(true)
  expect(lstatSync(project.path('l')).isSymbolicLink()).toBe(true)
})
