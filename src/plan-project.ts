import { arch } from 'node:os'
import { resolve } from 'node:path'
import { openEngine } from './adapters/engine.js'
import { exec } from './adapters/exec.js'
import { files } from './adapters/files.js'
import { openMemory } from './adapters/memory.js'
import { secretSources } from './adapters/secret-sources.js'
import { openTrees } from './adapters/trees.js'
import { builderEnvironment } from './builders/environment.js'
import { type LoadedImages, loadImages } from './commands/load-images.js'
import { type PlannedChain, planChain } from './commands/plan-chain.js'
import { boundedFiles } from './commands/project-bounds.js'
import { ChainError } from './errors.js'
import { splitWords } from './manifest/split-words.js'
import type { Options } from './options.js'
import type { Engine } from './ports.js'

/** A project's images, and what plans them. */
export interface Project {
  readonly loaded: LoadedImages
  readonly engine: Engine
  /** The environment of builders. */
  readonly env: Readonly<Record<string, string>>
  readonly memory: ReturnType<typeof openMemory>
  /** Plans anew, as the daemon and the files are now. */
  readonly plan: () => Promise<PlannedChain>
}

/** Absolute path of a project's root. */
export const rootOf = (options: Options): string =>
  resolve(process.env.GITHUB_WORKSPACE ?? process.cwd(), options.workingDirectory)

function wordsOf(text: string): readonly string[] {
  const words = splitWords(text)
  if (typeof words !== 'string') return words
  throw new ChainError('OPTIONS_INVALID', `builder-args: ${words}`, {
    hint: 'Quote it as in a shell: --label "built by=me".'
  })
}

/** Docker's name of this machine's architecture. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', arm: 'arm/v7' }

/** What this machine's daemon builds for where nothing else is asked, such as `linux/amd64`. */
export const machinePlatform = () => `linux/${ARCHITECTURES[arch()] ?? arch()}`

/** Lets a question go out: a socket sends nothing before the program waits for something. */
const sent = () => new Promise<void>(resolve => setImmediate(resolve))

/** The daemon, asked for its images at once: it answers while the manifests are read. */
async function askedAhead(engine: Engine): Promise<Engine> {
  let ahead: ReturnType<Engine['images']> | undefined = engine.images()
  // A daemon that does not answer is told where its answer is needed.
  ahead.catch(() => {})
  await sent()
  const images = () => {
    const answer = ahead ?? engine.images()
    ahead = undefined
    return answer
  }
  return { ...engine, images }
}

/** Reads the project's manifests. */
export async function openProject(options: Options): Promise<Project> {
  const env = builderEnvironment(process.env)
  const { githubToken } = options
  if (githubToken) secretSources.add(() => [{ name: 'github-token', value: githubToken }])
  const root = rootOf(options)
  const memory = openMemory(root, process.env)
  const trees = openTrees(exec, memory.treeFiles)
  const daemon = openEngine(exec, env)
  // Where nothing is remembered a plan does not need them all.
  const engine = memory.records().size > 0 ? await askedAhead(daemon) : daemon
  const { imagesFiles, dockerFolder, outsidePaths } = options
  const request = { root, imagesFiles, dockerFolder, env, outsidePaths }
  const loaded = await loadImages(request, files)
  const own = loaded.mayRead ? boundedFiles(files, loaded.mayRead) : files
  const builderArguments = wordsOf(options.builderArgs)
  const plan = async () => {
    const request = {
      ...options,
      builderArguments,
      env,
      platform: machinePlatform(),
      reuse: options.reuse.length > 0,
      now: Date.now() / 1000
    }
    const planned = await planChain(loaded, request, { files: own, trees, engine, memory })
    secretSources.add(planned.secrets)
    await trees.save().catch(() => {})
    return planned
  }
  return { loaded, engine, env, memory, plan }
}
