import { type Component, type Findings, findings } from './template-component.js'
import { joined, known, type Value } from './template-value.js'

const withTag = (repository: Value, tag: Value): Value => joined([repository, known(':'), tag])

/**
 * What docker-tag tags: the repository with each of `tags`, then of the older `tag`, or alone.
 * @see https://developer.hashicorp.com/packer/integrations/hashicorp/docker/latest/components/post-processor/docker-tag
 */
function dockerTags({ settings }: Component): Value[] {
  const repository = settings.text('repository')
  const tags = [...settings.list('tags'), ...settings.list('tag')]
  if (!repository) return []
  return tags.length > 0 ? tags.map(tag => withTag(repository, tag)) : [repository]
}

function importTags({ settings }: Component): Value[] {
  const repository = settings.text('repository')
  const tag = settings.text('tag')
  if (!repository) return []
  return [tag ? withTag(repository, tag) : repository]
}

/** What a post-processor gives a name on the daemon. */
export function tagsOf(component: Component): Value[] {
  if (component.type === 'docker-tag') return dockerTags(component)
  return component.type === 'docker-import' ? importTags(component) : []
}

/** Post-processors after which nothing has changed but images, or what was published already. */
const IMAGES_ONLY = new Set(['docker-tag', 'docker-import', 'docker-push', 'artifice'])

/** Why a reused image would not be the whole outcome of a build with this post-processor. */
export function postProcessorFindings({ type, place }: Component): Findings {
  if (IMAGES_ONLY.has(type)) return findings({})
  const message =
    type === 'shell-local'
      ? 'a shell-local post-processor runs a command on the host'
      : `a ${type} post-processor makes more than an image`
  return findings({ untracked: [{ place, message }] })
}
