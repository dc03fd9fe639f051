import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Test } from 'tap'
import { createKey, putBytes, readBlob, unavailable, type OpenStore } from './files.ts'

export function testReads (t: Test, openStore: OpenStore): void {
  t.test('a range contains exactly the requested bytes', async (t) => {
    const store = await openStore(t)
    const bytes = randomBytes(300_000)
    const key = await putBytes(store, bytes)
    for (const [start, end] of [[0, 0], [0, 299_999], [299_999, 299_999], [1000, 200_000], [65_535, 65_536]] as const) {
      t.ok((await readBlob(store, key, { start, end }))?.equals(bytes.subarray(start, end + 1)), `${start}-${end}`)
    }
  })

  t.test('a range outside the blob is refused', async (t) => {
    const store = await openStore(t)
    const key = await putBytes(store, Buffer.from('image'))
    for (const [start, end] of [
      [0, 5], [5, 5], [4, 100], [100, 200]
    ] as const) await t.rejects(store.open(key, { start, end }), unavailable, `${start}-${end}`)
  })

  t.test('a blob that never existed is not found', async (t) => {
    const store = await openStore(t)
    t.equal(await store.open(createKey()), undefined)
    t.equal(await store.open(createKey(), { start: 0, end: 1 }), undefined)
    t.equal(await store.head(createKey()), undefined)
    await store.delete(createKey())
  })

  t.test('a deleted blob is gone at once, and other blobs stay', async (t) => {
    const store = await openStore(t)
    const key = await putBytes(store, Buffer.from('image'))
    const other = await putBytes(store, Buffer.from('other'))
    await store.delete(key)
    await store.delete(key)
    t.equal(await store.open(key), undefined)
    t.equal(await store.head(key), undefined)
    t.equal((await readBlob(store, other))?.toString(), 'other')
    await putBytes(store, Buffer.from('again'), key)
    t.equal((await readBlob(store, key))?.toString(), 'again')
  })

  t.test('head returns the size of a blob and the time of its put', async (t) => {
    const store = await openStore(t)
    const before = Date.now()
    const key = await putBytes(store, randomBytes(12_345))
    const info = await store.head(key)
    t.match(info, { key, byteCount: 12_345 })
    // Some stores record the time in whole seconds.
    t.ok(info !== undefined && info.storedAt.getTime() >= before - 1000 &&
      info.storedAt.getTime() <= Date.now() + 1000, String(info?.storedAt))
  })

  t.test('a stream can be destroyed before its end, and the store stays usable', async (t) => {
    const store = await openStore(t)
    const bytes = randomBytes(3_000_000)
    const key = await putBytes(store, bytes)
    for (let count = 0; count < 60; count += 1) {
      const blob = await store.open(key)
      if (count % 2 === 1) await blob?.stream[Symbol.asyncIterator]().next()
      blob?.stream.destroy()
      if (blob?.stream.closed === false) await once(blob.stream, 'close')
    }
    t.ok((await readBlob(store, key))?.equals(bytes))
  })

  t.test('concurrent readers, including a slow one, receive the whole blob', async (t) => {
    const store = await openStore(t)
    const bytes = randomBytes(600_000)
    const key = await putBytes(store, bytes)
    const slow = await store.open(key)
    const reads = await Promise.all(Array.from({ length: 60 }, async () => await readBlob(store, key)))
    t.ok(reads.every((read) => read?.equals(bytes)))
    const chunks: Buffer[] = []
    for await (const chunk of slow?.stream as AsyncIterable<Buffer>) chunks.push(chunk)
    t.ok(Buffer.concat(chunks).equals(bytes), 'the stream that was opened first and read last')
  })
}
