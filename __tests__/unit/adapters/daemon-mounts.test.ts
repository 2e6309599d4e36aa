import { mkdirSync, realpathSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { daemonMounts, type MountSettings } from '../../../src/adapters/daemon-mounts.js'
import { writeTree } from '../../fixtures/project.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

/** A folder that the daemon has as /there; it says which paths it was asked for. */
function yard(files: Record<string, string> = {}, settings: Partial<MountSettings> = {}) {
  const folder = realpathSync(temporaryFolder())
  writeTree(folder, files)
  const asked: string[] = []
  const sees = (path: string) => {
    asked.push(path)
    return settings.sees?.(path) ?? true
  }
  const all: MountSettings = {
    mounts: [{ target: folder, source: '/there' }],
    packerTemporary: join(folder, 'packer'),
    ...settings,
    sees
  }
  const mount = (path: string) => daemonMounts({ host: join(folder, path), target: '/target' }, all)
  return { folder, asked, mount }
}

describe('a folder that the daemon has elsewhere', () => {
  it('is mounted from there, once the daemon was seen to have what is in it', () => {
    const { mount, asked } = yard({ 'config/file': '' })
    expect(mount('config')).toEqual([{ host: '/there/config', target: '/target' }])
    expect(asked).toEqual(['/there/config/file'])
  })

  it('may be empty, a file, or not there yet', () => {
    const { mount, asked, folder } = yard({ file: '' })
    mkdirSync(join(folder, 'empty'))
    expect(mount('file')).toEqual([{ host: '/there/file', target: '/target' }])
    expect(mount('empty')).toEqual([{ host: '/there/empty', target: '/target' }])
    expect(mount('to-be-made')).toEqual([{ host: '/there/to-be-made', target: '/target' }])
    expect(asked).toEqual(['/there/file', '/there/empty'])
  })

  it('is found behind a link, which would lead elsewhere on the machine', () => {
    const { mount, folder } = yard({ 'real/file': '' })
    symlinkSync(join(folder, 'real'), join(folder, 'link'))
    expect(mount('link')).toEqual([{ host: '/there/real', target: '/target' }])
    expect(mount('link/new')).toEqual([{ host: '/there/real/new', target: '/target' }])
  })

  it('is refused where the daemon has nothing of what is in it', () => {
    const { mount } = yard({ 'config/file': '' }, { sees: () => false })
    expect(() => mount('config')).toThrow(
      expect.objectContaining({
        code: 'MOUNT_UNREACHABLE',
        message: expect.stringContaining('the Docker daemon does not see it at /there/config')
      })
    )
  })

  it('is told by no link in it, which may lead nowhere', () => {
    const { mount, asked, folder } = yard({ 'config/z': '' })
    symlinkSync('/nowhere', join(folder, 'config/a'))
    mount('config')
    expect(asked).toEqual(['/there/config/z'])
  })
})

describe('a folder that the daemon has not', () => {
  it('is refused', () => {
    const { mount } = yard({}, { mounts: [] })
    expect(() => mount('x')).toThrow('on none of its mounts, so Docker would mount an empty folder')
  })

  it("becomes one in memory where it is Packer's own, which it does not use", () => {
    const { mount } = yard({ 'packer/tmp1/x': '' }, { mounts: [] })
    expect(mount('packer/tmp1')).toBe('tmpfs')
    expect(() => mount('packer2')).toThrow('cannot mount')
  })
})

describe('where the daemon does not know the container', () => {
  it('a path is taken as it is if the daemon has the same there', () => {
    const { mount, folder, asked } = yard({ 'config/file': '' }, { mounts: undefined })
    expect(mount('config')).toEqual([{ host: join(folder, 'config'), target: '/target' }])
    expect(asked).toEqual([join(folder, 'config/file')])
  })

  it('a path that is not here is looked for there', () => {
    const { mount } = yard({}, { mounts: undefined, sees: path => path.endsWith('/there') })
    expect(mount('there')).toHaveLength(1)
    expect(() => mount('nowhere')).toThrow('does not see it')
  })

  it("the kernel's own is the machine's, and not looked at", () => {
    const all = { mounts: undefined, packerTemporary: '/none', sees: () => false }
    expect(daemonMounts({ host: '/sys/fs', target: '/sys/fs' }, all)).toEqual([
      { host: '/sys/fs', target: '/sys/fs' }
    ])
  })
})

describe('mounts below a mounted folder', () => {
  it('come along', () => {
    const { folder } = yard({ 'app/modules/x': '' })
    const settings = {
      mounts: [
        { target: folder, source: '/there' },
        { target: join(folder, 'app/modules'), source: '/volumes/m' }
      ],
      packerTemporary: '/none',
      sees: () => true
    }
    expect(daemonMounts({ host: join(folder, 'app'), target: '/t' }, settings)).toEqual([
      { host: '/there/app', target: '/t' },
      { host: '/volumes/m', target: '/t/modules' }
    ])
  })

  it('refuse it where they are in memory', () => {
    const { folder } = yard({ 'app/cache/x': '' })
    const mounts = [
      { target: folder, source: '/there' },
      { target: join(folder, 'app/cache'), source: undefined }
    ]
    const settings = { mounts, packerTemporary: '/none', sees: () => true }
    expect(() => daemonMounts({ host: join(folder, 'app'), target: '/t' }, settings)).toThrow(
      'app/cache is in memory'
    )
  })
})
