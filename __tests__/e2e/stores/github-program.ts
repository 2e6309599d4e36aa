import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type BuildOptions, build } from 'esbuild'
import { exec } from '../../../src/adapters/exec.js'
import { type AskCache, askByProgram } from '../../../src/adapters/stores/github-ask.js'

const STORES = fileURLToPath(new URL('../../../src/adapters/', import.meta.url))

const BANNER = "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);"

/** Bundles as script/build does. */
async function bundle(folder: string, options: BuildOptions): Promise<void> {
  await build({
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    keepNames: true,
    logLevel: 'warning',
    banner: { js: BANNER },
    ...options
  })
}

/** Bundles the program that speaks to GitHub's cache; gives its address. */
export async function bundleProgram(folder: string): Promise<string> {
  await bundle(folder, { entryPoints: [join(STORES, 'stores', 'github-program.ts')] })
  return pathToFileURL(join(folder, 'github-program.mjs')).href
}

/** Bundles a program that uses adapters; gives its path. */
export async function bundleScript(folder: string, contents: string): Promise<string> {
  await bundle(folder, {
    stdin: { contents, resolveDir: STORES, sourcefile: 'script.ts', loader: 'ts' }
  })
  return join(folder, 'stdin.mjs')
}

/** Asks the real client, in the environment of this process as it is then. */
export const askRealClient =
  (programUrl: string): AskCache =>
  (call, signal) =>
    askByProgram({ exec, runner: process.env, programUrl })(call, signal)
