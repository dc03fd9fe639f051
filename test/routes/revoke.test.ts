import t from 'tap'
import { build, signUp } from '../support/helper.ts'
import { getJwt } from '../support/jwts.ts'
import { postForm } from '../support/oauth.ts'

const app = await build(t)
const check = async (authorization: string) => (await app.inject({ url: '/protected', headers: { authorization } })).statusCode

t.test('POST /revoke ends the session of a token, and no other', async (t) => {
  const first = await signUp(app)
  const second = await signUp(app, { phone: first.phone, count: 2 })
  for (let times = 0; times < 2; times++) {
    const response = await app.inject({
      method: 'POST', url: '/revoke', headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: `token=${first.token}`
    })
    t.equal(response.statusCode, 200)
    t.equal(response.body, '')
    t.equal(response.headers['cache-control'], 'no-store')
  }
  t.equal(await check(first.authorization), 401)
  t.equal(await check(second.authorization), 200)
})

t.test('POST /revoke answers 200 for unknown tokens', async (t) => {
  for (const token of ['x', 'A'.repeat(26), 'a.b', 'é']) t.equal((await postForm(app, '/revoke', { token })).status, 200, token)
})

t.test('POST /revoke refuses a JWT, whose session stays', async (t) => {
  const { token, authorization } = await signUp(app)
  for (const jwt of [await getJwt(app, token), 'e30.e30.e30']) {
    const { status, body } = await postForm(app, '/revoke', { token: jwt })
    t.equal(status, 400)
    t.match(body, { error: 'unsupported_token_type', code: 'CHR_TOKEN_TYPE_UNSUPPORTED' })
  }
  t.equal(await check(authorization), 200)
})

t.test('concurrent revocations of one token all answer 200', async (t) => {
  const { token, authorization } = await signUp(app)
  const replies = await Promise.all(Array.from({ length: 10 }, async () => await postForm(app, '/revoke', { token })))
  t.same(new Set(replies.map(({ status }) => status)), new Set([200]))
  t.equal(await check(authorization), 401)
})
