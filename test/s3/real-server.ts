import { createHash, randomBytes, randomUUID } from 'node:crypto'
import t from 'tap'
import { createKey, readBlob, unavailable, writeBlob } from '../contracts/blob-store/files.ts'
import { testBlobStore } from '../contracts/blob-store.ts'
import { openBucket } from './bucket.ts'

/**
 * Runs the contract against the server at TEST_S3_URL (a STORAGE_URL whose bucket may be created), with credentials from the
 * environment.
 */
const url = process.env['TEST_S3_URL']
if (url === undefined) throw new Error('TEST_S3_URL is not the URL of a bucket')

/** Each store has a separate prefix, and leaves its objects there. */
function freshUrl (): string {
  return String(url).replace(/(\?|$)/, `-${randomUUID()}$1`)
}

testBlobStore(t, async (t) => (await openBucket(t, freshUrl(), { env: process.env })).store)

t.test('the server compares the bytes with their hash, and stores none that differ', async (t) => {
  const { store } = await openBucket(t, freshUrl(), { env: process.env })
  const key = createKey()
  const file = { ...await writeBlob(store, randomBytes(100_000)), sha256: createHash('sha256').update('other').digest() }
  await t.rejects(store.put(key, file), { ...unavailable, cause: { name: /^(XAmzContentSHA256Mismatch|BadDigest)$/ } })
  t.equal(await store.head(key), undefined)
})

t.test('wrong credentials are reported as unavailable storage', async (t) => {
  const { store } = await openBucket(t, freshUrl(), { env: process.env })
  const key = createKey()
  await store.put(key, await writeBlob(store, Buffer.from('image')))
  await t.rejects(openBucket(t, freshUrl(), { env: { ...process.env, AWS_SECRET_ACCESS_KEY: 'wrong' } }))
  t.equal((await readBlob(store, key))?.toString(), 'image')
})
