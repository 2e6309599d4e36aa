import type { Unit } from '../figures.js'
import { withUnit } from '../format.js'
import { linearScale } from './scale.js'
import { rect, text } from './svg.js'

export interface PanelRow {
  readonly name: string
  readonly value: number
  readonly isOurs: boolean
}

export interface Panel {
  readonly title: string
  readonly unit: Unit
  readonly rows: readonly PanelRow[]
}

const ROW = 26
const HEAD = 30
const PLOT = [300, 800] as const

export const panelHeight = ({ rows }: Panel): number => HEAD + rows.length * ROW + 18

/** Bars beneath a heading, from zero, each with its value. */
export function drawPanel({ title, unit, rows }: Panel, top: number): string[] {
  const most = Math.max(...rows.map(({ value }) => value))
  const { at } = linearScale(most, PLOT)
  return [
    text(title, 20, top + 14, { class: 'head' }),
    ...rows.flatMap(({ name, value, isOurs }, number) => {
      const y = top + HEAD + number * ROW
      const width = Math.max(1, at(value) - PLOT[0])
      const kind = isOurs ? 'ours' : 'theirs'
      return [
        text(name, PLOT[0] - 12, y + 13, { class: isOurs ? 'head right' : 'right' }),
        rect({ x: PLOT[0], y, width, height: 18 }, kind),
        text(withUnit(value, unit), PLOT[0] + width + 8, y + 13, { class: 'quiet' })
      ]
    })
  ]
}

/** Panels beneath one another, with where the last one ends. */
export function drawPanels(
  panels: readonly Panel[],
  top: number
): { parts: string[]; end: number } {
  let y = top
  const parts = panels.flatMap(panel => {
    const drawn = drawPanel(panel, y)
    y += panelHeight(panel)
    return drawn
  })
  return { parts, end: y }
}

/** What panels say, in words. */
export const panelWords = (panels: readonly Panel[]): string =>
  panels
    .map(({ title, unit, rows }) => {
      const values = rows.map(({ name, value }) => `${name} ${withUnit(value, unit)}`)
      return `${title}: ${values.join(', ')}.`
    })
    .join(' ')
