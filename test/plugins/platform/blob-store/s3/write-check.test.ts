import t, { type Test } from 'tap'
import { createS3Blobs } from '../../../../../plugins/platform/blob-store/s3/store.ts'
import { listBlobs, putBytes, unavailable } from '../../../../contracts/blob-store/files.ts'
import { credentialsEnv, openBucket, openFakeServer, shortLimits, storageUrl, startServer } from '../../../../s3/bucket.ts'
import { build } from '../../../../support/helper.ts'

const image = Buffer.alloc(3_000_000, 'x')

/** Opens a store that records its log. */
async function open (t: Test) {
  const { server, client, location, store: { stagingFolder } } = await openFakeServer(t)
  const lines: string[] = []
  const log = { info: (_fields: object, text: string) => { lines.push(text) }, error: (_fields: object, text: string) => { lines.push(text) } }
  const store = await createS3Blobs({ client, location, stagingFolder, limits: shortLimits, log })
  server.requests.length = 0
  return { server, client, location, store, lines }
}

t.test('the first check stores a probe and deletes it, and later checks only read while writes succeed', async (t) => {
  const { server, store, lines } = await open(t)
  await store.check()
  t.same(server.requests.toSorted(), ['DeleteObject', 'HeadBucket', 'PutObject'])
  server.requests.length = 0
  await store.check()
  await putBytes(store, image)
  await store.check()
  t.same(server.requests, ['HeadBucket', 'PutObject', 'HeadBucket'])
  t.same(lines, [])
})

t.test('a successful put makes the probe unnecessary', async (t) => {
  const { server, store } = await open(t)
  const key = await putBytes(store, image)
  await store.check()
  t.same(server.requests, ['PutObject', 'HeadBucket'])
  t.same((await listBlobs(store)).map((info) => info.key), [key])
})

const refusals: Array<[what: string, status: number, code: string]> = [
  ['read-only credentials', 403, 'AccessDenied'],
  ['a read-only bucket', 405, 'MethodNotAllowed'],
  ['a full quota', 403, 'QuotaExceeded'],
  ['a full disk', 507, 'InsufficientStorage'],
  ['a suspended account', 403, 'AccountProblem']
]

for (const [what, status, code] of refusals) {
  t.test(`${what}: checks fail from the first refusal until a write is accepted`, async (t) => {
    const { server, store, lines } = await open(t)
    await store.check()
    server.faults.add({ operation: 'PutObject', kind: 'refuse', status, code, times: 1000 })
    await store.check()
    await t.rejects(putBytes(store, image), unavailable)
    await t.rejects(store.check(), { ...unavailable, cause: { name: code } })
    await t.rejects(Promise.all([store.check(), store.check()]), unavailable)
    t.same(lines, ['the storage of images refuses writes'], 'one line')
    server.faults.clear()
    await store.check()
    t.same(lines, ['the storage of images refuses writes', 'the storage of images accepts writes again'])
    await putBytes(store, image)
    await store.check()
    t.equal(lines.length, 2)
  })
}

t.test('a put that is accepted again ends the refusal without a probe', async (t) => {
  const { server, store, lines } = await open(t)
  server.faults.add({ operation: 'PutObject', kind: 'refuse', status: 403, code: 'AccessDenied' })
  await t.rejects(store.check(), unavailable)
  await putBytes(store, image)
  server.requests.length = 0
  await store.check()
  t.same(server.requests, ['HeadBucket'])
  t.same(lines, ['the storage of images refuses writes', 'the storage of images accepts writes again'])
})

t.test('after a failure the probe is as large as the object that failed, up to 1 MiB, and then a byte again', async (t) => {
  const { server, client, store } = await open(t)
  const sizes: Array<number | undefined> = []
  client.middlewareStack.add((next) => async (args) => {
    const { Key, Body } = args.input as { Key?: string, Body?: Buffer }
    if (Key?.includes('write-check-') === true && Body !== undefined) sizes.push(Body.length)
    return await next(args)
  }, { step: 'initialize', name: 'recordSizes' })
  const fail = async (bytes: Buffer) => {
    server.faults.add({ operation: 'PutObject', kind: 'refuse', status: 403, code: 'QuotaExceeded' })
    await t.rejects(putBytes(store, bytes), unavailable)
  }
  await fail(image)
  await fail(Buffer.alloc(1000))
  await store.check()
  await fail(Buffer.alloc(1000))
  await store.check()
  t.same(sizes, [1_048_576, 1000])
})

t.test('a probe that cannot be deleted is logged, and writes count as accepted', async (t) => {
  const { server, store, lines } = await open(t)
  server.faults.add({ operation: 'DeleteObject', kind: 'refuse', status: 403, code: 'AccessDenied' })
  await store.check()
  t.same(lines, ['the storage of images does not delete a probe'])
  t.same(await listBlobs(store), [], 'a probe is not listed as a blob')
})

t.test('a service with read-only credentials starts, is not ready, and recovers without a restart', async (t) => {
  const server = await startServer(t)
  server.faults.add({ operation: 'PutObject', kind: 'refuse', status: 403, code: 'AccessDenied', times: 1000 })
  await openBucket(t, storageUrl(server))
  const app = await build(t, { env: { STORAGE_URL: storageUrl(server), ...credentialsEnv } })
  const ready = async () => (await app.inject('/health/ready')).statusCode
  t.equal(await ready(), 503)
  t.equal((await app.health.report()).get('storage'), 'down')
  server.faults.clear()
  t.equal(await ready(), 200)
})
