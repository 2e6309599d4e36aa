import { checkDocker } from './doctor-docker.js'
import type { Facts, MachineFacts, ProjectFacts } from './doctor-facts.js'
import { checkPacker } from './doctor-packer.js'

/** `warning` stops no build, `missing` does. */
export type FindingStatus = 'ok' | 'warning' | 'missing'

/** One thing that was looked at. */
export interface Finding {
  readonly check: string
  readonly status: FindingStatus
  readonly found: string
  /** What mends it; undefined where all is well. */
  readonly remedy?: string | undefined
}

const GIB = 2 ** 30

/** Less than this is a warning: a base of a distribution with its layers fills it. */
const LITTLE_DISK = 2 * GIB
const LITTLE_MEMORY = GIB / 2

const gibibytes = (bytes: number) => `${(bytes / GIB).toFixed(1)} GiB`

/** What is there, what is missing, and how to mend it. */
export function diagnose(facts: Facts): readonly Finding[] {
  return [
    ...checkDocker(facts.docker),
    ...checkPacker(facts.packer, facts.project),
    ...checkMachine(facts.machine),
    checkProject(facts.project),
    ...checkRunner(facts)
  ]
}

function checkMachine({ node, controlGroups, disk, memory }: MachineFacts): readonly Finding[] {
  return [
    { check: 'node', status: 'ok', found: node },
    controlGroups === 'none'
      ? {
          check: 'cgroups',
          status: 'warning',
          found: 'none at /sys/fs/cgroup',
          remedy:
            'Mount them where an image runs systemd in its build: mount -t cgroup2 none /sys/fs/cgroup'
        }
      : { check: 'cgroups', status: 'ok', found: controlGroups },
    checkDisk(disk),
    memory.availableBytes < LITTLE_MEMORY
      ? {
          check: 'memory',
          status: 'warning',
          found: memoryText(memory),
          remedy: 'Lower --max-parallel, or end other programs.'
        }
      : { check: 'memory', status: 'ok', found: memoryText(memory) }
  ]
}

const memoryText = ({ availableBytes, totalBytes }: MachineFacts['memory']) =>
  `${gibibytes(availableBytes)} of ${gibibytes(totalBytes)} available`

function checkDisk(disk: MachineFacts['disk']): Finding {
  if (!disk) return { check: 'disk', status: 'warning', found: 'cannot be looked at' }
  const found = `${gibibytes(disk.freeBytes)} free in ${disk.folder}`
  if (disk.freeBytes >= LITTLE_DISK) return { check: 'disk', status: 'ok', found }
  const remedy = '`docker system df` tells what takes the space.'
  return { check: 'disk', status: 'warning', found, remedy }
}

function checkProject({ manifests, images, packerImages, complaint }: ProjectFacts): Finding {
  if (complaint !== undefined) {
    const remedy = 'Run it in a project, or name the manifest: --images-files, --working-directory.'
    return { check: 'manifest', status: 'warning', found: complaint, remedy }
  }
  const found = `${manifests.join(', ')}; images: ${images}, by Packer: ${packerImages}`
  return { check: 'manifest', status: 'ok', found }
}

const FILES = ['GITHUB_WORKSPACE', 'GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY', 'RUNNER_TEMP']
const TOOLS = ['RUNNER_TOOL_CACHE']
const CACHE = ['ACTIONS_RESULTS_URL', 'ACTIONS_RUNTIME_TOKEN']

function checkRunner({ runner, project }: Facts): readonly Finding[] {
  if (!runner) return [{ check: 'runner', status: 'ok', found: 'not in a workflow of GitHub' }]
  const missing = [...FILES, ...TOOLS].filter(name => !runner.has(name))
  const noCache = CACHE.filter(name => !runner.has(name))
  const variables: Finding =
    missing.length === 0
      ? { check: 'runner', status: 'ok', found: 'in a workflow, with its variables' }
      : {
          check: 'runner',
          status: 'warning',
          found: `in a workflow, without ${missing.join(', ')}`,
          remedy: 'Hand the variables on where the program runs in a container or under sudo.'
        }
  if (!project.wantsGithubCache) return [variables]
  if (noCache.length === 0)
    return [variables, { check: 'github cache', status: 'ok', found: 'there' }]
  const remedy = 'Use the action, corpusops/build-chain: a step with `run` is not given them.'
  return [
    variables,
    { check: 'github cache', status: 'warning', found: `without ${noCache.join(', ')}`, remedy }
  ]
}
