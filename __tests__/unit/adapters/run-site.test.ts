import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { openRunSite } from '../../../src/adapters/run-site.js'
import { temporaryFolder, writeScript } from '../../fixtures/temporary-folder.js'

afterEach(() => {
  vi.unstubAllEnvs()
})

/** Puts a docker first on PATH that prints its words. */
function standInDocker(): void {
  const folder = temporaryFolder("odd 'folder' ")
  writeScript(join(folder, 'docker'), 'echo real "$@"')
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
}

function openSite(folder = temporaryFolder()) {
  const site = openRunSite(folder)
  onTestFinished(() => site.remove())
  return site
}

const run = (bin: string, ...args: string[]) =>
  execFileSync(join(bin, 'docker'), args, { encoding: 'utf8' })

describe('the site of a run', () => {
  it('has an id of its own, which its label and its folder hold', () => {
    const folder = temporaryFolder()
    const [one, other] = [openSite(folder), openSite(folder)]
    expect(one.id).toMatch(/^[0-9a-z]{16,}$/)
    expect(one.id).not.toBe(other.id)
    expect(one.label).toBe(`io.github.corpusops.build-chain.run=${one.id}`)
    expect(one.folder).toBe(join(folder, one.id))
  })

  it('makes a folder with a docker that pulls no base of the chain and labels what it runs', async () => {
    standInDocker()
    const site = openSite()
    const bin = await site.prepareShim(['acme/base:1', 'docker.io/acme/base:1'])
    expect(readdirSync(bin)).toEqual(['docker'])
    expect(run(bin, 'pull', 'acme/base:1')).not.toContain('real')
    expect(run(bin, 'pull', 'docker.io/acme/base:1')).not.toContain('real')
    expect(run(bin, 'pull', 'debian:12')).toBe('real pull debian:12\n')
    expect(run(bin, 'run', '-d', 'x')).toBe(`real run --label ${site.label} -d x\n`)
  })

  it('starts containers by a program of its own where the daemon sees other paths', async () => {
    standInDocker()
    const program = join(temporaryFolder(), 'run.js')
    writeFileSync(program, 'console.log(process.argv.slice(2).join(" "))')
    const looks: string[] = []
    const look = async (docker: string, own: string) => {
      looks.push(docker, own)
      return { mounts: [{ target: '/__w', source: '/work' }] }
    }
    const site = openRunSite(temporaryFolder(), { sight: { program, look } })
    onTestFinished(() => site.remove())
    const bin = await site.prepareShim([])
    const own = dirname(bin)
    expect(looks[1]).toBe(own)
    expect(run(bin, 'run', '-v', '/a b:/c', 'x')).toBe(`${join(own, 'run.json')} -v /a b:/c x\n`)
    expect(run(bin, 'commit', 'x')).toBe(
      'real commit --change LABEL io.github.corpusops.build-chain.run= x\n'
    )
    expect(JSON.parse(readFileSync(join(own, 'run.json'), 'utf8'))).toEqual({
      docker: looks[0],
      label: site.label,
      mounts: [{ target: '/__w', source: '/work' }],
      packerTemporary: site.packerTemporary?.(),
      refusals: join(own, 'refusals')
    })
    expect(statSync(site.packerTemporary?.() ?? '').isDirectory()).toBe(true)
    writeFileSync(join(own, 'refusals'), 'cannot mount /a at /b: why\n')
    expect(site.hasRefused?.(['==> build-chain: cannot mount /a at /b: why'])).toBe(true)
    expect(site.hasRefused?.(['cannot mount /a'])).toBe(false)
  })

  it('has no such program where the daemon sees the same', async () => {
    standInDocker()
    const site = openRunSite(temporaryFolder(), {
      sight: { program: '/none', look: async () => 'same' }
    })
    onTestFinished(() => site.remove())
    const bin = await site.prepareShim([])
    expect(run(bin, 'run', 'x')).toBe(`real run --label ${site.label} x\n`)
    const temporary = site.packerTemporary?.() ?? ''
    expect(dirname(temporary)).toBe(site.folder)
    await site.remove()
    expect(existsSync(temporary)).toBe(false)
    expect(site.hasRefused?.(['', 'x'])).toBe(false)
  })

  it('pulls everything where the chain has no bases', async () => {
    standInDocker()
    expect(run(await openSite().prepareShim([]), 'pull', 'debian:12')).toBe('real pull debian:12\n')
  })

  it('lets no other user put a docker of his own there', async () => {
    standInDocker()
    const bin = await openSite().prepareShim([])
    for (const path of [dirname(bin), join(bin, 'docker')]) {
      expect(statSync(path).mode & 0o022).toBe(0)
    }
    expect(statSync(dirname(bin)).mode & 0o077).toBe(0)
  })

  it('is removed but for the folder of its logs', async () => {
    standInDocker()
    const site = openSite()
    const bin = await site.prepareShim(['acme/base:1'])
    await site.remove()
    expect(existsSync(dirname(bin))).toBe(false)
    await expect(site.remove()).resolves.toBeUndefined()
  })

  it('needs no removing where no image needed a docker of its own', async () => {
    await expect(openSite().remove()).resolves.toBeUndefined()
  })

  it('is TOOL_MISSING where there is no docker', async () => {
    vi.stubEnv('PATH', temporaryFolder())
    const site = openSite()
    await expect(site.prepareShim([])).rejects.toMatchObject({
      code: 'TOOL_MISSING',
      message: 'docker is not on PATH'
    })
  })

  it('names a file of its own for the id of each image, which is gone once it is read', async () => {
    const site = openSite()
    const [one, other] = await Promise.all([site.openIdFile(), site.openIdFile()])
    expect(one.path).not.toBe(other.path)
    expect(statSync(dirname(one.path)).mode & 0o077).toBe(0)
    expect(await one.take()).toBeUndefined()
    writeFileSync(other.path, 'sha256:aa\n')
    expect(await other.take()).toBe('sha256:aa')
    expect(existsSync(other.path)).toBe(false)
    await site.remove()
    expect(existsSync(dirname(one.path))).toBe(false)
  })
})
