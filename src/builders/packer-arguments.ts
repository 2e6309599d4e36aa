import { flagWords } from './flag-words.js'

/** What the arguments of `packer build` say that matters to a chain. */
export interface PackerArguments {
  /** Values of `-var`, later ones winning. */
  readonly variables: ReadonlyMap<string, string>
  /** Files of `-var-file`, in order. */
  readonly variableFiles: readonly string[]
  readonly only: readonly string[]
  readonly except: readonly string[]
}

/** https://developer.hashicorp.com/packer/docs/commands/build */
const WITH_VALUE = new Set(['var', 'var-file', 'only', 'except', 'on-error', 'parallel-builds'])

/** The flags of a `packer build`. */
export const packerFlags = (args: readonly string[]) =>
  flagWords(args, { withValue: WITH_VALUE, short: {} })

const list = (texts: readonly string[]) => texts.flatMap(text => text.split(','))

/** Reads the arguments of `packer build`, as `builderCommand` makes them. */
export function readPackerArguments(args: readonly string[]): PackerArguments {
  const flags = packerFlags(args)
  const values = (name: string) =>
    flags.flatMap(flag => (flag.name === name && flag.value !== undefined ? [flag.value] : []))
  const variables = values('var').flatMap(text => {
    const at = text.indexOf('=')
    return at < 0 ? [] : [[text.slice(0, at), text.slice(at + 1)] as const]
  })
  return {
    variables: new Map(variables),
    variableFiles: values('var-file'),
    only: list(values('only')),
    except: list(values('except'))
  }
}
