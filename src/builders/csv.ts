/**
 * The fields of a value such as `type=local,"dest=a,b"`, which docker and buildx read as one record of CSV
 * (https://pkg.go.dev/encoding/csv): a field that begins with a quotation mark ends at the next that is not doubled.
 * One that is left open ends with the text.
 */
export function csvFields(text: string): readonly string[] {
  const fields: string[] = []
  const field = /"((?:[^"]|"")*)"?([^,]*)(?:,|$)|([^,]*)(?:,|$)/y
  while (field.lastIndex <= text.length) {
    const match = field.exec(text)
    if (!match) break
    const [whole, quoted, after = '', plain = ''] = match
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"') + after)
    if (!whole.endsWith(',')) break
  }
  return fields
}
