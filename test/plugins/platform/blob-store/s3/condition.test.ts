import t from 'tap'
import { createKey, putBytes, readBlob, unavailable, writeBlob } from '../../../../contracts/blob-store/files.ts'
import { openFakeServer } from '../../../../s3/bucket.ts'

const image = Buffer.from('image')

const unknownHeader: Array<[status: number, code: string]> = [
  [501, 'NotImplemented'], [501, ''], [501, 'Any'], [400, 'NotImplemented'], [405, 'NotImplemented'], [403, 'NotImplemented'],
  [400, 'InvalidArgument'], [400, 'InvalidRequest'], [400, 'InvalidHeader'], [400, 'MalformedHeader'], [400, 'UnsupportedHeader'],
  [400, 'UnsupportedArgument'], [400, 'NotSupported'], [400, 'BadRequest'], [400, '']
]

for (const [status, code] of unknownHeader) {
  t.test(`a server that answers ${status} "${code}" to If-None-Match gets puts without it, and no blob is replaced`, async (t) => {
    const { store, server } = await openFakeServer(t, { isConditional: false, conditionRefusal: { status, code } })
    const key = await putBytes(store, image)
    t.equal((await readBlob(store, key))?.toString(), 'image')
    server.requests.length = 0
    await putBytes(store, image)
    t.same(server.requests.filter((operation) => operation === 'PutObject'), ['PutObject'], 'the header is not tried again')
    await store.put(key, await writeBlob(store, image))
    await t.rejects(store.put(key, await writeBlob(store, Buffer.from('other'))), unavailable)
    t.equal((await readBlob(store, key))?.toString(), 'image')
    await store.check()
  })
}

t.test('the first put with other bytes does not replace a blob of another process either', async (t) => {
  const { store, impatient, server } = await openFakeServer(t, {
    isConditional: false, conditionRefusal: { status: 400, code: 'InvalidArgument' }
  })
  const key = await putBytes(impatient, image)
  await t.rejects(store.put(key, await writeBlob(store, Buffer.from('other'))), unavailable)
  t.equal((await readBlob(store, key))?.toString(), 'image')
  t.equal(server.requests.filter((operation) => operation === 'PutObject').length, 3, 'the second store sent the conditional put only')
})

const otherRefusals: Array<[status: number, code: string]> = [
  [400, 'BadDigest'], [400, 'EntityTooLarge'], [400, 'IncompleteBody'], [400, 'RequestTimeout'], [400, 'ExpiredToken'],
  [400, 'InvalidToken'], [400, 'XAmzContentSHA256Mismatch'], [400, 'InvalidDigest'], [400, 'KeyTooLongError'],
  [403, 'AccessDenied'], [403, 'SignatureDoesNotMatch'], [403, 'InvalidArgument'], [403, ''], [404, 'NoSuchBucket'],
  [405, 'MethodNotAllowed'], [411, 'MissingContentLength'], [412, 'PreconditionFailed'], [409, 'OperationAborted'], [507, 'InsufficientStorage']
]

for (const [status, code] of otherRefusals) {
  t.test(`${status} "${code}" says nothing about the header: the put fails, and the next one is conditional`, async (t) => {
    const { store, server } = await openFakeServer(t)
    server.faults.add({ operation: 'PutObject', kind: 'refuse', status, code, times: 3 })
    await t.rejects(putBytes(store, image), unavailable)
    server.faults.clear()
    server.requests.length = 0
    const key = await putBytes(store, image)
    t.same(server.requests, ['PutObject'], 'no search for the object precedes a conditional put')
    await t.rejects(store.put(key, await writeBlob(store, Buffer.from('other'))), unavailable)
    t.equal((await readBlob(store, key))?.toString(), 'image')
  })
}

t.test('a server that refuses the put without the header as well keeps getting conditional puts', async (t) => {
  const { store, server } = await openFakeServer(t)
  server.faults.add({ operation: 'PutObject', kind: 'refuse', status: 400, code: 'InvalidArgument', times: 2 })
  await t.rejects(store.put(createKey(), await writeBlob(store, image)), { ...unavailable, cause: { name: 'InvalidArgument' } })
  t.same(server.requests, ['CreateBucket', 'CreateBucket', 'PutObject', 'HeadObject', 'HeadBucket', 'PutObject'])
  server.requests.length = 0
  await putBytes(store, image)
  t.same(server.requests, ['PutObject'])
})
