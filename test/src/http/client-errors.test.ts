import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { slowBodyLimits } from '../../../src/http/body-arrival.ts'
import { answerClientError } from '../../../src/http/client-errors.ts'
import { creativeForm, formOf, formType } from '../../support/forms.ts'
import { build, signUp } from '../../support/helper.ts'
import { listen, openSocket, parseReply, readAll } from '../../support/sockets.ts'

const app = await build(t)
const port = await listen(app)

async function open (t: Test): Promise<Socket> {
  const socket = await openSocket(port)
  t.teardown(() => { socket.destroy() })
  return socket
}

function isFailure (t: Test, text: string, { status, code }: { status: number, code: string }): void {
  const reply = parseReply(text)
  t.equal(reply.status, status)
  t.match(reply.head, /\r\ncontent-type: application\/json; charset=utf-8/i)
  t.match(reply.head, /\r\nconnection: close/i)
  t.match(JSON.parse(reply.body), { code, error: /^[A-Z].*\.$/, request_id: /./ })
}

const head = 'POST /login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n'
const slow = [
  ['headers that arrive one byte a second', 'GET /health/live HTTP/1.1\r\nx: ', true],
  ['headers that stop coming', 'GET /health/live HTTP/1.1\r\nx: ', false],
  ['a body that arrives one byte a second', `${head}content-length: 1000\r\n\r\n{"phone_number":"`, true],
  ['a body that stops coming', `${head}content-length: 1000\r\n\r\n{"phone_number":"`, false],
  ['a chunked body that never ends', `${head}transfer-encoding: chunked\r\n\r\n5\r\n{"pho\r\n`, false]
] as const

/** Sends a byte a second until the connection is closed. */
function drip (t: Test, socket: Socket): void {
  const timer = setInterval(() => { if (socket.writable) socket.write('1') }, 1000)
  t.teardown(() => { clearInterval(timer) })
}

t.test('a request that takes too long to arrive is cut off after 10 s, with a status that clients do not repeat', async (t) => {
  t.jobs = slow.length + 1
  for (const [what, beginning, drips] of slow) {
    t.test(what, async (t) => {
      const socket = await open(t)
      const text = readAll(socket)
      const started = performance.now()
      socket.write(beginning)
      if (drips) drip(t, socket)
      isFailure(t, await text, { status: 400, code: 'CHR_REQUEST_TIMEOUT' })
      const seconds = (performance.now() - started) / 1000
      t.ok(seconds > 9.5 && seconds < 25, `after ${seconds.toFixed(1)} s`)
    })
  }

  t.test('but not the image of an upload', async (t) => {
    const { authorization } = await signUp(app)
    const socket = await open(t)
    const text = readAll(socket)
    const form = formOf(creativeForm())
    const timedOut = new Promise<void>((resolve) => {
      app.server.on('clientError', (_error, { remotePort }: Socket) => { if (remotePort === socket.localPort) resolve() })
    })
    socket.write(`POST /upload-creative HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: ${authorization}\r\n` +
      `content-type: ${formType}\r\ncontent-length: ${form.length}\r\n\r\n`)
    socket.write(form.subarray(0, 100))
    await timedOut
    socket.write(form.subarray(100))
    t.equal(parseReply(await text).status, 200)
  })
})

t.test('a request refused before its slow body ends gets a single response', async (t) => {
  const socket = await open(t)
  const text = readAll(socket)
  socket.write('POST /login HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 1000\r\n\r\n')
  await once(socket, 'data')
  for (let second = 0; second < slowBodyLimits.silenceSeconds; second++) app.slowBodies.check()
  t.same((await text).match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 415'])
})

for (const [what, text] of [
  ['text that is not HTTP', 'hello\r\n\r\n'],
  ['a version that does not exist', 'GET / HTTP/9.9\r\nhost: x\r\n\r\n'],
  ['a method that does not exist', 'GRAB / HTTP/1.1\r\nhost: x\r\n\r\n'],
  ['a header without a colon', 'GET / HTTP/1.1\r\nhost: x\r\nnonsense\r\n\r\n'],
  ['control characters in a header', 'GET / HTTP/1.1\r\nhost: x\r\nx: a\x01b\r\n\r\n'],
  ['a length that is not a number', 'POST /login HTTP/1.1\r\nhost: x\r\ncontent-length: ten\r\n\r\n'],
  ['two lengths', 'POST /login HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
  ['both a length and chunks', 'POST /login HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
  [
    'chunks without a size', 'POST /login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'
  ],
  ['a TLS handshake', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03']
] as const) {
  t.test(`malformed HTTP answers 400: ${what}`, async (t) => {
    const socket = await open(t)
    socket.write(text, 'latin1')
    isFailure(t, await readAll(socket), { status: 400, code: 'CHR_BAD_REQUEST' })
  })
}

for (const kilobytes of [20, 500, 4000]) {
  t.test(`headers of ${kilobytes} KB answer 431`, async (t) => {
    const socket = await open(t)
    socket.write(`GET /health/live HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(kilobytes * 1024)}\r\n\r\n`)
    isFailure(t, await readAll(socket), { status: 431, code: 'CHR_HEADERS_TOO_LARGE' })
  })
}

t.test('malformed bytes after a request do not interrupt its response', async (t) => {
  const server = createServer((_request, response) => { response.writeHead(200, { 'content-length': 1000 }).write('the beginning') })
  server.on('clientError', answerClientError.bind(app))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => { server.close() })
  const socket = await openSocket((server.address() as AddressInfo).port)
  const text = readAll(socket)
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  await once(socket, 'data')
  socket.write('nonsense\r\n\r\n')
  t.match(await text, /^HTTP\/1\.1 200 [^]*\r\n\r\nthe beginning$/)
})

t.test('other connection errors answer 400, unless the client has disconnected', async (t) => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (chunk) => {
      const code = chunk.toString()
      if (code === 'closed') socket.destroy()
      answerClientError.call(app, code === 'none' ? new Error('an error without a code') : Object.assign(new Error('with one'), { code }), socket)
      socket.destroy()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => { server.close() })
  for (const [code, status] of [['none', 400], ['HPE_INVALID_URL', 400], ['ECONNRESET', 0], ['closed', 0]] as const) {
    const socket = await openSocket((server.address() as AddressInfo).port)
    socket.write(code)
    t.equal(parseReply(await readAll(socket)).status, status, code)
  }
})

t.test('a client that disconnects during a request gets no response', async (t) => {
  const socket = await open(t)
  socket.write(`${head}content-length: 1000\r\n\r\n{`)
  await once(app.server, 'request')
  socket.resetAndDestroy()
  const next = await open(t)
  next.write('GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
  t.equal(parseReply(await readAll(next)).status, 200)
})
