import { describe, expect, it } from 'vitest'
import { type ContainerStart, startArguments } from '../../../src/builders/container-start.js'
import type { TemplateBuilder } from '../../../src/builders/template.js'
import { dockerBuilder, readJson } from './template-support.js'

async function start(settings: object, more: Partial<ContainerStart> = {}) {
  const { builders } = await readJson({
    variables: { id: '{{uuid}}' },
    builders: [dockerBuilder(settings)]
  })
  return startArguments(builders[0] as TemplateBuilder, {
    image: 'img',
    own: [],
    home: '/home/me',
    ...more
  })
}

const RUN = { run_command: ['-d', '{{.Image}}', '/sbin/init'] }

describe('the container of a template', () => {
  it('is started with every setting in the order in which Packer gives them', async () => {
    const settings = {
      ...RUN,
      device: ['/dev/fuse'],
      cap_add: ['SYS_ADMIN'],
      cap_drop: ['MKNOD'],
      privileged: true,
      tmpfs: ['/run'],
      volumes: { '~/data': '/data', '{{pwd}}': '/here' }
    }
    const args = await start(settings, { own: ['--name', 'me'], extra: ['--hostname', 'h'] })
    expect((args as string[]).join(' ')).toBe(
      'run --name me --device /dev/fuse --cap-add SYS_ADMIN --cap-drop MKNOD --privileged --tmpfs /run ' +
        '-v /home/me/data:/data -v /project:/here -v /packer-files --hostname h -d img /sbin/init'
    )
  })

  it("is started with Packer's own run_command where the template has none", async () => {
    expect(await start({ container_dir: '/shared' })).toEqual([
      'run',
      '-v',
      '/shared',
      '-d',
      '-i',
      '-t',
      '--entrypoint=/bin/sh',
      '--',
      'img'
    ])
  })

  it('has no name of the template, which differs each time', async () => {
    const two = await start({ run_command: ['-d', '--name', 'p-{{user `id`}}', '{{.Image}}'] })
    const one = await start({ run_command: ['-d', '--name=p-{{user `id`}}', '{{.Image}}'] })
    expect(two).toEqual(['run', '-v', '/packer-files', '-d', 'img'])
    expect(one).toEqual(two)
  })

  it('is not started where a word is not known', async () => {
    expect(await start({ run_command: ['-e', 'ID={{user `id`}}', '{{.Image}}'] })).toMatch(
      /t\.json:\d+:\d+: uuid changes each time/
    )
  })

  it('gets the entrypoint that is asked for, unless the template sets one', async () => {
    const entrypoint = ['/entry', 'first']
    expect(await start(RUN, { entrypoint })).toEqual([
      'run',
      '-v',
      '/packer-files',
      '-d',
      '--entrypoint',
      '/entry',
      'img',
      'first',
      '/sbin/init'
    ])
    expect(
      await start({ run_command: ['-d', '--', '{{.Image}}', 'x'] }, { entrypoint: [] })
    ).toEqual(['run', '-v', '/packer-files', '-d', '--entrypoint', '', '--', 'img', 'x'])
    expect(
      await start({ run_command: ['--entrypoint', 'sh', '{{.Image}}'] }, { entrypoint })
    ).toEqual(['run', '-v', '/packer-files', '--entrypoint', 'sh', 'img'])
  })
})
