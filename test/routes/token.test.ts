import { decodeJwt } from 'jose'
import t from 'tap'
import { build, createClock, createPhone, postJson, signUp } from '../support/helper.ts'
import { accessTokenType, audience, exchangeRequest, getJwt } from '../support/jwts.ts'

const env = { JWT_AUDIENCES: `${audience}, billing` }

t.test('POST /token answers a JWT that no cache stores, for each configured audience', async (t) => {
  const app = await build(t, { env })
  const { token, userId } = await signUp(app)
  for (const each of [audience, 'billing', app.accessTokens.issuer]) {
    const reply = await app.inject(exchangeRequest(token, { audience: each }))
    t.equal(reply.statusCode, 200, reply.body)
    t.equal(reply.headers['cache-control'], 'no-store')
    const body = reply.json<Record<string, unknown>>()
    t.match(body, { issued_token_type: accessTokenType, token_type: 'Bearer', expires_in: 300 })
    const claims = decodeJwt(String(body['access_token']))
    t.match(claims, {
      iss: app.accessTokens.issuer, sub: String(userId), aud: each, sid: /^\d+$/, jti: /^[\w-]{22}$/, amr: ['sms'], client_id: 'cheershare', is_test: false
    })
    t.equal(Number(claims.exp) - Number(claims.iat), 300)
    t.ok(Number(claims['auth_time']) <= Number(claims.iat))
    t.same(Object.keys(claims).filter((name) => /phone|name/.test(name)), [], 'no personal data')
  }
})

t.test('parameters that no standard names are ignored, and empty ones count as omitted', async (t) => {
  const app = await build(t, { env })
  const { token } = await signUp(app)
  const fields = { client_id: 'web', scope: '', resource: '', requested_token_type: accessTokenType, charset: 'utf-8' }
  t.equal((await app.inject(exchangeRequest(token, fields))).statusCode, 200)
  const { headers, ...request } = exchangeRequest(token)
  t.equal((await app.inject({ ...request, headers: { 'content-type': `${headers['content-type']}; charset=UTF-8` } })).statusCode, 200)
})

t.test('refusals have the form of OAuth', async (t) => {
  const app = await build(t, { env })
  const { token } = await signUp(app)
  const jwt = await getJwt(app, token)
  const repeated = { ...exchangeRequest(token), payload: `${exchangeRequest(token).payload}&audience=billing` }
  const json = { ...exchangeRequest(token), headers: { 'content-type': 'application/json' }, payload: '{}' }
  const [request, scope, audienceError] = ['invalid_request', 'invalid_scope', 'invalid_target']
  const cases: Array<[string, ReturnType<typeof exchangeRequest>, string, string, RegExp]> = [
    ['another grant', exchangeRequest(token, { grant_type: 'password' }), 'unsupported_grant_type', 'CHR_GRANT_UNSUPPORTED', /token-exchange/],
    ['no grant', exchangeRequest(token, { grant_type: undefined }), request, 'CHR_VALIDATION', /^field 'grant_type' is required$/],
    ['no audience', exchangeRequest(token, { audience: undefined }), request, 'CHR_VALIDATION', /^field 'audience' is required$/],
    ['an empty audience', exchangeRequest(token, { audience: '' }), request, 'CHR_VALIDATION', /^field 'audience' is required$/],
    ['an unknown audience', exchangeRequest(token, { audience: 'https://x.example' }), audienceError, 'CHR_AUDIENCE_UNKNOWN', /audience/],
    ['a resource', exchangeRequest(token, { resource: audience }), audienceError, 'CHR_AUDIENCE_UNKNOWN', /resource/],
    ['a scope', exchangeRequest(token, { scope: 'read' }), scope, 'CHR_SCOPE_UNKNOWN', /scope/],
    ['an actor', exchangeRequest(token, { actor_token: token }), request, 'CHR_VALIDATION', /actor_token/],
    ['another type', exchangeRequest(token, { subject_token_type: 'x' }), request, 'CHR_VALIDATION', /^subject_token_type is not urn/],
    ['another type wanted', exchangeRequest(token, { requested_token_type: 'x' }), request, 'CHR_VALIDATION', /^requested_token_type is not urn/],
    ['an unknown token', exchangeRequest('A'.repeat(26)), request, 'CHR_SUBJECT_TOKEN_INVALID', /subject_token/],
    ['a JWT', exchangeRequest(jwt), request, 'CHR_SUBJECT_TOKEN_INVALID', /subject_token/],
    ['a repeated parameter', repeated, request, 'CHR_VALIDATION', /repeated/],
    ['a parameter with the name of a member of objects', { ...repeated, payload: '__proto__=x' }, request, 'CHR_VALIDATION', /grant_type/],
    ['an empty form', { ...repeated, payload: '' }, request, 'CHR_VALIDATION', /./]
  ]
  for (const [title, sent, error, code, description] of cases) {
    const reply = await app.inject(sent)
    t.equal(reply.statusCode, 400, title)
    t.match(reply.json(), { error, code, error_description: description, request_id: /./ }, title)
    t.match(reply.json<{ error_description: string }>().error_description, /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/, 'the characters of RFC 6749, §5.2')
    t.equal(reply.headers['cache-control'], 'no-store', title)
    t.notMatch(reply.body, token, 'no token in an error')
  }
  t.match((await app.inject(json)).json(), { error: 'invalid_request', code: 'CHR_MEDIA_TYPE' })
})

t.test('a JWT ends with its session, and an ended session gets none', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock, env: { ...env, TOKEN_TTL_SECONDS: '100', TOKEN_MAX_SECONDS: '100' } })
  const { token, authorization } = await signUp(app)
  clock.advance(40_000)
  const { exp } = decodeJwt(await getJwt(app, token))
  const { rows: [row] } = await app.pg.pool.query<{ expiry: Date }>('select expiry from tokens')
  t.equal(Number(exp) * 1000, row?.expiry.getTime())
  await app.inject({ method: 'POST', url: '/logout', headers: { authorization } })
  t.match((await app.inject(exchangeRequest(token))).json(), { error: 'invalid_request', code: 'CHR_SUBJECT_TOKEN_INVALID' })
})

t.test('a session that ends between look-up and signature gets no JWT', async (t) => {
  const app = await build(t, { env })
  const { token } = await signUp(app)
  const session = await app.tokens.findSession(token)
  if (session === undefined) throw new Error('the session is missing')
  await t.rejects(app.accessTokens.sign({ ...session, expiresAt: Date.now() - 1000 }, audience), { code: 'CHR_UNAUTHENTICATED' })
  await app.pg.pool.query('update users set phone_number = null')
  t.match((await app.inject(exchangeRequest(token))).json(), { error: 'invalid_request', code: 'CHR_SUBJECT_TOKEN_INVALID' })
})

t.test('concurrent exchanges share their queries, and each gets its own user', async (t) => {
  const app = await build(t, { env })
  const sessions = [await signUp(app), await signUp(app), await signUp(app)]
  const jwts = await Promise.all(sessions.map(async ({ token }) => await getJwt(app, token)))
  t.same(jwts.map((jwt) => decodeJwt(jwt).sub), sessions.map(({ userId }) => String(userId)))
})

t.test('JWT_CLAIMS adds claims with facts of the session, and is_test marks test numbers', async (t) => {
  const phone = createPhone()
  const app = await build(t, {
    env: {
      ...env,
      OTP_TEST_NUMBERS: `${phone}:123456:2099-12-31`,
      JWT_CLAIMS: '{"role": "member", "who": {"names": ["{name} <{phone_number}>"], "id": "{user_id}/{session_id}"}, "level": 2, "none": null}'
    }
  })
  await postJson(app, '/signup', { name: 'Asha', phone_number: phone })
  const { body } = await postJson(app, '/verify', { phone_number: phone, otp: '123456' })
  const claims = decodeJwt(await getJwt(app, String(body['token'])))
  t.match(claims, { role: 'member', level: 2, none: null, is_test: true })
  t.same(claims['who'], { names: [`Asha <${phone}>`], id: `${String(claims.sub)}/${String(claims['sid'])}` })
})
