type Members = Record<string, unknown>

/**
 * The OpenAPI document as authors of clients want it: an object schema with a title stands once, under `components`,
 * and is named by it (`Code sent` becomes `CodeSent`); an answer is described by the title of its schema; and what has
 * a default need not be sent.
 * @throws where two schemas that differ have one title
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
    const described = describeAnswer(relaxParameter(value))
    return share(Object.fromEntries(Object.entries(described).map(([name, inner]) => [name, tidy(inner)])))
  }

  const paths = tidy(document['paths'])
  return { ...document, paths, components: { ...membersOf(document['components']), schemas } }
}

function isMembers (value: unknown): value is Members {
  return typeof value === 'object' && value !== null
}

function membersOf (value: unknown): Members {
  return isMembers(value) ? value : {}
}

/** A schema with a default is "required" to the type checker alone. */
function relaxParameter (value: Members): Members {
  return 'in' in value && membersOf(value['schema'])['default'] !== undefined ? { ...value, required: false } : value
}

/** What the generator writes where a schema has no description of its own. */
function describeAnswer (value: Members): Members {
  if (value['description'] !== 'Default Response') return value
  const json = membersOf(membersOf(value['content'])['application/json'])
  return { ...value, description: membersOf(json['schema'])['title'] ?? 'Success' }
}
