import type { IncomingMessage } from 'node:http'
import t from 'tap'
import { Agent, fetch, FormData } from 'undici'
import { defaultUploadBytes } from '../../src/domain/creatives/image.ts'
import { imageOf, images } from '../fixtures/images.ts'
import { certificate } from '../fixtures/tls.ts'
import { nextWeek } from '../support/forms.ts'
import { build, readCode, signUp } from '../support/helper.ts'
import { haproxy, nginx, startProxy } from '../support/services/proxies.ts'
import { listen } from '../support/sockets.ts'

/* Each proxy runs the configuration of docs/proxies.md. */
for (const program of [nginx, haproxy]) {
  t.test(`the documented configuration of ${program.name}`, async (t) => {
    // The client has another address than the proxy, which alone is trusted.
    const app = await build(t, { env: { TRUST_PROXY: '127.0.0.1', CORS_ORIGINS: 'https://app.example' } })
    const sockets = new Set<unknown>()
    app.server.on('request', ({ url, socket }: IncomingMessage) => { if (url !== '/health/ready') sockets.add(socket) })
    const { url, check } = await startProxy(t, program, [await listen(app)])
    t.equal(check.status, 0, check.output)
    const dispatcher = new Agent({ localAddress: '127.1.0.2', connect: { ca: certificate } })
    t.teardown(async () => { await dispatcher.destroy() })
    const { authorization } = await signUp(app)
    const ask = async (path: string, init: Parameters<typeof fetch>[1] = {}) => {
      const headers = { authorization, origin: 'https://app.example', ...init.headers }
      const response = await fetch(`${url}${path}`, { ...init, dispatcher, headers })
      return { status: response.status, text: await response.text(), headers: response.headers }
    }
    const upload = async (image: Buffer) => {
      const body = new FormData()
      body.append('scheduled_at', nextWeek())
      body.append('file', new Blob([new Uint8Array(image)], { type: 'image/png' }), 'a.png')
      return await ask('/upload-creative', { method: 'POST', body })
    }

    await t.test('passes requests on over connections that it keeps', async (t) => {
      for (let count = 0; count < 20; count++) t.equal((await ask('/protected')).status, 200)
      t.ok(sockets.size <= 4, `${sockets.size} connections for 20 requests`)
    })

    await t.test('passes large uploads on, whose refusal comes from the service', async (t) => {
      t.equal((await upload(images.png)).status, 200)
      const refused = await upload(imageOf(defaultUploadBytes + 1))
      t.equal(refused.status, 413)
      t.match(JSON.parse(refused.text), { code: /^CHR_/, request_id: String })
      t.equal(refused.headers.get('access-control-allow-origin'), 'https://app.example')
    })

    await t.test('sends the address of the client, which cannot be forged', async (t) => {
      const headers = { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.9' }
      const session = await signUp(app, { from: { remoteAddress: '198.51.100.1' } })
      await ask('/login', { method: 'POST', headers, body: JSON.stringify({ phone_number: session.phone }) })
      const otp = await readCode(app, session.phone, 2)
      const verified = await ask('/verify', { method: 'POST', headers, body: JSON.stringify({ phone_number: session.phone, otp }) })
      t.equal(verified.status, 200)
      const { token } = JSON.parse(verified.text) as { token: string }
      const { sessions } = JSON.parse((await ask('/sessions', { headers: { authorization: `Bearer ${token}` } })).text)
      t.same(sessions.map(({ address }: { address: string }) => address), ['127.1.0.x', '198.51.100.x'])
    })

    await t.test('refuses the addresses of operators', async (t) => {
      for (const path of ['/metrics', '/metrics/', '/health/ready', '/health/live', '/%6detrics', '/health']) {
        const { status, text } = await ask(path)
        t.equal(status, 404, path)
        t.notMatch(text, 'CHR_NOT_FOUND', 'the answer comes from the proxy')
      }
    })
  })
}
