import fc, { type Arbitrary } from 'fast-check'
import { isMembers, toMembers, type Members } from './operations.ts'

const dayMs = 86_400_000
const firstDate = new Date('2026-01-01')
const lastDate = new Date('2032-12-31')

/** Values of formats that JSON Schema names, and of the service's own. */
const formats: Record<string, Arbitrary<unknown>> = {
  date: fc.integer({ min: firstDate.getTime() / dayMs, max: lastDate.getTime() / dayMs }).map((day) => new Date(day * dayMs).toISOString().slice(0, 10)),
  'date-time': fc.date({ min: firstDate, max: lastDate, noInvalidDate: true }).map((moment) => moment.toISOString()),
  uri: fc.webUrl(),
  'language-tag': fc.constantFrom('en', 'pt-BR', 'hi', 'zh-Hant-TW')
}

const typed: Record<string, (schema: Members) => Arbitrary<unknown>> = {
  null: () => fc.constant(null),
  boolean: () => fc.boolean(),
  integer: ({ minimum, maximum }) => fc.integer({ min: Number(minimum ?? -1000), max: Number(maximum ?? 1_000_000) }),
  number: ({ minimum, maximum }) => fc.double({ min: Number(minimum ?? -1000), max: Number(maximum ?? 1_000_000), noNaN: true }),
  string: ({ minLength, maxLength }) => fc.string({ minLength: Number(minLength ?? 0), maxLength: Math.min(Number(maxLength ?? 40), 40), unit: 'grapheme' }),
  array: ({ items }) => fc.array(valueOf(toMembers(items)), { maxLength: 3 }),
  object: objectOf
}

/** Returns values that a schema admits. Its examples are among them, because random text is seldom a phone number or a time zone. */
export function valueOf (schema: Members): Arbitrary<unknown> {
  const examples = [...Array.isArray(schema['examples']) ? schema['examples'] : [], ...'example' in schema ? [schema['example']] : []] as unknown[]
  return examples.length === 0 ? inventedOf(schema) : fc.oneof(fc.constantFrom(...examples), inventedOf(schema, examples))
}

function inventedOf (schema: Members, examples: readonly unknown[] = []): Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema['const'])
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...schema['enum'] as unknown[])
  const alternatives = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(alternatives)) return fc.oneof(...alternatives.filter(isMembers).map(valueOf))
  if (typeof schema['pattern'] === 'string') return matching(schema['pattern'], examples)
  const format = formats[String(schema['format'])]
  if (format !== undefined) return format
  const types = Array.isArray(schema['type']) ? schema['type'] as unknown[] : [schema['type'] ?? 'string']
  return fc.oneof(...types.map((type) => typed[String(type)]?.(schema) ?? fc.constant(null)))
}

/** Returns texts of a pattern. fast-check does not know the Unicode properties in some of them; the examples stand for those. */
function matching (pattern: string, examples: readonly unknown[]): Arbitrary<unknown> {
  if (!pattern.includes('\\p{')) return fc.stringMatching(new RegExp(pattern))
  return examples.length === 0 ? fc.constant('0') : fc.constantFrom(...examples)
}

function objectOf ({ properties, required }: Members): Arbitrary<Record<string, unknown>> {
  const members = Object.fromEntries(Object.entries(toMembers(properties)).map(([name, schema]) => [name, valueOf(toMembers(schema))]))
  return fc.record(members, { requiredKeys: Array.isArray(required) ? required as string[] : [] })
}

/** Changes a body so that it is seldom valid: a member is dropped, added, or of another type. */
export function spoil (body: unknown): Arbitrary<unknown> {
  const members = toMembers(body)
  const names = Object.keys(members)
  const added = fc.string({ minLength: 1, maxLength: 10 }).map((name) => ({ ...members, [name]: 1 }))
  if (names.length === 0) return fc.oneof(added, fc.anything({ withNullPrototype: false }).map((value) => value ?? null))
  const name = fc.constantFrom(...names)
  return fc.oneof(
    added,
    name.map((dropped) => Object.fromEntries(Object.entries(members).filter(([other]) => other !== dropped))),
    fc.tuple(name, fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.string({ maxLength: 3000 }))).map(([changed, value]) => ({ ...members, [changed]: value }))
  )
}
