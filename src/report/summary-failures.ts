import { shellLine } from '../run/command-line.js'
import type { Failure } from '../run/events.js'
import { failedPlace } from './headline.js'
import { markdownBlock, markdownCode, markdownText } from './markdown-text.js'
import { escapeControls, oneLine, plainText } from './plain-text.js'
import { countText, groupDigits } from './quantity-text.js'
import type { Row } from './row.js'

/** Failed images that are told in full, bytes that they take, and characters of one line of theirs. */
const MOST = 20
const BYTES = 200_000
const LINE = 400

/** Names of blocked images that are listed. */
const BLOCKED = 12

/** What a person needs to know of each failed image: place, command, last lines. */
export function failureSections(rows: readonly Row[]): readonly string[] {
  const failed = rows.filter(({ failure }) => failure !== undefined)
  const blocked = blockedBy(rows)
  const sections: string[] = []
  let left = BYTES
  for (const row of failed.slice(0, MOST)) {
    const section = failureSection(row, blocked.get(row.id) ?? [])
    left -= Buffer.byteLength(section)
    if (left < 0) break
    sections.push(section)
  }
  const more = failed.length - sections.length
  if (more > 0) sections.push(`${countText(more, 'more failed image')}: see the table.`)
  return sections
}

function failureSection(row: Row, blocked: readonly Row[]): string {
  const failure = row.failure as Failure
  const place = failedPlace(failure)
  const parts = [
    `### ${markdownCode(oneLine(row.label, 150))}`,
    [
      `**${failure.command.tool === 'packer' ? 'Packer' : 'Docker'}** ${markdownText(oneLine(failure.message))}`,
      ...(place ? [`at ${markdownCode(place)}`] : []),
      `in the manifest at ${markdownCode(oneLine(row.place, 200))}`
    ].join(' · '),
    ...(failure.lastLines.length > 0 ? [markdownBlock(failure.lastLines.map(shown))] : []),
    ...(failure.advice ?? []).slice(0, 10).map(line => `> ${markdownText(oneLine(line, 500))}`),
    ...(blocked.length > 0 ? [blockedSentence(blocked)] : []),
    `<details><summary>Command</summary>\n\n${markdownBlock([oneLine(escapeControls(shellLine(failure.command)), 4_000)])}\n\n</details>`
  ]
  return parts.join('\n\n')
}

const shown = (line: string) => {
  const text = plainText(line.slice(0, LINE * 2)).replaceAll('\n', ' ')
  return text.length > LINE ? `${text.slice(0, LINE)}…` : text
}

function blockedSentence(blocked: readonly Row[]): string {
  const names = blocked.slice(0, BLOCKED).map(({ label }) => markdownCode(oneLine(label, 150)))
  const more = blocked.length - names.length
  const rest = more > 0 ? ` and ${groupDigits(more)} more` : ''
  return `${countText(blocked.length, 'image')} not built, standing on it: ${names.join(', ')}${rest}`
}

/** For each failed image the blocked ones that stand on it, however far. */
function blockedBy(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const roots = new Map<string, ReadonlySet<string>>()
  const blocked = new Map<string, Row[]>()
  for (const row of rows) {
    if (row.state === 'failed') roots.set(row.id, new Set([row.id]))
    if (row.state !== 'blocked') continue
    const own = new Set(row.dependsOn.flatMap(id => [...(roots.get(id) ?? [])].slice(0, MOST)))
    roots.set(row.id, own)
    for (const id of own) {
      const known = blocked.get(id)
      if (known) known.push(row)
      else blocked.set(id, [row])
    }
  }
  return blocked
}
