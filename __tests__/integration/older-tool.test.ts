import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { olderRepository, type Repository } from '../fixtures/older-repository.js'
import { runCli, runProgram } from '../fixtures/program.js'
import { manifest, writeTree } from '../fixtures/project.js'

const build = ({ root, tools }: Repository, ...args: string[]) =>
  runProgram(join(root, 'bin/build.sh'), args, { cwd: root, env: tools.env })

describe("the earlier tool's bin/build.sh with the tool's name changed", () => {
  it('generates, lists and builds', async () => {
    const given = olderRepository()
    const generated = await build(given, '--generate-images')
    expect(generated).toMatchObject({
      status: 0,
      stdout: '.docker/packer/2.3.3.json\n.docker/packer/5.4.0.json\n'
    })
    expect(readFileSync(join(given.root, '.docker/packer/5.4.0.json'), 'utf8')).toContain(
      '"tag":"corpusops/es:5.4.0","folder":".docker"'
    )
    expect(readFileSync(join(given.root, 'Dockerfile'), 'utf8')).toBe('FROM corpusops/es:5.4.0\n')
    expect((await build(given, '--list')).stdout).toBe(
      [
        'packer__2.3.3.json',
        '  build-chain --images=packer__2.3.3.json',
        'packer__5.4.0.json',
        '  build-chain --images=packer__5.4.0.json',
        'corpusops/es-app:1',
        '  build-chain --images=corpusops/es-app:1',
        ''
      ].join('\n')
    )
    const built = await build(given, '--quiet', '--no-squash')
    expect(built).toMatchObject({
      status: 0,
      stdout: 'corpusops/es:2.3.3\ncorpusops/es:5.4.0\ncorpusops/es-app:1\n'
    })
  })

  it('builds the images that its options and variables choose', async () => {
    const given = olderRepository()
    await build(given, '--generate-images')
    await build(given, '--images', 'packer__2.3.3.json', 'corpusops/es-app:1')
    expect([...given.tools.builds()].sort()).toEqual([
      'docker corpusops/es-app:1',
      'packer 2.3.3.json',
      'packer 5.4.0.json'
    ])
    const other = olderRepository()
    await build(other, '--generate-images')
    const env = {
      ...other.tools.env,
      IMAGES: 'packer__2.3.3.json',
      NO_SQUASH: '1',
      LOGLEVEL: 'error'
    }
    const built = await runProgram(join(other.root, 'bin/build.sh'), [], { cwd: other.root, env })
    expect(built).toEqual({ status: 0, stdout: 'corpusops/es:2.3.3\n', stderr: '' })
  })
})

describe('what the earlier tool did otherwise', () => {
  const warned = async (args: readonly string[], env = {}) => {
    const { root, tools } = olderRepository()
    return (await runCli(args, { cwd: root, env: { ...tools.env, ...env } })).stderr
  }

  it.each([
    [['--list', '--image-name', 'x'], {}, '--image-name is ignored'],
    [['--list'], { IMAGES: 'es', BUILD_IMAGES: 'x' }, 'BUILD_IMAGES is ignored'],
    [
      ['--list'],
      { IMAGES: 'es', SKIP_IMAGES: '5.4.0.json' },
      'IMAGES and SKIP_IMAGES are both heeded'
    ],
    [['--generate-images', '--dry-run'], {}, '--dry-run writes no template']
  ])('is told at %j with %j', async (args, env, message) => {
    expect(await warned(args, env)).toContain(message)
  })

  it('is not told to who uses nothing of it', async () => {
    expect(await warned(['list', '--skip-images', '5.4.0.json', '--images', 'es'])).toBe('')
  })
})

describe('--docker-folder, --ansible-folder and --salt-folder', () => {
  it('are what generating takes', async () => {
    const { root, tools } = olderRepository()
    writeTree(root, {
      'images/IMAGES.json': manifest({ name: 'x', version: '1' }),
      'images/packer.json': '["__DOCKER_FOLDER", "__ANSIBLE_FOLDER", "__SALT_FOLDER"]',
      '.plays/x': ''
    })
    const args = ['--generate-images', '--docker-folder', 'images', '--ansible-folder', 'plays']
    await runCli([...args, '--salt-folder', '.states'], { cwd: root, env: tools.env })
    expect(readFileSync(join(root, 'images/packer/x-1.json'), 'utf8')).toBe(
      '["images", ".plays", ".states"]'
    )
  })
})
