import { stat } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { HeadBucketCommand } from '@aws-sdk/client-s3'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { loadConfig } from '../../../../src/config/index.ts'
import { parseStorageUrl, type S3Location } from '../../../../src/config/storage-url.ts'
import { createS3Client } from '../../../../plugins/platform/blob-store/s3/client.ts'
import { createKey, putBytes, readBlob } from '../../../contracts/blob-store/files.ts'
import { build, shortDeadlines } from '../../../support/helper.ts'
import { credentials, credentialsEnv, openBucket, startServer, storageUrl } from '../../../s3/bucket.ts'

async function checkFilesIn (t: Test, app: FastifyInstance, folder: string): Promise<void> {
  const key = await putBytes(app.blobs, Buffer.from('image'))
  t.equal(app.blobs.kind, 'file')
  t.equal(app.staging.folder, path.join(folder, 'staging'))
  t.ok((await stat(path.join(folder, key.slice(0, 2), key))).isFile())
  t.equal((await app.health.report()).get('storage'), 'up')
}

t.test('files are stored under DATA_DIR', async (t) => {
  const app = await build(t)
  await checkFilesIn(t, app, path.resolve(app.config.process.dataDir, 'uploads'))
})

t.test('files are stored in the folder that STORAGE_URL names', async (t) => {
  const folder = path.join(t.testdirName, 'with a space')
  await checkFilesIn(t, await build(t, { env: { STORAGE_URL: `file:${folder.replace(' ', '%20')}` } }), folder)
})

t.test('with S3, images go through the staging folder into the bucket', async (t) => {
  const server = await startServer(t)
  const { store } = await openBucket(t, storageUrl(server))
  const app = await build(t, { env: { STORAGE_URL: storageUrl(server), ...credentialsEnv, ...shortDeadlines } })
  t.equal(app.blobs.kind, 's3')
  t.equal(app.staging.folder, path.resolve(app.config.process.dataDir, 'staging'))
  const staged = await app.staging.stage(Readable.from([Buffer.from('image')]))
  const key = createKey()
  await app.blobs.put(key, { ...staged, contentType: 'image/png' })
  await staged.discard()
  t.equal((await readBlob(store, key))?.toString(), 'image')
  t.equal((await app.health.report()).get('storage'), 'up')
  server.faults.add({ operation: 'HeadBucket', kind: 'hang' })
  t.equal((await app.health.report()).get('storage'), 'down')
})

t.test('a service without its bucket starts and reports storage as down', async (t) => {
  const server = await startServer(t)
  const app = await build(t, { env: { STORAGE_URL: storageUrl(server, { bucket: 'missing' }), ...credentialsEnv } })
  t.equal((await app.health.report()).get('storage'), 'down')
  t.equal((await app.inject('/health/live')).statusCode, 200)
})

t.test('without configured credentials the client reads those of the process environment', async (t) => {
  const server = await startServer(t)
  t.intercept(process, 'env', { value: { ...process.env, ...credentialsEnv } })
  const { store } = await openBucket(t, storageUrl(server), { env: {} })
  await store.check()
  t.same(credentials.accessKeyId, process.env['AWS_ACCESS_KEY_ID'])
})

t.test('STORAGE_URL determines region, endpoint and address style', async (t) => {
  const addresses = {
    's3://bucket-1/images': 'https://bucket-1.s3.us-east-1.amazonaws.com/',
    's3://bucket-1?region=eu-west-1': 'https://bucket-1.s3.eu-west-1.amazonaws.com/',
    's3://bucket-1?path_style=on': 'https://s3.us-east-1.amazonaws.com/bucket-1/',
    's3://bucket-1?endpoint=https://s3.example.com': 'https://s3.example.com/bucket-1/',
    's3://bucket-1?endpoint=https://s3.example.com/storage/v1&path_style=off': 'https://bucket-1.s3.example.com/storage/v1/'
  }
  for (const [url, address] of Object.entries(addresses)) {
    const client = createS3Client(parseStorageUrl(url) as S3Location, loadConfig(credentialsEnv).storage.credentials)
    let requestUrl = ''
    client.middlewareStack.add(() => async ({ request }) => {
      const { protocol, hostname, path: requestPath } = request as { protocol: string, hostname: string, path: string }
      requestUrl = `${protocol}//${hostname}${requestPath}`
      throw new Error('not sent')
    }, { step: 'finalizeRequest', priority: 'low' })
    await t.rejects(client.send(new HeadBucketCommand({ Bucket: 'bucket-1' })), { message: 'not sent' })
    t.equal(requestUrl, address)
  }
})
