import t from 'tap'
import { build, createClock, signUp } from '../support/helper.ts'
import { getJwt } from '../support/jwts.ts'
import { basicCredentials, postForm } from '../support/oauth.ts'

const orders = 'https://orders.example.com'
/** The characters that a form encodes. */
const secret = 'a+b%20c/d=e&f?g;h!ijklmnopqrstuvw'
const other = 'x'.repeat(32)
const env = { JWT_AUDIENCES: `${orders},payments`, PUBLIC_URL: 'https://login.example.com', RESOURCE_SERVERS: `orders:${secret}:${orders},pay.1:${other}:payments,self:${other}:https://login.example.com` }
const app = await build(t, { env })
const asOrders = { authorization: basicCredentials('orders', secret) }
const introspect = async (token: string, headers: Record<string, string> = asOrders) => (await postForm(app, '/introspect', { token }, headers)).body

t.test('the token of a session is active for every resource server', async (t) => {
  const { token, userId, authorization } = await signUp(app)
  const { sessions: [session] } = (await app.inject({ url: '/sessions', headers: { authorization } })).json<{
    sessions: [{ id: number, created_at: string, expires_at: string }]
  }>()
  const started = Date.parse(session.created_at) / 1000
  const { status, body, headers } = await postForm(app, '/introspect', { token, token_type_hint: 'access_token' }, asOrders)
  t.equal(status, 200)
  t.equal(headers['cache-control'], 'no-store')
  t.same(body, {
    active: true,
    iss: 'https://login.example.com',
    sub: String(userId),
    aud: 'https://login.example.com',
    exp: Date.parse(session.expires_at) / 1000,
    iat: started,
    sid: String(session.id),
    auth_time: started,
    amr: ['sms'],
    client_id: 'cheershare',
    token_type: 'Bearer',
    is_test: false
  })
  t.same(await introspect(token, { authorization: basicCredentials('pay.1', other) }), body)
  t.same(await introspect(token), body, 'also from the cache')
})

t.test('a JWT is active for the server of its audience alone', async (t) => {
  const { token, userId } = await signUp(app)
  const audiences = { orders, 'pay.1': 'payments', self: 'https://login.example.com' }
  for (const [name, audience] of Object.entries(audiences)) {
    const jwt = await getJwt(app, token, audience)
    for (const caller of Object.keys(audiences)) {
      const found = await introspect(jwt, { authorization: basicCredentials(caller, caller === 'orders' ? secret : other) })
      if (caller !== name) t.same(found, { active: false }, `${audience} for ${caller}`)
      else t.match(found, { active: true, aud: audience, sub: String(userId), jti: /./, sid: /^\d+$/, token_type: 'Bearer', is_test: false })
    }
  }
})

t.test('everything else is inactive', async (t) => {
  const { token } = await signUp(app)
  const jwt = await getJwt(app, token, orders)
  for (const text of ['x', 'A'.repeat(26), token.toLowerCase(), `${token}A`, `${jwt}x`, 'e30.e30.e30', 'é', jwt.replace(/\.[^.]+$/, '.AAAA')]) {
    t.same(await introspect(text), { active: false }, text)
  }
})

t.test('a session that has ended is inactive at once, with its JWTs', async (t) => {
  const endings: Record<string, (session: { authorization: string, token: string }) => Promise<unknown>> = {
    logout: async ({ authorization }) => await app.inject({ method: 'POST', url: '/logout', headers: { authorization } }),
    'all sessions': async ({ authorization }) => await app.inject({ method: 'DELETE', url: '/sessions?all=true', headers: { authorization } }),
    revocation: async ({ token }) => await postForm(app, '/revoke', { token })
  }
  for (const [title, end] of Object.entries(endings)) {
    const session = await signUp(app)
    const jwt = await getJwt(app, session.token, orders)
    t.match(await introspect(jwt), { active: true }, title)
    await end(session)
    t.same([await introspect(session.token), await introspect(jwt)], [{ active: false }, { active: false }], title)
  }
})

t.test('of many concurrent requests each gets the state of its own token', async (t) => {
  const sessions = [await signUp(app), await signUp(app), await signUp(app)]
  const tokens = await Promise.all(sessions.flatMap(({ token }) => [token, getJwt(app, token, orders), 'unknown']))
  const replies = await Promise.all(Array.from({ length: 90 }, async (_none, index) => await introspect(tokens[index % tokens.length] ?? '')))
  t.same(replies.map(({ sub }) => sub), Array.from({ length: 90 }, (_none, index) =>
    index % 3 === 2 ? undefined : String(sessions[Math.floor((index % 9) / 3)]?.userId)))
})

t.test('a token that ends while it is checked is inactive in every check that starts afterwards', async (t) => {
  const { token } = await signUp(app)
  await Promise.all([postForm(app, '/revoke', { token }), ...Array.from({ length: 20 }, async () => await introspect(token))])
  t.same(await Promise.all(Array.from({ length: 20 }, async () => await introspect(token))), Array(20).fill({ active: false }))
})

t.test('introspection of a token is a use that extends its session, and that of a JWT is none', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock, env: { ...env, TOKEN_TTL_SECONDS: '600', TOKEN_MAX_SECONDS: '6000' } })
  const check = async (token: string) => (await postForm(app, '/introspect', { token }, asOrders)).body['active']
  const [used, unused] = [await signUp(app), await signUp(app)]
  clock.advance(400_000)
  const jwt = await getJwt(app, unused.token, orders)
  t.equal(await check(used.token), true)
  await app.tokens.activity.flush()
  clock.advance(190_000)
  t.equal(await check(jwt), true)
  await app.tokens.activity.flush()
  clock.advance(310_000)
  t.equal(await check(used.token), true, 'ends 600 s after its use')
  clock.advance(110_000)
  t.equal(await check(unused.token), false, 'ends 600 s after the exchange')
})

t.test('an account of a test number is marked', async (t) => {
  const clock = createClock()
  const phone = '+918123456789'
  const app = await build(t, { clock, env: { ...env, OTP_TEST_NUMBERS: `${phone}:123456:${new Date(clock.now()).toISOString().slice(0, 10)}` } })
  await app.inject({ method: 'POST', url: '/signup', payload: { name: 'Asha', phone_number: phone } })
  const { token } = (await app.inject({ method: 'POST', url: '/verify', payload: { phone_number: phone, otp: '123456' } })).json<{ token: string }>()
  for (const each of [token, await getJwt(app, token, orders)]) {
    t.match((await postForm(app, '/introspect', { token: each }, asOrders)).body, { active: true, is_test: true })
  }
})
