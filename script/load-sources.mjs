import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'rolldown'

/**
 * Loads what a few lines of TypeScript export, which import from `./src/…`.
 * @param root the project's, absolute
 */
export async function loadSources(root, lines) {
  const name = `sources-${process.pid}`
  const input = join(root, `${name}.ts`)
  const file = join(root, 'node_modules', '.cache', `${name}.mjs`)
  await build({
    input,
    platform: 'node',
    plugins: [
      {
        name: 'lines',
        resolveId: id => (id === input ? id : null),
        load: id => (id === input ? { code: lines.join('\n'), moduleType: 'ts' } : null)
      }
    ],
    logLevel: 'warn',
    output: { file, format: 'esm', codeSplitting: false }
  })
  try {
    return await import(pathToFileURL(file).href)
  } finally {
    await rm(file, { force: true })
  }
}
