import { describe, expect, it } from 'vitest'
import {
  argumentSecrets,
  secretFiles,
  withoutSecrets
} from '../../../src/builders/secret-arguments.js'
import { namedSecrets, secretsIn } from '../../../src/builders/secret-values.js'

const docker = { builder: 'dockerfile' } as const
const packer = { builder: 'packer' } as const
const call = (...args: string[]) => ({ tool: 'x', args, cwd: '/' })
const valuesOf = (secrets: readonly { readonly value: string }[]) =>
  secrets.map(({ value }) => value)

describe('the arguments of docker build', () => {
  it('hold secrets in build arguments of such a name, however they are written', () => {
    const args = [
      'build',
      '--build-arg',
      'NPM_TOKEN=a=b',
      '--build-arg=PIN=7',
      '--build-arg',
      'V=1'
    ]
    expect(argumentSecrets(docker, call(...args), {})).toEqual([
      { name: 'NPM_TOKEN', value: 'a=b' },
      { name: 'PIN', value: '7' },
      { name: 'NPM_TOKEN', value: 'a=b' }
    ])
  })

  it('take the value of one without a value, and those of --secret, from the environment', () => {
    const args = [
      'build',
      '--build-arg',
      'TOKEN',
      '--build-arg',
      'V',
      '--secret',
      'id=x,env=LICENCE'
    ]
    const env = { TOKEN: 'one', V: 'two', LICENCE: 'three', OTHER_TOKEN: 'four' }
    expect(valuesOf(argumentSecrets(docker, call(...args), env))).toEqual(['one', 'three'])
  })

  it('name the files that hold secrets', () => {
    const args = ['build', '--secret', 'id=x,src=key.pem', '--secret=id=y,env=Y']
    expect(secretFiles(docker, call(...args))).toEqual(['key.pem'])
    expect(secretFiles(packer, call(...args))).toEqual([])
  })
})

describe('the arguments of packer build', () => {
  it('hold secrets in variables of such a name', () => {
    const args = [
      'build',
      '-var',
      'password=p',
      '-var=api_key=k',
      '--var',
      'tag=1',
      '-var',
      'token'
    ]
    expect(new Set(valuesOf(argumentSecrets(packer, call(...args), {})))).toEqual(
      new Set(['p', 'k'])
    )
  })
})

describe('arguments without their secrets', () => {
  it('have something else in the place of each value, and nothing else changed', () => {
    const args = ['build', '--build-arg', 'TOKEN=a=b', '--build-arg=PIN=7', '-t', 'PIN', 'V=1']
    expect(withoutSecrets(docker, call(...args), value => `<${value.length}>`)).toEqual([
      'build',
      '--build-arg',
      'TOKEN=<3>',
      '--build-arg=PIN=<1>',
      '-t',
      'PIN',
      'V=1'
    ])
  })

  it('are the same where they hold none', () => {
    const args = ['build', '-var', 'tag=1', 't.json']
    expect(withoutSecrets(packer, { ...call(), args }, () => 'x')).toBe(args)
  })
})

describe('a value', () => {
  it.each([
    ['ghp_', `ghp_${'a1'.repeat(18)}`],
    ['github_pat_', `github_pat_${'a1_'.repeat(20)}`],
    ['glpat-', `glpat-${'a1'.repeat(10)}`],
    ['npm_', `npm_${'a1'.repeat(18)}`],
    ['AKIA', `AKIA${'AB12'.repeat(4)}`],
    ['xoxb-', 'xoxb-123456789012-abcdef'],
    ['a JSON Web Token', `eyJ${'hbGci'.repeat(3)}.eyJ${'zdWIi'.repeat(3)}.${'sig-'.repeat(5)}`],
    [
      'a private key',
      `-----BEGIN RSA PRIVATE KEY-----\n${'MIIE'.repeat(16)}\n-----END RSA PRIVATE KEY-----`
    ]
  ])('that begins as %s is a secret by its looks', (_, value) => {
    expect(valuesOf(secretsIn(`before ${value} after`))).toContain(value)
    expect(valuesOf(namedSecrets([['ANY', value]]))).toContain(value)
  })

  it('has a secret in the login of an address, decoded too', () => {
    const found = secretsIn('--index https://robot:p%40ss@host/ and https://u@host https://h/a:b@c')
    expect(valuesOf(found)).toEqual(['p%40ss', 'p@ss'])
  })

  it('that is a document has secrets by the names in it', () => {
    const key = { type: 'service_account', private_key: 'k\ne\ny', client_email: 'a@b' }
    expect(valuesOf(namedSecrets([['ANY', JSON.stringify(key)]]))).toEqual(['k\ne\ny'])
  })

  it.each(['/run/secrets/token', './token', '~/.netrc', 'https://auth.example/x'])(
    'such as %s is a place and no secret',
    value => {
      expect(namedSecrets([['TOKEN', value]])).toEqual([])
    }
  )

  it.each(['/9j/4AAQ+Sk=', 'p@/run/x', ''])('such as %j may be one', value => {
    expect(valuesOf(namedSecrets([['TOKEN', value]]))).toEqual(value ? [value] : [])
  })
})
