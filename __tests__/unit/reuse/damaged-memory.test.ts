import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exec } from '../../../src/adapters/exec.js'
import { stateFolder } from '../../../src/adapters/memory.js'
import { openTrees } from '../../../src/adapters/trees.js'
import { afterEdit, decision, onDaemon, writeApp } from '../../fixtures/reuse-checks.js'
import { type ReuseProject, reuseProject } from '../../fixtures/reuse-project.js'

function project(): ReuseProject {
  const made = reuseProject()
  onDaemon(made, 'base:1')
  made.write('d/f', '1')
  made.write('d/g', '2')
  writeApp(made, 'FROM base:1\nCOPY d /\n')
  return made
}

/** A file that the program keeps. */
function kept(made: ReuseProject, part: string): string {
  const all = readdirSync(made.state, { recursive: true, withFileTypes: true })
  const found = all.find(
    entry => entry.isFile() && join(entry.parentPath, entry.name).includes(part)
  )
  if (!found) throw new Error(`nothing is kept at ${part}`)
  return join(found.parentPath, found.name)
}

/** Hashes of files that were written just now are not kept. */
const settled = () => new Promise(resolve => setTimeout(resolve, 150))

describe('what is remembered', () => {
  it('swapped hashes of files are not believed', async () => {
    const made = project()
    await settled()
    await made.build()
    made.write('d/f', '2')
    made.write('d/g', '1')
    await settled()
    expect(await decision(made)).toBe('build: d/f changed, d/g changed')
    const file = kept(made, 'files.hashes')
    const [one, two] = ['1', '2'].map(text => createHash('sha256').update(text).digest('hex'))
    const text = readFileSync(file, 'utf8')
    expect(text).toContain(one)
    const swapped = text.replace(/[0-9a-f]{64}/g, hash =>
      hash === one ? String(two) : hash === two ? String(one) : hash
    )
    writeFileSync(file, swapped)
    expect(await decision(made)).toBe('build: d/f changed, d/g changed')
  })

  it.each(['[1,2]', '[null]', '{}', 'null', '[["d/f"]]', '[["d/f","x","y"],3]', '', '[['])(
    'files of an earlier build that read %s do not keep it from planning',
    async text => {
      const made = project()
      await made.build()
      writeFileSync(kept(made, '/files/'), text)
      made.write('d/f', '3')
      expect(await decision(made)).toMatch(/^build: /)
    }
  )

  it('files of an earlier build that were altered name no file that did not change', async () => {
    const made = project()
    await made.build()
    const file = kept(made, '/files/')
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(/"d\/g","file 644 ./, '"d/g","file 644 _')
    )
    made.write('d/f', '3')
    expect(await decision(made)).not.toMatch(/d\/g/)
  })

  it('files of an earlier build that were cut are written again', async () => {
    const made = project()
    await made.build()
    writeFileSync(kept(made, '/files/'), '[[')
    made.write('d/f', '3')
    await made.build()
    made.write('d/f', '1')
    await made.build()
    made.write('d/f', '3')
    expect(await decision(made)).toBe('build: d/f changed')
  })

  it('an older record that comes back speaks of its own image only', async () => {
    const made = project()
    made.engine.caches = false
    await made.build()
    const file = kept(made, 'images.state')
    const older = readFileSync(file)
    made.write('d/f', '3')
    await made.build()
    writeFileSync(file, older)
    expect(await decision(made)).toMatch(/^build: /)
    made.write('d/f', '1')
    expect(await decision(made)).toBe('build: tag app:1 now points elsewhere')
  })

  it('a record in another image’s place is not believed', async () => {
    const made = project()
    await made.build()
    const file = kept(made, 'images.state')
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replaceAll('dockerfile__app:1', 'dockerfile__ape:1')
    )
    expect(await decision(made)).toBe('build: not built before')
  })

  it('that cannot be written fails no build, and the reason says so', async () => {
    const made = project()
    writeFileSync(made.state, '')
    const { results } = await made.build()
    expect(results[0]?.status).toBe('built')
    expect(results[0]?.reason).toMatch(/; not recorded: /)
    expect(existsSync(made.state)).toBe(true)
  })
})

describe('hashes of files', () => {
  it('go to the end of a file that is read in short pieces', () => {
    const trees = openTrees(exec, undefined)
    const path = '/proc/kallsyms'
    if (!existsSync(path)) return
    const whole = createHash('sha256').update(readFileSync(path)).digest('hex')
    expect(trees.hash(path, 'stamp')).toBe(whole)
  })

  it('of a file that was written just now are taken again: its times need not tell a second write', () => {
    const made = project()
    const trees = openTrees(exec, undefined)
    const path = made.path('d/f')
    const stamp = trees.look(path)?.stamp ?? ''
    const first = trees.hash(path, stamp)
    made.write('d/f', '9')
    expect(trees.hash(path, stamp)).not.toBe(first)
  })

  it('of a file that was written some time ago are taken once', async () => {
    const made = project()
    await settled()
    const trees = openTrees(exec, undefined)
    const path = made.path('d/f')
    const stamp = trees.look(path)?.stamp ?? ''
    const first = trees.hash(path, stamp)
    made.write('d/f', '9')
    expect(trees.hash(path, stamp)).toBe(first)
  })

  it('count for a file whose time of change was put back', async () => {
    const made = project()
    const after = await afterEdit(made, () => {
      made.write('d/f', '9')
      utimesSync(made.path('d/f'), 1_700_000_000, 1_700_000_000)
    })
    expect(after).toBe('build: d/f changed')
  })
})

describe('the state folder', () => {
  it.each([
    [{ HOME: '/h' }, '/h/.local/state/build-chain'],
    [{ HOME: '/h', XDG_STATE_HOME: '/s' }, '/s/build-chain'],
    [{ HOME: '/h', XDG_STATE_HOME: '' }, '/h/.local/state/build-chain'],
    [{ HOME: '/h', XDG_STATE_HOME: 'relative' }, '/h/.local/state/build-chain']
  ])('of %o is %s', (env, folder) => {
    expect(stateFolder(env)).toBe(folder)
  })
})

describe('a path', () => {
  it('below a file, or through a loop of links, leads nowhere', () => {
    const made = project()
    made.link('loop', 'loop')
    const trees = openTrees(exec, undefined)
    expect(trees.look(made.path('d/f/below'))).toBeUndefined()
    expect(trees.look(made.path('loop/below'))).toBeUndefined()
  })
})
