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
  const stop = new AbortController()
  app.decorate('config', loadConfig({ SHUTDOWN_SECONDS: '60', SHUTDOWN_UPLOAD_SECONDS: '90' }))
  app.decorate('stopSignal', stop.signal)
  await app.register(connections)
  app.get('/stream', async () => Readable.from((function * () { for (;;) yield 'a'.repeat(65_536) })()))
  app.get('/text', async () => 'a'.repeat(30_000_000))
  const waiting = new PassThrough()
  app.get('/waiting', async () => waiting)
  const never = async () => await new Promise(() => {})
  app.get('/never', never)
  const port = await listen(app)
  t.teardown(async () => { await app.close() })
  return { app, port, waiting, stop }
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

t.test('after the stop signal each response closes its connection, and new connections are accepted', async (t) => {
  const { port, stop } = await buildAlone(t)
  const ask = 'HEAD /text HTTP/1.1\r\nhost: x\r\n\r\n'
  const kept = await openSocket(port)
  kept.write(ask)
  const [before] = await once(kept, 'data') as [Buffer]
  t.match(before.toString(), /^HTTP\/1\.1 200 [^]*connection: keep-alive/i)
  stop.abort()
  const rest = readAll(kept)
  kept.write(ask)
  for (const reply of [await rest, (await exchange(port, ask)).head]) t.match(reply, /^HTTP\/1\.1 200 [^]*connection: close/i)
})

t.test('after close, an upload under way has SHUTDOWN_UPLOAD_SECONDS, and other requests SHUTDOWN_SECONDS', async (t) => {
  const { app, port } = await buildAlone(t)
  const begin = async (contentType: string) => {
    const socket = await openSocket(port)
    socket.write(`GET /never HTTP/1.1\r\nhost: x\r\ncontent-type: ${contentType}\r\n\r\n`)
    await once(app.server, 'request')
    return socket.resume()
  }
  const [download, upload] = [await begin('application/json'), await begin('Multipart/Form-Data; boundary=x')]
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => { mock.timers.reset() })
  const closing = app.close()
  await until('the server accepts no more connections', () => !app.server.listening)
  mock.timers.tick(59_999)
  t.equal(download.closed, false)
  mock.timers.tick(1)
  await until('the request is cut off', () => download.closed)
  mock.timers.tick(29_999)
  t.equal(upload.closed, false)
  mock.timers.tick(1)
  await Promise.all([until('the upload is cut off', () => upload.closed), closing])
  t.pass('close ends')
})

t.test('the server sets its keep-alive, request and headers timeouts', async (t) => {
  const { server } = await build(t)
  t.match(server, { keepAliveTimeout: 60_000, requestTimeout: 10_000, headersTimeout: 10_000 })
})
