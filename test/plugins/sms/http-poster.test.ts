import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import t, { type Test } from 'tap'
import { createPoster, PostError, type PosterOptions } from '../../../plugins/sms/http-poster.ts'
import { certificate, key } from '../../fixtures/tls.ts'

interface Seen { connections: number, bodies: string[] }

async function open (t: Test, listener: RequestListener, { isTls = false }: { isTls?: boolean } = {}): Promise<{ url: URL, server: Server, seen: Seen }> {
  const seen: Seen = { connections: 0, bodies: [] }
  const answer: RequestListener = (request, response) => {
    text(request).then((body) => {
      seen.bodies.push(body)
      listener(request, response)
    }, () => {})
  }
  const server = isTls ? createHttpsServer({ key, cert: certificate }, answer) : createHttpServer(answer)
  server.on('connection', () => { seen.connections += 1 })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: new URL(`${isTls ? 'https' : 'http'}://localhost:${(server.address() as AddressInfo).port}/messages`), server, seen }
}

function openPoster (t: Test, options: PosterOptions = {}) {
  const poster = createPoster({ lookup: toLoopback, ...options })
  t.teardown(poster.close)
  return poster
}

const toLoopback: NonNullable<PosterOptions['lookup']> = (_hostname, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }])
const request = { headers: { 'x-from': 'test' }, body: 'text=ü' }

t.test('a request is posted with its headers and its length, and the answer told', async (t) => {
  const { url, seen } = await open(t, (received, response) => {
    const { method, url: path, headers: { 'content-length': length, 'x-from': from } } = received
    response.writeHead(429, { 'retry-after': '7' }).end(JSON.stringify({ method, path, length, from }))
  })
  const { body, ...answer } = await openPoster(t).post(url, request)
  t.same(answer, { status: 429, retryAfter: '7' })
  t.same(JSON.parse(body), { method: 'POST', path: '/messages', length: '7', from: 'test' })
  t.same(seen.bodies, [request.body])
})

t.test('connections are kept and used again, and each of many calls at once has one', async (t) => {
  const { url, seen } = await open(t, (_request, response) => { setImmediate(() => response.end()) })
  const poster = openPoster(t)
  for (let count = 0; count < 5; count++) await poster.post(url, request)
  t.equal(seen.connections, 1)
  for (let round = 0; round < 3; round++) await Promise.all(Array.from({ length: 120 }, async () => await poster.post(url, request)))
  t.equal(seen.bodies.length, 365)
  t.ok(seen.connections > 10 && seen.connections <= 120, `${seen.connections} connections`)
})

t.test('a certificate that is trusted lets the request through, over one connection', async (t) => {
  const trusted = getCACertificates('default')
  setDefaultCACertificates([certificate])
  t.teardown(() => { setDefaultCACertificates(trusted) })
  const { url, seen } = await open(t, (_request, response) => { response.end('taken') }, { isTls: true })
  const poster = openPoster(t)
  for (let count = 0; count < 2; count++) t.match(await poster.post(url, request), { status: 200, body: 'taken' })
  t.same(seen, { connections: 1, bodies: [request.body, request.body] })
})

t.test('a certificate that is not trusted, or another\'s, sees nothing of the request', async (t) => {
  const { url, seen } = await open(t, (_request, response) => { response.end('taken') }, { isTls: true })
  await t.rejects(openPoster(t).post(url, request), new PostError('DEPTH_ZERO_SELF_SIGNED_CERT', false))
  const trusted = getCACertificates('default')
  setDefaultCACertificates([certificate])
  t.teardown(() => { setDefaultCACertificates(trusted) })
  const elsewhere = new URL(url.href.replace('localhost', 'example.com'))
  await t.rejects(openPoster(t).post(elsewhere, request), new PostError('ERR_TLS_CERT_ALTNAME_INVALID', false))
  t.same(seen.bodies, [])
})

t.test('a call whose host is not found in time was not sent', async (t) => {
  const { url, seen } = await open(t, () => {})
  await t.rejects(openPoster(t, { timeoutMs: 50, lookup: () => {} }).post(url, request), new PostError('timeout', false))
  t.equal(seen.connections, 0)
})

t.test('an idle connection is dropped after some seconds, before servers do', async (t) => {
  const { url, server } = await open(t, (_request, response) => { response.end() })
  server.keepAliveTimeout = 60_000
  const connection = once(server, 'connection') as Promise<[{ destroyed: boolean }]>
  await openPoster(t).post(url, request)
  const [socket] = await connection
  const started = performance.now()
  while (!socket.destroyed && performance.now() - started < 20_000) await new Promise((resolve) => setTimeout(resolve, 20))
  const milliseconds = performance.now() - started
  t.ok(milliseconds > 2000 && milliseconds < 20_000, `after ${Math.round(milliseconds)} ms`)
})

t.test('a connection that the server closed at that moment leaves open whether it was sent', async (t) => {
  const { url, server } = await open(t, (_request, response) => { response.end() })
  const poster = openPoster(t)
  const [socket] = await Promise.all([once(server, 'connection').then(([accepted]) => accepted as { destroy: () => void }), poster.post(url, request)])
  const posting = poster.post(url, request)
  socket.destroy()
  await t.rejects(posting, { name: 'PostError', hasLeft: true })
})

t.test('an answer that is none, such as a change of protocol, ends with the time', async (t) => {
  const { url } = await open(t, ({ socket }) => { socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n') })
  const posting = openPoster(t, { timeoutMs: 100 }).post(url, request)
  const patience = new Promise((resolve) => setTimeout(resolve, 2000, 'it hangs').unref())
  await t.rejects(Promise.race([posting, patience]), new PostError('timeout', true))
})
