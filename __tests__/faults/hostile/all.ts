import { ANSWER_TARGETS } from './answer-targets.js'
import { ARCHIVE_TARGETS } from './archive-targets.js'
import { DOCKERFILE_TARGETS } from './dockerfile-targets.js'
import { KEPT_TARGETS } from './kept-targets.js'
import { MANIFEST_TARGETS } from './manifest-targets.js'
import { OUTPUT_TARGETS } from './output-targets.js'
import type { Target } from './target.js'
import { TEMPLATE_TARGETS } from './template-targets.js'

/** Every target, by the kind of its input. */
export const TARGETS: Readonly<Record<string, readonly Target[]>> = {
  manifests: MANIFEST_TARGETS,
  templates: TEMPLATE_TARGETS,
  Dockerfiles: DOCKERFILE_TARGETS,
  answers: ANSWER_TARGETS,
  archives: ARCHIVE_TARGETS,
  output: OUTPUT_TARGETS,
  'what is kept': KEPT_TARGETS
}

export const ALL: readonly Target[] = Object.values(TARGETS).flat()
