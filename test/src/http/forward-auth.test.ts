import t from 'tap'
import { ApiError } from '../../../src/http/errors.ts'
import { createCookieRule } from '../../../src/http/forward-auth.ts'

const check = createCookieRule({
  baseUrl: 'https://example.com/login', corsOrigins: ['https://app.example', 'https://*.example.org', 'capacitor://localhost']
})

/** Other errors than the refusal with 401 fail the test. */
function isAccepted (method: string, headers: Record<string, string>): boolean {
  try {
    check({ method, headers })
    return true
  } catch (error) {
    if (error instanceof ApiError && error.code === 'CHR_UNAUTHENTICATED') return false
    throw error
  }
}

const tell = (method: string) => ({ 'x-original-method': method })
const own: Array<[string, Record<string, string>]> = [
  ['the same origin', { 'sec-fetch-site': 'same-origin' }],
  ['PUBLIC_URL', { origin: 'https://example.com' }],
  ['an origin of CORS_ORIGINS', { origin: 'https://app.example', 'sec-fetch-site': 'cross-site' }]
]
const foreign: Array<[string, Record<string, string>]> = [
  ['nowhere', {}],
  ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['the same site', { origin: 'https://shop.example.com', 'sec-fetch-site': 'same-site' }],
  ['a navigation', { 'sec-fetch-site': 'none' }],
  ['a sandbox', { origin: 'null' }],
  ['a wildcard of CORS_ORIGINS', { origin: 'https://a.example.org' }],
  ['the wildcard itself', { origin: 'https://*.example.org' }],
  ['an app shell', { origin: 'capacitor://localhost' }],
  ['PUBLIC_URL with its path', { origin: 'https://example.com/login' }]
]

t.test('a request with an Authorization header needs nothing else', async (t) => {
  for (const method of ['GET', 'POST']) t.ok(isAccepted(method, { authorization: 'Bearer x' }))
})

for (const [from, headers] of [...own, ...foreign]) {
  const isOwn = own.some(([title]) => title === from)
  t.test(`a cookie in a request from ${from}`, async (t) => {
    for (const name of ['x-original-method', 'x-forwarded-method']) {
      for (const method of ['GET', 'HEAD']) t.ok(isAccepted('GET', { ...headers, [name]: method }), `${method} is a read`)
      for (const method of ['POST', 'DELETE', 'PROPFIND', 'get', 'GET, POST', '']) {
        t.equal(isAccepted('GET', { ...headers, [name]: method }), isOwn, `${name}: ${method} is a write`)
      }
    }
    for (const method of ['POST', 'PUT', 'OPTIONS']) {
      t.equal(isAccepted(method, headers), isOwn, `${method} of Envoy is the original method`)
      t.equal(isAccepted(method, { ...headers, ...tell('GET') }), isOwn, `${method} is a write, whatever is told`)
    }
    for (const method of ['GET', 'HEAD']) t.notOk(isAccepted(method, headers), `${method} alone does not tell the original method`)
    t.equal(isAccepted('GET', { ...headers, ...tell('GET'), 'x-forwarded-method': 'POST' }), isOwn, 'each told method counts')
  })
}
