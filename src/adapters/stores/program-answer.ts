/** The line of output that is the answer of a program of ours begins so. */
const ANSWER = '::build-chain-answer::'

/** A value as the line by which a program of ours answers, on a line of its own whatever stands before it. */
export const answerLine = (value: unknown): string => `\n${ANSWER}${JSON.stringify({ value })}\n`

/** The values of all whole lines of output that are answers, in their order. */
export function answersIn(output: string): readonly unknown[] {
  const whole = output.split('\n').slice(0, -1)
  const lines = whole.filter(line => line.startsWith(ANSWER))
  return lines.map(line => (JSON.parse(line.slice(ANSWER.length)) as { value?: unknown }).value)
}

/** What a program printed besides its answers. */
export const saidIn = (output: string): string =>
  output
    .split('\n')
    .filter(line => line !== '' && !line.startsWith(ANSWER))
    .join('\n')
