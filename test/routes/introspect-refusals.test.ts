import t from 'tap'
import { build, signUp } from '../support/helper.ts'
import { basicCredentials, postForm } from '../support/oauth.ts'

const secret = 'a+b%20c/d=e&f?g;h!ijklmnopqrstuvw'
const app = await build(t, { env: { RESOURCE_SERVERS: `orders:${secret}:http://127.0.0.1:4000,pay:${'p'.repeat(32)}:http://127.0.0.1:4000` } })
const { token, authorization: bearer } = await signUp(app)
const encode = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

t.test('credentials are accepted encoded as OAuth wants it, and as they are', async (t) => {
  for (const authorization of [basicCredentials('orders', secret), encode(`orders:${secret}`), encode(`%6Frders:${encodeURIComponent(secret)}`).replace('Basic', 'bASIC  ')]) {
    t.match(await postForm(app, '/introspect', { token }, { authorization }), { status: 200, body: { active: true } }, authorization)
  }
})

t.test('other credentials answer 401 invalid_client with the scheme, before the body is looked at', async (t) => {
  const wrong = [
    '', 'Basic', 'Basic !', encode('orders'), encode('orders:'), encode(`orders:${secret}x`), encode(`:${secret}`), encode(`pay:${secret}`),
    encode(`nobody:${secret}`), encode('nobody:'), bearer, `${basicCredentials('orders', secret)}, ${basicCredentials('orders', secret)}`,
    encode(`orders:${secret.replace('%20', '%zz')}`), encode(`__proto__:${secret}`)
  ]
  for (const authorization of wrong) {
    for (const fields of [{ token }, {}]) {
      const { status, body, headers } = await postForm(app, '/introspect', fields as Record<string, string>, { authorization })
      t.equal(status, 401, authorization)
      t.match(body, { error: 'invalid_client', error_description: /resource server/, code: 'CHR_CLIENT_INVALID', request_id: /./ })
      t.match(headers, { 'www-authenticate': /^Basic realm="[^"]+"$/, 'cache-control': 'no-store' })
    }
  }
  t.equal((await postForm(app, '/introspect', { token, client_id: 'orders', client_secret: secret })).status, 401, 'credentials in the body')
})

t.test('without RESOURCE_SERVERS nobody may introspect', async (t) => {
  const app = await build(t)
  for (const authorization of [encode(':'), encode('orders:'), basicCredentials('orders', secret)]) {
    t.equal((await postForm(app, '/introspect', { token }, { authorization })).status, 401)
  }
})

for (const path of ['/introspect', '/revoke']) {
  const authorization = basicCredentials('orders', secret)
  t.test(`POST ${path} answers errors of the form of OAuth`, async (t) => {
    const form = 'application/x-www-form-urlencoded'
    const cases: Array<[title: string, contentType: string | undefined, payload: string, status: number]> = [
      ['JSON', 'application/json', JSON.stringify({ token }), 415],
      ['multipart', 'multipart/form-data; boundary=x', '--x--', 415],
      ['text', 'text/plain', `token=${token}`, 415],
      ['no type', undefined, `token=${token}`, 415],
      ['not a type', 'nonsense', `token=${token}`, 415],
      ['an empty form', form, '', 400],
      ['no token', form, 'token_type_hint=access_token', 400],
      ['an empty token', form, 'token=', 400],
      ['two tokens', form, `token=${token}&token=${token}`, 400],
      ['a token that is too long', form, `token=${'a'.repeat(9000)}`, 400],
      ['a form that is too long', form, `token=${'a'.repeat(40_000)}`, 413]
    ]
    for (const [title, contentType, payload, status] of cases) {
      const headers = { authorization, ...contentType === undefined ? {} : { 'content-type': contentType } }
      const response = await app.inject({ method: 'POST', url: path, headers, payload })
      t.equal(response.statusCode, status, title)
      t.match(response.json(), { error: 'invalid_request', error_description: /./, code: /^CHR_/, request_id: /./ }, title)
      t.equal(response.headers['cache-control'], 'no-store')
    }
    const { statusCode, headers } = await app.inject({ url: path, headers: { authorization } })
    t.match({ statusCode, allow: headers.allow }, { statusCode: 405, allow: 'POST' })
  })

  t.test(`POST ${path} ignores unknown fields and the hint`, async (t) => {
    const { status } = await postForm(app, path, { token: 'unknown', token_type_hint: 'refresh_token', extra: 'x' }, { authorization })
    t.equal(status, 200)
  })
}
