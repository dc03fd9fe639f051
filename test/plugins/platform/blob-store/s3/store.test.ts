import { createHash, randomBytes } from 'node:crypto'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import t from 'tap'
import { createS3Client } from '../../../../../plugins/platform/blob-store/s3/client.ts'
import { createLimits, createS3Blobs } from '../../../../../plugins/platform/blob-store/s3/store.ts'
import { loadConfig } from '../../../../../src/config/index.ts'
import { createTimeouts } from '../../../../../src/config/timeouts.ts'
import { createKey, listBlobs, putBytes, readBlob, unavailable, writeBlob } from '../../../../contracts/blob-store/files.ts'
import { testBlobStore } from '../../../../contracts/blob-store.ts'
import { until } from '../../../../support/polling.ts'
import { credentialsEnv, openBucket, openFakeServer, startServer, storageUrl } from '../../../../s3/bucket.ts'

t.test('a server with conditional puts', async (t) => {
  testBlobStore(t, async (t) => (await openBucket(t, storageUrl(await startServer(t)))).store)
})

t.test('a server with small pages and without conditional puts', async (t) => {
  testBlobStore(t, async (t) => (await openBucket(t, storageUrl(await startServer(t, { pageSize: 3, isConditional: false })))).store)
})

t.test('without a prefix the names of objects are the blob keys', async (t) => {
  const server = await startServer(t)
  const { store, client } = await openBucket(t, storageUrl(server, { prefix: '' }))
  const key = await putBytes(store, Buffer.from('image'))
  await client.send(new PutObjectCommand({ Bucket: 'cheershare', Key: `backup/${createKey()}`, Body: 'x' }))
  t.same((await listBlobs(store)).map((info) => info.key), [key])
})

t.test('a prefix does not match a longer prefix', async (t) => {
  const server = await startServer(t)
  const { store } = await openBucket(t, storageUrl(server, { prefix: '/images' }))
  const { store: other } = await openBucket(t, storageUrl(server, { prefix: '/images2/' }))
  const { store: inner } = await openBucket(t, storageUrl(server, { prefix: '/images/old' }))
  const [key, ...elsewhere] = [
    await putBytes(store, Buffer.from('1')), await putBytes(other, Buffer.from('2')), await putBytes(inner, Buffer.from('3'))
  ]
  t.same((await listBlobs(store)).map((info) => info.key), [key])
  for (const otherKey of elsewhere) t.equal(await store.open(otherKey), undefined)
})

t.test('a list omits names that are not blob keys', async (t) => {
  const { store, client } = await openFakeServer(t)
  for (const name of ['readme.txt', `x/${createKey()}`, `${createKey()}.bak`, '<&>.original']) {
    await client.send(new PutObjectCommand({ Bucket: 'cheershare', Key: `images/${name}`, Body: 'x' }))
  }
  const key = await putBytes(store, Buffer.from('image'))
  t.same((await listBlobs(store)).map((info) => info.key), [key])
})

t.test('the server verifies the hash of the bytes, and stores no object if it differs', async (t) => {
  const { store } = await openFakeServer(t)
  const key = createKey()
  const file = { ...await writeBlob(store, randomBytes(100_000)), sha256: createHash('sha256').update('other').digest() }
  await t.rejects(store.put(key, file), { ...unavailable, cause: { name: 'XAmzContentSHA256Mismatch' } })
  t.equal(await store.head(key), undefined)
})

t.test('an object that another program put into the bucket is read unchanged', async (t) => {
  const { store, client } = await openFakeServer(t)
  const key = createKey()
  await client.send(new PutObjectCommand({ Bucket: 'cheershare', Key: `images/${key}`, Body: 'copied' }))
  t.equal((await readBlob(store, key))?.toString(), 'copied')
})

t.test('a missing bucket and wrong credentials are reported as unavailable, not as an empty store', async (t) => {
  const server = await startServer(t)
  const { store, client, location } = await openBucket(t, storageUrl(server))
  const key = await putBytes(store, Buffer.from('image'))
  const { stagingFolder } = store
  const envs = [{ AWS_SECRET_ACCESS_KEY: 'wrong' }, { AWS_ACCESS_KEY_ID: 'AKIAOTHER' }, { AWS_SESSION_TOKEN: 'ended' }]
  const wrongCredentials = envs.map((env) => ({
    client: createS3Client(location, loadConfig({ ...credentialsEnv, ...env }).storage.credentials), location
  }))
  t.teardown(() => { for (const wrong of wrongCredentials) wrong.client.destroy() })
  for (const options of [{ client, location: { ...location, bucket: 'missing' } }, ...wrongCredentials]) {
    const bad = await createS3Blobs({ ...options, stagingFolder, limits: createLimits(createTimeouts(undefined)) })
    await t.rejects(bad.open(key), unavailable)
    await t.rejects(bad.head(key), unavailable)
    await t.rejects(bad.delete(key), unavailable)
    await t.rejects(putBytes(bad, Buffer.from('image')), unavailable)
    await t.rejects(listBlobs(bad), unavailable)
    await t.rejects(bad.check(), unavailable)
  }
  t.equal((await readBlob(store, key))?.toString(), 'image')
})

t.test('connections are reused, and are closed with their client', async (t) => {
  const server = await startServer(t)
  const { store, client } = await openBucket(t, storageUrl(server))
  const key = await putBytes(store, randomBytes(3_000_000))
  for (let count = 0; count < 20; count += 1) await readBlob(store, key)
  t.ok(await server.openConnections() <= 2, 'connections are reused')
  const streams = await Promise.all(Array.from({ length: 60 }, async () => (await store.open(key))?.stream))
  t.ok((await readBlob(store, key))?.length === 3_000_000, 'open streams do not block other readers')
  for (const stream of streams) stream?.destroy()
  client.destroy()
  await until('all connections are closed', async () => await server.openConnections() === 0)
})
