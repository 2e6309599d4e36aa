import { pathToFileURL } from 'node:url'
import type { CacheCall } from './github-call.js'
import { answerLine } from './program-answer.js'

/**
 * This module is a program of its own, too: the client prints instead of failing, cannot be stopped,
 * and ends its process where a file that it writes cannot be opened.
 */
export const programUrl = import.meta.url

/** Prints an answer; resolves once it is out. */
const answer = (value: unknown) =>
  new Promise<void>(resolve => void process.stdout.write(answerLine(value), () => resolve()))

async function main(call: CacheCall): Promise<void> {
  const { restoreCache, saveCache } = await import('@actions/cache')
  const { folder, key } = call
  if (call.name === 'save') {
    await answer(await saveCache([folder], key))
  } else {
    const found = await restoreCache([folder], key, [...call.prefixes], { lookupOnly: true })
    await answer(found)
    if (found !== undefined) await answer(await restoreCache([folder], found))
  }
  // What the client left open does not matter any more.
  process.exit(0)
}

const [, started = '', call = ''] = process.argv
if (pathToFileURL(started).href === programUrl) void main(JSON.parse(call) as CacheCall)
