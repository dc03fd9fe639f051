import type { Test } from 'tap'
import { variants } from '../../../src/domain/creatives/image.ts'
import { createKey, listBlobs, putBytes, type OpenStore } from './files.ts'

export function testLists (t: Test, openStore: OpenStore): void {
  t.test('a list contains every blob once, with its size and time', async (t) => {
    const store = await openStore(t)
    const put = await Promise.all(Array.from({ length: 25 }, async (_none, index) => {
      const key = await putBytes(store, Buffer.alloc(index), createKey(variants[index % variants.length]))
      return { key, byteCount: index }
    }))
    const listed = await listBlobs(store)
    const byKey = (one: { key: string }, other: { key: string }) => one.key < other.key ? -1 : 1
    t.same(listed.map(({ key, byteCount }) => ({ key, byteCount })).sort(byKey), put.sort(byKey))
    for (const { key, storedAt } of listed) {
      const headTime = (await store.head(key))?.storedAt.getTime() ?? 0
      t.ok(Math.abs(storedAt.getTime() - headTime) <= 1000, 'the time equals that of head, to the second')
    }
  })

  t.test('a list contains only blobs that were stored before the given time', async (t) => {
    const store = await openStore(t)
    await putBytes(store, Buffer.from('image'))
    t.same(await listBlobs(store, new Date(Date.now() - 60_000)), [])
    t.equal((await listBlobs(store, new Date(Date.now() + 60_000))).length, 1)
  })

  t.test('a list can be ended early, and blobs can be deleted while they are listed', async (t) => {
    const store = await openStore(t)
    for (let count = 0; count < 12; count += 1) await putBytes(store, Buffer.from('image'))
    const list = store.listOlderThan(new Date(Date.now() + 60_000))[Symbol.asyncIterator]()
    t.notOk((await list.next()).done)
    await list.return?.()
    for await (const { key } of store.listOlderThan(new Date(Date.now() + 60_000))) await store.delete(key)
    t.same(await listBlobs(store), [])
  })
}
