import { FormatRegistry, type TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

/** What a text of each format of the API document looks like. */
export const formats = {
  'date-time': (text: string) => text.endsWith('Z') && !Number.isNaN(Date.parse(text)),
  date: (text: string) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
  uri: (text: string) => URL.canParse(text)
}

/** Returns what does not fit the schema, formats included: an empty list for a value that fits. */
export function problemsOf (schema: TSchema, value: unknown): string[] {
  for (const [name, isValid] of Object.entries(formats)) FormatRegistry.Set(name, isValid)
  return [...Value.Errors(schema, value)].map(({ path, message }) => `${path}: ${message}`)
}
