import { describe, expect, it } from 'vitest'
import { contentArguments } from '../../../src/builders/content-arguments.js'
import { openHeldSecrets } from '../../../src/builders/held-secrets.js'
import {
  argumentSecrets,
  secretFiles,
  withoutSecrets
} from '../../../src/builders/secret-arguments.js'
import { namedSecrets, secretsIn } from '../../../src/builders/secret-values.js'
import { openSecretHash } from '../../../src/chain/secret-hash.js'
import { anImage } from '../../fixtures/image.js'

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
  const hide = (value: string) => `<${value.length}>`
  const hidden = (words: readonly string[], env = {}, further: readonly string[] = []) =>
    withoutSecrets(
      words,
      openHeldSecrets(
        env,
        further.map(value => ({ name: '', value }))
      ),
      hide
    )

  it('have something else in the place of each value, and nothing else changed', () => {
    const args = ['build', '--build-arg', 'TOKEN=a=b', '--build-arg=PIN=7', '-t', 'PIN', 'V=1']
    expect(hidden(args)).toEqual([
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
    const args = ['build', '-var', 'tag=1', '--label=a=b', 'PIN=', 't.json', '--token', '']
    expect(hidden(args, { NPM_TOKEN: 'other-one', PIN: '1' }, ['x'])).toEqual(args)
  })

  it.each([
    ['a login in an address', 'URL=postgres://u:hunter22@db/x', 'URL=<26>', {}],
    ['a label of such a name', '--label=DB_PASSWORD=x', '--label=DB_PASSWORD=<1>', {}],
    ['a variable of such a name', 'X=a-hunter22', 'X=<10>', { DB_PASSWORD: 'hunter22\n' }],
    ['a login of a variable', '--opt=hunter22', '--opt=<8>', { PROXY: 'http://u:hunter22@p' }],
    [
      'what the user names',
      'X=hunter22',
      'X=<8>',
      { MYPW: 'hunter22', BUILD_CHAIN_SECRETS: 'MYPW' }
    ],
    ['a short one under its name', 'MYPW=7', 'MYPW=<1>', { BUILD_CHAIN_SECRETS: 'A, MYPW' }],
    ['one with an equals sign', 'Server=db;Pw=x', '<14>', { DB_SECRET: 'Server=db;Pw=x' }],
    ['one in the place of a name', 'hunter22=x', '<10>', { DB_SECRET: 'hunter22' }]
  ])('have something else in the place of %s', (_, word, shown, env) => {
    expect(hidden([word], env)).toEqual([shown])
  })

  it('have something else in the place of what a template marks as sensitive', () => {
    expect(hidden(['-var', 'x=hunter22'], {}, ['hunter22'])).toEqual(['-var', 'x=<8>'])
  })
})

describe('the arguments of a fingerprint', () => {
  const image = anImage({ tags: ['app:1'] })
  const text = (args: readonly string[], env = {}) =>
    contentArguments({ image, command: { ...call(...args), cwd: '/project' }, env, secrets: [] })

  it('have a slow hash of what --secret takes from the environment, wherever it stands', () => {
    const args = ['build', '--secret', 'id=x,env=LICENCE', '--label', 'l=hunter22', '/project']
    const slow = openSecretHash()('hunter22')
    expect(text(args, { LICENCE: 'hunter22' })).toBe(
      JSON.stringify(['x', ...args.slice(0, 4), `l=${slow}`, ['']])
    )
  })

  it('are as they were where nothing in them is secret', () => {
    const args = ['build', '--build-arg', 'A=1', '-f', '/project/Dockerfile', '-t', 'app:1']
    expect(text([...args, '/project'], { NPM_TOKEN: 'project', OTHER_TOKEN: '/project' })).toBe(
      JSON.stringify(['x', 'build', '--build-arg', 'A=1', '-f', ['/Dockerfile'], ['']])
    )
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
