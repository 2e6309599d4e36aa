import { resolve } from 'node:path'

/** A pattern of `inputs`, taken apart. */
export interface InputPattern {
  /** Absolute path that is looked at: what stands before the first wildcard, the whole where there is none. */
  readonly base: string
  /** What is to match below the base; empty where there is no wildcard. */
  readonly glob: string
  /** Begins with `!`: all else in the folder is meant. */
  readonly isNegated: boolean
}

/** Tells what a pattern that is written in a folder looks at; loaded where there are patterns only. */
export type ScanInput = (text: string, folder: string) => InputPattern

/** Opens the one reading of patterns: what is checked of one has to be what is looked at later. */
export async function openScan(): Promise<ScanInput> {
  const { default: picomatch } = await import('picomatch')
  return (text, folder) => {
    const { base, glob, isGlob, negated } = picomatch.scan(text, { unescape: true })
    if (negated) return { base: folder, glob: text, isNegated: true }
    return { base: resolve(folder, base), glob: isGlob ? glob : '', isNegated: false }
  }
}

/** Where each pattern begins to look, and where a way back up after a wildcard would lead, with its text and number. */
export async function inputPlaces(inputs: readonly string[], folder: string) {
  const scan = await openScan()
  return inputs.flatMap((text, at) => {
    const { base, glob } = scan(text, folder)
    const back = glob.split('/').filter(name => name === '..')
    const places = back.length === 0 ? [base] : [base, resolve(base, ...back)]
    return places.map(path => [path, text, at] as const)
  })
}
