import t from 'tap'
import { build, signUp } from '../support/helper.ts'

t.test('GET /protected lets a token in and says on what the answer depends', async (t) => {
  const app = await build(t)
  const { authorization } = await signUp(app)
  const response = await app.inject({ url: '/protected', headers: { authorization } })
  t.equal(response.statusCode, 200)
  t.same(response.json(), { data: 'Protected' })
  t.equal(response.headers.vary, 'Authorization')
  t.equal(response.headers['cache-control'], 'no-store')
})

t.test('GET /protected refuses the anonymous, and only then names the scheme', async (t) => {
  const app = await build(t)
  const response = await app.inject({ url: '/protected' })
  t.equal(response.statusCode, 401)
  t.match(response.json(), { code: 'CHR_UNAUTHENTICATED', error: /bearer token/ })
  t.equal(response.headers['www-authenticate'], 'Bearer')
  t.equal(response.headers.vary, 'Authorization')
})

t.test('HEAD /protected answers like GET, without a body', async (t) => {
  const app = await build(t)
  const { authorization } = await signUp(app)
  const response = await app.inject({ method: 'HEAD', url: '/protected', headers: { authorization } })
  t.equal(response.statusCode, 200)
  t.equal(response.body, '')
})
