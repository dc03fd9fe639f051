import Fastify from 'fastify'
import t from 'tap'
import { createSessionCookie, trustedOrigins } from '../../../src/http/session-cookie.ts'

const token = 'ABCDEFGHIJKLMNOPQRSTUVWXY2'
const other = 'BBCDEFGHIJKLMNOPQRSTUVWXY2'
const https = createSessionCookie({ baseUrl: 'https://example.com/login', corsOrigins: ['https://app.example.com', 'https://*.example.org', 'capacitor://localhost'] })
const http = createSessionCookie({ baseUrl: 'http://127.0.0.1:4000', corsOrigins: [] })

t.test('the token of a cookie is read by its exact name, and two tokens count as none', async (t) => {
  const cases: Array<[string | undefined, string | undefined]> = [
    [`__Host-cheershare=${token}`, token],
    [`a=b; __Host-cheershare=${token}; c=d`, token],
    [`a=b;__Host-cheershare="${token}"`, token],
    [`__Host-cheershare=${token}; __Host-cheershare=${token}`, token],
    [`__Host-cheershare=${token}; __Host-cheershare=${other}`, undefined],
    [`x__Host-cheershare=${token}`, undefined],
    [`cheershare_session=${token}`, undefined],
    [`__Host-cheershare=${token}A`, undefined],
    [`__Host-cheershare=${token.toLowerCase()}`, undefined],
    ['__Host-cheershare=', undefined],
    ['', undefined],
    [undefined, undefined]
  ]
  for (const [cookie, expected] of cases) t.equal(https.read({ headers: cookie === undefined ? {} : { cookie } }), expected, String(cookie))
  t.equal(http.read({ headers: { cookie: `cheershare_session=${token}` } }), token)
})

t.test('the attributes follow the scheme of PUBLIC_URL', async (t) => {
  const app = Fastify()
  t.teardown(async () => { await app.close() })
  app.get('/https', async (_request, reply) => { https.set(reply, token, 90_500, 500) })
  app.get('/http', async (_request, reply) => { http.set(reply, token, 0, 500) })
  app.get('/clear', async (_request, reply) => { https.clear(reply) })
  const cookieAt = async (url: string) => (await app.inject(url)).headers['set-cookie']
  t.equal(await cookieAt('/https'), `__Host-cheershare=${token}; Max-Age=90; Path=/; HttpOnly; SameSite=Lax; Secure`)
  t.equal(await cookieAt('/http'), `cheershare_session=${token}; Max-Age=0; Path=/; HttpOnly; SameSite=Lax`)
  t.equal(await cookieAt('/clear'), '__Host-cheershare=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure')
})

t.test('a request must come from a page of the service or of an exact origin', async (t) => {
  const allowed = [
    { 'sec-fetch-site': 'same-origin' }, { origin: 'https://example.com' }, { origin: 'https://app.example.com' },
    { origin: 'https://app.example.com', 'sec-fetch-site': 'same-site' }
  ]
  for (const headers of allowed) t.doesNotThrow(() => { https.requireOwnOrigin({ headers }) }, JSON.stringify(headers))
  const refused = [
    {}, { origin: 'null' }, { origin: 'https://evil.example' }, { origin: 'https://a.example.org' }, { origin: 'capacitor://localhost' },
    { origin: 'http://example.com' }, { origin: 'https://example.com:8443' }, { origin: 'HTTPS://EXAMPLE.COM' }, { origin: 'https://example.com.evil.example' },
    { 'sec-fetch-site': 'same-site' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'none' }
  ]
  for (const headers of refused) {
    t.throws(() => { https.requireOwnOrigin({ headers }) }, { code: 'CHR_ORIGIN_REFUSED', statusCode: 403 }, JSON.stringify(headers))
  }
  t.same([...trustedOrigins({ baseUrl: 'http://localhost:4000/x', corsOrigins: ['http://localhost:5173', 'file://'] })], ['http://localhost:4000', 'http://localhost:5173'])
})

t.test('plain HTTP is allowed on this machine only', async (t) => {
  const check = (baseUrl: string) => () => { createSessionCookie({ baseUrl, corsOrigins: [] }).requireSecureAddress() }
  for (const url of ['https://example.com', 'http://127.0.0.1:4000', 'http://localhost:1', 'http://[::1]:4000']) t.doesNotThrow(check(url), url)
  for (const url of ['http://example.com', 'http://192.168.1.5:4000']) t.throws(check(url), { code: 'CHR_VALIDATION', message: /plain HTTP/ }, url)
})
