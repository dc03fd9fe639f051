import { isMembers, type Members } from './members.ts'

/**
 * Composes an example of a value from the examples, constants and defaults in its schema. Returns `undefined` for a schema without
 * any, such as that of binary data, and leaves such properties out.
 */
export function composeExample (schema: unknown): unknown {
  if (!isMembers(schema)) return undefined
  const { examples, example, const: constant, enum: values, default: usual, properties, items, anyOf, allOf, type } = schema
  if (Array.isArray(examples)) return examples[0]
  for (const stated of [example, constant, usual]) if (stated !== undefined) return stated
  if (Array.isArray(values)) return values[0]
  if (isMembers(properties)) return composeObject(properties)
  if (items !== undefined) return [items].map(composeExample).filter((item) => item !== undefined)
  if (Array.isArray(anyOf)) return anyOf.map(composeExample).find((value) => value !== undefined)
  if (Array.isArray(allOf)) return Object.assign({}, ...allOf.map(composeExample)) as unknown
  if (type === 'boolean') return true
  return type === 'null' ? null : undefined
}

function composeObject (properties: Members): object | undefined {
  const members = Object.entries(properties).map(([name, schema]) => [name, composeExample(schema)] as const)
  const known = members.filter(([, value]) => value !== undefined)
  return known.length === 0 ? undefined : Object.fromEntries(known)
}
