import { writeOut } from './adapters/standard-streams.js'
import { ChainError } from './errors.js'
import { COMMANDS, type CommandLine, type CommandName } from './flags.js'
import { didYouMean } from './manifest/near-word.js'
import { helpText, versionText } from './report/help-text.js'

const isCommand = (word: string): word is CommandName => COMMANDS.includes(word as CommandName)

async function help(topic: string | undefined): Promise<string> {
  if (topic === undefined) return helpText()
  if (isCommand(topic)) {
    const { commandHelp } = await import('./report/command-help.js')
    return commandHelp(topic)
  }
  throw new ChainError(
    'OPTIONS_INVALID',
    `${topic}: found no such command${didYouMean(topic, COMMANDS)}`,
    {
      hint: `The commands are: ${COMMANDS.join(', ')}.`
    }
  )
}

async function completion(shell: string | undefined): Promise<string> {
  const { completionScript, SHELLS } = await import('./report/completion.js')
  const script = shell === undefined ? undefined : completionScript(shell)
  if (script !== undefined) return script
  const found = shell === undefined ? 'nothing' : `\`${shell}\``
  throw new ChainError(
    'OPTIONS_INVALID',
    `completion: found ${found}, expected ${SHELLS.join(', ')}`,
    {
      hint: 'For bash: eval "$(build-chain completion bash)"'
    }
  )
}

async function schema(): Promise<string> {
  const { manifestJsonSchema } = await import('./manifest/schema.js')
  return `${JSON.stringify(manifestJsonSchema(), null, 2)}\n`
}

function about({ command, wants, isNamed, words }: CommandLine): string | Promise<string> {
  if (wants === 'version') return versionText()
  if (command === 'help') return help(words[0])
  if (wants === 'help') return help(isNamed ? command : undefined)
  return command === 'completion' ? completion(words[0]) : schema()
}

/** Prints what the program says of itself: help, version, the manifest's schema, completion. */
export async function tellAbout(line: CommandLine): Promise<void> {
  writeOut(await about(line))
}
