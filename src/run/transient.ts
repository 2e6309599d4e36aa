/** A failure that is known to pass by itself, and why. */
interface Transient {
  readonly pattern: Pick<RegExp, 'test'>
  readonly reason: string
  /** Only with this exit status of the builder's script, where the text alone says too little. */
  readonly words?: RegExp
}

/** A line that speaks of a download and then of its end. */
function isCutOff(text: string): boolean {
  return text.split('\n').some(line => {
    const at = line.search(/failed to copy|failed to do request|pull/i)
    return at >= 0 && /unexpected EOF/i.test(line.slice(at))
  })
}

/** The failures that a further attempt is worth; anything else fails at once. */
const TRANSIENT: readonly Transient[] = [
  {
    pattern: /\/tmp\/(script|packer-shell)[\w.-]*: not found/,
    words: /\b127\b/,
    reason: 'Packer ran a script before its upload was visible in the container'
  },
  { pattern: /TLS handshake timeout/i, reason: 'a server did not finish its TLS handshake' },
  { pattern: /\bi\/o timeout\b/i, reason: 'a network read or write timed out' },
  { pattern: /connection reset by peer/i, reason: 'a network connection was reset' },
  { pattern: /connection timed out/i, reason: 'a network connection timed out' },
  {
    pattern: /temporary failure (in name resolution|resolving)/i,
    reason: 'a name server did not answer'
  },
  { pattern: /\btoomanyrequests\b|\b429 Too Many Requests\b/i, reason: 'a server limits its rate' },
  {
    pattern:
      /\b50[0234] (Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out)/i,
    reason: 'a server failed for now'
  },
  { pattern: /net\/http: request canceled/i, reason: 'the daemon gave up on a registry' },
  {
    pattern: { test: isCutOff },
    reason: 'a download was cut off'
  },
  {
    pattern: /Could not get lock \/var\/lib\/(dpkg|apt)/,
    reason: "another process held the package manager's lock"
  }
]

/** Why a further attempt may end better, from a builder's last lines; undefined where it may not. */
export function transientReason(lastLines: readonly string[]): string | undefined {
  const text = lastLines.join('\n')
  return TRANSIENT.find(({ pattern, words }) => pattern.test(text) && (!words || words.test(text)))
    ?.reason
}

/** Milliseconds before attempt `next` (2 is the first further one): 1, 2, 4 … 30 s, of which a random half. */
export function backoff(next: number, random: number): number {
  const most = Math.min(30_000, 1_000 * 2 ** (next - 2))
  return most / 2 + (most / 2) * random
}
