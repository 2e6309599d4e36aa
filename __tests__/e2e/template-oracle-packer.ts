import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { which } from '../../src/adapters/which.js'
import { writeScript } from '../fixtures/temporary-folder.js'

/** A template with what Packer is to find around it; paths are below the case's own folder. */
export interface OracleCase {
  readonly name: string
  /** The file or folder that Packer is given. */
  readonly template: string
  readonly files: Readonly<Record<string, string>>
  readonly variables?: Readonly<Record<string, string>>
  readonly variableFiles?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Which Packers do not build this; none where it is left out. */
  readonly refusedBy?: 'all' | 'older' | 'newer'
  /** Something in it is left to Packer; else everything has to be known. */
  readonly left?: true
}

/** What a case may have besides its template. */
export type CaseSettings = Partial<Omit<OracleCase, 'name' | 'template'>>

/** What a Packer asked of docker. */
export interface OracleAnswer {
  readonly status: number
  readonly output: string
  readonly pulls: readonly string[]
  readonly runs: readonly (readonly string[])[]
  readonly changes: readonly string[]
  readonly tags: readonly string[]
}

/** A Packer to ask, with its plugins where they are not built in. */
export interface OraclePacker {
  readonly path: string
  readonly plugins?: string | undefined
  /** `older`: 1.6; `newer`: 1.11 and later. */
  readonly age: 'older' | 'newer' | 'between'
  readonly version: string
}

function ageOf(version: string): OraclePacker['age'] {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major === 1 && minor <= 6) return 'older'
  return major > 1 || minor >= 11 ? 'newer' : 'between'
}

function packerAt(path: string, plugins?: string): OraclePacker[] {
  const { stdout, status } = spawnSync(path, ['version'], { encoding: 'utf8' })
  const version = /Packer v(\d+\.\d+\.\d+)/.exec(stdout ?? '')?.[1]
  return status === 0 && version ? [{ path, plugins, version, age: ageOf(version) }] : []
}

/** Packers that can build with docker: the one on PATH, and the one that script/modern-packer has built. */
export function findPackers(): OraclePacker[] {
  const onPath = which('packer')
  const builtIn = onPath ? packerAt(onPath).filter(({ age }) => age !== 'newer') : []
  const script = join(import.meta.dirname, '..', '..', 'script', 'modern-packer')
  const { stdout, status } = spawnSync(script, ['--cached'], { encoding: 'utf8' })
  const folder = stdout?.trim()
  const modern = status === 0 ? packerAt(join(folder, 'packer'), join(folder, 'plugins')) : []
  return [...builtIn, ...modern]
}

/** A docker that writes down what it is asked for, and is content with it. */
const STAND_IN = `end=$(printf '\\001')
call=
for word; do call=$call$word$end; done
# One write a call: Packer's builders call at once.
printf '%s\\002' "$call" >>"$ORACLE_LOG"
case "$1" in
-v | version | --version) echo 'Docker version 20.10.24, build 297e128' ;;
run) echo 0123456789ab ;;
commit | import) echo sha256:0123456789ab ;;
inspect) echo ;;
esac
exit 0`

function wordsOf(log: string): string[][] {
  if (!existsSync(log)) return []
  const calls = readFileSync(log, 'utf8').split('\u0002').slice(0, -1)
  return calls.map(call => call.split('\u0001').slice(0, -1))
}

function answer(calls: readonly string[][], status: number, output: string): OracleAnswer {
  const of = (verb: string) => calls.filter(([first]) => first === verb)
  const last = (words: readonly string[]) => words.at(-1) ?? ''
  return {
    status,
    output,
    pulls: of('pull').map(last),
    runs: of('run'),
    changes: of('commit').flatMap(words =>
      words.flatMap((word, at) => (words[at - 1] === '--change' ? [word] : []))
    ),
    tags: [...of('tag'), ...of('import')].map(last)
  }
}

/** Writes the files of a case below a folder, and the stand-in beside them. */
export function layOut(folder: string, one: OracleCase): string {
  const project = join(folder, 'project')
  for (const [path, text] of Object.entries(one.files)) {
    mkdirSync(dirname(join(project, path)), { recursive: true })
    writeFileSync(join(project, path), text)
  }
  mkdirSync(join(folder, 'bin'), { recursive: true })
  writeScript(join(folder, 'bin', 'docker'), STAND_IN)
  return project
}

/** Runs a Packer over a case that is laid out, and tells what it asked docker for. */
export function askPacker(
  packer: OraclePacker,
  one: OracleCase,
  folder: string
): Promise<OracleAnswer> {
  const project = join(folder, 'project')
  const log = join(folder, 'log')
  const options = [
    ...Object.entries(one.variables ?? {}).flatMap(([name, value]) => ['-var', `${name}=${value}`]),
    ...(one.variableFiles ?? []).map(file => `-var-file=${join(project, file)}`)
  ]
  const env = {
    ...one.env,
    HOME: folder,
    PATH: [join(folder, 'bin'), '/usr/bin', '/bin'].join(delimiter),
    PWD: project,
    ORACLE_LOG: log,
    CHECKPOINT_DISABLE: '1',
    ...(packer.plugins ? { PACKER_PLUGIN_PATH: packer.plugins } : {})
  }
  const args = ['build', '-color=false', ...options, join(project, one.template)]
  return new Promise(resolve => {
    execFile(packer.path, args, { cwd: project, env }, (error, stdout, stderr) => {
      const status = error ? 1 : 0
      resolve(answer(wordsOf(log), status, stdout + stderr))
    })
  })
}
