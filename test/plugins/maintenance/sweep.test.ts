import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { readdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { mock } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { acquireLease, releaseLease } from '../../../db/leases.ts'
import type { BlobKey } from '../../../plugins/platform/blob-store/contract.ts'
import type { SweepReport } from '../../../plugins/maintenance/sweep/index.ts'
import { UnavailableError } from '../../../src/http/errors.ts'
import { createCreative, upload } from '../../support/forms.ts'
import { build, createClock, postJson, signUp, type Session, type TestClock } from '../../support/helper.ts'
import { until } from '../../support/polling.ts'
import { storedFiles, tracesOf } from '../../support/traces.ts'

const hourMs = 3_600_000
const nothing: SweepReport = {
  stagedFiles: 0, abandonedUploads: 0, discardedImages: 0, orphanedBlobs: 0, isOverCap: false, incompleteImages: 0, recoveredImages: 0
}

interface Fixture { app: FastifyInstance, clock: TestClock, session: Session }

async function open (t: Test, env = {}): Promise<Fixture> {
  const clock = createClock()
  const app = await build(t, { clock, env: { TOKEN_TTL_SECONDS: '2592000', ...env } })
  return { app, clock, session: await signUp(app) }
}

/** Puts a blob that belongs to no upload. */
async function putOrphan (app: FastifyInstance): Promise<BlobKey> {
  const key: BlobKey = `${randomBytes(16).toString('hex')}.original`
  const file = path.join(app.blobs.stagingFolder, 'orphan')
  await writeFile(file, key)
  await app.blobs.put(key, {
    path: file, byteCount: key.length, sha256: createHash('sha256').update(key).digest(), contentType: 'image/png'
  })
  await rm(file)
  return key
}

const listed = async (app: FastifyInstance, { authorization }: Session) => {
  const response = await app.inject({ url: '/creatives', headers: { authorization } })
  return response.json<{ creatives: Array<{ id: number }> }>().creatives.map(({ id }) => id)
}

t.test('a sweep of consistent storage finds and deletes nothing', async (t) => {
  const { app, clock, session } = await open(t)
  const creative = await createCreative(app, session)
  const before = await tracesOf(app)
  clock.advance(2 * hourMs)
  t.same(await app.sweep.run(), nothing)
  t.same(await tracesOf(app), before)
  const image = await app.inject({ url: `/creatives/${creative.id}/image`, headers: { authorization: session.authorization } })
  t.equal(image.statusCode, 200)
})

t.test('an interrupted upload is discarded after the grace period, and its quota is released', async (t) => {
  const { app, clock, session } = await open(t)
  const { key } = await app.imageQuota.reserve({ userId: session.userId, statedBytes: 5000, purpose: 'creative' })
  await putOrphan(app)
  t.match(await tracesOf(app), { images: ['pending'], usedBytes: 5000, creativesOfTheDay: 1 })
  t.same(await app.sweep.run(), nothing, 'the upload may be in flight')
  clock.advance(2 * hourMs)
  const expected = { ...nothing, abandonedUploads: 1, discardedImages: 1, orphanedBlobs: 1 }
  t.same(await app.sweep.run({ isDryRun: true }), expected)
  t.match(await tracesOf(app), { images: ['pending'], usedBytes: 5000 }, 'a dry run changes nothing')
  t.same(await app.sweep.run(), expected)
  t.match(await tracesOf(app), { images: [], usedBytes: 0, creativesOfTheDay: 0, files: [] })
  t.same(await app.sweep.run(), nothing)
  t.equal(await app.blobs.head(`${key}.original`), undefined)
})

t.test('blobs of a discarded image are deleted without a grace period', async (t) => {
  const { app, session } = await open(t)
  const { id } = await createCreative(app, session)
  await app.pg.pool.query('update images set state = \'discarded\'')
  await app.pg.pool.query('delete from creatives where id = $1', [id])
  t.same(await app.sweep.run(), { ...nothing, discardedImages: 1 })
  t.match(await tracesOf(app), { images: [], files: [] })
})

t.test('files that a killed process left in the staging folder are deleted after the grace period', async (t) => {
  const { app, clock } = await open(t)
  await writeFile(path.join(app.blobs.stagingFolder, 'left'), 'half an image')
  clock.advance(2 * hourMs)
  t.same(await app.sweep.run({ isDryRun: true }), { ...nothing, stagedFiles: 1 })
  t.same(await storedFiles(app), ['left'])
  t.same(await app.sweep.run(), { ...nothing, stagedFiles: 1 })
  t.same(await storedFiles(app), [])
})

t.test('no orphaned blob is deleted if there are more than SWEEP_MAXIMUM_DELETIONS', async (t) => {
  const { app, clock } = await open(t, { SWEEP_MAXIMUM_DELETIONS: '2' })
  const keys = [await putOrphan(app), await putOrphan(app), await putOrphan(app)]
  clock.advance(2 * hourMs)
  t.same(await app.sweep.run(), { ...nothing, isOverCap: true })
  t.equal((await storedFiles(app)).length, 3)
  await app.blobs.delete(keys[0] ?? 'x.original')
  t.same(await app.sweep.run(), { ...nothing, orphanedBlobs: 2 })
})

t.test('the blobs of all pages are compared', async (t) => {
  const { app, clock, session } = await open(t)
  await createCreative(app, session)
  for (let count = 0; count < 520; count++) await putOrphan(app)
  clock.advance(2 * hourMs)
  t.same(await app.sweep.run(), { ...nothing, orphanedBlobs: 520 })
  t.equal((await storedFiles(app)).length, 3)
})

t.test('a creative with a missing blob is not listed until the blob is restored', async (t) => {
  const { app, clock, session } = await open(t)
  const [lost, whole] = [await createCreative(app, session), await createCreative(app, session)]
  const { rows: [{ key }] } = await app.pg.pool.query('select creative_url as key from creatives where id = $1', [lost.id])
  const folder = path.join(app.config.process.dataDir, 'uploads', String(key).slice(0, 2))
  const file = path.join(folder, `${key}.preview`)
  await rename(file, `${file}.away`)
  t.ok((await readdir(folder)).includes(`${key}.preview.away`))
  clock.advance(2 * hourMs)
  t.same(await app.sweep.run({ isDryRun: true }), { ...nothing, incompleteImages: 1 })
  t.same(await listed(app, session), [whole.id, lost.id])
  t.same(await app.sweep.run(), { ...nothing, incompleteImages: 1 })
  t.same(await listed(app, session), [whole.id])
  t.match((await app.pg.pool.query('select damage from images where key = $1', [key])).rows, [{ damage: 'missing: preview' }])
  await rename(`${file}.away`, file)
  t.same(await app.sweep.run({ isDryRun: true }), { ...nothing, recoveredImages: 1 })
  t.same(await app.sweep.run(), { ...nothing, recoveredImages: 1 })
  t.same(await listed(app, session), [whole.id, lost.id])
})

t.test('an incomplete listing of the storage hides no creative', async (t) => {
  const { app, clock, session } = await open(t)
  await createCreative(app, session)
  clock.advance(2 * hourMs)
  t.intercept(app.blobs, 'listOlderThan', { value: async function * () {} })
  t.same(await app.sweep.run(), nothing)
})

t.test('a second instance does not sweep while the first one does', async (t) => {
  const { app } = await open(t)
  const { promise: gate, resolve: resume } = Promise.withResolvers<void>()
  let isListing = false
  t.intercept(app.blobs, 'listOlderThan', { value: async function * () { isListing = true; await gate } })
  const first = app.sweep.run()
  await until('the first sweep lists blobs', () => isListing)
  t.equal(await app.sweep.run(), undefined)
  resume()
  t.same(await first, nothing)
})

t.test('a sweep that failed because of the storage can be repeated', async (t) => {
  const { app, clock, session } = await open(t)
  await app.imageQuota.reserve({ userId: session.userId, statedBytes: 5000, purpose: 'creative' })
  const orphan = await putOrphan(app)
  clock.advance(2 * hourMs)
  const { restore } = t.intercept(app.blobs, 'listOlderThan', { value: async function * () { throw new UnavailableError('storage') } })
  await t.rejects(app.sweep.run(), { name: 'UnavailableError' })
  restore()
  t.same(await app.sweep.run(), { ...nothing, orphanedBlobs: 1 })
  t.equal(await app.blobs.head(orphan), undefined)
})

t.test('an aborted sweep stops', async (t) => {
  const { app, clock, session } = await open(t)
  await createCreative(app, session)
  await app.imageQuota.reserve({ userId: session.userId, statedBytes: 5000, purpose: 'creative' })
  clock.advance(2 * hourMs)
  await t.rejects(app.sweep.run({ signal: AbortSignal.abort() }), { name: 'AbortError' })
  t.match(await tracesOf(app), { images: ['pending', 'ready'] })
})

t.test('an upload that the sweep discards fails and leaves nothing behind', async (t) => {
  const { app, clock, session } = await open(t)
  const { process } = app.images
  t.intercept(app.images, 'process', {
    value: async (...given: Parameters<typeof process>) => {
      const image = await process(...given)
      clock.advance(2 * hourMs)
      await app.sweep.run()
      return image
    }
  })
  t.ok((await upload(app, session)).status >= 400)
  t.match(await tracesOf(app), { creatives: 0, images: [], usedBytes: 0, files: [] })
  t.equal((await postJson(app, '/login', { phone_number: session.phone })).status, 200)
})

t.test('the periodic sweep logs deletions, an exceeded maximum, missing blobs and failures', async (t) => {
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => { mock.timers.reset() })
  const { app, clock, session } = await open(t, { SWEEP_MAXIMUM_DELETIONS: '1', TOKEN_TTL_SECONDS: '172800' })
  const logged: string[] = []
  for (const level of ['info', 'error', 'warn'] as const) {
    t.intercept(app.log, level, { value: (_report: object, message: string) => { logged.push(`${level}: ${message}`) } })
  }
  const [key] = [await putOrphan(app), await createCreative(app, session)]
  const next = async (expected: string) => {
    clock.advance(2 * hourMs)
    logged.length = 0
    mock.timers.tick(hourMs)
    await until(expected, () => logged.includes(expected))
  }
  await next('info: swept')
  t.equal(await app.blobs.head(key), undefined)
  await putOrphan(app)
  await putOrphan(app)
  await next('error: storage has more orphaned blobs than may be deleted: does this database belong to this storage?')
  for (const name of await readdir(path.join(app.config.process.dataDir, 'uploads'))) {
    if (name !== 'staging') await rm(path.join(app.config.process.dataDir, 'uploads', name), { recursive: true })
  }
  await next('error: images lack blobs; their creatives are not shown')
  t.intercept(app.blobs, 'listOlderThan', { value: async function * () { throw new UnavailableError('storage') } })
  await next('warn: the sweep failed')
})

t.test('a periodic sweep logs nothing if it finds nothing or another sweep is running', async (t) => {
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => { mock.timers.reset() })
  const { app } = await open(t)
  const run = t.capture(app.staging, 'removeAbandoned', app.staging.removeAbandoned)
  const logCalls = ['info', 'error', 'warn'].map((level) => t.capture(app.log, level as 'info'))
  mock.timers.tick(hourMs)
  await until('the sweep runs', () => run.args().length > 0)
  await until('the first sweep is over', async () => (await app.db.selectFrom('leases').selectAll().execute()).length === 0)
  const other = { name: 'sweep', holder: randomUUID(), seconds: 3600 }
  t.equal(await acquireLease(app.db, other), true)
  const attempts = t.capture(app.db, 'getExecutor', app.db.getExecutor)
  await until('the sweep tries to acquire the lease', () => {
    // The previous sweep may still be running.
    mock.timers.tick(hourMs)
    return attempts.args().length > 0
  })
  t.equal(await app.sweep.run(), undefined, 'another sweep is running')
  await releaseLease(app.db, other)
  t.same(await app.sweep.run(), nothing)
  t.same(logCalls.flatMap((level) => level.args()), [])
})

t.test('a sweep renews its lease, and ends when another process has taken it over', async (t) => {
  const { app } = await open(t)
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => { mock.timers.reset() })
  const { promise: staged, resolve } = Promise.withResolvers<number>()
  t.intercept(app.staging, 'removeAbandoned', { value: async () => await staged })
  const findLease = async () => await app.db.selectFrom('leases').selectAll().executeTakeFirst()
  const swept = app.sweep.run()
  await until('the sweep has the lease', async () => await findLease() !== undefined)
  const first = await findLease()
  t.equal(await acquireLease(app.db, { name: 'sweep', holder: randomUUID(), seconds: 60 }), false)
  await until('the lease is renewed', async () => {
    mock.timers.tick(20_000)
    return Number((await findLease())?.expires_at) > Number(first?.expires_at)
  })

  const failing = t.intercept(app.db, 'getExecutor', { value: () => { throw new Error('no database') } })
  mock.timers.tick(20_000)
  failing.restore()

  await app.db.updateTable('leases').set({ holder: randomUUID() }).execute()
  const renewals = t.capture(app.db, 'getExecutor', app.db.getExecutor)
  mock.timers.tick(20_000)
  await until('the renewal is refused', () => renewals.args().length > 0)
  resolve(0)
  await t.rejects(swept, { message: 'another process has taken over the sweep' })
  t.not(await findLease(), undefined, 'the lease of the other process remains')
})

t.test('a sweep that was killed blocks others until its lease expires', async (t) => {
  const { app } = await open(t)
  await acquireLease(app.db, { name: 'sweep', holder: randomUUID(), seconds: 60 })
  t.equal(await app.sweep.run(), undefined)
  await sql`update leases set expires_at = now() - interval '1 second'`.execute(app.db)
  await sql`insert into listed_blobs values ('left', 'original', now())`.execute(app.db)
  t.same(await app.sweep.run(), nothing)
  t.same((await sql`select from listed_blobs`.execute(app.db)).rows, [])
})
