import { readdir } from 'node:fs/promises'
import t from 'tap'
import { variants } from '../../../../src/domain/creatives/image.ts'
import { createCreative, pathOf, replace, upload } from '../../../support/forms.ts'
import { build, createClock, signUp } from '../../../support/helper.ts'
import { credentialsEnv, openBucket, startServer, storageUrl } from '../../../s3/bucket.ts'

const server = await startServer(t)
const { store } = await openBucket(t, storageUrl(server))
const clock = createClock()
const app = await build(t, { clock, env: { STORAGE_URL: storageUrl(server), ...credentialsEnv } })
const session = await signUp(app)

/** Returns the keys in the bucket, and checks that the database lists the same keys and that the staging folder is empty. */
async function listStored (): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.listOlderThan(new Date(Date.now() + 60_000))) keys.push(key)
  const { rows } = await app.pg.pool.query('select key from images')
  t.same(keys.toSorted(), rows.flatMap(({ key }) => variants.map((variant) => `${key}.${variant}`)).sort())
  t.same(await readdir(app.staging.folder), [])
  return keys
}

t.test('an image is stored in the bucket, served from it, replaced and purged', async (t) => {
  const { id, creative_url: url } = await createCreative(app, session)
  t.equal((await listStored()).length, 3)
  t.equal((await app.inject({ url: pathOf(url) })).statusCode, 200)
  t.equal((await replace(app, session, { id })).status, 200)
  t.equal((await listStored()).length, 3)
  await app.creatives.delete({ id, userId: session.userId })
  clock.advance(11 * 60_000)
  t.equal(await app.creatives.purge(), 1)
  t.same(await listStored(), [])
})

t.test('an upload leaves nothing in the bucket if one of its three blobs is refused', async (t) => {
  server.faults.add({ operation: 'PutObject', kind: 'refuse', status: 403, code: 'AccessDenied' })
  t.match(await upload(app, session), { status: 503, body: { code: 'CHR_UNAVAILABLE' } })
  t.same(await listStored(), [])
})

t.test('a put is retried after SlowDown', async (t) => {
  server.faults.add({ operation: 'PutObject', kind: 'refuse', status: 503, code: 'SlowDown' })
  t.match(await upload(app, session), { status: 200 })
  t.equal((await listStored()).length, 3)
})
