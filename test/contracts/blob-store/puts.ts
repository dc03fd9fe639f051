import { randomBytes } from 'node:crypto'
import { access, rm, truncate } from 'node:fs/promises'
import type { Test } from 'tap'
import { createKey, listBlobs, putBytes, readBlob, unavailable, writeBlob, type OpenStore } from './files.ts'

const mebibyte = 1024 * 1024

export function testPuts (t: Test, openStore: OpenStore): void {
  t.test('what is put is what is read, whatever its size', async (t) => {
    const store = await openStore(t)
    for (const size of [0, 1, 65_536, 65_537, 3 * mebibyte + 1, 10 * mebibyte]) {
      const bytes = randomBytes(size)
      t.ok((await readBlob(store, await putBytes(store, bytes)))?.equals(bytes), `${size} bytes`)
    }
  })

  t.test('the file that was put stays until it is thrown away, and the blob longer', async (t) => {
    const store = await openStore(t)
    const file = await writeBlob(store, Buffer.from('image'))
    const key = createKey()
    await store.put(key, file)
    await access(file.path)
    await rm(file.path)
    t.equal((await readBlob(store, key))?.toString(), 'image')
  })

  t.test('a put that is repeated, as after a lost answer, is fine', async (t) => {
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

  t.test('puts at the same time do not meet', async (t) => {
    const store = await openStore(t)
    const files = Array.from({ length: 24 }, (_none, index) => ({ key: createKey(), bytes: randomBytes(200_000 + index) }))
    await Promise.all(files.map(async ({ key, bytes }) => { await putBytes(store, bytes, key) }))
    for (const { key, bytes } of files) t.ok((await readBlob(store, key))?.equals(bytes))
    t.equal((await listBlobs(store)).length, files.length)
  })

  t.test('of the same put twice at once none fails, and there is one blob', async (t) => {
    const store = await openStore(t)
    const key = createKey()
    await Promise.all([1, 2, 3].map(async () => { await putBytes(store, Buffer.from('image'), key) }))
    t.equal((await readBlob(store, key))?.toString(), 'image')
    t.equal((await listBlobs(store)).length, 1)
  })

  t.test('a put whose file is not what it says, or is gone, leaves nothing', async (t) => {
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

  t.test('a store that is well says so', async (t) => {
    const store = await openStore(t)
    await store.check()
    t.same(await listBlobs(store), [], 'and looking left nothing')
  })
}
