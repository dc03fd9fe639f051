import type { Test } from 'tap'
import type { BlobKey } from '../../../plugins/platform/blob-store/index.ts'
import { listBlobs, writeBlob, type OpenStore } from './files.ts'

const digits = 'a'.repeat(32)
const invalidKeys = [
  '', '.original', '..', '../../etc/passwd', '/etc/passwd', digits, `${digits}.`, `${digits}.jpeg`,
  `${digits}.original\n`, `${digits}.original\0`,
  `/${digits}.original`, `${digits.toUpperCase()}.original`, `${digits.slice(1)}.original`, `${digits}a.original`,
  `${digits}.original/..`, `x/${digits}.original`
]

export function testKeys (t: Test, openStore: OpenStore): void {
  t.test('an invalid key throws a TypeError', async (t) => {
    const store = await openStore(t)
    const file = await writeBlob(store, Buffer.from('image'))
    for (const name of invalidKeys) {
      const key = name as BlobKey
      await t.rejects(store.put(key, file), TypeError, JSON.stringify(name))
      await t.rejects(store.open(key), TypeError)
      await t.rejects(store.head(key), TypeError)
      await t.rejects(store.delete(key), TypeError)
    }
    t.same(await listBlobs(store), [])
  })
}
