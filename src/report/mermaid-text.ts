/**
 * Text for a quoted label of a Mermaid diagram, where all of it is literal.
 * https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
 */
export function mermaidText(text: string): string {
  return text.replace(/[^A-Za-z0-9 ./:,_-]/gu, found => `#${found.codePointAt(0)};`)
}
