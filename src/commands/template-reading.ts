import type { Template, TemplateBuilder } from '../builders/template.js'
import type { BaseReading, BaseUse } from '../chain/bases.js'
import { parseReference } from '../manifest/reference.js'

const dockerBuilders = (template: Template): readonly TemplateBuilder[] =>
  template.builders.filter(({ type }) => type === 'docker')

/** What is none would be an option to docker, or a line of its own in an output. */
const isTag = (text: string) => typeof parseReference(text) !== 'string'

/** Tags that a template gives, as far as they are known before Packer runs and docker would take them. */
export function templateTags(template: Template): readonly string[] {
  const tags = dockerBuilders(template).flatMap(builder => builder.tags)
  return [...new Set(tags.flatMap(tag => (tag.known && isTag(tag.text) ? [tag.text] : [])))]
}

/** What a template says about what its image stands on. */
export function templateBases(template: Template): BaseReading {
  const bases: BaseUse[] = []
  const unseen: string[] = template.problems.map(({ message }) => message)
  for (const builder of dockerBuilders(template)) {
    const { image, dockerfile, place } = builder
    if (image?.known) bases.push({ reference: image.text, line: place.position?.line })
    else if (image) unseen.push(`its base is not known: ${image.why}`)
    else if (dockerfile) unseen.push('it builds its base from a Dockerfile of its own')
  }
  const { provisioners, postProcessors } = template.components
  if ([...provisioners, ...postProcessors].includes('shell-local')) {
    unseen.push('it runs shell-local')
  }
  return { bases, unseen }
}
