import type { FastifySchema, RouteOptions } from 'fastify'
import type { Access } from '../http/access.ts'
import { catalogue, type ErrorCode } from '../http/errors.ts'
import { listFailureCodes } from './failure-codes.ts'
import { describeFailures } from './failure-responses.ts'
import { describeHeaders, type HeaderName } from './response-headers.ts'

declare module 'fastify' {
  interface FastifySchema {
    /**
     * Codes of the catalogue that the route answers beside those that follow from its access, parameters and method. The document lists
     * them; a test refuses answers that it does not list.
     */
    failures?: readonly ErrorCode[]
    /** Headers of the successful responses, by status. */
    responseHeaders?: Readonly<Record<number, readonly HeaderName[]>>
  }
}

/** Security requirements by access. The token is sent as a bearer or lives in a cookie; an empty requirement means that none is needed. */
const security: Partial<Record<Access, ReadonlyArray<Readonly<Record<string, string[]>>>>> = {
  user: [{ bearer: [] }, { cookie: [] }],
  'link or user': [{ bearer: [] }, { cookie: [] }, {}],
  'resource server': [{ basic: [] }]
}

/** Schemes of `security`, for `components` of the document. */
export const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', description: 'The token that `POST /verify` returns' },
  cookie: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-cheershare',
    description: 'The cookie that `POST /verify` sets with `"session": "cookie"`. Requests that change something must then come from a page of ' +
      'the service or of an exact origin in `CORS_ORIGINS`. Over plain HTTP on this machine it is called `cheershare_session`.'
  },
  basic: { type: 'http', scheme: 'basic', description: 'Name and secret of one of `RESOURCE_SERVERS`' }
} as const

/** Returns the schema of a route as the document shows it: with its security, its response headers and each of its error responses. */
export function documentRoute (schema: FastifySchema, route: RouteOptions): FastifySchema {
  const { failures, responseHeaders = {}, response, ...described } = schema
  const { config } = route
  const answers = Object.entries((response ?? {}) as Record<string, object>)
  const isFailure = ([status]: [string, object]) => Number(status) >= 400
  const successes = answers.filter((answer) => !isFailure(answer)).map(([status, body]) => {
    const names = responseHeaders[Number(status)]
    return [status, names === undefined ? body : { ...body, headers: describeHeaders(names) }] as const
  })
  const errors = describeFailures(sortByStatus(listFailureCodes({ ...route, schema })), {
    method: String(route.method), errorForm: config?.errorForm, bodies: Object.fromEntries(answers.filter(isFailure))
  })
  return {
    ...described,
    security: security[config?.access ?? 'anyone'] ?? [],
    response: { ...Object.fromEntries(successes), ...errors }
  }
}

function sortByStatus (codes: readonly ErrorCode[]): ErrorCode[] {
  return codes.toSorted((left, right) => catalogue[left].statusCode - catalogue[right].statusCode)
}
