import { pathToFileURL } from 'node:url'
import { ANSWER, type CacheCall } from './github-call.js'

/**
 * This module is a program of its own, too: the client prints instead of failing, cannot be stopped,
 * and ends its process where a file that it writes cannot be opened.
 */
export const programUrl = import.meta.url

async function answer(call: CacheCall): Promise<string | number | undefined> {
  const { restoreCache, saveCache } = await import('@actions/cache')
  const { folder, key } = call
  if (call.name === 'save') return saveCache([folder], key)
  const { lookupOnly } = call
  return restoreCache([folder], key, [...call.prefixes], { lookupOnly })
}

async function main(call: CacheCall): Promise<void> {
  const value = await answer(call)
  // What the client left open does not matter any more.
  process.stdout.write(`\n${ANSWER}${JSON.stringify({ value })}\n`, () => process.exit(0))
}

const [, started = '', call = ''] = process.argv
if (pathToFileURL(started).href === programUrl) void main(JSON.parse(call) as CacheCall)
