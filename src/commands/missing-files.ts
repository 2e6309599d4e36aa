import type { Plan } from '../chain/plan.js'
import { ChainError, type Problem } from '../errors.js'

/**
 * Refuses a plan of which a file is not there, before anything is pulled or built.
 * @throws ChainError FILE_MISSING that lists every such image
 */
export function refuseMissingFiles(plan: Plan): void {
  const problems: Problem[] = plan.images
    .filter(planned => planned.fileMissing)
    .map(({ image }) => ({
      place: { file: image.manifest, position: image.position },
      message: `${image.id}: found no ${image.file}`
    }))
  if (problems.length === 0) return
  const hasTemplate = plan.images.some(each => each.fileMissing && each.image.builder === 'packer')
  throw new ChainError('FILE_MISSING', 'a Dockerfile or a template is missing', {
    problems,
    hint: [hasTemplate && BY_PACKER, MISSING].filter(Boolean).join('\n')
  })
}

const MISSING =
  'Write it, or correct `file` or `working_dir`; docs/manifest.md tells where each is looked for.'

const BY_PACKER =
  'An image without `dockerfile` is built by Packer: for a Dockerfile write `"dockerfile": "Dockerfile"`.'
