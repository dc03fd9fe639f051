import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { UnavailableError } from '../../../src/http/errors.ts'
import { ask, seedCreative } from '../../support/creatives.ts'
import { build, signUp } from '../../support/helper.ts'
import { until } from '../../support/polling.ts'
import { listen, openSocket, readAll } from '../../support/sockets.ts'

const original = Buffer.alloc(1024 * 1024, 0x41)

async function arrange (t: Test) {
  const app = await build(t)
  const session = await signUp(app)
  const creative = await seedCreative(app, { ownerId: session.userId, original })
  const request = `GET /creatives/${creative.id}/image HTTP/1.1\r\nhost: a\r\nauthorization: ${session.authorization}\r\n\r\n`
  return { app, session, creative, request }
}

/** Makes the blob store send the chunks and then fail. */
function breakStore (t: Test, app: FastifyInstance, chunks: readonly Buffer[]): void {
  async function * body () {
    for (const chunk of chunks) {
      yield chunk
      // The chunk leaves the process before the store fails.
      await nextTurn()
    }
    throw new UnavailableError('storage', new Error('the disk is gone'))
  }
  t.intercept(app.blobs, 'open', {
    value: async () => ({ stream: Readable.from(body(), { objectMode: false }), byteCount: original.length })
  })
}

t.test('a store that fails midway closes the connection, so that no client mistakes a part for the whole image', async (t) => {
  const { app, request } = await arrange(t)
  breakStore(t, app, [original.subarray(0, 1000)])
  const socket = await openSocket(await listen(app))
  const received = readAll(socket)
  socket.write(request)
  const text = await received
  t.match(text, /^HTTP\/1\.1 200 /)
  t.match(text, /content-length: 1048576/)
  t.ok(text.length < original.length)
})

t.test('a store that fails before the first byte answers 503 without the headers of the image', async (t) => {
  const { app, session, creative } = await arrange(t)
  breakStore(t, app, [])
  const response = await ask(app, session, `/creatives/${creative.id}/image`)
  t.match(response, { statusCode: 503, headers: { 'content-type': /json/, 'cache-control': 'no-store', 'retry-after': '1' } })
  t.equal(response.json().code, 'CHR_UNAVAILABLE')
  t.equal(response.headers['content-length'], String(response.rawPayload.length))
  for (const name of ['etag', 'accept-ranges', 'content-disposition', 'content-range']) t.equal(response.headers[name], undefined, name)
})

t.test('a client that disconnects ends the read from the blob store', async (t) => {
  const { app, request } = await arrange(t)
  let stream: Readable | undefined
  t.intercept(app.blobs, 'open', {
    value: async () => {
      stream = new Readable({ read () { this.push(Buffer.alloc(65_536)) } })
      return { stream, byteCount: original.length }
    }
  })
  const socket = await openSocket(await listen(app))
  socket.write(request)
  await new Promise((resolve) => { socket.once('data', resolve) })
  socket.destroy()
  await until('the stream is destroyed', async () => stream?.destroyed === true)
  t.ok(stream?.destroyed)
})

t.test('a missing or damaged image answers 404 and is logged as an error', async (t) => {
  const { app, session, creative } = await arrange(t)
  const errors: unknown[] = []
  t.intercept(app.log, 'error', { value: (...args: unknown[]) => { errors.push(args) } })
  const url = `/creatives/${creative.id}/image`
  const { open } = app.blobs
  const damaged = Readable.from([original])
  app.blobs.open = async () => ({ stream: damaged, byteCount: 7 })
  t.equal((await ask(app, session, url)).statusCode, 404)
  t.ok(damaged.destroyed)
  app.blobs.open = open
  await app.blobs.delete(`${creative.key}.original`)
  for (const method of ['GET', 'HEAD'] as const) {
    t.match(await ask(app, session, url, { method }), {
      statusCode: 404, headers: { 'content-type': /json/ }
    }, method)
  }
  t.equal((await ask(app, session, url, { headers: { range: 'bytes=0-1' } })).statusCode, 404)
  t.equal((await ask(app, session, `${url}?variant=preview`)).statusCode, 200)
  await app.pg.pool.query('update images set blobs = null')
  t.equal((await ask(app, session, `${url}?variant=preview`)).statusCode, 404)
  t.equal(errors.length, 5)
  t.match(errors[0], [{ creativeId: creative.id, key: `${creative.key}.original` }, /missing or damaged/])
})
