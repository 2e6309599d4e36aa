const TRUE = /^(1|t|T|TRUE|true|True)$/
const FALSE = /^(0|f|F|FALSE|false|False)$/

/** A boolean as Go's programs read it (https://pkg.go.dev/strconv#ParseBool); undefined for another text. */
export function goBool(text: string): boolean | undefined {
  if (TRUE.test(text)) return true
  return FALSE.test(text) ? false : undefined
}
