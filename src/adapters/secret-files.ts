import { readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { wordSecrets } from '../builders/secret-arguments.js'
import type { Secret } from '../builders/secret-values.js'

type Environment = Readonly<Record<string, string | undefined>>

/** Bytes of a file beyond which it is data and no secret. */
const MOST = 16 * 1024

function smallText(path: string): string {
  try {
    const found = statSync(path)
    // To read a pipe waits for whoever writes to it.
    return !found.isFile() || found.size > MOST ? '' : readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** A word after one that names it, as in `.netrc`. */
const FIELD = /\b(password|passwd|token|secret)[ \t]+(\S+)/gi

/** A file as a whole and by its lines, and what its lines name: `.npmrc`, `.env` and `.netrc` do. */
function secretsOfText(text: string): readonly Secret[] {
  const fields = [...text.matchAll(FIELD)].map(([, name = '', value = '']) => ({ name, value }))
  const lines = text.split('\n').map(line => line.trim())
  return [{ name: '', value: text }, ...fields, ...wordSecrets(lines)]
}

/** What files hold that a builder is given as secrets; absolute paths. */
export const fileSecrets = (paths: Iterable<string>): readonly Secret[] =>
  [...new Set(paths)].flatMap(path => secretsOfText(smallText(path)))

const rowOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A login is `user:password` in base64. */
function passwordOf(auth: string): string {
  const login = Buffer.from(auth, 'base64').toString()
  return login.slice(login.indexOf(':') + 1)
}

const TOKENS = ['identitytoken', 'registrytoken', 'password']

/** Folder of the docker command's settings; undefined for a user who has no home. */
function dockerFolder(env: Environment): string | undefined {
  try {
    return env.DOCKER_CONFIG || join(env.HOME ?? homedir(), '.docker')
  } catch {
    return undefined
  }
}

/**
 * The passwords of the docker command's own logins, where its configuration holds them:
 * https://docs.docker.com/reference/cli/docker/login/#default-behavior
 */
export function dockerLogins(env: Environment): readonly Secret[] {
  const folder = dockerFolder(env)
  const config = rowOf(folder && parse(smallText(join(folder, 'config.json'))))
  return Object.values(rowOf(config.auths)).flatMap(value => {
    const login = rowOf(value)
    const auth = typeof login.auth === 'string' ? [passwordOf(login.auth)] : []
    const tokens = TOKENS.flatMap(name => (typeof login[name] === 'string' ? login[name] : []))
    return [...auth, ...tokens].map(text => ({ name: '', value: text as string }))
  })
}
