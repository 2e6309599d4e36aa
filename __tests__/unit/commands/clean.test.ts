import { describe, expect, it } from 'vitest'
import { openKept } from '../../../src/adapters/kept.js'
import { type CleanPorts, clean, leftBehind } from '../../../src/commands/clean.js'
import type { Exec, KeptThing, Output } from '../../../src/ports.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

const thing = (more: Partial<KeptThing> = {}): KeptThing => ({
  kind: 'container',
  id: 'a'.repeat(64),
  name: 'left',
  daemon: 'here',
  why: 'live',
  ...more
})

/** A daemon that knows ids by what it is asked for, and writes down what is removed. */
function machine(known: Readonly<Record<string, string>>, ...things: readonly KeptThing[]) {
  const kept = openKept(`${temporaryFolder()}/kept`)
  for (const each of things) kept.add(each)
  const removed: string[] = []
  const folders: string[] = []
  const capture = async (_: string, args: readonly string[]): Promise<Output> => {
    const name = args.at(-1) ?? ''
    const missing = { status: 1, stdout: '', stderr: `Error: No such container: ${name}` }
    if (args.includes('inspect')) {
      return known[name] ? { status: 0, stdout: `${known[name]}\n`, stderr: '' } : missing
    }
    if (name === 'stuck') return { status: 1, stdout: '', stderr: 'it is in use' }
    removed.push(args.join(' '))
    return { status: 0, stdout: '', stderr: '' }
  }
  const ports: CleanPorts = {
    exec: { capture } as unknown as Exec,
    env: {},
    kept,
    daemon: 'here',
    isRunning: process => process === 7,
    removeFolder: async path => void folders.push(path)
  }
  return { ports, kept, removed, folders }
}

const ID = thing().id

describe('clean', () => {
  it('removes what was left, with its volumes and its folder, and forgets it', async () => {
    const { ports, kept, removed, folders } = machine({ [ID]: ID }, thing({ folder: '/tmp1' }))
    expect(await clean(ports)).toMatchObject([{ outcome: 'removed' }])
    expect(removed).toEqual([`container rm --force --volumes ${ID}`])
    expect(folders).toEqual(['/tmp1'])
    expect(kept.list()).toEqual([])
  })

  it('leaves what a running process uses, and what is on another daemon', async () => {
    const { ports, kept, removed } = machine(
      { [ID]: ID },
      thing({ process: 7 }),
      thing({ id: 'b', daemon: 'there' })
    )
    expect(leftBehind(ports)).toEqual([])
    expect(await clean(ports)).toEqual([])
    expect(removed).toEqual([])
    expect(kept.list()).toHaveLength(2)
  })

  it('takes what a killed process used', () => {
    expect(leftBehind(machine({}, thing({ process: 8 })).ports)).toHaveLength(1)
  })

  it('leaves a tag that another image has by now', async () => {
    const image = thing({ kind: 'image', id: 'sha256:1', name: 'kept:1' })
    const { ports, removed, kept } = machine({ 'kept:1': 'sha256:2' }, image)
    expect(await clean(ports)).toMatchObject([{ outcome: 'gone' }])
    expect(removed).toEqual([])
    expect(kept.list()).toEqual([])
  })

  it('forgets what is gone, and remembers what cannot be removed', async () => {
    const stuck = thing({ kind: 'image', id: 'sha256:1', name: 'stuck' })
    const { ports, kept } = machine({ stuck: 'sha256:1' }, thing(), stuck)
    expect(await clean(ports)).toMatchObject([
      { outcome: 'gone' },
      { outcome: 'failed', said: 'it is in use' }
    ])
    expect(kept.list()).toEqual([stuck])
  })
})
