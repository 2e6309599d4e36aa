/**
 * The fields of a value such as `type=local,"dest=a,b"`, which docker and buildx read as one record of CSV
 * (https://pkg.go.dev/encoding/csv): a field that begins with a quotation mark ends at the next that is not doubled.
 * One that is left open ends with the text.
 */
export function csvFields(text: string): readonly string[] {
  const fields: string[] = []
  for (let at = 0; ; at += 1) {
    const { field, end } = quotedField(text, at)
    const comma = text.indexOf(',', end)
    fields.push(field + text.slice(end, comma < 0 ? undefined : comma))
    if (comma < 0) return fields
    at = comma
  }
}

/** The text between quotation marks that begins at a place, and where it ends; empty where none begins. */
function quotedField(
  text: string,
  start: number
): { readonly field: string; readonly end: number } {
  let field = ''
  if (text[start] !== '"') return { field, end: start }
  for (let at = start + 1; ; at += 1) {
    const end = text.indexOf('"', at)
    if (end < 0) return { field: field + text.slice(at), end: text.length }
    field += text.slice(at, end)
    if (text[end + 1] !== '"') return { field, end: end + 1 }
    field += '"'
    at = end + 1
  }
}
