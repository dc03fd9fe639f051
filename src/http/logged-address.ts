import type { FastifyRequest } from 'fastify'

/** Longest address that is logged. */
const maximumLength = 100
/** A segment that is longer than the words of addresses, or has a digit, may hold an id, a number or a key. */
const plainSegment = /^[A-Za-z._-]{0,24}$/

/**
 * Returns the method and the template of the address of a request, such as `/creatives/:id`, for the log. For an unknown address it is
 * the path without its query, in which `*` stands for each part that may be secret. The query can hold a signature or a key.
 */
export function describeAddress (request: FastifyRequest): { method: string, route: string } {
  return { method: request.method, route: request.routeOptions.url ?? hideSecrets(request.url) }
}

function hideSecrets (url: string): string {
  const path = url.slice(0, 10 * maximumLength).replace(/[?#;].*$/s, '')
  return path.split('/').map((segment) => plainSegment.test(segment) ? segment : '*').join('/').slice(0, maximumLength)
}
