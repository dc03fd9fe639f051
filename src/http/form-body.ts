import type { FastifyInstance } from 'fastify'
import { ApiError } from './errors.ts'

/** Longest form: two tokens and a few names. */
const bodyLimit = 32_768

/**
 * Makes a scope accept forms (`application/x-www-form-urlencoded`) and no JSON, as OAuth has them (RFC 6749, §3.2): a parameter
 * without a value counts as omitted, and a repeated one is refused with `CHR_VALIDATION`.
 */
export function acceptForms (fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit }, async (_request: unknown, body: string) =>
    parseForm(body))
}

function parseForm (body: string): Record<string, string> {
  const parameters = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(body)) {
    // The message does not repeat the name, which may hold a token that was sent in the wrong place.
    if (parameters.has(name)) throw new ApiError('CHR_VALIDATION', { message: 'a parameter of the form is repeated' })
    parameters.set(name, value)
  }
  return Object.fromEntries(parameters.entries().filter(([, value]) => value !== ''))
}
