import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { runAction, runCli } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'

const FOLDER = resolve(import.meta.dirname ?? '.', '../../../shared/conformance/generate')

interface Case {
  readonly project: string
  readonly manifest_path: string
  readonly template_path: string
  readonly existing_folders: readonly string[]
  readonly manifest: string
  readonly template: string
  readonly generated: Readonly<Record<string, string>>
}

const caseNames = existsSync(FOLDER) ? readdirSync(FOLDER) : ['every case']
const read = (path: string) => readFileSync(path, 'utf8')
// Neither tool is to be found: generating needs none.
const NO_TOOLS = { PATH: '/nonexistent' }

function writeCase(name: string): { readonly root: string; readonly given: Case } {
  const given: Case = JSON.parse(read(join(FOLDER, name)))
  const root = temporaryProject(given.project)
  writeTree(root, { [given.manifest_path]: given.manifest, [given.template_path]: given.template })
  for (const folder of given.existing_folders) mkdirSync(join(root, folder))
  return { root, given }
}

describe.skipIf(!existsSync(FOLDER))('what the earlier tool generated', () => {
  test.each(caseNames)('%s comes out to the byte', async name => {
    const { root, given } = writeCase(name)
    const paths = Object.keys(given.generated)
    const first = await runCli(['generate'], { cwd: root, env: NO_TOOLS })
    expect(first).toEqual({
      status: 0,
      stdout: paths.map(path => `${path}\n`).join(''),
      stderr: ''
    })
    const found = paths.map(path => [path, read(join(root, path))])
    expect(Object.fromEntries(found)).toEqual(given.generated)
    const check = await runCli(['generate', '--check'], { cwd: root, env: NO_TOOLS })
    expect(check).toMatchObject({ status: 0, stdout: '' })
  })

  test.each(caseNames)('%s comes out by the older flag, too', async name => {
    const { root, given } = writeCase(name)
    await runCli(['--generate-images', '--quiet', '--no-squash'], { cwd: root, env: NO_TOOLS })
    const found = Object.keys(given.generated).map(path => [path, read(join(root, path))])
    expect(Object.fromEntries(found)).toEqual(given.generated)
  })
})

/** Two Packer images whose templates are generated; one is up to date. */
function project(): string {
  const root = temporaryProject()
  writeTree(root, {
    'docker/IMAGES.json': manifest({ name: 'a', version: '1' }, { name: 'b', version: '2' }),
    'docker/packer.json': '{\n  "tag": "__NAME__",\n  "version": "__VERSION__"\n}\n',
    'docker/packer/a-1.json': '{\n  "tag": "a",\n  "version": "1"\n}\n',
    'docker/packer/b-2.json': '{\n  "tag": "b",\n  "version": "1"\n}\n'
  })
  return root
}

const DIFF = `--- a/docker/packer/b-2.json
+++ b/docker/packer/b-2.json
@@ -1,4 +1,4 @@
 {
   "tag": "b",
-  "version": "1"
+  "version": "2"
 }
`

describe('generate', () => {
  it('writes only what differs, and nothing besides', async () => {
    const root = project()
    const before = statSync(join(root, 'docker/packer/a-1.json'))
    const { status, stdout, stderr } = await runCli(['generate'], { cwd: root })
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: 'docker/packer/b-2.json\n',
      stderr: '1 of 2 up to date\n'
    })
    expect(read(join(root, 'docker/packer/b-2.json'))).toContain('"version": "2"')
    expect(statSync(join(root, 'docker/packer/a-1.json')).ino).toBe(before.ino)
    expect(readdirSync(join(root, 'docker/packer'))).toEqual(['a-1.json', 'b-2.json'])
  })

  it('with --check prints a diff that patch takes, writes nothing and ends with 1', async () => {
    const root = project()
    const { status, stdout, stderr } = await runCli(['generate', '--check'], { cwd: root })
    expect(status).toBe(1)
    expect(stdout).toBe(DIFF)
    expect(stderr).toContain('docker/packer/b-2.json: is not what the template makes of it')
    expect(stderr).toContain('Run `build-chain generate`')
    expect(read(join(root, 'docker/packer/b-2.json'))).toContain('"version": "1"')
  })

  it('with --check shows a missing file whole', async () => {
    const root = project()
    writeTree(root, { 'docker/IMAGES.json': manifest({ name: 'c', version: '3' }) })
    const { status, stdout } = await runCli(['generate', '--check'], { cwd: root })
    expect(status).toBe(1)
    expect(stdout).toMatch(
      /^--- \/dev\/null\n\+\+\+ b\/docker\/packer\/c-3\.json\n@@ -0,0 \+1,4 @@\n/
    )
    expect(existsSync(join(root, 'docker/packer/c-3.json'))).toBe(false)
  })

  it('with --dry-run says what would be written', async () => {
    const root = project()
    const { stdout } = await runCli(['generate', '--dry-run'], { cwd: root })
    expect(stdout).toBe('docker/packer/b-2.json\n')
    expect(read(join(root, 'docker/packer/b-2.json'))).toContain('"version": "1"')
  })

  it('makes NAME-VERSION.json though there is another template of that name', async () => {
    const root = project()
    writeTree(root, {
      'docker/packer/c.json': '{}',
      'docker/IMAGES.json': manifest({ name: 'c', version: '3' })
    })
    expect((await runCli(['generate'], { cwd: root })).stdout).toBe('docker/packer/c-3.json\n')
    expect(read(join(root, 'docker/packer/c.json'))).toBe('{}')
  })

  it('prints paths as the shell that asked has them', async () => {
    const root = project()
    const { stdout } = await runCli(['generate', '--working-directory', '..'], {
      cwd: join(root, 'docker')
    })
    expect(stdout).toBe('packer/b-2.json\n')
  })

  it('says so where nothing is built by Packer', async () => {
    const root = project()
    writeTree(root, { 'docker/IMAGES.json': manifest({ tag: 'acme/a:1', dockerfile: 'x' }) })
    const { status, stdout, stderr } = await runCli(['generate'], { cwd: root })
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
    expect(stderr).toContain('no image is built by Packer')
  })

  it('tells where the template is missing, and what to do', async () => {
    const root = project()
    const args = ['generate', '--packer-template', 'no.json']
    const { status, stderr } = await runCli(args, { cwd: root })
    expect(status).toBe(1)
    expect(stderr).toContain('no.json: found no such file')
    expect(stderr).toContain('packer-template')
  })
})

describe('a step that generates', () => {
  const inputs = { command: 'generate', 'working-directory': 'project' }
  const workspaceOf = (root: string) => resolve(root, '..')

  it('writes what is not up to date', async () => {
    const root = project()
    const { status, stdout } = await runAction({
      workspace: workspaceOf(root),
      inputs,
      env: NO_TOOLS
    })
    expect(status).toBe(0)
    expect(stdout).toContain('wrote docker/packer/b-2.json')
    expect(read(join(root, 'docker/packer/b-2.json'))).toContain('"version": "2"')
  })

  it('with check annotates the first line that differs, shows the diff and fails', async () => {
    const root = project()
    const step = { workspace: workspaceOf(root), inputs: { ...inputs, check: 'true' } }
    const { status, stdout } = await runAction(step)
    expect(status).toBe(1)
    expect(stdout).toMatch(
      /^::error title=not up to date,file=project\/docker\/packer\/b-2\.json,line=3,col=1::/m
    )
    expect(stdout.match(/^::error/gm)).toHaveLength(1)
    expect(stdout).toContain(DIFF)
    expect(read(join(root, 'docker/packer/b-2.json'))).toContain('"version": "1"')
  })

  it('with check is well where all is up to date', async () => {
    const root = project()
    await runCli(['generate'], { cwd: root })
    const step = { workspace: workspaceOf(root), inputs: { ...inputs, check: 'true' } }
    expect(await runAction(step)).toMatchObject({ status: 0 })
  })
})
