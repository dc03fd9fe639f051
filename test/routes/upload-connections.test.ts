import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Socket } from 'node:net'
import t from 'tap'
import { boundary, creativeForm, formOf, formType, type Part } from '../forms.ts'
import { maximumImageBytes } from '../../src/domain/image.ts'
import { imageOf, images } from '../fixtures/images.ts'
import { build, signUp } from '../helper.ts'
import { until } from '../polling.ts'
import { listen, openSocket, parseReply, readAll } from '../sockets.ts'
import { storedFiles, tracesOf } from '../traces.ts'

/* What only a real connection shows: bodies that are cut off or far too long. */
const app = await build(t)
const { authorization } = await signUp(app)
const port = await listen(app)
const before = await tracesOf(app)

const head = (...lines: string[]) =>
  ['POST /upload-creative HTTP/1.1', 'Host: localhost', `Authorization: ${authorization}`, `Content-Type: ${formType}`, ...lines, '', ''].join('\r\n')

const chunk = (data: Buffer) => Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from('\r\n')])

/** Writes as fast as the other side reads; what it no longer reads is lost. */
async function write (socket: Socket, data: Buffer | string): Promise<void> {
  if (socket.destroyed) return
  await new Promise<void>((resolve) => { socket.write(data, () => resolve()) })
}

const ask = async () => await fetch(`http://127.0.0.1:${port}/health/live`, { headers: { connection: 'close' } })

t.test('an upload that the client breaks off leaves nothing', async (t) => {
  const body = formOf(creativeForm({ file: imageOf(5_000_000) }))
  for (const [title, lines, first] of [
    ['with a stated length', [`Content-Length: ${body.length}`], body.subarray(0, 3_000_000)],
    ['in chunks', ['Transfer-Encoding: chunked'], chunk(body.subarray(0, 3_000_000))]
  ] as const) {
    const socket = await openSocket(port)
    await write(socket, head(...lines))
    await write(socket, first)
    await until(`the upload ${title} is staged`, async () => (await storedFiles(app)).length === 1)
    socket.destroy()
    await until(`the upload ${title} is gone`, async () => isDeepStrictEqual(await tracesOf(app), before))
  }
  t.equal((await ask()).status, 200)
})

t.test('a body that states a length beyond the limit is refused before it is sent', async (t) => {
  const socket = await openSocket(port)
  await write(socket, head(`Content-Length: ${500 * 1024 * 1024}`, 'Connection: close'))
  const [data] = await once(socket, 'data') as [Buffer]
  const { status, head: headers, body } = parseReply(data.toString())
  t.equal(status, 413)
  t.match(JSON.parse(body), { code: 'CHR_TOO_LARGE', error: 'The image is larger than 10 MiB.' })
  t.match(headers, /cache-control: no-store/)
  socket.destroy()
})

t.test('an oversize body in chunks gets an answer that a client can read which first writes it all', async (t) => {
  const socket = await openSocket(port)
  const text = readAll(socket)
  await write(socket, head('Transfer-Encoding: chunked', 'Connection: close'))
  await write(socket, chunk(Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\n`)))
  await write(socket, chunk(images.png))
  for (let sent = 0; sent < maximumImageBytes + 4_000_000; sent += 1_000_000) await write(socket, chunk(Buffer.alloc(1_000_000)))
  await write(socket, `${chunk(Buffer.from(`\r\n--${boundary}--\r\n`)).toString()}0\r\n\r\n`)
  socket.end()
  const { status, body } = parseReply(await text)
  t.equal(status, 413)
  t.match(JSON.parse(body), { code: 'CHR_TOO_LARGE' })
  t.same(await tracesOf(app), before)
})

t.test('who sends on without end is cut off', async (t) => {
  const socket = await openSocket(port)
  const text = readAll(socket)
  await write(socket, head('Transfer-Encoding: chunked'))
  await write(socket, chunk(Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\n`)))
  await write(socket, chunk(images.png))
  let sentBytes = 0
  while (!socket.closed && sentBytes < 200_000_000) {
    await write(socket, chunk(Buffer.alloc(1_000_000)))
    sentBytes += 1_000_000
    await turn()
  }
  t.ok(socket.closed)
  t.ok(sentBytes < 60_000_000, `${sentBytes} bytes were sent`)
  await text
  await until('nothing is left', async () => isDeepStrictEqual(await tracesOf(app), before))
  t.equal((await ask()).status, 200)
})

t.test('a refusal in the middle of a form can be read, and the connection used again', async (t) => {
  const large = { name: 'file', value: imageOf(3_000_000), filename: 'a.png' }
  const small = { ...large, value: images.png }
  const forms: Array<[title: string, parts: Part[], status: number]> = [
    ['a second file', [small, large], 400],
    ['a file of another name', [{ ...large, name: 'image' }], 400],
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

t.test('a text named .png is refused at its first bytes, long before its end', async (t) => {
  const socket = await openSocket(port)
  await write(socket, head(`Content-Length: ${maximumImageBytes}`))
  await write(socket, formOf(creativeForm({ file: Buffer.alloc(100_000, 'text ') })).subarray(0, -100))
  const [data] = await once(socket, 'data') as [Buffer]
  const { status, head: headers, body } = parseReply(data.toString())
  t.notMatch(headers, /connection: close/i, 'the answer can be read while the rest still comes')
  t.equal(status, 415)
  t.match(JSON.parse(body), { code: 'CHR_IMAGE_TYPE' })
  socket.destroy()
  await until('nothing is left', async () => isDeepStrictEqual(await tracesOf(app), before))
})
