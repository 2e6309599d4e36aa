/**
 * Lines that may be the classic builder's own: https://docs.docker.com/reference/cli/docker/build-legacy/
 * One search finds them in a gigabyte of others, which are not taken apart.
 */
const OWN_LINES = /(?<![^\n])(?:Step \d| ---> ).*(?=\r?\n)/g
const STEP = /^Step \d+\/\d+ : (.*)$/
const LAYER = /^ ---> ([0-9a-f]{12})$/
const RUNNING = /^ ---> Running in [0-9a-f]{12}$/

/** Bytes of a line that are looked at; no line of the builder's own is longer. */
const LONGEST_LINE = 8_192

/** Where a build stands. */
export interface ClassicStep {
  /** The instruction. */
  readonly step: string
  /** Id of the image that it is run on; undefined before there is one. */
  readonly layer: string | undefined
}

/** Follows the output of the classic builder, to tell at which step it failed and on what. */
export function followLayers() {
  let rest = ''
  let step: string | undefined
  let layer: string | undefined
  // While a step runs, what it prints could look like a line of the builder's: only the next step shows
  // that the last such line was.
  let isRunning = false
  let made: string | undefined

  const read = (line: string) => {
    const next = STEP.exec(line)?.[1]
    const id = LAYER.exec(line)?.[1]
    if (next !== undefined) {
      step = next
      layer = made ?? layer
      made = undefined
      isRunning = false
    } else if (RUNNING.test(line)) isRunning = true
    else if (isRunning) made = id ?? made
    else layer = id ?? layer
  }
  const decode = (chunk: Buffer): Buffer => {
    const text = rest + chunk.toString('latin1')
    const end = text.lastIndexOf('\n') + 1
    for (const [line] of text.matchAll(OWN_LINES)) read(line)
    rest = text.slice(end, end + LONGEST_LINE)
    return chunk
  }
  const failed = (): ClassicStep | undefined => (step === undefined ? undefined : { step, layer })
  return { decode, failed }
}
