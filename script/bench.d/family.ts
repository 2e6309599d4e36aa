import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** An image of a family. */
export interface Member {
  readonly tag: string
  /** Absolute path of the folder that holds its Dockerfile and its files. */
  readonly folder: string
  /** The number of the image that it stands on; undefined for the first. */
  readonly on: number | undefined
}

export interface FamilyShape {
  /** Where the project is written. */
  readonly project: string
  /** What tags begin with, up to the slash. */
  readonly mark: string
  readonly count: number
  /** Images of a chain that stand on one another, above the image that all stand on. */
  readonly depth: number
  /** Names of the files that each image copies; three where it does not say. */
  readonly files?: readonly string[] | undefined
}

/** Writes a file with the folders above it. */
export function write(path: string, text: string, mode?: number): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text, { mode })
}

/** The number of the image that the image of a number stands on. */
export function standsOn(number: number, depth: number): number | undefined {
  if (number === 0) return undefined
  return (number - 1) % depth === 0 ? 0 : number - 1
}

function dockerfile(number: number, base: string | undefined): string {
  const lines = [
    `FROM ${base ?? 'scratch'}`,
    `COPY app /srv/app-${number}`,
    `LABEL family.member=${number}`
  ]
  return `${lines.join('\n')}\n`
}

/**
 * Writes a project of images made by Dockerfiles: the first stands on nothing, all others in chains
 * on it. Each has a folder of its own with a few small files, which is its context, so that docker
 * has as little to read as may be.
 */
export function writeFamily(shape: FamilyShape): readonly Member[] {
  const { project, mark, count, depth, files = ['a', 'b', 'c'] } = shape
  const members: Member[] = []
  for (let number = 0; number < count; number += 1) {
    const folder = join(project, `image-${number}`)
    const on = standsOn(number, depth)
    const base = on === undefined ? undefined : members[on]?.tag
    write(join(folder, 'Dockerfile'), dockerfile(number, base))
    for (const name of files) write(join(folder, 'app', name), `${name} of ${number}\n`)
    members.push({ tag: `${mark}/image-${number}:1.0`, folder, on })
  }
  const images = members.map(({ tag }, number) => ({
    tag,
    dockerfile: 'Dockerfile',
    working_dir: `../image-${number}`
  }))
  write(join(project, 'docker/IMAGES.json'), JSON.stringify({ images }, null, 2))
  return members
}

export interface VersionsShape {
  readonly project: string
  readonly mark: string
  /** Folders with a Dockerfile and a context each. */
  readonly folders: number
  /** Images of each folder, which differ in a build argument. */
  readonly versions: number
  /** As that of a family: each version stands on the same version of what its folder stands on. */
  readonly depth: number
}

/** Writes a project as chains of this kind are: a few folders, and many versions of the image of each. */
export function writeVersions({ project, mark, folders, versions, depth }: VersionsShape): void {
  const images: object[] = []
  for (let number = 0; number < folders; number += 1) {
    const folder = join(project, `image-${number}`)
    const on = standsOn(number, depth)
    const base = on === undefined ? 'scratch' : `${mark}/image-${on}:$VERSION`
    const lines = ['ARG VERSION', `FROM ${base}`, 'ARG VERSION', `COPY app /srv/app-${number}`]
    write(join(folder, 'Dockerfile'), `${lines.join('\n')}\nLABEL version=$VERSION\n`)
    write(join(folder, 'app/a'), `a of ${number}\n`)
    for (let version = 0; version < versions; version += 1) {
      images.push({
        tag: `${mark}/image-${number}:1.${version}`,
        dockerfile: 'Dockerfile',
        working_dir: `../image-${number}`,
        extra_args: '--build-arg VERSION={img_parts[tag]}'
      })
    }
  }
  write(join(project, 'docker/IMAGES.json'), JSON.stringify({ images }, null, 2))
}
