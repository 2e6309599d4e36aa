import type { Image, Warning } from '../manifest/image.js'
import { templateSecrets } from './chain-secrets.js'
import { loadTemplate } from './load-template.js'
import { NO_TRIGGERS, type ReadImage, type ReadRequest, untagged } from './read-image.js'
import { templateInputs } from './template-inputs.js'
import { templateBases, templateTags } from './template-reading.js'

function withTags(image: Image, tags: readonly string[]): Image {
  if (image.tagSource === 'written' || tags.length === 0) return image
  const further = image.tagSource === 'derived' ? image.tags.slice(1) : image.tags
  return { ...image, tags: [...new Set([...tags, ...further])] }
}

/** Reads the template of an image. */
export async function readPackerImage(image: Image, request: ReadRequest): Promise<ReadImage> {
  const { template, files, folders, namesPlace } = await loadTemplate(image, request, request.files)
  const tagged = withTags(image, templateTags(template))
  const publishes: Warning[] = template.publishes
    ? [
        {
          message: `${image.id} publishes by itself, in the middle of a run: its template has a docker-push`,
          ...template.publishes
        }
      ]
    : []
  const changes = template.builders.flatMap(builder => builder.changes)
  const around = {
    workingDirectory: image.workingDirectory,
    files,
    folders,
    namesPlace,
    env: request.env,
    declared: image.inputs !== undefined
  }
  const read: ReadImage = {
    ...NO_TRIGGERS,
    image: tagged,
    command: request.command,
    bases: templateBases(template),
    warnings: [...publishes, ...(tagged.tags.length > 0 ? [] : [untagged(tagged)])],
    secrets: templateSecrets(template),
    takeIn: look => templateInputs(template, around, look),
    onbuild: changes.flatMap(change => (change.known ? triggerOf(change.text) : [])),
    hiddenTriggers: changes.flatMap(change =>
      change.known ? [] : [`the changes of its base ${image.id} are not known: ${change.why}`]
    ),
    inherit: () => read
  }
  return read
}

const triggerOf = (change: string): string[] => {
  const trigger = /^\s*ONBUILD\s+([^]+)/i.exec(change)?.[1]
  return trigger === undefined ? [] : [trigger]
}
