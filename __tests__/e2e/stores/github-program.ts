import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'
import { exec } from '../../../src/adapters/exec.js'
import { type AskCache, askByProgram } from '../../../src/adapters/stores/github-ask.js'

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

/** Bundles a program of the store, such as `github-program`; gives its address. */
export async function bundleProgram(name: string, folder: string): Promise<string> {
  const file = join(ADAPTERS, 'stores', `${name}.ts`)
  return pathToFileURL(await bundle(file, join(folder, name))).href
}

/** Bundles a script that imports adapters by `ADAPTERS/NAME`; gives its path. */
export function bundleScript(folder: string, contents: string): Promise<string> {
  const file = join(folder, 'script.ts')
  writeFileSync(file, contents.replaceAll('ADAPTERS/', ADAPTERS))
  return bundle(file, folder)
}

/** Asks the real client, in the environment of this process as it is then. */
export const askRealClient =
  (programUrl: string): AskCache =>
  (call, signal, onAnswer) =>
    askByProgram({ exec, runner: process.env, programUrl })(call, signal, onAnswer)
