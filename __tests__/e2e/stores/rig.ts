import type { ImageRecord } from '../../../src/chain/record.js'
import type { ImageStore } from '../../../src/ports.js'
import type { Daemon, MadeImage } from './daemon.js'

/** A store as one run opens it, with what it said. */
export interface OpenStore {
  readonly store: ImageStore
  readonly warnings: string[]
  /** What only matters to whoever looks for a fault. */
  readonly notes: string[]
}

/** What is kept, as a test alters it. */
export interface Lie {
  /** The image that is kept, and under whose name. */
  readonly image: MadeImage
  /** What is written of it. */
  readonly record: ImageRecord
  /** What the record says its image is for. */
  readonly platform?: string | undefined
}

/**
 * One kind of store with all that can go wrong around it. A new one for each test, and it is gone
 * with the test.
 */
export interface StoreRig {
  readonly daemon: Daemon
  /** @param timeout milliseconds for a call */
  open(timeout?: number): OpenStore
  /** Leaves on this machine only what the next run of this kind finds there. */
  leave(...images: readonly MadeImage[]): void
  /** Grows with all that is sent to be kept. */
  sent(): number
  /** Alters a byte of what is kept. */
  corrupt(): Promise<void>
  /** Keeps half of what is kept. */
  truncate(): Promise<void>
  /** Nothing answers any more. */
  cutOff(): void
  /** Connections are taken, and nothing is said. */
  stall(): void
  /** What is kept stands on a disk that has no room left. */
  fill(): Promise<void>
  /** Keeps images under records that are not theirs. */
  lie(lies: readonly Lie[]): Promise<void>
  /** Keeps an image so that bringing it would set a tag that nobody asked for, where that can be. */
  smuggle(image: MadeImage, tag: string): Promise<void>
}

/** How to open a rig. */
export type OpenRig = () => Promise<StoreRig>
