import { inSeconds, withUnit } from '../format.js'
import type { Series } from '../results.js'
import { logScale, type Scale } from './scale.js'
import { drawing, element, line, text } from './svg.js'

const WIDTH = 920
const TOP = 76
const HEIGHT = 240

type Place = readonly [x: number, y: number]

interface Curve {
  readonly name: string
  readonly points: readonly Place[]
}

interface Graph {
  readonly title: string
  readonly curves: readonly Curve[]
  readonly left: number
  readonly right: number
  readonly y: readonly number[]
  readonly words: (value: number) => string
}

const KINDS = [
  ['ours-line', 'ours'],
  ['theirs-line', 'theirs-dot']
] as const

function drawCurve({ points }: Curve, number: number, x: Scale, y: Scale): string[] {
  const [stroke, dot] = KINDS[number] ?? KINDS[0]
  const places = points.map(([a, b]) => [x.at(a), y.at(b)] as const)
  const path = places.map(([a, b], at) => `${at === 0 ? 'M' : 'L'}${a.toFixed(1)} ${b.toFixed(1)}`)
  return [
    element('path', { class: stroke, d: path.join(' ') }),
    ...places.map(([cx, cy]) => element('circle', { class: dot, cx, cy, r: 4 }))
  ]
}

const drawKey = ({ name }: Curve, number: number, left: number): string[] => {
  const [, dot] = KINDS[number] ?? KINDS[0]
  const y = TOP + 14 + number * 18
  return [
    element('circle', { class: dot, cx: left + 14, cy: y - 4, r: 4 }),
    text(name, left + 24, y, { class: 'quiet' })
  ]
}

function drawGraph({ title, curves, left, right, y: values, words }: Graph): string[] {
  const bottom = TOP + HEIGHT
  const x = logScale(
    curves.flatMap(({ points }) => points.map(([value]) => value)),
    [left, right]
  )
  const y = logScale(values, [bottom, TOP])
  return [
    text(title, left, TOP - 16, { class: 'head' }),
    ...x.ticks.flatMap(tick => [
      line({ from: [x.at(tick), TOP], to: [x.at(tick), bottom] }, 'grid'),
      text(tick.toLocaleString('en-US'), x.at(tick), bottom + 18, { class: 'quiet middle' })
    ]),
    ...y.ticks.flatMap(tick => [
      line({ from: [left, y.at(tick)], to: [right, y.at(tick)] }, 'grid'),
      text(words(tick), left - 8, y.at(tick) + 4, { class: 'quiet right' })
    ]),
    line({ from: [left, bottom], to: [right, bottom] }, 'axis'),
    ...curves.flatMap((curve, number) => [
      ...drawCurve(curve, number, x, y),
      ...drawKey(curve, number, left)
    ])
  ]
}

const MIB = 1024 ** 2

/** Time and memory by the number of images and of files, on logarithmic scales. */
export function growthPlot(series: readonly Series[]): string {
  const curves = (value: (point: Series['points'][number]) => number | undefined): Curve[] =>
    series.map(({ name, of, points }) => ({
      name: `${name} by ${of}`,
      points: points.flatMap(point => {
        const at = value(point)
        return at === undefined ? [] : [[point.x, at] as const]
      })
    }))
  const times = curves(({ seconds }) => seconds)
  const memory = curves(({ bytes }) => bytes && bytes / MIB).filter(({ points }) => points.length)
  const valuesOf = (all: readonly Curve[]) => all.flatMap(({ points }) => points.map(([, y]) => y))
  const graphs: Graph[] = [
    { title: 'time', curves: times, left: 76, right: 440, y: valuesOf(times), words: inSeconds }
  ]
  if (memory.length > 0) {
    const words = (value: number) => withUnit(value * MIB, 'memory')
    const place = { left: 540, right: 880, y: valuesOf(memory), words }
    graphs.push({ title: 'memory, at most', curves: memory, ...place })
  }
  const said = series.map(({ name, of, points }) => {
    const values = points.map(({ x, seconds }) => `${x} ${of}: ${inSeconds(seconds)}`)
    return `${name} by ${of}: ${values.join(', ')}.`
  })
  return drawing({
    title: 'Plans of more images, and of more files',
    words: said.join(' '),
    width: WIDTH,
    height: TOP + HEIGHT + 40,
    parts: graphs.flatMap(drawGraph)
  })
}
