import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'

const ADAPTERS = fileURLToPath(new URL('../../../src/adapters/', import.meta.url))

/** Bundles a file as script/build does; gives the path of what it becomes. */
async function bundle(file: string, folder: string): Promise<string> {
  const bundled = await rolldown({
    input: { main: file },
    platform: 'node',
    resolve: { mainFields: ['module', 'main'] },
    transform: { target: 'node20' },
    logLevel: 'warn'
  })
  await bundled.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name]-[hash].mjs'
  })
  return join(folder, 'main.mjs')
}

const bundles = mkdtempSync(join(tmpdir(), 'build-chain-test-'))
process.once('exit', () => rmSync(bundles, { recursive: true, force: true }))

/** Address of archive-program as JavaScript. */
export const archiveProgram: Promise<string> = bundle(
  join(ADAPTERS, 'stores', 'archive-program.ts'),
  bundles
).then(path => pathToFileURL(path).href)

/** Bundles a script that imports adapters by `ADAPTERS/NAME`; gives its path. */
export function bundleScript(folder: string, contents: string): Promise<string> {
  const file = join(folder, 'script.ts')
  writeFileSync(file, contents.replaceAll('ADAPTERS/', ADAPTERS))
  return bundle(file, folder)
}
