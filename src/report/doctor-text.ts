import type { Paint } from './paint.js'

/** One thing that was looked at, as commands/doctor.ts gives it. */
interface Finding {
  readonly check: string
  readonly status: 'ok' | 'warning' | 'missing'
  readonly found: string
  readonly remedy?: string | undefined
}

const MARKS = { ok: '✓', warning: '!', missing: '✗' } as const
const STYLES = { ok: 'green', warning: 'yellow', missing: 'red' } as const

/** A line for each finding, and its remedy below it. */
export function doctorText(findings: readonly Finding[], paint: Paint): string {
  const width = Math.max(0, ...findings.map(({ check }) => check.length))
  const lines = findings.flatMap(({ check, status, found, remedy }) => [
    `${paint(STYLES[status], MARKS[status])} ${check.padEnd(width)}  ${found}`,
    ...(remedy ? [`  ${' '.repeat(width)}  ${remedy}`] : [])
  ])
  return lines.map(line => `${line}\n`).join('')
}

/** The findings as JSON: the shape is a contract, see docs/command-line.md. */
export function doctorJson(findings: readonly Finding[]): object {
  return {
    ok: findings.every(({ status }) => status !== 'missing'),
    checks: findings.map(({ check, status, found, remedy }) => ({
      check,
      status,
      found,
      remedy: remedy ?? null
    }))
  }
}
