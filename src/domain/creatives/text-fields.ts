interface TextField {
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
  title: { maximumLength: 100, description: 'Title', example: 'Diwali' },
  alt_text: { maximumLength: 500, description: 'Describes the image for people who cannot see it', example: 'A row of oil lamps' }
} as const satisfies Record<string, TextField>

export type TextFieldName = keyof typeof textFields

/** Values as they are stored; `null` for an absent or blank text. */
export type CreativeTexts = Record<TextFieldName, string | null>

export const textFieldNames = Object.keys(textFields) as TextFieldName[]

/** Builds a record with a value for each text field. */
export function mapTextFields<Value> (make: (name: TextFieldName) => Value): Record<TextFieldName, Value> {
  return Object.fromEntries(textFieldNames.map((name) => [name, make(name)])) as Record<TextFieldName, Value>
}

/** Control characters, line breaks, lone surrogates and bidirectional overrides. Joiners are allowed because emoji need them. */
const forbidden = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u

/** Returns the text trimmed and in NFC, `null` for a blank one, and `undefined` for one that is too long or has a forbidden character. */
export function normalizeText (name: TextFieldName, text: string): string | null | undefined {
  const normalized = text.normalize('NFC').trim()
  if (normalized === '') return null
  return [...normalized].length <= textFields[name].maximumLength && !forbidden.test(normalized) ? normalized : undefined
}
