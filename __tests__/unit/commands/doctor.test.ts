import { describe, expect, it } from 'vitest'
import { diagnose } from '../../../src/commands/doctor.js'
import type { DockerFacts, Facts, PackerFacts } from '../../../src/commands/doctor-facts.js'

const GIB = 2 ** 30

const DOCKER: DockerFacts = {
  path: '/usr/bin/docker',
  clientVersion: '28.2.2',
  daemon: {
    version: '28.2.2',
    storage: 'overlay2',
    system: 'Debian',
    controlGroups: '2',
    folder: '/var/lib/docker',
    isExperimental: false
  },
  complaint: '',
  buildx: '0.24.0',
  wantsBuildKit: undefined
}

const PACKER: PackerFacts = {
  found: { path: '/usr/bin/packer', version: '1.14.2' },
  fits: true,
  range: '',
  releases: undefined,
  plugins: [{ source: 'github.com/hashicorp/docker', because: 'builder docker', isThere: true }]
}

const FACTS: Facts = {
  machine: {
    node: '24.0.0',
    controlGroups: 'v2',
    disk: { folder: '/var/lib/docker', freeBytes: 50 * GIB },
    memory: { availableBytes: 4 * GIB, totalBytes: 8 * GIB }
  },
  docker: DOCKER,
  packer: PACKER,
  project: {
    manifests: ['docker/IMAGES.json'],
    images: 3,
    packerImages: 1,
    complaint: undefined,
    wantsGithubCache: false
  },
  runner: undefined
}

const find = (facts: Partial<Facts>, check: string) =>
  diagnose({ ...FACTS, ...facts }).find(finding => finding.check === check)
const docker = (facts: Partial<DockerFacts>, check: string) =>
  find({ docker: { ...DOCKER, ...facts } }, check)
const packer = (facts: Partial<PackerFacts>, check = 'packer') =>
  find({ packer: { ...PACKER, ...facts } }, check)

const ANSWERS = { address: 'releases.example', answers: true, cached: [] }
const SILENT = { ...ANSWERS, answers: false }

describe('the doctor', () => {
  it('finds all well on a machine that has all', () => {
    const findings = diagnose(FACTS)
    expect(findings.filter(({ status }) => status !== 'ok')).toEqual([])
    expect(findings.map(({ check }) => check)).toEqual([
      'docker',
      'docker daemon',
      'docker builder',
      'squash',
      'packer',
      'plugin github.com/hashicorp/docker',
      'node',
      'cgroups',
      'disk',
      'memory',
      'manifest',
      'runner'
    ])
  })

  it('says how to mend all that is not well', () => {
    const findings = diagnose({
      ...FACTS,
      docker: { ...DOCKER, daemon: undefined, complaint: 'no such file' },
      packer: { ...PACKER, found: undefined, fits: false, releases: SILENT },
      machine: {
        ...FACTS.machine,
        controlGroups: 'none',
        disk: { folder: '/', freeBytes: 1 },
        memory: { availableBytes: 1, totalBytes: GIB }
      }
    })
    for (const { status, remedy, check } of findings) {
      if (status !== 'ok') expect(remedy, check).toMatch(/\w{3}/)
    }
    expect(findings.filter(({ status }) => status === 'missing').map(({ check }) => check)).toEqual(
      ['docker daemon', 'packer']
    )
  })
})

describe('Docker', () => {
  it('is missing without a command or a daemon', () => {
    expect(docker({ path: undefined }, 'docker')).toMatchObject({ status: 'missing' })
    expect(docker({ daemon: undefined, complaint: 'refused' }, 'docker daemon')).toMatchObject({
      status: 'missing',
      found: 'does not answer: refused'
    })
  })

  it.each([
    [{}, 'ok', 'BuildKit, buildx 0.24.0'],
    [{ wantsBuildKit: '0' }, 'ok', 'classic, by DOCKER_BUILDKIT=0'],
    [{ buildx: undefined }, 'ok', 'classic: the docker command has no buildx'],
    [
      { buildx: undefined, wantsBuildKit: '1' },
      'missing',
      'DOCKER_BUILDKIT=1, and the docker command has no buildx'
    ],
    [
      { clientVersion: '20.10.24', buildx: undefined, wantsBuildKit: '1' },
      'ok',
      'BuildKit, by DOCKER_BUILDKIT=1'
    ],
    [
      { clientVersion: '20.10.24', buildx: undefined },
      'ok',
      'classic; DOCKER_BUILDKIT=1 chooses BuildKit'
    ]
  ] as const)('with %j has the builder that docker build takes', (facts, status, found) => {
    expect(docker(facts, 'docker builder')).toMatchObject({ status, found })
  })
})

describe('Packer', () => {
  const absent = { found: undefined, fits: false }

  it('that can be installed is a warning, and one that cannot is missing', () => {
    expect(packer({ ...absent, releases: ANSWERS })).toMatchObject({ status: 'warning' })
    expect(packer({ ...absent, releases: SILENT })).toMatchObject({ status: 'missing' })
  })

  it('in the tool cache is well', () => {
    const releases = { ...SILENT, cached: ['1.14.2'] }
    expect(packer({ ...absent, releases })).toMatchObject({
      status: 'ok',
      found: 'none on PATH; in the tool cache: 1.14.2'
    })
  })

  it('that no image needs is not missed', () => {
    const project = { ...FACTS.project, packerImages: 0 }
    const facts = { project, packer: { ...PACKER, ...absent, plugins: [] } }
    expect(find(facts, 'packer')).toMatchObject({ status: 'ok' })
  })

  it('that packer-version does not take is told with what is wanted', () => {
    expect(packer({ fits: false, range: '>=1.15', releases: ANSWERS })).toMatchObject({
      status: 'warning',
      found: '1.14.2 on PATH, wanted >=1.15'
    })
  })

  it('without a plugin is told of it', () => {
    const plugins = [{ source: 'github.com/a/b', because: 'builder b in x.json', isThere: false }]
    expect(packer({ plugins, releases: ANSWERS }, 'plugin github.com/a/b')).toMatchObject({
      status: 'warning',
      found: 'not there, for builder b in x.json'
    })
    expect(packer({ plugins, releases: SILENT }, 'plugin github.com/a/b')?.status).toBe('missing')
  })
})

describe('a runner', () => {
  const all = [
    'GITHUB_WORKSPACE',
    'GITHUB_OUTPUT',
    'GITHUB_STEP_SUMMARY',
    'RUNNER_TEMP',
    'RUNNER_TOOL_CACHE'
  ]

  it('has its variables, or those that it lacks are named', () => {
    expect(find({ runner: new Set(all) }, 'runner')).toMatchObject({ status: 'ok' })
    expect(find({ runner: new Set(all.slice(1)) }, 'runner')).toMatchObject({
      status: 'warning',
      found: 'in a workflow, without GITHUB_WORKSPACE'
    })
  })

  it('without what its cache needs is told of it where the cache is wanted', () => {
    const runner = new Set(all)
    const project = { ...FACTS.project, wantsGithubCache: true }
    expect(find({ runner }, 'github cache')).toBeUndefined()
    expect(find({ runner, project }, 'github cache')).toMatchObject({ status: 'warning' })
    const full = new Set([...all, 'ACTIONS_RESULTS_URL', 'ACTIONS_RUNTIME_TOKEN'])
    expect(find({ runner: full, project }, 'github cache')).toMatchObject({ status: 'ok' })
  })
})
