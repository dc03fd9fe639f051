import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { createCreative, creativeForm, formOf, formType, pathOf } from '../../support/forms.ts'
import { build, signUp } from '../../support/helper.ts'

const origin = 'https://app.example'
const CORS_ORIGINS = `${origin}, http://localhost:3000`

async function preflight (app: FastifyInstance, from: string) {
  return await app.inject({
    method: 'OPTIONS',
    url: '/upload-creative',
    headers: { origin: from, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' }
  })
}

t.test('every response has headers that restrict browsers, varies by token and forbids caching', async (t) => {
  const app = await build(t)
  const { authorization } = await signUp(app)
  for (const url of ['/health/live', '/protected', '/nope', '/scheduled', '/metrics', '/dev/inbox.json']) {
    for (const headers of [{ authorization }, {}, { authorization: 'Bearer x' }]) {
      const answer = await app.inject({ url, headers })
      t.match(answer.headers, {
        'content-security-policy': "default-src 'none';frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        vary: 'Authorization'
      }, url)
      t.notOk(answer.headers['strict-transport-security'], 'HSTS is not sent without https')
      t.notOk(answer.headers['x-powered-by'])
    }
  }
})

t.test('images and pages have their own content security policy', async (t) => {
  const app = await build(t)
  const session = await signUp(app)
  const { creative_url: imageUrl } = await createCreative(app, session)
  const rows = [
    ['/docs/', /script|default-src 'self'/, 'same-origin'], ['/dev/inbox', /script-src 'sha256-/, 'same-origin'],
    [pathOf(imageUrl), /sandbox/, 'cross-origin']
  ] as const
  for (const [url, policy, resourcePolicy] of rows) {
    t.match(await app.inject({ url, headers: { host: 'localhost' } }), {
      statusCode: 200,
      headers: {
        'content-security-policy': policy,
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': resourcePolicy,
        'cross-origin-opener-policy': 'same-origin'
      }
    }, url)
  }
})

t.test('Strict-Transport-Security is sent only if PUBLIC_URL is https', async (t) => {
  const app = await build(t, { env: { PUBLIC_URL: 'https://cheershare.example' } })
  t.match((await app.inject({ url: '/health/live' })).headers['strict-transport-security'], /max-age=\d+/)
})

t.test('without CORS_ORIGINS no other origin is allowed', async (t) => {
  const app = await build(t)
  const { headers } = await app.inject({ url: '/health/live', headers: { origin } })
  t.notOk(headers['access-control-allow-origin'])
  t.notMatch(String(headers.vary), /origin/i)
  t.match(await preflight(app, origin), { statusCode: 405, headers: { 'access-control-allow-origin': undefined } })
})

t.test('CORS_ORIGINS allows the listed origins and no others', async (t) => {
  const app = await build(t, { env: { CORS_ORIGINS } })
  for (const listed of [origin, 'http://localhost:3000']) {
    const { headers } = await app.inject({ url: '/health/live', headers: { origin: listed } })
    t.equal(headers['access-control-allow-origin'], listed)
    t.equal(headers['access-control-allow-credentials'], 'true', 'pages of exact origins may use cookies')
  }
  const { creative_url: imageUrl } = await createCreative(app, await signUp(app))
  t.match((await app.inject({ url: pathOf(imageUrl) })).headers, {
    'cross-origin-resource-policy': 'cross-origin'
  }, 'pages of the listed origins may embed images')
  for (const other of [
    'https://evil.example', 'https://app.example.evil.example', 'http://app.example', 'https://app.example:8443', 'null'
  ]) {
    const { headers } = await app.inject({ url: '/health/live', headers: { origin: other } })
    t.notOk(headers['access-control-allow-origin'], other)
    t.match(headers.vary, /Origin/, 'a cache stores the response for this origin only')
  }
})

t.test('CORS_ORIGINS allows app shells, and subdomains by a wildcard', async (t) => {
  const shells = [
    'capacitor://localhost', 'ionic://localhost', 'http://tauri.localhost', 'chrome-extension://abcdefghijklmnopabcdefghijklmnop'
  ]
  const app = await build(t, { env: { CORS_ORIGINS: [...shells, 'https://*.example.com'].join() } })
  for (const allowed of [...shells, 'https://pr-7.preview.example.com']) {
    t.equal((await app.inject({ url: '/protected', headers: { origin: allowed } })).headers['access-control-allow-origin'], allowed)
    t.match(await preflight(app, allowed), { statusCode: 204, headers: { 'access-control-allow-origin': allowed } })
  }
  const others = [
    'https://evilexample.com', 'https://example.com', 'http://a.example.com', 'capacitor://evil', 'ionic://localhost:1', 'null', 'file://'
  ]
  for (const other of others) {
    t.notOk((await app.inject({ url: '/protected', headers: { origin: other } })).headers['access-control-allow-origin'], other)
  }
})

t.test('a preflight lists the allowed methods and headers and needs no token', async (t) => {
  const app = await build(t, { env: { CORS_ORIGINS } })
  const { statusCode, headers } = await preflight(app, origin)
  t.equal(statusCode, 204)
  t.match(headers, {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': /GET.*POST.*DELETE/,
    'access-control-allow-headers': /authorization.*content-type/,
    'access-control-max-age': '600'
  })
  t.notOk((await preflight(app, 'https://evil.example')).headers['access-control-allow-origin'])
})

t.test('a preflight allows the headers of tracing, upload widgets and CORS_HEADERS', async (t) => {
  const app = await build(t, { env: { CORS_ORIGINS, CORS_HEADERS: 'X-Tenant, x-app-version' } })
  const { headers } = await preflight(app, origin)
  const allowed = new Set(String(headers['access-control-allow-headers']).toLowerCase().split(/, */))
  for (const name of [
    'authorization', 'content-type', 'idempotency-key', 'if-match', 'if-none-match', 'if-range', 'range',
    'traceparent', 'tracestate', 'baggage', 'sentry-trace', 'b3', 'x-b3-traceid', 'x-datadog-trace-id', 'newrelic', 'uber-trace-id',
    'x-amzn-trace-id', 'x-request-id', 'x-correlation-id', 'request-id',
    'x-requested-with', 'x-csrf-token', 'x-csrftoken', 'x-xsrf-token', 'cache-control', 'pragma', 'accept',
    'content-disposition', 'content-range', 'upload-length', 'upload-offset', 'tus-resumable', 'x-file-name',
    'x-tenant', 'x-app-version'
  ]) t.ok(allowed.has(name), name)
  t.notOk(allowed.has('x-other'))
})

t.test('Vary names Origin and Authorization on successes and on errors', async (t) => {
  const app = await build(t, { env: { CORS_ORIGINS } })
  const { authorization } = await signUp(app)
  for (const headers of [{ origin, authorization }, { origin }, { authorization }, { origin, authorization: 'Bearer x' }]) {
    const { statusCode, headers: { vary } } = await app.inject({ url: '/protected', headers })
    const expected = [...statusCode === 401 ? ['Accept-Language'] : [], 'Authorization', 'Cookie', 'Origin']
    t.same(String(vary).split(/, */).sort(), expected, JSON.stringify(Object.keys(headers)))
  }
})

t.test('a page of a listed origin can read error responses', async (t) => {
  const app = await build(t, { env: { CORS_ORIGINS } })
  const { authorization } = await signUp(app)
  const upload = await app.inject({
    method: 'POST',
    url: '/upload-creative',
    headers: { origin, authorization, 'content-type': formType },
    payload: formOf(creativeForm({ date: 'tomorrow' }))
  })
  const answers = [upload, await app.inject({
    url: '/protected', headers: { origin }
  }), await app.inject({ url: '/nope', headers: { origin } })]
  for (const { headers, statusCode } of answers) {
    t.ok(statusCode >= 400)
    t.equal(headers['access-control-allow-origin'], origin)
    t.match(headers['access-control-expose-headers'], /retry-after/)
  }
})
