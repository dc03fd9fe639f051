import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import t, { type Test } from 'tap'
import { Agent, request, type Dispatcher } from 'undici'
import { certificate } from '../fixtures/tls.ts'
import { build, signUp } from '../support/helper.ts'
import { nginx, startProxy } from '../support/services/proxies.ts'
import { listen } from '../support/sockets.ts'

interface Received { method?: string | undefined, headers: IncomingHttpHeaders, bytes: number }

/** Starts an application that answers with the request as it arrived. */
async function startApplication (t: Test): Promise<number> {
  const server = createServer((incoming, response) => {
    let bytes = 0
    incoming.on('data', (chunk: Buffer) => { bytes += chunk.length }).on('end', () => {
      response.end(JSON.stringify({ method: incoming.method, headers: incoming.headers, bytes } satisfies Received))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => { server.close() })
  return (server.address() as AddressInfo).port
}

const withoutAudience = 'without an audience'
/** Changes of the documented configuration of nginx. Operators forget the headers of the body. */
const kinds: Array<[title: string, edit: (configuration: string) => string]> = [
  ['as documented', (text) => text],
  [withoutAudience, (text) => text.replace('?audience=orders', '')],
  ['that passes Content-Length on without the body', (text) => text.replace(/^.*Content-Length "";\n/m, '')],
  ['that passes the headers of the body on', (text) => text.replace(/^.*(Content-Length ""|proxy_pass_request_body off);\n/gm, '')]
]

for (const [title, edit] of kinds) {
  t.test(`nginx with auth_request, ${title}`, async (t) => {
    const hasAudience = title !== withoutAudience
    const app = await build(t, { env: { TRUST_PROXY: '127.0.0.1', JWT_AUDIENCES: 'orders' } })
    const applicationPort = await startApplication(t)
    const { url, check } = await startProxy(t, nginx, [await listen(app)], { applicationPort, edit })
    t.equal(check.status, 0, check.output)
    // The certificate of the tests has no name of the application.
    const dispatcher = new Agent({ connect: { ca: certificate, checkServerIdentity: () => undefined } })
    t.teardown(async () => { await dispatcher.destroy() })
    const { authorization, userId } = await signUp(app)

    async function ask (options: Partial<Dispatcher.RequestOptions>, path = '/orders/7') {
      const headers = { host: 'orders.example.com', ...options.headers as Record<string, string> }
      const { statusCode, headers: replied, body } = await request(`${url}${path}`, { dispatcher, method: 'GET', ...options, headers })
      const text = await body.text()
      return { status: statusCode, replied, received: (statusCode === 200 ? JSON.parse(text) : {}) as Partial<Received> }
    }
    const forged = {
      'x-cheershare-user': '1', 'x-cheershare-session': '999', 'x-cheershare-signed-in-at': '2000-01-01T00:00:00.000Z', 'x-original-method': 'GET'
    }

    await t.test('passes on who the user is, in place of what the client sent', async (t) => {
      for (const method of ['GET', 'POST', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
        const { status, received } = await ask({ method, headers: { ...forged, authorization } })
        t.equal(status, 200, method)
        t.equal(received.method, method)
        t.match(received.headers, { 'x-cheershare-user': String(userId), 'x-cheershare-session': /^\d+$/, 'x-cheershare-signed-in-at': /^20\d\d-/ })
        t.not(received.headers?.['x-cheershare-session'], '999')
        const jwt = received.headers?.authorization?.replace('Bearer ', '')
        const claims = jwt === undefined ? undefined : await app.accessTokens.verify(jwt)
        if (hasAudience) t.match(claims, { aud: 'orders', sub: String(userId) })
        else t.equal(jwt, undefined, 'the application does not get the session token')
      }
    })

    await t.test('refuses others with 401 and the scheme', async (t) => {
      for (const headers of [{}, { authorization: `Bearer ${'A'.repeat(26)}` }]) {
        const { status, replied } = await ask({ headers: { ...forged, ...headers } })
        t.equal(status, 401)
        t.equal(replied['www-authenticate'], 'Bearer')
      }
    })

    await t.test('passes large bodies to the application alone, whatever their form', async (t) => {
      const bytes = 8_000_000
      for (const authorized of [authorization, '']) {
        for (const isChunked of [false, true]) {
          const body = isChunked ? Readable.from(Array.from({ length: 80 }, () => Buffer.alloc(bytes / 80))) : Buffer.alloc(bytes)
          const headers = { authorization: authorized, 'content-type': 'application/json' }
          const { status, received } = await ask({ method: 'POST', headers, body }, isChunked ? '/chunked' : '/whole')
          t.equal(status, authorized === '' ? 401 : 200, `chunked: ${String(isChunked)}`)
          if (status === 200) t.equal(received.bytes, bytes)
        }
      }
      for (let count = 0; count < 5; count++) t.equal((await ask({ headers: { authorization } })).status, 200, 'later requests work')
    })

    await t.test('does not show the address of the check to clients', async (t) => {
      t.equal((await ask({ headers: { authorization } }, '/cheershare-auth')).status, 404)
    })
  })
}
