import { METHODS } from 'node:http'
import type { InjectOptions } from 'fastify'
import t from 'tap'
import { build, signUp } from '../support/helper.ts'
import { getJwt } from '../support/jwts.ts'
import { exchange, listen } from '../support/sockets.ts'

const app = await build(t, { env: { CORS_ORIGINS: 'https://app.example', JWT_AUDIENCES: 'orders,payments', JWT_STATELESS: 'on' } })
const { authorization, userId } = await signUp(app)
const port = await listen(app)
const { sessions: [session] } = (await app.inject({ url: '/sessions', headers: { authorization } })).json<{
  sessions: [{ id: number, created_at: string }]
}>()

const methods = METHODS.filter((method) => method !== 'CONNECT')
const paths = ['/forward-auth', '/forward-auth/', '/forward-auth/orders/7?tab=%2F&a=1']

const ask = (method: string, path: string, ...lines: string[]) =>
  exchange(port, [`${method} ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...lines, '', ''].join('\r\n'))

for (const path of paths) {
  t.test(`every method of ${path} answers 204 with all headers to a valid token, and 401 without one`, async (t) => {
    for (const method of methods) {
      const { status, head, body } = await ask(method, path, `Authorization: ${authorization}`)
      t.equal(status, 204, method)
      t.equal(body, '')
      for (const line of [
        `x-cheershare-user: ${userId}`, `x-cheershare-session: ${session.id}`, `x-cheershare-signed-in-at: ${session.created_at}`,
        'authorization: ', 'cache-control: no-store'
      ]) t.ok(head.toLowerCase().split('\r\n').includes(line.toLowerCase()), `${method}: ${line}`)
      const refused = await ask(method, path)
      t.equal(refused.status, 401, method)
      t.match(refused.head, /\r\nwww-authenticate: Bearer\r\n/i)
      t.match(refused.head, /\r\ncache-control: no-store\r\n/i)
      t.notMatch(refused.head, /\r\n(location|x-cheershare-)/i)
    }
  })
}

t.test('a session that has ended is refused at the next request', async (t) => {
  const { authorization } = await signUp(app)
  const check = async () => (await app.inject({ url: '/forward-auth', headers: { authorization } })).statusCode
  t.equal(await check(), 204)
  await app.inject({ method: 'POST', url: '/logout', headers: { authorization } })
  t.equal(await check(), 401)
})

t.test('each of many concurrent requests gets the headers of its own token', async (t) => {
  const users = [await signUp(app), await signUp(app), await signUp(app)]
  const requests = Array.from({ length: 60 }, (_none, index) => users[index % users.length] ?? { authorization: '', userId: 0 })
  const replies = await Promise.all(requests.map(async ({ authorization }) => await app.inject({ url: '/forward-auth', headers: { authorization } })))
  t.same(replies.map(({ headers }) => headers['x-cheershare-user']), requests.map(({ userId }) => String(userId)))
})

t.test('a preflight of the application behind the proxy is not answered as one of this service', async (t) => {
  const preflight: InjectOptions = {
    method: 'OPTIONS', url: '/forward-auth', headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' }
  }
  const { statusCode, headers } = await app.inject(preflight)
  t.equal(statusCode, 401)
  t.notOk('access-control-allow-origin' in headers)
  t.equal((await app.inject({ ...preflight, url: '/protected' })).statusCode, 204, 'other routes answer preflights')
})

t.test('other tokens and schemes get 401, and a second Authorization header fails', async (t) => {
  for (const value of ['Bearer', `Bearer ${'A'.repeat(26)}`, 'Basic YTpi', 'Bearer a.b.c', `${authorization}, ${authorization}`]) {
    t.equal((await app.inject({ url: '/forward-auth', headers: { authorization: value } })).statusCode, 401, value)
  }
})

t.test('an audience adds a JWT for it, which no other query replaces', async (t) => {
  for (const [query, audience] of [
    ['?audience=orders', 'orders'], ['/a/b?audience=payments', 'payments'], ['?audience=orders&audience=payments', 'orders'],
    ['?audience=orders&path=/a?audience=payments&audience=payments', 'orders'], ['?audience=', ''], ['?audience=&path=/a&audience=orders', ''],
    ['?path=/a%zz', '']
  ] as const) {
    const { statusCode, headers } = await app.inject({ url: `/forward-auth${query}`, headers: { authorization } })
    t.equal(statusCode, 204, query)
    const [scheme, jwt = ''] = String(headers['authorization']).split(' ')
    const claims = audience === '' ? undefined : await app.accessTokens.verify(jwt)
    t.match({ scheme, ...claims }, audience === '' ? { scheme: '' } : { scheme: 'Bearer', aud: audience, sub: String(userId), sid: String(session.id) })
    t.equal(headers['x-cheershare-user'], String(userId))
  }
})

t.test('an unknown audience answers 400 to a user, and 401 to others', async (t) => {
  const { statusCode, body } = await app.inject({ url: '/forward-auth?audience=nobody', headers: { authorization } })
  t.equal(statusCode, 400)
  t.match(JSON.parse(body), { code: 'CHR_AUDIENCE_UNKNOWN' })
  t.equal((await app.inject({ url: '/forward-auth?audience=nobody' })).statusCode, 401)
})

t.test('a JWT for the service is accepted while its session lives, whatever JWT_STATELESS says, and is never exchanged', async (t) => {
  const { authorization, token } = await signUp(app)
  const [own, foreign] = [await getJwt(app, token), await getJwt(app, token, 'orders')]
  const ask = async (jwt: string, query = '') => (await app.inject({ url: `/forward-auth${query}`, headers: { authorization: `Bearer ${jwt}` } })).statusCode
  t.same([await ask(own), await ask(foreign), await ask(own, '?audience=orders')], [204, 401, 401])
  await app.inject({ method: 'POST', url: '/logout', headers: { authorization } })
  t.equal(await ask(own), 401)
})

t.test('an account that is deleted meanwhile gets no JWT', async (t) => {
  const { authorization, userId } = await signUp(app)
  await app.db.updateTable('users').set({ phone_number: null }).where('id', '=', userId).execute()
  t.equal((await app.inject({ url: '/forward-auth?audience=orders', headers: { authorization } })).statusCode, 401)
})
