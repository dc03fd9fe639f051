import t, { type Test } from 'tap'
import { build, createPhone, postJson, readCode, signUp } from '../support/helper.ts'
import { creativeForm, formOf, formType } from '../support/forms.ts'
import { images } from '../fixtures/images.ts'

const own = { 'sec-fetch-site': 'same-origin' }
const site = 'https://app.example.com'

async function signIn (t: Test, env: Record<string, string> = {}, headers: Record<string, string> = own) {
  const app = await build(t, { env: { CORS_ORIGINS: `${site},https://*.example.org`, ...env } })
  const phone = createPhone()
  await postJson(app, '/signup', { name: 'Asha', phone_number: phone })
  const reply = await postJson(app, '/verify', { phone_number: phone, otp: await readCode(app, phone), session: 'cookie' }, { headers })
  const cookie = String(reply.headers['set-cookie']).split(';')[0] ?? ''
  return { app, reply, cookie, phone }
}

t.test('a login with a cookie keeps the token out of the body', async (t) => {
  const { app, reply, cookie } = await signIn(t)
  t.equal(reply.status, 200)
  t.notOk('token' in reply.body)
  t.match(reply.body, { token_expires_at: /Z$/, device_token: /./, data: { name: 'Asha' } })
  t.match(reply.headers['set-cookie'], /^cheershare_session=[A-Z2-7]{26}; Max-Age=77\d{5}; Path=\/; HttpOnly; SameSite=Lax$/)
  const me = await app.inject({ url: '/me', headers: { cookie } })
  t.equal(me.statusCode, 200)
  t.match(me.headers['vary'], /Cookie/)
  t.equal((await app.inject({ url: '/me' })).statusCode, 401)
  t.match(await app.inject({ url: '/me', headers: { cookie: 'theme=dark' } }), { statusCode: 401, headers: { 'set-cookie': undefined } })
})

t.test('writes with the cookie need an origin of the service, for each method and form', async (t) => {
  const { app, cookie } = await signIn(t)
  const upload = { method: 'POST', url: '/upload-creative', payload: formOf(creativeForm({ file: images.png })), headers: { 'content-type': formType } } as const
  const patch = { method: 'PATCH', url: '/me', payload: { version: 1, name: 'Ravi' } } as const
  const logout = { method: 'POST', url: '/logout' } as const
  for (const request of [upload, patch, { method: 'DELETE', url: '/sessions' } as const, logout]) {
    for (const from of [{}, { origin: 'null' }, { origin: 'https://a.example.org' }, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }]) {
      const reply = await app.inject({ ...request, headers: { ...'headers' in request ? request.headers : {}, cookie, ...from } })
      t.match([reply.statusCode, reply.json<{ code: string }>().code], [403, 'CHR_ORIGIN_REFUSED'], `${request.url} ${JSON.stringify(from)}`)
    }
  }
  t.equal((await app.inject({ ...upload, headers: { ...upload.headers, cookie, origin: site } })).statusCode, 200)
  t.equal((await app.inject({ ...patch, headers: { cookie, ...own } })).statusCode, 200)
})

t.test('a request for a cookie from another site is refused, and leaves the code valid', async (t) => {
  const { app, reply, phone } = await signIn(t, {}, { origin: 'https://evil.example' })
  t.match([reply.status, reply.body['code']], [403, 'CHR_ORIGIN_REFUSED'])
  const again = await postJson(app, '/verify', { phone_number: phone, otp: await readCode(app, phone), session: 'cookie' }, { headers: own })
  t.equal(again.status, 200)
})

t.test('/signup with a code sets the cookie too', async (t) => {
  const app = await build(t)
  const phone = createPhone()
  await postJson(app, '/signup', { name: 'Asha', phone_number: phone })
  const reply = await postJson(app, '/signup', { name: 'Asha', phone_number: phone, otp: await readCode(app, phone), session: 'cookie' }, { headers: own })
  t.match(reply, { status: 200, headers: { 'set-cookie': /^cheershare_session=/ } })
  t.notOk('token' in reply.body)
})

t.test('with an Authorization header the cookie is ignored', async (t) => {
  const { app, cookie } = await signIn(t)
  const { authorization, userId } = await signUp(app)
  t.match((await app.inject({ url: '/me', headers: { cookie, authorization } })).json(), { data: { id: userId } })
  t.equal((await app.inject({ url: '/me', headers: { cookie, authorization: 'Bearer x' } })).statusCode, 401)
  t.equal((await app.inject({ method: 'POST', url: '/logout', headers: { cookie, authorization } })).headers['set-cookie'], undefined)
})

t.test('DELETE /sessions/{id} removes the cookie if it ends the session of the cookie', async (t) => {
  const { app, cookie, phone } = await signIn(t)
  await signUp(app, { phone, count: 2 })
  const { sessions } = (await app.inject({ url: '/sessions', headers: { cookie } })).json<{ sessions: Array<{ id: number, current: boolean }> }>()
  const ids = sessions.toSorted((a, b) => Number(a.current) - Number(b.current)).map(({ id }) => id)
  const replies = []
  for (const id of ids) replies.push(await app.inject({ method: 'DELETE', url: `/sessions/${id}`, headers: { cookie, ...own } }))
  t.match(replies, [
    { statusCode: 200, headers: { 'set-cookie': undefined } },
    { statusCode: 200, headers: { 'set-cookie': /^cheershare_session=; Max-Age=0; / } }
  ])
})

t.test('the end of a session removes the cookie', async (t) => {
  for (const request of [{ method: 'POST', url: '/logout' }, { method: 'DELETE', url: '/sessions?all=true' }, { method: 'DELETE', url: '/me' }] as const) {
    const { app, cookie } = await signIn(t)
    const ended = await app.inject({ ...request, headers: { cookie, ...own } })
    t.equal(ended.statusCode, 200, request.url)
    t.match(ended.headers['set-cookie'], /^cheershare_session=; Max-Age=0; /)
    const dead = await app.inject({ url: '/me', headers: { cookie } })
    t.equal(dead.statusCode, 401)
    t.match(dead.headers['set-cookie'], /Max-Age=0/)
  }
})

t.test('with HTTPS the cookie has the prefix __Host-, and plain HTTP off this machine is refused', async (t) => {
  const { app, cookie } = await signIn(t, { PUBLIC_URL: 'https://login.example.com' })
  t.match(cookie, /^__Host-cheershare=/)
  t.equal((await app.inject({ url: '/me', headers: { cookie } })).statusCode, 200)
  const { reply } = await signIn(t, { PUBLIC_URL: 'http://login.example.com' })
  t.match(reply, { status: 400, body: { code: 'CHR_VALIDATION', error: /plain HTTP/ } })
})

t.test('CORS allows credentials for exact origins alone', async (t) => {
  const { app } = await signIn(t)
  const allowed = async (origin: string, method: 'GET' | 'OPTIONS') => (await app.inject({
    method, url: '/me', headers: { origin, ...method === 'OPTIONS' ? { 'access-control-request-method': 'PATCH' } : {} }
  })).headers['access-control-allow-credentials']
  for (const method of ['GET', 'OPTIONS'] as const) {
    t.equal(await allowed(site, method), 'true')
    for (const origin of ['https://a.example.org', 'https://evil.example', 'null']) t.equal(await allowed(origin, method), undefined, origin)
  }
})

t.test('a proxy checks the cookie by the original method', async (t) => {
  const { app, cookie } = await signIn(t)
  const ask = async (headers: Record<string, string>) => (await app.inject({ url: '/forward-auth', headers: { cookie, ...headers } })).statusCode
  t.equal(await ask({ 'x-original-method': 'GET' }), 204)
  t.equal(await ask({ 'x-original-method': 'POST' }), 401)
  t.equal(await ask({ 'x-original-method': 'POST', ...own }), 204)
  t.equal(await ask({}), 401, 'the method is not told')
})
