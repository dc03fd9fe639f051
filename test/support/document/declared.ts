import type { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { isLanguageTag } from '../../../src/domain/sms/language-choice.ts'
import { codesIn, responseFor, type Members, type Operation } from './operations.ts'

/** A response, as `inject` returns it. */
export interface Answer {
  statusCode: number
  headers: Readonly<Record<string, unknown>>
  body: string
}

/** Headers that every response may have: of HTTP itself, of security and of CORS. The document does not repeat them. */
const generalHeaders = /^(?:cache-control|content-(?:type|length|security-policy)|transfer-encoding|connection|keep-alive|date|vary|strict-transport-security|referrer-policy|origin-agent-cluster|x-(?:content-type-options|dns-prefetch-control|frame-options)|cross-origin-.*|access-control-.*)$/

const ajv = createAjv()

function createAjv (): Ajv {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addFormat('language-tag', isLanguageTag)
  ajv.addVocabulary(['example'])
  return ajv
}

/** Returns the `code` of an error response, or undefined for other bodies. */
export function codeOf (body: string): unknown {
  try {
    return (JSON.parse(body) as Partial<Members> | null)?.['code']
  } catch {
    return undefined
  }
}

/** Returns what the document says nothing about: a status or a code. It is cheap enough for every response of every test. */
export function findUndeclared (operation: Operation, { statusCode, body }: Omit<Answer, 'headers'>): string | undefined {
  const name = `${operation.method} ${operation.path} (${operation.operationId})`
  const response = responseFor(operation, statusCode)
  if (response === undefined) return `${name} does not declare ${statusCode} ${String(codeOf(body) ?? '')}`
  const code = statusCode >= 400 ? codeOf(body) : undefined
  const schema = response.content?.['application/json']?.schema
  const isKnown = code === undefined || (schema !== undefined && codesIn(schema)?.has(code))
  return isKnown ? undefined : `${name} does not declare ${statusCode} ${String(code)}`
}

/**
 * Compares a response with the document: status, code, content type, body, and headers beside the general ones. Members of the body
 * that the schema does not name are refused.
 * @throws {Error} with the operation, the status, the code, and what the document lacks
 */
export function assertDeclared (operation: Operation, answer: Answer): void {
  const { statusCode, headers, body } = answer
  const problems = [findUndeclared(operation, answer), ...findHeaders(operation, answer), findBody(operation, answer)].filter((problem) => problem !== undefined)
  if (problems.length === 0) return
  const code = String(codeOf(body) ?? '')
  const start = `${String(headers['content-type'] ?? 'no content type')}: ${body.slice(0, 300)}`
  throw new Error(`${operation.method} ${operation.path} (${operation.operationId}) answered ${statusCode} ${code}: ${problems.join('; ')}\n${start}`)
}

function findHeaders (operation: Operation, { statusCode, headers }: Answer): string[] {
  const declared = Object.entries(responseFor(operation, statusCode)?.headers ?? {}).map(([name, header]) => ({ name: name.toLowerCase(), ...header }))
  const added = Object.keys(headers).filter((name) => !generalHeaders.test(name) && !declared.some((header) => header.name === name))
  const missing = declared.filter(({ name, required = false }) => required && headers[name] === undefined)
  return [...added.map((name) => `the header ${name} is not declared`), ...missing.map(({ name }) => `the header ${name} is missing`)]
}

function findBody (operation: Operation, { statusCode, headers, body }: Answer): string | undefined {
  const content = responseFor(operation, statusCode)?.content
  if (content === undefined) return body === '' ? undefined : 'the document declares no body'
  const type = String(headers['content-type'] ?? '').split(';')[0] ?? ''
  const media = content[type]
  if (media === undefined) return `the content type ${type} is not declared`
  if (media.schema === undefined || type !== 'application/json') return undefined
  const validate = compile(media.schema)
  return validate(JSON.parse(body)) ? undefined : ajv.errorsText(validate.errors)
}

const validators = new WeakMap<Members, ReturnType<typeof ajv.compile>>()

/** Compiles a schema of a body once, so that it also refuses members that it does not name. */
function compile (schema: Members): ReturnType<typeof ajv.compile> {
  const known = validators.get(schema)
  if (known !== undefined) return known
  const validate = ajv.compile({ ...schema, unevaluatedProperties: false })
  validators.set(schema, validate)
  return validate
}
