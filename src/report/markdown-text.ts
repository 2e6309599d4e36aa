const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;'
}

/** Text for the content and the quoted attributes of HTML. */
export function htmlText(text: string): string {
  return text.replace(/[&<>"']/g, found => ENTITIES[found] ?? found)
}

/** What means something: Markdown's characters, then those that GitHub makes links and pictures of. */
const ACTING =
  /[\\`*_{}[\]<>()!|~&^]|[@#$]|:(?=\/\/|[\d+-]*[a-z_][\w+-]*:|(?:100|1234|[+-]1):)|(?<=www)\./gi

/** What begins a list, a line across or an underlined heading, where it is the first of a line. */
const BEGINNING = /^(\s*)([-+=]|\d+[.)])/

const entity = (character: string) => `&#${character.codePointAt(0)};`
const apart = (character: string) => `<span>${character}</span>`

/**
 * One line of text for Markdown's running text and table cells, where all of it is literal.
 * Mentions, references, formulas, emoji codes and addresses are found by GitHub in what Markdown
 * made, so that entities do not hide them: the character that makes them stands in an element of its own.
 * https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/writing-mathematical-expressions
 */
export function markdownText(text: string): string {
  const inside = text.replace(ACTING, found =>
    /[@#$:.]/.test(found) ? apart(found) : entity(found)
  )
  return inside.replace(
    BEGINNING,
    (_, space: string, mark: string) => space + mark.slice(0, -1) + entity(mark.slice(-1))
  )
}

/** One line of text as code in Markdown's running text and table cells. */
export function markdownCode(text: string): string {
  if (text === '') return ''
  const isLiteral = /^[^`|\\\s](?:[^`|\\\n\r]*[^`|\\\s])?$/.test(text)
  return isLiteral ? `\`${text}\`` : `<code>${markdownText(text)}</code>`
}

/** Lines as they are, in a block that no line can end: https://spec.commonmark.org/0.31.2/#html-blocks */
export function markdownBlock(lines: readonly string[]): string {
  return `<pre>\n${lines.map(htmlText).join('\n')}\n</pre>`
}
