import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import { mock } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import t from 'tap'
import type { BlobKey, BlobStore } from '../../../../../plugins/platform/blob-store/index.ts'
import { createKey, listBlobs, putBytes, readBlob, unavailable } from '../../../../contracts/blob-store/files.ts'
import { openBucket, openFakeServer, shortLimits, startServer, storageUrl } from '../../../../s3/bucket.ts'
import type { FaultKind } from '../../../../s3/faults.ts'
import { promptMs, until } from '../../../../support/polling.ts'

const bytes = randomBytes(1_000_000)
const slowDown: FaultKind = { kind: 'refuse', status: 503, code: 'SlowDown' }

/** The calls of a store, by name. */
const calls: Record<string, (store: BlobStore, key: BlobKey) => Promise<unknown>> = {
  put: async (store) => await putBytes(store, bytes),
  open: async (store, key) => await readBlob(store, key),
  head: async (store, key) => await store.head(key),
  list: async (store) => await listBlobs(store),
  check: async (store) => { await store.check() },
  delete: async (store, key) => { await store.delete(key) }
}

for (const [name, call] of Object.entries(calls)) {
  t.test(`${name}: a transient failure is retried at most twice`, async (t) => {
    const { store, server } = await openFakeServer(t)
    const key = await putBytes(store, bytes)
    for (const fault of [slowDown, { kind: 'reset' }] as const) {
      server.faults.add({ ...fault, times: 2 })
      await call(store, key)
      t.same(server.faults.list(), [], `${JSON.stringify(fault)} occurred`)
      server.faults.add({ ...fault, times: 4 })
      await t.rejects(call(store, key), unavailable, JSON.stringify(fault))
      t.match(server.faults.list(), [{ times: 1 }], 'three attempts')
      server.faults.clear()
    }
  })

  t.test(`${name}: a server that hangs fails the call in time, without a retry`, async (t) => {
    const { store, impatient, server } = await openFakeServer(t)
    const key = await putBytes(store, bytes)
    server.faults.add({ kind: 'hang', times: 2 })
    const started = performance.now()
    await t.rejects(call(impatient, key), unavailable)
    const waitedMs = performance.now() - started
    t.ok(waitedMs > 450 && waitedMs < promptMs, `after ${Math.round(waitedMs)} ms`)
    t.match(server.faults.list(), [{ times: 1 }])
    server.faults.clear()
    await call(store, key)
  })

  t.test(`${name}: a stopped server fails the call at once`, async (t) => {
    const { store, server } = await openFakeServer(t)
    const key = await putBytes(store, bytes)
    await server.close()
    const started = performance.now()
    await t.rejects(call(store, key), unavailable)
    t.ok(performance.now() - started < promptMs)
  })
}

t.test('only replies that mean a temporary failure of the server are retried', async (t) => {
  const { store, server } = await openFakeServer(t)
  const key = await putBytes(store, Buffer.from('image'))
  for (const [status, isRetried] of [[500, true], [502, true], [429, true], [501, false], [400, false], [403, false]] as const) {
    server.faults.add({ kind: 'refuse', status, code: 'Any' })
    if (isRetried) t.equal((await readBlob(store, key))?.toString(), 'image', `${status}`)
    else await t.rejects(store.open(key), unavailable, `${status}`)
  }
})

t.test('a put whose response is lost succeeds', async (t) => {
  for (const isConditional of [true, false]) {
    const { store, server } = await openFakeServer(t, { isConditional })
    await putBytes(store, Buffer.from('the first put shows whether puts can be conditional'))
    server.faults.add({ operation: 'PutObject', kind: 'reset', isDone: true })
    const key = await putBytes(store, bytes)
    t.ok((await readBlob(store, key))?.equals(bytes))
    t.equal((await listBlobs(store)).length, 2)
  }
})

t.test('a put that races another one is retried', async (t) => {
  const { store, server } = await openFakeServer(t)
  server.faults.add({ kind: 'refuse', status: 409, code: 'ConditionalRequestConflict' })
  t.ok((await readBlob(store, await putBytes(store, bytes)))?.equals(bytes))
})

t.test('a put fails if it is refused because of another blob that no longer exists', async (t) => {
  const { store, server } = await openFakeServer(t)
  server.faults.add({ kind: 'refuse', status: 412, code: 'PreconditionFailed' })
  await t.rejects(putBytes(store, bytes), unavailable)
  t.same(await listBlobs(store), [])
})

t.test('a body that stalls, is cut or has a wrong length ends with an error', async (t) => {
  const { store, impatient, server } = await openFakeServer(t)
  const key = await putBytes(store, bytes)
  const faults: FaultKind[] = [
    { kind: 'stall', afterBytes: 0 }, { kind: 'stall', afterBytes: 100_000 }, { kind: 'cut', afterBytes: 0 },
    { kind: 'cut', afterBytes: 999_999 },
    { kind: 'length', differenceBytes: 10 }, { kind: 'length', differenceBytes: -10 }
  ]
  for (const fault of faults) {
    for (const range of [undefined, { start: 0, end: bytes.length - 1 }]) {
      server.faults.add({ operation: 'GetObject', ...fault })
      const started = performance.now()
      await t.rejects(readBlob(impatient, key, range), unavailable, JSON.stringify(fault))
      t.ok(performance.now() - started < promptMs)
    }
  }
  t.ok((await readBlob(store, key))?.equals(bytes))
})

t.test('a body that breaks before it is read fails when it is read', async (t) => {
  const { store, server } = await openFakeServer(t)
  const key = await putBytes(store, bytes)
  server.faults.add({ operation: 'GetObject', kind: 'cut', afterBytes: 1000 })
  const blob = await store.open(key)
  const connections = await server.openConnections()
  await until('the connection is cut', async () => await server.openConnections() < connections)
  await t.rejects(async () => { await blob?.stream.toArray() }, unavailable)
})

t.test('a slow reader receives the whole body', async (t) => {
  const { store, impatient } = await openFakeServer(t)
  const key = await putBytes(store, bytes)
  const chunks: Buffer[] = []
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => { mock.timers.reset() })
  const stream = (await impatient.open(key))?.stream as Readable
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (chunks.length === 0) {
      // With a full buffer the stream waits for its reader, and no limit of the store may be running.
      while (stream.readableLength < stream.readableHighWaterMark) await nextTurn()
      mock.timers.tick(60_000)
    }
    chunks.push(chunk)
  }
  t.ok(Buffer.concat(chunks).equals(bytes))
})

t.test('a call fails at its deadline', async (t) => {
  const server = await startServer(t)
  const { store } = await openBucket(t, storageUrl(server), { limits: { ...shortLimits, request: { idleMs: 10_000, deadlineMs: 300 } } })
  server.faults.add({ kind: 'hang' })
  await t.rejects(store.check(), { ...unavailable, cause: { message: 'S3 was not done within 300 ms' } })
})

t.test('a page of a list that stalls or is cut ends the list with an error', async (t) => {
  const { store, impatient, server } = await openFakeServer(t, { pageSize: 2 })
  for (let count = 0; count < 5; count += 1) await putBytes(store, Buffer.from('image'))
  for (const kind of ['stall', 'cut'] as const) {
    const list = impatient.listOlderThan(new Date(Date.now() + 60_000))[Symbol.asyncIterator]()
    await list.next()
    await list.next()
    server.faults.add({ kind, afterBytes: 50, times: 3 })
    await t.rejects(list.next(), unavailable)
    server.faults.clear()
  }
})

t.test('clock skew is corrected', async (t) => {
  const { store, server } = await openFakeServer(t)
  const key = await putBytes(store, bytes)
  for (const hours of [1, -2, 24]) {
    server.clockOffsetMs = hours * 3_600_000
    for (const call of [calls['check'], calls['open'], calls['put']]) await call?.(store, key)
  }
})

t.test('nothing is written to the console', async (t) => {
  const captured = (['log', 'info', 'warn', 'error'] as const).map((name) => t.capture(console, name))
  const { impatient, server } = await openFakeServer(t)
  for (const fault of [slowDown, { kind: 'reset' }, { kind: 'hang' }, { kind: 'refuse', status: 400, code: 'Any' }] as const) {
    server.faults.add({ ...fault, times: 3 })
    await t.rejects(putBytes(impatient, bytes), unavailable)
    server.faults.clear()
    server.faults.add({ ...fault, times: 3 })
    await t.rejects(impatient.open(createKey()), unavailable)
    server.faults.clear()
  }
  t.same(captured.flatMap((calls) => calls()), [])
})
