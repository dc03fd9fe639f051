type Members = Record<string, unknown>

/**
 * Adapts the generated OpenAPI document to client generators: an object schema with a title moves to `components` and is
 * named by it (`Code sent` becomes `CodeSent`), a response is described by the title of its schema, and a parameter with
 * a default is optional.
 *
 * `addSchema` and `$ref` would also share schemas, but then the TypeBox type provider no longer infers the types of
 * requests and replies from the schema of a route, and the other two changes would still need this step.
 * @throws {Error} if two different schemas have the same title
 */
export function tidyDocument (document: Members): Members {
  const schemas: Members = {}

  function share (schema: Members): Members {
    const { title } = schema
    if (typeof title !== 'string' || schema['properties'] === undefined) return schema
    const name = title.replaceAll(/ (\w)/g, (_match, letter: string) => letter.toUpperCase())
    const known = schemas[name]
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) throw new Error(`two schemas are called "${title}"`)
    schemas[name] = schema
    return { $ref: `#/components/schemas/${name}` }
  }

  function tidy (value: unknown): unknown {
    if (Array.isArray(value)) return value.map(tidy)
    if (!isMembers(value)) return value
    const described = describeResponse(relaxParameter(value))
    return share(Object.fromEntries(Object.entries(described).map(([name, inner]) => [name, tidy(inner)])))
  }

  const paths = tidy(document['paths'])
  return { ...document, paths, components: { ...toMembers(document['components']), schemas } }
}

function isMembers (value: unknown): value is Members {
  return typeof value === 'object' && value !== null
}

function toMembers (value: unknown): Members {
  return isMembers(value) ? value : {}
}

/** TypeBox marks a parameter with a default as required, for the inferred type; clients may omit it. */
function relaxParameter (value: Members): Members {
  return 'in' in value && toMembers(value['schema'])['default'] !== undefined ? { ...value, required: false } : value
}

/** Replaces the description that the generator writes for a schema without one. */
function describeResponse (value: Members): Members {
  if (value['description'] !== 'Default Response') return value
  const json = toMembers(toMembers(value['content'])['application/json'])
  return { ...value, description: toMembers(json['schema'])['title'] ?? 'Success' }
}
