import type { Finding } from './doctor.js'
import type { PackerFacts, ProjectFacts } from './doctor-facts.js'

const OFFLINE =
  'Install it (https://developer.hashicorp.com/packer/install), or name a mirror by --packer-releases.'

/** What there is to say of Packer and its plugins; little where no image is built by it. */
export function checkPacker(packer: PackerFacts, project: ProjectFacts): readonly Finding[] {
  const isNeeded = project.packerImages > 0
  return [
    packerFinding(packer, isNeeded),
    ...packer.plugins.map(plugin => pluginFinding(plugin, packer))
  ]
}

function packerFinding(packer: PackerFacts, isNeeded: boolean): Finding {
  const { found, fits, range } = packer
  const check = 'packer'
  if (found && fits) return { check, status: 'ok', found: `${found.version}, ${found.path}` }
  const there = found ? `${found.version} on PATH, wanted ${range}` : 'none on PATH'
  if (!isNeeded)
    return { check, status: 'ok', found: `${there}; no image of the manifests needs it` }
  return { check, ...obtainable(there, packer, 'build') }
}

function pluginFinding(
  { source, because, isThere }: PackerFacts['plugins'][number],
  packer: PackerFacts
): Finding {
  const check = `plugin ${source}`
  if (isThere) return { check, status: 'ok', found: `there, for ${because}` }
  return { check, ...obtainable(`not there, for ${because}`, packer, 'plugin') }
}

/** Something that is missing and can be got is only a delay. */
function obtainable(
  found: string,
  { releases }: PackerFacts,
  what: 'build' | 'plugin'
): Pick<Finding, 'status' | 'found' | 'remedy'> {
  if (what === 'build' && releases && releases.cached.length > 0) {
    return { status: 'ok', found: `${found}; in the tool cache: ${releases.cached.join(', ')}` }
  }
  if (releases?.answers) {
    const remedy = `The next build that needs it installs it from ${releases.address}.`
    return { status: 'warning', found, remedy }
  }
  const silent = releases ? `; ${releases.address} does not answer` : ''
  return { status: 'missing', found: `${found}${silent}`, remedy: OFFLINE }
}
