import { fillTemplate } from '../../builders/packer-template.js'
import type { NewFile } from '../../ports.js'
import type { StarterAnswers } from './answers.js'
import { appDockerfile, baseDockerfile } from './starter-dockerfiles.js'
import { starterManifest } from './starter-manifest.js'
import { starterPlaybook } from './starter-playbook.js'
import { BUILD_SCRIPT, LIVE_SCRIPT, provisionScript } from './starter-scripts.js'
import { starterTemplate } from './starter-template.js'
import { STARTER_WORKFLOW } from './starter-workflow.js'

const FOLDERS = { dockerFolder: '.docker', ansibleFolder: '.ansible', saltFolder: 'salt' }

/** Every file of a starting chain, its path relative to the project's root. */
export function starterFiles(answers: StarterAnswers): readonly NewFile[] {
  const { name, version } = answers
  const template = starterTemplate(answers)
  const file = (path: string, text: string): NewFile => ({ path, text, isProgram: false })
  const program = (path: string, text: string): NewFile => ({ path, text, isProgram: true })
  return [
    file('.docker/IMAGES.json', starterManifest(answers)),
    file('.docker/base/Dockerfile', baseDockerfile(answers)),
    file('.docker/packer.json', template),
    file(
      `.docker/packer/${name}-${version}.json`,
      fillTemplate(template, { name, version, ...FOLDERS })
    ),
    program('.docker/provision.sh', provisionScript(answers)),
    file('.ansible/playbooks/site_docker.yml', starterPlaybook(answers)),
    file('Dockerfile', appDockerfile(answers)),
    program('bin/build.sh', BUILD_SCRIPT),
    program('bin/run_livepacker_test.sh', LIVE_SCRIPT),
    file('.github/workflows/images.yml', STARTER_WORKFLOW)
  ]
}
