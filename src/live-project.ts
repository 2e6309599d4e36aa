import { dirname, resolve } from 'node:path'
import { daemonOf } from './adapters/docker-socket.js'
import { openEngine } from './adapters/engine.js'
import { exec } from './adapters/exec.js'
import { files } from './adapters/files.js'
import { onInterrupt } from './adapters/interrupt.js'
import { openKept } from './adapters/kept.js'
import { keptFolder, processIsRunning, removeEmptyFolder } from './adapters/kept-folder.js'
import { randomWord } from './adapters/random.js'
import { KEPT_LABEL, RUN_LABEL } from './adapters/run-site.js'
import { openScratch } from './adapters/scratch.js'
import { secretSources, textMask } from './adapters/secret-sources.js'
import { writeErr, writeOut } from './adapters/standard-streams.js'
import { processTerminal } from './adapters/terminal.js'
import { builderEnvironment } from './builders/environment.js'
import { wordSecrets } from './builders/secret-arguments.js'
import { clean, leftBehind } from './commands/clean.js'
import { findTemplate, liveName } from './commands/find-template.js'
import { live } from './commands/live.js'
import { loadImages } from './commands/load-images.js'
import { ChainError } from './errors.js'
import { type LiveLine, readLiveLine } from './live-flags.js'
import { splitWords } from './manifest/split-words.js'
import { type Options, parseOptions, refuseFormat } from './options.js'
import type { KeptThing } from './ports.js'
import { commandHelp } from './report/command-help.js'
import { versionText } from './report/help-text.js'

type Environment = Readonly<Record<string, string>>

const FOLDERS = ['docker', '.docker']

/** The images of the project; none where it has no manifest, since a template can be tried without. */
async function imagesOf(options: Options, root: string, env: Environment) {
  const { imagesFiles, dockerFolder, outsidePaths } = options
  try {
    const loaded = await loadImages({ root, imagesFiles, dockerFolder, env, outsidePaths }, files)
    const folders = loaded.manifests.map(path => dirname(resolve(root, path)))
    return { images: loaded.images, folders }
  } catch (error) {
    if (!(error instanceof ChainError) || error.code !== 'MANIFEST_NOT_FOUND') throw error
    const folders = dockerFolder ? [dockerFolder] : FOLDERS
    return { images: [], folders: folders.map(folder => resolve(root, folder)) }
  }
}

function extraWords(text: string | undefined): readonly string[] {
  const words = splitWords(text ?? '')
  if (typeof words !== 'string') return words
  throw new ChainError('OPTIONS_INVALID', `DOCKER_EXTRA_ARGS: ${words}`, {
    hint: 'Quote it as in a shell: --env "NAME=two words".'
  })
}

async function tryTemplate(line: LiveLine, options: Options): Promise<number> {
  const env = builderEnvironment(process.env)
  const root = resolve(process.cwd(), options.workingDirectory)
  const { template: named, packerArguments } = line
  const search = {
    ...(await imagesOf(options, root, env)),
    root,
    template: named,
    packerArguments,
    env
  }
  const template = await findTemplate(search, files)
  const extra = extraWords(process.env.DOCKER_EXTRA_ARGS)
  secretSources.add(() => [...template.secrets, ...wordSecrets(extra)])
  const mask = await textMask()
  const say = (text: string) => void (options.quiet || writeErr(`${mask.text(text)}\n`))
  if (template.others.length > 0) {
    say(
      `the build is ${template.builder.name}; --only takes another: ${template.others.join(', ')}`
    )
  }
  const kept = openKept(keptFolder(process.env))
  const stays = line.keep || line.detach
  const id = randomWord(8)
  const scratch = openScratch()
  const end = onInterrupt()
  const thing = (container: { readonly id: string; readonly name: string }): KeptThing => ({
    kind: 'container',
    id: container.id,
    name: container.name,
    daemon: daemonOf(env),
    why: 'live',
    ...(stays ? {} : { process: process.pid })
  })
  try {
    return await live(
      template,
      {
        ...line,
        name: process.env.DNAME || liveName(template),
        label: `${stays ? KEPT_LABEL : RUN_LABEL}=${id}`,
        extra
      },
      {
        exec,
        engine: openEngine(exec, env),
        terminal: processTerminal(),
        files,
        scratch: scratch.write,
        env,
        signal: end.signal,
        say,
        show: chunk => writeErr(chunk),
        print: text => writeOut(`${text}\n`),
        remember: container => kept.add(thing(container)),
        forget: container => kept.forget(thing(container))
      }
    )
  } finally {
    end.release()
    await scratch.remove()
  }
}

/** `live` on the command line: the exit status is that of the shell or the command. */
export async function runLive(args: readonly string[]): Promise<void> {
  const line = readLiveLine(args, process.env)
  if (line.wants) {
    writeOut(line.wants === 'help' ? commandHelp('live') : versionText())
    return
  }
  process.exitCode = await tryTemplate(line, parseOptions(line.raw))
}

/** `clean` on the command line: prints what it removed, or with `--dry-run` what it would remove. */
export async function runClean(options: Options): Promise<void> {
  const env = builderEnvironment(process.env)
  const ports = {
    exec,
    env,
    kept: openKept(keptFolder(process.env)),
    daemon: daemonOf(env),
    isRunning: processIsRunning,
    removeFolder: removeEmptyFolder
  }
  const line = ({ kind, name, why }: KeptThing) => `${kind} ${name} (${why})\n`
  refuseFormat('clean', options.format)
  const list = (things: readonly KeptThing[]) => {
    const rows = things.map(({ kind, id, name, why }) => ({ kind, id, name, why }))
    const asJson = () => `${JSON.stringify(rows, null, 2)}\n`
    writeOut(options.format === 'json' ? asJson() : things.map(line).join(''))
  }
  if (options.dryRun) return list(leftBehind(ports))
  await openEngine(exec, env).ping()
  const cleaned = await clean(ports)
  list(cleaned.filter(({ outcome }) => outcome === 'removed').map(({ thing }) => thing))
  const failed = cleaned.filter(({ outcome }) => outcome === 'failed')
  if (failed.length === 0) return
  throw new ChainError('CHECK_FAILED', 'not all could be removed', {
    problems: failed.map(({ thing, said }) => ({
      message: `${thing.kind} ${thing.name}: ${said}`
    })),
    hint: 'Mend what docker says, and run `build-chain clean` again.'
  })
}
