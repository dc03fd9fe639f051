import t from 'tap'
import { createS3Client, toServerUrl } from '../../../../../plugins/platform/blob-store/s3/client.ts'
import { createS3Blobs } from '../../../../../plugins/platform/blob-store/s3/store.ts'
import { loadConfig } from '../../../../../src/config/index.ts'
import { parseStorageUrl, type S3Location } from '../../../../../src/config/storage-url.ts'
import { findProxy } from '../../../../../src/http/outbound-proxy.ts'
import { putBytes, readBlob, unavailable } from '../../../../contracts/blob-store/files.ts'
import { credentialsEnv, openFakeServer, shortLimits } from '../../../../s3/bucket.ts'
import { openHttpProxy } from '../../../../support/http-proxy.ts'
import { promptMs } from '../../../../support/polling.ts'

const image = Buffer.from('image')

for (const [endpoint, first] of [
  ['https://s3.proxied.test', 'CONNECT s3.proxied.test:443'],
  ['http://s3.proxied.test:9000', /^PUT http:\/\/s3\.proxied\.test:9000\/cheershare\/images\//]
] as const) {
  t.test(`blobs go to ${endpoint} through the proxy, and fail quickly while it is down`, async (t) => {
    const { server, store: { stagingFolder } } = await openFakeServer(t)
    const proxy = await openHttpProxy(t, { target: server.url, credentials: ['user', 'hunter2'] })
    const location = parseStorageUrl(`s3://cheershare/images?endpoint=${encodeURIComponent(endpoint)}`) as S3Location
    const { storage: { credentials }, outbound } = loadConfig({ ...credentialsEnv, HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url })
    const client = createS3Client(location, credentials, outbound)
    t.teardown(() => { client.destroy() })
    const store = await createS3Blobs({ client, location, stagingFolder, limits: shortLimits })
    const key = await putBytes(store, image)
    t.equal((await readBlob(store, key))?.toString(), 'image')
    t.match(proxy.requests[0], first)
    await proxy.close()
    const started = performance.now()
    const error = await store.check().catch((reason: unknown) => reason)
    t.match(error, { ...unavailable, cause: { code: 'ECONNREFUSED' } })
    t.ok(performance.now() - started < promptMs)
    t.notMatch(JSON.stringify(error, Object.getOwnPropertyNames(error)), 'hunter2')
  })
}

for (const [url, noProxy, isDirect] of [
  ['s3://bucket-1/images', '', false],
  ['s3://bucket-1/images', 's3.us-east-1.amazonaws.com', true],
  ['s3://bucket-1/images', 'bucket-1.s3.us-east-1.amazonaws.com', true],
  ['s3://bucket-1/images?path_style=on', 'bucket-1.s3.us-east-1.amazonaws.com', false],
  ['s3://bucket-1?endpoint=http://127.0.0.1:9000', '', true],
  ['s3://bucket-1?endpoint=https://minio.internal:9000', '.internal', true]
] as const) {
  t.test(`with NO_PROXY="${noProxy}", ${url} is called ${isDirect ? 'directly' : 'through the proxy'}`, async (t) => {
    const { outbound } = loadConfig({ HTTPS_PROXY: 'http://proxy:1', NO_PROXY: noProxy })
    t.equal(findProxy(toServerUrl(parseStorageUrl(url) as S3Location), outbound) === undefined, isDirect)
  })
}
