import type { RowState } from './row.js'

interface Look {
  /** One character. */
  readonly symbol: string
  readonly fill: string
  readonly line: string
  readonly text: string
}

/** How each state is drawn; colours are legible on a light and on a dark page. */
export const LOOKS: Readonly<Record<RowState, Look>> = {
  failed: { symbol: '✗', fill: '#ffd7d5', line: '#cf222e', text: '#82071e' },
  blocked: { symbol: '⊘', fill: '#fff8c5', line: '#9a6700', text: '#4d2d00' },
  skipped: { symbol: '○', fill: '#eaeef2', line: '#6e7781', text: '#32383f' },
  built: { symbol: '✓', fill: '#dafbe1', line: '#1a7f37', text: '#044f1e' },
  build: { symbol: '●', fill: '#dafbe1', line: '#1a7f37', text: '#044f1e' },
  reused: { symbol: '↺', fill: '#ddf4ff', line: '#0969da', text: '#0a3069' },
  reuse: { symbol: '↺', fill: '#ddf4ff', line: '#0969da', text: '#0a3069' }
}
