import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runCli } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'

const FOLDER = resolve(import.meta.dirname ?? '.', '../../../shared/conformance')

interface ManifestCase {
  readonly path: string
  readonly project: string
  readonly manifest: string
  readonly error?: string
  readonly images?: readonly { readonly file: string }[]
  readonly commands?: readonly { tool: string; args: readonly string[]; cwd: string }[]
}

interface GraphCase {
  readonly path: string
  readonly manifest: string
  readonly bases?: Readonly<Record<string, readonly string[]>>
  readonly dockerfiles?: Readonly<Record<string, string>>
  readonly edges: readonly (readonly [string, string])[]
}

interface PlanJson {
  readonly images: readonly {
    readonly id: string
    readonly tags: readonly string[]
    readonly file: string
    readonly dependsOn: readonly string[]
    readonly command: { tool: string; args: readonly string[]; cwd: string }
  }[]
}

function casesOf<T>(kind: string): (readonly [string, T])[] {
  const folder = join(FOLDER, kind)
  if (!existsSync(folder)) return []
  return readdirSync(folder).map(
    name => [name, JSON.parse(readFileSync(join(folder, name), 'utf8')) as T] as const
  )
}

const plan = (root: string, path: string) =>
  runCli(['plan', '--format', 'json', '--images-files', path, '--working-directory', root])

const shared = describe.skipIf(!existsSync(FOLDER))

shared('real manifests give the builder calls that the earlier tool made', () => {
  test.each(casesOf<ManifestCase>('manifests'))('%s', async (_, given) => {
    const root = temporaryProject(given.project)
    writeTree(root, { [given.path]: given.manifest })
    for (const { file } of given.images ?? []) {
      writeTree(root, { [file.replace('{root}/', '')]: '' })
    }
    const { status, stdout, stderr } = await plan(root, given.path)
    if (given.error) {
      const line = /line (\d+)/.exec(given.error)?.[1]
      expect(status).toBe(2)
      expect(stderr).toContain(`${given.path}:${line}:`)
      return
    }
    expect(stderr).not.toContain('build-chain:')
    const images = (JSON.parse(stdout) as PlanJson).images
    const placed = JSON.stringify(images.map(({ command }) => command)).replaceAll(root, '{root}')
    expect(JSON.parse(placed)).toEqual(given.commands)
  })
})

shared('real Dockerfiles give the edges of their chain, in whatever order they are listed', () => {
  test.each(casesOf<GraphCase>('graphs'))('%s', async (_, given) => {
    const root = temporaryProject()
    writeTree(root, { [given.path]: given.manifest })
    const listed = JSON.parse((await plan(root, given.path)).stdout) as PlanJson
    for (const { tags, file } of listed.images) {
      const bases = given.bases?.[tags[0] ?? '']
      if (bases) writeTree('/', { [file]: bases.map(base => `FROM ${base}\n`).join('') })
    }
    writeTree(root, given.dockerfiles ?? {})
    for (const path of [given.path, reversed(root, given)]) {
      const { images } = JSON.parse((await plan(root, path)).stdout) as PlanJson
      const tagOf = new Map(images.map(({ id, tags }) => [id, tags[0] ?? '']))
      const edges = images.flatMap(image =>
        image.dependsOn.map(base => [image.tags[0], tagOf.get(base)])
      )
      expect(edges.sort()).toEqual([...given.edges].map(edge => [...edge]).sort())
      const order = images.map(({ id }) => id)
      const early = images.flatMap(({ id, dependsOn }) =>
        dependsOn.filter(base => order.indexOf(base) > order.indexOf(id))
      )
      expect(early).toEqual([])
    }
  })
})

/** The same chain, listed from its end. */
function reversed(root: string, given: GraphCase): string {
  const { images } = JSON.parse(given.manifest) as { images: object[] }
  const path = given.path.replace(basename(given.path), 'REVERSED.json')
  writeTree(root, { [path]: manifest(...[...images].reverse()) })
  return path
}
