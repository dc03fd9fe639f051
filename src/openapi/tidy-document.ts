import { composeExample } from './example.ts'
import { isMembers, toMembers, type Members } from './members.ts'
import { shareFailures } from './share-failures.ts'

/**
 * Adapts the generated OpenAPI document to client generators: an object schema with a title moves to `components` and is
 * named by it (`Code sent` becomes `CodeSent`), as does an error response that several operations have, named by its codes; a response
 * is described by the title of its schema, a body without an example gets one, and a parameter with a default is optional.
 *
 * `addSchema` and `$ref` would also share schemas, but then the TypeBox type provider no longer infers the types of
 * requests and replies from the schema of a route, and the other changes would still need this step.
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
    const described = addExample(describeResponse(relaxParameter(value)))
    return share(Object.fromEntries(Object.entries(described).map(([name, inner]) => [name, tidy(inner)])))
  }

  const { paths, responses } = shareFailures(toMembers(tidy(document['paths'])))
  return { ...document, paths: sortPaths(paths), components: { ...toMembers(document['components']), schemas, responses } }
}

/** The steps of a login in their order. Routes are registered by the alphabet, in which the first step of a login comes last. */
const firstPaths = ['/signup', '/login', '/verify']

function sortPaths (paths: Members): Members {
  const rank = (path: string) => firstPaths.includes(path) ? firstPaths.indexOf(path) : firstPaths.length
  return Object.fromEntries(Object.entries(paths).toSorted(([left], [right]) => rank(left) - rank(right)))
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

/** Adds an example to the content of a body. Parameters and headers have a schema too, with an example of its own. */
function addExample (value: Members): Members {
  const isContent = 'schema' in value && !['in', 'description', 'example', 'examples'].some((name) => name in value)
  const example = isContent ? composeExample(value['schema']) : undefined
  return example === undefined || !isComplete(example, value['schema']) ? value : { ...value, example }
}

/** False for the example of a form with a file, which is no text. */
function isComplete (example: unknown, schema: unknown): boolean {
  const { required = [] } = toMembers(schema)
  return (required as string[]).every((name) => name in toMembers(example))
}
