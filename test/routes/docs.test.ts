import t from 'tap'
import { build } from '../helper.ts'

interface Operation {
  operationId?: string
  summary?: string
  tags?: string[]
  security?: unknown[]
  requestBody?: { content: Record<string, unknown> }
  responses: Record<string, { description?: string, content?: Record<string, unknown> }>
}
interface Document {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { securitySchemes: Record<string, unknown> }
}

const app = await build(t)
const document = (await app.inject({ url: '/docs/json' })).json<Document>()
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, ...operation })))

t.test('the OpenAPI document is what clients were promised', async (t) => {
  t.matchSnapshot(JSON.stringify(document, null, 2))
})

/** Where they are not 200 alone. */
const successes: Record<string, string[]> = { 'PATCH /me': ['200', '409'], 'POST /webhooks/twilio/status': ['204'] }

t.test('every route is documented, with its success, its refusals and its failures', async (t) => {
  t.same(operations.map(({ name }) => name).sort(), [
    'DELETE /me', 'DELETE /me/phone-number/pending', 'DELETE /sessions', 'DELETE /sessions/{id}', 'GET /creatives/{id}/image', 'GET /deliveries/{id}', 'GET /dev/inbox',
    'GET /dev/inbox.json', 'GET /health/live', 'GET /health/ready', 'GET /me', 'GET /me/export', 'GET /metrics', 'GET /protected', 'GET /scheduled',
    'GET /sessions', 'PATCH /me', 'POST /login', 'POST /logout', 'POST /me/phone-number', 'POST /me/phone-number/verify', 'POST /signup',
    'POST /upload-creative', 'POST /verify', 'POST /webhooks/twilio/status'
  ])
  for (const { name, responses, operationId, summary, tags } of operations) {
    t.same(Object.keys(responses), [...successes[name] ?? ['200'], '4XX', '5XX'], name)
    for (const [status, { content }] of Object.entries(responses)) t.equal(content === undefined, status === '204', `${name} ${status}`)
    t.ok(operationId && summary && tags?.length === 1, name)
  }
  t.equal(new Set(operations.map(({ operationId }) => operationId)).size, operations.length)
})

t.test('routes that need a token say so, by a bearer scheme', async (t) => {
  t.match(document, { openapi: '3.1.0', components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } } })
  const needing = operations.filter(({ security }) => security !== undefined)
  t.same(needing.map(({ name, security }) => [name, security]).sort(), [
    ['DELETE /me', [{ bearer: [] }]],
    ['DELETE /me/phone-number/pending', [{ bearer: [] }]],
    ['DELETE /sessions', [{ bearer: [] }]],
    ['DELETE /sessions/{id}', [{ bearer: [] }]],
    ['GET /creatives/{id}/image', [{ bearer: [] }, {}]],
    ['GET /me', [{ bearer: [] }]],
    ['GET /me/export', [{ bearer: [] }]],
    ['GET /protected', [{ bearer: [] }]],
    ['GET /scheduled', [{ bearer: [] }]],
    ['GET /sessions', [{ bearer: [] }]],
    ['PATCH /me', [{ bearer: [] }]],
    ['POST /logout', [{ bearer: [] }]],
    ['POST /me/phone-number', [{ bearer: [] }]],
    ['POST /me/phone-number/verify', [{ bearer: [] }]],
    ['POST /upload-creative', [{ bearer: [] }]]
  ])
})

t.test('the upload is documented as a form with a file', async (t) => {
  t.match(document.paths['/upload-creative']?.['post']?.requestBody, {
    content: { 'multipart/form-data': { schema: { properties: { file: { format: 'binary' } }, required: ['file', 'scheduled_at'] } } }
  })
})

t.test('Swagger UI loads whole, and its own policy lets it', async (t) => {
  const page = await app.inject({ url: '/docs' })
  t.equal(page.statusCode, 200)
  t.match(page.headers['content-type'], /^text\/html/)
  const policy = String(page.headers['content-security-policy'])
  t.match(policy, /default-src 'self'/)
  t.notMatch(policy, /upgrade-insecure-requests/, 'the page also works over plain HTTP')
  t.notMatch(policy, /script-src [^;]*'unsafe/)
  const references = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, reference]) => reference ?? '')
  t.ok(references.length >= 5)
  for (const reference of references) {
    const url = new URL(reference, 'http://localhost/docs/')
    t.equal(url.host, 'localhost', `${reference} comes from here`)
    t.equal((await app.inject({ url: url.pathname })).statusCode, 200, url.pathname)
  }
  t.notMatch(page.body, /<script>|<style>|\son\w+=/, 'nothing is inline that the policy would stop')
})

t.test('the policy of the pages is not that of the rest', async (t) => {
  const { headers } = await app.inject({ url: '/docs/json' })
  const { headers: api } = await app.inject({ url: '/health/live' })
  t.equal(api['content-security-policy'], "default-src 'none';frame-ancestors 'none'")
  t.match(headers['content-type'], /json/)
})
