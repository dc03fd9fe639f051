import t from 'tap'
import { build, signUp } from '../support/helper.ts'

t.test('GET /protected accepts a token and varies by Authorization and Cookie', async (t) => {
  const app = await build(t)
  const { authorization } = await signUp(app)
  const response = await app.inject({ url: '/protected', headers: { authorization } })
  t.equal(response.statusCode, 200)
  t.same(response.json(), { data: 'Protected' })
  t.equal(response.headers.vary, 'Authorization, Cookie')
  t.equal(response.headers['cache-control'], 'no-store')
})

t.test('GET /protected answers 401 without a token and names the scheme in WWW-Authenticate', async (t) => {
  const app = await build(t)
  const response = await app.inject({ url: '/protected' })
  t.equal(response.statusCode, 401)
  t.match(response.json(), { code: 'CHR_UNAUTHENTICATED', error: /bearer token/ })
  t.equal(response.headers['www-authenticate'], 'Bearer')
  t.equal(response.headers.vary, 'Authorization, Cookie, Accept-Language')
})

t.test('HEAD /protected answers like GET, without a body', async (t) => {
  const app = await build(t)
  const { authorization } = await signUp(app)
  const response = await app.inject({ method: 'HEAD', url: '/protected', headers: { authorization } })
  t.equal(response.statusCode, 200)
  t.equal(response.body, '')
})
