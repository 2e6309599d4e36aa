import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { homeOf } from './home.js'
import { type AskedPacker, askAbout } from './plugin-question.js'
import type { Component } from './plugin-table.js'
import { withPrivateFolder } from './private-folder.js'

type Environment = Readonly<Record<string, string | undefined>>
type Answers = Record<string, boolean>

/** Where Packer may find plugins, as its documentation on PACKER_PLUGIN_PATH and PACKER_CONFIG_DIR says. */
export function pluginFolders(env: Environment): readonly string[] {
  if (env.PACKER_PLUGIN_PATH) return env.PACKER_PLUGIN_PATH.split(delimiter)
  const home = env.APPDATA || homeOf(env)
  const configs = [
    ...(env.PACKER_CONFIG_DIR ? [join(env.PACKER_CONFIG_DIR, '.packer.d')] : []),
    join(home, '.packer.d'),
    join(home, 'packer.d'),
    join(env.XDG_CONFIG_HOME || join(home, '.config'), 'packer')
  ]
  return configs.map(folder => join(folder, 'plugins'))
}

async function stamp(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined)
  return found ? `${path} ${found.size} ${found.mtimeMs} ${found.ino}` : `${path} none`
}

async function stampFolder(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  return await Promise.all(names.sort().map(name => stamp(join(folder, name))))
}

/** Changes whenever Packer's answers may: with the program, its settings and the plugins it finds. */
async function stateOf(packer: AskedPacker): Promise<string> {
  const home = homeOf(packer.env)
  const parts = await Promise.all([
    packer.version,
    stamp(packer.path),
    stamp(packer.env.PACKER_CONFIG || join(home, '.packerconfig')),
    ...pluginFolders(packer.env).map(stampFolder)
  ])
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

async function readAnswers(file: string): Promise<Answers> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return {}
  }
}

async function keepAnswers(file: string, folder: string, answers: Answers): Promise<void> {
  await mkdir(folder, { recursive: true })
  await withPrivateFolder(folder, async temporary => {
    const fresh = join(temporary, 'answers.json')
    await writeFile(fresh, JSON.stringify(answers))
    await rename(fresh, file)
  })
}

/** Remembers what a Packer has, since each question takes it a tenth of a second. */
export interface PackerAnswers {
  has(component: Component): Promise<boolean>
  /** Asks about all of them in one go, so that `has` need not ask when Packer has them all. */
  prepare(components: readonly Component[]): Promise<void>
}

const nameOf = ({ kind, type }: Component): string => `${kind} ${type}`

/**
 * @param folder of the answers: a file for each state of a Packer and its plugins. They decide only
 * what is looked for, never what is trusted; one that cannot be kept is asked for again.
 */
export async function openAnswers(packer: AskedPacker, folder: string): Promise<PackerAnswers> {
  const file = join(folder, `${await stateOf(packer)}.json`)
  const answers = await readAnswers(file)
  const isOpen = (component: Component): boolean => typeof answers[nameOf(component)] !== 'boolean'
  const keep = async (components: readonly Component[], answer: boolean): Promise<void> => {
    for (const component of components) answers[nameOf(component)] = answer
    await keepAnswers(file, folder, answers).catch(() => undefined)
  }
  return {
    has: async component => {
      const known = answers[nameOf(component)]
      if (typeof known === 'boolean') return known
      const answer = await askAbout(packer, [component])
      if (answer !== undefined) await keep([component], answer)
      // Where its words are unclear, the build will show what it means.
      return answer ?? true
    },
    prepare: async components => {
      const open = components.filter(
        (each, index) =>
          isOpen(each) &&
          each.kind !== 'data-source' &&
          components.findIndex(other => nameOf(other) === nameOf(each)) === index
      )
      if (open.length > 1 && (await askAbout(packer, open)) === true) await keep(open, true)
    }
  }
}
