import type { BuilderType } from '../manifest/image.js'
import type { Builder } from './builder.js'
import { dockerfileBuilder } from './dockerfile.js'
import { packerBuilder } from './packer.js'

/** Every builder, by the manifest's `builder_type`. */
export const BUILDERS: Readonly<Record<BuilderType, Builder>> = {
  dockerfile: dockerfileBuilder,
  packer: packerBuilder
}
