import type { RouteOptions } from 'fastify'
import t from 'tap'
import { documentRoute } from '../../../src/openapi/document-route.ts'

/** Returns what the document shows of a route. */
function documented (route: Partial<RouteOptions>): { security: object[], response: Record<string, { headers?: object }>, failures?: unknown } {
  return documentRoute(route.schema ?? {}, { method: 'GET', url: '/', handler () {}, ...route }) as ReturnType<typeof documented>
}

t.test('a route that states nothing has the general failures, and needs no authentication', async (t) => {
  const { security, response } = documented({})
  t.same(security, [])
  t.same(Object.keys(response), ['400', '431', '500', '503'])
})

t.test('security and codes follow from the access', async (t) => {
  const cases = {
    anyone: [[], []],
    user: [[{ bearer: [] }, { cookie: [] }], ['401']],
    'link or user': [[{ bearer: [] }, { cookie: [] }, {}], ['401']],
    'resource server': [[{ basic: [] }], ['401']],
    'provider signature': [[], ['403']],
    'this machine': [[], ['404']],
    operator: [[], []],
    'secret address': [[], []]
  } as const
  for (const [access, [security, statuses]] of Object.entries(cases)) {
    const found = documented({ config: { access: access as keyof typeof cases } })
    t.same(found.security, security, access)
    t.same(Object.keys(found.response).filter((status) => !['400', '431', '500', '503'].includes(status)), statuses, access)
  }
})

t.test('a user who changes something with a cookie needs an own origin', async (t) => {
  for (const [method, expected] of [['GET', false], ['DELETE', true], [['POST', 'PUT'], true]] as const) {
    const { response } = documented({ method: method as 'GET', config: { access: 'user' } })
    t.equal('403' in response, expected, String(method))
  }
})

t.test('successful responses have the headers that the route names, and failures their own', async (t) => {
  const { response, failures } = documented({
    method: 'POST', schema: { response: { 200: { description: 'Changed' }, 204: {} }, responseHeaders: { 200: ['ETag'] }, failures: ['CHR_RATE_LIMITED'] }
  })
  t.match(response, { 200: { description: 'Changed', headers: { ETag: { type: 'string' } } }, 429: { headers: { 'Retry-After': {} } }, 415: { headers: { 'Accept-Post': {} } } })
  t.same(response['204'], {})
  t.equal(failures, undefined, 'the generator does not see what it does not know')
})
