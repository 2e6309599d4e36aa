import { describe } from 'vitest'
import { TARGETS } from './hostile/all.js'
import { tryTargets } from './hostile/run-targets.js'

describe.each(Object.entries(TARGETS))('hostile %s', (kind, targets) => tryTargets(kind, targets))
