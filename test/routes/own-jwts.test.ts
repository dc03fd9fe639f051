import { SignJWT, generateKeyPair, decodeJwt, decodeProtectedHeader } from 'jose'
import t from 'tap'
import { build, createClock, signUp } from '../support/helper.ts'
import { audience, getJwt, statusOf } from '../support/jwts.ts'

const env = { JWT_AUDIENCES: audience }

/** Changes the first character of a part of a JWT. The last one may hold bits that do not count. */
const alter = (jwt: string, part: number) =>
  jwt.split('.').map((text, index) => index === part ? `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}` : text).join('.')

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

t.test('own routes take a JWT for the service, and refuse it once its session has ended', async (t) => {
  const app = await build(t, { env })
  const { token, authorization } = await signUp(app)
  const jwt = await getJwt(app, token)
  for (const url of ['/protected', '/me', '/sessions', '/creatives']) t.equal(await statusOf(app, jwt, url), 200, url)
  await app.inject({ method: 'POST', url: '/logout', headers: { authorization } })
  for (const url of ['/protected', '/me', '/sessions', '/creatives']) t.equal(await statusOf(app, jwt, url), 401, url)
})

t.test('other JWTs are refused', async (t) => {
  const app = await build(t, { env })
  const { token } = await signUp(app)
  const jwt = await getJwt(app, token)
  const [, payload = '', signature = ''] = jwt.split('.')
  const { kid } = decodeProtectedHeader(jwt)
  const { privateKey } = await generateKeyPair('ES256')
  const withHeader = (header: object) => `${encode(header)}.${payload}.${signature}`
  const signer = app.signingKeys.signer()
  const sign = async (changes: object, typ = 'at+jwt') =>
    await new SignJWT({ ...decodeJwt(jwt), ...changes }).setProtectedHeader({ alg: 'ES256', typ, kid: signer.id }).sign(signer.privateKey)
  t.equal(await statusOf(app, await sign({})), 200)
  const wrong: Array<[string, string]> = [
    ['another audience', await getJwt(app, token, audience)],
    ['a changed header', alter(jwt, 0)],
    ['a changed payload', alter(jwt, 1)],
    ['a changed signature', alter(jwt, 2)],
    ['another key under the same id', await new SignJWT(decodeJwt(jwt)).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: String(kid) }).sign(privateKey)],
    ['no algorithm', withHeader({ alg: 'none', typ: 'at+jwt', kid })],
    ['the algorithm of another kind of key', withHeader({ alg: 'EdDSA', typ: 'at+jwt', kid })],
    ['the public key as a shared secret', withHeader({ alg: 'HS256', typ: 'at+jwt', kid })],
    ['an unknown key', withHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'unknown' })],
    ['no key', withHeader({ alg: 'ES256', typ: 'at+jwt' })],
    ['an unknown extension', withHeader({ alg: 'ES256', typ: 'at+jwt', kid, crit: ['b64'], b64: false })],
    ['a type of other JWTs', await sign({}, 'JWT')],
    ['another issuer', await sign({ iss: 'https://evil.example' })],
    ['an end in the past', await sign({ exp: 1 })],
    ['a list of audiences', await sign({ aud: [app.accessTokens.issuer, audience] })],
    ['the session of another user', await sign({ sub: '999' })],
    ['an unknown session', await sign({ sid: '999999' })],
    ['three parts of nothing', 'aa.bb.cc']
  ]
  for (const [title, each] of wrong) t.equal(await statusOf(app, each), 401, title)
  const { exp, ...endless } = decodeJwt(jwt)
  const forever = await new SignJWT(endless).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: signer.id }).sign(signer.privateKey)
  t.equal(await statusOf(app, forever), 401, `no end, unlike ${String(exp)}`)
})

t.test('a JWT never extends its session', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock, env: { ...env, JWT_TTL_SECONDS: '900', TOKEN_TTL_SECONDS: '1000' } })
  const { token } = await signUp(app)
  const jwt = await getJwt(app, token)
  const read = async () => {
    await app.tokens.activity.flush()
    return (await app.pg.pool.query('select expiry, last_used_at from tokens')).rows
  }
  const before = await read()
  clock.advance(600_000)
  t.equal(await statusOf(app, jwt), 200)
  t.equal(await statusOf(app, jwt, '/me'), 200)
  t.same(await read(), before)
  await getJwt(app, token)
  t.notSame(await read(), before, 'an exchange is a use')
})

t.test('with JWT_STATELESS a JWT outlives its session for reading, outside accounts and sessions', async (t) => {
  const clock = createClock()
  const app = await build(t, { env: { ...env, JWT_STATELESS: 'on' }, clock })
  const { token, authorization } = await signUp(app)
  const jwt = await getJwt(app, token)
  const foreign = await getJwt(app, token, audience)
  await app.inject({ method: 'POST', url: '/logout', headers: { authorization } })
  t.equal(await statusOf(app, jwt), 200)
  t.equal(await statusOf(app, jwt, '/protected', 'HEAD'), 200)
  t.equal(await statusOf(app, jwt, '/creatives'), 200)
  t.equal(await statusOf(app, foreign), 401, 'a JWT for another service')
  for (const [method, url] of [
    ['GET', '/me'], ['HEAD', '/me'], ['GET', '/me/export'], ['GET', '/me/calendar-feed'], ['GET', '/sessions'], ['POST', '/logout'],
    ['DELETE', '/creatives/1'], ['DELETE', '/me'], ['DELETE', '/sessions/1']
  ] as const) t.equal(await statusOf(app, jwt, url, method), 401, `${method} ${url}`)
  clock.advance(301_000)
  t.equal(await statusOf(app, jwt), 401, 'the JWT has ended')
})

t.test('JWT_ALGORITHM=EdDSA signs by Ed25519', async (t) => {
  const app = await build(t, { env: { ...env, JWT_ALGORITHM: 'EdDSA' } })
  const jwt = await getJwt(app, (await signUp(app)).token)
  t.match(decodeProtectedHeader(jwt), { alg: 'EdDSA', typ: 'at+jwt' })
  t.equal(await statusOf(app, jwt), 200)
  t.equal(await statusOf(app, `${encode({ ...decodeProtectedHeader(jwt), alg: 'ES256' })}.${jwt.split('.').slice(1).join('.')}`), 401)
})
