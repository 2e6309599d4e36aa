const WIDTH = 100

/** Text in lines of at most 100 characters, all but the first indented. */
export function wrap(text: string, indent: number, first = indent): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const start = lines.length === 0 ? first : indent
    if (line !== '' && start + line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`)
}
