import type { Produced } from './builder.js'

/** Bytes of one line that are held at most; the rest of a longer line passes as it is. */
const LONGEST_LINE = 1 << 20

/** `TIME,BUILD,KIND,…`: https://developer.hashicorp.com/packer/docs/commands#format-for-machine-readable-output */
const MACHINE_LINE = /^\d+,[^,]*,[a-z-]+(,|$)/

/** What Packer says to a person: `TIME,BUILD,ui,KIND,TEXT`, the text with commas of its own. */
const SAID = /^\d+,[^,]*,ui(?:,[^,]*(?:,(.*))?)?$/s

const IMPORTED = /^Imported Docker image: (\S+)(?: with tags? (.*))?$/
const IMAGE_ID = /\bsha256:[0-9a-f]{64}\b/

const unescaped = (field: string) =>
  field.replaceAll('%!(PACKER_COMMA)', ',').replaceAll('\\r', '\r').replaceAll('\\n', '\n')

/** What the docker builder says once it has started its container. */
const CONTAINER = /^\s*(?:==> )?\S+: Container ID: ([0-9a-f]{64})$/

interface Artifacts {
  readonly containers: Set<string>
  readonly tags: Set<string>
  readonly imageIds: Set<string>
}

function noteArtifact(artifacts: Artifacts, property: string, value: string): void {
  const id = IMAGE_ID.exec(value)
  if (id) artifacts.imageIds.add(id[0])
  if (property !== 'string') return
  // The artifact's `id` names only the last of several tags, its `string` all of them.
  const match = IMPORTED.exec(value)
  const named = match?.[2] ?? (IMAGE_ID.test(match?.[1] ?? '') ? '' : match?.[1])
  for (const tag of named?.split(/\s+/) ?? []) if (tag !== '') artifacts.tags.add(tag)
}

/** Text for the log of one machine-readable line; an empty one where it says nothing to a person. */
function readLine(line: string, artifacts: Artifacts): string {
  const ui = SAID.exec(line)
  if (ui) {
    const said = unescaped(ui[1] ?? '')
    const container = CONTAINER.exec(said)?.[1]
    if (container) artifacts.containers.add(container)
    return `${said}\n`
  }
  if (!MACHINE_LINE.test(line)) return `${line}\n`
  const [, , kind, ...fields] = line.split(',')
  if (kind === 'artifact') noteArtifact(artifacts, fields[1] ?? '', unescaped(fields[2] ?? ''))
  return ''
}

/** Reads `packer build -machine-readable`: plain text for the log, and the artifacts. */
export function packerOutput() {
  const artifacts: Artifacts = { tags: new Set(), imageIds: new Set(), containers: new Set() }
  let rest: Buffer = Buffer.alloc(0)

  const decode = (chunk: Buffer): Buffer => {
    const data = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    const end = data.lastIndexOf(0x0a) + 1
    // A copy: the piece that it is of is overwritten.
    rest = Buffer.from(data.subarray(end))
    const lines = data.subarray(0, end).toString('latin1').split('\n').slice(0, -1)
    const shown = Buffer.from(lines.map(line => readLine(line, artifacts)).join(''), 'latin1')
    if (rest.length <= LONGEST_LINE) return shown
    const passed = Buffer.concat([shown, rest])
    rest = Buffer.alloc(0)
    return passed
  }

  const produced = (): Produced => ({
    tags: [...artifacts.tags],
    imageIds: [...artifacts.imageIds]
  })
  const flush = () => decode(Buffer.from(rest.length > 0 ? '\n' : ''))
  const containers = () => [...artifacts.containers]
  return { decode, rest: flush, produced, containers }
}
