import { Readable } from 'node:stream'
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import t, { type Test } from 'tap'
import { createS3Client } from '../../plugins/platform/blob-store/s3/client.ts'
import { loadConfig } from '../../src/config/index.ts'
import { createKey, putBytes, readBlob } from '../contracts/blob-store/files.ts'
import { until } from '../support/polling.ts'
import { startProgram, type Program } from '../support/program.ts'
import { credentialsEnv, openBucket, openFakeServer } from './bucket.ts'

const codeOf = async (response: Response) => /<Code>(\w+)<\/Code>/.exec(await response.text())?.[1]

t.test('requests without a signature, and requests that were changed after signing, are refused', async (t) => {
  const { server, client, store } = await openFakeServer(t)
  const key = await putBytes(store, Buffer.from('image'))
  // The client writes the header like this.
  const address = `${server.url}/cheershare/images/${key}?x-id=GetObject`
  t.equal(await codeOf(await fetch(address)), 'AccessDenied')

  let signed: Record<string, string> = {}
  client.middlewareStack.add((next) => async (args) => {
    signed = { ...(args.request as { headers: Record<string, string> }).headers }
    return await next(args)
  }, { step: 'finalizeRequest', priority: 'low', name: 'remember' })
  await (await store.open(key, { start: 0, end: 1 }))?.stream.toArray()
  const { host, ...headers } = signed
  t.equal((await fetch(address, { headers })).status, 206, 'an unchanged repetition is accepted')
  for (const [other, changed] of [
    [`${address}x`, headers], [`${address}&acl`, headers], [address, { ...headers, range: 'bytes=0-9' }]
  ] as const) {
    t.equal(await codeOf(await fetch(other, { headers: changed })), 'SignatureDoesNotMatch')
  }
  t.equal(await codeOf(await fetch(address, { headers: { ...headers, 'x-amz-meta-a': 'not signed' } })), 'AccessDenied')
  t.equal(await codeOf(await fetch(address, { method: 'DELETE', headers })), 'SignatureDoesNotMatch')
  server.clockOffsetMs = 16 * 60_000
  t.equal(await codeOf(await fetch(address, { headers })), 'RequestTimeTooSkewed')
})

t.test('a request for another region is refused', async (t) => {
  const { location } = await openFakeServer(t)
  const client = createS3Client({ ...location, region: 'eu-west-1' }, loadConfig(credentialsEnv).storage.credentials)
  await t.rejects(client.send(new GetObjectCommand({ Bucket: location.bucket, Key: 'x' })), { name: 'AuthorizationHeaderMalformed' })
  client.destroy()
})

t.test('a body whose hash is not signed is not implemented', async (t) => {
  const { client, location } = await openFakeServer(t)
  const put = new PutObjectCommand({ Bucket: location.bucket, Key: 'x', Body: Readable.from([Buffer.from('image')]), ContentLength: 5 })
  await t.rejects(client.send(put), { name: 'NotImplemented' })
})

async function startProcess (t: Test, folder: string): Promise<{ program: Program, url: string }> {
  const args = ['--folder', folder, '--access-key-id', 'AKIATEST', '--secret-access-key', 'secret']
  const program = startProgram(t, 'test/s3/serve.ts', { args })
  await until('the server is ready', () => program.output.includes('\n') || program.ending !== undefined)
  return { program, url: `s3://cheershare?endpoint=${program.output.trim().split(' ').at(-1)}` }
}

t.test('the server process keeps its objects after any exit, and accepts faults over HTTP', async (t) => {
  const folder = t.testdir()
  const env = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'secret' }
  const first = await startProcess(t, folder)
  const { store } = await openBucket(t, first.url, { env })
  const key = await putBytes(store, Buffer.from('image'))
  first.program.signal('SIGKILL')
  await first.program.wait()

  const second = await startProcess(t, folder)
  const { store: again } = await openBucket(t, second.url, { env })
  t.equal((await readBlob(again, key))?.toString(), 'image')
  const control = `${new URL(second.url).searchParams.get('endpoint')}/_faults`
  const fault = { kind: 'refuse', status: 400, code: 'Any', operation: 'GetObject' }
  t.same(await (await fetch(control, { method: 'POST', body: JSON.stringify([fault, fault]) })).json(), [
    { ...fault, times: 1 }, { ...fault, times: 1 }
  ])
  await t.rejects(again.open(key))
  t.same(await (await fetch(control)).json(), [{ ...fault, times: 1 }])
  t.same(await (await fetch(control, { method: 'DELETE' })).json(), [])
  await again.delete(key)
  t.equal(await again.open(createKey()), undefined)
  second.program.signal('SIGTERM')
  t.equal(await second.program.wait(), 0)
})
