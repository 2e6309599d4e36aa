import { expect, it } from 'vitest'
import { hashOf } from '../../../src/chain/fingerprint.js'
import { openSecretHash } from '../../../src/chain/secret-hash.js'
import { onDaemon, writeApp, writeTemplate } from '../../fixtures/reuse-checks.js'
import { reuseProject } from '../../fixtures/reuse-project.js'

const ADDRESS = 'postgres://u:hunter22@db/x'

const ENVIRONMENT = {
  DB_PASSWORD: 'hunter22',
  MYPW: '7',
  DATABASE_URL: ADDRESS,
  COPY: 'a hunter22',
  VERSION: '1.2.3',
  BUILD_CHAIN_SECRETS: 'MYPW'
}

const SECRET = ['DB_PASSWORD', 'MYPW', 'DATABASE_URL', 'COPY'] as const

/** What a record holds of each variable, by which hash of its value it is. */
function kinds(parts: Readonly<Record<string, string>> | undefined) {
  return Object.fromEntries(
    [...SECRET, 'VERSION' as const].map(name => {
      const held = parts?.[`variable ${name}`]
      const value = ENVIRONMENT[name]
      if (held === hashOf(value)) return [name, 'fast']
      return [name, held === openSecretHash()(value) ? 'slow' : held]
    })
  )
}

const EXPECTED = { ...Object.fromEntries(SECRET.map(name => [name, 'slow'])), VERSION: 'fast' }

it.each(['Dockerfile', 'template'])(
  'has no fast hash of a secret in the record of a %s',
  async kind => {
    const project = reuseProject()
    onDaemon(project, 'base:1')
    Object.assign(project.env, ENVIRONMENT)
    const names = Object.keys(EXPECTED)
    if (kind === 'Dockerfile') {
      writeApp(project, 'FROM base:1', { extra_args: names.flatMap(name => ['--build-arg', name]) })
    } else {
      const variables = Object.fromEntries(names.map(name => [name, `{{env \`${name}\`}}`]))
      writeTemplate(project, {}, { variables })
    }
    await project.build()
    const [record] = project.memory().records().values()
    expect(kinds(record?.parts)).toEqual(EXPECTED)
  }
)

it.each([
  ['a secret stands in', 'psql {env[DATABASE_URL]}', `psql ${ADDRESS}`, openSecretHash()],
  ['no secret stands in', 'app --version {env[VERSION]}', 'app --version 1.2.3', hashOf]
])('has a hash of a test that %s, as slow as need be', async (_, written, test, hash) => {
  const project = reuseProject()
  onDaemon(project, 'base:1')
  Object.assign(project.env, ENVIRONMENT)
  writeApp(project, 'FROM base:1', { test: written })
  const { plan, testIdentity } = await project.plan()
  expect(plan.images.map(({ image }) => testIdentity(image))).toEqual([hash(JSON.stringify(test))])
})
