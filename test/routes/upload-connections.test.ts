import { once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Socket } from 'node:net'
import t from 'tap'
import { boundary, creativeForm, formOf, formType, type Part } from '../support/forms.ts'
import { defaultUploadBytes } from '../../src/domain/creatives/image.ts'
import { imageOf, images } from '../fixtures/images.ts'
import { latchBeforeDecoding } from '../support/latches.ts'
import { build, signUp } from '../support/helper.ts'
import { until } from '../support/polling.ts'
import { listen, openSocket, parseReply, readAll } from '../support/sockets.ts'
import { storedFiles, tracesOf } from '../support/traces.ts'

/* These tests need a real connection, because their bodies are cut off or far too long. */
const app = await build(t)
const { authorization } = await signUp(app)
const port = await listen(app)
const before = await tracesOf(app)

const head = (...lines: string[]) =>
  [
    'POST /upload-creative HTTP/1.1', 'Host: localhost', `Authorization: ${authorization}`, `Content-Type: ${formType}`, ...lines, '', ''
  ].join('\r\n')

const chunk = (data: Buffer) => Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from('\r\n')])

/** Writes at the pace of the reader, and writes nothing once the socket is closed. */
async function write (socket: Socket, data: Buffer | string): Promise<void> {
  if (socket.destroyed) return
  await new Promise<void>((resolve) => { socket.write(data, () => resolve()) })
}

const getHealth = async () => await fetch(`http://127.0.0.1:${port}/health/live`, { headers: { connection: 'close' } })

t.test('an upload that the client aborts leaves no traces', async (t) => {
  const body = formOf(creativeForm({ file: imageOf(5_000_000) }))
  for (const [title, lines, first] of [
    ['with Content-Length', [`Content-Length: ${body.length}`], body.subarray(0, 3_000_000)],
    ['in chunks', ['Transfer-Encoding: chunked'], chunk(body.subarray(0, 3_000_000))]
  ] as const) {
    const socket = await openSocket(port)
    await write(socket, head(...lines))
    await write(socket, first)
    await until(`the upload ${title} is staged`, async () => (await storedFiles(app)).length === 1)
    socket.destroy()
    await until(`the upload ${title} is gone`, async () => isDeepStrictEqual(await tracesOf(app), before))
  }
  t.equal((await getHealth()).status, 200)
})

t.test('an upload in chunks or after 100 Continue is accepted', async (t) => {
  const app = await build(t)
  const { authorization } = await signUp(app)
  const port = await listen(app)
  const body = formOf(creativeForm())
  const lines = (...others: string[]) =>
    ['POST /upload-creative HTTP/1.1', 'Host: localhost', 'Connection: close', `Authorization: ${authorization}`,
    `Content-Type: ${formType}`, ...others, '', ''].join('\r\n')
  const chunked = await openSocket(port)
  const text = readAll(chunked)
  await write(chunked, lines('Transfer-Encoding: chunked'))
  for (let sent = 0; sent < body.length; sent += 50) await write(chunked, chunk(body.subarray(sent, sent + 50)))
  await write(chunked, '0\r\n\r\n')
  t.equal(parseReply(await text).status, 200)

  const waiting = await openSocket(port)
  await write(waiting, lines('Expect: 100-continue', `Content-Length: ${body.length}`))
  const [data] = await once(waiting, 'data') as [Buffer]
  t.match(data.toString(), /^HTTP\/1\.1 100 /)
  const response = readAll(waiting)
  await write(waiting, body)
  t.equal(parseReply(await response).status, 200)
  t.match(await tracesOf(app), { creatives: 2, images: ['ready', 'ready'] })
})

t.test('an upload with a wrong Content-Length leaves no traces', async (t) => {
  const body = formOf(creativeForm())
  for (const [title, stated] of [['too short', body.length - 20], ['too long', body.length + 20]] as const) {
    const socket = await openSocket(port)
    const text = readAll(socket)
    await write(socket, head(`Content-Length: ${stated}`, 'Connection: close'))
    await write(socket, body)
    socket.end()
    const { status } = parseReply(await text)
    t.ok(status === 400 || (status === 0 && title === 'too long'), `${title}: ${status}`)
    await until('no traces are left', async () => isDeepStrictEqual(await tracesOf(app), before))
  }
})

t.test('a client that disconnects before its form is read or before its image is decoded leaves no traces', async (t) => {
  const body = formOf(creativeForm())
  const upload = async () => {
    const socket = await openSocket(port)
    await write(socket, head(`Content-Length: ${body.length}`))
    await write(socket, body)
    return socket
  }
  const { reserve } = app.imageQuota
  let isReserved = false
  const { restore } = t.intercept(app.imageQuota, 'reserve', {
    value: async (...given: Parameters<typeof reserve>) => {
      const reservation = await reserve(...given)
      early.destroy()
      await nextTurn()
      await nextTurn()
      isReserved = true
      return reservation
    }
  })
  const early = await upload()
  await until('the quota is reserved', () => isReserved)
  await until('the first upload leaves no traces', async () => isDeepStrictEqual(await tracesOf(app), before))
  restore()
  const latch = latchBeforeDecoding(t, app)
  const late = await upload()
  await until('the second upload reaches the decoder', () => latch.waiting === 1)
  late.destroy()
  await nextTurn()
  await nextTurn()
  latch.open()
  await until('the second upload leaves no traces', async () => isDeepStrictEqual(await tracesOf(app), before))
  t.equal((await getHealth()).status, 200)
})

t.test('a Content-Length above the limit is refused before the body is sent', async (t) => {
  const socket = await openSocket(port)
  await write(socket, head(`Content-Length: ${500 * 1024 * 1024}`, 'Connection: close'))
  const [data] = await once(socket, 'data') as [Buffer]
  const { status, head: headers, body } = parseReply(data.toString())
  t.equal(status, 413)
  t.match(JSON.parse(body), { code: 'CHR_TOO_LARGE', error: 'The image is larger than 10 MiB.' })
  t.match(headers, /cache-control: no-store/)
  socket.destroy()
})

t.test('a client that writes a whole oversize body in chunks can still read the 413 response', async (t) => {
  const socket = await openSocket(port)
  const text = readAll(socket)
  await write(socket, head('Transfer-Encoding: chunked', 'Connection: close'))
  await write(socket, chunk(Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\n`)))
  await write(socket, chunk(images.png))
  for (let sent = 0; sent < defaultUploadBytes + 4_000_000; sent += 1_000_000) await write(socket, chunk(Buffer.alloc(1_000_000)))
  await write(socket, `${chunk(Buffer.from(`\r\n--${boundary}--\r\n`)).toString()}0\r\n\r\n`)
  socket.end()
  const { status, body } = parseReply(await text)
  t.equal(status, 413)
  t.match(JSON.parse(body), { code: 'CHR_TOO_LARGE' })
  t.same(await tracesOf(app), before)
})

t.test('a client that never stops sending is disconnected', async (t) => {
  const socket = await openSocket(port)
  const text = readAll(socket)
  await write(socket, head('Transfer-Encoding: chunked'))
  await write(socket, chunk(Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\n`)))
  await write(socket, chunk(images.png))
  let sentBytes = 0
  while (!socket.closed && sentBytes < 200_000_000) {
    await write(socket, chunk(Buffer.alloc(1_000_000)))
    sentBytes += 1_000_000
    await nextTurn()
  }
  t.ok(socket.closed)
  t.ok(sentBytes < 60_000_000, `${sentBytes} bytes were sent`)
  await text
  await until('no traces are left', async () => isDeepStrictEqual(await tracesOf(app), before))
  t.equal((await getHealth()).status, 200)
})

t.test('an error response in the middle of a form can be read, and the connection can be reused', async (t) => {
  const large = { name: 'file', value: imageOf(3_000_000), filename: 'a.png' }
  const small = { ...large, value: images.png }
  const forms: Array<[title: string, parts: Part[], status: number]> = [
    ['a second file', [small, large], 400],
    ['a file in a field of another name', [{ ...large, name: 'image' }], 400],
    ['an unknown field', [{ name: 'owner', value: '1' }, large], 400],
    ['a text named .png', [{ ...large, value: Buffer.alloc(3_000_000, 'text ') }], 415]
  ]
  for (const [title, parts, status] of forms) {
    const body = formOf(parts)
    const socket = await openSocket(port)
    await write(socket, head(`Content-Length: ${body.length}`))
    for (let sent = 0; sent < body.length; sent += 100_000) await write(socket, body.subarray(sent, sent + 100_000))
    const [data] = await once(socket, 'data') as [Buffer]
    t.equal(parseReply(data.toString()).status, status, title)
    const rest = readAll(socket)
    await write(socket, 'GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    t.match(await rest, /"status":"live"/, title)
  }
  t.same(await tracesOf(app), before)
})

t.test('a text named .png is refused after its first bytes', async (t) => {
  const socket = await openSocket(port)
  await write(socket, head(`Content-Length: ${defaultUploadBytes}`))
  await write(socket, formOf(creativeForm({ file: Buffer.alloc(100_000, 'text ') })).subarray(0, -100))
  const [data] = await once(socket, 'data') as [Buffer]
  const { status, head: headers, body } = parseReply(data.toString())
  t.notMatch(headers, /connection: close/i, 'the response can be read while the rest is still being sent')
  t.equal(status, 415)
  t.match(JSON.parse(body), { code: 'CHR_IMAGE_TYPE' })
  socket.destroy()
  await until('no traces are left', async () => isDeepStrictEqual(await tracesOf(app), before))
})
