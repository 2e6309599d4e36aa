import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from '../bench.js'
import { startCacheService } from '../cache-service.js'
import { daemonAnswers } from '../daemon.js'
import { ratioAtMost } from '../figures.js'
import { startRegistry } from '../registry.js'
import { type Call, output, timed } from '../run.js'
import { StoredImage } from '../stored-image.js'

const shell = (line: string, ...words: readonly string[]): Call => ({
  program: 'sh',
  args: ['-c', line, ...words]
})

const hasZstd = () =>
  output({ program: 'zstd', args: ['--version'] }).then(
    () => true,
    () => false
  )

interface Way {
  readonly id: string
  readonly name: string
  readonly against: string
}

/** The seconds of one round each. */
interface Sides {
  readonly ours: () => Promise<number>
  /** The same without anything to bring or to keep. */
  readonly without: () => Promise<number>
  readonly hand: () => Promise<number>
}

async function compare(bench: Bench, way: Way, sides: Sides): Promise<void> {
  const { ours, without, hand } = await bench.measure(
    way.name,
    { ...sides },
    { rounds: bench.rounds(3) }
  )
  const part = ours.map((seconds, at) => seconds - (without[at] ?? 0))
  const whole = { ...way, unit: 'seconds', kind: 'cost', bars: [ratioAtMost(1.1)] } as const
  bench.add(whole, ours, hand)
  bench.add({ ...whole, id: `${way.id}-part`, name: `${way.name}, the store's part` }, part, hand)
}

async function github(bench: Bench, image: StoredImage): Promise<void> {
  if (!(await hasZstd())) return bench.leaveOut('the store github: there is no zstd')
  const temporary = bench.folder('store-temporary')
  const service = await startCacheService()
  const env = { ...service.variables, GITHUB_WORKSPACE: image.project, RUNNER_TEMP: temporary }
  const file = join(temporary, 'by-hand.tar.zst')
  const reuse = () => image.reuse(['--reuse', 'local,github'], env)
  const save = shell('docker save "$0" | zstd -q -T0 -o "$1"', image.tag, file)
  const removed = () => rmSync(file, { force: true })
  try {
    await compare(
      bench,
      {
        id: 'stores-github-keep',
        name: 'keeping an image of 256 MB in `github`',
        against: '`docker save | zstd` into a file'
      },
      {
        ours: () => image.build().then(service.empty).then(reuse),
        without: () => image.build().then(() => image.build()),
        hand: () =>
          image
            .build()
            .then(removed)
            .then(() => timed(save))
      }
    )
    // Both have it now, whichever was the last.
    await image.build().then(service.empty).then(reuse)
    const load = shell('zstd -q -d -c "$0" | docker load', file)
    await compare(
      bench,
      {
        id: 'stores-github-restore',
        name: 'an image of 256 MB from `github`',
        against: '`zstd -d | docker load`'
      },
      {
        ours: () => image.forget().then(reuse),
        without: () => image.forget().then(() => image.plan()),
        hand: () => image.forget().then(() => timed(load))
      }
    )
  } finally {
    service.close()
    removed()
  }
}

async function registry(bench: Bench, image: StoredImage): Promise<void> {
  const server = await startRegistry(bench.folder('store-registry')).catch(() => undefined)
  if (!server) return bench.leaveOut('the store registry: there is no docker-registry')
  const byHand = `${server.host}/${bench.mark}/store/hand:1.0`
  const cache = `${server.host}/${bench.mark}/store/cache`
  const reuse = () => image.reuse(['--reuse', 'local,registry', '--reuse-registry', cache])
  const fresh = async () => {
    await image.build()
    await image.tagAs(byHand)
    server.empty()
  }
  const push = { program: 'docker', args: ['push', byHand] }
  try {
    await compare(
      bench,
      {
        id: 'stores-registry-keep',
        name: 'keeping an image of 256 MB in `registry`',
        against: '`docker push`'
      },
      {
        ours: () => fresh().then(reuse),
        without: () => image.build().then(() => image.build()),
        hand: () => fresh().then(() => timed(push))
      }
    )
    await fresh()
    await timed(push)
    await reuse()
    await compare(
      bench,
      {
        id: 'stores-registry-restore',
        name: 'an image of 256 MB from `registry`',
        against: '`docker pull`'
      },
      {
        ours: () => image.forget().then(reuse),
        without: () => image.forget().then(() => image.plan()),
        hand: () => image.forget().then(() => timed({ program: 'docker', args: ['pull', byHand] }))
      }
    )
  } finally {
    server.stop()
  }
}

/** An image to and from the stores, against doing the same by hand. */
export async function stores(bench: Bench): Promise<void> {
  if (bench.isShort) return bench.leaveOut('all of it: minutes')
  if (!(await daemonAnswers())) return bench.leaveOut('all of it: no Docker daemon answers')
  const image = new StoredImage(bench)
  bench.say('building an image of 256 MB')
  await image.build()
  await github(bench, image)
  await registry(bench, image)
}
