import { randomBytes } from 'node:crypto'
import { access, rm, truncate } from 'node:fs/promises'
import type { Test } from 'tap'
import { createKey, listBlobs, putBytes, readBlob, unavailable, writeBlob, type OpenStore } from './files.ts'

const mebibyte = 1024 * 1024

export function testPuts (t: Test, openStore: OpenStore): void {
  t.test('a blob of any size is read as it was put', async (t) => {
    const store = await openStore(t)
    for (const size of [0, 1, 65_536, 65_537, 3 * mebibyte + 1, 10 * mebibyte]) {
      const bytes = randomBytes(size)
      t.ok((await readBlob(store, await putBytes(store, bytes)))?.equals(bytes), `${size} bytes`)
    }
  })

  t.test('a put leaves its file in place, and the blob outlives the file', async (t) => {
    const store = await openStore(t)
    const file = await writeBlob(store, Buffer.from('image'))
    const key = createKey()
    await store.put(key, file)
    await access(file.path)
    await rm(file.path)
    t.equal((await readBlob(store, key))?.toString(), 'image')
  })

  t.test('a put can be repeated', async (t) => {
    const store = await openStore(t)
    const key = await putBytes(store, Buffer.from('image'))
    await putBytes(store, Buffer.from('image'), key)
    t.equal((await readBlob(store, key))?.toString(), 'image')
    t.equal((await listBlobs(store)).length, 1)
  })

  t.test('a put never replaces other bytes', async (t) => {
    const store = await openStore(t)
    const key = await putBytes(store, Buffer.from('first'))
    for (const other of ['other', 'longer than that', '']) await t.rejects(putBytes(store, Buffer.from(other), key), unavailable)
    t.equal((await readBlob(store, key))?.toString(), 'first')
  })

  t.test('concurrent puts do not interfere', async (t) => {
    const store = await openStore(t)
    const files = Array.from({ length: 24 }, (_none, index) => ({ key: createKey(), bytes: randomBytes(200_000 + index) }))
    await Promise.all(files.map(async ({ key, bytes }) => { await putBytes(store, bytes, key) }))
    for (const { key, bytes } of files) t.ok((await readBlob(store, key))?.equals(bytes))
    t.equal((await listBlobs(store)).length, files.length)
  })

  t.test('concurrent puts of the same blob succeed and store it once', async (t) => {
    const store = await openStore(t)
    const key = createKey()
    await Promise.all([1, 2, 3].map(async () => { await putBytes(store, Buffer.from('image'), key) }))
    t.equal((await readBlob(store, key))?.toString(), 'image')
    t.equal((await listBlobs(store)).length, 1)
  })

  t.test('a put fails and stores nothing if its file is missing or has another length than stated', async (t) => {
    const store = await openStore(t)
    const short = await writeBlob(store, randomBytes(mebibyte))
    await truncate(short.path, mebibyte - 1)
    const long = { ...await writeBlob(store, randomBytes(mebibyte)), byteCount: mebibyte - 1 }
    const gone = await writeBlob(store, randomBytes(10))
    await rm(gone.path)
    for (const file of [short, long, gone]) {
      const key = createKey()
      await t.rejects(store.put(key, file), unavailable)
      t.equal(await store.open(key), undefined)
      t.equal(await store.head(key), undefined)
    }
    t.same(await listBlobs(store), [])
  })

  t.test('check succeeds if the store is available', async (t) => {
    const store = await openStore(t)
    await store.check()
    t.same(await listBlobs(store), [], 'check stores nothing')
  })
}
