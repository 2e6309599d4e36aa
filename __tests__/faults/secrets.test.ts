import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { startCacheServer } from '../fixtures/cache-server.js'
import { canary, canaryFinder, filesBelow, printed } from '../fixtures/canary.js'
import { figure } from '../fixtures/figures.js'
import { type Finished, runAction, runCli } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { startRegistry } from '../fixtures/registry.js'
import { importBase, named, removeOurs } from '../fixtures/reuse-daemon.js'
import { listen } from '../fixtures/runner-log.js'
import { temporaryFolder } from '../fixtures/temporary-folder.js'

afterAll(removeOurs)

/** Secrets by the way in which the program comes to know them. */
interface Planted {
  readonly environment: string
  readonly argument: string
  readonly address: string
  readonly key: string
  readonly template: string
  readonly file: string
  readonly login: string
  readonly input: string
  readonly runner: string
  readonly named: string
}

const hex = () => randomBytes(8).toString('hex')

const plant = (): Planted => ({
  environment: canary('environment'),
  argument: canary('argument'),
  address: `address-${hex()}`,
  key: `-----BEGIN PRIVATE KEY-----\nMIIE${hex()}\nAgk=${hex()}/+\n-----END PRIVATE KEY-----`,
  template: canary('template'),
  file: canary('file'),
  login: `login-${hex()}`,
  input: `input-${hex()}`,
  runner: `runner-${hex()}`,
  named: canary('named')
})

/** A line in two pieces, so that they come in two pieces of output. */
const HALVES =
  'half=${NPM_TOKEN%????????????}; printf %s "$half"; sleep 0.2; echo "${NPM_TOKEN#"$half"}"'

const SCRIPT = `#!/bin/sh
cat "$1/forms"
${HALVES}
echo 7 times 7 is 49
`

interface Project {
  readonly root: string
  readonly home: string
  readonly secrets: Planted
  readonly env: Readonly<Record<string, string>>
}

interface Kind {
  readonly fails: boolean
  /** Docker builds by BuildKit, which takes secrets by files, too. */
  readonly isBuildKit?: boolean
}

/** A chain of both builders whose builds and tests print every secret in every form. */
function project(repository: string, { fails, isBuildKit = false }: Kind): Project {
  importBase('canary')
  const secrets = plant()
  const [root, home] = [temporaryProject(), temporaryFolder()]
  const base = named('canary')
  const last = fails ? 'exit 3' : 'true'
  const { file: ofFile, ...others } = secrets
  const known = isBuildKit ? [...Object.values(others), ofFile] : Object.values(others)
  const secretFile = join(home, 'licence-of-the-tool')
  writeTree(root, {
    'docker/IMAGES.json': manifest(
      {
        tag: `${repository}/lib:1`,
        dockerfile: 'lib.Dockerfile',
        working_dir: '..',
        build_args: {
          NPM_TOKEN: '{env[NPM_TOKEN]}',
          DB_PASSWORD: secrets.argument,
          INDEX: `https://robot:${secrets.address}@index.example/simple`,
          PIN: '7'
        },
        extra_args: [
          '--network=none',
          '--build-arg',
          'SIGNING_KEY',
          ...(isBuildKit ? ['--secret', `id=licence,src=${secretFile}`] : [])
        ]
      },
      {
        name: 'tool',
        version: '1',
        file: 'tool.json',
        test: 'cat /say/forms; echo 7 images',
        tag: `${repository}/tool:1`,
        build_args: { licence: secrets.template, registry_password: '{env[NPM_TOKEN]}' },
        working_dir: '..'
      }
    ),
    'docker/packer/tool.json': JSON.stringify({
      variables: { licence: '', registry_password: '', base },
      'sensitive-variables': ['licence'],
      builders: [
        {
          type: 'docker',
          image: '{{user `base`}}',
          commit: true,
          run_command: ['-d', '-i', '-t', '--network=none', '--entrypoint=/bin/sh', '{{.Image}}']
        }
      ],
      provisioners: [
        { type: 'file', source: 'say', destination: '/say' },
        {
          type: 'shell',
          environment_vars: [
            'NPM_TOKEN={{user `registry_password`}}',
            'LICENCE={{user `licence`}}'
          ],
          inline: ['sh /say/say.sh /say', 'echo "$LICENCE"', last]
        }
      ],
      'post-processors': [{ type: 'docker-tag', repository: `${repository}/tool`, tag: '1' }]
    }),
    'lib.Dockerfile': `FROM ${base}
ARG NPM_TOKEN
ARG DB_PASSWORD
ARG INDEX
ARG PIN
ARG SIGNING_KEY
COPY say /say
RUN sh /say/say.sh /say; echo "$DB_PASSWORD $INDEX $SIGNING_KEY"; ${last}
`,
    'say/say.sh': SCRIPT,
    'say/forms': `${known.flatMap(printed).join('\n')}\n`
  })
  writeTree(home, {
    '.docker/config.json': JSON.stringify({
      auths: { 'r.example': { auth: Buffer.from(`robot:${secrets.login}`).toString('base64') } }
    }),
    'licence-of-the-tool': secrets.file
  })
  return {
    root,
    home,
    secrets,
    env: { ...environmentOf(home, secrets), ...(isBuildKit && BUILDKIT) }
  }
}

/** Debian's docker command has a BuildKit of its own. */
const BUILDKIT = { DOCKER_BUILDKIT: '1', PATH: `/usr/bin:${process.env.PATH}` }

const environmentOf = (home: string, secrets: Planted) => ({
  ...(process.env.PACKER_PLUGIN_PATH ? { PACKER_PLUGIN_PATH: process.env.PACKER_PLUGIN_PATH } : {}),
  HOME: home,
  XDG_STATE_HOME: join(home, 'state'),
  TMPDIR: home,
  NPM_TOKEN: secrets.environment,
  SIGNING_KEY: secrets.key,
  GITHUB_TOKEN: secrets.runner,
  LICENCE: secrets.named,
  BUILD_CHAIN_SECRETS: 'LICENCE',
  DOCKER_BUILDKIT: '0'
})

/** What a program printed, less what it tells the runner to mask. */
const shownLines = (stdout: string) =>
  stdout
    .split('\n')
    .filter(line => !line.startsWith('::add-mask::'))
    .join('\n')

function leaksOf({ home, secrets }: Project, finished: Finished): readonly string[] {
  const find = canaryFinder({ ...secrets })
  const own = filesBelow(home).filter(path => !/config\.json$|licence-of-the-tool$/.test(path))
  return [
    ...find.inText(shownLines(finished.stdout), 'standard output'),
    ...find.inText(finished.stderr, 'standard error'),
    ...own.flatMap(path => find.inBytes(readFileSync(path), path))
  ]
}

describe.each([
  ['succeeds', false],
  ['fails', true]
])('a secret that a builder prints, in a run that %s,', (_, fails) => {
  it('is nowhere in what a step of a workflow leaves', async () => {
    const registry = await startRegistry()
    const repository = `${registry.host}/${named('c')}`
    const at = project(repository, { fails })
    const temporary = join(at.home, 'temp')
    const cache = await startCacheServer({ workspace: at.root, temporary })
    const step = await runAction({
      workspace: at.root,
      inputs: {
        reuse: 'github,registry',
        'reuse-registry': `${repository}/cache`,
        push: 'true',
        'fail-fast': 'false',
        'github-token': at.secrets.input,
        'builder-args': ''
      },
      env: { ...at.env, ...cache.variables }
    })
    expect(step.status, step.stderr).toBe(fails ? 1 : 0)
    const find = canaryFinder({ ...at.secrets })
    // Where they stand, in the project itself, they are found.
    expect(find.inFolder(at.root).length).toBeGreaterThan(50)
    expect([
      ...leaksOf(at, step),
      ...find.inText(step.summary, 'summary'),
      ...find.inText(JSON.stringify([step.outputs, step.state]), 'outputs and state'),
      ...cache.entries.flatMap(({ key, version }) => find.inText(`${key} ${version}`, 'cache key'))
    ]).toEqual([])
    const { heard, lines } = listen(step.stdout)
    const masked = heard.filter(({ command }) => command === 'add-mask').map(({ data }) => data)
    expect(masked).toContain(at.secrets.input)
    expect(masked).toContain(at.secrets.login)
    expect(lines.join('\n')).toContain('PIN=***')
    expect(step.stdout).toContain('7 times 7 is 49')
    expect(step.stdout).toContain('***')
    figure({
      area: 'secrets',
      name: `files of a step that ${fails ? 'fails' : 'succeeds'} that were searched`,
      value: String(filesBelow(at.home).length)
    })
  })

  it('is nowhere in what the command line leaves', async () => {
    const at = project(named('d'), { fails, isBuildKit: true })
    const args = ['--report', 'r.json', '--report-html', 'r.html', '--trace', 't.json', '--verbose']
    const finished = await runCli(['build', '--no-fail-fast', '--outside-paths', ...args], {
      cwd: at.root,
      env: { ...at.env, GITHUB_TOKEN: at.secrets.runner, INPUT_TOKEN: at.secrets.input }
    })
    expect(finished.status, finished.stderr).toBe(fails ? 1 : 0)
    const find = canaryFinder({ ...at.secrets })
    const files = ['r.json', 'r.html', 't.json'].map(name => join(at.root, name))
    expect([
      ...leaksOf(at, finished),
      ...files.flatMap(path => find.inBytes(readFileSync(path), path))
    ]).toEqual([])
    if (fails) {
      const { environment, ...others } = at.secrets
      const forms = printed(environment).length
      figure({
        area: 'secrets',
        name: 'secrets that are planted, and forms in which each is printed',
        value: `${Object.keys(others).length + 1}, ${forms}`
      })
    }
    const plan = await runCli(['plan', '--outside-paths'], { cwd: at.root, env: at.env })
    expect(leaksOf(at, plan)).toEqual([])
    expect(plan.stdout).toContain('NPM_TOKEN=***')
    const json = await runCli(['plan', '--outside-paths', '--format', 'json'], {
      cwd: at.root,
      env: at.env
    })
    const { images } = JSON.parse(json.stdout) as { images: { command: { args: string[] } }[] }
    expect(images[0]?.command.args).toContain(`NPM_TOKEN=${at.secrets.environment}`)
  })
})

describe('what a registry keeps for other machines', () => {
  it('has no secret in its tags and records', async () => {
    const storage = join(temporaryFolder(), 'storage')
    const registry = await startRegistry(storage)
    const at = project(`${registry.host}/${named('e')}`, { fails: false })
    const { status, stderr } = await runCli(
      ['build', '--reuse=registry', `--reuse-registry=${registry.host}/${named('shelf')}`],
      { cwd: at.root, env: at.env }
    )
    expect(status, stderr).toBe(0)
    const find = canaryFinder({ ...at.secrets })
    const kept = filesBelow(storage)
    // What Docker itself writes down of a build argument is the user's image, and no record of ours.
    const isTheImage = (path: string) => readFileSync(path, 'latin1').includes('sh /say/say.sh')
    const others = kept.filter(path => !isTheImage(path))
    const isRecord = (path: string) => readFileSync(path, 'latin1').includes('build-chain.record')
    expect(others.filter(isRecord).length).toBeGreaterThan(1)
    expect(others.flatMap(path => find.inBytes(readFileSync(path), path))).toEqual([])
    expect(kept.flatMap(path => find.inText(path, 'path'))).toEqual([])
  })
})
