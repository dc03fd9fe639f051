import { once } from 'node:events'
import { isDeepStrictEqual } from 'node:util'
import type { Socket } from 'node:net'
import t, { type Test } from 'tap'
import { slowBodyLimits } from '../../../src/http/body-arrival.ts'
import { creativeForm, formOf, formType } from '../../support/forms.ts'
import { imageOf } from '../../fixtures/images.ts'
import { build, signUp } from '../../support/helper.ts'
import { holdReservations } from '../../support/latches.ts'
import { until } from '../../support/polling.ts'
import { listen, openSocket, parseReply, readAll } from '../../support/sockets.ts'
import { storedFiles, tracesOf } from '../../support/traces.ts'

const origin = 'https://app.example'
const app = await build(t, { env: { CORS_ORIGINS: origin } })
const { authorization } = await signUp(app)
const port = await listen(app)
// The tests decide when a second has passed.
t.intercept(globalThis, 'setInterval', { value: () => setTimeout(() => {}, 0) })
const { bytesPerSecond, silenceSeconds, windowSeconds } = slowBodyLimits

const body = formOf(creativeForm({ file: imageOf(600_000) }))
const head = (...lines: string[]) => [
  'POST /upload-creative HTTP/1.1', 'Host: localhost', `Origin: ${origin}`, `Authorization: ${authorization}`, `Content-Type: ${formType}`,
  ...lines, '', ''
].join('\r\n')

/** Enough of the form that its file has begun. */
const firstBytes = 400

/** An upload whose bytes a test sends second by second. */
interface SlowUpload {
  socket: Socket
  /** Sends some bytes of the form; one second passes. */
  pass (bytes: number): Promise<void>
  response: Promise<string>
}

/** Begins an upload, and waits until its file is being staged. */
async function begin (
  t: Test, lines = [`Content-Length: ${body.length}`], encode = (data: Buffer) => data.toString('latin1')
): Promise<SlowUpload> {
  const { length: stored } = await storedFiles(app)
  const socket = await openSocket(port)
  const requests = once(app.server, 'request') as Promise<[{ socket: Socket }]>
  const response = readAll(socket)
  t.teardown(() => { socket.destroy() })
  const beginning = head(...lines) + encode(body.subarray(0, firstBytes))
  socket.write(beginning, 'latin1')
  const [{ socket: service }] = await requests
  await until('the upload is staged', async () => service.bytesRead === beginning.length && (await storedFiles(app)).length > stored)
  let sentBytes = firstBytes
  return {
    socket,
    response,
    async pass (bytes) {
      const receivedBytes = service.bytesRead + bytes
      socket.write(body.subarray(sentBytes, sentBytes + bytes))
      sentBytes += bytes
      await until('the bytes arrive', () => service.bytesRead === receivedBytes || service.destroyed)
      app.slowBodies.check()
    }
  }
}

function isTooSlow (t: Test, text: string): void {
  const { status, head: headers, body: json } = parseReply(text)
  t.equal(status, 400)
  t.match(JSON.parse(json), { code: 'CHR_REQUEST_TIMEOUT', error: /needs 1 KiB a second, and no pause longer than 30 s/ })
  t.match(headers, /\r\nconnection: close/i)
  t.match(headers, new RegExp(`\r\naccess-control-allow-origin: ${origin}`, 'i'), 'pages of other origins can read it')
}

t.test('an upload that keeps coming is accepted, however long it takes', async (t) => {
  const { socket, pass, response } = await begin(t, [`Content-Length: ${body.length}`, 'Connection: close'])
  for (let second = 0; second < 4 * windowSeconds; second++) await pass(bytesPerSecond)
  socket.write(body.subarray(firstBytes + 4 * windowSeconds * bytesPerSecond))
  t.equal(parseReply(await response).status, 200)
})

t.test('an upload that sends one byte a second is refused, and leaves no traces', async (t) => {
  const known = await tracesOf(app)
  const { pass, response } = await begin(t)
  for (let second = 0; second < windowSeconds; second++) await pass(1)
  isTooSlow(t, await response)
  await until('no traces are left', async () => isDeepStrictEqual(await tracesOf(app), known))
})

t.test('an upload that stops is refused', async (t) => {
  const { pass, response } = await begin(t)
  for (let second = 0; second < silenceSeconds; second++) await pass(0)
  isTooSlow(t, await response)
})

t.test('an upload that stops before the service reads it is disconnected', async (t) => {
  const reservations = holdReservations(t, app)
  const socket = await openSocket(port)
  const response = readAll(socket)
  socket.write(head(`Content-Length: ${body.length}`))
  await until('the upload waits for its quota', () => reservations.waiting > 0)
  for (let second = 0; second < silenceSeconds; second++) app.slowBodies.check()
  t.equal(await response, '')
  reservations.restore()
})

t.test('malformed chunks in a form are refused with the headers of every response', async (t) => {
  const { socket, response } = await begin(t, ['Transfer-Encoding: chunked'], (data) => `${data.length.toString(16)}\r\n${data.toString('latin1')}\r\n`)
  socket.write('zz\r\n')
  socket.write('zz\r\n')
  const { status, head: headers, body: json } = parseReply(await response)
  t.equal(status, 400)
  t.match(JSON.parse(json), { code: 'CHR_BAD_REQUEST' })
  t.match(headers, new RegExp(`\r\naccess-control-allow-origin: ${origin}`, 'i'))
})
