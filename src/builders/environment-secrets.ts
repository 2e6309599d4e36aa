import { namedSecrets, type Secret } from './secret-values.js'

type Environment = Readonly<Record<string, string | undefined>>

/** Names of further environment variables that hold secrets, parted by white space or commas. */
export const SECRETS_VARIABLE = 'BUILD_CHAIN_SECRETS'

/** The variables that an environment itself names as secrets. */
export const askedVariables = ({
  [SECRETS_VARIABLE]: named = ''
}: Environment): readonly string[] => named.split(/[\s,]+/).filter(name => name !== '')

/** The secrets in an environment: by their names, by their looks, and those that it names itself. */
export function environmentSecrets(env: Environment): readonly Secret[] {
  const { [SECRETS_VARIABLE]: _, ...rest } = env
  const asked = askedVariables(env).flatMap(name => {
    const value = env[name]
    return value ? [{ name, value }] : []
  })
  return [...asked, ...namedSecrets(Object.entries(rest))]
}
