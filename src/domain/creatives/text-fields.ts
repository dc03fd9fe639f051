interface TextField {
  /** Whether the text may have several lines. */
  isMultiline: boolean
  /** Maximum number of characters (code points) after normalization. */
  maximumLength: number
  /** Description in the API document, without the maximum length. */
  description: string
  example: string
}

/**
 * The text columns of creatives. The database types, selections, schemas, upload form, PATCH and replies derive from
 * this table, so that a new text column needs an entry here and a migration.
 */
export const textFields = {
  title: { isMultiline: false, maximumLength: 100, description: 'Title', example: 'Diwali' },
  alt_text: {
    isMultiline: true,
    maximumLength: 500,
    description: 'Describes the image for people who cannot see it, with line breaks where they help; CR LF and CR become LF',
    example: 'A row of oil lamps'
  }
} as const satisfies Record<string, TextField>

export type TextFieldName = keyof typeof textFields

/** Values as they are stored; `null` for an absent or blank text. */
export type CreativeTexts = Record<TextFieldName, string | null>

export const textFieldNames = Object.keys(textFields) as TextFieldName[]

/** Builds a record with a value for each text field. */
export function mapTextFields<Value> (make: (name: TextFieldName) => Value): Record<TextFieldName, Value> {
  return Object.fromEntries(textFieldNames.map((name) => [name, make(name)])) as Record<TextFieldName, Value>
}

/**
 * Control characters, line breaks, lone surrogates, bidirectional embeddings and overrides, and the replacement character, which
 * stands for text in another encoding. Joiners are allowed because emoji need them.
 */
const forbidden = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\ufffd]/u
const isolates = /[\u2066-\u2069]/g
const popIsolate = '\u2069'

/**
 * Returns whether each isolate of a line is closed in it, so that it cannot reorder text around it. An isolate ends with its paragraph
 * (Unicode Standard Annex 9, rule X8).
 */
function hasBalancedIsolates (line: string): boolean {
  let depth = 0
  for (const [mark] of line.matchAll(isolates)) {
    depth += mark === popIsolate ? -1 : 1
    if (depth < 0) return false
  }
  return depth === 0
}

/**
 * Returns the text trimmed, in NFC and with LF as line break, `null` for a blank one, and `undefined` for one that is too long or has a
 * forbidden character.
 */
export function normalizeText (name: TextFieldName, text: string): string | null | undefined {
  const { isMultiline, maximumLength } = textFields[name]
  const normalized = text.normalize('NFC').trim().replace(/\r\n?/g, '\n')
  if (normalized === '') return null
  const lines = isMultiline ? normalized.split('\n') : [normalized]
  const isSafe = lines.every((line) => !forbidden.test(line) && hasBalancedIsolates(line))
  return [...normalized].length <= maximumLength && isSafe ? normalized : undefined
}
