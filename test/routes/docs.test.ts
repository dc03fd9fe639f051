import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import openapiTypes, { astToString } from 'openapi-typescript'
import t from 'tap'
import { build } from '../support/helper.ts'

interface Operation {
  operationId?: string
  summary?: string
  description?: string
  tags?: string[]
  security?: unknown[]
  requestBody?: { content: Record<string, unknown> }
  responses: Record<string, { description?: string, content?: Record<string, unknown> }>
}
interface Document {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { securitySchemes: Record<string, unknown>, schemas: Record<string, object> }
}

const app = await build(t)
const document = (await app.inject({ url: '/docs/json' })).json<Document>()
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, ...operation })))

const root = path.resolve(import.meta.dirname, '../..')

t.test('the committed document and the types of the client are up to date', async (t) => {
  const generated = {
    'docs/openapi.json': `${JSON.stringify(document, null, 2)}\n`,
    'src/client/api.ts': `// \`npm run openapi\` writes this file from the OpenAPI document.\n\n${astToString(await openapiTypes(JSON.stringify(document)))}`
  }
  for (const [file, text] of Object.entries(generated)) {
    if (process.env['UPDATE_OPENAPI'] === 'on') await writeFile(path.join(root, file), text)
    t.ok(await readFile(path.join(root, file), 'utf8') === text, `${file} is up to date: npm run openapi writes it`)
  }
})

t.test('every route documents its successful responses', async (t) => {
  t.same(operations.map(({ name }) => name).sort(), [
    'DELETE /creatives/{id}', 'DELETE /me', 'DELETE /me/calendar-feed', 'DELETE /me/phone-number/pending',
    'DELETE /sessions', 'DELETE /sessions/{id}',
    'GET /.well-known/jwks.json', 'GET /.well-known/oauth-authorization-server', 'GET /calendar.ics', 'GET /creatives', 'GET /creatives/deleted', 'GET /creatives/{id}', 'GET /creatives/{id}/image', 'GET /deliveries/{id}',
    'GET /dev/inbox', 'GET /dev/inbox.json', 'GET /forward-auth',
    'GET /health/live', 'GET /health/ready', 'GET /me', 'GET /me/calendar-feed', 'GET /me/export', 'GET /metrics',
    'GET /protected', 'GET /scheduled',
    'GET /sessions', 'PATCH /creatives/{id}', 'PATCH /me', 'POST /creatives/{id}/restore', 'POST /introspect', 'POST /login', 'POST /logout',
    'POST /me/calendar-feed',
    'POST /me/phone-number', 'POST /me/phone-number/verify', 'POST /revoke', 'POST /signup', 'POST /token', 'POST /upload-creative', 'POST /verify',
    'POST /webhooks/twilio/status',
    'PUT /creatives/{id}/image'
  ])
  const statuses: Record<string, string[]> = {
    'GET /creatives/{id}/image': ['200', '206', '304'],
    'GET /.well-known/jwks.json': ['200', '304'],
    'GET /calendar.ics': ['200', '304'],
    'DELETE /me/calendar-feed': ['204'],
    'DELETE /creatives/{id}': ['204'],
    'GET /forward-auth': ['204'],
    'POST /webhooks/twilio/status': ['204']
  }
  for (const { name, responses, operationId, summary, description, tags } of operations) {
    t.same(Object.keys(responses).filter((status) => Number(status) < 400), statuses[name] ?? ['200'], name)
    for (const [status, { content, description }] of Object.entries(responses)) {
      t.ok(Number(status) < 400 ? ['204', '304'].includes(status) || name === 'POST /revoke' || content : true, `${name} ${status}`)
      t.ok(description !== 'Success', `${name} ${status} is described`)
    }
    t.ok(operationId && summary && description && tags?.length === 1, name)
  }
  t.equal(new Set(operations.map(({ operationId }) => operationId)).size, operations.length)
})

t.test('the steps of a login come first, in their order', async (t) => {
  t.same(Object.keys(document.paths).slice(0, 3), ['/signup', '/login', '/verify'])
})

t.test('each operation states which authentication it needs', async (t) => {
  t.match(document, {
    openapi: '3.1.0',
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' }, basic: { type: 'http', scheme: 'basic' }, cookie: { type: 'apiKey', in: 'cookie', name: '__Host-cheershare' }
      }
    }
  })
  const open = operations.filter(({ security }) => security?.length === 0).map(({ name }) => name)
  t.same(open.sort(), [
    'GET /.well-known/jwks.json', 'GET /.well-known/oauth-authorization-server', 'GET /calendar.ics', 'GET /deliveries/{id}', 'GET /dev/inbox', 'GET /dev/inbox.json', 'GET /health/live',
    'GET /health/ready', 'GET /metrics', 'POST /login',
    'POST /revoke', 'POST /signup', 'POST /token', 'POST /verify', 'POST /webhooks/twilio/status'
  ])
  const user = [{ bearer: [] }, { cookie: [] }]
  for (const { name, security } of operations.filter(({ name }) => !open.includes(name))) {
    const others: Record<string, object[]> = { 'GET /creatives/{id}/image': [...user, {}], 'POST /introspect': [{ basic: [] }] }
    t.same(security, others[name] ?? user, name)
  }
})

t.test('the upload is documented as a form with a file', async (t) => {
  t.match(document.paths['/upload-creative']?.['post']?.requestBody, {
    content: { 'multipart/form-data': { schema: { $ref: '#/components/schemas/UploadForm' } } }
  })
  t.match(document.components.schemas['UploadForm'], { properties: { file: { format: 'binary' } }, required: ['file'] })
})

t.test('Swagger UI loads all its files under its own content security policy', async (t) => {
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
    const url = new URL(reference, 'http://localhost/docs')
    t.equal(url.host, 'localhost', `${reference} is served by this service`)
    t.equal((await app.inject({ url: url.pathname })).statusCode, 200, url.pathname)
  }
  t.notMatch(page.body, /<script>|<style>|\son\w+=/, 'the page has no inline script or style, which the policy would block')
})

t.test('the content security policy of the pages does not apply to other routes', async (t) => {
  const { headers } = await app.inject({ url: '/docs/json' })
  const { headers: api } = await app.inject({ url: '/health/live' })
  t.equal(api['content-security-policy'], "default-src 'none';frame-ancestors 'none'")
  t.match(headers['content-type'], /json/)
})
