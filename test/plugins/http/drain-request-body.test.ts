import { once } from 'node:events'
import t from 'tap'
import { build } from '../../support/helper.ts'
import { until } from '../../support/polling.ts'
import { exchange, listen, openSocket, parseReply, readAll } from '../../support/sockets.ts'

const app = await build(t)
const port = await listen(app)

const head = (path: string, ...lines: string[]) => [`POST ${path} HTTP/1.1`, 'Host: localhost', ...lines, '', ''].join('\r\n')
const live = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'

t.test('a client that sends its whole body first can read an early error response', async (t) => {
  const size = 5_000_000
  const refusals = { '/login': 413, '/upload-creative': 401, '/nope': 404 }
  for (const [path, status] of Object.entries(refusals)) {
    const type = { '/login': 'application/json', '/upload-creative': 'multipart/form-data; boundary=x' }[path] ?? 'text/plain'
    const socket = await openSocket(port)
    socket.write(head(path, `Content-Type: ${type}`, `Content-Length: ${size}`))
    for (let sent = 0; sent < size; sent += 50_000) {
      await new Promise<void>((resolve) => { socket.write(Buffer.alloc(50_000, ' '), () => resolve()) })
    }
    const [answer] = await once(socket, 'data') as [Buffer]
    t.equal(parseReply(answer.toString()).status, status, path)
    t.notOk(socket.closed)
    // The refused body is drained, so the connection serves the next request.
    const rest = readAll(socket)
    socket.write(live)
    t.match(await rest, /"status":"live"/)
  }
})

t.test('the rest of a refused chunked body is drained too', async (t) => {
  const socket = await openSocket(port)
  socket.write(head('/login', 'Content-Type: text/plain', 'Transfer-Encoding: chunked') + 'a\r\n0123456789\r\n')
  const [answer] = await once(socket, 'data') as [Buffer]
  t.equal(parseReply(answer.toString()).status, 415)
  const rest = readAll(socket)
  socket.write(`a\r\n0123456789\r\n0\r\n\r\n${live}`)
  t.match(await rest, /"status":"live"/)
})

t.test('a client that cannot keep its connection reads the refusal after it has sent its whole body', async (t) => {
  const size = 5_000_000
  for (const [version, ...lines] of [['1.0'], ['1.1', 'Host: localhost', 'Connection: close']] as const) {
    for (const [method, path, status] of [['POST', '/upload-creative', 401], ['POST', '/nope', 404], ['PUT', '/login', 405]] as const) {
      const socket = await openSocket(port)
      const text = readAll(socket)
      let isBroken = false
      socket.on('error', () => { isBroken = true })
      socket.write([`${method} ${path} HTTP/${version}`, ...lines, 'Content-Type: image/png', `Content-Length: ${size}`, '', ''].join('\r\n'))
      await once(socket, 'data')
      for (let sent = 0; sent < size; sent += 50_000) {
        await new Promise<void>((resolve) => { socket.write(Buffer.alloc(50_000), () => resolve()) })
      }
      const reply = parseReply(await text)
      t.equal(reply.status, status, `${method} ${path} HTTP/${version}`)
      t.match(reply.head, /\r\nconnection: close/i)
      t.match(reply.head, new RegExp(`\r\ncontent-length: ${reply.body.length}\r\n`, 'i'))
      t.match(JSON.parse(reply.body), { request_id: /./ })
      t.notOk(isBroken, 'the connection ends in order')
    }
  }
})

t.test('a refused client that disconnects during its body does no harm', async (t) => {
  const socket = await openSocket(port)
  socket.write(head('/login', 'Content-Type: text/plain', 'Connection: close', 'Content-Length: 1000') + 'text')
  await once(socket, 'data')
  socket.resetAndDestroy()
  t.match(await exchange(port, live), { status: 200 })
})

t.test('the rest of a refused body is also drained during a shutdown', async (t) => {
  const stopping = await build(t, { env: { SHUTDOWN_SECONDS: '60' } })
  const socket = await openSocket(await listen(stopping))
  const begun = once(stopping.server, 'request')
  socket.write(head('/login', 'Content-Type: application/json', 'Transfer-Encoding: chunked') + '1\r\n{\r\n')
  await begun
  const stopped = stopping.close()
  await until('the service shuts down', () => !stopping.server.listening)
  const size = 5_000_000
  socket.write(`${size.toString(16)}\r\n`)
  socket.write(Buffer.alloc(size / 2, ' '))
  const [answer] = await once(socket, 'data') as [Buffer]
  const { status, head: headers } = parseReply(answer.toString())
  t.equal(status, 413)
  t.match(headers, /connection: close/i)
  t.notOk(socket.closed, 'the connection stays open until the body is read')
  socket.end(Buffer.concat([Buffer.alloc(size / 2, ' '), Buffer.from('\r\n0\r\n\r\n')]))
  await stopped
})

t.test('a client that never stops sending is disconnected', async (t) => {
  const socket = await openSocket(port)
  socket.write(head('/login', 'Content-Type: text/plain', 'Transfer-Encoding: chunked'))
  socket.resume()
  const chunk = `${(1_000_000).toString(16)}\r\n${' '.repeat(1_000_000)}\r\n`
  let chunks = 0
  for (; chunks < 200 && !socket.destroyed; chunks++) {
    await new Promise<void>((resolve) => { socket.write(chunk, () => resolve()) })
  }
  t.ok(socket.destroyed, `after ${chunks} MB`)
  socket.destroy()
})

t.test('an error response to a fully read request leaves the connection unchanged', async (t) => {
  const closing = await exchange(port, `${head('/login', 'Content-Type: application/json', 'Content-Length: 1', 'Connection: close')}{`)
  t.equal(closing.status, 400)
  t.match(closing.head, /connection: close/i)
})

t.test('after a success, Node handles an unread body', async (t) => {
  const answer = await exchange(port, 'GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody')
  t.equal(answer.status, 200)
})
