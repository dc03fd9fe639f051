import { readFileSync } from 'node:fs'
import path from 'node:path'

export interface Members { [name: string]: unknown }

/** A response of the document, with its references resolved. */
export interface DeclaredResponse {
  headers?: Record<string, { required?: boolean }>
  /** Schemas by content type; without it the response has no body. */
  content?: Record<string, { schema?: Members }>
}

export interface Parameter { in: 'path' | 'query' | 'header', name: string, required?: boolean, schema: Members }

/** An operation of the document, with its references resolved. */
export interface Operation {
  operationId: string
  /** Method in capitals. */
  method: string
  /** Path with its parameters in braces. */
  path: string
  parameters: Parameter[]
  requestBody?: { required?: boolean, content: Record<string, { schema: Members, example?: unknown }> }
  /** By status, range of statuses (`4XX`) or `default`. */
  responses: Record<string, DeclaredResponse>
}

const committed = path.resolve(import.meta.dirname, '../../../docs/openapi.json')

export const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value)
export const toMembers = (value: unknown): Members => isMembers(value) ? value : {}

/** Replaces each local reference by what it points to. The document has no schema that contains itself. */
function resolveReferences (value: unknown, document: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveReferences(item, document))
  if (!isMembers(value)) return value
  const { $ref: reference } = value
  if (typeof reference === 'string') {
    const target = reference.split('/').slice(1).reduce((inner: unknown, name) => toMembers(inner)[name], document)
    if (target === undefined) throw new Error(`the document has no ${reference}`)
    return resolveReferences(target, document)
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolveReferences(inner, document)]))
}

/** Reads the committed document, which a test compares with the routes. */
export function readOperations (): Operation[] {
  const document = JSON.parse(readFileSync(committed, 'utf8')) as { paths: Record<string, Record<string, unknown>> }
  return Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => {
    const resolved = resolveReferences(operation, document) as Omit<Operation, 'method' | 'path' | 'parameters'> & { parameters?: Parameter[] }
    return { parameters: [], ...resolved, method: method.toUpperCase(), path }
  }))
}

/** Returns the response that the operation declares for a status: the exact one, then the range, then the default. */
export function responseFor ({ responses }: Operation, status: number): DeclaredResponse | undefined {
  return responses[String(status)] ?? responses[`${Math.floor(status / 100)}XX`] ?? responses['default']
}

/**
 * Returns the values that a schema names for the member `code` of a body, or undefined if it names none. Of schemas that all apply, a code
 * must be named by each that names codes; an open alternative beside named ones adds none.
 */
export function codesIn (schema: Members): Set<unknown> | undefined {
  const code = toMembers(toMembers(schema['properties'])['code'])
  const sets = [valuesOf(code), ...listOf(schema['allOf']).map(codesIn)].filter((set) => set !== undefined)
  const alternatives = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])].flatMap((alternative) => [...codesIn(alternative) ?? []])
  const all = alternatives.length === 0 ? sets : [...sets, new Set(alternatives)]
  return all.length === 0 ? undefined : all.reduce((left, right) => left.intersection(right))
}

function valuesOf (schema: Members): Set<unknown> | undefined {
  const alternatives = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])].flatMap((alternative) => [...valuesOf(alternative) ?? []])
  const values = [...alternatives, ...Array.isArray(schema['enum']) ? schema['enum'] as unknown[] : [], ...'const' in schema ? [schema['const']] : []]
  return values.length === 0 ? undefined : new Set(values)
}

const listOf = (value: unknown): Members[] => Array.isArray(value) ? value.filter(isMembers) : []
