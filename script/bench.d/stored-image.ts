import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from './bench.js'
import { docker, removeImages } from './daemon.js'
import { write } from './family.js'
import { ourCall } from './ours.js'
import { timed } from './run.js'

const FILES = 64
const HALF = 2_000_000
const FILLER = 'What stands here is said again and again. '

/** An image of a quarter of a gigabyte, half of it noise, that is kept in stores and taken from them. */
export class StoredImage {
  readonly tag: string
  readonly #bench: Bench
  readonly project: string
  readonly #mark: string

  constructor(bench: Bench) {
    this.#bench = bench
    this.#mark = `${bench.mark}/store`
    this.tag = `${this.#mark}/image:1.0`
    this.project = bench.folder('store')
    write(join(this.project, 'Dockerfile'), 'FROM scratch\nCOPY data /data\n')
    const images = [{ tag: this.tag, dockerfile: 'Dockerfile' }]
    write(join(this.project, 'docker/IMAGES.json'), JSON.stringify({ images }))
    for (let number = 0; number < FILES; number += 1) {
      const text = Buffer.alloc(HALF, FILLER).toString('latin1')
      const noise = randomBytes(HALF / 2).toString('hex')
      write(join(this.project, `data/file-${number}`), `${text}${noise}`)
    }
  }

  get #state(): string {
    return this.#bench.folder('store-state')
  }

  #timed(...args: readonly string[]): Promise<number> {
    return timed(ourCall({ project: this.project, state: this.#state, args }))
  }

  /** Builds it, where it is not there as it was recorded. */
  build(): Promise<number> {
    return this.#timed('build')
  }

  /** Seconds to know what would be built. */
  plan(): Promise<number> {
    return this.#timed('plan')
  }

  /** Takes it off the daemon, with what is remembered of it, as on another machine. */
  async forget(): Promise<void> {
    await removeImages(this.#mark)
    this.#bench.removeFolder('store-state')
  }

  /** Gives it a further tag. */
  async tagAs(repository: string): Promise<void> {
    await docker('image', 'tag', this.tag, repository)
  }

  /**
   * Seconds of a `build` that has the image from a store, or keeps it there.
   * @throws Error where it builds the image in place of that
   */
  async reuse(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {}
  ): Promise<number> {
    const report = join(this.project, 'report.json')
    const words = ['build', '--report', report, ...args]
    const call = { project: this.project, state: this.#state, args: words, env }
    const seconds = await timed(ourCall(call))
    const { images } = JSON.parse(readFileSync(report, 'utf8')) as { images: { status: string }[] }
    if (images[0]?.status !== 'reused') throw new Error(`the image was ${images[0]?.status}`)
    return seconds
  }
}
