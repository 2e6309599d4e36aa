import { describe, expect, it } from 'vitest'
import { fingerprintOf } from '../../../src/chain/fingerprint.js'
import type { ImageRecord } from '../../../src/chain/record.js'
import type { MadeImage } from './daemon.js'
import type { OpenRig, StoreRig } from './rig.js'

const LIMIT = 2_000

/** A chain of two images, one on the other, kept by a run that is over. */
async function kept(rig: StoreRig) {
  const base = rig.daemon.make('base')
  const app = rig.daemon.makeOn(base, 'app')
  const { store, warnings } = rig.open()
  await store.keep([base.record, app.record])
  expect(warnings).toEqual([])
  rig.leave(app, base)
  return { base, app, wanted: [base.wanted, app.wanted] }
}

const byImage = (records: readonly ImageRecord[]) =>
  [...records].sort((a, b) => (a.image < b.image ? -1 : 1))

/** Everything that a restore gave is true, and no tag points at anything else. */
function expectTruth(
  rig: StoreRig,
  found: readonly ImageRecord[],
  images: readonly MadeImage[],
  before: Readonly<Record<string, string>>
): void {
  for (const record of found) {
    expect(record).toEqual(images.find(({ record: { image } }) => image === record.image)?.record)
    expect(rig.daemon.has(record.imageId)).toBe(true)
  }
  const given = found.flatMap(({ tags, imageId }) => tags.map(tag => [tag, imageId]))
  expect(rig.daemon.tags()).toEqual({ ...before, ...Object.fromEntries(given) })
}

/** The contract of every ImageStore, as src/ports.ts has it. */
export function describeStore(name: string, openRig: OpenRig): void {
  describe(`the ${name} store`, () => {
    it('gives back what was kept, and tags it as it is wanted now', async () => {
      const rig = await openRig()
      const { base, app } = await kept(rig)
      const second = `${rig.daemon.prefix}/second:2`
      const { store, warnings } = rig.open()
      const wanted = [base.wanted, { ...app.wanted, tags: [app.tag, second] }]
      expect(byImage(await store.restore(wanted))).toEqual(byImage([base.record, app.record]))
      expect(rig.daemon.tags()).toEqual({
        [base.tag]: base.record.imageId,
        [app.tag]: app.record.imageId,
        [second]: app.record.imageId
      })
      expect(warnings).toEqual([])
    })

    it('sends nothing again that it has', async () => {
      const rig = await openRig()
      const { base, app, wanted } = await kept(rig)
      const { store, warnings } = rig.open()
      await store.restore(wanted)
      const before = rig.sent()
      await store.keep([base.record, app.record])
      expect(rig.sent()).toBe(before)
      const other = rig.open()
      await other.store.keep([base.record, app.record])
      expect(rig.sent()).toBe(before)
      expect([...warnings, ...other.warnings]).toEqual([])
    })

    it('says nothing of what it does not have', async () => {
      const rig = await openRig()
      const { base, app } = await kept(rig)
      const { store, warnings } = rig.open()
      const before = rig.daemon.tags()
      const other = fingerprintOf(new Map([['platform', 'other']]))
      const wanted = [
        { ...base.wanted, fingerprint: other },
        { ...app.wanted, image: 'dockerfile__none', fingerprint: other }
      ]
      expect(await store.restore(wanted)).toEqual([])
      expect(await rig.open().store.restore([])).toEqual([])
      expect(rig.daemon.tags()).toEqual(before)
      expect(warnings).toEqual([])
    })

    it('does not give an image of one name for that of another', async () => {
      const rig = await openRig()
      const { base } = await kept(rig)
      const { store, warnings } = rig.open()
      const before = rig.daemon.tags()
      const wanted = [{ ...base.wanted, image: 'dockerfile__other' }]
      expect(await store.restore(wanted)).toEqual([])
      expect(rig.daemon.tags()).toEqual(before)
      expect(warnings).toEqual([])
    })

    it('finds nothing where nothing was ever kept', async () => {
      const rig = await openRig()
      const base = rig.daemon.make('base')
      const { store, warnings } = rig.open()
      expect(await store.restore([base.wanted])).toEqual([])
      expect(warnings).toEqual([])
    })

    it.each(['corrupt', 'truncate'] as const)('is not taken in by %s', async damage => {
      const rig = await openRig()
      const { base, app, wanted } = await kept(rig)
      await rig[damage]()
      const { store, warnings } = rig.open()
      const before = rig.daemon.tags()
      const found = await store.restore(wanted)
      expect(found.length).toBeLessThan(2)
      expectTruth(rig, found, [base, app], before)
      expect(warnings.length).toBeLessThan(2)
    })

    it('takes again what had been damaged', async () => {
      const rig = await openRig()
      const { base, app } = await kept(rig)
      await rig.corrupt()
      const run = rig.open()
      expect((await run.store.restore([base.wanted, app.wanted])).length).toBeLessThan(2)
      rig.leave(app, base)
      const again = [rig.daemon.make('base', 'again'), rig.daemon.make('app', 'and again')] as const
      const records = again.map(({ record }) => record)
      await run.store.keep(records)
      rig.leave(...again)
      const { store, warnings } = rig.open()
      const found = await store.restore(again.map(({ wanted }) => wanted))
      expect(byImage(found)).toEqual(byImage(records))
      expect(warnings).toEqual([])
    })

    it.each(['cutOff', 'stall'] as const)(
      'is left out with one warning after %s',
      async trouble => {
        const rig = await openRig()
        const { base, app, wanted } = await kept(rig)
        await rig[trouble]()
        const { store, warnings } = rig.open(LIMIT)
        const begin = Date.now()
        expect(await store.restore(wanted)).toEqual([])
        expect(await store.restore(wanted)).toEqual([])
        await store.keep([base.record, app.record])
        expect(Date.now() - begin).toBeLessThan(LIMIT + 6_000)
        expect(warnings).toHaveLength(1)
        expect(warnings[0]).toContain(`reuse: ${store.name} is left out for the rest of this run`)
      }
    )

    it.each(['cutOff', 'stall', 'fill'] as const)(
      'fails no run that keeps after %s',
      async trouble => {
        const rig = await openRig()
        const base = rig.daemon.make('base')
        await rig[trouble]()
        const { store, warnings } = rig.open(LIMIT)
        const begin = Date.now()
        await store.keep([base.record])
        await store.keep([base.record])
        expect(Date.now() - begin).toBeLessThan(LIMIT + 6_000)
        expect(warnings).toHaveLength(1)
      }
    )

    it('gives what one of two writers at once kept, or nothing', async () => {
      const rig = await openRig()
      const one = rig.daemon.make('base', 'of one')
      const other = rig.daemon.make('other', 'of another')
      const record = { ...one.record, imageId: other.record.imageId }
      const writers = [rig.open(), rig.open()] as const
      await Promise.all([writers[0].store.keep([one.record]), writers[1].store.keep([record])])
      rig.leave(one, other)
      const { store, warnings } = rig.open()
      const found = await store.restore([one.wanted])
      const ids = [one.record.imageId, other.record.imageId]
      for (const { imageId } of found) {
        expect(ids).toContain(imageId)
        expect(rig.daemon.tags()[one.tag]).toBe(imageId)
      }
      expect([...writers.flatMap(writer => writer.warnings), ...warnings]).toEqual([])
    })

    it('refuses an image that is not that of its record', async () => {
      const rig = await openRig()
      const base = rig.daemon.make('base')
      const imageId = `sha256:${'0'.repeat(64)}`
      await rig.lie([{ record: { ...base.record, imageId }, image: base }])
      rig.leave(base)
      const before = rig.daemon.tags()
      const { store, warnings } = rig.open()
      expect(await store.restore([base.wanted])).toEqual([])
      expect(rig.daemon.tags()).toEqual(before)
      expect(warnings.length).toBeLessThan(2)
    })

    it('refuses records that stand in one another’s place', async () => {
      const rig = await openRig()
      const base = rig.daemon.make('base')
      const app = rig.daemon.make('app')
      await rig.lie([
        { record: { ...app.record, image: base.record.image, tags: [base.tag] }, image: base },
        { record: { ...base.record, image: app.record.image, tags: [app.tag] }, image: app }
      ])
      rig.leave(base, app)
      const before = rig.daemon.tags()
      const { store, warnings } = rig.open()
      expect(await store.restore([base.wanted, app.wanted])).toEqual([])
      expect(rig.daemon.tags()).toEqual(before)
      expect(warnings.length).toBeLessThan(2)
    })

    it('has nothing for another platform', async () => {
      const rig = await openRig()
      const { base } = await kept(rig)
      const parts = { ...base.record.parts, platform: 'linux/arm64' }
      const fingerprint = fingerprintOf(new Map(Object.entries(parts)))
      const { store, warnings } = rig.open()
      const before = rig.daemon.tags()
      expect(await store.restore([{ ...base.wanted, fingerprint }])).toEqual([])
      expect(rig.daemon.tags()).toEqual(before)
      expect(warnings).toEqual([])
    })

    it('sets no tag that is not wanted', async () => {
      const rig = await openRig()
      const base = rig.daemon.make('base')
      const bystander = rig.daemon.make('bystander')
      await rig.smuggle(base, bystander.tag)
      rig.leave(base)
      const { store, warnings } = rig.open()
      await store.restore([base.wanted])
      expect(rig.daemon.tags()[bystander.tag]).toBe(bystander.record.imageId)
      expect(warnings.length).toBeLessThan(2)
    })
  })
}

/** What holds besides of stores that bring images from elsewhere. */
export function describeRemoteStore(name: string, openRig: OpenRig): void {
  describe(`the ${name} store, which brings images`, () => {
    it('refuses a record with the id of another image that is on the daemon', async () => {
      const rig = await openRig()
      const base = rig.daemon.make('base')
      const bystander = rig.daemon.make('bystander')
      const { imageId } = bystander.record
      await rig.lie([{ record: { ...base.record, imageId }, image: base }])
      rig.leave(base)
      const { store, warnings } = rig.open()
      expect(await store.restore([base.wanted])).toEqual([])
      expect(rig.daemon.tags()).toEqual({ [bystander.tag]: imageId })
      expect(warnings).toHaveLength(1)
      expect(warnings[0]).toContain('refused')
    })

    it('refuses an image that is for another platform than its record', async () => {
      const rig = await openRig()
      const base = rig.daemon.make('base')
      await rig.lie([{ record: base.record, image: base, platform: 'linux/arm64' }])
      rig.leave(base)
      const { store, warnings } = rig.open()
      expect(await store.restore([base.wanted])).toEqual([])
      expect(rig.daemon.tags()).toEqual({})
      expect(warnings).toHaveLength(1)
      expect(warnings[0]).toContain('its record for linux/arm64')
    })

    it('refuses a record whose fingerprint is not that of its parts', async () => {
      const rig = await openRig()
      const base = rig.daemon.make('base')
      const parts = { ...base.record.parts, files: 'of another build' }
      await rig.lie([{ record: { ...base.record, parts }, image: base }])
      rig.leave(base)
      const { store, warnings } = rig.open()
      expect(await store.restore([base.wanted])).toEqual([])
      expect(rig.daemon.tags()).toEqual({})
      expect(warnings).toHaveLength(1)
    })

    it('keeps nothing that the daemon does not have', async () => {
      const rig = await openRig()
      const base = rig.daemon.make('base')
      rig.leave(base)
      const { store, warnings } = rig.open()
      await store.keep([base.record])
      expect(rig.sent()).toBe(0)
      expect(warnings).toEqual([])
    })

    it('leaves the daemon’s images and tags as they are when it keeps them', async () => {
      const rig = await openRig()
      const base = rig.daemon.make('base')
      const second = `${rig.daemon.prefix}/second:2`
      await rig.daemon.engine.tag(base.record.imageId, second)
      const before = await rig.daemon.engine.inspect(base.tag)
      await rig.open().store.keep([base.record])
      expect(await rig.daemon.engine.inspect(base.tag)).toEqual(before)
    })

    it('leaves no name on the daemon but those that are wanted', async () => {
      const rig = await openRig()
      const { base, app, wanted } = await kept(rig)
      expect(await rig.open().store.restore(wanted)).toHaveLength(2)
      for (const { tag, record } of [base, app]) {
        const there = await rig.daemon.engine.inspect(tag)
        expect(there).toMatchObject({ id: record.imageId, digests: [] })
        expect(there?.tags).toHaveLength(1)
      }
    })
  })
}
