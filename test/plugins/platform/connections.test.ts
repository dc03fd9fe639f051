import { once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import { mock } from 'node:test'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import connections from '../../../plugins/platform/connections.ts'
import { loadConfig } from '../../../src/config/index.ts'
import { build } from '../../support/helper.ts'
import { promptMs, until } from '../../support/polling.ts'
import { exchange, listen, openSocket, readAll } from '../../support/sockets.ts'

/** Registers the plugin alone, with routes for an endless, a large and a pending response. */
async function buildAlone (t: Test) {
  const app = Fastify({ keepAliveTimeout: 60_000 })
  app.decorate('config', loadConfig({ SHUTDOWN_SECONDS: '60' }))
  await app.register(connections)
  app.get('/stream', async () => Readable.from((function * () { for (;;) yield 'a'.repeat(65_536) })()))
  app.get('/text', async () => 'a'.repeat(30_000_000))
  const waiting = new PassThrough()
  app.get('/waiting', async () => waiting)
  const port = await listen(app)
  t.teardown(async () => { await app.close() })
  return { app, port, waiting }
}

for (const address of ['/stream', '/text']) {
  t.test(`a response that is not read within 30 s is aborted: ${address}`, async (t) => {
    const { app, port } = await buildAlone(t)
    mock.timers.enable({ apis: ['setTimeout'] })
    t.teardown(() => { mock.timers.reset() })
    const socket = await openSocket(port)
    socket.pause()
    const [[, response]] = await Promise.all([
      once(app.server, 'request') as Promise<[unknown, NodeJS.EventEmitter & { destroyed: boolean }]>,
      new Promise((resolve) => socket.write(`GET ${address} HTTP/1.1\r\nhost: x\r\n\r\n`, resolve))
    ])
    // The response has begun once its head can be read.
    await once(socket, 'readable')
    mock.timers.tick(29_999)
    t.equal(response.destroyed, false, 'the response is not aborted earlier')
    const closed = once(response, 'close')
    mock.timers.tick(1)
    await closed
    t.equal(response.destroyed, true)
  })
}

t.test('a response that was read leaves no timer', async (t) => {
  const { port } = await buildAlone(t)
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  const before = timers()
  t.equal((await exchange(port, 'GET /text HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')).body.length, 30_000_000)
  await until('the timer is cleared', () => timers() <= before)
  t.pass('the timer is cleared')
})

t.test('a connection whose response began before close is closed as soon as the response ends', async (t) => {
  const { app, port, waiting } = await buildAlone(t)
  const socket = await openSocket(port)
  const text = readAll(socket)
  socket.write('GET /waiting HTTP/1.1\r\nhost: x\r\n\r\n')
  waiting.write('the beginning')
  await once(socket, 'data')
  const closing = app.close()
  const started = performance.now()
  await until('the server accepts no more connections', () => !app.server.listening)
  waiting.end(' and the end')
  await closing
  t.ok(performance.now() - started < promptMs, 'close ends long before SHUTDOWN_SECONDS')
  t.match(await text, /the beginning[^]* and the end/)
})

t.test('the server sets its keep-alive, request and headers timeouts', async (t) => {
  const { server } = await build(t)
  t.match(server, { keepAliveTimeout: 60_000, requestTimeout: 10_000, headersTimeout: 10_000 })
})
