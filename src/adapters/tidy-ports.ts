import type { Engine } from '../ports.js'
import type { TidyPorts } from './end-run.js'
import { hurry } from './interrupt.js'
import { openKept } from './kept.js'
import { keptFolder } from './kept-folder.js'

/** By what this program tidies up after runs on a daemon. */
export const tidyPorts = (engine: Engine): TidyPorts => ({
  engine,
  kept: () =>
    new Set(
      openKept(keptFolder(process.env))
        .list()
        .map(({ id }) => id)
    ),
  hurry
})
