import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { setImmediate as nextTurn, setTimeout } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { createPoster, PostError, type PostReply, type Poster, type PosterOptions } from '../../../../plugins/sms/providers/http-poster.ts'
import { certificate, key } from '../../../fixtures/tls.ts'

interface Traffic { connections: number, bodies: string[] }

async function open (
  t: Test, listener: RequestListener, { isTls = false }: { isTls?: boolean } = {}
): Promise<{ url: URL, server: Server, traffic: Traffic }> {
  const traffic: Traffic = { connections: 0, bodies: [] }
  const answer: RequestListener = (request, response) => {
    text(request).then((body) => {
      traffic.bodies.push(body)
      listener(request, response)
    }, () => {})
  }
  const server = isTls ? createHttpsServer({ key, cert: certificate }, answer) : createHttpServer(answer)
  server.on('connection', () => { traffic.connections += 1 })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: new URL(`${isTls ? 'https' : 'http'}://localhost:${(server.address() as AddressInfo).port}/messages`), server, traffic }
}

function openPoster (t: Test, options: PosterOptions = {}) {
  const poster = createPoster({ lookup: toLoopback, ...options })
  t.teardown(poster.close)
  return poster
}

const toLoopback: NonNullable<PosterOptions['lookup']> = (_hostname, _options, callback) => callback(null, [
  { address: '127.0.0.1', family: 4 }
])
const request = { headers: { 'x-from': 'test' }, body: 'text=ü' }

/** Posts once and waits until the connection is free, which it is one turn of the event loop after the response. */
async function postOne (poster: Poster, url: URL): Promise<PostReply> {
  const answer = await poster.post(url, request)
  await nextTurn()
  return answer
}

t.test('a request is posted with its headers and length, and the response is returned', async (t) => {
  const { url, traffic } = await open(t, (received, response) => {
    const { method, url: path, headers: { 'content-length': length, 'x-from': from } } = received
    response.writeHead(429, { 'retry-after': '7' }).end(JSON.stringify({ method, path, length, from }))
  })
  const { body, ...answer } = await openPoster(t).post(url, request)
  t.same(answer, { status: 429, retryAfter: '7' })
  t.same(JSON.parse(body), { method: 'POST', path: '/messages', length: '7', from: 'test' })
  t.same(traffic.bodies, [request.body])
})

t.test('connections are reused, and concurrent calls use separate connections', async (t) => {
  const { url, traffic } = await open(t, (_request, response) => { setImmediate(() => response.end()) })
  const poster = openPoster(t)
  for (let count = 0; count < 5; count++) await postOne(poster, url)
  t.equal(traffic.connections, 1)
  for (let round = 0; round < 3; round++) await Promise.all(Array.from({ length: 120 }, async () => await postOne(poster, url)))
  t.equal(traffic.bodies.length, 365)
  t.ok(traffic.connections > 10 && traffic.connections <= 120, `${traffic.connections} connections`)
})

t.test('requests to a server with a trusted certificate share one connection', async (t) => {
  const trusted = getCACertificates('default')
  setDefaultCACertificates([certificate])
  t.teardown(() => { setDefaultCACertificates(trusted) })
  const { url, traffic } = await open(t, (_request, response) => { response.end('accepted') }, { isTls: true })
  const poster = openPoster(t)
  for (let count = 0; count < 2; count++) t.match(await postOne(poster, url), { status: 200, body: 'accepted' })
  t.same(traffic, { connections: 1, bodies: [request.body, request.body] })
})

t.test('a server with an untrusted certificate or another host name receives no request', async (t) => {
  const { url, traffic } = await open(t, (_request, response) => { response.end('accepted') }, { isTls: true })
  await t.rejects(openPoster(t).post(url, request), new PostError('DEPTH_ZERO_SELF_SIGNED_CERT', false))
  const trusted = getCACertificates('default')
  setDefaultCACertificates([certificate])
  t.teardown(() => { setDefaultCACertificates(trusted) })
  const elsewhere = new URL(url.href.replace('localhost', 'example.com'))
  await t.rejects(openPoster(t).post(elsewhere, request), new PostError('ERR_TLS_CERT_ALTNAME_INVALID', false))
  t.same(traffic.bodies, [])
})

t.test('a call whose DNS lookup times out is not sent', async (t) => {
  const { url, traffic } = await open(t, () => {})
  await t.rejects(openPoster(t, { timeoutMs: 50, lookup: () => {} }).post(url, request), new PostError('timeout', false))
  t.equal(traffic.connections, 0)
})

t.test('an idle connection is closed after some seconds, before servers close it', async (t) => {
  const { url, server } = await open(t, (_request, response) => { response.end() })
  server.keepAliveTimeout = 60_000
  const connection = once(server, 'connection') as Promise<[{ destroyed: boolean }]>
  await openPoster(t).post(url, request)
  const [socket] = await connection
  const started = performance.now()
  while (!socket.destroyed && performance.now() - started < 20_000) await setTimeout(20)
  const milliseconds = performance.now() - started
  t.ok(milliseconds > 2000 && milliseconds < 20_000, `after ${Math.round(milliseconds)} ms`)
})

t.test('a request uses a new connection when the server closes the idle one at the same moment', async (t) => {
  const { url, server, traffic } = await open(t, (_request, response) => { response.end() })
  const poster = openPoster(t)
  const [socket] = await Promise.all([
    once(server, 'connection').then(([accepted]) => accepted as { destroy: () => void }), postOne(poster, url)
  ])
  const posting = poster.post(url, request)
  socket.destroy()
  t.match(await posting, { status: 200 })
  t.same(traffic, { connections: 2, bodies: [request.body, request.body] })
})

t.test('a request whose connection ends before the response may have arrived, and is not sent again', async (t) => {
  const { url, traffic } = await open(t, ({ socket }) => { socket.destroy() })
  const poster = openPoster(t)
  await t.rejects(poster.post(url, request), new PostError('UND_ERR_SOCKET', true))
  await nextTurn()
  t.same(traffic, { connections: 1, bodies: [request.body] })
})

t.test('a call that times out closes its connection', async (t) => {
  const { url, server, traffic } = await open(t, () => {})
  const closed = once(server, 'connection').then(async ([socket]) => { await once(socket as Socket, 'close') })
  await t.rejects(openPoster(t, { timeoutMs: 200 }).post(url, request), new PostError('timeout', true))
  await closed
  t.same(traffic, { connections: 1, bodies: [request.body] })
})

t.test('the first of two Retry-After headers is used', async (t) => {
  const { url } = await open(t, (_request, response) => { response.writeHead(429, ['retry-after', '7', 'retry-after', '9']).end() })
  t.match(await openPoster(t).post(url, request), { status: 429, retryAfter: '7' })
})

t.test('an early hint before the response is ignored', async (t) => {
  const { url } = await open(t, (_request, response) => {
    response.writeEarlyHints({ link: '</style.css>' })
    response.end('accepted')
  })
  t.match(await openPoster(t).post(url, request), { status: 200, body: 'accepted' })
})

t.test('an unrequested 100 Continue fails the call', async (t) => {
  const { url } = await open(t, (_request, response) => {
    response.writeContinue()
    response.end('accepted')
  })
  await t.rejects(openPoster(t).post(url, request), new PostError('UND_ERR_SOCKET', true))
})

t.test('a response over 64 KiB fails the call', async (t) => {
  const { url } = await open(t, (_request, response) => { response.end('a'.repeat(65_537)) })
  await t.rejects(openPoster(t).post(url, request), new PostError('UND_ERR_RES_EXCEEDED_MAX_SIZE', true))
})

t.test('a 101 Switching Protocols response fails the call', async (t) => {
  const { url } = await open(t, ({ socket }) => {
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n'
    )
  })
  await t.rejects(openPoster(t).post(url, request), new PostError('UND_ERR_SOCKET', true))
})

t.test('a call that timed out before it had a connection is not sent later', async (t) => {
  const { url, traffic } = await open(t, (_request, response) => { response.end() })
  const lookups: Array<() => void> = []
  const lookup: typeof toLoopback = (...query) => { lookups.push(() => { toLoopback(...query) }) }
  const poster = openPoster(t, { timeoutMs: 200, lookup })
  const waiting = poster.post(url, request)
  await setTimeout(100)
  const other = poster.post(url, request)
  await t.rejects(waiting, new PostError('timeout', false))
  for (const find of lookups) find()
  t.match(await other, { status: 200 })
  await poster.close()
  t.same(traffic, { connections: 2, bodies: [request.body] })
})

t.test('close ends the calls in flight, and later calls are not sent', async (t) => {
  const { url, traffic } = await open(t, () => {})
  const poster = openPoster(t)
  const posting = poster.post(url, request)
  while (traffic.bodies.length === 0) await nextTurn()
  const ends = t.rejects(posting, new PostError('UND_ERR_DESTROYED', true))
  await poster.close()
  await ends
  await t.rejects(poster.post(url, request), new PostError('UND_ERR_DESTROYED', false))
  t.equal(traffic.bodies.length, 1)
})
