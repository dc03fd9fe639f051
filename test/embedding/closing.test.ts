import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import t from 'tap'
import cheershare, { serverOptions, wellKnown } from '../../src/index.ts'
import { credentialsOf, openCarrier } from '../support/carrier.ts'
import { createHome } from '../support/embedded.ts'
import { createPhone } from '../support/helper.ts'
import { createSettings, signUpAt } from '../support/hosts.ts'

t.test('a close of the host lets an upload end, and then closes the service', async (t) => {
  const config = await createSettings(t, '/auth')
  const host = Fastify(serverOptions(config))
  await host.register(cheershare, { prefix: '/auth', config })
  const { port } = new URL(await host.listen({ port: 0 }))
  const { authorization } = await signUpAt(host, '/auth')

  const upload = httpRequest({
    port, method: 'POST', path: '/auth/upload-creative', headers: { authorization, 'content-type': 'multipart/form-data; boundary=b' }
  })
  const answered = once(upload, 'response')
  upload.write('--b\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\nno image')
  await once(host.server, 'request')
  const closed = host.close()
  upload.end('\r\n--b--\r\n')
  const [response] = await answered as [IncomingMessage]
  t.match(JSON.parse(await text(response)), { code: /^CHR_/ }, 'the upload is read to its end')
  t.equal(response.headers.connection, 'close')
  await closed
  await t.rejects(host.cheershare.findUser(1), { code: 'CHR_UNAVAILABLE' }, 'PostgreSQL is closed')

  const headers: Array<[string, unknown]> = []
  const reply = { header: (name: string, value: unknown) => headers.push([name, value]) } as unknown as FastifyReply
  const refusal = await new Promise((resolve) => {
    host.cheershare.authenticate({ headers: { authorization } } as FastifyRequest, reply, resolve)
  })
  t.match(refusal, { statusCode: 503 })
  t.strictSame(headers, [['retry-after', 1]])
})

t.test('metadata of RFC 8414 is found at the root of the host', async (t) => {
  const config = await createSettings(t, '/auth')
  const host = Fastify({ pluginTimeout: 0 })
  t.teardown(async () => { await host.close() })
  await host.register(wellKnown, { config })
  t.match((await host.inject('/.well-known/oauth-authorization-server/auth')).json(), { issuer: 'http://127.0.0.1/auth' })
})

t.test('a close of the host sends the SMS that are queued', async (t) => {
  const carrier = await openCarrier(t)
  const config = await createSettings(t, '/auth', credentialsOf(carrier))
  const host = Fastify({ pluginTimeout: 0 })
  await host.register(cheershare, { prefix: '/auth', config })
  const reply = await host.inject({ method: 'POST', url: '/auth/signup', payload: { name: 'Asha', phone_number: createPhone() } })
  t.equal(reply.statusCode, 200)
  await host.close()
  t.equal(carrier.messages({}).length, 1)
})

for (const [title, plugin] of Object.entries({ 'the registration': undefined, 'another plugin': async () => { throw new Error('broken') } })) {
  t.test(`the embedded PostgreSQL stops after ${title} fails`, async (t) => {
    const home = await createHome(t)
    const host = Fastify({ pluginTimeout: 120_000 })
    const unreachable = plugin === undefined ? { REDIS_URL: 'redis://127.0.0.1:1', START_WAIT_SECONDS: 1 } : {}
    const config = { DATA_DIR: home, LOG_LEVEL: 'silent', PUBLIC_URL: 'http://127.0.0.1/auth', ...unreachable }
    await t.rejects(async () => {
      await host.register(cheershare, { prefix: '/auth', config })
      if (plugin !== undefined) await host.register(plugin)
    })
    if (plugin !== undefined) await host.close()
    const files = await readdir(home, { recursive: true })
    t.ok(files.some((file) => file.endsWith('PG_VERSION')), 'it has started')
    t.notOk(files.some((file) => file.endsWith('postmaster.pid')), 'it has stopped')
  })
}
