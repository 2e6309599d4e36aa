import { expect } from 'vitest'
import type { ImageRecord } from '../../../src/chain/record.js'
import { type Daemon, docker, type MadeImage } from './daemon.js'

/** A chain of three images as it was, and as it is now: the same names, other content. */
export interface Generations {
  readonly old: readonly MadeImage[]
  readonly now: readonly MadeImage[]
  /** Fails unless what came is what was kept of now, and has no tag but its own. */
  expectTruth(found: readonly ImageRecord[]): void
  /** Removes them all. */
  forget(): void
}

const layersOf = (id: string) =>
  docker(['image', 'inspect', '--format', '{{json .RootFS}} {{json .Config}}', id])

/** Makes both generations. */
export function makeGenerations(daemon: Daemon): Generations {
  const generation = (name: string) => {
    const base = daemon.make('base', `${daemon.prefix} base ${name}`)
    return [base, daemon.makeOn(base, 'app'), daemon.make('tool', `${daemon.prefix} ${name}`)]
  }
  const old = generation('old')
  const now = generation('now')
  const layers = new Map(now.map(({ record: { imageId } }) => [imageId, layersOf(imageId)]))
  return {
    old,
    now,
    expectTruth: found => {
      const expected: Record<string, string> = {}
      for (const record of found) {
        const original = now.find(image => image.record.image === record.image)
        expect(record).toEqual(original?.record)
        expect(layersOf(record.imageId)).toBe(layers.get(record.imageId))
        expected[original?.tag ?? ''] = record.imageId
      }
      expect(daemon.tags()).toEqual(expected)
    },
    forget: () => daemon.forget(...[...now, ...old].reverse())
  }
}
