// @actions/core prints by `process.stdout`, which takes long to load, and does not wait for a slow reader.
import { join } from 'node:path'

const PRINTING = /\/@actions\/core\/lib\/(core|command)\.js$/
const PRINTED = 'process.stdout.write('

/**
 * What @actions/core tells the runner goes the way that all we print goes, and its random words come as ours do.
 * @param root of the project, absolute
 */
export function coreOnOurs(root) {
  const changed = new Set()
  return {
    name: 'core-on-ours',
    resolveId: (id, importer) =>
      id === 'crypto' && importer?.includes('/@actions/core/')
        ? join(root, 'script/build.d/core-crypto.js')
        : undefined,
    transform(code, id) {
      if (!PRINTING.test(id) || !code.includes(PRINTED)) return undefined
      changed.add(id)
      const streams = JSON.stringify(join(root, 'src/adapters/standard-streams.ts'))
      return `import { writeOut } from ${streams}\n${code.replaceAll(PRINTED, 'writeOut(')}`
    },
    buildEnd(error) {
      if (!error && changed.size !== 2) throw new Error('@actions/core prints in another way than it did')
    }
  }
}
