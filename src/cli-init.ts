import { basename, relative, resolve } from 'node:path'
import { files } from './adapters/files.js'
import { newFiles } from './adapters/new-files.js'
import { writeOut } from './adapters/standard-streams.js'
import { terminalNotes } from './adapters/terminal-notes.js'
import { refuseObstacles } from './commands/init.js'
import {
  baseProblem,
  DEFAULT_BASE,
  proposeTag,
  readAnswers,
  type StarterAnswers,
  tagProblem
} from './commands/starter/answers.js'
import { starterFiles } from './commands/starter/starter-files.js'
import { starterTags } from './commands/starter/starter-manifest.js'
import { ChainError } from './errors.js'
import type { Options } from './options.js'
import { rootOf } from './plan-project.js'
import type { NewFile } from './ports.js'
import { starterSteps } from './report/init-text.js'

/** Where `init` writes, and how it talks. */
export interface InitSite {
  /** Absolute. */
  readonly folder: string
  /** As the shell that started the program has it; empty for the current folder. */
  readonly shown: string
  /** Prints to somebody who looks on. */
  readonly say: (text: string) => void
  /** Whether questions can be answered. */
  readonly asks: boolean
}

async function openSite(options: Options, words: readonly string[]): Promise<InitSite> {
  const [folder = '.', ...others] = words
  if (others.length > 0) {
    throw new ChainError('OPTIONS_INVALID', `init: found ${words.length} folders, expected one`, {
      hint: 'Start one after another: build-chain init FOLDER'
    })
  }
  const { isAnswerable } = await import('./adapters/prompts.js')
  const path = resolve(rootOf(options), folder)
  return {
    folder: path,
    shown: relative(process.cwd(), path),
    say: terminalNotes(options).note,
    asks: !options.yes && isAnswerable()
  }
}

/** Takes the answers from the options, and asks for what they leave open where somebody is there. */
async function answer(options: Options, { folder, asks }: InitSite): Promise<StarterAnswers> {
  const { askConfirm, askText } = await import('./adapters/prompts.js')
  const ask = (message: string, proposal: string, problemOf: typeof tagProblem) =>
    asks ? askText({ message, proposal, problemOf }) : proposal
  const tag =
    options.tag ??
    (await ask('The image that Packer is to make', proposeTag(basename(folder)), tagProblem))
  const base =
    options.base ?? (await ask('The Debian or Ubuntu that it stands on', DEFAULT_BASE, baseProblem))
  const systemd =
    options.systemd ??
    (asks ? await askConfirm('Run systemd in it, while it is provisioned?') : true)
  return readAnswers({ tag, base, systemd })
}

/** Writes files that are not there, and prints the path of each on standard output. */
export async function writeNew(
  wanted: readonly NewFile[],
  { folder, shown }: InitSite,
  dryRun: boolean
): Promise<void> {
  refuseObstacles(folder, wanted, { files, newFiles })
  for (const file of wanted) {
    if (!dryRun) await newFiles.create(folder, file)
    writeOut(`${shown === '' ? '' : `${shown}/`}${file.path}\n`)
  }
}

/** `init` on the command line: the paths of what was written on standard output, else on standard error. */
export async function initInTerminal(options: Options, words: readonly string[]): Promise<void> {
  const site = await openSite(options, words)
  if (options.from !== undefined) {
    const { initFromDockerfiles } = await import('./cli-init-from.js')
    return initFromDockerfiles(options, site)
  }
  // Nobody wants to answer questions for nothing; the files' names do not hang on the answers but one.
  refuseObstacles(site.folder, starterFiles(readAnswers(AN_ANSWER)), { files, newFiles })
  const answers = await answer(options, site)
  await writeNew(starterFiles(answers), site, options.dryRun)
  if (!options.dryRun) site.say(starterSteps(site.shown, starterTags(answers).app))
}

const AN_ANSWER = { tag: 'app:1.0', base: DEFAULT_BASE, systemd: true }
