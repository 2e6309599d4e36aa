import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { openEngine } from '../../../src/adapters/engine.js'
import { exec } from '../../../src/adapters/exec.js'
import { fingerprintOf } from '../../../src/chain/fingerprint.js'
import type { ImageRecord } from '../../../src/chain/record.js'
import type { Engine, WantedImage } from '../../../src/ports.js'
import { tarArchive } from '../../fixtures/tar-archive.js'

/** The environment of the docker command. */
export const env = Object.fromEntries(
  Object.entries(process.env).filter(entry => entry[1] !== undefined)
) as Record<string, string>

/** Runs docker, and gives what it printed. */
export function docker(args: readonly string[], input?: Buffer): string {
  return execFileSync('docker', args, { input: input ?? '', stdio: 'pipe', env })
    .toString()
    .trim()
}

function tryDocker(...args: readonly string[]): void {
  try {
    docker(args)
  } catch {
    // It is gone already.
  }
}

/** An image that a test made, with its record. */
export interface MadeImage {
  readonly tag: string
  readonly record: ImageRecord
  readonly wanted: WantedImage
}

/** Part of this machine's daemon that a test has for itself. */
export interface Daemon {
  readonly engine: Engine
  /** All that the test names begins with it. */
  readonly prefix: string
  /** An image with one file. */
  make(name: string, content?: string): MadeImage
  /** An image with one more file than its base. */
  makeOn(base: MadeImage, name: string): MadeImage
  /** Ids by tag, of this test's images. */
  tags(): Readonly<Record<string, string>>
  has(imageId: string): boolean
  /** Removes images as if they were made on another machine. */
  forget(...images: readonly MadeImage[]): void
}

const PLATFORM = 'linux/amd64'

/** A record as a build leaves it. */
function recordOf(name: string, tag: string, imageId: string): ImageRecord {
  const parts = { arguments: name, platform: PLATFORM, files: imageId }
  return {
    image: `dockerfile__${tag}`,
    fingerprint: fingerprintOf(new Map(Object.entries(parts))),
    imageId,
    tags: [tag],
    parents: {},
    parts,
    triggers: {},
    builtAt: 1_700_000_000,
    seconds: 1.5
  }
}

/** The same image, asked for with other values. */
export function wantedOf({ image, fingerprint, tags }: ImageRecord): WantedImage {
  return { image, fingerprint, tags }
}

/** Opens the daemon for a test; what the test made is gone when it ends. */
export async function openDaemon(): Promise<Daemon> {
  const engine = await openEngine(exec, env)
  const prefix = `build-chain-test-${process.pid}-${randomBytes(3).toString('hex')}`
  const made = new Set<string>()

  const named = (name: string): MadeImage => {
    const tag = `${prefix}/${name}:1`
    const imageId = docker(['image', 'inspect', '--format', '{{.Id}}', tag])
    made.add(imageId)
    const record = recordOf(name, tag, imageId)
    return { tag, record, wanted: wantedOf(record) }
  }

  const tags = () => {
    const filter = `reference=${prefix}/*`
    const format = '{{.Repository}}:{{.Tag}} {{.ID}}'
    const rows = docker(['image', 'ls', '--no-trunc', '--filter', filter, '--format', format])
    const lines = rows.split('\n').filter(Boolean)
    return Object.fromEntries(lines.map(line => line.split(' ') as [string, string]))
  }

  /** What was pulled or pushed under this test's names. */
  const elsewhere = () => {
    const format = '{{.Repository}} {{.Tag}} {{.Digest}}'
    const rows = docker(['image', 'ls', '--digests', '--format', format]).split('\n')
    return rows.flatMap(row => {
      const [repository = '', tag, digest] = row.split(' ')
      if (!repository.includes(`/${prefix}/`)) return []
      return tag === '<none>' ? [`${repository}@${digest}`] : [`${repository}:${tag}`]
    })
  }

  onTestFinished(() => {
    tryDocker('rmi', ...elsewhere())
    tryDocker('rmi', ...Object.keys(tags()))
    tryDocker('rmi', ...[...made].reverse())
  })

  return {
    engine,
    prefix,
    tags,
    make: (name, content = `${prefix} ${name}`) => {
      docker(['import', '-', `${prefix}/${name}:1`], tarArchive([{ name, content }]))
      return named(name)
    },
    makeOn: (base, name) => {
      const file = tarArchive([
        { name: 'Dockerfile', content: `FROM ${base.tag}\nADD ${name} /${name}\n` },
        { name, content: `${prefix} ${name}` }
      ])
      execFileSync('docker', ['build', '--quiet', '--tag', `${prefix}/${name}:1`, '-'], {
        input: file,
        stdio: 'pipe',
        env: { ...env, DOCKER_BUILDKIT: '0' }
      })
      return named(name)
    },
    has: id => {
      const ids = docker(['image', 'ls', '--all', '--no-trunc', '--quiet']).split('\n')
      return ids.includes(id)
    },
    forget: (...images) => {
      tryDocker('rmi', ...images.map(({ tag }) => tag))
      tryDocker('rmi', ...images.map(({ record }) => record.imageId))
    }
  }
}
