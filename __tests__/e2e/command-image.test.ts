import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { importMachineImage } from '../fixtures/machine-image.js'
import { runCli } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'

const ROOT = resolve(import.meta.dirname ?? '.', '../..')
const OWN = 'build-chain-image-test'
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
const IMAGE = `${OWN}/cli:${version}`

afterAll(() => {
  const tags = [`${OWN}/made:1`, IMAGE, `${OWN}/cli:latest`, `${OWN}/cli-base:24`]
  spawnSync('docker', ['rmi', '--force', ...tags])
})

/** The project's own chain under names of its own, so that no image of the machine is touched. */
function ownChain(): string {
  const copy = temporaryProject('build-chain')
  for (const path of ['docker', 'dist', 'package.json', 'LICENSE', '.dockerignore']) {
    cpSync(join(ROOT, path), join(copy, path), { recursive: true })
  }
  for (const path of ['docker/IMAGES.json', 'docker/Dockerfile']) {
    const text = readFileSync(join(copy, path), 'utf8')
    writeFileSync(join(copy, path), text.replaceAll('ghcr.io/corpusops/build-chain', `${OWN}/cli`))
  }
  return copy
}

it("is built by the project's own chain, and builds a chain on the daemon that it is given", async () => {
  importMachineImage(`${OWN}/cli-base:24`, ['docker', 'packer'])
  const env = { XDG_STATE_HOME: temporaryProject('state') }
  const args = ['build', '--skip-images', '*/cli-base:24', '--reuse', 'off']
  const built = await runCli(args, { cwd: ownChain(), env })
  expect(built.stderr).toContain(`${IMAGE} built`)
  expect(built).toMatchObject({ status: 0, stdout: `${IMAGE}\n${OWN}/cli:latest\n` })

  const cwd = temporaryProject()
  writeTree(cwd, {
    'docker/IMAGES.json': manifest({ tag: `${OWN}/made:1`, dockerfile: 'Dockerfile' }),
    Dockerfile: 'FROM scratch\nCOPY Dockerfile /made\n'
  })
  const inside = (...command: string[]) =>
    execFileSync(
      'docker',
      [
        ...['run', '--rm', '--env', 'HOME=/root', '--env', 'DOCKER_BUILDKIT=0'],
        ...['--volume', '/var/run/docker.sock:/var/run/docker.sock'],
        ...['--volume', `${cwd}:${cwd}`, '--workdir', cwd, IMAGE, ...command]
      ],
      { encoding: 'utf8' }
    )
  expect(inside('build-chain', 'build', '--quiet')).toBe(`${OWN}/made:1\n`)
  expect(inside('packer', 'version')).toMatch(/^Packer v\d/)
  expect(inside()).toContain('build-chain [COMMAND]')
})
